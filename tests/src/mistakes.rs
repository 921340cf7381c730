//! Mistakes that are seeded into the fleet of this repository, one at a time: `tests/mistakes/CLASS.txt`. A case is
//!
//! ```text
//! == what is wrong, and in which spelling
//! @ services/media/jellyfin.qg
//! - a line as it stands there             (blanks around it do not matter; several follow one another there)
//! + what stands there instead             (or behind `= a line as it stands`, or, with neither, at the end of the file)
//! ! QG0522 a part of the message          (the finding; one of its places is in a line of `+`)
//! ! QG0522 a part of the message @ words  (or in a line that holds these words)
//! ```
//!
//! What is not listed must not be found: one mistake is one finding. Lines that begin with `#` say something to readers.
//! Further `@`, `-`, `=` and `+` lines of a case change further places. Where QG0860 is listed, the fleet's tests are asked, too.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use qg_interpreter::build;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::source::SourceMap;
use qg_lang::span::Span;
use qg_lang::world::MemoryWorld;

/// What is found when tests are asked, which is done for the cases that want it.
const EXPECTED: &str = "QG0860";

/// One seeded mistake, or one harmless change, which has no findings.
#[derive(Clone, Debug, Default)]
pub struct Mistake {
    pub title: String,
    changes: Vec<Change>,
    findings: Vec<Finding>,
}

/// Some lines of a file that are replaced, or added.
#[derive(Clone, Debug, Default)]
struct Change {
    path: String,
    /// Lines that go.
    old: Vec<String>,
    /// A line that stays, right above what is added.
    behind: Option<String>,
    new: Vec<String>,
}

/// A finding that must be there.
#[derive(Clone, Debug)]
struct Finding {
    code: String,
    part: String,
    /// Words of the line that it points at; without them it is one of the new lines.
    line: Option<String>,
}

/// The cases of a file.
///
/// # Panics
/// Where the file cannot be read, or a line of it is none of those above.
#[must_use]
pub fn read(path: &Path) -> Vec<Mistake> {
    let text = fs::read_to_string(path).expect("the mistakes of a class");
    let mut all: Vec<Mistake> = Vec::new();
    for line in text.lines().filter(|it| !it.trim().is_empty() && !it.starts_with('#')) {
        if let Some(title) = line.strip_prefix("== ") {
            all.push(Mistake { title: title.to_owned(), ..Mistake::default() });
            continue;
        }
        let case = all.last_mut().unwrap_or_else(|| panic!("no title before {line}"));
        // An empty line of a change has no blank behind its sign.
        let (sign, rest) = line.split_at(1);
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        match sign {
            "@" => case.changes.push(Change { path: rest.to_owned(), ..Change::default() }),
            "-" | "=" | "+" => change(case, sign, rest),
            "!" => case.findings.push(finding(rest)),
            _ => panic!("{}: what is `{line}`?", case.title),
        }
    }
    all
}

fn change(case: &mut Mistake, sign: &str, rest: &str) {
    let last = case.changes.last().unwrap_or_else(|| panic!("{}: no `@` first", case.title));
    // What is taken or named after something was added is another place of that file.
    if sign != "+" && !last.new.is_empty() || sign == "=" && last.behind.is_some() {
        case.changes.push(Change { path: last.path.clone(), ..Change::default() });
    }
    let last = case.changes.last_mut().expect("there is one");
    match sign {
        "-" => last.old.push(rest.to_owned()),
        "=" => last.behind = Some(rest.to_owned()),
        _ => last.new.push(rest.to_owned()),
    }
}

fn finding(text: &str) -> Finding {
    let (text, line) = match text.split_once(" @ ") {
        Some((text, line)) => (text, Some(line.trim().to_owned())),
        None => (text, None),
    };
    let (code, part) = text.split_once(' ').unwrap_or((text, ""));
    Finding { code: code.to_owned(), part: part.trim().to_owned(), line }
}

