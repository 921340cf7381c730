//! Names inside generated files, made from keys that may hold anything.
//!
//! Keys that are joined (`app` and `admin-web`) can make one name with others (`app-admin` and `web`): what a name is
//! given for is therefore the list of its parts.

use std::collections::{BTreeMap, BTreeSet};

/// Gives each key a name of harmless characters, and no two keys the same one.
#[derive(Clone, Debug, Default)]
pub struct Names {
    given: BTreeMap<Vec<String>, String>,
    taken: BTreeSet<String>,
}

impl Names {
    /// The name of a key: its letters, digits, `-` and `_`, and `-` for everything else.
    pub fn name(&mut self, key: &str) -> String {
        self.joined(&[key])
    }

    /// The name of a key of several parts, with `-` between them.
    pub fn joined(&mut self, parts: &[&str]) -> String {
        self.named(parts, &parts.join("-"))
    }

    /// The name of a key, as near as can be to a wanted one.
    pub fn named(&mut self, parts: &[&str], wanted: &str) -> String {
        let key = owned(parts);
        if let Some(name) = self.given.get(&key) {
            return name.clone();
        }
        let name = self.fresh(wanted);
        self.given.insert(key, name.clone());
        name
    }

    /// The name that a key has been given; the key's own characters where it has none.
    #[must_use]
    pub fn given(&self, parts: &[&str]) -> String {
        let name = self.given.get(&owned(parts)).cloned();
        name.unwrap_or_else(|| plain(&parts.join("-")))
    }

    /// A name like this that nothing else has.
    pub fn fresh(&mut self, wanted: &str) -> String {
        let plain = plain(wanted);
        let mut name = plain.clone();
        let mut count = 2;
        // Some programs do not tell names apart by the case of their letters.
        while name.is_empty() || !self.taken.insert(name.to_ascii_lowercase()) {
            name = format!("{plain}-{count}");
            count += 1;
        }
        name
    }
}

fn owned(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

fn plain(text: &str) -> String {
    let harmless = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    text.chars().map(harmless).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless_and_distinct() {
        let mut names = Names::default();
        let keys = ["a.b", "a b", "A-B", "a.b", "", "é"];
        let given: Vec<String> = keys.iter().map(|key| names.name(key)).collect();
        assert_eq!(given, ["a-b", "a-b-2", "A-B-3", "a-b", "-2", "-"]);
        assert_eq!(names.fresh("a b"), "a-b-4");
    }

    #[test]
    fn joined_keys_are_told_apart() {
        let mut names = Names::default();
        let keys = [["app", "admin-web"], ["app-admin", "web"], ["app", "admin-web"]];
        let given: Vec<String> = keys.iter().map(|key| names.joined(key)).collect();
        assert_eq!(given, ["app-admin-web", "app-admin-web-2", "app-admin-web"]);
        assert_eq!(names.given(&["app-admin", "web"]), "app-admin-web-2");
        assert_eq!(names.name("app-admin-web"), "app-admin-web-3");
    }
}
