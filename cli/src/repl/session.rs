//! One sitting: a fleet, what was bound, and the answers. Nothing that is typed ends it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use qg_interpreter::query::Bound;
use qg_lang::diagnostic::{Diagnostic, closest};
use qg_lsp::{About, Desk};

use super::text::{Line, MOST_LINES, is_name};
use crate::args::{Chosen, Format};
use crate::commands::counted;
use crate::failure::Failure;
use crate::project::Project;
use crate::report::{self, Context, harmless};
use crate::table;
use crate::terminal::Terminal;
use crate::why::{self, Question};
use crate::world::DiskWorld;

/// The commands: name, what follows it, what it does.
pub(super) const COMMANDS: &[(&str, &str, &str)] = &[
    ("type", "EXPR", "the type of an expression"),
    ("doc", "NAME", "what a field, a type, a function or a kind is for"),
    ("why", "TARGET", "who said a value, or a line of the output (FILE:LINE)"),
    ("reload", "", "read the sources again"),
    ("help", "", "this list"),
    ("quit", "", "end the sitting; so does Ctrl-D"),
];

/// A fleet, and the names bound in this sitting, each with its expression, in the order in which
/// they were bound.
pub(super) struct Known {
    pub(super) desk: Desk,
    lets: Vec<(Arc<str>, Arc<str>)>,
}

impl Known {
    /// The last expression of each name.
    pub(super) fn latest(&self) -> Vec<(Arc<str>, Arc<str>)> {
        let later = |at: usize, name: &str| {
            self.lets.iter().skip(at + 1).any(|(other, _)| **other == *name)
        };
        let latest = self.lets.iter().enumerate().filter(|(at, (name, _))| !later(*at, name));
        latest.map(|(_, one)| one.clone()).collect()
    }
}

pub(super) struct Session {
    path: Option<PathBuf>,
    chosen: Chosen,
    project: Project,
    known: Arc<Mutex<Known>>,
    bound: Vec<Bound>,
    width: Option<usize>,
    colors: bool,
}

/// What to print.
#[derive(Debug, Default)]
pub(super) struct Reply {
    pub(super) text: String,
    /// It tells of a mistake.
    pub(super) wrong: bool,
    pub(super) end: bool,
}

impl Reply {
    fn text(text: impl Into<String>) -> Reply {
        Reply { text: text.into(), ..Reply::default() }
    }

    fn wrong(text: impl Into<String>) -> Reply {
        Reply { text: text.into(), wrong: true, ..Reply::default() }
    }

    /// To a line that is no text.
    pub(super) fn odd(number: usize, what: &str) -> Reply {
        Reply::wrong(format!("line {number} {what}; it is left out\n"))
    }

    /// To more lines than a question has.
    pub(super) fn endless() -> Reply {
        Reply::wrong(format!("a question has at most {MOST_LINES} lines, and 1 MiB\n"))
    }
}

impl Session {
    pub(super) fn open(
        path: Option<&Path>,
        chosen: &Chosen,
        terminal: &Terminal,
    ) -> Result<Session, Failure> {
        let (project, desk) = read(path, chosen)?;
        Ok(Session {
            path: path.map(Path::to_owned),
            chosen: chosen.clone(),
            project,
            known: Arc::new(Mutex::new(Known { desk, lets: Vec::new() })),
            bound: Vec::new(),
            width: terminal.width(),
            colors: terminal.out_colors,
        })
    }

    pub(super) fn known(&self) -> Arc<Mutex<Known>> {
        Arc::clone(&self.known)
    }

    /// From now on the terminal is so wide.
    pub(super) fn fit(&mut self, width: Option<usize>) {
        self.width = width;
    }

    /// What is wrong with the fleet, as `check` tells it.
    pub(super) fn findings(&self) -> Reply {
        let known = self.lock();
        let found = &known.desk.build().diagnostics;
        match found.is_empty() {
            true => Reply::default(),
            false => Reply::wrong(self.report(&known, found)),
        }
    }

    /// What a sitting begins with.
    pub(super) fn welcome(&self) -> Reply {
        let Reply { text, .. } = self.findings();
        let known = self.lock();
        let build = known.desk.build();
        let count = |kind: &str, words: &str| format!("{} {words}", build.keys_at(&[kind]).len());
        let mut parts = counted(&build.diagnostics);
        parts.extend([count("host", "hosts"), count("service", "services")]);
        let name = harmless(&self.project.config.name);
        Reply::text(format!("{text}{name}: {}. :help tells more.\n", parts.join(", ")))
    }

    /// Answers one line.
    pub(super) fn enter(&mut self, text: &str) -> Reply {
        match catch_unwind(AssertUnwindSafe(|| self.answer(text))) {
            Ok(reply) => reply,
            Err(_) => {
                // What was known is half changed.
                let Reply { text, .. } = self.reload();
                Reply::wrong(format!(
                    "This was a mistake of qgc itself, and is worth a report. {text}"
                ))
            }
        }
    }

    fn answer(&mut self, text: &str) -> Reply {
        match Line::of(text) {
            Line::Nothing => Reply::default(),
            Line::Command(word, rest) => self.command(word, rest),
            Line::Let(name, expr) => self.bind(name, expr),
            Line::Expr(expr) => {
                let known = self.lock();
                match known.desk.build().ask(expr, &self.bound) {
                    Ok(answer) => {
                        let mut text = table::shown(known.desk.build(), &answer, self.width);
                        if !answer.whole {
                            text.push_str("(… is unknown: it depends on an error in the fleet)\n");
                        }
                        Reply::text(text)
                    }
                    Err(found) => Reply::wrong(self.report(&known, &found)),
                }
            }
        }
    }

