//! Everything but access and clients: server, directory, sessions, storage, mail.

use qg_fleet::choice::Options;
use qg_fleet::leaf::{At, Millis, OriginId, RefOr};
use qg_fleet::portal::{AutheliaPortal, Portal};
use qg_fleet::ways::{Backend, authority};
use qg_formats::{Entries, Tree, TreeNode};
use qg_lang::url::Url;

use super::fields::entries;
use crate::{Prepared, go};

pub(super) fn general(root: &mut Entries, fleet: &Prepared<'_>, of: AutheliaPortal<'_>) {
    let AutheliaPortal { portal, options: authelia, .. } = of;
    let by = portal.engine.origin;
    root.put("theme", text(&authelia.theme));
    if let Some(method) = &authelia.default_2fa_method {
        root.put("default_2fa_method", Tree::text(method.word(), method.origin));
    }
    let mut log = entries("Log", &authelia.log, &[]);
    if log.is_empty() {
        log.put("level", Tree::text("info", by));
    }
    root.put("log", log.tree(by));
    let mut server = Entries::new();
    if let Some(address) = server_address(fleet, portal) {
        server.put("address", address);
    }
    server.extend(entries("Server", &authelia.server, &[]));
    root.put_some("server", Some(server.tree(by)));
    let domain = &fleet.model.fleet.domain;
    let mut totp = Entries::new();
    if !authelia.totp.contains_key("issuer") {
        totp.put("issuer", text(domain));
    }
    totp.extend(entries("TOTP", &authelia.totp, &[]));
    root.put("totp", totp.tree(by));
    let mut webauthn = Entries::new();
    if !authelia.webauthn.contains_key("display_name") {
        webauthn.put("display_name", text(domain));
    }
    let passkeys = &authelia.passkeys;
    webauthn.put("enable_passkey_login", Tree::bool(passkeys.value, passkeys.origin));
    webauthn.extend(entries("WebAuthn", &authelia.webauthn, &[]));
    root.put("webauthn", webauthn.tree(by));
    if let Some(duo) = &authelia.duo {
        let duo_entries = entries("DuoAPI", duo, &["integration_key", "secret_key"]);
        root.put("duo_api", duo_entries.tree(duo.origin));
    }
    for (key, kind, options) in [
        ("password_policy", "PasswordPolicy", authelia.password_policy.as_ref()),
        ("privacy_policy", "PrivacyPolicy", authelia.privacy_policy.as_ref()),
        ("ntp", "NTP", authelia.ntp.as_ref()),
        ("telemetry", "Telemetry", authelia.telemetry.as_ref()),
        ("identity_validation", "IdentityValidation", Some(&authelia.identity_validation)),
    ] {
        if let Some(options) = options {
            root.put_some(key, Some(entries(kind, options, &[]).tree(options.origin)));
        }
    }
    let mut backend = Entries::new();
    let directory = &authelia.directory;
    for (key, allowed) in [
        ("password_reset", directory.password_reset),
        ("password_change", directory.password_change),
    ] {
        // It is switched off, never on: that is how it comes.
        if !allowed.value && allowed.origin != OriginId(0) {
            let off = Tree::bool(true, allowed.origin);
            backend.put(key, one("disable", off, allowed.origin));
        }
    }
    if let Some(interval) = &directory.refresh_interval {
        backend.put("refresh_interval", duration(interval));
    }
    backend.put("ldap", ldap(fleet, of));
    root.put("authentication_backend", backend.tree(by));
}

/// Where it listens: what its own route leads to.
fn server_address(fleet: &Prepared<'_>, portal: &Portal) -> Option<Tree> {
    let way = fleet.model.way(&portal.route)?;
    let RefOr::Ref(path) = &way.route.to.value else { return None };
    let port = fleet.model.service.get(path.entity())?.ports.get(path.last())?;
    let address = format!("tcp://{}/", authority(&port.address, Some(port.inside.number)));
    Some(Tree::new(
        TreeNode::Text(address),
        &[way.route.to.origin, port.inside.origin, port.address.origin],
    ))
}

