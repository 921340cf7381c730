//! Authelia 4.39: `hosts/H/authelia/configuration.yml` of each portal.
//!
//! No secret is in the file. Those that Authelia takes as a file each (`AUTHELIA_…_FILE`) are told by
//! [`Prepared::portal_secrets`]; those inside lists are read by its template filter, so that the unit needs
//! `X_AUTHELIA_CONFIG_FILTERS=template`. The file is YAML before the filter and after it.

mod access;
mod bypass;
pub(crate) mod checks;
pub mod fields;
pub(crate) mod guards;
mod oidc;
#[cfg(test)]
mod order;
mod secrets;
mod settings;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod tests;

use qg_fleet::leaf::At;
use qg_fleet::portal::Portal;
use qg_formats::yaml::{self, Style};
use qg_formats::{Entries, Tree};

use super::merge::{Clash, merge};
use super::{OutputFile, Target};
use crate::Prepared;
pub use bypass::on_path;

pub const TARGET: Target = Target { name: "authelia", files: render, checks: &[checks::CHECK] };

const COMMENT: &[&str] =
    &["Made by qgc from the sources of the fleet; changes made here are lost."];

fn render(fleet: &Prepared<'_>) -> Vec<OutputFile> {
    let mut files = Vec::new();
    for (key, portal) in &fleet.model.portal {
        // A portal whose service runs on no host is refused by a check.
        if let Some(host) = fleet.model.host_of(&portal.service) {
            let (tree, _) = configuration(fleet, key, portal);
            let document = yaml::write(&tree, COMMENT, Style { template: true });
            files.push(document.file(format!("hosts/{host}/authelia/configuration.yml")));
        }
    }
    files
}

/// The configuration, and where the user's own settings would overwrite ours.
#[must_use]
pub fn configuration(fleet: &Prepared<'_>, key: &str, portal: &At<Portal>) -> (Tree, Vec<Clash>) {
    let authelia = portal.authelia();
    let mut root = Entries::new();
    settings::general(&mut root, fleet, portal);
    root.put("access_control", access::tree(fleet, key, portal));
    settings::session(&mut root, fleet, portal);
    settings::storage(&mut root, fleet, portal);
    if let Some(provider) = fleet.model.provider(key, portal) {
        let mut providers = Entries::new();
        providers.put("oidc", oidc::tree(fleet, key, provider));
        root.put("identity_providers", providers.tree(provider.origin));
    }
    let mut tree = root.tree(portal.origin);
    let seal = |path: &_, part| secrets::hole(&fleet.model, path, part);
    let clashes = match &authelia.settings {
        Some(data) => merge(&mut tree, Tree::data(data, &seal)),
        None => Vec::new(),
    };
    (tree, clashes)
}
