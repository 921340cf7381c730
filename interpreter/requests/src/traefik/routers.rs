//! The routers of an entry point: looked at by priority, the first that matches answers.

use super::answer::{Considered, Outcome};
use super::configuration::EncodedCharacters;
use super::live::{Live, Reply, Run};
use super::middleware::{Named, Next, encoded_characters};
use super::rule::{Asked, Rule};
use super::service::Target;
use super::text;

/// Routers that stand beside each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mux {
    pub(crate) routes: Vec<Route>,
    pub(crate) dropped: Vec<Considered>,
}

/// A router that is up.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// As answers name it.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) priority: i64,
    pub(crate) rule: Rule,
    /// The encoded characters that the entry point lets through.
    pub(crate) encoded: Option<EncodedCharacters>,
    /// The TLS options that connections to it have to have.
    pub(crate) options: Option<String>,
    pub(crate) conflict: bool,
    pub(crate) chain: Vec<Named>,
    pub(crate) end: End,
}

/// What a router hands requests to.
#[derive(Clone, Debug)]
pub(crate) enum End {
    Service(Target),
    Children(Mux),
}

impl Mux {
    /// Sorts by priority; where that is equal, by name, though Traefik leaves it to chance.
    pub(crate) fn sort(&mut self) {
        self.routes.sort_by(|a, b| b.priority.cmp(&a.priority).then_with(|| a.name.cmp(&b.name)));
    }

    pub(crate) fn serve(&self, live: &mut Live, used: Option<&str>, run: &mut Run<'_>) -> Reply {
        let Some(path) = routing_path(&live.url.escaped_path()) else { return Reply::bare(400) };
        let (host, query) = (live.canonical.clone(), live.url.queries());
        let winner = {
            let asked = Asked {
                host: &host,
                path: &path,
                method: &live.method,
                headers: &live.headers,
                query: &query,
                client: live
                    .client
                    .unwrap_or(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED)),
            };
            self.winner(&asked, run)
        };
        match winner {
            Some(route) => route.serve(live, used, run),
            None => Reply::error(404),
        }
    }

    fn winner(&self, asked: &Asked<'_>, run: &mut Run<'_>) -> Option<&Route> {
        let mut winner: Option<&Route> = None;
        for route in &self.routes {
            let outcome = match winner {
                None if route.rule.matches(asked) => {
                    winner = Some(route);
                    Outcome::Won
                }
                None => Outcome::Missed(route.rule.misses(asked)),
                Some(won) => {
                    if won.priority == route.priority && route.rule.matches(asked) {
                        run.story.tied.push(route.name.clone());
                    }
                    Outcome::Later
                }
            };
            run.story.routers.push(route.considered(outcome));
        }
        run.story.routers.extend(self.dropped.iter().cloned());
        winner
    }
}

impl Route {
    pub(crate) fn considered(&self, outcome: Outcome) -> Considered {
        let (router, rule) = (self.name.clone(), self.text.clone());
        Considered { router, rule, priority: self.priority, outcome }
    }

    fn serve(&self, live: &mut Live, used: Option<&str>, run: &mut Run<'_>) -> Reply {
        run.router = Some(match run.router.take() {
            Some(parent) => format!("{parent} -> {}", self.name),
            None => self.name.clone(),
        });
        run.conflict |= self.conflict;
        if let Some(allowed) = &self.encoded
            && let Some(found) = encoded_characters::denied(allowed, live)
        {
            run.step(
                &self.name,
                "entryPoint",
                format!("an encoded character is not allowed, {found}: 400"),
            );
            return Reply::bare(400);
        }
        if let Some(options) = &self.options
            && live.tls
            && used != Some(options)
        {
            let used = used.unwrap_or_default();
            let did = format!("wants the TLS options {options}, the connection has {used}: 421");
            run.step(&self.name, "tls", did);
            return Reply::error(421);
        }
        match &self.end {
            End::Service(target) => Next::to_service(&self.chain, target).serve(live, run),
            End::Children(mux) => Next::to_routers(&self.chain, mux, used).serve(live, run),
        }
    }
}

/// The path that rules see: unreserved characters decoded, reserved ones and `%` left as they are.
fn routing_path(escaped: &str) -> Option<String> {
    const RESERVED: &[u8] = b":/?#[]@!$&'()*+,;=%";
    let mut path = Vec::new();
    let mut rest = text::bytes(escaped).into_iter();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            path.push(byte);
            continue;
        }
        let (high, low) = (rest.next()?, rest.next()?);
        let decoded = text::hex(high, low)?;
        // Only capitals are known as reserved: `%2f` is decoded where it comes so far.
        let capital = !high.is_ascii_lowercase() && !low.is_ascii_lowercase();
        if capital && RESERVED.contains(&decoded) {
            path.extend([b'%', high, low]);
        } else {
            path.push(decoded);
        }
    }
    Some(text::from_bytes(&path))
}
