//! Broken texts: nothing panics or hangs, and every place that is named lies in the text.

use std::collections::HashSet;

use super::{parse, parse_expr, source};
use crate::ast::{Body, Expr, Item, TypeExpr, Visit, walk_body, walk_expr, walk_item, walk_type};
use crate::diagnostic::Diagnostic;
use crate::lexer;
use crate::source::SourceFile;
use crate::span::Span;

const TEXTS: &[&str] = &[
    include_str!("samples/host.qg"),
    include_str!("samples/pod.qg"),
    include_str!("samples/service.qg"),
    include_str!("samples/schemas.qg"),
    include_str!("samples/collect.qg"),
    "a = \"\"\"\n  x ${f(\"${y}\")} $${z}\n  äöü\n  \"\"\"\nb = nix\"\"\"\n  { }\n  \"\"\"\n",
    "let a = if b then match c { x y => 1, else => [for i in j if k: l] } else m ?? n\n",
    "fn f(a: int where 1 <= it, b: {T?} | set[(A) -> B] = {}) -> &C = (x, y) => x |> y\n",
    "for a, b in c if d has e { default f.g { h = 10.0.0.0/8 } } if i { } else if j { } else { }\n",
    "import a.b as c\npub sealed schema S from x { ## ü\n x: file = ./a\n}\nenum E { a, b { c: int = -1 } }\n",
    "a = \"ä\\u{e4}\\n\" ## 你好\nb == 'x' && !y || z; // 1.2.3 http://a/b 10min 0755 fd00::1 8080/udp 1..2\n",
];

/// Pieces that break things when they are put anywhere.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "\"\"\"",
    "${",
    "$${",
    "nix\"",
    "=",
    "==",
    ":",
    ",",
    ".",
    "\n",
    "\r",
    "\r\n",
    "\\",
    "#",
    "##",
    "|>",
    "=>",
    "if ",
    "then ",
    "else ",
    "for ",
    "in ",
    "match ",
    "with ",
    "has ",
    "is ",
    "not ",
    "let ",
    "default ",
    "extend ",
    "override ",
    "schema ",
    "pub ",
    "-",
    "/",
    "/a",
    "./",
    "::",
    "1",
    "1h",
    "ü",
    "\u{feff}",
    "\u{fffd}",
    "\0",
    "'",
    "&&",
    "?",
    "??",
    "\t",
    "  ",
    "\n}\n",
    "\nservice x {\n",
    "unset",
    "self",
    "\u{1f600}",
];

/// A small generator of pseudo-random numbers (xorshift), so that every run tries the same texts.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn boundary(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

fn mutate(random: &mut Random, text: &mut String) {
    let from = random.boundary(text);
    let length = random.below(40);
    let to = (from..=(from + length).min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(from);
    match random.below(5) {
        0 => text.replace_range(from..to, ""),
        1 => text.insert_str(from, PIECES[random.below(PIECES.len())]),
        2 => {
            let piece = text.get(from..to).unwrap_or("").to_owned();
            let place = random.boundary(text);
            text.insert_str(place, &piece);
        }
        3 => text.replace_range(from..to, PIECES[random.below(PIECES.len())]),
        _ => {
            // Seldom the rest goes, as it does while somebody types.
            if random.below(8) == 0 {
                text.truncate(from);
            }
        }
    }
}

struct Spans<'s> {
    source: &'s SourceFile,
    around: Vec<Span>,
    ids: HashSet<u32>,
    limit: u32,
}

impl Spans<'_> {
    #[track_caller]
    fn check(&self, span: Span) {
        let text = &self.source.text;
        assert!(span.file == self.source.id && span.start <= span.end, "{span:?}");
        assert!(text.get(span.range()).is_some(), "{span:?} of {} in {text:?}", text.len());
    }

    #[track_caller]
    fn inside(&self, span: Span) {
        self.check(span);
        if let Some(around) = self.around.last() {
            let within = around.start <= span.start && span.end <= around.end;
            assert!(within, "{span:?} is not in {around:?}: {:?}", self.source.text);
        }
    }
}

