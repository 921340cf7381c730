//! Which names of a file are used: those that it binds within expressions and bodies, and those of its top.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Program;
use crate::ast::{
    Binders, Block, Body, Case, Clause, Expr, ExprKind, Field, FnDecl, ForItem, Item, ItemKind,
    Key, LetDecl, ListItem, Name, Param, Pattern, SchemaDecl, TypeExpr, TypeKind, Visit, walk_body,
    walk_expr, walk_item, walk_type,
};
use crate::check::types::SchemaId;
use crate::is_library;
use crate::span::{FileId, Span};

/// What binds a name within an expression or a body.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role<'a> {
    /// A `let` in a body.
    Let(&'a Item),
    /// A parameter of a `fn`, or of a function without a name.
    Parameter { named: bool },
    /// The one binder of a loop, or the second.
    Element,
    /// The first of two binders, and where the second begins.
    Key(Span),
    /// The payload of the variant, or the value that is the member of a union, at this place.
    Payload(Span),
}

/// A name that nothing reads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Idle<'a> {
    pub(super) name: &'a Name,
    pub(super) role: Role<'a>,
}

/// A bare name in an entity that has a field of that name, where it means something else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hidden {
    pub(super) entity: SchemaId,
    pub(super) span: Span,
}

/// What a file does with names.
pub(super) struct Uses<'a> {
    program: Program<'a>,
    file: FileId,
    /// The binders around the place, innermost last, each with whether it was read.
    binders: Vec<(Idle<'a>, bool)>,
    /// The schema of the entity around the place, and the field of it that is said there.
    entity: Option<SchemaId>,
    saying: Option<Arc<str>>,
    /// The binders that nothing reads.
    pub(super) idle: Vec<Idle<'a>>,
    /// The names that mean something at the top of the file, or beyond it.
    pub(super) globals: BTreeSet<&'a str>,
    /// The names at the top of the file that hide a field somewhere: the first such place of each.
    pub(super) hidden: BTreeMap<&'a str, Hidden>,
}

impl<'a> Uses<'a> {
    /// What a file does with names.
    pub(super) fn of(program: Program<'a>, file: FileId, body: &'a Body) -> Uses<'a> {
        let mut uses = Uses {
            program,
            file,
            binders: Vec::new(),
            entity: None,
            saying: None,
            idle: Vec::new(),
            globals: BTreeSet::new(),
            hidden: BTreeMap::new(),
        };
        // A `let` at the top is a name of the file, not of the body.
        walk_body(&mut uses, body);
        uses
    }

    fn bind(&mut self, name: &'a Name, role: Role<'a>) {
        self.binders.push((Idle { name, role }, false));
    }

    fn bind_elements(&mut self, binders: &'a Binders) {
        match &binders.second {
            Some(second) => {
                self.bind(&binders.first, Role::Key(second.span));
                self.bind(second, Role::Element);
            }
            None => self.bind(&binders.first, Role::Element),
        }
    }

    fn bind_parameters(&mut self, params: &'a [Param], named: bool) {
        for Param { name, ty, default } in params {
            ty.iter().for_each(|ty| self.visit_type(ty));
            default.iter().for_each(|default| self.visit_expr(default));
            self.bind(name, Role::Parameter { named });
        }
    }

    /// Does something in a scope of its own: what is bound there ends with it.
    fn scoped(&mut self, inside: impl FnOnce(&mut Self)) {
        let outer = self.binders.len();
        inside(self);
        let done = self.binders.split_off(outer);
        self.idle.extend(
            done.into_iter()
                .filter(|(it, read)| !read && !it.name.text.starts_with('_'))
                .map(|(it, _)| it),
        );
    }

    fn read(&mut self, name: &'a Name) {
        let local = self.binders.iter_mut().rev().find(|(it, _)| it.name.text == name.text);
        if let Some((_, read)) = local {
            *read = true;
            return;
        }
        self.globals.insert(&name.text);
        let own = self.program.scopes.own(self.file);
        let Some(entity) = self.entity else { return };
        let is_own = own.is_some_and(|own| own.contains_key(&name.text));
        let env = self.program.env;
        let is_kind = !is_own
            && env.model_field(&name.text).is_some()
            && env
                .schema(entity)
                .field(&name.text)
                .is_some_and(|field| !is_library(field.span.file));
        if (is_own || is_kind)
            && self.saying.as_ref() != Some(&name.text)
            && self.program.env.field_type(entity, &name.text).is_some()
        {
            self.hidden.entry(&name.text).or_insert(Hidden { entity, span: name.span });
        }
    }

    /// A type: `Box`, or `shared.Box` of a file that is imported as a whole.
    fn read_type(&mut self, name: &'a Name) {
        self.globals.extend(name.text.split('.').next());
    }

    /// A variant, or the type of a member of a union.
    fn case(&mut self, case: &'a Case) {
        match case {
            Case::Name(name) => self.read_type(name),
            Case::Type(ty) => self.visit_type(ty),
        }
    }

    /// Does something in an item that sets a path: it may stand in an entity, and say a field of it.
    fn on_path(&mut self, path: &'a [Key], label: Option<&'a Key>, inside: impl FnOnce(&mut Self)) {
        let outer = (self.entity, self.saying.clone());
        let mut keys = path.iter().chain(label);
        let first = keys.next().and_then(Key::literal);
        if self.entity.is_some() {
            self.saying = self.saying.take().or(first);
        } else if let Some(first) = first {
            let tables = self.program.env.tables;
            let single = tables.singles.iter().find(|(_, name)| **name == first);
            match (tables.kinds.get(&first), single) {
                (Some(kind), _) => {
                    self.entity = Some(*kind);
                    keys.next();
                    self.saying = keys.next().and_then(Key::literal);
                }
                (None, Some((schema, _))) => {
                    self.entity = Some(*schema);
                    self.saying = keys.next().and_then(Key::literal);
                }
                (None, None) => {}
            }
        }
        inside(self);
        (self.entity, self.saying) = outer;
    }
}

