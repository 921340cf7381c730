//! What an answer means to who asked.

use qg_requests::authelia::Policy;
use qg_requests::traefik::{Answer, Status};

use super::houses::House;
use super::{Ask, Consulted};
use crate::Build;

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A service has it: `service.sonarr`, or the proxy's name for what is no service of the fleet.
    Served { by: String },
    /// Without the right certificate nothing is said at all.
    Refused,
    /// Somewhere else: to log in, or to another address.
    Redirected { to: String, login: bool },
    /// Who has logged in must show more, or who has not must show something at once.
    Challenged { factor: u8 },
    /// Logged in or not, this one may not: which guard says so, `portal.login`, `middleware.lan`, or the proxy's name for it.
    Forbidden { by: String },
    /// No router takes it.
    NotFound,
    /// Something else: a guard's or the proxy's own answer.
    Other { status: u16 },
}

impl Verdict {
    pub(super) fn of(
        build: &Build,
        house: &House<'_>,
        answer: &Answer,
        logins: &[Consulted],
        ask: &Ask,
    ) -> Verdict {
        let status = match answer.status {
            Status::Http(status) => status,
            Status::TlsFailure => return Verdict::Refused,
            Status::Tcp => {
                let by = answer.router.clone().unwrap_or_else(|| "a TCP router".to_owned());
                return Verdict::Served { by };
            }
        };
        if let Some(reached) = answer.reached.last() {
            let place = house.place(build, "services", &reached.service);
            let of = place.as_ref().and_then(|it| it.path.strip_prefix("service."));
            let by = of.and_then(|it| it.split('.').next()).map(|it| format!("service.{it}"));
            return Verdict::Served { by: by.unwrap_or_else(|| reached.service.clone()) };
        }
        let login = logins.last().filter(|it| it.answer.status == status);
        if let Some(login) = login {
            let wanted = match login.answer.decision.as_ref().map(|it| it.verdict.policy) {
                Some(Policy::TwoFactor) => 2,
                Some(Policy::OneFactor | Policy::Bypass | Policy::Deny) | None => 1,
            };
            return match (status, &login.answer.location) {
                (401, _) => Verdict::Challenged { factor: wanted },
                (_, Some(_)) if ask.who.is_some() => Verdict::Challenged { factor: wanted },
                (_, Some(to)) => Verdict::Redirected { to: to.url.clone(), login: true },
                (403, None) => Verdict::Forbidden { by: login.portal.clone() },
                (status, None) => Verdict::Other { status },
            };
        }
        match (status, answer.location()) {
            (_, Some(to)) => Verdict::Redirected { to: to.to_owned(), login: false },
            (404, None) if answer.router.is_none() => Verdict::NotFound,
            (401, None) => Verdict::Challenged { factor: 1 },
            (403, None) => {
                let name = answer.story.steps.last().map_or("the proxy", |it| it.name.as_str());
                let place = house.place(build, "middlewares", name);
                let of = place.as_ref().and_then(|it| it.path.strip_prefix("middleware."));
                let by =
                    of.and_then(|it| it.split('.').next()).map(|it| format!("middleware.{it}"));
                Verdict::Forbidden { by: by.unwrap_or_else(|| name.to_owned()) }
            }
            (status, None) => Verdict::Other { status },
        }
    }

    /// One word, as a program compares it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Served { .. } => "served",
            Verdict::Refused => "refused",
            Verdict::Redirected { .. } => "redirected",
            Verdict::Challenged { .. } => "challenged",
            Verdict::Forbidden { .. } => "forbidden",
            Verdict::NotFound => "not_found",
            Verdict::Other { .. } => "other",
        }
    }
}

/// Whether it is something of the fleet's, by its place.
fn is_thing(by: &str) -> bool {
    ["service.", "portal.", "middleware."].iter().any(|kind| by.starts_with(kind))
}

/// As the language would write it: `served { by = service.sonarr }`.
impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = self.word();
        match self {
            Verdict::Served { by } | Verdict::Forbidden { by } if is_thing(by) => {
                write!(f, "{word} {{ by = {by} }}")
            }
            Verdict::Served { by } | Verdict::Forbidden { by } => {
                write!(f, "{word} {{ by = {by:?} }}")
            }
            Verdict::Refused => write!(f, "{word} {{ by = certificate }}"),
            Verdict::Redirected { login: true, .. } => write!(f, "{word} {{ to = login }}"),
            Verdict::Redirected { to, .. } => write!(f, "{word} {{ to = {to:?} }}"),
            Verdict::Challenged { factor: 2 } => write!(f, "{word} {{ factor = two }}"),
            Verdict::Challenged { .. } => write!(f, "{word} {{ factor = one }}"),
            Verdict::NotFound => f.write_str(word),
            Verdict::Other { status } => write!(f, "{word} {{ status = {status} }}"),
        }
    }
}
