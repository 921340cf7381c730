//! The state of a run of the checker, and its small helpers.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::env::Env;
use super::graph::{Graph, Node, Noted, Read};
use super::types::{FileTypes, FunctionId, ItemRef, LetId, Resolution, SchemaId, Type};
use crate::ast::{Expr, ExprId};
use crate::diagnostic::{Diagnostic, MAX_GUESSES};
use crate::resolve::Scopes;
use crate::source::{SourceFile, SourceMap};
use crate::span::{FileId, Span};
use crate::world::World;

/// A name that is bound within an expression or body.
#[derive(Clone, Debug)]
pub(super) struct Local {
    pub(super) name: Arc<str>,
    pub(super) ty: Type,
    /// What its value reads, for the order of what exists.
    pub(super) reads: Arc<[Read]>,
}

/// The path of a value as written: a root and the keys behind it. Facts speak of these.
pub(super) type Path = Vec<Arc<str>>;

/// What is known of a value from here to the end of the scope.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) path: Path,
    pub(super) known: Known,
}

#[derive(Clone, Debug)]
pub(super) enum Known {
    /// It is there.
    There,
    /// It is of this type.
    Is(Type),
}

/// The innermost record around a place.
#[derive(Clone, Debug)]
pub(super) struct This {
    pub(super) ty: Type,
    /// The root of its path in facts.
    pub(super) root: Arc<str>,
}

/// Where the checker stands.
#[derive(Clone, Debug)]
pub(super) struct Context {
    pub(super) file: FileId,
    pub(super) locals: Vec<Local>,
    /// What conditions around this place teach; of two about one value the later one knows more.
    pub(super) facts: Vec<Fact>,
    /// The schema of the top-level entity around.
    pub(super) entity: Option<SchemaId>,
    pub(super) this: Option<This>,
    /// Above zero, nothing is reported: the place itself was reported already.
    pub(super) quiet: u32,
    /// Where the wanted type was declared, for messages.
    pub(super) wanted_by: Option<(Span, Arc<str>)>,
    /// The top-level item that makes things, around this place.
    pub(super) generator: Option<ItemRef>,
    /// What the heads around this place read.
    pub(super) carried: Vec<Read>,
    /// Whether this is a hole of a `nix"…"`.
    pub(super) in_nix: bool,
    /// Above zero, this is a side of `==`, where variants with payloads are refused anyway.
    pub(super) comparing: u32,
    /// The name that is called, where the next one is.
    pub(super) calling: Option<ExprId>,
    /// Record bodies entered so far; makes the roots of `self` distinct.
    pub(super) depth: u32,
}

impl Context {
    pub(super) fn new(file: FileId) -> Context {
        Context {
            file,
            locals: Vec::new(),
            facts: Vec::new(),
            entity: None,
            this: None,
            quiet: 0,
            wanted_by: None,
            generator: None,
            carried: Vec::new(),
            in_nix: false,
            comparing: 0,
            calling: None,
            depth: 0,
        }
    }
}

/// How far a definition's type is known.
#[derive(Clone, Debug, Default)]
pub(super) enum Progress {
    #[default]
    Waiting,
    Busy,
    Done(Type),
}

/// The state of a run.
pub(super) struct Checker<'a> {
    pub(super) env: Env<'a>,
    pub(super) scopes: &'a Scopes,
    pub(super) sources: &'a SourceMap,
    /// The source of a loose expression, which is no file of the fleet.
    pub(super) loose: Option<&'a SourceFile>,
    pub(super) world: Option<&'a dyn World>,
    pub(super) annotations: &'a HashMap<Span, Type>,
    /// By [`FileId`].
    pub(super) files: Vec<FileTypes>,
    pub(super) lets: Vec<Progress>,
    pub(super) results: Vec<Progress>,
    pub(super) skipped: HashSet<Span>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) cx: Context,
    /// What was read since the place that asked began.
    pub(super) reads: Vec<Noted>,
    pub(super) graph: Graph,
    /// The expressions that wait for others, in definitions that read one another.
    pub(super) waiting: usize,
    /// The mistakes for which a near name was looked for.
    pub(super) guesses: Cell<usize>,
}

