//! Files where a host needs a folder, and paths that no file system takes.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::checks::place::place;
use qg_fleet::leaf::OriginId;
use qg_fleet::path::{NAME_MAX, folders_above};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target;
use qg_lang::span::Span;

use super::Check;
use super::files::is_on_host;
use super::made::{WORKED_IN, made};
use crate::Prepared;

pub(super) const CHECK: Check = Check { codes: &[target::FILE_PATH], run };

/// The longest path of Linux, without the zero behind it.
const PATH: usize = 4095;

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        let mut files: BTreeMap<&str, OriginId> = BTreeMap::new();
        // What is no path at all is told where files are looked at.
        for file in fleet.files_on(host).iter().filter(|it| is_on_host(it.path)) {
            files.entry(file.path).or_insert(file.file.origin);
            out.extend(too_long(file.path, place(fleet, file.file.origin)));
        }
        if files.is_empty() {
            continue;
        }
        let mut told: BTreeSet<OriginId> = BTreeSet::new();
        for folder in WORKED_IN {
            let within = format!("{folder}/x");
            if let Some((file, of)) = above(&files, &within) {
                told.insert(of);
                out.push(stands_in_the_way(fleet, host, (file, of)));
            }
        }
        for (path, by) in made(fleet, host) {
            // On NixOS what the fleet says as `file` is an option like the others.
            let Some((file, of)) = above(&files, &path) else { continue };
            if files.contains_key(path.as_str()) || told.contains(&of) {
                continue;
            }
            told.insert(of);
            let finding = stands_in_the_way(fleet, host, (file, of));
            out.push(finding.also(place(fleet, by), format!("{path} comes of this")));
        }
        for (path, by, what) in lying(fleet, host) {
            let Some((file, of)) = above(&files, path) else { continue };
            if !told.insert(of) {
                continue;
            }
            let message = format!("{path} of host.{host} would lie below {file}, which is a file");
            let span = place(fleet, by);
            out.push(
                Diagnostic::error(target::FILE_PATH, span, message)
                    .here(what)
                    .also(place(fleet, of), "this is the file"),
            );
        }
    }
}

fn stands_in_the_way(fleet: &Prepared<'_>, host: &str, (file, by): (&str, OriginId)) -> Diagnostic {
    let message = format!("{file} of host.{host} is a folder of the compiler's own files");
    Diagnostic::error(target::FILE_PATH, place(fleet, by), message)
        .help("choose another path: nothing could lie below a file")
}

/// What lies somewhere on a host, with who said so.
fn lying<'f>(fleet: &'f Prepared<'f>, host: &str) -> Vec<(&'f str, OriginId, &'static str)> {
    let files = fleet.files_on(host).iter().map(|it| (it.path, it.file.origin, "a file too"));
    let states = fleet.all_states_on(host).iter();
    let states = states.map(|it| (it.path, it.state.origin, "what is kept"));
    let secrets = fleet.secrets_on(host).keys().filter_map(|key| fleet.model.secret.get(key));
    let secrets = secrets.map(|it| (it.path.value.as_str(), it.path.origin, "a secret"));
    files.chain(states).chain(secrets).collect()
}

/// The file that stands on the way to a path.
fn above<'f>(files: &BTreeMap<&'f str, OriginId>, path: &str) -> Option<(&'f str, OriginId)> {
    folders_above(path)
        .find_map(|folder| files.get_key_value(folder))
        .map(|(file, by)| (*file, *by))
}

fn too_long(path: &str, span: Span) -> Option<Diagnostic> {
    let message = if path.split('/').any(|part| part.len() > NAME_MAX) {
        format!("a name in this path has more than {NAME_MAX} bytes, which no file system takes")
    } else if path.len() > PATH {
        format!("this path has more than {PATH} bytes, which Linux does not take")
    } else {
        return None;
    };
    Some(Diagnostic::error(target::FILE_PATH, span, message))
}
