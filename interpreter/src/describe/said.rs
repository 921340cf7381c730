//! Who said a value: the sayings that count, what they were made of, and those that lost.

use std::collections::BTreeSet;

use qg_evaluation::value::Val;
use qg_fleet::leaf::{OriginId, Rung};
use qg_fleet::origin::{How, Origins};
use qg_lang::source::SourceMap;
use qg_lang::span::{FileId, Span};

use super::places::Places;

/// The part that a place has in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It says the value, or a share of a set.
    Won,
    /// What a saying was made of, and the loops and calls around it; so many steps behind it.
    Behind(usize),
    /// It says something else, more weakly.
    Lost,
}

/// One place that had its say about a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub span: Span,
    pub how: How,
    pub part: Part,
    /// Of a saying behind: what it says, as `service.sonarr.ports.web`.
    pub path: Option<String>,
}

impl Said {
    /// How it is said, in words that a place may follow.
    #[must_use]
    pub fn words(&self) -> String {
        let words = match self.how {
            How::Said(rung) => rung_words(rung),
            How::Extended(Rung::Override) => "`override` in an `extend`",
            How::Extended(Rung::Default) => "`default` in an `extend`",
            How::Extended(Rung::SchemaDefault | Rung::KindDefault | Rung::Plain) => "`extend`",
            How::Called => "called at",
            How::Looped => "in the loop at",
            How::Chosen => "under the condition at",
            How::Written | How::Computed => "written",
        };
        match (self.part, &self.path) {
            (Part::Behind(_), Some(path)) => format!("from {path}, {words}"),
            (Part::Behind(_), None) if self.is_source() => "from".to_owned(),
            (Part::Behind(_), None) | (Part::Won | Part::Lost, _) => words.to_owned(),
        }
    }

    /// Whether it holds what the value was made of, and is not what was done with it.
    pub(super) fn is_source(&self) -> bool {
        is_definition(self.how) || self.is_made()
    }

    pub(super) fn is_made(&self) -> bool {
        matches!(self.how, How::Written | How::Computed)
    }
}

fn rung_words(rung: Rung) -> &'static str {
    match rung {
        Rung::SchemaDefault => "the schema's default",
        Rung::KindDefault => "default for all of its kind",
        Rung::Default => "`default`",
        Rung::Plain => "said",
        Rung::Override => "`override`",
    }
}

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// Places in all; a `set` may have many.
    pub(super) places: usize,
    /// Sayings behind sayings.
    pub(super) depth: usize,
}

/// Rows that are looked at for one value, whatever the table holds.
const STEPS: usize = 2000;

/// The places behind a value, each once.
pub(super) fn said(tables: Tables<'_>, origin: OriginId, items: &[Val], reach: Reach) -> Vec<Said> {
    let Tables { origins, .. } = tables;
    let (found, seen) = (Vec::new(), BTreeSet::new());
    let mut gather = Gather { tables, reach, found, seen, steps: STEPS };
    let Some(row) = origins.get(origin) else { return Vec::new() };
    // A set that several places add to is computed where the first of them says it.
    let first = row.parents.first().and_then(|id| origins.get(*id));
    let united = row.how == How::Computed
        && first.is_some_and(|first| is_definition(first.how) && first.span == row.span);
    if united {
        row.parents.iter().for_each(|id| gather.winner(*id));
    } else {
        gather.winner(origin);
    }
    for item in items {
        gather.behind(item.origin, row.span, 1);
    }
    for id in row.lost {
        gather.add(*id, Part::Lost, None);
    }
    gather.found
}

/// What there is to look up.
#[derive(Clone, Copy)]
pub(super) struct Tables<'a> {
    pub(super) origins: &'a Origins,
    pub(super) places: &'a Places,
    pub(super) sources: &'a SourceMap,
}

struct Gather<'a> {
    tables: Tables<'a>,
    reach: Reach,
    found: Vec<Said>,
    seen: BTreeSet<OriginId>,
    steps: usize,
}

impl Gather<'_> {
    fn winner(&mut self, id: OriginId) {
        let Some(row) = self.tables.origins.get(id) else { return };
        self.add(id, Part::Won, None);
        for parent in row.parents {
            self.behind(*parent, row.span, 1);
        }
    }

    /// The nearest places that a value was made of: sayings, loops and calls, and what was written
    /// elsewhere, as in a `let` or a function.
    fn behind(&mut self, id: OriginId, shown: Span, depth: usize) {
        if self.steps == 0 || !self.seen.insert(id) {
            return;
        }
        self.steps -= 1;
        let Some(row) = self.tables.origins.get(id) else { return };
        let (next, shown) = match row.how {
            How::Said(_) | How::Extended(_) => {
                let path = self.tables.places.get(id).map(|(path, _)| path);
                self.add(id, Part::Behind(depth), path);
                (depth + 1, row.span)
            }
            How::Called | How::Looped | How::Chosen => {
                self.add(id, Part::Behind(depth), None);
                (depth, row.span)
            }
            How::Written | How::Computed if within(row.span, shown) => (depth, shown),
            How::Written | How::Computed => {
                self.add(id, Part::Behind(depth), None);
                (depth, row.span)
            }
        };
        if next <= self.reach.depth {
            for parent in row.parents {
                self.behind(*parent, shown, next);
            }
        }
    }

    fn add(&mut self, id: OriginId, part: Part, path: Option<String>) {
        let Some(row) = self.tables.origins.get(id) else { return };
        let one = Said { span: row.span, how: row.how, part, path };
        // A call is a row before its body is known and one after; what is written on one line is
        // seen at once.
        let known = |it: &Said| {
            (it.how == one.how || (it.is_source() && one.is_made()))
                && self.line(it.span) == self.line(one.span)
                && (it.path == one.path || one.path.is_none())
        };
        if self.found.len() < self.reach.places && !self.found.iter().any(known) {
            self.found.push(one);
        }
    }
}

impl Gather<'_> {
    fn line(&self, span: Span) -> Option<(FileId, u32)> {
        let file = self.tables.sources.get(span.file)?;
        Some((span.file, file.lines.line(span.start)))
    }
}

pub(super) fn is_definition(how: How) -> bool {
    match how {
        How::Said(_) | How::Extended(_) => true,
        How::Written | How::Called | How::Looped | How::Chosen | How::Computed => false,
    }
}

/// Whether a span lies in another.
pub(super) fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}
