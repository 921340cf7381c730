//! The whole configuration: where Caddy listens, whose certificates it has, what it writes down.

use qg_fleet::leaf::OriginId;
use qg_fleet::proxy::{Caddy, CaddyIssuer, CaddyProxy};
use qg_formats::{Entries, Tree, TreeNode};

use super::routes::routes;
use crate::Prepared;

/// What begins a placeholder (`{env.HOME}`), which Caddy replaces in what it is told.
pub(crate) const PLACEHOLDER: char = '{';

/// The ports at which an authority asks whether a name is ours (RFC 8555, 8.3; RFC 8737, 3).
const ACME_HTTP: u16 = 80;
const ACME_TLS: u16 = 443;

/// Paths that a program may take for others than Caddy does, which compares what is left after it has tidied a path
/// and sends on what the client sent: encoded characters (0, `#`, `%`, `.`, `/`, `;`, `?`, `\`), `//`, `.` and `..`.
pub(super) const DANGEROUS: &str = r"^[^?]*(%(?i:00|23|25|2e|2f|3b|3f|5c)|//|\\|/\.{1,2}(/|\?|$))";

/// A map of some entries.
pub(super) fn map<const N: usize>(entries: [(&str, Tree); N], by: OriginId) -> Tree {
    let mut all = Entries::new();
    for (key, tree) in entries {
        all.put(key, tree);
    }
    all.tree(by)
}

pub(super) fn tree(fleet: &Prepared<'_>, of: CaddyProxy<'_>) -> Tree {
    let (caddy, by) = (of.options, of.proxy.engine.origin);
    let mut root = Entries::new();
    // Its API would let every account of the host change what it does.
    let persist = map([("persist", Tree::bool(false, by))], by);
    root.put("admin", map([("disabled", Tree::bool(true, by)), ("config", persist)], by));
    root.put("logging", logging(caddy, by));
    let data = &caddy.data;
    let storage = [
        ("module", Tree::text("file_system", by)),
        ("root", Tree::text(data.value.clone(), data.origin)),
    ];
    root.put("storage", map(storage, data.origin));
    let mut apps = Entries::new();
    let http = [
        ("http_port", Tree::int(caddy.http.number.into(), caddy.http.origin)),
        ("servers", map([("https", server(fleet, of))], by)),
    ];
    apps.put("http", map(http, by));
    let policy = map([("issuers", Tree::list(vec![issuer(caddy)], caddy.issuer.origin))], by);
    let policies = Tree::list(vec![policy], caddy.issuer.origin);
    apps.put("tls", map([("automation", map([("policies", policies)], by))], by));
    if let CaddyIssuer::Internal = &caddy.issuer.value {
        // It would ask for root, to be trusted by its own host.
        let local = map([("install_trust", Tree::bool(false, by))], by);
        let authorities = map([("local", local)], by);
        apps.put("pki", map([("certificate_authorities", authorities)], caddy.issuer.origin));
    }
    root.put("apps", apps.tree(by));
    root.tree(of.proxy.origin)
}

/// Requests have a log of their own, or a higher `log` would silence them.
fn logging(caddy: &Caddy, by: OriginId) -> Tree {
    const REQUESTS: &str = "http.log.access";
    let (level, access) = (&caddy.log, &caddy.access_log);
    let list = || Tree::list(vec![Tree::text(REQUESTS, access.origin)], access.origin);
    let mut own = Entries::new();
    own.put("level", Tree::text(level.word().to_uppercase(), level.origin));
    let mut logs = Entries::new();
    if access.value {
        own.put("exclude", list());
        let requests = [("level", Tree::text("INFO", access.origin)), ("include", list())];
        logs.put("requests", map(requests, access.origin));
    }
    logs.put("default", own.tree(level.origin));
    map([("logs", logs.tree(by))], by)
}

fn server(fleet: &Prepared<'_>, of: CaddyProxy<'_>) -> Tree {
    let (caddy, by) = (of.options, of.proxy.engine.origin);
    let https = &caddy.https;
    let mut server = Entries::new();
    let listen = Tree::text(format!(":{}", https.value), https.origin);
    server.put("listen", Tree::list(vec![listen], https.origin));
    let private = fleet.model.private_names(of.key);
    let mut policies = Vec::new();
    if let Some(ca) = caddy.client_ca.as_ref().filter(|_| !private.is_empty()) {
        let names = private.iter().map(|(name, by)| Tree::text(name.clone(), *by)).collect();
        let secret = fleet.model.secret.get(ca.entity()).map(|it| it.path.origin);
        let file: Vec<OriginId> = std::iter::once(ca.origin).chain(secret).collect();
        let file = Tree::new(TreeNode::Text(fleet.secret_path(ca)), &file);
        // Newer words for it (`ca`, 2.8) are unknown to the Caddy of Debian, 2.6; 2.10 takes both.
        let asked = [
            ("trusted_ca_certs_pem_files", Tree::list(vec![file], ca.origin)),
            ("mode", Tree::text("require_and_verify", ca.origin)),
        ];
        let policy = [
            ("match", map([("sni", Tree::list(names, ca.origin))], ca.origin)),
            ("client_authentication", map(asked, ca.origin)),
        ];
        policies.push(map(policy, ca.origin));
        // Or a name without certificates would be a way to one that asks for them.
        server.put("strict_sni_host", Tree::bool(true, ca.origin));
    }
    policies.push(Entries::new().tree(by));
    server.put("tls_connection_policies", Tree::list(policies, by));
    server.put("routes", routes(fleet, of));
    if caddy.access_log.value {
        let origin = caddy.access_log.origin;
        server.put("logs", Entries::new().tree(origin));
    }
    server.tree(by)
}

fn issuer(caddy: &Caddy) -> Tree {
    let by = caddy.issuer.origin;
    let mut issuer = Entries::new();
    match &caddy.issuer.value {
        CaddyIssuer::Internal => issuer.put("module", Tree::text("internal", by)),
        CaddyIssuer::Acme(acme) => {
            issuer.put("module", Tree::text("acme", by));
            for (key, said) in [("email", &acme.email), ("ca", &acme.ca)] {
                if let Some(text) = said {
                    issuer.put(key, Tree::text(text.value.clone(), text.origin));
                }
            }
            // What comes in at 80 and 443 is led to where Caddy listens, or nobody would answer.
            let mut challenges = Entries::new();
            for (challenge, asked, port) in
                [("http", ACME_HTTP, &caddy.http), ("tls-alpn", ACME_TLS, &caddy.https)]
            {
                if port.number != asked {
                    let number = Tree::int(port.number.into(), port.origin);
                    challenges.put(challenge, map([("alternate_port", number)], port.origin));
                }
            }
            issuer.put_some("challenges", Some(challenges.tree(by)));
        }
    }
    issuer.tree(by)
}
