//! What containers write where a boot empties.

use std::collections::BTreeSet;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::state;

use crate::Facts;
use crate::checks::FleetCheck;
use crate::checks::place::{own_place, place};
use crate::folders::is_below;
use crate::mounted::Mountable;
use crate::mounts::Fate;

pub(in crate::checks) const CHECK: FleetCheck = FleetCheck { codes: &[state::MOUNT_UNKEPT], run };

/// What is there without anybody's keeping it, or is meant to be gone: kernel's and systemd's own, sockets, the store.
const PASSING: [&str; 13] = [
    "/bin", "/boot", "/dev", "/lib", "/lib64", "/nix", "/proc", "/run", "/sbin", "/sys", "/tmp",
    "/usr", "/var/run",
];

/// Files of /etc that programs of containers look at, and that a system makes itself.
const OF_SYSTEM: [&str; 12] = [
    "/etc/group",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/pki",
    "/etc/resolv.conf",
    "/etc/shadow",
    "/etc/ssl",
    "/etc/timezone",
];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // From what is not there nothing is concluded while something is unknown.
    if fleet.partial {
        return;
    }
    for host in fleet.model.host.keys() {
        let mut told = BTreeSet::new();
        for it in fleet.mounted_on(host).iter().filter(|it| !it.read_only) {
            let (path, what) = match it.source {
                Mountable::Path(path) => {
                    let path = path.trim_end_matches('/');
                    (path.to_owned(), path.to_owned())
                }
                // An image's own; Podman makes it new with the container.
                Mountable::Volume("") => continue,
                Mountable::Volume(name) => {
                    let root = fleet
                        .model
                        .host
                        .get(host)
                        .and_then(|it| it.podman.storage.graph_root.as_ref());
                    let root =
                        root.map_or("/var/lib/containers/storage", |it| it.trim_end_matches('/'));
                    // A volume of an account's containers lies in its home.
                    if fleet.rootless(host).is_some() {
                        continue;
                    }
                    (format!("{root}/volumes/{name}"), format!("the volume `{name}`"))
                }
            };
            if is_passing(fleet, host, &path) || told.contains(&path) {
                continue;
            }
            let Fate::Wiped(root) = fleet.fate_of(host, &path) else { continue };
            told.insert(path.clone());
            let (kind, name) = it.by;
            let message = format!(
                "{kind}.{name} keeps {what} on the root of host.{host}, which is emptied at each boot"
            );
            let help = match it.source {
                Mountable::Path(_) => format!(
                    "say that it is kept: `state \"{path}\" {{ }}`; what is only read is mounted with `read_only = true`"
                ),
                Mountable::Volume(_) => format!(
                    "keep /var/lib/containers (`state \"/var/lib/containers\" {{ }}` on host.{host}), or mount a folder that is kept"
                ),
            };
            let span = own_place(fleet, &[it.origin]);
            let finding = Diagnostic::warning(state::MOUNT_UNKEPT, span, message);
            out.push(finding.also(place(fleet, root), "what is not kept is gone").help(help));
        }
    }
}

fn is_passing(fleet: &Facts<'_>, host: &str, path: &str) -> bool {
    let inside = |folder: &&str| path == *folder || is_below(path, folder);
    path.is_empty()
        || PASSING.iter().any(&inside)
        || OF_SYSTEM.iter().any(inside)
        || path.ends_with(".sock")
        || fleet
            .files_on(host)
            .iter()
            .any(|it| it.path == path || is_below(it.path, path) && path.starts_with("/etc/"))
}
