//! Places of all kinds of texts, as people see them: against the short format, and by the columns of a terminal.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::source::SourceMap;
use qg_lang::span::{FileId, Span};
use unicode_width::UnicodeWidthChar;

use super::tests::{CODE, text};
use super::{Format, Place};
use crate::names::Names;

/// Tabs, letters of two columns, marks of none, emoji of several characters, line ends of Windows, a byte order
/// mark, a last line without an end, nothing at all.
const TEXTS: &[&str] = &[
    "a = 1\n\tb = \"\tx\"\t# y\n",
    "# 日本語 ｗ\n全角 = \"　\"\n",
    "# e\u{301}a\u{308}\u{301}\n\u{301}e\u{301} = हिन्दी\n",
    "# 👩‍👩‍👧 ❤\u{fe0f}\n👍🏽 = 1\n",
    "a = 1\r\nb = \"\r\nc\r\n",
    "\u{feff}a = é\nb\n",
    "é\n\nb",
    "\n\n",
    "\n",
    "",
];

fn ends(text: &str) -> Vec<u32> {
    text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect()
}

fn spans(file: u32, text: &str) -> Vec<Span> {
    let ends = ends(text);
    let spans = ends.iter().enumerate().flat_map(|(at, from)| {
        // Empty, of one letter, longer, and up to the end: so over several lines, too.
        let to = [at, at + 1, at + 3, ends.len() - 1];
        to.map(|to| Span::new(FileId(file), *from, ends[to.min(ends.len() - 1).max(at)]))
    });
    spans.collect()
}

/// What stands over the excerpts: `path:line:column`.
fn heads(shown: &str) -> Vec<&str> {
    let frames = shown.lines().filter(|line| line.contains("╭─[") || line.contains("├─["));
    frames.filter_map(|line| Some(line.split_once("─[ ")?.1.split_once(" ]")?.0)).collect()
}

fn head(span: Span, sources: &SourceMap) -> String {
    let names = Names { prefix: "fleet/".to_owned(), ..Names::default() };
    let Place { path, start, end: _ } = Place::of(span, sources, &names);
    format!("{path}:{}:{}", start.line, start.column)
}

#[test]
fn each_excerpt_says_its_own_place() {
    for (number, first) in TEXTS.iter().enumerate() {
        let second = TEXTS[(number + 1) % TEXTS.len()];
        let mut sources = SourceMap::default();
        sources.add("a.qg", *first);
        sources.add("b.qg", second);
        let last_line = |span: Span| {
            let lines = &sources.get(span.file).expect("there").lines;
            lines.line(span.end.saturating_sub(1).max(span.start))
        };
        let all = [spans(0, first), spans(1, second)].concat();
        for cause in spans(0, first) {
            for other in &all {
                let finding = Diagnostic::error(CODE, cause, "odd").also(*other, "there");
                let shown = text(Format::Human, &sources, &[finding]);
                // What is below the cause belongs to its excerpt.
                let one = other.file == cause.file && last_line(cause) <= last_line(*other);
                let mut wanted = vec![head(cause, &sources)];
                wanted.extend((!one).then(|| head(*other, &sources)));
                assert_eq!(heads(&shown), wanted, "{cause:?} {other:?} of {first:?}:\n{shown}");
                let corners = shown.matches('╰').count() + shown.matches("─▶").count();
                assert!(corners >= 2, "an arrow is missing: {cause:?} {other:?}\n{shown}");
            }
        }
    }
}

#[test]
fn several_labels_of_one_file_have_a_head_each_where_the_order_turns() {
    let mut sources = SourceMap::default();
    let lines = "é1\né2\né3\né4\né5\n";
    sources.add("a.qg", lines);
    sources.add("b.qg", "éé b\n");
    let at = |word: &str| {
        let at = lines.find(word).expect("there") as u32;
        Span::new(FileId(0), at, at + 1)
    };
    let finding = Diagnostic::error(CODE, at("3"), "odd")
        .also(at("5"), "below")
        .also(at("1"), "above")
        .also(at("2"), "next")
        .also(Span::new(FileId(1), 5, 6), "elsewhere")
        .also(at("4"), "again");
    let shown = text(Format::Human, &sources, &[finding]);
    let wanted = ["fleet/a.qg:3:2", "fleet/a.qg:1:2", "fleet/b.qg:1:4", "fleet/a.qg:4:2"];
    assert_eq!(heads(&shown), wanted, "{shown}");
    for word in ["here", "below", "above", "next", "elsewhere", "again"] {
        assert_eq!(shown.matches(&format!(" {word}\n")).count(), 1, "{word}:\n{shown}");
    }
}

/// As terminals count (`wcwidth`): each character by itself, emoji of several, too.
fn wide(text: &str) -> usize {
    text.chars().map(|it| it.width().unwrap_or(0)).sum()
}

/// The arrows stand under the letters: in columns of a terminal, not in characters.
#[test]
fn the_arrow_stands_under_its_letters() {
    let begins =
        ["", "\t", "a\t\tb", "大文 ", "a\u{301} ", "हिन्दी ", "❤\u{fe0f} 👍🏽 ", "　", "\u{feff}é "];
    for begin in begins {
        for (before, behind) in [("", ""), ("# 大文\n", "\tx\n"), ("\r\n", "\r\n")] {
            for mark in ["frob", "日本", "e\u{301}e\u{301}"] {
                // Cut as a long line, too.
                for filler in [0, 700] {
                    let from = format!("{before}{}{begin}", "é".repeat(filler));
                    let whole = format!("{from}{mark}{behind}");
                    let mut sources = SourceMap::default();
                    sources.add("a.qg", whole.as_str());
                    let at = from.len() as u32;
                    let span = Span::new(FileId(0), at, at + mark.len() as u32);
                    let shown =
                        text(Format::Human, &sources, &[Diagnostic::error(CODE, span, "odd")]);
                    let mut lines = shown.lines().skip_while(|line| !line.contains(mark));
                    let line = lines.next().unwrap_or_else(|| panic!("{mark}: {shown}"));
                    let arrow = lines.next().expect("a line of arrows");
                    let left = line.split(mark).next().unwrap_or("");
                    let under = |it: &char| ['─', '┬', '^'].contains(it);
                    let found: Vec<usize> = arrow
                        .chars()
                        .enumerate()
                        .filter(|(_, it)| under(it))
                        .map(|it| it.0)
                        .collect();
                    let wanted: Vec<usize> = (wide(left)..wide(left) + wide(mark)).collect();
                    assert_eq!(found, wanted, "{whole:?}\n{shown}");
                }
            }
        }
    }
}

#[test]
fn the_end_of_a_file_has_a_place_in_a_cut_line_too() {
    for (end, place) in [("", "1:703"), ("\r\n", "2:1"), ("\n", "2:1")] {
        let mut sources = SourceMap::default();
        let whole = format!("\u{feff}{} b{end}", "é".repeat(700));
        sources.add("a.qg", whole.as_str());
        let at = |at: usize| Span::new(FileId(0), at as u32, at as u32);
        let begin = Span::new(FileId(0), 3, 5);
        let finding = Diagnostic::error(CODE, at(whole.len()), "odd").also(begin, "the first");
        let shown = text(Format::Human, &sources, &[finding]);
        assert!(shown.starts_with(&format!("fleet/a.qg:{place}: ")), "{shown}");
        assert!(
            shown.contains("  fleet/a.qg:1:1:\n  éé") && shown.contains("  ^ the first"),
            "{shown}"
        );
        assert!(!shown.contains('\u{fffd}') && !shown.contains('\r'), "{shown}");
    }
}
