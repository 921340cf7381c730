//! Ways in: every route with the service it belongs to, the proxy that answers for it, and where it leads.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Model;
use super::leaf::{At, EntityPath, OriginId, RefOr};
use super::path::decoded;
use super::portal::Portal;
use super::proxy::Proxy;
use super::route::{Exposure, Route, Scheme};
use super::service::Service;
use qg_lang::network::is_loopback;
use qg_lang::url::Url;

/// A route in its surroundings.
#[derive(Clone, Copy, Debug)]
pub struct ServiceRoute<'f> {
    pub service: &'f str,
    pub of: &'f At<Service>,
    pub name: &'f str,
    pub route: &'f At<Route>,
}

impl<'f> ServiceRoute<'f> {
    /// The way to it in the model.
    #[must_use]
    pub fn path(&self) -> EntityPath {
        EntityPath(["service", self.service, "route", self.name].map(str::to_owned).to_vec())
    }

    /// `sonarr.route.web`, for messages.
    #[must_use]
    pub fn title(&self) -> String {
        format!("service.{}.route.{}", self.service, self.name)
    }

    /// Whether a proxy answers for it at all.
    #[must_use]
    pub fn is_published(&self) -> bool {
        self.route.expose.value != Exposure::Internal
    }

    /// What it is told apart by below one name: the path as programs see it, without a slash at its end, ""
    /// for everything.
    #[must_use]
    pub fn below(&self) -> Cow<'f, str> {
        let Some(path) = &self.route.path else { return Cow::Borrowed("") };
        let path = path.trim_end_matches('/');
        // What spells no path is refused by a check.
        decoded(path).unwrap_or(Cow::Borrowed(path))
    }
}

/// Why no proxy answers for a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered<'f> {
    /// Its service runs nowhere in the fleet, and there is not exactly one proxy.
    NoHost,
    /// No proxy is on its service's host.
    NoProxy { host: &'f str },
}

/// Why a proxy cannot reach what a route leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreachable<'f> {
    /// The service runs on no host and does not say where it answers.
    Nowhere,
    /// The port is not published on its host.
    Unpublished,
    /// It listens on loopback of another host.
    Loopback { host: &'f str },
    /// The other host has no address.
    NoAddress { host: &'f str },
    /// What `at` says has no host name in it.
    BadUrl,
}

/// Where a request goes on to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backend {
    pub scheme: String,
    /// A name or address; an IPv6 address without brackets.
    pub address: String,
    /// None where the URL names none.
    pub port: Option<u16>,
    /// Who said so.
    pub origins: Vec<OriginId>,
}

impl Backend {
    /// The server of a URL.
    #[must_use]
    pub fn at(url: &str, origins: Vec<OriginId>) -> Option<Backend> {
        let url = Url::of_server(url)?;
        let (scheme, address) = (url.scheme().to_owned(), url.host().to_owned());
        Some(Backend { scheme, address, port: url.port(), origins })
    }

    /// `127.0.0.1:80`, `[::1]:80`.
    #[must_use]
    pub fn authority(&self) -> String {
        authority(&self.address, self.port)
    }

    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.authority())
    }
}

