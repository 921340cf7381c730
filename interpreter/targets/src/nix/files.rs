//! Files of hosts and services on NixOS, and the copies that a host's folder holds to stand alone.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::leaf::{At, Data, OriginId};
use qg_fleet::leaves::{LeafValue, each};
use qg_fleet::service::File;
use qg_formats::Document;
use qg_formats::nix::{Nix, NixExpr, Set};
use qg_formats::sops::{SopsFormat, without_comments};
use qg_formats::systemd::specifier_free;
use qg_lang::source::library_of;

use super::state::{self, RULES};
use super::{On, OutputFile, extra, scripts};
use crate::made::Made;
use crate::sealed::script_text;

/// Where a module beside the sources lies in the host's folder.
pub(super) fn module(path: &str) -> String {
    format!("modules/{}", plain(path))
}

/// A module that is imported: a file beside the sources, or Nix as it is written there.
pub(super) fn imported(module: &At<Data>) -> Option<Nix> {
    match &module.value {
        Data::File(path) => Some(Nix::path(self::module(path), module.origin)),
        Data::Nix(text) => Some(Nix::new(NixExpr::Raw(text.clone()), &[module.origin])),
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Text(_)
        | Data::Sealed(_)
        | Data::List(_)
        | Data::Record(_) => None,
    }
}

/// Where any other file beside the sources lies there.
pub(super) fn asset(path: &str) -> String {
    format!("assets/{}", plain(path))
}

/// A path without the marks around a library's name: no folder of the fleet is called like a library.
fn plain(path: &str) -> Cow<'_, str> {
    match library_of(path) {
        Some(_) => Cow::Owned(path.replacen(['<', '>'], "", 2)),
        None => Cow::Borrowed(path),
    }
}

/// Where a file that is made for the host, or for a service of it, lies there.
pub(super) fn own(path: &str) -> String {
    format!("files/{}", path.trim_start_matches('/'))
}

pub(super) use qg_formats::nix::store_name;

/// The encrypted files of a host's secrets, each with its place in the host's folder, and who named it.
pub(super) fn secret_files(on: On<'_>) -> BTreeMap<String, (String, OriginId)> {
    let model = &on.fleet.model;
    let used = on.fleet.secrets_on(on.name);
    let opened = model.opened_in_sessions(on.name);
    let opened = opened.filter_map(|it| it.secret(model).map(|(_, secret)| secret));
    let secrets = used.keys().filter_map(|key| model.secret.get(key)).chain(opened);
    let mut paths: BTreeMap<&str, OriginId> = BTreeMap::new();
    for file in secrets.filter_map(|secret| secret.file.as_ref()) {
        paths.entry(file.as_str()).or_insert(file.origin);
    }
    let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let short: BTreeSet<String> = paths.keys().map(|path| last(path)).collect();
    let whole = short.len() < paths.len();
    let name = |path: &str| if whole { plain(path).into_owned() } else { last(path) };
    let place = |path: &str| format!("secrets/{}", name(path));
    paths.iter().map(|(path, by)| ((*path).to_owned(), (place(path), *by))).collect()
}

/// Files beside the sources that a host's folder holds: place there, path, and who named it.
fn copied(on: On<'_>) -> Vec<(String, String, OriginId)> {
    let mut all = Vec::new();
    let homes: Vec<_> = on.fleet.model.homes_on(on.name).flat_map(|it| it.parts).collect();
    let of_homes = homes.iter().flat_map(|(_, part)| part.modules.iter());
    for item in on.host.modules.iter().chain(of_homes) {
        if let Data::File(path) = &item.value {
            all.push((module(path), path.clone(), item.origin));
        }
    }
    for (path, (place, by)) in secret_files(on) {
        all.push((place, path, by));
    }
    let services = on.fleet.model.services_on(on.name);
    let options = homes.iter().map(|(_, part)| &part.nix);
    let native = services.flat_map(|(_, it)| it.native.values());
    for data in extra(on.host).into_iter().chain(options).chain(native) {
        named(data, &mut all);
    }
    for (key, script) in scripts::used(on.fleet, on.name) {
        if let Some(file) = &script.file {
            all.push((scripts::file(key), file.value.clone(), file.origin));
        }
    }
    all
}

