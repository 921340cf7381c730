//! Secrets that Authelia reads: files named by variables, and files read by its template filter.

use qg_fleet::Model;
use qg_fleet::leaf::{At, EntityPath};
use qg_fleet::portal::Portal;
use qg_fleet::url::UrlPart;
use qg_formats::TreePiece;

use crate::Prepared;
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

impl Prepared<'_> {
    /// The variables that a portal's unit gets, each with the secret whose path it holds, in order.
    /// Besides these it gets `X_AUTHELIA_CONFIG_FILTERS=template`.
    #[must_use]
    pub fn portal_secrets(&self, key: &str, portal: &At<Portal>) -> Vec<(String, EntityPath)> {
        let authelia = portal.authelia();
        let mut all = vec![
            (
                "AUTHELIA_AUTHENTICATION_BACKEND_LDAP_PASSWORD_FILE",
                &authelia.directory.bind_password,
            ),
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
        if let Some(oidc) = self.model.provider(key, portal) {
            let name = "AUTHELIA_IDENTITY_PROVIDERS_OIDC_HMAC_SECRET_FILE";
            all.push((name, &oidc.hmac_secret));
        }
        all.sort_by_key(|(name, _)| *name);
        all.into_iter().map(|(name, secret)| (name.to_owned(), secret.value.clone())).collect()
    }

    /// Secrets that a portal's configuration reads by their path: its account needs to be able to.
    #[must_use]
    pub fn portal_files(&self, key: &str, portal: &At<Portal>) -> Vec<EntityPath> {
        let authelia = portal.authelia();
        let mut all = Vec::new();
        if let Some(oidc) = self.model.provider(key, portal) {
            all.push(&oidc.private_key.value);
            for (_, client) in self.model.clients_of(key) {
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
}
