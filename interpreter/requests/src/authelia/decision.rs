//! Which rule decides.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::configuration::Configuration;
use super::domain::Crash;
use super::go::Url;
use super::marks::Marks;
use super::network::address;
use super::policy::Policy;
use super::rule::{Object, Rule};
use super::subject::Identity;

/// What is asked for, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// As sent: nothing in it is tidied.
    pub url: String,
    pub method: String,
    /// None before login.
    #[serde(default)]
    pub user: Option<String>,
    #[serde(default)]
    pub groups: Vec<String>,
    /// The address that it comes from; what is none lies in no network.
    #[serde(default)]
    pub ip: Option<String>,
}

/// A policy, and the rule that says it; `default_policy` where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub policy: Policy,
    /// Counted from 0.
    pub rule: Option<usize>,
}

/// What decides about a request, and how each rule took it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Before login, where the rule has subjects: what decides for somebody who turns out to be none of them, nor of
    /// those of other rules on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Verdict>,
    /// Whether the rule depends on who asks.
    pub has_subjects: bool,
    /// Of each rule, also of those behind the one that decides.
    pub matches: Vec<Marks>,
}

/// Why nothing is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not a URL.
    Url(String),
    /// Authelia crashes: the host has no dot, and a rule asks for `{group}`.
    Crash,
}

impl std::error::Error for Fault {}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Url(why) => write!(f, "not a URL: {why}"),
            Fault::Crash => {
                f.write_str("Authelia crashes: a rule asks for `{group}`, and the host has no dot")
            }
        }
    }
}

/// Which rule decides about a request: the first of which all criteria match.
///
/// # Errors
/// Where nothing is decided.
pub fn decide(configuration: &Configuration, request: &Request) -> Result<Decision, Fault> {
    let url = Url::parse(&request.url).map_err(Fault::Url)?;
    let who = Identity {
        user: request.user.clone().unwrap_or_default(),
        groups: request.groups.clone(),
        client: String::new(),
    };
    let address = request.ip.as_deref().and_then(address);
    judge(configuration, &Object::new(&url, &request.method), &who, address)
        .map_err(|Crash| Fault::Crash)
}

pub(super) fn judge(
    configuration: &Configuration,
    object: &Object,
    who: &Identity,
    address: Option<IpAddr>,
) -> Result<Decision, Crash> {
    let rules = &configuration.rules;
    let matches: Vec<Marks> =
        rules.iter().map(|rule| rule.marks(object, who, address)).collect::<Result<_, _>>()?;
    let verdict = |decides: &dyn Fn(Marks) -> bool| {
        let first = matches.iter().position(|marks| decides(*marks));
        let policy =
            first.and_then(|at| rules.get(at)).map_or(configuration.default_policy, |it| it.policy);
        Verdict { policy, rule: first }
    };
    let now = verdict(&Marks::decide);
    let later = verdict(&Marks::decide_for_anybody);
    let rule = now.rule.and_then(|at| rules.get(at));
    Ok(Decision {
        verdict: now,
        otherwise: (now.rule != later.rule).then_some(later),
        has_subjects: rule.is_some_and(Rule::has_subjects),
        matches,
    })
}
