//! Caddy v2: `hosts/H/caddy/caddy.json` of each proxy whose engine it is (caddyserver.com/docs/json).
//!
//! It answers for routes over HTTP that lead to one server. What a route says besides is refused by a check
//! (`checks`), which knows every field of one.

mod checks;
mod config;
mod routes;

use qg_fleet::proxy::{CaddyProxy, ProxyOf};
use qg_formats::json;
use qg_formats::nix::{Nix, NixExpr, Set};

use super::engines::{Engine, File, Needs};
use super::nix::{RULES, rule_path};
use super::{OutputFile, Target};
use crate::Prepared;

pub(crate) use config::PLACEHOLDER;

pub const TARGET: Target = Target { name: "caddy", files: render, checks: &[checks::CHECK] };

/// Where a host has it, besides NixOS. Caddy looks for nothing there by itself: whoever starts it names the file.
pub const PATH: &str = "/etc/caddy/caddy.json";

/// The folder that NixOS makes by itself (`StateDirectory=`, `nixos/modules/services/web-servers/caddy`, 25.05).
const MADE: &str = "/var/lib/caddy";

/// The file in the folder of its host.
const FILE: &str = "caddy/caddy.json";

pub(super) const ENGINE: Engine = Engine {
    name: "caddy",
    files: &[File { from: FILE, to: PATH, always: false }],
    command: &["caddy", "run", "--config", PATH],
    run: "say what does: `service caddy { on = …, container { image = \"docker.io/library/caddy:2\", network = host } }`; another service in `service` of the proxy",
    needs: |fleet, key, proxy| {
        CaddyProxy::of(key, proxy).map_or_else(Needs::default, |of| needs(fleet, of))
    },
    nixos: |fleet, proxy, _, set| {
        let (by, data) = (proxy.origin, proxy.engine.data());
        let mut caddy = Set::new();
        caddy.put("enable", Nix::bool(true, by));
        caddy.put("configFile", Nix::path(FILE, by));
        // Whatever file is said, the module takes it for a Caddyfile if it is not told otherwise.
        caddy.put("adapter", Nix::new(NixExpr::Raw("null".to_owned()), &[by]));
        caddy.put("dataDir", Nix::text(data.value.clone(), data.origin));
        // A reload goes through the API, which is off: the unit starts anew with another file.
        caddy.put("enableReload", Nix::bool(false, by));
        set.put_at(&["services", "caddy"], caddy.nix(by));
        // The module makes no other folder than its own; one that is said is made with it.
        let said = fleet.states_on(proxy.on.entity()).contains_key(data.as_str());
        if data.as_str() != MADE && !said {
            let mut folder = Set::new();
            for (key, text) in [("user", "caddy"), ("group", "caddy"), ("mode", "0700")] {
                folder.put(key, Nix::text(text, data.origin));
            }
            let path = rule_path(data);
            let rule = ["systemd", "tmpfiles", "settings", RULES, &path, "d"];
            set.put_at(&rule, folder.nix(data.origin));
        }
    },
};

fn render(fleet: &Prepared<'_>) -> Vec<OutputFile> {
    let file = |of: CaddyProxy<'_>| {
        let path = format!("hosts/{}/{FILE}", of.proxy.on.entity());
        json::write(&config::tree(fleet, of)).file(path)
    };
    fleet.model.caddies().map(file).collect()
}

/// The authority is read as a file, where a route asks for a client's certificate.
fn needs(fleet: &Prepared<'_>, ProxyOf { key, options, .. }: CaddyProxy<'_>) -> Needs {
    let asked = !fleet.model.private_names(key).is_empty();
    let authority = options.client_ca.iter().filter(|_| asked).map(|it| it.value.clone());
    Needs { files: authority.collect(), ..Needs::default() }
}
