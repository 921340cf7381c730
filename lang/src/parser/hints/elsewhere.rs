//! Forms of other languages, and the words for them: what stands behind a value, or begins one.

use crate::diagnostic::{Diagnostic, Fix, codes::syntax};
use crate::elsewhere::row;
use crate::lexer::{Token, TokenKind};
use crate::span::Span;

use super::{before, said};
use crate::parser::fault::Fault;
use crate::parser::input::{Input, Look as _};

/// A value that is one token, which can be moved as a text.
fn is_simple(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name | TokenKind::Number | TokenKind::True | TokenKind::False | TokenKind::Path
    )
}

/// Whether a token can begin a value.
fn begins_value(kind: TokenKind) -> bool {
    is_simple(kind)
        || kind.is_string_open()
        || matches!(
            kind,
            TokenKind::ListOpen | TokenKind::BraceOpen | TokenKind::ParenOpen | TokenKind::SelfWord
        )
}

/// So many tokens are looked back at.
const BACK: usize = 64;

/// The place of the bracket that a closing one belongs to.
fn opener(inp: &mut Input<'_, '_>, close: usize) -> Option<usize> {
    let least = close.saturating_sub(BACK);
    (least..close).rev().find(|at| {
        let token = inp.state().token(*at);
        token.kind.closer().is_some() && token.mate as usize == close
    })
}

/// What the table says of a word that is used as a function.
fn function(inp: &mut Input<'_, '_>, at: usize) -> Option<&'static str> {
    let token = inp.state().token(at);
    let text = inp.text(token);
    let row = row("value", text).or_else(|| row("call", text))?;
    (token.kind == TokenKind::Name || token.kind == TokenKind::Import).then_some(row.help)
}

/// The word that a value ends with, or that is called in it: `lib.mkIf` in `lib.mkIf (c)`.
fn word_before(inp: &mut Input<'_, '_>) -> Option<&'static str> {
    let at = inp.index().checked_sub(1)?;
    if inp.state().kind(at) == TokenKind::ParenClose {
        let called = opener(inp, at)?.checked_sub(1)?;
        return function(inp, called);
    }
    function(inp, at)
}

/// The word before the parenthesis around: `map` in `map (n: n)`.
fn word_around(inp: &mut Input<'_, '_>) -> Option<&'static str> {
    let here = inp.index();
    let around = (here.saturating_sub(BACK)..here).rev().find(|at| {
        let token = inp.state().token(*at);
        token.kind == TokenKind::ParenOpen && token.mate as usize > here
    })?;
    function(inp, around.checked_sub(1)?)
}

/// A value is over, and another one begins: `f x`, `7 div 2`, `[1 2]`.
pub(super) fn two_values(inp: &mut Input<'_, '_>, in_list: bool) -> Option<Fault> {
    let token = inp.token();
    let at = inp.here();
    if token.kind == TokenKind::Name
        && let Some(function) = infix(inp.text(token))
    {
        return Some(infix_function(inp, function, at));
    }
    if !begins_value(token.kind) {
        return None;
    }
    let diagnostic =
        Diagnostic::error(syntax::UNEXPECTED, at, "a value is over, and another one follows");
    if let Some(help) = word_before(inp) {
        return Some(said(inp, diagnostic.help(help)));
    }
    let last = before(inp)?;
    if in_list && !token.tight {
        let diagnostic =
            diagnostic.help("the elements of a list are separated by commas: `[1, 2]`");
        let mut diagnostic = diagnostic;
        let edits = commas(inp);
        diagnostic.fixes.push(Fix { title: "put commas between them".to_owned(), edits });
        return Some(said(inp, diagnostic));
    }
    if last.kind == TokenKind::Name && token.tight && token.kind.is_string_open() {
        let letter = Span::new(at.file, last.start, last.end);
        let diagnostic = diagnostic
            .help("no letter stands before a string; a hole in it is written `${x}`")
            .fix("take it away", letter, "");
        return Some(said(inp, diagnostic));
    }
    if last.kind == TokenKind::Name && !token.tight && token.kind != TokenKind::BraceOpen {
        let name = inp.text(last).to_owned();
        let diagnostic = diagnostic.help(format!(
            "a function is called with parentheses: `{name}(x)`; text stands in quotes"
        ));
        return Some(said(inp, diagnostic));
    }
    None
}