impl<'a> Visit<'a> for Uses<'a> {
    fn visit_body(&mut self, body: &'a Body) {
        self.scoped(|uses| {
            for item in &body.items {
                if let ItemKind::Let(LetDecl { name, .. }) = &item.kind {
                    uses.bind(name, Role::Let(item));
                }
            }
            walk_body(uses, body);
        });
    }

    fn visit_item(&mut self, item: &'a Item) {
        match &item.kind {
            ItemKind::Field(Field { path, .. }) => {
                self.on_path(path, None, |uses| walk_item(uses, item));
            }
            ItemKind::Block(Block { path, label, .. }) => {
                self.on_path(path, label.as_ref(), |uses| walk_item(uses, item));
            }
            ItemKind::For(ForItem { binders, iter, condition, body }) => {
                self.visit_expr(iter);
                self.scoped(|uses| {
                    uses.bind_elements(binders);
                    condition.iter().for_each(|it| uses.visit_expr(it));
                    uses.visit_body(body);
                });
            }
            ItemKind::Fn(FnDecl { params, result, body, .. }) => {
                let idle = self.idle.len();
                self.scoped(|uses| {
                    uses.bind_parameters(params, true);
                    result.iter().for_each(|ty| uses.visit_type(ty));
                    body.iter().for_each(|body| uses.visit_expr(body));
                });
                // A builtin's parameters are read elsewhere.
                if body.is_none() {
                    self.idle.truncate(idle);
                }
            }
            ItemKind::Schema(SchemaDecl { extend: true, name, .. }) => {
                self.read_type(name);
                walk_item(self, item);
            }
            ItemKind::Schema(_)
            | ItemKind::Enum(_)
            | ItemKind::Type(_)
            | ItemKind::If(_)
            | ItemKind::Let(_)
            | ItemKind::Import(_)
            | ItemKind::Error => walk_item(self, item),
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "no other expression binds a name, or is one"
    )]
    fn visit_expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.read(name),
            ExprKind::List(items) => {
                for ListItem { clauses, value } in items {
                    self.scoped(|uses| {
                        for clause in clauses {
                            match clause {
                                Clause::For(binders, iter) => {
                                    uses.visit_expr(iter);
                                    uses.bind_elements(binders);
                                }
                                Clause::If(condition) => uses.visit_expr(condition),
                            }
                        }
                        uses.visit_expr(value);
                    });
                }
            }
            ExprKind::Lambda(params, body) => self.scoped(|uses| {
                uses.bind_parameters(params, false);
                uses.visit_expr(body);
            }),
            ExprKind::Match(head, arms) => {
                self.visit_expr(head);
                for arm in arms {
                    self.scoped(|uses| {
                        match &arm.pattern {
                            Pattern::Case(case, binder) => {
                                uses.case(case);
                                if let Some(binder) = binder {
                                    uses.bind(binder, Role::Payload(case.span()));
                                }
                            }
                            Pattern::Else(_) | Pattern::Error(_) => {}
                        }
                        uses.visit_expr(&arm.value);
                    });
                }
            }
            ExprKind::Is(value, case) => {
                self.visit_expr(value);
                self.case(case);
            }
            _ => walk_expr(self, expr),
        }
    }

    fn visit_type(&mut self, ty: &'a TypeExpr) {
        if let TypeKind::Name(name) | TypeKind::Ref(name) = &ty.kind {
            self.read_type(name);
        }
        walk_type(self, ty);
    }
}
