//! Record literals: whole records of a schema, maps, free data, and records without schema.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::place::{BodyPlace, BodyTarget, Level, Marks};
use crate::ast::{Block, Body, Expr, Field, ForItem, IfItem, Item, ItemKind, Key};
use crate::check::checker::Checker;
use crate::check::types::{SchemaId, Type};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::types;

impl Checker<'_> {
    /// `{ … }` as a value.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a record that is wanted nowhere is typed by its fields"
    )]
    pub(in crate::check) fn record_literal(
        &mut self,
        expr: &Expr,
        body: &Arc<Body>,
        want: Option<&Type>,
    ) -> Type {
        for candidate in want.map(|want| self.env.candidates(want)).unwrap_or_default() {
            match candidate {
                Type::Record(id) => {
                    self.whole_record(expr, id, body);
                    return Type::Record(id);
                }
                Type::Map(element) => {
                    self.map_literal(body, &element);
                    return Type::Map(element);
                }
                Type::Data | Type::Module => {
                    self.free_literal(body, &candidate);
                    return candidate;
                }
                _ => {}
            }
        }
        self.anonymous(body)
    }

    /// A record that is said as a whole: what must be said is said in it.
    pub(in crate::check) fn whole_record(&mut self, expr: &Expr, id: SchemaId, body: &Arc<Body>) {
        self.copy_body(id, body);
        let mut said = BTreeSet::new();
        let clean = said_names(body, &mut said);
        let missing: Vec<_> =
            self.env.required(id).into_iter().filter(|field| !said.contains(&field.name)).collect();
        // A misspelled field was reported; the right one is not missing too.
        let clean = clean && said.iter().all(|name| self.env.schema(id).field(name).is_some());
        if !clean {
            self.set_broken(expr.id);
        }
        if let (Some(first), true) = (missing.first(), clean) {
            let names: Vec<String> =
                missing.iter().map(|field| format!("`{}`", field.name)).collect();
            let message = format!("`{}` wants {}", self.env.schema(id).name, names.join(" and "));
            let diagnostic = Diagnostic::error(types::MISSING_FIELD, expr.span, message)
                .also(first.span, format!("`{}` is declared here, without default", first.name))
                .help("say it");
            self.wrong(expr, diagnostic);
        }
    }

    /// The fields of a whole record, or those that a copy changes.
    pub(in crate::check) fn copy_body(&mut self, id: SchemaId, body: &Arc<Body>) {
        self.literal_body(body, BodyTarget::Schema(id));
    }

    pub(in crate::check) fn map_literal(&mut self, body: &Arc<Body>, element: &Type) {
        self.literal_body(body, BodyTarget::Map(element.clone()));
    }

    pub(in crate::check) fn free_literal(&mut self, body: &Arc<Body>, free: &Type) {
        self.literal_body(body, BodyTarget::Free(free.clone()));
    }

    /// A body whose place is not known; nothing in it is reported.
    pub(in crate::check) fn unknown_body(&mut self, body: &Arc<Body>) {
        self.quietly(|checker| checker.literal_body(body, BodyTarget::Unknown));
    }

    fn literal_body(&mut self, body: &Body, target: BodyTarget) {
        let place = BodyPlace { target, level: Level::Deep, marks: Marks::None };
        self.enter(&place, |checker| checker.body(body, &place));
    }

    /// A record where no schema is wanted; with computed keys it is a map.
    pub(in crate::check) fn anonymous(&mut self, body: &Body) -> Type {
        let mut fields = Fields::default();
        self.scoped(|checker| {
            checker.lets(body);
            body.items.iter().for_each(|item| checker.anonymous_item(item, &mut fields, false));
        });
        let known = into_type(fields.known);
        match (fields.computed, known) {
            (Some(computed), Type::Anonymous(known)) => {
                let all = self.env.join(&computed, &self.env.join_all(known.values()));
                Type::Map(Arc::new(all.required().clone()))
            }
            (_, known) => known,
        }
    }

    /// Checks all keys of a path; false if one cannot be a name.
    fn keys<'k>(&mut self, path: impl Iterator<Item = &'k Key>) -> bool {
        let mut named = true;
        for key in path {
            named &= self.key(key);
        }
        named
    }

    fn anonymous_item(&mut self, item: &Item, fields: &mut Fields, optional: bool) {
        let nowhere = BodyPlace {
            target: BodyTarget::Map(Type::Unknown),
            level: Level::Deep,
            marks: Marks::None,
        };
        match &item.kind {
            ItemKind::Field(Field { mark, path, value }) => {
                if let Some((mark, span)) = mark {
                    self.mark(*mark, *span, &nowhere, item);
                }
                if !self.keys(path.iter()) {
                    self.skipped.insert(item.span);
                }
                let ty = self.expr(value, None);
                fields.add(self, path.iter(), if optional { ty.optional() } else { ty });
            }
            ItemKind::Block(Block { mark, path, label, condition, body }) => {
                if let Some((mark, span)) = mark {
                    self.mark(*mark, *span, &nowhere, item);
                }
                if let Some(condition) = condition {
                    self.condition(condition);
                }
                if !self.keys(path.iter().chain(label)) {
                    self.skipped.insert(item.span);
                }
                let ty = self.anonymous(body);
                fields.add(
                    self,
                    path.iter().chain(label),
                    if optional { ty.optional() } else { ty },
                );
            }
            ItemKind::For(ForItem { binders, iter, condition, body }) => self.scoped(|checker| {
                let iterated = checker.iterated(iter);
                checker.bind_elements(binders, iter, &iterated);
                if let Some(condition) = condition {
                    checker.condition(condition);
                    checker.learn(condition, true);
                }
                checker.lets(body);
                body.items.iter().for_each(|item| checker.anonymous_item(item, fields, true));
            }),
            ItemKind::If(IfItem { condition, then, otherwise }) => {
                self.condition(condition);
                for (truth, body) in [(true, Some(then)), (false, otherwise.as_ref())] {
                    let Some(body) = body else { continue };
                    self.scoped(|checker| {
                        checker.learn(condition, truth);
                        checker.lets(body);
                        body.items
                            .iter()
                            .for_each(|item| checker.anonymous_item(item, fields, true));
                    });
                }
            }
            ItemKind::Fn(_)
            | ItemKind::Schema(_)
            | ItemKind::Enum(_)
            | ItemKind::Type(_)
            | ItemKind::Import(_) => {
                self.item(item, &nowhere);
            }
            ItemKind::Let(_) | ItemKind::Error => {}
        }
    }
}

