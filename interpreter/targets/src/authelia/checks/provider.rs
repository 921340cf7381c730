//! The provider of `OpenID` Connect: keys, policies, claims, scopes, origins.

use super::Report;
use super::access::{Networks, subject_problem};
use super::view::View;
use qg_lang::url::Url;

/// Claims that Authelia makes itself.
const RESERVED: &[&str] = &[
    "jti",
    "azp",
    "client_id",
    "scope",
    "scp",
    "iss",
    "sub",
    "aud",
    "sid",
    "s_hash",
    "c_hash",
    "iat",
    "updated_at",
    "nbf",
    "exp",
    "auth_time",
    "amr",
    "acr",
    "nonce",
];

/// Claims about people.
const CLAIMS: &[&str] = &[
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "groups",
    "alt_emails",
    "rat",
    "updated_at",
];

/// Attributes that every directory has.
const ATTRIBUTES: &[&str] = &["username", "display_name", "groups", "email", "emails"];

/// Attributes that only a file of people has by itself.
const FILE_ATTRIBUTES: &[&str] = &[
    "given_name",
    "middle_name",
    "family_name",
    "nickname",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_extension",
    "street_address",
    "locality",
    "region",
    "postal_code",
    "country",
];

pub(super) const SCOPES: &[&str] = &[
    "openid",
    "email",
    "profile",
    "address",
    "phone",
    "groups",
    "offline_access",
    "offline",
    "authelia.bearer.authz",
];

const ENDPOINTS: &[&str] = &[
    "authorization",
    "device-authorization",
    "pushed-authorization-request",
    "token",
    "introspection",
    "revocation",
    "userinfo",
];