/// A comma behind each value of the list around that another one follows.
fn commas(inp: &mut Input<'_, '_>) -> Vec<(Span, String)> {
    let first = inp.index().saturating_sub(1);
    let single = |inp: &mut Input<'_, '_>, at: usize| is_simple(inp.state().kind(at));
    let mut edits = Vec::new();
    for at in first..first + BACK {
        let token = inp.state().token(at);
        let behind = inp.state().span(token).tail();
        // The gap that was found, and those between values of one token.
        if at == first || single(inp, at) && single(inp, at + 1) {
            edits.push((behind, ",".to_owned()));
        }
        if inp.state().kind(at + 1).closes() || inp.state().kind(at + 1) == TokenKind::End {
            break;
        }
    }
    edits
}

/// Operators that are words elsewhere, and functions here.
fn infix(word: &str) -> Option<&'static str> {
    let table = [("div", "div"), ("quo", "div"), ("mod", "rem"), ("rem", "rem")];
    table.iter().find(|(known, _)| *known == word).map(|(_, function)| *function)
}

fn infix_function(inp: &mut Input<'_, '_>, function: &str, at: Span) -> Fault {
    let diagnostic = Diagnostic::error(
        syntax::FORM,
        at,
        format!("`{function}` is a function, and stands before what it takes"),
    );
    let index = inp.index() + 1;
    let right = inp.state().token(index);
    let left = before(inp).filter(|left| is_simple(left.kind) && is_simple(right.kind));
    let Some(left) = left else {
        return said(inp, diagnostic.help(format!("write `{function}(a, b)`")));
    };
    let call = format!("{function}({}, {})", inp.text(left), inp.text(right));
    let whole = Span::new(at.file, left.start, right.end);
    let diagnostic = diagnostic.help(format!("write `{call}`"));
    said(inp, diagnostic.fix(format!("write `{call}`"), whole, call))
}

/// `c ? a : b`, `m?.a`, `m ? a`: the `?` is next.
pub(super) fn question(inp: &mut Input<'_, '_>) -> Diagnostic {
    let at = inp.here();
    let diagnostic = Diagnostic::error(syntax::UNEXPECTED, at, "`?` stands in types only");
    let index = inp.index();
    let ahead: Vec<Token> = (1..=4).map(|n| inp.state().token(index + n)).collect();
    let start = index.checked_sub(2).map(|it| inp.state().kind(it));
    let alone = start.is_none_or(|kind| {
        matches!(
            kind,
            TokenKind::Equals
                | TokenKind::ParenOpen
                | TokenKind::ListOpen
                | TokenKind::Comma
                | TokenKind::Colon
        )
    });
    if let (Some(c), [a, colon, b, end]) = (before(inp), ahead.as_slice())
        && colon.kind == TokenKind::Colon
    {
        let over = matches!(end.kind, TokenKind::Line | TokenKind::Comma | TokenKind::End)
            || end.kind.closes();
        if alone && over && [c, *a, *b].iter().all(|it| is_simple(it.kind)) {
            let right = format!("if {} then {} else {}", inp.text(c), inp.text(*a), inp.text(*b));
            let whole = Span::new(at.file, c.start, b.end);
            return diagnostic.help(format!("a choice is written `{right}`")).fix(
                format!("write `{right}`"),
                whole,
                right,
            );
        }
    }
    diagnostic
        .help("a choice is written `if c then a else b`")
        .help("a value that may be absent is read with `a ?? b`, or behind `has`: `m has a`")
}

