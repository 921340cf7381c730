//! Names of units in quotes that are nearly the name of a unit of the host's own.

use std::collections::BTreeMap;

use qg_fleet::checks::place::{last, place};
use qg_fleet::leaf::{At, OriginId, RefOr};
use qg_lang::diagnostic::codes::target as codes;
use qg_lang::diagnostic::{Diagnostic, closest};

use super::Check;
use crate::Prepared;
use crate::nix::own_options;

pub(super) const CHECK: Check = Check { codes: &[codes::NEAR_UNIT], run };

/// Units that a machine has of itself: of systemd, of udev, of the kernel's file systems, and of NixOS.
const OF_THE_SYSTEM: &[&str] = &[
    "systemd-",
    "user@",
    "getty",
    "serial-getty",
    "dbus",
    "sshd",
    "ssh",
    "nix-",
    "nixos-",
    "zfs-",
    "podman",
    "docker",
    "network",
    "firewall",
    "nftables",
    "iptables",
    "cron",
    "logrotate",
    "fstrim",
    "sops",
    "display-manager",
    "emergency",
    "rescue",
    "udev",
    "modprobe@",
    "polkit",
    "rtkit",
    "acme-",
    "restic-",
    "borgbackup-",
    "qg-",
    "home-manager-",
];

/// Whether a unit is one that a machine has of itself.
pub(super) fn is_systems(stem: &str) -> bool {
    OF_THE_SYSTEM.iter().any(|it| stem.starts_with(it))
}

/// The letters of a name that can be nearly another one.
const SHORTEST: usize = 4;

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    // What an error hides may be called just like that.
    if fleet.partial {
        return;
    }
    for host in fleet.model.host.keys() {
        let said = said(fleet, host);
        // Most hosts name no unit, and the host's Nix is long.
        if said.is_empty() {
            continue;
        }
        let own = own(fleet, host);
        let known = in_nix(fleet, host);
        for said in said {
            near(fleet, &own, &known, said, found);
        }
    }
}

/// The services of a host that the fleet says, without the ending, each with who says it.
pub(super) fn own(fleet: &Prepared<'_>, host: &str) -> BTreeMap<String, OriginId> {
    let services = fleet.model.services_on(host).flat_map(|(_, it)| {
        let names = std::iter::once(&it.unit.name).chain(it.unit.also.iter());
        names.map(|name| (name.value.clone(), it.origin))
    });
    let podman = fleet.units_on(host).iter().map(|it| (it.unit.name.value.clone(), it.by));
    let proxies = fleet.model.proxies_on(host);
    let proxies = proxies.map(|(_, it)| (fleet.model.proxy_unit(it), it.origin));
    let units = fleet.own_units_on(host).into_iter().map(|it| (it.name(), it.unit.origin));
    let all = services.chain(podman).chain(proxies).chain(units);
    all.filter_map(|(name, by)| Some((name.strip_suffix(".service")?.to_owned(), by))).collect()
}

/// The units that the host's own Nix speaks of.
pub(super) fn in_nix(fleet: &Prepared<'_>, host: &str) -> Vec<String> {
    let options = own_options(fleet, host).unwrap_or_default();
    let names = options.leaves().into_iter().filter_map(|(way, _)| match way.as_slice() {
        [first, kind, name, ..] if first == "systemd" && kind == "services" => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

/// All that units and timers of a host name in quotes.
fn said<'f>(fleet: &'f Prepared<'_>, host: &str) -> Vec<&'f At<RefOr<String>>> {
    let units = fleet.own_units_on(host).into_iter();
    let units = units.flat_map(|it| it.unit.related().flat_map(|(_, all)| all.iter()));
    let timers = fleet.timers_on(host).into_iter().map(|it| it.timer);
    let timers =
        timers.flat_map(|it| it.starts.iter().chain(it.after.iter()).chain(it.wants.iter()));
    units.chain(timers).collect()
}

fn near(
    fleet: &Prepared<'_>,
    own: &BTreeMap<String, OriginId>,
    known: &[String],
    said: &At<RefOr<String>>,
    found: &mut Vec<Diagnostic>,
) {
    let RefOr::Value(name) = &said.value else { return };
    let Some(stem) = name.strip_suffix(".service") else { return };
    let is_systems = is_systems(stem)
        || !fleet.options.lacks(&["services"], stem)
        || known.iter().any(|it| it == stem);
    // All short names are near to one another.
    let is_short = stem.chars().count() < SHORTEST;
    if own.contains_key(stem) || is_systems || is_short || stem.contains('@') {
        return;
    }
    let Some((meant, by)) =
        closest(stem, own.keys().map(String::as_str)).and_then(|it| own.get_key_value(it))
    else {
        return;
    };
    let span = place(fleet, said.origin);
    let written = format!("\"{name}\"");
    let at = last(fleet, span, &written);
    let message = format!("no unit of the fleet's is called `{name}` there");
    let mut finding = Diagnostic::warning(codes::NEAR_UNIT, at.unwrap_or(span), message)
        .also(place(fleet, *by), "this one is nearly called so");
    let text = format!("did you mean `{meant}.service`?");
    finding = match at {
        Some(at) => finding.fix(text, at, format!("\"{meant}.service\"")),
        None => finding.help(text),
    };
    found.push(finding);
}
