//! Routers as Traefik counts them in the end: with the defaults of entry points, its own redirections, and TLS options
//! settled by host name (`pkg/server/aggregator.go`, `pkg/provider/traefik`).

use std::collections::{BTreeMap, BTreeSet};

use super::build::{FILE, INTERNAL, qualified, shown};
use super::configuration::{Configuration, EntryPoint, Middleware, Router};
use super::live::split_host_port;
use super::planned::{Planned, defaults, modelled, planned};
use super::rule::{self, Refusal, Rule};

/// All routers, by qualified name, and the middlewares that Traefik makes itself.
pub(crate) struct Plan {
    pub(crate) routers: BTreeMap<String, Planned>,
    pub(crate) middlewares: BTreeMap<String, Middleware>,
    /// The entry points of routers that name none.
    pub(crate) defaults: Vec<String>,
}

impl Plan {
    pub(crate) fn new(configuration: &Configuration) -> Self {
        let defaults = defaults(&configuration.entry_points);
        let mut plan = Self {
            routers: BTreeMap::new(),
            middlewares: BTreeMap::new(),
            defaults: defaults.clone(),
        };
        let mut all: Vec<_> = configuration
            .routers
            .iter()
            .map(|(name, router)| planned(&qualified(name, FILE), router, &defaults))
            .collect();
        all.extend(
            configuration
                .entry_points
                .iter()
                .filter_map(|point| plan.redirection(point, configuration)),
        );
        let mut renamed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for router in all {
            for router in modelled(router, &configuration.entry_points, &mut renamed) {
                plan.routers.insert(router.name.clone(), router);
            }
        }
        plan.rename_parents(&renamed);
        plan.settle(&configuration.entry_points);
        plan
    }

    /// The router that redirects a whole entry point.
    fn redirection(
        &mut self,
        point: &EntryPoint,
        configuration: &Configuration,
    ) -> Option<Planned> {
        let said = point.redirection.as_ref().filter(|it| !it.to.is_empty())?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        let port = match said.to.strip_prefix(':').filter(|port| digits(port)) {
            Some(port) => port.to_owned(),
            None => {
                let to = configuration.entry_points.iter().find(|it| it.name == said.to)?;
                let address = to.address.split('/').next().unwrap_or_default();
                split_host_port(address)?.1.to_owned()
            }
        };
        let name = format!("{}-to-{}", point.name, said.to);
        let parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        let name = parts.collect::<Vec<_>>().join("-");
        let middleware = format!("redirect-{name}");
        let redirect = Middleware::RedirectScheme {
            scheme: said.scheme.clone(),
            port,
            permanent: said.permanent,
        };
        self.middlewares.insert(qualified(&middleware, INTERNAL), redirect);
        let router = Router {
            rule: "HostRegexp(`^.+$`)".to_owned(),
            entry_points: vec![point.name.clone()],
            middlewares: vec![middleware],
            service: "noop@internal".to_owned(),
            priority: said.priority,
            ..Router::default()
        };
        Some(planned(&qualified(&name, INTERNAL), &router, &[]))
    }

    fn rename_parents(&mut self, renamed: &BTreeMap<String, Vec<String>>) {
        for router in self.routers.values_mut() {
            let Some(parents) = &mut router.parents else { continue };
            let all = parents
                .iter()
                .flat_map(|it| renamed.get(it).cloned().unwrap_or_else(|| vec![it.clone()]));
            *parents = all.collect();
        }
    }

    /// Settles TLS options by host name: two routers of one host with different ones both get the default ones.
    fn settle(&mut self, points: &[EntryPoint]) {
        let mut copies = Vec::new();
        for point in points {
            let conflicting = self.conflicting(&point.name);
            for name in conflicting {
                let Some(router) = self.routers.get_mut(&name) else { continue };
                router.points.retain(|it| *it != point.name);
                let mut copy = router.clone();
                copy.name = format!("{}-conflicted-{name}", point.name);
                copy.points = vec![point.name.clone()];
                copy.conflict = true;
                "default".clone_into(&mut copy.resolved);
                copies.push(copy);
            }
        }
        self.routers.retain(|_, router| !router.points.is_empty() || router.parents.is_some());
        self.routers.extend(copies.into_iter().map(|copy| (copy.name.clone(), copy)));
    }

    fn conflicting(&self, point: &str) -> BTreeSet<String> {
        let mut conflicting = BTreeSet::new();
        let mut by_host: BTreeMap<String, BTreeMap<&str, Vec<&String>>> = BTreeMap::new();
        let here =
            |router: &&Planned| router.tls.is_some() && router.points.iter().any(|it| it == point);
        for router in self.routers.values().filter(here) {
            let Ok(hosts) = rule::hosts(&router.rule) else { continue };
            // Without a host no option can be chosen.
            if hosts.is_empty() && router.resolved != "default" {
                conflicting.insert(router.name.clone());
            }
            for host in hosts {
                by_host
                    .entry(host)
                    .or_default()
                    .entry(&router.resolved)
                    .or_default()
                    .push(&router.name);
            }
        }
        for options in by_host.values().filter(|options| options.len() > 1) {
            conflicting.extend(options.values().flatten().map(|name| (*name).clone()));
        }
        conflicting
    }

    /// The rule of a router.
    pub(crate) fn rule(&self, planned: &Planned) -> Result<Rule, Refusal> {
        match planned.v2 {
            true => rule::parse_older(&planned.rule),
            false => rule::parse(&planned.rule),
        }
    }

    /// The routers below one.
    pub(crate) fn children(&self, name: &str) -> Vec<String> {
        let below = |router: &&Planned| {
            router.parents.as_ref().is_some_and(|parents| parents.iter().any(|it| it == name))
        };
        self.routers.values().filter(below).map(|it| it.name.clone()).collect()
    }

    /// Why a router cannot be below others.
    pub(crate) fn child_problem(&self, planned: &Planned) -> Option<String> {
        let parents = planned.parents.as_deref().unwrap_or_default();
        if let Some(lost) = parents.iter().find(|it| !self.routers.contains_key(*it)) {
            return Some(format!("the router {} above it does not exist", shown(lost)));
        }
        let own = planned.tls.is_some() || !planned.points.is_empty();
        own.then(|| "is below another and cannot have TLS or entry points of its own".to_owned())
    }
}
