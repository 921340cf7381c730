//! Programs that log people in through the login server: `identity_providers.oidc`.

use qg_fleet::Model;
use qg_fleet::leaf::{At, Data, EntityPath, OriginId};
use qg_fleet::portal::OidcProvider;
use qg_fleet::route::{AuthMethod, Consent, Oidc};
use qg_fleet::url::UrlPart;
use qg_fleet::ways::authority;
use qg_formats::{Entries, Tree, TreeNode};
use qg_lang::url::Url;

use super::access::{factor, subjects};
use super::fields::entries;
use super::secrets::{digest, hole};
use super::settings::{duration, one, text};
use crate::Prepared;
use crate::names::Names;

/// Words that Authelia has given a meaning.
const RESERVED: &[&str] = &["one_factor", "two_factor", "deny", "bypass"];

/// What browsers may call from elsewhere.
const ENDPOINTS: &[&str] = &["authorization", "token", "revocation", "introspection", "userinfo"];

pub(super) fn tree(fleet: &Prepared<'_>, portal: &str, provider: &At<OidcProvider>) -> Tree {
    let by = provider.origin;
    let model = &fleet.model;
    let mut oidc = Entries::new();
    oidc.put("jwks", signing_keys(model, provider));

    let mut names = Names::default();
    for word in RESERVED {
        names.name(word);
    }
    let (mut policies, mut claims) = (Entries::new(), Entries::new());
    for (name, policy) in &provider.claims_policies {
        let policy_entries = entries("IdentityProvidersOpenIDConnectClaimsPolicy", policy, &[]);
        claims.put(name, policy_entries.tree(policy.origin));
        // A client's own policies are called otherwise.
        names.name(name);
    }
    let (mut clients, mut origins) = (Vec::new(), Vec::<Tree>::new());
    for (service, client) in model.clients_of(portal) {
        let name = names.fresh(service);
        if !client.allow.is_empty() {
            policies.put(name.clone(), policy(model, client));
        }
        if !client.id_token_claims.is_empty() {
            let list = Tree::texts(&client.id_token_claims);
            let origin = client.id_token_claims.origin;
            claims.put(name.clone(), one("id_token", list, origin));
        }
        if client.cors.value {
            origins_of(client, client.cors.origin, &mut origins);
        }
        clients.push(client_tree(model, client, &name));
    }
    oidc.put_some("authorization_policies", Some(policies.tree(by)));
    oidc.put_some("claims_policies", Some(claims.tree(by)));
    let mut scopes = Entries::new();
    for (name, scope) in &provider.scopes {
        let scope_entries = entries("IdentityProvidersOpenIDConnectScope", scope, &[]);
        scopes.put(name, scope_entries.tree(scope.origin));
    }
    oidc.put_some("scopes", Some(scopes.tree(by)));
    if let Some(lifespans) = &provider.lifespans {
        let entries = entries("IdentityProvidersOpenIDConnectLifespans", lifespans, &[]);
        oidc.put_some("lifespans", Some(entries.tree(lifespans.origin)));
    }
    if let Some(pkce) = &provider.enforce_pkce {
        oidc.put("enforce_pkce", Tree::text(pkce.word(), pkce.origin));
    }
    if let Some(entropy) = &provider.minimum_parameter_entropy {
        oidc.put("minimum_parameter_entropy", Tree::int(entropy.value, entropy.origin));
    }
    for (key, said) in [
        ("enable_pkce_plain_challenge", &provider.enable_pkce_plain_challenge),
        ("require_pushed_authorization_requests", &provider.require_pushed_authorization_requests),
        (
            "enable_jwt_access_token_stateless_introspection",
            &provider.enable_jwt_access_token_stateless_introspection,
        ),
        ("enable_client_debug_messages", &provider.enable_client_debug_messages),
    ] {
        oidc.put_some(key, said.as_ref().map(|it| Tree::bool(it.value, it.origin)));
    }
    if !origins.is_empty() {
        let mut cors = Entries::new();
        let endpoints = ENDPOINTS.iter().map(|name| Tree::text(*name, by)).collect();
        cors.put("endpoints", Tree::list(endpoints, by));
        cors.put("allowed_origins", Tree::list(origins, by));
        oidc.put("cors", cors.tree(by));
    }
    oidc.put_some("clients", Some(Tree::list(clients, by)));
    oidc.tree(by)
}

