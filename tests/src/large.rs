//! Inputs that no file of the suite can hold: past a limit of the language, or not text.

use std::sync::Arc;

use qg_lang::world::MemoryWorld;

/// A code, and an input that must bring it.
pub type LargeCase = (&'static str, fn() -> MemoryWorld);

/// Every such input.
pub const CASES: &[LargeCase] = &[
    ("QG0022", too_large_a_file),
    ("QG0023", too_many_findings),
    ("QG0024", too_large_a_fleet),
    ("QG0415", too_long_a_chain),
    ("QG0415", too_long_a_chain_of_definitions),
    ("QG0415", too_long_a_chain_of_calls),
    ("QG0415", too_many_copies),
    ("QG0419", too_long_a_string),
    ("QG0511", a_module_that_is_no_text),
];

fn world(text: String) -> MemoryWorld {
    let mut world = MemoryWorld::default();
    world.sources.insert(Arc::from("large.qg"), Arc::from(text));
    world
}

/// More than 4 MiB.
fn too_large_a_file() -> MemoryWorld {
    world("# a comment\n".repeat(400_000))
}

/// Two files that come to one byte more than they may.
fn too_large_a_fleet() -> MemoryWorld {
    let mut world = world("let a = 1\n".to_owned());
    world.sources.insert(Arc::from("more.qg"), Arc::from("let b = a\n"));
    world.limits.sources = 19;
    world
}

fn too_many_findings() -> MemoryWorld {
    world("let 1\n".repeat(5_000))
}

/// Each field is computed from the next one.
fn too_long_a_chain() -> MemoryWorld {
    let mut text = "extend schema Model { game: {Game} = {} }\nschema Game { n: int }\n".to_owned();
    for step in 0..20_000 {
        let next = step + 1;
        text.extend([format!("game g{step} {{ n = game.g{next}.n + 1 }}\n")]);
    }
    text.push_str("game g20000 { n = 0 }\n");
    world(text)
}

/// Each definition reads the next one, and the first is asked for first.
fn too_long_a_chain_of_definitions() -> MemoryWorld {
    let lets = (0..30_000).map(|step| format!("let a{step} = a{} + 1\n", step + 1));
    world(lets.collect::<String>() + "let a30000 = 0\n")
}

fn too_long_a_chain_of_calls() -> MemoryWorld {
    let functions =
        (0..30_000).map(|step| format!("fn f{step}(a: int) -> int = f{}(a)\n", step + 1));
    let text: String = functions.collect();
    world(format!("{text}fn f30000(a: int) -> int = a\nlet a = f0(1)\n"))
}

/// Each record is a copy of the one before it, and wins over it.
fn too_many_copies() -> MemoryWorld {
    let copies =
        (1..300).map(|step| format!("let a{step} = a{} with {{ n = {step} }}\n", step - 1));
    world("let a0 = { n = 0 }\n".to_owned() + &copies.collect::<String>())
}

/// Each string is ten of the one before it.
fn too_long_a_string() -> MemoryWorld {
    let mut text = "let s0 = \"0123456789\"\n".to_owned();
    for step in 0..8 {
        let (next, ten) = (step + 1, format!("${{s{step}}}").repeat(10));
        text.extend([format!("let s{next} = \"{ten}\"\n")]);
    }
    world(text)
}

fn a_module_that_is_no_text() -> MemoryWorld {
    let text =
        "host box { system = x86_64_linux, state_version = \"25.05\", modules = [./box.nix] }\n";
    let mut world = world(text.to_owned());
    world.files.insert(Arc::from("box.nix"), Arc::from(&b"{ \xff }"[..]));
    world
}
