//! Secrets that are mounted into a container which runs as an account that may not read them, and those of units that
//! run in sessions or as an account.
//!
//! Incomplete where the image itself says who its program is, or changes that when it runs: nobody knows that here.

use qg_fleet::checks::place::{first_place, place};
use qg_fleet::container::Container;
use qg_fleet::leaf::{At, EntityPath, MountSource, OriginId, Priority};
use qg_fleet::secret::Secret;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use super::Check;
use crate::Prepared;

pub(super) const CHECK: Check = Check { codes: &[codes::CLOSED_SECRET], run };

/// Who owns something, by name, and what its mode lets whom do.
struct Lock<'f> {
    what: String,
    owner: &'f str,
    group: &'f str,
    mode: u16,
    help: &'static str,
    by: OriginId,
}

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    containers(fleet, out);
    units(fleet, out);
}

/// Units of sessions, which read each secret as the account they are of, and scripts that run as an account.
fn units(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        for of in fleet.own_units_on(host) {
            let scripts = of.unit.scripts().flat_map(|script| {
                let found = fleet.model.script.get(script.entity());
                let text = found.and_then(|it| it.text.as_ref());
                let secrets = text.into_iter().flat_map(|it| it.secrets());
                secrets.map(move |secret| (secret.clone(), script.origin)).collect::<Vec<_>>()
            });
            // What systemd itself reads for a unit of the system, it reads as root.
            let own = of.unit.secrets().filter(|_| !of.is_of_system());
            let own = own.map(|it| (it.value.clone(), it.origin));
            for (path, by) in own.chain(scripts) {
                let Some(secret) = fleet.model.secret.get(path.entity()) else { continue };
                let lock = of_secret(&path, secret);
                let (who, opens) = match &of.unit.user {
                    _ if !of.is_of_system() => {
                        let some = lock.owner != "root" && lock.mode & 0o400 != 0;
                        let group = lock.group != "root" && lock.mode & 0o040 != 0;
                        ("in sessions".to_owned(), some || group)
                    }
                    Some(user) => {
                        let Some(account) = fleet.model.user.get(user.entity()) else { continue };
                        let group = of.unit.group.as_ref().or(account.group.as_ref());
                        let is_root = account.uid.is_some_and(|uid| uid.value == 0);
                        let own = lock.owner == user.entity() && lock.mode & 0o400 != 0;
                        let group = group.is_some_and(|it| it.entity() == lock.group);
                        let group = group && lock.mode & 0o040 != 0;
                        (format!("as {}", user.value), is_root || own || group)
                    }
                    None => continue,
                };
                if !opens && lock.mode & 0o004 == 0 {
                    let message = format!("{} runs {who} and cannot read {path}", of.path);
                    let mut finding =
                        Diagnostic::error(codes::CLOSED_SECRET, first_place(fleet, &[by]), message)
                            .also(
                                place(fleet, lock.by),
                                format!("{}, {:#o}", lock.owner, lock.mode),
                            )
                            .help(lock.help);
                    if !of.is_of_system() {
                        finding = finding.help(
                            "or let the session open it itself: `secrets` of the account's `home`",
                        );
                    }
                    out.push(finding);
                }
            }
        }
    }
}

fn of_secret<'f>(path: &EntityPath, secret: &'f At<Secret>) -> Lock<'f> {
    Lock {
        what: path.to_string(),
        owner: secret.owner.as_ref().map_or("root", |it| it.last()),
        group: secret.group.as_ref().map_or("root", |it| it.last()),
        mode: secret.mode.value,
        help: "say `owner` of the secret, or `group` and `mode = 0o440`",
        by: secret.origin,
    }
}

fn containers(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    for (name, service) in &fleet.model.service {
        let (Some(container), Some(on)) = (&service.container, &service.on) else { continue };
        // With numbers of its own inside nobody knows who that is outside; in a container of an account
        // root is that account.
        if fleet.rootless_of(service).is_some() || maps_numbers(container) {
            continue;
        }
        let Some(user) = &container.user else { continue };
        let Some(account) = fleet.model.user.get(user.entity()) else { continue };
        if account.uid.is_some_and(|uid| uid.value == 0) {
            continue;
        }
        let group = container.group.as_ref().or(account.group.as_ref());
        let group = group.map_or("", |it| it.entity());
        for (target, mount) in &container.mounts {
            let Some(lock) = lock(fleet, on.entity(), &mount.source) else { continue };
            let opens = lock.mode & 0o004 != 0
                || lock.owner == user.entity() && lock.mode & 0o400 != 0
                || lock.group == group && lock.mode & 0o040 != 0;
            if !opens {
                let message = format!(
                    "service.{name} runs as {} and cannot read {}, which is mounted at {target}",
                    user.value, lock.what
                );
                let span = first_place(fleet, &[mount.source.origin, mount.origin]);
                out.push(
                    Diagnostic::error(codes::CLOSED_SECRET, span, message)
                        .also(place(fleet, user.origin), "it runs as this account")
                        .also(place(fleet, lock.by), format!("{}, {:#o}", lock.owner, lock.mode))
                        .help(lock.help),
                );
            }
        }
    }
}

/// What keeps others from something that is mounted; none where it holds no secret.
fn lock<'f>(fleet: &'f Prepared<'_>, host: &str, source: &'f At<MountSource>) -> Option<Lock<'f>> {
    match &source.value {
        MountSource::Secret(path) => Some(of_secret(path, fleet.model.secret.get(path.entity())?)),
        MountSource::Path(path) => {
            let file = fleet.files_on(host).iter().find(|it| it.path == path)?.file;
            if fleet.file_secrets(file).is_empty() {
                return None;
            }
            let mode =
                if file.mode.priority == Priority::SchemaDefault { 0o400 } else { file.mode.value };
            Some(Lock {
                what: path.clone(),
                owner: &file.owner.value,
                group: &file.group.value,
                mode,
                help: "say `owner` of the file, or `group` and `mode = 0o440`",
                by: file.origin,
            })
        }
        MountSource::File(_) | MountSource::Volume(_) => None,
    }
}

/// Whether the numbers of accounts are others inside than outside.
fn maps_numbers(container: &At<Container>) -> bool {
    const KEYS: [&str; 5] = ["UserNS", "UIDMap", "GIDMap", "SubUIDMap", "SubGIDMap"];
    let args = container.quadlet.get("PodmanArgs").into_iter().flat_map(|it| it.iter());
    let mut args = container.podman_args.iter().chain(args);
    KEYS.iter().any(|key| container.quadlet.contains_key(*key))
        || args
            .any(|it| ["--userns", "--uidmap", "--subuidname"].iter().any(|flag| it.contains(flag)))
}
