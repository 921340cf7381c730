//! Secrets that a text names by the paths where they lie.

use std::collections::{BTreeMap, BTreeSet};

use super::Model;
use super::leaf::At;
use super::secret::Secret;

/// Where the secrets of a fleet lie.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecretPaths {
    /// The secrets at each path.
    at: BTreeMap<String, Vec<String>>,
    /// Bytes of the longest path.
    longest: usize,
    /// Paths of odd characters, which are looked for one by one; there are hardly any.
    odd: Vec<String>,
}

impl SecretPaths {
    pub(super) fn of(secrets: &BTreeMap<String, At<Secret>>) -> SecretPaths {
        let mut all = SecretPaths::default();
        for (key, secret) in secrets {
            all.at.entry(secret.path.value.clone()).or_default().push(key.clone());
        }
        all.longest = all.at.keys().map(String::len).max().unwrap_or(0);
        all.odd = all.at.keys().filter(|path| !path.chars().all(goes_on)).cloned().collect();
        all
    }

    fn named_in<'f>(&'f self, text: &str) -> BTreeSet<&'f str> {
        let plain = paths_in(text, self.longest).filter_map(|path| self.at.get_key_value(path));
        let odd = self.odd.iter().filter(|path| names_path(text, path));
        plain.map(|(path, _)| path.as_str()).chain(odd.map(String::as_str)).collect()
    }
}

impl Model {
    /// The keys of the secrets whose paths a text names, by path.
    pub fn secrets_named_in<'f>(
        &'f self,
        text: &str,
    ) -> impl Iterator<Item = &'f String> + use<'f> {
        let paths = &self.places().secret_paths;
        let named = paths.named_in(text).into_iter();
        named.filter_map(|path| paths.at.get(path)).flatten()
    }
}

/// What paths are made of, mostly.
fn goes_on(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/._-".contains(c)
}

/// What in a text may be a path, of so many bytes at most: from each slash to where paths end.
fn paths_in(text: &str, longest: usize) -> impl Iterator<Item = &str> {
    text.match_indices('/').filter_map(move |(at, _)| {
        let rest = text.get(at..)?;
        let part = rest.bytes().take(longest + 1).take_while(|byte| goes_on(char::from(*byte)));
        rest.get(..part.count()).filter(|part| part.len() <= longest)
    })
}

/// Whether a path stands in a text, and not only as the beginning of another one.
fn names_path(text: &str, path: &str) -> bool {
    !path.is_empty()
        && text.match_indices(path).any(|(at, _)| {
            !text.get(at + path.len()..).is_some_and(|rest| rest.starts_with(goes_on))
        })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_is_named_as_a_whole() {
        let names = |text| super::names_path(text, "/run/secrets/app");
        assert!(names("/run/secrets/app") && names("key:/run/secrets/app, x") && !names(""));
        assert!(!names("/run/secrets/app/env") && !names("/run/secrets/app2"));
        assert!(names("/run/secrets/app2 /run/secrets/app"));
        let paths = |text| super::paths_in(text, 12).collect::<Vec<_>>();
        assert_eq!(
            paths("x:/run/app, /an/longer/path"),
            ["/run/app", "/app", "/longer/path", "/path"]
        );
        assert!(paths("é").is_empty());
    }
}
