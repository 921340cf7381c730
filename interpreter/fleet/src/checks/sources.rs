//! What containers mount, and keys, against what is mounted: sources that nobody makes, keys that come too late, and
//! files of Quadlet that there are not.

use std::collections::BTreeMap;

use qg_lang::diagnostic::codes::machines as codes;
use qg_lang::diagnostic::{Code, Diagnostic, closest};

use super::FleetCheck;
use super::place::{own_place, place, within};
use crate::Facts;
use crate::disk::Content;
use crate::host::{Host, Manager, Root};
use crate::leaf::{At, Data, MountSource, OriginId};
use crate::mounts::Fate;
use crate::path::is_below;

const CODES: &[Code] = &[codes::NO_SOURCE, codes::LATE_KEY, codes::NO_QUADLET_FILE];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

/// Folders in which disks are mounted, where nothing is made.
const OF_DISKS: [&str; 3] = ["/mnt", "/media", "/run/media"];

/// What NixOS mounts early without a word (`nixos/lib/utils.nix`, `pathsNeededForBoot`).
const EARLY: [&str; 10] = [
    "/",
    "/nix",
    "/nix/store",
    "/var",
    "/var/log",
    "/var/lib",
    "/var/lib/nixos",
    "/etc",
    "/usr",
    "/boot",
];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (name, host) in &fleet.model.host {
        let mounts = mounts(host);
        sources(fleet, name, host, &mounts, out);
        keys(fleet, name, host, &mounts, out);
        quadlet(fleet, name, out);
    }
}

/// What is mounted on a host by its own words: whether it is needed for boot, and who says so.
fn mounts(host: &Host) -> BTreeMap<&str, (bool, OriginId)> {
    let mut all = BTreeMap::new();
    for (path, it) in &host.filesystem {
        all.insert(path.as_str(), (it.needed_for_boot.value, it.origin));
    }
    for dataset in host.pool.values().flat_map(|pool| pool.dataset.values()) {
        if let Some(at) = &dataset.at {
            all.insert(at.value.as_str(), (dataset.needed_for_boot.value, at.origin));
        }
    }
    for partition in host.disk.values().flat_map(|disk| disk.partition.values()) {
        partition.holds.iter().for_each(|it| content(it, &mut all));
    }
    all
}

fn content<'f>(of: &'f Content, all: &mut BTreeMap<&'f str, (bool, OriginId)>) {
    match of {
        Content::Filesystem(it) => {
            if let Some(at) = &it.at {
                all.insert(at.value.as_str(), (it.needed_for_boot.value, at.origin));
            }
        }
        Content::Btrfs(it) => {
            for volume in it.subvolume.values() {
                if let Some(at) = &volume.at {
                    all.insert(at.value.as_str(), (volume.needed_for_boot.value, at.origin));
                }
            }
        }
        Content::Luks(it) => it.holds.iter().for_each(|it| content(it, all)),
        Content::Swap(_) => {}
    }
}

fn sources(
    fleet: &Facts<'_>,
    name: &str,
    host: &Host,
    mounts: &BTreeMap<&str, (bool, OriginId)>,
    out: &mut Vec<Diagnostic>,
) {
    // A host that describes no mount has them elsewhere; of a root that is emptied the check of state tells.
    if mounts.is_empty() || host.root.value != Root::Kept {
        return;
    }
    let states = fleet.states_on(name);
    let mut told: Vec<String> = Vec::new();
    for (service, _, container) in fleet.containers_on(name) {
        let typed = container.mounts.values().filter_map(|it| match &it.source.value {
            MountSource::Path(path) => Some((path.as_str(), it.source.origin)),
            MountSource::File(_) | MountSource::Volume(_) | MountSource::Secret(_) => None,
        });
        let raw = container.quadlet.get("Volume").into_iter().flat_map(|it| it.iter());
        let raw = raw.filter_map(|it| Some((it.value.split_once(':')?.0, it.origin)));
        for (path, by) in typed.chain(raw) {
            let path = path.trim_end_matches('/');
            let of_disk = OF_DISKS.iter().any(|it| is_below(path, it));
            let at_or_above =
                |it: &str| path == it || is_below(path, it.trim_end_matches('/')) && it != "/";
            if !of_disk
                || mounts.keys().any(|it| at_or_above(it) || is_below(it, path))
                || states.keys().any(|it| at_or_above(it) || is_below(it, path))
                || fleet.files_on(name).iter().any(|it| is_below(it.path, path) || it.path == path)
                || told.iter().any(|it| it == path)
                || speaks_of(fleet, host, path)
            {
                continue;
            }
            told.push(path.to_owned());
            let message =
                format!("nothing on host.{name} makes {path}, which service.{service} mounts");
            let finding = Diagnostic::warning(codes::NO_SOURCE, own_place(fleet, &[by]), message);
            out.push(match closest(path, mounts.keys().copied()) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help("say what is mounted there (`filesystem`, a dataset of a `pool`), or that it is `state`"),
            });
        }
    }
}

