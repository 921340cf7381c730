//! Definitions that take up one another: `let x0 = [1]` … `let x9999 = [x9998]`.

use super::{Case, DEEP, FLEET, run};

/// `let`s of which each takes up the one before, and a file that takes up the last. What is read
/// first comes last in the text where it is turned round.
fn chain(first: &str, step: &str, count: usize, turned: bool) -> String {
    let step = |at: usize| format!("let x{at} = {}\n", step.replace('@', &format!("x{}", at - 1)));
    let mut lets: Vec<String> = vec![format!("let x0 = {first}\n")];
    lets.extend((1..=count).map(step));
    if turned {
        lets.reverse();
    }
    format!("{FLEET}{}", lets.concat())
}

fn used(text: &str, count: usize) -> String {
    format!("{text}extend host h {{ file \"/etc/x\" {{ yaml = {{ a = x{count} }} }} }}\n")
}

/// A chain in both directions, and each with its end in a file.
fn chains(
    cases: &mut Vec<Case>,
    name: &'static str,
    (first, step): (&str, &str),
    count: usize,
    codes: [&'static [&'static str]; 2],
) {
    let [plain, of_use] = codes;
    cases.push(Case::new(name, chain(first, step, count, false), plain));
    cases.push(Case::new(name, used(&chain(first, step, count, true), count), of_use));
}

const NESTED: [&[&str]; 2] = [&["QG0421"], &["QG0421"]];
/// In the order of the text each is worth something when the next one asks.
const LONG: [&[&str]; 2] = [&[], &["QG0415"]];

#[test]
fn lists_and_records_in_one_another() {
    let mut cases = Vec::new();
    let deep = 8_000;
    for (name, step) in [
        ("lists", ("[1]", "[@]")),
        ("records", ("{ a = 1 }", "{ a = @ }")),
        ("lists of records", ("[{ a = 1 }]", "[{ a = @ }]")),
        ("sets", ("[1]", "unique([@])")),
        ("a choice", ("[1]", "if 1 < 2 then [@] else []")),
        ("loops", ("[1]", "[for x in [@]: x]")),
        ("copies that hold the first", ("{ a = {} }", "{ a = {} } with { a = @ }")),
    ] {
        chains(&mut cases, name, step, deep, NESTED);
    }
    run(cases);
}

#[test]
fn data_whose_type_tells_nothing() {
    let mut cases = Vec::new();
    let text = |it: &str| it.replace(" = [", ": data = [");
    for turned in [false, true] {
        let lists = text(&chain("[1]", "[@]", 10_000, turned));
        cases.push(Case::new("lists of data", lists.clone(), &["QG0421"]));
        cases.push(Case::new("a list of data in a file", used(&lists, 10_000), &["QG0421"]));
    }
    let functions: String =
        (1..=10_000).map(|at| format!("fn f{at}(a: data) -> data = [f{}(a)]\n", at - 1)).collect();
    let calls = format!("{FLEET}fn f0(a: data) -> data = a\n{functions}let y = f10000(1)\n");
    cases.push(Case::new("lists made by calls", calls, &["QG0421"]));
    let links = |count: usize| {
        let chain = "enum E { leaf, node { a: E = leaf } }\nlet x0: E = leaf\n".to_owned();
        let links = (1..=count).map(|at| format!("let x{at}: E = node {{ a = x{} }}\n", at - 1));
        format!(
            "{FLEET}{chain}{}extend schema Host {{ e: E = leaf }}\nextend host h {{ e = x{count} }}\n",
            links.collect::<String>()
        )
    };
    cases.push(Case::new("payloads", links(DEEP / 5), &["QG0421", "QG0415"]));
    cases.push(Case::new("a few payloads", links(100), &[]));
    run(cases);
}

#[test]
fn one_value_after_the_other() {
    let mut cases = Vec::new();
    for (name, step) in [
        ("sums", ("1", "@ + 1")),
        ("texts", ("\"a\"", "\"${@}\"")),
        ("choices", ("1", "if true then @ else 0")),
        ("negations", ("true", "not @")),
        ("fields", ("{ a = { a = 1 } }", "{ a = @ }.a")),
        ("copied lists", ("[1]", "[for x in @: x]")),
        ("calls of the library", ("\"a\"", "upper(@)")),
        ("pipes", ("\"a\"", "@ |> upper |> lower")),
        ("matches", ("1", "[if 1 in [@]: 1] |> count")),
    ] {
        chains(&mut cases, name, step, 30_000, LONG);
    }
    let copies = ("{ a = 1 }", "@ with { a = 2 }");
    chains(&mut cases, "copies of copies", copies, 2_000, [&["QG0415"], &["QG0415"]]);
    run(cases);
}

