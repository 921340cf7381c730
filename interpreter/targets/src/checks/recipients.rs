//! Who a file of secrets is encrypted for, which stands in it as everybody can read it, against who is to open it.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::checks::place::{own_place, place};
use qg_fleet::leaf::{At, OriginId};
use qg_formats::sops::SopsFile;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::secrets as codes;

use super::Check;
use crate::Prepared;

pub(super) const CHECK: Check =
    Check { codes: &[codes::NOT_FOR_HOST, codes::ONE_KEY_FOR_ALL], run };

/// A file that somebody opens, and a secret of it.
struct Opened<'f> {
    path: &'f str,
    secret: &'f str,
    file: &'f SopsFile,
    by: OriginId,
}

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    let mut used: BTreeMap<&str, &SopsFile> = BTreeMap::new();
    let mut hosts = BTreeSet::new();
    for (name, host) in &fleet.model.host {
        let opened = opened_on(fleet, name);
        if !opened.is_empty() {
            hosts.insert(name.as_str());
        }
        used.extend(opened.iter().map(|it| (it.path, it.file)));
        if let Some(recipient) = &host.age.recipient {
            closed(fleet, &format!("host.{name}"), recipient, &opened, out);
        }
        for home in fleet.model.homes_on(name) {
            let here = fleet.model.opened_in_sessions(name).filter(|it| it.user == home.user);
            let opened: Vec<Opened<'_>> = here
                .filter_map(|it| {
                    let (key, _) = it.secret(&fleet.model)?;
                    opened_file(fleet, key, it.said.origin)
                })
                .collect();
            used.extend(opened.iter().map(|it| (it.path, it.file)));
            let who = format!("user.{} on host.{name}", home.user);
            for recipient in home.parts.iter().filter_map(|(_, part)| part.age.recipient.as_ref()) {
                closed(fleet, &who, recipient, &opened, out);
            }
        }
    }
    for recipient in fleet.model.fleet.recipients.iter() {
        let lacks = used.iter().find(|(_, file)| is_closed_for(file, &recipient.value));
        if let Some((path, _)) = lacks {
            let message = format!("{path} is not encrypted for this key");
            out.push(
                Diagnostic::warning(codes::NOT_FOR_HOST, place(fleet, recipient.origin), message)
                    .help(again(path)),
            );
        }
    }
    one_for_all(fleet, &used, &hosts, out);
}

/// The files that a host opens, each with its first secret.
fn opened_on<'f>(fleet: &'f Prepared<'_>, host: &str) -> Vec<Opened<'f>> {
    let mut all: Vec<Opened<'f>> = Vec::new();
    for (key, uses) in fleet.secrets_on(host) {
        let by = uses.by.first().copied().unwrap_or_default();
        if let Some(opened) = opened_file(fleet, key, by)
            && !all.iter().any(|it| it.path == opened.path)
        {
            all.push(opened);
        }
    }
    all
}

fn opened_file<'f>(fleet: &'f Prepared<'_>, key: &str, by: OriginId) -> Option<Opened<'f>> {
    let (secret, of) = fleet.model.secret.get_key_value(key)?;
    let path = of.file.as_ref()?.value.as_str();
    let file = fleet.sops_file(path)?.as_ref().ok()?;
    Some(Opened { path, secret, file, by })
}

/// Whether a key is known not to open a file. One that says no key of age at all is opened by others.
fn is_closed_for(file: &SopsFile, recipient: &str) -> bool {
    !file.recipients.is_empty() && !file.recipients.contains(recipient)
}

fn closed(
    fleet: &Prepared<'_>,
    who: &str,
    recipient: &At<String>,
    opened: &[Opened<'_>],
    out: &mut Vec<Diagnostic>,
) {
    for it in opened.iter().filter(|it| is_closed_for(it.file, &recipient.value)) {
        let message = format!("{who} cannot open {}: it is not encrypted for its key", it.path);
        let span = own_place(fleet, &[recipient.origin]);
        let by = own_place(fleet, &[it.by]);
        out.push(
            Diagnostic::error(codes::NOT_FOR_HOST, span, message)
                .also(by, format!("secret.{} is read there", it.secret))
                .help(again(it.path)),
        );
    }
}

fn again(path: &str) -> String {
    format!(
        "`sops --config build/sops.yaml updatekeys {path}` encrypts it for all keys that the fleet says"
    )
}

/// One key that opens everything on every host.
fn one_for_all(
    fleet: &Prepared<'_>,
    used: &BTreeMap<&str, &SopsFile>,
    hosts: &BTreeSet<&str>,
    out: &mut Vec<Diagnostic>,
) {
    let keys: BTreeSet<&str> =
        used.values().flat_map(|it| it.recipients.iter().map(String::as_str)).collect();
    let mut keys = keys.into_iter();
    let (Some(only), None) = (keys.next(), keys.next()) else { return };
    if hosts.len() < 2 || used.values().any(|it| it.others) {
        return;
    }
    let model = &fleet.model;
    let said = model.fleet.recipients.iter().find(|it| it.value == only).map(|it| it.origin);
    let file = model.fleet.secrets.as_ref().map(|it| it.origin);
    let host = model.host.values().filter_map(|it| it.age.recipient.as_ref()).map(|it| it.origin);
    let origins: Vec<OriginId> = said.into_iter().chain(host).chain(file).collect();
    let message = format!("one key opens all secrets on {} hosts", hosts.len());
    out.push(
        Diagnostic::warning(codes::ONE_KEY_FOR_ALL, own_place(fleet, &origins), message)
            .help("give each host a key of its own (`age.recipient`), and a file of secrets to those that need no other"),
    );
}
