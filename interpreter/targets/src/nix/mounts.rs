//! Filesystems of a machine that its disks and pools do not say.

use qg_fleet::boot::{Filesystem, Source};
use qg_fleet::leaf::At;
use qg_formats::nix::{Nix, NixPart, Set};

use super::{On, secrets};

pub(super) fn put(on: On<'_>, set: &mut Set) {
    for (at, filesystem) in &on.host.filesystem {
        let all = filesystem_at(on, filesystem).nix(filesystem.origin);
        set.put_at(&["fileSystems", at], all);
    }
}

fn filesystem_at(on: On<'_>, filesystem: &At<Filesystem>) -> Set {
    let from = &filesystem.from;
    let mut options = Vec::new();
    let (device, kind, by) = match &from.value {
        Source::Device(it) => (it.path.value.clone(), it.r#type.as_str(), it.path.origin),
        Source::Label(it) => {
            (format!("/dev/disk/by-label/{}", it.label.value), it.r#type.as_str(), it.label.origin)
        }
        Source::Uuid(it) => {
            (format!("/dev/disk/by-uuid/{}", it.uuid.value), it.r#type.as_str(), it.uuid.origin)
        }
        Source::Zfs(it) => (it.dataset.value.clone(), "zfs", it.dataset.origin),
        Source::Bind(it) => {
            options.push(Nix::text("bind", from.origin));
            (it.path.value.clone(), "none", it.path.origin)
        }
        Source::Nfs(it) => {
            let server = &it.server.value;
            let bare = server.contains(':') && !server.starts_with('[');
            let server = if bare { format!("[{server}]") } else { server.clone() };
            (format!("{server}:{}", it.path.value), "nfs", it.server.origin)
        }
        Source::Cifs(it) => {
            if let Some(secret) = &it.credentials {
                let path = NixPart::Hole(secrets::path(on, secret, secret.origin));
                let parts = vec![NixPart::Text("credentials=".to_owned()), path];
                options.push(Nix::filled(parts, secret.origin));
            }
            (format!("//{}/{}", it.server.value, it.share.value), "cifs", it.server.origin)
        }
        Source::Memory(it) => {
            if let Some(size) = &it.size {
                options.push(Nix::text(format!("size={}", size.value), size.origin));
            }
            ("none".to_owned(), "tmpfs", from.origin)
        }
    };
    options.extend(
        filesystem.options.iter().map(|option| Nix::text(option.value.clone(), option.origin)),
    );
    let mut all = Set::new();
    all.put("device", Nix::text(device, by));
    all.put("fsType", Nix::text(kind, from.origin));
    if !options.is_empty() {
        all.put("options", Nix::list(options, filesystem.options.origin));
    }
    needed(&filesystem.needed_for_boot, &mut all);
    all
}

/// `neededForBoot`, where it is.
pub(super) fn needed(needed: &At<bool>, all: &mut Set) {
    if needed.value {
        all.put("neededForBoot", Nix::bool(true, needed.origin));
    }
}

/// Options of a filesystem, where it has some.
pub(super) fn options(options: &At<Vec<At<String>>>, more: Option<Nix>) -> Option<Nix> {
    let mut all: Vec<Nix> =
        options.iter().map(|option| Nix::text(option.value.clone(), option.origin)).collect();
    all.extend(more);
    (!all.is_empty()).then(|| Nix::list(all, options.origin))
}
