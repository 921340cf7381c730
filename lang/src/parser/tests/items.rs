//! Items: fields, blocks, declarations, comments.

use super::{file, parsed};

#[test]
fn names_for_types() {
    file(
        "type A = int where 1 <= it\npub type B = A | string",
        "type A = int where (<= 1 it); pub type B = (A | string)",
    );
    file("type = 1\ntype.x = 2\ntype a { b = 1 }", "type = 1; type.x = 2; type a { b = 1 }");
}

#[test]
fn fields_and_blocks() {
    file("a = 1", "a = 1");
    file("a.b.\"c d\" = 1, e = 2", "a.b.\"c d\" = 1; e = 2");
    file("\"/config\" = fleet.state / name", "\"/config\" = (/ fleet.state name)");
    file("container { image = x }", "container { image = x }");
    file("a.b { c = 1 }", "a.b { c = 1 }");
    file("service jellyfin {}", "service jellyfin {}");
    file("service \"${n}-db\" {}", "service \"${n}-db\" {}");
    file("state /mnt/data { backup = no }", "state \"/mnt/data\" { backup = no }");
    file("override route.web.to = ports.alt", "override route.web.to = ports.alt");
    file("override port = unset", "override port = unset");
    file("extend service x { default a = 1 }", "extend service x { default a = 1 }");
    file("default service { restart = always }", "default service { restart = always }");
    file(
        "default host if self.class == gaming { a = 1 }",
        "default host if (== self.class gaming) { a = 1 }",
    );
    file("default ports.web = 80", "default ports.web = 80");
}

#[test]
fn words_of_the_language_are_field_names() {
    file("default = 1\nextend = 2\nfor.x = 3", "default = 1; extend = 2; for.x = 3");
    file("match { a = 1 }", "match { a = 1 }");
    file("a = 1\nelse = 2\nin = 3", "a = 1; else = 2; in = 3");
    file("default default = 1", "default default = 1");
    file("from = 1\nset = 2\nnix = 3", "from = 1; set = 2; nix = 3");
}

#[test]
fn items_end_with_their_line() {
    file("a = 1\n\n\nb = 2\n", "a = 1; b = 2");
    file("a = x\n  or y\nb = 2", "a = (or x y); b = 2");
    file("a =\n  1\nb = [\n  1,\n  2\n]", "a = 1; b = [1, 2]");
    file("a = /\nb = 2", "a = /; b = 2");
    file("a = {\n  b = 1,\n  c = 2,\n}", "a = { b = 1; c = 2 }");
    file("a = 1\r\nb = 2\r\n", "a = 1; b = 2");
    file("\u{feff}a = 1", "a = 1");
    file("\ta\t=\t1", "a = 1");
    file("a = x +\n  # why\n  y", "a = (+ x y)");
    file("", "");
}

#[test]
fn loops_and_choices() {
    file("for s in service { a = s }", "for s in service { a = s }");
    file("for k, v in m if v.on { a = k }", "for k, v in m if v.on { a = k }");
    file(
        "for s in service for r in s.route if r.on { a = r }",
        "for s in service { for r in s.route if r.on { a = r } }",
    );
    file("if a { b = 1 }", "if a { b = 1 }");
    file(
        "if a { b = 1 }\nelse if c { d = 2 } else { e = 3 }",
        "if a { b = 1 } else { if c { d = 2 } else { e = 3 } }",
    );
    file("if x is sso { a = 1 }", "if (is x sso) { a = 1 }");
    file("if x == (sso { a = 1 }) { b = 2 }", "if (== x (payload sso { a = 1 })) { b = 2 }");
    file("for x in f(y => { a = y }) { b = x }", "for x in (f (fn [y] { a = y })) { b = x }");
    file("for x in [{ a = 1 }] { b = x }", "for x in [{ a = 1 }] { b = x }");
}

