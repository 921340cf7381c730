//! `sops.yaml`: who each file with secrets is encrypted for: people, and the hosts that use something of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{OutputFile, Target};
use crate::fleet::Fleet;
use crate::fleet::leaf::{At, OriginId};
use crate::formats::Tree;
use crate::formats::tree::Entries;
use crate::formats::yaml::{self, Style};

pub const TARGET: Target = Target { name: "recipients", render };

const COMMENT: &[&str] = &[
    "Made by qgc from the sources of the fleet; changes made here are lost.",
    "",
    "    sops --config build/sops.yaml updatekeys secrets/secrets.yaml",
];

fn render(fleet: &Fleet) -> Vec<OutputFile> {
    let mut files: BTreeMap<&str, BTreeMap<&str, OriginId>> = BTreeMap::new();
    let people = &fleet.model.fleet.recipients;
    let mut known = !people.is_empty();
    for (name, host) in &fleet.model.host {
        for key in fleet.secrets_on(name).keys() {
            let secret = fleet.model.secret.get(key);
            let Some(file) = secret.and_then(|it| it.file.as_ref()) else { continue };
            let of = files.entry(file).or_default();
            of.extend(people.iter().map(|it| (it.value.as_str(), it.origin)));
            if let Some(recipient) = &host.age.recipient {
                known = true;
                of.insert(&recipient.value, recipient.origin);
            }
        }
    }
    // Where nobody says a key, there is nothing to say about them.
    if !known {
        return Vec::new();
    }
    let rules = files.iter().filter(|(_, keys)| !keys.is_empty()).map(|(file, keys)| {
        let mut rule = Entries::new();
        let by = keys.values().next().copied().unwrap_or_default();
        let origins: BTreeSet<OriginId> = keys.values().copied().collect();
        let pattern = At::new(format!("(^|/){}$", literal(file)), by);
        rule.put("path_regex", Tree::text(pattern.value, pattern.origin));
        let list: Vec<&str> = keys.keys().copied().collect();
        let mut keys = Tree::text(list.join(","), by);
        keys.origins = origins.into_iter().collect();
        rule.put("age", keys);
        rule.tree(by)
    });
    let mut root = Entries::new();
    let first = files.values().find_map(|keys| keys.values().next().copied());
    root.put("creation_rules", Tree::list(rules.collect(), first.unwrap_or_default()));
    let document = yaml::write(&root.tree(OriginId::default()), COMMENT, Style::default());
    vec![document.file("sops.yaml")]
}

/// A path as a regular expression that matches it alone.
fn literal(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/_- ".contains(c);
    let mut all = String::new();
    for c in path.chars() {
        if !plain(c) {
            all.push('\\');
        }
        all.push(c);
    }
    all
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_matches_itself() {
        assert_eq!(super::literal("secrets/a-b.x+y.yaml"), "secrets/a-b\\.x\\+y\\.yaml");
    }
}
