//! Expressions: operators, operands, what follows them.

use super::expr;

#[test]
fn operators_from_the_loosest_to_the_tightest() {
    expr("a + b * c / d", "(+ a (* b (/ c d)))");
    expr("a / b * c + d", "(+ (* (/ a b) c) d)");
    expr("a - b - c", "(- (- a b) c)");
    expr("a or b and not c == d", "(or a (and b (not (== c d))))");
    expr("not a and b", "(and (not a) b)");
    expr("a ?? b or c", "(?? a (or b c))");
    expr("a ?? b ?? c", "(?? a (?? b c))");
    expr("a |> f |> g(x)", "(|> (|> a f) (g x))");
    expr("x => x |> f", "(fn [x] (|> x f))");
    expr("xs |> map(x => x.name)", "(|> xs (map (fn [x] x.name)))");
    expr("a in b and c in d", "(and (in a b) (in c d))");
    expr("a + 1 == b * 2", "(== (+ a 1) (* b 2))");
    expr("-a + b", "(+ (- a) b)");
    expr("- 5 * x", "(* (- 5) x)");
    expr("-a.b", "(- a.b)");
    expr("(a + b) * c", "(* (+ a b) c)");
    expr("1 <= it and it <= 5", "(and (<= 1 it) (<= it 5))");
}

#[test]
fn names_hold_dashes() {
    expr("immich-pg", "immich-pg");
    expr("a--b", "a--b");
    expr("a - b", "(- a b)");
    expr("service.immich-pg.ports.db", "service.immich-pg.ports.db");
    expr("_x_1", "_x_1");
}

#[test]
fn tests_of_variants_fields_and_members() {
    expr("a.b is sso and c", "(and (is a.b sso) c)");
    expr("s has route and s.route.web.on", "(and (has s route) s.route.web.on)");
    expr("has port", "(has self port)");
    expr("a is &Port and b is [string]", "(and (is a &Port) (is b [string]))");
    expr("a is shared.Box", "(is a shared.Box)");
    expr("a is {int} or b", "(or (is a {int}) b)");
    expr(
        "match v { &Port p => p.host, set[int] s => 1, {int} m => 2, shared.Box b => 3 }",
        "(match v { &Port p => p.host, set[int] s => 1, {int} m => 2, shared.Box b => 3 })",
    );
    expr("env has \"TZ\"", "(has env \"TZ\")");
    expr("a has in", "(has a in)");
    expr("not has b or c", "(or (not (has self b)) c)");
}

#[test]
fn fields_and_calls() {
    expr("env.\"TZ\" ?? \"UTC\"", "(?? env.\"TZ\" \"UTC\")");
    expr("service.\"${n}\"", "service.\"${n}\"");
    expr("f(x, y: 2,)", "(f x y: 2)");
    expr("f()", "(f)");
    expr("f(x)(y).z", "((f x) y).z");
    expr("f(\n  a\n  + b,\n  c: 3\n)", "(f (+ a b) c: 3)");
    expr("sort(tiles, by: t => t.order)", "(sort tiles by: (fn [t] t.order))");
    expr("self.default.from", "self.default.from");
    expr("a.if", "a.if");
    expr("f(in: 1)", "(f in: 1)");
}

#[test]
fn a_pipeline_is_tighter_than_operators() {
    expr("xs |> first ?? 0", "(?? (|> xs first) 0)");
    expr("xs |> count == 2", "(== (|> xs count) 2)");
    expr("1 + xs |> count", "(+ 1 (|> xs count))");
    expr("2 * xs |> count * 3", "(* (* 2 (|> xs count)) 3)");
    expr("/srv / name |> upper", "(/ /srv (|> name upper))");
    expr("not xs |> any(f)", "(not (|> xs (any f)))");
    expr("-x |> f", "(|> (- x) f)");
    expr("x in xs |> keys and y", "(and (in x (|> xs keys)) y)");
    expr("x => x |> upper", "(fn [x] (|> x upper))");
    expr("f(by: x => x |> upper)", "(f by: (fn [x] (|> x upper)))");
    expr("xs |> x => x + 1 |> f", "(|> xs (fn [x] (+ x (|> 1 f))))");
    expr("(x => x) |> f", "(|> (fn [x] x) f)");
    expr("a with { b = 1 } |> f", "(|> (with a { b = 1 }) f)");
}

