//! Names inside generated files, made from keys that may hold anything.

use std::collections::{BTreeMap, BTreeSet};

/// Gives each key a name of harmless characters, and no two keys the same one.
#[derive(Clone, Debug, Default)]
pub struct Names {
    given: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Names {
    /// The name of a key: its letters, digits, `-` and `_`, and `-` for everything else.
    pub fn name(&mut self, key: &str) -> String {
        if let Some(name) = self.given.get(key) {
            return name.clone();
        }
        let name = self.fresh(key);
        self.given.insert(key.to_owned(), name.clone());
        name
    }

    /// The name that a key has been given; the key's own characters where it has none.
    #[must_use]
    pub fn given(&self, key: &str) -> String {
        self.given.get(key).map_or_else(|| plain(key), String::clone)
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
}
