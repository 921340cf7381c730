//! That nothing is lost by switching to what our fleet compiles to: the facts of the running machines in `tests/facts` hold, and every
//! option that a module of ours sets is one that NixOS or Home Manager has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use qg_interpreter::fleet::options::NixosOptions;
use qg_interpreter::fleet::options::fits::{fits, kind};
use qg_interpreter::fleet::options::place::{OptionPlace, OptionStep};
use qg_interpreter::formats::nix::NixExpr;
use qg_interpreter::targets;
use qg_tests::facts::{self, Fact};
use qg_tests::machines::{self, Machine};
use qg_tests::{disk, fleets, nix};
use serde_json::Value;
use tempfile::TempDir;

/// Our fleet, compiled, and its machines as Nix sees them.
fn fleet(program: &Path) -> (TempDir, BTreeMap<String, Machine>) {
    let built = fleets::built(disk::repository()).fleet.expect("a fleet");
    let folder = tempfile::tempdir().expect("a folder");
    nix::write(&targets::render(&built), folder.path());
    let machines = machines::evaluate(program, folder.path()).unwrap_or_else(|it| panic!("{it}"));
    (folder, machines)
}

#[test]
fn what_holds_today_holds_after_a_switch() {
    let Some(program) = nix::program() else { return };
    let (folder, machines) = fleet(&program);
    let said: BTreeMap<&str, BTreeSet<Fact>> = machines
        .iter()
        .map(|(name, it)| (name.as_str(), facts::of(it, &folder.path().join("hosts").join(name))))
        .collect();
    let rows = facts::rows();
    let mut wrong = Vec::new();
    for row in &rows {
        let hosts: Vec<&str> = match row.hosts.as_str() {
            "all" => said.keys().copied().collect(),
            hosts => hosts.split(", ").collect(),
        };
        for host in hosts {
            let said = said.get(host).unwrap_or_else(|| panic!("{}: no host {host}", row.place));
            if said.contains(&row.fact) != row.holds {
                let (what, value) = &row.fact;
                let now: Vec<&str> = said
                    .range((what.clone(), String::new())..)
                    .take_while(|it| it.0 == *what)
                    .map(|it| it.1.as_str())
                    .take(6)
                    .collect();
                let is = if row.holds { "is" } else { "is not" };
                wrong.push(format!("{}: {host}: {what} {is} {value}; now {now:?}", row.place));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    let different: BTreeSet<(&str, &Fact)> =
        rows.iter().map(|it| (it.hosts.as_str(), &it.fact)).collect();
    assert!(different.len() >= 400, "{} facts are too few", different.len());
}

/// Options that the tables lack, each with the reason, and `*` after what all below belongs to: `tests/facts/newer`.
fn newer() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(disk::folder("facts").join("newer")).expect("a list");
    let rows = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
    rows.map(|line| {
        let (option, reason) = line.split_once('\t').unwrap_or_else(|| panic!("{line}: no reason"));
        (option.to_owned(), reason.to_owned())
    })
    .collect()
}

#[test]
fn every_option_of_a_module_of_ours_exists() {
    let Some(program) = nix::program() else { return };
    let (_folder, machines) = fleet(&program);
    let options = NixosOptions::default();
    let listed = newer();
    let mut unused: BTreeSet<&str> = listed.iter().map(|it| it.0.as_str()).collect();
    let mut wrong = BTreeSet::new();
    for (host, machine) in &machines {
        let mut found = Vec::new();
        look(&machine.config, &options.top(), "", &mut found);
        for (option, why) in found {
            let is = |it: &&(String, String)| {
                let below = option.strip_prefix(it.0.as_str());
                below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            match listed.iter().find(is) {
                Some(row) => drop(unused.remove(row.0.as_str())),
                None => drop(wrong.insert(format!("{option}: {why} ({host})"))),
            }
        }
    }
    let all: Vec<String> = wrong.into_iter().collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
    assert!(unused.is_empty(), "listed in tests/facts/newer, and known or not set: {unused:?}");
}

/// What is no option, or not of its type, below a place.
fn look(value: &Value, here: &OptionPlace<'_>, at: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(all) => {
            for (key, value) in all {
                let dot = if at.is_empty() { "" } else { "." };
                let at = format!("{at}{dot}{key}");
                match here.key(key) {
                    OptionStep::Known(below) => look(value, &below, &at, found),
                    OptionStep::Open => {}
                    OptionStep::Unknown => found.push((at, "no such option".to_owned())),
                    OptionStep::Wrong => found.push((at, "it takes no record".to_owned())),
                }
            }
        }
        Value::Array(all) => match here.element() {
            OptionStep::Known(below) => all.iter().for_each(|it| look(it, &below, at, found)),
            OptionStep::Open => {}
            OptionStep::Unknown | OptionStep::Wrong => {
                found.push((at.to_owned(), "it takes no list".to_owned()));
            }
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let Some(value) = plain(value) else { return };
            // A place without a type is the way to options.
            if !here.types().any(|ty| ty.is_some_and(|ty| fits(ty, &value))) {
                found.push((at.to_owned(), format!("it takes no {}", kind(&value))));
            }
        }
    }
}

/// A value as the compiler would write it; none where only Nix knows what it is.
fn plain(value: &Value) -> Option<NixExpr> {
    Some(match value {
        Value::Bool(it) => NixExpr::Bool(*it),
        Value::Number(it) => match it.as_i64() {
            Some(it) => NixExpr::Int(it),
            None => NixExpr::Float(it.as_f64()?),
        },
        Value::String(text) => match text.split_once(':') {
            Some(("pkg", _)) => return None,
            Some(("path", path)) => NixExpr::Path(path.to_owned()),
            _ if text == "<function>" => return None,
            _ => NixExpr::Text(text.clone()),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    })
}

#[test]
fn modules_are_put_together_as_nixos_does() {
    let Some(program) = nix::program() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let answer = |modules: &str| {
        let machine = disk::repository().join("tests/peers/machine");
        let text = format!(
            "let lib = import {0}/lib.nix; in (import {0}/merge.nix {{ inherit lib; }} \
             {{ inherit lib; root = \"/nowhere\"; }} [ {modules} ]).config",
            machine.display()
        );
        let out =
            nix::run(&program, folder.path(), &["--eval", "--strict", "--json", "--expr", &text]);
        if out.status.success() {
            Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
        } else {
            Err(String::from_utf8_lossy(&out.stderr).into_owned())
        }
    };
    for (modules, wanted) in [
        ("{ a = [ 1 ]; } { a = [ 2 ]; }", r#"{"a":[1,2]}"#),
        ("{ a = [ 1 ]; } ({ lib, ... }: { a = lib.mkBefore [ 2 ]; })", r#"{"a":[2,1]}"#),
        ("{ a.b = 1; } { a.c = 2; }", r#"{"a":{"b":1,"c":2}}"#),
        ("{ a = 1; } { a = 1; }", r#"{"a":1}"#),
        ("{ a = 1; } { a = lib.mkForce 2; }", r#"{"a":2}"#),
        ("{ a = 1; } { a = lib.mkDefault 2; }", r#"{"a":1}"#),
        ("{ a = lib.mkIf false 1; b = 2; }", r#"{"b":2}"#),
        ("{ config = lib.mkMerge [ { a = 1; } (lib.mkIf true { b = 2; }) ]; }", r#"{"a":1,"b":2}"#),
        ("({ config, ... }: { a = config.b; }) { b = 3; }", r#"{"a":3,"b":3}"#),
        ("{ imports = [ { a = 1; } ]; b = 2; }", r#"{"a":1,"b":2}"#),
        (
            "{ options.a = lib.mkOption { default = 1; }; } ({ config, ... }: { b = config.a; })",
            r#"{"a":1,"b":1}"#,
        ),
        (
            "{ home-manager.users.me = { imports = [ ({ osConfig, ... }: { a = osConfig.b; }) ]; }; } { b = 4; }",
            r#"{"b":4,"home-manager":{"users":{"me":{"a":4}}}}"#,
        ),
    ] {
        assert_eq!(answer(modules).as_deref(), Ok(wanted), "{modules}");
    }
    let refused = answer("{ a.b = 1; } { a.b = 2; }").expect_err("it is refused");
    assert!(refused.contains("two values for a.b: 1 and 2"), "{refused}");
}

#[test]
fn two_evaluations_are_compared_option_by_option() {
    let Some(program) = nix::program() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let compare = disk::repository().join("hosts/compare.nix");
    let text = format!(
        "let o = value: {{ _type = \"option\"; isDefined = true; inherit value; }}; in \
         import {} {{ \
           old.options = {{ a.b = o 1; same = o [ 1 ]; f = o (x: x); fails = o (throw \"x\"); }}; \
           new.options = {{ a.b = o 2; same = o [ 1 ]; f = o (y: y); fails = o (throw \"y\"); more = o \"x\"; \
             unset = {{ _type = \"option\"; isDefined = false; }}; hidden = o 1 // {{ internal = true; }}; }}; \
         }}",
        compare.display()
    );
    let out = nix::run(&program, folder.path(), &["--eval", "--strict", "--json", "--expr", &text]);
    let told: String = serde_json::from_slice(&out.stdout).expect("a text");
    assert_eq!(told, "a.b\n  - 1\n  + 2\nmore\n  - not said\n  + \"x\"\n");
}
