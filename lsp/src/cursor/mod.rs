//! What stands at a place in a file, and what is around it. One way down the tree, guided by the
//! declarations, serves hover, definitions and completion.

mod expr;
mod items;
mod place;

use std::sync::Arc;

use qg_lang::Analysis;
use qg_lang::ast::{DataFile, Expr, ImportDecl, ImportName, Item, Key, Name, TypeExpr};
use qg_lang::check::env::Env;
use qg_lang::check::types::{FileTypes, FunctionId, SchemaField, Type};
use qg_lang::source::SourceFile;
use qg_lang::span::Span;

pub(crate) use place::CursorPlace;

/// What stands at an offset.
#[derive(Clone, Debug)]
pub(crate) enum Spot<'a> {
    /// Nothing: between the items of a body.
    Body,
    /// A key of an item's path, or its label.
    Key(KeySpot<'a>),
    /// An expression, and the type wanted of it.
    Expr(&'a Expr, Option<Type>),
    /// The part behind the dot of `a.b`, or behind `a has` (of the record around, without `a`).
    Member { base: Option<&'a Expr>, key: &'a Key },
    /// A variant in a test or a pattern, of a subject of this type.
    Variant(&'a Name, Option<Type>),
    /// The name of an argument.
    Argument(FunctionId, &'a Name),
    /// A written type.
    Type(&'a TypeExpr),
    /// A part of an import's path, or its other name.
    Import(&'a ImportDecl, usize),
    /// The path of a file of data.
    Data(&'a DataFile),
    /// A name in the braces of an import.
    ImportName(&'a ImportDecl, &'a ImportName),
    /// The name of a declaration, and its doc comment.
    Declared(&'a Name, Option<&'a Arc<str>>),
}

/// A key, what it is looked up in and what it holds.
#[derive(Clone, Debug)]
pub(crate) struct KeySpot<'a> {
    pub(crate) key: &'a Key,
    pub(crate) place: CursorPlace,
    /// The schema's field, where a schema says what the key means.
    pub(crate) field: Option<&'a SchemaField>,
    pub(crate) ty: Option<Type>,
    pub(crate) item: &'a Item,
    /// Whether it is the label of a block.
    pub(crate) label: bool,
    /// Whether the item's path ends with it.
    pub(crate) last: bool,
}

/// Something bound around the place: a `for`'s binder, a parameter, a `let` of a body.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) name: Arc<str>,
    pub(crate) span: Span,
    /// The expression it is bound to, where it is bound to one.
    pub(crate) value: Option<Type>,
}

/// What was found at a place.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    pub(crate) spot: Spot<'a>,
    /// Innermost last.
    pub(crate) locals: Vec<Local>,
    /// The bodies around, outermost first.
    pub(crate) around: Vec<CursorPlace>,
    /// The keys from the model's root to the body around, where all of them are written out.
    pub(crate) path: Option<Vec<Arc<str>>>,
}

/// Finds what stands at an offset of a file that was analysed.
pub(crate) fn find<'a>(
    analysis: &'a Analysis,
    env: Env<'a>,
    source: &SourceFile,
    offset: u32,
) -> Option<Cursor<'a>> {
    let parsed = analysis.files.get(&source.id)?;
    let mut finder = Finder {
        analysis,
        env,
        types: analysis.types.get(&source.id),
        offset,
        locals: Vec::new(),
        around: Vec::new(),
        path: Some(Vec::new()),
        found: None,
    };
    let model = analysis.declarations.model.map_or(CursorPlace::Unknown, CursorPlace::Schema);
    finder.body(&parsed.file.body, &model);
    let Finder { found, .. } = finder;
    found
}

struct Finder<'a> {
    analysis: &'a Analysis,
    env: Env<'a>,
    types: Option<&'a FileTypes>,
    offset: u32,
    locals: Vec<Local>,
    around: Vec<CursorPlace>,
    path: Option<Vec<Arc<str>>>,
    found: Option<Cursor<'a>>,
}

impl<'a> Finder<'a> {
    fn holds(&self, span: Span) -> bool {
        span.contains(self.offset)
    }

    /// Keeps what was found; the first one counts.
    fn keep(&mut self, spot: Spot<'a>) {
        if self.found.is_none() {
            self.found = Some(Cursor {
                spot,
                locals: self.locals.clone(),
                around: self.around.clone(),
                path: self.path.clone(),
            });
        }
    }

    fn bind(&mut self, name: &Name, value: Option<Type>) {
        self.locals.push(Local { name: Arc::clone(&name.text), span: name.span, value });
    }

    /// The type that the checker found for an expression.
    fn type_of(&self, expr: &Expr) -> Option<Type> {
        self.types?.types.get(expr.id.0 as usize)?.clone()
    }

    /// The name of a declaration, if the place is on it.
    fn declared(&mut self, name: &'a Name, doc: Option<&'a Arc<str>>) {
        if self.holds(name.span) {
            self.keep(Spot::Declared(name, doc));
        }
    }
}
