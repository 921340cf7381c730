//! What is written is read back by Nix itself.
#![allow(clippy::unwrap_used)]

use std::process::Command;

use serde_json::{Value, json};

use super::*;

fn at(id: u32) -> OriginId {
    OriginId(id)
}

/// What Nix makes of an expression; none where there is no Nix.
fn eval(text: &str) -> Option<Value> {
    if Command::new("nix-instantiate").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI needs nix-instantiate (Debian's nix-bin)");
        eprintln_missing();
        return None;
    }
    let folder = std::env::temp_dir().join(format!("qg-nix-{}-{:p}", std::process::id(), text));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("it.nix");
    std::fs::write(&path, text).unwrap();
    let out = Command::new("nix-instantiate")
        .args(["--eval", "--strict", "--json", "--read-write-mode", "--store"])
        .arg("dummy://")
        .arg(&path)
        .env("NIX_STATE_DIR", &folder)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(out.status.success(), "{}\n{text}", String::from_utf8_lossy(&out.stderr));
    Some(serde_json::from_slice(&out.stdout).unwrap())
}

#[allow(clippy::print_stderr)]
fn eprintln_missing() {
    eprintln!("skipped: nix-instantiate is not installed");
}

/// A generator of numbers, the same ones at each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % sides
    }
}

const PARTS: &[&str] = &[
    "$", "{", "}", "''", "'", "\"", "\\", "\n", " ", "  ", "\t", "\r", "a", "${x}", "$${", "''$",
    "é", "😀", "#", "/*", ";", "\u{1}", "\u{7f}", "\n\n", "\n ", "\n    ", "\\n", "n", "''\\",
    "if", "@", "\u{feff}", "\u{2028}",
];

fn hostile(dice: &mut Dice) -> String {
    (0..dice.roll(9)).map(|_| PARTS[dice.roll(PARTS.len())]).collect()
}

#[test]
fn strings_and_names_survive() {
    let mut dice = Dice(7);
    let mut attrs = Attrs::new();
    let mut wanted = serde_json::Map::new();
    for (number, word) in
        ["if", "or", "a.b", "", "1a", "a'b", "-x", "let", "__x"].iter().enumerate()
    {
        attrs.put(&["names", word], Nix::int(number as i64, at(1)));
        wanted.insert((*word).to_owned(), json!(number));
    }
    let mut texts = Vec::new();
    let mut deep = serde_json::Map::new();
    for number in 0..6000 {
        let text = hostile(&mut dice);
        let name = hostile(&mut dice);
        attrs.put(&["deep", "er", &format!("k{number}"), &name], Nix::text(text.clone(), at(1)));
        deep.insert(format!("k{number}"), json!({ name: text.clone() }));
        texts.push(text);
    }
    attrs.put(&["list"], Nix::texts(texts.iter().map(|text| (text.as_str(), at(2)))));
    let document = expression(&[], &Nix::set(attrs));
    assert_eq!(document.text.lines().count(), document.lines.len());
    let Some(found) = eval(&document.text) else { return };
    assert_eq!(found["names"], Value::Object(wanted));
    for (number, text) in texts.iter().enumerate() {
        assert_eq!(&found["list"][number], text);
        let key = format!("k{number}");
        assert_eq!(found["deep"]["er"][&key], deep[&key]);
    }
}

#[test]
fn code_in_strings_survives() {
    let mut dice = Dice(11);
    let mut items = Vec::new();
    let mut wanted = Vec::new();
    for _ in 0..3000 {
        let (first, last) = (hostile(&mut dice), hostile(&mut dice));
        let code = Piece::Code("\"<\" + \"$x>\"".to_owned());
        wanted.push(format!("{first}<$x>{last}"));
        let pieces = vec![Piece::Text(first), code, Piece::Text(last)];
        items.push(Nix::new(NixNode::Text(pieces), &[]));
    }
    let document = expression(&[], &Nix::list(items));
    let Some(found) = eval(&document.text) else { return };
    for (at, text) in wanted.iter().enumerate() {
        assert_eq!(&found[at], text);
    }
}

