//! What of Authelia's own configuration decides about requests.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::go::Url;
use super::network::Named;
use super::policy::Policy;
use super::rule::Rule;
use super::values::{At, Refused};

/// A user of the directory, which is no part of Authelia's configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub name: String,
    #[serde(default)]
    pub display_name: String,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub groups: Vec<String>,
}

/// A domain that sessions hold for.
#[derive(Clone, Debug)]
pub(super) struct Cookie {
    pub domain: String,
    /// Where one logs in; the old `session.domain` has none.
    pub portal: Option<Url>,
}

/// A configuration, and the users who exist.
#[derive(Clone, Debug)]
pub struct Configuration {
    pub(super) default_policy: Policy,
    pub(super) rules: Vec<Rule>,
    pub(super) cookies: Vec<Cookie>,
    pub(super) users: Vec<User>,
}

impl Configuration {
    /// Reads `access_control`, `definitions.network`, `session` and the ids of `identity_providers.oidc.clients` of
    /// Authelia's own configuration, written as JSON; the rest is not looked at. Without `session` nobody can be
    /// asked over HTTP.
    ///
    /// # Errors
    /// The first reason why Authelia would not start with these.
    pub fn read(configuration: &Value) -> Result<Configuration, Refused> {
        let root = At::root(configuration);
        let named = Named::read(&root)?;
        let mut clients = Vec::new();
        for client in root.get("identity_providers.oidc.clients").items() {
            let (new, old) = (client.get("client_id").text()?, client.get("id").text()?);
            clients.push(if new.is_empty() { old } else { new });
        }
        let access = root.get("access_control");
        let default = access.get("default_policy");
        let default_policy = Policy::read(&default)?.unwrap_or(Policy::Deny);
        let rules: Vec<Rule> = access
            .get("rules")
            .items()
            .iter()
            .map(|rule| Rule::read(rule, &named, &clients))
            .collect::<Result<_, _>>()?;
        if rules.is_empty() && matches!(default_policy, Policy::Bypass | Policy::Deny) {
            return default.refuse("without rules it must be one_factor or two_factor");
        }
        let cookies = cookies(&root.get("session"))?;
        Ok(Configuration { default_policy, rules, cookies, users: Vec::new() })
    }

    /// The same with users: those who can log in.
    #[must_use]
    pub fn with_users(mut self, users: Vec<User>) -> Configuration {
        self.users = users;
        self
    }

    /// How many rules there are.
    #[must_use]
    pub fn rules(&self) -> usize {
        self.rules.len()
    }

    /// The domain that a login at a host's page holds for, if there is one.
    #[must_use]
    pub fn session_domain(&self, host: &str) -> Option<&str> {
        self.cookie(host).map(|cookie| cookie.domain.as_str())
    }

    pub(super) fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }

    /// The first domain of sessions that a host lies in, compared with case.
    pub(super) fn cookie(&self, host: &str) -> Option<&Cookie> {
        self.cookies.iter().find(|cookie| lies_in(host, &cookie.domain))
    }
}

/// Whether a host is a domain or below it.
pub(super) fn lies_in(host: &str, domain: &str) -> bool {
    let below = |rest: &str| rest.ends_with('.') || domain.starts_with('.');
    !domain.is_empty()
        && host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || below(rest))
}

fn cookies(session: &At<'_>) -> Result<Vec<Cookie>, Refused> {
    let mut found = Vec::new();
    for cookie in session.get("cookies").items() {
        let (domain, portal) = (cookie.get("domain").text()?, cookie.get("authelia_url"));
        let mut url = match Url::parse(&portal.text()?) {
            Ok(url) if matches!(&*url.scheme, "https" | "wss") => url,
            Ok(_) => return portal.refuse("it is no URL of https"),
            Err(why) => return portal.refuse(why),
        };
        if !lies_in(&url.hostname(), &domain) {
            return portal.refuse(format!("it is not in the domain `{domain}`"));
        }
        if found.iter().any(|known: &Cookie| lies_in(&domain, &known.domain)) {
            return cookie.refuse(format!("`{domain}` lies in the domain of another cookie"));
        }
        // Below a path the portal is a folder.
        if !url.path.is_empty() && !url.path.ends_with(b"/") {
            url.path.push(b'/');
        }
        found.push(Cookie { domain, portal: Some(url) });
    }
    let old = session.get("domain").text()?;
    if !old.is_empty() {
        if !found.is_empty() {
            return session.get("domain").refuse("it cannot be said beside `cookies`");
        }
        found.push(Cookie { domain: old, portal: None });
    }
    Ok(found)
}
