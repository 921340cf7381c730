//! Switches for trying things out: a dashboard without a login, certificates that nobody looks at, logs that hold secrets.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::exposure as codes;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::leaf::{At, Data, OriginId};

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::DEBUG_SWITCH], run };

/// Of Traefik's static options (doc.traefik.io, v3.7): the way to each, and what it does.
const TRAEFIK: &[(&[&str], &str)] = &[
    (&["api", "insecure"], "shows the dashboard on port 8080 of every address, without a login"),
    (&["api", "debug"], "shows what runs inside of the proxy"),
    (
        &["serversTransport", "insecureSkipVerify"],
        "takes any certificate of every server: what stands between reads all",
    ),
];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    let mut say = |origin: OriginId, what: &str, does: &str, help: &str| {
        let message = format!("`{what}` {does}");
        out.push(
            Diagnostic::warning(codes::DEBUG_SWITCH, place(fleet, origin), message)
                .help(help.to_owned()),
        );
    };
    const LEAVE: &str =
        "leave it out; for one server that has a certificate of its own, a `transport` says so";
    for of in fleet.model.traefiks() {
        for (way, does) in TRAEFIK {
            let said = of.options.r#static.as_ref().and_then(|it| at(it, way));
            // Where the proxy says `dashboard`, its own `api` is another finding.
            let own = of.options.dashboard.is_some() && way.ends_with(&["insecure"]);
            if let Some(said) = said.filter(|it| it.value == Data::Bool(true) && !own) {
                say(said.origin, &way.join("."), does, LEAVE);
            }
        }
    }
    for host in fleet.model.host.values() {
        let said = ["services", "traefik", "staticConfigOptions"];
        let Some(options) = at(&host.nix, &said) else { continue };
        for (way, does) in TRAEFIK {
            if let Some(said) = at(options, way).filter(|it| it.value == Data::Bool(true)) {
                say(said.origin, &way.join("."), does, LEAVE);
            }
        }
    }
    for service in fleet.model.service.values() {
        let Some(container) = &service.container else { continue };
        for word in container.command.iter() {
            for (way, does) in TRAEFIK {
                let flag = format!("--{}", way.join(".")).to_lowercase();
                let text = word.value.to_string().to_lowercase();
                if text == flag || text == format!("{flag}=true") {
                    say(word.origin, &way.join("."), does, LEAVE);
                }
            }
        }
    }
    for of in fleet.model.authelias() {
        let typed = of.options.log.get("level");
        let raw = of.options.settings.as_ref().and_then(|it| at(it, &["log", "level"]));
        for level in typed.into_iter().chain(raw) {
            if level.text() == Some("trace") {
                let does = "writes what people send when they log in";
                say(level.origin, "log.level = trace", does, "say `info`, or `debug` for a while");
            }
        }
    }
}

/// What lies at the end of a way of keys, whose letters Traefik does not tell by their case.
fn at<'d>(data: &'d At<Data>, way: &[&str]) -> Option<&'d At<Data>> {
    way.iter().try_fold(data, |at, key| {
        let mut fields = at.record()?.iter();
        fields.find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    })
}
