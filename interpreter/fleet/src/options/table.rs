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

use super::types::OptionType;

/// The first line of a table that this program can read.
pub const MAGIC: &str = "qg-options 1";

/// Why a text is no table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Its line, from 1; 0 where it is about no line.
    pub line: usize,
    pub why: String,
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
    tree: OnceLock<Tree>,
    understood: OnceLock<Vec<OnceLock<OptionType>>>,
}

/// A part of the text, in bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Slice {
    start: usize,
    end: usize,
}

/// The options by their lines.
#[derive(Debug, Default)]
struct Tree {
    lines: Vec<Line>,
    /// The lines right below each line, one after another; then those at the top.
    below: Vec<u32>,
}

/// A line of the options.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    /// Its name and the row of its type, without the blanks before them.
    text: Slice,
    /// The line above; none at the top.
    parent: Option<u32>,
    /// Where the lines below it stand in `Tree::below`.
    first: u32,
    end: u32,
}

/// One level of the tree: an option, or a part of the way to one.
#[derive(Clone, Copy, Debug)]
pub struct OptionNode<'t> {
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
        let wrong =
            |lines: &Lines<'_>, why: &str| Malformed { line: lines.line, why: why.to_owned() };
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
            let before = lines.line;
            let Ok(count) = count.parse::<usize>() else {
                return Err(wrong(&lines, "a section says how many lines it has"));
            };
            let start = lines.at;
            if section == "types" {
                table.types.extend(lines.by_ref().take(count));
            } else {
                lines.skip_lines(count);
            }
            if lines.line < before + count {
                return Err(wrong(&lines, "the text ends before its section does"));
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
    pub fn root(&self) -> OptionNode<'_> {
        OptionNode { table: self, line: None }
    }

    /// All options that have a type, each with its way and the words of its type.
    #[must_use]
    pub fn all(&self) -> Vec<(Vec<&str>, &str)> {
        let mut all = Vec::new();
        let mut open = vec![(Vec::new(), self.root())];
        while let Some((way, node)) = open.pop() {
            for child in node.children() {
                let mut way = way.clone();
                way.push(child.name());
                if let Some(phrase) = child.phrase() {
                    all.push((way.clone(), phrase));
                }
                open.push((way, child));
            }
        }
        all.sort();
        all
    }

    fn tree(&self) -> &Tree {
        self.tree.get_or_init(|| Tree::new(&self.text, self.options, self.rows))
    }
}

impl Tree {
    fn new(text: &str, options: Slice, rows: usize) -> Tree {
        let bytes = text.as_bytes().get(..options.end).unwrap_or_default();
        let mut lines: Vec<Line> = Vec::with_capacity(rows);
        // The line around, for each depth.
        let mut open: Vec<u32> = Vec::new();
        let mut at = options.start;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let depth = rest.iter().take_while(|byte| **byte == b' ').count().min(length);
            open.truncate(depth);
            let text = Slice { start: at + depth, end: at + length };
            let here = lines.len() as u32;
            lines.push(Line { text, parent: open.last().copied(), first: 0, end: 0 });
            open.push(here);
            at += length + 1;
        }
        // Room for the children of each line, those at the top behind all others; then they take it.
        let parents: Vec<Option<u32>> = lines.iter().map(|line| line.parent).collect();
        for parent in parents.iter().flatten() {
            if let Some(line) = lines.get_mut(*parent as usize) {
                line.end += 1;
            }
        }
        let mut top = 0;
        for line in &mut lines {
            let count = line.end;
            (line.first, line.end) = (top, top);
            top += count;
        }
        let mut below = vec![0; lines.len()];
        for (here, parent) in parents.into_iter().enumerate() {
            let end = match parent.and_then(|parent| lines.get_mut(parent as usize)) {
                Some(line) => &mut line.end,
                None => &mut top,
            };
            if let Some(place) = below.get_mut(*end as usize) {
                *place = here as u32;
            }
            *end += 1;
        }
        Tree { lines, below }
    }

    /// The lines right below one; without one, those at the top.
    fn below(&self, line: Option<u32>) -> &[u32] {
        let (first, end) = match line.map(|line| self.lines.get(line as usize)) {
            Some(Some(line)) => (line.first as usize, line.end as usize),
            Some(None) => (0, 0),
            None => (self.lines.last().map_or(0, |_| self.top()), self.below.len()),
        };
        self.below.get(first..end).unwrap_or_default()
    }

    /// Where those at the top begin: behind the children of the last line.
    fn top(&self) -> usize {
        self.lines.last().map_or(0, |line| line.end as usize)
    }
}

impl<'t> OptionNode<'t> {
    /// Its name, and the row of its type.
    fn text(self) -> (&'t str, Option<usize>) {
        let line = self.line.and_then(|line| self.table.tree().lines.get(line as usize));
        let text = line.map_or("", |line| line.text.of(&self.table.text));
        match text.split_once('\t') {
            Some((name, row)) => (name, row.parse().ok()),
            None => (text, None),
        }
    }

    #[must_use]
    pub fn name(self) -> &'t str {
        self.text().0
    }

    /// Its type in the manual's words; none for what is only the way to options.
    #[must_use]
    pub fn phrase(self) -> Option<&'t str> {
        let row = self.text().1?;
        Some(self.table.types.get(row).map_or("anything", |slice| slice.of(&self.table.text)))
    }

    /// Its type, where it is an option.
    #[must_use]
    pub fn ty(self) -> Option<&'t OptionType> {
        let row = self.text().1?;
        let all = &self.table.types;
        let known = self.table.understood.get_or_init(|| {
            let mut rows = Vec::new();
            rows.resize_with(all.len(), OnceLock::new);
            rows
        });
        let understood = known.get(row).zip(self.phrase());
        Some(understood.map_or(&OptionType::Any, |(known, phrase)| {
            known.get_or_init(|| OptionType::parse(phrase))
        }))
    }

    /// What stands right below it, in the order of the names.
    pub fn children(self) -> impl Iterator<Item = OptionNode<'t>> + use<'t> {
        let table = self.table;
        let below = table.tree().below(self.line);
        below.iter().map(move |line| OptionNode { table, line: Some(*line) })
    }

    /// The one of this name right below it: they are sorted.
    #[must_use]
    pub fn child(self, name: &str) -> Option<OptionNode<'t>> {
        let table = self.table;
        let below = table.tree().below(self.line);
        let node = |line: &u32| OptionNode { table, line: Some(*line) };
        let place = below.binary_search_by(|line| node(line).name().cmp(name)).ok()?;
        below.get(place).map(node)
    }

    #[must_use]
    pub fn is_leaf(self) -> bool {
        self.table.tree().below(self.line).is_empty()
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

impl Lines<'_> {
    /// Goes on behind some lines, or to the end.
    fn skip_lines(&mut self, count: usize) {
        let mut left = count;
        let bytes = self.text.as_bytes();
        while left > 0 && self.at < bytes.len() {
            // Whole blocks are counted faster than lines are looked for.
            let block = bytes.get(self.at..self.at + 1024).unwrap_or_default();
            let inside = block.iter().filter(|byte| **byte == b'\n').count();
            if !block.is_empty() && inside < left {
                (self.at, self.line, left) =
                    (self.at + block.len(), self.line + inside, left - inside);
                continue;
            }
            let rest = bytes.get(self.at..).unwrap_or_default();
            let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            self.at = (self.at + length + 1).min(bytes.len());
            self.line += 1;
            left -= 1;
        }
    }
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
