//! Following a path from the record around to the place that is set.

use std::sync::Arc;

use super::place::{BodyPlace, BodyTarget, Level, Marks};
use crate::ast::{Item, Key};
use crate::check::checker::Checker;
use crate::check::graph::Node;
use crate::check::types::{SchemaId, Type};
use crate::diagnostic::codes::{names, types};
use crate::diagnostic::{Diagnostic, closest};
use crate::elsewhere::row;
use crate::lint::{deprecated_field, deprecated_kind};
use crate::span::Span;

/// The words that an item can begin with.
const WORDS: &[&str] =
    &["let", "fn", "schema", "enum", "import", "pub", "default", "override", "extend", "for", "if"];

/// The place at the end of a path.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) ty: Type,
    pub(super) level: Level,
    /// The field of an entity that is said, where the path enters one.
    pub(super) said: Option<(SchemaId, Arc<str>)>,
    /// Where the last field is declared, and its name.
    pub(super) declared: Option<(Span, Arc<str>)>,
    /// The entity that the path leads into.
    pub(super) entity: Option<SchemaId>,
    /// The kind in which the path may create a key.
    pub(super) created: Option<SchemaId>,
    /// Whether it is an entry of a map, which can be taken away.
    pub(super) entry: bool,
}

impl Checker<'_> {
    /// Follows a path; None after a report that there is no such place.
    pub(super) fn walk(&mut self, path: &[Key], place: &BodyPlace) -> Option<Slot> {
        let mut slot = Slot {
            ty: Type::Unknown,
            level: place.level,
            said: None,
            declared: None,
            entity: None,
            created: None,
            entry: false,
        };
        let mut target = place.target.clone();
        for (index, key) in path.iter().enumerate() {
            if !self.key(key) {
                return None;
            }
            if index > 0 {
                let at = path.get(index - 1).map_or(key.span(), Key::span);
                target = self.descend(&slot, at)?;
            }
            self.step(&target, key, &mut slot)?;
        }
        Some(slot)
    }

    /// One step, from a target to what its key holds.
    fn step(&mut self, target: &BodyTarget, key: &Key, slot: &mut Slot) -> Option<()> {
        slot.entry = match target {
            BodyTarget::Map(_) | BodyTarget::Free(Type::Module) => true,
            BodyTarget::Unknown | BodyTarget::Free(_) | BodyTarget::Schema(_) => false,
        };
        match target {
            BodyTarget::Unknown => {
                slot.ty = Type::Unknown;
                slot.declared = None;
            }
            BodyTarget::Free(ty) => {
                slot.ty = ty.clone();
                slot.declared = None;
            }
            BodyTarget::Map(element) => {
                slot.ty = element.clone();
                slot.declared = None;
                if let Level::Kind(schema) = slot.level {
                    slot.level = Level::Entity(schema);
                    slot.entity = Some(schema);
                    slot.created = Some(schema);
                } else if !matches!(slot.level, Level::Model) {
                    slot.level = Level::Deep;
                }
            }
            BodyTarget::Schema(id) => self.step_field(*id, key, slot)?,
        }
        Some(())
    }

    fn step_field(&mut self, id: SchemaId, key: &Key, slot: &mut Slot) -> Option<()> {
        let Some(name) = key.literal() else {
            let diagnostic = crate::check::get::computed(key, &self.env.schema(id).name);
            self.report(diagnostic);
            return None;
        };
        let Some(field) = self.env.schema(id).field(&name) else {
            let diagnostic = match slot.level {
                Level::Model => self.unknown_kind(&name, key.span()),
                Level::Kind(_) | Level::Entity(_) | Level::Deep
                    if &*name == "name" && self.env.field_type(id, "name").is_some() =>
                {
                    Diagnostic::error(
                        names::UNKNOWN_FIELD,
                        key.span(),
                        "a name is said by the label, and only read in here",
                    )
                    .help("change the label of the block")
                }
                Level::Kind(_) | Level::Entity(_) | Level::Deep => {
                    self.unknown_field(id, &name, key.span())
                }
            };
            self.report(diagnostic);
            return None;
        };
        let warning = match slot.level {
            Level::Model => deprecated_kind(self.sources, field, key.span()),
            Level::Kind(_) | Level::Entity(_) | Level::Deep => {
                deprecated_field(self.sources, field, key.span())
            }
        };
        if let Some(warning) = warning {
            self.report(warning);
        }
        slot.ty = field.ty.clone();
        slot.declared = Some((field.span, Arc::clone(&field.name)));
        slot.level = match slot.level {
            Level::Model => match (self.env.tables.kinds.get(&name), field.ty.base()) {
                (Some(schema), _) => Level::Kind(*schema),
                (None, Type::Record(schema)) => Level::Entity(*schema),
                _ => Level::Deep,
            },
            Level::Entity(schema) => {
                slot.said = Some((schema, name));
                Level::Deep
            }
            Level::Kind(_) | Level::Deep => Level::Deep,
        };
        Some(())
    }

    /// What the next key of a path belongs to.
    fn descend(&mut self, slot: &Slot, at: Span) -> Option<BodyTarget> {
        let all = BodyPlace { target: BodyTarget::Unknown, level: Level::Deep, marks: Marks::All };
        if let Some(place) = self.inner_place(&slot.ty, slot.level, &all) {
            return Some(place.target);
        }
        let diagnostic = self.no_record(&slot.ty, at, slot.declared.as_ref());
        self.report(diagnostic);
        None
    }

    /// A field that holds no record, where a body or a further key stands.
    #[expect(clippy::wildcard_enum_match_arm, reason = "two of the many types have a remedy")]
    pub(super) fn no_record(
        &self,
        ty: &Type,
        at: Span,
        declared: Option<&(Span, Arc<str>)>,
    ) -> Diagnostic {
        let text = self.text(at);
        let mut diagnostic = Diagnostic::error(
            types::NOT_A_BLOCK,
            at,
            format!("`{text}` is {}, which has no fields to set", self.env.a(ty)),
        );
        if let Some((span, _)) = declared {
            diagnostic = diagnostic.also(*span, "declared here");
        }
        let candidates = self.env.candidates(ty);
        for candidate in &candidates {
            match candidate {
                Type::Ref(id) => {
                    let kind = self.env.tables.kind_of.get(id);
                    return diagnostic.help(match kind {
                        Some(kind) => format!(
                            "it refers to another thing, which is changed where it is declared, or with `extend {kind} name {{ … }}`"
                        ),
                        None => "it refers to another thing, which is changed where it is declared".to_owned(),
                    });
                }
                Type::Enum(_) => {
                    return diagnostic.help(format!(
                        "a variant and its payload are said as a whole: `{text} = variant {{ … }}`"
                    ));
                }
                _ => {}
            }
        }
        diagnostic.help(format!("write `{text} = …`"))
    }

    /// A word at the top of a file that the model does not have.
    fn unknown_kind(&self, name: &str, span: Span) -> Diagnostic {
        let message = format!("there is no kind `{name}`");
        let diagnostic = Diagnostic::error(names::UNKNOWN_KIND, span, message);
        // What begins with `x-` is for all in a file of Compose.
        let word = if name.starts_with("x-") { "common" } else { name };
        if let Some(row) = row("kind", word) {
            return row.tell(diagnostic, span);
        }
        let Some(model) = self.env.declarations.model else { return diagnostic };
        let model = self.env.schema(model);
        let known = || model.by_name.keys().map(|name| &**name);
        // A word of the language, written wrong, is no kind either.
        let known = || known().chain(WORDS.iter().copied());
        let near = self.may_guess().then(|| closest(name, known())).flatten();
        let holders = self.env.tables.holders.get(name).map(Vec::as_slice).unwrap_or_default();
        let owner = holders.iter().find_map(|id| {
            let kind = self.env.tables.kind_of.get(id)?;
            let nested =
                matches!(self.env.schema(*id).field(name)?.ty.unconditional(), Type::Map(_));
            nested.then_some(kind)
        });
        match (near, owner) {
            (None, Some(kind)) => diagnostic.help(format!(
                "`{name}` belongs into a `{kind}`: `{kind} x {{ {name} y {{ … }} }}`"
            )),
            (Some(_), _) => diagnostic.suggest(name, span, known()),
            (None, None) => diagnostic.help(format!(
                "to add one: `extend schema Model {{ {name}: {{YourSchema}} = {{}} }}`"
            )),
        }
    }

    /// An item creates entities in a kind: which ones there are depends on it.
    pub(super) fn creates(&mut self, kind: SchemaId, item: &Item) {
        if let Some(generator) = self.cx.generator {
            self.graph.add(&Node::Names(kind), Node::Generator(generator), item.span);
        }
    }
}
