//! Nothing that is small as a text is large as a fleet without being told so: each of these ends within
//! two GiB and ten seconds, with a finding or with an answer.

use std::fmt::Write as _;
use std::fs;

use qg_tests::bounded;

const QGC: &str = env!("CARGO_BIN_EXE_qgc-under-test");

/// That nothing uses or runs what is only there to be large is not the question.
const NOT_ASKED: [&str; 3] = ["QG0231", "QG0840", "QG0842"];

/// What `qgc check` says of a text, one finding a line.
fn check(name: &str, text: &str) -> String {
    let said = check_as(name, text, "short");
    let asked = |it: &&str| !NOT_ASKED.iter().any(|code| it.contains(code));
    said.lines().filter(asked).map(|it| it.to_owned() + "\n").collect()
}

fn check_as(name: &str, text: &str, format: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("fleet.qg");
    fs::write(&file, text).expect("a source can be written");
    let mut command = bounded::command(QGC);
    command.args(["check", "--format", format]).arg(&file);
    let ran = bounded::output(&mut command, b"").unwrap_or_else(|ended| panic!("{name}: {ended}"));
    String::from_utf8(ran.stdout).expect("findings are text")
}

/// Each value is made of several of the one before it.
fn doubled(steps: usize, first: &str, next: &str) -> String {
    let mut text = format!("let a0 = {first}\n");
    for step in 1..=steps {
        let next = next.replace('@', &format!("a{}", step - 1));
        writeln!(text, "let a{step} = {next}").expect("a string takes it");
    }
    text
}

#[test]
fn what_doubles_ends() {
    let host = |what: &str| format!("host h {{\n  system = x86_64_linux\n  {what}\n}}\n");
    let lists = doubled(9, "1", "[@, @, @, @, @, @, @, @]");
    let records = doubled(60, "{ n = 1 }", "{ xs = [@, @] }");
    let fields = doubled(60, "{ n = 1 }", "{ l = @, r = @ }");
    let texts = doubled(60, "\"0123456789\"", "\"${@}${@}\"");
    let others = records.replace('a', "b");
    let mut calls = "fn f0(x: int) -> int = x + 1\n".to_owned();
    for step in 1..60 {
        let before = step - 1;
        writeln!(calls, "fn f{step}(x: int) -> int = f{before}(x) + f{before}(x)")
            .expect("it fits");
    }
    let cases: &[(&str, String, &str)] = &[
        ("lists in lists", lists.clone(), "QG0414"),
        ("lists in a file", lists.clone() + &host("file \"/x\" { yaml = { a = a9 } }"), "QG0414"),
        ("lists in an option", lists.clone() + &host("nix { a.b = a9 }"), "QG0414"),
        ("lists in a Nix expression", lists + "let x = nix\"${a9}\"\n", "QG0414"),
        ("records in records", records.clone(), ""),
        // What a `let` in a body reads is known once, however often it is named.
        (
            "what is read in a body",
            format!(
                "let k = 1\nlet r = {{\n{}  n = a60\n}}\n",
                doubled(60, "k", "{ xs = [@, @] }")
            ),
            "",
        ),
        ("equal records", records.clone() + &others + "let x = a60 == b60\n", ""),
        ("records in fields", fields, "QG0422"),
        ("records in a set", records.clone() + "let x = unique([a60, a59])\n", "QG0413"),
        ("records in a file", records + &host("file \"/x\" { yaml = a60 }"), "QG0425"),
        ("texts in texts", texts, "QG0419"),
        (
            "many large texts",
            doubled(19, "\"0123456789abcdef\"", "\"${@}${@}\"")
                + "let x = [for i in range(1, 100000): \"${a19}${i}\"]\n",
            "QG0413",
        ),
        (
            "secrets in texts",
            doubled(40, "\"${secret.s}\"", "\"${@}${@}\"") + "secret s { key = \"s\" }\n",
            "QG0419",
        ),
        (
            "lists from a function",
            doubled(60, "[1]", "d(@)") + "fn d(x: [int]) -> [int] = x + x\n",
            "QG0414",
        ),
        ("calls in calls", calls + "let x = f59(1)\n", "QG0413"),
        (
            "a schema that holds itself twice",
            "schema T { l: T = {}, r: T = {} }\nextend schema Model { t: {T} = {} }\nt a {}\n"
                .into(),
            "QG0319",
        ),
        (
            "a payload that holds itself twice",
            "enum E { a, b { l: E = b, r: E = b } }\nschema T { e: E = b }\n\
             extend schema Model { t: {T} = {} }\nt a {}\n"
                .into(),
            "QG0421",
        ),
    ];
    for (name, text, code) in cases {
        let said = check(name, text);
        assert!(said.contains(code), "{name}: wanted {code:?}, got {said}");
        assert!(!code.is_empty() || said.is_empty(), "{name}: {said}");
    }
}

