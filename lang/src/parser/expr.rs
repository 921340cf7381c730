//! Expressions, from the loosest operator to the tightest.

use std::sync::Arc;

use crate::ast::{BinaryOp, Expr, ExprKind, Key, Param, Template, TemplatePart};
use crate::diagnostic::{Diagnostic, codes::syntax};
use crate::lexer::TokenKind;
use crate::path::normal;
use crate::stack::grow;

use super::fault::{Expected, Fault};
use super::input::{Input, Look as _, Res};
use super::{hints, operand, template};

/// Where an expression stands. In a head (between `for`, `if`, `match` and its `{`) a brace ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExprPlace {
    Free,
    Head,
    /// Between `if` and `then`.
    Condition,
}

pub(super) fn expr(inp: &mut Input<'_, '_>) -> Res<Arc<Expr>> {
    arrow(inp, ExprPlace::Free)
}

pub(super) fn condition(inp: &mut Input<'_, '_>) -> Res<Arc<Expr>> {
    arrow(inp, ExprPlace::Condition)
}

pub(super) fn head(inp: &mut Input<'_, '_>) -> Res<Arc<Expr>> {
    arrow(inp, ExprPlace::Head)
}

/// An expression that must end where `stop` holds (or where what is around it ends).
/// What is wrong in it is reported; then it is an error as a whole.
pub(super) fn recovered(
    inp: &mut Input<'_, '_>,
    stop: impl Fn(TokenKind) -> bool,
    expected: Expected,
    production: impl Fn(&mut Input<'_, '_>) -> Res<Arc<Expr>>,
) -> Arc<Expr> {
    let mark = inp.save();
    let fault = match production(inp) {
        Ok(expr) => {
            let kind = inp.kind();
            if kind == TokenKind::End || kind.closes() || stop(kind) {
                return expr;
            }
            hints::after_value(inp, expected)
        }
        Err(fault) => fault,
    };
    inp.report(fault);
    let span = inp.skip_from(mark, stop);
    inp.node(ExprKind::Error, span)
}

/// `x => e`, `(x, y) => e`, or what is tighter.
pub(super) fn arrow(inp: &mut Input<'_, '_>, place: ExprPlace) -> Res<Arc<Expr>> {
    grow(|| match lambda(inp, place)? {
        Some(lambda) => Ok(lambda),
        None => binary(inp, place, LOOSEST),
    })
}

/// A lambda, where one begins here; its body goes as far as it can.
fn lambda(inp: &mut Input<'_, '_>, place: ExprPlace) -> Res<Option<Arc<Expr>>> {
    let first = inp.index();
    let Some(params) = lambda_params(inp)? else { return Ok(None) };
    let body = arrow(inp, place)?;
    let span = inp.since(first);
    Ok(Some(inp.node(ExprKind::Lambda(params, body), span)))
}

/// The parameters of a lambda with its `=>`, where one begins here.
fn lambda_params(inp: &mut Input<'_, '_>) -> Res<Option<Vec<Param>>> {
    let param = |name| Param { name, ty: None, default: None };
    let token = inp.token();
    if token.kind == TokenKind::Name && inp.kind_ahead(1) == TokenKind::FatArrow {
        inp.bump();
        inp.bump();
        return Ok(Some(vec![param(inp.name_of(token))]));
    }
    let many = token.kind == TokenKind::ParenOpen
        && inp.state().kind(token.mate as usize + 1) == TokenKind::FatArrow;
    if !many {
        return Ok(None);
    }
    inp.bump();
    let mut params = Vec::new();
    while !inp.at(TokenKind::ParenClose) {
        if !inp.at(TokenKind::Name) {
            return Err(inp.fault(Expected::NAME));
        }
        let name = inp.bump();
        params.push(param(inp.name_of(name)));
        if inp.eat(TokenKind::Comma).is_none() && !inp.at(TokenKind::ParenClose) {
            let expected =
                Expected::mark(TokenKind::Comma).or(Expected::mark(TokenKind::ParenClose));
            return Err(inp.fault(expected));
        }
    }
    inp.bump();
    inp.expect(TokenKind::FatArrow)?;
    Ok(Some(params))
}

const LOOSEST: u8 = 1;
const COMPARE: u8 = 4;
const PIPE: u8 = 8;
/// Tighter than every operator between two values.
const TIGHTEST: u8 = 9;

/// What an operator between two values is, and how tight.
fn operator(kind: TokenKind) -> Option<(Operator, u8)> {
    let table = [
        (TokenKind::OrElse, BinaryOp::Else, LOOSEST),
        (TokenKind::Or, BinaryOp::Or, 2),
        (TokenKind::And, BinaryOp::And, 3),
        (TokenKind::EqualEqual, BinaryOp::Equal, COMPARE),
        (TokenKind::NotEqual, BinaryOp::NotEqual, COMPARE),
        (TokenKind::Less, BinaryOp::Less, COMPARE),
        (TokenKind::LessEqual, BinaryOp::LessEqual, COMPARE),
        (TokenKind::Greater, BinaryOp::Greater, COMPARE),
        (TokenKind::GreaterEqual, BinaryOp::GreaterEqual, COMPARE),
        (TokenKind::In, BinaryOp::In, COMPARE),
        (TokenKind::Plus, BinaryOp::Add, 5),
        (TokenKind::Minus, BinaryOp::Subtract, 5),
        (TokenKind::Star, BinaryOp::Multiply, 6),
        (TokenKind::Slash, BinaryOp::Join, 7),
    ];
    if kind == TokenKind::Is {
        return Some((Operator::Is, COMPARE));
    }
    if kind == TokenKind::Has {
        return Some((Operator::Has, COMPARE));
    }
    if kind == TokenKind::Pipe {
        return Some((Operator::Pipe, PIPE));
    }
    let row = table.iter().find(|(known, ..)| *known == kind);
    row.map(|(_, op, level)| (Operator::Binary(*op), *level))
}

