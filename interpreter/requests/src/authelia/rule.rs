//! A rule of `access_control`.

use std::net::IpAddr;

use super::domain::{Crash, Domains};
use super::go::{Parameters, Url, clean, text};
use super::marks::{Mark, Marks};
use super::matcher::Matcher;
use super::network::{Named, Networks};
use super::policy::Policy;
use super::query::Query;
use super::subject::{Identity, Subjects};
use super::values::{At, Refused};

/// The methods that a rule may name.
const METHODS: &[&str] = &[
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "TRACE",
    "CONNECT",
    "OPTIONS",
    "COPY",
    "LOCK",
    "MKCOL",
    "MOVE",
    "PROPFIND",
    "PROPPATCH",
    "UNLOCK",
];

/// What a rule looks at.
pub(super) struct Object {
    host: String,
    /// The path, decoded and without detours, with the query as it came.
    path: String,
    query: Parameters,
    method: String,
}

impl Object {
    pub(super) fn new(url: &Url, method: &str) -> Object {
        Object {
            host: url.hostname(),
            path: full_path(url),
            query: Parameters::parse(&url.query),
            method: method.to_owned(),
        }
    }
}

/// What `resources` are held against. A last slash stays, an empty path is `.`.
fn full_path(url: &Url) -> String {
    let mut path = text(&clean(&url.path));
    if url.path.len() > 1 && url.path.ends_with(b"/") {
        path.push('/');
    }
    if !url.query.is_empty() {
        path.push('?');
        path.push_str(&url.query);
    }
    path
}

/// A rule: it matches where all of its criteria do, and one that it does not have always does.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub policy: Policy,
    domains: Domains,
    resources: Vec<Matcher>,
    query: Query,
    methods: Vec<String>,
    networks: Networks,
    subjects: Subjects,
}

impl Rule {
    pub(super) fn read(at: &At<'_>, named: &Named, clients: &[String]) -> Result<Rule, Refused> {
        let domains = Domains::read(at)?;
        let Some(policy) = Policy::read(&at.get("policy"))? else {
            return at.refuse("`policy` is missing");
        };
        let subject = at.get("subject");
        let subjects = Subjects::read(&subject, clients)?;
        let said = !subject.items().is_empty();
        if policy == Policy::Bypass && (said || domains.patterns_name_somebody()) {
            return at.refuse("`bypass` asks nobody who they are, and the rule is for somebody");
        }
        Ok(Rule {
            policy,
            domains,
            resources: Matcher::read(&at.get("resources"))?,
            query: Query::read(&at.get("query"))?,
            methods: methods(&at.get("methods"))?,
            networks: Networks::read(&at.get("networks"), named)?,
            subjects,
        })
    }

    /// Whether it depends on who asks: then `deny` sends strangers to log in, instead of away.
    pub(super) fn has_subjects(&self) -> bool {
        !self.subjects.is_empty()
            || self.domains.name_somebody()
            || self.resources.iter().any(Matcher::names_somebody)
    }

    pub(super) fn marks(
        &self,
        object: &Object,
        who: &Identity,
        address: Option<IpAddr>,
    ) -> Result<Marks, Crash> {
        let mark = |matches: bool| if matches { Mark::Matches } else { Mark::Fails };
        let resource = |it: &Matcher| it.matches(&object.path, who);
        Ok(Marks {
            domain: mark(self.domains.hold(&object.host, who)?),
            resource: mark(self.resources.is_empty() || self.resources.iter().any(resource)),
            query: mark(self.query.holds(&object.query)),
            method: mark(self.methods.is_empty() || self.methods.contains(&object.method)),
            network: mark(self.networks.hold(address)),
            subject: match self.subjects.are(who) {
                false if who.is_anonymous() => Mark::AfterLogin,
                are => mark(are),
            },
        })
    }
}

fn methods(at: &At<'_>) -> Result<Vec<String>, Refused> {
    let methods = at.texts()?;
    for (index, method) in methods.iter().enumerate() {
        if !METHODS.contains(&&**method) {
            return at.refuse(format!("`{method}` is none of {}", METHODS.join(", ")));
        }
        if methods.iter().take(index).any(|known| known == method) {
            return at.refuse(format!("`{method}` is there twice"));
        }
    }
    Ok(methods)
}
