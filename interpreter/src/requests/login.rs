//! The login servers, and all else that lies behind a proxy.

use qg_fleet::portal::PortalEngine;
use qg_requests::authelia::{self, Session, User, Visit};
use qg_requests::traefik::{Headers, PeerAnswer, Peers, Seen};
use qg_targets::OutputFile;
use serde_json::Value;

use super::houses::{file, place, value};
use super::{Ask, Consulted, Unsent, Who};
use crate::Build;

/// What a proxy asks and reaches, for one request.
pub(super) struct Login<'b> {
    portals: Vec<Portal<'b>>,
    who: Option<Who>,
    asked: Vec<Consulted>,
}

struct Portal<'b> {
    file: &'b OutputFile,
    /// `portal.login`
    name: String,
    /// The port that it listens at.
    port: Option<u16>,
    configuration: authelia::Configuration,
}

impl<'b> Login<'b> {
    pub(super) fn of(build: &'b Build, ask: &Ask) -> Result<Login<'b>, Unsent> {
        let mut portals = Vec::new();
        let model = build.fleet.as_ref().map(|fleet| &fleet.model);
        for (key, portal) in model.into_iter().flat_map(|model| &model.portal) {
            let PortalEngine::Authelia(_) = &portal.engine.value;
            let Some(host) = model.and_then(|it| it.host_of(&portal.service)) else { continue };
            let file = file(build, host, "authelia/configuration.yml")?;
            let said = value(file)?;
            let configuration = authelia::Configuration::read(&said)
                .map_err(|why| Unsent::Refused { file: file.path.clone(), why: why.to_string() })?;
            let address =
                said.pointer("/server/address").and_then(Value::as_str).unwrap_or(":9091");
            let port = address.trim_end_matches('/').rsplit(':').next();
            let users = ask.who.iter().map(|who| User {
                name: who.user.clone(),
                display_name: who.user.clone(),
                email: None,
                groups: who.groups.clone(),
            });
            portals.push(Portal {
                file,
                name: format!("portal.{key}"),
                port: port.and_then(|it| it.parse().ok()),
                configuration: configuration.with_users(users.collect()),
            });
        }
        Ok(Login { portals, who: ask.who.clone(), asked: Vec::new() })
    }

    /// What the login servers were asked, each with the place of the rule that decided.
    pub(super) fn asked(mut self, build: &Build) -> Vec<Consulted> {
        for it in &mut self.asked {
            let portal = self.portals.iter().find(|portal| portal.name == it.portal);
            let rule = it.answer.decision.as_ref().and_then(|it| it.verdict.rule);
            it.place = portal.zip(rule).and_then(|(portal, rule)| {
                place(build, portal.file, &["access_control", "rules", &format!("#{rule}")])
            });
        }
        self.asked
    }
}

impl Peers for Login<'_> {
    /// Whoever is behind the proxy answers that all is well.
    fn backend(&mut self, _url: &str, _seen: &Seen) -> Option<PeerAnswer> {
        Some(PeerAnswer { status: 200, headers: Headers::default() })
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
        let domain = portal.configuration.session_domain(host);
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
        let answer = authelia::answer(&portal.configuration, &visit);
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
