//! A table of options as compact text, and the one reader of it.
//!
//! ```text
//! qg-options 1
//! source: where it was read
//! revision: of nixpkgs, where it is known
//! date: 2024-12-19
//! types 2
//! boolean
//! null or string
//! options 3
//! services
//!  openssh
//!   enable⇥0
//! packages 2
//! git
//! gnused
//! ```
//!
//! Each option stands below the one it belongs to, one blank deeper for each level; behind a tab is the
//! row of its type. `<name>` is any key of an attribute set, `*` any element of a list. The numbers say
//! how many lines follow. It is read without being copied: of most tables one look-up needs a few lines.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::types::Type;

/// The first line of a table that this program can read.
pub const MAGIC: &str = "qg-options 1";

/// Why a text is no table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Its line, from 1.
    pub line: usize,
    pub why: &'static str,
}

/// Options with their types, and the names of packages.
#[derive(Debug, Default)]
pub struct Table {
    text: Cow<'static, str>,
    /// Where it was read.
    source: Slice,
    revision: Slice,
    date: Slice,
    types: Vec<Slice>,
    options: Slice,
    packages: Slice,
    /// How many options the text says it has, nodes without a type included.
    rows: usize,
    lines: OnceLock<Vec<Line>>,
    understood: OnceLock<Vec<OnceLock<Type>>>,
}

/// A part of the text, in bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Slice {
    start: usize,
    end: usize,
}

/// A line of the options.
#[derive(Clone, Copy, Debug)]
struct Line {
    name: Slice,
    /// The row of its type.
    phrase: Option<u32>,
    /// The line behind everything that stands below it.
    end: u32,
}

/// One level of the tree: an option, or a part of the way to one.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    table: &'t Table,
    /// None: what is above all options.
    line: Option<u32>,
}

impl Table {
    /// Reads the head; the options themselves are looked at when the first of them is asked for.
    ///
    /// # Errors
    /// Where the text is not a table, or not a whole one.
    pub fn read(text: Cow<'static, str>) -> Result<Table, Malformed> {
        let mut table = Table::default();
        let mut lines = Lines { text: &text, at: 0, line: 0 };
        let wrong = |lines: &Lines<'_>, why| Malformed { line: lines.line, why };
        if lines.next().map(|slice| slice.of(&text)) != Some(MAGIC) {
            return Err(wrong(&lines, "a table of options begins with `qg-options 1`"));
        }
        while let Some(slice) = lines.next() {
            let line = slice.of(&text);
            if let Some((key, value)) = line.split_once(": ") {
                let start = slice.end - value.len();
                let value = Slice { start, end: slice.end };
                match key {
                    "source" => table.source = value,
                    "revision" => table.revision = value,
                    "date" => table.date = value,
                    _ => {}
                }
                continue;
            }
            let Some((section, count)) = line.split_once(' ') else {
                return Err(wrong(&lines, "neither a line of the head nor the begin of a section"));
            };
            let Ok(count) = count.parse::<usize>() else {
                return Err(wrong(&lines, "a section says how many lines it has"));
            };
            let start = lines.at;
            for _ in 0..count {
                let Some(row) = lines.next() else {
                    return Err(wrong(&lines, "the text ends before its section does"));
                };
                if section == "types" {
                    table.types.push(row);
                }
            }
            let whole = Slice { start, end: lines.at };
            match section {
                "types" => {}
                "options" => (table.options, table.rows) = (whole, count),
                "packages" => table.packages = whole,
                _ => return Err(wrong(&lines, "no section of a table of options")),
            }
        }
        if table.rows == 0 {
            return Err(wrong(&lines, "there are no options in it"));
        }
        table.text = text;
        Ok(table)
    }

    /// Where it was read.
    #[must_use]
    pub fn source(&self) -> &str {
        self.source.of(&self.text)
    }

    /// The revision of nixpkgs; empty where it is not known.
    #[must_use]
    pub fn revision(&self) -> &str {
        self.revision.of(&self.text)
    }

    /// The day its nixpkgs is of, as `2024-12-19`; empty where it is not known.
    #[must_use]
    pub fn date(&self) -> &str {
        self.date.of(&self.text)
    }

    /// Whether it knows the names of packages.
    #[must_use]
    pub fn has_packages(&self) -> bool {
        self.packages.start < self.packages.end
    }

    /// Whether nixpkgs has a package (or a set of them) of this name. They are sorted by their bytes.
    #[must_use]
    pub fn has_package(&self, name: &str) -> bool {
        let text = self.packages.of(&self.text).as_bytes();
        let (mut low, mut high) = (0, text.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let before = text.get(low..middle).unwrap_or_default();
            let start =
                before.iter().rposition(|byte| *byte == b'\n').map_or(low, |at| low + at + 1);
            let rest = text.get(start..high).unwrap_or_default();
            let end = rest.iter().position(|byte| *byte == b'\n').map_or(high, |at| start + at);
            match text.get(start..end).unwrap_or_default().cmp(name.as_bytes()) {
                std::cmp::Ordering::Less => low = end + 1,
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Greater => high = start,
            }
        }
        false
    }

