//! The REPL: `session` knows the fleet and answers, `line` edits what is typed on a terminal, `lines` reads what
//! comes from elsewhere, `text` says where a question ends and how it is coloured.

mod line;
mod lines;
mod session;
mod text;

use std::io::{self, Write};
use std::path::Path;

use reedline::Signal;

use crate::Outcome;
use crate::args::Chosen;
use crate::failure::{Failure, stream};
use crate::terminal::Terminal;
use lines::{Line, Lines};
use session::{Reply, Session};
use text::Progress;

/// Answers what is typed on a terminal, until the end is wanted.
pub(crate) fn interactive(
    path: Option<&Path>,
    chosen: &Chosen,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    let mut session = Session::open(path, chosen, terminal)?;
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
pub(crate) fn plain(
    path: Option<&Path>,
    chosen: &Chosen,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    let mut session = Session::open(path, chosen, terminal)?;
    let findings = session.findings();
    print(&findings, terminal)?;
    let (mut outcome, mut text, mut endless) = (Outcome::Clean, String::new(), false);
    let mut lines = Lines::new(io::stdin().lock());
    loop {
        let line = lines.next();
        let line = line.map_err(|error| Failure::new(format!("cannot read stdin: {error}")))?;
        let ended = matches!(line, Line::End);
        let line = match line {
            Line::Text(line) => line,
            Line::End => String::new(),
            Line::Odd(number, what) => {
                // What was open is not asked: a part of it is not known.
                (text, endless) = (String::new(), false);
                print(&Reply::odd(number, what), terminal)?;
                outcome = Outcome::Findings;
                continue;
            }
        };
        text.push_str(&line);
        match text::progress(&text) {
            Progress::Open if !ended && !endless => {
                text.push('\n');
                continue;
            }
            Progress::Endless => endless = true,
            Progress::Open | Progress::Whole => {}
        }
        // What belongs to a question without end is left out, up to where the wait for it ends.
        if endless && !ended && !line.trim().is_empty() {
            text.clear();
            continue;
        }
        let question = std::mem::take(&mut text);
        let reply = match std::mem::take(&mut endless) {
            true => Reply::endless(),
            false => session.enter(&question),
        };
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
