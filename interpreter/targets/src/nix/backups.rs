//! Backups: a restic repository for each, and borg for what goes on from there.

use qg_fleet::host::Account;
use qg_fleet::leaf::{At, Data, EntityPath, OriginId};
use qg_fleet::service::{
    Backup, Borg, DataRead, Engine, IoClass, Restic, Retention, RetentionTime, Vault,
};
use qg_formats::nix::{Nix, NixExpr, NixPart, Set};

use super::chain::{self, Turn};
use super::{On, secrets, standstill, state};
use crate::sealed::word;

/// A backup and what it is called.
struct Job<'f> {
    name: String,
    backup: &'f At<Backup>,
}

pub(super) fn put(on: On<'_>, set: &mut Set) {
    chain::put(on, set);
    standstill::put(on, set);
    for (key, vault) in on.fleet.model.vaults_on(on.name) {
        let jobs = jobs(on, key);
        let (mut copies, mut upkeep) = (Vec::new(), Vec::new());
        match &vault.engine.value {
            Engine::Restic(restic) => {
                for job in &jobs {
                    let by = vec![job.backup.origin, job.backup.value.priority.origin];
                    restic_job(on, vault, restic, job, set);
                    upkeep.extend(maintain(on, vault, restic, &job.name, &by, set));
                    copies.push((unit(&job.name), by));
                }
                if let Some(paths) = taken(on, vault) {
                    let all = restic_options(on, vault, restic, (key, vault.origin), paths);
                    set.put_at(&["services", "restic", "backups", key], all.nix(vault.origin));
                    give_way(vault, &unit(key), set);
                    let by = vec![vault.takes.origin];
                    upkeep.extend(maintain(on, vault, restic, key, &by, set));
                    copies.push((unit(key), by));
                }
            }
            Engine::Borg(borg) => {
                borg_job(on, key, vault, borg, &jobs, set);
                copies.push((format!("borgbackup-job-{key}"), vec![vault.origin]));
            }
        }
        chain::turn(Turn::Copies, (key, vault), &vault.schedule, &copies, set);
        if let Some(maintenance) = &vault.maintenance {
            chain::turn(Turn::Upkeep, (key, vault), &maintenance.schedule, &upkeep, set);
        }
    }
}

/// The unit of a job of restic, without its ending.
fn unit(job: &str) -> String {
    format!("restic-backups-{job}")
}

/// What goes into a vault, in the order of priority, service and name.
fn jobs<'f>(on: On<'f>, vault: &str) -> Vec<Job<'f>> {
    let all = on.fleet.model.backups_to(vault);
    let job = |(service, name, backup): (&str, &str, &'f At<Backup>)| Job {
        name: job_name(service, name, backup),
        backup,
    };
    let mut all: Vec<Job<'f>> = all.map(job).collect();
    all.sort_by(|a, b| {
        (a.backup.value.priority.value, &a.name).cmp(&(b.backup.value.priority.value, &b.name))
    });
    all
}

/// What the job and the repository of a backup are called.
#[must_use]
pub fn job_name(service: &str, name: &str, backup: &Backup) -> String {
    let said = backup.repository.as_ref().map(|it| it.value.clone());
    said.unwrap_or_else(|| format!("{service}-{name}"))
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
    // Its turn comes with the chain of the vault.
    all.put("timerConfig", Nix::new(NixExpr::Raw("null".to_owned()), &[vault.schedule.origin]));
    let apart = vault.maintenance.as_ref().map(|it| it.value.retention.value);
    if apart != Some(RetentionTime::Apart) {
        forget(vault, &mut all);
    }
    all
}

fn forget(vault: &Vault, all: &mut Set) {
    let mut keep: Vec<Nix> = retention(&vault.keep)
        .into_iter()
        .map(|(name, count)| Nix::text(format!("--keep-{name} {}", count.value), count.origin))
        .collect();
    if !keep.is_empty() {
        // A repository has one series: what was copied when `paths` were others is a part of it (restic-forget(1)).
        keep.insert(0, Nix::text("--group-by host", vault.keep.origin));
        all.put("pruneOpts", Nix::list(keep, vault.keep.origin));
    }
}

