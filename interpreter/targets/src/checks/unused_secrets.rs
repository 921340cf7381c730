//! Secrets that nothing reads, so that no host opens them.

use std::collections::BTreeSet;

use qg_fleet::checks::place::place;
use qg_lang::diagnostic::codes::secrets as codes;
use qg_lang::diagnostic::{Diagnostic, Tag};
use qg_lang::is_library;

use super::{Check, sops};
use crate::Prepared;

pub(super) const CHECK: Check = Check { codes: &[codes::UNUSED_SECRET], run };

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    // Where something is missing, it may be what reads it.
    if fleet.partial {
        return;
    }
    let opened: BTreeSet<&str> = fleet
        .model
        .host
        .keys()
        .flat_map(|host| fleet.secrets_on(host).keys())
        .map(String::as_str)
        .collect();
    let unread = fleet
        .model
        .secret
        .iter()
        .filter(|(key, it)| it.on.is_empty() && !opened.contains(key.as_str()));
    let unread: Vec<_> = unread.collect();
    if unread.is_empty() {
        return;
    }
    let told = qg_fleet::checks::place::told(out);
    let waiting = sops::waiting(fleet);
    for (key, secret) in unread {
        let span = place(fleet, secret.origin);
        let lost = out.iter().any(|it| {
            it.code == qg_lang::diagnostic::codes::fleet::NO_SECRET_KEY && overlaps(it, span)
        });
        let named = fleet.named.contains(&("secret".to_owned(), (*key).clone()));
        if named
            || waiting.contains(key.as_str())
            || is_library(span.file)
            || told.contains(&span)
            || lost
        {
            continue;
        }
        out.push(
            Diagnostic::warning(codes::UNUSED_SECRET, span, format!("nothing reads secret.{key}"))
                .tag(Tag::Unnecessary)
                .help("drop it, say who reads it, or say `on` for what reads it unseen"),
        );
    }
}

/// What is told of a secret within its declaration.
fn overlaps(it: &Diagnostic, span: qg_lang::span::Span) -> bool {
    let at = it.primary.span;
    at.file == span.file && span.start <= at.start && at.end <= span.end
}