/// An address and a port, with brackets around IPv6.
#[must_use]
pub fn authority(address: &str, port: Option<u16>) -> String {
    let host = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
    match port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

impl Model {
    /// Every route, by service and name.
    pub fn ways(&self) -> impl Iterator<Item = ServiceRoute<'_>> {
        self.service.iter().flat_map(|(service, of)| {
            of.route.iter().map(move |(name, route)| ServiceRoute { service, of, name, route })
        })
    }

    /// The route that a reference leads to.
    #[must_use]
    pub fn way(&self, path: &EntityPath) -> Option<ServiceRoute<'_>> {
        self.way_named(path.entity(), path.last())
    }

    /// The route of a service, by both names.
    pub(super) fn way_named(&self, service: &str, route: &str) -> Option<ServiceRoute<'_>> {
        let (service, of) = self.service.get_key_value(service)?;
        let (name, route) = of.route.get_key_value(route)?;
        Some(ServiceRoute { service, of, name, route })
    }

    /// The proxy that answers for a route.
    ///
    /// # Errors
    /// Why there is none.
    pub fn proxy_of<'f>(
        &'f self,
        way: ServiceRoute<'f>,
    ) -> Result<(&'f str, &'f At<Proxy>), Unanswered<'f>> {
        if let Some(via) = &way.route.via
            && let Some((key, proxy)) = self.proxy.get_key_value(via.entity())
        {
            return Ok((key, proxy));
        }
        let Some(on) = &way.of.on else {
            let mut all = self.proxy.iter();
            return match (all.next(), all.next()) {
                (Some((key, proxy)), None) => Ok((key, proxy)),
                _ => Err(Unanswered::NoHost),
            };
        };
        self.proxies_on(on.entity()).next().ok_or(Unanswered::NoProxy { host: on.entity() })
    }

    /// The names people type for a route, in small letters, its own first.
    #[must_use]
    pub fn names(&self, route: &Route) -> Vec<At<String>> {
        let mut names: Vec<At<String>> = Vec::new();
        for label in std::iter::once(&route.host).chain(route.aliases.iter()) {
            let name = label.map(|label| self.whole_name(label));
            if !names.iter().any(|known| known.value == name.value) {
                names.push(name);
            }
        }
        names
    }

    /// Who said a name of a route: its label, and the domain where that is a part of it.
    #[must_use]
    pub fn name_origins(&self, route: &Route, name: &At<String>) -> Vec<OriginId> {
        let mut labels = std::iter::once(&route.host).chain(route.aliases.iter());
        let whole = labels.any(|label| label.origin == name.origin && label.contains('.'));
        match whole {
            true => vec![name.origin],
            false => vec![name.origin, self.fleet.domain.origin],
        }
    }

    /// As `fqdn` of the standard library says it.
    fn whole_name(&self, label: &str) -> String {
        let domain = &self.fleet.domain.value;
        let name = if label.is_empty() {
            domain.clone()
        } else if label.contains('.') {
            label.to_owned()
        } else {
            format!("{label}.{domain}")
        };
        name.to_lowercase()
    }

    /// Which of a proxy's host names ask for a client certificate: those that some private route has.
    #[must_use]
    pub fn private_names(&self, proxy: &str) -> BTreeMap<String, OriginId> {
        let mut names = BTreeMap::new();
        for way in self.ways_of(proxy).filter(|way| way.route.is_http()) {
            if way.route.expose.value == Exposure::Private {
                for name in self.names(way.route) {
                    names.entry(name.value).or_insert(way.route.expose.origin);
                }
            }
        }
        names
    }

    /// Address and port under which a host reaches a port of a service.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn reach<'f>(&'f self, from: &str, port: &EntityPath) -> Result<Backend, Unreachable<'f>> {
        let service = self.service.get(port.entity()).ok_or(Unreachable::Nowhere)?;
        let found = service.ports.get(port.last()).ok_or(Unreachable::Unpublished)?;
        let number = Some(found.host.number);
        let scheme = "tcp".to_owned();
        let Some(on) = &service.on else {
            // Something elsewhere: its URL says the machine, the port is its own.
            let at = service.at.as_ref().ok_or(Unreachable::Nowhere)?;
            let url = Url::of_server(at).ok_or(Unreachable::BadUrl)?;
            let origins = vec![at.origin, found.host.origin];
            return Ok(Backend { scheme, address: url.host().to_owned(), port: number, origins });
        };
        if !found.publish.value {
            return Err(Unreachable::Unpublished);
        }
        let listens = found.address.value.as_str();
        if on.entity() == from {
            let address = match listens {
                "0.0.0.0" | "" => "127.0.0.1",
                "::" => "::1",
                other => other,
            };
            let origins = vec![found.host.origin, found.address.origin];
            return Ok(Backend { scheme, address: address.to_owned(), port: number, origins });
        }
        let (name, _) = self.host.get_key_value(on.entity()).ok_or(Unreachable::Nowhere)?;
        let follows = self.follows(service, found);
        if is_loopback(listens) && !follows {
            return Err(Unreachable::Loopback { host: name });
        }
        let address = match (listens, self.meet(from, name).1) {
            ("0.0.0.0" | "::" | "", Some(address)) => address.clone(),
            (_, Some(address)) if follows => address.clone(),
            ("0.0.0.0" | "::" | "", None) => return Err(Unreachable::NoAddress { host: name }),
            (_, None) if follows => return Err(Unreachable::NoAddress { host: name }),
            _ => found.address.clone(),
        };
        let origins = vec![found.host.origin, address.origin];
        Ok(Backend { scheme, address: address.value, port: number, origins })
    }

    /// The portal that a proxy asks: one on the same host before others, by key.
    #[must_use]
    pub fn portal_for(&self, host: &str) -> Option<(&str, &At<Portal>)> {
        let any = || self.portal.iter().next().map(|(key, portal)| (key.as_str(), portal));
        self.portals_on(host).next().or_else(any)
    }

    /// The host that a service runs on.
    #[must_use]
    pub fn host_of(&self, service: &EntityPath) -> Option<&str> {
        self.service.get(service.entity())?.on.as_ref().map(|on| on.entity())
    }

    /// The portal's route, and its login server as a host reaches it.
    #[must_use]
    pub fn portal_server(
        &self,
        from: &str,
        portal: &Portal,
    ) -> Option<(ServiceRoute<'_>, Backend)> {
        let way = self.way(&portal.route)?;
        let backend = self.backend(from, way).ok()?;
        Some((way, backend))
    }

    /// Where a route leads, seen from its proxy's host.
    ///
    /// # Errors
    /// Why the proxy cannot reach it.
    pub fn backend<'f>(
        &'f self,
        from: &str,
        way: ServiceRoute<'f>,
    ) -> Result<Backend, Unreachable<'f>> {
        let scheme = way.route.scheme;
        match &way.route.to.value {
            // Several servers: each is asked for by itself.
            RefOr::Ref(path) if path.kind() == "backend" => Err(Unreachable::Nowhere),
            RefOr::Ref(port) => {
                let mut backend = self.reach(from, port)?;
                scheme.word().clone_into(&mut backend.scheme);
                backend.origins.insert(0, way.route.to.origin);
                if scheme.value != Scheme::Http {
                    backend.origins.push(scheme.origin);
                }
                Ok(backend)
            }
            RefOr::Value(url) => {
                Backend::at(url, vec![way.route.to.origin]).ok_or(Unreachable::BadUrl)
            }
        }
    }
}
