//! What decided about a request, beside the expectation that it does not meet.

use std::fmt::Write as _;

use qg_lang::diagnostic::Diagnostic;

use super::asked::Exchange;
use crate::requests::traefik::{Certificate, Outcome, Status};
use crate::requests::{Ask, Told};

/// A finding with the router, the middlewares and the rule that decided, each with its place.
pub(super) fn told(finding: Diagnostic, exchange: &Exchange) -> Diagnostic {
    let Exchange { ask, told } = exchange;
    let mut finding = finding;
    let mut seen = Vec::new();
    let mut also = |finding: Diagnostic, span, text: String| {
        // Steps of one route often stand in one line of the source.
        let known = (span, text.clone());
        if seen.contains(&known) {
            return finding;
        }
        seen.push(known);
        finding.also(span, text)
    };
    match told.winner() {
        Some(winner) => {
            let text = format!("router {} takes it: {}", winner.router, winner.rule);
            match told.place("router", &winner.router) {
                Some(place) => finding = also(finding, place.span, text),
                None => finding = finding.help(text),
            }
        }
        None => finding = finding.help(unanswered(told)),
    }
    for (router, place) in &told.guarding {
        finding = also(
            finding,
            place.span,
            format!("router {router} has this name, and TLS options of its own"),
        );
    }
    for step in &told.answer.story.steps {
        if let Some(place) = told.place("middleware", &step.name) {
            finding =
                also(finding, place.span, format!("{} ({}): {}", step.name, step.kind, step.did));
        }
    }
    for login in &told.logins {
        let Some(decision) = &login.answer.decision else { continue };
        let policy = login.policy();
        match (&login.place, decision.verdict.rule) {
            (Some(place), Some(rule)) => {
                let text = format!("rule {} of {} says {policy}", rule + 1, login.portal);
                finding = also(finding, place.span, text);
            }
            _ => finding = finding.help(format!("no rule of {} matches: {policy}", login.portal)),
        }
    }
    for line in &told.unsure {
        finding = finding.help(format!("not simulated: {line}"));
    }
    finding.help(format!("the whole story: `{}`", command(ask)))
}

/// Why nobody has it.
fn unanswered(told: &Told) -> String {
    let story = &told.answer.story;
    if let (Status::TlsFailure, Some(last)) = (told.answer.status, story.before.last()) {
        return format!("at entry point {}: {last}", told.entry_point.0);
    }
    let near = story.routers.iter().find_map(|it| match &it.outcome {
        Outcome::Missed(matchers) if !matchers.iter().any(|it| it.starts_with("Host")) => {
            Some(format!("; router {} does not match: {}", it.router, matchers.join(", ")))
        }
        Outcome::Dropped(why) => Some(format!("; router {} is never put up: {why}", it.router)),
        Outcome::Missed(_) | Outcome::Won | Outcome::Later | Outcome::OtherSide => None,
    });
    format!("no router of {} takes it{}", told.proxy, near.unwrap_or_default())
}

/// The same question to `qgc request`.
fn command(ask: &Ask) -> String {
    let mut line = format!("qgc request {} {} --from {}", ask.method, quoted(&ask.url), ask.from);
    if let Some(who) = &ask.who {
        let _ = write!(line, " --user {} --factor {}", quoted(&who.user), who.factor);
        if !who.groups.is_empty() {
            let _ = write!(line, " --groups {}", quoted(&who.groups.join(",")));
        }
    }
    match ask.certificate {
        Certificate::None => {}
        Certificate::Trusted => line += " --certificate trusted",
        Certificate::Untrusted => line += " --certificate untrusted",
    }
    for (name, value) in &ask.headers {
        let _ = write!(line, " --header {}", quoted(&format!("{name}: {value}")));
    }
    if let Some(at) = &ask.at {
        let _ = write!(line, " --host {}", quoted(at));
    }
    line
}

/// A word for a shell.
fn quoted(text: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_./:@,%+=".contains(it);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
