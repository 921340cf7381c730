//! Accounts and groups of a host.

use qg_fleet::host::{Account, AccountLogin, GroupKind, SubIds, User};
use qg_fleet::leaf::{At, EntityPath, Priority};
use qg_formats::nix::{Nix, NixExpr, Set};

use super::{On, secrets};

/// Shells that NixOS wants to be enabled as programs too.
const ENABLED_SHELLS: &[&str] = &["fish", "xonsh", "zsh"];

pub(super) fn put(on: On<'_>, set: &mut Set) {
    let model = &on.fleet.model;
    for (name, user) in model.users_on(on.name) {
        // What a module would have declared is not there without it.
        if on
            .fleet
            .gone_with(on.name, &EntityPath(vec!["user".to_owned(), name.to_owned()]))
            .is_some()
        {
            continue;
        }
        let mut all = Set::new();
        account(on, name, user, &mut all, set);
        if all.is_empty() && user.kind.value == Account::FromModule {
            // Its module says everything.
            continue;
        }
        set.put_at(&["users", "users", name], all.nix(user.origin));
    }
    sudo(on, set);
    for (name, group) in model.groups_on(on.name) {
        if group.kind.value == GroupKind::Declared {
            let mut all = Set::new();
            if let Some(gid) = &group.gid {
                all.put("gid", Nix::int(gid.value, gid.origin));
            }
            set.put_at(&["users", "groups", name], all.nix(group.origin));
        }
    }
}

/// Where NixOS has the programs of the system.
const PROGRAMS: &str = "/run/current-system/sw/bin";

/// What accounts may do as root, in the words of sudoers(5), which the module writes as they are.
fn sudo(on: On<'_>, set: &mut Set) {
    let mut rules = Vec::new();
    for (name, user) in on.fleet.model.users_on(on.name) {
        let commands = on.fleet.sudo_on(user, on.name, PROGRAMS).into_iter().map(|it| {
            let by = it.by.first().copied().unwrap_or_default();
            let mut one = Set::new();
            one.put("command", Nix::new(NixExpr::Text(it.text), &it.by));
            one.put("options", Nix::list(vec![Nix::text("NOPASSWD", by)], by));
            one.nix(by)
        });
        let commands: Vec<Nix> = commands.collect();
        if !commands.is_empty() {
            let mut rule = Set::new();
            rule.put("users", Nix::list(vec![Nix::text(name, user.origin)], user.origin));
            // Else NixOS lets them be run as anybody, and in any group.
            rule.put("runAs", Nix::text("root", user.origin));
            rule.put("commands", Nix::list(commands, user.origin));
            rules.push(rule.nix(user.origin));
        }
    }
    let first = rules.first().and_then(|it: &Nix| it.origins.first().copied());
    if let Some(first) = first {
        set.put_at(&["security", "sudo", "extraRules"], Nix::list(rules, first));
    }
}

fn account(on: On<'_>, name: &str, user: &At<User>, all: &mut Set, set: &mut Set) {
    let kind = user.kind.origin;
    match &user.kind.value {
        Account::System => all.put("isSystemUser", Nix::bool(true, kind)),
        // NixOS has the one whose number is 0.
        Account::Login(_) if name == "root" => {}
        Account::Login(_) => all.put("isNormalUser", Nix::bool(true, kind)),
        Account::FromModule => {}
    }
    // NixOS says of root what it is, and would refuse another word on it.
    if !user.about.value.is_empty() && name != "root" {
        all.put("description", Nix::text(user.about.value.clone(), user.about.origin));
    }
    if let Some(uid) = &user.uid {
        all.put("uid", Nix::int(uid.value, uid.origin));
    }
    if let Some(group) = &user.group {
        all.put("group", Nix::text(group.last(), group.origin));
    } else if user.kind.value == Account::System {
        // NixOS wants a group for every account that is no person's.
        all.put("group", Nix::text(name, user.origin));
        set.put_at(&["users", "groups", name], Set::new().nix(user.origin));
    }
    // Somebody on several hosts is in a group where there is one.
    let is_here = |group: &EntityPath| {
        let known = on.fleet.model.group.get(group.entity());
        known.is_none_or(|it| it.on.iter().any(|host| host.entity() == on.name))
    };
    let groups = user.groups.iter().filter(|group| is_here(group));
    let mut extra: Vec<Nix> = groups.map(|group| Nix::text(group.last(), group.origin)).collect();
    extra.extend(user.extra_groups.iter().map(|it| Nix::text(it.value.clone(), it.origin)));
    if !extra.is_empty() {
        // Each of them has its own origin; the list has its first one's.
        let of_groups = user.groups.first().map(|it| it.origin);
        let more = || user.extra_groups.iter().next().map(|it| it.origin);
        let origin = of_groups.or_else(more).unwrap_or_default();
        all.put("extraGroups", Nix::list(extra, origin));
    }
    if let Account::Login(it) = &user.kind.value {
        login(on, it, all, set);
    }
}

fn login(on: On<'_>, login: &AccountLogin, all: &mut Set, set: &mut Set) {
    if let Some(home) = &login.home {
        all.put("home", Nix::text(home.value.clone(), home.origin));
    }
    // Bash is NixOS's own default.
    let shell = &login.shell;
    if shell.priority != Priority::SchemaDefault && shell.value != "bash" {
        all.put("shell", Nix::select(&["pkgs", &shell.value], shell.origin));
        if ENABLED_SHELLS.contains(&shell.value.as_str()) {
            let enable = ["programs", shell.value.as_str(), "enable"];
            set.put_at(&enable, Nix::bool(true, shell.origin));
        }
    }
    if let Some(password) = &login.password
        && let Some(path) = secrets::password_path(on, password)
    {
        all.put("hashedPasswordFile", path);
    }
    if !login.keys.is_empty() {
        let keys = login.keys.iter().map(|key| Nix::text(key.value.clone(), key.origin)).collect();
        all.put_at(&["openssh", "authorizedKeys", "keys"], Nix::list(keys, login.keys.origin));
    }
    match login.sub_ids.as_ref().map(|it| (&it.value, it.origin)) {
        Some((SubIds::Auto, by)) => all.put("autoSubUidGidRange", Nix::bool(true, by)),
        Some((SubIds::Range(range), by)) => {
            for (option, key) in [("subUidRanges", "startUid"), ("subGidRanges", "startGid")] {
                let mut one = Set::new();
                one.put(key, Nix::int(range.start.value, range.start.origin));
                one.put("count", Nix::int(range.count.value, range.count.origin));
                all.put(option, Nix::list(vec![one.nix(by)], by));
            }
        }
        None => {}
    }
    if login.linger.value {
        all.put("linger", Nix::bool(true, login.linger.origin));
    }
}
