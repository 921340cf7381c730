//! Who can reach what, as people and programs read it.

use std::fmt::Write;

use qg_interpreter::exposure::{Exposure, Row};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::report::{Context, Place, harmless};

/// A table for each host.
#[must_use]
pub(crate) fn human(exposure: &Exposure, context: Context<'_>) -> String {
    let mut text = String::new();
    let head = ["what", "where", "through", "who", "said at"].map(str::to_owned);
    let cells: Vec<[String; 5]> =
        exposure.rows.iter().map(|row| cells(row, context).map(|it| harmless(&it))).collect();
    let all = || std::iter::once(&head).chain(&cells);
    let wide = |at: usize| all().filter_map(|row| row.get(at)).map(|it| it.width()).max();
    let widths: Vec<usize> = (0..5).map(|at| wide(at).unwrap_or(0)).collect();
    let line = |cells: &[String; 5]| {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(&widths) {
            let space = width.saturating_sub(cell.width());
            let _ = write!(line, "  {cell}{}", " ".repeat(space));
        }
        line.trim_end().to_owned()
    };
    if !cells.is_empty() {
        let _ = writeln!(text, "{}", line(&head));
    }
    let mut host = None;
    for (row, cells) in exposure.rows.iter().zip(&cells) {
        if host != Some(&row.host) {
            let _ = writeln!(text, "\nhost.{}", harmless(&row.host));
            host = Some(&row.host);
        }
        let _ = writeln!(text, "{}", line(cells));
    }
    let proof = &exposure.proof;
    let _ = writeln!(text, "\n{}", held(exposure));
    for (title, unsure) in &proof.unsure {
        let _ = writeln!(
            text,
            "not simulated, for {}: {}",
            harmless(title),
            harmless(&unsure.join(", "))
        );
    }
    if !exposure.unproved.is_empty() {
        let _ = writeln!(text, "not simulated: {}", exposure.unproved.join(", "));
    }
    text
}

/// `4211 requests were tried at 31 guarded routes: none got round a guard`
fn held(exposure: &Exposure) -> String {
    let guarded = exposure.claims.iter().filter(|it| it.is_guarded()).count();
    let tried = exposure.proof.tried;
    let found = match exposure.proof.breaches.len() {
        0 => "none got round a guard".to_owned(),
        count => format!("{count} got round a guard"),
    };
    format!("{tried} requests were tried at {guarded} guarded routes: {found}")
}

/// What, where, through what, who, and who says so.
fn cells(row: &Row, context: Context<'_>) -> [String; 5] {
    [
        row.what.clone(),
        row.at.clone(),
        row.through.as_ref().map_or_else(|| "-".to_owned(), Clone::clone),
        who(row),
        place(row, context).unwrap_or_default(),
    ]
}

/// `internet: certificate, login of admin, two factors`
fn who(row: &Row) -> String {
    let asks: Vec<String> = row.asks.iter().map(ToString::to_string).collect();
    if asks.is_empty() {
        row.from.to_string()
    } else {
        format!("{}: {}", row.from, asks.join("; "))
    }
}

fn place(row: &Row, context: Context<'_>) -> Option<String> {
    let Place { path, start, end: _ } = Place::of(row.place?, context.sources, context.names);
    Some(format!("{path}:{}", start.line))
}

/// For programs: one object.
#[must_use]
pub(crate) fn object(exposure: &Exposure, context: Context<'_>) -> Value {
    let rows = exposure.rows.iter().map(|row| {
        json!({
            "host": row.host, "kind": row.kind, "what": row.what, "at": row.at,
            "through": row.through, "from": row.from.word(), "of": row.from, "asks": row.asks,
            "who": who(row), "place": place(row, context),
        })
    });
    let breaches = exposure.proof.breaches.iter().map(|it| {
        json!({
            "route": exposure.claims.get(it.claim).map(|claim| claim.title.clone()),
            "request": it.way_in, "proxy": format!("proxy.{}", it.proxy), "host": it.host,
            "router": it.way.router(), "server": it.server,
        })
    });
    json!({ "exposure": {
        "rows": rows.collect::<Vec<_>>(),
        "proof": {
            "tried": exposure.proof.tried,
            "guarded": exposure.claims.iter().filter(|it| it.is_guarded()).count(),
            "breaches": breaches.collect::<Vec<_>>(),
            "unsure": exposure.proof.unsure,
            "not_simulated": exposure.unproved,
        },
    } })
}
