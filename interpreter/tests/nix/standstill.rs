//! What stands still while it is copied, run as the host runs it, against a `systemctl` that stops and
//! starts as systemd does: what requires a unit stops with it, and a pod wants its members.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SCRIPT: &str = include_str!("../../targets/src/nix/standstill.sh");

/// Below `units/` the state of each unit, below `with/` what stops with it, below `wants/` what it wants.
const SYSTEMCTL: &str = r#"#!/bin/sh
cd "$FAKE"
while :; do case $1 in --user) shift ;; --machine=*) machine=$1; shift ;; *) break ;; esac; done
verb=$1; shift
stop() { echo inactive >"units/$1"; for it in $(cat "with/$1" 2>/dev/null); do stop "$it"; done; }
start() { echo active >"units/$1"; for it in $(cat "wants/$1" 2>/dev/null); do [ "$alone" ] || start "$it"; done; }
case $verb in
show)
  for unit; do :; done
  case $* in
  *LoadState*) [ -e "units/$unit" ] && echo loaded || echo not-found ;;
  *) cat "with/$unit" 2>/dev/null ;;
  esac ;;
is-active) cat "units/$1"; [ "$(cat "units/$1")" = active ] ;;
stop | start)
  echo "$verb${machine:+ $machine} $*" >>log
  [ "$verb" = start ] && [ -e "jobs/$1" ] && exec sh "jobs/$1"
  case $1 in *.service) [ -e "jobs/$1" ] || [ -e "units/$1" ] || exit 5 ;; esac
  case $1 in --job-mode=ignore-dependencies) alone=yes; shift ;; esac
  for unit; do
    [ -e "broken/$unit" ] && failed=1 || $verb "$unit"
  done
  exit ${failed:-0} ;;
esac
"#;

pub(crate) struct Host(tempfile::TempDir);

impl Host {
    /// A host with these units: state, name, what stops with it, what it wants.
    fn new(units: &[(&str, &str, &str, &str)]) -> Host {
        let host = Host(tempfile::tempdir().unwrap());
        for folder in ["units", "with", "wants", "broken", "bin", "jobs"] {
            fs::create_dir(host.path().join(folder)).unwrap();
        }
        for (state, name, with, wants) in units {
            for (folder, text) in [("units", state), ("with", with), ("wants", wants)] {
                fs::write(host.path().join(folder).join(name), format!("{text}\n")).unwrap();
            }
        }
        let program = host.path().join("bin/systemctl");
        fs::write(&program, SYSTEMCTL).unwrap();
        let done = Command::new("chmod").arg("755").arg(&program).status().unwrap();
        assert!(done.success());
        fs::write(host.path().join("standstill.sh"), SCRIPT).unwrap();
        host
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// A script of the host, with its `systemctl`.
    pub(crate) fn command(&self, script: &str) -> Command {
        let path =
            format!("{}:{}", self.path().join("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command
            .arg(self.path().join(script))
            .env("PATH", path)
            .env("FAKE", self.path())
            .env("QG_CHAIN", self.path().join("turn"))
            .env("QG_STANDSTILL", self.path().join("state"));
        command
    }

    fn run(&self, arguments: &str) -> Output {
        self.command("standstill.sh").args(arguments.split(' ')).output().unwrap()
    }

    fn done(&self, arguments: &str) {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments}: {output:?}");
    }

    /// The units that run.
    pub(crate) fn running(&self) -> Vec<String> {
        let all = fs::read_dir(self.path().join("units")).unwrap();
        let name = |it: fs::DirEntry| it.file_name().into_string().unwrap();
        let state =
            |name: &String| fs::read_to_string(self.path().join("units").join(name)).unwrap();
        let mut all: Vec<String> = all.map(|it| name(it.unwrap())).collect();
        all.retain(|name| matches!(state(name).trim(), "active" | "activating"));
        all.sort();
        all
    }
}

pub(crate) fn directory() -> Host {
    Host::new(&[
        ("active", "lldap.service", "authelia-main.service", ""),
        ("active", "lldap-pg.service", "lldap.service", ""),
        ("active", "authelia-main.service", "", ""),
        ("active", "other.service", "", ""),
    ])
}

#[test]
fn what_requires_a_unit_starts_again_with_it() {
    let host = directory();
    host.done("hold job - lldap.service lldap-pg.service");
    assert_eq!(host.running(), ["other.service"]);
    host.done("release job");
    let all = ["authelia-main.service", "lldap-pg.service", "lldap.service", "other.service"];
    assert_eq!(host.running(), all);
    // Nothing is left to start: the second time changes nothing.
    let before = fs::read_to_string(host.path().join("log")).unwrap();
    host.done("release job");
    assert_eq!(fs::read_to_string(host.path().join("log")).unwrap(), before);
}

#[test]
fn what_was_stopped_by_hand_stays_stopped() {
    let pod = "db.service api.service worker.service";
    let host = Host::new(&[
        ("active", "memory-pod.service", pod, pod),
        ("active", "db.service", "api.service", ""),
        ("activating", "api.service", "", ""),
        ("inactive", "worker.service", "", ""),
        ("failed", "lldap.service", "", ""),
    ]);
    host.done("hold job - memory-pod.service lldap.service -- db.service gone.service");
    assert_eq!(host.running(), [""; 0]);
    host.done("release job");
    assert_eq!(host.running(), ["api.service", "db.service", "memory-pod.service"]);
}

#[test]
fn the_last_of_two_jobs_starts_what_both_stopped() {
    let host = directory();
    host.done("hold one - authelia-main.service");
    host.done("hold two - lldap.service");
    host.done("release one");
    assert_eq!(host.running(), ["lldap-pg.service", "other.service"]);
    host.done("release two");
    assert_eq!(host.running().len(), 4);
    // One after the other.
    host.done("hold one - lldap.service");
    host.done("release one");
    host.done("hold two - lldap.service");
    assert_eq!(host.running().len(), 2);
    host.done("release two");
    assert_eq!(host.running().len(), 4);
}

#[test]
fn a_job_whose_units_are_not_there_or_do_not_start_fails_and_starts_the_rest() {
    let host = directory();
    let held = host.run("hold job - renamed.service lldap.service");
    assert!(held.status.success(), "the copy is made all the same");
    assert!(String::from_utf8_lossy(&held.stderr).contains("there is no unit renamed.service"));
    assert_eq!(host.running(), ["lldap-pg.service", "other.service"]);
    assert!(!host.run("release job").status.success());
    assert_eq!(host.running().len(), 4);
    host.done("release job");

    host.done("hold job - lldap.service");
    fs::write(host.path().join("broken/lldap.service"), "").unwrap();
    let released = host.run("release job");
    assert!(!released.status.success());
    assert!(host.running().contains(&"authelia-main.service".to_owned()));
}

#[test]
fn the_units_of_an_account_are_asked_of_its_own_manager() {
    let host = directory();
    host.done("hold job apps other.service");
    host.done("release job");
    let log = fs::read_to_string(host.path().join("log")).unwrap();
    let machine = "--machine=apps@.host";
    assert_eq!(log, format!("stop {machine} other.service\nstart {machine} other.service\n"));
}
