//! Types: `T`, `T?`, `[T]`, `set[T]`, `{T}`, `A | B`, `int where 1 <= it`, `&Port`, `(A, B) -> C`.

use chumsky::prelude::{IterParser as _, Parser as _, choice, custom};

use crate::ast::{Name, TypeExpr, TypeKind};
use crate::diagnostic::{Diagnostic, codes::syntax};
use crate::lexer::TokenKind;
use crate::stack::grow;

use super::expr;
use super::fault::{Expected, Fault};
use super::input::{Input, Look as _, Res, name, separates, tok};

/// A type; what is wrong in it is reported, and it ends before `=` or where the item ends.
pub(super) fn recovered(inp: &mut Input<'_, '_>) -> TypeExpr {
    let mark = inp.save();
    match ty(inp) {
        Ok(ty) => ty,
        Err(fault) => {
            inp.report(fault);
            let span = inp.skip_from(mark, |kind| {
                separates(kind) || matches!(kind, TokenKind::Equals | TokenKind::BraceOpen)
            });
            TypeExpr { kind: TypeKind::Error, span }
        }
    }
}

pub(super) fn ty(inp: &mut Input<'_, '_>) -> Res<TypeExpr> {
    grow(|| union(inp))
}

/// `A | B where …`
fn union(inp: &mut Input<'_, '_>) -> Res<TypeExpr> {
    let first = inp.index();
    let mut members = inp.parse(
        custom(optional).separated_by(tok(TokenKind::Bar)).at_least(1).collect::<Vec<_>>(),
    )?;
    if inp.eat(TokenKind::Bar).is_some() {
        return Err(inp.fault(Expected::TYPE));
    }
    let span = inp.since(first);
    let base = match members.pop() {
        Some(only) if members.is_empty() => only,
        last => {
            members.extend(last);
            TypeExpr { kind: TypeKind::Union(members), span }
        }
    };
    if !inp.at_word("where") {
        return Ok(base);
    }
    inp.bump();
    let condition = expr::expr(inp)?;
    let kind = TypeKind::Where(Box::new(base), condition);
    Ok(TypeExpr { kind, span: inp.since(first) })
}

/// Whether a type begins here that is more than a name: `&Port`, `[T]`, `set[T]`, `{T}`.
pub(super) fn begins(inp: &mut Input<'_, '_>) -> bool {
    matches!(inp.kind(), TokenKind::Ampersand | TokenKind::ListOpen | TokenKind::BraceOpen)
        || (inp.at_word("set") && inp.kind_ahead(1) == TokenKind::ListOpen)
}

/// `T?`
fn optional(inp: &mut Input<'_, '_>) -> Res<TypeExpr> {
    let first = inp.index();
    let base = atom(inp)?;
    if inp.at(TokenKind::OrElse) {
        let at = inp.here();
        let diagnostic = Diagnostic::error(syntax::UNEXPECTED, at, "a type is optional once: `T?`")
            .fix("write `?`", at, "?");
        return Err(Fault::said(inp.index(), diagnostic));
    }
    if inp.eat(TokenKind::Question).is_none() {
        return Ok(base);
    }
    Ok(TypeExpr { kind: TypeKind::Optional(Box::new(base)), span: inp.since(first) })
}

/// A type that is no union, and has no `?` and no `where`.
pub(super) fn atom(inp: &mut Input<'_, '_>) -> Res<TypeExpr> {
    if inp.at(TokenKind::ParenOpen) {
        return function(inp);
    }
    let first = inp.index();
    if let Some(fault) = super::hints::no_type(inp) {
        return Err(fault);
    }
    if inp.at_word("set") && inp.kind_ahead(1) == TokenKind::ListOpen {
        inp.bump();
        let list = custom(ty).delimited_by(tok(TokenKind::ListOpen), tok(TokenKind::ListClose));
        let kind = TypeKind::Set(Box::new(inp.parse(list)?));
        return Ok(TypeExpr { kind, span: inp.since(first) });
    }
    let list = custom(ty)
        .delimited_by(tok(TokenKind::ListOpen), tok(TokenKind::ListClose))
        .map(|it| TypeKind::List(Box::new(it)));
    let map = custom(ty)
        .delimited_by(tok(TokenKind::BraceOpen), tok(TokenKind::BraceClose))
        .map(|it| TypeKind::Map(Box::new(it)));
    let reference = tok(TokenKind::Ampersand).ignore_then(custom(named)).map(TypeKind::Ref);
    let plain = custom(named).map(TypeKind::Name);
    let kind = inp.parse(choice((plain, list, map, reference)).labelled(Expected::TYPE))?;
    Ok(TypeExpr { kind, span: inp.since(first) })
}

/// `Box`, or `shared.Box` where a module declares it: one name with the point in it.
pub(super) fn named(inp: &mut Input<'_, '_>) -> Res<Name> {
    let first = inp.parse(name())?;
    if inp.eat(TokenKind::Dot).is_none() {
        return Ok(first);
    }
    let behind = inp.parse(name())?;
    let text = format!("{}.{}", first.text, behind.text).into();
    Ok(Name { text, span: first.span.to(behind.span) })
}

/// `(A, B) -> C`, or `(A | B)`.
fn function(inp: &mut Input<'_, '_>) -> Res<TypeExpr> {
    let first = inp.index();
    let params = custom(ty)
        .separated_by(tok(TokenKind::Comma))
        .allow_trailing()
        .collect::<Vec<_>>()
        .delimited_by(tok(TokenKind::ParenOpen), tok(TokenKind::ParenClose));
    let mut params = inp.parse(params)?;
    if params.len() == 1
        && !inp.at(TokenKind::Arrow)
        && let Some(only) = params.pop()
    {
        return Ok(only);
    }
    inp.expect(TokenKind::Arrow)?;
    let result = ty(inp)?;
    let kind = TypeKind::Fn(params, Box::new(result));
    Ok(TypeExpr { kind, span: inp.since(first) })
}
