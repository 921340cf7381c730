//! What stands in brackets, one after another: elements of lists, arguments.

use crate::ast::{Arg, Binders, Clause, ExprKind, ListItem};
use crate::lexer::TokenKind;
use crate::span::Span;

use super::expr::{self, expr};
use super::fault::Expected;
use super::input::{Input, Look as _, Res, separates};
use super::{hints, operand};

/// Elements between brackets, separated by commas or line ends. An element with a mistake is reported
/// and replaced by what `fallback` makes of its first token, its span and the input, if anything.
pub(super) fn elements<T>(
    inp: &mut Input<'_, '_>,
    expected: Expected,
    element: impl Fn(&mut Input<'_, '_>) -> Res<T>,
    fallback: impl Fn(&mut Input<'_, '_>, usize, Span) -> Option<T>,
) -> Vec<T> {
    let open = inp.bump();
    let close = open.kind.closer().unwrap_or(TokenKind::End);
    let mut found = Vec::new();
    let mut begun = false;
    loop {
        // After a comma the line may end; a comma without an element before it is a mistake.
        let mut commas = 0;
        while separates(inp.kind()) {
            if inp.at(TokenKind::Comma) {
                commas += 1;
                if commas > 1 || !begun {
                    hints::extra_comma(inp);
                }
            }
            inp.bump();
        }
        if inp.index() >= open.mate as usize || inp.at(TokenKind::End) {
            break;
        }
        begun = true;
        let mark = inp.save();
        let first = inp.index();
        let fault = match element(inp) {
            Ok(it) if separates(inp.kind()) || inp.kind().closes() => {
                found.push(it);
                continue;
            }
            Ok(_) => hints::after_value(inp, expected.or(Expected::mark(close))),
            Err(fault) => fault,
        };
        inp.report(fault);
        let span = inp.skip_from(mark, separates);
        found.extend(fallback(inp, first, span));
    }
    inp.skip_to(open.mate as usize);
    inp.bump();
    found
}

/// `[a, for s in service if c: s.name]`
pub(super) fn list(inp: &mut Input<'_, '_>) -> Vec<ListItem> {
    elements(inp, Expected::mark(TokenKind::Comma), list_item, |inp, _, span| {
        Some(ListItem { clauses: Vec::new(), value: inp.node(ExprKind::Error, span) })
    })
}

fn list_item(inp: &mut Input<'_, '_>) -> Res<ListItem> {
    let mut clauses = Vec::new();
    loop {
        let first = inp.index();
        if inp.eat(TokenKind::For).is_some() {
            let binders = binders(inp)?;
            inp.expect(TokenKind::In)?;
            clauses.push(Clause::For(binders, expr::condition(inp)?));
        } else if inp.eat(TokenKind::If).is_some() {
            let condition = expr::condition(inp)?;
            if inp.at(TokenKind::Then) {
                // `if` and `then` are a value.
                if !clauses.is_empty() {
                    return Err(inp.fault(Expected::mark(TokenKind::Colon)));
                }
                let value = operand::if_from(inp, first, condition)?;
                return Ok(ListItem { clauses, value });
            }
            clauses.push(Clause::If(condition));
        } else {
            break;
        }
    }
    if !clauses.is_empty() && inp.eat(TokenKind::Colon).is_none() {
        return Err(hints::no_colon(inp));
    }
    Ok(ListItem { clauses, value: expr(inp)? })
}

/// `a` or `k, v`
pub(super) fn binders(inp: &mut Input<'_, '_>) -> Res<Binders> {
    let first = binder(inp)?;
    let second = match inp.eat(TokenKind::Comma) {
        Some(_) => Some(binder(inp)?),
        None => None,
    };
    Ok(Binders { first, second })
}

fn binder(inp: &mut Input<'_, '_>) -> Res<crate::ast::Name> {
    match inp.eat(TokenKind::Name) {
        Some(token) => Ok(inp.name_of(token)),
        None => {
            let fault = inp.fault(Expected::NAME);
            Err(hints::no_binder(inp).unwrap_or(fault))
        }
    }
}

/// `(x, y: 2)`
pub(super) fn args(inp: &mut Input<'_, '_>) -> Vec<Arg> {
    elements(inp, Expected::mark(TokenKind::Comma), arg, |inp, _, span| {
        Some(Arg { name: None, value: inp.node(ExprKind::Error, span) })
    })
}

fn arg(inp: &mut Input<'_, '_>) -> Res<Arg> {
    let token = inp.token();
    let mut name = None;
    if token.kind.is_word() {
        let next = inp.kind_ahead(1);
        if next == TokenKind::Equals {
            hints::equals_in_call(inp);
        }
        if matches!(next, TokenKind::Colon | TokenKind::Equals) {
            inp.bump();
            inp.bump();
            name = Some(inp.name_of(token));
        }
    }
    let expected = Expected::mark(TokenKind::Comma).or(Expected::mark(TokenKind::ParenClose));
    let value = match &name {
        Some(_) => expr::recovered(inp, separates, expected, expr),
        None => expr(inp)?,
    };
    Ok(Arg { name, value })
}
