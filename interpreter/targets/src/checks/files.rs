//! Files of hosts and services: one content each, that its format can hold, at a place of its own.

use std::collections::BTreeMap;

use qg_fleet::checks::place::{first_place, place};
use qg_fleet::files::HostFile;
use qg_fleet::homes::HomeFile;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target;

use super::Check;
use crate::Prepared;
use crate::files::{Problem, content};

pub(super) const CHECK: Check = Check {
    codes: &[
        target::BAD_TEMPLATE,
        target::FORMAT_LIMIT,
        target::FILE_CONTENT,
        target::FILE_PATH,
        target::SECRET_CHANGED,
    ],
    run,
};

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<(&str, String), HostFile<'_>> = BTreeMap::new();
    for file in fleet.host_files() {
        let span = place(fleet, file.file.origin);
        if !is_on_host(file.path) {
            let message =
                format!("`{}` is no path on a host: it begins with `/`, without `..`", file.path);
            let finding = Diagnostic::error(target::FILE_PATH, span, message);
            found.push(finding.help("say where it lies: `file \"/etc/app.conf\" { … }`"));
        } else if let Some(first) = known.get(&(file.host, file.path.to_owned())) {
            let message = format!("host.{} gets two files at {}", file.host, file.path);
            found.push(
                Diagnostic::error(target::FILE_PATH, span, message)
                    .also(place(fleet, first.file.origin), "the other one"),
            );
        }
        known.entry((file.host, file.path.to_owned())).or_insert(*file);
        if let Err(problems) = content(fleet, file.file) {
            found.extend(problems.into_iter().map(|problem| finding(fleet, problem)));
        }
    }
    let homes = fleet.model.user.values().flat_map(|it| it.home.values());
    for file in homes.flat_map(|part| part.file.values()).filter(|it| it.secrets().is_empty()) {
        if let Err(problems) = content(fleet, &file.map(HomeFile::as_file)) {
            found.extend(problems.into_iter().map(|problem| finding(fleet, problem)));
        }
    }
}

/// Whether a text is the path of a file on a host.
pub(super) fn is_on_host(path: &str) -> bool {
    let odd = |part: &str| part.is_empty() || part == "." || part == "..";
    path.starts_with('/') && !path.split('/').skip(1).any(odd) && !path.contains(['\0', '\n', '\r'])
}

fn finding(fleet: &Prepared<'_>, problem: Problem) -> Diagnostic {
    match problem {
        Problem::Content(origins, why) => {
            let mut finding =
                Diagnostic::error(target::FILE_CONTENT, first_place(fleet, &origins), why);
            for other in origins.iter().skip(1) {
                finding = finding.also(place(fleet, *other), "and this");
            }
            finding.help("say one of `text`, `yaml`, `json`, `toml`, `ini`, `template`, `source`")
        }
        Problem::Template(origin, why) => {
            let why = format!("the template cannot be filled in: {why}");
            Diagnostic::error(target::BAD_TEMPLATE, place(fleet, origin), why)
        }
        Problem::Secret { template, values, line } => {
            let message = format!(
                "the template does something with a secret besides writing it, in line {line} of what it gives"
            );
            Diagnostic::error(target::SECRET_CHANGED, place(fleet, template), message)
                .also(place(fleet, values), "the values")
                .help("the value is known on the host alone: write it as it is, or say a secret that is so already")
        }
        Problem::Format(origins, why) => {
            Diagnostic::error(target::FORMAT_LIMIT, first_place(fleet, &origins), why)
        }
    }
}
