//! Accounts and groups that are named by a text, and that their host does not have.

use std::collections::{BTreeMap, BTreeSet};

use qg_evaluation::modules::Account;
use qg_lang::diagnostic::codes::owners as codes;
use qg_lang::diagnostic::{Diagnostic, closest};

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::host::Manager;
use crate::leaf::OriginId;
use crate::leaves::{LeafValue, ModelField, ModelStep, each};
use crate::portal::PortalEngine;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::NO_ACCOUNT], run };

/// Accounts and groups that NixOS makes by itself, or that a module of the machine makes when it is switched on (NixOS
/// 25.05: `nixos/modules/config/users-groups.nix`, `misc/ids.nix`, and the modules of the programs).
const OF_NIXOS: &[&str] = &[
    "adbusers",
    "adm",
    "audio",
    "avahi",
    "cdrom",
    "cups",
    "dialout",
    "disk",
    "docker",
    "floppy",
    "fwupd-refresh",
    "gamemode",
    "geoclue",
    "i2c",
    "input",
    "kmem",
    "kvm",
    "libvirtd",
    "lp",
    "lpadmin",
    "lxd",
    "messagebus",
    "networkmanager",
    "nfsnobody",
    "nixbld",
    "nm-openvpn",
    "nobody",
    "nogroup",
    "plugdev",
    "podman",
    "polkituser",
    "pipewire",
    "postdrop",
    "postfix",
    "qemu-libvirtd",
    "realtime",
    "render",
    "root",
    "rtkit",
    "saned",
    "scanner",
    "sgx",
    "shadow",
    "sshd",
    "systemd-coredump",
    "systemd-journal",
    "systemd-network",
    "systemd-oom",
    "systemd-resolve",
    "systemd-timesync",
    "tape",
    "tss",
    "tty",
    "usbmux",
    "users",
    "utmp",
    "uucp",
    "vboxusers",
    "video",
    "wheel",
    "wireshark",
    "ydotool",
];

/// The fields that name an account or a group of the machine by a text.
const FIELDS: &[(&str, &str)] = &[
    ("User", "extra_groups"),
    ("State", "owner_name"),
    ("State", "group_name"),
    ("File", "owner"),
    ("File", "group"),
    ("Unit", "SupplementaryGroups"),
];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // What could not be read might declare it.
    if fleet.partial {
        return;
    }
    let mut named: Vec<(&str, &str, &str, OriginId)> = Vec::new();
    each(&fleet.model, &mut |way, value, said| {
        let (LeafValue::Text(name), [ModelStep::Field(kind), ModelStep::Key(key), ..]) =
            (value, way)
        else {
            return;
        };
        let field = way.iter().rev().find_map(|step| step.field().map(ModelField::key));
        // A number has no name.
        if field.is_some_and(|it| FIELDS.contains(&it)) && name.parse::<u32>().is_err() {
            named.push((kind.name, key, name, said.origin));
        }
    });
    let mut told = BTreeSet::new();
    let mut accounts: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut known: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for (kind, key, name, origin) in named {
        if OF_NIXOS.contains(&name)
            || fleet.origins.span(origin).is_none_or(|it| qg_lang::is_library(it.file))
        {
            continue;
        }
        for host in hosts_of(fleet, kind, key) {
            let here = accounts.entry(host).or_insert_with(|| accounts_of(fleet, host));
            let is_known = *known
                .entry((host, name))
                .or_insert_with(|| here.contains(name) || is_in_nix(fleet, host, name));
            if !is_known && told.insert((place(fleet, origin), name)) {
                out.push(finding(fleet, host, name, here, origin));
            }
        }
    }
}

fn finding(
    fleet: &Facts<'_>,
    host: &str,
    name: &str,
    accounts: &BTreeSet<String>,
    origin: OriginId,
) -> Diagnostic {
    let span = place(fleet, origin);
    let message = format!("host.{host} has no account or group `{name}`");
    let finding = Diagnostic::warning(codes::NO_ACCOUNT, span, message);
    let known = OF_NIXOS.iter().copied().chain(accounts.iter().map(String::as_str));
    let near = closest(name, known).map(str::to_owned);
    match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!(
            "declare it: `group {name} {{ on = [host.{host}] }}`, with `kind = from_module` where a module makes it"
        )),
    }
}

/// The hosts of NixOS on which an entity is.
fn hosts_of<'f>(fleet: &'f Facts<'_>, kind: &str, key: &'f str) -> Vec<&'f str> {
    let model = &fleet.model;
    let mut hosts: Vec<&str> = match kind {
        "host" => vec![key],
        "service" => model
            .service
            .get(key)
            .and_then(|it| it.on.as_ref())
            .iter()
            .map(|it| it.entity())
            .collect(),
        "user" => {
            model.user.get(key).iter().flat_map(|it| it.on.iter()).map(|it| it.entity()).collect()
        }
        _ => Vec::new(),
    };
    hosts.retain(|it| model.host.get(*it).is_some_and(|it| it.manager.value == Manager::Nixos));
    hosts
}

/// Whether Nix of the host, its modules or what its services say of theirs names it.
fn is_in_nix(fleet: &Facts<'_>, host: &str, name: &str) -> bool {
    let Some(of) = fleet.model.host.get(host) else { return true };
    let mut services = fleet.model.services_on(host).flat_map(|(_, it)| it.native.values());
    std::iter::once(&of.nix).chain(of.modules.iter()).any(|it| fleet.speaks_of(it, name))
        || services.any(|it| fleet.speaks_of(it, name))
}

/// The accounts and groups that the fleet declares on a host, and those of what runs there.
fn accounts_of(fleet: &Facts<'_>, host: &str) -> BTreeSet<String> {
    let model = &fleet.model;
    let mut all: BTreeSet<String> = BTreeSet::new();
    let on = |hosts: &[crate::leaf::At<crate::leaf::EntityPath>]| {
        hosts.iter().any(|it| it.entity() == host)
    };
    all.extend(model.user.iter().filter(|(_, it)| on(&it.on)).map(|(name, _)| name.clone()));
    all.extend(model.group.iter().filter(|(_, it)| on(&it.on)).map(|(name, _)| name.clone()));
    for (_, service) in model.services_on(host) {
        for option in service.native.keys() {
            all.extend(option.rsplit('.').next().map(str::to_owned));
            let Some(module) = fleet.module_behind(option) else { continue };
            if let Account::Fixed { user, group } = &module.account {
                all.insert(user.value.to_string());
                all.extend(group.iter().map(|it| it.value.to_string()));
            }
        }
        let unit = &service.unit;
        all.extend([&unit.user, &unit.group].into_iter().flatten().map(|it| it.value.clone()));
    }
    for portal in model.portal.values() {
        let PortalEngine::Authelia(engine) = &portal.engine.value;
        all.insert(format!("authelia-{}", engine.instance.value));
    }
    for it in fleet.switched_on(host) {
        all.extend(it.user.clone().into_iter().chain(it.group.clone()));
        all.extend(it.option.rsplit('.').next().map(str::to_owned));
    }
    all.extend(["traefik", "caddy", "restic", "borg", "fail2ban"].map(str::to_owned));
    all
}
