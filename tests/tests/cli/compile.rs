//! What `qgc compile` does to the output folder.

use std::fs;

use qg_interpreter::manifest::{Manifest, sha256};

use crate::sandbox::Sandbox;

#[test]
fn compile_writes_files_and_a_manifest_that_knows_them() {
    let sandbox = Sandbox::fleet();
    let ran = sandbox.qgc(&["compile", "fleet"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.err.contains("fleet/build: ") && ran.err.contains(" added"), "{ran:?}");
    let mut tree = sandbox.tree("fleet/build");
    let manifest = tree.remove("manifest.json").expect("a manifest");
    let manifest = String::from_utf8(manifest).expect("UTF-8");
    let manifest = Manifest::parse(&manifest).expect("a manifest of this version");
    assert!(tree.contains_key("hosts/server/default.nix"), "{:?}", tree.keys());
    assert_eq!(tree.keys().collect::<Vec<_>>(), manifest.files.keys().collect::<Vec<_>>());
    let mut with_origin = 0;
    for (path, bytes) in &tree {
        let entry = &manifest.files[path];
        assert_eq!(entry.sha256, sha256(bytes), "{path}");
        let lines = String::from_utf8_lossy(bytes).lines().count();
        assert_eq!(entry.lines.len(), lines, "{path}");
        with_origin += entry.lines.iter().filter(|line| !line.is_empty()).count();
        for row in entry.lines.iter().flatten() {
            assert!((*row as usize) < manifest.origins.len(), "{path}");
        }
    }
    assert!(with_origin > 10, "only {with_origin} lines have an origin");
    assert!(manifest.sources.contains(&"services/whoami.qg".to_owned()));
    // Nothing is left beside the output.
    assert_eq!(sandbox.names("fleet"), [".gitignore", "build", "hosts", "qg.toml", "services"]);
}

#[test]
fn two_runs_give_the_same_bytes() {
    let sandbox = Sandbox::fleet();
    assert_eq!(sandbox.qgc(&["compile", "fleet", "--out", "a"]).code, Some(0));
    // The order in which files come from the disk, and where the fleet lies, must not matter.
    fs::rename(sandbox.path("fleet"), sandbox.path("moved")).expect("moved");
    for name in ["moved/services/whoami.qg", "moved/hosts/server.qg"] {
        let text = sandbox.read(name);
        fs::remove_file(sandbox.path(name)).expect("removed");
        sandbox.write(name, &text);
    }
    assert_eq!(sandbox.qgc(&["compile", "moved", "--out", "b"]).code, Some(0));
    assert_eq!(sandbox.tree("a"), sandbox.tree("b"));
}

#[test]
fn an_output_that_is_right_already_is_not_touched() {
    let sandbox = Sandbox::fleet();
    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    let time = |sandbox: &Sandbox| {
        fs::metadata(sandbox.path("fleet/build/manifest.json")).and_then(|it| it.modified()).ok()
    };
    let before = time(&sandbox);
    let ran = sandbox.qgc(&["compile", "fleet"]);
    assert!(ran.err.contains("nothing changed"), "{ran:?}");
    assert_eq!(time(&sandbox), before);
}

#[test]
fn a_broken_fleet_leaves_the_old_output() {
    let sandbox = Sandbox::fleet();
    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    let before = sandbox.tree("fleet/build");
    sandbox.write("fleet/services/bad.qg", "service bad { frob = 1 }\n");
    let ran = sandbox.qgc(&["compile", "fleet"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("nothing was written"), "{ran:?}");
    assert_eq!(sandbox.tree("fleet/build"), before);

    let never = Sandbox::fleet_with("fleet/services/bad.qg", "service bad { frob = 1 }\n");
    assert_eq!(never.qgc(&["compile", "fleet"]).code, Some(1));
    assert!(!never.path("fleet/build").exists());
}

#[test]
fn stale_files_go() {
    let sandbox = Sandbox::fleet();
    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    assert!(sandbox.path("fleet/build/hosts/server").exists());
    for path in ["fleet/hosts/server.qg", "fleet/services/whoami.qg"] {
        let text = sandbox.read(path).replace("host server ", "host other ");
        sandbox.write(path, &text.replace("host.server", "host.other"));
    }
    let ran = sandbox.qgc(&["compile", "fleet"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.err.contains(" removed"), "{ran:?}");
    assert_eq!(sandbox.names("fleet/build/hosts"), ["other"]);
}

#[test]
fn dry_run_says_what_would_change_and_changes_nothing() {
    let sandbox = Sandbox::fleet();
    let ran = sandbox.qgc(&["compile", "fleet", "--dry-run"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("added    hosts/server/default.nix\n"), "{ran:?}");
    assert!(ran.err.contains("(dry run)"), "{ran:?}");
    assert_eq!(sandbox.names("fleet"), [".gitignore", "hosts", "qg.toml", "services"]);

    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    let before = sandbox.tree("fleet/build");
    let text = sandbox.read("fleet/services/whoami.qg").replace("v1.11.0", "v1.10.4");
    sandbox.write("fleet/services/whoami.qg", &text);
    let ran = sandbox.qgc(&["compile", "fleet", "--dry-run", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let changes: Vec<serde_json::Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let quadlet = |it: &serde_json::Value| {
        it["path"].as_str().is_some_and(|path| path.ends_with("/whoami.container"))
    };
    let change = changes.iter().find(|it| quadlet(it)).expect("the container's file");
    assert_eq!(change["change"], "changed");
    assert_eq!(sandbox.tree("fleet/build"), before);
}

#[test]
fn one_host_leaves_the_others_as_they_were() {
    let sandbox = Sandbox::fleet();
    let host = |about: &str| {
        format!(
            "host second {{ about = \"{about}\", system = x86_64_linux, state_version = \"25.05\", file \"/etc/about\" {{ text = \"{about}\" }} }}\n"
        )
    };
    let first = |about: &str| {
        format!("extend host server {{ file \"/etc/about\" {{ text = \"{about}\" }} }}\n")
    };
    sandbox.write("fleet/hosts/second.qg", &host("old"));
    sandbox.write("fleet/hosts/first.qg", &first("old"));
    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    let old = sandbox.tree("fleet/build/hosts");

    sandbox.write("fleet/hosts/second.qg", &host("new"));
    sandbox.write("fleet/hosts/first.qg", &first("new"));
    let ran = sandbox.qgc(&["compile", "fleet", "--host", "second"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let new = sandbox.tree("fleet/build/hosts");
    let of = |tree: &std::collections::BTreeMap<String, Vec<u8>>, host: &str| {
        tree.iter()
            .filter(|(path, _)| path.starts_with(host))
            .map(|(path, bytes)| (path.clone(), bytes.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&old, "server/"), of(&new, "server/"));
    assert_ne!(of(&old, "second/"), of(&new, "second/"));
    // The manifest still knows every file and every line's origin.
    let manifest = Manifest::parse(&sandbox.read("fleet/build/manifest.json")).expect("a manifest");
    let mut on_disk = sandbox.tree("fleet/build");
    on_disk.remove("manifest.json");
    assert_eq!(on_disk.keys().collect::<Vec<_>>(), manifest.files.keys().collect::<Vec<_>>());
    for (path, bytes) in &on_disk {
        assert_eq!(manifest.files[path].sha256, sha256(bytes), "{path}");
    }

    // Both hosts named is the same as none named.
    let both = ["compile", "fleet", "--host", "second", "--host", "server"];
    assert_eq!(sandbox.qgc(&both).code, Some(0));
    let ran = sandbox.qgc(&["compile", "fleet", "--dry-run"]);
    assert!(ran.err.contains("nothing changed"), "{ran:?}");

    let wrong = sandbox.qgc(&["compile", "fleet", "--host", "secnod"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("did you mean `second`?"), "{wrong:?}");
}

/// With `--host` nothing of another host is made, removed or written over: not what was changed by hand, not what was
/// taken out of the fleet meanwhile. It is said.
#[test]
fn one_host_says_what_it_leaves_of_others() {
    let host = |name: &str| {
        format!(
            "host {name} {{ system = x86_64_linux, state_version = \"25.05\", file \"/etc/x\" {{ text = \"x\" }} }}\n"
        )
    };
    let sandbox = Sandbox::fleet_with("fleet/hosts/gone.qg", &host("gone"));
    sandbox.write("fleet/hosts/edited.qg", &host("edited"));
    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    std::fs::remove_file(sandbox.path("fleet/hosts/gone.qg")).expect("removed");
    sandbox.write("fleet/build/hosts/edited/files/etc/x", "by hand\n");
    std::fs::remove_file(sandbox.path("fleet/build/hosts/edited/default.nix")).expect("removed");
    let others = |sandbox: &Sandbox| {
        let mut all = sandbox.tree("fleet/build/hosts");
        all.retain(|path, _| !path.starts_with("server/"));
        all
    };
    let before = others(&sandbox);
    let run = ["compile", "fleet", "--host", "server"];
    for args in
        [vec!["compile", "fleet", "--host", "server", "--dry-run"], run.to_vec(), run.to_vec()]
    {
        let ran = sandbox.qgc(&args);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(others(&sandbox), before);
        let left: Vec<&str> =
            ran.err.lines().filter(|it| it.starts_with("left as it is: ")).collect();
        assert_eq!(left.len(), 2, "{ran:?}");
        assert!(left[0].contains("build/hosts/gone: there is no host.gone any more"), "{left:?}");
        assert!(left[1].contains("build/hosts/edited/files/etc/x: it was changed"), "{left:?}");
    }
    // The manifest still knows what was written, so that nothing of it is taken for somebody else's later.
    let ran = sandbox.qgc(&["compile", "fleet"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(!ran.err.contains("left as it is"), "{ran:?}");
    assert!(!sandbox.path("fleet/build/hosts/gone").exists());
    assert_eq!(sandbox.read("fleet/build/hosts/edited/files/etc/x"), "x");
}

#[test]
fn a_folder_of_others_is_not_replaced() {
    let sandbox = Sandbox::fleet();
    sandbox.write("fleet/build/precious", "mine");
    for args in [vec!["compile", "fleet"], vec!["compile", "fleet", "--dry-run"]] {
        let ran = sandbox.qgc(&args);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains("did not write") && ran.err.contains("--out"), "{ran:?}");
    }
    assert_eq!(sandbox.names("fleet/build"), ["precious"]);
    assert_eq!(sandbox.qgc(&["compile", "fleet", "--out", "elsewhere/deep"]).code, Some(0));
    assert!(sandbox.path("elsewhere/deep/manifest.json").exists());
}

#[cfg(unix)]
#[test]
fn a_link_is_not_an_output_folder() {
    let sandbox = Sandbox::fleet();
    fs::create_dir(sandbox.path("real")).expect("made");
    std::os::unix::fs::symlink(sandbox.path("real"), sandbox.path("fleet/build")).expect("linked");
    let ran = sandbox.qgc(&["compile", "fleet"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(sandbox.names("real").is_empty());
}

#[test]
fn the_manifest_of_the_fleet_says_where_the_output_goes() {
    let sandbox = Sandbox::fleet();
    let text = sandbox.read("fleet/qg.toml").replace("\"build\"", "\"made/here\"");
    sandbox.write("fleet/qg.toml", &text);
    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    assert!(sandbox.path("fleet/made/here/manifest.json").exists());
}
