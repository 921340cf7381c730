//! Strings: escapes, holes, several lines.

use super::{expr, file};

#[test]
fn one_line_strings() {
    expr(r#""a\n\t\r\"\\\u{e4}ü""#, r#""a\n\t\r\"\\äü""#);
    expr(r#""""#, "\"\"");
    expr(r#""a ${b} c""#, "\"a ${b} c\"");
    expr(r#""${f("x${y}")}""#, "\"${(f \"x${y}\")}\"");
    expr(r#""$${x} $ $$ $1""#, "\"${x} $ $$ $1\"");
    expr(r#""$$${x}""#, "\"$${x}\"");
    expr(r#""${ { a = "}" } }""#, "\"${{ a = \"}\" }}\"");
    expr("\"${a}${b}\"", "\"${a}${b}\"");
}

#[test]
fn multi_line_strings() {
    expr("\"\"\"\n  a\n    b\n  \"\"\"", "\"a\\n  b\"");
    expr("\"\"\"\r\n  a\r\n  b\r\n  \"\"\"", "\"a\\nb\"");
    expr(r#""""a\d "q" ${x}""""#, r#""a\\d \"q\" ${x}""#);
    expr("\"\"\"\n  $${x} ${y}\n  \"\"\"", "\"${x} ${y}\"");
    expr("\"\"\"\n  ${a}\n  ${b}\n  \"\"\"", "\"${a}\\n${b}\"");
    expr("\"\"\"\n  ${f(\n    x,\n    y\n  )}\n  \"\"\"", "\"${(f x y)}\"");
    expr("\"\"\"\"\"\"", "\"\"");
    expr("\"\"\"\n\"\"\"", "\"\"");
}

#[test]
fn nix() {
    expr(r#"nix"pkgs.${x}""#, "nix\"pkgs.${x}\"");
    expr("nix\"\"\"\n  { a = 1; }\n  \"\"\"", "nix\"{ a = 1; }\"");
    expr(r#"nix"[ \"a\" ]""#, r#"nix"[ \"a\" ]""#);
    file("nix { a = nix\"x\" }", "nix { a = nix\"x\" }");
}

#[test]
fn a_string_in_a_hole_may_have_many_lines() {
    file("a = \"\"\"\n  ${\"\"\"\n    x\n    \"\"\"}\n  \"\"\"\nb = 1", "a = \"${\"x\"}\"; b = 1");
}
