//! Types, and the tables of what is declared: the contract between the checker, the evaluator and the editor.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::ast::Expr;
use crate::span::{FileId, Span};

/// The place of a schema in [`Declarations::schemas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub u32);

/// The place of an enum in [`Declarations::enums`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub u32);

/// The place of a function in [`Declarations::functions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(pub u32);

/// The place of a top-level `let` in [`Declarations::lets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LetId(pub u32);

/// The place of a named type in [`Declarations::names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeNameId(pub u32);

/// The place of a `where` in [`Declarations::refinements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RefinementId(pub u32);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// An error was reported here; agrees with everything and says nothing more.
    Unknown,
    /// No value: the element of `[]`, and `unset`.
    Never,
    Bool,
    Int,
    Float,
    String,
    Duration,
    Size,
    Mode,
    /// An absolute path on the target.
    Path,
    /// A file beside the source, `./x`.
    File,
    Address,
    Subnet,
    /// A port number, 1 to 65535, perhaps with a protocol.
    Port,
    /// A range of ports.
    Ports,
    /// A string that is an absolute URL.
    Url,
    /// A string that is a DNS name (RFC 1123).
    Hostname,
    /// A string that systemd reads as a calendar event (systemd.time(7)).
    Calendar,
    /// A string that is a container image reference.
    Image,
    /// A string that may hold secrets, put together on the host. Strings fit it.
    Sealed,
    /// A Nix expression.
    Nix,
    /// Free data, as YAML or JSON hold it: scalars, lists, records.
    Data,
    /// Whatever is read from the model: a reference, or the value of a field. It stands for its place there.
    Anything,
    /// A Nix module: free records of data, Nix expressions and files, with `default` and `override` kept.
    Module,
    List(Arc<Type>),
    Set(Arc<Type>),
    Map(Arc<Type>),
    Optional(Arc<Type>),
    Union(Arc<[Type]>),
    /// A base type with a condition.
    Where(Arc<Type>, RefinementId),
    /// A record of this schema, written in place.
    Record(SchemaId),
    /// A record of this schema that has a place in the model. What a `for` over a kind binds,
    /// `service.x`, and a bare name that reads an entity have this type.
    Ref(SchemaId),
    Enum(EnumId),
    /// A record literal where no schema is wanted: its fields.
    Anonymous(Arc<BTreeMap<Arc<str>, Type>>),
    Fn(Arc<[Type]>, Arc<Type>),
    /// A type variable of a builtin, as `a`.
    Variable(Arc<str>),
}

impl Type {
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others become optional")]
    pub fn optional(self) -> Type {
        match self {
            Type::Optional(_) | Type::Unknown => self,
            other => Type::Optional(Arc::new(other)),
        }
    }

    /// The types that it is made of: of its elements, its members, its parameters.
    pub fn parts(&self) -> impl Iterator<Item = &Type> {
        let (one, many, fields): (_, &[Type], _) = match self {
            Type::List(inner)
            | Type::Set(inner)
            | Type::Map(inner)
            | Type::Optional(inner)
            | Type::Where(inner, _) => (Some(&**inner), &[], None),
            Type::Union(members) => (None, members, None),
            Type::Fn(params, result) => (Some(&**result), params, None),
            Type::Anonymous(fields) => (None, &[], Some(&**fields)),
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
            | Type::Sealed
            | Type::Nix
            | Type::Data
            | Type::Module
            | Type::Anything
            | Type::Record(_)
            | Type::Ref(_)
            | Type::Enum(_)
            | Type::Variable(_) => (None, &[], None),
        };
        many.iter().chain(one).chain(fields.into_iter().flat_map(BTreeMap::values))
    }

    /// The type without its `?`.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are required")]
    pub fn required(&self) -> &Type {
        match self {
            Type::Optional(inner) => inner.required(),
            other => other,
        }
    }

    /// The type without its `where`.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others have no condition")]
    pub fn unconditional(&self) -> &Type {
        match self {
            Type::Where(inner, _) => inner.unconditional(),
            other => other,
        }
    }

    /// The type without `?` and without `where`.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are their own base")]
    pub fn base(&self) -> &Type {
        match self {
            Type::Optional(inner) | Type::Where(inner, _) => inner.base(),
            other => other,
        }
    }
}

/// A schema, or the payload of a variant.
#[derive(Clone, Debug)]
pub struct Schema {
    pub id: SchemaId,
    /// `Route`; a payload is called `Login.sso`.
    pub name: Arc<str>,
    pub doc: Option<Arc<str>>,
    /// The place of its name.
    pub span: Span,
    pub public: bool,
    pub sealed: bool,
    /// The field that a plain value means.
    pub from: Option<Arc<str>>,
    /// In the order of their writing; later ones come from `extend schema`.
    pub fields: Vec<SchemaField>,
    pub by_name: BTreeMap<Arc<str>, usize>,
}

impl Schema {
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&SchemaField> {
        self.by_name.get(name).and_then(|index| self.fields.get(*index))
    }
}

#[derive(Clone, Debug)]
pub struct SchemaField {
    pub name: Arc<str>,
    pub doc: Option<Arc<str>>,
    /// The place of its name.
    pub span: Span,
    pub ty: Type,
    pub default: Option<Arc<Expr>>,
}

