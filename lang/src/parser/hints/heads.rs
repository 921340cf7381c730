//! Heads, choices and arms: what stands before and between braces.

use crate::diagnostic::{Diagnostic, Fix, codes::syntax};
use crate::lexer::TokenKind;
use crate::span::Span;

use super::{elsewhere, said};
use crate::parser::expr::ExprPlace;
use crate::parser::fault::{Expected, Fault};
use crate::parser::input::{Input, Look as _, Res};

/// `if c { a } else { b }` where a value is wanted.
pub(in crate::parser) fn if_with_braces(
    inp: &mut Input<'_, '_>,
    first: usize,
    fault: Fault,
) -> Fault {
    let found = inp.state().kind(fault.at);
    let braces = found == TokenKind::BraceOpen
        || inp.state().kind(fault.at.saturating_sub(1)) == TokenKind::BraceClose;
    if fault.said.is_some() || !braces {
        return fault;
    }
    let token = inp.state().token(first);
    let at = inp.state().span(token);
    let diagnostic =
        Diagnostic::error(syntax::FORM, at, "where a value is wanted, an `if` has no braces")
            .help("write `if c then a else b`");
    Fault::said(fault.at, diagnostic)
}

pub(in crate::parser) fn no_else(inp: &mut Input<'_, '_>) -> Fault {
    let token = inp.token();
    if token.kind == TokenKind::Line || token.kind == TokenKind::End || token.kind.closes() {
        let at = inp.here();
        let diagnostic = Diagnostic::error(syntax::FORM, at.head(), "an `if` that is a value needs its `else`")
            .help("write `if c then a else b`; to say nothing otherwise, put `if c { … }` around the item");
        return said(inp, diagnostic);
    }
    inp.fault(Expected::mark(TokenKind::Else))
}

/// What stands in a `match` arm before its `=>`.
/// A wrong arrow is reported; anything else stops the arm.
pub(in crate::parser) fn arm_arrow(inp: &mut Input<'_, '_>) -> Res<()> {
    let at = inp.here();
    let kind = inp.kind();
    if matches!(kind, TokenKind::Colon | TokenKind::Equals | TokenKind::Arrow) {
        let space = if inp.token().tight { " " } else { "" };
        let diagnostic = Diagnostic::error(
            syntax::FORM,
            at,
            "between a variant and its value stands `=>`",
        )
        .fix("write `=>`", at, format!("{space}=>"));
        inp.say(diagnostic);
        return Ok(());
    }
    if kind == TokenKind::Dot || kind == TokenKind::BraceOpen {
        let diagnostic = Diagnostic::error(
            syntax::FORM,
            at,
            "an arm names a variant and, for its payload, a name",
        )
        .help("write `sso s => s.factor`");
        return Err(said(inp, diagnostic));
    }
    Err(inp.fault(Expected::mark(TokenKind::FatArrow)))
}

/// Clauses of a list without `:` behind them.
pub(in crate::parser) fn no_colon(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    let kind = inp.kind();
    if kind == TokenKind::BraceOpen {
        let diagnostic =
            Diagnostic::error(syntax::FORM, at, "in a list, `for` and `if` end with `:`")
                .help("write `[for x in xs if c: x.name]`, `[if c: a]`");
        return said(inp, diagnostic);
    }
    inp.fault(Expected::mark(TokenKind::Colon))
}

/// A record where a head would end: `for x in { … } {`.
pub(in crate::parser) fn record_in_head(inp: &mut Input<'_, '_>, place: ExprPlace) -> Res<()> {
    if place != ExprPlace::Head {
        return Ok(());
    }
    let open = inp.token();
    let index = open.mate as usize + 1;
    // What follows tells whether this is a record, or the body of a head without its value.
    let follows = inp.state().kind(index);
    if follows == TokenKind::Colon {
        let at = inp.here();
        let diagnostic =
            Diagnostic::error(syntax::HEAD, at, "a record in a head needs parentheses around it")
                .help("a map is made of another with `{ for k, v in m { \"${k}\" = v } }`");
        return Err(said(inp, diagnostic));
    }
    if !matches!(follows, TokenKind::BraceOpen | TokenKind::Dot | TokenKind::With) {
        return Err(inp.fault(Expected::VALUE));
    }
    let first = inp.index();
    in_head(inp, first, index - 1, "a record in a head needs parentheses around it");
    Ok(())
}

/// Whether `{` behind a name is its payload; in a head it ends the head, or is reported.
pub(in crate::parser) fn payload_in_head(
    inp: &mut Input<'_, '_>,
    place: ExprPlace,
    first: usize,
) -> bool {
    let open = inp.token();
    let close = open.mate as usize;
    if place == ExprPlace::Condition {
        // What follows tells whether this is a payload, or the braces of `if c { a } else { b }`.
        let follows = inp.state().kind(close + 1);
        let ends = matches!(
            follows,
            TokenKind::Else | TokenKind::Line | TokenKind::Comma | TokenKind::End
        );
        return !ends && !follows.closes();
    }
    if place == ExprPlace::Free {
        return true;
    }
    if inp.state().kind(close + 1) != TokenKind::BraceOpen {
        return false;
    }
    in_head(inp, first, close, "a payload in a head needs parentheses around it");
    true
}

/// `for x in a with { … } {`; the `with` is next.
pub(in crate::parser) fn with_in_head(inp: &mut Input<'_, '_>, first: usize, place: ExprPlace) {
    if place == ExprPlace::Head && inp.kind_ahead(1) == TokenKind::BraceOpen {
        let index = inp.index() + 1;
        let close = inp.state().token(index).mate as usize;
        in_head(inp, first, close, "a `with` in a head needs parentheses around it");
    }
}

fn in_head(inp: &mut Input<'_, '_>, first: usize, last: usize, message: &str) {
    let whole = inp.state().bytes((first..last + 1).into());
    let mut diagnostic = Diagnostic::error(syntax::HEAD, whole, message)
        .help("between `for`, `if`, `match` and its `{`, a brace would end the head");
    let edits = vec![(whole.head(), "(".to_owned()), (whole.tail(), ")".to_owned())];
    diagnostic.fixes.push(Fix { title: "put parentheses around it".to_owned(), edits });
    inp.say(diagnostic);
}

/// The line end before a `{` is next.
fn brace_on_next_line(inp: &mut Input<'_, '_>) {
    let index = inp.index() + 1;
    let brace = inp.state().token(index);
    let at = inp.state().span(brace);
    let gap = Span::new(at.file, inp.here().start, at.start);
    inp.say(
        Diagnostic::error(syntax::FORM, at, "the `{` of a block stands on the line of its kind")
            .fix("put it there", gap, " "),
    );
}

/// The `{` behind a head must be next; one on the next line is reported and taken.
pub(in crate::parser) fn open_brace(inp: &mut Input<'_, '_>) -> Res<()> {
    if inp.at(TokenKind::Line) && inp.kind_ahead(1) == TokenKind::BraceOpen {
        brace_on_next_line(inp);
        inp.bump();
    }
    if inp.at(TokenKind::BraceOpen) {
        Ok(())
    } else if let Some(fault) = elsewhere::colon_for_brace(inp) {
        Err(fault)
    } else {
        Err(inp.fault(Expected::mark(TokenKind::BraceOpen)))
    }
}

/// `if c then …` where an item is wanted.
pub(in crate::parser) fn then_in_item(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    let diagnostic =
        Diagnostic::error(syntax::FORM, at, "where an item is wanted, an `if` has braces").help(
            "write `if c { … } else { … }`; a value is chosen with `field = if c then a else b`",
        );
    said(inp, diagnostic)
}
