//! Literals that begin with a digit, and addresses: what they mean, or why they mean nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::ast::{ExprKind, PortLiteral, Protocol};
use crate::diagnostic::{Code, codes::lexical};
use crate::network::network_of;

use super::quantity;

/// Why a literal is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) help: Vec<String>,
    /// What to write in its place, where that is certain.
    pub(crate) instead: Option<String>,
}

impl Problem {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Problem {
        Problem { code, message: message.into(), help: Vec::new(), instead: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Problem {
        self.help.push(help.into());
        self
    }

    pub(super) fn instead(mut self, text: impl Into<String>) -> Problem {
        self.instead = Some(text.into());
        self
    }
}

/// Reads a literal: a number, duration, size, mode, address, network, port or range of ports.
pub(crate) fn read(text: &str) -> Result<ExprKind, Problem> {
    if let Some((head, tail)) = text.split_once('/') {
        return with_slash(text, head, tail);
    }
    if text.contains(':') {
        return address(text).map(ExprKind::Address);
    }
    if text.contains("..") {
        return range(text);
    }
    match text.split('.').collect::<Vec<_>>().as_slice() {
        [_, _, _, _] => address(text).map(ExprKind::Address),
        [whole, part] if digits(whole) && digits(part) => text
            .parse::<f64>()
            .ok()
            .filter(|value| value.is_finite())
            .map(ExprKind::Float)
            .ok_or_else(|| Problem::new(lexical::NUMBER, format!("`{text}` is too large"))),
        [whole, part] if digits(whole) && part.chars().any(|c| c.is_ascii_alphabetic()) => {
            Err(Problem::new(lexical::NUMBER, format!("`{text}` is no number"))
                .help("durations and sizes are whole numbers: `1h30m` for an hour and a half, `1536MiB` for 1.5 GiB"))
        }
        [_] => word(text),
        _ => Err(Problem::new(lexical::NUMBER, format!("`{text}` is no number"))
            .help("a version is a string: put quotes around it")
            .instead(format!("\"{text}\""))),
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn with_slash(text: &str, head: &str, tail: &str) -> Result<ExprKind, Problem> {
    let protocol = match tail {
        "tcp" => Some(Protocol::Tcp),
        "udp" => Some(Protocol::Udp),
        _ => None,
    };
    if let (Some(protocol), true) = (protocol, digits(head)) {
        return Ok(ExprKind::Port(PortLiteral { number: port(head)?, protocol }));
    }
    if head.contains(':') || head.split('.').count() == 4 {
        return subnet(text, head, tail);
    }
    if digits(head) && !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_alphabetic()) {
        let known = crate::diagnostic::closest(&tail.to_lowercase(), ["tcp", "udp"]);
        let problem = Problem::new(lexical::PORT, format!("`{tail}` is no protocol of a port"));
        let problem = problem.help("a port with its protocol is `8080/tcp` or `8080/udp`");
        return Err(match known {
            Some(known) => problem.instead(format!("{head}/{known}")),
            None => problem,
        });
    }
    let problem = Problem::new(lexical::NUMBER, format!("`{text}` means nothing here"));
    if digits(head) && digits(tail) {
        return Err(problem
            .help("whole numbers are divided with `div`, and `rem` gives what is left over")
            .instead(format!("div({head}, {tail})")));
    }
    Err(problem.help("a network is `10.0.0.0/8`, a port with its protocol `8080/udp`"))
}

fn port(text: &str) -> Result<u16, Problem> {
    text.parse::<u16>().ok().filter(|number| *number > 0).ok_or_else(|| {
        Problem::new(lexical::PORT, format!("`{text}` is no port"))
            .help("ports are numbers from 1 to 65535")
    })
}

fn range(text: &str) -> Result<ExprKind, Problem> {
    let Some((first, last)) =
        text.split_once("..").filter(|(first, last)| digits(first) && digits(last))
    else {
        return Err(Problem::new(lexical::PORT, format!("`{text}` is no range of ports"))
            .help("a range of ports is written `8000..8100`, both ends included"));
    };
    let (first, last) = (port(first)?, port(last)?);
    if first > last {
        return Err(Problem::new(lexical::PORT, "this range ends before it begins")
            .help("the lower port stands first")
            .instead(format!("{last}..{first}")));
    }
    Ok(ExprKind::Ports(first, last))
}

fn address(text: &str) -> Result<IpAddr, Problem> {
    let parsed = if text.contains(':') {
        text.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
    } else {
        text.parse::<Ipv4Addr>().ok().map(IpAddr::V4)
    };
    parsed.ok_or_else(|| {
        let problem = Problem::new(lexical::ADDRESS, format!("`{text}` is no address"));
        if text.contains(':') && !text.contains("::") {
            problem
                .help("a time, a MAC address and the like are strings: put quotes around it")
                .instead(format!("\"{text}\""))
        } else if text.contains(':') {
            problem.help("an IPv6 address has up to eight groups of hexadecimal digits: `fd00::1`")
        } else {
            problem.help("an IPv4 address has four numbers from 0 to 255: `192.168.0.28`")
        }
    })
}

fn subnet(text: &str, head: &str, tail: &str) -> Result<ExprKind, Problem> {
    let address = address(head)?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let prefix = tail.parse().ok().filter(|_| digits(tail));
    match prefix.and_then(|prefix| network_of(address, prefix)) {
        // Who reads it would take the network around it, which is more than what is written.
        Some(network) if network.addr() != network.network() => {
            let (whole, alone) = (network.trunc(), format!("{}/{most}", network.addr()));
            let problem = Problem::new(
                lexical::ADDRESS,
                format!("`{text}` is an address within {whole}, no network"),
            );
            Err(problem
                .help(format!("write `{whole}` for the network, `{alone}` for the address alone"))
                .instead(whole.to_string()))
        }
        Some(network) => Ok(ExprKind::Subnet(network)),
        None => Err(Problem::new(lexical::ADDRESS, format!("`{text}` is no network"))
            .help(format!("behind the `/` stands the length of the prefix, from 0 to {most}"))),
    }
}

/// One word that begins with a digit.
fn word(text: &str) -> Result<ExprKind, Problem> {
    if digits(text) {
        return integer(text);
    }
    if let Some(rest) = text.strip_prefix("0o") {
        return mode(text, rest);
    }
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0O", 8)] {
        let rest = text.strip_prefix(prefix).filter(|rest| !rest.is_empty());
        if let Some(value) = rest.map(|rest| i64::from_str_radix(rest, radix)) {
            let problem = Problem::new(lexical::NUMBER, format!("`{text}` is no number"))
                .help("numbers are written with decimal digits, only file modes in octal: `0o750`");
            return Err(match value {
                Ok(value) if radix == 8 => problem.instead(format!("0o{value:o}")),
                Ok(value) => problem.instead(value.to_string()),
                Err(_) => problem,
            });
        }
    }
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    if digits(&plain) {
        return Err(Problem::new(lexical::NUMBER, format!("`{text}` is no number"))
            .help("digits stand without `_` between them")
            .instead(plain));
    }
    quantity::read(text)
}

fn integer(text: &str) -> Result<ExprKind, Problem> {
    if text.len() > 1 && text.starts_with('0') {
        let plain = text.trim_start_matches('0');
        let plain = if plain.is_empty() { "0" } else { plain };
        let problem = Problem::new(lexical::NUMBER, format!("`{text}` begins with a zero"));
        return Err(if text.len() >= 4 && plain.bytes().all(|b| b < b'8') {
            problem
                .help(format!("a file mode is written `0o{plain}`, a number `{plain}`"))
                .instead(format!("0o{plain}"))
        } else {
            problem.help(format!("write `{plain}`")).instead(plain)
        });
    }
    text.parse::<i64>().map(ExprKind::Int).map_err(|_| {
        Problem::new(lexical::NUMBER, format!("`{text}` is too large"))
            .help(format!("whole numbers go up to {}", i64::MAX))
    })
}

fn mode(text: &str, rest: &str) -> Result<ExprKind, Problem> {
    u16::from_str_radix(rest, 8).ok().filter(|mode| *mode <= 0o7777).map(ExprKind::Mode).ok_or_else(
        || {
            Problem::new(lexical::NUMBER, format!("`{text}` is no file mode"))
                .help("a file mode has up to four octal digits: `0o750`, `0o2775`")
        },
    )
}

#[cfg(test)]
mod tests {
    use super::read;

