//! NixOS: `hosts/H/default.nix` and `extra.nix` of each host that NixOS manages, and `flake-module.nix`.
//!
//! A module points at the files of the other targets. It holds no secret: sops-nix opens them on the
//! host, and a unit puts together what holds some.

mod accounts;
mod backups;
mod boot;
mod chain;
mod checks;
mod containers;
mod data;
mod deploy;
mod disko;
mod disks;
mod files;
mod flake;
mod home_manager;
mod homes;
mod jails;
mod logins;
mod machine;
mod meeting;
mod mounts;
mod own_units;
mod restarts;
mod scripts;
mod sealed;
mod secrets;
mod services;
mod standstill;
mod state;
mod vm_tests;

use std::collections::BTreeMap;

use qg_fleet::host::{Host, Manager};
use qg_fleet::leaf::{At, Data, OriginId};
use qg_formats::nix::{Nix, NixPart, Set, module};

use super::{OutputFile, Target};
use crate::Prepared;
pub use backups::job_name;
pub use chain::Turn;
pub use data::option;
pub use disks::by_label;
pub use secrets::{Secrets, Uses};
pub(super) use state::{RULES, rule_path};

pub const TARGET: Target = Target { name: "nix", files: render, checks: checks::ALL };

const COMMENT: &[&str] =
    &["Made by qgc from the sources of the fleet; changes made here are lost."];

/// What is asked of every part of the module: the fleet, and one of its hosts.
#[derive(Clone, Copy)]
struct On<'f> {
    fleet: &'f Prepared<'f>,
    name: &'f str,
    host: &'f At<Host>,
}

fn render(fleet: &Prepared<'_>) -> Vec<OutputFile> {
    let mut files = Vec::new();
    for on in hosts(fleet) {
        let folder = format!("hosts/{}", on.name);
        if let Some(set) = written(fleet, on.name) {
            let document = module(set, on.host.origin, COMMENT);
            files.push(document.file(format!("{folder}/default.nix")));
        }
        if let Some(data) = extra(on.host) {
            let document = module(&data::module(data), data.origin, COMMENT);
            files.push(document.file(format!("{folder}/extra.nix")));
        }
        files.extend(files::copies(on));
        files.extend(chain::file(on));
        files.extend(standstill::file(on));
        files.extend(home_manager::render(on));
    }
    if !files.is_empty() {
        files.push(flake::file(fleet));
        files.push(deploy::file(fleet));
        files.extend(vm_tests::file(fleet));
    }
    files
}

/// The hosts that NixOS manages.
fn hosts<'f>(fleet: &'f Prepared<'f>) -> impl Iterator<Item = On<'f>> {
    fleet.model.host.keys().filter_map(|name| host(fleet, name))
}

/// A host, where NixOS manages it.
fn host<'f>(fleet: &'f Prepared<'f>, name: &str) -> Option<On<'f>> {
    let (name, host) = fleet.model.host.get_key_value(name)?;
    (host.manager.value == Manager::Nixos).then_some(On { fleet, name, host })
}

/// Lets a file below `/etc` come from somewhere.
fn put_etc(set: &mut Set, path: &str, source: Nix) {
    let below = path.strip_prefix("/etc/").unwrap_or(path);
    set.put_at(&["environment", "etc", below, "source"], source);
}

/// A script of ours at its place on the host, with the programs that it calls.
fn put_program(set: &mut Set, place: &str, file: &str, by: OriginId) {
    let packages = ["coreutils", "systemd", "util-linux"];
    let packages = packages.iter().map(|it| Nix::select(&["pkgs", it], by)).collect();
    let text = vec![
        NixPart::Text("export PATH=".to_owned()),
        NixPart::Hole(Nix::apply(&["lib", "makeBinPath"], vec![Nix::list(packages, by)])),
        NixPart::Text(":$PATH\n".to_owned()),
        NixPart::Hole(Nix::apply(&["builtins", "readFile"], vec![Nix::path(file, by)])),
    ];
    let name = place.trim_start_matches("/etc/").replace('/', "-");
    let arguments = vec![Nix::text(name, by), Nix::filled(text, by)];
    put_etc(set, place, Nix::apply(&["pkgs", "writeShellScript"], arguments));
}

/// What a host's `nix { … }` says, if anything.
fn extra(host: &Host) -> Option<&At<Data>> {
    Some(&host.nix).filter(|data| !matches!(&data.value, Data::Record(all) if all.is_empty()))
}

/// Every option that `default.nix` of a host sets.
fn options(on: On<'_>) -> Set {
    let mut set = Set::new();
    machine::put(on, &mut set);
    meeting::put(on, &mut set);
    boot::put(on, &mut set);
    disks::put(on, &mut set);
    mounts::put(on, &mut set);
    accounts::put(on, &mut set);
    secrets::put(on, &mut set);
    state::put(on, &mut set);
    homes::put(on, &mut set);
    home_manager::put(on, &mut set);
    containers::put(on, &mut set);
    services::put(on, &mut set);
    own_units::put(on, &mut set);
    logins::put(on, &mut set);
    jails::put(on, &mut set);
    files::put(on, &mut set);
    sealed::put(on, &mut set);
    backups::put(on, &mut set);
    state::mounted(on, &mut set);
    set
}

/// What the compiler sets on a host, as a tree; none where NixOS does not manage it.
#[must_use]
pub fn written<'f>(fleet: &'f Prepared<'f>, host: &str) -> Option<&'f Set> {
    let all = fleet
        .written
        .get_or_init(|| hosts(fleet).map(|on| (on.name.to_owned(), options(on))).collect());
    all.get(host)
}

/// What a host's `nix { … }` sets, as a tree; none where NixOS does not manage it, or it says nothing.
#[must_use]
pub fn own_options(fleet: &Prepared<'_>, host: &str) -> Option<Set> {
    extra(self::host(fleet, host)?.host).map(data::module)
}

/// What is set in each home on a host, by account, as a tree below `home-manager.users.NAME`.
#[must_use]
pub fn home_options(fleet: &Prepared<'_>, host: &str) -> BTreeMap<String, Set> {
    self::host(fleet, host).map(home_manager::homes).unwrap_or_default()
}

/// The paths of all options that the compiler sets on a host, each with who made it do so.
#[must_use]
pub fn written_options(fleet: &Prepared<'_>, host: &str) -> BTreeMap<Vec<String>, OriginId> {
    let leaves = written(fleet, host).map(Set::leaves).unwrap_or_default();
    let known =
        |value: &Nix| value.all_origins().into_iter().find(|it| it.0 != 0).unwrap_or_default();
    leaves.into_iter().map(|(path, value)| (path, known(value))).collect()
}

/// Files beside the sources that a host's folder is to hold and that are no text, each with who named it.
#[must_use]
pub fn missing_files(fleet: &Prepared<'_>, host: &str) -> Vec<(String, OriginId)> {
    self::host(fleet, host).into_iter().flat_map(files::missing).collect()
}
