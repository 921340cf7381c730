//! `expect EXPR`: one thing that is to be true, asked when everything is made. It adds a function without parameters
//! to the set `expect` of the record around, so that loops and conditions say as many as they like, and schemas say
//! where expectations have a meaning.

use crate::ast::{ExprKind, Field, ItemKind, Key, ListItem};
use crate::lexer::TokenKind;

use super::block::value;
use super::input::{Input, Look as _, Res};

/// The word, which is a name everywhere else.
const WORD: &str = "expect";

/// Whether an expectation begins here: behind the word stands a value, and no body for which that is the label.
pub(super) fn begins(inp: &mut Input<'_, '_>) -> bool {
    if !inp.at_word(WORD) {
        return false;
    }
    let next = inp.index() + 1;
    let token = inp.state().token(next);
    // What may be the label of a block is one, where its braces follow.
    let behind = if matches!(token.kind, TokenKind::Name | TokenKind::Path) {
        next + 1
    } else if matches!(token.kind, TokenKind::StringOpen | TokenKind::BlockOpen) {
        token.mate as usize + 1
    } else {
        return starts_value(token.kind);
    };
    inp.state().kind(behind) != TokenKind::BraceOpen
}

fn starts_value(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Not
            | TokenKind::If
            | TokenKind::Match
            | TokenKind::Has
            | TokenKind::SelfWord
            | TokenKind::True
            | TokenKind::False
            | TokenKind::Number
            | TokenKind::File
            | TokenKind::NixOpen
            | TokenKind::NixBlockOpen
            | TokenKind::ListOpen
            | TokenKind::ParenOpen
            | TokenKind::Minus
    )
}

pub(super) fn expectation(inp: &mut Input<'_, '_>) -> Res<ItemKind> {
    let word = inp.bump();
    let path = vec![Key::Name(inp.name_of(word))];
    let asked = value(inp);
    let span = asked.span;
    let function = inp.node(ExprKind::Lambda(Vec::new(), asked), span);
    let one = ListItem { clauses: Vec::new(), value: function };
    let value = inp.node(ExprKind::List(vec![one]), span);
    Ok(ItemKind::Field(Field { mark: None, path, value }))
}
