//! Operands: literals, names, brackets, `if`, `match`; and what follows them: `.field`, calls, payloads, `with`.

use std::sync::Arc;

use crate::ast::{Body, Case, Expr, ExprKind, MatchArm, Pattern};
use crate::lexer::{TokenKind, literal};
use crate::path::normal;

use super::expr::{self, ExprPlace, arrow, expr, group, key};
use super::fault::Expected;
use super::input::{Input, Look as _, Res, separates};
use super::{collection, hints, item, template, types};

/// An operand with all that follows it, `with` included.
pub(super) fn operand(inp: &mut Input<'_, '_>, place: ExprPlace) -> Res<Arc<Expr>> {
    let first = inp.index();
    let mut base = primary(inp, place)?;
    base = postfix(inp, base, first, place)?;
    while inp.at(TokenKind::With) {
        hints::with_in_head(inp, first, place);
        inp.bump();
        let body = braces(inp)?;
        let span = inp.since(first);
        base = inp.node(ExprKind::With(base, body), span);
    }
    Ok(base)
}

fn primary(inp: &mut Input<'_, '_>, place: ExprPlace) -> Res<Arc<Expr>> {
    let first = inp.index();
    let token = inp.token();
    let at = inp.here();
    let kind = match Start::of(token.kind) {
        Start::Name => {
            inp.bump();
            ExprKind::Name(inp.name_of(token))
        }
        Start::Number => match literal::read(inp.text(token)) {
            Ok(kind) => {
                inp.bump();
                kind
            }
            // The lexer has refused it.
            Err(_) => {
                inp.bump();
                ExprKind::Error
            }
        },
        Start::Path => {
            inp.bump();
            ExprKind::Path(normal(inp.text(token)).into())
        }
        Start::File => {
            inp.bump();
            ExprKind::File(inp.text(token).into())
        }
        Start::String => {
            let nix = matches!(token.kind, TokenKind::NixOpen | TokenKind::NixBlockOpen);
            let template = template::template(inp)?;
            if nix { ExprKind::Nix(template) } else { ExprKind::Text(template) }
        }
        Start::True => {
            inp.bump();
            ExprKind::Bool(true)
        }
        Start::False => {
            inp.bump();
            ExprKind::Bool(false)
        }
        Start::SelfWord => {
            inp.bump();
            ExprKind::SelfRecord
        }
        Start::Unset => {
            inp.bump();
            ExprKind::Unset
        }
        Start::Wrong => {
            inp.bump();
            ExprKind::Error
        }
        Start::List => ExprKind::List(collection::list(inp)),
        Start::Brace => {
            hints::record_in_head(inp, place)?;
            ExprKind::Record(braces(inp)?)
        }
        Start::Paren => return group(inp),
        Start::If => return if_expr(inp),
        Start::Match => return match_expr(inp),
        Start::Nothing => return Err(hints::no_value(inp)),
    };
    let span = if inp.index() > first { inp.since(first) } else { at };
    Ok(inp.node(kind, span))
}

/// What a token begins, where a value is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Name,
    Number,
    Path,
    File,
    String,
    True,
    False,
    SelfWord,
    Unset,
    Wrong,
    List,
    Brace,
    Paren,
    If,
    Match,
    Nothing,
}

impl Start {
    fn of(kind: TokenKind) -> Start {
        if kind.is_string_open() {
            return Start::String;
        }
        [
            (TokenKind::Name, Start::Name),
            (TokenKind::Number, Start::Number),
            (TokenKind::Path, Start::Path),
            // Where a value is wanted, `/` is the root directory.
            (TokenKind::Slash, Start::Path),
            (TokenKind::File, Start::File),
            (TokenKind::True, Start::True),
            (TokenKind::False, Start::False),
            (TokenKind::SelfWord, Start::SelfWord),
            (TokenKind::Unset, Start::Unset),
            (TokenKind::Wrong, Start::Wrong),
            (TokenKind::ListOpen, Start::List),
            (TokenKind::BraceOpen, Start::Brace),
            (TokenKind::ParenOpen, Start::Paren),
            (TokenKind::If, Start::If),
            (TokenKind::Match, Start::Match),
        ]
        .into_iter()
        .find(|(known, _)| *known == kind)
        .map_or(Start::Nothing, |(_, start)| start)
    }
}

/// `.field`, `(…)` and `{ … }` behind an operand.
fn postfix(
    inp: &mut Input<'_, '_>,
    mut base: Arc<Expr>,
    first: usize,
    place: ExprPlace,
) -> Res<Arc<Expr>> {
    loop {
        let token = inp.token();
        let kind = if token.kind == TokenKind::Dot {
            inp.bump();
            ExprKind::Get(base, key(inp)?)
        } else if token.kind == TokenKind::ParenOpen && callable(&base) {
            hints::call_space(inp, token);
            ExprKind::Call(base, collection::args(inp))
        } else if token.kind == TokenKind::BraceOpen && takes_payload(&base) {
            if !hints::payload_in_head(inp, place, first) {
                return Ok(base);
            }
            ExprKind::Payload(base, braces(inp)?)
        } else if token.kind == TokenKind::ListOpen && token.tight {
            return Err(hints::indexing(inp));
        } else {
            return Ok(base);
        };
        let span = inp.since(first);
        base = inp.node(kind, span);
    }
}

