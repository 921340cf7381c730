//! From the text of a case to its files and what is expected of them.

use std::sync::Arc;

use qg_lang::world::{MemoryWorld, Settings, Unread};
use serde_json::Value;

use crate::{release, sops};

/// One file of the suite.
#[derive(Clone, Debug, Default)]
pub struct Case {
    pub world: MemoryWorld,
    pub findings: Vec<Expected>,
    pub queries: Vec<Query>,
}

/// A place: line and columns from 1, in characters, the end behind the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub path: Arc<str>,
    pub line: usize,
    pub start: usize,
    /// None: not looked at.
    pub end: Option<usize>,
}

/// A finding that must be there.
#[derive(Clone, Debug)]
pub struct Expected {
    pub spot: Spot,
    pub code: String,
    pub part: String,
    pub also: Vec<(Spot, String)>,
    pub help: Vec<String>,
    /// Part of the title, and the new text.
    pub fixes: Vec<(String, String)>,
}

/// `# expect EXPR == JSON`
#[derive(Clone, Debug)]
pub struct Query {
    pub line: usize,
    pub expr: String,
    pub json: Value,
}

impl Case {
    /// Reads a case; `name` is its file's name, under which the text before the first `#---` is compiled.
    /// `#--- secrets.yaml sops` is a file that sops encrypted, with the keys that the case names; `#--- big unread`
    /// is a file that leads out of the fleet; `#--- <std>/model.qg more` is what a later standard library has besides,
    /// and `#--- qg.toml staging` has the environment that is chosen. The hosts of a case that speaks of no
    /// `state_version` have one all the same.
    ///
    /// # Errors
    /// What an annotation lacks.
    pub fn parse(name: &str, text: &str) -> Result<Case, String> {
        let mut case = Case::default();
        for part in split(name, text) {
            if let Some(path) = part.path.strip_suffix(" sops") {
                let made = sops::holding(text);
                case.world.files.insert(Arc::from(path), Arc::from(made.as_bytes()));
            } else if let Some(path) = part.path.strip_suffix(" more") {
                let mut text = library(path);
                text.push_str(&part.text);
                case.world.library.insert(Arc::from(path), Arc::from(text));
            } else if let Some(path) = part.path.strip_suffix(" unread") {
                case.world.unread.insert(Arc::from(path), Unread::Outside);
            } else if let Some(environment) = part.path.strip_prefix("qg.toml ") {
                case.world.settings = Some(Settings {
                    path: Arc::from("qg.toml"),
                    text: Arc::from(part.text),
                    environment: Arc::from(environment),
                });
            } else if part.path.ends_with(".qg") {
                case.annotations(&part)?;
                case.world.sources.insert(part.path, Arc::from(part.text));
            } else {
                case.world.files.insert(part.path, Arc::from(part.text.as_bytes()));
            }
        }
        release::say(&mut case.world);
        Ok(case)
    }

    fn annotations(&mut self, part: &Part) -> Result<(), String> {
        let mut line_above = 0;
        for (index, line) in part.text.lines().enumerate() {
            let number = index + 1;
            let wrong = |what: &str| format!("line {}: {what}: {line}", part.first + index);
            let Some(note) = Note::of(line) else {
                line_above = number;
                continue;
            };
            let spot = |line_: usize, start, end| {
                let path = at_place(line).and_then(|(path, _)| path).map(Arc::from);
                let path = path.unwrap_or_else(|| Arc::clone(&part.path));
                Spot { path, line: line_, start, end }
            };
            match note {
                Note::At(start, end, text) | Note::Carets(start, end, text)
                    if text.starts_with("QG") =>
                {
                    let line = match Note::of(line) {
                        Some(Note::At(..)) => at_place(line).ok_or_else(|| wrong("no line"))?.1,
                        _ => line_above,
                    };
                    let (code, part) = text.split_once(' ').unwrap_or((text, ""));
                    self.findings.push(Expected {
                        spot: spot(line, start, end),
                        code: code.to_owned(),
                        part: part.trim().to_owned(),
                        also: Vec::new(),
                        help: Vec::new(),
                        fixes: Vec::new(),
                    });
                }
                Note::At(start, end, text) | Note::Carets(start, end, text) => {
                    let line = match Note::of(line) {
                        Some(Note::At(..)) => at_place(line).ok_or_else(|| wrong("no line"))?.1,
                        _ => line_above,
                    };
                    let text = text
                        .strip_prefix("also")
                        .ok_or_else(|| wrong("neither a code nor `also`"))?;
                    let also = (spot(line, start, end), text.trim().to_owned());
                    self.last().ok_or_else(|| wrong("no finding above"))?.also.push(also);
                }
                Note::Help(text) => {
                    let help = text.trim().to_owned();
                    self.last().ok_or_else(|| wrong("no finding above"))?.help.push(help);
                }
                Note::Fix(text) => {
                    let (title, new) = text.split_once("=>").ok_or_else(|| wrong("no `=>`"))?;
                    let fix = (title.trim().to_owned(), new.trim().replace("\\n", "\n"));
                    self.last().ok_or_else(|| wrong("no finding above"))?.fixes.push(fix);
                }
                Note::Expect(text) => {
                    let (expr, json) =
                        equation(text).ok_or_else(|| wrong("no JSON behind `==`"))?;
                    self.queries.push(Query { line: part.first + index, expr, json });
                }
            }
        }
        Ok(())
    }

    fn last(&mut self) -> Option<&mut Expected> {
        self.findings.last_mut()
    }
}

