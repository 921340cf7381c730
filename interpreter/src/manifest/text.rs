//! The manifest as text: JSON with one source, file and origin per line, so that it can be compared.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{FileEntry, MADE_BY, Manifest, OriginRow, SourcePlace, VERSION};

impl Manifest {
    /// The text of `manifest.json`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Manifest { made_by, version, sources, files, origins } = self;
        let mut text = format!("{{\"made_by\":{},\"version\":{version}", json(made_by));
        section(&mut text, "sources", '[', ']', sources.iter().map(json));
        let entries = files.iter().map(|(path, entry)| format!("{}:{}", json(path), json(entry)));
        section(&mut text, "files", '{', '}', entries);
        section(&mut text, "origins", '[', ']', origins.iter().map(json));
        text.push_str("}\n");
        text
    }

    /// Reads a manifest that this program wrote; none for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Manifest> {
        let manifest: Manifest = serde_json::from_str(text).ok()?;
        (manifest.made_by == MADE_BY && manifest.version == VERSION).then_some(manifest)
    }

    /// Whether a text is a manifest of this program, of any version.
    #[must_use]
    pub fn is_ours(text: &str) -> bool {
        serde_json::from_str::<serde_json::Value>(text)
            .is_ok_and(|value| value.get("made_by").is_some_and(|it| it == MADE_BY))
    }

    /// Takes over files of an earlier manifest, with all their lines' origins.
    pub fn adopt<'a>(&mut self, earlier: &Manifest, paths: impl IntoIterator<Item = &'a str>) {
        let mut moved = Adoption {
            sources: self.sources.iter().cloned().zip(0..).collect(),
            rows: self.origins.iter().cloned().zip(0..).collect(),
            done: BTreeMap::new(),
        };
        for path in paths {
            let Some(entry) = earlier.files.get(path) else { continue };
            let lines = entry.lines.iter().map(|line| moved.rows(self, earlier, line)).collect();
            self.files.insert(path.to_owned(), FileEntry { sha256: entry.sha256.clone(), lines });
        }
    }
}

struct Adoption {
    sources: BTreeMap<String, u32>,
    rows: BTreeMap<OriginRow, u32>,
    /// New number of each old row.
    done: BTreeMap<u32, u32>,
}

impl Adoption {
    fn rows(&mut self, new: &mut Manifest, earlier: &Manifest, rows: &[u32]) -> Vec<u32> {
        let mut moved = Vec::with_capacity(rows.len());
        for row in rows {
            moved.extend(self.row(new, earlier, *row));
        }
        moved
    }

    /// Moves a row and what it leads to. In a sound table that stands before it; a manifest that
    /// somebody changed may say otherwise, and such ways are left out.
    fn row(&mut self, new: &mut Manifest, earlier: &Manifest, number: u32) -> Option<u32> {
        let mut stack = vec![(number, false)];
        while let Some((number, ready)) = stack.pop() {
            let Some(row) = earlier.origins.get(number as usize) else { continue };
            let sound = |it: &&u32| **it < number;
            let ways = || row.parents.iter().chain(&row.lost).filter(sound);
            if ready {
                let moved = |of: &[u32]| {
                    of.iter().filter(sound).filter_map(|it| self.done.get(it).copied()).collect()
                };
                let (parents, lost) = (moved(&row.parents), moved(&row.lost));
                let Some(path) = earlier.sources.get(row.at.source as usize) else { continue };
                let at = SourcePlace { source: self.source(new, path), ..row.at };
                let row = OriginRow { at, how: row.how.clone(), parents, lost };
                let next = new.origins.len() as u32;
                let place = *self.rows.entry(row.clone()).or_insert(next);
                if place == next {
                    new.origins.push(row);
                }
                self.done.insert(number, place);
            } else if !self.done.contains_key(&number) {
                stack.push((number, true));
                stack.extend(ways().rev().map(|it| (*it, false)));
            }
        }
        self.done.get(&number).copied()
    }

    fn source(&mut self, new: &mut Manifest, path: &str) -> u32 {
        if let Some(number) = self.sources.get(path) {
            return *number;
        }
        let number = new.sources.len() as u32;
        new.sources.push(path.to_owned());
        self.sources.insert(path.to_owned(), number);
        number
    }
}

fn section(
    text: &mut String,
    name: &str,
    open: char,
    close: char,
    entries: impl Iterator<Item = String>,
) {
    text.push_str(",\n\"");
    text.push_str(name);
    text.push_str("\":");
    text.push(open);
    for (index, entry) in entries.enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&entry);
    }
    text.push('\n');
    text.push(close);
}

/// Strings, numbers and lists of them are never refused as JSON.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