impl<'a> Checker<'a> {
    /// Whether a near name is looked for once more.
    pub(super) fn may_guess(&self) -> bool {
        self.guesses.set(self.guesses.get() + 1);
        self.guesses.get() <= MAX_GUESSES
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if self.cx.quiet == 0 {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports what is wrong with an expression; its value is unknown from here on.
    pub(super) fn wrong(&mut self, expr: &Expr, diagnostic: Diagnostic) -> Type {
        self.set_broken(expr.id);
        self.report(diagnostic);
        Type::Unknown
    }

    pub(super) fn set_broken(&mut self, id: ExprId) {
        if let Some(slot) = self.here().and_then(|types| types.broken.get_mut(id.0 as usize)) {
            *slot = true;
        }
    }

    pub(super) fn set_type(&mut self, id: ExprId, ty: &Type) {
        if let Some(slot) = self.here().and_then(|types| types.types.get_mut(id.0 as usize)) {
            *slot = Some(ty.clone());
        }
    }

    pub(super) fn resolve(&mut self, id: ExprId, resolution: Resolution) {
        if let Some(slot) = self.here().and_then(|types| types.resolutions.get_mut(id.0 as usize)) {
            *slot = Some(resolution);
        }
    }

    /// The type that was found for an expression of this file.
    pub(super) fn type_of(&self, id: ExprId) -> Option<&Type> {
        self.files
            .get(self.cx.file.0 as usize)
            .and_then(|types| types.types.get(id.0 as usize))
            .and_then(Option::as_ref)
    }

    pub(super) fn resolution(&self, id: ExprId) -> Option<&Resolution> {
        self.files
            .get(self.cx.file.0 as usize)
            .and_then(|types| types.resolutions.get(id.0 as usize))
            .and_then(Option::as_ref)
    }

    pub(super) fn here(&mut self) -> Option<&mut FileTypes> {
        self.files.get_mut(self.cx.file.0 as usize)
    }

    /// Binds a name from here to the end of the scope.
    pub(super) fn bind(&mut self, name: &Arc<str>, ty: Type) {
        self.cx.locals.push(Local { name: Arc::clone(name), ty, reads: Arc::from([]) });
    }

    /// Does something in a scope of its own: what it binds and learns ends with it.
    pub(super) fn scoped<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let (locals, facts) = (self.cx.locals.len(), self.cx.facts.len());
        let result = inside(self);
        self.cx.locals.truncate(locals);
        self.cx.facts.truncate(facts);
        result
    }

    /// Does something without reporting.
    pub(super) fn quietly<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.cx.quiet += 1;
        let result = inside(self);
        self.cx.quiet -= 1;
        result
    }

    /// Does something within a record: `self` is it.
    pub(super) fn within<T>(&mut self, ty: Type, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.cx.depth += 1;
        let root = format!("self#{}", self.cx.depth).into();
        let outer = self.cx.this.replace(This { ty, root });
        let result = inside(self);
        self.cx.this = outer;
        self.cx.depth -= 1;
        result
    }

    /// Does something within a top-level entity: its fields are bare names, and `self` is it.
    pub(super) fn within_entity<T>(
        &mut self,
        schema: SchemaId,
        inside: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let this = This { ty: Type::Ref(schema), root: "entity".into() };
        let outer_this = self.cx.this.replace(this);
        let outer_entity = self.cx.entity.replace(schema);
        let result = inside(self);
        self.cx.this = outer_this;
        self.cx.entity = outer_entity;
        result
    }

    /// Notes that something is read.
    pub(super) fn note(&mut self, node: Node, span: Span) {
        self.reads.push(Noted::Read(Read { node, span }));
    }

    /// Goes to another place (a definition's), and comes back. Gives what was read there.
    pub(super) fn elsewhere<T>(
        &mut self,
        file: FileId,
        inside: impl FnOnce(&mut Self) -> T,
    ) -> (T, Vec<Noted>) {
        let cx = std::mem::replace(&mut self.cx, Context::new(file));
        let reads = std::mem::take(&mut self.reads);
        let result = inside(self);
        self.cx = cx;
        (result, std::mem::replace(&mut self.reads, reads))
    }

    /// The type of a top-level `let`, checked now if it was not yet.
    pub(super) fn let_type(&mut self, id: LetId) -> Type {
        let declared = self.env.declarations.global_let(id);
        match self.lets.get(id.0 as usize) {
            Some(Progress::Done(ty)) => return ty.clone(),
            // A cycle; reported where cycles of definitions are.
            Some(Progress::Busy) | None => {
                return if declared.declared { declared.ty.clone() } else { Type::Unknown };
            }
            Some(Progress::Waiting) => {}
        }
        self.lets[id.0 as usize] = Progress::Busy;
        let want = declared.declared.then(|| declared.ty.clone());
        let (found, reads) = self.elsewhere(declared.value.span.file, |checker| {
            checker.expr(&declared.value, want.as_ref())
        });
        self.graph.definition(Node::Let(id), reads);
        let ty = want.unwrap_or(found);
        self.lets[id.0 as usize] = Progress::Done(ty.clone());
        ty
    }

    /// The type of what a function gives, its body checked now if it was not yet.
    pub(super) fn result_type(&mut self, id: FunctionId) -> Type {
        let function = self.env.declarations.function(id);
        match self.results.get(id.0 as usize) {
            Some(Progress::Done(ty)) => return ty.clone(),
            Some(Progress::Busy) | None => return function.result.clone(),
            Some(Progress::Waiting) => {}
        }
        self.results[id.0 as usize] = Progress::Busy;
        let want = Some(&function.result).filter(|ty| **ty != Type::Unknown);
        let (found, reads) = self.elsewhere(function.span.file, |checker| {
            for param in &function.params {
                // It sees the parameters before its own.
                if let Some(default) = &param.default {
                    checker.parameter_default(default, &param.ty);
                }
                checker.bind(&param.name, param.ty.clone());
            }
            function.body.as_ref().map(|body| checker.expr(body, want))
        });
        self.graph.definition(Node::Function(id), reads);
        let ty = match (want, found) {
            (Some(want), _) => want.clone(),
            (None, found) => found.unwrap_or(Type::Unknown),
        };
        self.results[id.0 as usize] = Progress::Done(ty.clone());
        ty
    }

    /// The text of a place, for fixes.
    pub(super) fn text(&self, span: Span) -> &'a str {
        match self.loose {
            Some(source) if source.id == span.file => source.slice(span),
            _ => self.sources.slice(span),
        }
    }
}
