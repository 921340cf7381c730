//! Secrets that a mode shows to accounts that have nothing to do with them.

use qg_fleet::checks::place::{last, place};
use qg_fleet::leaf::{At, EntityPath, OriginId, Priority};
use qg_fleet::service::Answer;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use super::Check;
use crate::Prepared;

pub(super) const CHECK: Check = Check { codes: &[codes::SHOWN_SECRET], run };

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    for (key, secret) in &fleet.model.secret {
        if is_kept(&secret.private) && is_open(secret.mode.value) {
            out.push(finding(fleet, format!("secret.{key}"), &secret.mode, secret.origin));
        }
    }
    for (user, part) in fleet
        .model
        .user
        .iter()
        .flat_map(|(user, it)| it.home.values().map(move |part| (user, part)))
    {
        for (name, opened) in &part.secrets {
            let secret = fleet.model.secret.get(opened.secret.entity());
            if secret.is_some_and(|it| is_kept(&it.private)) && is_open(opened.mode.value) {
                let what = format!("secrets.{name} of user.{user}");
                out.push(finding(fleet, what, &opened.mode, opened.origin));
            }
        }
    }
    for file in fleet.host_files() {
        let it = file.file;
        // Without a word a file with secrets is its owner's alone.
        if it.mode.priority == Priority::SchemaDefault
            || !is_open(it.mode.value)
            || !is_kept(&it.private)
        {
            continue;
        }
        let secrets = fleet.file_secrets(it);
        let kept = |secret: &EntityPath| {
            fleet.model.secret.get(secret.entity()).is_some_and(|it| is_kept(&it.private))
        };
        if let Some((_, secret, _)) = secrets.iter().find(|(_, secret, _)| kept(secret)) {
            let what = format!("{}, which holds {secret},", file.path);
            out.push(finding(fleet, what, &it.mode, it.origin));
        }
    }
}

fn is_kept(private: &At<Answer>) -> bool {
    matches!(private.value, Answer::Yes)
}

/// Whether everybody on a host may read or change it.
fn is_open(mode: u16) -> bool {
    mode & 0o006 != 0
}

fn finding(fleet: &Prepared<'_>, what: String, mode: &At<u16>, of: OriginId) -> Diagnostic {
    let may = match (mode.value & 0o004 != 0, mode.value & 0o002 != 0) {
        (true, true) => "read and changed",
        (true, false) => "read",
        (false, _) => "changed",
    };
    let message = format!("{what} could be {may} by every account of its host");
    let span = place(fleet, mode.origin);
    let mut finding = Diagnostic::error(codes::SHOWN_SECRET, span, message);
    if place(fleet, of) != span {
        finding = finding.also(place(fleet, of), "this one");
    }
    let closed = mode.value & !0o007;
    finding = finding.help(format!(
        "say `mode = {closed:#o}` and who reads it with `owner` and `group`, or `private = no {{ because = \"…\" }}`"
    ));
    match last(fleet, span, &format!("{:#o}", mode.value)) {
        Some(span) => finding.fix("keep it from others", span, format!("{closed:#o}")),
        None => finding,
    }
}
