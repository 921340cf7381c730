//! Programs within bounds: so much address space, so much time of the processor. What goes past
//! either, or overflows its stack, ends alone: a failed test, not the end of all tests.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// The address space of such a program, in KiB.
pub const MEMORY: u64 = 2 * 1024 * 1024;
/// The time on the processor that one job may take.
pub const TIME: Duration = Duration::from_secs(10);
/// How long a job may take on the wall: the machine may be busy, but what waits for ever is found.
const PATIENCE: Duration = Duration::from_secs(180);

/// A program with [`MEMORY`]; what it is asked to do is added as to any other command.
#[must_use]
pub fn command(program: impl AsRef<OsStr>) -> Command {
    within(MEMORY, program)
}

/// A language server, which keeps the fleet as it was while it evaluates the next one: two budgets.
#[must_use]
pub fn server(program: impl AsRef<OsStr>) -> Command {
    within(2 * MEMORY, program)
}

fn within(memory: u64, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -v {memory} && exec \"$0\" \"$@\"")])
        .arg(program.as_ref());
    command
}

/// Runs a [`command`] that does one job and ends.
///
/// # Errors
/// How it ended, where it was not by itself and in time.
///
/// # Panics
/// Where it cannot be started.
pub fn output(command: &mut Command, input: &[u8]) -> Result<Output, Ended> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    let input = input.to_owned();
    // A program may end before it has read everything.
    let feed = thread::spawn(move || drop(stdin.write_all(&input)));
    let stdout = drain(child.stdout.take().expect("it is piped"));
    let stderr = drain(child.stderr.take().expect("it is piped"));
    let (began, pid) = (Instant::now(), child.id());
    let status = loop {
        match child.try_wait().expect("it is a child of ours") {
            Some(status) => break status,
            None if late(pid, Duration::ZERO, began) => {
                drop(child.kill());
                drop(child.wait());
                return Err(Ended::Late);
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    drop(feed.join());
    let stdout = stdout.join().expect("the reader of a pipe ends");
    let stderr = stderr.join().expect("the reader of a pipe ends");
    if status.code().is_none_or(|code| code == 101 || code >= 128) {
        return Err(Ended::Died(status, String::from_utf8_lossy(&stderr).into_owned()));
    }
    Ok(Output { status, stdout, stderr })
}

fn drain(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut all = Vec::new();
        drop(pipe.read_to_end(&mut all));
        all
    })
}

/// How a job ended that did not end well.
#[derive(Clone, Debug)]
pub enum Ended {
    /// It took more than [`TIME`].
    Late,
    /// The program went down: by a signal, or by a panic; and what it said last.
    Died(ExitStatus, String),
}

impl fmt::Display for Ended {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ended::Late => write!(out, "it did not end within {TIME:?}"),
            Ended::Died(status, said) => write!(out, "it went down ({status}): {}", said.trim()),
        }
    }
}

/// A program that does one job after the other: it reads a job as its length in bytes on a line and
/// then the bytes, and answers with one line.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    stdin: ChildStdin,
    answers: Receiver<String>,
    said: Option<thread::JoinHandle<Vec<u8>>>,
}

impl Worker {
    /// Starts it.
    ///
    /// # Panics
    /// Where that is not possible.
    #[must_use]
    pub fn start(command: &mut Command) -> Worker {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the worker starts");
        let stdin = child.stdin.take().expect("it is piped");
        let stdout = child.stdout.take().expect("it is piped");
        let said = drain(child.stderr.take().expect("it is piped"));
        let (send, answers) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        Worker { child, stdin, answers, said: Some(said) }
    }

    /// Does one job and gives its answer, and the worker for the next.
    ///
    /// # Errors
    /// How it ended, where it did not end well. The worker is gone then.
    ///
    /// # Panics
    /// Where the system does not let go of a child.
    pub fn ask(mut self, job: &[u8]) -> Result<(String, Worker), Ended> {
        let (began, pid) = (Instant::now(), self.child.id());
        let before = processor_time(pid);
        // Where it is gone already there is no answer either.
        let _ = writeln!(self.stdin, "{}", job.len())
            .and_then(|()| self.stdin.write_all(job))
            .and_then(|()| self.stdin.flush());
        loop {
            match self.answers.recv_timeout(Duration::from_millis(200)) {
                Ok(answer) if processor_time(pid).saturating_sub(before) <= TIME => {
                    return Ok((answer, self));
                }
                Err(RecvTimeoutError::Timeout) if !late(pid, before, began) => {}
                Ok(_) | Err(RecvTimeoutError::Timeout) => {
                    drop(self.child.kill());
                    drop(self.child.wait());
                    return Err(Ended::Late);
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.child.wait().expect("it is a child of ours");
                    let said = self.said.take().and_then(|it| it.join().ok()).unwrap_or_default();
                    return Err(Ended::Died(status, String::from_utf8_lossy(&said).into_owned()));
                }
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The worker's side: takes jobs until there are no more.
///
/// # Panics
/// Where what comes in is not what [`Worker::ask`] sends.
pub fn serve(mut work: impl FnMut(&[u8]) -> String) {
    let mut stdin = std::io::stdin().lock();
    let mut stdout = std::io::stdout().lock();
    let mut line = String::new();
    while stdin.read_line(&mut line).is_ok_and(|count| count > 0) {
        let mut job = vec![0; line.trim().parse().expect("the length of a job")];
        stdin.read_exact(&mut job).expect("a whole job");
        let answer = work(&job).replace('\n', " ");
        if writeln!(stdout, "{answer}").and_then(|()| stdout.flush()).is_err() {
            break;
        }
        line.clear();
    }
}

/// Whether a process had more than [`TIME`] since it had `before`, or since so long ago that it waits
/// for ever.
#[must_use]
pub fn late(pid: u32, before: Duration, began: Instant) -> bool {
    processor_time(pid).saturating_sub(before) > TIME || began.elapsed() > PATIENCE
}

/// The time on the processor that a process has had (proc(5), `stat`, fields 14 and 15, in hundredths
/// of a second); zero where that cannot be read.
#[must_use]
pub fn processor_time(pid: u32) -> Duration {
    let stat = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat"));
    let stat = stat.unwrap_or_default();
    // The program's name, which may hold anything, ends with the last `)`.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = fields.split_whitespace().skip(11).take(2).flat_map(str::parse::<u64>).sum();
    Duration::from_millis(ticks * 10)
}
