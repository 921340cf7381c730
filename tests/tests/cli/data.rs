//! Data beside the sources: who said what stands in it.

use crate::sandbox::Sandbox;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("fleet/qg.toml", "[fleet]\nsources = [\"hosts\"]\n");
    sandbox.write(
        "fleet/hosts/fleet.qg",
        "import ./data/machines.yaml as machines: {Machine}\n\
         schema Machine { address: address, about: string = \"\" }\n\
         for name, m in machines { host \"${name}\" {\n\
         system = x86_64_linux, state_version = \"25.05\", address = m.address, file \"/etc/about\" { text = m.about } } }\n",
    );
    sandbox.write(
        "fleet/hosts/data/machines.yaml",
        "alpha:\n  address: 10.0.0.1\n  about: the first\nbeta: {address: 10.0.0.2}\n",
    );
    sandbox
}

#[test]
fn whoever_asks_is_led_into_the_file() {
    let sandbox = sandbox();
    let ran = sandbox.qgc(&["compile", "fleet"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(sandbox.read("fleet/build/hosts/alpha/files/etc/about"), "the first");
    assert!(sandbox.read("fleet/build/manifest.json").contains("hosts/data/machines.yaml"));
    let ran = sandbox.qgc(&["why", "host.beta.address", "fleet"]);
    assert!(ran.out.contains("fleet/hosts/data/machines.yaml:4"), "{ran:?}");
    let ran = sandbox.qgc(&["why", "fleet/build/hosts/alpha/files/etc/about:1"]);
    assert!(ran.out.contains("machines.yaml:3"), "{ran:?}");
}

#[test]
fn mistakes_are_told_in_the_file_in_every_format() {
    let sandbox = sandbox();
    sandbox.write("fleet/hosts/data/machines.yaml", "ä: {address: ü, abuot: x}\n");
    for format in ["human", "short", "json", "sarif", "github"] {
        let ran = sandbox.qgc(&["check", "fleet", "--format", format]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        for word in ["machines.yaml", "abuot", "is not an `address`"] {
            assert!(ran.out.contains(word), "{format}: {word}: {ran:?}");
        }
    }
    let ran = sandbox.qgc(&["check", "fleet", "--format", "short"]);
    assert!(ran.out.contains("machines.yaml:1:14") && ran.out.contains("machines.yaml:1:17"));
}

#[test]
fn what_lies_in_place_of_data_is_told() {
    let sandbox = sandbox();
    let path = sandbox.path("fleet/hosts/data/machines.yaml");
    let told = |why: &str| {
        let ran = sandbox.qgc(&["check", "fleet"]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.out.contains("QG0220") && ran.out.contains(why), "{why}: {ran:?}");
    };
    std::fs::write(&path, b"a: \xff\n").expect("written");
    told("is not text in UTF-8: line 1");
    std::fs::write(&path, "#".repeat(5 << 20)).expect("written");
    told("has more than 4 MiB");
    std::fs::remove_file(&path).expect("removed");
    told("there is no file `hosts/data/machines.yaml`");
    std::fs::create_dir(&path).expect("made");
    told("it is not a file");
}

#[test]
fn data_counts_as_source() {
    let sandbox = sandbox();
    let limit = sandbox.read("fleet/hosts/fleet.qg").len() + 10;
    let manifest = format!("[fleet]\nsources = [\"hosts\"]\n[limits]\nsources = \"{limit}B\"\n");
    sandbox.write("fleet/qg.toml", &manifest);
    let ran = sandbox.qgc(&["check", "fleet"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains(&format!("come to more than {limit} bytes")), "{ran:?}");
}

#[test]
fn a_table_tells_the_line_and_gets_no_words_of_the_language() {
    let sandbox = Sandbox::empty();
    sandbox.write("fleet/qg.toml", "");
    sandbox.write("fleet/rows.csv", "k,v\na,1\nb,2\n");
    sandbox.write(
        "fleet/fleet.qg",
        "import ./rows.csv as rows: {Row}\nschema Row { v: int }\n\
         extend schema Model { g: {G} = {} }\nschema G { rows: {Row} = {} }\n\
         g a { rows = rows }\n",
    );
    let ran = sandbox.qgc(&["why", "g.a.rows.b.v", "fleet"]);
    assert!(ran.out.contains("rows.csv:3"), "{ran:?}");
    sandbox.write("fleet/more.qg", "extend g a { rows.b.v = 8 }\n");
    let ran = sandbox.qgc(&["check", "fleet", "--format", "json"]);
    assert!(ran.out.contains("QG0401"), "{ran:?}");
    let findings: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let text = findings.to_string();
    for fix in text.split("\"edits\"").skip(1) {
        let edits = fix.split(']').next().unwrap_or_default();
        assert!(!edits.contains("rows.csv"), "{edits}");
    }
}
