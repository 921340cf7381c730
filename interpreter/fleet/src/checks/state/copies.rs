//! State that no backup has, and backups of what is not there.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::state;

use super::related;
use crate::Facts;
use crate::checks::FleetCheck;
use crate::checks::place::{own_place, place};
use crate::folders::{StateOf, is_below};
use crate::leaf::{At, OriginId, Priority};
use crate::mounts::Fate;
use crate::path::folders_above;
use crate::service::{Backup, Engine};

const CODES: &[qg_lang::diagnostic::Code] = &[state::NOT_COPIED, state::COPIES_NOTHING];
pub(in crate::checks) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

/// A path that a backup of a host copies.
struct Copied<'f> {
    path: &'f str,
    origin: OriginId,
}

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // From what is not there nothing is concluded while something is unknown.
    if fleet.partial {
        return;
    }
    for host in fleet.model.host.keys() {
        let mut copied = Vec::new();
        // Those whose own backup is told of: what it was to copy is not missing besides.
        let mut told: Vec<String> = Vec::new();
        for (name, service) in fleet.model.services_on(host) {
            for (key, backup) in service.backup.iter().filter(|(_, it)| it.enabled.value) {
                let mut in_vain = backup.paths.is_empty();
                for path in backup.paths.iter() {
                    let it = Copied { path: path.trim_end_matches('/'), origin: path.origin };
                    in_vain |= nothing(fleet, host, &it, out);
                    copied.push(it);
                }
                if in_vain {
                    told.push(format!("service.{name}"));
                }
                into_itself(fleet, (name, key), backup, out);
            }
        }
        // Who has no vault makes no copies here, or others do.
        if fleet.model.vaults_on(host).next().is_some() {
            not_copied(fleet, host, &copied, &told, out);
        }
    }
}

fn not_copied(
    fleet: &Facts<'_>,
    host: &str,
    copied: &[Copied<'_>],
    told: &[String],
    out: &mut Vec<Diagnostic>,
) {
    let states = fleet.states_on(host);
    // On a root that stays nobody has to say what a module keeps.
    let emptied = fleet.mounts_on(host).is_some_and(|it| it.keep().is_some());
    for StateOf { whose, path, state: it } in
        fleet.all_states_on(host).iter().chain(fleet.lying_on(host))
    {
        let answered = |path: &str| states.get(path).is_some_and(|it| !it.backup.is_yes());
        let is_copied = copied.iter().any(|one| related(one.path, path));
        if !it.backup.is_yes()
            || told.iter().any(|it| it == whose)
            || !emptied && it.priority == Priority::SchemaDefault
            || is_copied
            || folders_above(path).any(answered)
            || fleet.is_copied_in_nix(host, path)
        {
            continue;
        }
        let message = format!("{whose} keeps {path}, and no backup of host.{host} has it");
        let span = own_place(fleet, &[it.origin]);
        let mut finding = Diagnostic::warning(state::NOT_COPIED, span, message);
        if let Some((vault, at)) = fleet.model.vaults_on(host).next() {
            finding =
                finding.also(place(fleet, at.origin), format!("vault.{vault} has the others"));
        }
        out.push(finding.help(format!(
            "say `backup data {{ paths = [{path}] }}` in the service, or `backup = no {{ because = \"…\" }}` of the state"
        )));
    }
}

/// A path that nothing has to do with; whether it was told of.
fn nothing(fleet: &Facts<'_>, host: &str, it: &Copied<'_>, out: &mut Vec<Diagnostic>) -> bool {
    let path = it.path;
    let Some(mounts) = fleet.mounts_on(host) else { return false };
    let state = fleet
        .all_states_on(host)
        .iter()
        .chain(fleet.lying_on(host))
        .any(|it| related(it.path, path));
    let mounted =
        || fleet.mounted_on(host).iter().any(|it| it.path().is_some_and(|it| related(it, path)));
    let made = || {
        fleet.files_on(host).iter().any(|it| related(it.path, path))
            || fleet.mounted_folders(host).keys().any(|it| related(it, path))
    };
    if state || mounted() || made() {
        return false;
    }
    let span = own_place(fleet, &[it.origin]);
    if let Fate::Wiped(root) = mounts.fate(path) {
        if mounts.is_kept_in_nix(path) {
            return false;
        }
        let message = format!(
            "nothing of host.{host} keeps {path}, which a backup copies: it lies on the root, which is emptied at each boot"
        );
        let finding = Diagnostic::warning(state::COPIES_NOTHING, span, message);
        out.push(
            finding
                .also(place(fleet, root), "what is not kept is gone")
                .help("name what is kept, as its `state` says it"),
        );
        return true;
    }
    // Beside what others keep, a path that nobody has is a slip.
    let parent = folders_above(path).next().filter(|it| it.matches('/').count() > 1);
    let near =
        fleet.all_states_on(host).iter().filter(|it| parent == folders_above(it.path).next());
    let near = near
        .chain(fleet.lying_on(host).iter().filter(|it| parent == folders_above(it.path).next()));
    let alike =
        near.min_by_key(|it| distance(it.path, path)).filter(|it| distance(it.path, path) <= 2);
    let alike = alike.filter(|_| parent.is_some());
    if let Some(other) = alike {
        let message = format!("nothing of host.{host} keeps {path}, which a backup copies");
        let finding = Diagnostic::warning(state::COPIES_NOTHING, span, message);
        out.push(
            finding
                .also(
                    own_place(fleet, &[other.state.origin]),
                    format!("{} keeps {}", other.whose, other.path),
                )
                .help(format!("did you mean {}?", other.path)),
        );
    }
    alike.is_some()
}

/// How many letters differ, roughly; many, where the lengths do.
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let front = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let longest = a.len().max(b.len());
    longest.saturating_sub(front + back)
}

/// A backup into a repository that it copies.
fn into_itself(
    fleet: &Facts<'_>,
    (service, key): (&str, &str),
    backup: &At<Backup>,
    out: &mut Vec<Diagnostic>,
) {
    let Some(vault) = backup.to.as_ref().and_then(|it| fleet.model.vault.get(it.entity())) else {
        return;
    };
    let Engine::Restic(engine) = &vault.engine.value else { return };
    let repository = engine.path.trim_end_matches('/');
    for path in backup.paths.iter() {
        let copied = path.trim_end_matches('/');
        let is_in =
            repository == copied || is_below(repository, copied) || is_below(copied, repository);
        let left_out = backup.exclude.iter().any(|it| {
            let it = it.trim_end_matches('/');
            !it.is_empty() && (repository == it || is_below(repository, it) || it.contains('*'))
        });
        if !is_in || left_out {
            continue;
        }
        let message = format!(
            "service.{service}.backup.{key} copies {copied}, where the vault that it goes into has its copies"
        );
        let span = own_place(fleet, &[path.origin]);
        out.push(
            Diagnostic::error(state::COPIES_NOTHING, span, message)
                .also(place(fleet, engine.path.origin), "the vault's repositories")
                .help("copy the folders of the programs, or leave the vault out: `exclude`; another vault can take its repositories on (`takes`)"),
        );
    }
}