/// A `:` behind a value.
pub(super) fn colon(inp: &mut Input<'_, '_>) -> Option<Fault> {
    let at = inp.here();
    let last = before(inp)?;
    if last.kind == TokenKind::BraceClose {
        let diagnostic = Diagnostic::error(syntax::UNEXPECTED, at, "a `:` cannot stand behind this value")
            .help("a function is written `(a, b) => a`, one with a name `fn f(a: int, b: int) -> int = a + b`");
        return Some(said(inp, diagnostic));
    }
    let name = Some(last).filter(|it| it.kind == TokenKind::Name)?;
    let index = inp.index() + 1;
    let next = inp.state().token(index);
    let diagnostic =
        Diagnostic::error(syntax::UNEXPECTED, at, "a `:` cannot stand behind this value");
    if inp.token().tight && next.tight && is_simple(next.kind) {
        let whole = Span::new(at.file, name.start, next.end);
        let text = inp.state().source.slice(whole).to_owned();
        let diagnostic = diagnostic.help(format!("text stands in quotes: `\"{text}\"`"));
        return Some(said(inp, diagnostic.fix("put it in quotes", whole, format!("\"{text}\""))));
    }
    if let Some(help) = word_around(inp) {
        return Some(said(inp, diagnostic.help(help)));
    }
    let text = inp.text(name).to_owned();
    let diagnostic = diagnostic
        .help(format!("a function is written `{text} => {text}`, one with a name `fn f({text}: int) -> int = {text}`"))
        .help(format!("what lies inside stands in braces: `{text} {{ … }}`"));
    Some(said(inp, diagnostic))
}

/// `a & b`, `a | b`: the mark is next.
pub(super) fn unification(inp: &mut Input<'_, '_>) -> Diagnostic {
    let at = inp.here();
    if inp.at(TokenKind::Ampersand) {
        return Diagnostic::error(syntax::UNEXPECTED, at, "values are not united by `&`").help(
            "a record is copied with changes: `a with { b = 2 }`; in types `&Port` is a reference",
        );
    }
    Diagnostic::error(syntax::UNEXPECTED, at, "a value is one, without alternatives")
        .help("what holds where nothing else is said is marked: `default x = 80`; alternatives stand in types")
}

/// What begins a value elsewhere.
pub(super) fn instead_of_value(inp: &mut Input<'_, '_>) -> Option<Fault> {
    let kind = inp.kind();
    let at = inp.here();
    let next = inp.kind_ahead(1);
    let last = before(inp).map(|it| it.kind);
    let (message, help) = if kind == TokenKind::Let {
        (
            "`let` is no value",
            "a name is given on a line of its own, `let a = 1`, and read on the next",
        )
    } else if kind == TokenKind::With {
        (
            "`with` stands behind a record",
            "a copy with changes is `a with { b = 2 }`; names of Nix stand in Nix: `nix\"with pkgs; [ git ]\"`",
        )
    } else if kind == TokenKind::Less && next == TokenKind::Less {
        ("there is no `<<`", "text of several lines stands between `\"\"\"` and `\"\"\"`")
    } else if kind == TokenKind::Less {
        (
            "a value does not begin with `<`",
            "a file of the host is named `./disk.nix`, Nix stands in `nix\"<nixpkgs>\"`",
        )
    } else if kind == TokenKind::Dot {
        (
            "a value does not begin with `.`",
            "lists are joined by `a + [2]` or `[for x in a: x]`, a record is copied by `a with { b = 2 }`",
        )
    } else if matches!(kind, TokenKind::And | TokenKind::Or) && next == TokenKind::ParenOpen {
        (
            "this is no function",
            "whether all of many hold is `all(xs, test: x => x > 1)`, whether some do `any(xs, test: x => x > 1)`",
        )
    } else if kind == TokenKind::Import {
        (
            "`import` is no value",
            "other files are named at the top: `import services.media.name`; `.qg` files are found by themselves",
        )
    } else if kind == TokenKind::Plus && last == Some(TokenKind::Plus) {
        let diagnostic = Diagnostic::error(syntax::OPERATOR, at, "lists are joined by one `+`");
        let diagnostic = diagnostic.help("write `a + b`");
        return Some(said(inp, diagnostic.fix("take it away", at, "")));
    } else if kind == TokenKind::Star && last == Some(TokenKind::Star) {
        ("there are no powers", "a number is multiplied by itself with `*`: `2 * 2`")
    } else if kind == TokenKind::Star {
        (
            "a value does not begin with `*`",
            "a record is copied by `a with { b = 2 }`, lists are joined by `a + b`",
        )
    } else {
        return None;
    };
    Some(said(inp, Diagnostic::error(syntax::FORM, at, message).help(help)))
}

