//! State: directories with their owners, and what an ephemeral root keeps.

use qg_fleet::folders::is_below;
use qg_fleet::host::Root;
use qg_fleet::leaf::{At, OriginId, Priority};
use qg_fleet::service::{Answer, State, StateKind};
use qg_formats::nix::{Nix, Set};
use qg_formats::systemd;

use super::{On, homes};
use crate::around::{around, parent};

/// What the tmpfiles rules of the compiler are called.
pub(crate) const RULES: &str = "10-qg";

/// A path as a key of tmpfiles' settings: NixOS puts it between quotes into a rule as it is (nixpkgs,
/// `nixos/modules/system/boot/systemd/tmpfiles.nix`), where systemd decodes escapes and fills in specifiers.
pub(crate) fn rule_path(path: &str) -> String {
    systemd::escaped(path)
}

pub(super) fn put(on: On<'_>, set: &mut Set) {
    // One path said in two ways is refused by a check.
    let states = on.fleet.states_on(on.name);
    // What a module keeps by itself it makes, too.
    let said = |it: &(&&str, &&At<State>)| it.1.priority != Priority::SchemaDefault;
    for (path, state) in states.iter().filter(said) {
        let letter = match state.kind.value {
            StateKind::Directory => "d",
            StateKind::File => "f",
        };
        let path_there = rule_path(path);
        let rule = ["systemd", "tmpfiles", "settings", RULES, &path_there, letter];
        set.put_at(&rule, access(state).nix(state.origin));
        let rules = ["systemd", "tmpfiles", "settings", RULES, &path_there];
        if state.repair.value {
            let mut all = access(state);
            // What nobody may run stays so.
            let mode = Nix::text(format!("~{}", octal(state.mode.value)), state.mode.origin);
            all.0.retain(|(key, _)| key != "mode");
            all.put("mode", mode);
            set.put_at(&[&rules[..], &["Z"]].concat(), all.nix(state.repair.origin));
        }
        if !state.acl.is_empty() {
            let all: Vec<&str> = state.acl.iter().map(|it| it.as_str()).collect();
            let argument = Nix::text(all.join(","), state.acl.origin);
            set.put_at(&[&rules[..], &["A+", "argument"]].concat(), argument);
        }
    }
    let around = around(on.fleet, on.name);
    for (path, state) in states {
        // Around what is linked or mounted into an emptied root, impermanence makes the folders itself.
        if let (Some(mode), Some(above)) = (&state.parent_mode, parent(path))
            && !states.contains_key(above)
            && around.get(above).is_some_and(|said| said.value == mode.value)
            && !(matches!(on.host.root.value, Root::Ephemeral(_)) && is_kept(state))
        {
            let path = rule_path(above);
            let rule = ["systemd", "tmpfiles", "settings", RULES, &path, "d", "mode"];
            set.put_at(&rule, self::mode(mode));
        }
    }
    if let Root::Ephemeral(ephemeral) = &on.host.root.value {
        let keep = &ephemeral.keep;
        let directory = |state: &State| state.kind.value == StateKind::Directory;
        let mut all = Set::new();
        all.put("hideMounts", Nix::bool(true, keep.origin));
        for (path, state) in states.iter().filter(|(_, state)| is_kept(state)) {
            let above = |(other, it): (&&str, &&At<State>)| {
                is_kept(it) && directory(it) && is_below(path, other)
            };
            if is_below(path, keep) || *path == keep.value || states.iter().any(above) {
                continue;
            }
            if directory(state) {
                let mut item = Set::new();
                item.put("directory", Nix::text(*path, state.origin));
                access(state).0.into_iter().for_each(|(key, value)| item.put(key, value));
                let parent = parents(on, path, state, parent_mode(path, state));
                if !parent.is_empty() {
                    item.put("defaultPerms", parent.nix(state.origin));
                }
                let list = Nix::list(vec![item.nix(state.origin)], state.origin);
                all.put("directories", list);
            } else {
                let mut item = Nix::text(*path, state.origin);
                let parent = parents(on, path, state, state.parent_mode.as_ref().map(self::mode));
                if !parent.is_empty() {
                    let mut one = Set::new();
                    one.put("file", item);
                    one.put("parentDirectory", parent.nix(state.origin));
                    item = one.nix(state.origin);
                }
                all.put("files", Nix::list(vec![item], state.origin));
            }
        }
        set.put_at(&["environment", "persistence", keep], all.nix(keep.origin));
    }
}

fn is_kept(state: &State) -> bool {
    matches!(state.persist.value, Answer::Yes)
}

/// The mode of the folders that are made around one.
fn parent_mode(path: &str, state: &At<State>) -> Option<Nix> {
    // systemd refuses to run what keeps its state there while others may look in.
    let private = || is_below(path, "/var/lib/private").then(|| Nix::text("0700", state.origin));
    state.parent_mode.as_ref().map(mode).or_else(private)
}

/// What the folders get that are made around what is kept: in a home they belong to whose home it is.
fn parents(on: On<'_>, path: &str, state: &At<State>, mode: Option<Nix>) -> Set {
    let mut all = Set::new();
    if let Some(mode) = mode {
        all.put("mode", mode);
    }
    if let Some((user, group)) = homes::owner(on, path) {
        all.put("user", Nix::text(user, state.origin));
        all.put("group", Nix::text(group, state.origin));
    }
    all
}

/// Folders that containers mount, where nothing else makes them.
pub(super) fn mounted(on: On<'_>, set: &mut Set) {
    for (path, folder) in on.fleet.mounted_folders(on.name) {
        let path = rule_path(path);
        // What is made for another reason has its owner already; of a folder around something its mode is said alone.
        let known = set.at(&["systemd", "tmpfiles", "settings", RULES, &path]);
        let said = known.and_then(|rules| rules.at(&["d"])).map(|rule| {
            (rule.get("mode").is_some(), rule.get("user").is_some() || rule.get("group").is_some())
        });
        if known.is_some() && said != Some((true, false)) {
            continue;
        }
        let mut all = Set::new();
        for (key, name) in [("user", &folder.owner), ("group", &folder.group)] {
            if let Some((name, by)) = name {
                all.put(key, Nix::text(name, *by));
            }
        }
        if known.is_none() {
            all.put("mode", mode(&folder.mode));
        }
        let rule = ["systemd", "tmpfiles", "settings", RULES, &path, "d"];
        set.put_at(&rule, all.nix(folder.by));
    }
}

/// `user`, `group` and `mode`, as tmpfiles and impermanence both call them.
fn access(state: &State) -> Set {
    let mut all = Set::new();
    let (user, group) = state.accounts();
    for (key, name) in [("user", user), ("group", group)] {
        if let Some((name, by)) = name {
            all.put(key, Nix::text(name, by));
        }
    }
    all.put("mode", mode(&state.mode));
    all
}

/// A file mode, in octal digits.
pub(super) fn mode(mode: &At<u16>) -> Nix {
    Nix::text(octal(mode.value), mode.origin)
}

pub(super) fn octal(mode: u16) -> String {
    format!("{mode:04o}")
}

/// A list of texts, each with its own origin.
pub(super) fn texts(items: &[At<String>], by: OriginId) -> Nix {
    Nix::list(items.iter().map(|it| Nix::text(it.value.clone(), it.origin)).collect(), by)
}
