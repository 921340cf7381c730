//! The promises of `docs/promises.md`, each by itself: a fleet that was written before, and a standard library that
//! has grown since.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use qg_interpreter::{Build, build};
use qg_lang::diagnostic::codes;
use qg_lang::world::MemoryWorld;
use qg_tests::disk;
use serde_json::json;

/// Codes that were given once and mean nothing any more.
const RETIRED: &[&str] = &[];

/// The fields of the library that have had the name of a kind from the beginning.
const FROM_THE_BEGINNING: &[&str] = &[
    "Artifact.artifact",
    "People.group",
    "Secret.group",
    "User.group",
    "Pulled.policy",
    "Portal.service",
    "Proxy.service",
    // The kind `test` came later; an answer is nothing that anybody reads by a bare name.
    "Service.test",
];

/// A fleet of one file, and what the library has got since then: some text behind that of its files.
fn with(fleet: &str, more: &[(&str, &str)]) -> Build {
    let mut world = MemoryWorld::default();
    let own = qg_lang::analyze(&world).sources;
    for (path, text) in more {
        let text = format!("{}\n{text}", own.by_path(path).expect("a file of the library").text);
        world.library.insert(Arc::from(*path), Arc::from(text));
    }
    world.sources.insert(Arc::from("fleet.qg"), Arc::from(fleet));
    build(&world)
}

/// The same, where some text of a file of the library is another one since.
fn changed(fleet: &str, path: &str, before: &str, after: &str) -> Build {
    let mut world = MemoryWorld::default();
    let own = qg_lang::analyze(&world).sources;
    let text = &own.by_path(path).expect("a file of the library").text;
    assert!(text.contains(before), "{path} has no {before}");
    world.library.insert(Arc::from(path), Arc::from(text.replacen(before, after, 1)));
    world.sources.insert(Arc::from("fleet.qg"), Arc::from(fleet));
    build(&world)
}

/// The codes that were found, each with the text of its place.
fn found(build: &Build) -> Vec<(&'static str, &str)> {
    let sources = &build.analysis.sources;
    build.diagnostics.iter().map(|it| (it.code.id, sources.slice(it.primary.span))).collect()
}

const HOST: &str = "host Server { system = x86_64_linux, state_version = \"25.05\" }\n";

#[test]
fn a_language_that_is_not_known_is_refused() {
    let parse = |text: &str| qg_cli::config::parse(text, "qg.toml");
    assert_eq!(parse("language = 1").expect("known"), parse("").expect("the same"));
    let refused = parse("language = 2\nnew = 1").expect_err("newer").render(false);
    assert!(refused.contains("this fleet is written in language 2"), "{refused}");
}

/// `QG_BLESS=1` adds the codes that there are now.
#[test]
fn a_code_is_kept() {
    let path = disk::repository().join("tests/tests/promises.txt");
    let text = fs::read_to_string(&path).unwrap_or_default();
    let given: BTreeSet<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let there: BTreeSet<&str> = codes::all().map(|code| code.id).collect();
    assert!(given.len() > 200, "{} codes are kept", given.len());
    for code in &given {
        let retired = RETIRED.contains(code);
        assert!(there.contains(code) != retired, "{code} was given, and is retired: {retired}");
    }
    if std::env::var_os("QG_BLESS").is_some() {
        let all: BTreeSet<&str> = given.union(&there).copied().collect();
        let all: Vec<&str> = all.into_iter().collect();
        fs::write(&path, all.join("\n") + "\n").expect("the list can be written");
    }
}

#[test]
fn a_field_of_ones_own_comes_before_a_new_one() {
    let fleet = format!(
        "{HOST}extend schema Host {{ rack: int? }}\nextend host Server {{ rack = 3 }}\n\
         pub let twice = [for h in host if h has rack: h.rack * 2]\n"
    );
    assert_eq!(found(&with(&fleet, &[])), []);
    let later = with(
        &fleet,
        &[("<std>/host.qg", "extend schema Host {\n  ## Since: 2\n  rack: string?\n}")],
    );
    assert_eq!(found(&later), [("QG0237", "rack")]);
    assert_eq!(later.query("host.Server.rack").expect("a value"), json!(3));
    assert!(later.fleet.is_some());
    // Without the mark two fields of one name are a mistake, as they are in a fleet.
    let slip = with(&fleet, &[("<std>/host.qg", "extend schema Host { rack: string? }")]);
    assert_eq!(found(&slip).first().map(|it| it.0), Some("QG0206"));
}

#[test]
fn a_kind_of_ones_own_comes_before_a_new_one() {
    let fleet = format!(
        "{HOST}extend schema Model {{ game: {{Game}} = {{}} }}\nschema Game {{ on: host, slots: int = 4 }}\n\
         game doom {{ on = host.Server }}\npub fn slots(of: game) -> int = of.slots\n"
    );
    assert_eq!(found(&with(&fleet, &[])), []);
    let newer = "pub schema Playable { players: int }\n\
                 extend schema Model {\n  ## Since: 2\n  game: {Playable} = {}\n}";
    let later = with(&fleet, &[("<std>/model.qg", newer)]);
    assert_eq!(found(&later), [("QG0237", "game")]);
    assert_eq!(later.query("game.doom.slots").expect("a value"), json!(4));
}