fn ldap(fleet: &Prepared<'_>, of: AutheliaPortal<'_>) -> Tree {
    let AutheliaPortal { portal, options: authelia, .. } = of;
    let directory = &authelia.directory;
    let by = directory.origin;
    let mut ldap = Entries::new();
    ldap.put("implementation", Tree::text("lldap", by));
    let host = fleet.model.host_of(&portal.service).unwrap_or("");
    // A directory that cannot be reached is refused by a check.
    if let Ok(server) = fleet.model.reach(host, &directory.ldap) {
        let mut origins = vec![directory.ldap.origin];
        origins.extend_from_slice(&server.origins);
        let address = format!("ldap://{}", server.authority());
        ldap.put("address", Tree::new(TreeNode::Text(address), &origins));
    }
    ldap.put("base_dn", text(&directory.base_dn));
    let user =
        format!("uid={},ou=people,{}", dn_escape(&directory.bind_user), directory.base_dn.value);
    let origins = [directory.bind_user.origin, directory.base_dn.origin];
    ldap.put("user", Tree::new(TreeNode::Text(user), &origins));
    if let Some(timeout) = &directory.timeout {
        ldap.put("timeout", duration(timeout));
    }
    if let Some(pooling) = &directory.pooling {
        let pooling_entries = entries("AuthenticationBackendLDAPPooling", pooling, &[]);
        ldap.put_some("pooling", Some(pooling_entries.tree(pooling.origin)));
    }
    ldap.tree(by)
}

/// A value inside a distinguished name (RFC 4514).
fn dn_escape(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut all = String::new();
    for (index, c) in value.chars().enumerate() {
        let end = index == 0 || index == last;
        if ",+\"\\<>;=".contains(c) || (c == ' ' && end) || (c == '#' && index == 0) {
            all.push('\\');
        }
        all.push(c);
    }
    all
}

pub(super) fn session(root: &mut Entries, fleet: &Prepared<'_>, of: AutheliaPortal<'_>) {
    let AutheliaPortal { portal, options: authelia, .. } = of;
    let times = &authelia.session;
    let mut session = Entries::new();
    session.put("expiration", duration(&times.expiration));
    session.put("inactivity", duration(&times.inactivity));
    session.put("remember_me", duration(&times.remember_me));
    if let Some(name) = &times.cookie_name {
        session.put("name", text(name));
    }
    if let Some(same_site) = &times.same_site {
        session.put("same_site", Tree::text(same_site.word(), same_site.origin));
    }
    if let Some(redis) = &times.redis {
        let mut server = Entries::new();
        if let Some((found, by)) = reached(fleet, portal, redis) {
            server.put("host", Tree::new(TreeNode::Text(found.address.clone()), &by));
            if let Some(port) = found.port {
                server.put("port", Tree::new(TreeNode::Int(port.into()), &by));
            }
        }
        server.extend(entries("SessionRedis", redis, &["password"]));
        session.put("redis", server.tree(redis.origin));
    }

    let domain = &fleet.model.fleet.domain;
    let mut cookie = Entries::new();
    // A capital in it, and Authelia would know no request.
    cookie.put("domain", text(&domain.map(|domain| domain.to_lowercase())));
    let url = fleet.model.way(&portal.route).map(|way| way.route.url.map(|url| small_host(url)));
    let url = url.unwrap_or_default();
    cookie.put("authelia_url", text(&url));
    let home = match &authelia.home {
        Some(home) => home.map(|home| small_host(home)),
        None => domain.map(|domain| small_host(&format!("https://{domain}"))),
    };
    // Authelia refuses a page that leads back to itself.
    if home.trim_end_matches('/') != url.trim_end_matches('/') {
        cookie.put("default_redirection_url", text(&home));
    }
    let cookies = vec![cookie.tree(portal.route.origin)];
    session.put("cookies", Tree::list(cookies, portal.route.origin));
    root.put("session", session.tree(times.origin));

    let limits = &authelia.regulation;
    let mut regulation = Entries::new();
    let retries = &limits.max_retries;
    regulation.put("max_retries", Tree::int(retries.value, retries.origin));
    regulation.put("find_time", duration(&limits.find_time));
    regulation.put("ban_time", duration(&limits.ban_time));
    let modes = limits.modes.iter().map(|it| Tree::text(it.word(), it.origin));
    regulation.put_some("modes", Some(Tree::list(modes.collect(), limits.modes.origin)));
    root.put("regulation", regulation.tree(limits.origin));
}