    #[track_caller]
    fn reads(text: &str, expected: &str) {
        assert_eq!(format!("{:?}", read(text).expect("a literal")), expected);
    }

    #[track_caller]
    fn refuses(text: &str, message: &str, instead: Option<&str>) {
        let problem = read(text).expect_err("a problem");
        assert!(problem.message.contains(message), "{}", problem.message);
        assert_eq!(problem.instead.as_deref(), instead);
    }

    #[test]
    fn numbers() {
        reads("42", "Int(42)");
        reads("9223372036854775807", "Int(9223372036854775807)");
        reads("1.5", "Float(1.5)");
        reads("0o750", "Mode(488)");
        reads("0o7777", "Mode(4095)");
        refuses("9223372036854775808", "too large", None);
        refuses("0755", "begins with a zero", Some("0o755"));
        refuses("08", "begins with a zero", Some("8"));
        refuses("0o10000", "no file mode", None);
        refuses("0o789", "no file mode", None);
        refuses("0x1F", "no number", Some("31"));
        refuses("0x1p3", "no number", None);
        refuses("1_000", "no number", Some("1000"));
        refuses("1.2.3", "no number", Some("\"1.2.3\""));
        refuses("1e5", "no number", Some("\"1e5\""));
        refuses("1.5GB", "no number", None);
    }

    #[test]
    fn addresses_and_networks() {
        reads("192.168.0.28", "Address(192.168.0.28)");
        reads("fd00::1", "Address(fd00::1)");
        reads("::ffff:10.0.0.1", "Address(::ffff:10.0.0.1)");
        reads("10.0.0.0/8", "Subnet(10.0.0.0/8)");
        reads("fe80::/64", "Subnet(fe80::/64)");
        refuses("192.168.0.256", "no address", None);
        refuses("1.02.3.4", "no address", None);
        refuses("10.0.0.0/33", "no network", None);
        refuses("fd00::/129", "no network", None);
        refuses("10.0.0.0/+8", "no network", None);
        refuses("12:30:00", "no address", Some("\"12:30:00\""));
    }

    #[test]
    fn ports() {
        reads("8080/udp", "Port(PortLiteral { number: 8080, protocol: Udp })");
        reads("53/tcp", "Port(PortLiteral { number: 53, protocol: Tcp })");
        reads("8000..8100", "Ports(8000, 8100)");
        refuses("0/tcp", "no port", None);
        refuses("65536/udp", "no port", None);
        refuses("8080/upd", "no protocol", Some("8080/udp"));
        refuses("8100..8000", "ends before", Some("8000..8100"));
        refuses("1..2..3", "no range", None);
        refuses("1...2", "no range", None);
        refuses("5/2", "means nothing", Some("div(5, 2)"));
        refuses("5/", "means nothing", None);
    }
}
