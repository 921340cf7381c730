//! The proof that guards hold: requests of clients who lack something, put to the simulated proxy and login server.
//! What reaches a guarded program all the same is a way round.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use qg_requests::traefik::{Answer, Request, Sent, Tls};

use super::candidates::{Around, Candidate, SOMEBODY_ELSE};
use super::claims::{Claim, Door};
use super::clients::Client;
use super::judge::{Judge, authority};
use super::who::Asks;
use crate::requests::{House, Servers, Unsent};

/// What the proof found.
#[derive(Debug, Default)]
pub struct Proof {
    /// How many requests were put.
    pub tried: usize,
    pub breaches: Vec<Breach>,
    /// Requests that were served, and of which it is not known whether the real programs would: by claim, what is
    /// not simulated.
    pub unsure: BTreeMap<String, Vec<String>>,
}

/// A way round a guard.
#[derive(Clone, Debug)]
pub struct Breach {
    /// The claim that does not hold, by its place among the claims.
    pub claim: usize,
    /// Others that the same router opens.
    pub others: BTreeSet<usize>,
    pub way: Way,
    /// `GET https://name/path from 203.0.113.7, …`: what somebody sends.
    pub way_in: String,
    /// The proxy and the host that it is on.
    pub proxy: String,
    pub host: String,
    /// The server that has it.
    pub server: String,
}

/// How somebody gets round a guard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// A router answers who lacks what is asked for.
    Router(String),
    /// A router hands on a client's own word for who it is.
    SomebodyElse(String),
    /// A port that no proxy stands before: what listens there.
    Port(String),
}

impl Way {
    /// The router, where it is one.
    #[must_use]
    pub fn router(&self) -> Option<&str> {
        match self {
            Way::Router(name) | Way::SomebodyElse(name) => Some(name),
            Way::Port(_) => None,
        }
    }
}

/// Holds the servers, and the ports that can be reached without them, to the claims.
///
/// # Errors
/// A login server's file would be refused.
pub fn prove(servers: &Servers<'_>, claims: &[Claim], doors: &[Door]) -> Result<Proof, Unsent> {
    let mut proof = Proof::default();
    for house in servers.up() {
        let here: Vec<(usize, &Claim)> =
            claims.iter().enumerate().filter(|(_, it)| it.proxy == house.proxy).collect();
        let all: Vec<&Claim> = here.iter().map(|(_, it)| *it).collect();
        let around = Around::new(&house.configuration, all.clone());
        let trial = Trial { servers, house, around, judge: Judge::new(&all), doors };
        let mut ways: BTreeMap<Way, usize> = BTreeMap::new();
        for (index, claim) in here.into_iter().filter(|(_, it)| it.is_guarded()) {
            let Some(breach) = trial.breach((index, claim), &mut proof)? else { continue };
            // One router that is too wide is one mistake, whomever it lets in.
            let known = ways.get(&breach.way).and_then(|at| proof.breaches.get_mut(*at));
            if let Some(known) = known {
                known.others.insert(index);
            } else {
                ways.insert(breach.way.clone(), proof.breaches.len());
                proof.breaches.push(breach);
            }
        }
    }
    Ok(proof)
}

/// A proxy, and all that is tried at it.
struct Trial<'t, 'f> {
    servers: &'t Servers<'f>,
    house: &'t House<'f>,
    around: Around<'t>,
    judge: Judge<'t>,
    doors: &'t [Door],
}

