//! Secrets that Authelia reads: files named by variables, and files read by its template filter.

use qg_fleet::Model;
use qg_fleet::leaf::{At, EntityPath};
use qg_fleet::portal::AutheliaPortal;
use qg_fleet::url::UrlPart;
use qg_formats::TreePiece;

use crate::Prepared;
use crate::engines::LoginNeeds;
use crate::go::template_literal;
use crate::traefik::data_secrets;

/// Where a secret lies on its host.
fn path(model: &Model, secret: &EntityPath) -> String {
    let found = model.secret.get(secret.entity());
    found.map_or_else(String::new, |secret| template_literal(&secret.path))
}

/// Template code that puts a digest between YAML's double quotes: it has no character that needs care there.
pub(super) fn digest(model: &Model, secret: &EntityPath) -> TreePiece {
    TreePiece::Code(format!("{{{{ secret {} }}}}", path(model, secret)))
}

/// Template code that puts any text between YAML's double quotes. What Go's `%q` writes is a string of YAML too:
/// it escapes whatever is not printable. The quote is named by its number, so that the code itself has none.
pub(super) fn hole(model: &Model, secret: &EntityPath, part: UrlPart) -> TreePiece {
    let url = match part {
        UrlPart::None => "",
        UrlPart::Userinfo | UrlPart::Query => " | urlquery | replace `+` `%20`",
        UrlPart::Path => " | urlquery | replace `+` `%20` | replace `%2F` `/`",
    };
    TreePiece::Code(format!(
        "{{{{ secret {}{url} | quote | trimPrefix (printf `%c` 34) | trimSuffix (printf `%c` 34) }}}}",
        path(model, secret),
    ))
}

/// The secrets that a portal reads: by the variables of its unit, each with the path of one, in order, and by their paths
/// in its configuration, which its account needs to be able to read.
pub(super) fn needs(fleet: &Prepared<'_>, of: AutheliaPortal<'_>) -> LoginNeeds {
    LoginNeeds { variables: variables(fleet, of), files: files(fleet, of) }
}

fn variables(fleet: &Prepared<'_>, of: AutheliaPortal<'_>) -> Vec<(String, EntityPath)> {
    let authelia = of.options;
    let mut all = vec![
        ("AUTHELIA_AUTHENTICATION_BACKEND_LDAP_PASSWORD_FILE", &authelia.directory.bind_password),
        ("AUTHELIA_IDENTITY_VALIDATION_RESET_PASSWORD_JWT_SECRET_FILE", &authelia.jwt_secret),
        ("AUTHELIA_SESSION_SECRET_FILE", &authelia.session_secret),
        ("AUTHELIA_STORAGE_ENCRYPTION_KEY_FILE", &authelia.storage_key),
    ];
    if let Some(mail) = &authelia.mail {
        all.push(("AUTHELIA_NOTIFIER_SMTP_PASSWORD_FILE", &mail.password));
    }
    let storage = match authelia.database.kind.as_str() {
        "mysql" => "AUTHELIA_STORAGE_MYSQL_PASSWORD_FILE",
        _ => "AUTHELIA_STORAGE_POSTGRES_PASSWORD_FILE",
    };
    let inside = [
        (storage, Some(&authelia.database.options), "password"),
        ("AUTHELIA_SESSION_REDIS_PASSWORD_FILE", authelia.session.redis.as_deref(), "password"),
        ("AUTHELIA_DUO_API_INTEGRATION_KEY_FILE", authelia.duo.as_deref(), "integration_key"),
        ("AUTHELIA_DUO_API_SECRET_KEY_FILE", authelia.duo.as_deref(), "secret_key"),
    ];
    let inside: Vec<(&str, At<EntityPath>)> = inside
        .into_iter()
        .filter_map(|(variable, options, key)| {
            let said = options?.get(key)?;
            Some((variable, At::new(said.reference()?.clone(), said.origin)))
        })
        .collect();
    all.extend(inside.iter().map(|(variable, secret)| (*variable, secret)));
    if let Some(oidc) = of.provider(&fleet.model) {
        let name = "AUTHELIA_IDENTITY_PROVIDERS_OIDC_HMAC_SECRET_FILE";
        all.push((name, &oidc.hmac_secret));
    }
    all.sort_by_key(|(name, _)| *name);
    all.into_iter().map(|(name, secret)| (name.to_owned(), secret.value.clone())).collect()
}

fn files(fleet: &Prepared<'_>, of: AutheliaPortal<'_>) -> Vec<EntityPath> {
    let authelia = of.options;
    let mut all = Vec::new();
    if let Some(oidc) = of.provider(&fleet.model) {
        all.extend(oidc.private_key.as_ref().map(|key| &key.value));
        for jwk in oidc.jwks.iter() {
            all.push(&jwk.key.value);
            all.extend(jwk.certificate_chain.as_ref().map(|chain| &chain.value));
        }
        for (_, client) in fleet.model.clients_of(of.key) {
            all.extend(client.secret.as_ref().map(|secret| &secret.value));
        }
    }
    if let Some(settings) = &authelia.settings {
        data_secrets(settings, &mut all);
    }
    let mut all: Vec<EntityPath> = all.into_iter().cloned().collect();
    all.sort();
    all.dedup();
    all
}
