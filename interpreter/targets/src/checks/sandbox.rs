//! Sandboxes of units that keep a program from its own state (systemd.exec(5), "Sandboxing"): what the fleet itself says
//! of a unit, by fields, raw keys and Nix, against the `state` of the service.

use std::collections::BTreeMap;

use qg_fleet::checks::place::{own_place, place};
use qg_fleet::leaf::{At, OriginId};
use qg_fleet::path::is_below;
use qg_fleet::service::State;
use qg_formats::nix::{Nix, NixExpr, Set};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::units as codes;

use super::Check;
use crate::Prepared;
use crate::nix::{own_options, written};

pub(super) const CHECK: Check = Check { codes: &[codes::SHUT_OUT], run };

/// A key of [Service]: its words, and who says them.
type Keys = BTreeMap<String, (Vec<String>, OriginId)>;

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        let own = own_options(fleet, host);
        let Some(all) = written(fleet, host) else { continue };
        for (name, service) in fleet.model.services_on(host) {
            if service.container.is_some() || service.state.is_empty() {
                continue;
            }
            let stems = std::iter::once(&service.unit.name).chain(service.unit.also.iter());
            let mut stems: Vec<&str> =
                stems.filter_map(|it| it.value.strip_suffix(".service")).collect();
            stems.extend(service.units.keys().map(String::as_str));
            for stem in stems {
                let mut keys = Keys::new();
                for set in own.iter().chain([all]) {
                    let config = set.at(&["systemd", "services", stem, "serviceConfig"]);
                    config.into_iter().for_each(|it| note(fleet, it, &mut keys));
                }
                // Without a word of the fleet's own a module knows what it needs.
                for (path, state) in &service.state {
                    if let Some(finding) = judged(fleet, (name, stem), &keys, path, state) {
                        out.push(finding);
                        break;
                    }
                }
            }
        }
        for own in fleet.own_units_on(host) {
            let mut keys = Keys::new();
            let at = ["systemd", "services", own.stem, "serviceConfig"];
            all.at(&at).into_iter().for_each(|it| note(fleet, it, &mut keys));
            let Some(folder) = own.unit.working_directory.as_ref() else { continue };
            if let Some((key, by)) = hidden(&keys, &folder.value) {
                let message =
                    format!("{} cannot enter {}: `{key}` hides it", own.path, folder.value);
                out.push(
                    Diagnostic::warning(codes::SHUT_OUT, own_place(fleet, &[by]), message)
                        .also(place(fleet, folder.origin), "it works there")
                        .help("leave the key out, or say `BindPaths` of that folder"),
                );
            }
        }
    }
}

