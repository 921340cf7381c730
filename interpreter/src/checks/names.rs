//! Names of machines, accounts and secrets' files.

use qg_lang::diagnostic::{Code, Diagnostic, codes};

use crate::fleet::Fleet;

use super::Check;
use super::place::place;

const CODES: &[Code] = &[codes::fleet::SYSTEM_NAME, codes::fleet::NO_SECRET_FILE];
pub(super) const CHECK: Check = Check { codes: CODES, run };

fn run(fleet: &Fleet, out: &mut Vec<Diagnostic>) {
    let model = &fleet.model;
    for (key, host) in &model.host {
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