    /// The names of all packages, sorted.
    pub fn packages(&self) -> impl Iterator<Item = &str> {
        self.packages.of(&self.text).lines()
    }

    /// What is above all options: `boot`, `services` are its children.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node { table: self, line: None }
    }

    /// All options that have a type, each with its way and the words of its type.
    #[must_use]
    pub fn all(&self) -> Vec<(Vec<&str>, &str)> {
        let mut all = Vec::new();
        let mut way: Vec<(u32, &str)> = Vec::new();
        for (at, line) in self.lines().iter().enumerate() {
            while way.last().is_some_and(|(end, _)| *end as usize <= at) {
                way.pop();
            }
            way.push((line.end, line.name.of(&self.text)));
            let node = Node { table: self, line: Some(at as u32) };
            if let Some(phrase) = node.phrase() {
                all.push((way.iter().map(|(_, name)| *name).collect(), phrase));
            }
        }
        all
    }

    fn lines(&self) -> &[Line] {
        self.lines.get_or_init(|| {
            let mut all: Vec<Line> = Vec::with_capacity(self.rows);
            // The lines that are not over yet, by their depth.
            let mut open: Vec<u32> = Vec::new();
            let mut start = self.options.start;
            for row in self.options.of(&self.text).lines() {
                let name = row.trim_start_matches(' ');
                let depth = row.len() - name.len();
                let (name, phrase) = match name.split_once('\t') {
                    Some((name, phrase)) => (name, phrase.parse().ok()),
                    None => (name, None),
                };
                let here = all.len() as u32;
                for over in open.drain(depth.min(open.len())..) {
                    if let Some(line) = all.get_mut(over as usize) {
                        line.end = here;
                    }
                }
                open.push(here);
                let at = start + depth;
                all.push(Line { name: Slice { start: at, end: at + name.len() }, phrase, end: 0 });
                start += row.len() + 1;
            }
            let count = all.len() as u32;
            for over in open {
                if let Some(line) = all.get_mut(over as usize) {
                    line.end = count;
                }
            }
            all
        })
    }
}

impl<'t> Node<'t> {
    fn line(self) -> Option<&'t Line> {
        self.table.lines().get(self.line? as usize)
    }

    #[must_use]
    pub fn name(self) -> &'t str {
        self.line().map_or("", |line| line.name.of(&self.table.text))
    }

    /// Its type in the manual's words; none for what is only the way to options.
    #[must_use]
    pub fn phrase(self) -> Option<&'t str> {
        let row = self.line()?.phrase? as usize;
        Some(self.table.types.get(row).map_or("anything", |slice| slice.of(&self.table.text)))
    }

    /// Its type, where it is an option.
    #[must_use]
    pub fn ty(self) -> Option<&'t Type> {
        let row = self.line()?.phrase? as usize;
        let all = &self.table.types;
        let known = self.table.understood.get_or_init(|| {
            let mut rows = Vec::new();
            rows.resize_with(all.len(), OnceLock::new);
            rows
        });
        let understood = known.get(row).zip(self.phrase());
        Some(
            understood
                .map_or(&Type::Any, |(known, phrase)| known.get_or_init(|| Type::parse(phrase))),
        )
    }

    /// What stands right below it, in the order of the names.
    pub fn children(self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let lines = self.table.lines();
        let (start, end) = match self.line {
            None => (0, lines.len() as u32),
            Some(line) => (line + 1, self.line().map_or(0, |line| line.end)),
        };
        let table = self.table;
        let mut next = start;
        std::iter::from_fn(move || {
            let line = (next < end).then_some(next)?;
            next = lines.get(line as usize)?.end.max(line + 1);
            Some(Node { table, line: Some(line) })
        })
    }

    #[must_use]
    pub fn child(self, name: &str) -> Option<Node<'t>> {
        self.children().find(|child| child.name() == name)
    }

    #[must_use]
    pub fn is_leaf(self) -> bool {
        self.children().next().is_none()
    }
}

impl Slice {
    fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// The lines of a text with their places.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    /// How many were read.
    line: usize,
}

impl Iterator for Lines<'_> {
    type Item = Slice;

    fn next(&mut self) -> Option<Slice> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = self.at + rest.find('\n').unwrap_or(rest.len());
        let slice = Slice { start: self.at, end };
        self.at = (end + 1).min(self.text.len());
        self.line += 1;
        Some(slice)
    }
}