/// Whether a `(` behind this is a call. Parentheses behind literals are a mistake that is reported elsewhere.
fn callable(base: &Expr) -> bool {
    matches!(base.kind, ExprKind::Name(_) | ExprKind::Get(..) | ExprKind::Call(..))
}

/// Whether this is a variant, or an enum's name and a variant.
fn takes_payload(base: &Expr) -> bool {
    // `sso`, `Login.sso`, and `shared.Login.sso` of a module.
    let mut root = base;
    for _ in 0..2 {
        let ExprKind::Get(inner, _) = &root.kind else { break };
        root = inner;
    }
    matches!(root.kind, ExprKind::Name(_))
}

/// `{ … }` as a body.
pub(super) fn braces(inp: &mut Input<'_, '_>) -> Res<Arc<Body>> {
    if !inp.at(TokenKind::BraceOpen) {
        return Err(inp.fault(Expected::mark(TokenKind::BraceOpen)));
    }
    Ok(item::body(inp))
}

/// The variant or type behind `is`. In a head a brace begins a body.
pub(super) fn case(inp: &mut Input<'_, '_>, place: ExprPlace) -> Res<Case> {
    let token = inp.token();
    if types::begins(inp) && !(place == ExprPlace::Head && inp.at(TokenKind::BraceOpen)) {
        return types::atom(inp).map(|ty| Case::Type(Box::new(ty)));
    }
    if token.kind == TokenKind::Not {
        return Err(hints::is_not(inp));
    }
    if token.kind != TokenKind::Name {
        return Err(inp.fault(Expected::VARIANT));
    }
    types::named(inp).map(Case::Name)
}

/// `if c then a else b`
fn if_expr(inp: &mut Input<'_, '_>) -> Res<Arc<Expr>> {
    let first = inp.index();
    inp.bump();
    let condition =
        expr::condition(inp).map_err(|fault| hints::if_with_braces(inp, first, fault))?;
    if_from(inp, first, condition)
}

/// Goes on behind `if c`.
pub(super) fn if_from(
    inp: &mut Input<'_, '_>,
    first: usize,
    condition: Arc<Expr>,
) -> Res<Arc<Expr>> {
    if inp.eat(TokenKind::Then).is_none() {
        let fault = inp.fault(Expected::mark(TokenKind::Then));
        return Err(hints::if_with_braces(inp, first, fault));
    }
    let then = expr(inp)?;
    if !inp.at(TokenKind::Else) {
        return Err(hints::no_else(inp));
    }
    inp.bump();
    let otherwise = arrow(inp, ExprPlace::Free)?;
    let span = inp.since(first);
    Ok(inp.node(ExprKind::If(condition, then, otherwise), span))
}

/// `match v { sso s => e, &Port p => e, else => e }`
fn match_expr(inp: &mut Input<'_, '_>) -> Res<Arc<Expr>> {
    let first = inp.index();
    inp.bump();
    let value = expr::head(inp)?;
    hints::open_brace(inp)?;
    let arms = collection::elements(
        inp,
        Expected::LINE_END.or(Expected::mark(TokenKind::Comma)),
        arm,
        |inp, _, span| {
            let value = inp.node(ExprKind::Error, span);
            Some(MatchArm { pattern: Pattern::Error(span), value, span })
        },
    );
    let span = inp.since(first);
    Ok(inp.node(ExprKind::Match(value, arms), span))
}

fn arm(inp: &mut Input<'_, '_>) -> Res<MatchArm> {
    let first = inp.index();
    let token = inp.token();
    let pattern = if token.kind == TokenKind::Else {
        inp.bump();
        Pattern::Else(inp.since(first))
    } else if token.kind == TokenKind::Name || types::begins(inp) {
        let case = if types::begins(inp) {
            Case::Type(Box::new(types::atom(inp)?))
        } else {
            Case::Name(types::named(inp)?)
        };
        let binder = inp.eat(TokenKind::Name).map(|token| inp.name_of(token));
        Pattern::Case(case, binder)
    } else {
        let fault = inp.fault(Expected::VARIANT.or(Expected::mark(TokenKind::Else)));
        return Err(fault);
    };
    if !inp.at(TokenKind::FatArrow) {
        hints::arm_arrow(inp)?;
    }
    inp.bump();
    let stop = separates;
    let expected = Expected::LINE_END.or(Expected::mark(TokenKind::Comma));
    let value = expr::recovered(inp, stop, expected, expr);
    Ok(MatchArm { pattern, value, span: inp.since(first) })
}
