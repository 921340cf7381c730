//! How the names of schemas are written in Rust.

use std::collections::{BTreeMap, BTreeSet};

use qg_lang::check::types::{Declarations, SchemaId};

use super::Wrong;
use super::special::Special;

/// Words of Rust that need `r#` in front of them as the name of a field (Rust reference, edition 2024).
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Words that no field of a struct can have, with `r#` or without.
const IMPOSSIBLE: &[&str] = &["self", "Self", "super", "crate", "_"];

/// `StateDirectory` as `state_directory`, `caSystemCertPool` as `ca_system_cert_pool`, `use` as `r#use`.
///
/// # Errors
/// Where Rust has no such name.
pub(crate) fn field(name: &str) -> Result<String, Wrong> {
    let mut snake = String::new();
    let mut before: Option<char> = None;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let after_small = before.is_some_and(|it| it.is_lowercase() || it.is_ascii_digit());
        // The last capital of several begins the next word: `PKCEMode` is `pkce_mode`.
        let before_small = before.is_some_and(char::is_uppercase)
            && chars.peek().is_some_and(|it| it.is_lowercase());
        if c.is_uppercase() && (after_small || before_small) {
            snake.push('_');
        }
        snake.extend(if c == '-' { vec!['_'] } else { c.to_lowercase().collect() });
        before = Some(c);
    }
    if IMPOSSIBLE.contains(&snake.as_str()) {
        return Err(Wrong(format!("no field of a struct can be called `{name}`")));
    }
    Ok(if KEYWORDS.contains(&snake.as_str()) { format!("r#{snake}") } else { snake })
}

/// `systemd_boot` as `SystemdBoot`, `x86_64_linux` as `X86_64Linux`.
#[must_use]
pub(crate) fn camel(name: &str) -> String {
    let mut all = String::new();
    for part in name.split(['_', '-']).filter(|part| !part.is_empty()) {
        let digits = all.ends_with(|it: char| it.is_ascii_digit());
        if digits && part.starts_with(|it: char| it.is_ascii_digit()) {
            all.push('_');
        }
        let mut chars = part.chars();
        all.extend(chars.next().map(|it| it.to_ascii_uppercase()));
        all.extend(chars);
    }
    all
}

/// The names of structs and enums: the schema's own; a payload's is its variant's, unless something else is
/// called so already, then its enum's and its variant's.
#[derive(Debug)]
pub(crate) struct TypeNames {
    structs: BTreeMap<SchemaId, String>,
    enums: BTreeMap<u32, String>,
}

impl TypeNames {
    /// # Errors
    /// A row of the special table about a name that does not exist.
    pub(crate) fn of(declarations: &Declarations, special: &Special) -> Result<TypeNames, Wrong> {
        let payloads: BTreeSet<SchemaId> = variants(declarations).map(|(_, _, id)| id).collect();
        let schemas = || declarations.schemas.iter().filter(|it| !payloads.contains(&it.id));
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        let plain = schemas().map(|it| it.name.to_string());
        let enums = declarations.enums.iter().map(|it| it.name.to_string());
        let own = variants(declarations).map(|(_, variant, _)| camel(variant));
        for name in plain.chain(enums).chain(own) {
            *taken.entry(name).or_default() += 1;
        }
        let mut unused: BTreeMap<&str, &str> = special.names.iter().copied().collect();
        let mut named =
            |name: &str, usual: String| unused.remove(name).map_or(usual, str::to_owned);
        let mut all = TypeNames { structs: BTreeMap::new(), enums: BTreeMap::new() };
        for schema in schemas() {
            all.structs.insert(schema.id, named(&schema.name, camel(&schema.name)));
        }
        for it in &declarations.enums {
            all.enums.insert(it.id.0, named(&it.name, camel(&it.name)));
        }
        for (of, variant, id) in variants(declarations) {
            let short = camel(variant);
            let alone = taken.get(&short).is_some_and(|count| *count == 1);
            let usual = if alone { short } else { camel(of) + &camel(variant) };
            all.structs.insert(id, named(&format!("{of}.{variant}"), usual));
        }
        match unused.into_iter().next() {
            Some((name, _)) => {
                Err(Wrong(format!("special.rs names `{name}`, which the library does not have")))
            }
            None => Ok(all),
        }
    }

    #[must_use]
    pub(crate) fn schema(&self, id: SchemaId) -> &str {
        self.structs.get(&id).map_or("", String::as_str)
    }

    #[must_use]
    pub(crate) fn enumeration(&self, id: u32) -> &str {
        self.enums.get(&id).map_or("", String::as_str)
    }
}

/// Every variant with a payload: its enum's name, its own, and the payload.
fn variants(declarations: &Declarations) -> impl Iterator<Item = (&str, &str, SchemaId)> {
    declarations.enums.iter().flat_map(|of| {
        of.variants.iter().filter_map(|it| Some((&*of.name, &*it.name, it.payload?)))
    })
}
