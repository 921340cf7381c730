//! Libraries of one's own: folders of sources under a name.

use std::fs;

use crate::sandbox::Sandbox;

const MANIFEST: &str = "[fleet]\nsources = [\"hosts\"]\n\n[libraries]\nhouse = \"../house\"\n";
const FLEET: &str = "import house.net\nimport house.net.greet\n\
    host box { system = x86_64_linux, state_version = \"25.05\" }\n\
    service web { on = host.box, about = greet(\"me\"), ports.web = net.first\n\
    file \"/etc/motd\" { source = net.motd } }\n";
const NET: &str = "import numbers\npub let first = 8000 + numbers.more\npub let motd = ./files/motd\n\
    pub fn greet(who: string) -> string = \"hello ${who}\"\n\
    default host { about = \"of the house\" }\ndefault host { modules = [./files/more.nix] }\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("fleet/qg.toml", MANIFEST);
    sandbox.write("fleet/hosts/box.qg", FLEET);
    sandbox.write("house/net.qg", NET);
    sandbox.write("house/numbers.qg", "pub let more = 80\n");
    sandbox.write("house/files/motd", "welcome\n");
    sandbox.write("house/files/more.nix", "{ }\n");
    sandbox
}

#[test]
fn a_library_is_a_part_of_the_fleet() {
    let sandbox = sandbox();
    let ran = sandbox.qgc(&["compile", "fleet"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(sandbox.read("fleet/build/hosts/box/files/etc/motd"), "welcome\n");
    // What it brings along lies in the host's folder under its name.
    assert_eq!(sandbox.read("fleet/build/hosts/box/modules/house/files/more.nix"), "{ }\n");
    assert!(
        sandbox
            .read("fleet/build/hosts/box/default.nix")
            .contains("./modules/house/files/more.nix")
    );
    assert!(sandbox.read("fleet/build/manifest.json").contains("\"<house>/net.qg\""));
    let ran = sandbox.qgc(&["why", "host.box.about", "fleet"]);
    assert!(ran.out.contains("house/net.qg:5"), "{ran:?}");
    // A mistake in it is told where it lies.
    sandbox.write("house/numbers.qg", "pub let more = mroe\n");
    let ran = sandbox.qgc(&["check", "fleet", "--format", "short"]);
    assert!(ran.out.starts_with("house/numbers.qg:1:16"), "{ran:?}");
    let ran = sandbox.qgc(&["check", "fleet/hosts", "--format", "json"]);
    assert!(ran.out.contains("\"path\":\"house/numbers.qg\""), "{ran:?}");
}

#[test]
fn where_a_library_lies_changes_nothing() {
    let sandbox = sandbox();
    assert_eq!(sandbox.qgc(&["compile", "fleet"]).code, Some(0));
    let before = sandbox.tree("fleet/build");
    fs::rename(sandbox.path("house"), sandbox.path("elsewhere")).expect("moved");
    let ran = sandbox.qgc(&["check", "fleet"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    for word in ["fleet/qg.toml:5:9", "no folder \"../house\"", "--library house=FOLDER"] {
        assert!(ran.err.contains(word), "{word}: {ran:?}");
    }
    let chosen = ["compile", "fleet", "--library", "house=elsewhere"];
    assert_eq!(sandbox.qgc(&chosen).code, Some(0));
    assert_eq!(sandbox.tree("fleet/build"), before);
    // Every command takes it.
    for command in [
        vec!["check", "fleet"],
        vec!["query", "service.web.about", "fleet"],
        vec!["why", "service.web.about", "fleet"],
        vec!["repl", "fleet"],
    ] {
        let ran = sandbox.qgc(&[command.as_slice(), &["--library", "house=elsewhere"]].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
}

#[test]
fn what_can_be_no_library_is_refused() {
    let sandbox = sandbox();
    let refused = |folder: &str, why: &str| {
        let given = format!("house={folder}");
        let ran = sandbox.qgc(&["check", "fleet", "--library", &given]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.replace("\n  │ ", "").contains(why), "{why}: {ran:?}");
    };
    sandbox.write("fleet/hosts/below/x.qg", "");
    fs::create_dir(sandbox.path("empty")).expect("made");
    refused("fleet/hosts/below", "lie in one another");
    refused("fleet", "lie in one another");
    refused("house/net.qg", "there is no folder");
    refused("empty", "there is no .qg file in the library");
    let both = ["check", "fleet", "--library", "more=house/files"];
    let ran = sandbox.qgc(&both);
    assert!(ran.err.contains("lie in one another"), "{ran:?}");
    for wrong in ["house", "=x", "std=house", "a b=house", "house="] {
        let ran = sandbox.qgc(&["check", "fleet", "--library", wrong]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains("--library"), "{ran:?}");
    }
    // A folder of that name would be meant as well.
    sandbox.write("fleet/qg.toml", &MANIFEST.replace("[\"hosts\"]", "[\"hosts\", \"house\"]"));
    sandbox.write("fleet/house/net.qg", "");
    let ran = sandbox.qgc(&["check", "fleet"]);
    assert!(ran.err.contains("is called like \"house\" of the fleet"), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn nothing_leads_out_of_a_library() {
    let sandbox = sandbox();
    sandbox.write("outside", "secret\n");
    fs::remove_file(sandbox.path("house/files/motd")).expect("removed");
    std::os::unix::fs::symlink(sandbox.path("outside"), sandbox.path("house/files/motd"))
        .expect("linked");
    let ran = sandbox.qgc(&["check", "fleet"]);
    assert!(ran.out.contains("QG0620"), "{ran:?}");
    sandbox.write("house/odd.qg", "let f = ./../outside\n");
    let ran = sandbox.qgc(&["check", "fleet"]);
    assert!(ran.out.contains("leaves the folder of the library `house`"), "{ran:?}");
}
