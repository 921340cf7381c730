//! Ways in: reverse proxies, by what their engines are told. What every engine is asked is in `engine.rs`.

use super::Model;
use super::choice::Options;
use super::leaf::{At, PortNumber};
pub use super::model::proxy::*;

/// A proxy of one engine.
#[derive(Debug)]
pub struct ProxyOf<'f, E> {
    pub key: &'f str,
    pub proxy: &'f At<Proxy>,
    /// What the engine is told.
    pub options: &'f E,
}

// Whatever the engine is told: it is only pointed at.
impl<E> Clone for ProxyOf<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for ProxyOf<'_, E> {}

/// Traefik's entry point that browsers reach.
pub const SECURE: &str = "websecure";

/// What speaks of entry points, resolvers or middlewares is about one of these.
pub type TraefikProxy<'f> = ProxyOf<'f, Traefik>;

pub type CaddyProxy<'f> = ProxyOf<'f, Caddy>;

impl<'f> TraefikProxy<'f> {
    /// A proxy, where Traefik is its engine.
    #[must_use]
    pub fn of(key: &'f str, proxy: &'f At<Proxy>) -> Option<TraefikProxy<'f>> {
        match &proxy.engine.value {
            ProxyEngine::Traefik(options) => Some(ProxyOf { key, proxy, options }),
            ProxyEngine::Caddy(_) => None,
        }
    }
}

impl<'f> CaddyProxy<'f> {
    /// A proxy, where Caddy is its engine.
    #[must_use]
    pub fn of(key: &'f str, proxy: &'f At<Proxy>) -> Option<CaddyProxy<'f>> {
        match &proxy.engine.value {
            ProxyEngine::Caddy(options) => Some(ProxyOf { key, proxy, options }),
            ProxyEngine::Traefik(_) => None,
        }
    }
}

impl Model {
    /// The proxies that Traefik runs.
    pub fn traefiks(&self) -> impl Iterator<Item = TraefikProxy<'_>> {
        self.proxy.iter().filter_map(|(key, proxy)| TraefikProxy::of(key, proxy))
    }

    /// The proxies that Caddy runs.
    pub fn caddies(&self) -> impl Iterator<Item = CaddyProxy<'_>> {
        self.proxy.iter().filter_map(|(key, proxy)| CaddyProxy::of(key, proxy))
    }
}

/// The port of an entry point, where it says one of its own.
#[must_use]
pub fn entry_port(point: &Options) -> Option<At<PortNumber>> {
    let port = point.get("port")?;
    Some(At::new(PortNumber::of(&port.value)?, port.origin))
}

impl Traefik {
    /// Its entry points besides `web` and `websecure` that have a port, by name.
    pub fn own_points(&self) -> impl Iterator<Item = (&str, At<PortNumber>, &At<Options>)> {
        self.entry_points
            .iter()
            .filter_map(|(name, point)| Some((name.as_str(), entry_port(point)?, point)))
    }

    /// The resolver of a name: the one a route chose, or the first one.
    #[must_use]
    pub fn resolver(&self, chosen: Option<&At<String>>) -> Option<(At<String>, &At<Acme>)> {
        let chosen =
            chosen.filter(|name| !self.acme.iter().any(|it| it.resolver.value == name.value));
        match chosen {
            Some(name) => Some((name.clone(), self.resolvers.get(name.as_str())?)),
            None => self.acme.as_ref().map(|acme| (acme.resolver.clone(), acme)),
        }
    }
}
