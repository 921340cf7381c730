//! Clients of `OpenID` Connect.

use qg_formats::TreeNode;
use qg_lang::url::Url;

use super::Report;
use super::view::View;

const METHODS: &[&str] =
    &["none", "client_secret_post", "client_secret_basic", "private_key_jwt", "client_secret_jwt"];
const GRANTS: &[&str] = &[
    "authorization_code",
    "implicit",
    "client_credentials",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
];
const MODES: &[&str] =
    &["form_post", "query", "fragment", "jwt", "form_post.jwt", "query.jwt", "fragment.jwt"];
const IMPLICIT: &[&str] = &["id_token", "token", "id_token token"];

/// Words of a client that are one of a few.
const WORDS: &[(&str, &[&str])] = &[
    ("consent_mode", &["auto", "implicit", "explicit", "pre-configured"]),
    ("pkce_challenge_method", &["plain", "S256"]),
    ("requested_audience_mode", &["explicit", "implicit"]),
];

pub(super) fn check(oidc: &View<'_>, report: &mut Report) {
    let mut ids: Vec<&str> = Vec::new();
    for client in oidc.list("clients").iter().filter(|it| it.is_map()) {
        let id = client.text_at("client_id");
        let at = client.get("client_id").unwrap_or_else(|| client.clone());
        if id.is_empty() && !client.has("id") {
            report.say(client, "a client has a `client_id`");
        } else if id.len() > 100 {
            report.say(&at, "an id has 100 characters at most");
        } else if !id.is_empty() && !is_unreserved(id) {
            report.say(
                &at,
                format!("`{id}` is no id: it has letters, digits, `.`, `_`, `~` and `-`"),
            );
        } else if ids.contains(&id) && !id.is_empty() {
            report.say(&at, format!("two clients are called `{id}`"));
        }
        ids.push(id);
        named(client, oidc, report);
        lists(client, report);
        addresses(client, report);
        secret(client, report);
        signatures(client, oidc, report);
    }
}

/// The unreserved characters of RFC 3986.
pub(super) fn is_unreserved(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "._~-".contains(c))
}

/// What a client names of its provider.
fn named(client: &View<'_>, oidc: &View<'_>, report: &mut Report) {
    let known = |section: &str, name: &str| {
        oidc.get(section).is_some_and(|it| it.entries().iter().any(|(key, _)| *key == name))
    };
    let grants = client.list("grant_types");
    let machine = grants.iter().any(|it| it.text() == Some("client_credentials"));
    if let Some(at) = client.get("authorization_policy")
        && let Some(policy) = at.text().filter(|it| !it.is_empty())
    {
        let standard = matches!(policy, "one_factor" | "two_factor");
        if machine && policy != "one_factor" {
            report.say(&at, "a program that logs in by itself has `one_factor`");
        } else if !standard && !known("authorization_policies", policy) {
            report.say(&at, format!("there is no policy `{policy}`"));
        }
    }
    if let Some(at) = client.get("lifespan")
        && let Some(name) = at.text().filter(|it| !it.is_empty() && !known("lifespans.custom", it))
    {
        report.say(&at, format!("there is no `{name}` among `lifespans.custom`"));
    }
    if let Some(at) = client.get("claims_policy")
        && let Some(name) = at.text().filter(|it| !it.is_empty() && !known("claims_policies", it))
    {
        report.say(&at, format!("there is no `{name}` among `claims_policies`"));
    }
    for (key, words) in WORDS {
        if let Some(at) = client.get(key)
            && let Some(word) = at.text().filter(|it| !it.is_empty() && !words.contains(it))
        {
            report.say(&at, format!("`{word}` is none of {}", words.join(", ")));
        }
    }
    if machine {
        for scope in client.list("scopes") {
            if scope.text().is_some_and(|it| matches!(it, "openid" | "offline" | "offline_access"))
            {
                report.say(&scope, "a program that logs in by itself is no person");
            }
        }
    }
}

fn lists(client: &View<'_>, report: &mut Report) {
    for (key, words) in [("grant_types", GRANTS), ("response_modes", MODES)] {
        for at in client.list(key) {
            if let Some(word) = at.text().filter(|word| !words.contains(word)) {
                report.say(&at, format!("`{word}` is none of {}", words.join(", ")));
            }
        }
    }
}

