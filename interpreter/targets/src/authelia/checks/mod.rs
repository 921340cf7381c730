//! What Authelia refuses at its start, asked of a whole configuration before it is written.
//!
//! After `internal/configuration/validator/*.go` and the decoding before it (4.39.20): the file as it would be read is
//! judged, so that what a field of the fleet says and what stands in `settings` go by the same rules. Left out is what
//! only the host knows: whether files exist, what is in secrets, and what other machines answer.

mod access;
mod clients;
mod kinds;
mod parts;
mod provider;
mod sections;
mod table;
#[cfg(test)]
mod tests;
mod view;

use qg_fleet::checks::place::own_place;
use qg_fleet::leaf::OriginId;
use qg_formats::Tree;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::{fleet as codes, target};
use qg_lang::is_library;

use self::view::View;
use crate::checks::Check;
use crate::{Prepared, authelia};

pub(super) const CHECK: Check = Check { codes: &[target::AUTHELIA_REFUSES], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    // Where something is missing, what it would say is missing too.
    if fleet.partial {
        return;
    }
    for of in fleet.model.authelias() {
        let portal = of.portal;
        let (configuration, _) = authelia::configuration(fleet, of);
        for refusal in refusals(configuration) {
            if said_before(&refusal, found) {
                continue;
            }
            let mut origins = refusal.origins;
            let known = origins.len();
            origins.extend([portal.engine.origin, portal.origin]);
            let span = own_place(fleet, &origins);
            if found.iter().any(|it| it.primary.span == span && it.is_error()) {
                continue;
            }
            let message = format!("Authelia would not start: {}", refusal.why);
            let mut finding = Diagnostic::error(target::AUTHELIA_REFUSES, span, message);
            if !refusal.path.is_empty() {
                finding = finding.here(format!("`{}` in its configuration", refusal.path));
            }
            for other in origins.iter().take(known) {
                let other = own_place(fleet, &[*other]);
                if other != span && !is_library(other.file) {
                    finding = finding.also(other, "and this");
                }
            }
            found.push(finding);
        }
    }
}

/// One reason why Authelia would not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// `session.cookies.0.domain`
    pub(super) path: String,
    /// Who said what is refused.
    origins: Vec<OriginId>,
    pub(super) why: String,
    /// It starts all the same, and does not do what is said.
    pub(super) starts: bool,
}

/// Whether another check has found the cause, in the words of the fleet.
fn said_before(refusal: &Refusal, found: &[Diagnostic]) -> bool {
    let causes = [
        (
            "identity_providers.oidc",
            &[codes::CLIENT_SECRET, codes::SAME_CLIENT, codes::NO_PROVIDER][..],
        ),
        ("identity_providers.oidc", &[codes::BAD_PORTAL]),
        ("session", &[codes::BAD_PORTAL]),
        ("storage", &[codes::BAD_PORTAL]),
        ("authentication_backend", &[codes::BAD_PORTAL]),
        ("access_control", &[codes::BAD_BYPASS]),
    ];
    causes.iter().any(|(path, codes)| {
        // Of rules of access only the patterns are looked at before.
        let same = *path != "access_control" || refusal.path.contains(".resources.");
        same && refusal.path.starts_with(path) && found.iter().any(|it| codes.contains(&it.code))
    })
}

/// Why Authelia would refuse a configuration; empty where it starts.
pub(super) fn refusals(configuration: &Tree) -> Vec<Refusal> {
    let root = View::whole(configuration);
    let mut report = Report::default();
    kinds::check(&root, &mut report);
    table::check(&root, &mut report);
    sections::check(&root, &mut report);
    access::check(&root, &mut report);
    if let Some(oidc) = root.get("identity_providers.oidc") {
        provider::check(&oidc, &root, &mut report);
        clients::check(&oidc, &mut report);
    }
    report.found
}

/// What has been found; of one place the first reason is enough.
#[derive(Default)]
struct Report {
    found: Vec<Refusal>,
}

impl Report {
    fn say(&mut self, at: &View<'_>, why: impl Into<String>) {
        self.add(at, why.into(), false);
    }

    /// What Authelia accepts without a word, and does not do.
    fn say_of_nothing(&mut self, at: &View<'_>, why: impl Into<String>) {
        self.add(at, why.into(), true);
    }

    fn add(&mut self, at: &View<'_>, why: String, starts: bool) {
        if !self.found.iter().any(|known| known.path == at.path) {
            let origins = at.tree.origins.clone();
            self.found.push(Refusal { path: at.path.clone(), origins, why, starts });
        }
    }

    /// What follows from several options together, told at the first that is said.
    fn both(&mut self, places: &[Option<View<'_>>], why: &str) {
        let origins = places.iter().flatten().flat_map(|it| it.tree.origins.iter().copied());
        if let Some(first) = places.iter().flatten().next() {
            let (path, why) = (first.path.clone(), why.to_owned());
            let origins = origins.collect();
            self.found.push(Refusal { path, origins, why, starts: false });
        }
    }
}
