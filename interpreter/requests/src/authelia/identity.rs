//! Who a visitor is to Authelia: by HTTP Basic, or by the cookie of a session.

use serde::{Deserialize, Serialize};

use super::configuration::{Configuration, Cookie, User};
use super::subject::Identity;

/// The cookie of a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub user: String,
    /// 1 by password, 2 by a second factor too.
    pub factor: u8,
    /// The domain of cookies where it happened; in others it is nothing.
    pub domain: String,
}

/// What became of the ways to show who one is.
pub(super) enum Shown<'c> {
    /// Nothing was shown, or nothing that holds.
    Nobody,
    /// By HTTP Basic, with a user and a password that do not belong together.
    Wrong,
    Somebody {
        user: &'c User,
        factor: u8,
        by_header: bool,
    },
}

impl<'c> Shown<'c> {
    /// HTTP Basic goes before the session.
    pub(super) fn by(
        configuration: &'c Configuration,
        cookie: &Cookie,
        basic: Option<&str>,
        session: Option<&Session>,
    ) -> Shown<'c> {
        if let Some(name) = basic {
            return match configuration.user(name) {
                Some(user) => Shown::Somebody { user, factor: 1, by_header: true },
                None => Shown::Wrong,
            };
        }
        let here = session.filter(|session| session.domain == cookie.domain && session.factor > 0);
        let known = here.and_then(|it| Some((configuration.user(&it.user)?, it.factor)));
        known.map_or(Shown::Nobody, |(user, factor)| Shown::Somebody {
            user,
            factor,
            by_header: false,
        })
    }

    pub(super) fn identity(&self) -> Identity {
        match self {
            Shown::Nobody | Shown::Wrong => Identity::default(),
            Shown::Somebody { user, .. } => Identity {
                user: user.name.clone(),
                groups: user.groups.clone(),
                client: String::new(),
            },
        }
    }

    /// Whether what cannot pass is asked for HTTP Basic again, instead of being sent to log in.
    pub(super) fn by_header(&self) -> bool {
        match self {
            Shown::Nobody => false,
            Shown::Wrong => true,
            Shown::Somebody { by_header, .. } => *by_header,
        }
    }

    pub(super) fn factor(&self) -> u8 {
        match self {
            Shown::Nobody | Shown::Wrong => 0,
            Shown::Somebody { factor, .. } => *factor,
        }
    }
}
