//! One entity of every kind; `@` is the number of the fleet.

pub(crate) const AROUND: &str = r#"
host h@ { system = x86_64_linux, default state_version = "25.05", address = 10.0.0.1, fail2ban { bantime = 1h }, MANAGER }
secret secret@ { key = "secret@", on = [host.h@] }
group group@ { on = [host.h@], gid = 990 }
user user@ { on = [host.h@], uid = 990, group = group.group@ }
middleware middleware@ { does = stripPrefix { prefixes = ["/x"] } }
transport transport@ { does = http { } }
tls_options tls_options@ { }
script script@ { text = "true" }
service w@ { on = host.h@, ports.web = 8080, default logs = journal, PROGRAM
  route web { host = "w@", to = ports.web, expose = public } }
backend spare@ { does = loadBalancer { servers = [service.w@.ports.web] } }
backend backend@ { does = loadBalancer { servers = [service.w@.ports.web] } }
"#;

pub(crate) const PLAIN: &str = r#"
proxy proxy@ { on = host.h@, service = service.t@, engine = traefik { } }
service t@ { on = host.h@, container { image = "docker.io/library/traefik:v3.7", network = host } }
"#;

pub(crate) const NIXOS: &str = r#"
proxy proxy@ { on = host.h@, engine = traefik { } }
vault vault@ { on = host.h@, engine = restic { path = /srv/copies, password = secret.secret@ } }
extend service w@ { backup data { to = vault.vault@, paths = [/srv/w] } }
"#;

pub(crate) const PODMAN: &str = r#"
network network@ { on = host.h@ }
volume volume@ { on = host.h@ }
pod pod@ { on = host.h@ }
pulled pulled@ { on = host.h@, image = "docker.io/x/x:1" }
build build@ { on = host.h@, context = /srv/build }
kube kube@ { on = host.h@, yaml = [/srv/kube.yaml] }
"#;

pub(crate) const PORTAL: &str = r#"
people people@ { }
person person@ { email = "a@hz.example", member_of = [people.people@] }
service auth@ { on = host.h@, ports.web = 9091, route web { host = "auth@", to = ports.web, expose = public } }
service ldap@ { on = host.h@, ports.ldap = 3890 }
portal portal@ { service = service.auth@, route = service.auth@.route.web, engine = authelia {
  instance = "main"
  directory = { ldap = service.ldap@.ports.ldap, base_dn = "dc=hz", bind_user = "x", bind_password = secret.secret@ }
  jwt_secret = secret.secret@
  session_secret = secret.secret@
  storage_key = secret.secret@
  oidc = { hmac_secret = secret.secret@, private_key = secret.secret@ }
} }
extend service w@ { route.web { login = sso { allow = [people.people@, person.person@] } } }
"#;

pub(crate) const CLIENT: &str = r#"extend service w@ { oidc = { client_id = "w", secret = secret.secret@, allow = [people.people@], redirects = ["https://w@.hz.example/x"] } }
"#;

/// A folder that a program may write a log into.
pub(crate) const LOGS: &str = r#"extend host h@ { state "/srv" { owner_name = "ACCOUNT", backup = no { because = "logs" } } }
"#;

/// The same for the proxy that runs in a container.
pub(crate) const LOGS_INSIDE: &str =
    "extend service t@ { container { mounts = { \"/srv\" = /srv } } }\n";

/// The account of the login server that a place of its engine is tried in, and what its unit needs besides.
pub(crate) const CONFINED: (&str, &str) =
    ("authelia-sample", "extend service auth@ { unit { ReadWritePaths = [/srv] } }\n");
