//! Jails of fail2ban that would keep nobody out: on a host without it, without a log, or behind what it cannot shut.

use std::collections::BTreeMap;

use qg_lang::diagnostic::codes::target as codes;
use qg_lang::diagnostic::{Code, Diagnostic};

use super::FleetCheck;
use super::place::{own_place, place};
use crate::Facts;
use crate::container::Container;
use crate::folders::is_below;
use crate::host::{Host, Manager};
use crate::jails::{HostJail, Jail, Reads};
use crate::leaf::{At, Data, MountSource, OriginId};
use crate::listeners::Owner;
use crate::service::Service;

const CODES: &[Code] = &[codes::JAIL_WITHOUT_LOG, codes::NO_FAIL2BAN, codes::IDLE_JAIL];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    if fleet.partial {
        return;
    }
    nowhere(fleet, out);
    for (name, host) in &fleet.model.host {
        let jails = fleet.jails_on(name);
        let mut names: BTreeMap<&str, &HostJail<'_>> = BTreeMap::new();
        // Of what a default says of many, one finding is enough.
        let mut told: Vec<OriginId> = Vec::new();
        for it in &jails {
            if host.fail2ban.is_none() {
                if !told.contains(&it.jail.origin) {
                    told.push(it.jail.origin);
                    out.push(no_fail2ban(fleet, name, host, it));
                }
                continue;
            }
            if let Some(known) = names.insert(&it.name, it) {
                let message =
                    format!("{} and {} are both called {}", known.title, it.title, it.name);
                out.push(
                    idle(fleet, it.jail.origin, message)
                        .also(place(fleet, known.jail.origin), "the other one")
                        .help("give one of them another name: fail2ban takes the two for one jail"),
                );
            }
            if let Some(trouble) = unseen(host, it).or_else(|| without_log(fleet, it)) {
                let message = format!("{} {}", it.title, trouble.why);
                let at = own_place(fleet, &[trouble.at, it.jail.origin]);
                let mut finding =
                    Diagnostic::error(codes::JAIL_WITHOUT_LOG, at, message).help(trouble.help);
                if at != place(fleet, it.jail.origin) {
                    finding = finding.also(place(fleet, it.jail.origin), "the jail that reads it");
                }
                out.push(finding);
            }
            if let Some(finding) = named(fleet, host, it).or_else(|| past(fleet, name, host, it)) {
                out.push(finding);
            }
        }
    }
}

fn idle(fleet: &Facts<'_>, at: OriginId, message: String) -> Diagnostic {
    Diagnostic::error(codes::IDLE_JAIL, place(fleet, at), message)
}

/// Jails of services that run on no host of the fleet.
fn nowhere(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (key, service) in &fleet.model.service {
        if service.on.is_some() {
            continue;
        }
        for (label, jail) in &service.jail {
            let message = format!("service.{key}.jail.{label} is on no host of the fleet");
            out.push(
                Diagnostic::error(codes::NO_FAIL2BAN, place(fleet, jail.origin), message)
                    .help("say `on`, the host that has its log, or leave the jail out"),
            );
        }
    }
}

fn no_fail2ban(fleet: &Facts<'_>, name: &str, host: &At<Host>, it: &HostJail<'_>) -> Diagnostic {
    let message = format!("nobody carries out {}: host.{name} has no fail2ban", it.title);
    Diagnostic::error(codes::NO_FAIL2BAN, place(fleet, it.jail.origin), message)
        .also(place(fleet, host.origin), "the host")
        .help(format!("say that it has: `extend host {name} {{ fail2ban {{ bantime = 1h }} }}`"))
}

struct Trouble {
    at: OriginId,
    why: String,
    help: &'static str,
}

/// Where nothing of a machine's is seen by fail2ban of NixOS: its unit has `ProtectHome` and `PrivateTmp` (nixpkgs,
/// `services/security/fail2ban.nix`).
const UNSEEN: &[&str] = &["/home", "/root", "/run/user", "/tmp", "/var/tmp"];

