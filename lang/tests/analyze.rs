//! What `analyze` promises beyond single findings (those are in `tests/suite`).
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use qg_lang::source::SourceFile;
use qg_lang::world::MemoryWorld;

#[test]
fn the_standard_library_is_clean() {
    let analysis = qg_lang::analyze(&MemoryWorld::default());
    let found: Vec<String> = analysis
        .diagnostics
        .iter()
        .map(|it| format!("{} {}", analysis.sources.place(it.primary.span), it.message))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// The same trees and findings come out when nothing changed.
#[test]
fn trees_are_kept() {
    let mut world = MemoryWorld::default();
    world.sources.insert("a.qg".into(), "pub let x = y".into());
    let mut cache = qg_lang::ParseCache::default();
    let first = qg_lang::analyze_with(&world, &mut cache);
    let second = qg_lang::analyze_with(&world, &mut cache);
    assert_eq!(first.diagnostics, second.diagnostics);
    assert!(first.files.iter().all(|(id, parsed)| Arc::ptr_eq(parsed, &second.files[id])));
    world.sources.insert("a.qg".into(), "pub let x = 1".into());
    let third = qg_lang::analyze_with(&world, &mut cache);
    assert!(third.diagnostics.is_empty(), "{:?}", third.diagnostics);
}

/// A chain of definitions may be long without the stack being so.
#[test]
fn long_chains() {
    let mut text = String::from("pub let x0 = 1\n");
    for index in 1..5000 {
        writeln!(text, "pub let x{index} = x{} + 1", index - 1).unwrap();
    }
    // Backwards, so that each definition asks for one that was not checked yet.
    let lines: Vec<&str> = text.lines().rev().collect();
    let mut world = MemoryWorld::default();
    world.sources.insert("a.qg".into(), lines.join("\n").into());
    let analysis = qg_lang::analyze(&world);
    assert!(analysis.diagnostics.is_empty(), "{:?}", analysis.diagnostics.first());
}

#[test]
fn loose_expressions() {
    let mut world = MemoryWorld::default();
    world.sources.insert(
        "a.qg".into(),
        "extend schema Model { game: {Game} = {} }\nschema Game { size: int = 1 }\npub let base = 2\ngame doom {}".into(),
    );
    let analysis = qg_lang::analyze(&world);
    let locals = BTreeMap::from([(Arc::from("it"), qg_lang::check::types::Type::Int)]);
    for (text, wanted) in [
        ("game.doom.size + base + it", "int"),
        ("[for g in game: g.name]", "[string]"),
        ("first(values(game)) ?? game.doom", "game"),
        ("game.doom.sise", "unknown"),
    ] {
        let id = qg_lang::span::FileId(analysis.sources.iter().count() as u32);
        let source = SourceFile::new(id, "<query>", text);
        let (expr, exprs, found) = qg_lang::parser::parse_expr(&source);
        assert!(found.is_empty(), "{found:?}");
        let (ty, types, diagnostics) =
            qg_lang::check_expr(&analysis, &source, &expr.unwrap(), exprs, &locals);
        assert_eq!(qg_lang::check::spell_type(&analysis.declarations, &ty), wanted, "{text}");
        assert_eq!(diagnostics.is_empty(), wanted != "unknown", "{diagnostics:?}");
        assert_eq!(types.types.len(), exprs as usize);
    }
}
