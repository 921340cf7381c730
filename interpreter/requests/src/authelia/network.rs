//! The networks of a rule, and named ones.

use std::collections::BTreeMap;
use std::net::IpAddr;

use qg_lang::network::{Network, network, network_of};

use super::values::{At, Refused};

/// Networks by their names, as `definitions.network` and, before 4.39, `access_control.networks` have them.
#[derive(Clone, Debug, Default)]
pub(super) struct Named(BTreeMap<String, Vec<Network>>);

impl Named {
    pub(super) fn read(root: &At<'_>) -> Result<Named, Refused> {
        let mut named = Named::default();
        let definitions = root.get("definitions.network");
        for (name, value) in definitions.value.as_object().into_iter().flatten() {
            let networks = networks(&definitions.below(name, value), &Named::default())?;
            named.0.insert(name.clone(), networks);
        }
        for item in root.get("access_control.networks").items() {
            let name = item.get("name").text()?;
            let networks = networks(&item.get("networks"), &Named::default())?;
            if named.0.insert(name.clone(), networks).is_some() {
                return item.refuse(format!("there are two definitions of the network `{name}`"));
            }
        }
        Ok(named)
    }
}

/// The networks of a rule; any of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Networks(Vec<Network>);

impl Networks {
    pub(super) fn read(at: &At<'_>, named: &Named) -> Result<Networks, Refused> {
        networks(at, named).map(Networks)
    }

    /// Whether an address lies in one of them; without networks any does, and none at all.
    pub(super) fn hold(&self, address: Option<IpAddr>) -> bool {
        self.0.is_empty()
            || address.is_some_and(|it| self.0.iter().any(|network| network.contains(&it)))
    }
}

fn networks(at: &At<'_>, named: &Named) -> Result<Vec<Network>, Refused> {
    let mut all = Vec::new();
    for item in at.items() {
        let text = item.text()?;
        match named.0.get(&text) {
            Some(networks) => all.extend(networks),
            None => match parse(&text) {
                Some(network) => all.push(network),
                None => {
                    return item.refuse(format!(
                        "`{text}` is neither an address nor a network, nor named"
                    ));
                }
            },
        }
    }
    Ok(all)
}

/// A network or an address alone (`net.ParseCIDR`, `net.ParseIP`). One of IPv4 in the clothes of IPv6 is one of IPv4.
fn parse(text: &str) -> Option<Network> {
    let known = match text.split_once('/') {
        // Go takes zeros before the length.
        Some((address, length))
            if length.len() > 1 && length.bytes().all(|it| it.is_ascii_digit()) =>
        {
            let length = length.trim_start_matches('0');
            network(&format!("{address}/{}", if length.is_empty() { "0" } else { length }))?
        }
        Some(_) => network(text)?,
        None => {
            // One of IPv4 in the clothes of IPv6 gets the length of the one and the address of the other: `::/32`.
            let address = text.parse::<IpAddr>().ok()?;
            network_of(address, if address.to_canonical().is_ipv4() { 32 } else { 128 })?
        }
    };
    match known.addr().to_canonical() {
        address @ IpAddr::V4(_) if known.addr().is_ipv6() && known.prefix_len() >= 96 => {
            network_of(address, known.prefix_len() - 96)
        }
        IpAddr::V4(_) | IpAddr::V6(_) => Some(known),
    }
}

/// The address that a text spells (`net.ParseIP`); one of IPv4 in the clothes of IPv6 is one of IPv4.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|it| it.to_canonical())
}
