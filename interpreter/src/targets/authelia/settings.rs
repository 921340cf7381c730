//! Everything but access and clients: server, directory, sessions, storage, mail.

use crate::fleet::Fleet;
use crate::fleet::leaf::{At, OriginId, RefOr};
use crate::fleet::portal::{Authelia, Portal};
use crate::fleet::ways::authority;
use crate::formats::{Entries, Node, Tree};
use crate::targets::go;

pub(super) fn general(root: &mut Entries, fleet: &Fleet, portal: &At<Portal>) {
    let authelia = portal.authelia();
    let by = portal.engine.origin;
    root.put("theme", text(&authelia.theme));
    root.put("log", one("level", Tree::text("info", by), by));
    if let Some(address) = server_address(fleet, portal) {
        root.put("server", one("address", address, by));
    }
    let domain = &fleet.model.fleet.domain;
    root.put("totp", one("issuer", text(domain), by));
    let mut webauthn = Entries::new();
    webauthn.put("display_name", text(domain));
    let passkeys = &authelia.passkeys;
    webauthn.put("enable_passkey_login", Tree::bool(passkeys.value, passkeys.origin));
    root.put("webauthn", webauthn.tree(by));
    root.put("authentication_backend", one("ldap", ldap(fleet, portal), by));
}

/// Where it listens: what its own route leads to.
fn server_address(fleet: &Fleet, portal: &Portal) -> Option<Tree> {
    let way = fleet.model.way(&portal.route)?;
    let RefOr::Ref(path) = &way.route.to.value else { return None };
    let port = fleet.model.service.get(path.entity())?.ports.get(path.last())?;
    let address = format!("tcp://{}/", authority(&port.address, Some(port.inside.number)));
    Some(Tree::new(
        Node::Text(address),
        &[way.route.to.origin, port.inside.origin, port.address.origin],
    ))
}

fn ldap(fleet: &Fleet, portal: &At<Portal>) -> Tree {
    let directory = &portal.authelia().directory;
    let by = directory.origin;
    let mut ldap = Entries::new();
    ldap.put("implementation", Tree::text("lldap", by));
    let host = fleet.model.host_of(&portal.service).unwrap_or("");
    // A directory that cannot be reached is refused by a check.
    if let Ok(server) = fleet.model.reach(host, &directory.ldap) {
        let mut origins = vec![directory.ldap.origin];
        origins.extend_from_slice(&server.origins);
        let address = format!("ldap://{}", server.authority());
        ldap.put("address", Tree::new(Node::Text(address), &origins));
    }
    ldap.put("base_dn", text(&directory.base_dn));
    let user =
        format!("uid={},ou=people,{}", dn_escape(&directory.bind_user), directory.base_dn.value);
    let origins = [directory.bind_user.origin, directory.base_dn.origin];
    ldap.put("user", Tree::new(Node::Text(user), &origins));
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

pub(super) fn session(root: &mut Entries, fleet: &Fleet, portal: &At<Portal>) {
    let authelia = portal.authelia();
    let times = &authelia.session;
    let mut session = Entries::new();
    session.put("expiration", duration(&times.expiration));
    session.put("inactivity", duration(&times.inactivity));
    session.put("remember_me", duration(&times.remember_me));

    let domain = &fleet.model.fleet.domain;
    let mut cookie = Entries::new();
    // A capital in it, and Authelia would know no request.
    cookie.put("domain", text(&domain.map(|domain| domain.to_lowercase())));
    let url = fleet.model.way(&portal.route).map(|way| way.route.url.clone()).unwrap_or_default();
    cookie.put("authelia_url", text(&url));
    let home = match &authelia.home {
        Some(home) => home.clone(),
        None => domain.map(|domain| format!("https://{domain}")),
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
    root.put("regulation", regulation.tree(limits.origin));
}

pub(super) fn storage(root: &mut Entries, authelia: &Authelia, by: OriginId) {
    let folder = |file: &str| {
        let path = format!("{}/{file}", authelia.data.trim_end_matches('/'));
        Tree::text(path, authelia.data.origin)
    };
    root.put("storage", one("local", one("path", folder("db.sqlite3"), by), by));
    let notifier = match &authelia.mail {
        Some(mail) => {
            let mut smtp = Entries::new();
            smtp.put("address", text(&mail.address));
            smtp.put("username", text(&mail.username));
            smtp.put("sender", text(&mail.sender));
            one("smtp", smtp.tree(mail.origin), mail.origin)
        }
        None => one("filesystem", one("filename", folder("notification.txt"), by), by),
    };
    root.put("notifier", notifier);
}

pub(super) fn text(value: &At<String>) -> Tree {
    Tree::text(value.value.clone(), value.origin)
}

/// As Authelia writes it: `30d`, `1h30m`.
pub(super) fn duration(value: &At<i64>) -> Tree {
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
