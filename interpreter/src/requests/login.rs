//! The login servers, and all else that lies behind a proxy.

use qg_fleet::portal::PortalEngine;
use qg_requests::authelia::{self, Session, User, Visit};
use qg_requests::traefik::{Headers, PeerAnswer, Peers, Seen};
use qg_targets::OutputFile;
use serde_json::Value;

use super::houses::{file, place, value};
use super::{Consulted, Place, Unsent, Who};
use crate::Build;

/// What a proxy asks and reaches, for one request.
pub(crate) struct Login<'s, 'f> {
    portals: &'s [Portal<'f>],
    who: Option<Who>,
    /// What the programs behind the proxy answer.
    status: u16,
    asked: Vec<Consulted>,
}

/// A login server that is up.
pub(super) struct Portal<'f> {
    file: &'f OutputFile,
    /// `portal.login`
    name: String,
    /// The port that it listens at.
    port: Option<u16>,
    configuration: authelia::Configuration,
    /// Where each of its rules is said, in their order; where somebody asked before.
    known: Option<Vec<Option<Place>>>,
}

impl<'f> Portal<'f> {
    /// Those of a fleet.
    pub(super) fn all(build: &'f Build) -> Result<Vec<Portal<'f>>, Unsent> {
        let mut portals = Vec::new();
        let model = build.fleet.as_ref().map(|fleet| &fleet.model);
        for (key, portal) in model.into_iter().flat_map(|model| &model.portal) {
            let PortalEngine::Authelia(_) = &portal.engine.value;
            let Some(host) = model.and_then(|it| it.host_of(&portal.service)) else { continue };
            let file = file(build, host, "authelia/configuration.yml")?;
            portals.push(Portal::read(format!("portal.{key}"), file)?);
        }
        Ok(portals)
    }

    /// One that reads a file.
    pub(super) fn read(name: String, file: &'f OutputFile) -> Result<Portal<'f>, Unsent> {
        let said = value(file)?;
        let configuration = authelia::Configuration::read(&said)
            .map_err(|why| Unsent::Refused { file: file.path.clone(), why: why.to_string() })?;
        let address = said.pointer("/server/address").and_then(Value::as_str).unwrap_or(":9091");
        let port = address.trim_end_matches('/').rsplit(':').next();
        let port = port.and_then(|it| it.parse().ok());
        Ok(Portal { file, name, port, configuration, known: None })
    }

    /// Where a rule is said.
    fn rule(&self, build: &Build, rule: usize) -> Option<Place> {
        match &self.known {
            Some(known) => known.get(rule)?.clone(),
            None => place(build, self.file, &["access_control", "rules", &format!("#{rule}")]),
        }
    }

    /// Finds all places, for whoever cannot ask the build while answers are given.
    pub(super) fn learn(&mut self, build: &Build) {
        let rules = 0..self.configuration.rules();
        self.known = Some(rules.map(|rule| self.rule(build, rule)).collect());
    }
}

impl<'s, 'f> Login<'s, 'f> {
    pub(super) fn of(portals: &'s [Portal<'f>], who: Option<&Who>, status: u16) -> Login<'s, 'f> {
        Login { portals, who: who.cloned(), status, asked: Vec::new() }
    }

    /// What the login servers were asked, each with the place of the rule that decided.
    pub(super) fn asked(mut self, build: &Build) -> Vec<Consulted> {
        for it in &mut self.asked {
            let portal = self.portals.iter().find(|portal| portal.name == it.portal);
            let rule = it.answer.decision.as_ref().and_then(|it| it.verdict.rule);
            it.place = portal.zip(rule).and_then(|(portal, rule)| portal.rule(build, rule));
        }
        self.asked
    }
}

impl Peers for Login<'_, '_> {
    fn backend(&mut self, _url: &str, _seen: &Seen) -> Option<PeerAnswer> {
        Some(PeerAnswer { status: self.status, headers: Headers::default() })
    }

    fn authority(&mut self, address: &str, seen: &Seen) -> Option<PeerAnswer> {
        let port = address.split_once("://").and_then(|(_, rest)| {
            rest.split(['/', '?']).next()?.rsplit_once(':')?.1.parse::<u16>().ok()
        });
        let portal = self.portals.iter().find(|it| it.port == port)?;
        let of = |name: &str| seen.headers.first(name).to_owned();
        let url = format!(
            "{}://{}{}",
            of("X-Forwarded-Proto"),
            of("X-Forwarded-Host"),
            of("X-Forwarded-Uri")
        );
        let host = of("X-Forwarded-Host");
        let host = host.split(':').next().unwrap_or_default();
        // The directory has whoever asks.
        let known = self.who.as_ref().map(|who| {
            let (name, groups) = (who.user.clone(), who.groups.clone());
            let user = User { display_name: name.clone(), name, email: None, groups };
            portal.configuration.clone().with_users(vec![user])
        });
        let configuration = known.as_ref().unwrap_or(&portal.configuration);
        let domain = configuration.session_domain(host);
        let session = self.who.as_ref().zip(domain).map(|(who, domain)| Session {
            user: who.user.clone(),
            factor: who.factor,
            domain: domain.to_owned(),
        });
        let accept = seen.headers.values("Accept").first().cloned();
        let visit = Visit {
            method: of("X-Forwarded-Method"),
            url,
            forwarded_for: seen.headers.values("X-Forwarded-For").first().cloned(),
            accept,
            xhr: seen.headers.first("X-Requested-With") == "XMLHttpRequest",
            session,
            ..Visit::default()
        };
        let answer = authelia::answer(configuration, &visit);
        let mut headers = Headers::default();
        for (name, value) in &answer.headers {
            headers.set(name, value);
        }
        if let Some(location) = &answer.location {
            headers.set("Location", location.to_string());
        }
        let status = answer.status;
        self.asked.push(Consulted { portal: portal.name.clone(), visit, answer, place: None });
        Some(PeerAnswer { status, headers })
    }

    /// Nobody's password is known here.
    fn password(&mut self, _user: &str, _password: &str, _hash: &str) -> bool {
        false
    }
}
