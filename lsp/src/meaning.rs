//! What a thing under the cursor means: the declaration or the part of the model that it stands for.

use std::sync::Arc;

use qg_lang::ast::{Expr, ExprKind, Item, ItemKind, Key, Name, TypeKind};
use qg_lang::check::types::{
    EnumId, FunctionId, LetId, Resolution, SchemaField, SchemaId, Type, TypeNameId,
};
use qg_lang::resolve::{Global, Import};
use qg_lang::source::SourceFile;
use qg_lang::span::{FileId, Span};

use crate::cursor::{Cursor, CursorPlace, KeySpot, Spot};
use crate::snapshot::Snapshot;

/// The way to something in the model.
pub(crate) type Path = Vec<Arc<str>>;

#[derive(Clone, Debug)]
pub(crate) enum Meaning<'a> {
    Schema(SchemaId),
    Enum(EnumId),
    Type(TypeNameId),
    Variant(EnumId, u32),
    Function(FunctionId),
    Let(LetId),
    /// A field of a schema, and which one of the model, where that is known.
    Field(&'a SchemaField, Option<Path>),
    /// An entry of a map of the model: an entity, a port.
    Entry(Path, Option<Type>),
    Local(Arc<str>, Span, Option<Type>),
    /// A whole source file.
    Source(FileId),
    /// A file that a `./path` names, relative to the fleet's root.
    File(String),
    /// The name of a declaration, at itself.
    Declared(Span, Option<Arc<str>>),
}