#[test]
fn a_bare_name_that_a_new_kind_takes_is_told_of() {
    let fleet = format!(
        "{HOST}extend schema Service {{ game: string? }}\n\
         service app {{ on = host.Server, game = \"x\", tile.title = if has game then \"a game\" else \"none\", about = \"${{game ?? \"\"}}\" }}\n"
    );
    assert_eq!(found(&with(&fleet, &[])), []);
    let newer = "pub schema Playable { players: int = 1 }\n\
                 extend schema Model {\n  ## Since: 2\n  game: {Playable} = {}\n}";
    let later = with(&fleet, &[("<std>/model.qg", newer)]);
    assert!(found(&later).contains(&("QG0234", "game")), "{:?}", found(&later));
    // The library keeps its half: no further kind has the name of a field at the top of an entity.
    let own = with("", &[]).analysis;
    let tables = qg_lang::check::env::Tables::new(&own.declarations);
    let both: Vec<_> = tables
        .kinds
        .keys()
        .flat_map(|kind| tables.kinds.values().map(move |schema| (kind, schema)))
        .filter(|(kind, schema)| own.declarations.schema(**schema).field(kind).is_some())
        .map(|(kind, schema)| format!("{}.{kind}", own.declarations.schema(*schema).name))
        .collect();
    assert_eq!(both, FROM_THE_BEGINNING);
}

#[test]
fn declarations_of_ones_own_come_before_new_ones() {
    let fleet = "schema Rack { units: int = 4 }\nenum Colour { red, blue }\n\
                 fn double(x: int) -> int = x * 2\nlet least = 1\npub let all = [double(least)]\n\
                 pub let rack: Rack = {}\npub let colour = Colour.red\n";
    assert_eq!(found(&with(fleet, &[])), []);
    let newer = "pub schema Rack { height: int }\npub enum Colour { green }\n\
                 pub fn double(x: string) -> string = \"${x}${x}\"\npub fn least(xs: [int]) -> int? = min(xs)";
    let later = with(fleet, &[("<std>/prelude.qg", newer)]);
    assert_eq!(found(&later), []);
    assert_eq!(later.query("all").expect("a value"), json!([2]));
    assert_eq!(later.query("rack.units").expect("a value"), json!(4));
}

#[test]
fn a_new_variant_is_asked_for_by_name() {
    let open = "pub fn open(e: Exposure) -> bool = match e { public => true, else => false }\n\
                pub fn shut(e: Exposure) -> bool = e is private\n";
    let whole = "pub fn way(e: Exposure) -> int = match e { public => 1, private => 2, lan => 3, internal => 4 }\n";
    let grown = |fleet: &str| {
        changed(fleet, "<std>/route.qg", "pub enum Exposure {", "pub enum Exposure {\n  partners\n")
    };
    assert_eq!(found(&with(&format!("{open}{whole}"), &[])), []);
    let quiet = grown(open);
    let in_fleet = |build: &Build| {
        let own = build.diagnostics.iter().filter(|it| !qg_lang::is_library(it.primary.span.file));
        own.map(|it| (it.code.id, it.message.clone())).collect::<Vec<_>>()
    };
    assert_eq!(in_fleet(&quiet), []);
    let asked = in_fleet(&grown(whole));
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].1.contains("partners"), "{asked:?}");
}

#[test]
fn what_is_deprecated_still_works_and_is_told_of() {
    let fleet = format!("{HOST}service app {{ on = host.Server, about = \"what it is\" }}\n");
    assert_eq!(found(&with(&fleet, &[])), []);
    let later = changed(
        &fleet,
        "<std>/service.qg",
        "  ## What it is, in a few words.\n  about: string",
        "  ## What it is, in a few words.\n  ## Deprecated: say `tile.title`.\n  about: string",
    );
    assert_eq!(found(&later), [("QG0240", "about")]);
    assert_eq!(later.diagnostics[0].help, ["say `tile.title`."]);
    assert_eq!(later.query("service.app.about").expect("a value"), json!("what it is"));
}

/// The page names each of them, and no other.
#[test]
fn each_promise_has_its_test() {
    let page = fs::read_to_string(disk::repository().join("docs/promises.md")).expect("the page");
    let named: BTreeSet<&str> = page
        .split("(`")
        .skip(1)
        .filter_map(|rest| rest.split_once("`)"))
        .map(|(name, _)| name)
        .collect();
    let tests: BTreeSet<&str> = include_str!("promises.rs")
        .split("#[test]\nfn ")
        .skip(1)
        .filter_map(|rest| rest.split_once('('))
        .map(|(name, _)| name)
        .filter(|name| *name != "each_promise_has_its_test")
        .collect();
    assert_eq!(named, tests);
}
