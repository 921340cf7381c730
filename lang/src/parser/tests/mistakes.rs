//! Mistakes: what is understood around them, what is said, and what the fixes make of the text.

use super::{mended, parsed, wrong};
use crate::ast::ItemKind;

#[test]
fn a_mistake_stays_in_its_field() {
    wrong(
        "service a {\n  port =\n  host = \"x\" \"y\"\n  list = [1, 2 3, f(, 4)]\n  sub { x = }\n  ok = 1\n}",
        "service a { port = ERROR; host = ERROR; list = [1, ERROR, (f 4)]; sub { x = ERROR }; ok = 1 }",
        &[
            "2:9 QG0101 expected a value after `=`, found the end of the line",
            "3:14 QG0100 expected the end of the line or `,` after a string, found a string",
            "4:16 QG0100 a value is over, and another one follows",
            "4:21 QG0100 nothing stands before this comma",
            "5:13 QG0101 expected a value after `=`, found `}`",
        ],
    );
}

#[test]
fn a_missing_brace_does_not_hide_the_rest() {
    wrong(
        "service a {\n  route web {\n    to = 1\n\n}\nservice b { x = 1 }",
        "service a { route web { to = 1 } }; service b { x = 1 }",
        &["2:13 QG0102 this `{` is not closed"],
    );
    wrong(
        "service a {\n  x = 1\n\nservice b { x = 1 }\nlet c = 2",
        "service a { x = 1 }; service b { x = 1 }; let c = 2",
        &["1:11 QG0102 this `{` is not closed"],
    );
    wrong(
        "a {\n  x = (1 + f(2)\n  y = [3\n  z = 4\n}",
        "a { x = (+ 1 (f 2)); y = [3]; z = 4 }",
        &["2:7 QG0102 this `(` is not closed", "3:7 QG0102 this `[` is not closed"],
    );
    wrong("a { x = 1 } }\nb = 2", "a { x = 1 }; b = 2", &["1:13 QG0103 this `}` closes nothing"]);
    wrong("x = f(1, [2)", "x = (f 1 [2])", &["1:10 QG0102 this `[` is not closed"]);
    wrong("a {", "a {}", &["1:3 QG0102 this `{` is not closed"]);
}

#[test]
fn everything_at_the_margin_is_fine_while_it_is_balanced() {
    super::file("a {\nroute web {\nx = 1\n}\nlet y = 2\n}", "a { route web { x = 1 }; let y = 2 }");
}

#[test]
fn strings_that_do_not_end() {
    wrong(
        "a = \"x\nb = 1",
        "a = \"x\"; b = 1",
        &["1:5 QG0002 this string is not closed on its line"],
    );
    wrong(
        "a = \"x ${y\nb = 1",
        "a = \"x ${ERROR}\"; b = 1",
        &["1:8 QG0003 this `${` is not closed on its line"],
    );
    wrong(
        "a = \"${ {\nb = 1",
        "a = \"${ERROR}\"; b = 1",
        &["1:6 QG0003 this `${` is not closed on its line"],
    );
    wrong(
        "a = \"\"\"\n  x\n  ${y}\nservice b {}\n",
        "a = \"  x\\n  ${y}\"; service b {}",
        &["1:5 QG0002 this string is never closed"],
    );
    wrong("a = 1\n\"", "a = 1; ERROR", &["2:1 QG0002 this string is not closed on its line"]);
    wrong("\"${", "ERROR", &["1:2 QG0003 this `${` is not closed on its line"]);
    wrong("\"\"\"${\"\"\"", "ERROR", &["1:1 QG0002 this string is never closed"]);
}

#[test]
fn what_the_lexer_refuses_is_said_once() {
    wrong("a = 10min\nb = 2", "a = ERROR; b = 2", &["1:5 QG0006 `min` in `10min` is no unit"]);
    wrong("a = ü + 1", "a = (+ ERROR 1)", &["1:5 QG0001 `ü` means nothing here"]);
    wrong("a = $$$ b", "a = ERROR", &["1:5 QG0001 `$` means nothing here"]);
    wrong(
        "let a = 1\rlet b = 2",
        "let a = 1; let b = 2",
        &["1:10 QG0011 a carriage return stands alone here"],
    );
    wrong(
        "a = \0\nb = 1",
        "a = ERROR; b = 1",
        &["1:5 QG0011 a control character (U+0000) stands here"],
    );
}

#[test]
fn declarations_keep_their_names() {
    wrong("let a: = 1", "let a: ERROR = 1", &["1:8 QG0100 expected a type after `:`, found `=`"]);
    wrong(
        "schema S { a: int = , b: 3, c, d: int }",
        "schema S { a: int = ERROR, b: ERROR, c: ERROR, d: int }",
        &[
            "1:21 QG0101 expected a value after `=`, found `,`",
            "1:26 QG0109 a value is no type",
            "1:30 QG0100 expected `:` after `c`, found `,`",
        ],
    );
    wrong(
        "fn f(a, b: int) = 1",
        "fn f(a: ERROR, b: int) = 1",
        &["1:7 QG0100 expected `:` after `a`, found `,`"],
    );
}

