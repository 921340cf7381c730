//! Fields and blocks: `a.b = value`, `route web { … }`, with `default`, `override` or `extend` before them.

use std::sync::Arc;

use crate::ast::{Block, Body, Expr, Field, ItemKind, Key, Mark};
use crate::lexer::TokenKind;
use crate::span::Span;

use super::expr::{expr, key, path_key, recovered};
use super::fault::Expected;
use super::input::{Input, Look as _, Res, separates};
use super::{hints, item};

/// A field or a block.
pub(super) fn setting(inp: &mut Input<'_, '_>) -> Res<ItemKind> {
    let mark = mark(inp);
    if !inp.kind().is_word() && !matches!(inp.kind(), TokenKind::StringOpen | TokenKind::BlockOpen)
    {
        return Err(hints::no_item(inp));
    }
    if inp.kind().is_keyword() {
        return Err(hints::keyword_as_name(inp));
    }
    let first = inp.index();
    let mut path = vec![key(inp)?];
    while inp.eat(TokenKind::Dot).is_some() {
        path.push(key(inp)?);
    }
    let kind = inp.kind();
    if kind == TokenKind::Equals {
        inp.bump();
        return field(inp, mark, path);
    }
    if matches!(kind, TokenKind::Colon | TokenKind::EqualEqual) {
        hints::not_equals(inp);
        inp.bump();
        return field(inp, mark, path);
    }
    if kind == TokenKind::BraceOpen
        || kind == TokenKind::Line && inp.kind_ahead(1) == TokenKind::BraceOpen
    {
        hints::open_brace(inp)?;
        return Ok(block(inp, mark, path, None, None));
    }
    if kind == TokenKind::If && matches!(mark, Some((Mark::Default, _))) {
        inp.bump();
        let condition = item::condition(inp, |kind| kind == TokenKind::BraceOpen);
        hints::open_brace(inp)?;
        return Ok(block(inp, mark, path, None, Some(condition)));
    }
    let Some(label) = label(inp)? else {
        return Err(hints::after_path(inp, first));
    };
    labelled(inp, first, mark, path, label)
}

/// Goes on behind `kind label`.
fn labelled(
    inp: &mut Input<'_, '_>,
    first: usize,
    mark: Option<(Mark, Span)>,
    path: Vec<Key>,
    label: Key,
) -> Res<ItemKind> {
    if inp.at(TokenKind::Equals) && inp.kind_ahead(1) == TokenKind::BraceOpen {
        hints::equals_before_block(inp);
        inp.bump();
    }
    if hints::open_brace(inp).is_ok() {
        return Ok(block(inp, mark, path, Some(label), None));
    }
    let fault = hints::after_label(inp, first, label.span());
    // What begins nothing here makes nothing either.
    let word = inp.state().token(first);
    let text = inp.text(word);
    if crate::elsewhere::row("item", text).is_some() || hints::is_misspelt(text) {
        return Err(fault);
    }
    // The block may still be there, behind what should not be.
    let here = inp.save();
    let found = inp.skip_from(here, |kind| separates(kind) || kind == TokenKind::BraceOpen);
    if !inp.at(TokenKind::BraceOpen) || found.start == found.end {
        return Err(fault);
    }
    inp.report(fault);
    Ok(block(inp, mark, path, Some(label), None))
}

/// `default`, `override` or `extend`.
fn mark(inp: &mut Input<'_, '_>) -> Option<(Mark, Span)> {
    let table = [
        (TokenKind::Default, Mark::Default),
        (TokenKind::Override, Mark::Override),
        (TokenKind::Extend, Mark::Extend),
    ];
    let kind = inp.kind();
    let mark = table.iter().find(|(known, _)| *known == kind).map(|(_, mark)| *mark)?;
    let span = inp.here();
    inp.bump();
    Some((mark, span))
}

fn label(inp: &mut Input<'_, '_>) -> Res<Option<Key>> {
    let kind = inp.kind();
    if kind == TokenKind::Path {
        return Ok(Some(path_key(inp)));
    }
    if kind == TokenKind::Name || matches!(kind, TokenKind::StringOpen | TokenKind::BlockOpen) {
        return key(inp).map(Some);
    }
    Ok(None)
}

fn field(inp: &mut Input<'_, '_>, mark: Option<(Mark, Span)>, path: Vec<Key>) -> Res<ItemKind> {
    if let Some((Mark::Extend, at)) = mark {
        hints::extend_field(inp, at);
    }
    let mark = mark.filter(|(mark, _)| *mark != Mark::Extend);
    Ok(ItemKind::Field(Field { mark, path, value: value(inp) }))
}

/// The value of a field or declaration, up to the end of the item.
pub(super) fn value(inp: &mut Input<'_, '_>) -> Arc<Expr> {
    let expected = Expected::LINE_END.or(Expected::mark(TokenKind::Comma));
    recovered(inp, separates, expected, expr)
}

fn block(
    inp: &mut Input<'_, '_>,
    mark: Option<(Mark, Span)>,
    path: Vec<Key>,
    label: Option<Key>,
    condition: Option<Arc<Expr>>,
) -> ItemKind {
    let body: Arc<Body> = item::body(inp);
    ItemKind::Block(Block { mark, path, label, condition, body })
}
