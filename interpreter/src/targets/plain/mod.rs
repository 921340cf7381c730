//! Hosts that no NixOS manages: `install.sh`, and what it installs besides the files of the other targets.

mod system;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::sealed::{SCRIPT, Sealed, script_text, word};
use super::traefik::DYNAMIC_PATH;
use super::{OutputFile, Target};
use crate::fleet::Fleet;
use crate::fleet::backup::Secret;
use crate::fleet::host::{Host, Manager};
use crate::fleet::leaf::{At, OriginId};
use crate::formats::Document;
use crate::targets::quadlet::common::script_path;
use crate::targets::quadlet::{mounted_file, sources, units_on};

pub const TARGET: Target = Target { name: "plain", render };

const INSTALL: &str = include_str!("install.sh");
const SECRETS: &str = include_str!("secrets.sh");

/// A host that no NixOS manages.
#[derive(Clone, Copy)]
struct On<'f> {
    fleet: &'f Fleet,
    name: &'f str,
    host: &'f At<Host>,
}

/// A file of the folder that is put somewhere.
struct Put {
    from: String,
    to: String,
    mode: u16,
    owner: String,
    group: String,
    by: OriginId,
}

impl Put {
    fn new(from: impl Into<String>, to: impl Into<String>, by: OriginId) -> Put {
        let root = || "root".to_owned();
        Put { from: from.into(), to: to.into(), mode: 0o644, owner: root(), group: root(), by }
    }

    fn with(mut self, mode: u16) -> Put {
        self.mode = mode;
        self
    }
}

fn render(fleet: &Fleet) -> Vec<OutputFile> {
    let plain = fleet.model.host.iter().filter(|(_, it)| it.manager.value == Manager::Plain);
    plain.flat_map(|(name, host)| files(On { fleet, name, host })).collect()
}

fn files(on: On<'_>) -> Vec<OutputFile> {
    let sealed = on.fleet.sealed_on(on.name);
    let mut made = BTreeMap::new();
    let mut puts = system::files(on, &mut made);
    let first = puts.len();
    puts.extend(units(on));
    puts.extend(copies(on, &mut made));
    puts.extend(plain_files(on));
    puts.extend(secrets(on, sealed, &mut made));
    let mut script = Document::whole(INSTALL.to_owned(), &[]);
    for (index, put) in puts.iter().enumerate() {
        if index == first {
            // Owners of what comes now.
            script.line("live systemd-sysusers /etc/sysusers.d/qg.conf", &[on.host.origin]);
        }
        let line = format!(
            "put {} {} {:04o} {} {}",
            word(&put.from),
            word(&put.to),
            put.mode,
            word(&put.owner),
            word(&put.group)
        );
        script.text(&line, &[put.by]);
    }
    script.line("clean", &[]);
    for line in starts(on, sealed) {
        script.line(&line, &[on.host.origin]);
    }
    made.insert("install.sh".to_owned(), script);
    let place = |path: String| format!("hosts/{}/{path}", on.name);
    made.into_iter().map(|(path, document)| document.file(place(path))).collect()
}

/// The Quadlet files, and those of the programs that listen for everybody.
fn units(on: On<'_>) -> Vec<Put> {
    let model = &on.fleet.model;
    let folder = on.fleet.quadlet_folder(on.name);
    let mut all = Vec::new();
    for file in units_on(on.fleet, on.name) {
        let to = format!("{folder}/{}.{}", file.name, file.kind);
        all.push(Put::new(file.place(), to, file.by));
    }
    if let Some((_, proxy)) = model.proxies_on(on.name).next() {
        all.push(Put::new("traefik/static.yml", "/etc/traefik/traefik.yml", proxy.origin));
        all.push(Put::new("traefik/dynamic.yml", DYNAMIC_PATH, proxy.origin));
    }
    for (_, portal) in model.portals_on(on.name) {
        let to = "/etc/authelia/configuration.yml";
        all.push(Put::new("authelia/configuration.yml", to, portal.origin));
    }
    all
}

/// Files beside the sources that units read, and scripts that units run.
fn copies(on: On<'_>, made: &mut BTreeMap<String, Document>) -> Vec<Put> {
    let mut all: BTreeMap<String, Put> = BTreeMap::new();
    for (path, by) in sources(on.fleet, on.name) {
        let to = mounted_file(path);
        all.insert(to.clone(), Put::new(format!("files/{path}"), to, by));
    }
    let services = on.fleet.model.services_on(on.name).map(|(_, service)| &service.unit);
    let units = services.chain(on.fleet.model.podman_units(on.name));
    for reference in units.flat_map(|unit| unit.scripts()) {
        let key = reference.entity();
        let Some(script) = on.fleet.model.script.get(key) else { continue };
        let mut text = Document::default();
        text.line("#!/bin/sh", &[script.origin]);
        let file = script.file.as_ref().and_then(|path| on.fleet.text_of(path));
        let said = script.text.as_ref().map(|text| script_text(on.fleet, text));
        for line in said.as_deref().or(file).unwrap_or("").lines() {
            text.line(line, &[script.origin]);
        }
        let from = format!("scripts/{key}.sh");
        made.insert(from.clone(), text);
        let to = script_path(key);
        all.insert(to.clone(), Put::new(from, to, reference.origin).with(0o755));
    }
    all.into_values().collect()
}

