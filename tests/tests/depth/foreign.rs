//! What other parsers read: Nix, Tera, regular expressions, rules of Traefik.

use super::{Case, DEEP, FLEET, run};

#[test]
fn nix() {
    let cases = [
        ("lists", "[", "]"),
        ("open lists", "[", ""),
        ("parentheses", "(", ")"),
        ("sets", "{ a = ", "; }"),
        ("negations", "!", ""),
        ("signs", "- ", ""),
        ("alternatives", "a.b or ", ""),
        ("arguments", "a ", ""),
        ("functions", "a: ", ""),
        ("functions of sets", "{ a }: ", ""),
        ("scopes", "with a; ", ""),
        ("assertions", "assert a; ", ""),
        ("definitions", "let in ", ""),
        ("definitions in definitions", "let a = ", "; in a"),
        ("choices", "if a then a else ", ""),
        ("sums", "a + ", ""),
        ("lists joined", "a ++ ", ""),
        ("sets joined", "a // ", ""),
        ("implications", "a -> ", ""),
        ("fields", "a.", ""),
        ("questions", "a ? ", ""),
        ("pipes", "a |> ", ""),
        ("functions in a list", "[ a: ", "]"),
        ("strings", "\"$${", "}\""),
        ("texts", "''$${", "}''"),
        ("the wrong brackets", "[) (] ", ""),
    ];
    let mut all = Vec::new();
    for (name, open, close) in cases {
        for deep in [1_000, DEEP] {
            let nix = format!("{}a{}", open.repeat(deep), close.repeat(deep));
            let text = format!("{FLEET}let a = nix\"\"\"\n{nix}\n\"\"\"\n");
            all.push(Case::new(name, text, &["QG0323"]));
        }
    }
    for (name, flat) in [
        ("a long list", format!("[ {} ]", "pkgs.hello ".repeat(20_000))),
        ("a large set", format!("{{ {} }}", "a.b = f x y; ".repeat(20_000))),
    ] {
        all.push(Case::new(name, format!("{FLEET}let a = nix\"\"\"\n{flat}\n\"\"\"\n"), &[]));
    }
    run(all);
}

#[test]
fn nix_files() {
    let module = |text: String| Case {
        name: "modules",
        files: vec![
            ("a.qg", FLEET.replace("address", "modules = [./m.nix], address")),
            ("m.nix", format!("{{ services.openssh.settings.PermitRootLogin = {text}; }}\n")),
        ],
        codes: &["QG0563"],
    };
    let deep = ["[", "!", "a ", "a.b or ", "a + "].map(|part| module(part.repeat(DEEP)));
    run(deep.into_iter().collect());
}

#[test]
fn templates() {
    let cases = [
        ("conditions", "{% if true %}", "a", "{% endif %}"),
        ("loops", "{% for a in [1] %}", "a", "{% endfor %}"),
        ("filters", "{% filter upper %}", "a", "{% endfilter %}"),
        ("variables", "{% set a %}", "a", "{% endset %}"),
        ("open conditions", "{% if true %}", "", ""),
        ("other conditions", "{% if true %}{% elif true %}", "a", "{% endif %}"),
        ("parentheses", "(", "1", ")"),
        ("lists", "[", "1", "]"),
        ("maps", "{\"a\": ", "1", "}"),
        ("negations", "not ", "1", ""),
        ("signs", "-", "1", ""),
        ("sums", "1 + ", "1", ""),
        ("joined", "'a' ~ ", "'a'", ""),
        ("both", "1 and ", "1", ""),
        ("powers", "1 ** ", "1", ""),
        ("filters of a value", "", "'a'", " | upper"),
        ("tests of a value", "", "1", " is odd"),
        ("fields", "", "a", ".a"),
        ("elements", "a[", "0", "]"),
        ("calls", "range(end=", "1", ")"),
        ("choices", "1 if 1 else ", "1", ""),
        ("comments", "{# {# ", "", ""),
        ("raw", "{% raw %}", "", "{% endraw %}"),
        ("open", "{{ ", "", ""),
    ];
    let mut all = Vec::new();
    for (name, open, middle, close) in cases {
        let inside = format!("{}{middle}{}", open.repeat(DEEP), close.repeat(DEEP));
        let template = if open.starts_with("{%") || open.starts_with("{#") || open == "{{ " {
            inside
        } else {
            format!("{{{{ {inside} }}}}")
        };
        let fleet = "extend host h { file \"/etc/x\" { template = ./t } }\n";
        all.push(Case {
            name,
            files: vec![("a.qg", format!("{FLEET}{fleet}")), ("t", template)],
            codes: &["QG0633"],
        });
    }
    run(all);
}

#[test]
fn regular_expressions() {
    let cases = [
        ("groups", "(", ")"),
        ("open groups", "(", ""),
        ("repetitions", "(", "){9}"),
        ("a row of repetitions", "", "{1}"),
        ("stars", "", "*"),
        ("classes", "[", "]"),
        ("groups that look", "(?:(?i)", ")"),
        ("letters", "\\\\p{L}", ""),
    ];
    let mut all = Vec::new();
    for (name, open, close) in cases {
        let pattern = format!("{}a{}", open.repeat(DEEP), close.repeat(DEEP));
        let text = format!("{FLEET}let a = matches(\"a\", \"{pattern}\")\n");
        all.push(Case::new(name, text, &["QG0418"]));
    }
    let flat = format!("{FLEET}let a = matches(\"a\", \"{}\")\n", "a|".repeat(DEEP / 10));
    all.push(Case::new("alternatives", flat, &[]));
    run(all);
}

/// What checks read as Traefik does, or as Go does.
#[test]
fn rules_and_conditions() {
    let middleware = |name, codes, open: &str, middle: &str, close: &str| {
        let text = format!("{}{middle}{}", open.repeat(DEEP), close.repeat(DEEP));
        let does = format!("circuitBreaker {{ expression = \"{text}\" }}");
        Case::new(name, format!("{FLEET}middleware m {{ does = {does} }}\n"), codes)
    };
    let rule = |name, codes, open: &str, close: &str| {
        let text = format!("{}Host(`a.b`){}", open.repeat(DEEP), close.repeat(DEEP));
        let router = format!("{{ rule = \"{text}\", service = \"x\", tls = {{ }} }}");
        let dynamic = format!("dynamic.http.routers.r = {router}");
        let proxy = format!("proxy p {{\n on = host.h\n engine = traefik {{ {dynamic} }}\n}}\n");
        Case::new(name, format!("{FLEET}{proxy}"), codes)
    };
    let measured = "NetworkErrorRatio() > 0.5";
    let (wrong, dropped): (&[&str], &[&str]) = (&["QG0532"], &["QG0573"]);
    run(vec![
        middleware("brackets of a condition", wrong, "(", measured, ")"),
        middleware("open brackets of a condition", wrong, "(", "", ""),
        middleware("parts of a condition", &[], "NetworkErrorRatio() > 0.5 || ", measured, ""),
        middleware("negations of a condition", wrong, "!", measured, ""),
        rule("brackets of a rule", dropped, "(", ")"),
        rule("negations of a rule", dropped, "!", ""),
        rule("parts of a rule", &[], "Host(`a`) || ", ""),
        rule("both kinds of parts", &[], "Host(`a`) || Host(`b`) && ", ""),
    ]);
}
