//! Names that are joined from two, where a number behind them would be wrong: what is on a disk or in a repository keeps
//! its name, whoever comes later. And names that the compiler gives by itself.

use std::collections::BTreeMap;

use qg_fleet::checks::place::place;
use qg_fleet::host::Manager;
use qg_fleet::leaf::OriginId;
use qg_fleet::options::way;
use qg_fleet::proxy::Proxy;
use qg_fleet::service::Engine;
use qg_lang::diagnostic::{Code, Diagnostic, codes};

use super::Check;
use crate::Prepared;
use crate::engines::engine;
use crate::nix::{Turn, job_name, own_options};
use crate::quadlet::common::script_path;
use crate::quadlet::{mounted_file, sources};

const CODES: &[Code] = &[codes::fleet::JOINED_NAME];
pub(super) const CHECK: Check = Check { codes: CODES, run };

/// What the compiler puts below `/etc/qg`.
const OWN: &[&str] =
    &["chain", "copies", "installed", "sealed", "sealed.sh", "secrets", "secrets.sh", "standstill"];

/// Something that has a joined name.
struct Named {
    what: String,
    origin: OriginId,
}

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for (host, of) in &fleet.model.host {
        let jobs = backups(fleet, host, found);
        let mut labels = Names::new(fleet, host, "the label of a partition");
        for (disk, it) in &of.disk {
            for (part, partition) in it.partition.iter().filter(|(_, it)| it.device.is_none()) {
                let what = format!("partition {part} of disk.{disk}");
                labels.add(format!("disk-{disk}-{part}"), what, partition.origin, found);
            }
        }
        if of.manager.value == Manager::Nixos {
            units(fleet, host, &jobs, found);
            own_units(fleet, host, &jobs, found);
            said_in_nix(fleet, host, found);
        }
        files(fleet, host, found);
    }
}

/// The backups of a host: each is a repository and a unit.
fn backups(fleet: &Prepared<'_>, host: &str, found: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut names = Names::new(fleet, host, "the name of a backup");
    for (vault, of) in fleet.model.vaults_on(host) {
        if !matches!(of.engine.value, Engine::Restic(_)) {
            continue;
        }
        let mut jobs: Vec<(String, String, OriginId)> = fleet
            .model
            .backups_to(vault)
            .map(|(service, name, backup)| {
                let what = format!("service.{service}.backup.{name}");
                let by = backup.repository.as_ref().map_or(backup.origin, |it| it.origin);
                (job_name(service, name, backup), what, by)
            })
            .collect();
        if !of.takes.is_empty() {
            jobs.push((vault.to_owned(), format!("vault.{vault}"), of.origin));
        }
        for (name, what, origin) in jobs {
            if of.maintenance.is_some() {
                let upkeep = format!("the maintenance of {what}");
                names.add(format!("{name}-maintenance"), upkeep, origin, found);
            }
            names.add(name, what, origin, found);
        }
    }
    let borg = fleet.model.vaults_on(host);
    let borg = borg.filter(|(_, it)| matches!(it.engine.value, Engine::Borg(_)));
    let borg = borg.map(|(vault, _)| format!("borgbackup-job-{vault}.service"));
    let jobs = names.known.into_keys().map(|name| format!("restic-backups-{name}.service"));
    let jobs = jobs.chain(borg);
    let chains = fleet.model.vaults_on(host).flat_map(|(vault, _)| {
        [Turn::Copies, Turn::Upkeep].map(|turn| format!("{}.service", turn.unit(vault)))
    });
    jobs.chain(chains).collect()
}

/// Whether a proxy says that it runs in this service: then there is no other unit.
fn is_run_by(proxy: &Proxy, service: &str) -> bool {
    proxy.service.as_ref().is_some_and(|it| it.entity() == service)
}

/// Units of containers, beside those that the compiler makes.
fn units(fleet: &Prepared<'_>, host: &str, jobs: &[String], found: &mut Vec<Diagnostic>) {
    let proxy = fleet.model.proxies_on(host).next();
    for (key, service, _) in fleet.containers_on(host) {
        let unit = format!("{key}.service");
        let of_proxy = proxy.filter(|(_, it)| it.engine.unit() == unit && !is_run_by(it, key));
        let what = match of_proxy {
            Some((name, _)) => format!("proxy.{name}"),
            None if jobs.contains(&unit) => "a backup".to_owned(),
            None => continue,
        };
        let message = format!("service.{key} and {what} have one unit on host.{host}: {unit}");
        let mut finding =
            Diagnostic::error(codes::fleet::JOINED_NAME, place(fleet, service.origin), message)
                .help("give the service another name");
        if let Some((_, it)) = of_proxy {
            let help =
                format!("if the proxy runs there, say so: `service = service.{key}` of {what}");
            finding = finding.also(place(fleet, it.origin), "the other one").help(help);
        }
        found.push(finding);
    }
}

/// Units that are said by themselves, beside those that backups make.
fn own_units(fleet: &Prepared<'_>, host: &str, jobs: &[String], found: &mut Vec<Diagnostic>) {
    let own = fleet.own_units_on(host);
    for of in own.iter().filter(|it| it.is_of_system() && jobs.contains(&it.name())) {
        let message =
            format!("{} and a backup have one unit on host.{host}: {}", of.path, of.name());
        let span = place(fleet, of.unit.origin);
        found.push(
            Diagnostic::error(codes::fleet::JOINED_NAME, span, message)
                .help("give the unit another name"),
        );
    }
}