#[test]
fn declarations() {
    file("let x: int = 3", "let x: int = 3");
    file("pub let x = [1]", "pub let x = [1]");
    file("fn f(a: int, b: [string] = []) -> int = a", "fn f(a: int, b: [string] = []) -> int = a");
    file("pub fn f(xs: [a]) -> int", "pub fn f(xs: [a]) -> int");
    file(
        "fn f(\n  a: int,\n  b: int,\n) -> int =\n  a + b",
        "fn f(a: int, b: int) -> int = (+ a b)",
    );
    file("import std.images.linuxserver", "import std.images.linuxserver");
    file("import services.shared-x.media as m", "import services.shared-x.media as m");
    file("enum E { a, b, c }", "enum E { a, b, c }");
    file(
        "pub enum L {\n  none\n  sso { f: int = 1 }\n}",
        "pub enum L { none, sso { f: int = 1 } }",
    );
    file("schema S {}", "schema S {  }");
    file(
        "schema S from a { a: port\n b: port = self.a }",
        "schema S from a { a: port, b: port = self.a }",
    );
    file("pub sealed schema Secret { f: file }", "pub sealed schema Secret { f: file }");
    file("sealed schema Secret { f: file }", "sealed schema Secret { f: file }");
    file("extend schema Model { game: {Game} = {} }", "extend schema Model { game: {Game} = {} }");
    file(
        "schema S { default: bool = true, in: int, self: int }",
        "schema S { default: bool = true, in: int, self: int }",
    );
}

#[test]
fn types() {
    file("let x: T? = 1", "let x: T? = 1");
    file("let x: [T]? = 1", "let x: [T]? = 1");
    file("let x: set[T] = 1", "let x: set[T] = 1");
    file("let x: {[T?]} = 1", "let x: {[T?]} = 1");
    file("let x: A | B | C = 1", "let x: (A | B | C) = 1");
    file("let x: int where 1 <= it = 1", "let x: int where (<= 1 it) = 1");
    file("let x: &Port = 1", "let x: &Port = 1");
    file("let x: (A, B) -> C = 1", "let x: (A, B) -> C = 1");
    file("let x: () -> (A) -> B = 1", "let x: () -> (A) -> B = 1");
    file("let x: (A | B)? = 1", "let x: (A | B)? = 1");
    file("let x: set = 1", "let x: set = 1");
}

#[test]
fn doc_comments() {
    file("## One.\n##\n## Two ä.\na = 1", "## \"One.\\n\\nTwo ä.\" a = 1");
    file("## far\n\na = 1", "a = 1");
    file("### a line\na = 1", "a = 1");
    file("a = 1 ## behind\nb = 2", "a = 1; b = 2");
    file(
        "## D\npub enum E {\n  ## V\n  a\n  ## W\n  b }",
        "## \"D\" pub enum E { ## \"V\" a, ## \"W\" b }",
    );
    file("schema S {\n  ## F\n  a: int\n}", "schema S { ## \"F\" a: int }");
    file("x {\n  ## In\n  a = 1\n}", "x { ## \"In\" a = 1 }");
    let comments = parsed("# a\n## b\nx = 1 # c\n").comments;
    let found: Vec<_> = comments.iter().map(|it| (it.span.start, it.span.end, it.doc)).collect();
    assert_eq!(found, [(0, 3, false), (4, 8, true), (15, 18, false)]);
}

#[test]
fn every_expression_has_its_number() {
    use crate::ast::{Expr, Visit, walk_expr};
    struct Numbers(Vec<u32>);
    impl<'a> Visit<'a> for Numbers {
        fn visit_expr(&mut self, expr: &'a Expr) {
            self.0.push(expr.id.0);
            walk_expr(self, expr);
        }
    }
    let found = parsed(include_str!("samples/pod.qg"));
    let mut numbers = Numbers(Vec::new());
    numbers.visit_body(&found.file.body);
    let count = numbers.0.len();
    numbers.0.sort_unstable();
    numbers.0.dedup();
    assert_eq!(numbers.0.len(), count, "no number twice");
    assert!(numbers.0.last().is_some_and(|last| *last < found.file.exprs));
    assert!(found.file.exprs as usize <= count + 10, "few gaps");
}