/// A URL with the letters of its host as Authelia compares them with the cookie's domain: small.
fn small_host(url: &str) -> String {
    match Url::of_server(url) {
        Some(page) => {
            let at = authority(&page.host().to_lowercase(), page.port());
            format!("{}://{at}{}", page.scheme(), page.rest())
        }
        None => url.to_owned(),
    }
}

/// The server that a record names in `server`, as the portal's host reaches it; a check refuses others.
fn reached(
    fleet: &Prepared<'_>,
    portal: &Portal,
    options: &Options,
) -> Option<(Backend, Vec<OriginId>)> {
    let server = options.get("server")?;
    let host = fleet.model.host_of(&portal.service)?;
    let found = fleet.model.reach(host, server.reference()?).ok()?;
    let mut by = vec![server.origin];
    by.extend_from_slice(&found.origins);
    Some((found, by))
}

pub(super) fn storage(root: &mut Entries, fleet: &Prepared<'_>, of: AutheliaPortal<'_>) {
    let AutheliaPortal { portal, options: authelia, .. } = of;
    let by = portal.engine.origin;
    let folder = |file: &str| {
        let path = format!("{}/{file}", authelia.data.trim_end_matches('/'));
        Tree::text(path, authelia.data.origin)
    };
    let database = &authelia.database;
    let storage = match database.kind.as_str() {
        kind @ ("postgres" | "mysql") => {
            let section = if kind == "mysql" { "StorageMySQL" } else { "StoragePostgreSQL" };
            let mut server = Entries::new();
            if let Some((found, by)) = reached(fleet, portal, &database.options) {
                let address = format!("tcp://{}", found.authority());
                server.put("address", Tree::new(TreeNode::Text(address), &by));
            }
            server.extend(entries(section, &database.options, &["password"]));
            one(kind, server.tree(database.origin), database.origin)
        }
        _ => {
            let file = database.get("file");
            let mut path = folder(file.and_then(|it| it.text()).unwrap_or("db.sqlite3"));
            path.origins.extend(file.map(|it| it.origin));
            one("local", one("path", path, by), by)
        }
    };
    root.put("storage", storage);
    let notifier = match &authelia.mail {
        Some(mail) => {
            let mut smtp = Entries::new();
            smtp.put("address", text(&mail.address));
            smtp.put("username", text(&mail.username));
            smtp.put("sender", text(&mail.sender));
            for (key, said) in [
                ("subject", &mail.subject),
                ("identifier", &mail.identifier),
                ("startup_check_address", &mail.startup_check_address),
            ] {
                smtp.put_some(key, said.as_ref().map(text));
            }
            smtp.put_some("timeout", mail.timeout.as_ref().map(duration));
            for (key, said) in [
                ("disable_require_tls", &mail.disable_require_tls),
                ("disable_starttls", &mail.disable_starttls),
                ("disable_html_emails", &mail.disable_html_emails),
            ] {
                smtp.put_some(key, said.as_ref().map(|it| Tree::bool(it.value, it.origin)));
            }
            let mut notifier = Entries::new();
            let check = mail.disable_startup_check.as_ref();
            let check = check.map(|it| Tree::bool(it.value, it.origin));
            notifier.put_some("disable_startup_check", check);
            notifier.put("smtp", smtp.tree(mail.origin));
            notifier.tree(mail.origin)
        }
        None => one("filesystem", one("filename", folder("notification.txt"), by), by),
    };
    root.put("notifier", notifier);
}

pub(super) fn text(value: &At<String>) -> Tree {
    Tree::text(value.value.clone(), value.origin)
}

/// As Authelia writes it: `30d`, `1h30m`.
pub(super) fn duration(value: &At<Millis>) -> Tree {
    let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
    Tree::text(go::units(value.value, &units, ""), value.origin)
}

/// A map with one entry.
pub(super) fn one(key: &str, tree: Tree, by: OriginId) -> Tree {
    let mut entries = Entries::new();
    entries.put(key, tree);
    entries.tree(by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_directory() {
        assert_eq!(dn_escape("auth"), "auth");
        assert_eq!(dn_escape("#a, b "), "\\#a\\, b\\ ");
    }
}
