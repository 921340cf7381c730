//! Routers that a proxy's `dynamic` options hold, seen beside those of routes: they answer for the same names.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::checks::place::own_place;
use qg_fleet::guards;
use qg_fleet::leaf::{EntityPath, OriginId};
use qg_fleet::proxy::TraefikProxy;
use qg_fleet::route::{Exposure, Login};
use qg_fleet::ways::ServiceRoute;
use qg_formats::{Tree, TreeNode, TreePiece};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use super::matcher::{Holds, Rule};
use crate::checks::Check;
use crate::{Prepared, traefik};

pub(super) const CHECK: Check = Check { codes: &[codes::RAW_ROUTER, codes::RAW_RULE], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for of in fleet.model.traefiks() {
        let Some(data) = &of.options.dynamic else { continue };
        let raw = Tree::data(data, &|_: &EntityPath, _| TreePiece::Code(String::new()));
        let guards = Guards::of(fleet, of, &raw);
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
    fleet: &Prepared<'_>,
    guards: &Guards<'_>,
    name: &str,
    router: &Tree,
    http: bool,
    found: &mut Vec<Diagnostic>,
) {
    let Some(said) = get(router, "rule") else { return };
    let span = own_place(fleet, &said.origins);
    let rule = match &said.node {
        TreeNode::Text(text) => match Rule::parse(text, http) {
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
        TreeNode::Filled(_) => {
            let message = format!("nobody knows for which names the router `{name}` answers");
            found.push(
                Diagnostic::error(codes::RAW_RULE, span, message)
                    .help("say the rule without a secret in it"),
            );
            return;
        }
        TreeNode::Bool(_)
        | TreeNode::Int(_)
        | TreeNode::Float(_)
        | TreeNode::List(_)
        | TreeNode::Map(_) => return,
    };
    for (host, guarded) in &guards.names {
        if rule.holds_for(host) == Holds::Never {
            continue;
        }
        // A rule that has no name in it is for whoever comes to its own entry points.
        let elsewhere = !http && rule.holds_for("nobody.invalid") != Holds::Never;
        let near: Vec<ServiceRoute<'_>> =
            guarded.iter().filter(|way| !(elsewhere && is_apart(router, **way))).copied().collect();
        let Some((asks, way, origin)) = guards.missing(&near, router, http) else { continue };
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

/// Whether a router answers on other entry points than a route does.
fn is_apart(router: &Tree, way: ServiceRoute<'_>) -> bool {
    let own: Vec<String> = get(router, "entryPoints").map_or_else(Vec::new, texts);
    let of_way = guards::entry_points(way.route);
    !own.is_empty() && !own.iter().any(|point| of_way.contains(&point.as_str()))
}

/// The texts in a part of the options, without the name of the provider behind them.
fn texts(tree: &Tree) -> Vec<String> {
    let mut all = Vec::new();
    tree.leaves(&mut all);
    all.iter().map(|(text, _)| text.strip_suffix("@file").unwrap_or(text).to_owned()).collect()
}

/// What guards the names of a proxy.
struct Guards<'f> {
    names: BTreeMap<String, Vec<ServiceRoute<'f>>>,
    /// The middlewares that ask for a login.
    logins: Vec<String>,
    /// What is in middlewares that are chains, the user's own too.
    chains: BTreeMap<String, Vec<String>>,
    /// TLS options that ask for a certificate.
    certificates: Vec<String>,
}

impl<'f> Guards<'f> {
    fn of(fleet: &'f Prepared<'f>, of: TraefikProxy<'f>, raw: &Tree) -> Guards<'f> {
        let own = traefik::own_dynamic(fleet, of);
        let mut guards = Guards {
            names: BTreeMap::new(),
            logins: Vec::new(),
            chains: BTreeMap::new(),
            certificates: Vec::new(),
        };
        let named = |path: [&str; 2], kind: &str| -> Vec<String> {
            let all = get(&own, path[0]).and_then(|it| get(it, path[1]));
            let all = all.map_or(&[][..], entries).iter();
            all.filter(|(_, it)| get(it, kind).is_some()).map(|(name, _)| name.clone()).collect()
        };
        guards.logins = named(["http", "middlewares"], "forwardAuth");
        for tree in [&own, raw] {
            let all = get(tree, "http").and_then(|it| get(it, "middlewares"));
            for (name, does) in all.map_or(&[][..], entries) {
                if let Some(list) = get(does, "chain").and_then(|it| get(it, "middlewares")) {
                    guards.chains.insert(name.clone(), texts(list));
                }
            }
        }
        guards.certificates = named(["tls", "options"], "clientAuth");
        for way in fleet.model.ways_of(of.key).filter(|way| way.route.is_http()) {
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
        guarded: &[ServiceRoute<'f>],
        router: &Tree,
        http: bool,
    ) -> Option<(&'static str, ServiceRoute<'f>, OriginId)> {
        let login = http && self.ask_login(get(router, "middlewares").map_or_else(Vec::new, texts));
        let options = get(router, "tls").and_then(|it| get(it, "options"));
        let options = options.map_or_else(Vec::new, texts);
        let certificate = options.iter().any(|name| self.certificates.contains(name));
        guarded.iter().find_map(|way| {
            let sso = matches!(way.route.login.value, Login::Sso(_));
            if sso && !login {
                return Some(("login", *way, way.route.login.origin));
            }
            let private = way.route.expose.value == Exposure::Private && !certificate;
            private.then_some(("client certificate", *way, way.route.expose.origin))
        })
    }

    /// Whether one of these middlewares, or of those in chains among them, asks for a login.
    fn ask_login(&self, mut waiting: Vec<String>) -> bool {
        let mut opened = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            if self.logins.contains(&name) {
                return true;
            }
            if let Some(inner) = self.chains.get(&name)
                && opened.insert(name)
            {
                waiting.extend(inner.iter().cloned());
            }
        }
        false
    }
}

/// A key of a map; Traefik does not tell letters by their case.
fn get<'t>(tree: &'t Tree, key: &str) -> Option<&'t Tree> {
    entries(tree).iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, tree)| tree)
}

fn entries(tree: &Tree) -> &[(String, Tree)] {
    match &tree.node {
        TreeNode::Map(entries) => entries,
        TreeNode::Bool(_)
        | TreeNode::Int(_)
        | TreeNode::Float(_)
        | TreeNode::Text(_)
        | TreeNode::Filled(_)
        | TreeNode::List(_) => &[],
    }
}
