//! What a bare name means: binders, fields of the model, fields of the entity around, variants of the wanted type.

use std::sync::Arc;

use super::checker::Checker;
use super::graph::{Node, Noted};
use super::types::{EnumId, Resolution, Type};
use crate::ast::{Expr, ExprKind, Key, Name};
use crate::diagnostic::codes::names;
use crate::diagnostic::{Diagnostic, closest, some_of};
use crate::elsewhere::row;
use crate::lint::deprecated_field;
use crate::resolve::Global;
use crate::span::Span;

impl Checker<'_> {
    /// The type of a bare name as an expression.
    pub(super) fn name(&mut self, expr: &Expr, name: &Name, want: Option<&Type>) -> Type {
        let variant = want.and_then(|want| self.wanted_variant(want, &name.text));
        let reads = self.reads.len();
        let called = self.cx.calling.take() == Some(expr.id);
        if let Some((resolution, ty)) = self.lookup_as(&name.text, name.span, called) {
            // `network = host`: the kind could never stand here, the variant can.
            let beside = resolution != Resolution::Local
                && variant.is_some()
                && want.is_some_and(|want| {
                    !self.env.comparable(&ty, want) && !self.env.fits(&ty, want)
                });
            if !beside {
                self.bare_field(&resolution, name);
                self.resolve(expr.id, resolution);
                return self.narrowed(expr, ty);
            }
            self.reads.truncate(reads);
        }
        if let Some((id, index)) = variant {
            self.resolve(expr.id, Resolution::Variant(id, index));
            return self.bare_variant(expr, id, index);
        }
        if self.scopes.is_broken(self.cx.file, &name.text) {
            self.set_broken(expr.id);
            return Type::Unknown;
        }
        let diagnostic = self.unknown_name(name, want);
        self.wrong(expr, diagnostic)
    }

    /// A field of the entity around that is read by its bare name may be deprecated.
    fn bare_field(&mut self, resolution: &Resolution, name: &Name) {
        if *resolution == Resolution::Entity
            && let Some(entity) = self.cx.entity
            && let Some(field) = self.env.schema(entity).field(&name.text)
            && let Some(warning) = deprecated_field(self.sources, field, name.span)
        {
            self.report(warning);
        }
    }

    /// A binder, a field of the model, or a field of the entity around; not a variant.
    pub(super) fn lookup(&mut self, text: &Arc<str>, span: Span) -> Option<(Resolution, Type)> {
        self.lookup_as(text, span, false)
    }

    /// The same of a name that may be called. A function that every file sees gives way to a kind and to a
    /// field of the entity around, but where it is called: nobody has to know all their names.
    fn lookup_as(
        &mut self,
        text: &Arc<str>,
        span: Span,
        called: bool,
    ) -> Option<(Resolution, Type)> {
        if let Some(local) = self.cx.locals.iter().rev().find(|local| local.name == *text) {
            let (ty, reads) = (local.ty.clone(), Arc::clone(&local.reads));
            self.reads.push(Noted::Let(reads));
            return Some((Resolution::Local, ty));
        }
        let gives_way = !called
            && self.scopes.is_lent(self.cx.file, text)
            && (self.env.model_field(text).is_some()
                || self.cx.entity.is_some_and(|it| self.env.field_type(it, text).is_some()));
        let global = self.scopes.get(self.cx.file, text).filter(|_| !gives_way);
        if let Some(value) = global.and_then(|global| self.global_value(global, span)) {
            return Some(value);
        }
        if let Some(field) = self.env.model_field(text) {
            if let Some(schema) = self.env.tables.kinds.get(text) {
                self.note(Node::Names(*schema), span);
            }
            return Some((Resolution::Kind, self.env.placed(&field.ty)));
        }
        let entity = self.cx.entity?;
        let ty = self.env.field_type(entity, text)?;
        self.note(Node::Field(entity, Arc::clone(text)), span);
        Some((Resolution::Entity, self.env.placed(&ty)))
    }

    /// What a declaration is worth where a value is wanted; nothing for a type and for a module.
    pub(super) fn global_value(
        &mut self,
        global: Global,
        span: Span,
    ) -> Option<(Resolution, Type)> {
        match global {
            Global::Let(id) => {
                self.note(Node::Let(id), span);
                Some((Resolution::Let(id), self.let_type(id)))
            }
            Global::Function(id) => {
                self.note(Node::Function(id), span);
                let result = self.result_type(id);
                let params = &self.env.declarations.function(id).params;
                let params: Arc<[Type]> = params.iter().map(|param| param.ty.clone()).collect();
                Some((Resolution::Function(id), Type::Fn(params, Arc::new(result))))
            }
            Global::Schema(_) | Global::Enum(_) | Global::Type(_) | Global::Module(_) => None,
        }
    }

    /// The variant of that name of an enum that the wanted type allows.
    #[expect(clippy::wildcard_enum_match_arm, reason = "enums alone have variants")]
    pub(super) fn wanted_variant(&self, want: &Type, name: &str) -> Option<(EnumId, u32)> {
        self.env.candidates(want).into_iter().find_map(|candidate| match candidate {
            Type::Enum(id) => {
                self.env.declarations.enumeration(id).variant(name).map(|(index, _)| (id, index))
            }
            _ => None,
        })
    }

    fn unknown_name(&self, name: &Name, want: Option<&Type>) -> Diagnostic {
        let text = &*name.text;
        let diagnostic = Diagnostic::error(
            names::UNKNOWN_NAME,
            name.span,
            format!("nothing is called `{text}` here"),
        );
        if self.cx.in_nix
            && let Some(opening) = self.opening_of_hole(name.span)
        {
            return diagnostic
                .help("`${…}` in `nix\"…\"` holds a value of this language; Nix's own is written `$${…}`")
                .fix("leave it to Nix", opening.head(), "$");
        }
        if let Some(right) = self.of_record_around(text) {
            return diagnostic
                .help(format!("a field of the record around is written `{right}`"))
                .fix(format!("replace by `{right}`"), name.span, right);
        }
        if let Some(row) = row("value", text) {
            return row.tell(diagnostic, name.span);
        }
        if let Some(Global::Schema(_) | Global::Enum(_) | Global::Type(_)) =
            self.scopes.get(self.cx.file, text)
        {
            return diagnostic.help(format!(
                "`{text}` is a type; a variant of an enum is written `{text}.variant`"
            ));
        }
        if let Some(Global::Module(_)) = self.scopes.get(self.cx.file, text) {
            return diagnostic.help(format!(
                "`{text}` is an imported file; what it declares is written `{text}.name`"
            ));
        }
        if !self.may_guess() {
            return diagnostic;
        }
        if let Some(behind) = self.in_a_module(text) {
            return diagnostic.help(format!("did you mean `{behind}`?")).fix(
                format!("replace by `{behind}`"),
                name.span,
                behind,
            );
        }
        let known = self.known_names(want);
        if closest(text, known.iter().map(|name| &**name)).is_some() {
            return diagnostic.suggest(text, name.span, known.iter().map(|name| &**name));
        }
        self.where_it_may_be(name, diagnostic, want)
    }

    /// How a field of the innermost record is read.
    fn of_record_around(&self, text: &str) -> Option<String> {
        let this = self.cx.this.as_ref()?;
        let (Type::Record(id) | Type::Ref(id)) = this.ty else { return None };
        self.env.field_type(id, text)?;
        Some(match self.env.tables.singles.get(&id) {
            Some(single) => format!("{single}.{text}"),
            None => format!("self.{text}"),
        })
    }

    /// Whether a bare name is anything but, perhaps, a variant.
    pub(super) fn means_something(&self, text: &str) -> bool {
        self.cx.locals.iter().any(|local| &*local.name == text)
            || self.scopes.get(self.cx.file, text).is_some()
            || self.scopes.is_broken(self.cx.file, text)
            || self.env.model_field(text).is_some()
            || self.cx.entity.is_some_and(|entity| self.env.field_type(entity, text).is_some())
    }

    /// `std.length`, `pkgs.hello`: what stands before the point is no name here, and what is meant has one.
    pub(super) fn read_elsewhere(&self, base: &Expr, key: &Key) -> Option<Diagnostic> {
        let ExprKind::Name(name) = &base.kind else { return None };
        // In a hole of Nix it is Nix that was meant.
        let root = row("root", &name.text).filter(|_| !self.cx.in_nix)?;
        let member = key.literal()?;
        if self.means_something(&name.text) || self.of_record_around(&name.text).is_some() {
            return None;
        }
        let whole = base.span.to(key.span());
        let written = self.text(whole);
        let diagnostic =
            Diagnostic::error(names::UNKNOWN_NAME, whole, format!("there is no `{written}` here"));
        if let Some(Global::Function(_)) = self.scopes.get(self.cx.file, &member) {
            let diagnostic = match row("call", &member) {
                Some(row) => diagnostic.help(row.help),
                None => diagnostic,
            };
            return Some(
                diagnostic.help(format!("it is called `{member}`, with nothing before it")).fix(
                    format!("replace by `{member}`"),
                    whole,
                    &*member,
                ),
            );
        }
        let help = match row("value", &member).filter(|_| !root.help.contains("{}")) {
            Some(row) => row.help.to_owned(),
            None => root.of(&member),
        };
        Some(diagnostic.help(help))
    }

    /// Every name that would have been understood.
    fn known_names(&self, want: Option<&Type>) -> Vec<Arc<str>> {
        let mut known: Vec<Arc<str>> =
            self.cx.locals.iter().map(|local| Arc::clone(&local.name)).collect();
        known.extend(self.scopes.names(self.cx.file).filter_map(|(name, global)| match global {
            Global::Let(_) | Global::Function(_) => Some(Arc::from(name)),
            Global::Schema(_) | Global::Enum(_) | Global::Type(_) | Global::Module(_) => None,
        }));
        if let Some(model) = self.env.declarations.model {
            known.extend(self.env.schema(model).by_name.keys().cloned());
        }
        if let Some(entity) = self.cx.entity {
            known.extend(self.env.field_names(entity).map(Arc::from));
        }
        for candidate in want.map(|want| self.env.candidates(want)).unwrap_or_default() {
            if let Type::Enum(id) = candidate {
                let variants = &self.env.declarations.enumeration(id).variants;
                known.extend(variants.iter().map(|variant| Arc::clone(&variant.name)));
            }
        }
        known
    }

    /// A word on a name that exists, but not bare.
    #[expect(clippy::wildcard_enum_match_arm, reason = "two of the many types have a remedy")]
    fn where_it_may_be(
        &self,
        name: &Name,
        diagnostic: Diagnostic,
        want: Option<&Type>,
    ) -> Diagnostic {
        let text = &*name.text;
        let candidates = want.map(|want| self.env.candidates(want)).unwrap_or_default();
        for candidate in &candidates {
            match candidate {
                Type::Ref(id) => {
                    if let Some(kind) = self.env.tables.kind_of.get(id) {
                        return diagnostic
                            .help(format!("a reference names its kind: `{kind}.{text}`"));
                    }
                }
                Type::Enum(id) => {
                    let variants = &self.env.declarations.enumeration(*id).variants;
                    let all: Vec<&str> = variants.iter().map(|variant| &*variant.name).collect();
                    return diagnostic.help(format!("here can stand: {}", some_of(&all)));
                }
                _ => {}
            }
        }
        let stringy = candidates.iter().any(|candidate| self.env.fits(&Type::String, candidate));
        if stringy {
            return diagnostic.help("text stands in quotes").fix(
                "put it in quotes",
                name.span,
                format!("\"{text}\""),
            );
        }
        let owners = self.env.declarations.enums.iter().filter(|it| it.variant(text).is_some());
        if let Some(owner) = owners.into_iter().next() {
            return diagnostic.help(format!(
                "a variant is written with its enum where none is wanted: `{}.{text}`",
                owner.name
            ));
        }
        diagnostic
    }

    /// Where the `${` of the hole that begins with this place is.
    fn opening_of_hole(&self, span: Span) -> Option<Span> {
        let source = self.sources.get(span.file)?;
        let before = source.text.get(..span.start as usize)?.trim_end();
        before.ends_with("${").then(|| {
            let start = before.len() as u32 - 2;
            Span::new(span.file, start, start + 2)
        })
    }
}
