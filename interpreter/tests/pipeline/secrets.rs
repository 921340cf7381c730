//! Whatever has a secret in it uses it, on the host where it is: each field of the library that can hold one.

use std::collections::BTreeSet;

use qg_fleet::model::FIELDS;
use qg_fleet::secret_uses::{EARLY, FOUND_ELSEWHERE, SecretUses, USED_ELSEWHERE};
use qg_fleet::{Facts, Fleet};
use qg_targets::Prepared;

use super::fleet;

/// One secret for each field that can hold one, called by the field's number in the list below.
fn whole() -> Fleet {
    let secrets: String = (1..=26)
        .map(|at| {
            // What a variable, or an option for one value, would not take.
            let kind = if [1, 4, 13, 14, 15, 16, 24].contains(&at) { "value" } else { "env" };
            format!("secret n{at} {{ key = \"n{at}\", file = ./secrets.yaml, kind = {kind} }}\n")
        })
        .collect();
    let build = fleet(&format!(
        r#"{secrets}
user deploy {{
  on = [host.pi]
  kind = login {{ password = secret.n1 }}
  home all {{ state_version = "25.05", secrets.token = secret.n25, age.key_file = /home/deploy/key.txt }}
}}
extend host Server {{ podman.version = "5.7", filesystem "/srv/share" {{ from = cifs {{ server = "nas", share = "x", credentials = secret.n2 }} }} }}
script prepare {{ text = "echo \"${{secret.n3}}\"" }}
service box {{
  on = host.Server
  container {{
    image = build.own
    env = {{ TOKEN = "${{secret.n4}}" }}
    env_files = [secret.n5]
    mounts = {{ "/run/key" = secret.n6 }}
  }}
  unit = {{ before_start = [script.prepare] }}
  reads = [secret.n7]
  file "/etc/box.conf" {{ text = "a ${{secret.n8}}" }}
  units own {{ ExecStart = ["true"], env_files = [secret.n25], credentials.token = secret.n26 }}
}}
build own {{ on = host.Server, file = /srv/own/Containerfile, auth_file = secret.n9, secrets = {{ token = secret.n10 }} }}
pulled base {{ on = host.Server, image = "docker.io/library/alpine:3", auth_file = secret.n11 }}
artifact model {{ on = host.Server, artifact = "quay.io/me/model:1", auth_file = secret.n12 }}
vault near {{ on = host.pi, engine = restic {{ path = /srv/near, password = secret.n13 }} }}
vault far {{ on = host.Server, engine = borg {{ repository = "ssh://b@far/x", password = secret.n14, key = secret.n15 }} }}
extend portal login {{
  override engine = authelia {{
    instance = "main"
    directory = {{ ldap = service.lldap.ports.ldap, base_dn = "dc=example,dc=org", bind_user = "authelia", bind_password = secret.s }}
    jwt_secret = secret.s
    session_secret = secret.s
    storage_key = secret.s
    oidc = {{ hmac_secret = secret.s, private_key = secret.s, jwks = [{{ key_id = "a", key = secret.s, certificate_chain = secret.s }}] }}
    mail = {{ address = "submission://smtp.example.org:587", username = "u", password = secret.n16, sender = "l@example.org" }}
    session = {{ redis = {{ server = service.lldap.ports.ldap, password = secret.n17 }} }}
    database = postgres {{ server = service.lldap.ports.ldap, password = secret.n18 }}
    duo = {{ hostname = "api.duo.test", integration_key = secret.n19, secret_key = secret.n20 }}
  }}
}}
extend service sonarr {{
  oidc = {{ client_id = "sonarr", secret = secret.n21, allow = [people.admin], redirects = ["https://sonarr.example.org/x"] }}
}}
proxy small {{ on = host.pi, service = service.caddy, engine = caddy {{ client_ca = secret.n24 }} }}
service caddy {{ on = host.pi, container {{ image = "docker.io/library/caddy:2", network = host }} }}
service shelf {{ on = host.pi, ports.web = 8070, route web {{ host = "shelf", to = ports.web }} }}
extend proxy edge {{
  override engine = traefik {{
    client_ca = secret.client_ca
    acme = {{ email = "admin@${{fleet.domain}}" }}
    resolvers.dns = {{ email = "a@example.org", challenge = dns {{ provider = "cloudflare", credentials = secret.n22 }}, caCertificates = [secret.n23] }}
  }}
}}
"#
    ));
    assert_eq!(build.diagnostics, []);
    build.fleet.unwrap()
}

/// Fields of the library that hold secrets, by their types.
fn holders() -> BTreeSet<(&'static str, &'static str)> {
    let is_secret = |word: &str| word == "secret" || word == "sealed";
    let words = |ty: &'static str| ty.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    let typed = FIELDS.iter().filter(|field| field.typed && words(field.ty).any(is_secret));
    typed.map(|field| field.key()).filter(|key| *key != ("Model", "secret")).collect()
}

#[test]
fn every_field_with_a_secret_is_a_use_on_its_host() {
    let fleet = whole();
    let fleet = Prepared::of(Facts::of(&fleet));
    let said = SecretUses::in_model(&fleet.model);
    let mut seen = BTreeSet::new();
    for it in said.all() {
        seen.insert(it.field.key());
        let host = match it.of {
            ("user" | "vault" | "proxy", "deploy" | "near" | "small") => "pi",
            _ => "Server",
        };
        if it.field.schema == "SessionSecret" {
            let opened = |host: &str| {
                let mut all = fleet.model.opened_in_sessions(host);
                all.any(|opened| opened.said.secret.value == *it.secret)
            };
            assert!(opened("pi") && !opened("Server"));
            assert!(!fleet.secrets_on("pi").contains_key(it.secret.entity()));
            continue;
        }
        let uses = fleet.secrets_on(host).get(it.secret.entity());
        let uses = uses.unwrap_or_else(|| panic!("{it:?} does not reach {host}"));
        assert_eq!(uses.password, it.is_early(), "{it:?}");
        let other = fleet.model.host.keys().find(|other| *other != host).unwrap();
        assert!(!fleet.secrets_on(other).contains_key(it.secret.entity()), "{it:?} is on {other}");
    }
    let missing: Vec<_> = holders().into_iter().filter(|key| !seen.contains(key)).collect();
    assert_eq!(missing, [], "say it in this test's fleet");
}

#[test]
fn the_rows_about_secrets_are_of_fields_that_there_are() {
    let all: BTreeSet<_> = FIELDS.iter().map(|field| field.key()).collect();
    let used = USED_ELSEWHERE.iter().map(|(schema, field, _)| (*schema, *field));
    let kinds = FOUND_ELSEWHERE.iter().map(|(kind, _)| ("Model", *kind));
    for key in used.chain(kinds).chain(EARLY.iter().copied()) {
        assert!(all.contains(&key), "{key:?}");
    }
}

#[test]
fn a_secret_whose_path_stands_in_free_data_is_used_there() {
    let build = fleet(
        r#"
secret late { key = "late", file = ./secrets.yaml }
secret plain { key = "plain", file = ./secrets.yaml }
service box {
  on = host.pi
  container { image = "docker.io/library/alpine:3" }
  unit = { unit = { AssertPathExists = secret.late.path } }
  about = "not ${secret.plain.path}"
}
"#,
    );
    assert_eq!(build.diagnostics, []);
    let fleet = build.fleet.unwrap();
    let fleet = Prepared::of(Facts::of(&fleet));
    assert!(fleet.secrets_on("pi").contains_key("late"));
    assert!(!fleet.secrets_on("Server").contains_key("late"));
    assert!(!fleet.secrets_on("pi").contains_key("plain"));
}
