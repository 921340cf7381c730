//! The matchers of HTTP rules and what they take.

use std::fmt;

use super::super::network::Networks;
use super::super::pattern::{Pattern, Problem};
use super::{Expression, Refusal};

/// The matchers of HTTP routers.
pub(super) const HTTP: [&str; 11] = [
    "ClientIP",
    "Header",
    "HeaderRegexp",
    "Host",
    "HostRegexp",
    "Method",
    "Path",
    "PathPrefix",
    "PathRegexp",
    "Query",
    "QueryRegexp",
];

/// Those, and the ones that only the older syntax (`ruleSyntax: v2`) has: the names of hosts are read with both.
pub(super) const ANY: [&str; 14] = [
    "ClientIP",
    "Header",
    "HeaderRegexp",
    "Headers",
    "HeadersRegexp",
    "Host",
    "HostHeader",
    "HostRegexp",
    "Method",
    "Path",
    "PathPrefix",
    "PathRegexp",
    "Query",
    "QueryRegexp",
];

/// A rule that a router can have.
#[derive(Clone, Debug)]
pub enum Rule {
    /// One matcher.
    One(Matcher),
    /// All of both.
    And(Box<Rule>, Box<Rule>),
    /// Any of both.
    Or(Box<Rule>, Box<Rule>),
    /// Not so.
    Not(Box<Rule>),
}

/// One matcher, its arguments read.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// The address that the connection comes from.
    ClientIp(String, Networks),
    /// A header, under its canonical name, with this value.
    Header(String, String),
    /// A header with a value that matches.
    HeaderRegexp(String, Pattern),
    /// The host, in lower case; `*.` is one label, `*` alone everything.
    Host(String),
    /// The host, matched somewhere.
    HostRegexp(Pattern),
    /// The method, in capitals.
    Method(String),
    /// The whole path.
    Path(String),
    /// How the path begins.
    PathPrefix(String),
    /// The path, matched somewhere.
    PathRegexp(Pattern),
    /// A key of the query with this value, the empty one where none is said.
    Query(String, String),
    /// A key of the query with a value that matches.
    QueryRegexp(String, Pattern),
}

impl Rule {
    /// Looks at the arguments of each matcher.
    pub(super) fn of(expression: &Expression) -> Result<Self, Refusal> {
        let both = |left, right| Ok((Box::new(Self::of(left)?), Box::new(Self::of(right)?)));
        Ok(match expression {
            Expression::Call(name, values) => Self::One(Matcher::new(name, values)?),
            Expression::And(left, right) => {
                both(left, right).map(|(left, right)| Self::And(left, right))?
            }
            Expression::Or(left, right) => {
                both(left, right).map(|(left, right)| Self::Or(left, right))?
            }
            Expression::Not(inner) => Self::Not(Box::new(Self::of(inner)?)),
        })
    }
}

fn arguments(why: String) -> Refusal {
    Refusal::Arguments(why)
}