impl<'a> Visit<'a> for Spans<'_> {
    fn visit_body(&mut self, body: &'a Body) {
        self.inside(body.span);
        self.around.push(body.span);
        walk_body(self, body);
        self.around.pop();
    }

    fn visit_item(&mut self, item: &'a Item) {
        self.inside(item.span);
        self.around.push(item.span);
        walk_item(self, item);
        self.around.pop();
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.inside(expr.span);
        assert!(self.ids.insert(expr.id.0), "a number twice: {:?}", self.source.text);
        assert!(expr.id.0 < self.limit);
        self.around.push(expr.span);
        walk_expr(self, expr);
        self.around.pop();
    }

    fn visit_type(&mut self, ty: &'a TypeExpr) {
        self.inside(ty.span);
        self.around.push(ty.span);
        walk_type(self, ty);
        self.around.pop();
    }
}

fn check_diagnostics(spans: &Spans<'_>, diagnostics: &[Diagnostic]) {
    assert!(diagnostics.len() <= 101);
    for it in diagnostics {
        spans.check(it.primary.span);
        assert!(!it.message.is_empty());
        it.others.iter().for_each(|label| spans.check(label.span));
        it.fixes.iter().flat_map(|fix| &fix.edits).for_each(|(span, _)| spans.check(*span));
    }
}

fn check(text: &str) {
    let source = source(text);
    let parsed = parse(&source);
    let mut spans = Spans {
        source: &source,
        around: Vec::new(),
        ids: HashSet::new(),
        limit: parsed.file.exprs,
    };
    spans.visit_body(&parsed.file.body);
    check_diagnostics(&spans, &parsed.diagnostics);
    parsed.comments.iter().for_each(|it| spans.check(it.span));
    assert!(parsed.file.exprs as usize <= text.len() + 1, "numbers grow with the text");

    let (expr, limit, diagnostics) = parse_expr(&source);
    let mut spans = Spans { source: &source, around: Vec::new(), ids: HashSet::new(), limit };
    expr.iter().for_each(|expr| spans.visit_expr(expr));
    check_diagnostics(&spans, &diagnostics);

    let mut end = 0;
    for token in lexer::tokens(&source) {
        spans.check(token.span);
        assert!(end <= token.span.start, "tokens follow one another: {text:?}");
        end = token.span.end;
    }
}

#[test]
fn broken_texts_are_read_to_the_end() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for round in 0..3000 {
        let mut text = TEXTS[round % TEXTS.len()].to_owned();
        for _ in 0..=random.below(6) {
            mutate(&mut random, &mut text);
        }
        check(&text);
    }
}

#[test]
fn pieces_alone_are_read_to_the_end() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..3000 {
        let text: String =
            (0..random.below(30)).map(|_| PIECES[random.below(PIECES.len())]).collect();
        check(&text);
    }
}

#[test]
fn every_beginning_of_a_text_is_read_to_the_end() {
    for text in TEXTS {
        for (at, _) in text.char_indices() {
            check(text.get(..at).expect("a boundary"));
        }
    }
}

#[test]
fn hostile_texts_are_read_in_little_time() {
    let times = 5_000;
    for piece in [
        "[",
        "{",
        "]",
        "a {\n",
        "a = (1\n",
        "\"${",
        "\"\"\"\n",
        "a.",
        "a =\n",
        "a +\n",
        ") ( } { ",
        "ü ",
        ",",
        "service a {\n",
        "a = match x {\n",
        "else ",
        "for a in ",
        "## x\n",
        "a:",
        "/*",
        "'",
        "{ a",
        "\r",
        "not ",
    ] {
        let start = std::time::Instant::now();
        assert!(super::parsed(&piece.repeat(times)).diagnostics.len() <= 101);
        assert!(start.elapsed().as_secs() < 5, "{piece:?}");
    }
}
