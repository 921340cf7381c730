//! Makes the compact text of a table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::table::MAGIC;

/// What a table is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Lines of the head: `source`, `revision`, `date` are read back, others are for people.
    pub head: Vec<(String, String)>,
    /// Each option by its way, with its type in the manual's words.
    pub options: BTreeMap<Vec<String>, String>,
    /// The names of packages.
    pub packages: Vec<String>,
}

impl Draft {
    /// The table as text: the same for the same content, in whatever order it was put together.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{MAGIC}\n");
        for (key, value) in &self.head {
            let _ = writeln!(text, "{key}: {}", one_line(value));
        }
        let rows = self.rows();
        section(&mut text, "types", rows.iter().map(|(phrase, _)| one_line(phrase)).collect());
        let row: BTreeMap<&str, usize> =
            rows.iter().enumerate().map(|(row, (phrase, _))| (*phrase, row)).collect();
        section(&mut text, "options", self.lines(&row));
        let plain = |name: &&String| !name.is_empty() && !name.contains(['\n', '\r']);
        let mut packages: Vec<String> = self.packages.iter().filter(plain).cloned().collect();
        packages.sort();
        packages.dedup();
        if !packages.is_empty() {
            section(&mut text, "packages", packages);
        }
        text
    }

    /// The types with how often each is there, frequent ones first: so that a new one moves few others.
    fn rows(&self) -> Vec<(&str, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for phrase in self.options.values() {
            *counts.entry(phrase).or_default() += 1;
        }
        let mut rows: Vec<(&str, usize)> = counts.into_iter().collect();
        rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        rows
    }

    fn lines(&self, row: &BTreeMap<&str, usize>) -> Vec<String> {
        let mut lines = Vec::new();
        let mut before: &[String] = &[];
        for (way, phrase) in &self.options {
            // A line holds neither; no option of NixOS does.
            if way.iter().any(|part| part.is_empty() || part.contains(['\n', '\r', '\t'])) {
                continue;
            }
            let shared = way.iter().zip(before).take_while(|(a, b)| a == b).count();
            for (depth, part) in way.iter().enumerate().skip(shared) {
                let mut line = format!("{}{part}", " ".repeat(depth));
                if depth + 1 == way.len()
                    && let Some(row) = row.get(phrase.as_str())
                {
                    let _ = write!(line, "\t{row}");
                }
                lines.push(line);
            }
            before = way;
        }
        lines
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn section(text: &mut String, name: &str, lines: Vec<String>) {
    let _ = writeln!(text, "{name} {}", lines.len());
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
}
