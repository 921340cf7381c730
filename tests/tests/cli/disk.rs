//! What lies on the disk in place of what is expected: links, pipes, folders, files of others, damage.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use qg_tests::bounded;

use crate::sandbox::{Ran, Sandbox, ran};

/// A run that ends, with what the program may take.
fn qgc(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let mut command = bounded::command(env!("CARGO_BIN_EXE_qgc-under-test"));
    command.current_dir(sandbox.path(".")).args(args);
    ran(&bounded::output(&mut command, b"").unwrap_or_else(|ended| panic!("{args:?}: {ended}")))
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

#[track_caller]
fn refused(sandbox: &Sandbox, args: &[&str], why: &str) {
    let ran = qgc(sandbox, args);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.replace("\n  │ ", "").contains(why), "{why}: {ran:?}");
}

/// A fleet of two hosts, compiled.
fn two() -> Sandbox {
    let host = "\nhost other { system = x86_64_linux, state_version = \"25.05\", file \"/etc/x\" { text = \"x\" } }\n";
    let sandbox = Sandbox::fleet_with("fleet/hosts/other.qg", host);
    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    sandbox
}

#[test]
fn sources_that_are_no_files_are_refused() {
    let sandbox = Sandbox::fleet();
    let odd = sandbox.path("fleet/hosts/odd.qg");
    fifo(&odd);
    refused(&sandbox, &["check", "fleet"], "it is not a file");
    refused(&sandbox, &["check", "fleet/hosts/odd.qg"], "neither a file nor a folder");
    refused(&sandbox, &["check", "/dev/zero"], "neither a file nor a folder");
    fs::remove_file(&odd).expect("removed");
    symlink("nowhere", &odd).expect("linked");
    refused(&sandbox, &["check", "fleet"], "a link that leads nowhere");
    fs::remove_file(&odd).expect("removed");
    sandbox.write("outside/a.qg", "let a = 1\n");
    symlink(sandbox.path("outside/a.qg"), &odd).expect("linked");
    refused(&sandbox, &["check", "fleet"], "leads out of the fleet's folder");
    fs::remove_file(&odd).expect("removed");
    // A folder may be called anything, and one that lies elsewhere is said to be left.
    sandbox.write("fleet/hosts/odd.qg/b.qg", "let a = b\n");
    let ran = qgc(&sandbox, &["check", "fleet", "--format", "short"]);
    assert!(ran.out.contains("fleet/hosts/odd.qg/b.qg:1:9"), "{ran:?}");
    fs::remove_dir_all(&odd).expect("removed");
    symlink(sandbox.path("outside"), sandbox.path("fleet/hosts/result")).expect("linked");
    let ran = qgc(&sandbox, &["check", "fleet"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.err.contains("not followed: fleet/hosts/result"), "{ran:?}");
}

#[test]
fn a_fleet_without_sources_or_hosts_says_so() {
    let sandbox = Sandbox::empty();
    sandbox.write("fleet/qg.toml", "[fleet]\nsources = [\"hosts\"]\n");
    fs::create_dir(sandbox.path("fleet/hosts")).expect("made");
    refused(&sandbox, &["check", "fleet"], "there is no .qg file below");
    sandbox.write("fleet/hosts/a.qg", "let a = 1\n");
    refused(&sandbox, &["compile", "fleet"], "there is no host in this fleet");
    assert!(!sandbox.path("fleet/build").exists());
}

#[test]
fn what_stands_in_place_of_qg_toml_and_qg_options_is_refused() {
    let sandbox = Sandbox::fleet();
    fs::create_dir(sandbox.path("fleet/qg.options")).expect("made");
    let ran = qgc(&sandbox, &["check", "fleet"]);
    assert!(ran.code == Some(1) && ran.out.contains("QG0646"), "{ran:?}");
    fs::remove_dir(sandbox.path("fleet/qg.options")).expect("removed");
    symlink("nowhere", sandbox.path("fleet/qg.options")).expect("linked");
    let ran = qgc(&sandbox, &["check", "fleet"]);
    assert!(ran.code == Some(1) && ran.out.contains("QG0646"), "{ran:?}");
    fs::remove_file(sandbox.path("fleet/qg.toml")).expect("removed");
    fifo(&sandbox.path("fleet/qg.toml"));
    refused(&sandbox, &["check", "fleet"], "it is not a file");
}

#[test]
fn files_beside_the_sources_are_read_whole_or_refused() {
    let text = "extend host server { file \"/big\" { source = ./big } }\n";
    let sandbox = Sandbox::fleet_with("fleet/hosts/big.qg", text);
    let big = sandbox.path("fleet/hosts/big");
    let refused = |why: &str| {
        let ran = qgc(&sandbox, &["check", "fleet", "--format", "short"]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.out.contains("QG0620") && ran.out.contains(why), "{ran:?}");
    };
    fs::File::create(&big).and_then(|it| it.set_len(64 * 1024 * 1024 + 1)).expect("made");
    refused("larger than 64 MiB");
    fs::remove_file(&big).expect("removed");
    fifo(&big);
    refused("it is not a file");
    fs::remove_file(&big).expect("removed");
    fs::create_dir(&big).expect("made");
    refused("it is not a file");
    fs::remove_dir(&big).expect("removed");
    symlink("/etc/hostname", &big).expect("linked");
    refused("it leads out of the fleet's folder");
}

#[test]
fn a_lock_that_is_none_is_left_alone() {
    let sandbox = two();
    let lock = sandbox.path("fleet/.build.qgc-lock");
    sandbox.write("precious", "mine");
    symlink(sandbox.path("precious"), &lock).expect("linked");
    refused(&sandbox, &["compile", "fleet"], "is not a lock of qgc");
    assert_eq!(sandbox.read("precious"), "mine");
    fs::remove_file(&lock).expect("removed");
    fifo(&lock);
    refused(&sandbox, &["compile", "fleet"], "is not a lock of qgc");
    fs::remove_file(&lock).expect("removed");
    sandbox.write("fleet/.build.qgc-lock", "mine");
    refused(&sandbox, &["compile", "fleet"], "is not a lock of qgc");
    assert_eq!(sandbox.read("fleet/.build.qgc-lock"), "mine");
    // One that a killed run left is a lock.
    sandbox.write("fleet/.build.qgc-lock", "");
    assert_eq!(qgc(&sandbox, &["compile", "fleet"]).code, Some(0));
    assert!(!lock.exists());
}

#[test]
fn a_damaged_manifest_costs_no_host_its_files() {
    let sandbox = two();
    let whole = sandbox.read("fleet/build/manifest.json");
    let before = sandbox.tree("fleet/build/hosts");
    sandbox.write(
        "fleet/hosts/more.qg",
        "extend host server { file \"/etc/more\" { text = \"x\" } }\n",
    );
    let line = whole.lines().find(|it| it.starts_with("\"hosts/other/default.nix\"")).expect("it");
    let damaged = [
        (whole.replace("\"version\":1", "\"version\":9"), "cannot be read"),
        (whole.replace("\"origins\":", "\"origin\":"), "cannot be read"),
        (whole.get(..whole.len() / 2).expect("half").to_owned(), "did not write"),
        (whole.replace(&format!("{line}\n"), ""), "qgc did not write"),
        (whole.replace("hosts/other/default.nix", "../../precious"), "qgc did not write"),
    ];
    for (text, why) in &damaged {
        sandbox.write("fleet/build/manifest.json", text);
        for args in [&["compile", "fleet", "--host", "server"][..], &["compile", "fleet"]] {
            refused(&sandbox, args, why);
            assert_eq!(sandbox.tree("fleet/build/hosts"), before);
        }
    }
    sandbox.write("fleet/build/manifest.json", &whole);
    assert_eq!(qgc(&sandbox, &["compile", "fleet", "--host", "server"]).code, Some(0));
}

#[test]
fn an_output_with_files_of_others_is_left_alone() {
    let sandbox = two();
    sandbox.write("fleet/build/hosts/server/notes.txt", "mine");
    sandbox.write(
        "fleet/hosts/more.qg",
        "extend host server { file \"/etc/more\" { text = \"x\" } }\n",
    );
    for args in [&["compile", "fleet"][..], &["compile", "fleet", "--host", "other"]] {
        refused(&sandbox, args, "notes.txt");
        assert_eq!(sandbox.read("fleet/build/hosts/server/notes.txt"), "mine");
    }
    for out in ["/", "fleet", "fleet/hosts", "fleet/qg.toml", ".."] {
        let ran = qgc(&sandbox, &["compile", "fleet", "--out", out]);
        assert_eq!(ran.code, Some(2), "{out}: {ran:?}");
    }
    assert!(sandbox.path("fleet/hosts/server.qg").exists());
}

/// Whoever names a file that is a link to nothing is told so, and not that the file is missing.
#[test]
fn links_to_nothing_are_told_by_name() {
    let text = "fleet { secrets = ./secrets.yaml }\n\
         extend host server { modules = [./module.nix], file \"/etc/a\" { source = ./cycle }\n\
         file \"/etc/b\" { source = ./folder/b }\n file \"/etc/c\" { source = ./none } }\n";
    let sandbox = Sandbox::fleet();
    sandbox.write("fleet/services/more.qg", &text.replacen("fleet {", "extend fleet {", 1));
    let at = |name: &str| sandbox.path("fleet/services").join(name);
    for (name, to) in
        [("secrets.yaml", "gone"), ("module.nix", "gone"), ("cycle", "cycle"), ("folder", "gone")]
    {
        symlink(to, at(name)).expect("linked");
    }
    let ran = qgc(&sandbox, &["check", "fleet", "--format", "short"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    for (place, words) in [
        ("1:26", "`services/secrets.yaml` cannot be read: it is a link that leads nowhere"),
        ("2:33", "`services/module.nix` cannot be read: it is a link that leads nowhere"),
        ("2:73", "`services/cycle` cannot be read: it is a link that leads nowhere"),
        (
            "3:26",
            "`services/folder/b` cannot be read: `services/folder` is a link that leads nowhere",
        ),
        ("4:27", "there is no file `services/none`"),
    ] {
        let line = ran.out.lines().find(|line| line.contains(words));
        let line = line.unwrap_or_else(|| panic!("{words}: {}", ran.out));
        assert!(line.starts_with(&format!("fleet/services/more.qg:{place}: ")), "{line}");
    }
    assert_eq!(ran.out.lines().count(), 5, "{}", ran.out);

    // What qg.toml, the command line and the fleet's folders name.
    symlink("gone", sandbox.path("fleet/linked")).expect("linked");
    sandbox.write("fleet/qg.toml", "[fleet]\nsources = [\"hosts\", \"linked\"]\n");
    refused(&sandbox, &["check", "fleet"], "\"linked\" is a link that leads nowhere");
    refused(&sandbox, &["check", "fleet"], "fleet/qg.toml:2:21");
    refused(&sandbox, &["check", "fleet/linked"], "it is a link that leads nowhere");
    fs::remove_file(sandbox.path("fleet/qg.toml")).expect("removed");
    symlink("gone", sandbox.path("fleet/qg.toml")).expect("linked");
    refused(&sandbox, &["check", "fleet"], "qg.toml: it is a link that leads nowhere");
}

/// An output folder in the place of sources is told where it is said, and not by what is missing then.
#[test]
fn the_output_has_a_folder_of_its_own() {
    let sandbox = Sandbox::fleet();
    let manifest = |out: &str, sources: &str| {
        let out = if out.is_empty() { String::new() } else { format!("out = {out:?}\n") };
        sandbox.write("fleet/qg.toml", &format!("{out}[fleet]\nsources = [{sources}]\n"));
    };
    symlink("hosts", sandbox.path("fleet/linked")).expect("linked");
    let both = "\"hosts\", \"services\"";
    let before = sandbox.tree("fleet/hosts");
    for (out, sources, place, words) in [
        ("hosts", both, "1:7", "\"hosts\" is the source folder \"hosts\""),
        ("./services/", both, "1:7", "is the source folder \"services\""),
        ("nowhere/../hosts", both, "1:7", "is the source folder \"hosts\""),
        ("../fleet/hosts", both, "1:7", "is the source folder \"hosts\""),
        ("linked", both, "1:7", "is the source folder \"hosts\""),
        (
            "hosts",
            "\"hosts/server.qg\", \"services\"",
            "1:7",
            "is above the source folder \"hosts/server.qg\"",
        ),
        (".", both, "1:7", "\".\" is the fleet's own folder"),
        ("hosts/..", both, "1:7", "is the fleet's own folder"),
        ("..", both, "1:7", "\"..\" is above the fleet"),
        ("/", both, "1:7", "\"/\" is above the fleet"),
        ("hosts", "\".\"", "1:7", "\"hosts\" holds sources: hosts/server.qg"),
        ("", "\"build\", \"hosts\"", "2:12", "\"build\" is the source folder \"build\""),
    ] {
        fs::create_dir_all(sandbox.path("fleet/build")).expect("made");
        manifest(out, sources);
        for command in ["check", "compile"] {
            refused(&sandbox, &[command, "fleet"], words);
            refused(&sandbox, &[command, "fleet"], &format!("fleet/qg.toml:{place}"));
        }
    }
    assert_eq!(sandbox.tree("fleet/hosts"), before);
    // Within a source folder it is left out, as it is within the fleet's own.
    for (out, sources) in [("hosts/made", both), ("", "\".\""), ("../made", both)] {
        manifest(out, sources);
        for _ in 0..2 {
            let ran = qgc(&sandbox, &["compile", "fleet"]);
            assert_eq!(ran.code, Some(0), "{out}: {ran:?}");
        }
        let _ = fs::remove_dir_all(sandbox.path("fleet/hosts/made"));
    }
}

/// What is written is no source of the next run.
#[test]
fn the_output_is_no_source() {
    let sandbox = Sandbox::fleet_with(
        "fleet/hosts/more.qg",
        "extend host server { file \"/x.qg\" { text = \"nonsense = (\" } }\n",
    );
    sandbox.write("fleet/qg.toml", "");
    for _ in 0..2 {
        let ran = qgc(&sandbox, &["compile", "fleet"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
}

/// Whoever runs the tests: somebody whom permissions stop.
#[test]
fn an_output_without_permissions_is_replaced_or_left_and_blocks_nobody() {
    let sandbox = two();
    let nobody = 65534;
    let root = is_root();
    let run = |args: &[&str]| {
        let mut command = sandbox.command();
        if root {
            command.uid(nobody).gid(nobody);
        }
        ran(&command.args(args).output().expect("the program can be run"))
    };
    let set = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
    };
    if root {
        // The program itself has to be within reach of that account.
        let program = Path::new(env!("CARGO_BIN_EXE_qgc-under-test"));
        let mut reach = Command::new("test");
        reach.uid(nobody).gid(nobody);
        if !reach.arg("-x").arg(program).status().is_ok_and(|it| it.success()) {
            return;
        }
        let all = Command::new("chown").args(["-R", "65534:65534"]).arg(sandbox.path(".")).status();
        assert!(all.is_ok_and(|it| it.success()));
    }
    let changed = |text: &str| {
        sandbox.write(
            "fleet/hosts/file.qg",
            &format!("extend host server {{ file \"/etc/y\" {{ text = \"{text}\" }} }}\n"),
        );
    };
    // Folders that may not be written to are made so, and go.
    for folder in ["fleet/build/hosts/other", "fleet/build/hosts", "fleet/build"] {
        set(&sandbox.path(folder), 0o555);
    }
    changed("one");
    let ran = run(&["compile", "fleet"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(sandbox.read("fleet/build/hosts/server/files/etc/y"), "one");
    changed("two");
    assert_eq!(run(&["compile", "fleet"]).code, Some(0));
    if root {
        // Those of another account stay, whole, and nothing lies beside them.
        chown(sandbox.path("fleet/build/hosts/other"), Some(0), Some(0)).expect("given away");
        set(&sandbox.path("fleet/build/hosts/other"), 0o755);
        let before = sandbox.tree("fleet/build");
        changed("three");
        for _ in 0..2 {
            let ran = run(&["compile", "fleet"]);
            assert!(ran.code == Some(2) && ran.err.contains("cannot replace"), "{ran:?}");
            assert_eq!(sandbox.tree("fleet/build"), before);
            assert!(!sandbox.names("fleet").iter().any(|it| it.contains("qgc-")));
        }
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|it| it.stdout.trim_ascii() == b"0")
}
