//! What is written deep: brackets, operators, words, types, blocks.

use super::{Case, DEEP, FLEET, run};

#[test]
fn expressions() {
    let cases = [
        ("parentheses", "(", "1", ")"),
        ("lists", "[", "1", "]"),
        ("open lists", "[", "", ""),
        ("records", "{ a = ", "1", " }"),
        ("holes", "\"${", "1", "}\""),
        ("functions", "x => ", "1", ""),
        ("functions of two", "(x, y) => ", "1", ""),
        ("choices", "if true then 1 else ", "1", ""),
        ("conditions", "if if ", "true", ""),
        ("matches", "match x { y => ", "1", "}"),
        ("negations", "not ", "true", ""),
        ("signs", "- ", "1", ""),
        ("sums", "1 + ", "1", ""),
        ("alternatives", "a ?? ", "1", ""),
        ("pipes", "a |> ", "f", ""),
        ("comparisons", "a == ", "1", ""),
        ("fields", "", "a", ".a"),
        ("calls", "", "f", "()"),
        ("arguments", "f(", "1", ")"),
        ("copies", "", "a", " with {}"),
        ("payloads", "v { a = ", "1", " }"),
        ("questions", "", "a", " has b"),
        ("loops", "[for x in y: ", "1", "]"),
        ("clauses", "for x in y ", ": 1", ""),
    ];
    let mut all = Vec::new();
    for (name, open, middle, close) in cases {
        let text = format!("{FLEET}let a = {}{middle}{}\n", open.repeat(DEEP), close.repeat(DEEP));
        all.push(Case::new(name, text, ANY));
    }
    run(all);
}

/// What the lexer and the parser say; which of these matters to other tests.
const ANY: &[&str] = &[
    "QG0002", "QG0003", "QG0020", "QG0021", "QG0023", "QG0100", "QG0101", "QG0102", "QG0103",
    "QG0105", "QG0108", "QG0109", "QG0201", "QG0203", "QG0204", "QG0317", "QG0402", "QG0406",
];

#[test]
fn items_and_types() {
    let cases = [
        ("blocks", "a {\n", "", "}\n"),
        ("open blocks", "a {\n", "", ""),
        ("loops", "for x in y {\n", "", "}\n"),
        ("conditions", "if x {\n", "", "}\n"),
        ("other conditions", "if x { } else ", "if x { }", ""),
        ("other conditions on lines of their own", "if x { }\nelse ", "if x { }", ""),
        ("lists as types", "schema A { a: [", "int", "] }"),
        ("functions as types", "schema A { a: (int) -> ", "int", " }"),
        ("choices as types", "schema A { a: int | ", "int", " }"),
        ("optional types", "schema A { a: int", "", "? }"),
        ("conditions as types", "schema A { a: int where ", "true", "}"),
        ("long paths", "host h { a.", "a = 1", "}"),
        ("labels", "host h { a ", "{}", "}"),
    ];
    let mut all = Vec::new();
    for (name, open, middle, close) in cases {
        let (head, open) = match open.rsplit_once("a: ").or_else(|| open.rsplit_once("h { ")) {
            Some((_, part)) => (open.strip_suffix(part).unwrap_or_default(), part),
            None => ("", open),
        };
        let (close, tail) = match close.strip_suffix('}') {
            Some(part) if !head.is_empty() => (part, "}"),
            _ => (close, ""),
        };
        let (open, close) = (open.repeat(DEEP), close.repeat(DEEP));
        let text = format!("{FLEET}{head}{open}{middle}{close}{tail}\n");
        all.push(Case::new(name, text, ANY));
    }
    run(all);
}
