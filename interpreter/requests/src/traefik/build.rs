//! Puts middlewares and services up as Traefik does: by name, with a reason where one cannot be.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::Peers;
use super::configuration::{Configuration, Middleware, Service, ServiceKind};
use super::location::Location;
use super::middleware::{self, Named};
use super::service::{Codes, Target};

/// The provider of everything in a dynamic file.
pub(crate) const FILE: &str = "file";
pub(crate) const INTERNAL: &str = "internal";

/// Everything that routers can name.
pub(crate) struct Builder<'a> {
    pub(crate) configuration: &'a Configuration,
    /// Middlewares that Traefik makes itself.
    pub(crate) internal: &'a BTreeMap<String, Middleware>,
    pub(crate) peers: &'a dyn Peers,
    /// How many parts may still be built: chains of chains of chains have no end otherwise.
    left: Cell<usize>,
}

/// So many middlewares and services, each counted wherever it is used.
const MOST: usize = 100_000;

/// A name with its provider: the one said, or that of whoever says the name.
pub(crate) fn qualified(name: &str, provider: &str) -> String {
    if name.contains('@') { name.to_owned() } else { format!("{name}@{provider}") }
}

/// The provider of a qualified name.
pub(crate) fn provider(name: &str) -> &str {
    name.rsplit_once('@').map_or(FILE, |(_, provider)| provider)
}

/// A name as people know it: without `@file`.
pub(crate) fn shown(name: &str) -> &str {
    name.strip_suffix("@file").unwrap_or(name)
}

/// Finds what a qualified name means among what a file says.
pub(crate) fn find<'a, T>(all: &'a BTreeMap<String, T>, name: &str) -> Option<&'a T> {
    all.get(shown(name)).filter(|_| name.ends_with("@file")).or_else(|| all.get(name))
}

impl<'a> Builder<'a> {
    pub(crate) fn new(
        configuration: &'a Configuration,
        internal: &'a BTreeMap<String, Middleware>,
        peers: &'a dyn Peers,
    ) -> Builder<'a> {
        Builder { configuration, internal, peers, left: Cell::new(MOST) }
    }
}

