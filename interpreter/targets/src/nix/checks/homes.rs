//! Homes of people that Home Manager would not make: of what is no person's account, without the release that it began
//! with (`home.stateVersion` has no default), and files that do not lie in a home (modules/files.nix refuses them).

use std::collections::BTreeMap;

use qg_fleet::checks::place::place;
use qg_fleet::homes::{Home, HomeFile, HomeOf};
use qg_fleet::host::{Account, Manager};
use qg_fleet::leaf::{At, OriginId};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::{fleet as codes, target};

use crate::Prepared;
use crate::checks::Check;

pub(super) const CHECK: Check = Check { codes: &[target::NO_HOME, codes::SHOWN_SECRET], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for (name, user) in &fleet.model.user {
        let is_person = matches!(user.kind.value, Account::Login(_));
        if let Some((_, part)) = user.home.iter().next().filter(|_| !is_person) {
            let message = format!("user.{name} has no home: it is no person's account");
            let finding = no_home(fleet, part.origin, message)
                .also(place(fleet, user.kind.origin), "nobody logs in as it")
                .help("say `kind = login`, or leave the home out");
            found.push(finding);
        }
        for part in user.home.values() {
            elsewhere(fleet, name, user.on.iter().map(|it| it.entity()).collect(), part, found);
            for (path, file) in &part.file {
                one_file(fleet, path, file, found);
            }
        }
    }
    let mut known = Vec::new();
    for (host, it) in &fleet.model.host {
        if it.manager.value != Manager::Nixos {
            continue;
        }
        for home in fleet.model.homes_on(host) {
            // What holds for every host is told once.
            let Some((_, first)) = home.parts.first() else { continue };
            if !says_release(fleet, &home) && !known.contains(&first.origin) {
                known.push(first.origin);
                found.push(no_release(fleet, &home, host, first.origin));
            }
            same_place(fleet, &home, found);
        }
    }
}

fn no_home(fleet: &Prepared<'_>, by: OriginId, message: String) -> Diagnostic {
    Diagnostic::error(target::NO_HOME, place(fleet, by), message)
}

/// A part on hosts where nobody has the account.
fn elsewhere(
    fleet: &Prepared<'_>,
    user: &str,
    on: Vec<&str>,
    part: &At<Home>,
    found: &mut Vec<Diagnostic>,
) {
    for host in part.on.iter().flat_map(|it| it.iter()) {
        if !on.contains(&host.entity()) {
            let message = format!("user.{user} has no account on {}", host.value);
            let finding = no_home(fleet, host.origin, message);
            found.push(finding.help("leave the host out here, or name it in `on` of the account"));
        }
    }
}

fn one_file(fleet: &Prepared<'_>, path: &str, file: &At<HomeFile>, found: &mut Vec<Diagnostic>) {
    if !is_in_home(path) {
        let message = format!("`{path}` is no path in a home: it has no `/` in front and no `..`");
        let finding = no_home(fleet, file.origin, message);
        found.push(
            finding.help("say where it lies below the home: `file \".config/app.conf\" { … }`"),
        );
    }
    if let Some((secret, by)) = file.secrets().first() {
        let message = format!("{secret} would stand in a file that every account may read");
        let finding = Diagnostic::error(codes::SHOWN_SECRET, place(fleet, *by), message);
        found.push(finding.help("files of homes come from the Nix store: say it in `secrets` of the home, and name the file where it lies"));
    }
}

/// Whether Home Manager takes a path for one below the home.
fn is_in_home(path: &str) -> bool {
    let odd = |part: &str| part.is_empty() || part == "." || part == "..";
    !path.split('/').any(odd) && !path.contains(['\0', '\n', '\r'])
}

fn no_release(fleet: &Prepared<'_>, home: &HomeOf<'_>, host: &str, by: OriginId) -> Diagnostic {
    let message = format!(
        "the home of user.{} on host.{host} does not say which release of Home Manager it began with",
        home.user
    );
    no_home(fleet, by, message).help(
        "say `state_version`: the release that the home was first made with, as \"25.05\"; it is never changed",
    )
}

/// Whether a part says it, or its own Nix does.
fn says_release(fleet: &Prepared<'_>, home: &HomeOf<'_>) -> bool {
    home.parts.iter().any(|(_, part)| {
        let code = std::iter::once(&part.nix).chain(part.modules.iter());
        part.state_version.is_some()
            || code.into_iter().any(|it| {
                fleet.speaks_of(it, "stateVersion") || fleet.speaks_of(it, "home.stateVersion")
            })
    })
}

/// Two files of two parts at one place.
fn same_place(fleet: &Prepared<'_>, home: &HomeOf<'_>, found: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&str, &At<HomeFile>> = BTreeMap::new();
    for (path, file) in home.parts.iter().flat_map(|(_, part)| &part.file) {
        let Some(first) = known.insert(path, file) else { continue };
        let at = place(fleet, file.origin);
        if !found.iter().any(|it| it.code == target::NO_HOME && it.primary.span == at) {
            let message = format!("the home of user.{} gets two files at {path}", home.user);
            let finding = no_home(fleet, file.origin, message);
            found.push(finding.also(place(fleet, first.origin), "the other one"));
        }
    }
}
