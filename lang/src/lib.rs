//! Text to checked program. No I/O, no printing.
//!
//! The flow: [`world::World`] gives texts, [`lexer`] tokens, [`parser::parse`] the one tree ([`ast`]),
//! [`analyze`] names and types. Each stage returns its result *and* its diagnostics; none fails.

mod analyze;
pub mod ast;
pub mod check;
mod data;
pub mod diagnostic;
mod elsewhere;
pub mod levels;
pub mod lexer;
mod lint;
pub mod network;
pub mod parser;
pub mod path;
pub mod resolve;
pub mod source;
pub mod span;
pub mod stack;
pub mod url;
pub mod world;

pub use analyze::{ParseCache, analyze, analyze_with, check_expr};
pub use lint::deprecation;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use check::types::{Declarations, FileTypes, ItemRef, Type};
use diagnostic::Diagnostic;
use parser::Parsed;
use resolve::Import;
use source::SourceMap;
use span::{FileId, Span};

/// Whether a file is one of the standard library, which is read before the sources.
#[must_use]
pub fn is_library(file: FileId) -> bool {
    (file.0 as usize) < qg_stdlib::FILES.len()
}

/// A whole fleet and the standard library, parsed, resolved and typed.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    pub sources: SourceMap,
    pub files: BTreeMap<FileId, Arc<Parsed>>,
    pub declarations: Declarations,
    /// The file of settings whose chosen environment stands above all else that is said.
    pub settings: Option<FileId>,
    /// The names that each file imports, in the order of their writing.
    pub imports: BTreeMap<FileId, Vec<Import>>,
    pub types: BTreeMap<FileId, FileTypes>,
    /// The meaning of each type written in the text (of a `let`, a parameter), by its span.
    pub annotations: HashMap<Span, Type>,
    /// Top-level `for`s, `if`s and computed labels, in an order in which each reads only what is
    /// already said (rule 3 of the language). Those in a cycle are left out.
    pub order: Vec<ItemRef>,
    /// Items that must not be evaluated, because the place they set does not exist or they stand
    /// in a cycle; by span.
    pub skipped: HashSet<Span>,
    pub diagnostics: Vec<Diagnostic>,
}
