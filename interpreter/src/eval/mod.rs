//! Evaluation: lazy in order, strict in coverage, each field at most once.
//!
//! `top` puts every top-level item where it belongs, loops in the order that the checker found;
//! `gather` collects who says a field (`unfold` its loops and `let`s), `slot` lets the ladder decide
//! (`leaf` for one value, `structure` for records), `expr` computes, `coerce` brings values into the
//! types wanted; `cover` asks for everything once.
#![allow(clippy::wildcard_enum_match_arm)] // each rule knows a few of the many values and treats all others alike

mod call;
mod coerce;
mod cover;
mod expr;
mod gather;
mod index;
mod leaf;
mod list;
mod ops;
mod reach;
mod report;
mod slot;
mod slots;
mod state;
mod structure;
mod text;
mod top;
mod unfold;
mod within;

use std::collections::BTreeMap;
use std::sync::Arc;

use qg_lang::Analysis;
use qg_lang::ast::Expr;
use qg_lang::check::types::{FileTypes, Resolution};
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::{FileId, Span};
use qg_lang::world::World;

use crate::fleet::leaf::{OriginId, Rung};
use crate::fleet::origin::{How, Origin};
use crate::value::{NodeId, Val, Value};

pub use state::{Ctx, Entries, Node, Shape, State, spell};
pub(crate) use text::spell_scalar;

/// Steps that any fleet may take, however small.
pub const FUEL: u64 = 5_000_000;
/// Further steps for each byte of the sources, so that the cost stays in proportion to what was written.
pub const FUEL_PER_BYTE: u64 = 200;
/// Rows of the table of origins.
pub const MAX_ORIGINS: usize = 30_000_000;
/// Bytes of text that count as one step.
pub const TEXT_PER_STEP: usize = 32;
/// Values that one list or loop may make.
pub const MAX_ELEMENTS: usize = 1_000_000;
/// Sayings of a whole fleet.
pub const MAX_SAYINGS: u64 = 10_000_000;
/// Fields that wait for one another.
pub const MAX_DEPTH: usize = 20_000;
/// Copies by `with` that lie on one another.
pub const MAX_COPIES: u16 = 250;
/// Bytes of one string.
pub const MAX_TEXT: usize = 16 << 20;

/// One evaluation at work.
pub struct Evaluator<'a> {
    pub(crate) analysis: &'a Analysis,
    world: &'a dyn World,
    /// Facts about loose expressions, which no file of the analysis holds; in the order of their files.
    loose: Vec<(FileId, &'a FileTypes)>,
    pub(crate) state: State,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The fields being computed, outermost first, with the place that asked for each.
    active: Vec<(NodeId, Arc<str>)>,
    /// The expressions being evaluated, one inside the other or through definitions.
    waiting: usize,
    exhausted: bool,
    fuel: u64,
    /// Shared, so that what a search has learned of a pattern is not lost with a copy.
    patterns: BTreeMap<String, Result<Arc<regex::Regex>, String>>,
}