#[test]
fn numbers_and_operands_survive() {
    let floats = [0.5, 1e300, 1e-7, -2.5, 100.0, 0.0, 1e21, 123_456.789];
    let ints = [0, -1, i64::MAX, i64::MIN];
    let mut items: Vec<Nix> = floats.iter().map(|it| Nix::new(NixNode::Float(*it), &[])).collect();
    items.extend(ints.iter().map(|it| Nix::int(*it, at(1)).under("(x: x)")));
    items.extend(ints.iter().map(|it| Nix::int(*it, at(1))));
    items.push(Nix::code("1 + 1 # one\n", at(1)));
    items.push(Nix::code("if true then 1 else 2", at(1)).under("(x: x)"));
    items.push(Nix::list(vec![Nix::code("1 + 2", at(1))]));
    items.push(Nix::new(NixNode::Float(f64::INFINITY), &[]).under("(x: x > 1.0e308)"));
    items.push(Nix::file("a b/$x", at(1)).under("baseNameOf"));
    let document = expression(&["A comment."], &Nix::list(items));
    let Some(found) = eval(&document.text) else { return };
    let mut wanted: Vec<Value> = floats.iter().map(|it| json!(it)).collect();
    wanted.extend(ints.iter().chain(&ints).map(|it| json!(it)));
    wanted.extend([json!(2), json!(1), json!([3]), json!(true), json!("$x")]);
    for (found, wanted) in found.as_array().unwrap().iter().zip(&wanted) {
        // Nix writes fractions with six digits.
        let near = |a: f64, b: f64| (a - b).abs() <= b.abs() * 1e-5;
        let equal =
            found == wanted || found.as_f64().zip(wanted.as_f64()).is_some_and(|(a, b)| near(a, b));
        assert!(equal, "{found} {wanted}\n{}", document.text);
    }
    assert_eq!(found.as_array().unwrap().len(), wanted.len());
}

#[test]
fn the_layout() {
    let mut attrs = Attrs::new();
    attrs.put(&["services", "x", "enable"], Nix::bool(true, at(1)));
    attrs.put(&["b"], Nix::list(vec![Nix::int(1, at(2)), Nix::int(2, at(3))]));
    attrs.put(&["b"], Nix::list(vec![Nix::int(-3, at(4))]));
    attrs.put(&["a", "c"], Nix::text("x", at(5)).under("lib.mkForce"));
    attrs.put(&["a", "d"], Nix::text("one\n  ${two}\n\n", at(6)));
    attrs.put(&["e"], Nix::list(vec![Nix::file("x.nix", at(7))]));
    attrs.put(&["f"], Nix::set(Attrs::new()));
    attrs.put(&["g"], Nix::code("{\n  x = 1;\n}", at(8)));
    assert!(!attrs.put(&["f", "x"], Nix::int(1, at(9))) || attrs.get("f").is_some());
    assert!(!attrs.put(&["b"], Nix::int(1, at(9))));
    assert!(!attrs.put(&["b", "x"], Nix::int(1, at(9))));
    let document = module(&["Made."], &attrs);
    let wanted = "\
# Made.
{ lib, ... }:
{
  a = {
    c = lib.mkForce \"x\";
    d = ''
      one
        ''${two}

    '';
  };
  b = [
    1
    2
    (-3)
  ];
  e = [ ./x.nix ];
  f.x = 1;
  g = {
  x = 1;
};
  services.x.enable = true;
}
";
    assert_eq!(document.text, wanted);
    let line = |text: &str| {
        let number = wanted.lines().position(|line| line.trim() == text).unwrap();
        document.lines[number].clone()
    };
    assert_eq!(line("c = lib.mkForce \"x\";"), [at(5)]);
    assert_eq!(line("(-3)"), [at(4)]);
    assert_eq!(line("e = [ ./x.nix ];"), [at(7)]);
    assert_eq!(line("services.x.enable = true;"), [at(1)]);
    assert_eq!(document.lines.len(), wanted.lines().count());
    assert_eq!(attrs.leaves().len(), 7);
}

#[test]
fn a_module_asks_for_what_its_code_names() {
    let mut attrs = Attrs::new();
    attrs.put(&["x"], Nix::code("pkgs.hello.override { inherit lib; }", at(1)));
    attrs.put(&["y"], Nix::text("options config", at(1)));
    assert!(module(&[], &attrs).text.starts_with("{ lib, pkgs, ... }:\n"));
    attrs.put(&["z"], Nix::code("config.x", at(1)));
    assert!(module(&[], &attrs).text.starts_with("{\n  config,\n  lib,\n  pkgs,\n  ...\n}:\n"));
    assert_eq!(module(&[], &Attrs::new()).text, "{ ... }:\n{ }\n");
}

#[test]
fn deep_sets_do_not_overflow() {
    let mut attrs = Attrs::new();
    for _ in 0..2000 {
        let mut outer = Attrs::new();
        outer.put(&["a"], Nix::set(attrs));
        outer.put(&["b"], Nix::int(1, at(1)));
        attrs = outer;
    }
    assert!(module(&[], &attrs).text.len() > 4000);
}
