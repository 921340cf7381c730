//! `sops.yaml`: who each file with secrets is encrypted for: people, and the hosts that use something of it.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::leaf::{At, OriginId};
use qg_formats::Tree;
use qg_formats::tree::Entries;
use qg_formats::yaml::{self, Style};

use super::sealed::word;
use super::{OutputFile, Target};
use crate::Prepared;

pub const TARGET: Target = Target { name: "recipients", files: render, checks: &[] };

const COMMENT: &str = "Made by qgc from the sources of the fleet; changes made here are lost.";

/// What is done with a file of the fleet after its keys changed; nothing where no line can name it.
fn command(file: &str) -> Option<String> {
    let file = word(file);
    let is_line = !file.contains(char::is_control);
    is_line.then(|| format!("    sops --config build/sops.yaml updatekeys {file}"))
}

fn render(fleet: &Prepared<'_>) -> Vec<OutputFile> {
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
    for name in fleet.model.host.keys() {
        for it in fleet.model.opened_in_sessions(name) {
            let secret = it.secret(&fleet.model).map(|(_, secret)| secret);
            let Some(file) = secret.and_then(|it| it.file.as_ref()) else { continue };
            let of = files.entry(file).or_default();
            of.extend(people.iter().map(|it| (it.value.as_str(), it.origin)));
            let homes = fleet.model.homes_on(name).filter(|home| home.user == it.user);
            let parts = homes.flat_map(|home| home.parts);
            for recipient in parts.filter_map(|(_, part)| part.age.recipient.as_ref()) {
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
    let ruled = files.iter().filter(|(_, keys)| !keys.is_empty());
    let commands: Vec<String> = ruled.filter_map(|(file, _)| command(file)).collect();
    let mut comment = vec![COMMENT];
    if !commands.is_empty() {
        comment.push("");
        comment.extend(commands.iter().map(String::as_str));
    }
    let document = yaml::write(&root.tree(OriginId::default()), &comment, Style::default());
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
    fn the_command_names_the_file_and_stays_one_line() {
        let of = |file| super::command(file).unwrap_or_default();
        assert_eq!(of("a/b.yaml"), "    sops --config build/sops.yaml updatekeys a/b.yaml");
        assert!(of("a b's.yaml").ends_with("updatekeys 'a b'\\''s.yaml'"));
        assert_eq!(super::command("a\nb: c"), None);
    }

    #[test]
    fn a_path_matches_itself() {
        assert_eq!(super::literal("secrets/a-b.x+y.yaml"), "secrets/a-b\\.x\\+y\\.yaml");
    }
}