/// The fields of a record without schema, as they are found.
#[derive(Default)]
struct Fields {
    known: BTreeMap<Arc<str>, Tree>,
    /// What computed keys hold.
    computed: Option<Type>,
}

enum Tree {
    Leaf(Type),
    Node(BTreeMap<Arc<str>, Tree>),
}

impl Fields {
    fn add<'k>(&mut self, checker: &Checker<'_>, path: impl Iterator<Item = &'k Key>, ty: Type) {
        let keys: Option<Vec<Arc<str>>> = path.map(Key::literal).collect();
        let Some(keys) = keys else {
            let all = self.computed.take().unwrap_or(Type::Never);
            self.computed = Some(checker.env.join(&all, &ty));
            return;
        };
        let Some((last, parents)) = keys.split_last() else { return };
        let mut node = &mut self.known;
        for key in parents {
            let tree = node.entry(Arc::clone(key)).or_insert_with(|| Tree::Node(BTreeMap::new()));
            // `a = { … }` and `a.b = …` in one record: the fields of both.
            if let Tree::Leaf(Type::Anonymous(fields)) = tree {
                *tree = Tree::Node(
                    fields
                        .iter()
                        .map(|(name, ty)| (Arc::clone(name), Tree::Leaf(ty.clone())))
                        .collect(),
                );
            }
            match tree {
                Tree::Node(inner) => node = inner,
                // Two sayings that clash; the evaluator shows both.
                Tree::Leaf(_) => return,
            }
        }
        match node.get_mut(last) {
            None => {
                node.insert(Arc::clone(last), Tree::Leaf(ty));
            }
            Some(Tree::Leaf(known)) => *known = checker.env.join(known, &ty),
            Some(Tree::Node(inner)) => {
                if let Type::Anonymous(fields) = ty {
                    for (name, ty) in fields.iter() {
                        inner.entry(Arc::clone(name)).or_insert_with(|| Tree::Leaf(ty.clone()));
                    }
                }
            }
        }
    }
}

fn into_type(fields: BTreeMap<Arc<str>, Tree>) -> Type {
    let typed = fields.into_iter().map(|(name, tree)| {
        let ty = match tree {
            Tree::Leaf(ty) => ty,
            Tree::Node(inner) => into_type(inner),
        };
        (name, ty)
    });
    Type::Anonymous(Arc::new(typed.collect()))
}

/// The fields that a body says somewhere; false if it has items that were not understood.
fn said_names(body: &Body, said: &mut BTreeSet<Arc<str>>) -> bool {
    body.items.iter().all(|item| match &item.kind {
        ItemKind::Field(field) => {
            said.extend(field.path.first().and_then(Key::literal));
            true
        }
        ItemKind::Block(block) => {
            said.extend(block.path.first().and_then(Key::literal));
            true
        }
        ItemKind::For(item) => said_names(&item.body, said),
        ItemKind::If(item) => {
            let then = said_names(&item.then, said);
            let otherwise = item.otherwise.as_ref().is_none_or(|body| said_names(body, said));
            then && otherwise
        }
        ItemKind::Error => false,
        ItemKind::Let(_)
        | ItemKind::Fn(_)
        | ItemKind::Schema(_)
        | ItemKind::Enum(_)
        | ItemKind::Type(_)
        | ItemKind::Import(_) => true,
    })
}
