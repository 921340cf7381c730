//! Logins: who asks, for which names, and what passes without.

use std::collections::BTreeMap;

use qg_fleet::checks::place::place;
use qg_fleet::leaf::{At, Data, OriginId, RefOr};
use qg_fleet::portal::AutheliaPortal;
use qg_fleet::route::{AuthMethod, Login, Oidc, Sso};
use qg_fleet::ways::ServiceRoute;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;
use qg_lang::url::Url;

use crate::Prepared;
use crate::authelia::on_path;
use crate::checks::Check;
use crate::checks::patterns::{go_problem, lies_below};

pub(super) const CHECK: Check = Check {
    codes: &[
        codes::NO_PORTAL,
        codes::OUTSIDE_COOKIE,
        codes::GUARDED_PORTAL,
        codes::CLIENT_SECRET,
        codes::BAD_BYPASS,
        codes::BAD_PORTAL,
        codes::SAME_CLIENT,
        codes::NO_PROVIDER,
    ],
    run,
};

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for way in fleet.model.ways() {
        if let Login::Sso(sso) = &way.route.login.value {
            guarded(fleet, way, sso, found);
        }
    }
    let mut clients: BTreeMap<&str, &At<String>> = BTreeMap::new();
    for (service, of) in &fleet.model.service {
        if let Some(client) = &of.oidc {
            provider(fleet, service, client, found);
            secret(fleet, client, found);
            let id = &client.client_id;
            if let Some(other) = clients.get(id.as_str()) {
                let message = format!("two clients are called `{}`", id.value);
                found.push(
                    Diagnostic::error(codes::SAME_CLIENT, place(fleet, id.origin), message)
                        .also(place(fleet, other.origin), "the other one"),
                );
            }
            clients.insert(id, id);
        }
    }
    for of in fleet.model.authelias() {
        self::portal(fleet, of, found);
    }
}

/// Whether `name` is the domain itself or lies below it.
fn within(name: &str, domain: &str) -> bool {
    let name = name.to_lowercase();
    let domain = domain.to_lowercase();
    name == domain || name.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'))
}

fn guarded(fleet: &Prepared<'_>, way: ServiceRoute<'_>, sso: &Sso, found: &mut Vec<Diagnostic>) {
    let span = place(fleet, way.route.login.origin);
    for pattern in sso.bypass.iter() {
        let empty = || pattern.is_empty().then(|| "an empty pattern matches everything".to_owned());
        let bad = empty().or_else(|| go_problem(pattern)).or_else(|| on_path(pattern).err());
        let why = bad.or_else(|| {
            let below = way.below();
            let inside = below.is_empty() || lies_below(pattern, &below);
            (!inside).then(|| format!("it can match outside of `{below}`"))
        });
        if let Some(why) = why {
            let message = format!("`{}` opens no path: {why}", pattern.value);
            let finding =
                Diagnostic::error(codes::BAD_BYPASS, place(fleet, pattern.origin), message);
            found.push(match &way.route.path {
                Some(path) => finding.also(place(fleet, path.origin), "its route").help(format!(
                    "begin it with `^{}/`, with nothing beside it by `|`",
                    way.below()
                )),
                None => finding.help(
                    "say a regular expression over the path, in Go's syntax: `^/api/` opens what is below /api",
                ),
            });
        }
    }
    if !way.is_published() || !way.route.is_http() || fleet.partial {
        return;
    }
    let own = fleet.model.portal.values().find(|portal| *portal.route == way.path());
    if let Some(portal) = own {
        let message = format!("{} is where people log in, and asks them to log in", way.title());
        found.push(
            Diagnostic::error(codes::GUARDED_PORTAL, span, message)
                .also(place(fleet, portal.route.origin), "the portal")
                .help("say `login = own` on it"),
        );
        return;
    }
    let Ok((_, proxy)) = fleet.model.proxy_of(way) else { return };
    let host = proxy.on.entity();
    let portal = fleet.model.portal_for(host);
    let server = portal.and_then(|(_, portal)| fleet.model.portal_server(host, portal));
    if server.is_none() {
        let (message, help) = match portal {
            None => (
                format!("{} asks for a login, and the fleet has no portal", way.title()),
                "declare a `portal`, or say `login = own`".to_owned(),
            ),
            Some((key, portal)) => (
                format!(
                    "{} asks for a login, and host.{host} cannot reach portal.{key}",
                    way.title()
                ),
                format!(
                    "let the port of service.{} be reached from there: say its `address`, as the other host \
                     sees it, or `open = true`",
                    portal.service.entity()
                ),
            ),
        };
        found.push(Diagnostic::error(codes::NO_PORTAL, span, message).help(help));
    }
    let domain = &fleet.model.fleet.domain;
    for name in fleet.model.names(way.route) {
        if !within(&name, domain) {
            let message =
                format!("the login server only knows {} and what lies below it", domain.value);
            found.push(
                Diagnostic::error(codes::OUTSIDE_COOKIE, place(fleet, name.origin), message)
                    .here(format!("{} is elsewhere", name.value))
                    .also(span, "asks for a login")
                    .help(format!(
                        "give the route a name below {}, or say `login = own` where the program asks by itself",
                        domain.value
                    )),
            );
        }
    }
}

