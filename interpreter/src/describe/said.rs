//! Who said a value: the definitions that count, what they were made of, and those that lost.

use std::collections::BTreeSet;

use qg_evaluation::value::Val;
use qg_fleet::leaf::{OriginId, Priority};
use qg_fleet::origin::{OriginKind, Origins};
use qg_lang::source::SourceMap;
use qg_lang::span::{FileId, Span};

use super::places::Places;

/// The part that a place has in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvenancePart {
    /// It says the value, or a share of a set.
    Won,
    /// What a definition was made of, and the loops and calls around it; so many steps behind it.
    Behind(usize),
    /// It says something else, more weakly.
    Lost,
}

/// One place that had its say about a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    pub span: Span,
    pub how: OriginKind,
    pub part: ProvenancePart,
    /// Of a definition behind: what it says, as `service.sonarr.ports.web`.
    pub path: Option<String>,
}

impl Provenance {
    /// How it is said, in words that a place may follow.
    #[must_use]
    pub fn words(&self) -> String {
        let words = match self.how {
            OriginKind::Said(priority) => rung_words(priority),
            OriginKind::Extended(Priority::Override) => "`override` in an `extend`",
            OriginKind::Extended(Priority::Default) => "`default` in an `extend`",
            OriginKind::Extended(
                Priority::SchemaDefault | Priority::KindDefault | Priority::Plain,
            ) => "`extend`",
            OriginKind::Called => "called at",
            OriginKind::Looped => "in the loop at",
            OriginKind::Chosen => "under the condition at",
            OriginKind::Written | OriginKind::Computed => "written",
            OriginKind::Module => return module_words(),
        };
        match (self.part, &self.path) {
            (ProvenancePart::Behind(_), Some(path)) => format!("from {path}, {words}"),
            (ProvenancePart::Behind(_), None) if self.is_source() => "from".to_owned(),
            (ProvenancePart::Behind(_), None) | (ProvenancePart::Won | ProvenancePart::Lost, _) => {
                words.to_owned()
            }
        }
    }

    /// Whether it holds what the value was made of, and is not what was done with it.
    pub(super) fn is_source(&self) -> bool {
        is_definition(self.how) || self.is_made()
    }

    pub(super) fn is_made(&self) -> bool {
        matches!(self.how, OriginKind::Written | OriginKind::Computed)
    }
}

fn module_words() -> String {
    format!("what NixOS' module makes (nixpkgs {})", qg_evaluation::modules::TABLE_COMMIT)
}

fn rung_words(priority: Priority) -> &'static str {
    match priority {
        Priority::SchemaDefault => "the schema's default",
        Priority::KindDefault => "default for all of its kind",
        Priority::Default => "`default`",
        Priority::Plain => "said",
        Priority::Override => "`override`",
    }
}

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// Places in all; a `set` may have many.
    pub(super) places: usize,
    /// Definitions behind definitions.
    pub(super) depth: usize,
}

/// Rows that are looked at for one value, whatever the table holds.
const STEPS: usize = 2000;

/// The places behind a value, each once.
pub(super) fn said(
    tables: Tables<'_>,
    origin: OriginId,
    items: &[Val],
    reach: Reach,
) -> Vec<Provenance> {
    let Tables { origins, .. } = tables;
    let (found, seen) = (Vec::new(), BTreeSet::new());
    let mut gather = Gather { tables, reach, found, seen, steps: STEPS };
    let Some(row) = origins.get(origin) else { return Vec::new() };
    // A set that several places add to is computed where the first of them says it.
    let first = row.parents.first().and_then(|id| origins.get(*id));
    let united = row.how == OriginKind::Computed
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
        gather.add(*id, ProvenancePart::Lost, None);
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
    found: Vec<Provenance>,
    seen: BTreeSet<OriginId>,
    steps: usize,
}

impl Gather<'_> {
    fn winner(&mut self, id: OriginId) {
        let Some(row) = self.tables.origins.get(id) else { return };
        // What a module of NixOS has stands in the place of a schema's default.
        let of_module = self.of_module(id);
        self.add(of_module.unwrap_or(id), ProvenancePart::Won, None);
        if of_module.is_some() {
            return;
        }
        for parent in row.parents {
            self.behind(*parent, row.span, 1);
        }
    }

    /// The row behind a value that nobody says, and a module of NixOS has.
    fn of_module(&self, id: OriginId) -> Option<OriginId> {
        let row = self.tables.origins.get(id)?;
        if row.how != OriginKind::Said(Priority::SchemaDefault) {
            return None;
        }
        let mut at = *row.parents.first()?;
        for _ in 0..8 {
            let row = self.tables.origins.get(at)?;
            if row.how == OriginKind::Module {
                return Some(at);
            }
            at = *row.parents.first()?;
        }
        None
    }

    /// The nearest places that a value was made of: definitions, loops and calls, and what was written
    /// elsewhere, as in a `let` or a function.
    fn behind(&mut self, id: OriginId, shown: Span, depth: usize) {
        if self.steps == 0 || !self.seen.insert(id) {
            return;
        }
        self.steps -= 1;
        let Some(row) = self.tables.origins.get(id) else { return };
        let (next, shown) = match row.how {
            OriginKind::Said(_) | OriginKind::Extended(_) => {
                let path = self.tables.places.get(id).map(|(path, _)| path);
                self.add(id, ProvenancePart::Behind(depth), path);
                (depth + 1, row.span)
            }
            OriginKind::Called | OriginKind::Looped | OriginKind::Chosen | OriginKind::Module => {
                self.add(id, ProvenancePart::Behind(depth), None);
                (depth, row.span)
            }
            OriginKind::Written | OriginKind::Computed if within(row.span, shown) => (depth, shown),
            OriginKind::Written | OriginKind::Computed => {
                self.add(id, ProvenancePart::Behind(depth), None);
                (depth, row.span)
            }
        };
        if next <= self.reach.depth {
            for parent in row.parents {
                self.behind(*parent, shown, next);
            }
        }
    }

    fn add(&mut self, id: OriginId, part: ProvenancePart, path: Option<String>) {
        let Some(row) = self.tables.origins.get(id) else { return };
        let one = Provenance { span: row.span, how: row.how, part, path };
        // A call is a row before its body is known and one after; what is written on one line is
        // seen at once.
        let known = |it: &Provenance| {
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

pub(super) fn is_definition(how: OriginKind) -> bool {
    match how {
        OriginKind::Said(_) | OriginKind::Extended(_) => true,
        OriginKind::Written
        | OriginKind::Called
        | OriginKind::Looped
        | OriginKind::Chosen
        | OriginKind::Computed
        | OriginKind::Module => false,
    }
}

/// Whether a span lies in another.
pub(super) fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}
