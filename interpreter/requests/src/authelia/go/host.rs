//! The host of a URL, with its port.

use std::net::IpAddr;

use super::escape::{Part, unescape};

/// A host without its port and, if it is an address, without brackets.
pub(super) fn hostname(host: &str) -> &str {
    let without_port = match host.rsplit_once(':') {
        Some((before, port)) if port.bytes().all(|it| it.is_ascii_digit()) => before,
        Some(_) | None => host,
    };
    let inside = without_port.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    inside.unwrap_or(without_port)
}

/// A host with its port, decoded.
pub(super) fn parse_host(scheme: &str, host: &str) -> Result<Vec<u8>, String> {
    match host.rfind('[') {
        Some(0) => return parse_address(host),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    // For the web's own schemes a second colon is none of a port.
    let colon =
        if scheme == "http" || scheme == "https" { host.find(':') } else { host.rfind(':') };
    check_port(colon.map_or("", |at| host.split_at(at).1))?;
    unescape(host.as_bytes(), Part::Host)
}

/// An address between brackets, which has to be one of IPv6.
fn parse_address(host: &str) -> Result<Vec<u8>, String> {
    let Some((inside, port)) = host.rsplit_once(']') else {
        return Err("missing ']' in host".to_owned());
    };
    check_port(port)?;
    let inside = inside.strip_prefix('[').unwrap_or(inside);
    let (address, zone) = inside.split_at(inside.find("%25").unwrap_or(inside.len()));
    let address = unescape(address.as_bytes(), Part::Host)?;
    let zone = unescape(zone.as_bytes(), Part::Zone)?;
    let known = super::text(&address).parse::<IpAddr>();
    if !matches!(known, Ok(IpAddr::V6(_))) || zone == b"%" {
        return Err("invalid host: no address of IPv6 in brackets".to_owned());
    }
    Ok([b"[", &*address, &zone, b"]", port.as_bytes()].concat())
}

fn check_port(port: &str) -> Result<(), String> {
    match port.strip_prefix(':') {
        Some(digits) if digits.bytes().all(|it| it.is_ascii_digit()) => Ok(()),
        None if port.is_empty() => Ok(()),
        Some(_) | None => Err(format!("invalid port {port:?} after host")),
    }
}
