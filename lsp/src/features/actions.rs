//! The mechanical mends that findings bring along.

use std::collections::HashMap;

use qg_lang::diagnostic::{Diagnostic, Fix};
use qg_lang::source::SourceFile;
use qg_lang::span::Span;
use tower_lsp::lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, Range, TextEdit, Url, WorkspaceEdit,
};

use crate::snapshot::Snapshot;

/// More mends than this at once help nobody.
const MOST: usize = 200;

/// The fixes of what was found in a range.
pub(crate) fn actions(
    snapshot: &Snapshot,
    source: &SourceFile,
    range: Range,
) -> Vec<CodeActionOrCommand> {
    let start = snapshot.offset(source, range.start);
    let end = snapshot.offset(source, range.end).max(start);
    let touched = |span: Span| span.file == source.id && span.start <= end && start <= span.end;
    let found = |it: &&Diagnostic| {
        touched(it.primary.span) || it.others.iter().any(|other| touched(other.span))
    };
    let findings = snapshot.build.diagnostics.iter().filter(found);
    let mut actions: Vec<CodeActionOrCommand> = Vec::new();
    // Where there are several mends, which one is meant is for people to say.
    let all = findings.flat_map(|it| it.fixes.iter().map(|fix| (fix, it.fixes.len() == 1)));
    for (fix, alone) in all.take(MOST) {
        actions.extend(action(snapshot, fix, alone).map(CodeActionOrCommand::CodeAction));
    }
    actions
}

fn action(snapshot: &Snapshot, fix: &Fix, alone: bool) -> Option<CodeAction> {
    let mut changes: HashMap<Url, Vec<TextEdit>> = HashMap::new();
    for (span, text) in &fix.edits {
        // The standard library is not the user's to change.
        if snapshot.source(span.file)?.is_std() {
            return None;
        }
        let edit = TextEdit { range: snapshot.range(*span), new_text: text.clone() };
        changes.entry(snapshot.url(span.file)?).or_default().push(edit);
    }
    Some(CodeAction {
        title: fix.title.clone(),
        kind: Some(CodeActionKind::QUICKFIX),
        edit: Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }),
        is_preferred: Some(alone),
        ..CodeAction::default()
    })
}
