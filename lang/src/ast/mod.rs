//! The one tree. Every node has a byte span; shared subtrees are `Arc`s, so that the evaluator,
//! the language server and the REPL can keep them without copying.
//!
//! There is one body grammar (for entities, blocks, record literals and whole files): a list of [`Item`]s.

mod visit;

use std::net::IpAddr;
use std::sync::Arc;

pub use visit::{Visit, walk_body, walk_expr, walk_item, walk_type};

use crate::network::Network;
use crate::span::{FileId, Span};

/// A whole file.
#[derive(Clone, Debug)]
pub struct File {
    pub id: FileId,
    pub body: Arc<Body>,
    /// One more than the largest [`ExprId`] in this file.
    pub exprs: u32,
}

/// The number of an expression within its file; side tables of the checker are indexed by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(pub u32);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: Arc<str>,
    pub span: Span,
}

/// Items between braces (without them), or those of a whole file.
#[derive(Clone, Debug)]
pub struct Body {
    pub items: Vec<Item>,
    /// With the braces.
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub kind: ItemKind,
    pub span: Span,
    /// The `##` comment above it, without the marks, lines joined by `\n`.
    pub doc: Option<Arc<str>>,
}

#[derive(Clone, Debug)]
pub enum ItemKind {
    Field(Field),
    Block(Block),
    For(ForItem),
    If(IfItem),
    Let(LetDecl),
    Fn(FnDecl),
    Schema(SchemaDecl),
    Enum(EnumDecl),
    Type(TypeDecl),
    Import(ImportDecl),
    /// What could not be understood; a diagnostic says why.
    Error,
}

/// How strongly a thing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    Default,
    Override,
    Extend,
}

/// `a.b."c" = value`, with `default` or `override` before it (never `extend`).
#[derive(Clone, Debug)]
pub struct Field {
    pub mark: Option<(Mark, Span)>,
    /// At least one key.
    pub path: Vec<Key>,
    pub value: Arc<Expr>,
}

/// One step of a path: `name`, or a string that may hold `${…}`.
#[derive(Clone, Debug)]
pub enum Key {
    Name(Name),
    Text(Template),
}

/// `route web { … }`, `container { … }`, `extend service "${n}" { … }`, `default host if c { … }`.
#[derive(Clone, Debug)]
pub struct Block {
    pub mark: Option<(Mark, Span)>,
    /// At least one key; more for `a.b { … }`.
    pub path: Vec<Key>,
    /// What stands behind the path, on its line: a name, a string, or (as a text) an absolute path.
    pub label: Option<Key>,
    /// Only with [`Mark::Default`] and without label: for which entities.
    pub condition: Option<Arc<Expr>>,
    pub body: Arc<Body>,
}

/// `for a, b in e if c { … }`.
#[derive(Clone, Debug)]
pub struct ForItem {
    pub binders: Binders,
    pub iter: Arc<Expr>,
    pub condition: Option<Arc<Expr>>,
    pub body: Arc<Body>,
}

/// One binder (the value), or two (key and value of a map).
#[derive(Clone, Debug)]
pub struct Binders {
    pub first: Name,
    pub second: Option<Name>,
}

/// `if c { … } else { … }`; an `else if` is an `else` body with one `If` item.
#[derive(Clone, Debug)]
pub struct IfItem {
    pub condition: Arc<Expr>,
    pub then: Arc<Body>,
    pub otherwise: Option<Arc<Body>>,
}

#[derive(Clone, Debug)]
pub struct LetDecl {
    pub public: bool,
    pub name: Name,
    pub ty: Option<TypeExpr>,
    pub value: Arc<Expr>,
}

/// A function; without body it is a builtin (only in the standard library).
#[derive(Clone, Debug)]
pub struct FnDecl {
    pub public: bool,
    pub name: Name,
    pub params: Vec<Param>,
    pub result: Option<TypeExpr>,
    pub body: Option<Arc<Expr>>,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: Name,
    /// Always there in a `fn`, never in a lambda.
    pub ty: Option<TypeExpr>,
    pub default: Option<Arc<Expr>>,
}