#[test]
fn functions_that_call_functions() {
    let count = DEEP / 2;
    let functions = |step: &str, result: &str| -> String {
        (1..=count)
            .map(|at| {
                let body = step.replace('@', &format!("f{}", at - 1));
                format!("fn f{at}(a: int) {result}= {body}\n")
            })
            .collect()
    };
    let mut cases = Vec::new();
    for (name, step, result) in [
        ("calls", "@(a)", "-> int "),
        ("calls whose type is found", "@(a)", ""),
        ("arguments", "@(a + 1)", "-> int "),
    ] {
        let text = functions(step, result);
        let text = format!("{FLEET}fn f0(a: int) -> int = a\n{text}let y = f{count}(1)\n");
        cases.push(Case::new(name, text, &["QG0415"]));
    }
    run(cases);
}

#[test]
fn schemas_that_hold_schemas() {
    let schemas = |head: &str, step: &str, tail: &str| {
        let all = (1..=DEEP / 5).map(|at| {
            let step = step.replace('@', &format!("S{}", at - 1));
            format!("schema S{at} {step}\n")
        });
        let last = tail.replace('@', &format!("S{}", DEEP / 5));
        format!("{FLEET}schema S0 {head}\n{}{last}", all.collect::<String>())
    };
    run(vec![
        Case::new(
            "defaults",
            schemas("{ a: int = 1 }", "{ a: @ = {} }", "extend schema Host { deep: @ = {} }\n"),
            &["QG0421"],
        ),
        Case::new(
            "required fields",
            schemas("{ a: int }", "{ a: @ }", "extend schema Host { deep: @ }\n"),
            &["QG0406"],
        ),
        Case::new(
            "plain values",
            schemas(
                "from a { a: int }",
                "from a { a: @ }",
                "extend schema Host { deep: @? }\nextend host h { deep = 3 }\n",
            ),
            &["QG0421"],
        ),
        Case::new(
            "lists, maps and choices of them",
            schemas(
                "{ a: int = 1 }",
                "{ a: [@] = [], b: {@} = {}, c: @? }",
                "extend schema Host { deep: @ = {} }\n",
            ),
            &[],
        ),
        Case::new(
            "two of each",
            schemas(
                "{ a: int = 1 }",
                "{ a: @ = {}, b: @ = {} }",
                "extend schema Host { deep: @ = {} }\n",
            ),
            &["QG0421"],
        ),
        Case::new(
            "one that holds itself twice",
            format!(
                "{FLEET}schema A {{ a: A = {{}}, b: A = {{}} }}\nextend schema Host {{ deep: A = {{}} }}\n"
            ),
            &["QG0319", "QG0421"],
        ),
    ]);
}

#[test]
fn fields_that_need_fields() {
    let services = |count: usize, step: &str| {
        let all = (0..count).map(|at| {
            let step = step.replace('@', &format!("service.s{}", at + 1));
            format!("service s{at} {{ on = host.h, about = {step} }}\n")
        });
        format!(
            "{FLEET}{}service s{count} {{ on = host.h, about = \"x\" }}\n",
            all.collect::<String>()
        )
    };
    let bodies = |step: &str| {
        let lets: String = (1..=20_000)
            .map(|at| format!("let x{at} = {}\n", step.replace('@', &format!("x{}", at - 1))))
            .collect();
        format!(
            "{FLEET}extend host h {{\nlet x0 = [1]\n{lets}file \"/etc/x\" {{ yaml = {{ a = x20000 }} }}\n}}\n"
        )
    };
    run(vec![
        Case::new("texts", services(25_000, "\"${@.about}\""), &["QG0415"]),
        Case::new("`let`s of a body", bodies("[@]"), &["QG0421"]),
        Case::new("`let`s of a body with records", bodies("{ a = @ }"), &["QG0421"]),
        Case::new("`let`s of a body that copy", bodies("[for x in @: x]"), &["QG0415"]),
    ]);
}
