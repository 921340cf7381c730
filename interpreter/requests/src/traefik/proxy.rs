//! A configuration that is up: routers by entry point, each with all that it needs, and the TLS options of names.

use std::collections::BTreeMap;

use super::Peers;
use super::answer::{Answer, Considered, Outcome, Status, Story};
use super::build::{Builder, provider, qualified, shown};
use super::configuration::{Configuration, EntryPoint, TlsOptions};
use super::entry;
use super::live::{Live, Reply, Run};
use super::network::Networks;
use super::plan::{Plan, Planned};
use super::request::Request;
use super::routers::{End, Mux, Route};
use super::rule::{self, Refusal};
use super::tls::{Bound, Listener, Usable};

/// A configuration that is up.
#[derive(Clone, Debug)]
pub struct Proxy {
    points: Vec<Point>,
    hostname: String,
    unsupported: Vec<String>,
}

#[derive(Clone, Debug)]
struct Point {
    point: EntryPoint,
    trusted: Networks,
    plain: Mux,
    secure: Mux,
    listener: Listener,
}

impl Proxy {
    /// Puts a configuration up, dropping what Traefik drops.
    #[must_use]
    pub fn new(configuration: &Configuration, peers: &dyn Peers) -> Self {
        let plan = Plan::new(configuration);
        let up = Up {
            builder: Builder { configuration, internal: &plan.middlewares, peers },
            plan: &plan,
            options: options(configuration, peers),
        };
        let points = configuration.entry_points.iter().map(|point| up.point(point)).collect();
        let mut unsupported = configuration.unsupported.clone();
        unsupported.extend(up.unsupported());
        Self { points, hostname: configuration.hostname.clone(), unsupported }
    }

    /// What the configuration says and this model does not do.
    #[must_use]
    pub fn unsupported(&self) -> &[String] {
        &self.unsupported
    }

    /// The routers of an entry point that never answer, and why.
    pub fn dropped(&self) -> impl Iterator<Item = &Considered> {
        self.points.iter().flat_map(|it| it.plain.dropped.iter().chain(&it.secure.dropped))
    }

    /// What is answered to a request.
    pub fn answer(&self, request: &Request, peers: &mut dyn Peers) -> Answer {
        let name = request.entry_point.as_deref();
        let point = self.points.iter().find(|it| name.is_none_or(|name| it.point.name == name));
        let mut run = Run {
            peers,
            reached: Vec::new(),
            authority: None,
            story: Story::default(),
            router: None,
            conflict: false,
        };
        let reply = match point {
            Some(point) => point.answer(request, &self.hostname, &mut run),
            None => {
                run.story.before.push("there is no such entry point".to_owned());
                None
            }
        };
        Answer {
            status: reply.as_ref().map_or(Status::TlsFailure, |it| Status::Http(it.status)),
            router: run.router,
            tls_options_conflict: run.conflict,
            headers: reply.unwrap_or_default().headers,
            reached: run.reached,
            authority: run.authority,
            story: run.story,
        }
    }
}

impl Point {
    fn answer(&self, request: &Request, hostname: &str, run: &mut Run<'_>) -> Option<Reply> {
        run.story.entry_point.clone_from(&self.point.name);
        let Some(tls) = &request.tls else {
            return Some(self.serve(&self.plain, None, false, request, hostname, run));
        };
        let (name, usable) = self.listener.choose(tls.sni.as_deref());
        let shaken = usable.ok_or("they cannot be used").and_then(|it| it.shake(tls).map(|()| it));
        let sni = tls.sni.as_deref().unwrap_or("no name");
        let name = shown(name);
        match shaken {
            Err(why) => {
                run.story.before.push(format!("{sni} has the TLS options {name}: {why}"));
                None
            }
            Ok(usable) => {
                run.story.before.push(format!("{sni} has the TLS options {name}"));
                let sees = usable.sees_certificate()
                    && tls.certificate != super::request::Certificate::None;
                Some(self.serve(&self.secure, Some(name), sees, request, hostname, run))
            }
        }
    }

    fn serve(
        &self,
        mux: &Mux,
        used: Option<&str>,
        certificate: bool,
        request: &Request,
        hostname: &str,
        run: &mut Run<'_>,
    ) -> Reply {
        let mut said = Vec::new();
        let live = entry::receive(request).and_then(|mut live: Live| {
            live.certificate = certificate;
            entry::prepare(&self.point, &self.trusted, hostname, &mut live, &mut said).map(|()| live)
        });
        run.story.before.extend(said);
        let mut live = match live {
            Ok(live) => live,
            Err(reply) => {
                run.story.before.push(format!("no router is asked: {}", reply.status));
                return reply;
            }
        };
        let mut reply = mux.serve(&mut live, used, run);
        if entry::closes(request) {
            reply.headers.set("Connection", "close");
        }
        let other = if used.is_some() { &self.plain } else { &self.secure };
        run.story.routers.extend(other.routes.iter().map(|it| it.considered(Outcome::OtherSide)));
        run.story.routers.extend(other.dropped.iter().cloned());
        reply
    }
}

/// The TLS options by qualified name, or why they cannot be used.
fn options(
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
struct Up<'a> {
    builder: Builder<'a>,
    plan: &'a Plan,
    options: BTreeMap<String, Result<Usable, String>>,
}

impl Up<'_> {
    fn point(&self, point: &EntryPoint) -> Point {
        let mut up = Point {
            point: point.clone(),
            // A list that cannot be read keeps Traefik from starting; nobody is trusted here.
            trusted: Networks::new(&point.forwarded.trusted).unwrap_or_default(),
            plain: Mux::default(),
            secure: Mux::default(),
            listener: Listener::default(),
        };
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
            return Err(format!("a priority of {} is more than a router may have", planned.priority));
        }
        if planned.tls.is_some() {
            match self.options.get(&planned.wanted) {
                None => return Err(format!("the TLS options {} do not exist", shown(&planned.wanted))),
                Some(Err(why)) => return Err(format!("the TLS options {}: {why}", shown(&planned.wanted))),
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
        let rule = self.plan.rule(planned).map_err(|why| format!("its rule cannot be read: {why}"))?;
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

    fn children(&self, names: &[String], parent: &str, above: &mut Vec<String>) -> Result<Mux, String> {
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
    fn unsupported(&self) -> Vec<String> {
        let rules = self.plan.routers.values().filter_map(|planned| match self.plan.rule(planned) {
            Err(Refusal::Unsupported(why)) => Some(format!("http.routers.{}.rule: {why}", planned.shown)),
            Ok(_) | Err(Refusal::Syntax(_) | Refusal::Arguments(_)) => None,
        });
        rules.collect()
    }
}
