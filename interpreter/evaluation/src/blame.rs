//! Findings in the standard library are shown at what the user wrote: nobody mends the library.

use std::collections::BTreeSet;
use std::sync::Arc;

use qg_lang::diagnostic::{Diagnostic, Label};
use qg_lang::span::Span;
use qg_provenance::leaf::OriginId;

use super::Evaluator;
use crate::value::NodeId;

/// So many places are looked at, on the way to one of the user's.
const STEPS: usize = 1000;

impl Evaluator<'_> {
    /// A finding about a value, at the place of the user's that it goes back to: what it was computed from, or else what
    /// it belongs to. The place in the library is a second one, with a word on what happens `there`.
    pub(super) fn at_user(
        &self,
        mut finding: Diagnostic,
        value: OriginId,
        place: Option<(NodeId, &Arc<str>)>,
        there: &str,
    ) -> Diagnostic {
        let span = finding.primary.span;
        if !self.is_std(span) {
            return finding;
        }
        let Some(at) = self.source_of(value).or_else(|| self.owner_of(place)) else {
            return finding;
        };
        let text = match std::mem::take(&mut finding.primary.text) {
            text if text.is_empty() => there.to_owned(),
            text => text,
        };
        finding.primary.span = at;
        finding.others.retain(|other| other.span != at);
        finding.others.push(Label { span, text });
        finding
    }

    /// Whether nothing of a finding is in the user's files.
    pub(super) fn is_far(&self, finding: &Diagnostic) -> bool {
        let mut all = std::iter::once(&finding.primary).chain(&finding.others);
        all.all(|label| self.is_std(label.span))
    }

    fn is_std(&self, span: Span) -> bool {
        self.analysis.sources.get(span.file).is_some_and(|source| source.is_std())
    }

    /// The first place of the user's that had a part in a value.
    fn source_of(&self, value: OriginId) -> Option<Span> {
        let mut known = BTreeSet::new();
        let mut open = vec![value];
        while let Some(id) = open.pop() {
            let Some(origin) = self.state.origins.get(id).filter(|_| known.insert(id)) else {
                continue;
            };
            if !self.is_std(origin.span) {
                return Some(origin.span);
            }
            if known.len() > STEPS {
                return None;
            }
            open.extend(origin.parents.iter().rev());
        }
        None
    }

    /// What of the user's a field belongs to, or what is being computed.
    fn owner_of(&self, place: Option<(NodeId, &Arc<str>)>) -> Option<Span> {
        let asked = self.active.iter().rev().map(|(node, _)| *node);
        place.map(|(node, _)| node).into_iter().chain(asked).find_map(|node| {
            let mut at = Some(node);
            while let Some(it) = at.map(|id| self.state.node(id)) {
                let origin = self.state.origins.span(it.origin);
                if let Some(origin) = origin.filter(|origin| !self.is_std(*origin)) {
                    return Some(origin);
                }
                at = it.parent;
            }
            None
        })
    }
}
