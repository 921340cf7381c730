//! What a secret says of the file on a host, where sessions alone open it: theirs is said in the home.

use qg_fleet::checks::place::place;
use qg_fleet::leaf::{At, OriginId, Priority};
use qg_fleet::secret::Secret;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::names;

use super::Check;
use crate::Prepared;

pub(super) const CHECK: Check = Check { codes: &[names::OF_NO_HOST], run };

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    let hosts = || fleet.model.host.keys();
    for (name, secret) in &fleet.model.secret {
        let opened = hosts().flat_map(|host| fleet.model.opened_in_sessions(host));
        let Some(first) = opened.into_iter().find(|it| it.said.secret.entity() == name) else {
            continue;
        };
        if hosts().any(|host| fleet.secrets_on(host).contains_key(name)) {
            continue;
        }
        for (field, by) in of_host(secret) {
            let message =
                format!("`{field}` of secret.{name} is for a host, and sessions alone open it");
            let finding = Diagnostic::warning(names::OF_NO_HOST, place(fleet, by), message)
                .also(place(fleet, first.said.origin), "opened here")
                .help("say `path` and `mode` there; the file is the account's own");
            out.push(finding);
        }
    }
}

/// What a secret says that is about the file on a host.
fn of_host(secret: &Secret) -> Vec<(&'static str, OriginId)> {
    fn said<T>(it: &At<T>) -> Option<OriginId> {
        (it.priority != Priority::SchemaDefault).then_some(it.origin)
    }
    let all = [
        ("owner", secret.owner.as_ref().map(|it| it.origin)),
        ("group", secret.group.as_ref().map(|it| it.origin)),
        ("mode", said(&secret.mode)),
        ("path", said(&secret.path)),
        ("restart", secret.restart.first().map(|it| it.origin)),
    ];
    all.into_iter().filter_map(|(field, by)| Some((field, by?))).collect()
}
