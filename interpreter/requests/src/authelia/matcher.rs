//! Patterns over a host or a path, which may name the one who asks: `(?P<User>…)`, `(?P<Group>…)`.

use super::go::{Pattern, equal_fold};
use super::subject::Identity;
use super::values::{At, Refused};

/// A pattern, and where in it a name of a user and of a group stand.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    pattern: Pattern,
    user: Option<usize>,
    group: Option<usize>,
}

impl Matcher {
    /// The patterns at a place, one or a list of them.
    pub(super) fn read(at: &At<'_>) -> Result<Vec<Matcher>, Refused> {
        at.items().iter().map(Matcher::one).collect()
    }

    fn one(at: &At<'_>) -> Result<Matcher, Refused> {
        let Some(text) = at.value.as_str().filter(|it| !it.is_empty()) else {
            return at.refuse("a pattern is wanted");
        };
        match Pattern::compile(text) {
            Ok(pattern) => {
                let (user, group) = (pattern.group("User"), pattern.group("Group"));
                Ok(Matcher { pattern, user, group })
            }
            Err(why) => at.refuse(format!("`{text}` is no pattern: {why}")),
        }
    }

    /// Whether it names who asks.
    pub(super) fn names_somebody(&self) -> bool {
        self.user.is_some() || self.group.is_some()
    }

    /// Whether a text matches and, for somebody, names them. Letter case is nothing to names here.
    pub(super) fn matches(&self, text: &str, who: &Identity) -> bool {
        if !self.names_somebody() {
            return self.pattern.is_match(text);
        }
        let Some(groups) = self.pattern.groups(text) else { return false };
        let held = |at: Option<usize>| at.map(|at| groups.get(at).copied().unwrap_or_default());
        who.is_anonymous()
            || held(self.user).is_none_or(|name| equal_fold(name, &who.user))
                && held(self.group)
                    .is_none_or(|name| who.groups.iter().any(|it| equal_fold(name, it)))
    }
}