#[test]
fn functions() {
    expr("x => y => x + y", "(fn [x] (fn [y] (+ x y)))");
    expr("(x, y) => x", "(fn [x, y] x)");
    expr("() => 1", "(fn [] 1)");
    expr("(x) => x", "(fn [x] x)");
}

#[test]
fn choices() {
    expr("if a then b else c", "(if a b c)");
    expr("if a then b else c ?? d", "(if a b (?? c d))");
    expr("if a then b else c |> f", "(if a b (|> c f))");
    expr("if a\nthen b\nelse if c then d else e", "(if a b (if c d e))");
    expr(
        "if v == sso { factor = two } then 1 else 2",
        "(if (== v (payload sso { factor = two })) 1 2)",
    );
    expr(
        "match v { sso s => s.factor, none => one\n  else => two }",
        "(match v { sso s => s.factor, none => one, else => two })",
    );
    expr(
        "match v {\n  a => { x = 1 }\n  b => [1\n 2]\n  else => c\n}",
        "(match v { a => { x = 1 }, b => [1, 2], else => c })",
    );
    expr("match a.b { x => y => z }", "(match a.b { x => (fn [y] z) })");
    expr("(match v { a => b }).c", "(match v { a => b }).c");
}

#[test]
fn records_payloads_and_copies() {
    expr("{ a = 1, b.c = 2, \"X-Y\" = 3 }", "{ a = 1; b.c = 2; \"X-Y\" = 3 }");
    expr("{}", "{}");
    expr(
        "sso { allow = [people.admin], factor = two }",
        "(payload sso { allow = [people.admin]; factor = two })",
    );
    expr("Login.sso {}", "(payload Login.sso {})");
    expr("a.b with { c = 1 } with { d = 2 }", "(with (with a.b { c = 1 }) { d = 2 })");
    expr("a / b with {}", "(/ a (with b {}))");
    expr("{ for k, v in m { \"${k}\" = v } }", "{ for k, v in m { \"${k}\" = v } }");
    expr(
        "{ match = 1, if.x = 2, default { a = 1 }, in = 3 }",
        "{ match = 1; if.x = 2; default { a = 1 }; in = 3 }",
    );
}

#[test]
fn lists_and_their_clauses() {
    expr("[1, 2,\n 3\n 4,\n]", "[1, 2, 3, 4]");
    expr("[]", "[]");
    expr("[-1\n-2]", "[(- 1), (- 2)]");
    expr(
        "[for s in service for p in s.ports if p.public: p.host]",
        "[for s in service for p in s.ports if p.public: p.host]",
    );
    expr("[a, if c: b, for k, v in xs if d: e]", "[a, if c: b, for k, v in xs if d: e]");
    expr("[if a then b else c, d]", "[(if a b c), d]");
    expr("[if a then b else c |> f]", "[(if a b (|> c f))]");
    expr(
        "[\n  for s in service\n  if s.on == host.a:\n    { a = s.name }\n]",
        "[for s in service if (== s.on host.a): { a = s.name }]",
    );
    expr("[if a == fd00::1: x]", "[if (== a fd00::1): x]");
    expr("[for x in xs: if x then 1 else 2]", "[for x in xs: (if x 1 2)]");
}

#[test]
fn literals() {
    expr("[true, 42, 1.5, 30s, 512MiB, 0o750]", "[true, 42, 1.5, 30000ms, 536870912B, 0o750]");
    expr("[/var/lib/x, ./disk.nix, ../a/b.qg, /]", "[/var/lib/x, ./disk.nix, ../a/b.qg, /]");
    expr("[192.168.0.28, fd00::1, 10.0.0.0/8, ::/0]", "[192.168.0.28, fd00::1, 10.0.0.0/8, ::/0]");
    expr("[8080, 8080/udp, 53/tcp, 8000..8100]", "[8080, 8080/Udp, 53/Tcp, 8000..8100]");
    expr("fleet.state / name", "(/ fleet.state name)");
    expr("/ / \"etc\"", "(/ / \"etc\")");
    expr("unset", "unset");
    expr("self", "self");
}

#[test]
fn a_value_goes_on_over_lines() {
    expr("a +\n b", "(+ a b)");
    expr("xs\n |> f\n |> g", "(|> (|> xs f) g)");
    expr("a\nand b", "(and a b)");
    expr("  a", "a");
}
