//! A tree in short: `(+ a (call f x))`, `port = 80`, `route web { … }`.

use crate::ast::{
    Arg, BinaryOp, Binders, Block, Body, Case, Clause, DataFile, EnumDecl, Expr, ExprKind, Field,
    FieldDecl, FnDecl, ForItem, IfItem, ImportDecl, ImportName, Item, ItemKind, Key, LetDecl,
    ListItem, Mark, MatchArm, Name, Param, Pattern, SchemaDecl, Template, TemplatePart, TypeDecl,
    TypeExpr, TypeKind, VariantDecl,
};
use crate::span::Span;

fn joined<T>(all: &[T], separator: &str, show: impl Fn(&T) -> String) -> String {
    all.iter().map(show).collect::<Vec<_>>().join(separator)
}

pub(super) fn items(body: &Body) -> String {
    joined(&body.items, "; ", item)
}

fn item(item: &Item) -> String {
    let text = item_kind(&item.kind);
    item.doc.as_ref().map_or(text.clone(), |doc| format!("## {doc:?} {text}"))
}

fn item_kind(kind: &ItemKind) -> String {
    match kind {
        ItemKind::Field(Field { mark, path, value }) => {
            format!("{}{} = {}", marked(mark), keys(path), expr(value))
        }
        ItemKind::Block(Block { mark, path, label, condition, body }) => format!(
            "{}{}{}{} {}",
            marked(mark),
            keys(path),
            label.as_ref().map_or(String::new(), |label| format!(" {}", key(label))),
            condition.as_ref().map_or(String::new(), |it| format!(" if {}", expr(it))),
            braces(body)
        ),
        ItemKind::For(ForItem { binders: it, iter, condition, body }) => format!(
            "for {} in {}{} {}",
            binders(it),
            expr(iter),
            condition.as_ref().map_or(String::new(), |it| format!(" if {}", expr(it))),
            braces(body)
        ),
        ItemKind::If(IfItem { condition, then, otherwise }) => format!(
            "if {} {}{}",
            expr(condition),
            braces(then),
            otherwise.as_ref().map_or(String::new(), |it| format!(" else {}", braces(it)))
        ),
        ItemKind::Let(LetDecl { public, name, ty, value }) => {
            format!("{}let {}{} = {}", public_(*public), name.text, typed(ty), expr(value))
        }
        ItemKind::Fn(FnDecl { public, name, params: all, result, body }) => format!(
            "{}fn {}({}){}{}",
            public_(*public),
            name.text,
            params(all),
            result.as_ref().map_or(String::new(), |it| format!(" -> {}", ty(it))),
            default(body)
        ),
        ItemKind::Schema(SchemaDecl { public, extend, sealed, name, from, fields: all }) => {
            format!(
                "{}{}{}schema {}{} {{ {} }}",
                public_(*public),
                if *extend { "extend " } else { "" },
                if *sealed { "sealed " } else { "" },
                name.text,
                from.as_ref().map_or(String::new(), |it| format!(" from {}", it.text)),
                fields(all)
            )
        }
        ItemKind::Type(TypeDecl { public, name, ty: it }) => {
            format!("{}type {} = {}", public_(*public), name.text, ty(it))
        }
        ItemKind::Enum(EnumDecl { public, name, variants }) => format!(
            "{}enum {} {{ {} }}",
            public_(*public),
            name.text,
            joined(variants, ", ", |VariantDecl { doc, name, payload }| format!(
                "{}{}{}",
                doc.as_ref().map_or(String::new(), |doc| format!("## {doc:?} ")),
                name.text,
                payload.as_ref().map_or(String::new(), |it| format!(" {{ {} }}", fields(it)))
            ))
        ),
        ItemKind::Import(ImportDecl {
            data: Some(DataFile { path, span: _, ty: data }),
            alias,
            ..
        }) => {
            format!(
                "import {path}{}{}",
                alias_of(alias),
                data.as_ref().map_or(String::new(), |it| format!(": {}", ty(it)))
            )
        }
        ItemKind::Import(ImportDecl { path, alias, names, data: None }) => format!(
            "import {}{}{}",
            joined(path, ".", |it| it.text.to_string()),
            names.as_ref().map_or(String::new(), |all| format!(
                ".{{{}}}",
                joined(all, ", ", |ImportName { name, alias }| format!(
                    "{}{}",
                    name.text,
                    alias_of(alias)
                ))
            )),
            alias_of(alias)
        ),
        ItemKind::Error => "ERROR".to_owned(),
    }
}

fn alias_of(alias: &Option<Name>) -> String {
    alias.as_ref().map_or(String::new(), |it| format!(" as {}", it.text))
}

fn public_(public: bool) -> &'static str {
    if public { "pub " } else { "" }
}

fn marked(mark: &Option<(Mark, Span)>) -> &'static str {
    match mark {
        Some((Mark::Default, _)) => "default ",
        Some((Mark::Override, _)) => "override ",
        Some((Mark::Extend, _)) => "extend ",
        None => "",
    }
}

fn braces(body: &Body) -> String {
    if body.items.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", items(body)) }
}

fn keys(path: &[Key]) -> String {
    joined(path, ".", key)
}

fn key(it: &Key) -> String {
    match it {
        Key::Name(name) => name.text.to_string(),
        Key::Text(it) => template(it),
    }
}

fn template(it: &Template) -> String {
    let parts = joined(&it.parts, "", |part| match part {
        TemplatePart::Text(text, _) => text.escape_debug().to_string(),
        TemplatePart::Hole(it) => format!("${{{}}}", expr(it)),
    });
    format!("\"{parts}\"")
}

