//! What opens the secrets of a host without NixOS, what is put together from them, and the unit that does both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use qg_fleet::leaf::{At, EntityPath, OriginId};
use qg_fleet::secret::Secret;
use qg_formats::sops::{SopsFormat, without_comments};
use qg_formats::{Document, json};

use super::{On, Put};
use crate::made::Made;
use crate::names::Names;
use crate::sealed::{SCRIPT, UNIT, telling, word};

const SECRETS: &str = include_str!("secrets.sh");
/// Where secrets are opened that are looked for elsewhere: what is not encrypted lies in memory only.
const OPENED: &str = "/run/qg/opened";
const OPENS: &str = "/etc/qg/secrets.sh";

pub(super) fn files(on: On<'_>, made: &mut Made) -> Vec<Put> {
    let used = on.fleet.secrets_on(on.name);
    if used.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    let mut script = Document::whole(telling(SECRETS), &[on.host.origin]);
    let age = &on.host.age;
    if let Some(file) = &age.key_file {
        let line = format!("export SOPS_AGE_KEY_FILE={}", word(file));
        script.text(&line, &[file.origin]);
    }
    for key in age.ssh_keys.iter() {
        script.text(&format!("key {}", word(key)), &[key.origin]);
    }
    let mut names = Names::default();
    for key in used.keys() {
        let Some(secret) = on.fleet.model.secret.get(key) else { continue };
        let Some(file) = &secret.file else { continue };
        let to = format!("/etc/qg/secrets/{}", file.value);
        if let Some(text) = on.fleet.text_of(file) {
            let from = format!("secrets/{}", file.value);
            let text = without_comments(SopsFormat::of(file), text).into_owned();
            if made.put(from.clone(), Document::whole(text, &[file.origin])) {
                all.push(Put::new(from, &to, file.origin).with(0o400));
            }
        }
        let path = &secret.path.value;
        let is_below = path.starts_with("/run/") && !path.split('/').any(|part| part == "..");
        let store = if is_below { path.clone() } else { format!("{OPENED}/{}", names.name(path)) };
        script.text(&opens(on, secret, &store, &to), &[secret.origin]);
    }
    script.line("finish", &[on.host.origin]);
    made.put("secrets.sh", script);
    all.push(Put::new("secrets.sh", OPENS, on.host.origin).with(0o755));
    let sealed = on.fleet.sealed_on(on.name);
    if !sealed.is_empty() {
        all.push(Put::new("sealed.sh", SCRIPT, on.host.origin).with(0o755));
    }
    all.extend(sealed.iter().map(|it| Put::new(&it.source, it.template(), it.by).with(0o400)));
    made.put(UNIT, unit(on));
    let to = format!("/etc/systemd/system/{UNIT}");
    all.push(Put::new(UNIT, to, on.host.origin).unit(UNIT));
    all
}

/// How `sops` is asked for a secret, and who reads it.
fn opens(on: On<'_>, secret: &At<Secret>, store: &str, file: &str) -> String {
    let mut key = String::new();
    if !secret.whole(SopsFormat::of(file)) {
        for part in secret.key.split('/') {
            let _ = write!(key, "[{}]", json::quoted(part));
        }
    }
    let account = |it: &Option<At<EntityPath>>| it.as_ref().map(|it| it.last().to_owned());
    let owner = account(&secret.owner).or_else(|| account_of(on, secret));
    let root = || "root".to_owned();
    format!(
        "secret {} {} {} {} {:04o} {} {} {}",
        word(file),
        word(&key),
        word(store),
        word(&secret.path),
        secret.mode.value,
        word(&owner.unwrap_or_else(root)),
        word(&account(&secret.group).unwrap_or_else(root)),
        word(&readers(on, secret)),
    )
}

/// The account whose units read a secret, where nobody says an owner.
fn account_of(on: On<'_>, secret: &Secret) -> Option<String> {
    let needed = on.fleet.needed_on(on.name).iter();
    let mut reading = needed.filter(|(_, needed)| needed.contains_key(&secret.path.value));
    let account = reading.find_map(|(unit, _)| on.fleet.account_of_unit(on.name, unit))?;
    Some(account.name().to_owned())
}

/// The units that start anew when a secret changes: those it names, and those that read it by its path.
fn readers(on: On<'_>, secret: &Secret) -> String {
    let model = &on.fleet.model;
    let named = secret.restart.iter().filter(|it| match it.kind() {
        "pod" => model.pods_on(on.name).any(|(key, _)| key == it.entity()),
        _ => model.services_on(on.name).any(|(key, _)| key == it.entity()),
    });
    let named = named.filter_map(|it| on.fleet.unit_name(it));
    let needed = on.fleet.needed_on(on.name).iter();
    let reading = needed
        .filter(|(_, needed)| needed.contains_key(&secret.path.value))
        .map(|(unit, _)| unit.as_str());
    let all: BTreeSet<String> =
        named.chain(reading).filter_map(|unit| on.fleet.told(on.name, unit)).collect();
    all.into_iter().collect::<Vec<String>>().join(" ")
}

/// The unit that opens secrets and puts together what holds some, before anything reads it. Nothing requires it: each
/// unit looks for its own files.
fn unit(on: On<'_>) -> Document {
    let by = on.host.origin;
    let mut units: BTreeMap<&str, OriginId> = BTreeMap::new();
    let rootless = on.fleet.rootless(on.name);
    for (name, needed) in on.fleet.needed_on(on.name) {
        if on.fleet.account_of_unit(on.name, name).is_none() {
            units.insert(name, needed.values().next().copied().unwrap_or(by));
        }
    }
    let mut unit = super::system::begun();
    unit.line("[Unit]", &[]);
    unit.line("Description=Open secrets and put together what holds some", &[by]);
    for (name, by) in &units {
        unit.pair("Before", "=", name, &[*by]);
    }
    if let Some(rootless) = rootless {
        unit.pair("Before", "=", &rootless.manager(), &[rootless.user.origin]);
    }
    unit.line("", &[]);
    unit.line("[Service]", &[]);
    unit.line("Type=oneshot", &[by]);
    unit.line("RemainAfterExit=yes", &[by]);
    unit.line(&format!("ExecStart=/bin/sh {OPENS}"), &[by]);
    unit.line("", &[]);
    unit.line("[Install]", &[]);
    unit.line("WantedBy=multi-user.target", &[by]);
    for (name, by) in &units {
        unit.pair("WantedBy", "=", name, &[*by]);
    }
    unit.document()
}
