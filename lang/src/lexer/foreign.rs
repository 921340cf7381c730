//! What the lexer says about text that is no token: marks of other languages, control characters,
//! strings that do not end.

use crate::diagnostic::{Diagnostic, codes::lexical};
use crate::span::Span;

use super::literal::Problem;

pub(super) fn literal(at: Span, problem: Problem) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(problem.code, at, problem.message);
    for help in problem.help {
        diagnostic = diagnostic.help(help);
    }
    match problem.instead {
        Some(text) => diagnostic.fix(format!("write `{text}`"), at, text),
        None => diagnostic,
    }
}

pub(super) fn operator(at: Span, written: &str, word: &str) -> Diagnostic {
    let name = word.trim_end();
    Diagnostic::error(lexical::FOREIGN_MARK, at, format!("`{written}` is written `{name}` here"))
        .fix(format!("write `{name}`"), at, word)
}

/// `||`, which also gives another value elsewhere.
pub(super) fn or_else(at: Span) -> Diagnostic {
    operator(at, "||", "or").help("another value for what may be absent is `a ?? b`")
}

/// `|||`, around text of several lines.
pub(super) fn text_block(at: Span) -> Diagnostic {
    Diagnostic::error(lexical::FOREIGN_MARK, at, "there is no `|||`")
        .help("text of several lines stands between `\"\"\"` and `\"\"\"`")
}

/// `a // b`: records united in Nix, a whole division in Python. `left` and `right` are the numbers around it.
pub(super) fn double_slash(at: Span, numbers: Option<(&str, &str)>) -> Diagnostic {
    let diagnostic = Diagnostic::error(lexical::FOREIGN_MARK, at, "there is no `//`");
    match numbers {
        Some((left, right)) => {
            diagnostic.help(format!("whole numbers are divided with `div({left}, {right})`"))
        }
        None => diagnostic
            .help("a record is copied with changes: `a with { b = 2 }`; whole numbers are divided with `div(a, b)`")
            .help("a comment begins with `#`"),
    }
}

/// `rest` is what stands behind it on its line.
pub(super) fn semicolon(at: Span, rest: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(lexical::FOREIGN_MARK, at, "there is no `;`: an item ends with its line")
            .help("items on one line are separated by commas");
    if rest.trim_start().starts_with(|c| !"})]#;/".contains(c)) {
        diagnostic.fix("write a comma", at, ",")
    } else {
        diagnostic.fix("take the `;` away", at, "")
    }
}

/// How far a date without quotes goes, `2026-01-01` or with a time behind it; 0 where there is none.
pub(super) fn date_length(rest: &str) -> usize {
    let shape: String =
        rest.chars().take(10).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if shape != "0000-00-00" {
        return 0;
    }
    rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-:.+".contains(c))).unwrap_or(rest.len())
}

pub(super) fn date(at: Span, written: &str) -> Diagnostic {
    Diagnostic::error(lexical::NUMBER, at, "a date is text here: put quotes around it").fix(
        "put quotes around it",
        at,
        format!("\"{written}\""),
    )
}

pub(super) fn double_colon(at: Span) -> Diagnostic {
    Diagnostic::error(lexical::FOREIGN_MARK, at, "the parts of a path are joined by `.`, not `::`")
        .fix("write `.`", at, ".")
}

pub(super) fn comment(at: Span, mark: &str) -> Diagnostic {
    Diagnostic::error(lexical::FOREIGN_MARK, at, format!("a comment begins with `#`, not `{mark}`"))
        .help("`#` makes the rest of the line a comment; `##` describes what follows")
        .fix("write `#`", at, "#")
}

pub(super) fn quotes(at: Span, written: &str) -> Diagnostic {
    if written == "''" {
        return Diagnostic::error(
            lexical::FOREIGN_MARK,
            at,
            "there are no strings in single quotes",
        )
        .help(
            "text of several lines stands between `\"\"\"` and `\"\"\"`; an empty string is `\"\"`",
        );
    }
    let inner = written.trim_matches(['\'', '`', '“', '”', '„', '«', '»']);
    let escaped = inner.replace('\\', "\\\\").replace('"', "\\\"");
    // Between backticks `${…}` is a hole, as it is here.
    let escaped = if written.starts_with('`') { escaped } else { escaped.replace("${", "$${") };
    Diagnostic::error(lexical::FOREIGN_MARK, at, "a string stands between plain double quotes").fix(
        "write double quotes",
        at,
        format!("\"{escaped}\""),
    )
}

/// How far a URL without quotes goes.
pub(super) fn url_length(rest: &str) -> usize {
    rest.find(|c: char| c.is_whitespace() || ",)]}\"#".contains(c)).unwrap_or(rest.len())
}

pub(super) fn bare_url(at: Span, written: &str) -> Diagnostic {
    Diagnostic::error(lexical::BARE_URL, at, "a URL is a string: put quotes around it").fix(
        "put quotes around it",
        at,
        format!("\"{written}\""),
    )
}

/// Invisible characters that are taken for white space once they are reported.
pub(super) fn is_blank(written: &str) -> bool {
    written
        .chars()
        .all(|c| c.is_whitespace() || "\u{feff}\u{200b}\u{200c}\u{200d}\u{2060}".contains(c))
}