impl Matcher {
    fn new(name: &str, values: &[String]) -> Result<Self, Refusal> {
        if values.is_empty() || values.iter().any(String::is_empty) {
            return Err(arguments(format!("`{name}` has an empty argument, or none")));
        }
        let pattern = |source: &str| {
            Pattern::new(source).map_err(|problem| match problem {
                Problem::Refused(_) => arguments(format!("`{name}`: {problem}")),
                Problem::Unsupported(_) => Refusal::Unsupported(format!("`{name}`: {problem}")),
            })
        };
        let ascii = |text: &str| match text.is_ascii() {
            true => Ok(()),
            false => Err(arguments(format!("`{name}` takes ASCII alone: {text}"))),
        };
        let rooted = |text: &str| match text.starts_with('/') {
            true => Ok(text.to_owned()),
            false => Err(arguments(format!("`{name}` takes a path that begins with `/`: {text}"))),
        };
        Ok(match (name, values) {
            ("ClientIP", [network]) => {
                let networks = Networks::new(std::slice::from_ref(network)).map_err(arguments)?;
                Self::ClientIp(network.clone(), networks)
            }
            ("Header", [key, value]) => {
                Self::Header(super::super::headers::canonical(key), value.clone())
            }
            ("HeaderRegexp", [key, value]) => {
                Self::HeaderRegexp(super::super::headers::canonical(key), pattern(value)?)
            }
            ("Host", [host]) => {
                ascii(host)?;
                Self::Host(host.to_ascii_lowercase())
            }
            ("HostRegexp", [host]) => {
                ascii(host)?;
                Self::HostRegexp(pattern(host)?)
            }
            ("Method", [method]) => Self::Method(method.to_uppercase()),
            ("Path", [path]) => Self::Path(rooted(path)?),
            ("PathPrefix", [path]) => Self::PathPrefix(rooted(path)?),
            ("PathRegexp", [path]) => Self::PathRegexp(pattern(path)?),
            // With a key alone both want the key with an empty value.
            ("Query" | "QueryRegexp", [key]) => Self::Query(key.clone(), String::new()),
            ("Query", [key, value]) => Self::Query(key.clone(), value.clone()),
            ("QueryRegexp", [key, value]) => Self::QueryRegexp(key.clone(), pattern(value)?),
            (_, values) => {
                return Err(arguments(format!(
                    "`{name}` does not take {} arguments",
                    values.len()
                )));
            }
        })
    }

    /// Its name and its arguments.
    fn parts(&self) -> (&'static str, Vec<&str>) {
        match self {
            Self::ClientIp(network, _) => ("ClientIP", vec![network]),
            Self::Header(key, value) => ("Header", vec![key, value]),
            Self::HeaderRegexp(key, value) => ("HeaderRegexp", vec![key, value.source()]),
            Self::Host(host) => ("Host", vec![host]),
            Self::HostRegexp(host) => ("HostRegexp", vec![host.source()]),
            Self::Method(method) => ("Method", vec![method]),
            Self::Path(path) => ("Path", vec![path]),
            Self::PathPrefix(path) => ("PathPrefix", vec![path]),
            Self::PathRegexp(path) => ("PathRegexp", vec![path.source()]),
            Self::Query(key, value) if value.is_empty() => ("Query", vec![key]),
            Self::Query(key, value) => ("Query", vec![key, value]),
            Self::QueryRegexp(key, value) => ("QueryRegexp", vec![key, value.source()]),
        }
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, values) = self.parts();
        let values: Vec<_> = values.into_iter().map(quoted).collect();
        write!(f, "{name}({})", values.join(", "))
    }
}

/// A text as Go reads it back.
fn quoted(text: &str) -> String {
    let plain =
        |c: char| c != '`' && c != '\r' && c != '\u{feff}' && (c == '\t' || !c.is_control());
    let private = |c: char| u32::from(c) >= 0x10_FF00;
    if text.chars().all(|c| plain(c) && !private(c)) {
        return format!("`{text}`");
    }
    let escaped = super::super::text::bytes(text).into_iter().map(|byte| format!(r"\x{byte:02x}"));
    format!("\"{}\"", escaped.collect::<String>())
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `||` binds least: where it stands inside something else it needs parentheses.
        let inside = |rule: &Rule| match rule {
            Self::Or(..) => format!("({rule})"),
            Self::One(_) | Self::And(..) | Self::Not(_) => rule.to_string(),
        };
        match self {
            Self::One(matcher) => write!(f, "{matcher}"),
            Self::And(left, right) => write!(f, "{} && {}", inside(left), inside(right)),
            Self::Or(left, right) => write!(f, "{left} || {right}"),
            Self::Not(inner) => match inner.as_ref() {
                Self::One(_) | Self::Not(_) => write!(f, "!{inner}"),
                Self::And(..) | Self::Or(..) => write!(f, "!({inner})"),
            },
        }
    }
}
