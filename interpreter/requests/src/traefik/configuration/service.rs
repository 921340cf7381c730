//! `http.services`.

use super::fields::{Fields, Refused};
use super::shapes::{self, Kind};

/// A service.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// Its kinds: exactly one is right.
    pub kinds: Vec<ServiceKind>,
    /// Middlewares before it, on behalf of whoever uses it.
    pub middlewares: Vec<String>,
}

/// What a service does.
#[derive(Clone, Debug)]
pub enum ServiceKind {
    /// Asks one of some servers.
    LoadBalancer {
        /// The servers.
        servers: Vec<Server>,
        /// Whether servers see the client's `Host`.
        pass_host: bool,
        /// Whether dead servers are left out.
        health_check: bool,
    },
    /// Asks one of some services.
    Weighted(Vec<Weighted>),
    /// Asks a service, and another when that fails.
    Failover {
        /// The first.
        service: String,
        /// The other.
        fallback: String,
        /// Answers that count as failures.
        status: Vec<String>,
    },
    /// Asks a service, and others whose answers nobody sees.
    Mirroring(String),
    /// Chooses a service by the client's address.
    HighestRandomWeight(Vec<Weighted>),
}

/// A server.
#[derive(Clone, Debug)]
pub struct Server {
    /// Where it is.
    pub url: String,
    /// Whether the path in its URL counts.
    pub preserve_path: bool,
}

/// A service with a weight.
#[derive(Clone, Debug)]
pub struct Weighted {
    /// Which.
    pub name: String,
    /// How often; 0 is never.
    pub weight: i64,
}

impl Service {
    pub(super) fn read(mut fields: Fields<'_>, found: &mut Vec<String>) -> Result<Self, Refused> {
        let mut kinds = Vec::new();
        if let Some(balancer) = fields.object("loadBalancer")? {
            kinds.push(load_balancer(balancer, found)?);
        }
        if let Some(mut weighted) = fields.object("weighted")? {
            kinds.push(ServiceKind::Weighted(services(&mut weighted, found)?));
            weighted.finish()?;
        }
        if let Some(mut weights) = fields.object("highestRandomWeight")? {
            kinds.push(ServiceKind::HighestRandomWeight(services(&mut weights, found)?));
            weights.finish()?;
        }
        if let Some(mut mirroring) = fields.object("mirroring")? {
            kinds.push(ServiceKind::Mirroring(mirroring.text("service").unwrap_or_default()));
            checked(&mut mirroring, Kind::MaybeEmpty(shapes::EMPTY), found)?;
            mirroring.truth("mirrorBody")?;
            mirroring.number("maxBodySize")?;
            for mirror in mirroring.elements("mirrors")? {
                mirror.all(&[("name", Kind::Text), ("percent", Kind::Number)])?;
            }
            mirroring.finish()?;
        }
        if let Some(mut failover) = fields.object("failover")? {
            let (service, fallback) = (failover.text("service"), failover.text("fallback"));
            let mut status = Vec::new();
            if let Some(mut errors) = failover.object("errors")? {
                status = errors.texts("status").unwrap_or_default();
                errors.noted("maxRequestBodyBytes", Kind::Number, found)?;
                errors.finish()?;
            }
            checked(&mut failover, Kind::MaybeEmpty(shapes::EMPTY), found)?;
            failover.finish()?;
            kinds.push(ServiceKind::Failover {
                service: service.unwrap_or_default(),
                fallback: fallback.unwrap_or_default(),
                status,
            });
        }
        let middlewares = fields.texts("middlewares").unwrap_or_default();
        fields.finish()?;
        Ok(Self { kinds, middlewares })
    }
}

fn load_balancer(mut fields: Fields<'_>, found: &mut Vec<String>) -> Result<ServiceKind, Refused> {
    let mut servers = Vec::new();
    for mut server in fields.elements("servers")? {
        servers.push(Server {
            url: server.text("url").unwrap_or_default(),
            preserve_path: server.truth("preservePath")?.unwrap_or(false),
        });
        server.number("weight")?;
        server.finish()?;
    }
    let pass_host = fields.truth("passHostHeader")?.unwrap_or(true);
    let health_check = fields.shaped("healthCheck", Kind::Object(shapes::HEALTH_CHECK))?;
    fields.noted("serversTransport", Kind::Text, found)?;
    sticky(&mut fields, found)?;
    fields.shaped("responseForwarding", Kind::Object(shapes::RESPONSE_FORWARDING))?;
    fields.shaped("passiveHealthCheck", Kind::Object(shapes::PASSIVE_HEALTH_CHECK))?;
    fields.text("strategy");
    fields.finish()?;
    Ok(ServiceKind::LoadBalancer { servers, pass_host, health_check })
}

fn services(fields: &mut Fields<'_>, found: &mut Vec<String>) -> Result<Vec<Weighted>, Refused> {
    let mut services = Vec::new();
    for mut service in fields.elements("services")? {
        services.push(Weighted {
            name: service.text("name").unwrap_or_default(),
            weight: service.number("weight")?.unwrap_or(1),
        });
        service.finish()?;
    }
    sticky(fields, found)?;
    checked(fields, Kind::MaybeEmpty(shapes::EMPTY), found)?;
    Ok(services)
}

fn sticky(fields: &mut Fields<'_>, found: &mut Vec<String>) -> Result<(), Refused> {
    fields.noted("sticky", Kind::MaybeEmpty(shapes::STICKY), found)
}

/// Whether the health of what is below counts, which nobody knows here.
fn checked(fields: &mut Fields<'_>, kind: Kind, found: &mut Vec<String>) -> Result<(), Refused> {
    fields.noted("healthCheck", kind, found)
}