impl Snapshot {
    /// What stands at the cursor, and the place that it takes there.
    pub(crate) fn meaning<'a>(
        &'a self,
        source: &SourceFile,
        cursor: &Cursor<'a>,
    ) -> Option<(Meaning<'a>, Span)> {
        match &cursor.spot {
            Spot::Body => None,
            Spot::Key(spot) => Some((self.key(cursor, spot)?, spot.key.span())),
            Spot::Expr(expr, _) => Some((self.expr(source, cursor, expr)?, expr.span)),
            Spot::Member { base, key } => Some((self.member(cursor, *base, key)?, key.span())),
            Spot::Variant(name, subject) => {
                let types = self.build.analysis.types.get(&source.id);
                if let Some(member) = types.and_then(|types| types.members.get(&name.span)) {
                    return Some((self.type_name(Some(member), name)?, name.span));
                }
                let candidates = self.env().candidates(subject.as_ref()?);
                let variant = candidates.iter().find_map(|candidate| {
                    let Type::Enum(id) = candidate else { return None };
                    let (index, _) =
                        self.env().declarations.enumeration(*id).variant(&name.text)?;
                    Some(Meaning::Variant(*id, index))
                });
                Some((variant?, name.span))
            }
            Spot::Argument(function, name) => Some((Meaning::Function(*function), name.span)),
            Spot::Type(ty) => {
                let meaning = match &ty.kind {
                    TypeKind::Name(name) | TypeKind::Ref(name) => {
                        self.type_name(self.build.analysis.annotations.get(&ty.span), name)
                    }
                    TypeKind::Optional(_)
                    | TypeKind::List(_)
                    | TypeKind::Set(_)
                    | TypeKind::Map(_)
                    | TypeKind::Union(_)
                    | TypeKind::Where(..)
                    | TypeKind::Fn(..)
                    | TypeKind::Error => None,
                };
                Some((meaning?, ty.span))
            }
            Spot::Import(decl, index) => {
                let name = decl.path.get(*index).or(decl.alias.as_ref())?;
                Some((self.import(name)?, name.span))
            }
            Spot::Data(data) => {
                let path = qg_lang::check::beside(&source.path, &data.path)?;
                Some((Meaning::File(path), data.span))
            }
            Spot::ImportName(_, it) => Some((self.import(&it.name)?, it.name.span)),
            Spot::Declared(name, doc) => {
                Some((Meaning::Declared(name.span, doc.cloned()), name.span))
            }
        }
    }

    fn key<'a>(&'a self, cursor: &Cursor<'a>, spot: &KeySpot<'a>) -> Option<Meaning<'a>> {
        let path = cursor.path.clone().and_then(|mut path| {
            path.push(spot.key.literal()?);
            Some(path)
        });
        match (spot.field, &spot.place) {
            (Some(field), _) => Some(Meaning::Field(field, path)),
            (None, CursorPlace::Map(_) | CursorPlace::Free(_)) => {
                Some(Meaning::Entry(path?, spot.ty.clone()))
            }
            (None, CursorPlace::Schema(_) | CursorPlace::Unknown) => None,
        }
    }

    fn expr<'a>(
        &'a self,
        source: &SourceFile,
        cursor: &Cursor<'a>,
        expr: &'a Expr,
    ) -> Option<Meaning<'a>> {
        if let ExprKind::File(text) = &expr.kind {
            return qg_lang::check::beside(&source.path, text).map(Meaning::File);
        }
        match self.resolution(expr)? {
            Resolution::Let(id) => Some(Meaning::Let(*id)),
            Resolution::Function(id) => Some(Meaning::Function(*id)),
            Resolution::Variant(id, index) => Some(Meaning::Variant(*id, *index)),
            Resolution::Enum(id) => Some(Meaning::Enum(*id)),
            Resolution::Module(id) => Some(Meaning::Source(*id)),
            Resolution::Local => {
                let ExprKind::Name(name) = &expr.kind else { return None };
                let local = cursor.locals.iter().rev().find(|local| local.name == name.text)?;
                let ty = self.type_of(expr).or_else(|| local.value.clone());
                Some(Meaning::Local(Arc::clone(&local.name), local.span, ty))
            }
            Resolution::Kind => {
                let ExprKind::Name(name) = &expr.kind else { return None };
                let field = self.env().model_field(&name.text)?;
                Some(Meaning::Field(field, Some(vec![Arc::clone(&name.text)])))
            }
            Resolution::Entity => {
                let ExprKind::Name(name) = &expr.kind else { return None };
                let path = self.path_of(cursor, expr);
                match self.env().schema(self.entity(cursor)?).field(&name.text) {
                    Some(field) => Some(Meaning::Field(field, path)),
                    // Its `name`.
                    None => Some(Meaning::Entry(path?, Some(Type::String))),
                }
            }
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what stands in a map or in free data is an entry"
    )]
    fn member<'a>(
        &'a self,
        cursor: &Cursor<'a>,
        base: Option<&'a Expr>,
        key: &Key,
    ) -> Option<Meaning<'a>> {
        let key = key.literal()?;
        let Some(base) = base else {
            // `has b`: of the record around.
            let around = cursor.around.iter().rev().find_map(schema_of)?;
            return self.env().schema(around).field(&key).map(|it| Meaning::Field(it, None));
        };
        let path = self.path_of(cursor, base).map(|mut path| {
            path.push(Arc::clone(&key));
            path
        });
        let ty = self.type_of(base)?;
        match ty.base() {
            Type::Record(id) | Type::Ref(id) => match self.env().schema(*id).field(&key) {
                Some(field) => Some(Meaning::Field(field, path)),
                None => Some(Meaning::Entry(path?, None)),
            },
            Type::Map(element) => Some(Meaning::Entry(path?, Some((**element).clone()))),
            _ => Some(Meaning::Entry(path?, None)),
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "schemas and enums alone have a name of their own"
    )]
    fn type_name(&self, ty: Option<&Type>, name: &Name) -> Option<Meaning<'_>> {
        let declarations = &self.build.analysis.declarations;
        let last = name.text.rsplit('.').next().unwrap_or(&name.text);
        // What a name for a type stands for has a name of its own perhaps; this one is meant.
        if let Some(it) = declarations.names.iter().rfind(|it| &*it.name == last) {
            return Some(Meaning::Type(it.id));
        }
        let by_type = ty.and_then(|ty| match ty.base() {
            Type::Record(id) | Type::Ref(id) => Some(Meaning::Schema(*id)),
            Type::Enum(id) => Some(Meaning::Enum(*id)),
            _ => None,
        });
        let by_name = || {
            let schema = declarations.schemas.iter().rfind(|it| it.name == name.text);
            let enumeration = declarations.enums.iter().rfind(|it| it.name == name.text);
            let kind = self.env().tables.kinds.get(&name.text).copied();
            schema
                .map(|it| Meaning::Schema(it.id))
                .or_else(|| enumeration.map(|it| Meaning::Enum(it.id)))
                .or_else(|| kind.map(Meaning::Schema))
        };
        by_type.or_else(by_name)
    }

    /// What a part of an import names: a declaration or a whole file, behind the folders and the file of it.
    fn import(&self, part: &Name) -> Option<Meaning<'_>> {
        let span = part.span;
        let imports = self.build.analysis.imports.get(&span.file)?;
        let is_here =
            |it: &&Import| it.named == span || it.name.span == span || it.way.contains(span.start);
        let it = imports.iter().find(is_here)?;
        if it.named != span && it.name.span != span {
            return Some(Meaning::Source(it.file));
        }
        Some(match it.global {
            Global::Let(id) => Meaning::Let(id),
            Global::Function(id) => Meaning::Function(id),
            Global::Schema(id) => Meaning::Schema(id),
            Global::Enum(id) => Meaning::Enum(id),
            Global::Type(id) => Meaning::Type(id),
            Global::Module(id) => Meaning::Source(id),
        })
    }

    pub(crate) fn resolution(&self, expr: &Expr) -> Option<&Resolution> {
        let types = self.build.analysis.types.get(&expr.span.file)?;
        types.resolutions.get(expr.id.0 as usize)?.as_ref()
    }

    pub(crate) fn type_of(&self, expr: &Expr) -> Option<Type> {
        let types = self.build.analysis.types.get(&expr.span.file)?;
        types.types.get(expr.id.0 as usize)?.clone()
    }

    /// The schema of the top-level entity around.
    pub(crate) fn entity(&self, cursor: &Cursor<'_>) -> Option<SchemaId> {
        let model = self.build.analysis.declarations.model;
        cursor.around.iter().filter_map(schema_of).find(|id| Some(*id) != model)
    }

    /// The place in the model that an expression names, where all of it is written out.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "names and fields alone lead into the model"
    )]
    pub(crate) fn path_of(&self, cursor: &Cursor<'_>, expr: &Expr) -> Option<Path> {
        match &expr.kind {
            ExprKind::Name(name) => match self.resolution(expr)? {
                Resolution::Kind => Some(vec![Arc::clone(&name.text)]),
                Resolution::Entity => {
                    let around = cursor.path.as_ref()?;
                    // An entity of a kind has a name; `fleet` and its like have none.
                    let kind = self.env().tables.kinds.contains_key(around.first()?);
                    let mut path = around.get(..if kind { 2 } else { 1 })?.to_vec();
                    path.push(Arc::clone(&name.text));
                    Some(path)
                }
                Resolution::Local
                | Resolution::Let(_)
                | Resolution::Function(_)
                | Resolution::Variant(..)
                | Resolution::Enum(_)
                | Resolution::Module(_) => None,
            },
            ExprKind::Get(base, key) => {
                let mut path = self.path_of(cursor, base)?;
                path.push(key.literal()?);
                Some(path)
            }
            _ => None,
        }
    }
}

fn schema_of(place: &CursorPlace) -> Option<SchemaId> {
    match place {
        CursorPlace::Schema(id) => Some(*id),
        CursorPlace::Map(_) | CursorPlace::Free(_) | CursorPlace::Unknown => None,
    }
}

/// The place of what an item says, as the evaluation notes it: its path, with its value behind it.
pub(crate) fn saying(item: &Item) -> Option<Span> {
    match &item.kind {
        ItemKind::Field(field) => {
            let keys = field.path.first()?.span().to(field.path.last()?.span());
            Some(keys.to(field.value.span))
        }
        ItemKind::Block(block) => {
            let last = block.label.as_ref().or(block.path.last())?;
            Some(block.path.first()?.span().to(last.span()))
        }
        ItemKind::For(_)
        | ItemKind::If(_)
        | ItemKind::Let(_)
        | ItemKind::Fn(_)
        | ItemKind::Schema(_)
        | ItemKind::Enum(_)
        | ItemKind::Type(_)
        | ItemKind::Import(_)
        | ItemKind::Error => None,
    }
}
