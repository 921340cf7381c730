//! How a rule takes a request.

use serde::{Serialize, Serializer};

/// Whether a criterion of a rule matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Matches,
    Fails,
    /// Of subjects, before login: it may match once it is known who asks.
    AfterLogin,
}

/// How a rule's criteria take a request. Shown as six letters, in this order: `h` matches, `-` does not, `?` may after login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    pub domain: Mark,
    pub resource: Mark,
    pub query: Mark,
    pub method: Mark,
    pub network: Mark,
    pub subject: Mark,
}

impl Marks {
    /// Whether the rule decides for whom these are: before login subjects are as good as matched.
    #[must_use]
    pub fn decide(self) -> bool {
        self.all().iter().all(|mark| *mark != Mark::Fails)
    }

    /// Whether it decides for somebody who is none of its subjects.
    #[must_use]
    pub fn decide_for_anybody(self) -> bool {
        self.all().iter().all(|mark| *mark == Mark::Matches)
    }

    fn all(self) -> [Mark; 6] {
        [self.domain, self.resource, self.query, self.method, self.network, self.subject]
    }
}

impl std::fmt::Display for Marks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for mark in self.all() {
            f.write_str(match mark {
                Mark::Matches => "h",
                Mark::Fails => "-",
                Mark::AfterLogin => "?",
            })?;
        }
        Ok(())
    }
}

impl Serialize for Marks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
