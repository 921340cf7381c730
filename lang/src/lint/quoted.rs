//! Strings that are exactly the text of a reference: `"secret.smtp"`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Program;
use crate::ast::{
    Block, Body, Expr, ExprKind, Field, Item, ItemKind, Key, Visit, walk_expr, walk_item,
};
use crate::check::types::{SchemaId, Type};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;
use crate::span::FileId;

/// The entities of each kind whose names are written out.
pub(super) type Entities = BTreeMap<Arc<str>, BTreeSet<Arc<str>>>;

/// Finds the entities of a program.
pub(super) fn entities(program: Program<'_>) -> Entities {
    let mut made = Made { program, found: Entities::new() };
    for parsed in program.files.values() {
        made.visit_body(&parsed.file.body);
    }
    made.found
}

struct Made<'a> {
    program: Program<'a>,
    found: Entities,
}

impl<'a> Visit<'a> for Made<'a> {
    fn visit_item(&mut self, item: &'a Item) {
        let (path, label) = match &item.kind {
            ItemKind::Field(Field { path, .. }) => (path, None),
            ItemKind::Block(Block { path, label, .. }) => (path, label.as_ref()),
            // What they make stands at the top as well.
            ItemKind::For(_) | ItemKind::If(_) => return walk_item(self, item),
            ItemKind::Let(_)
            | ItemKind::Fn(_)
            | ItemKind::Schema(_)
            | ItemKind::Enum(_)
            | ItemKind::Type(_)
            | ItemKind::Import(_)
            | ItemKind::Error => return,
        };
        let mut keys = path.iter().chain(label).map(Key::literal);
        if let (Some(Some(kind)), Some(Some(name))) = (keys.next(), keys.next())
            && self.program.env.tables.kinds.contains_key(&kind)
        {
            self.found.entry(kind).or_default().insert(name);
        }
    }

    fn visit_expr(&mut self, _: &'a Expr) {}
}

/// The strings of a file that were to be references.
pub(super) fn find(
    program: Program<'_>,
    file: FileId,
    body: &Body,
    entities: &Entities,
    out: &mut Vec<Diagnostic>,
) {
    Quoted { program, file, entities, out }.visit_body(body);
}

struct Quoted<'a, 'o> {
    program: Program<'a>,
    file: FileId,
    entities: &'o Entities,
    out: &'o mut Vec<Diagnostic>,
}

impl<'a> Visit<'a> for Quoted<'_, '_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let ExprKind::Text(template) = &expr.kind
            && let Some(text) = template.literal()
            && let Some(schema) = self.refers(&text)
            && let Some(ty) = self.free(expr)
        {
            self.out.push(self.warning(expr, &text, schema, &ty));
        }
        walk_expr(self, expr);
    }
}

impl Quoted<'_, '_> {
    /// The kind of the entity that a text would be a reference to, or into.
    fn refers(&self, text: &str) -> Option<SchemaId> {
        let mut steps = text.split('.');
        let (kind, name) = (steps.next()?, steps.next()?);
        let schema = *self.program.env.tables.kinds.get(kind)?;
        if !self.entities.get(kind).is_some_and(|names| names.contains(name)) {
            return None;
        }
        let mut ty = Type::Record(schema);
        for step in steps {
            ty = self.step(ty.base(), step)?;
        }
        Some(schema)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "records and maps alone are walked into")]
    fn step(&self, ty: &Type, step: &str) -> Option<Type> {
        let word =
            !step.is_empty() && step.chars().all(|it| it.is_alphanumeric() || "_-".contains(it));
        match ty {
            Type::Record(id) => self.program.env.field_type(*id, step),
            Type::Map(element) if word => Some((**element).clone()),
            _ => None,
        }
    }

    /// The type that is wanted in a place, where any text will do.
    fn free(&self, expr: &Expr) -> Option<Type> {
        let types = self.program.types.get(self.file.0 as usize)?;
        let ty = types.types.get(expr.id.0 as usize)?.as_ref()?;
        let mut candidates = self.program.env.candidates(ty).into_iter();
        candidates.find(|it| matches!(it, Type::String | Type::Sealed | Type::Data | Type::Module))
    }

    fn warning(&self, expr: &Expr, text: &str, schema: SchemaId, ty: &Type) -> Diagnostic {
        let finding = Diagnostic::warning(
            names::QUOTED_REFERENCE,
            expr.span,
            format!("this is the text \"{text}\", and not what `{text}` refers to"),
        );
        let env = self.program.env;
        let plain = text.split('.').count() == 2;
        if env.schema(schema).sealed && plain {
            let finding = finding.help(format!(
                "the secret itself is `\"${{{text}}}\"`, where a secret may stand; the file that holds it is `{text}.path`"
            ));
            return match *ty == Type::Sealed {
                true => finding.fix("put the secret in", expr.span, format!("\"${{{text}}}\"")),
                false => finding,
            };
        }
        match plain {
            true => finding
                .help(format!("its name is `{text}.name`; a reference stands without quotes")),
            false => finding.help("a reference stands without quotes"),
        }
    }
}
