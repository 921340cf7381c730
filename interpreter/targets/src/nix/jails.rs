//! fail2ban, through the module of NixOS (nixpkgs, `nixos/modules/services/security/fail2ban.nix`, 24.11 to 25.11).

use qg_fleet::leaf::OriginId;
use qg_formats::nix::{Nix, Set};

use super::{On, put_etc};
use crate::fail2ban::{self, Key, Said};

pub(super) fn put(on: On<'_>, set: &mut Set) {
    let Some(ban) = &on.host.fail2ban else { return };
    let mut all = Set::new();
    all.put("enable", Nix::bool(true, ban.origin));
    for key in fail2ban::common(ban) {
        let value = value(&key);
        match key.name.as_str() {
            // What its options say of these, the module writes into `DEFAULT` itself.
            "maxretry" | "bantime" | "banaction" => all.put(key.name.as_str(), value),
            "banaction_allports" => all.put("banaction-allports", value),
            "backend" => {
                let forced = Nix::apply(&["lib", "mkForce"], vec![value]);
                all.put_at(&["jails", "DEFAULT", "settings", "backend"], forced);
            }
            "bantime.increment" => all.put_at(&["bantime-increment", "enable"], value),
            // The module adds the machine's own.
            "ignoreip" => {
                all.put("ignoreIP", super::state::texts(&ban.ignoreip, ban.ignoreip.origin));
            }
            name => match name.strip_prefix("bantime.").filter(|it| INCREMENT.contains(it)) {
                // Its options are texts.
                Some(option) => all.put_at(&["bantime-increment", option], text(&key)),
                None => all.put_at(&["jails", "DEFAULT", "settings", name], value),
            },
        }
    }
    let jails = fail2ban::jails(on.fleet, on.name);
    for it in &jails {
        let settings = ["jails", it.name.as_str(), "settings"];
        for key in fail2ban::jail(ban, it) {
            all.put_at(&[&settings[..], &[key.name.as_str()]].concat(), value(&key));
        }
    }
    set.put_at(&["services", "fail2ban"], all.nix(ban.origin));
    unit(on, &jails, set);
}

/// Options of `bantime-increment`.
const INCREMENT: &[&str] =
    &["factor", "formula", "maxtime", "multipliers", "overalljails", "rndtime"];

/// The files of filters, for which it starts anew, and what it starts behind.
fn unit(on: On<'_>, jails: &[qg_fleet::jails::HostJail<'_>], set: &mut Set) {
    let mut triggers = Vec::new();
    for place in fail2ban::places(on.fleet, on.name) {
        put_etc(set, &place.to, Nix::path(place.from.clone(), place.by));
        triggers.push(Nix::source(place.from, place.by));
    }
    let mut unit = Set::new();
    let after: Vec<Nix> =
        fail2ban::waits_for(jails).into_iter().map(|(name, by)| Nix::text(name, by)).collect();
    for (key, list) in [("after", after), ("restartTriggers", triggers)] {
        if !list.is_empty() {
            unit.put(key, Nix::list(list, OriginId::default()));
        }
    }
    if !unit.is_empty() {
        let by = on.host.origin;
        set.put_at(&["systemd", "services", "fail2ban"], unit.nix(by));
    }
}

fn value(key: &Key) -> Nix {
    let by = key.by.first().copied().unwrap_or_default();
    let mut all = match &key.said {
        Said::Text(text) => Nix::text(text.clone(), by),
        Said::Int(number) => Nix::int(*number, by),
        Said::Bool(it) => Nix::bool(*it, by),
    };
    all.origins.clone_from(&key.by);
    all
}

/// A number as a text.
fn text(key: &Key) -> Nix {
    match &key.said {
        Said::Int(number) => {
            let by = key.by.first().copied().unwrap_or_default();
            Nix::text(number.to_string(), by)
        }
        Said::Text(_) | Said::Bool(_) => value(key),
    }
}
