//! Keys of older versions, which Authelia 4.39 reads by their new names (`internal/configuration/deprecation.go`).

use serde_json::Value;

use super::values::{get, put, take, text_at};

/// An old key and its new one. Where both are said, the new one holds.
pub(super) const RENAMED: &[(&str, &str)] = &[
    ("logs_level", "log.level"),
    ("logs_file", "log.file_path"),
    ("log_level", "log.level"),
    ("log_file_path", "log.file_path"),
    ("log_format", "log.format"),
    ("host", "server.host"),
    ("port", "server.port"),
    ("tls_key", "server.tls.key"),
    ("tls_cert", "server.tls.certificate"),
    ("jwt_secret", "identity_validation.reset_password.jwt_secret"),
    ("server.read_buffer_size", "server.buffers.read"),
    ("server.write_buffer_size", "server.buffers.write"),
    ("server.enable_pprof", "server.endpoints.enable_pprof"),
    ("server.enable_expvars", "server.endpoints.enable_expvars"),
    ("session.remember_me_duration", "session.remember_me"),
    ("storage.postgres.sslmode", "storage.postgres.ssl.mode"),
    ("notifier.smtp.disable_verify_cert", "notifier.smtp.tls.skip_verify"),
    (
        "authentication_backend.disable_reset_password",
        "authentication_backend.password_reset.disable",
    ),
    ("authentication_backend.ldap.url", "authentication_backend.ldap.address"),
    ("authentication_backend.ldap.skip_verify", "authentication_backend.ldap.tls.skip_verify"),
    (
        "authentication_backend.ldap.minimum_tls_version",
        "authentication_backend.ldap.tls.minimum_version",
    ),
    (
        "authentication_backend.ldap.username_attribute",
        "authentication_backend.ldap.attributes.username",
    ),
    ("authentication_backend.ldap.mail_attribute", "authentication_backend.ldap.attributes.mail"),
    (
        "authentication_backend.ldap.display_name_attribute",
        "authentication_backend.ldap.attributes.display_name",
    ),
    (
        "authentication_backend.ldap.group_name_attribute",
        "authentication_backend.ldap.attributes.group_name",
    ),
    (
        "identity_providers.oidc.access_token_lifespan",
        "identity_providers.oidc.lifespans.access_token",
    ),
    (
        "identity_providers.oidc.authorize_code_lifespan",
        "identity_providers.oidc.lifespans.authorize_code",
    ),
    ("identity_providers.oidc.id_token_lifespan", "identity_providers.oidc.lifespans.id_token"),
    (
        "identity_providers.oidc.refresh_token_lifespan",
        "identity_providers.oidc.lifespans.refresh_token",
    ),
];

/// The same for each client of `OpenID` Connect.
const OF_CLIENTS: &[(&str, &str)] = &[
    ("id", "client_id"),
    ("secret", "client_secret"),
    ("description", "client_name"),
    ("sector_identifier", "sector_identifier_uri"),
    ("userinfo_signing_algorithm", "userinfo_signed_response_alg"),
];

/// Keys that became parts of one: where, the scheme that is put before them, and the port where none is said.
const JOINED: &[(&str, &str, u16)] = &[
    ("notifier.smtp", "smtp", 25),
    ("storage.postgres", "tcp", 5432),
    ("storage.mysql", "tcp", 3306),
    ("server", "tcp", 9091),
];

/// Keys that are let go. The second has a new name, which Authelia itself says before it looks for the old one.
const GONE: &[&str] =
    &["authentication_backend.ldap.permit_feature_detection_failure", "webauthn.user_verification"];

/// Puts new keys in place of old ones; what cannot be is said.
pub(super) fn rename(root: &mut Value) -> Vec<String> {
    for old in GONE {
        take(root, old);
    }
    for (old, new) in RENAMED {
        // Put first: a section that was the old key's alone stays one.
        if let Some(value) = get(root, old).filter(|_| get(root, new).is_none()).cloned() {
            put(root, new, value);
        }
        take(root, old);
    }
    let clients =
        root.pointer_mut("/identity_providers/oidc/clients").and_then(Value::as_array_mut);
    for client in clients.into_iter().flatten() {
        for (old, new) in OF_CLIENTS {
            if let Some(value) = take(client, old)
                && client.get(new).is_none()
            {
                put(client, new, value);
            }
        }
    }
    JOINED.iter().filter_map(|(section, scheme, port)| join(root, section, scheme, *port)).collect()
}

/// Makes an address of host, port and path.
fn join(root: &mut Value, section: &str, scheme: &str, standard: u16) -> Option<String> {
    let keys = ["host", "port", "path"].map(|key| format!("{section}.{key}"));
    // Only a server has a path of its own; that of another section is an unknown key.
    let keys: Vec<&String> =
        keys.iter().filter(|it| section == "server" || !it.ends_with(".path")).collect();
    if keys.iter().all(|key| get(root, key).is_none()) {
        return None;
    }
    let address = format!("{section}.address");
    if get(root, &address).is_some() {
        return Some(format!("{address}: said, and also by the old keys"));
    }
    let host = text_at(root, &format!("{section}.host"));
    let port = text_at(root, &format!("{section}.port"));
    let port = match (get(root, &format!("{section}.port")), port.parse::<u16>()) {
        (_, Ok(port)) if port > 0 => port,
        (Some(Value::String(_)), Err(_)) => return Some(format!("{section}.port: no port")),
        _ => standard,
    };
    let database = section.starts_with("storage.");
    if database && host.is_empty() {
        // Authelia puts its own default there whole: `tcp://[localhost:5432]:5432`.
        return Some(format!("{section}.host: it is needed, where an old key stands beside it"));
    }
    let path = match section {
        "server" => {
            let said = text_at(root, "server.path");
            format!("/{}", said.trim_start_matches('/'))
        }
        _ => String::new(),
    };
    let said = match &*host {
        socket if database && socket.starts_with('/') => format!("unix://{socket}"),
        "" if section != "server" => format!("{scheme}://localhost:{port}"),
        six if six.contains(':') => format!("{scheme}://[{six}]:{port}{path}"),
        host => format!("{scheme}://{host}:{port}{path}"),
    };
    put(root, &address, Value::String(said));
    for key in keys {
        take(root, key);
    }
    None
}
