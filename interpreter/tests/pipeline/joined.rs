//! Names that are joined: whatever they are, no two things of the output have one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use qg_targets::render;

use super::{BASE, fleet};

/// Keys that make one name when they are joined by `-`, or when what is not harmless becomes one.
const PARTS: &[(&str, &str)] =
    &[("app", "admin-web"), ("app-admin", "web"), ("backend", "web"), ("app-2", "web-2")];

/// A fleet in which everything that has a key of two parts, or beside a key of the compiler's own, meets another one.
fn colliding() -> String {
    let mut all = String::from(
        r#"
people p1 { group = "app" }
secret a { key = "app", file = ./secrets.yaml }
secret b { key = "app-for-users", file = ./secrets.yaml }
secret a-b { key = "x/y", file = ./secrets.yaml, path = /run/secrets/1 }
secret a_b { key = "x/y", file = ./secrets.yaml, path = /run/secrets/2 }
user alice { on = [host.Server], uid = 1000, kind = login { password = secret.a } }
user bob { on = [host.Server], uid = 1001, kind = login { password = secret.b } }
service reads { on = host.Server, reads = [secret.a, secret.b, secret.a-b, secret.a_b] }
middleware lan { does = headers { customRequestHeaders.X = "${secret.a-b}${secret.a_b}" } }
middleware login-login { does = headers { customResponseHeaders.X = "x" } }
middleware login-login-2 { does = headers { customResponseHeaders.X = "x" } }
tls_options private { minVersion = VersionTLS13 }
tls_options x { minVersion = VersionTLS13 }
tls_options x-private { minVersion = VersionTLS12 }
transport web { does = http { maxIdleConnsPerHost = 7 } }
backend web { does = loadBalancer { servers = [{ to = service.sonarr.ports.web }] } }
backend app-admin-web { does = loadBalancer { servers = [{ to = service.sonarr.ports.web }] } }
script web { text = "true" }
script web-sh { text = "true" }
"#,
    );
    for (index, (service, name)) in PARTS.iter().enumerate() {
        let port = 9000 + index * 10;
        let _ = write!(
            all,
            r#"
service {service} {{
  on = host.Server
  ports.web = {port}
  container {{ image = "docker.io/x/x:1", env.TOKEN = "${{secret.a-b}}" }}
  route {name} {{ host = "r{index}-a", to = ports.web, expose = public, use = [middleware.lan, middleware.login-login, middleware.login-login-2], tls = tls_options.x-private, login = sso {{ allow = [people.p1] }} }}
  route {name}-2 {{ host = "r{index}-b", to = backend.web, tls = tls_options.x }}
  route other {{ host = "r{index}-c", to = backend.app-admin-web, expose = lan }}
  unit.before_start = [script.web, script.web-sh]
  oidc {{ client_id = "{service}", secret = secret.s, allow = [people.p1], redirects = ["https://x.example.org"], id_token_claims = ["email"] }}
  file "/etc/{service}/{name}" {{ text = "${{secret.a_b}}" }}
}}
"#
        );
    }
    all
}

#[test]
fn no_two_things_of_the_output_have_one_name() {
    let more = colliding();
    let build = fleet(&more);
    let words: Vec<&str> = build.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(words, Vec::<&str>::new(), "{}", format!("{BASE}{more}").len());
    let fleet = build.fleet.unwrap();
    let files = render(&fleet);
    let mut paths = BTreeSet::new();
    let mut yaml = 0;
    for file in &files {
        assert!(paths.insert(file.path.clone()), "{} is there twice", file.path);
        if file.path.ends_with(".yml") {
            // The reader refuses a key that is there twice.
            let read: Result<serde_yaml_ng::Value, _> = serde_yaml_ng::from_str(&file.text);
            assert!(read.is_ok(), "{}: {read:?}", file.path);
            yaml += 1;
        }
        if file.path.ends_with(".nix") {
            assert_eq!(twice(&file.text), Vec::<String>::new(), "{}", file.path);
        }
    }
    assert_eq!(yaml, 3, "static, dynamic, configuration");
    let dynamic = files.iter().find(|it| it.path.ends_with("dynamic.yml")).unwrap();
    let read: serde_yaml_ng::Value = serde_yaml_ng::from_str(&dynamic.text).unwrap();
    let routers = read["http"]["routers"].as_mapping().unwrap();
    // Two of the base, three of each service: none is lost.
    assert_eq!(routers.len(), 2 + 3 * PARTS.len());
    // Each router leads to a service that is there, and by names that say different things.
    let services = read["http"]["services"].as_mapping().unwrap();
    for (name, router) in routers {
        assert!(services.contains_key(&router["service"]), "{name:?} leads nowhere");
    }
    let rules: BTreeSet<String> =
        routers.iter().map(|(_, it)| it["rule"].as_str().unwrap().to_owned()).collect();
    assert_eq!(rules.len(), routers.len());
    let nix = files.iter().find(|it| it.path == "hosts/Server/default.nix").unwrap();
    for name in ["app-for-users", "app-for-users-2", "app-for-users-for-users"] {
        assert!(nix.text.contains(name), "{name}");
    }
}

/// Attributes that one set of a Nix file says twice. The printer gives each a line of its own.
fn twice(text: &str) -> Vec<String> {
    let mut sets: Vec<BTreeMap<String, usize>> = vec![BTreeMap::new()];
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('}') || line.starts_with(']') {
            sets.pop();
        }
        if let Some((key, _)) = line.split_once(" = ")
            && let Some(set) = sets.last_mut()
            && let Some(first) = set.insert(key.to_owned(), number)
        {
            found.push(format!("{key} in the lines {first} and {number}"));
        }
        if line.ends_with('{') || line.ends_with('[') {
            sets.push(BTreeMap::new());
        }
    }
    found
}

#[test]
fn what_is_said_twice_is_seen() {
    assert_eq!(twice("{\n  a = {\n    b = 1;\n  };\n  c = 2;\n}").len(), 0);
    assert_eq!(twice("{\n  a = {\n    b = 1;\n    b = 2;\n  };\n}").len(), 1);
}
