//! Files such as sops writes, with made-up ciphertext: nothing opens them, and nothing is in them.

use std::collections::BTreeMap;
use std::fmt::Write;

/// What stands in place of any value.
pub const VALUE: &str = "ENC[AES256_GCM,data:OBnaDN2As0odX31F8eGd1bOcVXrYFwK4,iv:yvaJ83aeWlysCAtTvX5jfPcSCLUSBlhKbETgix6vRu4=,tag:UZz3A4mKmVUM/IIXScCsvw==,type:str]";

/// What sops writes of its own, with ciphertext of nobody's.
pub const OWN: &str = "sops:\n    lastmodified: \"2026-01-01T00:00:00Z\"\n    mac: ENC[AES256_GCM,data:GVmlwaJI,iv:4uMuRt917VtXsJ8ZQpKzB1fEwA0mNcYdLr6oTgHi2uk=,tag:RP+0vVPchTBjw3yWyoVeEQ==,type:str]\n    unencrypted_suffix: _unencrypted\n    version: 3.10.2\n";

/// Stands in a test for the text of a file that is [`holding`] what the test's fleet names.
pub const MADE: &str = "sops";

#[derive(Default)]
struct Tree<'k>(BTreeMap<&'k str, Tree<'k>>);

impl Tree<'_> {
    fn write(&self, depth: usize, text: &mut String) {
        for (key, below) in &self.0 {
            let indent = "    ".repeat(depth);
            match below.0.is_empty() {
                true => writeln!(text, "{indent}{key}: {VALUE}"),
                false => writeln!(text, "{indent}{key}:"),
            }
            .expect("a text takes everything");
            below.write(depth + 1, text);
        }
    }
}

/// A file in YAML with these keys; `a/b` is `b` below `a`.
///
/// # Panics
/// Never.
#[must_use]
pub fn file<'k>(keys: impl IntoIterator<Item = &'k str>) -> String {
    let mut tree = Tree::default();
    for key in keys {
        let mut place = &mut tree;
        for part in key.split('/') {
            place = place.0.entry(part).or_default();
        }
    }
    let mut text = String::new();
    tree.write(0, &mut text);
    text + OWN
}

/// The text of a file beside the sources of a fleet.
#[must_use]
pub fn text_of(text: &str, fleet: &str) -> String {
    if text.trim_end() == MADE { holding(fleet) } else { text.to_owned() }
}

/// A file with every key that the secrets of a fleet name: what stands behind `key =`.
#[must_use]
pub fn holding(fleet: &str) -> String {
    let named = fleet.match_indices("key").filter_map(|(at, word)| {
        let behind = fleet.get(at + word.len()..)?.trim_start().strip_prefix('=')?;
        behind.trim_start().strip_prefix('"')?.split_once('"').map(|(key, _)| key)
    });
    file(named)
}
