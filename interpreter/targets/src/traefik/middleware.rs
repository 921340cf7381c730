//! Middlewares: which ones a proxy needs, and how each is spelled.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::Model;
use qg_fleet::leaf::{At, EntityPath};
use qg_fleet::middleware::Middleware;
use qg_fleet::proxy::Proxy;
use qg_formats::{Entries, Tree};

use super::fields::Fields;
use super::spell::Spelling;
use crate::names::Names;

/// The middlewares of the model that a proxy's routes go through, those inside chains too, by key.
#[must_use]
pub fn used<'f>(model: &'f Model, key: &str, proxy: &Proxy) -> BTreeSet<&'f str> {
    let mut all = used_by(model, key, proxy, true);
    all.extend(used_by(model, key, proxy, false));
    all
}

/// The middlewares of the model by what the file calls them.
#[must_use]
pub(crate) fn labels<'f>(model: &'f Model, key: &str, proxy: &Proxy) -> BTreeMap<String, &'f str> {
    let mut names = Names::default();
    used(model, key, proxy).into_iter().map(|name| (names.name(name), name)).collect()
}

/// Those of its routes over HTTP, or else over TCP.
pub(super) fn used_by<'f>(
    model: &'f Model,
    key: &str,
    proxy: &Proxy,
    http: bool,
) -> BTreeSet<&'f str> {
    let mut waiting: Vec<EntityPath> = Vec::new();
    for way in model.ways_of(key).filter(|way| way.route.is_http() == http) {
        if http && !proxy.exempts(way.service) {
            waiting.extend(proxy.r#use.iter().map(|it| it.value.clone()));
        }
        waiting.extend(way.route.r#use.iter().map(|it| it.value.clone()));
        let behind = way.route.backend().map(|path| model.backends_below(path.entity()));
        for backend in behind.into_iter().flatten() {
            let guards = model.backend.get(backend).into_iter().flat_map(|it| it.r#use.iter());
            waiting.extend(guards.map(|it| it.value.clone()));
        }
    }
    let mut found = BTreeSet::new();
    while let Some(path) = waiting.pop() {
        let known = model.middleware.get_key_value(path.entity());
        if let Some((name, middleware)) = known
            && is_for(&middleware.does.kind, http)
            && found.insert(name.as_str())
        {
            waiting.extend(middleware.inner());
        }
    }
    found
}

/// Whether Traefik has such a middleware for HTTP (or else TCP).
pub(crate) fn is_for(kind: &str, http: bool) -> bool {
    let all = Fields::get().of(if http { "Middleware" } else { "TCPMiddleware" });
    all.is_some_and(|all| all.contains_key(kind))
}

/// One middleware: a map with its kind as the only key.
pub(super) fn tree(middleware: &At<Middleware>, http: bool, spelling: &Spelling<'_>) -> Tree {
    let does = &middleware.does;
    let section = if http { "Middleware" } else { "TCPMiddleware" };
    let entries = match plugin(middleware) {
        Some((name, settings)) => {
            let mut entries = Entries::new();
            entries.put(name, Tree::data(settings, spelling.seal));
            entries
        }
        None => {
            let kind = Fields::get().of(section).and_then(|all| all.get(&does.kind));
            spelling.entries(kind.map_or("", String::as_str), &does.options)
        }
    };
    let mut outer = Entries::new();
    outer.put(does.kind.clone(), entries.tree(does.origin));
    outer.tree(middleware.origin)
}

/// A plugin's name, and what it is told; the settings are the plugin's own, and stay as they are.
pub(crate) fn plugin(middleware: &Middleware) -> Option<(&str, &At<qg_fleet::leaf::Data>)> {
    let does = Some(&middleware.does).filter(|does| does.kind == "plugin")?;
    Some((does.get("name")?.text()?, does.get("settings")?))
}
