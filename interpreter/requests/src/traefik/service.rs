//! Services: which server is asked.

use super::configuration::Server;
use super::live::{Live, Reply, Run};
use super::middleware::{Named, Next};
use super::outgoing;

/// What a router, or a middleware, hands requests to.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// Traefik's `noop@internal`.
    Nothing,
    /// One of some servers.
    Servers { service: String, servers: Vec<Server>, pass_host: bool },
    /// One of some services; those with weight 0 are not among them.
    OneOf(String, Vec<Target>),
    /// Another service where the first one's answer is among some.
    Failover { service: String, first: Box<Target>, codes: Codes, fallback: Box<Target> },
    /// Behind middlewares.
    Behind(Vec<Named>, Box<Target>),
}

impl Target {
    pub(crate) fn serve(&self, live: &mut Live, run: &mut Run<'_>) -> Reply {
        match self {
            Self::Nothing => Reply::bare(418),
            Self::Servers { service, servers, pass_host } => {
                let Some(server) = servers.first() else {
                    run.step(service, "loadBalancer", "has no server: 503");
                    return Reply::error(503);
                };
                if servers.len() > 1 {
                    run.step(service, "loadBalancer", "has several servers; this is the first");
                }
                outgoing::ask(service, server, *pass_host, live, run)
            }
            Self::OneOf(service, targets) => {
                let Some(target) = targets.first() else {
                    run.step(service, "weighted", "has no service with a weight: 503");
                    return Reply::error(503);
                };
                if targets.len() > 1 {
                    run.step(service, "weighted", "has several services; this is the first");
                }
                target.serve(live, run)
            }
            Self::Failover { service, first, codes, fallback } => {
                if codes.is_empty() {
                    return first.serve(live, run);
                }
                let reply = run.gathering(|run| first.serve(&mut live.clone(), run));
                if !codes.contain(reply.status) {
                    return reply;
                }
                let did = format!("falls over from an answer {}", reply.status);
                run.step(service, "failover", did);
                fallback.serve(live, run)
            }
            Self::Behind(chain, target) => Next::to_service(chain, target).serve(live, run),
        }
    }
}

/// Ranges of statuses: `404`, `500-599`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes(Vec<(u16, u16)>);

impl Codes {
    /// Reads ranges.
    ///
    /// # Errors
    /// The first that is none.
    pub(crate) fn new(ranges: &[String]) -> Result<Self, String> {
        let range = |range: &String| {
            let mut ends = range.split('-').map(str::parse);
            let low = ends.next()?.ok()?;
            Some((low, ends.next().map_or(Some(low), Result::ok)?))
        };
        let read =
            |text: &String| range(text).ok_or_else(|| format!("{text} is no range of statuses"));
        ranges.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn contain(&self, status: u16) -> bool {
        self.0.iter().any(|(low, high)| (*low..=*high).contains(&status))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
