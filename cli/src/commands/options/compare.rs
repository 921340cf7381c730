//! How a new table differs from the one that is kept.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use qg_interpreter::fleet::options::table::Table;
use qg_interpreter::fleet::options::write::Draft;

/// What changes.
pub(super) struct Changes {
    options: usize,
    packages: usize,
    /// Each as a line: what it is, and its name.
    new: Vec<String>,
    gone: Vec<String>,
    other: Vec<String>,
}

impl Changes {
    /// Compares with the text that is kept, where it is a table.
    pub(super) fn new(kept: Option<String>, draft: &Draft) -> Changes {
        let kept = kept.and_then(|text| Table::read(Cow::Owned(text)).ok()).unwrap_or_default();
        // Through the text, so that both are read alike.
        let fresh = Table::read(Cow::Owned(draft.text())).unwrap_or_default();
        let (before, after) = (by_name(&kept), by_name(&fresh));
        let mut changes = Changes {
            options: after.len(),
            packages: fresh.packages().count(),
            new: Vec::new(),
            gone: Vec::new(),
            other: Vec::new(),
        };
        for (name, phrase) in &after {
            match before.get(name) {
                None => changes.new.push(format!("{name}: {phrase}")),
                Some(old) if old != phrase => {
                    changes.other.push(format!("{name}: {old} → {phrase}"));
                }
                Some(_) => {}
            }
        }
        changes.gone.extend(before.keys().filter(|name| !after.contains_key(*name)).cloned());
        let before: BTreeSet<&str> = kept.packages().collect();
        let after: BTreeSet<&str> = fresh.packages().collect();
        changes.new.extend(after.difference(&before).map(|name| format!("pkgs.{name}")));
        changes.gone.extend(before.difference(&after).map(|name| format!("pkgs.{name}")));
        changes
    }

    /// `20362 options and 24000 packages (3 new, 1 gone, 2 of another type)`
    pub(super) fn counted(&self) -> String {
        let (new, gone, other) = (self.new.len(), self.gone.len(), self.other.len());
        format!(
            "{} options and {} packages ({new} new, {gone} gone, {other} of another type)",
            self.options, self.packages
        )
    }

    /// A line for each.
    pub(super) fn listed(&self) -> String {
        let marked = [("+", &self.new), ("-", &self.gone), ("~", &self.other)];
        let lines = marked.iter().flat_map(|(mark, all)| all.iter().map(move |it| (mark, it)));
        lines.map(|(mark, line)| format!("{mark} {line}\n")).collect()
    }
}

/// The types of all options, by their names.
fn by_name(table: &Table) -> BTreeMap<String, &str> {
    let part = |part: &&str| {
        if part.contains('.') { format!("\"{part}\"") } else { (*part).to_owned() }
    };
    let name = |way: Vec<&str>| way.iter().map(part).collect::<Vec<_>>().join(".");
    table.all().into_iter().map(|(way, phrase)| (name(way), phrase)).collect()
}
