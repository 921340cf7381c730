//! What systemd's own programs make of the files of a host without NixOS, and of what NixOS puts into rules.

use std::fmt::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;

use qg_interpreter::build;
use qg_interpreter::targets::{OutputFile, render};
use qg_tests::peers;

use crate::{findings, texts, world};

fn files(fleet: &str) -> Vec<OutputFile> {
    let build = build(&world(fleet));
    render(build.fleet.as_ref().unwrap_or_else(|| panic!("{:?}", findings(&build))))
}

fn text<'f>(files: &'f [OutputFile], name: &str) -> &'f str {
    &files.iter().find(|file| file.path.ends_with(name)).expect("it is written").text
}

/// Names that a folder can have.
fn names() -> Vec<String> {
    let all = (0..texts::TEXTS.len()).map(texts::text).chain([texts::WORST.to_owned()]);
    all.filter(|it| {
        !it.is_empty() && it.len() < 256 && !it.contains(['/', '\0', '\n', '\r']) && it != ".."
    })
    .collect()
}

fn said(program: &str, arguments: &[&str], root: &Path, file: &Path) -> Option<String> {
    let program = peers::program(program)?;
    let root = format!("--root={}", root.display());
    let out =
        Command::new(program).args(arguments).arg(root).arg(file).output().expect("it can be run");
    Some(String::from_utf8_lossy(&out.stderr).into_owned() + &String::from_utf8_lossy(&out.stdout))
}

/// Folders as `systemd-tmpfiles` makes them, from rules as the compiler writes them and as NixOS does.
#[test]
fn folders_are_made_where_they_are_said() {
    let mut states = String::new();
    for name in names() {
        writeln!(states, "state {} {{ }}", texts::literal(&format!("/srv/{name}")))
            .expect("a string");
    }
    let plain = files(&format!("host h {{ system = x86_64_linux, manager = plain\n{states} }}"));
    let rules = text(&plain, "/tmpfiles.d.conf").to_owned();
    let nixos =
        files(&format!("host h {{ system = x86_64_linux, state_version = \"25.05\"\n{states} }}"));
    let module = text(&nixos, "/default.nix");
    // As nixpkgs writes a rule: `'d' '/path' '0755' '-' '-' '-' `.
    let mut pasted = String::new();
    for line in module.lines().filter(|line| line.contains(".d.mode = ")) {
        let key = line.trim().strip_suffix(".d.mode = \"0755\";").expect("a rule");
        // Nix and JSON share the other escapes, and Nix leaves characters of control as they are.
        let key = key.replace("\\${", "${");
        let key = serde_json::from_str(&key).unwrap_or_else(|_| key.trim_matches('"').to_owned());
        writeln!(pasted, "'d' '{key}' '0755' '-' '-' '-' ").expect("a string");
    }
    assert_eq!(pasted.lines().count(), names().len(), "{module}");
    for rules in [rules, pasted] {
        let folder = tempfile::tempdir().expect("a folder");
        // It gives all of it to root, which root alone can.
        if std::fs::metadata(folder.path()).expect("a folder").uid() != 0 {
            peers::skip("systemd-tmpfiles wants to be root");
            return;
        }
        let (root, file) = (folder.path().join("root"), folder.path().join("rules.conf"));
        std::fs::create_dir_all(root.join("srv")).expect("a folder");
        std::fs::write(&file, &rules).expect("a file");
        let Some(said) = said("systemd-tmpfiles", &["--create"], &root, &file) else { return };
        let mut made: Vec<String> = std::fs::read_dir(root.join("srv"))
            .expect("a folder")
            .map(|it| it.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        let mut wanted = names();
        made.sort();
        wanted.sort();
        assert_eq!(made, wanted, "{said}\n{rules}");
    }
}

/// Accounts as `systemd-sysusers` reads them.
#[test]
fn accounts_are_those_that_are_said() {
    let fleet = "host h { system = x86_64_linux, manager = plain }
        group g { on = [host.h], gid = 990 }
        user u { on = [host.h], uid = 991, group = group.g, extra_groups = [\"video\", \"render\"] }";
    let files = files(fleet);
    let folder = tempfile::tempdir().expect("a folder");
    let (root, file) = (folder.path().join("root"), folder.path().join("users.conf"));
    std::fs::create_dir_all(root.join("etc")).expect("a folder");
    std::fs::write(&file, text(&files, "/sysusers.d.conf")).expect("a file");
    let Some(said) = said("systemd-sysusers", &["--dry-run"], &root, &file) else { return };
    let made: Vec<&str> = said.lines().filter(|it| it.contains("Creating")).collect();
    let wrong = said.lines().any(|it| it.contains("Unknown") || it.contains("ailed"));
    assert!(!wrong && made.len() == 4, "{said}");
    // What would be another account is refused, at each list of groups.
    let odd = "user u { on = [host.h], extra_groups = [\"video\\nu evil 0 - / /bin/bash\"] }";
    let build =
        build(&world(&format!("host h {{ system = x86_64_linux, manager = plain }}\n{odd}")));
    assert!(findings(&build).iter().any(|it| it.starts_with("QG0408")), "{:?}", findings(&build));
}