/// `pub schema Port from inside { … }`, `extend schema Model { … }`, `pub sealed schema Secret { … }`.
#[derive(Clone, Debug)]
pub struct SchemaDecl {
    pub public: bool,
    pub extend: bool,
    /// Whether a reference to such an entity, put into a string, makes that string sealed.
    pub sealed: bool,
    pub name: Name,
    /// The field that a plain value means.
    pub from: Option<Name>,
    pub fields: Vec<FieldDecl>,
}

#[derive(Clone, Debug)]
pub struct FieldDecl {
    pub doc: Option<Arc<str>>,
    pub name: Name,
    pub ty: TypeExpr,
    pub default: Option<Arc<Expr>>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct EnumDecl {
    pub public: bool,
    pub name: Name,
    pub variants: Vec<VariantDecl>,
}

#[derive(Clone, Debug)]
pub struct VariantDecl {
    pub doc: Option<Arc<str>>,
    pub name: Name,
    pub payload: Option<Vec<FieldDecl>>,
}

/// `type Semver = string where …`: a name for a type.
#[derive(Clone, Debug)]
pub struct TypeDecl {
    pub public: bool,
    pub name: Name,
    pub ty: TypeExpr,
}

/// `import std.images.linuxserver`, `import services.shared as s`, `import services.shared.{media, nas as n}`,
/// `import ./machines.json as machines: {Machine}`.
#[derive(Clone, Debug)]
pub struct ImportDecl {
    /// Folders and a file; behind them the name that is imported, unless the file itself is, or what `names` says.
    pub path: Vec<Name>,
    pub alias: Option<Name>,
    /// What stands in braces behind the path.
    pub names: Option<Vec<ImportName>>,
    /// A file of data, in place of a path; the alias is there then.
    pub data: Option<DataFile>,
}

/// `./machines.json` and, behind the name, its type.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// As written.
    pub path: Arc<str>,
    pub span: Span,
    pub ty: Option<TypeExpr>,
}

/// `media`, `nas as n`
#[derive(Clone, Debug)]
pub struct ImportName {
    pub name: Name,
    pub alias: Option<Name>,
}

#[derive(Clone, Debug)]
pub struct TypeExpr {
    pub kind: TypeKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum TypeKind {
    /// A built-in type, schema, enum, kind (then: a reference to one) or, where it is one
    /// lower-case letter, a type variable; `shared.Box` where a module declares it.
    Name(Name),
    /// `&Port`: a reference to something of this schema that has a place in the model.
    Ref(Name),
    /// `T?`
    Optional(Box<TypeExpr>),
    /// `[T]`
    List(Box<TypeExpr>),
    /// `set[T]`
    Set(Box<TypeExpr>),
    /// `{T}`
    Map(Box<TypeExpr>),
    /// `A | B`
    Union(Vec<TypeExpr>),
    /// `int where 1 <= it`
    Where(Box<TypeExpr>, Arc<Expr>),
    /// `(A, B) -> C`
    Fn(Vec<TypeExpr>, Box<TypeExpr>),
    Error,
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
    pub id: ExprId,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Template),
    Duration(Duration),
    Size(Size),
    /// `0o750`, at most `0o7777`.
    Mode(u16),
    /// `/var/lib/x`, in its one spelling.
    Path(Arc<str>),
    /// `./disk.nix`, as written.
    File(Arc<str>),
    Address(IpAddr),
    /// `10.0.0.0/8`
    Subnet(Network),
    /// `8080/udp`
    Port(PortLiteral),
    /// `8000..8100`, first and last.
    Ports(u16, u16),
    List(Vec<ListItem>),
    /// `{ … }`
    Record(Arc<Body>),
    Name(Name),
    /// `self`
    SelfRecord,
    /// `sso { … }`, `Login.sso { … }`: a variant (a name, or enum and name) with its payload.
    Payload(Arc<Expr>, Arc<Body>),
    /// `a.b`, `a."b"`
    Get(Arc<Expr>, Key),
    Call(Arc<Expr>, Vec<Arg>),
    /// `x => e`, `(x, y) => e`
    Lambda(Vec<Param>, Arc<Expr>),
    /// `a |> f`, `a |> f(x)`: `a` becomes the first argument.
    Pipe(Arc<Expr>, Arc<Expr>),
    If(Arc<Expr>, Arc<Expr>, Arc<Expr>),
    Match(Arc<Expr>, Vec<MatchArm>),
    /// `a is sso`, `a is &Port`
    Is(Arc<Expr>, Case),
    /// `a has b`: is the field `b` there in `a`? `has b` alone reads `self`.
    Has(Arc<Expr>, Key),
    Binary(BinaryOp, Span, Arc<Expr>, Arc<Expr>),
    Not(Arc<Expr>),
    Negate(Arc<Expr>),
    /// `a with { … }`
    With(Arc<Expr>, Arc<Body>),
    /// `nix"…"`
    Nix(Template),
    Unset,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `??`
    Else,
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    /// ` / `, joining paths
    Join,
}