/// An item that begins with a word or a mark of another language.
pub(super) fn foreign_item(inp: &mut Input<'_, '_>, first: Token) -> Option<Fault> {
    let text = inp.text(first);
    let row = row("item", text)?;
    let at = inp.state().span(first);
    let message = match row.instead {
        Some(word) => format!("`{text}` is written `{word}` here"),
        None => format!("`{text}` begins nothing here"),
    };
    let diagnostic = Diagnostic::error(syntax::FORM, at, message);
    // `local f(x) = x` is a function.
    let row = match inp.at(TokenKind::ParenOpen) && row.instead.is_some() {
        true => self::row("item", "function").unwrap_or(row),
        false => row,
    };
    // Only a word alone in its place is mended by another: `const x = 1`.
    let simple = inp.at(TokenKind::Equals) && begins_value(inp.kind_ahead(1));
    let index = inp.index() + 1;
    let value = if inp.at(TokenKind::Equals) { function(inp, index) } else { None };
    let diagnostic = match value {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    };
    let diagnostic = match row.instead.filter(|_| simple) {
        Some(word) => diagnostic.help(row.help).fix(format!("write `{word}`"), at, word),
        None => diagnostic.help(row.help),
    };
    Some(said(inp, diagnostic))
}

/// What begins an item elsewhere and no item here.
pub(super) fn instead_of_item(inp: &mut Input<'_, '_>) -> Option<Fault> {
    let token = inp.token();
    let at = inp.here();
    let next = inp.kind_ahead(1);
    if let Some(fault) = foreign_item(inp, token) {
        return Some(fault);
    }
    let (message, help) = if token.kind == TokenKind::ListOpen {
        (
            "a name does not stand in brackets",
            "a computed name is a string with a hole, `\"${k}\" = 1`; many are made by a loop: `{ for k in ks { \"${k}\" = 1 } }`",
        )
    } else if token.kind == TokenKind::Dot && next == TokenKind::Dot {
        ("there is no `...`", "a record takes up another one by `a with { b = 2 }`")
    } else if token.kind == TokenKind::Star {
        ("an item does not begin with `*`", "a record takes up another one by `a with { b = 2 }`")
    } else if token.kind == TokenKind::In {
        (
            "an item does not begin with `in`",
            "a name is given on a line of its own, `let a = 1`, and read on the next",
        )
    } else if token.kind == TokenKind::Minus {
        ("an item does not begin with `-`", "a list is written in brackets: `[\"a\", \"b\"]`")
    } else if token.kind == TokenKind::Number
        && !matches!(next, TokenKind::Equals | TokenKind::Colon | TokenKind::BraceOpen)
    {
        (
            "a number names no field",
            "a list is written in brackets, `[1, 2]`; names that are no words stand in quotes: `\"1\" = 2`",
        )
    } else {
        return None;
    };
    Some(said(inp, Diagnostic::error(syntax::FORM, at, message).help(help)))
}

