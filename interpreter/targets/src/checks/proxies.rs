//! Proxies and their middlewares: what Traefik would drop, and what it does not know.

use std::collections::BTreeMap;

use qg_fleet::checks::place::{first_place, place};
use qg_fleet::leaf::{At, Data, EntityPath, OriginId};
use qg_fleet::proxy::{Proxy, TraefikProxy};
use qg_fleet::route::Exposure;
use qg_formats::{Tree, TreePiece};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::{fleet as codes, target};

use super::Check;
use crate::merge::Clash;
use crate::traefik::fields::Fields;
use crate::{Prepared, authelia, traefik};

pub(super) const CHECK: Check = Check {
    codes: &[
        codes::BAD_MIDDLEWARE,
        codes::ONE_PER_HOST,
        target::OPTION_CLASH,
        target::SECRET_IN_STATIC,
        target::UNKNOWN_OPTION,
    ],
    run,
};

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    let mut hosts: BTreeMap<&str, &At<Proxy>> = BTreeMap::new();
    for (key, proxy) in &fleet.model.proxy {
        if let Some(other) = hosts.insert(proxy.on.entity(), proxy) {
            let message = format!("host.{} has another proxy already", proxy.on.entity());
            found.push(
                Diagnostic::error(codes::ONE_PER_HOST, place(fleet, proxy.origin), message)
                    .also(place(fleet, other.origin), "the other one")
                    .help("make one proxy of both, or put it `on` another host"),
            );
        }
        let lan = fleet.model.ways_of(key).find(|way| way.route.expose.value == Exposure::Lan);
        if let Some(way) = lan
            && proxy.lan.is_empty()
        {
            let message = format!("proxy.{key} knows no local network: `lan` is empty");
            found.push(
                Diagnostic::error(codes::BAD_MIDDLEWARE, place(fleet, proxy.lan.origin), message)
                    .also(place(fleet, way.route.expose.origin), "local by this"),
            );
        }
    }
    for of in fleet.model.traefiks() {
        options(fleet, of, found);
    }
    let mut hosts = BTreeMap::new();
    for portal in fleet.model.portal.values() {
        let host = fleet.model.host_of(&portal.service);
        if let Some(host) = host
            && let Some(other) = hosts.insert(host, portal)
        {
            let message = format!("host.{host} has another portal already");
            found.push(
                Diagnostic::error(codes::ONE_PER_HOST, place(fleet, portal.origin), message)
                    .also(place(fleet, other.origin), "the other one")
                    .help("one portal serves the whole fleet: delete one, or put its `service` on another host"),
            );
        }
    }
    for of in fleet.model.authelias() {
        if let Some(data) = &of.options.settings {
            let tree = Tree::data(data, &|_: &EntityPath, _| TreePiece::Text(String::new()));
            let value = serde_json::Value::from(&tree);
            for path in authelia::fields::unknown(&value) {
                let span = place(fleet, origin_at(&tree, &path));
                let message = format!("Authelia 4.39 has no option `{path}`");
                found.push(Diagnostic::error(target::UNKNOWN_OPTION, span, message));
            }
        }
        let (_, clashes) = authelia::configuration(fleet, of);
        clash(fleet, clashes, found);
    }
}

/// Options of the user's own, static and dynamic.
fn options(fleet: &Prepared<'_>, of: TraefikProxy<'_>, found: &mut Vec<Diagnostic>) {
    let traefik = of.options;
    let no_holes = |_: &EntityPath, _| TreePiece::Text(String::new());
    let mut unknown = |data: &At<Data>, judge: fn(Fields, &serde_json::Value) -> Vec<String>| {
        let tree = Tree::data(data, &no_holes);
        let value = serde_json::Value::from(&tree);
        for path in judge(Fields::get(), &value) {
            let origin = origin_at(&tree, &path);
            let message = format!("Traefik 3.7 has no option `{path}`");
            found.push(Diagnostic::error(target::UNKNOWN_OPTION, place(fleet, origin), message));
        }
    };
    if let Some(data) = &traefik.r#static {
        unknown(data, Fields::unknown_static);
    }
    if let Some(data) = &traefik.dynamic {
        unknown(data, Fields::unknown_dynamic);
    }
    if let Some(data) = &traefik.r#static {
        let mut secrets = Vec::new();
        traefik::data_secrets(data, &mut secrets);
        if let Some(secret) = secrets.first() {
            let message = format!("secret.{} cannot be filled in here", secret.entity());
            found.push(
                Diagnostic::error(target::SECRET_IN_STATIC, place(fleet, data.origin), message)
                    .help("hand it to the program in its environment"),
            );
        }
    }
    let (_, clashes) = traefik::static_options(fleet, of);
    clash(fleet, clashes, found);
    let (_, clashes) = traefik::dynamic_options(fleet, of);
    clash(fleet, clashes, found);
}

fn clash(fleet: &Prepared<'_>, clashes: &[Clash], found: &mut Vec<Diagnostic>) {
    for clash in clashes {
        let message = format!("`{}` is written from the model already", clash.path);
        found.push(
            Diagnostic::error(target::OPTION_CLASH, first_place(fleet, &clash.user), message)
                .also(first_place(fleet, &clash.target), "from this")
                .help("change it there, or drop it here"),
        );
    }
}

/// Who said the value at `a.b.c`, or the part of it that is known.
fn origin_at(tree: &Tree, path: &str) -> OriginId {
    let mut at = tree;
    for part in path.split('.') {
        let next = match &at.node {
            qg_formats::TreeNode::Map(entries) => {
                entries.iter().find(|(key, _)| key == part).map(|(_, value)| value)
            }
            qg_formats::TreeNode::Bool(_)
            | qg_formats::TreeNode::Int(_)
            | qg_formats::TreeNode::Float(_)
            | qg_formats::TreeNode::Text(_)
            | qg_formats::TreeNode::Filled(_)
            | qg_formats::TreeNode::List(_) => None,
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    at.origins.first().copied().unwrap_or_default()
}
