//! Routers that a proxy's `dynamic` options hold, seen beside those of routes: they answer for the same names.

use std::collections::BTreeMap;

use qg_lang::diagnostic::{Diagnostic, codes::fleet as codes};

use super::Check;
use super::place::own_place;
use crate::fleet::Fleet;
use crate::fleet::leaf::{At, EntityPath, OriginId};
use crate::fleet::proxy::Proxy;
use crate::fleet::route::{Exposure, Login};
use crate::fleet::ways::Way;
use crate::formats::{Node, Piece, Tree};
use crate::targets::traefik;
use crate::targets::traefik::matcher::{Holds, Rule};

pub(super) const CHECK: Check = Check { codes: &[codes::RAW_ROUTER, codes::RAW_RULE], run };

fn run(fleet: &Fleet, found: &mut Vec<Diagnostic>) {
    for (key, proxy) in &fleet.model.proxy {
        let Some(data) = &proxy.traefik().dynamic_options else { continue };
        let raw = Tree::data(data, &|_: &EntityPath, _| Piece::Code(String::new()));
        let guards = Guards::of(fleet, key, proxy);
        for (section, http) in [("http", true), ("tcp", false)] {
            let Some(routers) = get(&raw, section).and_then(|it| get(it, "routers")) else {
                continue;
            };
            for (name, router) in entries(routers) {
                one(fleet, &guards, name, router, http, found);
            }
        }
    }
}

fn one(
    fleet: &Fleet,
    guards: &Guards<'_>,
    name: &str,
    router: &Tree,
    http: bool,
    found: &mut Vec<Diagnostic>,
) {
    let Some(said) = get(router, "rule") else { return };
    let span = own_place(fleet, &said.origins);
    let rule = match &said.node {
        Node::Text(text) => match Rule::parse(text, http) {
            Ok(rule) => rule,
            Err(why) => {
                let message = format!("the router `{name}` has a rule that Traefik drops: {why}");
                found.push(
                    Diagnostic::error(codes::RAW_RULE, span, message)
                        .help("write it as Host(`app.example.org`) && PathPrefix(`/api`)"),
                );
                return;
            }
        },
        // What a secret says is not known here.
        Node::Filled(_) => {
            let message = format!("nobody knows for which names the router `{name}` answers");
            found.push(
                Diagnostic::error(codes::RAW_RULE, span, message)
                    .help("say the rule without a secret in it"),
            );
            return;
        }
        Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::List(_) | Node::Map(_) => return,
    };
    for (host, guarded) in &guards.names {
        if rule.holds_for(host) == Holds::Never {
            continue;
        }
        let Some((asks, way, origin)) = guards.missing(guarded, router, http) else { continue };
        let message = format!(
            "the router `{name}` answers for {host}, past the {asks} that {} asks for",
            way.title()
        );
        let mut finding = Diagnostic::error(codes::RAW_ROUTER, span, message)
            .also(own_place(fleet, &[origin, way.route.origin]), format!("the {asks}"))
            .help("make a `route` of it, which is guarded as it says")
            .help(format!("say that it is not for this name: && !Host(`{host}`)"));
        if let Some(login) = guards.logins.first().filter(|_| http && asks == "login") {
            finding = finding.help(format!("ask in it too: `middlewares = [\"{login}\"]`"));
        }
        found.push(finding);
        return;
    }
}

/// What guards the names of a proxy.
struct Guards<'f> {
    names: BTreeMap<String, Vec<Way<'f>>>,
    /// The middlewares that ask for a login.
    logins: Vec<String>,
    /// TLS options that ask for a certificate.
    certificates: Vec<String>,
}

impl<'f> Guards<'f> {
    fn of(fleet: &'f Fleet, key: &str, proxy: &'f At<Proxy>) -> Guards<'f> {
        let own = traefik::own_dynamic(fleet, key, proxy);
        let mut guards =
            Guards { names: BTreeMap::new(), logins: Vec::new(), certificates: Vec::new() };
        let named = |path: [&str; 2], kind: &str| -> Vec<String> {
            let all = get(&own, path[0]).and_then(|it| get(it, path[1]));
            let all = all.map_or(&[][..], entries).iter();
            all.filter(|(_, it)| get(it, kind).is_some()).map(|(name, _)| name.clone()).collect()
        };
        guards.logins = named(["http", "middlewares"], "forwardAuth");
        guards.certificates = named(["tls", "options"], "clientAuth");
        for way in fleet.model.ways_of(key).filter(|way| way.route.is_http()) {
            let sso = matches!(way.route.login.value, Login::Sso(_));
            if sso || way.route.expose.value == Exposure::Private {
                for name in fleet.model.names(way.route) {
                    guards.names.entry(name.value).or_default().push(way);
                }
            }
        }
        guards
    }

    /// What a router does not ask for although a route of the name does.
    fn missing(
        &self,
        guarded: &[Way<'f>],
        router: &Tree,
        http: bool,
    ) -> Option<(&'static str, Way<'f>, OriginId)> {
        let says = |tree: Option<&Tree>, names: &[String]| {
            let mut texts = Vec::new();
            if let Some(tree) = tree {
                tree.leaves(&mut texts);
            }
            texts.iter().any(|(text, _)| {
                let text = text.strip_suffix("@file").unwrap_or(text);
                names.iter().any(|name| name == text)
            })
        };
        let login = http && says(get(router, "middlewares"), &self.logins);
        let options = get(router, "tls").and_then(|it| get(it, "options"));
        let certificate = says(options, &self.certificates);
        guarded.iter().find_map(|way| {
            let sso = matches!(way.route.login.value, Login::Sso(_));
            if sso && !login {
                return Some(("login", *way, way.route.login.origin));
            }
            let private = way.route.expose.value == Exposure::Private && !certificate;
            private.then_some(("client certificate", *way, way.route.expose.origin))
        })
    }
}

/// A key of a map; Traefik does not tell letters by their case.
fn get<'t>(tree: &'t Tree, key: &str) -> Option<&'t Tree> {
    entries(tree).iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, tree)| tree)
}

fn entries(tree: &Tree) -> &[(String, Tree)] {
    match &tree.node {
        Node::Map(entries) => entries,
        Node::Bool(_)
        | Node::Int(_)
        | Node::Float(_)
        | Node::Text(_)
        | Node::Filled(_)
        | Node::List(_) => &[],
    }
}
