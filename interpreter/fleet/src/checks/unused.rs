//! Things that only do something where something else names them, and that nothing names.

use std::collections::BTreeSet;

use qg_lang::diagnostic::codes::unread as codes;
use qg_lang::diagnostic::{Diagnostic, Tag};
use qg_lang::is_library;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::host::{Account, GroupKind};
use crate::leaf::{EntityPath, OriginId};
use crate::leaves::{LeafValue, ModelStep, Walk, each};

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::UNUSED], run };

/// A kind and a key.
type Named<'m> = (&'m str, &'m str);

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // What could not be read might have named it.
    if fleet.partial {
        return;
    }
    let mut used: BTreeSet<Named<'_>> =
        fleet.named.iter().map(|(kind, key)| (kind.as_str(), key.as_str())).collect();
    note_references(&fleet.model, &mut used);
    fleet.off.values().for_each(|service| note_references(&service.value, &mut used));
    let mut left: Vec<(Named<'_>, OriginId)> =
        candidates(fleet).filter(|(named, _)| !used.contains(named)).collect();
    if left.is_empty() {
        return;
    }
    // Options of other programs name things by texts: `users.users.anna` of Nix, `no_index@file` of Traefik.
    let texts = Texts::of(fleet);
    left.retain(|((kind, key), _)| !texts.name(kind, key));
    out.extend(left.into_iter().map(|((kind, key), origin)| {
        Diagnostic::warning(
            codes::UNUSED,
            place(fleet, origin),
            format!("nothing uses `{kind}.{key}`"),
        )
        .here(does(kind))
        .tag(Tag::Unnecessary)
        .help("name it where it is wanted, or take it away")
    }));
}

/// What does nothing by itself, with who made it.
fn candidates<'f>(fleet: &'f Facts<'_>) -> impl Iterator<Item = (Named<'f>, OriginId)> {
    let model = &fleet.model;
    macro_rules! kinds {
        ($($kind:ident),*) => {
            std::iter::empty()$(.chain(
                model.$kind.iter().map(|(key, it)| ((stringify!($kind), key.as_str()), it.origin))
            ))*
        };
    }
    // Who logs in uses an account; what a module makes is there anyway, and is only added to.
    let users = model.user.iter().filter(|(_, it)| matches!(it.kind.value, Account::System));
    let groups = model.group.iter().filter(|(_, it)| it.kind.value != GroupKind::FromModule);
    // Copies of a whole vault are a use of the one that takes them.
    let vaults = model.vault.iter().filter(|(_, it)| it.takes.is_empty());
    kinds!(middleware, backend, transport, tls_options, network, volume, pod, script)
        .chain(vaults.map(|(key, it)| (("vault", key.as_str()), it.origin)))
        .chain(users.map(|(key, it)| (("user", key.as_str()), it.origin)))
        .chain(groups.map(|(key, it)| (("group", key.as_str()), it.origin)))
}

/// What a thing of a kind waits for.
fn does(kind: &str) -> &'static str {
    match kind {
        "middleware" => "does something to the requests of routes and proxies that `use` it",
        "backend" => "answers for routes that lead to it",
        "transport" | "tls_options" => "is for what names it",
        "network" => "containers and pods join it by `networks`",
        "volume" => "is for containers that mount it",
        "pod" => "has what containers say `pod` of it",
        "script" => "runs where a unit, a timer or a backup names it",
        "vault" => "has the backups that go `to` it",
        _ => "owns nothing, runs nothing, and nobody logs in by it",
    }
}

/// Notes what references lead to, but for those from inside of the thing itself.
fn note_references<'m>(root: &'m impl Walk, used: &mut BTreeSet<Named<'m>>) {
    each(root, &mut |way, value, _| {
        let LeafValue::Ref(path) = value else { return };
        if !stands_in(way, path) {
            used.insert((path.kind(), path.entity()));
        }
    });
}

fn stands_in(way: &[ModelStep<'_>], path: &EntityPath) -> bool {
    matches!(way, [ModelStep::Field(kind), ModelStep::Key(key), ..]
        if kind.name == path.kind() && *key == path.entity())
}

/// Texts that may name things.
struct Texts<'f> {
    /// Whole texts, each with whether a proxy has it.
    all: Vec<(bool, &'f str)>,
    /// Every word of them, and of the files beside the sources.
    words: BTreeSet<&'f str>,
}

impl<'f> Texts<'f> {
    fn of(fleet: &'f Facts<'_>) -> Texts<'f> {
        let mut all = Vec::new();
        each(&fleet.model, &mut |way, value, said| {
            // What the library makes of a thing's own name says nothing of others.
            let own = fleet.origins.span(said.origin).is_some_and(|it| !is_library(it.file));
            if let LeafValue::Text(text) | LeafValue::Nix(text) = value
                && own
                && !is_for_people(way)
            {
                let of_proxy =
                    matches!(way.first(), Some(ModelStep::Field(it)) if it.name == "proxy");
                all.push((of_proxy, text));
            }
        });
        let files = fleet.files.values().filter_map(|it| std::str::from_utf8(it).ok());
        let of_word = |it: char| it.is_ascii_alphanumeric() || "_-".contains(it);
        let texts = all.iter().map(|(_, text)| *text).chain(files);
        let words = texts.flat_map(|text| text.split(move |it| !of_word(it))).collect();
        Texts { all, words }
    }

    /// Whether one of them names a thing of a kind.
    fn name(&self, kind: &str, key: &str) -> bool {
        let begins = |text: &str, ends: &str| {
            text.strip_prefix(key)
                .is_some_and(|it| it.is_empty() || it.starts_with(|c| ends.contains(c)))
        };
        match kind {
            "user" | "group" => self.words.contains(key),
            "middleware" | "backend" | "transport" | "tls_options" => {
                self.all.iter().any(|(of_proxy, text)| *of_proxy && begins(text, "@"))
            }
            // `inner.network:alias`, `--network=inner`
            "network" | "volume" | "pod" => self
                .all
                .iter()
                .any(|(_, text)| begins(text.rsplit_once('=').map_or(*text, |(_, it)| it), ".:")),
            _ => false,
        }
    }
}

/// Whether a way leads to a text that people read, or to the name of an image.
fn is_for_people(way: &[ModelStep<'_>]) -> bool {
    matches!(way.last(), Some(ModelStep::Field(field)) if ["about", "title", "image"].contains(&field.name))
}
