//! The subjects of a rule: who it is for.

use super::values::{At, Refused};

/// Who asks, as far as it is known. Nobody, before login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub user: String,
    pub groups: Vec<String>,
    /// The client of `OpenID` Connect whose token asks, in place of a user.
    pub client: String,
}

impl Identity {
    /// Whether it is nobody yet; groups without a user are somebody, as for `access-control check-policy`.
    pub(super) fn is_anonymous(&self) -> bool {
        self.user.is_empty() && self.groups.is_empty() && self.client.is_empty()
    }
}

/// One subject, compared with case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    User(String),
    Group(String),
    Client(String),
}

impl Subject {
    fn is(&self, who: &Identity) -> bool {
        match self {
            Subject::User(name) => who.user == *name,
            Subject::Group(name) => who.groups.contains(name),
            Subject::Client(id) => who.client == *id,
        }
    }
}

/// Any of the outer, all of the inner.
#[derive(Clone, Debug, Default)]
pub(super) struct Subjects(Vec<Vec<Subject>>);

impl Subjects {
    /// A list of lists; a subject alone is a list of one, and `a,b` in one text are two who must both be. `clients` are
    /// those that exist.
    pub(super) fn read(at: &At<'_>, clients: &[String]) -> Result<Subjects, Refused> {
        let mut any = Vec::new();
        for item in at.items() {
            let all: Vec<Subject> = item
                .split()?
                .iter()
                .map(|text| subject(&item, text, clients))
                .collect::<Result<_, _>>()?;
            if !all.is_empty() {
                any.push(all);
            }
        }
        Ok(Subjects(any))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether somebody is meant; a rule without subjects means everybody.
    pub(super) fn are(&self, who: &Identity) -> bool {
        let all = |all: &Vec<Subject>| all.iter().all(|one| one.is(who));
        self.is_empty() || !who.is_anonymous() && self.0.iter().any(all)
    }
}

fn subject(at: &At<'_>, text: &str, clients: &[String]) -> Result<Subject, Refused> {
    if let Some(user) = text.strip_prefix("user:") {
        return Ok(Subject::User(user.trim_matches(' ').to_owned()));
    }
    if let Some(group) = text.strip_prefix("group:") {
        return Ok(Subject::Group(group.trim_matches(' ').to_owned()));
    }
    match text.strip_prefix("oauth2:client:") {
        Some(id) if clients.iter().any(|known| known == id) => {
            Ok(Subject::Client(id.trim_matches(' ').to_owned()))
        }
        Some(id) => at.refuse(format!("there is no client `{id}`")),
        None => at.refuse(format!("`{text}` is none of user:, group: and oauth2:client:")),
    }
}