pub(super) fn check(oidc: &View<'_>, root: &View<'_>, report: &mut Report) {
    let (keys, old) = (oidc.list("jwks"), oidc.has("issuer_private_key"));
    if keys.is_empty() && !old {
        report.say(oidc, "a provider needs a key in `jwks`");
    } else if !keys.is_empty() && old {
        report.say(oidc, "its keys are said in `jwks`");
    }
    for key in keys.iter().filter(|key| key.is_map() && !key.has("key")) {
        report.say(key, "it has no `key`");
    }
    let ids: Vec<(&str, &View<'_>)> = keys
        .iter()
        .map(|key| (key.text_at("key_id"), key))
        .filter(|(id, _)| !id.is_empty())
        .collect();
    for (index, (id, key)) in ids.iter().enumerate() {
        if ids.iter().take(index).any(|(known, _)| known == id) {
            report.say(key, format!("another key is called `{id}`"));
        }
    }
    // Of a key that does not say its algorithm only the host knows it.
    let others = keys.iter().all(|key| !matches!(key.text_at("algorithm"), "" | "RS256"));
    if let Some(first) = keys.first().filter(|_| others) {
        report.say(
            first,
            "one of the keys signs with `RS256`, for programs that know no other algorithm",
        );
    }
    if oidc.list("clients").is_empty() {
        report.say(oidc, "a provider has at least one client");
    }
    policies(oidc, root, report);
    let custom = claims(oidc, root, report);
    scopes(oidc, &custom, report);
    origins(oidc, report);
}

fn policies(oidc: &View<'_>, root: &View<'_>, report: &mut Report) {
    let networks = Networks::of(root);
    let Some(all) = oidc.get("authorization_policies") else { return };
    let good = |policy: &str| matches!(policy, "" | "one_factor" | "two_factor" | "deny");
    for (name, policy) in all.entries() {
        if matches!(name, "" | "one_factor" | "two_factor" | "deny") {
            report.say(&policy, format!("no policy of one's own can be called `{name}`"));
        }
        if !good(policy.text_at("default_policy")) {
            report.say(&policy, "`default_policy` is `one_factor`, `two_factor` or `deny`");
        }
        if !policy.has("rules") {
            report.say(&policy, "a policy has `rules`");
        }
        for rule in policy.list("rules").iter().filter(|it| it.is_map()) {
            if !good(rule.text_at("policy")) {
                report.say(rule, "`policy` is `one_factor`, `two_factor` or `deny`");
            }
            if !rule.has("subject") && !rule.has("networks") {
                report.say(rule, "a rule names a `subject` or `networks`");
            }
            for subject in rule.list("subject").iter().flat_map(View::items) {
                if let Some(why) = subject.text().and_then(|text| subject_problem(text, None)) {
                    report.say(&subject, why);
                }
            }
            for network in rule.list("networks") {
                if let Some(name) = network.text().filter(|name| !networks.knows(name)) {
                    report.say(&network, format!("`{name}` is no network and no name of one"));
                }
            }
        }
    }
}

/// The claims of the policies' own.
fn claims<'t>(oidc: &View<'t>, root: &View<'_>, report: &mut Report) -> Vec<&'t str> {
    let mut all = Vec::new();
    let policies = oidc.get("claims_policies").map_or_else(Vec::new, |it| it.entries());
    for (_, policy) in policies {
        let custom = policy.get("custom_claims").map_or_else(Vec::new, |it| it.entries());
        let own: Vec<&str> = custom
            .iter()
            .map(|(key, claim)| if claim.has("name") { claim.text_at("name") } else { key })
            .collect();
        for key in ["id_token", "access_token"] {
            for claim in policy.list(key) {
                let Some(name) = claim.text() else { continue };
                // In an id token `client_id` and `scp` are nobody's.
                let reserved = RESERVED.contains(&name)
                    && !(key == "id_token" && matches!(name, "client_id" | "scp"));
                if reserved {
                    report.say(&claim, format!("`{name}` is in every token"));
                } else if !CLAIMS.contains(&name) && !own.contains(&name) {
                    report.say(&claim, format!("there is no claim `{name}`"));
                }
            }
        }
        for (key, claim) in &custom {
            let attribute = if claim.has("attribute") { claim.text_at("attribute") } else { key };
            if !has_attribute(root, attribute) {
                report.say(claim, format!("nobody has an attribute `{attribute}`"));
            }
        }
        for ((key, claim), name) in custom.iter().zip(&own) {
            if RESERVED.contains(name) {
                report.say(claim, format!("the claim `{key}` has the name of a standard one"));
            }
        }
        all.extend(own);
    }
    all
}

/// What the directory tells of everybody, or a definition of one's own.
fn has_attribute(root: &View<'_>, name: &str) -> bool {
    let ldap = "authentication_backend.ldap.attributes";
    let extra = root.get(&format!("{ldap}.extra")).map_or_else(Vec::new, |it| it.entries());
    let file = root.get("authentication_backend.file.extra_attributes");
    let own = root.get("definitions.user_attributes");
    let keys = file.iter().chain(&own).flat_map(View::entries).map(|(key, _)| key);
    ATTRIBUTES.contains(&name)
        || root.has(&format!("{ldap}.{name}"))
        || extra.iter().any(|(key, it)| *key == name || it.text_at("name") == name)
        || keys.into_iter().any(|key| key == name)
        || root.has("authentication_backend.file") && FILE_ATTRIBUTES.contains(&name)
}

fn scopes(oidc: &View<'_>, custom: &[&str], report: &mut Report) {
    for (name, scope) in oidc.get("scopes").map_or_else(Vec::new, |it| it.entries()) {
        if SCOPES.contains(&name) || name.starts_with("authelia.") && name != "authelia.pam" {
            report.say(&scope, format!("`{name}` is a scope of the standard"));
        }
        for claim in scope.list("claims") {
            let Some(name) = claim.text() else { continue };
            if RESERVED.contains(&name) && !CLAIMS.contains(&name) {
                report.say(&claim, format!("`{name}` is in every token"));
            } else if !CLAIMS.contains(&name) && !custom.contains(&name) {
                report.say(&claim, format!("there is no claim `{name}`"));
            }
        }
    }
}

fn origins(oidc: &View<'_>, report: &mut Report) {
    let all = oidc.list("cors.allowed_origins");
    for origin in &all {
        let Some(text) = origin.text() else { continue };
        if text == "*" {
            let from_clients = oidc.is_on("cors.allowed_origins_from_client_redirect_uris");
            if all.len() > 1 || from_clients {
                report.say(origin, "`*` stands alone");
            }
        } else if Url::parse(text).is_ok_and(|it| it.rest().starts_with(['/', '?'])) {
            report.say(origin, format!("`{text}` is scheme, name and port only"));
        }
    }
    for endpoint in oidc.list("cors.endpoints") {
        if let Some(name) = endpoint.text().filter(|name| !ENDPOINTS.contains(name)) {
            report.say(&endpoint, format!("`{name}` is none of {}", ENDPOINTS.join(", ")));
        }
    }
}