    fn bind(&mut self, name: &str, expr: &str) -> Reply {
        if !is_name(name) {
            return Reply::wrong(format!(
                "`{}` is no name; say `let name = expression`\n",
                harmless(name)
            ));
        }
        let name: Arc<str> = name.into();
        let mut known = self.lock();
        match known.desk.build().ask(expr, &self.bound) {
            Ok(answer) => {
                let shown = known.desk.build().shown(&answer.ty);
                known.lets.push((Arc::clone(&name), expr.into()));
                drop(known);
                self.bound.retain(|(bound, ..)| *bound != name);
                self.bound.push((Arc::clone(&name), answer.ty, answer.val));
                Reply::text(format!("{name}: {shown}\n"))
            }
            Err(found) => Reply::wrong(self.report(&known, &found)),
        }
    }

    fn command(&mut self, word: &str, rest: &str) -> Reply {
        let full = match word {
            "q" => "quit",
            "h" | "?" => "help",
            "t" => "type",
            "r" => "reload",
            other => other,
        };
        match (full, rest) {
            ("quit", _) => Reply { end: true, ..Reply::default() },
            ("help", _) => Reply::text(help()),
            ("reload", _) => self.reload(),
            ("type" | "doc" | "why", "") => {
                let wants = COMMANDS.iter().find(|(name, ..)| *name == full);
                Reply::wrong(format!(":{full} wants {}\n", wants.map_or("", |it| it.1)))
            }
            ("type", expr) => self.type_of(expr),
            ("doc", name) => self.doc(name),
            ("why", target) => self.why(target),
            (other, _) => {
                let near = closest(other, COMMANDS.iter().map(|(name, ..)| *name));
                let help = match near {
                    Some(near) => format!("did you mean `:{near}`?"),
                    None => ":help lists them".to_owned(),
                };
                Reply::wrong(format!("there is no command `:{}`; {help}\n", harmless(other)))
            }
        }
    }

    fn type_of(&self, expr: &str) -> Reply {
        let known = self.lock();
        match known.desk.build().type_of(expr, &self.bound) {
            Ok(ty) => Reply::text(format!("{ty}\n")),
            Err(found) => Reply::wrong(self.report(&known, &found)),
        }
    }

    fn doc(&self, name: &str) -> Reply {
        let known = self.lock();
        match known.desk.about(&known.latest(), name) {
            Some(About { head, doc }) => {
                let doc = doc.map_or_else(String::new, |doc| format!("\n{}\n", harmless(&doc)));
                Reply::text(format!("{}\n{doc}", harmless(&head)))
            }
            None => Reply::wrong(format!("nothing is called `{}`\n", harmless(name))),
        }
    }

    fn why(&self, target: &str) -> Reply {
        let known = self.lock();
        let build = known.desk.build();
        let sources = build.sources();
        let context = self.context(&sources);
        let reasons = match Question::of(target) {
            Question::Place(path) => why::place(build, &self.project, path, context).map(Some),
            Question::Line(path, line) => why::line(build, &self.project, (path, line), context),
        };
        match reasons {
            Ok(Some(reasons)) => Reply::text(reasons.text),
            Ok(None) => Reply::wrong(format!("{}\n", why::NOTHING_MADE)),
            Err(failure) => Reply::wrong(failure.render(self.colors)),
        }
    }

    /// Reads the sources again, and binds all names anew. A fleet that cannot be read leaves the
    /// one that is known.
    fn reload(&mut self) -> Reply {
        let (project, desk) = match read(self.path.as_deref(), &self.chosen) {
            Ok(read) => read,
            Err(failure) => return Reply::wrong(failure.render(self.colors)),
        };
        self.project = project;
        self.bound.clear();
        let lets = {
            // The lock may have been held by what went wrong.
            let mut known = self.lock();
            known.desk = desk;
            std::mem::take(&mut known.lets)
        };
        let mut reply = self.findings();
        for (name, expr) in lets {
            let bound = self.bind(&name, &expr);
            if bound.wrong {
                reply.wrong = true;
                reply.text.push_str(&bound.text);
            }
        }
        if !reply.wrong {
            return Reply::text("The sources were read again.\n");
        }
        reply
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Findings as `check` prints them.
    fn report(&self, known: &Known, found: &[Diagnostic]) -> String {
        let sources = known.desk.build().sources();
        let mut text = Vec::new();
        // Memory does not fail.
        let _ = report::write(Format::Human, found, self.context(&sources), &mut text);
        String::from_utf8_lossy(&text).into_owned()
    }

    fn context<'a>(&'a self, sources: &'a qg_lang::source::SourceMap) -> Context<'a> {
        Context { sources, names: &self.project.names, colors: self.colors }
    }
}

fn read(path: Option<&Path>, chosen: &Chosen) -> Result<(Project, Desk), Failure> {
    let project = Project::find(path, chosen)?;
    let world = DiskWorld::read(&project)?;
    Ok((project, Desk::new(Arc::new(world))))
}

fn help() -> String {
    let row = |(name, what, about): &(_, _, _)| {
        let usage = format!(":{name} {what}");
        format!("{usage:<14}{about}\n")
    };
    let commands: String = COMMANDS.iter().map(row).collect();
    format!(
        "Any expression is answered; `let name = expression` keeps its value.\n\n{commands}\n\
         Tab completes, Up goes back, Ctrl-C clears the line. A line with an open bracket goes on.\n"
    )
}
