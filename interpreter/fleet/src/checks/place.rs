//! Places of the model, for findings.

use std::collections::BTreeSet;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::is_library;
use qg_lang::span::{FileId, Span};

use crate::Fleet;
use crate::leaf::OriginId;

/// The place to show for a value.
#[must_use]
pub fn place(fleet: &Fleet, origin: OriginId) -> Span {
    first_place(fleet, &[origin])
}

/// The first of these that is known. What nobody said in a file is shown at the first entity of the
/// fleet, so that no finding is lost for want of a place.
#[must_use]
pub fn first_place(fleet: &Fleet, origins: &[OriginId]) -> Span {
    let known = |origin: &OriginId| fleet.origins.span(*origin);
    let model = &fleet.model;
    let entities = || {
        let hosts = model.host.values().map(|it| it.origin);
        let services = model.service.values().map(|it| it.origin);
        hosts.chain(services).chain(model.secret.values().map(|it| it.origin))
    };
    let found = origins.iter().find_map(known).or_else(|| entities().find_map(|it| known(&it)));
    found.unwrap_or(Span::new(FileId(0), 0, 0))
}

/// The places of errors that were found already: one place is told once, whatever checks it meets.
#[must_use]
pub fn told(found: &[Diagnostic]) -> BTreeSet<Span> {
    found.iter().filter(|it| it.is_error()).map(|it| it.primary.span).collect()
}

/// The first of these that is the user's own; what the library says by itself only where nothing else is known.
#[must_use]
pub fn own_place(fleet: &Fleet, origins: &[OriginId]) -> Span {
    let known = || origins.iter().filter_map(|origin| fleet.origins.span(*origin));
    let own = known().find(|span| !is_library(span.file)).or_else(|| known().next());
    own.unwrap_or_else(|| first_place(fleet, &[]))
}

/// The place of a value at the end of what says it (`key = "x"`), where it is written there like this.
#[must_use]
pub fn last(fleet: &Fleet, said: Span, written: &str) -> Option<Span> {
    let start = said.end.checked_sub(u32::try_from(written.len()).ok()?)?;
    let span = Span::new(said.file, start.max(said.start), said.end);
    (fleet.sources.slice(span) == written).then_some(span)
}

/// Where a text begins in what says it, to the end of its first line; the whole where it does not stand there like this.
#[must_use]
pub fn within(fleet: &Fleet, said: Span, text: &str) -> Span {
    let line = text.lines().next().unwrap_or_default();
    let at = Some(line).filter(|it| !it.is_empty());
    let at =
        at.and_then(|it| fleet.sources.slice(said).find(it)).and_then(|at| u32::try_from(at).ok());
    match (at, u32::try_from(line.len())) {
        (Some(at), Ok(length)) => Span::new(said.file, said.start + at, said.start + at + length),
        _ => said,
    }
}