impl Builder<'_> {
    /// One more part is built.
    fn spend(&self) -> Result<(), String> {
        let left = self.left.get().checked_sub(1);
        self.left.set(left.ok_or("its chains or services hold one another too many times over")?);
        Ok(())
    }

    /// The middlewares of a list, chains unfolded.
    ///
    /// # Errors
    /// Why the router, or service, that has them cannot be.
    pub(crate) fn chain(
        &self,
        names: &[String],
        provider: &str,
        above: &[String],
    ) -> Result<Vec<Named>, String> {
        let mut chain = Vec::new();
        for name in names {
            let name = qualified(name, provider);
            if above.contains(&name) {
                return Err(format!("middleware {} goes round in a circle", shown(&name)));
            }
            self.spend()?;
            let mut above = above.to_vec();
            above.push(name.clone());
            let found = find(&self.configuration.middlewares, &name);
            let found = found.or_else(|| self.internal.get(&name));
            let Some(found) = found else {
                return Err(format!("middleware {} does not exist", shown(&name)));
            };
            if let Middleware::Chain(names) = found {
                let inner = self.chain(names, self::provider(&name), &above)?;
                chain.extend(inner);
                continue;
            }
            let step = middleware::build(found, &name, &above, self)
                .map_err(|why| format!("middleware {}: {why}", shown(&name)))?;
            chain.push(Named { name: shown(&name).to_owned(), kind: kind(found), step });
        }
        Ok(chain)
    }

    /// A service by its qualified name.
    ///
    /// # Errors
    /// Why the router that has it cannot be.
    pub(crate) fn service(&self, name: &str, above: &[String]) -> Result<Target, String> {
        if name == "noop@internal" {
            return Ok(Target::Nothing);
        }
        self.spend()?;
        let shown = shown(name).to_owned();
        let Some(service) = find(&self.configuration.services, name) else {
            return Err(format!("the service {shown} does not exist"));
        };
        let circle = format!("service {name}");
        if above.contains(&circle) {
            return Err(format!("the service {shown} goes round in a circle"));
        }
        let mut above = above.to_vec();
        above.push(circle);
        let [kind] = service.kinds.as_slice() else {
            return Err(format!("the service {shown} has no kind, or several"));
        };
        let provider = provider(name).to_owned();
        let target = self.kind(kind, &shown, &provider, &above)?;
        self.before(service, target, &provider, &above)
    }

    fn before(
        &self,
        service: &Service,
        target: Target,
        provider: &str,
        above: &[String],
    ) -> Result<Target, String> {
        if service.middlewares.is_empty() {
            return Ok(target);
        }
        let chain = self.chain(&service.middlewares, provider, above)?;
        Ok(Target::Behind(chain, Box::new(target)))
    }

    fn kind(
        &self,
        kind: &ServiceKind,
        name: &str,
        provider: &str,
        above: &[String],
    ) -> Result<Target, String> {
        let of = |other: &str| self.service(&qualified(other, provider), above);
        match kind {
            ServiceKind::LoadBalancer { servers, pass_host, .. } => {
                if let Some(bad) = servers.iter().find(|it| Location::parse(&it.url).is_none()) {
                    return Err(format!(
                        "the service {name} has a server that is no URL: {}",
                        bad.url
                    ));
                }
                Ok(Target::Servers {
                    service: name.to_owned(),
                    servers: servers.clone(),
                    pass_host: *pass_host,
                })
            }
            ServiceKind::Weighted(services) | ServiceKind::HighestRandomWeight(services) => {
                let mut some = Vec::new();
                for service in services {
                    let target = of(&service.name)?;
                    if service.weight > 0 {
                        some.push(target);
                    }
                }
                Ok(Target::OneOf(name.to_owned(), some))
            }
            ServiceKind::Mirroring(service) => of(service),
            ServiceKind::Failover { service, fallback, status } => {
                let first = of(service)?;
                if status.is_empty() && !self.checked(service, provider) {
                    return Err(format!(
                        "the service {name} falls over from {service}, which has no healthCheck"
                    ));
                }
                let codes = Codes::new(status)?;
                let fallback = of(fallback)?;
                let (first, fallback) = (Box::new(first), Box::new(fallback));
                Ok(Target::Failover { service: name.to_owned(), first, codes, fallback })
            }
        }
    }

    /// Whether a service's health is looked at.
    fn checked(&self, name: &str, provider: &str) -> bool {
        let service = find(&self.configuration.services, &qualified(name, provider));
        service.is_some_and(|service| {
            service.kinds.iter().any(|kind| match kind {
                ServiceKind::LoadBalancer { health_check, .. } => *health_check,
                ServiceKind::Weighted(_)
                | ServiceKind::Failover { .. }
                | ServiceKind::Mirroring(_)
                | ServiceKind::HighestRandomWeight(_) => false,
            })
        })
    }
}

/// The kind of a middleware that can be used, as files write it.
fn kind(middleware: &Middleware) -> &'static str {
    match middleware {
        Middleware::AddPrefix(_) => "addPrefix",
        Middleware::BasicAuth(basic) if basic.digest => "digestAuth",
        Middleware::BasicAuth(_) => "basicAuth",
        Middleware::Buffering { .. } => "buffering",
        Middleware::EncodedCharacters(_) => "encodedCharacters",
        Middleware::Errors(_) => "errors",
        Middleware::ForwardAuth(_) => "forwardAuth",
        Middleware::Headers(_) => "headers",
        Middleware::IpAllowList { .. } => "ipAllowList",
        Middleware::PassTlsClientCert { .. } => "passTLSClientCert",
        Middleware::RedirectRegex { .. } => "redirectRegex",
        Middleware::RedirectScheme { .. } => "redirectScheme",
        Middleware::ReplacePath(_) => "replacePath",
        Middleware::ReplacePathRegex { .. } => "replacePathRegex",
        Middleware::Retry(_) => "retry",
        Middleware::StripPrefix { .. } => "stripPrefix",
        Middleware::StripPrefixRegex(_) => "stripPrefixRegex",
        Middleware::Unsupported(_)
        | Middleware::Chain(_)
        | Middleware::None
        | Middleware::Several(_) => "not simulated",
    }
}
