//! Lists of addresses and networks, as Go reads them (`net.ParseIP`, `net.ParseCIDR`).

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

/// Addresses and networks; an address is a network of one.
#[derive(Clone, Debug, Default)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Reads a list.
    ///
    /// # Errors
    /// The first that is neither an address nor a network.
    pub fn new(list: &[String]) -> Result<Self, String> {
        list.iter()
            .map(|one| network(one).ok_or_else(|| format!("no address or network: {one}")))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether an address lies in one of them.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The same of an address that is written, maybe with a zone.
    #[must_use]
    pub fn contain_written(&self, address: &str) -> bool {
        written(address).is_some_and(|address| self.contain(address))
    }
}

/// An address as it is written, maybe with a zone.
pub(crate) fn written(address: &str) -> Option<IpAddr> {
    let (plain, zone) = super::text::cut(address, '%');
    let address: IpAddr = plain.parse().ok()?;
    (zone.is_none() || (address.is_ipv6() && zone != Some(""))).then_some(address)
}

fn network(written: &str) -> Option<IpNet> {
    if let Ok(address) = written.parse::<IpAddr>() {
        return Some(IpNet::from(address.to_canonical()));
    }
    let (address, length) = written.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    if length.is_empty() || !length.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let length: u8 = length.parse().ok()?;
    // A network of IPv4 addresses may be written as one of IPv6.
    if let (IpAddr::V6(v6), IpAddr::V4(v4), Some(shorter)) =
        (address, address.to_canonical(), length.checked_sub(96))
        && v6.to_ipv4_mapped().is_some()
    {
        return Ipv4Net::new(v4, shorter).ok().map(IpNet::from);
    }
    IpNet::new(address, length).ok().map(|network| network.trunc())
}