fn addresses(client: &View<'_>, report: &mut Report) {
    let public = client.is_on("public");
    for at in client.list("redirect_uris") {
        let Some(url) = at.text() else { continue };
        if url == "urn:ietf:wg:oauth:2.0:oob" {
            if !public {
                report.say(&at, "only a public client can use it");
            }
        } else if Url::scheme_of(url).is_none() {
            report.say(&at, format!("`{url}` is no whole address"));
        }
    }
    let mut seen = Vec::new();
    for at in client.list("request_uris") {
        let Some(url) = at.text() else { continue };
        if Url::scheme_of(url).as_deref() != Some("https") {
            report.say(&at, format!("`{url}` does not begin with `https://`"));
        } else if seen.contains(&url) {
            report.say(&at, format!("`{url}` is said twice"));
        }
        seen.push(url);
    }
    if let Some(at) = client.get("sector_identifier_uri")
        && let Some(url) = at.text().filter(|it| !it.is_empty())
    {
        if Url::scheme_of(url).is_some_and(|scheme| scheme != "https") {
            report.say(&at, format!("`{url}` does not begin with `https://`"));
        } else if url.contains('#') {
            report.say(&at, format!("`{url}` leads to a part of a page"));
        }
    }
}

fn secret(client: &View<'_>, report: &mut Report) {
    let public = client.is_on("public");
    let secret = client.get("client_secret").filter(|_| client.has("client_secret"));
    let types: Vec<View<'_>> = client.list("response_types");
    let implicit = !types.is_empty()
        && types.iter().all(|it| it.text().is_some_and(|it| IMPLICIT.contains(&it)));
    for endpoint in ["token", "revocation", "introspection", "pushed_authorization_request"] {
        let key = format!("{endpoint}_endpoint_auth_method");
        let at = client.get(&key).unwrap_or_else(|| client.clone());
        let method = match client.text_at(&key) {
            "" if public => "none",
            "" => "client_secret_basic",
            method => method,
        };
        if !METHODS.contains(&method) {
            report.say(&at, format!("`{method}` is none of {}", METHODS.join(", ")));
        } else if method == "none" && !public && !implicit {
            report.say(&at, "only a public client proves nothing");
        } else if method != "none" && public {
            report.say(&at, "a public client proves nothing: it says `none`");
        } else if method.starts_with("client_secret") {
            match &secret {
                None if !public => {
                    report.say(client, "a client that proves who it is needs a secret");
                }
                Some(it) if method == "client_secret_jwt" && !is_plain(it) => {
                    report.say(&at, "it needs the secret itself, not its digest");
                }
                Some(_) | None => {}
            }
        } else if let Some(it) = &secret {
            report.say(it, "there is no use for a secret here");
        }
    }
}

/// Whether a secret is no digest. One that is put in on the host is.
fn is_plain(secret: &View<'_>) -> bool {
    match &secret.tree.node {
        TreeNode::Text(text) => !text.starts_with('$') || text.starts_with("$plaintext$"),
        TreeNode::Bool(_)
        | TreeNode::Int(_)
        | TreeNode::Float(_)
        | TreeNode::Filled(_)
        | TreeNode::List(_)
        | TreeNode::Map(_) => false,
    }
}

/// What is signed, by a key that the provider has.
fn signatures(client: &View<'_>, oidc: &View<'_>, report: &mut Report) {
    let keys = oidc.list("jwks");
    let mut known: Vec<&str> = keys.iter().map(|it| it.text_at("algorithm")).collect();
    known.push("RS256");
    let unsure = keys.iter().any(|it| !it.has("algorithm"));
    for part in ["authorization", "id_token", "access_token", "userinfo", "introspection"] {
        let key = format!("{part}_signed_response_alg");
        let Some(at) = client.get(&key) else { continue };
        let Some(name) = at.text().filter(|it| !it.is_empty()) else { continue };
        if name == "none" {
            if matches!(part, "authorization" | "id_token") {
                report.say(&at, "it is always signed");
            }
        } else if name.starts_with("HS") {
            if client.get("client_secret").is_none_or(|it| !is_plain(&it)) {
                report.say(&at, format!("`{name}` needs the secret itself, not its digest"));
            }
        } else if !known.contains(&name) && !unsure {
            report.say(&at, format!("the provider has no key for `{name}`"));
        }
    }
}
