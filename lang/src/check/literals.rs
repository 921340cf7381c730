//! Literals: numbers held against ranges, strings against forms, files against the world.

use super::checker::Checker;
use super::formats;
use super::types::Type;
use crate::ast::{Expr, ExprKind, Key, Template, TemplatePart};
use crate::diagnostic::codes::{names, types};
use crate::diagnostic::{Diagnostic, first_of};
use crate::source::library_of;

impl Checker<'_> {
    pub(super) fn int(&mut self, expr: &Expr, number: i64, want: Option<&Type>) -> Type {
        let candidates = want.map(|want| self.env.candidates(want)).unwrap_or_default();
        let free = candidates.iter().any(|it| matches!(it, Type::Int | Type::Float | Type::Data));
        let port = candidates.contains(&Type::Port);
        if port && !free {
            if !(1..=65535).contains(&number) {
                let diagnostic = Diagnostic::error(
                    types::OUT_OF_RANGE,
                    expr.span,
                    format!("{number} is no port"),
                )
                .help("ports go from 1 to 65535");
                return self.wrong(expr, diagnostic);
            }
            return Type::Port;
        }
        Type::Int
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no number is refused")]
    pub(super) fn negate(&mut self, expr: &Expr, inner: &Expr, want: Option<&Type>) -> Type {
        if let (ExprKind::Int(number), Some(want)) = (&inner.kind, want)
            && self.env.candidates(want).contains(&Type::Port)
        {
            self.set_type(inner.id, &Type::Int);
            return self.int(expr, number.saturating_neg(), Some(want));
        }
        let found = self.expr(inner, None);
        match found.base() {
            _ if matches!(found, Type::Optional(_)) => {
                let diagnostic = self.absent(inner, "and `-` wants a number");
                self.wrong(expr, diagnostic)
            }
            Type::Int | Type::Float | Type::Unknown => found.base().clone(),
            Type::Port => Type::Int,
            other => {
                let message = format!("`-` wants a number, and this is {}", self.env.a(other));
                let diagnostic = Diagnostic::error(types::OPERATOR, inner.span, message);
                let text = matches!(inner.kind, ExprKind::Text(_));
                let written = self.text(inner.span);
                self.wrong(
                    expr,
                    match text {
                        true => {
                            diagnostic.help(format!("a list is written in brackets: `[{written}]`"))
                        }
                        false => diagnostic,
                    },
                )
            }
        }
    }

    pub(super) fn text_literal(
        &mut self,
        expr: &Expr,
        template: &Template,
        want: Option<&Type>,
    ) -> Type {
        let sealed = self.template(template);
        if sealed {
            return Type::Sealed;
        }
        let (Some(want), Some(text)) = (want, template.literal()) else { return Type::String };
        let candidates = self.env.candidates(want);
        if candidates
            .iter()
            .any(|it| matches!(it, Type::String | Type::Sealed | Type::Data | Type::Module))
        {
            return Type::String;
        }
        let form = candidates.iter().find(|it| formats::has_form(it)).cloned();
        let Some(form) = form else { return Type::String };
        match formats::fits(&form, &text) {
            Ok(()) => form,
            Err(why) => {
                let message = format!("this is no {}: {why}", self.env.show(&form));
                let mut diagnostic = Diagnostic::error(types::FORMAT, expr.span, message);
                if let Some((span, _)) = &self.cx.wanted_by {
                    diagnostic = diagnostic.also(*span, "declared here");
                }
                let names = candidates.iter().any(|it| matches!(it, Type::Ref(_)));
                if form == Type::Url && !names && text.contains('.') && !text.contains("://") {
                    diagnostic = diagnostic.help(format!("perhaps `https://{text}`"));
                }
                let diagnostic = self.quoted(diagnostic, expr, &text, &candidates);
                self.wrong(expr, diagnostic)
            }
        }
    }

    /// Checks the holes of a string. True if a secret makes it sealed.
    pub(super) fn template(&mut self, template: &Template) -> bool {
        let mut sealed = false;
        let outer = self.cx.wanted_by.take();
        for part in &template.parts {
            if let TemplatePart::Hole(hole) = part {
                let found = self.expr(hole, None);
                sealed |= self.hole(hole, &found);
            }
        }
        self.cx.wanted_by = outer;
        sealed
    }

    /// Whether a value can be put into a string; true if it is a secret.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`has_spelling` knows all others")]
    fn hole(&mut self, hole: &Expr, found: &Type) -> bool {
        let refused = match self.there(hole, found) {
            Type::Optional(_) => {
                let diagnostic = self.absent(hole, "and a string needs a value");
                self.wrong(hole, diagnostic);
                return false;
            }
            Type::Where(base, _) => return self.hole(hole, &base.clone()),
            Type::Union(_) => return self.hole_of_union(hole, found),
            Type::Sealed => return true,
            Type::Ref(id) if self.env.schema(*id).sealed => return true,
            other => !self.has_spelling(other),
        };
        if refused {
            let mut diagnostic = Diagnostic::error(
                types::INTERPOLATION,
                hole.span,
                format!("{} cannot be put into a string", self.env.a(found)),
            );
            if let Type::Ref(id) | Type::Record(id) = found {
                let fields = self.text_fields(*id);
                if !fields.is_empty() {
                    let fields = first_of(&fields, 4, ", ");
                    diagnostic = diagnostic.help(format!("one of its fields can: {fields}"));
                }
            }
            self.wrong(hole, diagnostic);
        }
        false
    }

    /// Whether a value of a union can be put into a string: each member has to have a spelling.
    fn hole_of_union(&mut self, hole: &Expr, union: &Type) -> bool {
        let secret = |ty: &Type| {
            *ty.base() == Type::Sealed
                || matches!(ty.base(), Type::Ref(id) if self.env.schema(*id).sealed)
        };
        let members = union.members();
        let sealed = members.iter().any(|member| secret(member));
        let refused: Vec<&Type> = members
            .into_iter()
            .filter(|member| !secret(member) && !self.has_spelling(member.base()))
            .collect();
        if let Some(first) = refused.first() {
            let words = self.env.words(&refused);
            let word = self.env.word(first);
            let diagnostic = Diagnostic::error(
                types::INTERPOLATION,
                hole.span,
                format!(
                    "{} cannot be put into a string where it is {}",
                    self.env.a(union.required()),
                    words.join(" or ")
                ),
            )
            .help(format!(
                "say what each is: `match {} {{ {word} x => …, else => … }}`",
                self.text(hole.span)
            ));
            self.wrong(hole, diagnostic);
            return false;
        }
        sealed
    }

    /// Whether a value of this type, which is no secret, is written like a string.
    fn has_spelling(&self, ty: &Type) -> bool {
        match ty {
            Type::Enum(id) => self.env.is_plain_enum(*id),
            Type::Where(base, _) => self.has_spelling(base),
            Type::Sealed
            | Type::Optional(_)
            | Type::Union(_)
            | Type::Nix
            | Type::Data
            | Type::Module
            | Type::Anything
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Record(_)
            | Type::Ref(_)
            | Type::Anonymous(_)
            | Type::Fn(..) => false,
            Type::Unknown
            | Type::Never
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::String
            | Type::Duration
            | Type::Size
            | Type::Mode
            | Type::Path
            | Type::File
            | Type::Address
            | Type::Subnet
            | Type::Port
            | Type::Ports
            | Type::Url
            | Type::Hostname
            | Type::Calendar
            | Type::Image
            | Type::Variable(_) => true,
        }
    }

    /// The fields of a schema that have a spelling, for a hint.
    fn text_fields(&self, id: super::types::SchemaId) -> Vec<String> {
        let mut fields: Vec<String> = self
            .env
            .field_names(id)
            .filter(|name| {
                self.env.field_type(id, name).is_some_and(|ty| {
                    matches!(
                        ty.base(),
                        Type::String
                            | Type::Int
                            | Type::Port
                            | Type::Path
                            | Type::Url
                            | Type::Hostname
                            | Type::Address
                    )
                })
            })
            .map(|name| format!("`.{name}`"))
            .collect();
        // Whoever puts a thing into a text means its name, mostly.
        fields.sort_by_key(|name| name != "`.name`");
        fields
    }

    /// Checks the holes of a key or label. False after a report that it holds a secret.
    pub(super) fn key(&mut self, key: &Key) -> bool {
        let Key::Text(template) = key else { return true };
        let sealed = self.template(template);
        if sealed {
            self.report(Diagnostic::error(
                types::SEALED,
                template.span,
                "a name cannot hold a secret",
            ));
        }
        !sealed
    }

    pub(super) fn file_literal(&mut self, expr: &Expr, path: &str) -> Type {
        let (Some(world), Some(source)) = (self.world, self.sources.get(self.cx.file)) else {
            return Type::File;
        };
        let full = beside(&source.path, path);
        if source.is_std() || full.as_deref().is_some_and(|full| world.exists(full)) {
            return Type::File;
        }
        let message = match &full {
            Some(full) => format!("there is no file `{full}`"),
            None => match library_of(&source.path) {
                Some(library) => format!("`{path}` leaves the folder of the library `{library}`"),
                None => format!("`{path}` leaves the fleet's folder"),
            },
        };
        let diagnostic = Diagnostic::error(names::MISSING_FILE, expr.span, message)
            .help("`./path` names a file beside this source file");
        self.wrong(expr, diagnostic)
    }
}

/// The path, from the fleet's root, of what a file beside a source names; None where it leaves the root.
pub fn beside(source: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = source.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                // A library is a root of its own.
                parts.pop().filter(|part| !part.starts_with('<'))?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn files_beside_a_source() {
        assert_eq!(beside("hosts/server.qg", "./a/b.nix").as_deref(), Some("hosts/a/b.nix"));
        assert_eq!(beside("hosts/server.qg", "./../x").as_deref(), Some("x"));
        assert_eq!(beside("server.qg", "./../x"), None);
        assert_eq!(beside("<house>/a/b.qg", "./../x").as_deref(), Some("<house>/x"));
        assert_eq!(beside("<house>/b.qg", "./../x"), None);
    }
}
