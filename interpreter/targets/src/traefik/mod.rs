//! Traefik v3.7: `hosts/H/traefik/static.yml` and `dynamic.yml` of each proxy.
//!
//! The dynamic file goes through Go's templates before it is parsed: secrets are put in there, from
//! environment variables, so that none is in the file. The static file does not.

pub(crate) mod checks;
#[cfg(test)]
mod coverage;
mod dynamic;
pub mod fields;
mod middleware;
mod options;
mod order;
mod rule;
mod secrets;
mod services;
mod spell;
mod tcp;
#[cfg(test)]
pub(crate) mod tests;
mod tls;

use qg_fleet::proxy::TraefikProxy;
use qg_formats::nix::{Nix, Set};
use qg_formats::yaml::{self, Style};
use qg_formats::{Tree, TreePiece};

use super::engines::{Engine, File, Needs};
use super::merge::{Merged, NOTHING, fill, merge};
use super::{OutputFile, Target};
use crate::Prepared;
pub use middleware::used as used_middlewares;
pub(crate) use middleware::{is_for, labels as middleware_labels, plugin};
pub(crate) use options::tcp_point;
pub(crate) use order::{encoded_allowed, is_told, rewrites, writes_path};
pub(crate) use rule::priority;
pub(crate) use secrets::data_secrets;
pub use secrets::{Variable, variable_names};
pub(crate) use spell::may_be_empty;
pub(crate) use tls::{Mixed, mixed as mixed_tls};

pub const TARGET: Target = Target { name: "traefik", files: render, checks: checks::ALL };

/// Where a host has the static options, besides NixOS: Traefik looks there by itself.
const STATIC_PATH: &str = "/etc/traefik/traefik.yml";
/// Where the dynamic file lies on the host; the static one names it.
const DYNAMIC_PATH: &str = "/etc/traefik/dynamic.yml";

/// The files in the folder of their host.
const STATIC: &str = "traefik/static.yml";
const DYNAMIC: &str = "traefik/dynamic.yml";

pub(super) const ENGINE: Engine = Engine {
    name: "traefik",
    files: &[
        File { from: STATIC, to: STATIC_PATH, always: false },
        File { from: DYNAMIC, to: DYNAMIC_PATH, always: true },
    ],
    command: &[],
    run: "say what does: `service traefik { on = …, container { image = \"docker.io/library/traefik:v3.7\", network = host } }`, or its program in `unit.service.ExecStart`; another service in `service` of the proxy",
    needs: |fleet, key, proxy| {
        TraefikProxy::of(key, proxy).map_or_else(Needs::default, |of| secrets::needs(fleet, of))
    },
    nixos: |_, proxy, environment, set| {
        let (by, data) = (proxy.origin, proxy.engine.data());
        let mut traefik = Set::new();
        traefik.put("enable", Nix::bool(true, by));
        traefik.put("staticConfigFile", Nix::path(STATIC, by));
        traefik.put("dataDir", Nix::text(data.value.clone(), data.origin));
        set.put_at(&["services", "traefik"], traefik.nix(by));
        let mut unit = Set::new();
        unit.put("restartTriggers", Nix::list(vec![Nix::path(DYNAMIC, by)], by));
        if !environment.is_empty() {
            unit.put_at(&["serviceConfig", "EnvironmentFile"], Nix::list(environment, by));
        }
        set.put_at(&["systemd", "services", "traefik"], unit.nix(by));
    },
};

const COMMENT: &[&str] =
    &["Made by qgc from the sources of the fleet; changes made here are lost."];

fn render(fleet: &Prepared<'_>) -> Vec<OutputFile> {
    let mut files = Vec::new();
    for of in fleet.model.traefiks() {
        let folder = format!("hosts/{}", of.proxy.on.entity());
        let (tree, _) = static_options(fleet, of);
        files.push(yaml::write(tree, COMMENT, Style::default()).file(format!("{folder}/{STATIC}")));
        let (tree, _) = dynamic_options(fleet, of);
        files.push(
            yaml::write(tree, COMMENT, Style { template: true })
                .file(format!("{folder}/{DYNAMIC}")),
        );
    }
    files
}

/// The options of one proxy, each with where the user's own would overwrite ours.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    fixed: Merged,
    dynamic: Merged,
}

impl Prepared<'_> {
    /// The options of a proxy: they are put together once, for the checks and for the files.
    fn options_of(&self, of: TraefikProxy<'_>) -> Option<&Options> {
        let one = |of: TraefikProxy<'_>| {
            let options = Options { fixed: fixed(self, of), dynamic: dynamic(self, of) };
            (of.key.to_owned(), options)
        };
        let all = self.traefik.get_or_init(|| self.model.traefiks().map(one).collect());
        all.get(of.key)
    }
}

/// The static options, and where the user's own would overwrite ours.
#[must_use]
pub fn static_options<'p>(fleet: &'p Prepared<'_>, of: TraefikProxy<'_>) -> &'p Merged {
    fleet.options_of(of).map_or(NOTHING, |it| &it.fixed)
}

/// The dynamic options, and where the user's own would overwrite ours.
#[must_use]
pub fn dynamic_options<'p>(fleet: &'p Prepared<'_>, of: TraefikProxy<'_>) -> &'p Merged {
    fleet.options_of(of).map_or(NOTHING, |it| &it.dynamic)
}

fn fixed(fleet: &Prepared<'_>, of: TraefikProxy<'_>) -> Merged {
    // Secrets have no place in the static file; a check refuses them.
    let seal = |_: &_, _| TreePiece::Text(String::new());
    let path = |path: &_| fleet.secret_path(path);
    let secrets = dynamic::Secrets { seal: &seal, path: &path };
    let (mut tree, mut clashes) = options::tree(fleet, of, &secrets);
    if let Some(data) = &of.options.r#static {
        clashes.extend(merge(&mut tree, Tree::data(data, &seal)));
        // What the user says of it is not told as a clash.
        let same = options::unnamed_points(&tree);
        fill(&mut tree, same);
    }
    (tree, clashes)
}

/// The dynamic options that follow from the model, without the user's own.
pub(crate) fn own_dynamic(fleet: &Prepared<'_>, of: TraefikProxy<'_>) -> Tree {
    let seal = |_: &_, _| TreePiece::Text(String::new());
    let path = |path: &_| fleet.secret_path(path);
    dynamic::tree(fleet, of, &dynamic::Secrets { seal: &seal, path: &path })
}

fn dynamic(fleet: &Prepared<'_>, of: TraefikProxy<'_>) -> Merged {
    let variables = fleet.secret_variables();
    let seal = |path: &_, part| secrets::hole(variables, path, part);
    let path = |path: &_| fleet.secret_path(path);
    let secrets = dynamic::Secrets { seal: &seal, path: &path };
    let mut tree = dynamic::tree(fleet, of, &secrets);
    let clashes = match &of.options.dynamic {
        Some(data) => merge(&mut tree, Tree::data(data, &seal)),
        None => Vec::new(),
    };
    (tree, clashes)
}
