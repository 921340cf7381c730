//! What the readers make of odd files: always something, with places in the text, and never a panic.

use super::{Datum, DatumKind, Format, MAX_VALUES, read};
use crate::source::SourceFile;
use crate::span::FileId;

const SAMPLES: &[(Format, &str)] = &[
    (Format::Json, "{\"a\": [1, -2.5e3, true, null, \"ä\\u00e4\\n\"], \"b\": {\"c\": {}}}\n"),
    (
        Format::Yaml,
        "a: &x [1, 'b''c', \"d\\n\"]\nb: *x\n? c\n: |\n  text\n  ü\nd: {e: ~, f: 0o7}\n---\n",
    ),
    (Format::Toml, "a = 1\nb = [1, 2.5, \"ä\"]\n[c.d]\ne = 1979-05-27\nf = '''x\ny'''\n[[g]]\n"),
    (Format::Csv, "\u{feff}name,\"a \"\"b\"\"\",c\r\nä,1,\r\n\r\n\"x\ny\",2,3"),
];

fn source(text: &str) -> SourceFile {
    SourceFile::new(FileId(0), "data", text)
}

/// Every place is one of the text.
fn sound(datum: &Datum, text: &str) {
    assert!(text.get(datum.span.range()).is_some(), "{:?} in {text:?}", datum.span);
    match &datum.kind {
        DatumKind::List(items) => items.iter().for_each(|it| sound(it, text)),
        DatumKind::Record(fields) => {
            for (name, value) in fields {
                assert!(text.get(name.span.range()).is_some(), "{:?} in {text:?}", name.span);
                sound(value, text);
            }
        }
        DatumKind::Table(header, rows) => {
            header.iter().for_each(|it| assert!(text.get(it.span.range()).is_some(), "{text:?}"));
            rows.iter().flat_map(|row| &row.cells).for_each(|(_, cell)| sound(cell, text));
        }
        DatumKind::Null
        | DatumKind::Bool(_)
        | DatumKind::Int(_)
        | DatumKind::Float(_)
        | DatumKind::Text(_)
        | DatumKind::Cell(_)
        | DatumKind::Wrong => {}
    }
}

fn come_through(format: Format, text: &str) {
    let (datum, found) = read(format, &source(text));
    sound(&datum, text);
    for finding in &found {
        assert!(text.get(finding.primary.span.range()).is_some(), "{finding:?} in {text:?}");
    }
}

#[test]
fn any_change_of_a_text_comes_through() {
    // A generator of numbers that are the same each time (Knuth's MMIX).
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let pieces = [
        "[", "]", "{", "}", ":", ",", "\"", "'", "\n", "\r", "\t", " ", "-", "&a", "*a", "!", "|",
        ">", "#", "=", "ä", "\u{feff}", "0", "1e9", "<<", "\\u", "\0",
    ];
    for (format, sample) in SAMPLES {
        come_through(*format, sample);
        for _ in 0..3_000 {
            let mut letters: Vec<char> = sample.chars().collect();
            for _ in 0..=next(4) {
                let at = next(letters.len());
                match next(3) {
                    0 => drop(letters.drain(at..(at + next(4)).min(letters.len()))),
                    1 => letters.splice(at..at, pieces[next(pieces.len())].chars()).for_each(drop),
                    _ => letters.truncate(at),
                }
            }
            let text: String = letters.into_iter().collect();
            // Whatever the ending says, anything may stand in the file.
            come_through(SAMPLES[next(SAMPLES.len())].0, &text);
            come_through(*format, &text);
        }
    }
}

#[test]
fn depth_is_a_finding() {
    crate::stack::roomy(|| {
        for (format, open, close) in
            [(Format::Json, "[", "]"), (Format::Yaml, "[", "]"), (Format::Toml, "a = [", "]")]
        {
            for depth in [70, 129, 400, 5_000, 100_000] {
                let inner = "[".repeat(depth - 1);
                let text = format!("{open}{inner}{}{close}", "]".repeat(depth - 1));
                let (_, found) = read(format, &source(&text));
                assert_eq!(found.is_empty(), depth == 70, "{format:?} {depth}: {found:?}");
                let (_, found) = read(format, &source(&"[".repeat(depth)));
                assert!(!found.is_empty(), "{format:?} {depth}");
            }
            let text = "a:\n".repeat(1_000);
            come_through(format, &text);
        }
        let nested: String = (0..200).map(|at| format!("{}a:\n", " ".repeat(at))).collect();
        let (_, found) = read(Format::Yaml, &source(&nested));
        assert_eq!(found[0].code.id, "QG0224", "{found:?}");
    });
}

#[test]
fn many_values_are_a_finding() {
    let text = format!("[{}1]", "1,".repeat(MAX_VALUES));
    let (_, found) = read(Format::Json, &source(&text));
    assert_eq!(found[0].code.id, "QG0224");
    let (_, found) = read(Format::Yaml, &source(&text));
    assert_eq!(found[0].code.id, "QG0224");
    let (_, found) = read(Format::Csv, &source(&"a\n1\n".repeat(MAX_VALUES)));
    assert_eq!(found[0].code.id, "QG0224");
}
