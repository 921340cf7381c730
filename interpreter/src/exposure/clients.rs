//! Who may send a request, and whether a claim would let them through.

use std::net::IpAddr;

use qg_requests::traefik::{Certificate, Networks, Pattern};

use super::claims::Claim;
use super::who::{Asks, From};
use crate::requests::Who;

/// An address of nobody's, for documents (RFC 5737): somewhere in the internet.
const INTERNET: &str = "203.0.113.7";

/// Somebody who sends a request.
#[derive(Clone, Debug)]
pub struct Client {
    pub from: IpAddr,
    pub certificate: Certificate,
    pub who: Option<Who>,
    /// Whether nobody else is asked what it may do: a password or another program's answer, which it has.
    pub knows: bool,
}

impl Client {
    /// Nobody, from the internet.
    pub(super) fn nobody() -> Client {
        Client { from: internet(), certificate: Certificate::None, who: None, knows: false }
    }

    /// Nobody, who comes by a port of its own.
    pub(super) fn at_door(door: &From, claim: &Claim) -> Client {
        let mut client = Client::nobody();
        if *door != From::Internet {
            let near = if let From::Lan(networks) = &claim.from {
                networks.iter().find_map(|it| inside(it))
            } else {
                None
            };
            client.from = near.unwrap_or(IpAddr::from([192, 168, 0, 7]));
        }
        client
    }

    /// One who shows what a claim asks for, as far as that can be shown.
    pub(super) fn of(claim: &Claim) -> Client {
        let mut client = Client { certificate: Certificate::Trusted, ..Client::nobody() };
        if let From::Lan(networks) = &claim.from {
            client.from = networks.iter().find_map(|it| inside(it)).unwrap_or_else(internet);
        }
        for asks in &claim.asks {
            match asks {
                Asks::Login { groups, people, factor, .. } => {
                    let user = people.first().map_or("somebody", String::as_str).to_owned();
                    let groups = groups.first().cloned().into_iter().collect();
                    client.who = Some(Who { user, groups, factor: *factor });
                }
                Asks::Networks { networks, .. } => {
                    client.from = networks.iter().find_map(|it| inside(it)).unwrap_or(client.from);
                }
                Asks::Certificate
                | Asks::Password { .. }
                | Asks::Authority { .. }
                | Asks::Plugin { .. }
                | Asks::Program => {}
            }
        }
        client
    }

    /// Those who lack one thing each of what a claim asks for, and have all the rest.
    pub(super) fn lacking(claim: &Claim) -> Vec<Client> {
        let best = Client::of(claim);
        let mut all = Vec::new();
        let networks = |it: &Asks| matches!(it, Asks::Networks { .. });
        if matches!(claim.from, From::Lan(_)) || claim.asks.iter().any(networks) {
            all.push(Client { from: internet(), ..best.clone() });
        }
        if !matches!(claim.from, From::Internet | From::Lan(_)) {
            all.push(best.clone());
        }
        for asks in &claim.asks {
            match asks {
                Asks::Certificate => {
                    all.push(Client { certificate: Certificate::None, ..best.clone() });
                    all.push(Client { certificate: Certificate::Untrusted, ..best.clone() });
                }
                Asks::Login { groups, people, factor, .. } => {
                    all.push(Client { who: None, ..best.clone() });
                    let who = |groups: Vec<String>, factor: u8| {
                        let user = "somebody".to_owned();
                        Client { who: Some(Who { user, groups, factor }), ..best.clone() }
                    };
                    if !groups.is_empty() || !people.is_empty() {
                        all.push(who(Vec::new(), 2));
                    }
                    if *factor > 1 {
                        let known = best.who.clone().map(|it| Who { factor: 1, ..it });
                        all.push(Client { who: known, ..best.clone() });
                    }
                }
                Asks::Password { .. } | Asks::Authority { .. } => all.push(best.clone()),
                Asks::Networks { .. } | Asks::Plugin { .. } | Asks::Program => {}
            }
        }
        all
    }

    /// Whether a claim would let this one through, for a path (without its query).
    pub(super) fn passes(&self, claim: &Claim, secure: bool, path: &str) -> bool {
        let from = match &claim.from {
            From::Internet => true,
            From::Lan(networks) => self.is_in(networks),
            From::Network | From::Interface(_) | From::Hosts(_) | From::Host | From::Nobody => {
                false
            }
        };
        from && claim.asks.iter().all(|asks| match asks {
            Asks::Certificate => secure && self.certificate == Certificate::Trusted,
            Asks::Login { groups, people, factor, bypass } => {
                bypass.iter().any(|it| matches(it, path))
                    || self.who.as_ref().is_some_and(|who| {
                        let any = groups.is_empty() && people.is_empty();
                        let named = people.contains(&who.user)
                            || groups.iter().any(|it| who.groups.contains(it));
                        who.factor >= *factor && (any || named)
                    })
            }
            Asks::Networks { networks, .. } => self.is_in(networks),
            Asks::Password { .. } | Asks::Authority { .. } => self.knows,
            Asks::Plugin { .. } | Asks::Program => true,
        })
    }

    fn is_in(&self, networks: &[String]) -> bool {
        Networks::new(networks).is_ok_and(|it| it.contain(self.from))
    }
}

/// `from 203.0.113.7 without certificate, not logged in`
impl std::fmt::Display for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = if self.from == internet() { "the internet" } else { "the network" };
        let certificate = match self.certificate {
            Certificate::None => "without certificate",
            Certificate::Trusted => "with a certificate",
            Certificate::Untrusted => "with somebody else's certificate",
        };
        write!(f, "from {place} ({}), {certificate}, ", self.from)?;
        match &self.who {
            None => f.write_str("not logged in"),
            Some(who) => {
                let groups = who.groups.join(", ");
                let groups = if groups.is_empty() { "no group" } else { &groups };
                let factor = if who.factor > 1 { "two factors" } else { "one factor" };
                write!(f, "logged in as {} of {groups} with {factor}", who.user)
            }
        }
    }
}

fn internet() -> IpAddr {
    INTERNET.parse().unwrap_or(IpAddr::from([203, 0, 113, 7]))
}

/// An address in a network: its first one but seven, so that it is nobody's own word for all of it.
fn inside(network: &str) -> Option<IpAddr> {
    let network = qg_lang::network::network(network)?;
    let at = qg_lang::network::last(&network).min(7);
    qg_lang::network::nth(&network, at)
}

/// Whether a pattern of paths that are open without login matches; one that cannot be read is refused elsewhere.
fn matches(pattern: &str, path: &str) -> bool {
    // Line breaks are characters of a path like any other.
    let both = Pattern::new(&format!("(?s){pattern}"));
    both.is_ok_and(|it| it.is_match(path) || it.is_match(&format!("{path}?")))
}
