//! Uses of what its documentation calls deprecated: `## Deprecated: say `expose`.`

use std::sync::Arc;

use super::Program;
use crate::ast::{
    Body, Case, Expr, ExprKind, Item, ItemKind, Pattern, SchemaDecl, TypeExpr, TypeKind, Visit,
    walk_expr, walk_item, walk_type,
};
use crate::check::types::{EnumId, Resolution, SchemaField, Type};
use crate::diagnostic::codes::names;
use crate::diagnostic::{Diagnostic, Tag};
use crate::resolve::Global;
use crate::source::{SourceMap, library_of};
use crate::span::{FileId, Span};

/// What a doc comment says behind `Deprecated:`, to the end of that paragraph.
#[must_use]
pub fn deprecation(doc: &str) -> Option<String> {
    let mut lines = doc.lines().map(str::trim).skip_while(|line| !line.starts_with(WORD));
    let first = lines.next()?.strip_prefix(WORD)?;
    let rest = lines.take_while(|line| !line.is_empty());
    let words: Vec<&str> = std::iter::once(first.trim()).chain(rest).collect();
    Some(words.join(" ").trim().to_owned())
}

const WORD: &str = "Deprecated:";

/// What is declared, as a finding speaks of it.
struct Declared<'a> {
    what: &'static str,
    name: &'a str,
    doc: Option<&'a Arc<str>>,
    place: Span,
}

impl<'a> Declared<'a> {
    fn of(field: &'a SchemaField, what: &'static str) -> Declared<'a> {
        let SchemaField { name, doc, span, .. } = field;
        Declared { what, name, doc: doc.as_ref(), place: *span }
    }
}

/// The warning about a use of something that is deprecated. The file that declares it may use it, and so may each file
/// of the library that does.
fn used(
    sources: &SourceMap,
    Declared { what, name, doc, place }: Declared<'_>,
    span: Span,
) -> Option<Diagnostic> {
    let way = deprecation(doc?)?;
    let library = |file| sources.get(file).and_then(|source| library_of(&source.path));
    let inside = library(place.file).is_some() && library(place.file) == library(span.file);
    if inside || place.file == span.file {
        return None;
    }
    let message = format!("the {what} `{name}` is deprecated");
    let finding = Diagnostic::warning(names::DEPRECATED, span, message).tag(Tag::Deprecated);
    let finding = finding.also(place, "declared here");
    Some(if way.is_empty() { finding } else { finding.help(way) })
}

/// The warning about a field that is said, or read by its bare name.
pub(crate) fn field(sources: &SourceMap, field: &SchemaField, span: Span) -> Option<Diagnostic> {
    used(sources, Declared::of(field, "field"), span)
}

/// The warning about a kind of which something is said.
pub(crate) fn kind(sources: &SourceMap, field: &SchemaField, span: Span) -> Option<Diagnostic> {
    used(sources, Declared::of(field, "kind"), span)
}

/// The uses in a file, but for what [`field`] is told of by the checker.
pub(super) fn find(program: Program<'_>, file: FileId, body: &Body, out: &mut Vec<Diagnostic>) {
    Uses { program, file, out }.visit_body(body);
}

struct Uses<'a, 'o> {
    program: Program<'a>,
    file: FileId,
    out: &'o mut Vec<Diagnostic>,
}

impl Uses<'_, '_> {
    fn resolution(&self, expr: &Expr) -> Option<&Resolution> {
        let types = self.program.types.get(self.file.0 as usize)?;
        types.resolutions.get(expr.id.0 as usize)?.as_ref()
    }

    fn type_of(&self, expr: &Expr) -> Option<&Type> {
        let types = self.program.types.get(self.file.0 as usize)?;
        types.types.get(expr.id.0 as usize)?.as_ref()
    }

    fn note(&mut self, declared: Declared<'_>, span: Span) {
        self.out.extend(used(self.program.sources, declared, span));
    }

    fn variant(&mut self, id: EnumId, name: &str, span: Span) {
        if let Some((_, it)) = self.program.env.declarations.enumeration(id).variant(name) {
            let (doc, place) = (it.doc.as_ref(), it.span);
            self.note(Declared { what: "variant", name, doc, place }, span);
        }
    }