#[derive(Clone, Debug)]
pub struct Enum {
    pub id: EnumId,
    pub name: Arc<str>,
    pub doc: Option<Arc<str>>,
    pub span: Span,
    pub public: bool,
    pub variants: Vec<Variant>,
}

impl Enum {
    #[must_use]
    pub fn variant(&self, name: &str) -> Option<(u32, &Variant)> {
        self.variants
            .iter()
            .enumerate()
            .find(|(_, variant)| &*variant.name == name)
            .map(|(index, variant)| (index as u32, variant))
    }
}

#[derive(Clone, Debug)]
pub struct Variant {
    pub name: Arc<str>,
    pub doc: Option<Arc<str>>,
    pub span: Span,
    pub payload: Option<SchemaId>,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub id: FunctionId,
    pub name: Arc<str>,
    pub doc: Option<Arc<str>>,
    pub span: Span,
    pub public: bool,
    pub params: Vec<FunctionParam>,
    pub result: Type,
    /// None: a builtin, in the interpreter's table under the same name.
    pub body: Option<Arc<Expr>>,
}

#[derive(Clone, Debug)]
pub struct FunctionParam {
    pub name: Arc<str>,
    pub ty: Type,
    pub default: Option<Arc<Expr>>,
}

/// A top-level `let`.
#[derive(Clone, Debug)]
pub struct GlobalLet {
    pub id: LetId,
    pub name: Arc<str>,
    pub doc: Option<Arc<str>>,
    pub span: Span,
    pub public: bool,
    /// The declared type, or else the found one.
    pub ty: Type,
    /// Whether the type was declared: then the value is brought into it.
    pub declared: bool,
    pub value: Arc<Expr>,
}

/// `type Semver = string where …`
#[derive(Clone, Debug)]
pub struct TypeName {
    pub id: TypeNameId,
    pub name: Arc<str>,
    pub doc: Option<Arc<str>>,
    pub span: Span,
    pub public: bool,
    /// What it stands for.
    pub ty: Type,
}

#[derive(Clone, Debug)]
pub struct Refinement {
    pub base: Type,
    /// `it` stands for the value.
    pub condition: Arc<Expr>,
    /// What the name of the type says, where it has one.
    pub doc: Option<Arc<str>>,
}

impl Refinement {
    /// What is wanted, in the words of the type's comment.
    #[must_use]
    pub fn said(&self) -> Option<String> {
        self.doc.as_ref().map(|doc| doc.replace('\n', " ").trim_end_matches('.').to_owned())
    }
}

/// Everything declared in the fleet and the standard library.
#[derive(Clone, Debug, Default)]
pub struct Declarations {
    pub schemas: Vec<Schema>,
    pub enums: Vec<Enum>,
    pub functions: Vec<Function>,
    pub lets: Vec<GlobalLet>,
    pub refinements: Vec<Refinement>,
    /// The fields of the library in whose place a fleet has its own: nothing of the library reads them.
    pub replaced: Vec<(SchemaId, Arc<str>)>,
    pub names: Vec<TypeName>,
    /// `schema Model`; None only if the standard library is broken.
    pub model: Option<SchemaId>,
}

impl Declarations {
    #[must_use]
    pub fn schema(&self, id: SchemaId) -> &Schema {
        &self.schemas[id.0 as usize]
    }

    #[must_use]
    pub fn enumeration(&self, id: EnumId) -> &Enum {
        &self.enums[id.0 as usize]
    }

    #[must_use]
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.0 as usize]
    }

    #[must_use]
    pub fn global_let(&self, id: LetId) -> &GlobalLet {
        &self.lets[id.0 as usize]
    }

    #[must_use]
    pub fn type_name(&self, id: TypeNameId) -> &TypeName {
        &self.names[id.0 as usize]
    }

    #[must_use]
    pub fn refinement(&self, id: RefinementId) -> &Refinement {
        &self.refinements[id.0 as usize]
    }
}

/// What a name in an expression stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// A `for` binder, parameter, lambda parameter, match binder, `it`, or a `let` in a body.
    Local,
    /// A top-level `let`, of this file or imported; at the `Get` where a module's.
    Let(LetId),
    /// A function of this file, imported, or from the standard library's prelude.
    Function(FunctionId),
    /// A field of `schema Model`: `service`, `fleet`.
    Kind,
    /// A field of the top-level entity around this place; `name` is its key.
    Entity,
    /// A variant, bare or behind its enum's name.
    Variant(EnumId, u32),
    /// The name of an enum, before `.variant`.
    Enum(EnumId),
    /// The name of an imported file, before `.name`.
    Module(FileId),
}

/// What the checker knows of the expressions of one file, by [`ExprId`](crate::ast::ExprId).
#[derive(Clone, Debug, Default)]
pub struct FileTypes {
    /// For names (and `Enum.variant`, at the `Get`): what they stand for.
    pub resolutions: Vec<Option<Resolution>>,
    /// The type found (where one was wanted and fits: the wanted one).
    pub types: Vec<Option<Type>>,
    /// Whether an error was reported at this very expression: its value is unknown.
    pub broken: Vec<bool>,
    /// For cases of unions (behind `is`, and in arms of `match`), by their place: the member that they mean.
    pub members: HashMap<Span, Type>,
    /// The packages of nixpkgs that `nix"…"` in it names, each with its place; some more than once.
    pub packages: Vec<(Arc<str>, Span)>,
}

/// A top-level item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemRef {
    pub file: FileId,
    pub index: u32,
}
