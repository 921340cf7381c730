//! What fail2ban makes of the files and options that we write: it reads those of the golden cases, and looks for failures
//! with our filters. Where it is missing the tests are skipped and counted; with `CI` set they fail.
#![allow(clippy::format_push_string)] // a file is short

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use qg_tests::{disk, golden, nix, peers};
use serde_json::Value;

/// Its folder of settings as it is shipped, with these files of ours in it.
fn folder(of: &peers::Fail2ban, files: &[(String, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&of.settings, folder.path());
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}

fn case(name: &str) -> (PathBuf, BTreeMap<String, String>) {
    let case = disk::folder("golden").join("fail2ban").join(name);
    let files = golden::expected(&case);
    assert!(!files.is_empty(), "no golden case {name}");
    (case, files)
}

/// The files of fail2ban's own folder that a host gets, by their place in it.
fn ours(files: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let below = "hosts/box/fail2ban/";
    let all = files.iter().filter_map(|(path, text)| {
        let place = path.strip_prefix(below)?;
        place.contains('/').then(|| (place.to_owned(), text.clone()))
    });
    all.collect()
}

/// What fail2ban would tell its server: one command a line.
fn told(of: &peers::Fail2ban, folder: &Path) -> String {
    let ran = of.client().arg("-c").arg(folder).arg("-d").output().expect("it runs");
    let (out, error) = texts(&ran);
    assert!(ran.status.success(), "{error}");
    assert!(!error.contains("ERROR") && !out.contains("config-error"), "{error}{out}");
    out
}

fn texts(of: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&of.stdout), text(&of.stderr))
}

fn holds(told: &str, lines: &[&str]) {
    for line in lines {
        assert!(told.contains(line), "{line} is not among\n{told}");
    }
}

/// Log files of jails have to be there.
fn with_logs(files: Vec<(String, String)>, folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (path, text) in files {
        let mut lines = String::new();
        for line in text.lines() {
            if let Some(log) = line.strip_prefix("logpath = ") {
                let here = folder.join(log.trim_start_matches('/'));
                fs::create_dir_all(here.parent().expect("a folder")).expect("a folder");
                fs::write(&here, "").expect("a file");
                lines.push_str(&format!("logpath = {}\n", here.display()));
            } else {
                lines.push_str(line);
                lines.push('\n');
            }
        }
        all.push((path, lines));
    }
    all
}

#[test]
fn fail2ban_takes_the_files_of_a_host() {
    let Some(of) = peers::fail2ban() else { return };
    let (_, files) = case("plain");
    let logs = tempfile::tempdir().expect("a folder");
    let folder = folder(&of, &with_logs(ours(&files), logs.path()));
    let told = told(&of, folder.path());
    holds(
        &told,
        &[
            "['add', 'ssh', 'systemd']",
            "['set', 'ssh', 'addjournalmatch', '_SYSTEMD_UNIT=ssh.service']",
            "['add', 'site-login', 'auto']",
            "['set', 'site-login', 'addfailregex', '^<HOST> failed$']",
            "/srv/site/log/access.log', 'head']",
            // Of an account's unit, in a part of the journal that is not looked into by itself.
            "['add', 'wiki-login', 'systemd[journalflags=1]']",
            "['set', 'wiki-login', 'addjournalmatch', '_SYSTEMD_USER_UNIT=wiki.service']",
            "['set', 'wiki-login', 'bantime', '1h']",
            "['set', 'wiki-login', 'bantime.increment', True]",
            "['set', 'wiki-login', 'bantime.multipliers', '1 2 4 8']",
            "['set', 'wiki-login', 'addignoreip', '127.0.0.0/8', '::1', '198.51.100.0/24']",
        ],
    );
    assert!(told.contains("'port', '8080'"), "{told}");
}

