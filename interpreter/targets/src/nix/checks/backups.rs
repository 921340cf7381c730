//! Backups: words that nothing carries out, and copies of what somebody goes on writing.

use qg_fleet::checks::place::place;
use qg_fleet::leaf::{At, MountSource, OriginId};
use qg_fleet::service::{Backup, DataRead, Engine, RetentionTime, Service, Vault};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target;

use crate::Prepared;
use crate::checks::Check;

pub(super) const CHECK: Check =
    Check { codes: &[target::BACKUP_WORD, target::WRITTEN_MEANWHILE], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        for (key, vault) in fleet.model.vaults_on(host) {
            words(fleet, key, vault, found);
            for (service, name, backup) in fleet.model.backups_to(key) {
                let title = format!("service.{service}.backup.{name}");
                if let (Engine::Borg(_), Some(repository)) =
                    (&vault.engine.value, &backup.repository)
                {
                    let message = format!("{title} has no repository of its own in vault.{key}");
                    let finding = word(fleet, repository.origin, message)
                        .also(place(fleet, vault.engine.origin), "borg puts all of them into one")
                        .help("leave `repository` out, or copy into a vault of restic");
                    found.push(finding);
                }
                written(fleet, host, &title, backup, found);
            }
        }
    }
}

fn word(fleet: &Prepared<'_>, at: OriginId, message: String) -> Diagnostic {
    Diagnostic::error(target::BACKUP_WORD, place(fleet, at), message)
}

/// What a vault says of its maintenance and nobody does.
fn words(fleet: &Prepared<'_>, key: &str, vault: &Vault, found: &mut Vec<Diagnostic>) {
    let Some(maintenance) = &vault.maintenance else { return };
    if matches!(vault.engine.value, Engine::Borg(_)) {
        let message = format!("nothing looks after vault.{key}: it is borg's");
        let finding = word(fleet, maintenance.origin, message)
            .also(place(fleet, vault.engine.origin), "borg's copies")
            .help("leave it out: what is too old is thrown away after each copy, by `keep`");
        found.push(finding);
        return;
    }
    if let DataRead::Part(part) = &maintenance.reads.value
        && part.number.value > part.of.value
    {
        let (number, of) = (part.number.value, part.of.value);
        let message = format!("there is no part {number} of {of}");
        let help =
            "count from 1, or say `sample { percent = … }`, which reads another part each time";
        found.push(word(fleet, part.number.origin, message).help(help));
    }
    if !maintenance.check.value && maintenance.reads.value != DataRead::Nothing {
        let message = format!("no check of vault.{key} reads anything");
        let finding = word(fleet, maintenance.reads.origin, message)
            .also(place(fleet, maintenance.check.origin), "nothing is checked")
            .help("say `check = true`, or leave `reads` out");
        found.push(finding);
    }
    if !maintenance.check.value && maintenance.retention.value == RetentionTime::WithCopies {
        let message = format!("the maintenance of vault.{key} does nothing");
        let finding = word(fleet, maintenance.retention.origin, message)
            .also(place(fleet, maintenance.check.origin), "nothing is checked")
            .help("leave `maintenance` out: copies that are too old go after each copy");
        found.push(finding);
    }
}

/// Who goes on writing what is copied. A backup that stops nothing says so of itself.
fn written(
    fleet: &Prepared<'_>,
    host: &str,
    title: &str,
    backup: &At<Backup>,
    found: &mut Vec<Diagnostic>,
) {
    let still = fleet.stands_still(host, &backup.stop);
    if still.is_empty() {
        return;
    }
    for (key, service) in fleet.model.services_on(host) {
        let units = std::iter::once(&service.unit.name).chain(service.unit.also.iter());
        if units.into_iter().any(|unit| still.iter().any(|it| it.unit == unit.value)) {
            continue;
        }
        let Some((path, by)) = writes(service, backup) else { continue };
        let message = format!("service.{key} goes on writing {path} while {title} is copied");
        let help = format!(
            "stop it too: `service.{key}` in `stop`; or say `stop = []`, if a copy of files that change is good enough"
        );
        let finding =
            Diagnostic::error(target::WRITTEN_MEANWHILE, place(fleet, backup.stop.origin), message)
                .also(place(fleet, by), "it writes here")
                .help(help);
        found.push(finding);
    }
}

/// What a service writes at or below a path that is copied, and who says so.
fn writes<'f>(service: &'f Service, backup: &Backup) -> Option<(&'f str, OriginId)> {
    let copied = |path: &str| {
        let path = path.trim_end_matches('/');
        let within = |all: &[At<String>]| {
            all.iter().any(|it| {
                let rest = path.strip_prefix(it.value.trim_end_matches('/'));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        within(&backup.paths) && !within(&backup.exclude)
    };
    let mounts = service.container.iter().flat_map(|it| it.mounts.values());
    let mounts = mounts.filter(|it| !it.read_only.value).filter_map(|it| match &it.source.value {
        MountSource::Path(path) => Some((path.as_str(), it.source.origin)),
        MountSource::Volume(_) | MountSource::Secret(_) | MountSource::File(_) => None,
    });
    // What a container keeps it has in its mounts; a native program says it as state.
    let native = service.state.iter().filter(|_| service.container.is_none());
    let native = native.map(|(path, state)| (path.as_str(), state.origin));
    mounts.chain(native).find(|(path, _)| copied(path))
}
