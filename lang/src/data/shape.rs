//! Data as expressions of the type that is wanted: what one would have written in a source.
//!
//! The checker judges them as it judges literals. Only what has no quotes in a source (an address, a duration, a
//! variant, a reference) is a text in data, and is read here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Datum, DatumKind, Row};
use crate::ast::{
    Body, Expr, ExprId, ExprKind, Field, Item, ItemKind, Key, ListItem, Name, Template,
    TemplatePart,
};
use crate::check::env::Env;
use crate::check::types::{EnumId, SchemaId, Type};
use crate::diagnostic::codes::names;
use crate::diagnostic::{Diagnostic, MAX_GUESSES, closest, some_of};
use crate::lexer::literal;
use crate::source::SourceMap;
use crate::span::{FileId, Span};

/// Makes expressions, each with a number of its own within its file.
pub(crate) struct Shaper<'a> {
    pub(crate) env: Env<'a>,
    pub(crate) sources: &'a SourceMap,
    /// The next number of each file.
    pub(crate) next: BTreeMap<FileId, u32>,
    pub(crate) found: Vec<Diagnostic>,
}

impl Shaper<'_> {
    pub(super) fn node(&mut self, kind: ExprKind, span: Span) -> Arc<Expr> {
        let next = self.next.entry(span.file).or_default();
        let id = ExprId(*next);
        *next += 1;
        Arc::new(Expr { kind, span, id })
    }

    fn wrong(&mut self, diagnostic: Diagnostic) -> Arc<Expr> {
        let span = diagnostic.primary.span;
        self.found.push(diagnostic);
        self.node(ExprKind::Error, span)
    }

    /// The expression that a value is where a type is wanted.
    pub(crate) fn expr(&mut self, datum: &Datum, want: &Type) -> Arc<Expr> {
        let all = self.env.candidates(want);
        let span = datum.span;
        let kind = match &datum.kind {
            DatumKind::Wrong => ExprKind::Error,
            DatumKind::Null => {
                let diagnostic = Diagnostic::error(
                    names::DATA_VALUE,
                    span,
                    match matches!(want, Type::Data | Type::Unknown) {
                        true => "there is no null".to_owned(),
                        false => format!("nothing stands here, and {} is wanted", self.env.a(want)),
                    },
                )
                .help("leave out what is not there");
                return self.wrong(diagnostic);
            }
            DatumKind::Bool(it) => ExprKind::Bool(*it),
            // YAML and TOML write numbers in base 8 as a source writes a mode.
            DatumKind::Int(it) => match literal::read(self.sources.slice(span)) {
                Ok(mode @ ExprKind::Mode(_)) if all.contains(&Type::Mode) => mode,
                Ok(_) | Err(_) => ExprKind::Int(*it),
            },
            DatumKind::Float(it) => ExprKind::Float(*it),
            DatumKind::Text(text) => return self.text(text, span, &all, false),
            DatumKind::Cell(text) => return self.text(text, span, &all, true),
            DatumKind::List(items) => {
                let element = element_of(&all);
                let items = items.iter().map(|item| self.item(item, &element)).collect();
                ExprKind::List(items)
            }
            DatumKind::Record(fields) => return self.record(fields, span, &all),
            DatumKind::Table(header, rows) => return self.table(header, rows, span, &all),
        };
        self.node(kind, span)
    }

    fn item(&mut self, datum: &Datum, element: &Type) -> ListItem {
        ListItem { clauses: Vec::new(), value: self.expr(datum, element) }
    }

    /// A text, or what is written without quotes in a source. A cell of CSV may be a number or a bool as well.
    fn text(&mut self, text: &Arc<str>, span: Span, all: &[Type], cell: bool) -> Arc<Expr> {
        let takes_any =
            |ty: &Type| matches!(ty, Type::String | Type::Sealed | Type::Data | Type::Module);
        if !all.iter().any(takes_any) {
            let mut why = None;
            for ty in all {
                match self.bare(text, span, ty, cell) {
                    Some(Ok(kind)) => return self.node(kind, span),
                    Some(Err(diagnostic)) => why = why.or(Some(diagnostic)),
                    None => {}
                }
            }
            let has_form =
                |ty: &Type| matches!(ty, Type::Url | Type::Hostname | Type::Calendar | Type::Image);
            if let Some(diagnostic) = why.filter(|_| !all.iter().any(has_form)) {
                return self.wrong(*diagnostic);
            }
        }
        let parts = vec![TemplatePart::Text(Arc::clone(text), span)];
        self.node(ExprKind::Text(Template { parts, span }), span)
    }

    /// What a text is where a type is wanted whose values have no quotes; none for all other types.
    fn bare(
        &mut self,
        text: &str,
        span: Span,
        ty: &Type,
        cell: bool,
    ) -> Option<Result<ExprKind, Box<Diagnostic>>> {
        let found = match ty {
            Type::Enum(id) => return Some(self.variant(text, span, *id)),
            Type::Ref(id) => return Some(self.reference(text, span, *id)),
            Type::Bool if cell => match text {
                "true" => Some(ExprKind::Bool(true)),
                "false" => Some(ExprKind::Bool(false)),
                _ => None,
            },
            Type::Path => is_path(text).then(|| ExprKind::Path(text.into())),
            Type::File => {
                let is_file = text.strip_prefix('.').is_some_and(is_path);
                is_file.then(|| ExprKind::File(text.into()))
            }
            Type::Nix => {
                let message = "an expression of Nix stands in a source, and not in data";
                return Some(Err(Box::new(Diagnostic::error(names::DATA_VALUE, span, message))));
            }
            Type::Duration
            | Type::Size
            | Type::Mode
            | Type::Address
            | Type::Subnet
            | Type::Port
            | Type::Ports => literal_of(text, ty),
            Type::Int | Type::Float if cell => literal_of(text, ty),
            Type::Unknown
            | Type::Never
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::String
            | Type::Url
            | Type::Hostname
            | Type::Calendar
            | Type::Image
            | Type::Sealed
            | Type::Data
            | Type::Anything
            | Type::Module
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Optional(_)
            | Type::Union(_)
            | Type::Where(..)
            | Type::Record(_)
            | Type::Anonymous(_)
            | Type::Fn(..)
            | Type::Variable(_) => return None,
        };
        Some(found.ok_or_else(|| {
            let message = format!("{text:?} is not {}", self.env.a(ty));
            let diagnostic = Diagnostic::error(names::DATA_VALUE, span, message);
            Box::new(match example(ty) {
                Some(example) => diagnostic.help(format!("as in {example:?}")),
                None => diagnostic,
            })
        }))
    }

    fn variant(&self, text: &str, span: Span, id: EnumId) -> Result<ExprKind, Box<Diagnostic>> {
        let enumeration = self.env.declarations.enumeration(id);
        if enumeration.variant(text).is_some() {
            return Ok(ExprKind::Name(Name { text: text.into(), span }));
        }
        let message = format!("`{}` has no variant {text:?}", enumeration.name);
        let diagnostic = Diagnostic::error(names::DATA_VALUE, span, message);
        let all: Vec<&str> = enumeration.variants.iter().map(|it| &*it.name).collect();
        let near = (self.found.len() < MAX_GUESSES).then(|| closest(text, all.iter().copied()));
        Err(Box::new(match near.flatten() {
            Some(near) => diagnostic.help(format!("did you mean {near:?}?")),
            None => diagnostic.help(format!("its variants: {}", some_of(&all))),
        }))
    }

    /// A thing of a kind, by its name.
    fn reference(
        &mut self,
        text: &str,
        span: Span,
        id: SchemaId,
    ) -> Result<ExprKind, Box<Diagnostic>> {
        let Some(kind) = self.env.tables.kind_of.get(&id) else {
            let message = format!(
                "a reference to `{}` cannot stand in data, for only things of a kind have a name of their own",
                self.env.schema(id).name
            );
            return Err(Box::new(Diagnostic::error(names::DATA_VALUE, span, message)));
        };
        let kind = Name { text: Arc::clone(kind), span };
        let base = self.node(ExprKind::Name(kind), span);
        Ok(ExprKind::Get(base, Key::Name(Name { text: text.into(), span })))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone are written as records")]
    fn record(&mut self, fields: &[(Name, Datum)], span: Span, all: &[Type]) -> Arc<Expr> {
        if let Some(payload) = self.payload(fields, span, all) {
            return payload;
        }
        let schemas = all.iter().filter_map(|ty| match ty {
            Type::Record(id) => Some(*id),
            _ => None,
        });
        let schemas: Vec<SchemaId> = schemas.collect();
        let knows = |id: &&SchemaId| {
            fields.iter().all(|(name, _)| self.env.field_type(**id, &name.text).is_some())
        };
        let schema = schemas.iter().find(knows).or(schemas.first()).copied();
        let element = all.iter().find_map(|ty| match ty {
            Type::Map(element) => Some((**element).clone()),
            Type::Data | Type::Module => Some(Type::Data),
            _ => None,
        });
        let body = match (schema, element) {
            (Some(schema), _) => self.body(fields, span, |shaper, name| {
                shaper.env.field_type(schema, name).unwrap_or(Type::Unknown)
            }),
            (None, element) => {
                let element = element.unwrap_or(Type::Unknown);
                self.body(fields, span, |_, _| element.clone())
            }
        };
        self.node(ExprKind::Record(body), span)
    }

    /// `{"sso": {"factor": "one"}}` where an enum is wanted: the one key is a variant.
    #[expect(clippy::wildcard_enum_match_arm, reason = "enums alone have variants")]
    fn payload(&mut self, fields: &[(Name, Datum)], span: Span, all: &[Type]) -> Option<Arc<Expr>> {
        let [(name, value)] = fields else { return None };
        let payload = all.iter().find_map(|ty| match ty {
            Type::Enum(id) => {
                let (_, variant) = self.env.declarations.enumeration(*id).variant(&name.text)?;
                variant.payload
            }
            _ => None,
        })?;
        let DatumKind::Record(inner) = &value.kind else { return None };
        let head = self.node(ExprKind::Name(name.clone()), name.span);
        let body = self.body(inner, value.span, |shaper, name| {
            shaper.env.field_type(payload, name).unwrap_or(Type::Unknown)
        });
        Some(self.node(ExprKind::Payload(head, body), span))
    }

    /// A record's fields; what is null and may be absent is left out.
    pub(super) fn body(
        &mut self,
        fields: &[(Name, Datum)],
        span: Span,
        want: impl Fn(&Self, &str) -> Type,
    ) -> Arc<Body> {
        let mut items = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let want = want(self, &name.text);
            let is_absent = matches!(value.kind, DatumKind::Null)
                && matches!(want.unconditional(), Type::Optional(_));
            if !is_absent {
                let value = self.expr(value, &want);
                items.push(field(name, value));
            }
        }
        Arc::new(Body { items, span })
    }

    /// Rows: a list of records or, by the first column, a map.
    #[expect(clippy::wildcard_enum_match_arm, reason = "whatever is no map is a list of rows")]
    fn table(&mut self, header: &[Name], rows: &[Row], span: Span, all: &[Type]) -> Arc<Expr> {
        let map = all.iter().find_map(|ty| match ty {
            Type::Map(element) => Some((**element).clone()),
            _ => None,
        });
        let Some(element) = map else {
            let element = element_of(all);
            let items = rows.iter().map(|row| {
                let value = self.row(header, row, 0, &element);
                ListItem { clauses: Vec::new(), value }
            });
            let items = items.collect();
            return self.node(ExprKind::List(items), span);
        };
        let mut seen: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        let mut items = Vec::new();
        for row in rows {
            let key = row.cells.first().filter(|(column, _)| *column == 0);
            let Some((_, Datum { kind: DatumKind::Cell(key), span: at })) = key else {
                let message = "this line has no name in its first column";
                self.found.push(Diagnostic::error(names::DATA_KEY, row.span, message));
                continue;
            };
            if let Some(first) = seen.insert(Arc::clone(key), *at) {
                let message = format!("`{key}` stands here twice");
                self.found.push(
                    Diagnostic::error(names::DATA_KEY, *at, message).also(first, "first here"),
                );
                continue;
            }
            let value = self.row(header, row, 1, &element);
            items.push(field(&Name { text: Arc::clone(key), span: *at }, value));
        }
        let body = Arc::new(Body { items, span });
        self.node(ExprKind::Record(body), span)
    }

    /// The cells of a row from a column on.
    fn row(&mut self, header: &[Name], row: &Row, from: usize, want: &Type) -> Arc<Expr> {
        let all = self.env.candidates(want);
        let cells = row.cells.iter().filter(|(column, _)| *column >= from);
        let named = cells.filter_map(|(column, datum)| {
            let name = header.get(*column)?;
            // Findings about the name stand in the header, those about the value in the cell.
            Some((name.clone(), datum.clone()))
        });
        let fields: Vec<(Name, Datum)> = named.collect();
        self.record(&fields, row.span, &all)
    }
}

