//! Who asks, in the words of the fleet.

use std::net::IpAddr;

use crate::Build;

/// An address of nobody's, for documents (RFC 5737): somewhere in the internet.
const INTERNET: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 7));

impl Build {
    /// Where a request comes from: `internet`, `lan`, a host of the fleet that has an address, or an address itself.
    #[must_use]
    pub fn sender(&self, said: &str) -> Option<IpAddr> {
        let model = self.fleet.as_ref().map(|it| &it.model);
        let parsed = |text: &str| text.parse::<IpAddr>().ok();
        match said {
            "internet" => Some(INTERNET),
            "lan" => model.into_iter().flat_map(|it| it.proxy.values()).find_map(|proxy| {
                let network = proxy.lan.iter().next()?;
                let base = parsed(network.value.split('/').next()?)?;
                // Somebody in it: the last but two of its first 256 addresses.
                Some(match base {
                    IpAddr::V4(it) => IpAddr::from((u32::from(it) | 0xfd).to_be_bytes()),
                    IpAddr::V6(it) => IpAddr::from((u128::from(it) | 0xfd).to_be_bytes()),
                })
            }),
            other => parsed(other).or_else(|| {
                let host = model?.host.get(other.strip_prefix("host.").unwrap_or(other))?;
                parsed(&host.address.as_ref()?.value.to_string())
            }),
        }
    }

    /// The groups that the fleet says of a person, by their names in the directory.
    #[must_use]
    pub fn groups_of(&self, user: &str) -> Vec<String> {
        let model = self.fleet.as_ref().map(|it| &it.model);
        let person = model.and_then(|it| it.person.get(user));
        let groups = person.into_iter().flat_map(|it| it.member_of.iter());
        groups.map(|it| self.group(it.entity())).collect()
    }

    /// The name in the directory of a group of the fleet's.
    #[must_use]
    pub fn group(&self, people: &str) -> String {
        let model = self.fleet.as_ref().map(|it| &it.model);
        let group = model.and_then(|it| it.people.get(people)).map(|it| it.group.value.clone());
        group.unwrap_or_else(|| people.to_owned())
    }
}
