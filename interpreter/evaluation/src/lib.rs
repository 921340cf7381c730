//! Evaluation: lazy in order, strict in coverage, each field at most once.
//!
//! `top` puts every top-level item where it belongs, loops in the order that the checker found;
//! `definitions` collects who says a field (`unfold` its loops and `let`s), `cell` lets the ladder decide
//! (`leaf` for one value, `merge` for records), `expr` computes, `coerce` brings values into the
//! types wanted, `conditions` holds them against what those ask; `force` asks for everything once. `limits` ends what would take too much.

mod after;
mod arena;
mod blame;
pub mod builtins;
mod call;
mod cases;
mod cell;
mod cells;
mod coerce;
mod conditions;
mod definitions;
mod expr;
mod force;
mod index;
mod ladder;
mod leaf;
mod limits;
mod list;
mod lookup;
mod merge;
pub mod modules;
mod ops;
mod report;
mod shape;
mod state;
mod text;
mod top;
mod unfold;
pub mod value;
mod weigh;
mod within;

use std::collections::BTreeMap;
use std::sync::Arc;

use qg_lang::Analysis;
use qg_lang::ast::Expr;
use qg_lang::check::types::{FileTypes, Resolution};
use qg_lang::diagnostic::{Diagnostic, MAX_GUESSES};
use qg_lang::span::{FileId, Span};
use qg_lang::world::{Limits, World};
use qg_provenance::leaf::{OriginId, Priority};
use qg_provenance::origin::{Origin, OriginKind};

use crate::value::{NodeId, Val, Value};
use conditions::Waiting;
pub(crate) use limits::TOO_LONG_HELP;
use limits::{BYTES_PER_BYTE, FUEL_PER_BYTE, MAX_COPIES, MAX_DEPTH, PATTERNS, STEPS_PER_PATTERN};
pub use limits::{MAX_ELEMENTS, MAX_TEXT, TEXT_PER_STEP};
pub use state::{Asked, Ctx, Evaluation, MapEntries, Node, Progress, Shape, spell};
pub use text::{piece_length, spell_scalar, spell_size};

/// One evaluation at work.
pub struct Evaluator<'a> {
    pub analysis: &'a Analysis,
    world: &'a dyn World,
    /// Facts about loose expressions, which no file of the analysis holds; in the order of their files.
    loose: Vec<(FileId, &'a FileTypes)>,
    pub state: Evaluation,
    pub diagnostics: Vec<Diagnostic>,
    /// Who answers requests; nobody while the model is made.
    pub requests: Option<&'a builtins::Requests<'a>>,
    /// The fields being computed, outermost first, with the place that asked for each.
    active: Vec<(NodeId, Arc<str>)>,
    /// The expressions being evaluated, one inside the other or through definitions.
    waiting: usize,
    exhausted: bool,
    /// What is to be held against a condition when all else is known.
    conditions: Vec<Waiting>,
    /// The mistakes for which a near name was looked for.
    guesses: usize,
    fuel: u64,
    limits: Limits,
    /// Shared, so that what a search has learned of a pattern is not lost with a copy.
    patterns: BTreeMap<String, Result<Arc<regex::Regex>, String>>,
    /// The fields that were told to be missing, by what lacks them and their name.
    missing: BTreeMap<(Span, Arc<str>), report::Lacking>,
}

impl<'a> Evaluator<'a> {
    /// Goes on with what an evaluation knows already; an empty state begins a new one.
    #[must_use]
    pub fn new(analysis: &'a Analysis, world: &'a dyn World, state: Evaluation) -> Evaluator<'a> {
        let bytes: usize = analysis.sources.iter().map(|source| source.text.len()).sum();
        let (mut state, limits) = (state, world.limits());
        if state.nodes.is_empty() {
            state.hold(bytes.saturating_mul(BYTES_PER_BYTE));
        }
        Evaluator {
            analysis,
            world,
            loose: Vec::new(),
            state,
            diagnostics: Vec::new(),
            requests: None,
            active: Vec::new(),
            waiting: 0,
            exhausted: false,
            conditions: Vec::new(),
            guesses: 0,
            fuel: limits.steps.saturating_add(FUEL_PER_BYTE * bytes as u64),
            limits,
            patterns: BTreeMap::new(),
            missing: BTreeMap::new(),
        }
    }

    /// Evaluates the whole fleet.
    #[must_use]
    pub fn run(mut self) -> (Evaluation, Vec<Diagnostic>) {
        self.expand();
        self.force_all();
        self.state.exhausted = self.exhausted;
        (self.state, self.diagnostics)
    }

    /// Evaluates one loose expression over the model; the facts about it, and about those before it,
    /// come from the checker.
    pub fn loose(
        &mut self,
        expr: &Arc<Expr>,
        facts: Vec<(FileId, &'a FileTypes)>,
        env: &[(Arc<str>, Val)],
    ) -> Val {
        self.state.fuel_used = 0;
        self.loose = facts;
        let mut ctx = Ctx::default();
        for (name, val) in env {
            let binding = state::ScopeBinding::Value(val.clone());
            ctx.env = self.state.bind(ctx.env, Arc::clone(name), binding);
        }
        let val = self.eval(expr, ctx);
        self.force(&val);
        self.settle_conditions();
        val
    }

    /// What the evaluation knows, and what it found.
    pub fn finish(self) -> (Evaluation, Vec<Diagnostic>) {
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

    pub(crate) fn is_broken(&self, expr: &Expr) -> bool {
        self.facts(expr.span.file)
            .is_none_or(|facts| facts.broken.get(expr.id.0 as usize).copied().unwrap_or(false))
    }

    /// Whether a near name is looked for once more.
    fn may_guess(&mut self) -> bool {
        self.guesses += 1;
        self.guesses <= MAX_GUESSES
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        let diagnostic = match self.is_far(&diagnostic) {
            true => self.at_user(diagnostic, OriginId::default(), None, "it is computed here"),
            false => diagnostic,
        };
        self.diagnostics.push(diagnostic);
    }

    /// Reports what a builtin found, or who answers it.
    pub fn report_at(&mut self, diagnostic: Diagnostic) {
        self.report(diagnostic);
    }

    /// A regular expression, compiled once.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn pattern(
        &mut self,
        pattern: &str,
        span: Span,
    ) -> Result<Arc<regex::Regex>, String> {
        if let Some(known) = self.patterns.get(pattern) {
            return known.clone();
        }
        if !self.charge(STEPS_PER_PATTERN, span) {
            return Err("there were too many".to_owned());
        }
        // Patterns that loops make come once each: they are not kept for ever.
        if self.patterns.len() >= PATTERNS {
            self.patterns.clear();
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

    /// The origin of something written at a place.
    fn written(&mut self, span: Span, ctx: Ctx) -> OriginId {
        self.origin(span, OriginKind::Written, &parents(&[], ctx.via))
    }

    /// The origin of something computed from other values.
    fn computed(&mut self, span: Span, from: &[OriginId], ctx: Ctx) -> OriginId {
        self.origin(span, OriginKind::Computed, &parents(from, ctx.via))
    }

    fn origin(&mut self, span: Span, how: OriginKind, parents: &[OriginId]) -> OriginId {
        self.state.add_origin(Origin { span, how, parents, lost: &[] })
    }

    /// The priority that won at a field; plain where it was not asked for.
    #[must_use]
    pub fn priority(&self, node: NodeId, field: &str) -> Priority {
        self.state.node(node).cells.get(field).map_or(Priority::Plain, |cell| cell.priority)
    }

    /// The node behind a record or reference.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone have fields")]
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