fn note(fleet: &Prepared<'_>, set: &Set, keys: &mut Keys) {
    for (key, value) in &set.0 {
        let known = |it: &OriginId| fleet.origins.span(*it).is_some();
        let by = value.all_origins().into_iter().find(known).unwrap_or_default();
        let entry = keys.entry(key.clone()).or_insert((Vec::new(), by));
        words(value, &mut entry.0);
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what Nix computes nobody knows here")]
fn words(value: &Nix, all: &mut Vec<String>) {
    match &value.expr {
        NixExpr::Text(text) => all.extend(text.split_whitespace().map(str::to_owned)),
        NixExpr::Bool(it) => all.push(if *it { "true" } else { "false" }.to_owned()),
        NixExpr::List(items) | NixExpr::Apply(_, items) | NixExpr::Twice(items) => {
            items.iter().for_each(|it| words(it, all));
        }
        // A path that nobody knows may be the one that is wanted.
        _ => all.push("/".to_owned()),
    }
}

fn is(keys: &Keys, key: &str, values: &[&str]) -> Option<OriginId> {
    let (words, by) = keys.get(key)?;
    words.iter().any(|it| values.contains(&it.as_str())).then_some(*by)
}

const YES: [&str; 5] = ["true", "yes", "1", "on", "y"];

/// Whether a key names a path, or one above it.
fn names(keys: &Keys, key: &str, path: &str) -> bool {
    let all = keys.get(key).into_iter().flat_map(|(words, _)| words);
    all.map(|it| it.trim_start_matches(['-', '+'])).any(|it| {
        let it = it.split(':').next().unwrap_or(it);
        it == "/" || it == path || is_below(path, it.trim_end_matches('/'))
    })
}

/// Whether a folder that systemd makes for a unit holds a path.
fn made(keys: &Keys, path: &str) -> bool {
    const FOLDERS: [(&str, &[&str]); 4] = [
        ("StateDirectory", &["/var/lib/", "/var/lib/private/"]),
        ("CacheDirectory", &["/var/cache/", "/var/cache/private/"]),
        ("LogsDirectory", &["/var/log/", "/var/log/private/"]),
        ("RuntimeDirectory", &["/run/", "/run/private/"]),
    ];
    FOLDERS.iter().any(|(key, above)| {
        let all = keys.get(*key).into_iter().flat_map(|(words, _)| words);
        all.into_iter().any(|word| {
            let word = word.split(':').next().unwrap_or(word);
            above.iter().any(|it| {
                let folder = format!("{it}{word}");
                path == folder || is_below(path, &folder) || word == "/"
            })
        })
    })
}

/// What hides a path, so that it is not even seen.
fn hidden(keys: &Keys, path: &str) -> Option<(&'static str, OriginId)> {
    let in_home =
        ["/home", "/root", "/run/user"].iter().any(|it| path == *it || is_below(path, it));
    if names(keys, "BindPaths", path) || names(keys, "BindReadOnlyPaths", path) {
        return None;
    }
    if in_home && let Some(by) = is(keys, "ProtectHome", &["true", "yes", "1", "on", "y", "tmpfs"])
    {
        return Some(("ProtectHome", by));
    }
    if names(keys, "InaccessiblePaths", path) {
        return keys.get("InaccessiblePaths").map(|it| ("InaccessiblePaths", it.1));
    }
    let in_tmp = is_below(path, "/tmp") || is_below(path, "/var/tmp");
    let by = is(keys, "PrivateTmp", &["true", "yes", "1", "on", "y", "disconnected"])?;
    in_tmp.then_some(("PrivateTmp", by))
}

/// What keeps a program from writing to a path.
fn shut(keys: &Keys, path: &str) -> Option<(&'static str, OriginId)> {
    if let Some(found) = hidden(keys, path) {
        return Some(found);
    }
    if names(keys, "ReadWritePaths", path) || names(keys, "BindPaths", path) || made(keys, path) {
        return None;
    }
    if names(keys, "ReadOnlyPaths", path) {
        return keys.get("ReadOnlyPaths").map(|it| ("ReadOnlyPaths", it.1));
    }
    let below = |all: &[&str]| all.iter().any(|it| is_below(path, it));
    if let Some(by) = is(keys, "ProtectSystem", &["strict"])
        && !below(&["/dev", "/proc", "/sys", "/tmp", "/var/tmp", "/run/user"])
    {
        return Some(("ProtectSystem", by));
    }
    if let Some(by) = is(keys, "ProtectSystem", &["full"])
        && below(&["/etc", "/usr", "/boot", "/efi"])
    {
        return Some(("ProtectSystem", by));
    }
    if let Some(by) = is(keys, "ProtectHome", &["read-only"])
        && below(&["/home", "/root", "/run/user"])
    {
        return Some(("ProtectHome", by));
    }
    is(keys, "DynamicUser", &YES).map(|by| ("DynamicUser", by))
}

fn judged(
    fleet: &Prepared<'_>,
    (service, stem): (&str, &str),
    keys: &Keys,
    path: &str,
    state: &At<State>,
) -> Option<Diagnostic> {
    let (key, by) = shut(keys, path.trim_end_matches('/'))?;
    let is_module = fleet.model.service.get(service).is_some_and(|it| {
        // A module may say more of its unit than is seen here, about its own folder above all.
        it.native.keys().any(|option| !option.starts_with("systemd."))
    });
    if is_module && (path.starts_with("/var/lib/") || key == "DynamicUser") {
        return None;
    }
    let message = format!(
        "{stem}.service cannot write {path}, which service.{service} keeps: `{key}` is in the way"
    );
    let span = own_place(fleet, &[by]);
    let finding = Diagnostic::warning(codes::SHUT_OUT, span, message);
    let help = match key {
        "ProtectHome" | "PrivateTmp" | "InaccessiblePaths" => {
            "leave the key out, or say `BindPaths` of that folder".to_owned()
        }
        _ => format!(
            "say `unit.ReadWritePaths = [{path}]`, or `StateDirectory` where it is below /var/lib"
        ),
    };
    Some(finding.also(place(fleet, state.origin), "kept there").help(help))
}
