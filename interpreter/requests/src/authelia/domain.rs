//! The domains of a rule.

use super::go::{equal_fold, has_suffix_fold, lower};
use super::matcher::Matcher;
use super::subject::Identity;
use super::values::{At, Refused};

/// One domain, in lower case.
#[derive(Clone, Debug)]
enum Domain {
    /// Any that is this, whatever its case. `*d`, `a.*.d` and the like are such too, and match no host that exists.
    Name(String),
    /// `*.d` as `.d`: whatever ends so, at any depth.
    Below(String),
    /// What follows `{user}`: compared with case.
    OfUser(String),
    /// What follows `{group}`: that with case, the label before it without.
    OfGroup(String),
    Pattern(Matcher),
}

/// The domains and the patterns of a rule; any of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Domains(Vec<Domain>);

/// A host without a dot was held against `{group}`: Authelia looks for the dot and crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Crash;

impl Domains {
    pub(super) fn read(rule: &At<'_>) -> Result<Domains, Refused> {
        let names =
            rule.get("domain").texts()?.into_iter().map(|name| Domain::parse(&lower(&name)));
        let patterns = Matcher::read(&rule.get("domain_regex"))?.into_iter().map(Domain::Pattern);
        let all: Vec<Domain> = names.chain(patterns).collect();
        if all.is_empty() {
            rule.refuse("it has neither `domain` nor `domain_regex`")
        } else {
            Ok(Domains(all))
        }
    }

    /// Whether a host matches, and the domain is theirs who asks; before login anybody's.
    ///
    /// # Errors
    /// Where Authelia crashes.
    pub(super) fn hold(&self, host: &str, who: &Identity) -> Result<bool, Crash> {
        for domain in &self.0 {
            if domain.is(host, who)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a domain depends on who asks.
    pub(super) fn name_somebody(&self) -> bool {
        self.0.iter().any(|domain| match domain {
            Domain::OfUser(_) | Domain::OfGroup(_) => true,
            Domain::Pattern(pattern) => pattern.names_somebody(),
            Domain::Name(_) | Domain::Below(_) => false,
        })
    }

    /// Whether a pattern depends on who asks: that alone is refused together with `bypass`.
    pub(super) fn patterns_name_somebody(&self) -> bool {
        self.0.iter().any(|domain| matches!(domain, Domain::Pattern(it) if it.names_somebody()))
    }
}

impl Domain {
    fn parse(name: &str) -> Domain {
        if name.starts_with("*.") {
            return Domain::Below(name.strip_prefix('*').unwrap_or_default().to_owned());
        }
        if let Some(rest) = name.strip_prefix("{user}") {
            return Domain::OfUser(rest.to_owned());
        }
        match name.strip_prefix("{group}") {
            Some(rest) => Domain::OfGroup(rest.to_owned()),
            None => Domain::Name(name.to_owned()),
        }
    }

    fn is(&self, host: &str, who: &Identity) -> Result<bool, Crash> {
        let may_be = |rest: &str| who.is_anonymous() && has_suffix_fold(host, rest);
        Ok(match self {
            Domain::Name(name) => equal_fold(host, name),
            Domain::Below(suffix) => has_suffix_fold(host, suffix),
            Domain::OfUser(rest) if may_be(rest) => host.len() > rest.len(),
            Domain::OfGroup(rest) if may_be(rest) => host.len() > rest.len(),
            Domain::OfUser(rest) => host.strip_suffix(&**rest).is_some_and(|it| it == who.user),
            Domain::OfGroup(rest) => {
                let (label, below) = host.split_at(host.find('.').ok_or(Crash)?);
                below == rest && who.groups.iter().any(|group| equal_fold(label, group))
            }
            Domain::Pattern(pattern) => pattern.matches(host, who),
        })
    }
}
