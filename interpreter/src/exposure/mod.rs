//! Who can reach what, over the whole fleet ([`Build::exposure`]), and the proof that guards hold ([`prove`]).

mod candidates;
mod claims;
mod clients;
mod findings;
mod judge;
mod proof;
mod raw;
mod rows;
mod who;

use qg_fleet::Facts;
use qg_fleet::proxy::ProxyEngine;

pub use claims::{Claim, Door};
pub use clients::Client;
pub use proof::{Breach, Proof, Way, prove};
pub use rows::{Kind, Row};
pub use who::{Asks, From};

use crate::Build;
use crate::requests::{Servers, Unsent};

/// Who can reach what.
#[derive(Debug)]
pub struct Exposure {
    /// By host, kind and name.
    pub rows: Vec<Row>,
    pub proof: Proof,
    /// The claims that were held to.
    pub claims: Vec<Claim>,
    /// The proxies that are not simulated: for their routes the model's word stands.
    pub unproved: Vec<String>,
}

impl Build {
    /// Finds out, and holds the simulated proxies and login servers to it.
    ///
    /// # Errors
    /// The fleet has errors, or a program would refuse its file.
    pub fn exposure(&self) -> Result<Exposure, Unsent> {
        let fleet = self.fleet.as_ref().ok_or(Unsent::Broken)?;
        let facts = Facts::of(fleet);
        let servers = Servers::of(self)?;
        let claims = claims::claims(fleet);
        let proof = prove(&servers, &claims, &rows::doors(&facts))?;
        let mut rows = rows::rows(&facts);
        rows.extend(raw::rows(self, &facts, &servers));
        rows.sort_by(|a, b| (&a.host, a.kind).cmp(&(&b.host, b.kind)));
        let unproved =
            fleet.model.proxy.iter().filter_map(|(key, proxy)| match &proxy.engine.value {
                ProxyEngine::Traefik(_) => None,
                ProxyEngine::Caddy(_) => Some(format!("proxy.{key}")),
            });
        Ok(Exposure { rows, proof, claims, unproved: unproved.collect() })
    }

    /// The findings of a proof: ways round guards.
    ///
    /// # Errors
    /// As [`Build::exposure`].
    pub fn exposed(
        &self,
        exposure: &Exposure,
    ) -> Result<Vec<qg_lang::diagnostic::Diagnostic>, Unsent> {
        let servers = Servers::of(self)?;
        Ok(findings::findings(self, &servers, exposure))
    }
}