/// `name = value`
pub(super) fn field(name: &Name, value: Arc<Expr>) -> Item {
    // The columns of a table lie in another line than its cells.
    let span = match name.span.end <= value.span.start {
        true => name.span.to(value.span),
        false => value.span,
    };
    let field = Field { mark: None, path: vec![Key::Name(name.clone())], value };
    Item { kind: ItemKind::Field(field), span, doc: None }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "these alone are written as lists")]
fn element_of(all: &[Type]) -> Type {
    let element = all.iter().find_map(|ty| match ty {
        Type::List(element) | Type::Set(element) => Some((**element).clone()),
        Type::Data | Type::Module => Some(Type::Data),
        _ => None,
    });
    element.unwrap_or(Type::Unknown)
}

/// A literal of a type.
fn literal_of(text: &str, ty: &Type) -> Option<ExprKind> {
    let negative = text.strip_prefix('-').filter(|_| matches!(ty, Type::Int | Type::Float));
    let kind = literal::read(negative.unwrap_or(text)).ok()?;
    let fits = match (&kind, ty) {
        (ExprKind::Duration(_), Type::Duration)
        | (ExprKind::Size(_), Type::Size)
        | (ExprKind::Mode(_), Type::Mode)
        | (ExprKind::Address(_), Type::Address)
        | (ExprKind::Subnet(_), Type::Subnet)
        | (ExprKind::Port(_) | ExprKind::Int(_), Type::Port)
        | (ExprKind::Ports(..), Type::Ports)
        | (ExprKind::Int(_), Type::Int | Type::Float)
        | (ExprKind::Float(_), Type::Float) => true,
        (_, _) => false,
    };
    match (kind, negative) {
        (ExprKind::Int(it), Some(_)) if fits => Some(ExprKind::Int(-it)),
        (ExprKind::Float(it), Some(_)) if fits => Some(ExprKind::Float(-it)),
        (kind, None) if fits => Some(kind),
        _ => None,
    }
}

/// Whether a text has the form of a path that a source holds.
fn is_path(text: &str) -> bool {
    let fine = |c: char| c.is_ascii_alphanumeric() || "._-+@/".contains(c);
    text.starts_with('/') && text.chars().all(fine)
}

/// How a value of a type looks.
#[expect(clippy::wildcard_enum_match_arm, reason = "what has a form of its own has an example")]
fn example(ty: &Type) -> Option<&'static str> {
    Some(match ty {
        Type::Duration => "1h30m",
        Type::Size => "512MiB",
        Type::Mode => "0o750",
        Type::Path => "/var/lib/x",
        Type::File => "./disk.nix",
        Type::Address => "10.0.0.1",
        Type::Subnet => "10.0.0.0/8",
        Type::Port => "8080/udp",
        Type::Ports => "8000..8100",
        _ => return None,
    })
}