/// Whether a host's own Nix names a path, or the folder that it lies in.
fn speaks_of(fleet: &Facts<'_>, host: &Host, path: &str) -> bool {
    let mut own = std::iter::once(&host.nix).chain(host.modules.iter());
    own.any(|it: &At<Data>| {
        let mut parts: Vec<&str> = path.split('/').collect();
        while parts.len() > 2 {
            if fleet.speaks_of(it, &parts.join("/")) {
                return true;
            }
            parts.pop();
        }
        false
    })
}

/// Keys that open secrets, on mounts that are not there yet.
fn keys(
    fleet: &Facts<'_>,
    name: &str,
    host: &Host,
    mounts: &BTreeMap<&str, (bool, OriginId)>,
    out: &mut Vec<Diagnostic>,
) {
    if host.manager.value != Manager::Nixos {
        return;
    }
    if let Some(key) = &host.age.key_file
        && let Some(Fate::Wiped(root)) = fleet.mounts_on(name).map(|it| it.fate(&key.value))
        && !fleet.states_on(name).keys().any(|it| *it == key.value || is_below(&key.value, it))
    {
        let message = format!(
            "{} is gone at each boot of host.{name}, which opens its secrets with it",
            key.value
        );
        out.push(
            Diagnostic::warning(codes::LATE_KEY, own_place(fleet, &[key.origin]), message)
                .also(place(fleet, root), "what is not kept is gone")
                .help("put it where nothing is emptied, below the `keep` of the root, and say that path"),
        );
        return;
    }
    for key in host.age.key_file.iter().chain(host.age.ssh_keys.iter()) {
        let above = mounts.iter().filter(|(at, _)| **at == "/" || is_below(&key.value, at));
        let Some((at, (needed, by))) = above.max_by_key(|(at, _)| at.len()) else { continue };
        if *needed || EARLY.contains(at) {
            continue;
        }
        let message = format!("{} is not there yet when host.{name} opens its secrets", key.value);
        out.push(
            Diagnostic::error(codes::LATE_KEY, own_place(fleet, &[key.origin]), message)
                .also(place(fleet, *by), format!("{at} is mounted later"))
                .help("say `needed_for_boot = true` of that mount"),
        );
    }
}

/// What keys of Quadlet name by a file of Quadlet's.
fn quadlet(fleet: &Facts<'_>, name: &str, out: &mut Vec<Diagnostic>) {
    const KEYS: [(&str, &[&str]); 5] = [
        ("Volume", &["volume"]),
        ("Network", &["network", "container"]),
        ("Pod", &["pod"]),
        ("Image", &["image", "build"]),
        ("Mount", &["volume", "image"]),
    ];
    let is_there = |file: &str| {
        fleet.units_on(name).iter().any(|it| format!("{}.{}", it.name, it.kind) == file)
    };
    for (service, _, container) in fleet.containers_on(name) {
        for (key, endings) in KEYS {
            for said in container.quadlet.get(key).into_iter().flat_map(|it| it.iter()) {
                let words = said.value.split([':', ',', '=']);
                let file = words.into_iter().find(|word| {
                    endings.iter().any(|it| {
                        word.strip_suffix(it).is_some_and(|it| it.ends_with('.') && it.len() > 1)
                            && !word.contains('/')
                    })
                });
                let made = |file: &str| {
                    let of = fleet.model.host.get(name);
                    let by_nix = format!("containers/systemd/{file}");
                    is_there(file)
                        || fleet.may_say(name, file)
                        || of.is_some_and(|it| fleet.speaks_of(&it.nix, &by_nix))
                };
                let Some(file) = file.filter(|it| !made(it)) else { continue };
                let message =
                    format!("there is no {file} on host.{name}, which service.{service} names");
                let span = within(fleet, own_place(fleet, &[said.origin]), file);
                let names: Vec<String> = fleet
                    .units_on(name)
                    .iter()
                    .map(|it| format!("{}.{}", it.name, it.kind))
                    .collect();
                let finding = Diagnostic::error(codes::NO_QUADLET_FILE, span, message);
                out.push(match closest(file, names.iter().map(String::as_str)) {
                    Some(near) => finding.help(format!("did you mean `{near}`?")),
                    None => finding.help("declare it, and name it without quotes"),
                });
            }
        }
    }
}
