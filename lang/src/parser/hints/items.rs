//! Items: fields, blocks and declarations.

use crate::ast::Name;
use crate::diagnostic::{Diagnostic, closest, codes::syntax};
use crate::elsewhere::row;
use crate::lexer::{Token, TokenKind};
use crate::span::Span;

use super::{before, elsewhere, said};
use crate::parser::fault::{Expected, Fault};
use crate::parser::input::{Input, Look as _};

/// A word of the language where something gets its name: it could never be read.
pub(in crate::parser) fn word_as_name(inp: &mut Input<'_, '_>, name: &Name) {
    if TokenKind::of_word(&name.text) == TokenKind::Name {
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

/// `service: jellyfin`, `a == 1`; the mark is next.
pub(in crate::parser) fn not_equals(inp: &mut Input<'_, '_>) {
    let token = inp.token();
    let at = inp.here();
    let mark = inp.text(token);
    let space = if token.tight { " " } else { "" };
    let diagnostic =
        Diagnostic::error(syntax::EQUALS, at, format!("a field is set with `=`, not `{mark}`"))
            .fix("write `=`", at, format!("{space}="));
    // `service: jellyfin` may be meant as either.
    let index = inp.index();
    let (name, behind) = (inp.state().token(index + 1), inp.state().kind(index + 2));
    let ends = matches!(behind, TokenKind::Line | TokenKind::End);
    let word = before(inp).filter(|_| token.kind == TokenKind::Colon);
    let diagnostic = match word {
        Some(word) if name.kind == TokenKind::Name && ends => {
            let (word, name) = (inp.text(word), inp.text(name));
            diagnostic
                .help(format!("a field is `{word} = {name}`, a block `{word} {name} {{ … }}`"))
        }
        Some(_) | None => diagnostic,
    };
    inp.say(diagnostic);
}

pub(in crate::parser) fn extend_field(inp: &mut Input<'_, '_>, at: Span) {
    inp.say(
        Diagnostic::error(syntax::MARK, at, "`extend` stands before a block, not before a field")
            .help("`extend service x { … }` adds to what is there; a field is set with `=`, or changed with `override`"),
    );
}

/// `service x = {`; the `=` is next.
pub(in crate::parser) fn equals_before_block(inp: &mut Input<'_, '_>) {
    let at = inp.here();
    inp.say(
        Diagnostic::error(syntax::EQUALS, at, "between a label and its `{` stands no `=`").fix(
            "take the `=` away",
            at,
            "",
        ),
    );
}

/// Behind the path of a field or block stands neither `=` nor `{`.
pub(in crate::parser) fn after_path(inp: &mut Input<'_, '_>, first: usize) -> Fault {
    let token = inp.token();
    let at = inp.here();
    if token.kind == TokenKind::If {
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
    if let Some(fault) = elsewhere::foreign_item(inp, word) {
        return fault;
    }
    let last = inp.index().checked_sub(1).map(|index| inp.state().token(index));
    let last = last.filter(|last| last.kind == TokenKind::Name);
    if let Some(last) = last
        && (token.kind == TokenKind::ParenOpen || begins_another(token.kind))
        && let Some(row) = row("item", inp.text(last)).or_else(|| row("value", inp.text(last)))
    {
        let text = inp.text(last);
        let at = inp.state().span(last);
        let diagnostic =
            Diagnostic::error(syntax::FORM, at, format!("`{text}` begins nothing here"));
        return said(inp, diagnostic.help(row.help));
    }
    if token.kind == TokenKind::ParenOpen {
        let diagnostic = Diagnostic::error(syntax::UNEXPECTED, at, "an item is no call")
            .help("a field is `name = value`, a block `kind label { … }`; a function is called in a value: `x = f(y)`");
        return said(inp, diagnostic);
    }
    let one = inp.index() == first + 1 && word.kind == TokenKind::Name;
    if one && matches!(token.kind, TokenKind::BraceClose | TokenKind::Comma) {
        let name = inp.text(word).to_owned();
        let behind = inp.state().span(word).tail();
        let diagnostic =
            Diagnostic::error(syntax::UNEXPECTED, at, format!("`{name}` has no value here"))
                .help(format!("write `{name} = {name}` for a field that is worth what the name is"))
                .fix("say its value", behind, format!(" = {name}"));
        return said(inp, diagnostic);
    }
    if let Some(fault) = misspelt(inp, word) {
        return fault;
    }
    inp.fault(Expected::mark(TokenKind::Equals).or(Expected::mark(TokenKind::BraceOpen)))
}

/// The words that an item can begin with.
const WORDS: &[&str] =
    &["let", "fn", "schema", "enum", "import", "pub", "default", "override", "extend", "for", "if"];

/// Whether an item begins with a word of the language that is written wrong.
pub(in crate::parser) fn is_misspelt(text: &str) -> bool {
    closest(text, WORDS.iter().copied()).is_some() && !WORDS.contains(&text)
}

/// `overide service a { … }`: the word that an item begins with is nearly one of the language.
fn misspelt(inp: &mut Input<'_, '_>, word: Token) -> Option<Fault> {
    let text = inp.text(word);
    if word.kind != TokenKind::Name || !is_misspelt(text) {
        return None;
    }
    let at = inp.state().span(word);
    let diagnostic =
        Diagnostic::error(syntax::UNEXPECTED, at, format!("`{text}` begins nothing here"));
    Some(said(inp, diagnostic.suggest(text, at, WORDS.iter().copied())))
}

/// `a += 1`, `a ?= b`
fn compound(inp: &mut Input<'_, '_>, token: Token) -> Option<Fault> {
    if matches!(token.kind, TokenKind::Plus | TokenKind::Minus) && inp.kind_ahead(1) == token.kind {
        let at = inp.here();
        let diagnostic =
            Diagnostic::error(syntax::EQUALS, at, "a name has one value, which never changes")
                .help("another value has another name: `let next = x + 1`");
        return Some(said(inp, diagnostic));
    }
    let sets = matches!(
        token.kind,
        TokenKind::Plus | TokenKind::Minus | TokenKind::Question | TokenKind::OrElse
    ) && matches!(inp.kind_ahead(1), TokenKind::Equals | TokenKind::Colon)
        && (token.kind != TokenKind::Question || inp.kind_ahead(1) == TokenKind::Equals);
    if !sets {
        return None;
    }
    let at = inp.here();
    let index = inp.index() + 1;
    let behind = inp.state().token(index);
    let mark = format!("{}{}", inp.text(token), inp.text(behind));
    let diagnostic = Diagnostic::error(syntax::EQUALS, at, format!("there is no `{mark}`"))
        .help("lists never unite: say the whole list, or make the field a set or a map")
        .help("another value has another name: `let next = x + 1`; a field inside is said by itself: `a.b = 1`, or in the block: `a { … }`");
    Some(said(inp, diagnostic))
}

/// Behind `kind label` stands no `{`.
pub(in crate::parser) fn after_label(inp: &mut Input<'_, '_>, first: usize, label: Span) -> Fault {
    let word = inp.state().token(first);
    let text = inp.text(word);
    if let Some(fault) = elsewhere::foreign_item(inp, word) {
        return fault;
    }
    if inp.at(TokenKind::Colon) {
        let at = inp.here();
        let shown = inp.state().source.slice(label).to_owned();
        let diagnostic =
            Diagnostic::error(syntax::UNEXPECTED, at, "expected `{` after a label, found `:`")
                .also(label, "this stands as the label of a block")
                .help(format!("what lies inside stands in braces: `{text} {shown} {{ … }}`"));
        return said(inp, diagnostic);
    }
    if inp.at(TokenKind::Equals) {
        let at = inp.here();
        let known = ["let", "default", "override", "extend", "import", "schema", "enum", "pub"];
        let diagnostic =
            Diagnostic::error(syntax::UNEXPECTED, at, "expected `{` after a label, found `=`")
                .also(label, "this stands as the label of a block")
                .help("a field is `name = value`, a block `kind label { … }`")
                .suggest(text, inp.state().span(word), known);
        return said(inp, diagnostic);
    }
    if let Some(fault) = misspelt(inp, word) {
        return fault;
    }
    inp.fault(Expected::mark(TokenKind::BraceOpen))
}

/// Whether a token can begin what would stand behind a word: `assert true`, `print "a"`.
fn begins_another(kind: TokenKind) -> bool {
    kind.is_string_open()
        || matches!(
            kind,
            TokenKind::True | TokenKind::False | TokenKind::Number | TokenKind::ListOpen
        )
}

/// What stands where an item is wanted and begins none.
pub(in crate::parser) fn no_item(inp: &mut Input<'_, '_>) -> Fault {
    let token = inp.token();
    let at = inp.here();
    let text = inp.text(token).to_owned();
    if text.ends_with("::") {
        let diagnostic = Diagnostic::error(syntax::EQUALS, at, "a field is set with `=`")
            .help("what others shall not see is a name, `let a = 1`, and no field");
        return said(inp, diagnostic);
    }
    if let Some(fault) = elsewhere::instead_of_item(inp) {
        return fault;
    }
    let operator = token.kind.continues()
        && !matches!(token.kind, TokenKind::Comma | TokenKind::Colon)
        || token.kind == TokenKind::Dot;
    let diagnostic = if operator && token.kind != TokenKind::Equals {
        Diagnostic::error(syntax::OPERATOR, at, format!("a line cannot begin with `{text}`"))
            .help("end the line before with it; lines that begin with `|>`, `and`, `or`, `??`, `then` or `else` go on by themselves")
    } else if matches!(token.kind, TokenKind::Path | TokenKind::Number | TokenKind::File) {
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

pub(in crate::parser) fn keyword_as_name(inp: &mut Input<'_, '_>) -> Fault {
    let token = inp.token();
    if token.kind == TokenKind::Else {
        return after_item(inp);
    }
    if token.kind.continues() {
        return no_item(inp);
    }
    if matches!(token.kind, TokenKind::Default | TokenKind::Override | TokenKind::Extend) {
        let at = inp.here();
        let diagnostic = Diagnostic::error(
            syntax::MARK,
            at,
            "one of `default`, `override` and `extend` is enough",
        )
        .fix("take it away", at, "");
        return said(inp, diagnostic);
    }
    if (TokenKind::Let..=TokenKind::If).contains(&token.kind) {
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
pub(in crate::parser) fn import_path(inp: &mut Input<'_, '_>) -> Option<Fault> {
    let kind = inp.kind();
    if !matches!(kind, TokenKind::Path | TokenKind::File | TokenKind::Slash | TokenKind::StringOpen)
    {
        return None;
    }
    let at = inp.here();
    let diagnostic = Diagnostic::error(syntax::FORM, at, "the path of an import has dots and no quotes")
        .help("what `let`, `fn`, `schema` or `enum` names in `services/media.qg` is imported with `import services.media.name`");
    Some(said(inp, diagnostic))
}

/// `import ./shared.qg`, `import ./shared`; the file is next.
pub(in crate::parser) fn source_as_data(inp: &mut Input<'_, '_>) -> Option<Fault> {
    let token = inp.token();
    let path = inp.text(token);
    let file = path.rsplit('/').next().unwrap_or_default();
    if !path.ends_with(".qg") {
        // Without an ending it is no data.
        return if file.contains('.') { None } else { import_path(inp) };
    }
    let at = inp.here();
    let diagnostic =
        Diagnostic::error(syntax::FORM, at, "a source is imported by its path with dots")
            .help("`services/media.qg` is `import services.media`, from the fleet's root");
    Some(said(inp, diagnostic))
}

/// `import ./machines.json`
pub(in crate::parser) fn data_without_name(inp: &mut Input<'_, '_>, at: Span) -> Fault {
    let diagnostic = Diagnostic::error(
        syntax::FORM,
        at,
        "a file of data gets a name here, and a type",
    )
    .help(
        "write `import ./machines.json as machines: {Machine}`; without a type it is free `data`",
    );
    said(inp, diagnostic)
}

/// What follows the last point of an import, where it is no name.
pub(in crate::parser) fn import_end(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    if inp.at(TokenKind::Star) {
        let diagnostic = Diagnostic::error(syntax::FORM, at, "an import says what it imports")
            .help("name what is wanted, `import services.media.{films, series}`, or import the file as a module, `import services.media`, and write `media.films`");
        return said(inp, diagnostic);
    }
    inp.fault(Expected::NAME.or(Expected::mark(TokenKind::BraceOpen)))
}

/// `import services.media.{films} as f`
pub(in crate::parser) fn alias_of_many(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    let diagnostic = Diagnostic::error(syntax::FORM, at, "each name in braces has its own `as`")
        .help("write `import services.media.{films as f}`");
    said(inp, diagnostic)
}

/// `import services.media.{}`; the index is that of the brace.
pub(in crate::parser) fn nothing_imported(inp: &mut Input<'_, '_>, open: usize) -> Fault {
    let at = inp.since(open);
    let diagnostic = Diagnostic::error(syntax::FORM, at, "nothing is imported")
        .help("name what is wanted between the braces, or take the import out");
    said(inp, diagnostic)
}

/// An item is over, and its line goes on.
pub(in crate::parser) fn after_item(inp: &mut Input<'_, '_>) -> Fault {
    if inp.at(TokenKind::Else) {
        let at = inp.here();
        let diagnostic = Diagnostic::error(syntax::FORM, at, "this `else` belongs to no `if`")
            .help("`else` stands behind the `}` of an `if`; behind `for` there is none");
        return said(inp, diagnostic);
    }
    if ["elif", "elsif", "elseif"].iter().any(|word| inp.at_word(word)) {
        let at = inp.here();
        let diagnostic = Diagnostic::error(syntax::FORM, at, "this is written `else if` here").fix(
            "write `else if`",
            at,
            "else if",
        );
        return said(inp, diagnostic);
    }
    let token = inp.token();
    if let Some(fault) = elsewhere::foreign_item(inp, token) {
        return fault;
    }
    inp.fault(Expected::LINE_END.or(Expected::mark(TokenKind::Comma)))
}

pub(in crate::parser) fn after_pub(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    if inp.at(TokenKind::Import) {
        let diagnostic = Diagnostic::error(syntax::FORM, at, "what is imported is not passed on")
            .help("`pub` stands before `let`, `fn`, `schema` and `enum`");
        return said(inp, diagnostic);
    }
    let declarations = [TokenKind::Let, TokenKind::Fn, TokenKind::Schema, TokenKind::Enum];
    let expected =
        declarations.iter().fold(Expected::default(), |all, kind| all.or(Expected::mark(*kind)));
    inp.fault(expected)
}

pub(in crate::parser) fn fn_body(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    let diagnostic =
        Diagnostic::error(syntax::FORM, at, "the value of a function stands behind `=`")
            .help("write `fn f(a: int) -> int = a + 1`");
    said(inp, diagnostic)
}

/// `fn f(a: int): int`; the colon is next.
pub(in crate::parser) fn colon_before_result(inp: &mut Input<'_, '_>) {
    let at = inp.here();
    let space = if inp.token().tight { " " } else { "" };
    inp.say(
        Diagnostic::error(syntax::FORM, at, "the type of a function's value stands behind `->`")
            .fix("write `->`", at, format!("{space}->")),
    );
}

/// A field of a schema without `: type`.
pub(in crate::parser) fn field_without_type(inp: &mut Input<'_, '_>) -> Fault {
    let at = inp.here();
    if inp.at(TokenKind::Equals) {
        let diagnostic = Diagnostic::error(
            syntax::FORM,
            at,
            "a field of a schema says its type before its default",
        )
        .help("write `a: int = 3`, the name, its type and what holds without a word");
        return said(inp, diagnostic);
    }
    if let Some(fault) = elsewhere::marked_field(inp) {
        return fault;
    }
    inp.fault(Expected::mark(TokenKind::Colon))
}