/// A time span in whole milliseconds, with its spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration {
    pub millis: u64,
    pub text: Arc<str>,
}

/// A size in bytes, with its spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Size {
    pub bytes: u64,
    pub text: Arc<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    Tcp,
    Udp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortLiteral {
    pub number: u16,
    pub protocol: Protocol,
}

/// A string, cooked: escapes and indentation are gone, holes are expressions.
#[derive(Clone, Debug)]
pub struct Template {
    pub parts: Vec<TemplatePart>,
    /// With quotes (and the `nix` before them).
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// The text, and the source it was written as.
    Text(Arc<str>, Span),
    Hole(Arc<Expr>),
}

impl Template {
    /// The text, where there is no hole.
    #[must_use]
    pub fn literal(&self) -> Option<String> {
        self.parts.iter().try_fold(String::new(), |mut all, part| match part {
            TemplatePart::Text(text, _) => {
                all.push_str(text);
                Some(all)
            }
            TemplatePart::Hole(_) => None,
        })
    }
}

impl Key {
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Key::Name(name) => name.span,
            Key::Text(template) => template.span,
        }
    }

    /// The key, where it is known without evaluating.
    #[must_use]
    pub fn literal(&self) -> Option<Arc<str>> {
        match self {
            Key::Name(name) => Some(Arc::clone(&name.text)),
            Key::Text(template) => template.literal().map(Into::into),
        }
    }
}

/// One element of a list: clauses, then a value. `x`, `for s in service if c: s.name`, `if c: x`.
#[derive(Clone, Debug)]
pub struct ListItem {
    pub clauses: Vec<Clause>,
    pub value: Arc<Expr>,
}

#[derive(Clone, Debug)]
pub enum Clause {
    For(Binders, Arc<Expr>),
    If(Arc<Expr>),
}

/// `f(x, y: 2)`
#[derive(Clone, Debug)]
pub struct Arg {
    pub name: Option<Name>,
    pub value: Arc<Expr>,
}

/// `sso s => e`, `none => e` or `else => e`.
#[derive(Clone, Debug)]
pub struct MatchArm {
    pub pattern: Pattern,
    pub value: Arc<Expr>,
    pub span: Span,
}

/// What a value may turn out to be.
#[derive(Clone, Debug)]
pub enum Case {
    /// A variant of an enum, or a member of a union by its type's name: `sso`, `image`.
    Name(Name),
    /// A member of a union by its type, where that is more than a name: `&Port`, `[string]`.
    Type(Box<TypeExpr>),
}

impl Case {
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Case::Name(name) => name.span,
            Case::Type(ty) => ty.span,
        }
    }
}

#[derive(Clone, Debug)]
pub enum Pattern {
    /// A case, and the name that its payload gets, or the value itself where it is a member of a union.
    Case(Case, Option<Name>),
    /// `else`
    Else(Span),
    /// Nothing that can be read, as was reported: any variant may have been meant.
    Error(Span),
}

/// A comment that is not a doc comment, with the `#`; kept for the formatter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub span: Span,
    pub doc: bool,
}
