//! The rules of routers: a Go expression of matchers, read as Traefik reads it (`pkg/rules`, `pkg/muxer/http`).

mod expression;
mod matcher;
mod matches;
mod older;
mod tokens;

pub use expression::Expression;
pub use matcher::{Matcher, Rule};
pub(crate) use matches::{Asked, fits};

use std::fmt;

/// Why Traefik drops a router for its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The text is no expression of matchers.
    Syntax(String),
    /// A matcher has arguments that it does not take.
    Arguments(String),
    /// Traefik takes the rule; this model does not.
    Unsupported(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(why) | Self::Arguments(why) => f.write_str(why),
            Self::Unsupported(why) => write!(f, "not simulated: {why}"),
        }
    }
}

/// The priority of a rule that says none: its length in bytes, with blanks and comments.
#[must_use]
pub fn default_priority(rule: &str) -> i64 {
    i64::try_from(rule.len()).unwrap_or(i64::MAX)
}

/// Reads a rule of an HTTP router.
///
/// # Errors
/// What Traefik refuses, by its meaning.
pub fn parse(rule: &str) -> Result<Rule, Refusal> {
    Rule::of(&Expression::parse(rule, &matcher::HTTP)?)
}

/// Reads a rule in the older syntax (`ruleSyntax: v2`): several values in one matcher, templates in paths and hosts.
///
/// # Errors
/// What Traefik refuses, by its meaning.
pub fn parse_older(rule: &str) -> Result<Rule, Refusal> {
    older::rule(&Expression::parse(rule, &older::MATCHERS)?)
}

/// The host names of a rule, in lower case, which choose the TLS options of a connection. A name under a `!` counts.
/// No matcher is looked at closely: a rule that is dropped for its arguments has names all the same.
///
/// # Errors
/// The text is no expression of matchers.
pub fn hosts(rule: &str) -> Result<Vec<String>, Refusal> {
    let mut hosts = Vec::new();
    Expression::parse(rule, &matcher::ANY)?.each(&mut |name, values| {
        if name == "Host" {
            hosts.extend(values.iter().map(|host| host.to_lowercase()));
        }
    });
    Ok(hosts)
}