/// Whoever reaches a limit is told what to do, whichever way led there.
#[test]
fn limits_say_what_to_do() {
    let texts = doubled(60, "\"0123456789\"", "\"${@}${@}\"");
    let joined = "let a = [for i in range(1, 100000): \"0123456789\"]\n\
                  let b = join(a)\nlet c = [for i in range(1, 40): b]\nlet x = join(c)\n";
    let replaced = doubled(20, "\"0123456789\"", "\"${@}${@}\"")
        + "let x = replace(a20, \"0\", \"0000000000\")\n";
    let functions: String = (1..30_000).fold("fn f0(a: int) = a\n".to_owned(), |text, at| {
        text + &format!("fn f{at}(a: int) = f{}(a)\n", at - 1)
    });
    let cases: &[(&str, String, &str)] = &[
        (
            "definitions",
            doubled(30_000, "1", "@ + 1").lines().rev().collect::<Vec<_>>().join("\n"),
            "QG0415",
        ),
        ("copies", doubled(2_000, "{ a = 1 }", "@ with { a = 2 }"), "QG0415"),
        ("calls", functions + "let x = f29999(1)\n", "QG0415"),
        ("texts", texts, "QG0419"),
        ("joined", joined.to_owned(), "QG0419"),
        ("replaced", replaced, "QG0419"),
    ];
    for (name, text, code) in cases {
        let said = check_as(name, text, "human");
        assert!(said.contains(&format!("[{code}]")), "{name}: {said}");
        assert_eq!(said.matches("[QG").count(), said.matches("Help: ").count(), "{name}: {said}");
    }
}

#[test]
fn loops_in_loops_end() {
    let cases: &[(&str, &str, &str)] = &[
        ("ranges in a range", "let x = [for a in range(1, 10000): range(1, 10000)]", "QG0414"),
        (
            "three loops",
            "let x = [for a in range(1, 1000) for b in range(1, 1000) for c in range(1, 1000): a]",
            "QG0414",
        ),
        (
            "loops that give nothing",
            "let x = [for a in range(1, 100000) for b in range(1, 100000) if a > b and a < b: a]",
            "QG0413",
        ),
        (
            "services in two loops",
            "for a in range(1, 1000) { for b in range(1, 1000) { service \"s${a}-${b}\" { about = \"x\" } } }",
            "QG0413",
        ),
        (
            "joined again and again",
            "let a = [for i in range(1, 100000): \"0123456789\"]\nlet x = [for i in range(1, 10000): join(a)]",
            "QG0413",
        ),
        (
            "a pattern for each turn",
            "let x = [for i in range(1, 100000): matches(\"aaaaaa\", \"a{200}${i}\")]",
            "QG0413",
        ),
    ];
    for (name, text, code) in cases {
        let said = check(name, text);
        assert!(said.contains(code), "{name}: wanted {code}, got {said}");
    }
}

