//! Patterns that open paths without login. People write them over the path; Authelia (4.39) matches its `resources`
//! over the path and the query behind it, without anchors: `/secret?x=/api/health` would be open by `/api/health`.

use std::ops::Range;

use regex_syntax::ast::{self, AssertionKind, Ast, ClassSet, ClassSetItem, Flag, GroupKind};
use regex_syntax::hir::{Class, HirKind};

/// What stands where a path ends: its query, or nothing.
const END: &str = "(?:\\?|$)";

/// The pattern over path and query that means what a pattern over the path alone does. One that has a `?` in it
/// speaks of the query itself, and only has to begin in the path.
///
/// # Errors
/// Why there is none.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "an alternation binds less than what is written before it"
)]
pub fn on_path(pattern: &str) -> Result<String, String> {
    let parsed = ast::parse::Parser::new().parse(pattern).map_err(|it| it.kind().to_string())?;
    let edits = ast::visit(&parsed, Confine { pattern, edits: Vec::new(), asks: false })?;
    let mut body = String::new();
    let mut from = 0;
    for (range, text) in edits {
        body.push_str(pattern.get(from..range.start).unwrap_or_default());
        body.push_str(&text);
        from = range.end;
    }
    body.push_str(pattern.get(from..).unwrap_or_default());
    Ok(match &parsed {
        parsed if is_anchored(parsed) => body,
        Ast::Alternation(_) => format!("^[^?]*(?:{body})"),
        _ => format!("^[^?]*{body}"),
    })
}

/// Whether a pattern matches only where the path begins.
#[expect(clippy::wildcard_enum_match_arm, reason = "an assertion alone can be an anchor")]
fn is_anchored(ast: &Ast) -> bool {
    match ast {
        Ast::Assertion(it) => {
            it.kind == AssertionKind::StartLine || it.kind == AssertionKind::StartText
        }
        Ast::Concat(all) => {
            all.asts.iter().find(|it| !matches!(it, Ast::Flags(_))).is_some_and(is_anchored)
        }
        _ => false,
    }
}

/// Collects what has to be written otherwise so that nothing reaches into the query.
struct Confine<'p> {
    pattern: &'p str,
    /// In their order.
    edits: Vec<(Range<usize>, String)>,
    /// Whether it has a `?` that stands for itself.
    asks: bool,
}

impl Confine<'_> {
    fn text(&self, span: &ast::Span) -> &str {
        self.pattern.get(span.start.offset..span.end.offset).unwrap_or_default()
    }

    fn put(&mut self, span: &ast::Span, text: String) {
        self.edits.push((span.start.offset..span.end.offset, text));
    }

    /// A class in other words, where it holds a `?` that it does not name.
    fn class(&mut self, span: &ast::Span, without: Option<String>) -> Result<(), String> {
        let text = self.text(span).to_owned();
        if !holds_question_mark(&text) {
            return Ok(());
        }
        let Some(without) = without else {
            return Err(format!("`{text}` also takes the `?` with which a query begins"));
        };
        self.put(span, without);
        Ok(())
    }
}