fn binders(Binders { first, second }: &Binders) -> String {
    let second = second.as_ref().map_or(String::new(), |it| format!(", {}", it.text));
    format!("{}{second}", first.text)
}

fn fields(all: &[FieldDecl]) -> String {
    joined(all, ", ", |FieldDecl { doc, name, ty: it, default: value, span: _ }| {
        let doc = doc.as_ref().map_or(String::new(), |doc| format!("## {doc:?} "));
        format!("{doc}{}: {}{}", name.text, ty(it), default(value))
    })
}

fn params(all: &[Param]) -> String {
    joined(all, ", ", |Param { name, ty, default: value }| {
        format!("{}{}{}", name.text, typed(ty), default(value))
    })
}

fn default(value: &Option<std::sync::Arc<Expr>>) -> String {
    value.as_ref().map_or(String::new(), |it| format!(" = {}", expr(it)))
}

fn typed(it: &Option<TypeExpr>) -> String {
    it.as_ref().map_or(String::new(), |it| format!(": {}", ty(it)))
}

fn ty(it: &TypeExpr) -> String {
    match &it.kind {
        TypeKind::Name(name) => name.text.to_string(),
        TypeKind::Ref(name) => format!("&{}", name.text),
        TypeKind::Optional(it) => format!("{}?", ty(it)),
        TypeKind::List(it) => format!("[{}]", ty(it)),
        TypeKind::Set(it) => format!("set[{}]", ty(it)),
        TypeKind::Map(it) => format!("{{{}}}", ty(it)),
        TypeKind::Union(all) => format!("({})", joined(all, " | ", ty)),
        TypeKind::Where(it, condition) => format!("{} where {}", ty(it), expr(condition)),
        TypeKind::Fn(all, result) => format!("({}) -> {}", joined(all, ", ", ty), ty(result)),
        TypeKind::Error => "ERROR".to_owned(),
    }
}

fn case(it: &Case) -> String {
    match it {
        Case::Name(name) => name.text.to_string(),
        Case::Type(it) => ty(it),
    }
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Else => "??",
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::In => "in",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Join => "/",
    }
}

pub(super) fn expr(it: &Expr) -> String {
    match &it.kind {
        ExprKind::Bool(it) => it.to_string(),
        ExprKind::Int(it) => it.to_string(),
        ExprKind::Float(it) => format!("{it:?}"),
        ExprKind::Text(it) => template(it),
        ExprKind::Duration(it) => format!("{}ms", it.millis),
        ExprKind::Size(it) => format!("{}B", it.bytes),
        ExprKind::Mode(it) => format!("0o{it:o}"),
        ExprKind::Path(it) | ExprKind::File(it) => it.to_string(),
        ExprKind::Address(it) => it.to_string(),
        ExprKind::Subnet(it) => it.to_string(),
        ExprKind::Port(it) => format!("{}/{:?}", it.number, it.protocol),
        ExprKind::Ports(first, last) => format!("{first}..{last}"),
        ExprKind::List(all) => format!(
            "[{}]",
            joined(all, ", ", |ListItem { clauses, value }| {
                let clauses = joined(clauses, "", |clause| match clause {
                    Clause::For(it, iter) => format!("for {} in {} ", binders(it), expr(iter)),
                    Clause::If(it) => format!("if {} ", expr(it)),
                });
                let colon = if clauses.is_empty() { "" } else { ": " };
                format!("{}{colon}{}", clauses.trim_end(), expr(value))
            })
        ),
        ExprKind::Record(body) => braces(body),
        ExprKind::Name(name) => name.text.to_string(),
        ExprKind::SelfRecord => "self".to_owned(),
        ExprKind::Payload(head, body) => format!("(payload {} {})", expr(head), braces(body)),
        ExprKind::Get(base, it) => format!("{}.{}", expr(base), key(it)),
        ExprKind::Call(callee, args) => {
            let args = joined(args, "", |Arg { name, value }| {
                let name = name.as_ref().map_or(String::new(), |it| format!("{}: ", it.text));
                format!(" {name}{}", expr(value))
            });
            format!("({}{args})", expr(callee))
        }
        ExprKind::Lambda(all, body) => format!("(fn [{}] {})", params(all), expr(body)),
        ExprKind::Pipe(a, b) => format!("(|> {} {})", expr(a), expr(b)),
        ExprKind::If(c, a, b) => format!("(if {} {} {})", expr(c), expr(a), expr(b)),
        ExprKind::Match(it, arms) => {
            let arms = joined(arms, ", ", |MatchArm { pattern, value, span: _ }| {
                let pattern = match pattern {
                    Pattern::Case(name, None) => case(name),
                    Pattern::Case(name, Some(binder)) => {
                        format!("{} {}", case(name), binder.text)
                    }
                    Pattern::Else(_) => "else".to_owned(),
                    Pattern::Error(_) => "<error>".to_owned(),
                };
                format!("{pattern} => {}", expr(value))
            });
            format!("(match {} {{ {arms} }})", expr(it))
        }
        ExprKind::Is(it, name) => format!("(is {} {})", expr(it), case(name)),
        ExprKind::Has(it, name) => format!("(has {} {})", expr(it), key(name)),
        ExprKind::Binary(op, _, a, b) => format!("({} {} {})", operator(*op), expr(a), expr(b)),
        ExprKind::Not(it) => format!("(not {})", expr(it)),
        ExprKind::Negate(it) => format!("(- {})", expr(it)),
        ExprKind::With(it, body) => format!("(with {} {})", expr(it), braces(body)),
        ExprKind::Nix(it) => format!("nix{}", template(it)),
        ExprKind::Unset => "unset".to_owned(),
        ExprKind::Error => "ERROR".to_owned(),
    }
}
