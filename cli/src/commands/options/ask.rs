//! Asking Nix.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::flake::Flake;
use crate::failure::Failure;

/// A function in Nix: what is asked of an evaluated system.
const ASK: &str = include_str!("ask.nix");

/// What `ask.nix` gives.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    /// Each option: its way, and its type in the manual's words.
    pub(super) options: Vec<(Vec<String>, String)>,
    pub(super) packages: Vec<String>,
    /// Of nixpkgs; empty where it is not known.
    pub(super) revision: String,
    /// Of NixOS, as `25.11.20251203.50ab793`.
    pub(super) version: String,
}

/// Asks one of a flake's `nixosConfigurations`.
pub(super) fn host(flake: &Flake, host: &str) -> Result<Answer, Failure> {
    let name = host.replace('\\', "\\\\").replace('"', "\\\"");
    let what = format!("{}#nixosConfigurations.\"{name}\"", flake.reference);
    let mut command = eval(&what, ASK);
    answer(&mut command, &format!("the options of {host} in {}", flake.shown))
}

/// The names of a flake's `nixosConfigurations`.
pub(super) fn names(flake: &Flake) -> Result<Vec<String>, Failure> {
    let what = format!("{}#nixosConfigurations", flake.reference);
    let mut command = eval(&what, "builtins.attrNames");
    answer(&mut command, &format!("which hosts are in {}", flake.shown))
}

/// Asks a file that gives an evaluated system, or a function that does when it is told nothing.
pub(super) fn file(path: &Path) -> Result<Answer, Failure> {
    let real = path.canonicalize().map_err(|error| Failure::io("read", path, &error))?;
    let called = "let it = import file; in if builtins.isFunction it then it { } else it";
    let expression = format!("{{ file }}: ({ASK}) ({called})");
    let mut command = Command::new("nix-instantiate");
    command.args(["--eval", "--strict", "--json", "--expr", &expression]);
    command.arg("--argstr").arg("file").arg(real);
    answer(&mut command, &format!("the options of {}", path.display()))
}

fn eval(what: &str, apply: &str) -> Command {
    let mut command = Command::new("nix");
    command.args(["--extra-experimental-features", "nix-command flakes", "eval", "--json"]);
    command.args(["--no-write-lock-file", what, "--apply", apply]);
    command
}

/// Runs Nix and reads its answer; `what` is what was asked.
fn answer<T: DeserializeOwned>(command: &mut Command, what: &str) -> Result<T, Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| {
        if error.kind() == ErrorKind::NotFound {
            return Failure::new(format!("`{program}` is not installed here")).help(
                "without Nix, the table of options that comes with qgc is used; nothing was written",
            );
        }
        Failure::new(format!("`{program}` cannot be run: {error}"))
    })?;
    let failed = |why: String| {
        Failure::new(format!("Nix could not tell {what}; nothing was written")).help(why)
    };
    if !output.status.success() {
        return Err(failed(last_lines(&String::from_utf8_lossy(&output.stderr))));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| failed(format!("its answer is not what was asked for: {error}")))
}

/// The end of what Nix says: the error itself stands there.
fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len().saturating_sub(12);
    let said: Vec<&str> = lines.into_iter().skip(from).collect();
    format!("Nix says:\n{}", said.join("\n"))
}
