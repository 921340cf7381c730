//! The REPL: `session` knows the fleet and answers, `line` edits what is typed on a terminal, `text`
//! says where a question ends and how it is coloured.

mod line;
mod session;
mod text;

use std::io::{self, BufRead, Write};
use std::path::Path;

use reedline::Signal;

use crate::Outcome;
use crate::failure::{Failure, stream};
use crate::terminal::Terminal;
use session::{Reply, Session};

/// Answers what is typed on a terminal, until the end is wanted.
pub(crate) fn interactive(
    path: Option<&Path>,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    let mut session = Session::open(path, terminal)?;
    let welcome = session.welcome();
    print(&welcome, terminal)?;
    let mut editor = line::editor(session.known(), terminal.out_colors);
    loop {
        session.fit(terminal.width());
        match editor.read_line(&line::Prompt) {
            Ok(Signal::Success(text)) => {
                let reply = session.enter(&text);
                print(&reply, terminal)?;
                if reply.end {
                    return Ok(Outcome::Clean);
                }
            }
            Ok(Signal::CtrlD) => return Ok(Outcome::Clean),
            // What was typed is gone; nothing else is bound to a signal.
            Ok(_) => {}
            Err(error) => {
                return Err(Failure::new(format!("cannot read from the terminal: {error}")));
            }
        }
    }
}

/// Answers the lines of a file or a pipe. There is a finding where one of them had a mistake.
pub(crate) fn plain(path: Option<&Path>, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let mut session = Session::open(path, terminal)?;
    let findings = session.findings();
    print(&findings, terminal)?;
    let (mut outcome, mut text) = (Outcome::Clean, String::new());
    let mut lines = io::stdin().lock().lines();
    loop {
        let line = lines.next().transpose();
        let line = line.map_err(|error| Failure::new(format!("cannot read stdin: {error}")))?;
        let ended = line.is_none();
        text.push_str(&line.unwrap_or_default());
        if !ended && text::is_open(&text) {
            text.push('\n');
            continue;
        }
        let reply = session.enter(&std::mem::take(&mut text));
        print(&reply, terminal)?;
        if reply.wrong {
            outcome = Outcome::Findings;
        }
        if ended || reply.end {
            return Ok(outcome);
        }
    }
}

fn print(reply: &Reply, terminal: &mut Terminal) -> Result<(), Failure> {
    let written = match reply.wrong {
        true => terminal.flush().and_then(|()| terminal.err.write_all(reply.text.as_bytes())),
        false => terminal.out.write_all(reply.text.as_bytes()),
    };
    written.and_then(|()| terminal.flush()).map_err(|error| stream(&error))
}
