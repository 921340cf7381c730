//! Blocks: `route web { … }`, `container { … }`, `default host if c { … }`.

use super::place::{BodyPlace, BodyTarget, Level, Marks};
use super::walk::Slot;
use crate::ast::{Block, Field, Item, ItemKind, Key, Mark};
use crate::check::checker::Checker;
use crate::check::graph::Noted;
use crate::check::types::{SchemaId, Type};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{names, types};
use crate::span::Span;

impl Checker<'_> {
    pub(super) fn block(&mut self, item: &Item, block: &Block, place: &BodyPlace) {
        let start = self.reads.len();
        if let Some((mark, span)) = block.mark {
            self.mark(mark, span, place, item);
        }
        let slot = self.walk(&block.path, place);
        let named = block.label.as_ref().is_none_or(|label| self.key(label));
        let slot = slot.filter(|_| named);
        let inner = slot.as_ref().and_then(|slot| match &block.label {
            Some(label) => self.labelled(block, label, slot, place),
            None => self.unlabelled(block, slot, place),
        });
        let (Some(slot), Some((inner, created))) = (slot, inner) else {
            self.skipped.insert(item.span);
            self.quietly(|checker| checker.unknown_body(&block.body));
            return;
        };
        if matches!(place.level, Level::Model | Level::Kind(_)) {
            self.generator_reads(start);
            if let (Some(kind), None) = (created.or(slot.created), block.mark) {
                self.creates(kind, item);
            }
        }
        let carried = self.cx.carried.len();
        self.enter(&inner, |checker| {
            if let Some(condition) = &block.condition {
                let start = checker.reads.len();
                checker.condition(condition);
                checker.learn(condition, true);
                let head = checker.reads.split_off(start);
                checker.cx.carried.extend(Noted::each_once(head));
            }
            match slot.entity {
                // A path that leads through an entity: `service.x.container { … }`.
                Some(entity) if inner.target != BodyTarget::Schema(entity) => {
                    let this = checker.cx.this.clone();
                    checker.within_entity(entity, |checker| {
                        checker.cx.this = this;
                        checker.body(&block.body, &inner);
                    });
                }
                _ => checker.body(&block.body, &inner),
            }
        });
        self.cx.carried.truncate(carried);
        self.saying(slot.said.as_ref(), start, item);
    }

    /// The place of a labelled block, and the kind in which it makes an entity.
    fn labelled(
        &mut self,
        block: &Block,
        label: &Key,
        slot: &Slot,
        place: &BodyPlace,
    ) -> Option<(BodyPlace, Option<SchemaId>)> {
        self.misplaced_condition(block);
        if slot.ty == Type::Unknown {
            return Some((
                BodyPlace { target: BodyTarget::Unknown, level: Level::Deep, marks: place.marks },
                None,
            ));
        }
        let candidates = self.env.candidates(&slot.ty);
        let free = candidates.iter().find(|it| matches!(it, Type::Data | Type::Module));
        if let Some(free) = free {
            return self.inner_place(free, Level::Deep, place).map(|place| (place, None));
        }
        let element = candidates.iter().find_map(|candidate| {
            if let Type::Map(element) = candidate { Some(element) } else { None }
        });
        let Some(element) = element else {
            let diagnostic = self.label_unwanted(block, label, slot, place);
            self.report(diagnostic);
            return None;
        };
        let created = if let Level::Kind(schema) = slot.level { Some(schema) } else { None };
        let level = created.map_or(Level::Deep, Level::Entity);
        let Some(inner) = self.inner_place(element, level, place) else {
            let span = path_span(block);
            let text = self.text(span);
            let mut diagnostic = Diagnostic::error(
                types::NOT_A_BLOCK,
                span,
                format!("`{text}` holds no records, but {}", self.env.show(element)),
            )
            .help(format!("write `{text}.{} = …`", self.text(label.span())));
            if let Some((span, _)) = &slot.declared {
                diagnostic = diagnostic.also(*span, "declared here");
            }
            self.report(diagnostic);
            return None;
        };
        Some((inner, created))
    }

    /// The field beside the one that a block names, that holds several of them by name: `units` beside `unit`.
    fn many_of(&self, block: &Block, place: &BodyPlace) -> Option<String> {
        let ([name], BodyTarget::Schema(schema)) = (block.path.as_slice(), &place.target) else {
            return None;
        };
        let many = format!("{}s", name.literal()?);
        let field = self.env.schema(*schema).field(&many)?;
        matches!(field.ty.required(), Type::Map(_)).then_some(many)
    }

    fn label_unwanted(
        &self,
        block: &Block,
        label: &Key,
        slot: &Slot,
        place: &BodyPlace,
    ) -> Diagnostic {
        let span = path_span(block);
        let text = self.text(span);
        let mut diagnostic = Diagnostic::error(
            names::LABEL_UNWANTED,
            label.span(),
            format!("`{text}` is {}, and takes no label", self.env.a(&slot.ty)),
        );
        if let Some((span, _)) = &slot.declared {
            diagnostic = diagnostic.also(*span, "declared here");
        }
        if let Some(many) = self.many_of(block, place) {
            let text = format!("`{many} {} {{ … }}` says more of them", self.text(label.span()));
            if let Some(last) = block.path.last() {
                return diagnostic.help(text).fix(format!("write `{many}`"), last.span(), many);
            }
        }
        let all = BodyPlace { target: BodyTarget::Unknown, level: Level::Deep, marks: Marks::All };
        if self.inner_place(&slot.ty, Level::Deep, &all).is_some() {
            let gap = Span::new(span.file, span.end, label.span().end);
            diagnostic.fix("remove the label", gap, "")
        } else {
            diagnostic.help(format!("write `{text} = …`"))
        }
    }

    /// The place of a block without label.
    fn unlabelled(
        &mut self,
        block: &Block,
        slot: &Slot,
        place: &BodyPlace,
    ) -> Option<(BodyPlace, Option<SchemaId>)> {
        let kind_wide = block.mark.is_some_and(|(mark, _)| mark == Mark::Default);
        if let (Level::Kind(schema), true) = (slot.level, kind_wide) {
            let target = BodyTarget::Schema(schema);
            return Some((
                BodyPlace { target, level: Level::Entity(schema), marks: place.marks },
                None,
            ));
        }
        let span = path_span(block);
        let text = self.text(span);
        let inner = self.inner_place(&slot.ty, slot.level, place);
        if !speaks_of_many(inner.as_ref(), kind_wide) {
            self.misplaced_condition(block);
        }
        let in_a_kind = matches!(slot.level, Level::Kind(_));
        match inner {
            // `default route { … }` speaks of each route.
            Some(BodyPlace { target: BodyTarget::Map(Type::Record(element)), marks, .. })
                if speaks_of_many(inner.as_ref(), kind_wide) =>
            {
                let target = BodyTarget::Schema(element);
                Some((BodyPlace { target, level: Level::Deep, marks }, None))
            }
            // `env { A = "x" }`: what is no record cannot have a label before its braces.
            Some(inner @ BodyPlace { target: BodyTarget::Map(_), .. })
                if !in_a_kind && !holds_records(&inner.target) =>
            {
                Some((inner, None))
            }
            Some(BodyPlace { target: BodyTarget::Map(_), .. }) => {
                let mut diagnostic = Diagnostic::error(
                    names::LABEL_MISSING,
                    span,
                    format!("`{text}` holds things by name, so a block says which"),
                );
                if let Some((span, _)) = &slot.declared {
                    diagnostic = diagnostic.also(*span, "declared here");
                }
                diagnostic = match slot.level {
                    Level::Kind(_) => diagnostic.help(format!(
                        "write `{text} name {{ … }}`, or `default {text} {{ … }}` for all of them"
                    )),
                    Level::Model | Level::Entity(_) | Level::Deep
                        if self.is_one_entry(block, inner.as_ref()) =>
                    {
                        diagnostic.help(format!(
                            "write `{text} name {{ … }}`, or `default {text} {{ … }}` for each of them"
                        ))
                    }
                    Level::Model | Level::Entity(_) | Level::Deep => diagnostic
                        .help(format!(
                            "write `{text} name {{ … }}`, `default {text} {{ … }}` for each of them, or `{text} = {{ … }}` to set several keys"
                        ))
                        .fix("set several keys", span.tail(), " ="),
                };
                self.report(diagnostic);
                None
            }
            Some(inner) => Some((inner, None)),
            None => {
                let diagnostic = self.no_record(&slot.ty, span, slot.declared.as_ref());
                self.report(diagnostic);
                None
            }
        }
    }

    /// Whether a body on a map says the fields of one of its records, and not several by name.
    fn is_one_entry(&self, block: &Block, inner: Option<&BodyPlace>) -> bool {
        let Some(BodyPlace { target: BodyTarget::Map(Type::Record(id)), .. }) = inner else {
            return false;
        };
        block.body.items.iter().any(|item| {
            let (ItemKind::Field(Field { path, .. }) | ItemKind::Block(Block { path, .. })) =
                &item.kind
            else {
                return false;
            };
            let name = path.first().and_then(Key::literal);
            name.is_some_and(|name| self.env.schema(*id).field(&name).is_some())
        })
    }

    /// A condition belongs to a default of many alone.
    fn misplaced_condition(&mut self, block: &Block) {
        if let Some(condition) = &block.condition {
            self.quietly(|checker| checker.condition(condition));
            self.report(
                Diagnostic::error(
                    types::CONDITION,
                    condition.span,
                    "only a default of many has a condition, as `default service if c { … }`",
                )
                .help("write `if c { … }` around the block"),
            );
        }
    }
}

/// Whether a block without label is for each thing that a field holds by name.
fn speaks_of_many(inner: Option<&BodyPlace>, by_default: bool) -> bool {
    let of_records = |place: &BodyPlace| {
        matches!(place.target, BodyTarget::Map(Type::Record(_))) && place.marks == Marks::All
    };
    by_default && inner.is_some_and(of_records)
}

/// Whether the entries of a map have bodies of their own.
fn holds_records(target: &BodyTarget) -> bool {
    match target {
        BodyTarget::Map(element) => {
            matches!(element.base(), Type::Record(_) | Type::Map(_) | Type::Data | Type::Module)
        }
        BodyTarget::Schema(_) | BodyTarget::Free(_) | BodyTarget::Unknown => false,
    }
}

fn path_span(block: &Block) -> Span {
    match (block.path.first(), block.path.last()) {
        (Some(first), Some(last)) => first.span().to(last.span()),
        _ => block.body.span,
    }
}
