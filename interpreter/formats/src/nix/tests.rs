#![allow(clippy::unwrap_used)]
use super::*;

fn print(nix: &Nix) -> String {
    expression(nix, &[]).text
}

fn set(entries: &[(&[&str], Nix)]) -> Set {
    let mut set = Set::new();
    for (path, value) in entries {
        set.put_at(path, value.clone());
    }
    set
}

#[test]
fn looks_as_people_write_it() {
    let by = OriginId(7);
    let options = set(&[
        (&["imports"], Nix::list(vec![Nix::path("a.nix", by), Nix::path("b c", by)], by)),
        (&["networking", "hostName"], Nix::text("x", by)),
        (&["services", "a", "n"], Nix::apply(&["lib", "mkForce"], vec![Nix::int(-5, by)])),
        (&["services", "a", "if"], Nix::list(vec![Nix::int(-5, by)], by)),
        (&["services", "é", "on"], Nix::bool(true, by)),
        (&["empty"], Set::new().nix(by)),
        (&["raw"], Nix::new(NixExpr::Raw("x # y".to_owned()), &[by])),
    ]);
    let document = module(&options, by, &["Made."]);
    assert_eq!(
        document.text,
        r#"# Made.
{ config, lib, pkgs, ... }:
{
  imports = [ ./a.nix (./. + "/b c") ];

  networking.hostName = "x";

  services = {
    a = {
      n = lib.mkForce (-5);
      "if" = [ (-5) ];
    };
    "é".on = true;
  };

  empty = { };

  raw = (x # y
  );
}
"#
    );
    let empty: Vec<&str> = document
        .text
        .split_terminator('\n')
        .zip(&document.lines)
        .filter(|(_, by)| by.is_empty())
        .map(|(line, _)| line.trim())
        .collect();
    assert_eq!(
        empty,
        [
            "# Made.",
            "{ config, lib, pkgs, ... }:",
            "",
            "",
            "services = {",
            "a = {",
            "};",
            "};",
            "",
            "",
            "}"
        ]
    );
    assert_eq!(document.text.lines().count(), document.lines.len());
}

#[test]
fn strings_and_holes() {
    let by = OriginId(1);
    assert_eq!(text("a\"\\\n\r\t$x ${y} $$ ''"), "\"a\\\"\\\\\\n\\r\\t$x \\${y} $$ ''\"");
    let hole = NixPart::Hole(Nix::select(&["config", "a b"], by));
    let filled = Nix::filled(vec![NixPart::Text("x$".into()), hole, NixPart::Text("{".into())], by);
    assert_eq!(print(&filled), "\"x\\$${config.\"a b\"}{\"\n");
    assert_eq!(name("or"), "\"or\"");
    assert_eq!(name("a-b'c_"), "a-b'c_");
    assert_eq!(name("1a"), "\"1a\"");
    assert_eq!(expression(&Nix::text("a\0", by), &[]).refused.len(), 1);
}

#[test]
fn what_the_store_cannot_call_so_has_another_name() {
    let by = OriginId(1);
    assert_eq!(print(&Nix::source("files/etc/motd", by)), "./files/etc/motd\n");
    let odd = Nix::source("files/etc/my file", by);
    let spelled = "builtins.path { name = \"qg-my-file\"; path = ./. + \"/files/etc/my file\"; }";
    assert_eq!(print(&odd), format!("{spelled}\n"));
    let inside = Nix::filled(vec![NixPart::Text("x ".into()), NixPart::Hole(odd)], by);
    assert_eq!(print(&inside), format!("\"x ${{{spelled}}}\"\n"));
}

#[test]
fn long_lists_take_a_line_for_each() {
    let items: Vec<Nix> = (0..40).map(|n| Nix::int(n, OriginId(n as u32 + 1))).collect();
    let document = expression(&Nix::list(items, OriginId(99)), &[]);
    assert_eq!(document.lines.len(), 42);
    assert_eq!(document.lines.get(3), Some(&vec![OriginId(3)]));
}

#[test]
fn puts_unite_sets_and_join_lists() {
    let one = |n: u32| Nix::list(vec![Nix::int(n, OriginId(n))], OriginId(n));
    let all = set(&[(&["a", "l"], one(1)), (&["a", "l"], one(2)), (&["a", "m"], one(3))]);
    let leaves = all.leaves();
    assert_eq!(leaves.len(), 2);
    assert_eq!(print(&leaves[0].1.clone()), "[ 1 2 ]\n");
    assert_eq!(leaves[0].1.all_origins().len(), 4);
}

#[test]
fn a_text_that_cannot_be_written_is_told() {
    let by = OriginId(4);
    let code = Nix::new(NixExpr::Raw("a # b\n".to_owned()), &[by]);
    let document = expression(&Nix::filled(vec![NixPart::Hole(code)], by), &[]);
    assert_eq!(document.text, "\"\"\n");
    assert_eq!(document.refused.iter().map(|it| it.by.clone()).collect::<Vec<_>>(), [[by, by]]);
}

#[test]
fn what_is_said_twice_goes_out_with_the_file() {
    let mut set = Set::new();
    set.put_at(&["a", "b"], Nix::int(1, OriginId(1)));
    set.put_at(&["a", "b"], Nix::int(1, OriginId(2)));
    assert!(module(&set, OriginId(0), &[]).twice.is_empty());
    set.put_at(&["a", "b"], Nix::int(2, OriginId(3)));
    let inside = Nix::list(vec![set.clone().nix(OriginId(0))], OriginId(0));
    for document in [module(&set, OriginId(0), &[]), expression(&inside, &[])] {
        let [twice] = document.twice.as_slice() else { panic!("{:?}", document.twice) };
        assert_eq!(twice.what, "a.b");
        assert_eq!((twice.first.0.as_str(), twice.second.0.as_str()), ("1", "2"));
    }
}
