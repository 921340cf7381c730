//! Puts the routers of each entry point up, and the TLS options of their names.

use std::collections::BTreeMap;

use super::Peers;
use super::answer::{Considered, Outcome};
use super::build::{Builder, provider, qualified, shown};
use super::configuration::{Configuration, EntryPoint, TlsOptions};
use super::network::Networks;
use super::plan::Plan;
use super::planned::Planned;
use super::proxy::Point;
use super::routers::{End, Mux, Route};
use super::rule::{self, Refusal};
use super::tcp::Takers;
use super::tls::{Bound, Listener, Usable};

/// The TLS options by qualified name, or why they cannot be used.
pub(crate) fn options(
    configuration: &Configuration,
    peers: &dyn Peers,
) -> BTreeMap<String, Result<Usable, String>> {
    let mut options = BTreeMap::new();
    let usual = TlsOptions::default();
    options.insert("default".to_owned(), Usable::new(&usual, peers));
    for (name, said) in &configuration.tls_options {
        let name = if name == "default" { name.clone() } else { qualified(name, "file") };
        options.insert(name, Usable::new(said, peers));
    }
    options
}

/// While it is put up.
pub(crate) struct Up<'a> {
    pub(crate) builder: Builder<'a>,
    pub(crate) plan: &'a Plan,
    pub(crate) options: BTreeMap<String, Result<Usable, String>>,
}

impl Up<'_> {
    pub(crate) fn point(&self, point: &EntryPoint) -> Point {
        let mut up = Point {
            point: point.clone(),
            // A list that cannot be read keeps Traefik from starting; nobody is trusted here.
            trusted: Networks::new(&point.forwarded.trusted).unwrap_or_default(),
            plain: Mux::default(),
            secure: Mux::default(),
            listener: Listener::default(),
            takers: Takers::default(),
        };
        let configuration = self.builder.configuration;
        (up.takers, up.plain.dropped) =
            Takers::new(configuration, &point.name, &self.plan.defaults);
        up.listener.default = self.options.get("default").and_then(|it| it.as_ref().ok()).cloned();
        for planned in self.plan.routers.values().filter(|it| it.points.contains(&point.name)) {
            if planned.parents.is_some() {
                continue;
            }
            if planned.tls.is_some() {
                self.bind(planned, &mut up.listener);
                self.add(planned, &mut up.secure);
            } else {
                self.add(planned, &mut up.plain);
            }
        }
        up.plain.sort();
        up.secure.sort();
        up
    }

    /// Binds the names of a router's rule to its TLS options, whether or not the router itself can be.
    fn bind(&self, planned: &Planned, listener: &mut Listener) {
        let Ok(hosts) = rule::hosts(&planned.rule) else { return };
        let usable = |name: &str| self.options.get(name).and_then(|it| it.as_ref().ok()).cloned();
        if hosts.is_empty() {
            listener.bind("*", Bound { options: "default".to_owned(), usable: usable("default") });
        }
        for host in hosts {
            let options = planned.resolved.clone();
            let usable = usable(&options);
            listener.bind(&host, Bound { options, usable });
        }
    }

    fn add(&self, planned: &Planned, mux: &mut Mux) {
        match self.route(planned, &mut Vec::new()) {
            Ok(route) => mux.routes.push(route),
            Err(why) => mux.dropped.push(Considered {
                router: planned.shown.clone(),
                rule: planned.rule.clone(),
                priority: planned.priority,
                outcome: Outcome::Dropped(why),
            }),
        }
    }

    fn route(&self, planned: &Planned, above: &mut Vec<String>) -> Result<Route, String> {
        const MOST: i64 = i64::MAX - 1000;
        if planned.priority > MOST && !planned.name.ends_with("@internal") {
            return Err(format!(
                "a priority of {} is more than a router may have",
                planned.priority
            ));
        }
        if planned.tls.is_some() {
            match self.options.get(&planned.wanted) {
                None => {
                    return Err(format!("the TLS options {} do not exist", shown(&planned.wanted)));
                }
                Some(Err(why)) => {
                    return Err(format!("the TLS options {}: {why}", shown(&planned.wanted)));
                }
                Some(Ok(_)) => {}
            }
        }
        let provider = provider(&planned.name);
        let children = self.plan.children(&planned.name);
        let end = if !children.is_empty() {
            End::Children(self.children(&children, &planned.name, above)?)
        } else if planned.service.is_empty() {
            return Err("has neither a service nor routers below it".to_owned());
        } else {
            End::Service(self.builder.service(&qualified(&planned.service, provider), &[])?)
        };
        let chain = self.builder.chain(&planned.middlewares, provider, &[])?;
        let rule =
            self.plan.rule(planned).map_err(|why| format!("its rule cannot be read: {why}"))?;
        Ok(Route {
            name: planned.shown.clone(),
            text: planned.rule.clone(),
            priority: planned.priority,
            rule,
            encoded: planned.encoded.filter(|_| planned.parents.is_none()),
            options: planned.tls.as_ref().map(|_| shown(&planned.resolved).to_owned()),
            conflict: planned.conflict,
            chain,
            end,
        })
    }

    fn children(
        &self,
        names: &[String],
        parent: &str,
        above: &mut Vec<String>,
    ) -> Result<Mux, String> {
        if above.iter().any(|it| it == parent) {
            return Err("the routers above it go round in a circle".to_owned());
        }
        above.push(parent.to_owned());
        let mut mux = Mux::default();
        for name in names {
            let Some(planned) = self.plan.routers.get(name) else { continue };
            let route = match self.plan.child_problem(planned) {
                Some(why) => Err(why),
                None => self.route(planned, above),
            };
            match route {
                Ok(route) => mux.routes.push(route),
                Err(why) => mux.dropped.push(Considered {
                    router: planned.shown.clone(),
                    rule: planned.rule.clone(),
                    priority: planned.priority,
                    outcome: Outcome::Dropped(why),
                }),
            }
        }
        above.pop();
        mux.sort();
        if mux.routes.is_empty() { Err("no router below it can be".to_owned()) } else { Ok(mux) }
    }

    /// Rules and patterns that only Go can read.
    pub(crate) fn unsupported(&self) -> Vec<String> {
        let rules =
            self.plan.routers.values().filter_map(|planned| match self.plan.rule(planned) {
                Err(Refusal::Unsupported(why)) => {
                    Some(format!("http.routers.{}.rule: {why}", planned.shown))
                }
                Ok(_) | Err(Refusal::Syntax(_) | Refusal::Arguments(_)) => None,
            });
        let tcp = self.builder.configuration.tcp_routers.iter();
        let tcp = tcp.filter(|(_, router)| router.rule.to_lowercase().contains("alpn("));
        rules.chain(tcp.map(|(name, _)| format!("tcp.routers.{name}.rule: `ALPN`"))).collect()
    }
}