/// As many of a thing as no fleet has, each beside all others. What compares each with each, or walks
/// all ways through them, does not end in time.
#[test]
fn many_of_a_thing_end() {
    let many =
        |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let group = |of: usize| {
        let members = many(of, &|it| format!("{{ name = backend.b{it}, weight = 1 }}, "));
        format!("backend b{of} {{ does = weighted {{ services = [{members}] }} }}\n")
    };
    let server =
        "backend b0 { does = loadBalancer { servers = [{ to = \"http://10.0.0.1:80\" }] } }\n";
    // Each path is guarded otherwise than the one above it.
    let routes = |count: usize| {
        let proxy = "host h { system = x86_64_linux, state_version = \"25.05\", address = 10.0.0.1 }\n\
            proxy p { on = host.h, engine = traefik {} }\nfleet { domain = \"example.org\", open = [service.s] }\n\
            service s {\n on = host.h\n ports.web = 8080\n";
        let route = |it: usize| {
            let expose = if it.is_multiple_of(2) { "lan" } else { "public" };
            format!(
                " route r{it} {{ host = \"a.example.org\", path = \"/p{it}\", to = ports.web, expose = {expose}, login = none }}\n"
            )
        };
        proxy.to_owned() + &many(count, &route) + "}\n"
    };
    let proxies = |count: usize| {
        let host =
            "host h { system = x86_64_linux, state_version = \"25.05\", address = 10.0.0.1 }\n";
        let proxy = |it: usize| format!("proxy p{it} {{ on = host.h, engine = traefik {{}} }}\n");
        host.to_owned() + &many(count, &proxy)
    };
    let cases: &[(&str, String, &str)] = &[
        (
            "backends that weigh all others",
            server.to_owned() + &many(60, &|it| if it == 0 { String::new() } else { group(it) }),
            "",
        ),
        (
            "a chain of middlewares",
            many(10_000, &|it| match it {
                0 => "middleware m0 { does = compress {} }\n".to_owned(),
                _ => {
                    let inner = it - 1;
                    format!(
                        "middleware m{it} {{ does = chain {{ middlewares = [middleware.m{inner}] }} }}\n"
                    )
                }
            }),
            "",
        ),
        (
            "names that are nearly right",
            many(10_000, &|it| format!("let name{it} = naem{it}\n")),
            "QG0201",
        ),
        (
            "types that are nearly right",
            many(5_000, &|it| format!("schema Name{it} {{ a: Naem{it} }}\n")),
            "QG0202",
        ),
        (
            "variants that are nearly right",
            format!(
                "enum E {{ {} }}\nlet all: [E] = [{}]\n",
                many(5_000, &|it| format!("name{it}, ")),
                many(5_000, &|it| format!("naem{it}, ")),
            ),
            "QG0",
        ),
        (
            "keys of one map",
            format!(
                "host h {{ system = x86_64_linux, state_version = \"25.05\" }}\nservice s {{\n on = host.h\n container {{ image = \"docker.io/a/b:1\"\n{} }}\n}}\n",
                many(5_000, &|it| format!("  env.K{it} = {it}\n")),
            ),
            "",
        ),
        (
            "containers of one host",
            "host h { system = x86_64_linux, state_version = \"25.05\" }\n".to_owned()
                + &many(1_500, &|it| {
                    format!(
                        "service c{it} {{ on = host.h, container {{ image = \"docker.io/a/b:1\", mounts.\"/x\" = {{ source = /srv/d{it} }} }} }}\n"
                    )
                }),
            "",
        ),
        (
            "names that another file does not have",
            many(8_000, &|it| format!("pub let name{it} = 1\nimport fleet.naem{it}\n")),
            "QG0",
        ),
        ("routes on one name", routes(4_000), ""),
        ("proxies on one host", proxies(4_000), "QG0533"),
        (
            "lets in one body",
            format!(
                "service s {{\n{}  about = \"${{x0}}\"\n}}\n",
                many(5_000, &|it| {
                    if it == 4_999 {
                        format!("  let x{it} = 1\n")
                    } else {
                        format!("  let x{it} = 2\n")
                    }
                })
            ),
            "",
        ),
    ];
    for (name, text, code) in cases {
        let said = check(name, text);
        assert!(
            said.contains(code),
            "{name}: wanted {code:?}, got {}",
            said.lines().next().unwrap_or("")
        );
        assert!(
            !code.is_empty() || said.is_empty(),
            "{name}: {}",
            said.lines().next().unwrap_or("")
        );
    }
}

#[test]
fn the_manifest_says_how_much_memory_there_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    };
    write("fleet.qg", "pub let x = [for i in range(1, 200000): { n = i }]\n");
    let check = |memory: &str| {
        write("qg.toml", &format!("[limits]\nmemory = \"{memory}\"\n"));
        let mut command = bounded::command(QGC);
        command.args(["check", "--format", "short"]).arg(folder.path());
        let ran = bounded::output(&mut command, b"").unwrap_or_else(|ended| panic!("{ended}"));
        String::from_utf8(ran.stdout).expect("findings are text")
    };
    let said = check("64MiB");
    assert!(said.contains("QG0425") && said.contains("more than 64MiB"), "{said}");
    assert_eq!(check("1GiB"), "");
}

/// What one value of the evaluation is written out to, many times.
#[test]
fn what_is_written_out_is_weighed_before() {
    let hosts = |count: usize, of: &str| -> String {
        let one = |it| {
            format!("host h{it} {{ system = x86_64_linux, state_version = \"25.05\", {of} }}\n")
        };
        (0..count).map(one).collect()
    };
    let numbers = "1, ".repeat(200_000);
    let lines = "let l = join([for i in range(1, 500000): \"0\\n\"])\n";
    let cases = [
        (
            "numbers",
            format!("let xs = [{numbers}]\n")
                + &hosts(20, "file \"/etc/x\" { yaml = { xs = xs } }"),
        ),
        ("lines", lines.to_owned() + &hosts(300, "file \"/etc/x\" { text = l }")),
    ];
    for (name, text) in &cases {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("fleet.qg"), text).expect("a source can be written");
        for job in ["check", "compile"] {
            let mut command = bounded::command(QGC);
            command.args([job, "--format", "short"]).arg(folder.path().join("fleet.qg"));
            let ran = bounded::output(&mut command, b"");
            let ran = ran.unwrap_or_else(|ended| panic!("{name}, {job}: {ended}"));
            let said = String::from_utf8_lossy(&ran.stdout);
            assert!(said.contains("QG0425"), "{name}, {job}: {said}");
            assert_eq!(ran.status.code(), Some(1), "{name}, {job}");
        }
    }
}

