//! Reading fields and keys: `a.b`, `a."b"`, `a has b`.

use std::sync::Arc;

use super::checker::Checker;
use super::graph::Node;
use super::types::{Resolution, SchemaId, Type};
use crate::ast::{Expr, ExprKind, Key};
use crate::diagnostic::codes::{names, types};
use crate::diagnostic::{Diagnostic, closest, first_of};
use crate::elsewhere::row;
use crate::span::Span;

impl Checker<'_> {
    pub(super) fn get(&mut self, expr: &Expr, base: &Expr, key: &Key) -> Type {
        if let Some(id) = self.enum_named(base) {
            return self.qualified_variant(expr, id, key);
        }
        if let Some(module) = self.module_named(base, key) {
            return self.module_member(expr, module, key);
        }
        if let Some(diagnostic) = self.read_elsewhere(base, key) {
            return self.wrong(expr, diagnostic);
        }
        let outer = self.cx.wanted_by.take();
        let base_type = self.expr(base, None);
        if !self.key(key) {
            self.set_broken(expr.id);
        }
        self.cx.wanted_by = outer;
        if let Type::Optional(_) = self.there(base, &base_type) {
            let diagnostic = self.absent(base, "and only what is there has fields");
            return self.wrong(expr, diagnostic);
        }
        match self.member(base, self.there(base, &base_type), key) {
            Ok(ty) => self.narrowed(expr, ty),
            Err(diagnostic) => self.wrong(expr, *diagnostic),
        }
    }

    /// The type of a field or key of a value that is there.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what has no fields is refused")]
    fn member(
        &mut self,
        base: &Expr,
        base_type: &Type,
        key: &Key,
    ) -> Result<Type, Box<Diagnostic>> {
        match base_type {
            Type::Unknown => Ok(Type::Unknown),
            Type::Where(inner, _) => self.member(base, &inner.clone(), key),
            Type::Record(id) => self.field_of(*id, base_type, key),
            Type::Ref(id) => self.field_of(*id, base_type, key).map(|ty| self.env.placed(&ty)),
            // What is rooted in the model must be there; the evaluation says whether it is.
            Type::Map(element) if matches!(**element, Type::Ref(_)) && self.is_rooted(base) => {
                Ok((**element).clone())
            }
            Type::Map(element) => Ok((**element).clone().optional()),
            Type::Data | Type::Module => Ok(Type::Data.optional()),
            Type::Anonymous(fields) => match key.literal() {
                Some(name) => fields.get(&name).cloned().ok_or_else(|| {
                    let diagnostic = Diagnostic::error(
                        names::UNKNOWN_FIELD,
                        key.span(),
                        format!("this record has no field `{name}`"),
                    );
                    Box::new(match self.as_function(base, key) {
                        Some(help) => diagnostic.help(help),
                        None => {
                            diagnostic.suggest(&name, key.span(), fields.keys().map(|name| &**name))
                        }
                    })
                }),
                None => Ok(self.env.join_all(fields.values()).optional()),
            },
            Type::Union(members) => {
                let mut all = Type::Never;
                for member in members.iter() {
                    let ty = self.member(base, member, key).map_err(|diagnostic| {
                        Box::new(self.not_every(base, base_type, key, *diagnostic))
                    })?;
                    all = self.env.join(&all, &ty);
                }
                Ok(all)
            }
            other => {
                let mut diagnostic = Diagnostic::error(
                    types::NO_FIELDS,
                    key.span(),
                    format!("{} has no fields", self.env.a(other)),
                );
                if let Some(help) = self.as_function(base, key) {
                    diagnostic = diagnostic.help(help);
                }
                if let Type::Enum(id) = other {
                    let holder =
                        self.env.declarations.enumeration(*id).variants.iter().find(|variant| {
                            variant.payload.is_some_and(|payload| {
                                key.literal().is_some_and(|name| {
                                    self.env.schema(payload).field(&name).is_some()
                                })
                            })
                        });
                    diagnostic = diagnostic.help(match (holder, key.literal()) {
                        (Some(variant), Some(name)) => format!(
                            "a payload is reached with `match`: `match … {{ {} it => it.{name}, else => … }}`",
                            variant.name
                        ),
                        _ => "a payload is reached with `match`; `is` tests which variant it is".to_owned(),
                    });
                }
                Err(Box::new(diagnostic))
            }
        }
    }

    /// A field that not every member of a union has: which ones do, and how they are told apart.
    fn not_every(
        &mut self,
        base: &Expr,
        union: &Type,
        key: &Key,
        mut diagnostic: Diagnostic,
    ) -> Diagnostic {
        let has = |member: &&Type| {
            let (Type::Record(id) | Type::Ref(id)) = member.base() else { return false };
            key.literal().is_some_and(|name| self.env.field_type(*id, &name).is_some())
        };
        if let Some(member) = union.members().into_iter().find(has) {
            let word = self.env.word(member);
            let text = self.text(base.span);
            diagnostic.help.clear();
            diagnostic = diagnostic.help(format!("ask first which it is: `if {text} is {word} …`"));
        }
        diagnostic
    }

    /// What to write for a method of other languages: a function, or a loop.
    pub(super) fn as_function(&self, base: &Expr, key: &Key) -> Option<String> {
        let row = row("method", &key.literal()?)?;
        let text = self.text(base.span);
        let short = !text.contains('\n') && text.len() <= 40;
        Some(row.of(if short { text } else { "xs" }))
    }

    /// The declared type of a schema's field; what is read is remembered.
    fn field_of(&mut self, id: SchemaId, base: &Type, key: &Key) -> Result<Type, Box<Diagnostic>> {
        let Some(name) = key.literal() else {
            return Err(Box::new(computed(key, &self.env.show(base))));
        };
        let Some(ty) = self.env.field_type(id, &name) else {
            return Err(Box::new(self.unknown_field(id, &name, key.span())));
        };
        if self.env.is_kind(id) || self.env.tables.singles.contains_key(&id) {
            self.note(Node::Field(id, name), key.span());
        }
        self.note_references(&ty, key.span(), 0);
        Ok(ty)
    }

    /// A reference to a nested record may lead into any entity that can hold one.
    fn note_references(&mut self, ty: &Type, span: Span, depth: usize) {
        if let Type::Ref(id) = ty
            && !self.env.is_kind(*id)
        {
            for (kind, field) in self.holders_of(*id) {
                self.note(Node::Field(kind, field), span);
            }
        }
        if depth < super::env::TYPE_DEPTH {
            ty.parts().for_each(|part| self.note_references(part, span, depth + 1));
        }
    }

    /// The fields of kinds in which records of a nested schema live.
    fn holders_of(&self, nested: SchemaId) -> Vec<(SchemaId, Arc<str>)> {
        self.env.tables.homes.get(&nested).cloned().unwrap_or_default()
    }

    /// The type that a value has where one is needed. A field that is named in full, from its kind on
    /// (`user.arr.uid`), must be there, as the entity itself must; the evaluation says whether it is.
    pub(super) fn there<'t>(&self, expr: &Expr, found: &'t Type) -> &'t Type {
        match (&expr.kind, found) {
            (ExprKind::Get(base, _), Type::Optional(inner)) if self.is_named_in_full(base) => inner,
            _ => found,
        }
    }

    /// Whether this is an entity, or a record in one, named from its kind on: not a map's free key.
    fn is_named_in_full(&self, expr: &Expr) -> bool {
        let is_record = self.type_of(expr.id).is_some_and(|ty| matches!(ty.base(), Type::Ref(_)));
        let mut root = expr;
        while let ExprKind::Get(base, _) = &root.kind {
            root = base;
        }
        is_record && self.resolution(root.id) == Some(&Resolution::Kind)
    }

    /// Whether an expression reads on from a kind or from a bare field of the entity around.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "names and fields alone lead into the model"
    )]
    fn is_rooted(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(_) => {
                matches!(self.resolution(expr.id), Some(Resolution::Kind | Resolution::Entity))
            }
            ExprKind::Get(base, _) => self.is_rooted(base),
            _ => false,
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what may be absent is refused")]
    pub(super) fn has(&mut self, expr: &Expr, base: &Expr, key: &Key) -> Type {
        let outer = self.cx.wanted_by.take();
        let base_type = self.expr(base, None);
        if !self.key(key) {
            self.set_broken(expr.id);
        }
        self.cx.wanted_by = outer;
        let result = match &base_type {
            Type::Optional(_) => {
                Err(Box::new(self.absent(base, "and only what is there can be asked for a field")))
            }
            _ => self.member(base, &base_type, key),
        };
        match result {
            Ok(_) => Type::Bool,
            // Whether a record without schema has a field is a fair question.
            Err(_) if matches!(base_type, Type::Anonymous(_)) => Type::Bool,
            Err(diagnostic) => self.wrong(expr, *diagnostic),
        }
    }

    /// A field that a schema does not have: the nearest name, or where the field belongs.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone have fields to look into")]
    pub(super) fn unknown_field(&self, id: SchemaId, name: &str, span: Span) -> Diagnostic {
        let schema = self.env.schema(id);
        let shown = match self.env.tables.kind_of.get(&id) {
            Some(kind) => kind,
            None => &schema.name,
        };
        let diagnostic = Diagnostic::error(
            names::UNKNOWN_FIELD,
            span,
            format!("`{shown}` has no field `{name}`"),
        );
        if let Some(row) = row(&schema.name, name) {
            return row.tell(diagnostic, span);
        }
        let owners = self.env.tables.holders.get(name).map(Vec::as_slice).unwrap_or_default();
        let nested = schema.fields.iter().find(|field| {
            let candidates = self.env.candidates(&field.ty);
            candidates.iter().any(|candidate| match candidate {
                Type::Record(inner) => owners.contains(inner),
                Type::Map(element) => {
                    matches!(element.unconditional(), Type::Record(inner) if owners.contains(inner))
                }
                Type::Enum(enumeration) => {
                    let variants = &self.env.declarations.enumeration(*enumeration).variants;
                    variants
                        .iter()
                        .any(|it| it.payload.is_some_and(|payload| owners.contains(&payload)))
                }
                _ => false,
            })
        });
        let guess = self.may_guess();
        let near = guess.then(|| closest(name, self.env.field_names(id))).flatten();
        match (near, nested) {
            (Some(_), _) => diagnostic.suggest(name, span, self.env.field_names(id)),
            (None, Some(field)) => diagnostic
                .help(format!("`{name}` belongs to `{}`", field.name))
                .also(field.span, format!("`{}` is declared here", field.name)),
            (None, None) => {
                let known: Vec<&str> = self.env.field_names(id).collect();
                if known.is_empty() {
                    diagnostic.help("it has no fields at all")
                } else {
                    let (fields, schema) = (first_of(&known, 12, ", "), &schema.name);
                    let diagnostic = diagnostic.help(format!("its fields: {fields}"));
                    // A variant's payload has no name to extend it by.
                    if schema.contains('.') {
                        return diagnostic;
                    }
                    diagnostic
                        .help(format!("to add one: `extend schema {schema} {{ {name}: string? }}`"))
                }
            }
        }
    }

    /// A value that may be absent where one is needed.
    #[expect(clippy::wildcard_enum_match_arm, reason = "a name and a field have a remedy")]
    pub(super) fn absent(&self, expr: &Expr, why: &str) -> Diagnostic {
        let what = match &expr.kind {
            ExprKind::Name(_) | ExprKind::Get(..) => format!("`{}`", self.text(expr.span)),
            _ => "this value".to_owned(),
        };
        let diagnostic =
            Diagnostic::error(types::ABSENT, expr.span, format!("{what} may be absent, {why}"))
                .help("say what else with `?? value`");
        match &expr.kind {
            ExprKind::Get(base, key) => diagnostic.help(format!(
                "or test before: `if {} has {} then {what} else …`",
                self.text(base.span),
                self.text(key.span()),
                what = self.text(expr.span),
            )),
            ExprKind::Name(name) if self.resolution(expr.id) == Some(&Resolution::Entity) => {
                let text = &name.text;
                let inside = self.cx.this.as_ref().is_some_and(|this| {
                    matches!(this.ty, Type::Record(id) | Type::Ref(id) if Some(id) == self.cx.entity)
                });
                // `has` without a left side asks the innermost record.
                diagnostic.help(if inside {
                    format!("or test before: `if has {text} then {text} else …`")
                } else {
                    format!("or test it around this block: `if has {text} {{ … }}`")
                })
            }
            _ => diagnostic,
        }
    }
}

/// A computed key on something whose fields are fixed.
pub(super) fn computed(key: &Key, shown: &str) -> Diagnostic {
    Diagnostic::error(
        types::COMPUTED_KEY,
        key.span(),
        format!("the fields of `{shown}` are fixed, so their names cannot be computed"),
    )
}
