//! Bodies: each item against the schema of the record around it.

mod block;
mod lets;
mod place;
mod records;
mod walk;

use std::sync::Arc;

use place::{BodyPlace, BodyTarget, Level, Marks};

use super::checker::Checker;
use super::graph::{Node, Noted, Read};
use super::types::{ItemRef, Type};
use crate::ast::{
    BinaryOp, Binders, Body, Expr, ExprKind, Field, ForItem, IfItem, Item, ItemKind, Key, Mark,
};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{names, types};
use crate::span::FileId;
use crate::span::Span;
use walk::Slot;

/// The length of the word `pub`.
const PUB: u32 = 3;

impl Checker<'_> {
    /// Checks the items at the top of a file: sayings of the model.
    pub(in crate::check) fn file(&mut self, file: FileId, body: &Body) {
        let Some(model) = self.env.declarations.model else { return };
        let place =
            BodyPlace { target: BodyTarget::Schema(model), level: Level::Model, marks: Marks::All };
        self.cx = super::checker::Context::new(file);
        for (index, item) in body.items.iter().enumerate() {
            let generator = is_generator(item).then_some(ItemRef { file, index: index as u32 });
            self.cx.generator = generator;
            match &item.kind {
                ItemKind::Let(_)
                | ItemKind::Fn(_)
                | ItemKind::Schema(_)
                | ItemKind::Enum(_)
                | ItemKind::Type(_)
                | ItemKind::Import(_)
                | ItemKind::Error => {}
                ItemKind::Field(_) | ItemKind::Block(_) | ItemKind::For(_) | ItemKind::If(_) => {
                    self.item(item, &place);
                }
            }
            self.reads.clear();
        }
        self.cx.generator = None;
    }

    /// Checks the items of a body.
    fn body(&mut self, body: &Body, place: &BodyPlace) {
        crate::stack::grow(|| {
            self.scoped(|checker| {
                checker.lets(body);
                for item in &body.items {
                    checker.item(item, place);
                }
            });
        });
    }

    fn item(&mut self, item: &Item, place: &BodyPlace) {
        match &item.kind {
            ItemKind::Field(field) => self.field(item, field, place),
            ItemKind::Block(block) => self.block(item, block, place),
            ItemKind::For(ForItem { binders, iter, condition, body }) => self.scoped(|checker| {
                let start = checker.reads.len();
                let iterated = checker.iterated(iter);
                checker.bind_elements(binders, iter, &iterated);
                if let Some(condition) = condition {
                    checker.condition(condition);
                    checker.learn(condition, true);
                }
                checker.below_head(start, place, |checker| checker.body(body, place));
            }),
            ItemKind::If(IfItem { condition, then, otherwise }) => {
                let start = self.reads.len();
                self.condition(condition);
                self.below_head(start, place, |checker| {
                    checker.scoped(|checker| {
                        checker.learn(condition, true);
                        checker.body(then, place);
                    });
                    if let Some(otherwise) = otherwise {
                        checker.scoped(|checker| {
                            checker.learn(condition, false);
                            checker.body(otherwise, place);
                        });
                    }
                });
            }
            ItemKind::Fn(_)
            | ItemKind::Schema(_)
            | ItemKind::Enum(_)
            | ItemKind::Type(_)
            | ItemKind::Import(_) => {
                self.skipped.insert(item.span);
                self.report(
                    Diagnostic::error(
                        names::MISPLACED_DECLARATION,
                        item.span,
                        "this declaration belongs at the top of a file",
                    )
                    .help("move it out of the braces"),
                );
            }
            // Bound by `lets`; but nobody outside could ever read it.
            ItemKind::Let(decl) if decl.public => {
                let at = Span::new(item.span.file, item.span.start, item.span.start + PUB);
                self.report(
                    Diagnostic::error(
                        names::MISPLACED_DECLARATION,
                        at,
                        "a `let` in braces belongs to them alone, and is never `pub`",
                    )
                    .help("what other files import stands at the top of a file")
                    .fix(
                        "take `pub` away",
                        Span::new(at.file, at.start, decl.name.span.start),
                        "let ",
                    ),
                );
            }
            ItemKind::Let(_) | ItemKind::Error => {}
        }
    }

    /// Checks what stands below a `for` or `if`: what its head reads counts for all of it.
    fn below_head(&mut self, start: usize, place: &BodyPlace, inside: impl FnOnce(&mut Self)) {
        let carried = self.cx.carried.len();
        match place.level {
            Level::Model | Level::Kind(_) => self.generator_reads(start),
            Level::Entity(_) => {
                let head = self.reads.split_off(start);
                self.cx.carried.extend(Noted::each_once(head));
            }
            // Part of the saying around.
            Level::Deep => {}
        }
        inside(self);
        self.cx.carried.truncate(carried);
    }

    /// What was read since `start` decides what exists.
    fn generator_reads(&mut self, start: usize) {
        let reads = self.reads.split_off(start.min(self.reads.len()));
        if let Some(generator) = self.cx.generator {
            for read in Noted::each_once(reads) {
                self.graph.add(&Node::Generator(generator), read.node, read.span);
            }
        }
    }

    /// What was read since `start` decides what a field is worth.
    fn saying(
        &mut self,
        said: Option<&(super::types::SchemaId, Arc<str>)>,
        start: usize,
        item: &Item,
    ) {
        let Some((schema, field)) = said else { return };
        let node = Node::Field(*schema, Arc::clone(field));
        let reads = self.reads.split_off(start.min(self.reads.len()));
        let reads = Noted::each_once(reads);
        for Read { node: read, span } in reads.into_iter().chain(self.cx.carried.iter().cloned()) {
            self.graph.add(&node, read, span);
        }
        if let Some(generator) = self.cx.generator {
            self.graph.add(&node, Node::Generator(generator), item.span);
        }
    }

    fn field(&mut self, item: &Item, field: &Field, place: &BodyPlace) {
        let start = self.reads.len();
        if let Some((mark, span)) = field.mark {
            self.mark(mark, span, place, item);
        }
        let Some(slot) = self.walk(&field.path, place) else {
            self.skipped.insert(item.span);
            self.quietly(|checker| checker.hinted(&field.value, None));
            return;
        };
        if matches!(place.level, Level::Model | Level::Kind(_)) {
            self.generator_reads(start);
            // To take an entity away decides what there is, too.
            let decides = field.mark.is_none() || matches!(field.value.kind, ExprKind::Unset);
            if let (Some(kind), true) = (slot.created, decides) {
                self.creates(kind, item);
            }
        }
        let outer = std::mem::replace(&mut self.cx.wanted_by, slot.declared.clone());
        if self.appends(field, place) {
            self.append(field);
        } else {
            match slot.entity {
                Some(entity) => {
                    self.within_entity(entity, |it| it.value(&field.value, &slot, place));
                }
                None => self.value(&field.value, &slot, place),
            }
        }
        self.cx.wanted_by = outer;
        self.saying(slot.said.as_ref(), start, item);
    }

    /// What stands to the right of `=`.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`unset` and a record have rules of their own in a body"
    )]
    fn value(&mut self, value: &Expr, slot: &Slot, place: &BodyPlace) {
        match &value.kind {
            ExprKind::Unset => {
                self.set_type(value.id, &Type::Never);
                // A key that one whole value does not have is left out of it.
                let takes_away = slot.entry && place.marks != Marks::None;
                if !takes_away && !matches!(slot.ty, Type::Optional(_) | Type::Unknown) {
                    let message = format!(
                        "{} is not optional, so there is nothing to take away",
                        self.env.a(&slot.ty)
                    );
                    let mut diagnostic = Diagnostic::error(types::UNSET, value.span, message);
                    if let Some((span, name)) = &slot.declared {
                        diagnostic = diagnostic.also(*span, "declared here");
                        if matches!(slot.ty.base(), Type::Map(_) | Type::Set(_)) {
                            let empty =
                                if matches!(slot.ty.base(), Type::Map(_)) { "{}" } else { "[]" };
                            diagnostic = diagnostic
                                .help(format!("to empty it: `override {name} = {empty}`"))
                                .fix("empty it", value.span, empty);
                        }
                    }
                    self.wrong(value, diagnostic);
                }
            }
            ExprKind::Record(body) => match self.inner_place(&slot.ty, slot.level, place) {
                Some(inner) if place.marks != Marks::None => {
                    self.enter(&inner, |checker| checker.body(body, &inner));
                    self.set_type(value.id, &slot.ty);
                }
                _ => {
                    self.expr(value, Some(&slot.ty));
                }
            },
            _ => {
                self.expr(value, Some(&slot.ty));
            }
        }
    }

    /// The default of a schema's field: like a saying, field by field.
    pub(in crate::check) fn default(&mut self, value: &Expr, ty: &Type) {
        let place =
            BodyPlace { target: BodyTarget::Unknown, level: Level::Deep, marks: Marks::All };
        let slot = Slot {
            ty: ty.clone(),
            level: Level::Deep,
            said: None,
            declared: self.cx.wanted_by.clone(),
            entity: None,
            created: None,
            entry: false,
        };
        self.value(value, &slot, &place);
    }

    /// Whether a mark has a meaning in this place.
    fn mark(&mut self, mark: Mark, span: crate::span::Span, place: &BodyPlace, item: &Item) {
        let allowed = match place.marks {
            Marks::All => true,
            Marks::Module => mark != Mark::Extend,
            Marks::None => false,
        };
        if !allowed && place.target != BodyTarget::Unknown {
            self.skipped.insert(item.span);
            let word = match mark {
                Mark::Default => "default",
                Mark::Override => "override",
                Mark::Extend => "extend",
            };
            self.report(
                Diagnostic::error(types::MARK, span, format!("`{word}` has no meaning here"))
                    .help("this is one whole value, said once")
                    .fix(format!("remove `{word}`"), span, ""),
            );
        }
    }

    /// `xs = xs + [a]`: the field would be said by itself.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a name and a field alone can be the list itself"
    )]
    fn appends(&mut self, field: &Field, place: &BodyPlace) -> bool {
        let [Key::Name(name)] = field.path.as_slice() else { return false };
        let ExprKind::Binary(BinaryOp::Add, _, a, b) = &field.value.kind else { return false };
        let BodyTarget::Schema(schema) = place.target else { return false };
        [a, b].into_iter().any(|side| match &side.kind {
            ExprKind::Name(side) => {
                matches!(place.level, Level::Entity(entity) if entity == schema)
                    && side.text == name.text
                    && self.cx.locals.iter().all(|local| local.name != side.text)
                    && self.env.model_field(&side.text).is_none()
                    && self.scopes.get(self.cx.file, &side.text).is_none()
            }
            ExprKind::Get(base, key) => {
                matches!(base.kind, ExprKind::SelfRecord)
                    && key.literal().as_ref() == Some(&name.text)
            }
            _ => false,
        })
    }

    fn append(&mut self, field: &Field) {
        self.quietly(|checker| checker.hinted(&field.value, None));
        let shown = field.path.first().and_then(Key::literal).unwrap_or_default();
        let mut diagnostic = Diagnostic::error(
            types::APPEND,
            field.value.span,
            format!("`{shown}` would be worth something that depends on itself"),
        )
        .help("a saying replaces the default, and lists never unite: say the whole list");
        if let Some((span, _)) = &self.cx.wanted_by {
            diagnostic = diagnostic
                .also(*span, "declared here")
                .help("what several places add to is declared as a set: `set[T]`");
        }
        self.wrong(&field.value, diagnostic);
    }

    /// The type of what a `for` goes over.
    pub(in crate::check) fn iterated(&mut self, iter: &Expr) -> Type {
        let outer = self.cx.wanted_by.take();
        let found = self.expr(iter, None);
        self.cx.wanted_by = outer;
        found
    }

    /// Binds what a `for` binds.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what cannot be gone over is refused")]
    pub(in crate::check) fn bind_elements(
        &mut self,
        binders: &Binders,
        iter: &Expr,
        iterated: &Type,
    ) {
        let mut fault = None;
        let (key, value) = match iterated.base() {
            _ if matches!(iterated, Type::Optional(_)) => {
                fault = Some(self.absent(iter, "and `for` needs something to go over"));
                (Type::Unknown, Type::Unknown)
            }
            Type::Unknown => (Type::Unknown, Type::Unknown),
            // Before an element stands its number, from 0.
            Type::List(element) | Type::Set(element) => (Type::Int, (**element).clone()),
            Type::Ports => (Type::Int, Type::Port),
            Type::Map(element) => (Type::String, (**element).clone()),
            Type::Anonymous(fields) => {
                (Type::String, self.env.join_all(fields.values()).required().clone())
            }
            Type::Data | Type::Module => (Type::Data, Type::Data),
            other => {
                let message = format!(
                    "`for` goes over lists, sets, maps and ranges, and this is {}",
                    self.env.a(other)
                );
                fault = Some(Diagnostic::error(types::NOT_ITERABLE, iter.span, message));
                (Type::Unknown, Type::Unknown)
            }
        };
        if let Some(fault) = fault {
            self.wrong(iter, fault);
        }
        match &binders.second {
            Some(second) => {
                self.bind(&binders.first.text, key);
                self.bind(&second.text, value);
            }
            None => self.bind(&binders.first.text, value),
        }
    }
}

/// Whether a top-level item decides what exists only when it is evaluated.
pub(in crate::check) fn is_generator(item: &Item) -> bool {
    let computed = |key: &Key| key.literal().is_none();
    match &item.kind {
        ItemKind::For(_) | ItemKind::If(_) => true,
        ItemKind::Block(block) => block.label.iter().chain(&block.path).any(computed),
        ItemKind::Field(field) => field.path.iter().any(computed),
        ItemKind::Let(_)
        | ItemKind::Fn(_)
        | ItemKind::Schema(_)
        | ItemKind::Enum(_)
        | ItemKind::Type(_)
        | ItemKind::Import(_)
        | ItemKind::Error => false,
    }
}
