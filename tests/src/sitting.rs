//! A program in a terminal: keys in, screen out.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Child;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};

const ROWS: u16 = 48;
const COLUMNS: u16 = 100;
/// Nothing takes longer, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

/// The keys that are not letters.
pub const ENTER: &str = "\r";
pub const TAB: &str = "\t";
pub const ESCAPE: &str = "\x1b";
pub const UP: &str = "\x1b[A";
pub const CTRL_C: &str = "\x03";
pub const CTRL_D: &str = "\x04";
pub const CTRL_L: &str = "\x0c";

/// A program, and the terminal that it runs in.
pub struct Sitting {
    pty: Arc<Pty>,
    screen: Arc<Mutex<vt100::Parser>>,
    child: Child,
}

impl Sitting {
    /// Starts a program in a folder.
    ///
    /// # Panics
    /// Where there is no terminal to be had, or the program cannot be started.
    #[must_use]
    pub fn start(
        program: &str,
        args: &[&str],
        folder: &Path,
        variables: &[(&str, &str)],
    ) -> Sitting {
        let (pty, pts) = open().expect("a terminal");
        pty.resize(Size::new(ROWS, COLUMNS)).expect("a size");
        let variables = variables.iter().copied().chain([("TERM", "xterm-256color")]);
        let command = Command::new(program).args(args).current_dir(folder).envs(variables);
        let child = command.spawn(pts).expect("the program starts");
        let size = |it: u16| NonZeroU16::new(it).expect("not zero");
        let screen = Arc::new(Mutex::new(vt100::Parser::new(size(ROWS), size(COLUMNS), 0)));
        let pty = Arc::new(pty);
        let (input, shown) = (Arc::clone(&pty), Arc::clone(&screen));
        std::thread::spawn(move || show(&input, &shown));
        Sitting { pty, screen, child }
    }

    /// Types.
    ///
    /// # Panics
    /// Where the program is gone.
    pub fn press(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("the program reads");
    }

    /// What the screen shows, without blanks at line ends.
    #[must_use]
    pub fn screen(&self) -> String {
        let screen = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        let text = screen.screen().contents();
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    /// Where the cursor is: row and column, from 0.
    #[must_use]
    pub fn cursor(&self) -> (u16, u16) {
        let screen = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        screen.screen().cursor_position()
    }

    /// Waits until the screen is as wanted.
    ///
    /// # Panics
    /// Where it does not become so.
    pub fn until(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            assert!(start.elapsed() < PATIENCE, "no {what} on the screen:\n{screen}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the screen shows a text.
    pub fn shows(&self, text: &str) -> String {
        self.until(text, |screen| screen.contains(text))
    }

    /// Waits until the program ends, and gives its exit code.
    ///
    /// # Panics
    /// Where it does not end.
    pub fn end(mut self) -> Option<i32> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code();
            }
            assert!(start.elapsed() < PATIENCE, "it goes on:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Sitting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Puts what the program prints onto the screen, and answers when it asks where the cursor is.
fn show(pty: &Pty, screen: &Mutex<vt100::Parser>) {
    const WHERE: &[u8] = b"\x1b[6n";
    let mut buffer = [0; 4096];
    let mut held: Vec<u8> = Vec::new();
    let mut input = pty;
    while let Ok(count @ 1..) = input.read(&mut buffer) {
        held.extend_from_slice(&buffer[..count]);
        loop {
            let asks = held.windows(WHERE.len()).position(|it| it == WHERE);
            // The beginning of a question may be the end of what was read.
            let partly = (1..WHERE.len()).rev().find(|some| held.ends_with(&WHERE[..*some]));
            let end = asks.unwrap_or(held.len() - partly.unwrap_or(0));
            let mut screen = screen.lock().unwrap_or_else(PoisonError::into_inner);
            screen.process(&held[..end]);
            if asks.is_none() {
                held.drain(..end);
                break;
            }
            let (row, column) = screen.screen().cursor_position();
            drop(screen);
            held.drain(..end + WHERE.len());
            let answer = format!("\x1b[{};{}R", row + 1, column + 1);
            let _ = input.write_all(answer.as_bytes());
        }
    }
}
