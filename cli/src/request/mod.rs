//! The story of a request, as people and programs read it.

use std::fmt::Write;

use qg_interpreter::requests::traefik::{Considered, Outcome, Status};
use qg_interpreter::requests::{self, Ask, Consulted, Told};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::report::{Context, Place, harmless};

/// For people.
#[must_use]
pub(crate) fn human(ask: &Ask, told: &Told, context: Context<'_>) -> String {
    let mut text = String::new();
    let (point, address) = &told.entry_point;
    let who = match &ask.who {
        Some(who) if who.groups.is_empty() => format!("{}, in no group", who.user),
        Some(who) => format!("{} of {}", who.user, who.groups.join(", ")),
        None => "nobody".to_owned(),
    };
    let factor = ask
        .who
        .as_ref()
        .map_or("", |it| if it.factor > 1 { ", two factors" } else { ", one factor" });
    let certificate = certificate(ask);
    let _ = writeln!(text, "{} {}", harmless(&ask.method), harmless(&ask.url));
    let _ = writeln!(
        text,
        "  from {}, certificate: {certificate}, logged in: {}{factor}",
        ask.from,
        harmless(&who)
    );
    let _ =
        writeln!(text, "\n{} on host.{}, entry point {point} ({address})", told.proxy, told.host);
    for line in &told.answer.story.before {
        let _ = writeln!(text, "  {}", harmless(line));
    }
    let (near, far): (Vec<&Considered>, Vec<&Considered>) =
        told.answer.story.routers.iter().partition(|it| is_near(it));
    let rows = near.iter().map(|it| {
        let mark = if it.outcome == Outcome::Won { ">" } else { " " };
        let place =
            told.place("router", &it.router).map_or_else(String::new, |it| shown(it, context));
        [format!("{mark} {}", it.router), it.priority.to_string(), outcome(it), place]
    });
    section(&mut text, "routers", rows.collect());
    if !far.is_empty() {
        let _ = writeln!(text, "    {} more are of other hosts, or come after it", far.len());
    }
    let rows = told.answer.story.steps.iter().map(|it| {
        let of = told.place("middleware", &it.name).or_else(|| told.place("service", &it.name));
        let place = of.map_or_else(String::new, |it| shown(it, context));
        [it.name.clone(), it.kind.to_owned(), it.did.clone(), place]
    });
    section(&mut text, "on the way", rows.collect());
    let rows = told.logins.iter().map(|it| {
        let place = it.place.as_ref().map_or_else(String::new, |it| shown(it, context));
        [it.portal.clone(), decided(it), format!("answers {}", it.answer.status), place]
    });
    section(&mut text, "the login", rows.collect());
    let _ = writeln!(text, "\nanswer");
    let _ = writeln!(
        text,
        "  {}{}",
        status(told),
        told.answer.location().map_or_else(String::new, |it| format!(" {}", harmless(it)))
    );
    let _ = writeln!(text, "\n{}", harmless(&told.verdict.to_string()));
    for line in &told.unsure {
        let _ = writeln!(text, "not simulated: {}", harmless(line));
    }
    text
}

/// A table below a title; nothing where it has no rows.
fn section(text: &mut String, title: &str, rows: Vec<[String; 4]>) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    let rows: Vec<[String; 4]> = rows.into_iter().map(|row| row.map(|it| harmless(&it))).collect();
    let wide = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|it| it.width()).max();
    for row in &rows {
        let mut line = String::from(" ");
        for (at, cell) in row.iter().enumerate() {
            let space = wide(at).unwrap_or(0).saturating_sub(cell.width());
            let _ = write!(line, " {cell}{} ", " ".repeat(space));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// Whether a router is worth a line: it answers, or its host is the one that is asked for.
fn is_near(it: &Considered) -> bool {
    match &it.outcome {
        Outcome::Won | Outcome::Dropped(_) => true,
        Outcome::Missed(matchers) => !matchers.iter().any(|it| it.starts_with("Host")),
        Outcome::Later | Outcome::OtherSide => false,
    }
}

fn outcome(it: &Considered) -> String {
    match &it.outcome {
        Outcome::Won => it.rule.clone(),
        Outcome::Missed(matchers) => format!("does not match: {}", matchers.join(", ")),
        Outcome::Later => "comes after it".to_owned(),
        Outcome::OtherSide => "is on the other side of TLS".to_owned(),
        Outcome::Dropped(why) => format!("Traefik never puts it up: {why}"),
    }
}

fn decided(it: &Consulted) -> String {
    let Some(decision) = &it.answer.decision else { return "no rule is looked at".to_owned() };
    let policy = it.policy();
    match decision.verdict.rule {
        Some(rule) => format!("rule {} says {policy}", rule + 1),
        None => format!("no rule matches: {policy}"),
    }
}

fn status(told: &Told) -> String {
    match told.answer.status {
        Status::TlsFailure => "no answer: TLS is refused".to_owned(),
        Status::Tcp => "the connection is a TCP router's: whatever is behind it answers".to_owned(),
        Status::Http(status) => status.to_string(),
    }
}

fn certificate(ask: &Ask) -> &'static str {
    use qg_interpreter::requests::traefik::Certificate;
    match ask.certificate {
        Certificate::None => "none",
        Certificate::Trusted => "trusted",
        Certificate::Untrusted => "untrusted",
    }
}

fn shown(place: &requests::Place, context: Context<'_>) -> String {
    let Place { path, start, end: _ } = Place::of(place.span, context.sources, context.names);
    format!("{path}:{}", start.line)
}

/// For programs.
#[must_use]
pub(crate) fn object(ask: &Ask, told: &Told, context: Context<'_>) -> Value {
    let place = |of: Option<&requests::Place>| {
        of.map(|it| json!({ "path": it.path, "at": shown(it, context) }))
    };
    let routers = told.answer.story.routers.iter().map(|it| {
        json!({
            "name": it.router, "rule": it.rule, "priority": it.priority,
            "won": it.outcome == Outcome::Won, "outcome": outcome(it),
            "place": place(told.place("router", &it.router)),
        })
    });
    let steps = told.answer.story.steps.iter().map(|it| {
        let of = told.place("middleware", &it.name).or_else(|| told.place("service", &it.name));
        json!({ "name": it.name, "kind": it.kind, "did": it.did, "place": place(of) })
    });
    let logins = told.logins.iter().map(|it| {
        json!({
            "portal": it.portal, "asked": it.visit.url, "status": it.answer.status,
            "decision": it.answer.decision, "place": place(it.place.as_ref()),
        })
    });
    let status = match told.answer.status {
        Status::TlsFailure => json!("tls-failure"),
        Status::Tcp => json!("tcp"),
        Status::Http(status) => json!(status),
    };
    let groups = ask
        .who
        .as_ref()
        .map(|it| json!({ "user": it.user, "groups": it.groups, "factor": it.factor }));
    json!({
        "request": {
            "method": ask.method, "url": ask.url, "from": ask.from,
            "certificate": certificate(ask), "who": groups,
        },
        "verdict": told.verdict.to_string(), "kind": told.verdict.word(),
        "status": status, "location": told.answer.location(),
        "proxy": told.proxy, "host": told.host, "entry_point": told.entry_point.0,
        "router": told.answer.router, "before": told.answer.story.before,
        "routers": routers.collect::<Vec<_>>(), "steps": steps.collect::<Vec<_>>(),
        "logins": logins.collect::<Vec<_>>(), "not_simulated": told.unsure,
    })
}