/// The keys that sign, the short form first: of one algorithm Authelia signs by the first one.
fn signing_keys(model: &Model, provider: &At<OidcProvider>) -> Tree {
    let read = |secret: &At<EntityPath>| {
        let hole = hole(model, &secret.value, UrlPart::None);
        Tree::new(TreeNode::Filled(vec![hole]), &[secret.origin])
    };
    let signs = |algorithm: &str, by: OriginId, key: &At<EntityPath>| {
        let mut jwk = Entries::new();
        jwk.put("algorithm", Tree::text(algorithm, by));
        jwk.put("use", Tree::text("sig", by));
        jwk.put("key", read(key));
        jwk
    };
    let mut all = Vec::new();
    if let Some(key) = &provider.private_key {
        all.push(signs("RS256", key.origin, key).tree(key.origin));
    }
    for it in provider.jwks.iter() {
        let mut jwk = Entries::new();
        jwk.put_some("key_id", it.key_id.as_ref().map(text));
        jwk.extend(signs(it.algorithm.word(), it.algorithm.origin, &it.key));
        jwk.put_some("certificate_chain", it.certificate_chain.as_ref().map(read));
        all.push(jwk.tree(it.origin));
    }
    let first = provider.private_key.as_ref().map_or(provider.jwks.origin, |key| key.origin);
    Tree::list(all, first)
}

/// Rules of access never apply to these logins: each client has a policy of its own.
fn policy(model: &Model, client: &At<Oidc>) -> Tree {
    let by = client.allow.origin;
    let mut rule = Entries::new();
    rule.put("policy", Tree::text(factor(client.factor.value), client.factor.origin));
    rule.put("subject", subjects(model, &client.allow));
    let mut policy = Entries::new();
    policy.put("default_policy", Tree::text("deny", by));
    policy.put("rules", Tree::list(vec![rule.tree(by)], by));
    policy.tree(by)
}

fn client_tree(model: &Model, client: &At<Oidc>, name: &str) -> Tree {
    let mut tree = Entries::new();
    tree.put("client_id", text(&client.client_id));
    tree.put("client_name", text(&client.client_name));
    let method = &client.auth_method;
    let public = method.value == AuthMethod::None;
    match &client.secret {
        Some(secret) if !public => {
            let node = TreeNode::Filled(vec![digest(model, &secret.value)]);
            tree.put("client_secret", Tree::new(node, &[secret.origin]));
        }
        _ => tree.put("public", Tree::bool(true, method.origin)),
    }
    let authorization = if client.allow.is_empty() { factor(client.factor.value) } else { name };
    tree.put("authorization_policy", Tree::text(authorization, client.allow.origin));
    if !client.id_token_claims.is_empty() {
        tree.put("claims_policy", Tree::text(name, client.id_token_claims.origin));
    }
    tree.put("redirect_uris", Tree::texts(&client.redirects));
    tree.put("scopes", Tree::texts(&client.scopes));
    tree.extend(entries("IdentityProvidersOpenIDConnectClient", &client.options, &[]));
    if let Some(offline) = client.scopes.iter().find(|scope| scope.value == "offline_access")
        && client.options.get("grant_types").is_none_or(|it| it.value == Data::List(Vec::new()))
    {
        let types = ["authorization_code", "refresh_token"];
        let types = types.iter().map(|name| Tree::text(*name, offline.origin)).collect();
        tree.put("grant_types", Tree::list(types, offline.origin));
    }
    let by = client.consent.origin;
    match &client.consent.value {
        Consent::Explicit => tree.put("consent_mode", Tree::text("explicit", by)),
        Consent::Implicit => tree.put("consent_mode", Tree::text("implicit", by)),
        Consent::Auto => tree.put("consent_mode", Tree::text("auto", by)),
        Consent::Remembered(remembered) => {
            tree.put("consent_mode", Tree::text("pre-configured", by));
            tree.put("pre_configured_consent_duration", duration(&remembered.r#for));
        }
    }
    if client.pkce.value {
        let by = client.pkce.origin;
        tree.put("require_pkce", Tree::bool(true, by));
        tree.put("pkce_challenge_method", Tree::text("S256", by));
    }
    tree.put("token_endpoint_auth_method", Tree::text(method.value.word(), method.origin));
    tree.tree(client.origin)
}

/// The web pages that a client's redirects belong to.
fn origins_of(client: &Oidc, by: OriginId, all: &mut Vec<Tree>) {
    for url in client.redirects.iter() {
        let page = Url::of_server(url).filter(|it| matches!(it.scheme(), "http" | "https"));
        if let Some(page) = page {
            let at = authority(page.host(), page.port());
            let origin = TreeNode::Text(format!("{}://{at}", page.scheme()));
            if !all.iter().any(|known| known.node == origin) {
                all.push(Tree::new(origin, &[by, url.origin]));
            }
        }
    }
}