/// Many files, each no larger than a file may be.
#[test]
fn many_large_files_are_refused_before_they_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    };
    let check = || {
        let mut command = bounded::command(QGC);
        command.args(["check", "--format", "short"]).arg(folder.path());
        let ran = bounded::output(&mut command, b"").unwrap_or_else(|ended| panic!("{ended}"));
        String::from_utf8(ran.stdout).expect("findings are text")
    };
    let text = "t { a = 1 }\n".repeat((4 << 20) / 12);
    for number in 10..30 {
        write(&format!("f{number}.qg"), &text);
    }
    write("qg.toml", "");
    let said = check();
    assert!(said.contains("f11.qg:1:1") && said.contains("QG0024"), "{said}");
    assert_eq!(said.lines().count(), 1, "nothing is said of half a fleet: {said}");

    // As much as is allowed, of what takes the most: a mistake on each line.
    let text = "a=[b]\n".repeat((3 << 20) / 6);
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("qg.toml"), "").expect("a file can be written");
    for name in ["a.qg", "b.qg"] {
        fs::write(folder.path().join(name), &text).expect("a file can be written");
    }
    let mut command = bounded::command(QGC);
    command.args(["check", "--format", "short"]).arg(folder.path());
    let ran = bounded::output(&mut command, b"").unwrap_or_else(|ended| panic!("{ended}"));
    assert!(String::from_utf8_lossy(&ran.stdout).contains("QG0204"));

    // The last byte that is allowed, and one more.
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    };
    let check = |sources: usize| {
        write("qg.toml", &format!("[limits]\nsources = \"{sources}B\"\n"));
        let mut command = bounded::command(QGC);
        command.args(["check", "--format", "short"]).arg(folder.path());
        let ran = bounded::output(&mut command, b"").unwrap_or_else(|ended| panic!("{ended}"));
        String::from_utf8(ran.stdout).expect("findings are text")
    };
    write("a.qg", "let _a= 1\n");
    write("b.qg", "let _b= 1\n");
    assert_eq!(check(20), "");
    assert!(check(19).contains("b.qg:1:1"), "{}", check(19));
    assert!(check(9).contains("a.qg:1:1"), "the rest is not read: {}", check(9));
}

#[test]
fn the_manifest_says_how_many_steps_there_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    };
    write(
        "fleet.qg",
        "pub let n = sum([for a in range(1, 3000) for b in range(1, 1000) if a == b: 1])\n",
    );
    let check = |manifest: &str| {
        write("qg.toml", manifest);
        let mut command = bounded::command(QGC);
        command.args(["check"]).arg(folder.path());
        let ran = bounded::output(&mut command, b"").unwrap_or_else(|ended| panic!("{ended}"));
        String::from_utf8(ran.stdout).expect("findings are text")
    };
    let said = check("");
    assert!(said.contains("QG0413") && said.contains("`steps` below `[limits]`"), "{said}");
    assert_eq!(check("[limits]\nsteps = 50_000_000\n"), "");
}

/// Many routes of one name, each with its place among them: each is held against those above it, and not against all.
#[test]
fn many_routes_of_one_name_are_not_held_against_one_another() {
    let mut text = "fleet { domain = \"example.org\" }\n\
        host a { system = x86_64_linux, state_version = \"25.05\", address = 10.0.0.1 }\n\
        host b { system = x86_64_linux, state_version = \"25.05\", address = 10.0.0.2 }\n\
        default proxy { engine = traefik { acme = { email = \"a@example.org\" } } }\n\
        proxy p { on = host.a }\nproxy q { on = host.b }\n"
        .to_owned();
    for number in 0..2500 {
        let host = if number % 50 == 0 { "b" } else { "a" };
        writeln!(
            text,
            "service s{number} {{ on = host.{host}, ports.web = {}, route web {{ to = ports.web, host = \"all\", \
             path = \"/p{number}\", expose = public, priority = {} }} }}",
            2000 + number,
            100 + number
        )
        .expect("a string takes it");
    }
    assert_eq!(check("routes of one name", &text), "");
    let lost = "service last { on = host.a, ports.web = 9000, route web { to = ports.web, host = \"all\", \
        path = \"/p1/below\", expose = public, priority = 7 } }\n";
    let said = check("a route that is never reached", &(text + lost));
    assert!(said.contains("of service.last.route.web and service.s1.route.web the one"), "{said}");
}
