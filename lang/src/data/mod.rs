//! Data that lies beside the sources, as JSON, YAML, TOML or CSV: `import ./machines.json as machines: {Machine}`.
//!
//! A reader gives a [`Datum`] with the place of each part. [`shape`] brings it into the type that is stated and gives
//! the expression that one would have written in a source, with the places of the data: so everything that is known of
//! literals holds for it, and whoever asks who said a value is led into the file.

mod csv;
mod files;
mod json;
mod settings;
pub(crate) mod shape;
mod toml;
mod yaml;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use files::{Opened, open};
pub(crate) use settings::settings;

use crate::ast::Name;
use crate::diagnostic::codes::names;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::SourceFile;
use crate::span::Span;
use crate::stack::MAX_NESTING;

/// How large a file of data may be.
pub(crate) const MAX_BYTES: usize = 4 * 1024 * 1024;

/// How many values one file may come to. YAML says one of them many times with a few letters.
const MAX_VALUES: usize = 500_000;

/// So much wrong with one file is told.
const MAX_FOUND: usize = 100;

/// The formats, by the ending of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Yaml,
    Toml,
    Csv,
}

impl Format {
    pub(crate) fn of(path: &str) -> Option<Format> {
        match path.rsplit_once('.').map(|(_, ending)| ending)? {
            "json" => Some(Format::Json),
            "yaml" | "yml" => Some(Format::Yaml),
            "toml" => Some(Format::Toml),
            "csv" => Some(Format::Csv),
            _ => None,
        }
    }
}

/// A value as it stands in a file.
#[derive(Clone, Debug)]
pub(crate) struct Datum {
    pub(crate) kind: DatumKind,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum DatumKind {
    /// `null`
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Arc<str>),
    /// A text of a format that has nothing but text.
    Cell(Arc<str>),
    List(Vec<Datum>),
    Record(Vec<(Name, Datum)>),
    /// Rows below a header.
    Table(Vec<Name>, Vec<Row>),
    /// What was reported.
    Wrong,
}

/// The cells of one line, those that say something alone, each with the number of its column.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) cells: Vec<(usize, Datum)>,
    pub(crate) span: Span,
}

/// Reads a file. What is wrong with it is told, and the rest is there all the same, as far as its format lets one know it.
pub(crate) fn read(format: Format, source: &SourceFile) -> (Datum, Vec<Diagnostic>) {
    let mut reader = Reader { source, found: Vec::new(), left: MAX_VALUES, told: false };
    // Editors write it at the start of a file; it is no part of what the file says.
    let start = if source.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let text = source.text.get(start..).unwrap_or_default();
    let datum = match format {
        Format::Json => json::read(&mut reader, text, start),
        Format::Yaml => yaml::read(&mut reader, text, start),
        Format::Toml => toml::read(&mut reader, text, start),
        Format::Csv => csv::read(&mut reader, text, start),
    };
    (datum, reader.found)
}

/// What the readers have in common.
struct Reader<'s> {
    source: &'s SourceFile,
    found: Vec<Diagnostic>,
    /// How many values there may still be.
    left: usize,
    /// Whether it was told that there are more.
    told: bool,
}

impl Reader<'_> {
    /// The place between two bytes of the file, moved onto characters.
    fn span(&self, start: usize, end: usize) -> Span {
        let fit = |at: usize| {
            let mut at = at.min(self.source.text.len());
            while !self.source.text.is_char_boundary(at) {
                at -= 1;
            }
            at as u32
        };
        Span::new(self.source.id, fit(start), fit(end))
    }

    fn say(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < MAX_FOUND {
            self.found.push(diagnostic);
        }
    }

    fn wrong(&mut self, code: Code, span: Span, message: impl Into<String>) -> Datum {
        self.say(Diagnostic::error(code, span, message));
        Datum { kind: DatumKind::Wrong, span }
    }

    /// What cannot be read at all, in the words of whoever tried.
    fn unreadable(&mut self, span: Span, format: &str, why: &str) -> Datum {
        let why = why.trim().trim_end_matches('.');
        self.wrong(names::DATA_FORM, span, format!("this is no {format}: {why}"))
    }

    /// Whether there may be so many values more.
    fn take(&mut self, values: usize, span: Span) -> bool {
        if let Some(left) = self.left.checked_sub(values) {
            self.left = left;
            return true;
        }
        self.left = 0;
        if !std::mem::replace(&mut self.told, true) {
            let message = format!("this file comes to more than {MAX_VALUES} values");
            self.wrong(names::DATA_LARGE, span, message);
        }
        false
    }

    /// Whether something may nest so deep.
    fn shallow(&mut self, depth: usize, span: Span) -> bool {
        if depth <= MAX_NESTING {
            return true;
        }
        let message = format!("this nests more than {MAX_NESTING} deep");
        self.wrong(names::DATA_LARGE, span, message);
        false
    }

    /// Leaves out what a record says a second time.
    fn keys(&mut self, all: Vec<(Name, Datum)>) -> Vec<(Name, Datum)> {
        let mut seen: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        let mut kept = Vec::with_capacity(all.len());
        for (name, value) in all {
            match seen.get(&name.text) {
                Some(first) => {
                    let message = format!("`{}` stands here twice", name.text);
                    let first = *first;
                    self.say(
                        Diagnostic::error(names::DATA_KEY, name.span, message)
                            .also(first, "first here")
                            .help("remove one of the two: programs differ in which one they take"),
                    );
                }
                None => {
                    seen.insert(Arc::clone(&name.text), name.span);
                    kept.push((name, value));
                }
            }
        }
        kept
    }

    /// A whole number, or none that the language has.
    fn int(&mut self, text: &str, radix: u32, span: Span) -> Datum {
        match i64::from_str_radix(text.strip_prefix('+').unwrap_or(text), radix) {
            Ok(number) => Datum { kind: DatumKind::Int(number), span },
            Err(_) => {
                let message = format!("{} has no room in 64 bits", self.source.slice(span));
                self.wrong(names::DATA_VALUE, span, message)
            }
        }
    }

    /// A number with a fraction; `NaN` and the infinities are none.
    fn float(&mut self, text: &str, span: Span) -> Datum {
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Datum { kind: DatumKind::Float(number), span },
            Ok(_) | Err(_) => {
                let message = format!("`{}` is no number here", self.source.slice(span));
                self.wrong(names::DATA_VALUE, span, message)
            }
        }
    }
}

#[cfg(test)]
mod tests;