    /// A name that stands for a declaration.
    fn named(&mut self, expr: &Expr, name: &str, span: Span) {
        let declarations = self.program.env.declarations;
        let declared = match self.resolution(expr) {
            Some(Resolution::Function(id)) => {
                let it = declarations.function(*id);
                Declared { what: "function", name, doc: it.doc.as_ref(), place: it.span }
            }
            Some(Resolution::Let(id)) => {
                let it = declarations.global_let(*id);
                Declared { what: "value", name, doc: it.doc.as_ref(), place: it.span }
            }
            Some(Resolution::Kind) => {
                let model = declarations.model.map(|model| declarations.schema(model));
                let Some(it) = model.and_then(|model| model.field(name)) else { return };
                Declared::of(it, "kind")
            }
            Some(Resolution::Variant(id, _)) => return self.variant(*id, name, span),
            Some(
                Resolution::Local
                | Resolution::Entity
                | Resolution::Enum(_)
                | Resolution::Module(_),
            )
            | None => return,
        };
        self.note(declared, span);
    }

    fn case(&mut self, head: &Expr, case: &Case) {
        let Case::Name(name) = case else { return };
        let Some(ty) = self.type_of(head).cloned() else { return };
        for candidate in self.program.env.candidates(&ty) {
            if let Type::Enum(id) = candidate {
                self.variant(id, &name.text, name.span);
            }
        }
    }

    fn typed(&mut self, name: &crate::ast::Name) {
        let Program { env, scopes, .. } = self.program;
        let (text, span) = (&*name.text, name.span);
        let declared = match scopes.get(self.file, text) {
            Some(Global::Schema(id)) => {
                let it = env.schema(id);
                Declared { what: "schema", name: text, doc: it.doc.as_ref(), place: it.span }
            }
            Some(Global::Enum(id)) => {
                let it = env.declarations.enumeration(id);
                Declared { what: "enum", name: text, doc: it.doc.as_ref(), place: it.span }
            }
            Some(Global::Type(id)) => {
                let it = env.declarations.type_name(id);
                Declared { what: "type", name: text, doc: it.doc.as_ref(), place: it.span }
            }
            Some(Global::Let(_) | Global::Function(_) | Global::Module(_)) | None => {
                let Some(it) = env.model_field(text) else { return };
                Declared::of(it, "kind")
            }
        };
        self.note(declared, span);
    }
}

impl<'a> Visit<'a> for Uses<'_, '_> {
    fn visit_item(&mut self, item: &'a Item) {
        if let ItemKind::Schema(SchemaDecl { extend: true, name, .. }) = &item.kind {
            self.typed(name);
        }
        walk_item(self, item);
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "no other expression names a declaration")]
    fn visit_expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.named(expr, &name.text, name.span),
            ExprKind::Get(base, key) => {
                if let Some(name) = key.literal() {
                    self.named(expr, &name, key.span());
                    let ty = self.type_of(base).map(Type::base).cloned();
                    if let Some(Type::Record(id) | Type::Ref(id)) = ty
                        && let Some(it) = self.program.env.schema(id).field(&name)
                    {
                        self.out.extend(field(self.program.sources, it, key.span()));
                    }
                }
            }
            ExprKind::Is(head, case) => self.case(head, case),
            ExprKind::Match(head, arms) => {
                for arm in arms {
                    if let Pattern::Case(case, _) = &arm.pattern {
                        self.case(head, case);
                    }
                }
            }
            _ => {}
        }
        walk_expr(self, expr);
    }

    fn visit_type(&mut self, ty: &'a TypeExpr) {
        if let TypeKind::Name(name) | TypeKind::Ref(name) = &ty.kind {
            self.typed(name);
        }
        walk_type(self, ty);
    }
}

#[cfg(test)]
mod tests {
    use super::deprecation;

    #[test]
    fn the_way_out_is_a_paragraph() {
        let doc = "What it is.\nDeprecated: say `b`,\nwhich does more.\n\nAnd more.";
        assert_eq!(deprecation(doc).as_deref(), Some("say `b`, which does more."));
        assert_eq!(deprecation("Deprecated:").as_deref(), Some(""));
        assert_eq!(deprecation("Not Deprecated: at all"), None);
    }
}
