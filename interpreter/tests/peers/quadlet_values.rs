//! Any value that the compiler lets through reaches Podman byte for byte.

use std::collections::BTreeMap;

use qg_lang::path::normal;

use crate::dice::{Dice, PARTS, literal};
use crate::fleets::{Sources, compile};
use crate::quadlet::{Generated, generate};
use crate::readers;

const FLEET: &str = r#"
fleet { domain = "example.org", state = /srv }
host Box { system = x86_64_linux, state_version = "25.05" }
"#;

/// A way to hand a text to Podman: what is written in a container's body, and the words of the command line that it
/// must become.
struct Way {
    key: &'static str,
    body: fn(&str) -> String,
    words: fn(&str) -> Vec<String>,
    /// Whether everything without a zero byte can be written.
    holds_all: bool,
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

const WAYS: &[Way] = &[
    Way {
        key: "env",
        body: |text| format!("env.NAME = {}", literal(text)),
        words: |text| owned(&["--env", &format!("NAME={text}")]),
        holds_all: true,
    },
    Way {
        key: "label",
        body: |text| format!("labels.\"a.b\" = {}", literal(text)),
        words: |text| owned(&["--label", &format!("a.b={text}")]),
        holds_all: true,
    },
    Way {
        key: "command",
        body: |text| format!("command = [\"x\", {}, \"y\"]", literal(text)),
        words: |text| owned(&["docker.io/x/x:1", "x", text, "y"]),
        holds_all: true,
    },
    Way {
        key: "argument",
        body: |text| format!("podman_args = [{}]", literal(&format!("--x={text}"))),
        words: |text| vec![format!("--x={text}")],
        holds_all: true,
    },
    Way {
        key: "health",
        body: |text| format!("health = {{ command = [\"x\", {}] }}", literal(text)),
        words: |text| vec!["--health-cmd".to_owned(), serde_json::to_string(&["x", text]).unwrap()],
        holds_all: true,
    },
    Way {
        key: "entrypoint",
        body: |text| format!("entrypoint = [\"x\", {}]", literal(text)),
        words: |text| vec!["--entrypoint".to_owned(), serde_json::to_string(&["x", text]).unwrap()],
        holds_all: true,
    },
    Way {
        key: "sysctl",
        body: |text| format!("sysctl.\"a.b\" = {}", literal(text)),
        words: |text| owned(&["--sysctl", &format!("a.b={text}")]),
        holds_all: false,
    },
    // A path has one spelling, whatever is written (decision 47).
    Way {
        key: "mount",
        body: |text| format!("mounts.\"/data\" = /srv / {}", literal(&format!("x{text}y"))),
        words: |text| owned(&["-v", &format!("{}:/data", normal(&format!("/srv/x{text}y")))]),
        holds_all: false,
    },
    Way {
        key: "target",
        body: |text| format!("mounts.{} = /x", literal(&format!("/x{text}y"))),
        words: |text| owned(&["-v", &format!("/x:/x{text}y")]),
        holds_all: false,
    },
    Way {
        key: "tmpfs",
        body: |text| format!("tmpfs = [/srv / {}]", literal(&format!("x{text}y"))),
        words: |text| owned(&["--tmpfs", &normal(&format!("/srv/x{text}y"))]),
        holds_all: false,
    },
];

#[test]
fn values_reach_podman_as_they_are() {
    let Some(generator) = readers::quadlet() else { return };
    let mut dice = Dice(3);
    let mut sources = Sources::default();
    sources.add("fleet.qg", FLEET);
    let mut wanted: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (number, way) in WAYS.iter().enumerate() {
        for at in 0..120 {
            let text = dice.text(PARTS, 6);
            let name = format!("{}-{at}", way.key);
            let body = (way.body)(&text);
            let source = format!(
                "service {name} {{\n  on = host.Box\n  container {{\n    image = \"docker.io/x/x:1\"\n    {body}\n  }}\n}}\n"
            );
            sources.add(&format!("{name}.qg"), &source);
            wanted.insert(name, (number, text));
        }
    }
    let (files, refused) = compile(&sources);
    let generated = generate(&generator, &files, "Box");
    assert!(generated.success, "{}", generated.messages);
    let mut reached = vec![0; WAYS.len()];
    let mut wrong = Vec::new();
    for (name, (number, text)) in &wanted {
        let way = &WAYS[*number];
        let codes = refused.get(&format!("{name}.qg"));
        if let Some(codes) = codes {
            let fitting =
                |code: &&str| ["QG0601", "QG0417"].contains(code) || code.starts_with("QG03");
            if way.holds_all || !codes.iter().all(fitting) {
                wrong.push(format!("{name} is refused: {codes:?} {text:?}"));
            }
            continue;
        }
        let command = command(&generated, name);
        let words = (way.words)(text);
        let found = command.windows(words.len()).any(|window| window == words);
        // What a path with a colon becomes is checked on its own.
        let long = *text != text.replace(':', "") && command.contains(&"--mount".to_owned());
        if !found && !long {
            wrong.push(format!("{name}: {words:?} is not in {command:?}"));
        }
        reached[*number] += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (way, reached) in WAYS.iter().zip(reached) {
        assert!(reached > 10, "{}: only {reached} values were tried", way.key);
    }
}

fn command(generated: &Generated, name: &str) -> Vec<String> {
    let unit = generated.units.get(&format!("{name}.service"));
    unit.unwrap_or_else(|| panic!("no unit for {name}:\n{}", generated.messages)).command()
}

/// Values of builds, which the generator writes into the command that builds.
#[test]
fn values_of_builds_reach_podman_as_they_are() {
    let Some(generator) = readers::quadlet() else { return };
    let mut dice = Dice(11);
    let mut sources = Sources::default();
    sources.add("fleet.qg", FLEET);
    let mut wanted = BTreeMap::new();
    for at in 0..200 {
        let text = dice.text(PARTS, 6);
        let name = format!("b-{at}");
        let value = literal(&text);
        let source = format!(
            "build {name} {{\n  on = host.Box\n  context = /srv\n  args.ARG = {value}\n  env.ENV = {value}\n  labels.\"a.b\" = {value}\n  podman_args = [{}]\n}}\n",
            literal(&format!("--x={text}"))
        );
        sources.add(&format!("{name}.qg"), &source);
        wanted.insert(name, text);
    }
    let (files, refused) = compile(&sources);
    assert!(refused.is_empty(), "{refused:?}");
    let generated = generate(&generator, &files, "Box");
    assert!(generated.success, "{}", generated.messages);
    for (name, text) in &wanted {
        let unit = &generated.units[&format!("{name}-build.service")];
        let command = unit.command();
        for words in [
            // The key came with 5.7; before it is an argument.
            vec![format!("--build-arg=ARG={text}")],
            vec!["--env".to_owned(), format!("ENV={text}")],
            vec!["--label".to_owned(), format!("a.b={text}")],
            vec![format!("--x={text}")],
        ] {
            let found = command.windows(words.len()).any(|window| window == words);
            assert!(found, "{name}: {words:?} is not in {command:?}");
        }
    }
}
