//! What Caddy is not told: a route says it, and another engine could do it. Refused where it is said, or what was to be
//! guarded would be open, and what was to be done would not be.
//!
//! Routes and proxies are taken apart field by field, without `..`: a field that the library gains is decided here.

mod reads;

use qg_fleet::checks::place::{first_place, place};
use qg_fleet::leaf::{At, OriginId};
use qg_fleet::proxy::{CaddyIssuer, CaddyProxy, Proxy};
use qg_fleet::route::{Login, Route, Sni};
use qg_fleet::ways::ServiceRoute;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use crate::Prepared;
use crate::caddy::PLACEHOLDER;
use crate::checks::Check;

pub(super) const CHECK: Check = Check {
    codes: &[
        codes::CADDY_LOGIN,
        codes::CADDY_LACKS,
        codes::CADDY_READS_OTHER,
        codes::CADDY_UNREADABLE,
        codes::CADDY_PLACEHOLDER,
    ],
    run,
};

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for of in fleet.model.caddies() {
        of_proxy(fleet, of, found);
        placeholders(fleet, of, found);
        reads::run(fleet, of, found);
        for way in fleet.model.ways_of(of.key) {
            login(fleet, of, way, found);
            of_route(fleet, of, way, found);
        }
    }
}

/// A login server asks through the proxy, and Caddy is not told to ask.
fn login(
    fleet: &Prepared<'_>,
    of: CaddyProxy<'_>,
    way: ServiceRoute<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let login = &way.route.login;
    match &login.value {
        Login::Sso(_) => {
            let message =
                format!("{} asks for a login, and proxy.{} asks nobody", way.title(), of.key);
            found.push(
                Diagnostic::error(
                    codes::CADDY_LOGIN,
                    first_place(fleet, &[login.origin, way.route.origin]),
                    message,
                )
                .also(place(fleet, of.proxy.engine.origin), "its engine is Caddy")
                .help("let a proxy whose engine is Traefik answer for it: `via = proxy.…`")
                .help("say `login = own` if the program asks by itself"),
            );
        }
        Login::Own | Login::None => {}
    }
}

const OTHER_ENGINE: &str = "leave it out, or let a proxy whose engine is Traefik do it";

struct Report<'f, 'd> {
    fleet: &'f Prepared<'f>,
    of: CaddyProxy<'f>,
    whose: String,
    found: &'d mut Vec<Diagnostic>,
}

impl Report<'_, '_> {
    fn lacks(&mut self, field: &str, origin: Option<OriginId>, help: &str) {
        let Some(origin) = origin else { return };
        let message = format!("nobody carries out `{field}` of {}", self.whose);
        let span = first_place(self.fleet, &[origin, self.of.proxy.origin]);
        self.found.push(
            Diagnostic::error(codes::CADDY_LACKS, span, message)
                .also(place(self.fleet, self.of.proxy.engine.origin), "its engine is Caddy")
                .help(help),
        );
    }
}

/// A list that says something.
fn first<T>(list: &At<Vec<At<T>>>) -> Option<OriginId> {
    list.first().map(|first| first.origin)
}

fn said<T>(it: &Option<At<T>>) -> Option<OriginId> {
    it.as_ref().map(|it| it.origin)
}

fn of_route(
    fleet: &Prepared<'_>,
    of: CaddyProxy<'_>,
    way: ServiceRoute<'_>,
    found: &mut Vec<Diagnostic>,
) {
    // What is left out here reaches the file; `login` has a finding of its own, and `url` is for whoever asks.
    let Route {
        host: _,
        aliases: _,
        path: _,
        to,
        tcp,
        udp,
        sni,
        expose: _,
        login: _,
        r#use,
        pass_host: _,
        scheme: _,
        transport,
        tls,
        entry_points,
        resolver,
        certificate,
        priority,
        observability,
        via: _,
        url: _,
    } = &way.route.value;
    let mut report = Report { fleet, of, whose: way.title(), found };
    let requests = "Caddy answers over HTTP alone: let the program listen for others itself (`open = true` of its port), or a proxy whose engine is Traefik";
    report.lacks("tcp", said(tcp), requests);
    report.lacks("udp", said(udp), requests);
    report.lacks("sni", (sni.value != Sni::Off).then_some(sni.origin), requests);
    let to_backend = way.route.backend().map(|_| to.origin);
    report.lacks("to", to_backend, "lead it to one server: a port of its service, or a URL");
    report.lacks("use", first(r#use), OTHER_ENGINE);
    report.lacks("transport", said(transport), OTHER_ENGINE);
    report.lacks("tls", said(tls), OTHER_ENGINE);
    let https = "leave it out: Caddy answers at its `https` port";
    report.lacks("entry_points", first(entry_points), https);
    let issuer = "leave it out: `issuer` of the proxy says whose certificates it has";
    report.lacks("resolver", said(resolver), issuer);
    report.lacks("certificate", first(certificate), "leave it out: each name gets one of its own");
    report.lacks("priority", said(priority), "leave it out: longer paths come first");
    let log = "leave it out: `access_log` of the proxy says whether requests are written down";
    report.lacks("observability", said(observability), log);
}

fn of_proxy(fleet: &Prepared<'_>, of: CaddyProxy<'_>, found: &mut Vec<Diagnostic>) {
    let Proxy { enabled: _, about: _, on: _, service: _, engine: _, r#use, except, lan: _ } =
        &of.proxy.value;
    let mut report = Report { fleet, of, whose: format!("proxy.{}", of.key), found };
    report.lacks("use", first(r#use), OTHER_ENGINE);
    report.lacks("except", first(except), "leave it out: there is nothing to do without");
}

/// Texts in which Caddy looks for placeholders; a URL holds no braces.
fn placeholders(fleet: &Prepared<'_>, of: CaddyProxy<'_>, found: &mut Vec<Diagnostic>) {
    let email = match &of.options.issuer.value {
        CaddyIssuer::Acme(acme) => acme.email.as_ref(),
        CaddyIssuer::Internal => None,
    };
    if let Some(text) = email.filter(|text| text.contains(PLACEHOLDER)) {
        let message = format!("Caddy would put something else in place of {:?}", text.value);
        found.push(
            Diagnostic::error(
                codes::CADDY_PLACEHOLDER,
                first_place(fleet, &[text.origin, of.proxy.origin]),
                message,
            )
            .help("say it without `{`: what stands in braces is a placeholder there"),
        );
    }
}
