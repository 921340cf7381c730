//! The order of a run: declarations, definitions, defaults, bodies, and what follows from them.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::checker::{Checker, Context, Progress};
use super::declare::Declared;
use super::env::Env;
use super::graph::{Graph, Node};
use super::types::{Declarations, EnumId, FileTypes, FunctionId, ItemRef, LetId, SchemaId, Type};
use crate::Analysis;
use crate::ast::Expr;
use crate::data::Opened;
use crate::diagnostic::Diagnostic;
use crate::lint::{Program, lint};
use crate::parser::Parsed;
use crate::resolve::{Import, Scopes};
use crate::source::{SourceFile, SourceMap};
use crate::span::{FileId, Span};
use crate::world::World;

/// What checking all files gives.
pub(crate) struct Checked {
    /// Those of the sources, and those that data and settings came to.
    pub(crate) files: BTreeMap<FileId, Arc<Parsed>>,
    pub(crate) declarations: Declarations,
    pub(crate) imports: BTreeMap<FileId, Vec<Import>>,
    pub(crate) types: BTreeMap<FileId, FileTypes>,
    pub(crate) annotations: HashMap<Span, Type>,
    pub(crate) order: Vec<ItemRef>,
    pub(crate) skipped: HashSet<Span>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Checks all files.
pub(crate) fn check(
    world: &dyn World,
    sources: &SourceMap,
    files: &BTreeMap<FileId, Arc<Parsed>>,
    data: &Opened,
) -> Checked {
    let collected = crate::resolve::collect(sources, files);
    let Declared {
        mut declarations,
        imports,
        data: imported,
        scopes,
        tables,
        annotations,
        diagnostics,
    } = super::declare::declare(collected, files);
    let brought = super::bring::bring(&mut declarations, &tables, &imported, sources, data);
    let mut files = files.clone();
    files.extend(brought.files);
    let files = &files;
    let mut diagnostics = diagnostics;
    diagnostics.extend(data.found.iter().cloned());
    diagnostics.extend(brought.found);
    let env = Env { declarations: &declarations, tables: &tables };
    let mut checker = Checker {
        env,
        scopes: &scopes,
        sources,
        loose: None,
        world: Some(world),
        annotations: &annotations,
        files: tables_for(files),
        lets: vec![Progress::Waiting; declarations.lets.len()],
        results: vec![Progress::Waiting; declarations.functions.len()],
        skipped: HashSet::new(),
        diagnostics,
        cx: Context::new(FileId(0)),
        reads: Vec::new(),
        graph: Graph::default(),
        waiting: 0,
        guesses: Cell::new(0),
    };
    for index in 0..declarations.lets.len() {
        checker.let_type(LetId(index as u32));
    }
    for index in 0..declarations.functions.len() {
        checker.result_type(FunctionId(index as u32));
    }
    checker.refinements();
    checker.defaults();
    for (id, parsed) in files {
        checker.file(*id, &parsed.file.body);
    }
    checker.connect();
    checker.definition_cycles();
    let all =
        super::order::top_generators(files.iter().map(|(id, parsed)| (*id, &*parsed.file.body)));
    let order = checker.generators(&all);
    let Checker { files: types, lets, results, skipped, mut diagnostics, .. } = checker;
    for (declared, found) in declarations.lets.iter_mut().zip(lets) {
        if let Progress::Done(ty) = found {
            declared.ty = ty;
        }
    }
    for (function, found) in declarations.functions.iter_mut().zip(results) {
        if let Progress::Done(ty) = found {
            function.result = ty;
        }
    }
    let env = Env { declarations: &declarations, tables: &tables };
    let program = Program { env, scopes: &scopes, sources, files, types: &types };
    let warnings = lint(program, &diagnostics);
    diagnostics.extend(warnings);
    let types = types
        .into_iter()
        .enumerate()
        .map(|(index, types)| (FileId(index as u32), types))
        .filter(|(id, _)| files.contains_key(id))
        .collect();
    crate::diagnostic::spare_data(&mut diagnostics, sources);
    Checked {
        files: files.clone(),
        declarations,
        imports,
        types,
        annotations,
        order,
        skipped,
        diagnostics,
    }
}

/// Types a loose expression against the whole fleet.
pub(crate) fn check_loose(
    analysis: &Analysis,
    source: &SourceFile,
    expr: &Expr,
    exprs: u32,
    locals: &BTreeMap<Arc<str>, Type>,
) -> (Type, FileTypes, Vec<Diagnostic>) {
    let declarations = &analysis.declarations;
    let tables = super::env::Tables::new(declarations);
    let scopes = Scopes::whole_fleet(source.id, declarations);
    let mut files = vec![FileTypes::default(); source.id.0 as usize];
    files.push(empty_types(exprs));
    let done = |ty: &Type| Progress::Done(ty.clone());
    let mut checker = Checker {
        env: Env { declarations, tables: &tables },
        scopes: &scopes,
        sources: &analysis.sources,
        loose: Some(source),
        world: None,
        annotations: &analysis.annotations,
        files,
        lets: declarations.lets.iter().map(|it| done(&it.ty)).collect(),
        results: declarations.functions.iter().map(|it| done(&it.result)).collect(),
        skipped: HashSet::new(),
        diagnostics: Vec::new(),
        cx: Context::new(source.id),
        reads: Vec::new(),
        graph: Graph::default(),
        waiting: 0,
        guesses: Cell::new(0),
    };
    for (name, ty) in locals {
        checker.bind(name, ty.clone());
    }
    let ty = checker.expr(expr, None);
    let types = checker.files.pop().unwrap_or_default();
    let mut diagnostics = checker.diagnostics;
    crate::diagnostic::tidy(&mut diagnostics);
    (ty, types, diagnostics)
}

impl Checker<'_> {
    /// Checks the defaults of all schemas and payloads.
    fn defaults(&mut self) {
        let payloads: HashSet<SchemaId> = (0..self.env.declarations.enums.len())
            .flat_map(|index| &self.env.declarations.enumeration(EnumId(index as u32)).variants)
            .filter_map(|variant| variant.payload)
            .collect();
        for schema in &self.env.declarations.schemas {
            let this = if payloads.contains(&schema.id) {
                Type::Record(schema.id)
            } else {
                Type::Ref(schema.id)
            };
            let top =
                self.env.is_kind(schema.id) || self.env.tables.singles.contains_key(&schema.id);
            for field in &schema.fields {
                let Some(default) = &field.default else { continue };
                let ((), reads) = self.elsewhere(default.span.file, |checker| {
                    checker.cx.wanted_by = Some((field.span, Arc::clone(&field.name)));
                    checker.within(this.clone(), |checker| checker.default(default, &field.ty));
                });
                let node = if top {
                    Node::Field(schema.id, Arc::clone(&field.name))
                } else {
                    Node::Defaults(schema.id)
                };
                self.graph.definition(node, reads);
            }
        }
    }
}

fn tables_for(files: &BTreeMap<FileId, Arc<Parsed>>) -> Vec<FileTypes> {
    let count = files.keys().next_back().map_or(0, |last| last.0 as usize + 1);
    let mut types = vec![FileTypes::default(); count];
    for (id, parsed) in files {
        if let Some(slot) = types.get_mut(id.0 as usize) {
            *slot = empty_types(parsed.file.exprs);
        }
    }
    types
}

fn empty_types(exprs: u32) -> FileTypes {
    let count = exprs as usize;
    FileTypes {
        resolutions: vec![None; count],
        types: vec![None; count],
        broken: vec![false; count],
        members: HashMap::new(),
        packages: Vec::new(),
    }
}
