//! The programs that read what the compiler writes, and what is told where one is not there: a test
//! that cannot ask is no green test. `tests/counted` names those that were skipped; with `CI` set none may be.
#![allow(clippy::print_stderr)] // a reader sees what was skipped

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names the file in which each test that is skipped leaves a line.
pub const SKIPPED: &str = "QG_SKIPPED";

/// Says that this test, or a part of it, is skipped, and why.
///
/// # Panics
/// Where `CI` is set.
pub fn skip(reason: &str) {
    let skipped = std::env::var_os(SKIPPED);
    let program = std::env::current_exe().unwrap_or_default();
    let program = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // Cargo puts a hash behind the name.
    let program = program.rsplit_once('-').map_or(program.as_str(), |(name, _)| name);
    let thread = std::thread::current();
    let line = format!("{program} {}: {reason}", thread.name().unwrap_or_default());
    assert!(std::env::var_os("CI").is_none(), "with CI set nothing is skipped: {line}");
    eprintln!("skipped: {line}");
    if let Some(file) = skipped {
        let mut file = OpenOptions::new().append(true).create(true).open(file).expect("a file");
        // In one piece: other tests write to it as well.
        file.write_all(format!("{line}\n").as_bytes()).expect("a line can be written");
    }
}

/// The first of some places that holds a program; where none does, the test is skipped.
///
/// # Panics
/// Where `CI` is set.
#[must_use]
pub fn found(places: &[PathBuf], name: &str) -> Option<PathBuf> {
    let program = places.iter().find(|path| path.is_file()).cloned();
    if program.is_none() {
        skip(&format!("{name} is missing (tests/run installs what it can)"));
    }
    program
}

/// Where a program of this name may be.
#[must_use]
pub fn on_path(name: &str) -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(name)).collect()
}

/// A program of the search path.
#[must_use]
pub fn program(name: &str) -> Option<PathBuf> {
    found(&on_path(name), name)
}

/// Where `tests/peers/install.sh` puts what is no package.
#[must_use]
pub fn cached(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache/peers").join(path)
}

/// Caddy, as a package of Debian brings it.
#[must_use]
pub fn caddy() -> Option<PathBuf> {
    let mut places = vec![std::env::var_os("QG_CADDY").map(PathBuf::from).unwrap_or_default()];
    places.push(cached("caddy/caddy"));
    places.extend(on_path("caddy"));
    found(&places, "caddy")
}

/// Podman's generator.
#[must_use]
pub fn quadlet() -> Option<PathBuf> {
    let places = [
        std::env::var_os("QG_QUADLET").map(PathBuf::from).unwrap_or_default(),
        cached("podman-5.4/quadlet"),
        PathBuf::from("/usr/libexec/podman/quadlet"),
        PathBuf::from("/run/current-system/sw/libexec/podman/quadlet"),
    ];
    found(&places, "Podman's quadlet")
}

/// fail2ban, and what it brings.
#[derive(Clone, Debug)]
pub struct Fail2ban {
    programs: PathBuf,
    /// Where its modules of Python lie, if not where Python looks.
    modules: Option<PathBuf>,
    /// Its folder of settings, as it is shipped.
    pub settings: PathBuf,
}

impl Fail2ban {
    /// What reads all settings, and tells the server of them.
    #[must_use]
    pub fn client(&self) -> Command {
        self.python("fail2ban-client")
    }

    /// What tries a filter.
    #[must_use]
    pub fn regex(&self) -> Command {
        self.python("fail2ban-regex")
    }

    fn python(&self, program: &str) -> Command {
        let mut all = Command::new("python3");
        // It warns of words of its own.
        all.args(["-W", "ignore"]).arg(self.programs.join(program));
        if let Some(modules) = &self.modules {
            all.env("PYTHONPATH", modules);
        }
        all
    }
}

/// fail2ban, unpacked or as a package.
#[must_use]
pub fn fail2ban() -> Option<Fail2ban> {
    let root = cached("fail2ban");
    let own = root.join("usr/bin/fail2ban-client");
    let program = found(&[vec![own.clone()], on_path("fail2ban-client")].concat(), "fail2ban")?;
    let is_own = program == own;
    Some(Fail2ban {
        programs: program.parent()?.to_owned(),
        modules: is_own.then(|| root.join("usr/lib/python3/dist-packages")),
        settings: if is_own { root.join("etc/fail2ban") } else { PathBuf::from("/etc/fail2ban") },
    })
}
