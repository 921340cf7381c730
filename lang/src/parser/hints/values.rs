//! Values: what stands behind them, and in place of them.

use crate::diagnostic::{Diagnostic, codes::syntax};
use crate::lexer::{Token, TokenKind};
use crate::span::Span;

use super::{before, elsewhere, said};
use crate::parser::fault::{Expected, Fault};
use crate::parser::input::{Input, Look as _, Res};

/// A value is over, and something stands behind it that cannot.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a hint for some tokens, the plain sentence for all others"
)]
pub(in crate::parser) fn after_value(inp: &mut Input<'_, '_>, expected: Expected) -> Fault {
    let token = inp.token();
    let at = inp.here();
    let text = inp.text(token).to_owned();
    let in_list = expected.has(Expected::mark(TokenKind::ListClose));
    if !matches!(token.kind, TokenKind::Path | TokenKind::ParenOpen)
        && let Some(fault) = elsewhere::two_values(inp, in_list)
    {
        return fault;
    }
    let diagnostic = match token.kind {
        TokenKind::Path => join(at, &text, token.tight),
        TokenKind::Equals => Diagnostic::error(
            syntax::EQUALS,
            at,
            "a `=` cannot stand here: `==` compares",
        )
        .fix("compare with `==`", at, "=="),
        TokenKind::Not => {
            Diagnostic::error(syntax::OPERATOR, at, "`not` stands before what it turns around")
                .help("write `not (x in xs)`, `not (a is sso)`")
        }
        TokenKind::If => Diagnostic::error(syntax::FORM, at, "a value is over, and `if` follows")
            .help("a choice is written `if c then a else b`; in a list the condition stands first: `[if c: a]`, `[for x in xs if c: x]`"),
        TokenKind::For => Diagnostic::error(syntax::FORM, at, "a value is over, and `for` follows")
            .help("in a list `for` stands first: `[for x in xs: x.name]`; a map is `{ for k, v in m { \"${k}\" = v } }`"),
        TokenKind::FatArrow => {
            Diagnostic::error(syntax::FORM, at, "before `=>` stand the names of parameters")
                .help("a function is written `x => e` or `(x, y) => e`")
        }
        TokenKind::Colon if expected.has(Expected::mark(TokenKind::BraceOpen)) => {
            return elsewhere::colon_for_brace(inp)
                .unwrap_or_else(|| Fault::new(inp.index(), expected));
        }
        TokenKind::Colon => match elsewhere::colon(inp) {
            Some(fault) => return fault,
            None => return Fault::new(inp.index(), expected),
        },
        TokenKind::BraceOpen => Diagnostic::error(
            syntax::UNEXPECTED,
            at,
            "a `{` cannot stand behind this value",
        )
        .help(
            "a copy with changes is written `a with { … }`; only a variant has a payload in braces",
        ),
        TokenKind::Question => elsewhere::question(inp),
        TokenKind::Ampersand | TokenKind::Bar => elsewhere::unification(inp),
        TokenKind::ParenOpen => {
            Diagnostic::error(syntax::CALL_SPACE, at, "only functions are called")
                .help("a call is written `f(x)`, with a comma between two arguments")
        }
        _ => return Fault::new(inp.index(), expected),
    };
    said(inp, diagnostic)
}

fn join(at: Span, text: &str, tight: bool) -> Diagnostic {
    let rest = text.trim_start_matches('/');
    let simple = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let space = if tight { " " } else { "" };
    let diagnostic = Diagnostic::error(
        syntax::SPACING,
        at,
        format!("`{text}` is a path of its own here: joining needs a space on both sides of `/`"),
    );
    if simple {
        return diagnostic
            .fix(format!("join the name: ` / {rest}`"), at, format!("{space}/ {rest}"))
            .fix(format!("join the text: ` / \"{rest}\"`"), at, format!("{space}/ \"{rest}\""));
    }
    diagnostic.fix("join the text", at, format!("{space}/ \"{rest}\""))
}

/// `-` and `/` between values have spaces around them.
pub(in crate::parser) fn spacing(inp: &mut Input<'_, '_>) -> Res<()> {
    let token = inp.token();
    if !matches!(token.kind, TokenKind::Minus | TokenKind::Slash) {
        return Ok(());
    }
    let index = inp.index() + 1;
    let next = inp.state().token(index);
    let tight_after = next.tight && next.kind != TokenKind::Line;
    if !token.tight && !tight_after {
        return Ok(());
    }
    let at = inp.here();
    let mark = inp.text(token);
    let message = if token.kind == TokenKind::Minus {
        "subtraction needs a space on both sides of `-`, which is a part of names"
    } else {
        "joining paths needs a space on both sides of `/`"
    };
    let left = if token.tight { " " } else { "" };
    let right = if tight_after { " " } else { "" };
    let diagnostic = Diagnostic::error(syntax::SPACING, at, message).fix(
        "put spaces around it",
        at,
        format!("{left}{mark}{right}"),
    );
    Err(said(inp, diagnostic))
}

