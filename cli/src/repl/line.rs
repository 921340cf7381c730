//! The line that is typed on a terminal: reedline with our completion, colours and history.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use reedline::{
    ColumnarMenu, Completer, CompletionResult, Emacs, FileBackedHistory, Highlighter, KeyCode,
    KeyModifiers, MenuBuilder, PromptEditMode, PromptHistorySearch, Reedline, ReedlineEvent,
    ReedlineMenu, Span, StyledText, Suggestion, ValidationResult, Validator,
    default_emacs_keybindings,
};

use super::session::{COMMANDS, Known};
use super::text::{Progress, progress, styled};
use crate::folders;

/// Questions that are kept.
const HISTORY: usize = 2000;
const MENU: &str = "completion";

/// The editor of a sitting.
pub(super) fn editor(known: Arc<Mutex<Known>>, colors: bool) -> Reedline {
    let mut keys = default_emacs_keybindings();
    let next = vec![ReedlineEvent::Menu(MENU.to_owned()), ReedlineEvent::MenuNext];
    keys.add_binding(KeyModifiers::NONE, KeyCode::Tab, ReedlineEvent::UntilFound(next));
    keys.add_binding(KeyModifiers::SHIFT, KeyCode::BackTab, ReedlineEvent::MenuPrevious);
    let menu = ColumnarMenu::default().with_name(MENU).with_marker("> ");
    let editor = Reedline::create()
        .with_edit_mode(Box::new(Emacs::new(keys)))
        .with_completer(Box::new(FromModel(known)))
        .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
        .with_quick_completions(true)
        .with_partial_completions(true)
        .with_highlighter(Box::new(Colors))
        .with_validator(Box::new(Whole))
        .with_ansi_colors(colors);
    // A sitting without history is better than none.
    let file = folders::state(|name| std::env::var_os(name)).map(|folder| folder.join("history"));
    // What is no file (a pipe, a device) would be waited for.
    let usable = |path: &PathBuf| path.metadata().map_or(true, |it| it.is_file());
    let file = file.filter(usable);
    match file.and_then(|file| FileBackedHistory::with_file(HISTORY, file).ok()) {
        Some(history) => editor.with_history(Box::new(history)),
        None => editor,
    }
}

/// What stands before the line.
pub(super) struct Prompt;

impl reedline::Prompt for Prompt {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        Cow::Borrowed("qg")
    }

    fn render_prompt_right(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    fn render_prompt_indicator(&self, _: PromptEditMode) -> Cow<'_, str> {
        Cow::Borrowed("> ")
    }

    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        Cow::Borrowed("  . ")
    }

    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        Cow::Owned(format!(" (search: {}) ", search.term))
    }
}

struct FromModel(Arc<Mutex<Known>>);

impl Completer for FromModel {
    fn complete(&mut self, line: &str, pos: usize) -> CompletionResult {
        let suggestions = self.suggestions(line, pos).unwrap_or_default();
        CompletionResult::fresh(suggestions)
    }
}

impl FromModel {
    fn suggestions(&self, line: &str, pos: usize) -> Option<Vec<Suggestion>> {
        let before = line.get(..pos)?;
        let suggestion = |value: String, description: Option<String>, start: usize| Suggestion {
            value,
            description,
            span: Span::new(start, pos),
            ..Suggestion::default()
        };
        let blank = before.len() - before.trim_start().len();
        if let Some(word) = before.trim_start().strip_prefix(':')
            && !word.contains(char::is_whitespace)
        {
            let fitting = COMMANDS.iter().filter(|(name, ..)| name.starts_with(word));
            let fitting = fitting.map(|(name, _, about)| {
                suggestion(format!(":{name}"), Some((*about).to_owned()), blank)
            });
            return Some(fitting.collect());
        }
        let start = expression(before);
        let expr = line.get(start..)?;
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing that is typed may end the sitting.
        let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            known.desk.complete(&known.latest(), expr, pos - start)
        }));
        let (range, offers) = asked.ok()??;
        let typed = expr.get(range.start..pos - start)?;
        let fitting = offers.into_iter().filter(|offer| offer.text.starts_with(typed));
        let from = start + range.start;
        Some(fitting.map(|offer| suggestion(offer.text, offer.detail, from)).collect())
    }
}

/// Where the expression begins in a line: behind a command's word, or a `let`'s `=`.
fn expression(before: &str) -> usize {
    let text = before.trim_start();
    let blank = before.len() - text.len();
    let behind = if text.starts_with(':') {
        text.find(char::is_whitespace).map(|at| at + 1)
    } else if text.starts_with("let ") {
        text.find('=').map(|at| at + 1)
    } else {
        None
    };
    blank + behind.unwrap_or(0)
}

struct Colors;

impl Highlighter for Colors {
    fn highlight(&self, line: &str, _: usize) -> StyledText {
        styled(line)
    }
}

struct Whole;

impl Validator for Whole {
    fn validate(&self, line: &str) -> ValidationResult {
        match progress(line) {
            Progress::Open => ValidationResult::Incomplete,
            // The parser tells what is wrong with it.
            Progress::Whole | Progress::Endless => ValidationResult::Complete,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn where_the_expression_begins() {
        for (line, rest) in [
            ("a.b", "a.b"),
            (" :type a.b", "a.b"),
            ("let x = a", " a"),
            ("letter", "letter"),
            (":why", ":why"),
        ] {
            assert_eq!(line.get(expression(line)..), Some(rest));
        }
    }
}
