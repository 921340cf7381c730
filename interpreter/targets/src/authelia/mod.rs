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
pub mod whole;

use qg_fleet::portal::{AutheliaPortal, PortalEngine};
use qg_formats::nix::{Nix, Set};
use qg_formats::yaml::{self, Style};
use qg_formats::{Entries, Tree};

use super::engines::{File, LoginEngine, LoginNeeds};
use super::merge::{Merged, NOTHING, merge};
use super::{OutputFile, Target};
use crate::Prepared;
pub use bypass::on_path;

pub const TARGET: Target = Target { name: "authelia", files: render, checks: &[checks::CHECK] };

/// Where a host has its configuration, besides NixOS, and where containers have it.
const PATH: &str = "/etc/authelia/configuration.yml";

/// The file in the folder of its host.
const FILE: &str = "authelia/configuration.yml";

pub(super) const ENGINE: LoginEngine = LoginEngine {
    file: File { from: FILE, to: PATH, always: false },
    // Without it, Authelia looks in the folder that it is started in, and writes a file of its own there.
    file_variable: "X_AUTHELIA_CONFIG",
    variables: &[("X_AUTHELIA_CONFIG_FILTERS", "template")],
    needs: |fleet, key, portal| {
        let of = AutheliaPortal::of(key, portal);
        of.map_or_else(LoginNeeds::default, |of| secrets::needs(fleet, of))
    },
    nixos: |portal, variables, set| {
        let PortalEngine::Authelia(authelia) = &portal.engine.value;
        let (by, instance) = (portal.origin, &authelia.instance);
        let mut all = Set::new();
        all.put("enable", Nix::bool(true, by));
        all.put("settingsFiles", Nix::list(vec![Nix::path(FILE, by)], by));
        // The variables below name the files.
        all.put_at(&["secrets", "manual"], Nix::bool(true, by));
        all.put("environmentVariables", variables.nix(by));
        let option = ["services", "authelia", "instances", instance];
        set.put_at(&option, all.nix(instance.origin));
    },
};

const COMMENT: &[&str] =
    &["Made by qgc from the sources of the fleet; changes made here are lost."];

fn render(fleet: &Prepared<'_>) -> Vec<OutputFile> {
    let mut files = Vec::new();
    for of in fleet.model.authelias() {
        // A portal whose service runs on no host is refused by a check.
        if let Some(host) = fleet.model.host_of(&of.portal.service) {
            let (tree, _) = configuration(fleet, of);
            let document = yaml::write(tree, COMMENT, Style { template: true });
            files.push(document.file(format!("hosts/{host}/{FILE}")));
        }
    }
    files
}

/// The configuration, and where the user's own settings would overwrite ours: put together once, for the checks and for
/// the file.
#[must_use]
pub fn configuration<'p>(fleet: &'p Prepared<'_>, of: AutheliaPortal<'_>) -> &'p Merged {
    let one = |of: AutheliaPortal<'_>| (of.key.to_owned(), configured(fleet, of));
    let all = fleet.authelia.get_or_init(|| fleet.model.authelias().map(one).collect());
    all.get(of.key).unwrap_or(NOTHING)
}

fn configured(fleet: &Prepared<'_>, of: AutheliaPortal<'_>) -> Merged {
    let AutheliaPortal { key, portal, options: authelia } = of;
    let mut root = Entries::new();
    settings::general(&mut root, fleet, of);
    root.put("access_control", access::tree(fleet, key, portal));
    settings::session(&mut root, fleet, of);
    settings::storage(&mut root, fleet, of);
    if let Some(provider) = of.provider(&fleet.model) {
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