fn unseen(host: &At<Host>, of: &HostJail<'_>) -> Option<Trouble> {
    let Reads::File(path) = of.reads else { return None };
    let inside = UNSEEN.iter().find(|it| is_below(path, it))?;
    (host.manager.value == Manager::Nixos).then(|| Trouble {
        at: path.origin,
        why: format!("reads {}, and fail2ban sees nothing below {inside} on NixOS", path.value),
        help: "let the program write its log elsewhere, below /var/log or beside what it keeps, or into the journal",
    })
}

const SAY_LOG: &str = "say where its log is: `logs = journal`, or `logs = file { path = /… }`, of the service or of the jail";

/// Why there is nothing to read for a jail; nothing where there may be.
fn without_log(fleet: &Facts<'_>, of: &HostJail<'_>) -> Option<Trouble> {
    let trouble = |at, why: String, help| Some(Trouble { at, why, help });
    match (&of.reads, of.service) {
        (Reads::Filter, _) | (Reads::File(_) | Reads::Journal { .. }, None) => None,
        (Reads::Nothing, Some(_)) => {
            trouble(of.jail.origin, "has no log to read".to_owned(), SAY_LOG)
        }
        (Reads::Nothing, None) => trouble(
            of.jail.origin,
            "has no log to read, and its filter names no unit".to_owned(),
            "say `units = [\"….service\"]`, or `logs = file { path = /… }`",
        ),
        (Reads::File(path), Some((key, service))) => no_file(fleet, key, service, path),
        (Reads::Journal { by, .. }, Some((key, service))) if of.jail.units.is_empty() => {
            let why = no_journal(fleet, key, service)?;
            trouble(*by, format!("reads the journal, and {why}"), SAY_LOG)
        }
        (Reads::Journal { .. }, Some(_)) => None,
    }
}

/// Why a file of a service's log is not written.
fn no_file(
    fleet: &Facts<'_>,
    key: &str,
    service: &At<Service>,
    path: &At<String>,
) -> Option<Trouble> {
    if let Some(container) = &service.container
        && let Some((why, help)) = off_mounts(container, path)
    {
        let why = format!("reads {}, and {why}", path.value);
        return Some(Trouble { at: path.origin, why, help });
    }
    let (whose, written) = written_files(fleet, key)?;
    // A container may write it elsewhere, and mount it there.
    if service.container.is_some() || written.iter().any(|it| *it == path.as_str()) {
        return None;
    }
    let why = if written.is_empty() {
        format!("reads {}, and {whose} writes its log into no file", path.value)
    } else {
        format!("reads {}, and {whose} writes into {}", path.value, written.join(" and "))
    };
    Some(Trouble {
        at: path.origin,
        why,
        help: "say one file in both places, best as a `let`: `logs` of the service is what `filePath`, or `file_path`, of the engine says",
    })
}