/// Units that are said by themselves, and once more in the words of NixOS: both would be one, and run twice.
fn said_in_nix(fleet: &Prepared<'_>, host: &str, found: &mut Vec<Diagnostic>) {
    let mut options: Vec<(Vec<String>, OriginId)> = Vec::new();
    let own = own_options(fleet, host).unwrap_or_default();
    options.extend(own.leaves().into_iter().map(|(way, value)| {
        let known = value.all_origins().into_iter().find(|it| it.0 != 0);
        (way, known.unwrap_or_default())
    }));
    for (_, service) in fleet.model.services_on(host) {
        let native = service.native.iter();
        options.extend(native.map(|(option, it)| (way(option), it.origin)));
    }
    // What the compiler says itself of the machine's fail2ban.
    let ban = fleet.model.host.get(host).and_then(|it| it.fail2ban.as_ref());
    options.extend(ban.map(|it| (way("services.fail2ban"), it.origin)));
    let units = fleet.own_units_on(host).into_iter();
    let units = units.filter(|it| it.is_of_system());
    let units = units.map(|it| (it.path, "services", it.stem, it.unit.origin));
    let timers = fleet.timers_on(host).into_iter();
    let timers = timers.map(|it| (it.path, "timers", it.stem, it.timer.origin));
    for (path, kind, stem, by) in units.chain(timers) {
        let is_it = |way: &[String]| match way {
            [first, second, name, ..] => {
                (first == "systemd" && second == kind && name == stem)
                    || (kind == "services" && first == "services" && unit_of(second) == stem)
            }
            [first, name] => kind == "services" && first == "services" && unit_of(name) == stem,
            [] | [_] => false,
        };
        let Some((way, other)) = options.iter().find(|(way, _)| is_it(way)) else { continue };
        let message = format!("{path} and `{}` make one unit of host.{host}", way.join("."));
        let help = if way.first().is_some_and(|it| it == "services") {
            "give it another name: the module makes this one"
        } else {
            "say all of it in the unit, whose `service` and `unit` take every key of systemd's, or give it another name"
        };
        found.push(
            Diagnostic::error(codes::fleet::JOINED_NAME, place(fleet, by), message)
                .also(place(fleet, *other), "the other one")
                .help(help),
        );
    }
}

/// The unit that a module of NixOS makes, where it is not called after the module.
fn unit_of(module: &str) -> &str {
    match module {
        "openssh" => "sshd",
        "resolved" => "systemd-resolved",
        "timesyncd" => "systemd-timesyncd",
        it => it,
    }
}

/// Files of the source that units mount lie beside the host's files in the output, and at a place of their own on the
/// host; so does what the proxy reads.
fn files(fleet: &Prepared<'_>, host: &str, found: &mut Vec<Diagnostic>) {
    let sources: BTreeMap<&str, OriginId> = sources(fleet, host).into_iter().collect();
    let mounted: BTreeMap<String, OriginId> =
        sources.iter().map(|(path, by)| (mounted_file(path), *by)).collect();
    let scripts = fleet.model.script.iter().map(|(key, it)| (script_path(key), it.origin));
    let scripts: BTreeMap<String, OriginId> = scripts.collect();
    let proxy = fleet.model.proxies_on(host).next().map(|(_, proxy)| proxy);
    let read = |path: &str| {
        let proxy = proxy?;
        let mut files = engine(&proxy.engine).files.iter().filter(|file| file.always);
        files.any(|file| file.to == path).then_some(proxy.origin)
    };
    for file in fleet.files_on(host) {
        let below = file.path.trim_start_matches('/');
        let mut report = |message: String, other: OriginId, text: &str| {
            let span = place(fleet, file.file.origin);
            found.push(
                Diagnostic::error(codes::fleet::JOINED_NAME, span, message)
                    .also(place(fleet, other), text)
                    .help("put the file somewhere else"),
            );
        };
        if let Some(source) = sources.get(below) {
            let message = format!("{} and ./{below} would be one file of the output", file.path);
            report(message, *source, "./ is mounted here");
        } else if let Some(proxy) = read(file.path) {
            report(format!("{} is written already", file.path), proxy, "by this proxy");
        } else if let Some(source) = mounted.get(file.path) {
            report(format!("{} is a copy of what is mounted", file.path), *source, "of this");
        } else if let Some(script) = scripts.get(file.path) {
            report(format!("{} is a script already", file.path), *script, "this one");
        } else if let Some(below) = file.path.strip_prefix("/etc/qg/")
            && OWN.contains(&below.split('/').next().unwrap_or(below))
        {
            let host = fleet.model.host.get(host).map_or(file.file.origin, |it| it.origin);
            report(format!("{} is the compiler's own", file.path), host, "of this host");
        }
    }
}

struct Names<'f> {
    fleet: &'f Prepared<'f>,
    host: &'f str,
    kind: &'static str,
    known: BTreeMap<String, Named>,
}

impl<'f> Names<'f> {
    fn new(fleet: &'f Prepared<'f>, host: &'f str, kind: &'static str) -> Names<'f> {
        Names { fleet, host, kind, known: BTreeMap::new() }
    }

    fn add(&mut self, name: String, what: String, origin: OriginId, found: &mut Vec<Diagnostic>) {
        if let Some(first) = self.known.get(&name) {
            let (kind, host) = (self.kind, self.host);
            let message =
                format!("{} and {what} share {kind} of host.{host}: `{name}`", first.what);
            let span = place(self.fleet, origin);
            found.push(
                Diagnostic::error(codes::fleet::JOINED_NAME, span, message)
                    .also(place(self.fleet, first.origin), "the other one")
                    .help("give one of them another name"),
            );
        } else {
            self.known.insert(name, Named { what, origin });
        }
    }
}
