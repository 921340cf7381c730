//! Names of machines, accounts and secrets' files.

use std::collections::BTreeMap;

use qg_fleet::checks::place::place;
use qg_fleet::leaf::OriginId;
use qg_lang::diagnostic::{Code, Diagnostic, codes};

use super::Check;
use crate::Prepared;

const CODES: &[Code] =
    &[codes::fleet::SYSTEM_NAME, codes::fleet::NO_SECRET_FILE, codes::fleet::SECRET_PATH];
pub(super) const CHECK: Check = Check { codes: CODES, run };

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    let model = &fleet.model;
    for (key, host) in &model.host {
        secret_paths(fleet, key, out);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if key.is_empty()
            || key.len() > 63
            || key.starts_with('-')
            || key.ends_with('-')
            || !key.chars().all(plain)
        {
            let message = format!("no machine can be called {key:?}");
            out.push(
                Diagnostic::error(codes::fleet::SYSTEM_NAME, place(fleet, host.origin), message)
                    .help(
                        "a host's name has letters, digits and `-` inside, 63 characters at most",
                    ),
            );
        }
    }
    let users = model.user.iter().map(|(key, user)| ("user", key, user.origin));
    let groups = model.group.iter().map(|(key, group)| ("group", key, group.origin));
    for (kind, key, origin) in users.chain(groups) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let begins = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !begins || key.len() > 31 || !key.chars().all(plain) {
            let message = format!("no {kind} of a host can be called {key:?}");
            out.push(
                Diagnostic::error(codes::fleet::SYSTEM_NAME, place(fleet, origin), message).help(
                    "it begins with a letter or `_`; letters, digits, `_`, `-` and `.` follow, 31 characters at most",
                ),
            );
        }
    }
    for (key, secret) in &model.secret {
        if secret.file.is_none() {
            let message = format!("nothing says which file holds secret.{key}");
            out.push(
                Diagnostic::error(
                    codes::fleet::NO_SECRET_FILE,
                    place(fleet, secret.origin),
                    message,
                )
                .help("say `file` here, or `fleet { secrets = ./secrets.yaml }` for all of them"),
            );
        }
    }
}

/// Two secrets of a host cannot lie at one path.
fn secret_paths(fleet: &Prepared<'_>, host: &str, out: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&str, (&str, OriginId)> = BTreeMap::new();
    for key in fleet.secrets_on(host).keys() {
        let Some(secret) = fleet.model.secret.get(key) else { continue };
        let path = secret.path.value.as_str();
        if let Some((first, origin)) = known.get(path) {
            let message =
                format!("secret.{first} and secret.{key} both lie at {path} of host.{host}");
            out.push(
                Diagnostic::error(codes::fleet::SECRET_PATH, place(fleet, secret.origin), message)
                    .also(place(fleet, *origin), "the other one")
                    .help("use one secret for both, or give one of them another `path`"),
            );
        } else {
            known.insert(path, (key, secret.origin));
        }
    }
}