#[derive(Clone, Copy)]
enum Operator {
    Binary(BinaryOp),
    Is,
    Has,
    Pipe,
}

/// Operators between two values, at least as tight as `least`.
pub(super) fn binary(inp: &mut Input<'_, '_>, place: ExprPlace, least: u8) -> Res<Arc<Expr>> {
    grow(|| {
        let first = inp.index();
        let mut left = unary(inp, place)?;
        let mut compared = false;
        while let Some((op, level)) = operator(inp.kind()).filter(|(_, level)| *level >= least) {
            hints::spacing(inp)?;
            if level == COMPARE && std::mem::replace(&mut compared, true) {
                return Err(hints::chained(inp));
            }
            let mark = inp.here();
            inp.bump();
            let kind = match op {
                Operator::Is => ExprKind::Is(left, operand::case(inp, place)?),
                Operator::Has => ExprKind::Has(left, key(inp)?),
                Operator::Pipe => ExprKind::Pipe(left, piped(inp, place)?),
                Operator::Binary(op) => {
                    // `a ?? b ?? c` is `a ?? (b ?? c)`; all others lean to the left.
                    let right_least = if op == BinaryOp::Else { level } else { level + 1 };
                    let right = binary(inp, place, right_least)?;
                    ExprKind::Binary(op, mark, left, right)
                }
            };
            let span = inp.since(first);
            left = inp.node(kind, span);
        }
        Ok(left)
    })
}

/// What stands behind `|>`: what is called, or a function without a name.
fn piped(inp: &mut Input<'_, '_>, place: ExprPlace) -> Res<Arc<Expr>> {
    match lambda(inp, place)? {
        Some(lambda) => Ok(lambda),
        None => operand::operand(inp, place),
    }
}

/// `not a`, `-a`, `has b`, or an operand.
fn unary(inp: &mut Input<'_, '_>, place: ExprPlace) -> Res<Arc<Expr>> {
    let first = inp.index();
    if inp.eat(TokenKind::Not).is_some() {
        let inner = binary(inp, place, COMPARE)?;
        let span = inp.since(first);
        return Ok(inp.node(ExprKind::Not(inner), span));
    }
    if inp.eat(TokenKind::Minus).is_some() {
        let inner = binary(inp, place, TIGHTEST)?;
        let span = inp.since(first);
        return Ok(inp.node(ExprKind::Negate(inner), span));
    }
    if inp.at(TokenKind::Has) {
        let at = inp.here();
        inp.bump();
        let base = inp.node(ExprKind::SelfRecord, at.head());
        let key = key(inp)?;
        let span = inp.since(first);
        return Ok(inp.node(ExprKind::Has(base, key), span));
    }
    operand::operand(inp, place)
}

/// A step of a path: a word, or a string.
pub(super) fn key(inp: &mut Input<'_, '_>) -> Res<Key> {
    let token = inp.token();
    if token.kind.is_word() {
        inp.bump();
        return Ok(Key::Name(inp.name_of(token)));
    }
    if matches!(token.kind, TokenKind::StringOpen | TokenKind::BlockOpen) {
        return template::template(inp).map(Key::Text);
    }
    Err(inp.fault(Expected::KEY))
}

/// A path literal as a text.
pub(super) fn path_key(inp: &mut Input<'_, '_>) -> Key {
    let token = inp.bump();
    let text = normal(inp.text(token)).into();
    let span = inp.state().span(token);
    Key::Text(Template { parts: vec![TemplatePart::Text(text, span)], span })
}

/// `(…)`
pub(super) fn group(inp: &mut Input<'_, '_>) -> Res<Arc<Expr>> {
    let open = inp.bump();
    if inp.at(TokenKind::ParenClose) {
        return Err(inp.fault(Expected::VALUE));
    }
    let expected = Expected::mark(TokenKind::ParenClose);
    let comma = |kind| kind == TokenKind::Comma;
    let inner = recovered(
        inp,
        |_| false,
        expected,
        |inp| {
            let inner = expr(inp)?;
            if comma(inp.kind()) {
                let at = inp.here();
                let diagnostic = Diagnostic::error(
                    syntax::UNEXPECTED,
                    at,
                    "one value stands between parentheses",
                )
                .help("a list is written `[a, b]`; parameters of a function are followed by `=>`");
                return Err(Fault::said(inp.index(), diagnostic));
            }
            Ok(inner)
        },
    );
    inp.skip_to(open.mate as usize);
    inp.bump();
    Ok(inner)
}
