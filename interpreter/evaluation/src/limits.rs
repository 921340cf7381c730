//! What an evaluation may take: steps, memory, values of one list. All work is charged where it is
//! done, and whatever is made where it is made, so that every text ends soon, and with a finding.

use std::mem::size_of;

use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;

use super::Evaluator;
use super::text::spell_size;
use crate::value::{List, Val, Value};

/// Steps for each byte of the sources besides those that any fleet may take, so that the cost stays in proportion to what was written.
pub(super) const FUEL_PER_BYTE: u64 = 20;
/// What a byte of the sources takes in memory: tokens, a tree, types (measured: 25 to 60).
pub(super) const BYTES_PER_BYTE: usize = 50;
/// Bytes of text that count as one step.
pub const TEXT_PER_STEP: usize = 32;
/// What it counts to make a record: it is made of many parts.
pub(super) const STEPS_PER_NODE: u64 = 10;
/// What it counts to read a regular expression: up to a MiB is built from it.
pub(super) const STEPS_PER_PATTERN: usize = 1_000;
/// Regular expressions that are kept.
pub(super) const PATTERNS: usize = 64;
/// Values that one list or loop may make, those in its lists among them.
pub const MAX_ELEMENTS: usize = 1_000_000;
/// Fields that wait for one another.
pub(super) const MAX_DEPTH: usize = 20_000;
/// Copies by `with` that lie on one another.
pub(super) const MAX_COPIES: u16 = 250;
/// Bytes of one string.
pub const MAX_TEXT: usize = 16 << 20;
/// What to do about a string that is too long.
pub(crate) const TOO_LONG_HELP: &str =
    "put less into one string; a large file lies better beside the sources: `source = ./file`";

impl Evaluator<'_> {
    /// Counts one step; false when the fuel is used up.
    pub(super) fn step(&mut self, span: Span) -> bool {
        self.charge(1, span)
    }

    /// Counts the work for so many values or pieces of text; false when fuel or memory is used up.
    pub(crate) fn charge(&mut self, steps: usize, span: Span) -> bool {
        self.charge_at(steps, |_| span)
    }

    /// The same at a place that is looked for only where it is needed.
    pub(super) fn charge_at(
        &mut self,
        steps: usize,
        place: impl FnOnce(&mut Self) -> Span,
    ) -> bool {
        self.state.fuel_used = self.state.fuel_used.saturating_add(steps as u64);
        let (tired, full) =
            (self.state.fuel_used > self.fuel, self.state.held > self.limits.memory);
        if (tired || full) && !self.exhausted {
            self.exhausted = true;
            let span = place(self);
            let finding = if full { self.out_of_memory(span) } else { self.out_of_fuel(span) };
            self.report(finding);
        }
        !self.exhausted
    }

    fn out_of_memory(&self, span: Span) -> Diagnostic {
        let limit = spell_size(self.limits.memory);
        let message = format!("this fleet needs more than {limit} of memory, and was ended here");
        Diagnostic::error(codes::eval::OUT_OF_MEMORY, span, message)
            .help("look for what is made again and again: a default that holds itself, a loop over a loop")
            .help("where the fleet is as large as that: `memory` below `[limits]` in qg.toml")
    }

    fn out_of_fuel(&self, span: Span) -> Diagnostic {
        let (all, steps) = (self.fuel, self.limits.steps);
        let message = "the evaluation takes too many steps, and was ended here";
        Diagnostic::error(codes::eval::OUT_OF_FUEL, span, message)
            .help(format!("{all} steps are allowed: look for loops inside loops over large collections"))
            .help(format!("where the fleet is as large as that: `steps` below `[limits]` in qg.toml, which is {steps} now"))
    }

    /// A list that was made: counted, and no larger than a list may be.
    pub(crate) fn listed(&mut self, items: Vec<Val>, complete: bool, span: Span) -> Option<List> {
        self.state.hold(items.len() * size_of::<Val>());
        let list = List::new(items, complete);
        if list.weight() > MAX_ELEMENTS {
            self.too_many(span);
            return None;
        }
        self.charge(list.items.len(), span).then_some(list)
    }

    /// A text that was made, counted.
    pub fn written_out(&mut self, bytes: usize, span: Span) -> bool {
        self.state.hold(bytes);
        self.charge(bytes / TEXT_PER_STEP, span)
    }

    pub(crate) fn too_many(&mut self, span: Span) {
        self.report(
            Diagnostic::error(codes::eval::TOO_MANY, span, "this makes more than a million values")
                .help("loop over less"),
        );
    }
}

/// What it costs to look at a value once, without the records in it.
pub(crate) fn extent(value: &Value) -> usize {
    match value {
        Value::Text(text) | Value::Path(text) | Value::File(text) | Value::Nix(text) => {
            text.len() / TEXT_PER_STEP
        }
        Value::Sealed(pieces) => pieces.len(),
        Value::List(list) | Value::Set(list) => list.weight(),
        Value::Unknown
        | Value::Absent
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Duration(_)
        | Value::Size(_)
        | Value::Mode(_)
        | Value::Address(_)
        | Value::Subnet(_)
        | Value::Port(_)
        | Value::Ports(..)
        | Value::Record(_)
        | Value::Ref(_)
        | Value::Variant(..)
        | Value::Function(_)
        | Value::Lambda(_) => 0,
    }
}
