//! The whole way over fleets written in QG: what is found, what is not, and what is made.
#![allow(clippy::unwrap_used)]

mod access;
mod authelia;
#[path = "../../../tests/src/authelia.rs"]
#[allow(dead_code, unreachable_pub)] // the tests of other crates use it too
mod authelia_schema;
mod files;
mod joined;
mod nix;
mod nixos;
mod plain;
mod proxies;
#[path = "../../../tests/src/release.rs"]
#[allow(dead_code, unreachable_pub)] // the tests of other crates use it too
mod release;
mod routes;
mod secrets;
#[path = "../../../tests/src/sops.rs"]
#[allow(dead_code, unreachable_pub)] // the tests of other crates use it too
mod sops_files;
mod strings;
mod traefik;

use std::sync::Arc;

use qg_interpreter::Build;
use qg_lang::world::MemoryWorld;

use crate::sops_files::holding;

/// A whole, correct fleet to change.
pub(crate) const BASE: &str = r#"
fleet { domain = "example.org", state = /srv }
host Server { system = x86_64_linux, state_version = "25.05", address = 192.168.0.28 }
host pi { system = aarch64_linux, state_version = "25.05", address = 192.168.0.30 }
secret client_ca { key = "ca", file = ./secrets.yaml }
secret arr { key = "arr", file = ./secrets.yaml }
secret s { key = "s", file = ./secrets.yaml }
people admin { }
proxy edge {
  on = host.Server
  engine = traefik {
    acme = { email = "admin@${fleet.domain}" }
    client_ca = secret.client_ca
    plugins.geo = { module = "github.com/x/geo", version = "v1" }
    static = { entryPoints.websecure.transport.respondingTimeouts.readTimeout = 0s }
    dynamic = { http.serversTransports.x.insecureSkipVerify = true }
  }
  use = [middleware.no_index]
}
middleware no_index { does = headers { customResponseHeaders."X-Robots-Tag" = "none" } }
middleware inject { does = headers { customRequestHeaders.Authorization = "Basic ${secret.arr}" } }
portal login {
  service = service.authelia
  route = service.authelia.route.web
  engine = authelia {
    instance = "main"
    directory = { ldap = service.lldap.ports.ldap, base_dn = "dc=example,dc=org", bind_user = "authelia", bind_password = secret.s }
    jwt_secret = secret.s
    session_secret = secret.s
    storage_key = secret.s
    oidc = { hmac_secret = secret.s, private_key = secret.s }
  }
}
service authelia {
  on = host.Server
  ports.web = 9091
  route web { host = "auth", to = ports.web, expose = public }
}
service lldap { on = host.Server, ports.ldap = 3890 }
service sonarr {
  on = host.Server
  ports.web = 8989
  route web { host = name, to = ports.web, login = sso { allow = [people.admin] }, use = [middleware.inject] }
}
"#;

/// A world, built, without what is warned of in whole fleets.
pub(crate) fn build(world: &MemoryWorld) -> Build {
    let mut world = world.clone();
    release::leave_out(&mut world);
    qg_interpreter::build(&world)
}

pub(crate) fn fleet(more: &str) -> Build {
    let mut world = MemoryWorld::default();
    world.sources.insert(Arc::from("fleet.qg"), Arc::from(format!("{BASE}{more}")));
    let secrets = holding(&format!("{BASE}{more}"));
    world.files.insert(Arc::from("secrets.yaml"), Arc::from(secrets.as_bytes()));
    build(&world)
}

/// Each finding as `CODE place: message`, the place being the text there.
pub(crate) fn findings(more: &str) -> Vec<String> {
    let build = fleet(more);
    let text = format!("{BASE}{more}");
    build
        .diagnostics
        .iter()
        .map(|finding| {
            let place = text.get(finding.primary.span.range()).unwrap_or("?");
            let place = place.lines().next().unwrap_or("");
            format!("{} {place}: {}", finding.code.id, finding.message)
        })
        .collect()
}

/// The one finding of a fleet.
#[track_caller]
pub(crate) fn one(more: &str, code: &str, place: &str, message: &str) {
    let found = findings(more);
    let [finding] = found.as_slice() else { panic!("one finding: {found:#?}") };
    assert!(finding.starts_with(&format!("{code} ")), "{finding}");
    assert!(finding.contains(place) && finding.contains(message), "{finding}");
}

#[track_caller]
pub(crate) fn none(more: &str) {
    assert_eq!(findings(more), Vec::<String>::new());
}

#[test]
fn the_base_is_right_and_renders() {
    let build = fleet("");
    assert_eq!(build.diagnostics, []);
    let fleet = build.fleet.unwrap();
    let files = qg_targets::render(&fleet);
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert!(paths.contains(&"hosts/Server/traefik/dynamic.yml"), "{paths:?}");
    assert!(paths.contains(&"hosts/Server/authelia/configuration.yml"), "{paths:?}");
    for file in files.iter().filter(|file| file.path.ends_with(".yml")) {
        let _: serde_yaml_ng::Value = serde_yaml_ng::from_str(&file.text).unwrap();
        // Every line but the comment and the braces says where it comes from.
        let silent: Vec<&str> = file
            .text
            .lines()
            .zip(&file.lines)
            .filter(|(line, origins)| origins.is_empty() && !line.starts_with('#'))
            .map(|(line, _)| line)
            .collect();
        assert_eq!(silent, Vec::<&str>::new(), "{}", file.path);
    }
}
