//! The two streams of the program, and whether they show colours.

use std::io::{self, BufWriter, IsTerminal, Stderr, Stdout, Write};

use crate::args::ColorChoice;
use crate::failure::Failure;

/// What the program prints to: results on `out`, the summary and failures on `err`.
#[derive(Debug)]
pub struct Terminal {
    pub out: BufWriter<Stdout>,
    pub err: Stderr,
    pub out_colors: bool,
    pub err_colors: bool,
}

impl Terminal {
    /// The streams of this process.
    #[must_use]
    pub fn new(choice: ColorChoice) -> Terminal {
        // https://no-color.org: any value but the empty one.
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colors = |is_terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !refused,
        };
        Terminal {
            out_colors: colors(io::stdout().is_terminal()),
            err_colors: colors(io::stderr().is_terminal()),
            out: BufWriter::new(io::stdout()),
            err: io::stderr(),
        }
    }

    /// How wide the terminal is that results go to; none where they go elsewhere.
    #[must_use]
    pub fn width(&self) -> Option<usize> {
        let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
        Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
    }

    /// Writes out what is still held back. A reader that went away (`qgc check | head`) is no failure.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self.out.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// Shows why the command could not be carried out. There is nobody left to tell if that fails too.
    pub(crate) fn fail(&mut self, failure: &Failure) {
        let _ = self.flush();
        let _ = self.err.write_all(failure.render(self.err_colors).as_bytes());
    }
}