impl ast::Visitor for Confine<'_> {
    type Output = Vec<(Range<usize>, String)>;
    type Err = String;

    fn finish(mut self) -> Result<Self::Output, String> {
        if self.asks {
            self.edits.clear();
        }
        Ok(self.edits)
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the others match the same characters in a path"
    )]
    fn visit_pre(&mut self, ast: &Ast) -> Result<(), String> {
        match ast {
            // Line breaks are characters of a path like others.
            Ast::Dot(span) => self.put(span, "[^?]".to_owned()),
            Ast::Assertion(it)
                if it.kind == AssertionKind::EndLine || it.kind == AssertionKind::EndText =>
            {
                self.put(&it.span, END.to_owned());
            }
            Ast::Literal(it) => self.asks |= it.c == '?',
            Ast::ClassPerl(it) => {
                let text = self.text(&it.span).to_lowercase();
                self.class(&it.span, it.negated.then(|| format!("[^{text}?]")))?;
            }
            Ast::ClassUnicode(it) => {
                let positive = self.text(&it.span).replacen("\\P", "\\p", 1);
                let plain = it.negated && !positive.contains('^');
                self.class(&it.span, plain.then(|| format!("[^{positive}?]")))?;
            }
            Ast::ClassBracketed(it) => {
                let named = names_question_mark(&it.kind);
                self.asks |= named && !it.negated;
                if !named {
                    let without = it.negated.then(|| negated(self.text(&it.span))).flatten();
                    self.class(&it.span, without)?;
                }
            }
            Ast::Flags(flags) => no_lines(&flags.flags)?,
            Ast::Group(group) => {
                if let GroupKind::NonCapturing(flags) = &group.kind {
                    no_lines(flags)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// With `m` an address with a line break in it would begin, and end, several times.
fn no_lines(flags: &ast::Flags) -> Result<(), String> {
    match flags.flag_state(Flag::MultiLine) {
        Some(true) => Err("with `m` a line break in an address counts as its beginning".to_owned()),
        Some(false) | None => Ok(()),
    }
}

fn names_question_mark(set: &ClassSet) -> bool {
    let is = |item: &ClassSetItem| matches!(item, ClassSetItem::Literal(it) if it.c == '?');
    match set {
        ClassSet::Item(ClassSetItem::Union(union)) => union.items.iter().any(is),
        ClassSet::Item(item) => is(item),
        ClassSet::BinaryOp(_) => false,
    }
}

/// `[^?/]` of `[^/]`.
fn negated(class: &str) -> Option<String> {
    let inside = class.strip_prefix("[^")?;
    // There they would mean something else.
    (!inside.starts_with([']', '-'])).then(|| format!("[^?{inside}"))
}

fn holds_question_mark(class: &str) -> bool {
    match regex_syntax::parse(class).map(|hir| hir.into_kind()) {
        Ok(HirKind::Class(Class::Unicode(class))) => {
            class.ranges().iter().any(|range| range.start() <= '?' && '?' <= range.end())
        }
        Ok(HirKind::Class(Class::Bytes(class))) => {
            class.ranges().iter().any(|range| range.start() <= b'?' && b'?' <= range.end())
        }
        Ok(HirKind::Literal(literal)) => literal.0.contains(&b'?'),
        Ok(_) | Err(_) => true,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_the_path_is_matched() {
        for (pattern, written) in [
            ("^/api/", "^/api/"),
            ("^/api/health$", "^/api/health(?:\\?|$)"),
            ("/api/health", "^[^?]*/api/health"),
            ("\\.png$", "^[^?]*\\.png(?:\\?|$)"),
            ("^/a|/b$", "^[^?]*(?:^/a|/b(?:\\?|$))"),
            ("^/.*/open$", "^/[^?]*/open(?:\\?|$)"),
            ("^/[^/]+/x", "^/[^?/]+/x"),
            ("(?i)^/\\S+\\PL", "(?i)^/[^\\s?]+[^\\pL?]"),
            ("^/[a-z]\\d", "^/[a-z]\\d"),
            // Of the query on purpose.
            ("^/x([/?]|$)", "^/x([/?]|$)"),
            ("/x\\?open=.*", "^[^?]*/x\\?open=.*"),
        ] {
            assert_eq!(on_path(pattern).unwrap(), written, "{pattern}");
        }
        for bad in ["^/[!-~]+$", "^/\\pP", "(?m)^/a$", "(?m:^/a)", "("] {
            assert!(on_path(bad).is_err(), "{bad}");
        }
    }

    /// What a pattern says of a path, it says of the path with any query, and of no query.
    #[test]
    fn no_query_changes_what_is_open() {
        let paths = ["/", "/a", "/a/b", "/open", "/a/open", "/x.png", "/a\n/open", "/secret"];
        let queries = ["", "?", "?/open", "?x=/open", "?a.png", "?/a\n/open", "?x\n^/open"];
        for pattern in [
            "^/open$",
            "/open$",
            "open",
            "\\.png$",
            "^/.*/open$",
            "^/a|/open$",
            "^/[^a]+$",
            "\\Sn$",
            "^/.*$",
            "^/[a-z]+$",
            "a\\b",
            "^$",
        ] {
            // As it is meant: line breaks are characters.
            let meant = regex::Regex::new(&format!("(?s){pattern}")).unwrap();
            let written = regex::Regex::new(&on_path(pattern).unwrap()).unwrap();
            for path in paths {
                for query in queries {
                    let both = format!("{path}{query}");
                    assert_eq!(written.is_match(&both), meant.is_match(path), "{pattern} {both:?}");
                }
            }
        }
    }
}