/// Behind the name of a field stands no `:`.
pub(super) fn marked_field(inp: &mut Input<'_, '_>) -> Option<Fault> {
    let at = inp.here();
    let name = before(inp).map(|it| inp.text(it).to_owned())?;
    let kind = inp.kind();
    let diagnostic = if kind == TokenKind::Question {
        Diagnostic::error(syntax::FORM, at, "what may be absent is said by the type")
            .help(format!("write `{name}: int?`"))
    } else if kind == TokenKind::Not {
        Diagnostic::error(syntax::FORM, at, "a field without default has to be said anyway")
            .help(format!("write `{name}: int`"))
    } else {
        return None;
    };
    Some(said(inp, diagnostic))
}

/// What stands in a schema where a field begins.
pub(in crate::parser) fn no_field(inp: &mut Input<'_, '_>) -> Option<Fault> {
    let at = inp.here();
    let kind = inp.kind();
    let (message, help) = if kind == TokenKind::Dot {
        ("a schema is never open", "fields of any name are a map: `more: {data} = {}`")
    } else if kind == TokenKind::ListOpen {
        ("a field has a name", "fields of any name are a map: `fields: {int} = {}`")
    } else {
        return None;
    };
    Some(said(inp, Diagnostic::error(syntax::FORM, at, message).help(help)))
}

/// What stands where a type begins.
pub(in crate::parser) fn no_type(inp: &mut Input<'_, '_>) -> Option<Fault> {
    let at = inp.here();
    let kind = inp.kind();
    let (message, help) = if matches!(
        kind,
        TokenKind::Less | TokenKind::LessEqual | TokenKind::Greater | TokenKind::GreaterEqual
    ) {
        ("a condition is no type", "it stands behind one: `int where 0 < it and it <= 65535`")
    } else if kind == TokenKind::Equals && inp.kind_ahead(1) == TokenKind::Wrong {
        (
            "a type is missing",
            "the form of a text is a condition: `string where matches(it, \"^a\")`",
        )
    } else if kind.is_string_open() || kind == TokenKind::Number {
        (
            "a value is no type",
            "the values that may stand here are an enum, `enum Level { low, high }`, and its name is the type",
        )
    } else if kind == TokenKind::Dot {
        ("a list has one type", "a list of numbers is `[int]`")
    } else {
        return None;
    };
    Some(said(inp, Diagnostic::error(syntax::FORM, at, message).help(help)))
}

/// `for (const x of xs)`: no name stands behind `for`.
pub(in crate::parser) fn no_binder(inp: &mut Input<'_, '_>) -> Option<Fault> {
    if !inp.at(TokenKind::ParenOpen) {
        return None;
    }
    let at = inp.here();
    let diagnostic = Diagnostic::error(syntax::FORM, at, "a loop has no parentheses")
        .help("write `for x in xs { … }`, in a list `[for x in xs: x]`");
    Some(said(inp, diagnostic))
}

/// `for x in xs:`, `if c:`, and `{ for k, v in { … } : … }`: the `:` is next.
pub(super) fn colon_for_brace(inp: &mut Input<'_, '_>) -> Option<Fault> {
    if !inp.at(TokenKind::Colon) {
        return None;
    }
    let at = inp.here();
    let diagnostic = Diagnostic::error(syntax::FORM, at, "items stand in braces, without a `:` before them")
        .help("write `for x in xs { … }`, `if c { … }`; a map is `{ for k, v in m { \"${k}\" = v } }`, a list `[for x in xs: x]`");
    Some(said(inp, diagnostic))
}

/// `${TAG:-latest}`: the hole goes on behind its value.
pub(in crate::parser) fn default_in_hole(inp: &mut Input<'_, '_>) -> Option<Fault> {
    if !inp.at(TokenKind::Colon) {
        return None;
    }
    let at = inp.here();
    let name = before(inp).map(|it| inp.text(it).to_lowercase()).unwrap_or_default();
    let diagnostic =
        Diagnostic::error(syntax::FORM, at, "a hole holds a value, and nothing of a shell")
            .help(format!(
                "a name is given its value where it is declared: `let {name} = \"latest\"`"
            ))
            .help("what may be absent is read with `${a ?? \"latest\"}`");
    Some(said(inp, diagnostic))
}
