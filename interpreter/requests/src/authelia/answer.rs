//! What the server answers a proxy that asks about a visitor.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::configuration::{Configuration, Cookie, lies_in};
use super::decision::{Decision, judge};
use super::go::Url;
use super::identity::{Session, Shown};
use super::location::Location;
use super::network::address;
use super::policy::Policy;
use super::rule::Object;

/// Which of the two endpoints that proxies use is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// `/api/authz/forward-auth`, of Traefik and Caddy.
    #[default]
    ForwardAuth,
    /// `/api/authz/auth-request`, of nginx.
    AuthRequest,
}

/// A visitor's request, as the proxy passes it on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    #[serde(default)]
    pub endpoint: Endpoint,
    pub method: String,
    /// Of the page that is protected, as sent.
    pub url: String,
    /// All of `X-Forwarded-For`; its first address is the visitor's.
    #[serde(default)]
    pub forwarded_for: Option<String>,
    /// The address of the proxy, which is the visitor's where nothing else is said.
    #[serde(default)]
    pub proxy: Option<String>,
    #[serde(default)]
    pub accept: Option<String>,
    /// `X-Requested-With: XMLHttpRequest`.
    #[serde(default)]
    pub xhr: bool,
    #[serde(default)]
    pub session: Option<Session>,
    /// Who is shown by HTTP Basic with the right password; a user who does not exist stands for a wrong one.
    #[serde(default)]
    pub basic: Option<String>,
    /// The portal that the endpoint's own address names: `…/forward-auth?authelia_url=…`.
    #[serde(default)]
    pub authelia_url: Option<String>,
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub status: u16,
    pub location: Option<Location>,
    /// `Remote-User` and its like, `Www-Authenticate`.
    pub headers: BTreeMap<&'static str, String>,
    pub sets_cookie: bool,
    /// What decided; nothing, where the request was refused before any rule, or with 500.
    #[serde(skip)]
    pub decision: Option<Decision>,
}

impl Answer {
    fn of(status: u16, decision: Option<Decision>) -> Answer {
        Answer { status, location: None, headers: BTreeMap::new(), sets_cookie: false, decision }
    }
}

/// What the server answers. The session is one without "remember me": then an answer that leads to the portal sets the
/// cookie again.
#[must_use]
pub fn answer(configuration: &Configuration, visit: &Visit) -> Answer {
    let Some((target, cookie, portal)) = place(configuration, visit) else {
        return Answer::of(400, None);
    };
    let shown = Shown::by(configuration, cookie, visit.basic.as_deref(), visit.session.as_ref());
    let object = Object::new(&target, &visit.method);
    let Ok(decision) = judge(configuration, &object, &shown.identity(), visitor(visit)) else {
        return Answer::of(500, None);
    };
    let (policy, for_somebody) = (decision.verdict.policy, decision.has_subjects);
    let decision = Some(decision);
    let is_nobody = shown.factor() == 0;
    match policy {
        // Whoever shows a wrong password is asked again before anybody is sent away.
        Policy::OneFactor | Policy::TwoFactor | Policy::Deny
            if matches!(shown, Shown::Wrong) && !for_somebody =>
        {
            unauthorized(visit, &shown, &target, &portal, decision)
        }
        Policy::Deny if !is_nobody || !for_somebody => Answer::of(403, decision),
        Policy::OneFactor if !is_nobody => authorized(&shown, decision),
        Policy::TwoFactor if shown.factor() > 1 => authorized(&shown, decision),
        Policy::Bypass => authorized(&shown, decision),
        Policy::OneFactor | Policy::TwoFactor | Policy::Deny => {
            unauthorized(visit, &shown, &target, &portal, decision)
        }
    }
}

/// The page that is asked for, the domain of cookies that it lies in, and the portal of that; nothing, where Authelia
/// answers 400 before it looks at any rule.
fn place<'c>(configuration: &'c Configuration, visit: &Visit) -> Option<(Url, &'c Cookie, Url)> {
    let target = Url::parse(&visit.url).ok()?;
    let method = !visit.method.is_empty() && visit.method.bytes().all(|it| it.is_ascii_uppercase());
    let secure = matches!(&*target.scheme, "https" | "wss");
    let cookie = configuration.cookie(&target.hostname()).filter(|_| method && secure)?;
    let portal = match &visit.authelia_url {
        Some(said) => {
            Url::parse(said).ok().filter(|portal| lies_in(&portal.hostname(), &cookie.domain))?
        }
        None => cookie.portal.clone()?,
    };
    Some((target, cookie, portal))
}

/// The address that the visit comes from.
fn visitor(visit: &Visit) -> Option<std::net::IpAddr> {
    let first = visit.forwarded_for.as_deref().and_then(|it| it.split(',').next());
    let said = first.and_then(|it| address(it.trim_matches(' ')));
    said.or_else(|| visit.proxy.as_deref().and_then(address))
}

fn authorized(shown: &Shown<'_>, decision: Option<Decision>) -> Answer {
    let mut answer = Answer::of(200, decision);
    if let Shown::Somebody { user, .. } = shown {
        answer.headers = BTreeMap::from([
            ("Remote-User", user.name.clone()),
            ("Remote-Groups", user.groups.join(",")),
            ("Remote-Name", user.display_name.clone()),
            ("Remote-Email", user.email.clone().unwrap_or_default()),
        ]);
    }
    answer
}

fn unauthorized(
    visit: &Visit,
    shown: &Shown<'_>,
    target: &Url,
    portal: &Url,
    decision: Option<Decision>,
) -> Answer {
    if shown.by_header() {
        let mut answer = Answer::of(401, decision);
        let again = "Basic realm=\"Authorization Required\"".to_owned();
        answer.headers = BTreeMap::from([("Www-Authenticate", again)]);
        return answer;
    }
    let status = match (visit.endpoint, &*visit.method) {
        (Endpoint::AuthRequest, _) => 401,
        (Endpoint::ForwardAuth, _) if visit.xhr || !wants_html(visit.accept.as_deref()) => 401,
        (Endpoint::ForwardAuth, "GET" | "HEAD" | "OPTIONS") => 302,
        (Endpoint::ForwardAuth, _) => 303,
    };
    let location = Some(Location::new(portal, target, &visit.method));
    Answer { location, sets_cookie: true, ..Answer::of(status, decision) }
}

/// Whether a page can be shown. Anything will do only where it is said first.
fn wants_html(accept: Option<&str>) -> bool {
    let kinds = accept.unwrap_or_default().split(',');
    kinds.enumerate().any(|(at, kind)| {
        let kind = kind.split(';').next().unwrap_or_default().trim_matches(' ');
        kind == "text/html" || at == 0 && kind == "*/*"
    })
}