/// `before_tilde`: whether `=` or `!` touches it, as in `=~`.
pub(super) fn unknown(at: Span, written: &str, before_tilde: bool) -> Diagnostic {
    let Some(first) = written.chars().next() else {
        return Diagnostic::error(
            lexical::UNKNOWN_CHARACTER,
            at,
            "something unreadable stands here",
        );
    };
    if first == '\u{fffd}' || first.is_control() {
        return control(at, first);
    }
    if is_blank(written) {
        let code = format!("U+{:04X}", u32::from(first));
        return Diagnostic::error(
            lexical::UNKNOWN_CHARACTER,
            at,
            format!("an invisible character ({code}) stands here"),
        )
        .help("between words stand ordinary spaces")
        .fix("write a space", at, " ");
    }
    let shown: String = written.chars().take(20).collect();
    if "“”„«»".contains(first) {
        return Diagnostic::error(
            lexical::UNKNOWN_CHARACTER,
            at,
            format!("`{first}` is no quote that a string can begin with"),
        )
        .help("a string stands between `\"` and `\"`");
    }
    let diagnostic =
        Diagnostic::error(lexical::UNKNOWN_CHARACTER, at, format!("`{shown}` means nothing here"));
    match first {
        '\'' => diagnostic.help("a string stands between plain double quotes"),
        '$' => diagnostic
            .help("a hole stands in a string only, in names too: `\"${k}\" = 1`; paths are joined by ` / `")
            .help("fields of the entity around are read by their name, as `name`, others from their kind on: `fleet.domain`"),
        '~' if before_tilde => diagnostic
            .help("whether a text has a form is asked with `matches(text, \"^a\")`, or `not matches(text, \"^a\")`"),
        '%' => diagnostic
            .help("what is left over of a whole division is `rem(a, b)`")
            .help("a text has holes: `\"web-${x}\"`"),
        '@' => diagnostic
            .help("text stands between double quotes; between `\"\"\"` a backslash is itself")
            .help("nothing comes from outside: a value gets a name with `let`"),
        '~' => {
            diagnostic.help("paths are absolute (`/home/ada`) or beside this file (`./disk.nix`)")
        }
        '`' | '^' | '\\' => diagnostic.help("text stands between double quotes"),
        _ if first.is_alphabetic() => diagnostic.help(
            "names hold the letters a–z and A–Z, digits, `_` and `-`; other text stands in quotes",
        ),
        _ => diagnostic,
    }
}

pub(super) fn control(at: Span, c: char) -> Diagnostic {
    if c == '\u{fffd}' {
        return Diagnostic::error(
            lexical::ENCODING,
            at,
            "a character was lost here (U+FFFD): the text came from another encoding",
        )
        .help("save the file as UTF-8 and write the character anew");
    }
    let code = format!("U+{:04X}", u32::from(c));
    Diagnostic::error(lexical::ENCODING, at, format!("a control character ({code}) stands here"))
        .help(format!(
            "take it away; in a one-line string it can be written `\\u{{{:x}}}`",
            u32::from(c)
        ))
        .fix("take it away", at, "")
}

pub(super) fn lone_return(at: Span) -> Diagnostic {
    Diagnostic::error(lexical::ENCODING, at, "a carriage return stands alone here")
        .help("lines end in a line feed, with or without a carriage return before it")
        .fix("write a line feed", at, "\n")
}

pub(super) fn escape(at: Span, written: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(lexical::ESCAPE, at, format!("`{written}` is no escape of a string"));
    if written.starts_with("\\u") {
        return diagnostic
            .help("a character by its number is written `\\u{e4}`; it must exist and not be 0");
    }
    let diagnostic = match written {
        "\\$" => diagnostic.help("`$${` writes `${`; a `$` alone needs nothing").fix(
            "write `$`",
            at,
            "$",
        ),
        "\\'" => diagnostic.fix("write `'`", at, "'"),
        "\\(" => return diagnostic.help("a hole is written `${name}`"),
        _ => diagnostic.fix("write the backslash twice", at, format!("\\{written}")),
    };
    diagnostic.help("the escapes are `\\n`, `\\t`, `\\r`, `\\\"`, `\\\\` and `\\u{…}`; between `\"\"\"` a backslash is itself")
}

pub(super) fn open_string(at: Span) -> Diagnostic {
    Diagnostic::error(lexical::OPEN_STRING, at, "this string is not closed on its line")
        .help("text of several lines stands between `\"\"\"` and `\"\"\"`")
        .fix("close the string", at.tail(), "\"")
}

pub(super) fn open_hole(at: Span) -> Diagnostic {
    Diagnostic::error(lexical::OPEN_HOLE, at, "this `${` is not closed on its line")
        .help("`${…}` ends with `}`; to write `${` itself, write `$${`")
}

pub(super) fn open_block(at: Span) -> Diagnostic {
    Diagnostic::error(lexical::OPEN_STRING, at, "this string is never closed")
        .help("a string that begins with `\"\"\"` ends with `\"\"\"`")
}
