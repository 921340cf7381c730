//! Makes `interpreter/fleet/src/options/nixos.options`, the table that comes with the compiler, from the lists
//! that ieviev/nix-vscode-completions read off the NixOS manual and Home Manager's:
//!
//! ```sh
//! git clone https://github.com/ieviev/nix-vscode-completions && cd nix-vscode-completions
//! git checkout e5d1a89b9cd566818ab139a32c530cbd89737110
//! cargo run -p qg-fleet --example builtin_options -- data/nixos-options.json data/hm-options.json
//! ```
//!
//! It prints the table. Names and types are taken over, descriptions are not. The lists were read off pages,
//! whose entities are decoded.
#![allow(clippy::print_stdout)]

use std::error::Error;

use qg_fleet::options::write::Draft;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    name: String,
    #[serde(rename = "Type")]
    ty: String,
}

const HEAD: &[(&str, &str)] = &[
    ("source", "the options of the NixOS manual (unstable) and of Home Manager's"),
    (
        "read-from",
        "github.com/ieviev/nix-vscode-completions, commit e5d1a89b9cd566818ab139a32c530cbd89737110, data/nixos-options.json and data/hm-options.json",
    ),
    ("date", "2024-12-19"),
    (
        "licence",
        "MIT: nixpkgs, Copyright (c) 2003-2024 Eelco Dolstra and the Nixpkgs/NixOS contributors; Home Manager, Copyright (c) 2017-2024 Home Manager contributors; nix-vscode-completions, Copyright (c) 2024 ieviev",
    ),
    ("made-by", "cargo run -p qg-fleet --example builtin_options"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = std::env::args().skip(1);
    let head = HEAD.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    let mut draft = Draft { head, ..Draft::default() };
    for (below, what) in
        [("", "the options of NixOS"), ("home-manager.users._name_.", "those of Home Manager")]
    {
        let path = files.next().ok_or_else(|| format!("a file with {what} is wanted"))?;
        let rows: Vec<Row> = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
        for row in rows {
            draft.options.insert(way(&format!("{below}{}", row.name)), decoded(&row.ty));
        }
    }
    let users = way("home-manager.users");
    draft.options.insert(users, "attribute set of (submodule)".to_owned());
    print!("{}", draft.text());
    Ok(())
}

/// A text of a page without its entities.
fn decoded(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(text.to_owned(), |text, (entity, is)| text.replace(entity, is))
}

/// The way of an option. In the lists `_` stands for each character that an address of a page cannot
/// have: `_name_` was `<name>`, `_` was `*`, and `_a.b_` was `"a.b"`.
fn way(name: &str) -> Vec<String> {
    let mut way = Vec::new();
    let mut parts = name.split('.').peekable();
    while let Some(part) = parts.next() {
        let mended = match part {
            "_name_" => "<name>".to_owned(),
            "_" => "*".to_owned(),
            _ => quoted(part, parts.clone()).map_or_else(
                || part.to_owned(),
                |(whole, more)| {
                    parts.by_ref().take(more).for_each(drop);
                    whole
                },
            ),
        };
        way.push(mended);
    }
    way
}

/// What stood between quotes, and how many of the following parts belong to it.
fn quoted<'n>(part: &'n str, parts: impl Iterator<Item = &'n str>) -> Option<(String, usize)> {
    let first = part.strip_prefix('_').filter(|rest| !rest.starts_with('_'))?;
    let mut whole = first.to_owned();
    let mut parts = parts.enumerate();
    let mut more = 0;
    while !whole.ends_with('_') {
        let (at, part) = parts.next()?;
        whole.push('.');
        whole.push_str(part);
        more = at + 1;
    }
    whole.pop();
    Some((whole, more))
}
