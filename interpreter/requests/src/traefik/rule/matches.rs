//! Whether a rule matches a request.

use std::net::IpAddr;

use super::super::headers::Headers;
use super::{Matcher, Rule};

/// What rules look at.
pub(crate) struct Asked<'a> {
    /// The host in lower case, without its port.
    pub(crate) host: &'a str,
    /// The path for routing: cleaned, unreserved characters decoded, reserved ones not.
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) headers: &'a Headers,
    /// Keys and values of the query, decoded, in order.
    pub(crate) query: &'a [(String, String)],
    /// Where the connection comes from.
    pub(crate) client: IpAddr,
}

impl Rule {
    pub(crate) fn matches(&self, asked: &Asked<'_>) -> bool {
        match self {
            Self::One(matcher) => matcher.matches(asked),
            Self::And(left, right) => left.matches(asked) && right.matches(asked),
            Self::Or(left, right) => left.matches(asked) || right.matches(asked),
            Self::Not(inner) => !inner.matches(asked),
        }
    }

    /// The matchers that say no to the request, each as it is written: why a rule does not match.
    pub(crate) fn misses(&self, asked: &Asked<'_>) -> Vec<String> {
        match self {
            _ if self.matches(asked) => Vec::new(),
            Self::One(matcher) => vec![matcher.to_string()],
            Self::And(left, right) | Self::Or(left, right) => {
                let mut misses = left.misses(asked);
                misses.extend(right.misses(asked));
                misses
            }
            Self::Not(_) => vec![self.to_string()],
        }
    }
}

impl Matcher {
    fn matches(&self, asked: &Asked<'_>) -> bool {
        let values = |name: &str| asked.headers.values(name);
        let queried = |key: &str| {
            let key = key.to_owned();
            asked.query.iter().filter(move |(name, _)| *name == key).map(|(_, value)| value)
        };
        match self {
            Self::ClientIp(_, networks) => networks.contain(asked.client),
            Self::Header(key, value) => values(key).contains(value),
            Self::HeaderRegexp(key, value) => values(key).iter().any(|it| value.is_match(it)),
            Self::Host(host) => host_matches(asked.host, host),
            // Traefik also tries the name that a flattened CNAME gives, which is empty.
            Self::HostRegexp(host) => host.is_match(asked.host) || host.is_match(""),
            Self::Method(method) => method == asked.method,
            Self::Path(path) => asked.path == path,
            Self::PathPrefix(path) => asked.path.starts_with(path),
            Self::PathRegexp(path) => path.is_match(asked.path),
            Self::Query(key, value) => queried(key).any(|it| it == value),
            Self::QueryRegexp(key, value) => queried(key).any(|it| value.is_match(it)),
        }
    }
}

/// Whether a host matches a `Host`; one dot at the end of either is nothing.
fn host_matches(asked: &str, host: &str) -> bool {
    if host == "*" {
        return true;
    }
    !asked.is_empty()
        && (fits(asked, host)
            || host.strip_suffix('.').is_some_and(|host| fits(asked, host))
            || asked.strip_suffix('.').is_some_and(|asked| fits(asked, host)))
}

/// Whether a name is the one said, where `*` stands for the first label.
pub(crate) fn fits(name: &str, said: &str) -> bool {
    if said.starts_with('*') {
        let rest = name.split_once('.').map_or_else(String::new, |(_, rest)| format!(".{rest}"));
        return said.eq_ignore_ascii_case(&format!("*{rest}"));
    }
    said.eq_ignore_ascii_case(name)
}
