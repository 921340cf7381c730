//! The turn of a vault, run as the host runs it: units start one after the other, whatever fails, and what each of
//! them stopped runs again before the next one starts.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::standstill::{Host, directory};

const SCRIPT: &str = include_str!("../../targets/src/nix/chain.sh");

/// A job as its unit runs it: `ExecStartPre=`, the copy, and `ExecStopPost=`, which runs in any case.
fn job(host: &Host, name: &str, stop: &str, copy: &str) {
    let text = format!(
        "sh standstill.sh hold {name} - {stop} || exit
         echo \"copy {name}: $(grep -lx active units/* | xargs -n1 basename | xargs)\" >>log
         ( {copy} ); rc=$?
         sh standstill.sh release {name} || rc=1
         exit $rc\n"
    );
    fs::write(host.path().join("jobs").join(format!("{name}.service")), text).unwrap();
}

fn chain(host: &Host, units: &str) -> Child {
    fs::write(host.path().join("chain.sh"), SCRIPT).unwrap();
    host.command("chain.sh").args(units.split(' ')).stderr(Stdio::piped()).spawn().unwrap()
}

fn log(host: &Host) -> Vec<String> {
    let text = fs::read_to_string(host.path().join("log")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn copies(host: &Host) -> Vec<String> {
    log(host).into_iter().filter(|line| line.starts_with("copy")).collect()
}

fn wait_for(host: &Host, line: &str) {
    let begin = Instant::now();
    while !log(host).iter().any(|it| it.starts_with(line)) {
        assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", log(host));
        sleep(Duration::from_millis(10));
    }
}

const ALL: [&str; 4] =
    ["authelia-main.service", "lldap-pg.service", "lldap.service", "other.service"];

#[test]
fn one_after_the_other_and_all_comes_back_in_between() {
    let host = directory();
    job(&host, "directory", "lldap.service lldap-pg.service", "true");
    job(&host, "login", "authelia-main.service", "true");
    job(&host, "rest", "other.service", "true");
    let done = chain(&host, "directory.service login.service rest.service").wait_with_output();
    assert!(done.unwrap().status.success());
    // With the directory the login server stood still too, and it was there again before its own turn came.
    let expected = [
        "copy directory: other.service",
        "copy login: lldap-pg.service lldap.service other.service",
        "copy rest: authelia-main.service lldap-pg.service lldap.service",
    ];
    assert_eq!(copies(&host), expected);
    assert_eq!(host.running(), ALL);
}

#[test]
fn a_job_that_fails_stops_no_other_and_fails_the_chain() {
    let host = directory();
    job(&host, "one", "lldap.service", "exit 3");
    job(&host, "two", "other.service", "true");
    let done = chain(&host, "one.service gone.service two.service").wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("these failed: one.service gone.service\n"), "{said}");
    assert_eq!(copies(&host).len(), 2);
    assert_eq!(host.running(), ALL);
}

#[test]
fn a_second_chain_waits_for_the_first() {
    let host = directory();
    job(&host, "slow", "lldap.service", "sleep 0.5");
    job(&host, "last", "other.service", "echo over >>log");
    job(&host, "early", "other.service", "echo began >>log");
    let first = chain(&host, "slow.service last.service");
    wait_for(&host, "copy slow");
    let second = chain(&host, "early.service");
    assert!(first.wait_with_output().unwrap().status.success());
    assert!(second.wait_with_output().unwrap().status.success());
    let turns: Vec<String> =
        log(&host).into_iter().filter(|it| ["over", "began"].contains(&&**it)).collect();
    assert_eq!(turns, ["over", "began"]);
    assert_eq!(host.running(), ALL);
}

#[test]
fn who_stops_the_chain_stops_the_job_that_runs() {
    let host = directory();
    job(&host, "long", "lldap.service", "sleep 1");
    job(&host, "never", "other.service", "true");
    let running = chain(&host, "long.service never.service");
    wait_for(&host, "copy long");
    let id = running.id().to_string();
    assert!(Command::new("kill").arg(&id).status().unwrap().success());
    assert_eq!(running.wait_with_output().unwrap().status.code(), Some(143));
    assert!(log(&host).contains(&"stop long.service".to_owned()), "{:?}", log(&host));
    assert_eq!(copies(&host).len(), 1);
}