/// A second job that copies nothing: it throws away what is too old, and checks. Nothing stands still for it.
fn maintain(
    on: On<'_>,
    vault: &Vault,
    restic: &Restic,
    name: &str,
    by: &[OriginId],
    set: &mut Set,
) -> Option<(String, Vec<OriginId>)> {
    let maintenance = vault.maintenance.as_ref()?;
    let at = maintenance.origin;
    let mut all = restic_options(on, vault, restic, (name, at), Nix::list(Vec::new(), at));
    all.0.retain(|(key, _)| key != "initialize" && key != "pruneOpts");
    if maintenance.retention.value == RetentionTime::Apart {
        forget(vault, &mut all);
    }
    if maintenance.check.value {
        all.put("runCheck", Nix::bool(true, maintenance.check.origin));
        all.0.extend(read(&maintenance.reads).map(|it| ("checkOpts".to_owned(), it)));
    }
    let job = format!("{name}-maintenance");
    set.put_at(&["services", "restic", "backups", &job], all.nix(at));
    give_way(vault, &unit(&job), set);
    Some((unit(&job), [by, &[at]].concat()))
}

/// How much of the data a check reads (restic-check(1)). NixOS writes it into a line of a unit, where `%%` is a `%`.
fn read(how: &At<DataRead>) -> Option<Nix> {
    let (option, by) = match &how.value {
        DataRead::Nothing => return None,
        DataRead::Everything => ("--read-data".to_owned(), vec![how.origin]),
        DataRead::Part(part) => (
            format!("--read-data-subset={}/{}", part.number.value, part.of.value),
            vec![part.number.origin, part.of.origin],
        ),
        DataRead::Sample(sample) => {
            (format!("--read-data-subset={}%%", sample.percent.value), vec![sample.percent.origin])
        }
    };
    let option = Nix::new(NixExpr::Text(option), &by);
    Some(Nix::list(vec![option], how.origin))
}

/// How much the unit of a job gives way to other programs.
fn give_way(vault: &Vault, unit: &str, set: &mut Set) {
    let config = gives_way(vault, |_, value| value);
    if !config.is_empty() {
        set.put_at(&["systemd", "services", unit, "serviceConfig"], config.nix(vault.on.origin));
    }
}

