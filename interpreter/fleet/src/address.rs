//! Addresses of the internet, as they are written.

use std::net::IpAddr;

/// Whether an address is the host's own.
#[must_use]
pub fn is_loopback(address: &str) -> bool {
    let bare = address.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V4(it)) => it.is_loopback(),
        Ok(IpAddr::V6(it)) => {
            it.is_loopback() || it.to_ipv4_mapped().is_some_and(|it| it.is_loopback())
        }
        Err(_) => bare == "localhost",
    }
}

/// Whether a text is a network, as `10.0.0.0/8`, or an address alone.
#[must_use]
pub fn is_network(text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(it, bits)| (it, Some(bits)));
    let most = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for own in ["127.0.0.9", "::1", "[::ffff:127.0.0.1]", "localhost"] {
            assert!(is_loopback(own), "{own}");
        }
        for other in ["0.0.0.0", "::", "192.168.0.2", "127.example.org"] {
            assert!(!is_loopback(other), "{other}");
        }
        assert!(is_network("10.0.0.0/8") && is_network("::/0") && is_network("10.0.0.1"));
        assert!(!is_network("10.0.0.0/33") && !is_network("lan") && !is_network("10.0.0.0/"));
    }
}