impl<'a> Evaluator<'a> {
    /// Goes on with what an evaluation knows already; an empty state begins a new one.
    #[must_use]
    pub fn new(analysis: &'a Analysis, world: &'a dyn World, state: State) -> Evaluator<'a> {
        let bytes: usize = analysis.sources.iter().map(|source| source.text.len()).sum();
        Evaluator {
            analysis,
            world,
            loose: Vec::new(),
            state,
            diagnostics: Vec::new(),
            active: Vec::new(),
            waiting: 0,
            exhausted: false,
            fuel: FUEL + FUEL_PER_BYTE * bytes as u64,
            patterns: BTreeMap::new(),
        }
    }

    /// Evaluates the whole fleet.
    #[must_use]
    pub fn run(mut self) -> (State, Vec<Diagnostic>) {
        self.expand();
        self.cover();
        (self.state, self.diagnostics)
    }

    /// Evaluates one loose expression over the model; the facts about it, and about those before it,
    /// come from the checker.
    pub(crate) fn loose(
        &mut self,
        expr: &Arc<Expr>,
        facts: Vec<(FileId, &'a FileTypes)>,
        env: &[(Arc<str>, Val)],
    ) -> Val {
        self.state.fuel_used = 0;
        self.loose = facts;
        let mut ctx = Ctx::default();
        for (name, val) in env {
            let binding = state::Binding::Value(val.clone());
            ctx.env = self.state.bind(ctx.env, Arc::clone(name), binding);
        }
        let val = self.eval(expr, ctx);
        self.force(&val);
        val
    }

    /// What the evaluation knows, and what it found.
    pub(crate) fn finish(self) -> (State, Vec<Diagnostic>) {
        (self.state, self.diagnostics)
    }

    fn facts(&self, file: FileId) -> Option<&'a FileTypes> {
        match self.loose.binary_search_by_key(&file, |(loose, _)| *loose) {
            Ok(index) => self.loose.get(index).map(|(_, facts)| *facts),
            Err(_) => self.analysis.types.get(&file),
        }
    }

    fn resolution(&self, expr: &Expr) -> Option<&'a Resolution> {
        self.facts(expr.span.file)?.resolutions.get(expr.id.0 as usize)?.as_ref()
    }

    fn is_broken(&self, expr: &Expr) -> bool {
        self.facts(expr.span.file)
            .is_none_or(|facts| facts.broken.get(expr.id.0 as usize).copied().unwrap_or(false))
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports what a builtin found.
    pub(crate) fn report_at(&mut self, diagnostic: Diagnostic) {
        self.report(diagnostic);
    }

    pub(crate) fn too_many_values(&mut self, span: Span) {
        self.too_many(span);
    }

    /// A regular expression, compiled once.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn pattern(&mut self, pattern: &str) -> Result<Arc<regex::Regex>, String> {
        if let Some(known) = self.patterns.get(pattern) {
            return known.clone();
        }
        let compiled = regex::RegexBuilder::new(pattern)
            .size_limit(1 << 20)
            .build()
            .map(Arc::new)
            .map_err(|error| error.to_string());
        self.patterns.insert(pattern.to_owned(), compiled.clone());
        compiled
    }

    /// Reports and gives the unknown value.
    fn fail(&mut self, diagnostic: Diagnostic) -> Val {
        self.report(diagnostic);
        Val::unknown()
    }

    /// Counts one step; false when the fuel is used up.
    fn step(&mut self, span: Span) -> bool {
        self.charge(1, span)
    }

    /// Counts the work for so many values or pieces of text; false when the fuel is used up.
    pub(crate) fn charge(&mut self, steps: usize, span: Span) -> bool {
        self.state.fuel_used = self.state.fuel_used.saturating_add(steps as u64);
        let spent = self.state.fuel_used > self.fuel || self.state.origins.len() > MAX_ORIGINS;
        if spent && !self.exhausted {
            self.exhausted = true;
            self.report(
                Diagnostic::error(
                    codes::eval::OUT_OF_FUEL,
                    span,
                    "the evaluation takes too many steps, and was ended here",
                )
                .help("look for loops inside loops over large collections"),
            );
        }
        !self.exhausted
    }

    /// The origin of something written at a place.
    fn written(&mut self, span: Span, ctx: Ctx) -> OriginId {
        self.origin(span, How::Written, &parents(&[], ctx.via))
    }

    /// The origin of something computed from other values.
    fn computed(&mut self, span: Span, from: &[OriginId], ctx: Ctx) -> OriginId {
        self.origin(span, How::Computed, &parents(from, ctx.via))
    }

    fn origin(&mut self, span: Span, how: How, parents: &[OriginId]) -> OriginId {
        self.state.add_origin(Origin { span, how, parents, lost: &[] })
    }

    /// The rung that won at a field; plain where it was not asked for.
    #[must_use]
    pub fn rung(&self, node: NodeId, field: &str) -> Rung {
        self.state.node(node).slots.get(field).map_or(Rung::Plain, |slot| slot.rung)
    }

    /// The node behind a record or reference.
    fn node_of(val: &Val) -> Option<NodeId> {
        match val.value {
            Value::Record(id) | Value::Ref(id) => Some(id),
            _ => None,
        }
    }
}

/// The known ones among some origins, and the loop or call around.
fn parents(ids: &[OriginId], via: OriginId) -> Vec<OriginId> {
    let mut known: Vec<OriginId> = ids.iter().copied().filter(|id| id.0 != 0).collect();
    known.dedup();
    known.extend(Some(via).filter(|via| via.0 != 0));
    known
}
