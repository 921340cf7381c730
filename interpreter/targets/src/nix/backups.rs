//! Backups: a restic repository for each, and borg for what goes on from there.

use qg_fleet::leaf::{At, Millis, OriginId};
use qg_fleet::service::{Backup, Borg, Engine, Restic, Retention, Vault};
use qg_formats::nix::{Nix, NixExpr, NixPart, Set};

use super::services::time_span;
use super::{On, secrets, standstill, state};

/// A backup and what it is called.
struct Job<'f> {
    name: String,
    backup: &'f At<Backup>,
}

pub(super) fn put(on: On<'_>, set: &mut Set) {
    standstill::put(on, set);
    for (key, vault) in on.fleet.model.vaults_on(on.name) {
        let jobs = jobs(on, key);
        match &vault.engine.value {
            Engine::Restic(restic) => {
                for (at, job) in jobs.iter().enumerate() {
                    restic_job(on, vault, restic, job, jobs.get(..at).unwrap_or_default(), set);
                }
                if let Some(paths) = taken(on, vault) {
                    let all = restic_options(on, vault, restic, (key, vault.origin), paths);
                    let option = ["services", "restic", "backups", key];
                    set.put_at(&option, all.nix(vault.origin));
                    maintain(on, vault, restic, key, set);
                }
            }
            Engine::Borg(borg) => borg_job(on, key, vault, borg, &jobs, set),
        }
    }
}

/// How many of the jobs before it one waits for; those wait for theirs.
const WAITS_FOR: usize = 16;

/// What goes into a vault, in the order of priority, service and name.
fn jobs<'f>(on: On<'f>, vault: &str) -> Vec<Job<'f>> {
    let all = on.fleet.model.backups_to(vault);
    let job = |(service, name, backup)| Job { name: format!("{service}-{name}"), backup };
    let mut all: Vec<Job<'f>> = all.map(job).collect();
    all.sort_by(|a, b| {
        (a.backup.value.priority.value, &a.name).cmp(&(b.backup.value.priority.value, &b.name))
    });
    all
}

/// Where the repositories lie that go on from here.
fn taken(on: On<'_>, vault: &Vault) -> Option<Nix> {
    let mut paths = Vec::new();
    for taken in vault.takes.iter() {
        let Some(other) = on.fleet.model.vault.get(taken.entity()) else { continue };
        let (path, by) = match &other.engine.value {
            Engine::Restic(restic) => (&restic.path.value, restic.path.origin),
            Engine::Borg(borg) => (&borg.repository.value, borg.repository.origin),
        };
        paths.push(Nix::new(NixExpr::Text(path.clone()), &[by, taken.origin]));
    }
    (!paths.is_empty()).then(|| Nix::list(paths, vault.takes.origin))
}

/// The options of a copy: `called` is its name in the vault, and who said that.
fn restic_options(
    on: On<'_>,
    vault: &Vault,
    restic: &Restic,
    called: (&str, OriginId),
    paths: Nix,
) -> Set {
    let (name, by) = called;
    let mut all = Set::new();
    if let Some(user) = &restic.user {
        all.put("user", Nix::text(user.last(), user.origin));
    }
    let repository = format!("{}/{name}", restic.path.trim_end_matches('/'));
    all.put("repository", Nix::new(NixExpr::Text(repository), &[by, restic.path.origin]));
    all.put("passwordFile", secrets::path(on, &restic.password, restic.password.origin));
    all.put("paths", paths);
    all.put("initialize", Nix::bool(true, restic.path.origin));
    let mut timer = Set::new();
    let schedule = &vault.schedule;
    timer.put("OnCalendar", Nix::text(schedule.value.clone(), schedule.origin));
    if vault.spread.value > Millis(0) {
        let spread = Nix::text(time_span(vault.spread.value), vault.spread.origin);
        timer.put("RandomizedDelaySec", spread);
    }
    timer.put("Persistent", Nix::bool(true, schedule.origin));
    all.put("timerConfig", timer.nix(schedule.origin));
    if vault.maintenance.is_none() {
        forget(vault, &mut all);
    }
    all
}

fn forget(vault: &Vault, all: &mut Set) {
    let keep: Vec<Nix> = retention(&vault.keep)
        .into_iter()
        .map(|(name, count)| Nix::text(format!("--keep-{name} {}", count.value), count.origin))
        .collect();
    if !keep.is_empty() {
        all.put("pruneOpts", Nix::list(keep, vault.keep.origin));
    }
}

/// A second job that copies nothing: it throws away what is too old, and checks. Nothing stands still for it.
fn maintain(on: On<'_>, vault: &Vault, restic: &Restic, name: &str, set: &mut Set) {
    let Some(maintenance) = &vault.maintenance else { return };
    let by = maintenance.origin;
    let mut all = restic_options(on, vault, restic, (name, by), Nix::list(Vec::new(), by));
    forget(vault, &mut all);
    let schedule = &maintenance.schedule;
    let mut timer = Set::new();
    timer.put("OnCalendar", Nix::text(schedule.value.clone(), schedule.origin));
    timer.put("Persistent", Nix::bool(true, schedule.origin));
    all.0.retain(|(key, _)| key != "timerConfig" && key != "initialize");
    all.put("timerConfig", timer.nix(schedule.origin));
    if maintenance.check.value {
        all.put("runCheck", Nix::bool(true, maintenance.check.origin));
    }
    let job = format!("{name}-maintenance");
    set.put_at(&["services", "restic", "backups", &job], all.nix(by));
    // While a copy is made the repository is locked.
    let after = Nix::list(vec![Nix::text(format!("restic-backups-{name}.service"), by)], by);
    let unit = format!("restic-backups-{job}");
    set.put_at(&["systemd", "services", &unit, "after"], after);
}