/// What the module of NixOS makes of `services.fail2ban` (nixpkgs, `services/security/fail2ban.nix`): `jail.local`.
fn module(options: &Value) -> String {
    let said = |key: &str| options[key].as_str().map(|it| format!("{key} = {it}\n"));
    let mut text = String::from("[DEFAULT]\n");
    text.extend(said("bantime"));
    text.extend(said("banaction"));
    text.push_str(&format!("maxretry = {}\n", options["maxretry"]));
    text.push_str("bantime.increment = true\n");
    for (key, value) in options["bantime-increment"].as_object().expect("a record") {
        if key != "enable" {
            text.push_str(&format!("bantime.{key} = {}\n", plain(value)));
        }
    }
    for (name, jail) in options["jails"].as_object().expect("jails") {
        if name != "DEFAULT" {
            text.push_str(&format!("[{name}]\n"));
            text.push_str("enabled = true\n");
        }
        for (key, value) in jail["settings"].as_object().expect("settings") {
            // The module has `backend` itself, and takes ours by force.
            let value = value.get("content").unwrap_or(value);
            text.push_str(&format!("{key} = {}\n", plain(value)));
        }
    }
    text
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn fail2ban_takes_what_nixos_makes_of_the_options() {
    let Some(of) = peers::fail2ban() else { return };
    let Some(program) = nix::program() else { return };
    let (case, files) = case("nixos");
    let build = tempfile::tempdir().expect("a folder");
    copy(&case.join("expected"), build.path());
    let options = nix::evaluate(&program, build.path(), "box");
    let options = options.unwrap_or_else(|error| panic!("{error}"));
    let options = &options["services"]["fail2ban"];
    let mut all = ours(&files);
    all.push(("jail.local".to_owned(), module(options)));
    let logs = tempfile::tempdir().expect("a folder");
    let folder = folder(&of, &with_logs(all, logs.path()));
    let told = told(&of, folder.path());
    holds(
        &told,
        &[
            "'bantime.formula', 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor']",
            "['set', 'sshd', 'bantime', '24h']",
            "['set', 'sshd', 'bantime.maxtime', '672h']",
            "['set', 'sshd', 'bantime.rndtime', '8m30s']",
            "['add', 'traefik-auth', 'auto']",
            "['add', 'wiki-login', 'systemd']",
            "['multi-set', 'wiki-login', 'addfailregex', ['^login failed for <F-USER>.*</F-USER> from <HOST>$', '^100% wrong: <ADDR>$']]",
            "['set', 'wiki-login', 'addignoreregex', 'from 203[.]0[.]113[.]']",
            "['set', 'wiki-login', 'datepattern', '%Y-%m-%d %H:%M:%S']",
            "['set', 'wiki-login', 'maxretry', 5]",
            "['set', 'wiki-login', 'findtime', '1h']",
            "['set', 'wiki-login', 'bantime', '48h']",
            "['set', 'wiki-login', 'usedns', 'no']",
            "'addjournalmatch', '_SYSTEMD_UNIT=immich-server.service', '+', '_SYSTEMD_UNIT=immich-machine-learning.service']",
        ],
    );
    assert!(told.contains("['set', 'again', 'bantime', '168h']"), "{told}");
    assert!(told.contains("'port', '80,443'") && told.contains("'protocol', 'tcp,udp'"), "{told}");
}

/// Lines of the journal and of files, as fail2ban gives them to filters.
#[test]
fn our_filters_find_what_they_are_to_find() {
    let Some(of) = peers::fail2ban() else { return };
    let (_, files) = case("nixos");
    let (_, more) = case("plain");
    // Both have a `wiki`: that of the first stays.
    let mut all = ours(&more);
    all.extend(ours(&files));
    let folder = folder(&of, &all);
    let found = |filter: &str, lines: &str| {
        let log = folder.path().join("lines.log");
        fs::write(&log, lines).expect("a file");
        let filter = folder.path().join(format!("filter.d/{filter}.conf"));
        let mut ran = of.regex();
        // The time is found by itself, whatever the program's own lines say.
        ran.args(["--datepattern", "%b %d %H:%M:%S"]).arg(&log).arg(&filter);
        let (out, error) = texts(&ran.output().expect("it runs"));
        let line = out.lines().find(|it| it.starts_with("Lines:"));
        line.unwrap_or_else(|| panic!("{out}{error}")).to_owned()
    };
    let journal = "Nov 29 09:00:00 box wiki[12]: ";
    let lines =
        |said: &[&str]| -> String { said.iter().map(|it| format!("{journal}{it}\n")).collect() };
    let failed = [
        "login failed for bob from 192.0.2.9",
        "100% wrong: 2001:db8::1",
        // `^` is the beginning of what the program says, and nobody can put more before it.
        "hello login failed for bob from 192.0.2.9",
        "login failed for eve from 203.0.113.4",
    ];
    let said = found("qg-wiki-login", &lines(&failed[..2]));
    assert!(said.contains("2 lines, 0 ignored, 2 matched, 0 missed"), "{said}");
    let said = found("qg-wiki-login", &lines(&failed[2..3]));
    assert!(said.contains("0 matched, 1 missed"), "{said}");
    let said = found("qg-site-login", "Nov 29 09:00:00 192.0.2.9 failed\n");
    assert!(said.contains("1 lines, 0 ignored, 1 matched"), "{said}");
    let said = found("qg-site-login", "[Nov 29 09:00:00] 192.0.2.9 failed\n");
    assert!(said.contains("1 lines, 0 ignored, 1 matched"), "{said}");
    let said = found("qg-site-login", "Nov 29 09:00:00 192.0.2.9 came in\n");
    assert!(said.contains("0 matched, 1 missed"), "{said}");
}

/// That what is wrong is told of: or the tests above could not fail.
#[test]
fn fail2ban_refuses_what_it_does_not_know() {
    let Some(of) = peers::fail2ban() else { return };
    let text = "[odd]\nenabled = true\nfilter = nothing-of-that-name\nbackend = systemd\n";
    let folder = folder(&of, &[("jail.d/qg.local".to_owned(), text.to_owned())]);
    let ran = of.client().arg("-c").arg(folder.path()).arg("-d").output().expect("it runs");
    let (out, error) = texts(&ran);
    assert!(format!("{out}{error}").contains("Unable to read the filter 'nothing-of-that-name'"));
}

/// Each filter that the compiler knows by name is there, and the ones that name units are those that do.
#[test]
fn the_table_of_filters_is_what_fail2ban_brings() {
    // Newer than the version of Debian 12.
    const NEWER: &[&str] = &["dante", "nginx-forbidden", "routeros-auth"];
    let Some(of) = peers::fail2ban() else { return };
    let mut brought = BTreeMap::new();
    for entry in fs::read_dir(of.settings.join("filter.d")).expect("filters") {
        let path = entry.expect("an entry").path();
        let Some(name) =
            path.file_name().and_then(|it| it.to_str()).and_then(|it| it.strip_suffix(".conf"))
        else {
            continue;
        };
        if !name.ends_with("-common") && name != "common" {
            let text = fs::read_to_string(&path).expect("a file");
            let names = text.lines().any(|it| it.trim_start().starts_with("journalmatch"));
            brought.insert(name.to_owned(), names);
        }
    }
    let known = qg_interpreter::fleet::jails::SHIPPED.iter();
    let known: BTreeMap<String, bool> = known
        .filter(|(name, _)| brought.contains_key(*name) || !NEWER.contains(name))
        .map(|(name, journal)| ((*name).to_owned(), *journal))
        .collect();
    assert_eq!(known, brought);
}