fn provider(fleet: &Prepared<'_>, service: &str, client: &At<Oidc>, found: &mut Vec<Diagnostic>) {
    let on = fleet.model.service.get(service).and_then(|service| service.on.as_ref());
    let portal = fleet.model.portal_for(on.map_or("", |on| on.entity()));
    let has = portal.is_some_and(|(_, portal)| portal.engine.is_provider());
    if !has && !fleet.partial {
        let message = format!("service.{service} is a client, and no portal is its provider");
        found.push(
            Diagnostic::error(codes::NO_PROVIDER, place(fleet, client.origin), message)
                .help("add `oidc = { … }` to the portal's engine"),
        );
    }
}

fn secret(fleet: &Prepared<'_>, client: &At<Oidc>, found: &mut Vec<Diagnostic>) {
    let public = client.auth_method.value == AuthMethod::None;
    match &client.secret {
        Some(secret) if public => {
            let message = "a public client keeps no secret";
            found.push(
                Diagnostic::error(codes::CLIENT_SECRET, place(fleet, secret.origin), message)
                    .also(place(fleet, client.auth_method.origin), "public by this")
                    .help("drop `secret`, or say another `auth_method`"),
            );
        }
        None if !public => {
            let message = "a client that proves who it is needs a secret";
            found.push(
                Diagnostic::error(codes::CLIENT_SECRET, place(fleet, client.origin), message)
                    .help("say `secret = secret.…`, or `auth_method = none` for a public client"),
            );
        }
        Some(_) | None => {}
    }
}

fn portal(fleet: &Prepared<'_>, of: AutheliaPortal<'_>, found: &mut Vec<Diagnostic>) {
    let AutheliaPortal { key, portal, options: authelia } = of;
    let mut report = |origin: OriginId, message: String, help: &str| {
        let origin = if origin == OriginId::default() { portal.origin } else { origin };
        found.push(Diagnostic::error(codes::BAD_PORTAL, place(fleet, origin), message).help(help));
    };
    if let Some(oidc) = &authelia.oidc {
        for (service, client) in fleet.model.clients_of(key) {
            let lifespans = oidc.lifespans.as_ref().and_then(|it| it.get("custom"));
            let custom = |name: &str| {
                let all = lifespans.map(|it| &it.value);
                matches!(all, Some(Data::Record(all)) if all.contains_key(name))
            };
            for field in ["lifespan", "claims_policy"] {
                let is_known = |name: &str| match field {
                    "lifespan" => custom(name),
                    _ => oidc.claims_policies.contains_key(name),
                };
                if let Some(said) = client.options.get(field)
                    && let Some(name) = said.text().filter(|name| !is_known(name))
                {
                    report(
                        said.origin,
                        format!("portal.{key} has no {field} `{name}` for service.{service}"),
                        "name one of the provider's `lifespans.custom` or `claims_policies`",
                    );
                }
            }
            if let Some(policy) = client.options.get("claims_policy")
                && !client.id_token_claims.is_empty()
            {
                report(
                    policy.origin,
                    "a client has one policy for its claims".to_owned(),
                    "say either `claims_policy` or `id_token_claims`",
                );
            }
        }
    }
    let times = &authelia.session;
    if times.inactivity.value > times.expiration.value {
        report(
            times.inactivity.origin,
            "a session cannot be idle for longer than it lasts".to_owned(),
            "make `inactivity` shorter than `expiration`",
        );
    }
    let domain = &fleet.model.fleet.domain;
    if !domain.contains('.') {
        report(
            domain.origin,
            format!("no cookie can hold for `{}`: a domain has a dot", domain.value),
            "use a domain of your own",
        );
    }
    if let Some(home) = &authelia.home
        && !is_page_of(home, domain)
    {
        report(
            home.origin,
            format!("people would be sent out of {}", domain.value),
            "name a page of the fleet's domain, with https",
        );
    }
    if fleet.partial {
        return;
    }
    let Some(host) = fleet.model.host_of(&portal.service) else {
        report(
            portal.service.origin,
            format!("the service of portal.{key} runs on no host"),
            "say `on` in the service",
        );
        return;
    };
    let servers = [
        ("database", authelia.database.get("server")),
        ("Redis", authelia.session.redis.as_ref().and_then(|redis| redis.get("server"))),
    ];
    for (what, server) in servers {
        if let Some(server) = server
            && let Some(path) = server.reference()
            && fleet.model.reach(host, path).is_err()
        {
            report(
                server.origin,
                format!("host.{host} cannot reach the {what} of portal.{key}"),
                "publish the port of its service on that host",
            );
        }
    }
    if fleet.model.reach(host, &authelia.directory.ldap).is_err() {
        report(
            authelia.directory.ldap.origin,
            format!("host.{host} cannot reach the directory of portal.{key}"),
            "publish the port of the directory's service on that host",
        );
    }
    let Some(way) = fleet.model.way(&portal.route) else { return };
    let own = matches!(&way.route.to.value, RefOr::Ref(port) if port.kind() == "service" && port.entity() == portal.service.entity());
    if !own || !way.is_published() {
        report(
            portal.route.origin,
            format!("{} is not the way to the portal's own service", way.title()),
            "name a published route that leads to a port of the portal's `service`",
        );
    }
    if !is_page_of(&way.route.url, domain) {
        report(
            way.route.url.origin,
            format!("the login page {} is no page of {}", way.route.url.value, domain.value),
            "give the portal's route a name below the fleet's domain",
        );
    }
}

/// Whether a URL is a page of the domain, over https.
fn is_page_of(url: &str, domain: &str) -> bool {
    Url::of_server(url).is_some_and(|it| it.scheme() == "https" && within(it.host(), domain))
}