/// `a < b < c`
pub(in crate::parser) fn chained(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    let diagnostic =
        Diagnostic::error(syntax::OPERATOR, at, "comparisons do not follow one another")
            .help("join two of them with `and`: `1 <= x and x <= 5`");
    said(inp, diagnostic)
}

/// A value is wanted, and none stands there.
pub(in crate::parser) fn no_value(inp: &mut Input<'_, '_>) -> Fault {
    let token = inp.token();
    let at = inp.here();
    if token.kind == TokenKind::For {
        let diagnostic = Diagnostic::error(
            syntax::FORM,
            at,
            "`for` makes items or elements, not a value",
        )
        .help(
            "a list is written `[for x in xs: x.name]`, a map `{ for k, v in m { \"${k}\" = v } }`",
        );
        return said(inp, diagnostic);
    }
    if let Some(fault) = elsewhere::instead_of_value(inp) {
        return fault;
    }
    if token.kind == TokenKind::Fn {
        let diagnostic =
            Diagnostic::error(syntax::FORM, at, "a function that is a value has no `fn`")
                .help("write `x => e` or `(x, y) => e`");
        return said(inp, diagnostic);
    }
    inp.fault(Expected::VALUE)
}

/// A call whose `(` does not touch its name.
pub(in crate::parser) fn call_space(inp: &mut Input<'_, '_>, open: Token) {
    let Some(last) = before(inp).filter(|_| !open.tight) else { return };
    let at = inp.here();
    let gap = Span::new(at.file, last.end, open.start);
    inp.say(Diagnostic::error(syntax::CALL_SPACE, at, "the `(` of a call touches its name").fix(
        "take the space away",
        gap,
        "",
    ));
}

pub(in crate::parser) fn indexing(inp: &mut Input<'_, '_>) -> Fault {
    let token = inp.token();
    let at = inp.here();
    let mate = inp.state().token(token.mate as usize);
    let whole = Span::new(at.file, at.start, mate.end);
    let base = before(inp).filter(|it| it.kind == TokenKind::Name);
    let base = base.map_or_else(|| "xs".to_owned(), |it| inp.text(it).to_owned());
    let index = inp.index() + 1;
    let inside = inp.state().token(index);
    let last = Span::new(at.file, inside.start, mate.start);
    let text = inp.state().source.slice(last).trim().to_owned();
    let diagnostic = Diagnostic::error(syntax::FORM, whole, "lists and maps are not indexed");
    let diagnostic = if inside.kind == TokenKind::StringOpen && !text.contains("${") {
        diagnostic
            .help(format!("a map is read with `.`, and may not have the key: `{base}.{text} ?? d`"))
            .fix("read it with `.`", whole, format!(".{text}"))
    } else if inside.kind == TokenKind::Star {
        diagnostic.help(format!("a field of each is a loop: `[for x in {base}: x.name]`"))
    } else {
        diagnostic
            .help(format!("the elements at the ends may be absent: `first({base}) ?? d`, `last({base}) ?? d`"))
            .help(format!("by their numbers, from 0: `[for i, x in {base} if i >= 1: x]`; a map is read with `.`: `{base}.\"a\"`"))
    };
    said(inp, diagnostic)
}

pub(in crate::parser) fn is_not(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    let diagnostic = Diagnostic::error(syntax::OPERATOR, at, "`not` cannot stand behind `is`")
        .help("write `not (a is sso)`");
    said(inp, diagnostic)
}

pub(in crate::parser) fn extra_comma(inp: &mut Input<'_, '_>) {
    let at = inp.here();
    inp.say(Diagnostic::error(syntax::UNEXPECTED, at, "nothing stands before this comma").fix(
        "take it away",
        at,
        "",
    ));
}

/// `f(y = 2)`; the name is next.
pub(in crate::parser) fn equals_in_call(inp: &mut Input<'_, '_>) {
    let index = inp.index() + 1;
    let token = inp.state().token(index);
    let at = inp.state().span(token);
    inp.say(
        Diagnostic::error(syntax::EQUALS, at, "an argument's name is followed by `:`")
            .help("write `f(x, y: 2)`")
            .fix("write `:`", at, ":"),
    );
}
