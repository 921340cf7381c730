//! Bodies and items: what stands in braces, and in a file.

use std::sync::Arc;

use crate::ast::{Body, Expr, ForItem, IfItem, Item, ItemKind};
use crate::lexer::TokenKind;
use crate::stack::grow;

use super::expr::{self, recovered};
use super::fault::Expected;
use super::input::{Input, Look as _, Res, separates};
use super::{block, collection, declaration, expectation, hints};

/// Items until the end of the file or a closing bracket. Never fails: each mistake stays in its item.
pub(super) fn items(inp: &mut Input<'_, '_>) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    loop {
        let mut commas = 0;
        while separates(inp.kind()) {
            if inp.at(TokenKind::Comma) {
                commas += 1;
                if commas > 1 || found.is_empty() {
                    hints::extra_comma(inp);
                }
            }
            inp.bump();
        }
        let kind = inp.kind();
        if kind == TokenKind::End || kind.closes() {
            return found;
        }
        found.push(item(inp));
    }
}

/// `{ … }`; the opening brace is next.
pub(super) fn body(inp: &mut Input<'_, '_>) -> Arc<Body> {
    grow(|| {
        let first = inp.index();
        let open = inp.bump();
        let items = items(inp);
        inp.skip_to(open.mate as usize);
        inp.bump();
        Arc::new(Body { items, span: inp.since(first) })
    })
}

fn item(inp: &mut Input<'_, '_>) -> Item {
    let first = inp.index();
    let token = inp.token();
    let doc = inp.state().doc(token);
    let mark = inp.save();
    let (kind, span) = match production(inp, token.kind) {
        Ok(kind) => {
            let span = inp.since(first);
            if !separates(inp.kind()) && !inp.kind().closes() && !inp.at(TokenKind::End) {
                let fault = hints::after_item(inp);
                inp.report(fault);
                let mark = inp.save();
                inp.skip_from(mark, separates);
            }
            (kind, span)
        }
        Err(fault) => {
            inp.report(fault);
            let span = inp.skip_from(mark, separates);
            if inp.index() == first {
                // Always forward, whatever stands there.
                inp.bump();
            }
            (ItemKind::Error, span)
        }
    };
    Item { kind, span, doc }
}

fn production(inp: &mut Input<'_, '_>, kind: TokenKind) -> Res<ItemKind> {
    match Start::of(kind) {
        Start::For => for_item(inp),
        Start::If => if_item(inp),
        Start::Declaration => declaration::declaration(inp),
        Start::Setting if declaration::begins(inp) => declaration::declaration(inp),
        Start::Setting if expectation::begins(inp) => expectation::expectation(inp),
        Start::Setting => block::setting(inp),
    }
}

/// What a token begins, where an item is wanted.
enum Start {
    For,
    If,
    Declaration,
    /// A field or a block, or what is none.
    Setting,
}

impl Start {
    fn of(kind: TokenKind) -> Start {
        if kind == TokenKind::For {
            Start::For
        } else if kind == TokenKind::If {
            Start::If
        } else if (TokenKind::Let..=TokenKind::Pub).contains(&kind) {
            Start::Declaration
        } else {
            Start::Setting
        }
    }
}

/// `for k, v in e if c { … }`; `for a in b for c in d { … }` is one in the other.
fn for_item(inp: &mut Input<'_, '_>) -> Res<ItemKind> {
    grow(|| for_from(inp))
}

fn for_from(inp: &mut Input<'_, '_>) -> Res<ItemKind> {
    inp.bump();
    let binders = collection::binders(inp)?;
    inp.expect(TokenKind::In)?;
    let iter = condition(inp, |kind| {
        matches!(kind, TokenKind::BraceOpen | TokenKind::If | TokenKind::For)
    });
    let condition = inp
        .eat(TokenKind::If)
        .map(|_| condition(inp, |kind| matches!(kind, TokenKind::BraceOpen | TokenKind::For)));
    if inp.at(TokenKind::For) {
        let first = inp.index();
        let kind = for_item(inp)?;
        let body = alone(inp, first, kind);
        return Ok(ItemKind::For(ForItem { binders, iter, condition, body }));
    }
    hints::open_brace(inp)?;
    let body = body(inp);
    Ok(ItemKind::For(ForItem { binders, iter, condition, body }))
}

/// A body without braces, of one item.
fn alone(inp: &mut Input<'_, '_>, first: usize, kind: ItemKind) -> Arc<Body> {
    let span = inp.since(first);
    Arc::new(Body { items: vec![Item { kind, span, doc: None }], span })
}

/// An expression before a `{`; what is wrong in it stays in it.
pub(super) fn condition(inp: &mut Input<'_, '_>, stop: impl Fn(TokenKind) -> bool) -> Arc<Expr> {
    let stop = |kind| stop(kind) || kind == TokenKind::Line;
    recovered(inp, stop, Expected::mark(TokenKind::BraceOpen), expr::head)
}

/// `if c { … } else if d { … } else { … }`
fn if_item(inp: &mut Input<'_, '_>) -> Res<ItemKind> {
    grow(|| {
        inp.bump();
        let condition =
            condition(inp, |kind| matches!(kind, TokenKind::BraceOpen | TokenKind::Then));
        if inp.at(TokenKind::Then) {
            return Err(hints::then_in_item(inp));
        }
        hints::open_brace(inp)?;
        let then = body(inp);
        let otherwise = if inp.eat(TokenKind::Else).is_none() {
            None
        } else if inp.at(TokenKind::If) {
            let first = inp.index();
            let kind = if_item(inp)?;
            Some(alone(inp, first, kind))
        } else {
            hints::open_brace(inp)?;
            Some(body(inp))
        };
        Ok(ItemKind::If(IfItem { condition, then, otherwise }))
    })
}
