//! The proxies and the login servers of a fleet, each put up once from its files, for any number of requests.

use qg_fleet::proxy::ProxyEngine;
use qg_requests::traefik::{self, Answer, Request};
use qg_targets::OutputFile;

use super::houses::House;
use super::login::{Login, Portal};
use super::{Ask, Consulted, Target, Told, Unsent, Verdict, Who};
use crate::Build;

/// The files of a proxy.
#[derive(Clone, Copy)]
pub struct ProxyFiles<'f> {
    pub proxy: &'f str,
    pub host: &'f str,
    /// Its own configuration.
    pub fixed: &'f OutputFile,
    /// Its routers and what they need.
    pub dynamic: &'f OutputFile,
}

/// What of a fleet answers requests, and can be simulated.
pub struct Servers<'f> {
    /// By proxy and host; why its files would be refused, where they would.
    houses: Vec<(&'f str, &'f str, Result<House<'f>, Unsent>)>,
    portals: Result<Vec<Portal<'f>>, Unsent>,
    /// The engines of proxies that are not simulated.
    engines: Vec<&'static str>,
}

impl<'f> Servers<'f> {
    /// Those of a fleet.
    ///
    /// # Errors
    /// The fleet has errors.
    pub fn of(build: &'f Build) -> Result<Servers<'f>, Unsent> {
        let fleet = build.fleet.as_ref().ok_or(Unsent::Broken)?;
        let (mut engines, mut houses): (Vec<&'static str>, Vec<_>) = (Vec::new(), Vec::new());
        for (key, proxy) in &fleet.model.proxy {
            match &proxy.engine.value {
                ProxyEngine::Traefik(_) => {
                    let host = proxy.on.entity();
                    houses.push((key.as_str(), host, House::of(build, key, host)));
                }
                ProxyEngine::Caddy(_) => engines.push("Caddy"),
            }
        }
        Ok(Servers { houses, portals: Portal::all(build), engines })
    }

    /// Those of files that somebody else has written; each login server with its name.
    ///
    /// # Errors
    /// The program would refuse one of them.
    pub fn read(
        proxies: &[ProxyFiles<'f>],
        portals: &[(&str, &'f OutputFile)],
    ) -> Result<Servers<'f>, Unsent> {
        let house = |it: &ProxyFiles<'f>| {
            Ok((it.proxy, it.host, Ok(House::read(it.proxy, it.host, it.fixed, it.dynamic)?)))
        };
        let houses = proxies.iter().map(house).collect::<Result<_, Unsent>>()?;
        let portal = |(name, file): &(&str, &'f OutputFile)| Portal::read((*name).to_owned(), file);
        let portals = portals.iter().map(portal).collect::<Result<_, Unsent>>()?;
        Ok(Servers { houses, portals: Ok(portals), engines: Vec::new() })
    }

    /// The same with all places at hand: then answers are given without a look at the build.
    #[must_use]
    pub fn with_places(mut self, build: &Build) -> Servers<'f> {
        for house in self.houses.iter_mut().filter_map(|(.., house)| house.as_mut().ok()) {
            house.learn(build);
        }
        for portal in self.portals.iter_mut().flatten() {
            portal.learn(build);
        }
        self
    }

    /// The proxies that are up.
    pub(crate) fn up(&self) -> impl Iterator<Item = &House<'f>> {
        self.houses.iter().filter_map(|(.., house)| house.as_ref().ok())
    }

    /// Puts a request to a proxy, and says what it answers and what its login server was asked. The programs behind
    /// it answer with a status.
    ///
    /// # Errors
    /// The login server would refuse its file.
    pub(crate) fn put(
        &self,
        house: &House<'f>,
        request: &Request,
        who: Option<&Who>,
        status: u16,
    ) -> Result<(Answer, Login<'_, 'f>), Unsent> {
        let portals = self.portals.as_ref().map_err(Clone::clone)?;
        let mut login = Login::of(portals, who, status);
        Ok((house.up.answer(request, &mut login), login))
    }

    /// Sends a request as a browser would.
    ///
    /// # Errors
    /// Why there is nothing that it could be sent to.
    pub fn request(&self, build: &Build, ask: &Ask) -> Result<Told, Unsent> {
        let target = Target::of(&ask.url)?;
        if self.houses.is_empty() {
            return Err(Unsent::NoProxy(self.engines.clone()));
        }
        let at = ask.at.as_deref();
        let here = |host: &str| at.is_none_or(|at| host == at);
        if let Some(at) = at.filter(|_| !self.houses.iter().any(|(_, host, _)| here(host))) {
            return Err(Unsent::NoHost(at.to_owned()));
        }
        let (mut closed, mut first) = (Unsent::NoProxy(self.engines.clone()), None);
        for (_, host, house) in self.houses.iter().filter(|(_, host, _)| here(host)) {
            let house = house.as_ref().map_err(Clone::clone)?;
            let Some(point) = house.listens(target.port) else {
                closed = Unsent::Closed { host: (*host).to_owned(), port: target.port };
                continue;
            };
            let told = self.sent(build, house, point, &target, ask)?;
            if told.answer.router.is_some() {
                return Ok(told);
            }
            first.get_or_insert(told);
        }
        first.ok_or(closed)
    }

    fn sent(
        &self,
        build: &Build,
        house: &House<'f>,
        point: &traefik::EntryPoint,
        target: &Target,
        ask: &Ask,
    ) -> Result<Told, Unsent> {
        let request = target.request(ask, point);
        let (answer, login) = self.put(house, &request, ask.who.as_ref(), 200)?;
        let logins: Vec<Consulted> = login.asked(build);
        let verdict = Verdict::of(build, house, &answer, &logins, ask);
        let mut unsure = house.unsure(&answer);
        unsure.extend(answer.story.tied.iter().map(|other| {
            format!("router {other} matches too and has the same priority: chance decides")
        }));
        Ok(Told {
            proxy: format!("proxy.{}", house.proxy),
            host: house.host.to_owned(),
            entry_point: (point.name.clone(), point.address.clone()),
            verdict,
            places: house.places(build, &answer),
            guarding: match answer.status {
                traefik::Status::TlsFailure => house.named(build, &target.host),
                traefik::Status::Tcp | traefik::Status::Http(_) => Vec::new(),
            },
            answer,
            logins,
            unsure,
        })
    }
}
