//! Better words for common mistakes, and their mends.

use crate::ast::Name;
use crate::diagnostic::{Diagnostic, codes::syntax};
use crate::lexer::{Kind, Token};
use crate::span::Span;

use super::expr::Place;
use super::fault::{Expected, Fault};
use super::input::{Input, Look as _, Res};

fn said(inp: &mut Input<'_, '_>, diagnostic: Diagnostic) -> Fault {
    Fault::said(inp.index(), diagnostic)
}

/// The token before the next one.
fn before(inp: &mut Input<'_, '_>) -> Option<Token> {
    let index = inp.index().checked_sub(1)?;
    Some(inp.state().token(index))
}

/// A value is over, and something stands behind it that cannot.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a hint for some tokens, the plain sentence for all others"
)]
pub(super) fn after_value(inp: &mut Input<'_, '_>, expected: Expected) -> Fault {
    let token = inp.token();
    let at = inp.here();
    let text = inp.text(token).to_owned();
    let diagnostic = match token.kind {
        Kind::Path => join(at, &text, token.tight),
        Kind::Equals => Diagnostic::error(
            syntax::EQUALS,
            at,
            "a `=` cannot stand here: `==` compares",
        )
        .fix("compare with `==`", at, "=="),
        Kind::Not => {
            Diagnostic::error(syntax::OPERATOR, at, "`not` stands before what it turns around")
                .help("write `not (x in xs)`, `not (a is sso)`")
        }
        Kind::If => Diagnostic::error(syntax::FORM, at, "a value is over, and `if` follows")
            .help("a choice is written `if c then a else b`; in a list, `[if c: a]`"),
        Kind::For => Diagnostic::error(syntax::FORM, at, "a value is over, and `for` follows")
            .help("in a list, `for` stands first: `[for x in xs: x.name]`"),
        Kind::FatArrow => {
            Diagnostic::error(syntax::FORM, at, "before `=>` stand the names of parameters")
                .help("a function is written `x => e` or `(x, y) => e`")
        }
        Kind::BraceOpen => Diagnostic::error(
            syntax::UNEXPECTED,
            at,
            "a `{` cannot stand behind this value",
        )
        .help(
            "a copy with changes is written `a with { … }`; only a variant has a payload in braces",
        ),
        Kind::Question => Diagnostic::error(syntax::UNEXPECTED, at, "`?` stands in types only")
            .help("a value that may be absent is read with `a ?? b`, or behind `has`"),
        Kind::ParenOpen => Diagnostic::error(syntax::CALL_SPACE, at, "only functions are called"),
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
pub(super) fn spacing(inp: &mut Input<'_, '_>) -> Res<()> {
    let token = inp.token();
    if !matches!(token.kind, Kind::Minus | Kind::Slash) {
        return Ok(());
    }
    let index = inp.index() + 1;
    let next = inp.state().token(index);
    let tight_after = next.tight && next.kind != Kind::Line;
    if !token.tight && !tight_after {
        return Ok(());
    }
    let at = inp.here();
    let mark = inp.text(token);
    let message = if token.kind == Kind::Minus {
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
pub(super) fn chained(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    let diagnostic =
        Diagnostic::error(syntax::OPERATOR, at, "comparisons do not follow one another")
            .help("join two of them with `and`: `1 <= x and x <= 5`");
    said(inp, diagnostic)
}

/// A value is wanted, and none stands there.
pub(super) fn no_value(inp: &mut Input<'_, '_>) -> Fault {
    let token = inp.token();
    let at = inp.here();
    if token.kind == Kind::For {
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
    inp.fault(Expected::VALUE)
}

/// A call whose `(` does not touch its name.
pub(super) fn call_space(inp: &mut Input<'_, '_>, open: Token) {
    let Some(last) = before(inp).filter(|_| !open.tight) else { return };
    let at = inp.here();
    let gap = Span::new(at.file, last.end, open.start);
    inp.say(Diagnostic::error(syntax::CALL_SPACE, at, "the `(` of a call touches its name").fix(
        "take the space away",
        gap,
        "",
    ));
}

pub(super) fn indexing(inp: &mut Input<'_, '_>) -> Fault {
    let token = inp.token();
    let at = inp.here();
    let mate = inp.state().token(token.mate as usize);
    let whole = Span::new(at.file, at.start, mate.end);
    let diagnostic = Diagnostic::error(syntax::FORM, whole, "lists and maps are not indexed").help(
        "a map is read with `.`: `env.\"TZ\"`; the first element of a list with `first(xs) ?? d`",
    );
    said(inp, diagnostic)
}

pub(super) fn is_not(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    let diagnostic = Diagnostic::error(syntax::OPERATOR, at, "`not` cannot stand behind `is`")
        .help("write `not (a is sso)`");
    said(inp, diagnostic)
}

/// `is Login.sso`
pub(super) fn variant_with_enum(inp: &mut Input<'_, '_>, name: Token) {
    let at = inp.here();
    let whole = Span::new(at.file, name.start, at.end);
    inp.say(
        Diagnostic::error(syntax::FORM, whole, "behind `is` stands the variant alone")
            .help("write `a is sso`: the value tells of which enum")
            .fix("take the enum's name away", whole, ""),
    );
}

/// `if c { a } else { b }` where a value is wanted.
pub(super) fn if_with_braces(inp: &mut Input<'_, '_>, first: usize, fault: Fault) -> Fault {
    let found = inp.state().kind(fault.at);
    let braces = found == Kind::BraceOpen
        || inp.state().kind(fault.at.saturating_sub(1)) == Kind::BraceClose;
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

pub(super) fn no_else(inp: &mut Input<'_, '_>) -> Fault {
    let token = inp.token();
    if token.kind == Kind::Line || token.kind == Kind::End || token.kind.closes() {
        let at = inp.here();
        let diagnostic = Diagnostic::error(syntax::FORM, at.head(), "an `if` that is a value needs its `else`")
            .help("write `if c then a else b`; to say nothing otherwise, put `if c { … }` around the item");
        return said(inp, diagnostic);
    }
    inp.fault(Expected::mark(Kind::Else))
}

/// What stands in a `match` arm before its `=>`.
/// A wrong arrow is reported; anything else stops the arm.
pub(super) fn arm_arrow(inp: &mut Input<'_, '_>) -> Res<()> {
    let at = inp.here();
    let kind = inp.kind();
    if matches!(kind, Kind::Colon | Kind::Equals | Kind::Arrow) {
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
    if kind == Kind::Dot || kind == Kind::BraceOpen {
        let diagnostic = Diagnostic::error(
            syntax::FORM,
            at,
            "an arm names a variant and, for its payload, a name",
        )
        .help("write `sso s => s.factor`");
        return Err(said(inp, diagnostic));
    }
    Err(inp.fault(Expected::mark(Kind::FatArrow)))
}

/// Clauses of a list without `:` behind them.
pub(super) fn no_colon(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    let kind = inp.kind();
    if kind == Kind::BraceOpen {
        let diagnostic =
            Diagnostic::error(syntax::FORM, at, "in a list, `for` and `if` end with `:`")
                .help("write `[for x in xs if c: x.name]`");
        return said(inp, diagnostic);
    }
    inp.fault(Expected::mark(Kind::Colon))
}

pub(super) fn extra_comma(inp: &mut Input<'_, '_>) {
    let at = inp.here();
    inp.say(Diagnostic::error(syntax::UNEXPECTED, at, "nothing stands before this comma").fix(
        "take it away",
        at,
        "",
    ));
}

/// A word of the language where something gets its name: it could never be read.
pub(super) fn word_as_name(inp: &mut Input<'_, '_>, name: &Name) {
    if Kind::of_word(&name.text) == Kind::Name {
        return;
    }
    let text = &name.text;
    inp.say(
        Diagnostic::error(
            syntax::UNEXPECTED,
            name.span,
            format!("`{text}` is a word of the language and cannot be a name here"),
        )
        .help("only fields may have such names"),
    );
}

/// `f(y = 2)`; the name is next.
pub(super) fn equals_in_call(inp: &mut Input<'_, '_>) {
    let index = inp.index() + 1;
    let token = inp.state().token(index);
    let at = inp.state().span(token);
    inp.say(
        Diagnostic::error(syntax::EQUALS, at, "an argument's name is followed by `:`")
            .help("write `f(x, y: 2)`")
            .fix("write `:`", at, ":"),
    );
}

/// A record where a head would end: `for x in { … } {`.
pub(super) fn record_in_head(inp: &mut Input<'_, '_>, place: Place) -> Res<()> {
    if place != Place::Head {
        return Ok(());
    }
    let open = inp.token();
    let index = open.mate as usize + 1;
    // What follows tells whether this is a record, or the body of a head without its value.
    let follows = inp.state().kind(index);
    if !matches!(follows, Kind::BraceOpen | Kind::Dot | Kind::With) {
        return Err(inp.fault(Expected::VALUE));
    }
    let first = inp.index();
    in_head(inp, first, index - 1, "a record in a head needs parentheses around it");
    Ok(())
}

/// Whether `{` behind a name is its payload; in a head it ends the head, or is reported.
pub(super) fn payload_in_head(inp: &mut Input<'_, '_>, place: Place, first: usize) -> bool {
    let open = inp.token();
    let close = open.mate as usize;
    if place == Place::Condition {
        // What follows tells whether this is a payload, or the braces of `if c { a } else { b }`.
        let follows = inp.state().kind(close + 1);
        let ends = matches!(follows, Kind::Else | Kind::Line | Kind::Comma | Kind::End);
        return !ends && !follows.closes();
    }
    if place == Place::Free {
        return true;
    }
    if inp.state().kind(close + 1) != Kind::BraceOpen {
        return false;
    }
    in_head(inp, first, close, "a payload in a head needs parentheses around it");
    true
}

/// `for x in a with { … } {`; the `with` is next.
pub(super) fn with_in_head(inp: &mut Input<'_, '_>, first: usize, place: Place) {
    if place == Place::Head && inp.kind_ahead(1) == Kind::BraceOpen {
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
    diagnostic
        .fixes
        .push(crate::diagnostic::Fix { title: "put parentheses around it".to_owned(), edits });
    inp.say(diagnostic);
}

/// `service: jellyfin`, `a == 1`; the mark is next.
pub(super) fn not_equals(inp: &mut Input<'_, '_>) {
    let token = inp.token();
    let at = inp.here();
    let mark = inp.text(token);
    let space = if token.tight { " " } else { "" };
    inp.say(
        Diagnostic::error(syntax::EQUALS, at, format!("a field is set with `=`, not `{mark}`"))
            .fix("write `=`", at, format!("{space}=")),
    );
}

pub(super) fn extend_field(inp: &mut Input<'_, '_>, at: Span) {
    inp.say(
        Diagnostic::error(syntax::MARK, at, "`extend` stands before a block, not before a field")
            .help("`extend service x { … }` adds to what is there; a field is set with `=`, or changed with `override`"),
    );
}

/// `service x = {`; the `=` is next.
pub(super) fn equals_before_block(inp: &mut Input<'_, '_>) {
    let at = inp.here();
    inp.say(
        Diagnostic::error(syntax::EQUALS, at, "between a label and its `{` stands no `=`").fix(
            "take the `=` away",
            at,
            "",
        ),
    );
}

/// The line end before a `{` is next.
pub(super) fn brace_on_next_line(inp: &mut Input<'_, '_>) {
    let index = inp.index() + 1;
    let brace = inp.state().token(index);
    let at = inp.state().span(brace);
    let gap = Span::new(at.file, inp.here().start, at.start);
    inp.say(
        Diagnostic::error(syntax::FORM, at, "the `{` of a block stands on the line of its kind")
            .fix("put it there", gap, " "),
    );
}

/// Behind the path of a field or block stands neither `=` nor `{`.
pub(super) fn after_path(inp: &mut Input<'_, '_>, first: usize) -> Fault {
    let token = inp.token();
    let at = inp.here();
    if token.kind == Kind::If {
        let diagnostic = Diagnostic::error(
            syntax::FORM,
            at,
            "only `default` blocks have a condition behind their kind",
        )
        .help("write `default host if c { … }`, or `if c { … }` around the block");
        return said(inp, diagnostic);
    }
    if let Some(operator) = compound(inp, token) {
        return operator;
    }
    let word = inp.state().token(first);
    let text = inp.text(word);
    let foreign = foreign_word(text);
    if let (Some(instead), true) = (foreign, token.kind.is_word()) {
        return foreign_declaration(inp, word, instead);
    }
    inp.fault(Expected::mark(Kind::Equals).or(Expected::mark(Kind::BraceOpen)))
}

/// `a += 1`, `a ?= b`
fn compound(inp: &mut Input<'_, '_>, token: Token) -> Option<Fault> {
    let sets = matches!(token.kind, Kind::Plus | Kind::Minus | Kind::Question | Kind::OrElse)
        && inp.kind_ahead(1) == Kind::Equals;
    if !sets {
        return None;
    }
    let at = inp.here();
    let mark = inp.text(token).to_owned();
    let diagnostic = Diagnostic::error(syntax::EQUALS, at, format!("there is no `{mark}=`"))
        .help("lists never unite: say the whole list, or make the field a set or a map");
    Some(said(inp, diagnostic))
}

/// Words that declare something in other languages.
fn foreign_word(word: &str) -> Option<&'static str> {
    let table = [
        ("const", "let"),
        ("var", "let"),
        ("val", "let"),
        ("local", "let"),
        ("function", "fn"),
        ("func", "fn"),
        ("fun", "fn"),
        ("def", "fn"),
        ("struct", "schema"),
        ("type", "schema"),
        ("class", "schema"),
        ("record", "schema"),
        ("use", "import"),
        ("include", "import"),
        ("require", "import"),
    ];
    table.iter().find(|(foreign, _)| *foreign == word).map(|(_, known)| *known)
}

fn foreign_declaration(inp: &mut Input<'_, '_>, word: Token, instead: &str) -> Fault {
    let at = inp.state().span(word);
    let text = inp.text(word).to_owned();
    let diagnostic = Diagnostic::error(
        syntax::FORM,
        at,
        format!("`{text}` is written `{instead}` here"),
    )
    .fix(format!("write `{instead}`"), at, instead);
    said(inp, diagnostic)
}

/// Behind `kind label` stands no `{`.
pub(super) fn after_label(inp: &mut Input<'_, '_>, first: usize, label: Span) -> Fault {
    let word = inp.state().token(first);
    let text = inp.text(word);
    if let Some(instead) = foreign_word(text) {
        return foreign_declaration(inp, word, instead);
    }
    if inp.at(Kind::Equals) {
        let at = inp.here();
        let known = ["let", "default", "override", "extend", "import", "schema", "enum", "pub"];
        let diagnostic =
            Diagnostic::error(syntax::UNEXPECTED, at, "expected `{` after a label, found `=`")
                .also(label, "this stands as the label of a block")
                .help("a field is `name = value`, a block `kind label { … }`")
                .suggest(text, inp.state().span(word), known);
        return said(inp, diagnostic);
    }
    inp.fault(Expected::mark(Kind::BraceOpen))
}

/// What stands where an item is wanted and begins none.
pub(super) fn no_item(inp: &mut Input<'_, '_>) -> Fault {
    let token = inp.token();
    let at = inp.here();
    let text = inp.text(token).to_owned();
    let operator = token.kind.continues() && !matches!(token.kind, Kind::Comma | Kind::Colon)
        || token.kind == Kind::Dot;
    let diagnostic = if operator && token.kind != Kind::Equals {
        Diagnostic::error(syntax::OPERATOR, at, format!("a line cannot begin with `{text}`"))
            .help("end the line before with it; lines that begin with `|>`, `and`, `or`, `??`, `then` or `else` go on by themselves")
    } else if matches!(token.kind, Kind::Path | Kind::Number | Kind::File) {
        Diagnostic::error(
            syntax::UNEXPECTED,
            at,
            format!("`{text}` cannot name a field without quotes"),
        )
        .fix("put quotes around it", at, format!("\"{text}\""))
    } else {
        return inp.fault(Expected::ITEM);
    };
    said(inp, diagnostic)
}

pub(super) fn keyword_as_name(inp: &mut Input<'_, '_>) -> Fault {
    let token = inp.token();
    if token.kind == Kind::Else {
        return after_item(inp);
    }
    if token.kind.continues() {
        return no_item(inp);
    }
    if matches!(token.kind, Kind::Default | Kind::Override | Kind::Extend) {
        let at = inp.here();
        let diagnostic = Diagnostic::error(
            syntax::MARK,
            at,
            "one of `default`, `override` and `extend` is enough",
        )
        .fix("take it away", at, "");
        return said(inp, diagnostic);
    }
    if (Kind::Let..=Kind::If).contains(&token.kind) {
        let at = inp.here();
        let text = inp.text(token).to_owned();
        let diagnostic = Diagnostic::error(
            syntax::MARK,
            at,
            format!(
                "`default`, `override` and `extend` stand before fields and blocks, not before `{text}`"
            ),
        );
        return said(inp, diagnostic);
    }
    inp.fault(Expected::ITEM)
}

/// What follows the path of an import.
pub(super) fn import_path(inp: &mut Input<'_, '_>) -> Option<Fault> {
    let kind = inp.kind();
    if !matches!(kind, Kind::Path | Kind::File | Kind::Slash | Kind::StringOpen) {
        return None;
    }
    let at = inp.here();
    let diagnostic = Diagnostic::error(syntax::FORM, at, "the path of an import has dots and no quotes")
        .help("what `let`, `fn`, `schema` or `enum` names in `services/media.qg` is imported with `import services.media.name`");
    Some(said(inp, diagnostic))
}

/// An item is over, and its line goes on.
pub(super) fn after_item(inp: &mut Input<'_, '_>) -> Fault {
    if inp.at(Kind::Else) {
        let at = inp.here();
        let diagnostic = Diagnostic::error(syntax::FORM, at, "this `else` belongs to no `if`")
            .help("`else` stands behind the `}` of an `if`; behind `for` there is none");
        return said(inp, diagnostic);
    }
    inp.fault(Expected::LINE_END.or(Expected::mark(Kind::Comma)))
}

/// A head without `{ … }`.
pub(super) fn no_body(inp: &mut Input<'_, '_>) -> Fault {
    inp.fault(Expected::mark(Kind::BraceOpen))
}

/// `if c then …` where an item is wanted.
pub(super) fn then_in_item(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    let diagnostic =
        Diagnostic::error(syntax::FORM, at, "where an item is wanted, an `if` has braces").help(
            "write `if c { … } else { … }`; a value is chosen with `field = if c then a else b`",
        );
    said(inp, diagnostic)
}

pub(super) fn after_pub(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    if inp.at(Kind::Import) {
        let diagnostic = Diagnostic::error(syntax::FORM, at, "what is imported is not passed on")
            .help("`pub` stands before `let`, `fn`, `schema` and `enum`");
        return said(inp, diagnostic);
    }
    let declarations = [Kind::Let, Kind::Fn, Kind::Schema, Kind::Enum];
    let expected =
        declarations.iter().fold(Expected::default(), |all, kind| all.or(Expected::mark(*kind)));
    inp.fault(expected)
}

pub(super) fn fn_body(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    let diagnostic =
        Diagnostic::error(syntax::FORM, at, "the value of a function stands behind `=`")
            .help("write `fn f(a: int) -> int = a + 1`");
    said(inp, diagnostic)
}

/// A field of a schema without `: type`.
pub(super) fn field_without_type(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    if inp.at(Kind::Equals) {
        let diagnostic = Diagnostic::error(
            syntax::FORM,
            at,
            "a field of a schema says its type before its default",
        )
        .help("write `name: type = default`");
        return said(inp, diagnostic);
    }
    inp.fault(Expected::mark(Kind::Colon))
}
