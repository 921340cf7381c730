//! fail2ban (jail.conf(5), 1.0 and later): filters of one's own, and on hosts without NixOS the settings of all jails.
//!
//! What a jail says is one list of keys (`jail`, `common`), whoever writes it: NixOS as options, others as
//! `jail.d/qg.local`.

mod settings;

use std::collections::BTreeSet;

use qg_fleet::host::{Host, Manager};
use qg_fleet::jails::{HostJail, JailFilter, JailFilterOwn, Reads};
use qg_fleet::leaf::{At, OriginId};
use qg_formats::Document;

use super::{OutputFile, Target};
use crate::Prepared;

pub(crate) use settings::{Key, Said, common, jail};

pub const TARGET: Target = Target { name: "fail2ban", files: render, checks: &[] };

/// The program's unit, in nixpkgs and in Debian alike.
pub(crate) const UNIT: &str = "fail2ban.service";

const FOLDER: &str = "/etc/fail2ban";

const COMMENT: &str = "# Made by qgc from the sources of the fleet; changes made here are lost.";

/// A file of fail2ban's in the folder of its host, and where it is to be.
pub(crate) struct Place {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) by: OriginId,
}

fn place(below: &str, by: OriginId) -> Place {
    Place { from: format!("fail2ban/{below}"), to: format!("{FOLDER}/{below}"), by }
}

fn filter_place(name: &str, by: OriginId) -> Place {
    place(&format!("filter.d/{name}.conf"), by)
}

/// The settings of a host without NixOS.
fn jails_place(by: OriginId) -> Place {
    place("jail.d/qg.local", by)
}

/// What makes it start behind the programs whose files it reads, on a host without NixOS: it takes no jail up whose
/// file is not there.
fn order_place(by: OriginId) -> Place {
    let below = "order.conf";
    Place {
        from: format!("fail2ban/{below}"),
        to: format!("/etc/systemd/system/{UNIT}.d/qg.conf"),
        by,
    }
}

/// The jails of a host; of two of one name, which a check refuses, the first.
pub(crate) fn jails<'f>(fleet: &'f Prepared<'f>, host: &str) -> Vec<HostJail<'f>> {
    let mut all = fleet.jails_on(host);
    let mut names = BTreeSet::new();
    all.retain(|it| names.insert(it.name.clone()));
    all
}

/// Every file of fail2ban's that a host gets from us; nothing where it has no fail2ban.
pub(crate) fn places(fleet: &Prepared<'_>, host: &str) -> Vec<Place> {
    let Some(of) = fleet.model.host.get(host) else { return Vec::new() };
    let Some(ban) = &of.fail2ban else { return Vec::new() };
    let jails = jails(fleet, host);
    let mut all: Vec<Place> = jails
        .iter()
        .filter_map(|it| Some(filter_place(&it.own_filter()?, it.jail.filter.origin)))
        .collect();
    if of.manager.value == Manager::Plain {
        all.push(jails_place(ban.origin));
        if !waits_for(&jails).is_empty() {
            all.push(order_place(ban.origin));
        }
    }
    all
}

/// The units whose log files jails read: fail2ban starts behind them.
pub(crate) fn waits_for<'j>(jails: &'j [HostJail<'_>]) -> Vec<(&'j str, OriginId)> {
    let mut all: Vec<(&str, OriginId)> = Vec::new();
    for it in jails.iter().filter(|it| matches!(it.reads, Reads::File(_))) {
        let Some((_, service)) = it.service else { continue };
        let unit = service.unit.name.as_str();
        if !all.iter().any(|(known, _)| *known == unit) {
            all.push((unit, it.jail.origin));
        }
    }
    all
}

fn render(fleet: &Prepared<'_>) -> Vec<OutputFile> {
    let mut files = Vec::new();
    for (name, host) in &fleet.model.host {
        let Some(ban) = &host.fail2ban else { continue };
        let jails = jails(fleet, name);
        let mut put = |place: Place, document: Document| {
            files.push(document.file(format!("hosts/{name}/{}", place.from)));
        };
        for it in &jails {
            if let (Some(filter), JailFilter::Own(own)) = (it.own_filter(), &it.jail.filter.value) {
                let by = it.jail.filter.origin;
                put(filter_place(&filter, by), filter_file(it, own, by));
            }
        }
        if host.manager.value == Manager::Plain {
            put(jails_place(ban.origin), jails_file(host, &jails));
            let units = waits_for(&jails);
            if !units.is_empty() {
                put(order_place(ban.origin), order_file(&units));
            }
        }
    }
    files
}

/// fail2ban cuts the time out of a line, and leaves blanks and brackets that stood around it.
const FILE: &str = r"prefregex = ^\s*(?:\[\]\s*)?<F-CONTENT>.+</F-CONTENT>$";

/// What fail2ban puts before a line of the journal (`formatJournalEntry`): the machine, the program and its number.
const JOURNAL: &str = r"prefregex = ^\s*\S+ .+?: <F-CONTENT>.+</F-CONTENT>$";

fn filter_file(of: &HostJail<'_>, own: &JailFilterOwn, by: OriginId) -> Document {
    let mut file = Document::default();
    file.line(COMMENT, &[by]);
    file.line("[Definition]", &[by]);
    match of.reads {
        Reads::Journal { by, .. } => file.line(JOURNAL, &[by]),
        Reads::File(path) => file.line(FILE, &[path.origin]),
        // A check refuses what reads nothing, and only filters that are brought say it themselves.
        Reads::Nothing | Reads::Filter => {}
    }
    for (key, all) in [("failregex", &own.failregex), ("ignoreregex", &own.ignoreregex)] {
        for (index, it) in all.iter().enumerate() {
            let start = if index == 0 { format!("{key} = ") } else { " ".repeat(key.len() + 3) };
            file.line(&format!("{start}{}", settings::literal(it)), &[it.origin]);
        }
        if all.is_empty() {
            file.line(&format!("{key} ="), &[by]);
        }
    }
    if let Some(it) = &own.datepattern {
        file.line(&format!("datepattern = {}", settings::literal(it)), &[it.origin]);
    }
    file
}

fn jails_file(host: &At<Host>, jails: &[HostJail<'_>]) -> Document {
    let mut file = Document::default();
    let Some(ban) = &host.fail2ban else { return file };
    file.line(COMMENT, &[ban.origin]);
    section(&mut file, "DEFAULT", &common(ban), ban.origin);
    for it in jails {
        file.line("", &[]);
        let mut keys = vec![Key {
            name: "enabled".to_owned(),
            said: Said::Bool(true),
            by: vec![it.jail.origin],
        }];
        keys.extend(jail(ban, it));
        section(&mut file, &it.name, &keys, it.jail.origin);
    }
    file
}

fn section(file: &mut Document, name: &str, keys: &[Key], by: OriginId) {
    file.line(&format!("[{name}]"), &[by]);
    for Key { name, said, by } in keys {
        let value = match said {
            Said::Text(text) => text.clone(),
            Said::Int(number) => number.to_string(),
            Said::Bool(it) => it.to_string(),
        };
        file.line(&format!("{name} = {value}"), by);
    }
}

fn order_file(units: &[(&str, OriginId)]) -> Document {
    let by: Vec<OriginId> = units.iter().map(|(_, by)| *by).collect();
    let names: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
    let mut file = Document::default();
    file.line(COMMENT, &by);
    file.line("[Unit]", &by);
    file.line(&format!("After={}", names.join(" ")), &by);
    file
}