/// The text of a file of the standard library.
fn library(path: &str) -> String {
    let analysis = qg_lang::analyze(&MemoryWorld::default());
    analysis.sources.by_path(path).map(|it| it.text.to_string()).unwrap_or_default()
}

/// A virtual file, and the line of the case at which its text begins (from 1).
struct Part {
    path: Arc<str>,
    first: usize,
    text: String,
}

fn split(name: &str, text: &str) -> Vec<Part> {
    let mut parts = vec![Part { path: Arc::from(name), first: 1, text: String::new() }];
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if let Some(path) = line.strip_prefix("#---") {
            parts.push(Part {
                path: Arc::from(path.trim()),
                first: index + 2,
                text: String::new(),
            });
        } else if let Some(part) = parts.last_mut() {
            part.text.push_str(line);
        }
    }
    parts
}

enum Note<'t> {
    Carets(usize, Option<usize>, &'t str),
    At(usize, Option<usize>, &'t str),
    Help(&'t str),
    Fix(&'t str),
    Expect(&'t str),
}

impl Note<'_> {
    fn of(line: &str) -> Option<Note<'_>> {
        let body = line.trim_start().strip_prefix('#')?;
        let hash = line.chars().take_while(|it| it.is_whitespace()).count() + 1;
        let blanks = body.chars().take_while(|it| *it == ' ').count();
        let rest = body.trim_start_matches(' ');
        let carets = rest.chars().take_while(|it| *it == '^').count();
        if carets > 0 {
            let text = rest.trim_start_matches('^').trim();
            // `#^^` at the start of a line: the `#` stands for the first caret.
            let start = if hash == 1 && blanks == 0 { 1 } else { hash + blanks + 1 };
            return Some(Note::Carets(start, Some(hash + blanks + carets + 1), text));
        }
        if let Some(text) = body.strip_prefix("< ")
            && hash == 1
        {
            return Some(Note::Carets(1, Some(2), text.trim()));
        }
        let after = |word: &str| body.strip_prefix(' ')?.strip_prefix(word);
        if let Some(text) = after("help:") {
            return Some(Note::Help(text));
        }
        if let Some(text) = after("fix:") {
            return Some(Note::Fix(text));
        }
        if let Some(text) = after("expect ") {
            return Some(Note::Expect(text));
        }
        let (place, text) = after("at ")?.trim().split_once(' ')?;
        let (start, end) = place.rsplit_once(':')?.1.split_once("..")?;
        Some(Note::At(start.parse().ok()?, Some(end.parse().ok()?), text.trim()))
    }
}

/// The line of `# at 3:5..9 …`, and the file of `# at data.json:3:5..9 …`.
fn at_place(line: &str) -> Option<(Option<&str>, usize)> {
    let place = line.trim_start().strip_prefix("# at ")?.trim_start();
    let (before, _) = place.split_once(' ')?.0.rsplit_once(':')?;
    let (path, line) = match before.rsplit_once(':') {
        Some((path, line)) => (Some(path), line),
        None => (None, before),
    };
    Some((path, line.trim().parse().ok()?))
}

/// Splits at the first `==` behind which there is JSON.
fn equation(text: &str) -> Option<(String, Value)> {
    text.match_indices(" == ").find_map(|(place, mark)| {
        let json = serde_json::from_str(text.get(place + mark.len()..)?).ok()?;
        Some((text.get(..place)?.trim().to_owned(), json))
    })
}

#[cfg(test)]
mod tests {
    use super::Case;
    use serde_json::json;

    #[test]
    fn reads_every_kind_of_note() {
        let case = Case::parse(
            "x.qg",
            "ä = b\n\
             #   ^ QG0201 no `b`\n\
             #^ also the whole\n\
             # help: say it\n\
             # fix: replace => c\\nd\n\
             #< QG0202\n\
             # at 9:2..5 QG0203 far away\n\
             # at y/z.txt:4:6..8 QG0205 elsewhere\n\
             # expect a == b == \"c == d\"\n\
             #--- y/z.txt\n\
             # ^ QG0999 not a note\n\
             #--- y/z.qg\n\
             q\n  # ^^ QG0204\n",
        )
        .expect("a sound case");
        let spots: Vec<_> = case
            .findings
            .iter()
            .map(|it| (&*it.code, &*it.spot.path, it.spot.line, it.spot.start, it.spot.end))
            .collect();
        assert_eq!(
            spots,
            [
                ("QG0201", "x.qg", 1, 5, Some(6)),
                ("QG0202", "x.qg", 1, 1, Some(2)),
                ("QG0203", "x.qg", 9, 2, Some(5)),
                ("QG0205", "y/z.txt", 4, 6, Some(8)),
                ("QG0204", "y/z.qg", 1, 5, Some(7)),
            ]
        );
        let first = &case.findings[0];
        assert_eq!((first.also[0].0.start, first.also[0].0.end), (1, Some(3)));
        assert_eq!(first.help, ["say it"]);
        assert_eq!(first.fixes, [("replace".to_owned(), "c\nd".to_owned())]);
        assert_eq!(case.queries[0].expr, "a == b");
        assert_eq!(case.queries[0].json, json!("c == d"));
        assert_eq!(case.world.files.len(), 1);
    }

    #[test]
    fn notes_that_say_nothing_are_refused() {
        for text in ["# ^^ what\n", "# help: alone\n", "a\n# ^ QG0001\n# fix: x\n", "# expect a\n"]
        {
            assert!(Case::parse("x.qg", text).is_err(), "{text}");
        }
    }
}