impl Trial<'_, '_> {
    /// The first way round a claim.
    fn breach(
        &self,
        (index, claim): (usize, &Claim),
        proof: &mut Proof,
    ) -> Result<Option<Breach>, Unsent> {
        let found = |way: Way, way_in: String, server: &str| {
            Ok(Some(Breach {
                claim: index,
                others: BTreeSet::new(),
                way,
                way_in,
                proxy: self.house.proxy.to_owned(),
                host: self.house.host.to_owned(),
                server: server.to_owned(),
            }))
        };
        let door = self.doors.iter().find(|door| {
            door.host == self.house.host
                && claim.servers.contains(&door.server)
                && door.from.is_outside()
                && !Client::at_door(&door.from, claim).passes(claim, false, "/")
        });
        if let Some(door) = door {
            let way_in = format!("GET http://{}/, from {}", door.at, door.from);
            return found(Way::Port(door.what.clone()), way_in, &door.server);
        }
        let candidates = self.around.candidates(claim);
        for client in &Client::lacking(claim) {
            for candidate in &candidates {
                let answer = self.put(candidate, client, proof)?;
                let mut reached = answer.reached.iter().map(|it| authority(&it.server));
                let opened = |server: &&str| {
                    claim.servers.contains(*server) && !self.judge.lets(server, candidate, client)
                };
                if let Some(server) = reached.find(opened)
                    && self.is_sure(claim, &answer, proof)
                {
                    let router = answer.router.clone().unwrap_or_default();
                    return found(Way::Router(router), way_in(candidate, client), server);
                }
            }
        }
        if claim.asks.iter().any(|it| matches!(it, Asks::Login { .. })) {
            let client = Client::of(claim);
            for candidate in self.around.impersonations(claim) {
                let answer = self.put(&candidate, &client, proof)?;
                let believed = answer.reached.iter().find(|it| {
                    let mut headers = it.seen.headers.iter();
                    claim.servers.contains(authority(&it.server))
                        && headers.any(|(name, lines)| {
                            let is_user =
                                name.replace('_', "-").eq_ignore_ascii_case("remote-user");
                            is_user && lines.iter().any(|it| it == SOMEBODY_ELSE)
                        })
                });
                if let Some(reached) = believed
                    && self.is_sure(claim, &answer, proof)
                {
                    let router = answer.router.clone().unwrap_or_default();
                    let server = authority(&reached.server);
                    return found(Way::SomebodyElse(router), way_in(&candidate, &client), server);
                }
            }
        }
        Ok(None)
    }

    fn put(
        &self,
        candidate: &Candidate,
        client: &Client,
        proof: &mut Proof,
    ) -> Result<Answer, Unsent> {
        proof.tried += 1;
        let request = request(candidate, client);
        let who = client.who.as_ref();
        Ok(self.servers.put(self.house, &request, who, candidate.status)?.0)
    }

    /// Whether the real proxy is known to answer so.
    fn is_sure(&self, claim: &Claim, answer: &Answer, proof: &mut Proof) -> bool {
        let unsure = self.house.unsure(answer);
        let sure = unsure.is_empty();
        if !sure {
            proof.unsure.insert(claim.title.clone(), unsure);
        }
        sure
    }
}

/// `GET https://name/path from 203.0.113.7, …`
fn way_in(it: &Candidate, client: &Client) -> String {
    let scheme = if it.secure { "https" } else { "http" };
    let mut text = format!("{} {scheme}://{}{}", it.method, it.host, it.path);
    let bare = it.host.split(':').next().unwrap_or_default().trim_end_matches('.');
    if it.secure && it.sni.as_deref().is_none_or(|sni| !sni.eq_ignore_ascii_case(bare)) {
        let asked = it.sni.as_deref().unwrap_or("no name");
        // A string does not fail.
        let _ = write!(text, ", asking for {asked} in TLS");
    }
    for (name, value) in &it.headers {
        let _ = write!(text, ", with `{name}: {value}`");
    }
    if let Some(address) = it.proxied {
        let _ = write!(text, ", as {address} by the PROXY protocol");
    }
    if it.status != 200 {
        let _ = write!(text, ", where the program answers {}", it.status);
    }
    format!("{text}, at {}, {client}", it.point)
}

/// What a client sends.
pub(super) fn request(candidate: &Candidate, client: &Client) -> Request {
    let mut headers = vec![("Accept".to_owned(), vec!["text/html".to_owned()])];
    for (name, value) in &candidate.headers {
        headers.push(((*name).to_owned(), vec![value.clone()]));
    }
    Request {
        method: candidate.method.to_owned(),
        host: Some(candidate.host.clone()),
        path: candidate.path.clone(),
        headers: Sent(headers),
        body: None,
        client_ip: client.from,
        proxied: candidate.proxied,
        entry_point: Some(candidate.point.clone()),
        tls: candidate.secure.then(|| Tls {
            sni: candidate.sni.clone(),
            certificate: client.certificate,
            version: None,
        }),
    }
}