impl Mistake {
    /// Whether it is a change that nothing may be said of.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        self.findings.is_empty()
    }

    /// What is wrong with what the compiler says of the fleet with this mistake in it.
    ///
    /// # Panics
    /// Where a line that is to be changed is not in its file, or is there more than once.
    #[must_use]
    pub fn try_in(&self, fleet: &MemoryWorld) -> Vec<String> {
        let mut world = fleet.clone();
        let mut seeded: Vec<(String, usize)> = Vec::new();
        for change in &self.changes {
            let text = world.sources.get(change.path.as_str()).map(|it| it.to_string());
            let (text, first) = changed(&text.unwrap_or_default(), change)
                .unwrap_or_else(|what| panic!("{}: {what}", self.title));
            seeded.extend((first..first + change.new.len()).map(|it| (change.path.clone(), it)));
            world.sources.insert(Arc::from(change.path.as_str()), Arc::from(text));
        }
        let built = build(&world);
        let mut found: Vec<&Diagnostic> = built.diagnostics.iter().collect();
        let tests = match self.findings.iter().any(|it| it.code == EXPECTED) {
            true => built.test(&|_| true).unwrap_or_default(),
            false => Vec::new(),
        };
        found.extend(tests.iter().flat_map(|it| &it.findings));
        let mut wrong = Vec::new();
        for finding in &self.findings {
            let at = found.iter().position(|it| {
                it.code.id == finding.code
                    && it.message.contains(&finding.part)
                    && finding.points(it, &built.analysis.sources, &seeded)
            });
            match at {
                Some(at) => drop(found.remove(at)),
                None => wrong.push(format!("missed: {} {}", finding.code, finding.part)),
            }
        }
        let sources = &built.analysis.sources;
        wrong.extend(found.iter().map(|it| format!("besides: {}", shown(it, sources))));
        wrong
    }
}

impl Finding {
    fn points(&self, found: &Diagnostic, sources: &SourceMap, seeded: &[(String, usize)]) -> bool {
        spans(found).any(|span| {
            let Some((path, line, text)) = place(span, sources) else { return false };
            match &self.line {
                Some(words) => text.contains(words.as_str()),
                None => seeded.iter().any(|(of, at)| *of == path && *at == line),
            }
        })
    }
}

/// The text with a change in it, and the line of its first new line, from 1.
fn changed(text: &str, change: &Change) -> Result<(String, usize), String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let wanted: Vec<&str> = change.behind.iter().chain(&change.old).map(|it| it.trim()).collect();
    let at = if wanted.is_empty() {
        lines.len()
    } else {
        let mut places = lines
            .windows(wanted.len())
            .enumerate()
            .filter(|(_, some)| some.iter().map(|it| it.trim()).eq(wanted.iter().copied()))
            .map(|(at, _)| at + usize::from(change.behind.is_some()));
        let at = places.next().ok_or_else(|| format!("{} has no {wanted:?}", change.path))?;
        if places.next().is_some() {
            return Err(format!("{} has {wanted:?} more than once", change.path));
        }
        at
    };
    lines.splice(at..at + change.old.len(), change.new.iter().map(String::as_str));
    Ok((lines.join("\n") + "\n", at + 1))
}

fn spans(found: &Diagnostic) -> impl Iterator<Item = Span> {
    std::iter::once(found.primary.span).chain(found.others.iter().map(|it| it.span))
}

/// The file, the line from 1, and the line's text.
fn place(span: Span, sources: &SourceMap) -> Option<(String, usize, String)> {
    let file = sources.get(span.file)?;
    let line = file.lines.line(span.start) as usize;
    let text = file.text.lines().nth(line)?.to_owned();
    Some((file.path.to_string(), line + 1, text))
}

/// A finding in one line.
fn shown(found: &Diagnostic, sources: &SourceMap) -> String {
    let at = spans(found)
        .filter_map(|span| place(span, sources))
        .map(|(path, line, text)| format!("\n        {path}:{line}: {}", text.trim()));
    format!("{} {}{}", found.code.id, found.message, at.collect::<String>())
}