/// The keys of systemd.exec(5) for it; `put` may change the value of one.
fn gives_way(vault: &Vault, put: impl Fn(&str, Nix) -> Nix) -> Set {
    let mut all = Set::new();
    let class = |it: &At<IoClass>| {
        let name = match it.value {
            IoClass::Realtime => "realtime",
            IoClass::BestEffort => "best-effort",
            IoClass::Idle => "idle",
        };
        Nix::text(name, it.origin)
    };
    let said = [
        ("Nice", vault.nice.as_ref().map(|it| Nix::int(it.value, it.origin))),
        ("IOSchedulingClass", vault.io_class.as_ref().map(class)),
        (
            "IOSchedulingPriority",
            vault.io_priority.as_ref().map(|it| Nix::int(it.value, it.origin)),
        ),
    ];
    for (key, value) in said {
        if let Some(value) = value {
            all.put(key, put(key, value));
        }
    }
    all
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

fn restic_job(on: On<'_>, vault: &Vault, restic: &Restic, job: &Job<'_>, set: &mut Set) {
    let backup = job.backup;
    let paths = state::texts(&backup.paths, backup.paths.origin);
    let by = backup.value.repository.as_ref().map_or(backup.origin, |it| it.origin);
    let mut all = restic_options(on, vault, restic, (&job.name, by), paths);
    if !backup.exclude.is_empty() {
        all.put("exclude", state::texts(&backup.exclude, backup.exclude.origin));
    }
    let name = unit(&job.name);
    let mut config = reads_all(restic.user.as_ref());
    let around = standstill::around(on, &name, &[backup]);
    around.0.into_iter().for_each(|(key, it)| config.put(key, it));
    set.put_at(&["services", "restic", "backups", &job.name], all.nix(backup.origin));
    if !config.is_empty() {
        let option = ["systemd", "services", &name, "serviceConfig"];
        set.put_at(&option, config.nix(backup.origin));
    }
    give_way(vault, &name, set);
}

/// An account that makes copies reads what belongs to others, and writes nothing of it.
fn reads_all(user: Option<&At<EntityPath>>) -> Set {
    let mut config = Set::new();
    if let Some(user) = user {
        let capability = vec![Nix::text("CAP_DAC_READ_SEARCH", user.origin)];
        config.put("AmbientCapabilities", Nix::list(capability, user.origin));
    }
    config
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
    if let Some(command) = ssh(on, borg) {
        all.put_at(&["environment", "BORG_RSH"], command);
    }
    if let Some(user) = &borg.user {
        all.put("user", Nix::text(user.last(), user.origin));
        all.put("group", group(on, user));
    }
    all.put("compression", Nix::text(borg.compression.value.clone(), borg.compression.origin));
    // Its turn comes with the chain of the vault.
    all.put("startAt", Nix::list(Vec::new(), vault.schedule.origin));
    for (name, count) in retention(&vault.keep) {
        all.put_at(&["prune", "keep", name], Nix::int(count.value, count.origin));
    }
    set.put_at(&["services", "borgbackup", "jobs", key], all.nix(vault.origin));
    let name = format!("borgbackup-job-{key}");
    let backups: Vec<&At<Backup>> = jobs.iter().map(|job| job.backup).collect();
    let mut config = reads_all(borg.user.as_ref());
    let around = standstill::around(on, &name, &backups);
    around.0.into_iter().for_each(|(key, it)| config.put(key, it));
    // NixOS gives it what nobody else wants of the processor and the disks: what is said takes its place.
    let force = |value| Nix::apply(&["lib", "mkForce"], vec![value]);
    let way = gives_way(
        vault,
        |key, value| if key == "IOSchedulingClass" { force(value) } else { value },
    );
    way.0.into_iter().for_each(|(key, it)| config.put(key, it));
    if let Some(nice) = &vault.nice {
        config.put("CPUSchedulingPolicy", force(Nix::text("other", nice.origin)));
    }
    if !config.is_empty() {
        let option = ["systemd", "services", &name, "serviceConfig"];
        set.put_at(&option, config.nix(vault.origin));
    }
}

/// The primary group of an account; NixOS's own is "users" for people, and one of its own for others.
fn group(on: On<'_>, user: &At<EntityPath>) -> Nix {
    let account = on.fleet.model.user.get(user.entity());
    match account.map(|it| (&it.group, &it.kind.value)) {
        Some((Some(group), _)) => Nix::text(group.last(), group.origin),
        Some((None, Account::Login(_))) => Nix::text("users", user.origin),
        Some((None, _)) | None => Nix::text(user.last(), user.origin),
    }
}

/// How borg calls ssh: it splits the line as a shell does.
fn ssh(on: On<'_>, borg: &Borg) -> Option<Nix> {
    let mut command = vec![NixPart::Text("ssh".to_owned())];
    let mut by = Vec::new();
    if let Some(key) = &borg.key {
        command.push(NixPart::Text(" -i ".to_owned()));
        command.push(shell_word(secrets::path(on, key, key.origin)));
        by.push(key.origin);
    }
    for (option, value) in &borg.ssh {
        let text = if let Data::Bool(value) = &value.value {
            if *value { "yes" } else { "no" }.to_owned()
        } else {
            // The schema admits texts and numbers beside the switch, and both are spelled.
            value.value.spelled().unwrap_or_default()
        };
        command.push(NixPart::Text(format!(" -o {}={}", word(option), word(&text))));
        by.push(value.origin);
    }
    (!by.is_empty()).then(|| Nix::new(NixExpr::Filled(command), &by))
}
