//! A configuration that is up: routers by entry point, each with all that it needs, and the TLS options of names.

use super::Peers;
use super::answer::{Answer, Considered, Outcome, Status, Story};
use super::build::{Builder, shown};
use super::configuration::{Configuration, EntryPoint};
use super::entry;
use super::live::{Live, Reply, Run};
use super::network::Networks;
use super::plan::Plan;
use super::request::Request;
use super::routers::Mux;
use super::tcp::Takers;
use super::tls::Listener;
use super::up::{Up, options};

/// A configuration that is up.
#[derive(Clone, Debug)]
pub struct Proxy {
    points: Vec<Point>,
    hostname: String,
    unsupported: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) point: EntryPoint,
    pub(crate) trusted: Networks,
    pub(crate) plain: Mux,
    pub(crate) secure: Mux,
    pub(crate) listener: Listener,
    pub(crate) takers: Takers,
}

impl Proxy {
    /// Puts a configuration up, dropping what Traefik drops.
    #[must_use]
    pub fn new(configuration: &Configuration, peers: &dyn Peers) -> Self {
        let plan = Plan::new(configuration);
        let up = Up {
            builder: Builder::new(configuration, &plan.middlewares, peers),
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
        let moved = point.and_then(|it| it.proxied(request));
        let request = moved.as_ref().unwrap_or(request);
        let mut run = Run {
            peers,
            reached: Vec::new(),
            authority: None,
            story: Story::default(),
            router: None,
            conflict: false,
            gathered: false,
        };
        if let Some(taken) = point.and_then(|it| it.taken(request)) {
            run.story.before.push(format!("the TCP router {taken} takes the connection"));
            let (status, router) = (Status::Tcp, Some(taken.to_owned()));
            return run.answer(status, router, Reply::default());
        }
        let reply = match point {
            Some(point) => point.answer(request, &self.hostname, &mut run),
            None => {
                run.story.before.push("there is no such entry point".to_owned());
                None
            }
        };
        let status = reply.as_ref().map_or(Status::TlsFailure, |it| Status::Http(it.status));
        let router = run.router.take();
        run.answer(status, router, reply.unwrap_or_default())
    }
}

impl Run<'_> {
    fn answer(self, status: Status, router: Option<String>, reply: Reply) -> Answer {
        Answer {
            status,
            router,
            tls_options_conflict: self.conflict,
            headers: reply.headers,
            reached: self.reached,
            authority: self.authority,
            story: self.story,
        }
    }
}

impl Point {
    /// The request as from where the PROXY protocol says, where that is believed.
    fn proxied(&self, request: &Request) -> Option<Request> {
        let (said, address) = (self.point.proxied.as_ref()?, request.proxied?);
        let trusted = || Networks::new(&said.trusted).is_ok_and(|it| it.contain(request.client_ip));
        (said.insecure || trusted()).then(|| Request { client_ip: address, ..request.clone() })
    }

    /// The TCP router that takes the connection. A name of an HTTP rule comes first, one for every name last.
    fn taken(&self, request: &Request) -> Option<&str> {
        let sni = request.tls.as_ref().map(|tls| tls.sni.as_deref());
        let (name, every) = self.takers.take(sni.is_some(), sni.flatten(), request.client_ip)?;
        let http = sni.is_some_and(|sni| {
            let bound = self.listener.bound(sni);
            bound.is_some_and(|host| host != "*" || every)
        });
        (!http).then_some(name)
    }

    fn answer(&self, request: &Request, hostname: &str, run: &mut Run<'_>) -> Option<Reply> {
        run.story.entry_point.clone_from(&self.point.name);
        let Some(tls) = &request.tls else {
            return Some(self.serve(&self.plain, None, false, request, hostname, run));
        };
        let (name, usable) = self.listener.choose(tls.sni.as_deref());
        let shaken = usable.ok_or("they cannot be used").and_then(|it| it.shake(tls).map(|()| it));
        let sni = tls.sni.as_deref().unwrap_or("no name");
        let name = shown(name);
        run.story.tied.extend(self.listener.tied(tls.sni.as_deref()));
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
            entry::prepare(&self.point, &self.trusted, hostname, &mut live, &mut said)
                .map(|()| live)
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
