//! Addresses and networks (CIDR, RFC 4632): the one home of `ipnet`.
//!
//! Go reads the same texts in what Traefik and Authelia take (`net.ParseIP`, `net.ParseCIDR`): no octet with a
//! leading zero, no zone (`fe80::1%eth0`), bits behind the prefix are allowed and without meaning. It alone takes
//! zeros before the length of the prefix, which nobody writes.

use std::net::IpAddr;

/// A network: the address as written, bits behind its prefix kept, and the length of the prefix.
pub type Network = ipnet::IpNet;

/// The network that a text spells, as `10.0.0.0/8`. An address alone is none.
#[must_use]
pub fn network(text: &str) -> Option<Network> {
    // `ipnet` alone takes an octet with a leading zero.
    let address = text.split('/').next()?;
    text.parse().ok().filter(|_| address.parse::<IpAddr>().is_ok())
}

/// The network that a text spells, without bits behind its prefix: who reads those would take the network
/// around the address.
///
/// # Errors
/// Why it is none, as the end of a sentence.
pub fn whole_network(text: &str) -> Result<Network, String> {
    match network(text) {
        Some(network) if network.addr() != network.network() => {
            Err(format!("an address within {}, and no network", network.trunc()))
        }
        Some(network) => Ok(network),
        None => Err("not a network, as 10.0.0.0/8".to_owned()),
    }
}

/// The address at a place of a network, counted from its own; None beyond its last.
#[must_use]
pub fn nth(network: &Network, at: u128) -> Option<IpAddr> {
    if at > last(network) {
        return None;
    }
    match network.network() {
        IpAddr::V4(first) => {
            let at = u32::try_from(at).ok()?;
            u32::from(first).checked_add(at).map(|it| IpAddr::V4(it.into()))
        }
        IpAddr::V6(first) => u128::from(first).checked_add(at).map(|it| IpAddr::V6(it.into())),
    }
}

/// The place of a network's last address.
#[must_use]
pub fn last(network: &Network) -> u128 {
    let bits = u32::from(network.max_prefix_len() - network.prefix_len());
    u128::MAX.checked_shr(u128::BITS - bits).unwrap_or(0)
}

/// The network of an address and the length of a prefix, where the address has so many bits.
#[must_use]
pub fn network_of(address: IpAddr, prefix: u8) -> Option<Network> {
    Network::new(address, prefix).ok()
}

/// Whether a text is a network, as `10.0.0.0/8`, or an address alone.
#[must_use]
pub fn is_network(text: &str) -> bool {
    network(text).is_some() || text.parse::<IpAddr>().is_ok()
}

/// The address that a text spells, between brackets or without: `::1`, `[::1]`, `127.0.0.1`. Podman takes off
/// brackets of either kind (`specgenutil`, `parseSplitPort`).
#[must_use]
pub fn address(text: &str) -> Option<IpAddr> {
    let inside = text.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    inside.unwrap_or(text).parse().ok()
}

/// Whether a name or an address is the host's own.
#[must_use]
pub fn is_loopback(text: &str) -> bool {
    match address(text) {
        Some(IpAddr::V4(it)) => it.is_loopback(),
        Some(IpAddr::V6(it)) => {
            it.is_loopback() || it.to_ipv4_mapped().is_some_and(|it| it.is_loopback())
        }
        None => text == "localhost",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn networks() {
        for good in
            ["10.0.0.0/8", "10.1.2.3/8", "::/0", "fd00::1/64", "192.168.0.1/32", "0.0.0.0/0"]
        {
            assert_eq!(network(good).map(|it| it.to_string()).as_deref(), Some(good));
        }
        for bad in [
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "/8",
            "lan",
            "10.0.0/8",
            "010.0.0.0/8",
            "10.0.0.0/8/8",
            "fe80::1%eth0/64",
            "[::]/0",
            " 10.0.0.0/8",
            "10.0.0.0/8\n",
            "10.0.0.0/256",
        ] {
            assert_eq!(network(bad), None, "{bad}");
            assert!(!is_network(bad), "{bad}");
        }
        assert!(is_network("10.0.0.1") && is_network("::1"));
        assert!(!is_network("fe80::1%eth0") && !is_network("[::1]"));
    }

    #[test]
    fn what_lies_in_a_network() {
        let holds = |net: &str, address: &str| {
            network(net).unwrap().contains(&address.parse::<IpAddr>().unwrap())
        };
        assert!(holds("10.1.2.3/8", "10.255.0.1"), "bits behind the prefix mean nothing");
        assert!(holds("0.0.0.0/0", "1.2.3.4") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/64", "fd00:0:0:1::1"));
        assert!(holds("10.0.0.1/32", "10.0.0.1") && !holds("10.0.0.1/32", "10.0.0.2"));
    }

    #[test]
    fn addresses_at_places() {
        let at = |net: &str, place: u128| {
            nth(&network(net).unwrap(), place).map(|it| it.to_string()).unwrap_or_default()
        };
        assert_eq!(at("10.9.0.0/24", 0), "10.9.0.0");
        assert_eq!(at("10.9.0.0/24", 255), "10.9.0.255");
        assert_eq!(at("10.9.0.0/24", 256), "");
        assert_eq!(at("10.9.0.7/32", 0), "10.9.0.7");
        assert_eq!(at("10.9.0.7/32", 1), "");
        assert_eq!(at("0.0.0.0/0", u128::from(u32::MAX)), "255.255.255.255");
        assert_eq!(at("0.0.0.0/0", 1 << 32), "");
        assert_eq!(at("fd00::/64", 1 << 40), "fd00::100:0:0");
        assert_eq!(at("fd00::/64", 1 << 64), "");
        assert_eq!(at("::/0", u128::MAX), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        assert_eq!(last(&network("10.0.0.0/8").unwrap()), (1 << 24) - 1);
    }

    #[test]
    fn own_addresses() {
        for own in ["127.0.0.9", "::1", "[::1]", "[127.0.0.1]", "[::ffff:127.0.0.1]", "localhost"] {
            assert!(is_loopback(own), "{own}");
        }
        for other in ["0.0.0.0", "::", "192.168.0.2", "127.example.org", "::1]", "[::1"] {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