fn retention(keep: &Retention) -> Vec<(&'static str, At<i64>)> {
    let all = [
        ("last", keep.last),
        ("daily", keep.daily),
        ("weekly", keep.weekly),
        ("monthly", keep.monthly),
    ];
    all.into_iter().filter_map(|(name, count)| Some((name, count?))).collect()
}

fn restic_job(
    on: On<'_>,
    vault: &Vault,
    restic: &Restic,
    job: &Job<'_>,
    earlier: &[Job<'_>],
    set: &mut Set,
) {
    let backup = job.backup;
    let paths = state::texts(&backup.paths, backup.paths.origin);
    let mut all = restic_options(on, vault, restic, (&job.name, job.backup.origin), paths);
    if !backup.exclude.is_empty() {
        all.put("exclude", state::texts(&backup.exclude, backup.exclude.origin));
    }
    let name = format!("restic-backups-{}", job.name);
    let mut config = Set::new();
    if let Some(user) = &restic.user {
        // It reads what belongs to others, and writes nothing of it.
        let capability = vec![Nix::text("CAP_DAC_READ_SEARCH", user.origin)];
        config.put("AmbientCapabilities", Nix::list(capability, user.origin));
    }
    standstill::around(on, &name, &[backup])
        .0
        .into_iter()
        .for_each(|(key, it)| config.put(key, it));
    let mut unit = Set::new();
    if !config.is_empty() {
        unit.put("serviceConfig", config.nix(backup.origin));
    }
    let earlier: Vec<Nix> = earlier
        .iter()
        .rev()
        .take(WAITS_FOR)
        .rev()
        .map(|other| {
            let by = [other.backup.value.priority.origin, backup.value.priority.origin];
            Nix::new(NixExpr::Text(format!("restic-backups-{}.service", other.name)), &by)
        })
        .collect();
    if !earlier.is_empty() {
        // All start at one time; this one then waits for those.
        unit.put("after", Nix::list(earlier, backup.value.priority.origin));
    }
    set.put_at(&["services", "restic", "backups", &job.name], all.nix(backup.origin));
    maintain(on, vault, restic, &job.name, set);
    if !unit.is_empty() {
        set.put_at(&["systemd", "services", &name], unit.nix(backup.origin));
    }
}

/// A word of a command that borg splits as a shell does.
fn shell_word(text: Nix) -> NixPart {
    NixPart::Hole(Nix::apply(&["lib", "escapeShellArg"], vec![text]))
}

fn borg_job(
    on: On<'_>,
    key: &str,
    vault: &At<Vault>,
    borg: &Borg,
    jobs: &[Job<'_>],
    set: &mut Set,
) {
    let mut all = Set::new();
    let paths = jobs.iter().flat_map(|job| job.backup.paths.iter());
    let paths = paths.map(|path| Nix::text(path.value.clone(), path.origin)).collect();
    all.put("paths", Nix::list(paths, vault.origin));
    if let Some(taken) = taken(on, vault) {
        all.put("paths", taken);
    }
    let exclude: Vec<Nix> = jobs
        .iter()
        .flat_map(|job| job.backup.exclude.iter())
        .map(|it| Nix::text(it.value.clone(), it.origin))
        .collect();
    if !exclude.is_empty() {
        all.put("exclude", Nix::list(exclude, vault.origin));
    }
    all.put("repo", Nix::text(borg.repository.value.clone(), borg.repository.origin));
    let by = borg.password.origin;
    let mut encryption = Set::new();
    encryption.put("mode", Nix::text("repokey-blake2", by));
    let path = shell_word(secrets::path(on, &borg.password, by));
    let command = vec![NixPart::Text("cat ".to_owned()), path];
    encryption.put("passCommand", Nix::filled(command, by));
    all.put("encryption", encryption.nix(by));
    if let Some(key) = &borg.key {
        let path = shell_word(secrets::path(on, key, key.origin));
        let command = vec![NixPart::Text("ssh -i ".to_owned()), path];
        all.put_at(&["environment", "BORG_RSH"], Nix::filled(command, key.origin));
    }
    all.put("compression", Nix::text(borg.compression.value.clone(), borg.compression.origin));
    all.put("startAt", Nix::text(vault.schedule.value.clone(), vault.schedule.origin));
    all.put("persistentTimer", Nix::bool(true, vault.schedule.origin));
    for (name, count) in retention(&vault.keep) {
        all.put_at(&["prune", "keep", name], Nix::int(count.value, count.origin));
    }
    set.put_at(&["services", "borgbackup", "jobs", key], all.nix(vault.origin));
    let name = format!("borgbackup-job-{key}");
    let backups: Vec<&At<Backup>> = jobs.iter().map(|job| job.backup).collect();
    let around = standstill::around(on, &name, &backups);
    if !around.is_empty() {
        let option = ["systemd", "services", &name, "serviceConfig"];
        set.put_at(&option, around.nix(vault.origin));
    }
    if vault.spread.value > Millis(0) {
        let spread = Nix::text(time_span(vault.spread.value), vault.spread.origin);
        let option = ["systemd", "timers", &name, "timerConfig", "RandomizedDelaySec"];
        set.put_at(&option, spread);
    }
}
