//! Findings, in the words of the terminal, in every file that they concern.

use std::collections::BTreeMap;

use qg_lang::diagnostic::{self as found, Severity, Tag};
use qg_lang::span::Span;
use tower_lsp::lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, NumberOrString,
    Range, Url,
};

use crate::convert::{self, Encoding};
use crate::project::Trouble;
use crate::snapshot::Snapshot;

/// More findings than this in one file help nobody.
const MOST: usize = 500;

/// The findings of each file; open files are there even without.
pub(crate) type Findings = BTreeMap<Url, (Option<i32>, Vec<Diagnostic>)>;

/// Everything that was found in a fleet.
pub(crate) fn all(snapshot: &Snapshot) -> Findings {
    let mut all = Findings::new();
    for (url, version) in snapshot.open.values() {
        all.insert(url.clone(), (Some(*version), Vec::new()));
    }
    let mut more: BTreeMap<Url, usize> = BTreeMap::new();
    // What is not shown is not made either: to find the column of each of a hundred thousand mistakes in
    // one line takes longer than to find the mistakes.
    let mut add = |url: Url, make: &dyn Fn() -> Diagnostic| {
        let (_, list) = all.entry(url.clone()).or_default();
        match list.len() < MOST {
            true => list.push(make()),
            false => *more.entry(url).or_default() += 1,
        }
    };
    for finding in &snapshot.build.diagnostics {
        let home = home(snapshot, finding);
        if let Some(url) = snapshot.url(home.file) {
            add(url, &|| main(snapshot, finding, home));
        }
        for other in &finding.others {
            let elsewhere = other.span.file != home.file && !is_library(snapshot, other.span);
            if elsewhere && let Some(url) = snapshot.url(other.span.file) {
                add(url, &|| echo(snapshot, finding, other, home));
            }
        }
    }
    for (url, more) in more {
        let (_, list) = all.entry(url).or_default();
        list.push(rest(more));
    }
    all
}

/// Says that there are more findings than are shown.
fn rest(more: usize) -> Diagnostic {
    Diagnostic {
        severity: Some(DiagnosticSeverity::WARNING),
        source: Some("qg".to_owned()),
        message: format!("{more} more findings in this file; these are the first {MOST}"),
        ..Diagnostic::default()
    }
}

/// Where a finding is shown: at its place, or where the fleet comes into it, when its place is in the
/// standard library.
fn home(snapshot: &Snapshot, finding: &found::Diagnostic) -> Span {
    let place = finding.primary.span;
    if !is_library(snapshot, place) {
        return place;
    }
    let others = finding.others.iter().map(|other| other.span);
    others.into_iter().find(|span| !is_library(snapshot, *span)).unwrap_or(place)
}

fn is_library(snapshot: &Snapshot, span: Span) -> bool {
    snapshot.source(span.file).is_none_or(|source| source.is_std())
}

fn main(snapshot: &Snapshot, finding: &found::Diagnostic, home: Span) -> Diagnostic {
    let labels = std::iter::once(&finding.primary).chain(&finding.others);
    let related: Vec<DiagnosticRelatedInformation> = labels
        .filter(|label| label.span != home)
        .filter_map(|label| related(snapshot, label.span, &label.text))
        .collect();
    Diagnostic {
        range: snapshot.range(home),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        message: words(finding),
        related_information: (!related.is_empty()).then_some(related),
        tags: finding.tag.map(|tag| {
            vec![match tag {
                Tag::Unnecessary => DiagnosticTag::UNNECESSARY,
                Tag::Deprecated => DiagnosticTag::DEPRECATED,
            }]
        }),
        ..bare(finding)
    }
}

/// What another file sees of a finding: that one of its places has a part in it.
fn echo(
    snapshot: &Snapshot,
    finding: &found::Diagnostic,
    other: &found::Label,
    home: Span,
) -> Diagnostic {
    let message = match other.text.as_str() {
        "" => finding.message.clone(),
        text => format!("{text}: {}", finding.message),
    };
    Diagnostic {
        range: snapshot.range(other.span),
        severity: Some(DiagnosticSeverity::HINT),
        message,
        related_information: related(snapshot, home, &finding.message).map(|it| vec![it]),
        ..bare(finding)
    }
}

fn bare(finding: &found::Diagnostic) -> Diagnostic {
    Diagnostic {
        code: Some(NumberOrString::String(finding.code.id.to_owned())),
        source: Some("qg".to_owned()),
        ..Diagnostic::default()
    }
}

fn related(snapshot: &Snapshot, span: Span, text: &str) -> Option<DiagnosticRelatedInformation> {
    let message = if text.is_empty() { "here" } else { text };
    let location = snapshot.location(span)?;
    Some(DiagnosticRelatedInformation { location, message: message.to_owned() })
}

/// The message, the word at its place, and what to do.
fn words(finding: &found::Diagnostic) -> String {
    let mut words = finding.message.clone();
    if !finding.primary.text.is_empty() {
        words.push('\n');
        words.push_str(&finding.primary.text);
    }
    for help in &finding.help {
        words.push_str("\nhelp: ");
        words.push_str(help);
    }
    words
}

/// Why fleets cannot be read, at the places that say so.
pub(crate) fn troubles(troubles: &[Trouble], encoding: Encoding) -> Findings {
    let mut all = Findings::new();
    for Trouble { message, place } in troubles {
        let Some((path, text, bytes)) = place else { continue };
        let Some(url) = convert::url_of(path) else { continue };
        let range: Range = convert::text_range(text, bytes.clone(), encoding);
        let (_, list) = all.entry(url).or_default();
        list.push(Diagnostic {
            range,
            severity: Some(DiagnosticSeverity::ERROR),
            source: Some("qg".to_owned()),
            message: message.clone(),
            ..Diagnostic::default()
        });
    }
    all
}

/// What takes the place of the findings about texts that are not known, for those would stand anywhere.
pub(crate) fn unknown(findings: &mut Findings, lost: &BTreeMap<Url, String>) {
    for (url, reason) in lost {
        let (_, list) = findings.entry(url.clone()).or_default();
        *list = vec![Diagnostic {
            severity: Some(DiagnosticSeverity::ERROR),
            source: Some("qg".to_owned()),
            message: crate::state::lost(reason),
            ..Diagnostic::default()
        }];
    }
}
