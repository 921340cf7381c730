//! Homes of people, as Home Manager makes them: `home-NAME.nix` in the host's folder, a module of Home Manager's
//! (nixos/common.nix of it, `home-manager.users.NAME`), and the files that lie in the home below `homes/NAME`.
//!
//! Secrets of a session are opened by the module of sops-nix for Home Manager (modules/home-manager/sops.nix).

use std::collections::BTreeMap;

use qg_fleet::homes::{Home, HomeFile, HomeOf, Opened};
use qg_fleet::leaf::{At, OriginId};
use qg_fleet::secret::Secret;
use qg_formats::nix::{Nix, Set, module};

use super::{COMMENT, On, data, files, secrets, state};
use crate::OutputFile;
use crate::files::content;
use crate::made::Made;

/// The module of a home, in the folder of its host.
fn file_of(user: &str) -> String {
    format!("home-{user}.nix")
}

/// Where a file that lies in a home is, in the folder of its host.
fn place(user: &str, path: &str) -> String {
    format!("homes/{user}/{path}")
}

pub(super) fn put(on: On<'_>, set: &mut Set) {
    for home in on.fleet.model.homes_on(on.name) {
        let by = origin(&home);
        let module = Nix::path(file_of(home.user), by);
        let option = ["home-manager", "users", home.user, "imports"];
        set.put_at(&option, Nix::list(vec![module], by));
    }
}

/// The modules of the homes on a host, and the files that lie in them.
pub(super) fn render(on: On<'_>) -> Vec<OutputFile> {
    let mut made = Made::default();
    for home in on.fleet.model.homes_on(on.name) {
        let all = module(&options(on, &home), origin(&home), COMMENT);
        made.put(file_of(home.user), all);
        for (path, file) in files_of(&home) {
            // What cannot be written is refused by a check.
            if let Ok(document) = content(on.fleet, &file.map(HomeFile::as_file)) {
                made.put(place(home.user, path), document);
            }
        }
    }
    made.below(&format!("hosts/{}", on.name))
}

/// What the compiler and the fleet set in each home of a host, by account.
pub(super) fn homes(on: On<'_>) -> BTreeMap<String, Set> {
    let homes = on.fleet.model.homes_on(on.name);
    homes.map(|home| (home.user.to_owned(), options(on, &home))).collect()
}

fn origin(home: &HomeOf<'_>) -> OriginId {
    home.parts.first().map(|(_, part)| part.origin).unwrap_or_default()
}

fn files_of<'h>(home: &'h HomeOf<'_>) -> impl Iterator<Item = (&'h str, &'h At<HomeFile>)> {
    let parts = home.parts.iter().flat_map(|(_, part)| &part.file);
    parts.map(|(path, file)| (path.as_str(), file))
}

fn options(on: On<'_>, home: &HomeOf<'_>) -> Set {
    let mut set = Set::new();
    let mut imports = Vec::new();
    for (_, part) in &home.parts {
        imports.extend(part.modules.iter().filter_map(files::imported));
    }
    if !imports.is_empty() {
        set.put("imports", Nix::list(imports, origin(home)));
    }
    for (_, part) in &home.parts {
        if let Some(version) = &part.state_version {
            let value = Nix::text(version.value.clone(), version.origin);
            set.put_at(&["home", "stateVersion"], value);
        }
        for (key, value) in data::module(&part.nix).0 {
            set.put(key, value);
        }
    }
    for (path, file) in files_of(home) {
        let mut one = Set::new();
        one.put("source", Nix::source(place(home.user, path), file.origin));
        if let Some(program) = &file.executable {
            one.put("executable", Nix::bool(program.value, program.origin));
        }
        set.put_at(&["home", "file", path], one.nix(file.origin));
    }
    let opened = on.fleet.model.opened_in_sessions(on.name);
    let opened: Vec<Opened<'_>> = opened.filter(|it| it.user == home.user).collect();
    if !opened.is_empty() {
        home.parts.iter().for_each(|(_, part)| key(part, &mut set));
    }
    let encrypted = files::secret_files(on);
    for it in opened {
        if let Some((_, secret)) = it.secret(&on.fleet.model) {
            set.put_at(&["sops", "secrets", it.name], opens(&it, secret, &encrypted));
        }
    }
    set
}

/// The private key of a part, which opens what all of them have.
fn key(part: &Home, set: &mut Set) {
    if let Some(file) = &part.age.key_file {
        set.put_at(&["sops", "age", "keyFile"], Nix::text(file.value.clone(), file.origin));
    }
    if !part.age.ssh_keys.is_empty() {
        let keys = state::texts(&part.age.ssh_keys, part.age.ssh_keys.origin);
        set.put_at(&["sops", "age", "sshKeyPaths"], keys);
    }
}

fn opens(
    it: &Opened<'_>,
    secret: &At<Secret>,
    encrypted: &BTreeMap<String, (String, OriginId)>,
) -> Nix {
    let mut all = Set::new();
    secrets::source(secret, encrypted, &mut all);
    all.put("mode", state::mode(&it.said.mode));
    if let Some(path) = &it.said.path {
        all.put("path", Nix::text(path.value.clone(), path.origin));
    }
    let mut nix = all.nix(secret.origin);
    nix.origins.push(it.said.origin);
    nix
}
