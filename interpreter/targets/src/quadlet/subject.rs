//! What a line of a unit speaks of, where its reader takes one line only: the last value of a key that has one, the
//! last value of a variable, one of two mounts at a place.

use super::keys::{KeyInfo, find, said_by};
use super::spelling::QuadletKind;

/// What a line speaks of, where only one line can: `Memory`, `the variable TZ`, `what is mounted at /data`.
pub(super) fn subject(section: &str, key: &str, value: &str) -> Option<String> {
    let info = find(section, key)?;
    let plain = value.trim_matches(['"', '\'']);
    match key {
        // Quadlet takes one of them, and refuses both.
        "Image" | "Rootfs" if section == "Container" => Some("what it runs".to_owned()),
        // They stand behind all that Quadlet says itself, and Podman takes the last.
        "PodmanArgs" => {
            let flag = plain.strip_prefix("--")?.split('=').next()?;
            said_by(section, flag).map(|key| key.name.to_owned())
        }
        _ if !info.repeatable || info.kind == QuadletKind::LastArgs => Some(key.to_owned()),
        "Volume" => place(plain.split(':').nth(1)?),
        "Tmpfs" => place(plain.split(':').next()?),
        "Mount" => {
            let mut fields = plain.split(',').filter_map(|field| field.split_once('='));
            let (_, at) =
                fields.find(|(key, _)| matches!(*key, "destination" | "dst" | "target"))?;
            place(at)
        }
        "Sysctl" => Some(format!("the sysctl {}", plain.split('=').next()?)),
        _ => pair(info, key, plain.split('=').next()?),
    }
}

/// One of the pairs of a key that has many.
fn pair(info: KeyInfo, key: &str, name: &str) -> Option<String> {
    (info.kind == QuadletKind::KeyVal).then(|| match key {
        "Environment" => format!("the variable {name}"),
        "Label" => format!("the label {name}"),
        _ => format!("{key} {name}"),
    })
}

fn place(path: &str) -> Option<String> {
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    path.starts_with('/').then(|| format!("what is mounted at {path}"))
}