#[test]
fn fixes_mend() {
    mended("service: jellyfin", "service = jellyfin");
    mended("x == 3", "x = 3");
    mended("a = b && !c || d", "a = b and not c or d");
    mended("a = 'it is \"so\"'", "a = \"it is \\\"so\\\"\"");
    mended("a = “ä” + `c`", "a = \"ä\" + \"c\"");
    mended("a = b === c", "a = b == c");
    mended("a = b <> c", "a = b != c");
    mended("fn f(a: int): int = a", "fn f(a: int) -> int = a");
    mended("if a { b = 1 } elif c { d = 1 }", "if a { b = 1 } else if c { d = 1 }");
    mended("a = 1;", "a = 1");
    mended("// note", "# note");
    mended("a = http://x.org/y", "a = \"http://x.org/y\"");
    mended("a = f (x)", "a = f(x)");
    mended("a = b -c", "a = b - c");
    mended("a = b- c", "a = b - c");
    mended("a = b/c", "a = b / c");
    mended("a = b /c", "a = b / c");
    mended("a = 10min", "a = 10m");
    mended("a = 0755", "a = 0o755");
    mended("a = \"x", "a = \"x\"");
    mended("a = \"\\d\"", "a = \"\\\\d\"");
    mended("service a = { b = 1 }", "service a  { b = 1 }");
    mended("a = f(b = 1)", "a = f(b : 1)");
    mended("if a == b { c = 1 } { d = 2 }", "if a == (b { c = 1 }) { d = 2 }");
    mended("for x in { a = 1 } { b = 2 }", "for x in ({ a = 1 }) { b = 2 }");
    mended("for x in a with { b = 1 } { c = 2 }", "for x in (a with { b = 1 }) { c = 2 }");
    mended("a = match b { none: 1 }", "a = match b { none => 1 }");
    mended("route web\n{ a = 1 }", "route web { a = 1 }");
    mended("/config = 1", "\"/config\" = 1");
    mended("const a = 1", "let a = 1");
    mended("a = std::b", "a = std.b");
    mended("a = [1,, 2]", "a = [1, 2]");
}

#[test]
fn limits_are_findings() {
    let deep = format!("a = {}1{}\nb = 2", "[".repeat(5000), "]".repeat(5000));
    let found = parsed(&deep);
    assert_eq!(found.diagnostics.len(), 1);
    assert_eq!(found.diagnostics[0].code.id, "QG0020");
    assert_eq!(found.file.body.items.len(), 2);

    for link in [" + x", ".x", " |> f", " ?? x", "(x)", " with {}"] {
        let found = parsed(&format!("a = x{}\nb = 2", link.repeat(20_000)));
        assert_eq!(found.diagnostics.len(), 1, "{link}");
        assert_eq!(found.diagnostics[0].code.id, "QG0021", "{link}");
        assert!(matches!(found.file.body.items[1].kind, ItemKind::Field(_)), "{link}");
    }
    for link in ["not ", "- ", "x => ", "if a then b else "] {
        let found = parsed(&format!("a = {}x\nb = 2", link.repeat(20_000)));
        assert_eq!(found.diagnostics.len(), 1, "{link}");
    }
    let found = parsed(&"if a {} else ".repeat(20_000));
    assert_eq!(found.diagnostics[0].code.id, "QG0021");

    let large = "# ".repeat(3 * 1024 * 1024);
    assert_eq!(parsed(&large).diagnostics[0].code.id, "QG0022");

    let many = parsed(&"a = \n\n\nb = ü\n".repeat(200)).diagnostics;
    assert_eq!(many.len(), 101);
    assert_eq!(many[100].code.id, "QG0023");
}

#[test]
fn braces_stand_on_the_line_of_their_head() {
    let at = "QG0109 the `{` of a block stands on the line of its kind";
    let second = format!("2:1 {at}");
    wrong("for x in y\n{ a = x }", "for x in y { a = x }", &[&second]);
    wrong("if x\n{ a = x }", "if x { a = x }", &[&second]);
    wrong("container\n{ a = 1 }", "container { a = 1 }", &[&second]);
    wrong("schema S\n{ a: int }", "schema S { a: int }", &[&second]);
    wrong("a = match x\n{ y => 1 }", "a = (match x { y => 1 })", &[&second]);
    wrong(
        "for x in\n{ a = 1 }",
        "for x in ERROR { a = 1 }",
        &["2:1 QG0101 expected a value after `in`, found `{`"],
    );
}