/// The files that the proxy or the login server writes which a service runs.
fn written_files<'f>(fleet: &'f Facts<'_>, key: &str) -> Option<(String, Vec<&'f str>)> {
    let model = &fleet.model;
    let files = |all: Vec<(&'f str, OriginId)>| all.into_iter().map(|(file, _)| file).collect();
    if let Some((name, proxy)) = model.proxy_run_by(key) {
        return Some((format!("proxy.{name}"), files(proxy.engine.log_files())));
    }
    let (name, portal) = model.portal_run_by(key)?;
    Some((format!("portal.{name}"), files(portal.engine.log_files())))
}

/// Why a container writes nothing at a path of its host.
fn off_mounts(container: &Container, path: &str) -> Option<(String, &'static str)> {
    let mut writable = false;
    let mut seen = false;
    for mount in container.mounts.values() {
        match &mount.source.value {
            MountSource::Path(from) => {
                let from = from.trim_end_matches('/');
                if path == from || is_below(path, from) || from.is_empty() {
                    seen = true;
                    writable |= !mount.read_only.value
                        && !mount.options.iter().any(|it| it.as_str() == "ro");
                }
            }
            // Where a volume lies is Podman's to say.
            MountSource::Volume(_) => return None,
            MountSource::File(_) | MountSource::Secret(_) => {}
        }
    }
    if writable || !container.quadlet.is_empty() && !seen {
        return None;
    }
    Some(if seen {
        (
            "its container may only read what is mounted there".to_owned(),
            "mount the folder without `read_only`",
        )
    } else {
        (
            "nothing of that is mounted in its container".to_owned(),
            "the path is that of the host: mount its folder where the program writes its log, `mounts.\"/var/log/app\" = /srv/app/log`",
        )
    })
}

/// Why nothing of a service reaches the journal.
fn no_journal(fleet: &Facts<'_>, key: &str, service: &At<Service>) -> Option<String> {
    if let Some((_, portal)) = fleet.model.portal_run_by(key)
        && let Some(file) = portal.engine.only_log_file()
    {
        return Some(format!("its log goes to {file} alone"));
    }
    let said = |key: &str| match service.unit.service.get(key).map(|it| &it.value) {
        Some(Data::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    if let Some(to) = said("StandardOutput")
        && !["inherit", "journal"].iter().any(|it| to.starts_with(it))
        && said("StandardError").is_none_or(|it| it == "inherit" || it == to)
    {
        return Some(format!("`StandardOutput={to}` of its unit keeps it from there"));
    }
    let container = service.container.as_ref()?;
    let driver = log_driver(container)?;
    ["none", "k8s-file", "json-file"]
        .contains(&driver)
        .then(|| format!("the log driver `{driver}` of its container keeps it from there"))
}

/// What Podman does with what a container writes, where somebody says it.
fn log_driver(container: &Container) -> Option<&str> {
    let key = container.quadlet.get("LogDriver").and_then(|it| it.last());
    let mut arguments = container.podman_args.iter().map(|it| it.as_str());
    let mut said = key.map(|it| it.as_str());
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--log-driver") {
            Some("") => said = arguments.next(),
            Some(rest) => said = rest.strip_prefix('=').or(said),
            None => {}
        }
    }
    said
}

/// A name that no chain of iptables can have: `f2b-` and the name are one word of at most 28 letters.
fn named(fleet: &Facts<'_>, host: &At<Host>, of: &HostJail<'_>) -> Option<Diagnostic> {
    const LONGEST: usize = 24;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let name = &of.name;
    if !name.chars().all(plain) || matches!(name.as_str(), "DEFAULT" | "INCLUDES") {
        let message = format!("no jail can be called {name}");
        let finding = idle(fleet, of.jail.origin, message);
        return Some(finding.help("letters, digits, `-` and `_`, and not `DEFAULT` or `INCLUDES`"));
    }
    if name.len() <= LONGEST || has_own_action(host, of.jail) {
        return None;
    }
    let message =
        format!("{name} is a name of {} letters, and iptables takes {LONGEST}", name.len());
    Some(
        idle(fleet, of.jail.origin, message)
            .help("call the jail shorter: its service's name stands before its own")
            .help("say `settings = { banaction = \"…\" }` where something else keeps people out"),
    )
}

/// Whether somebody says how people are kept out.
fn has_own_action(host: &At<Host>, jail: &At<Jail>) -> bool {
    let common = host.fail2ban.iter().map(|it| &it.settings);
    common.chain([&jail.settings]).any(|settings| {
        ["action", "banaction", "banaction_allports", "chain"]
            .iter()
            .any(|key| settings.contains_key(*key))
    })
}

/// Podman hands a port on before the chain is asked that fail2ban keeps people out by.
fn past(fleet: &Facts<'_>, name: &str, host: &At<Host>, of: &HostJail<'_>) -> Option<Diagnostic> {
    let (key, service) = of.service?;
    if has_own_action(host, of.jail) {
        return None;
    }
    let pod = service.container.as_ref().and_then(|it| it.pod.as_ref());
    let mut listeners = fleet.listeners_on(name).all.iter();
    let open = listeners.find(|it| {
        let own = it.of == Owner::Service(key)
            || pod.is_some_and(|pod| it.of == Owner::Pod(pod.entity()));
        own && it.forwarded && !it.is_local()
    })?;
    let message =
        format!("{} keeps nobody from {}: Podman hands that port on", of.title, open.what);
    Some(
        idle(fleet, of.jail.origin, message)
            .also(own_place(fleet, &[open.origin, open.address_origin]), "the port")
            .help("fail2ban shuts the chain INPUT, where nothing of it comes by: say `settings = { chain = \"FORWARD\" }`, and with nftables a `banaction` whose hook is `forward`")
            .help("or let the host's proxy alone reach it, and drop `open`"),
    )
}
