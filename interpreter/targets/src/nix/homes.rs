//! Folders in the homes of people: made for their owner, before something is put below them as root.

use std::collections::BTreeMap;

use qg_fleet::host::{Account, User};
use qg_fleet::leaf::{At, OriginId};
use qg_formats::nix::{Nix, Set};

use super::{On, state};

/// What nobody else may look into, whatever is in it (sshd(8), gpg(1)).
const PRIVATE: [&str; 2] = [".ssh", ".gnupg"];

/// A folder that is missing when its home is new.
struct Folder {
    user: String,
    group: String,
    mode: &'static str,
    by: OriginId,
}

/// The home that a path is in: whose, and where it begins.
fn home<'f>(on: On<'f>, path: &str) -> Option<(&'f str, &'f At<User>, String)> {
    on.fleet.model.users_on(on.name).find_map(|(name, user)| {
        let Account::Login(login) = &user.kind.value else { return None };
        // Where NixOS puts the homes of people.
        let home =
            login.home.as_ref().map_or_else(|| format!("/home/{name}"), |it| it.value.clone());
        let home = home.trim_end_matches('/').to_owned();
        let inside = path.strip_prefix(&home).is_some_and(|rest| rest.starts_with('/'));
        (name != "root" && inside).then_some((name, user, home))
    })
}

/// Owner and group of what is made in the home that a path is in.
pub(super) fn owner(on: On<'_>, path: &str) -> Option<(String, String)> {
    let (name, user, _) = home(on, path)?;
    // The group that NixOS gives people.
    let group = user.group.as_ref().map_or("users", |it| it.last());
    Some((name.to_owned(), group.to_owned()))
}

/// Rules for every folder between a home and what the compiler puts there, where nothing else says one.
pub(super) fn put(on: On<'_>, set: &mut Set) {
    let model = &on.fleet.model;
    let used = on.fleet.secrets_on(on.name).iter().filter(|(_, uses)| uses.running);
    let secrets = used.filter_map(|(key, _)| model.secret.get(key));
    let mut paths: Vec<(&str, OriginId)> =
        secrets.map(|it| (it.path.as_str(), it.path.origin)).collect();
    paths.extend(on.fleet.files_on(on.name).iter().map(|it| (it.path, it.file.origin)));
    let states = on.fleet.states_on(on.name);
    paths.extend(states.iter().map(|(path, it)| (*path, it.origin)));
    let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
    for (path, by) in paths {
        let (Some((_, _, home)), Some((user, group))) = (home(on, path), owner(on, path)) else {
            continue;
        };
        let below = path.strip_prefix(&home).unwrap_or_default().trim_start_matches('/');
        let mut folder = home.clone();
        let parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
        let private = parts.first().is_some_and(|first| PRIVATE.contains(first));
        for part in parts.iter().take(parts.len().saturating_sub(1)) {
            folder = format!("{folder}/{part}");
            // Elsewhere its owner may have said another one since: a colon leaves it.
            let mode = if private { "0700" } else { ":0755" };
            let (user, group) = (user.clone(), group.clone());
            folders.entry(folder.clone()).or_insert(Folder { user, group, mode, by });
        }
    }
    for (path, it) in folders.iter().filter(|(path, _)| !states.contains_key(path.as_str())) {
        let mut rule = Set::new();
        rule.put("user", Nix::text(it.user.clone(), it.by));
        rule.put("group", Nix::text(it.group.clone(), it.by));
        rule.put("mode", Nix::text(it.mode, it.by));
        let path = state::rule_path(path);
        let option = ["systemd", "tmpfiles", "settings", state::RULES, &path, "d"];
        set.put_at(&option, rule.nix(it.by));
    }
}