/// Files without secrets: as they are.
fn plain_files(on: On<'_>) -> Vec<Put> {
    let plain =
        on.fleet.files_on(on.name).filter(|file| on.fleet.file_secrets(file.file).is_empty());
    let put = |file: super::files::HostFile<'_>| {
        let it = file.file;
        let from = format!("files/{}", file.path.trim_start_matches('/'));
        let mut put = Put::new(from, file.path, it.origin).with(it.mode.value);
        put.owner.clone_from(&it.owner.value);
        put.group.clone_from(&it.group.value);
        put
    };
    plain.map(put).collect()
}

/// What opens the secrets, what is put together from them, and the unit that does both.
fn secrets(on: On<'_>, sealed: &[Sealed], made: &mut BTreeMap<String, Document>) -> Vec<Put> {
    let used = on.fleet.secrets_on(on.name);
    if used.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    let mut script = Document::whole(SECRETS.to_owned(), &[]);
    let age = &on.host.age;
    if let Some(file) = &age.key_file {
        let line = format!("export SOPS_AGE_KEY_FILE={}", word(file));
        script.text(&line, &[file.origin]);
    }
    if let Some(key) = age.ssh_keys.first() {
        let line = format!("export SOPS_AGE_SSH_PRIVATE_KEY_FILE={}", word(key));
        script.text(&line, &[key.origin]);
    }
    for key in used.keys() {
        let Some(secret) = on.fleet.model.secret.get(key) else { continue };
        let Some(file) = &secret.file else { continue };
        let to = format!("/etc/qg/secrets/{}", file.value);
        if let Some(text) = on.fleet.text_of(file) {
            let from = format!("secrets/{}", file.value);
            if made.insert(from.clone(), Document::whole(text.to_owned(), &[file.origin])).is_none()
            {
                all.push(Put::new(from, &to, file.origin).with(0o400));
            }
        }
        script.text(&opens(secret, &to), &[secret.origin]);
    }
    made.insert("secrets.sh".to_owned(), script);
    all.push(Put::new("secrets.sh", "/etc/qg/secrets.sh", on.host.origin).with(0o755));
    if !sealed.is_empty() {
        all.push(Put::new("sealed.sh", SCRIPT, on.host.origin).with(0o755));
    }
    all.extend(sealed.iter().map(|it| Put::new(&it.source, it.template(), it.by).with(0o400)));
    let unit = system::unit(on, sealed);
    made.insert("qg-sealed.service".to_owned(), unit);
    let to = "/etc/systemd/system/qg-sealed.service";
    all.push(Put::new("qg-sealed.service", to, on.host.origin));
    all
}

/// How `sops` is asked for a secret.
fn opens(secret: &At<Secret>, file: &str) -> String {
    let structured = [".yaml", ".yml", ".json", ".env", ".ini"];
    let mut key = String::new();
    if structured.iter().any(|ending| file.ends_with(ending)) {
        for part in secret.key.split('/') {
            let _ = write!(key, "[{}]", crate::formats::json::quoted(part));
        }
    }
    let account = |it: &Option<At<crate::fleet::leaf::EntityPath>>| {
        it.as_ref().map_or("root", |it| it.last()).to_owned()
    };
    let (owner, group) = (account(&secret.owner), account(&secret.group));
    format!(
        "secret {} {} {} {:04o} {} {}",
        word(file),
        word(&key),
        word(&secret.path),
        secret.mode.value,
        word(&owner),
        word(&group)
    )
}

/// What makes the machine take all this up.
fn starts(on: On<'_>, sealed: &[Sealed]) -> Vec<String> {
    let mut all = vec![
        "live systemd-tmpfiles --create /etc/tmpfiles.d/qg.conf".to_owned(),
        "live systemctl restart systemd-modules-load.service".to_owned(),
        "live systemctl daemon-reload".to_owned(),
    ];
    if !on.fleet.secrets_on(on.name).is_empty() {
        all.push("live systemctl enable qg-sealed.service".to_owned());
        all.push("live systemctl restart qg-sealed.service".to_owned());
    }
    if let Some(rootless) = on.fleet.rootless(on.name) {
        let name = word(rootless.name());
        all.push(format!("live loginctl enable-linger {name}"));
        all.push(format!("live systemctl restart {}", word(&rootless.manager())));
        return all;
    }
    let mut units: Vec<&str> = Vec::new();
    for (_, pod) in on.fleet.model.pods_on(on.name) {
        units.push(&pod.unit.name);
    }
    for (_, service, _) in on.fleet.containers_on(on.name) {
        units.push(&service.unit.name);
    }
    units.extend(sealed.iter().flat_map(|it| &it.units).map(String::as_str));
    let mut known: Vec<&str> = Vec::new();
    for unit in units {
        if !known.contains(&unit) {
            known.push(unit);
            all.push(format!("live systemctl restart {}", word(unit)));
        }
    }
    all
}