fn named(data: &At<Data>, all: &mut Vec<(String, String, OriginId)>) {
    each(data, &mut |_, leaf, said| {
        if let LeafValue::File(path) = leaf {
            all.push((asset(path), path.to_owned(), said.origin));
        }
    });
}

/// Files beside the sources that the host's folder is to hold, and that are no text.
pub(super) fn missing(on: On<'_>) -> Vec<(String, OriginId)> {
    let is_text = |path: &str| {
        // What cannot be read is told of all files alike.
        let bytes = on.fleet.files.get(path);
        bytes.is_none_or(|bytes| std::str::from_utf8(bytes).is_ok())
    };
    let all = copied(on).into_iter().filter(|(_, path, _)| !is_text(path));
    all.map(|(_, path, by)| (path, by)).collect()
}

/// The files of a host's folder that are beside the sources, or are a script's text.
pub(super) fn copies(on: On<'_>) -> Vec<OutputFile> {
    let mut files = Made::default();
    let secrets = secret_files(on);
    for (place, path, by) in copied(on) {
        // What cannot be read is told by a check.
        let bytes = on.fleet.files.get(&path).map_or(&[][..], |bytes| bytes);
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        let text = if secrets.contains_key(&path) {
            without_comments(SopsFormat::of(&path), text)
        } else {
            text.into()
        };
        files.put(place, Document::whole(text.into_owned(), &[by]));
    }
    for (key, script) in scripts::used(on.fleet, on.name) {
        if let Some(text) = &script.text {
            let lines = script_text(on.fleet, text);
            files.put(scripts::file(key), Document::whole(lines, &[text.origin]));
        }
    }
    files.below(&format!("hosts/{}", on.name))
}

pub(super) fn put(on: On<'_>, set: &mut Set) {
    scripts::put(on, set);
    for file in on.fleet.files_on(on.name) {
        let by = file.file.origin;
        let source = Nix::source(own(file.path), by);
        if !on.fleet.file_secrets(file.file).is_empty() {
            // Put together on the host, when it starts.
            continue;
        }
        let mut entry = Set::new();
        entry.put("source", source.clone());
        let access = access(file.file);
        let common = access.is_empty();
        access.0.into_iter().for_each(|(key, value)| entry.put(key, value));
        if let Some(below) = file.path.strip_prefix("/etc/") {
            set.put_at(&["environment", "etc", below], entry.nix(by));
            continue;
        }
        let link = |target: Nix, set: &mut Set| {
            let path = state::rule_path(file.path);
            let rule = ["systemd", "tmpfiles", "settings", RULES, &path, "L+", "argument"];
            set.put_at(&rule, target);
        };
        if common {
            let text = vec![qg_formats::nix::NixPart::Hole(source)];
            link(Nix::filled(text, by), set);
        } else {
            // The store knows no owners; a copy below /etc does.
            let copy = format!("qg/copies{}", file.path);
            set.put_at(&["environment", "etc", &copy], entry.nix(by));
            // NixOS escapes what an argument needs, but for specifiers.
            link(Nix::text(specifier_free(&format!("/etc/{copy}")), by), set);
        }
    }
}

/// Owner, group and mode, where they are not those of the store.
fn access(file: &File) -> Set {
    let mut all = Set::new();
    let is_readable = matches!(file.mode.value, 0o444 | 0o644);
    if file.owner.value == "root" && file.group.value == "root" && is_readable {
        return all;
    }
    all.put("mode", state::mode(&file.mode));
    all.put("user", Nix::text(file.owner.value.clone(), file.owner.origin));
    all.put("group", Nix::text(file.group.value.clone(), file.group.origin));
    all
}
