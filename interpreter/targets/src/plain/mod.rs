//! Hosts that no NixOS manages: `install.sh`, and what it installs besides the files of the other targets.
//!
//! What such a host cannot carry out is refused by a check (`checks/plain`).

pub mod checks;
mod native;
mod own_units;
mod readers;
mod secrets;
mod starts;
mod system;

use std::collections::BTreeMap;

use qg_fleet::host::{Host, Manager};
use qg_fleet::leaf::{At, OriginId};
use qg_formats::Document;

use super::engines::{engine, login_engine};
use super::made::Made;
use super::sealed::{script_text, word};
use super::{OutputFile, Target};
use crate::Prepared;
use crate::fail2ban;
use crate::quadlet::common::script_path;
use crate::quadlet::run_as::wrappers;
use crate::quadlet::{mounted_file, sources};
use readers::Readers;

pub const TARGET: Target = Target { name: "plain", files: render, checks: &[checks::CHECK] };

const INSTALL: &str = include_str!("install.sh");

/// A host that no NixOS manages.
#[derive(Clone, Copy)]
struct On<'f> {
    fleet: &'f Prepared<'f>,
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
    /// The unit that it is.
    unit: Option<String>,
    by: OriginId,
}

impl Put {
    fn new(from: impl Into<String>, to: impl Into<String>, by: OriginId) -> Put {
        let root = || "root".to_owned();
        let (from, to) = (from.into(), to.into());
        Put { from, to, mode: 0o644, owner: root(), group: root(), unit: None, by }
    }

    fn with(mut self, mode: u16) -> Put {
        self.mode = mode;
        self
    }

    fn unit(mut self, name: &str) -> Put {
        self.unit = Some(name.to_owned());
        self
    }

    /// The line of the script that puts it there.
    fn line(&self, readers: &Readers) -> String {
        format!(
            "put {} {} {:04o} {} {} {} {}",
            word(&self.from),
            word(&self.to),
            self.mode,
            word(&self.owner),
            word(&self.group),
            word(self.unit.as_deref().unwrap_or("-")),
            word(&readers.of(self)),
        )
    }
}

fn render(fleet: &Prepared<'_>) -> Vec<OutputFile> {
    let plain = fleet.model.host.iter().filter(|(_, it)| it.manager.value == Manager::Plain);
    plain.flat_map(|(name, host)| files(On { fleet, name, host })).collect()
}

fn files(on: On<'_>) -> Vec<OutputFile> {
    let mut made = Made::default();
    let mut puts = system::files(on, &mut made);
    let first = puts.len();
    puts.extend(ours(on, &mut made));
    puts.extend(plain_files(on));
    let readers = Readers::on(on);
    let by = on.host.origin;
    let mut script = Document::whole(INSTALL.to_owned(), &[by]);
    let sops = if on.fleet.secrets_on(on.name).is_empty() { "" } else { " awk sops" };
    let podman = if on.fleet.units_on(on.name).is_empty() { "" } else { " podman" };
    script.line(&format!("wants systemctl{podman}{sops}"), &[by]);
    for (index, put) in puts.iter().enumerate() {
        if index == first {
            // Owners of what comes now.
            let sysusers = "live systemd-sysusers /etc/sysusers.d/qg.conf";
            script.line(&format!("{sysusers} || problem \"not every account is there\""), &[by]);
        }
        script.text(&put.line(&readers), &[put.by]);
    }
    script.line("clean", &[by]);
    starts::write(on, &mut script);
    made.put("install.sh", script);
    made.below(&format!("hosts/{}", on.name))
}

/// What is put there besides what the fleet says as `file`, but for what systemd reads first.
fn ours(on: On<'_>, made: &mut Made) -> Vec<Put> {
    let mut puts = units(on);
    puts.extend(native::units(on, made));
    puts.extend(own_units::files(on, made));
    puts.extend(copies(on, made));
    puts.extend(secrets::files(on, made));
    puts
}

/// Every place of a host that the compiler puts a file of its own at, and who made it do so; nothing where NixOS
/// does that.
#[must_use]
pub fn own_places(fleet: &Prepared<'_>, host: &str) -> Vec<(String, OriginId)> {
    let Some((name, of)) = fleet.model.host.get_key_value(host) else { return Vec::new() };
    if of.manager.value != Manager::Plain {
        return Vec::new();
    }
    let (on, mut made) = (On { fleet, name, host: of }, Made::default());
    let mut puts = system::files(on, &mut made);
    puts.extend(ours(on, &mut made));
    puts.into_iter().map(|put| (put.to, put.by)).collect()
}

/// The Quadlet files, and those of the programs that listen for everybody.
fn units(on: On<'_>) -> Vec<Put> {
    let model = &on.fleet.model;
    let folder = on.fleet.quadlet_folder(on.name);
    let mut all = Vec::new();
    for file in on.fleet.units_on(on.name) {
        let to = format!("{folder}/{}.{}", file.name, file.kind);
        all.push(Put::new(file.place(), to, file.by).unit(&file.unit.name));
    }
    if let Some((_, proxy)) = model.proxies_on(on.name).next() {
        let files = engine(&proxy.engine).files.iter();
        all.extend(files.map(|file| Put::new(file.from, file.to, proxy.origin)));
    }
    for (_, portal) in model.portals_on(on.name) {
        let file = &login_engine(&portal.engine).file;
        all.push(Put::new(file.from, file.to, portal.origin));
    }
    for place in fail2ban::places(on.fleet, on.name) {
        all.push(Put::new(place.from, place.to, place.by));
    }
    all
}

/// Files beside the sources that units read, and scripts that units run.
fn copies(on: On<'_>, made: &mut Made) -> Vec<Put> {
    let mut all: BTreeMap<String, Put> = BTreeMap::new();
    for (path, by) in sources(on.fleet, on.name) {
        let to = mounted_file(path);
        all.insert(to.clone(), Put::new(format!("files/{path}"), to, by));
    }
    let services = on.fleet.model.services_on(on.name).map(|(_, service)| &service.unit);
    let units = services.chain(on.fleet.model.podman_units(on.name));
    let own = on.fleet.own_units_on(on.name);
    let own = own.iter().flat_map(|it| it.unit.scripts());
    for reference in units.flat_map(|unit| unit.scripts()).cloned().chain(own) {
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
        made.put(from.clone(), text);
        let to = script_path(key);
        all.insert(to.clone(), Put::new(from, to, reference.origin).with(0o755));
    }
    for wrapper in wrappers(on.fleet, on.name) {
        let from = format!("scripts/{}.sh", wrapper.name());
        let mut text = Document::default();
        text.line("#!/bin/sh", &[wrapper.by]);
        text.line(&wrapper.command("setpriv"), &[wrapper.by]);
        made.put(from.clone(), text);
        let to = wrapper.path();
        all.insert(to.clone(), Put::new(from, to, wrapper.by).with(0o755));
    }
    all.into_values().collect()
}

/// Files without secrets: as they are.
fn plain_files(on: On<'_>) -> Vec<Put> {
    let plain = on
        .fleet
        .files_on(on.name)
        .iter()
        .filter(|file| on.fleet.file_secrets(file.file).is_empty());
    let put = |file: &qg_fleet::files::HostFile<'_>| {
        let it = file.file;
        let from = format!("files/{}", file.path.trim_start_matches('/'));
        let mut put = Put::new(from, file.path, it.origin).with(it.mode.value);
        put.owner.clone_from(&it.owner.value);
        put.group.clone_from(&it.group.value);
        put
    };
    plain.map(put).collect()
}
