//! One router as Traefik counts it, with what its entry points say.

use std::collections::BTreeMap;

use super::build::{provider, qualified, shown};
use super::configuration::{EncodedCharacters, EntryPoint, Router};
use super::rule;

/// A router as it is counted.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    /// With its provider.
    pub(crate) name: String,
    /// As answers name it.
    pub(crate) shown: String,
    pub(crate) rule: String,
    pub(crate) v2: bool,
    pub(crate) priority: i64,
    pub(crate) points: Vec<String>,
    pub(crate) middlewares: Vec<String>,
    pub(crate) service: String,
    pub(crate) tls: Option<String>,
    /// The TLS options that it names, qualified.
    pub(crate) wanted: String,
    /// Those that it gets.
    pub(crate) resolved: String,
    pub(crate) conflict: bool,
    /// The routers that it is below.
    pub(crate) parents: Option<Vec<String>>,
    pub(crate) encoded: Option<EncodedCharacters>,
}

/// The entry points of routers that name none.
pub(crate) fn defaults(points: &[EntryPoint]) -> Vec<String> {
    let some = points.iter().any(|point| point.as_default);
    let names = points.iter().filter(|point| point.as_default || !some);
    names.map(|point| point.name.clone()).collect()
}

pub(crate) fn planned(name: &str, router: &Router, defaults: &[String]) -> Planned {
    let provider = provider(name);
    let parents: Vec<_> = router.parents.iter().map(|it| qualified(it, provider)).collect();
    let parents = (!parents.is_empty()).then_some(parents);
    let mut points = router.entry_points.clone();
    if points.is_empty() && parents.is_none() {
        points = defaults.to_vec();
    }
    let mut planned = Planned {
        name: name.to_owned(),
        shown: shown(name).to_owned(),
        rule: router.rule.clone(),
        v2: router.syntax == "v2",
        priority: match router.priority {
            0 => rule::default_priority(&router.rule),
            priority => priority,
        },
        points,
        middlewares: router.middlewares.iter().map(|it| qualified(it, provider)).collect(),
        service: router.service.clone(),
        tls: router.tls.clone(),
        wanted: String::new(),
        resolved: String::new(),
        conflict: false,
        parents,
        encoded: None,
    };
    planned.resolve();
    planned
}

impl Planned {
    fn resolve(&mut self) {
        self.wanted = match self.tls.as_deref() {
            None | Some("" | "default") => "default".to_owned(),
            Some(options) => qualified(options, provider(&self.name)),
        };
        self.resolved.clone_from(&self.wanted);
    }
}

/// A router with what its entry points say: once for each of those that say something, and once for the others.
pub(crate) fn modelled(
    router: Planned,
    points: &[EntryPoint],
    renamed: &mut BTreeMap<String, Vec<String>>,
) -> Vec<Planned> {
    if router.parents.is_some() {
        return vec![router];
    }
    let says = |point: &&EntryPoint| {
        !point.middlewares.is_empty() || point.tls.is_some() || point.encoded_characters.is_some()
    };
    let mut some = Vec::new();
    let mut rest = router.clone();
    rest.points.clear();
    for name in &router.points {
        let Some(point) = points.iter().find(|point| point.name == *name).filter(says) else {
            rest.points.push(name.clone());
            continue;
        };
        let mut copy = router.clone();
        copy.points = vec![name.clone()];
        copy.encoded = point.encoded_characters;
        copy.tls = copy.tls.or_else(|| point.tls.clone());
        let first = point.middlewares.iter().map(|it| qualified(it, provider(&router.name)));
        copy.middlewares = first.chain(copy.middlewares).collect();
        if router.points.len() > 1 {
            copy.name = format!("{name}-{}", router.name);
            copy.shown = format!("{name}-{}", router.shown);
            renamed.entry(router.name.clone()).or_default().push(copy.name.clone());
        }
        copy.resolve();
        some.push(copy);
    }
    if !rest.points.is_empty() || some.is_empty() {
        if let Some(renamed) = renamed.get_mut(&router.name) {
            renamed.push(router.name.clone());
        }
        some.push(rest);
    }
    some
}
