//! A host whose disks are described, and that has no root: NixOS refuses one without `fileSystems."/"` (nixpkgs
//! `nixos/modules/tasks/filesystems.nix`), after everything else of the host was evaluated.

use qg_fleet::checks::place::place;
use qg_fleet::disk::Content;
use qg_fleet::host::{Host, Manager, Root, Wipe};
use qg_fleet::leaf::Data;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target;

use crate::Prepared;
use crate::checks::Check;

pub(super) const CHECK: Check = Check { codes: &[target::NO_ROOT], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for (name, host) in &fleet.model.host {
        // A host that says nothing of disks has them elsewhere.
        let disk = host.disk.values().map(|it| it.origin);
        let Some(first) = disk.chain(host.pool.values().map(|it| it.origin)).next() else {
            continue;
        };
        if host.manager.value != Manager::Nixos || mounts_root(host) || is_elsewhere(fleet, host) {
            continue;
        }
        let message = format!("nothing is mounted at / on host.{name}, whose disks are described");
        found.push(
            Diagnostic::error(target::NO_ROOT, place(fleet, host.origin), message)
                .also(place(fleet, first), "one of them")
                .help("say `at = /` of a filesystem, a subvolume or a dataset, or `filesystem \"/\" { from = … }`"),
        );
    }
}

fn mounts_root(host: &Host) -> bool {
    let mut parts = host.disk.values().flat_map(|disk| disk.partition.values());
    let mut datasets = host.pool.values().flat_map(|pool| pool.dataset.values());
    host.filesystem.contains_key("/")
        || parts.any(|it| it.holds.as_ref().is_some_and(|it| has_root(it)))
        || datasets.any(|it| it.at.as_ref().is_some_and(|at| at.value == "/"))
}

fn has_root(content: &Content) -> bool {
    match content {
        Content::Filesystem(it) => it.at.as_ref().is_some_and(|at| at.value == "/"),
        Content::Btrfs(it) => {
            it.subvolume.values().any(|it| it.at.as_ref().is_some_and(|at| at.value == "/"))
        }
        Content::Luks(it) => it.holds.as_ref().is_some_and(|it| has_root(it)),
        Content::Swap(_) => false,
    }
}

/// Whether a host's own Nix says it, or may: what is no file beside the sources cannot be read. A root that something
/// else empties (memory) is said by that.
fn is_elsewhere(fleet: &Prepared<'_>, host: &Host) -> bool {
    let other = match &host.root.value {
        Root::Ephemeral(it) => it.wipe.value == Wipe::Elsewhere,
        Root::Kept => false,
    };
    let unread = host.modules.iter().any(|it| matches!(it.value, Data::Nix(_)));
    let mut own = std::iter::once(&host.nix).chain(host.modules.iter());
    other
        || unread
        || own.any(|it| {
            ["fileSystems", "disko", "imports", "isContainer"]
                .iter()
                .any(|word| fleet.speaks_of(it, word))
        })
}
