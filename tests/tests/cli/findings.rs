//! How findings are shown.

use serde_json::Value;

use crate::sandbox::Sandbox;

/// A mistake behind letters of two bytes: `frobnicate` stands in column 34.
const BAD: &str = "service bad { about = \"äöüßéèê\", frobnicate = 1 }\n";

#[test]
fn short_human_json_sarif_and_github_name_one_place() {
    let sandbox = Sandbox::fleet_with("fleet/services/bad.qg", BAD);
    let show = |format: &str| {
        let ran = sandbox.qgc(&["check", "fleet", "--format", format]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.err.starts_with("1 error, "), "{ran:?}");
        ran.out
    };
    let column = BAD.chars().position(|it| it == 'f').expect("there") + 1;
    assert_eq!(column, 34);
    let short = show("short");
    let code = short.split(['[', ']']).nth(1).expect("a code").to_owned();
    assert!(short.starts_with(&format!("fleet/services/bad.qg:1:{column}: error[{code}] ")));

    let human = show("human");
    assert!(human.contains(&format!("fleet/services/bad.qg:1:{column}")), "{human}");
    assert!(human.contains(&format!("[{code}] Error: ")), "{human}");

    let json: Value = serde_json::from_str(&show("json")).expect("one object");
    assert_eq!((&json["code"], &json["severity"]), (&Value::from(code.as_str()), &"error".into()));
    assert_eq!(json["start"]["column"], column);
    assert_eq!(json["start"]["byte"], BAD.find("frob").expect("there"));

    let sarif: Value = serde_json::from_str(&show("sarif")).expect("one object");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], code.as_str());
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "fleet/services/bad.qg");
    assert_eq!(place["region"]["startColumn"], column);

    let github = show("github");
    let start = format!("::error file=fleet/services/bad.qg,line=1,col={column},endLine=1,");
    assert!(github.starts_with(&start), "{github}");
}

/// The arrow of the human report stands under the place, whatever letters come before it.
#[test]
fn arrows_stand_where_they_belong() {
    let sandbox = Sandbox::fleet_with("fleet/services/bad.qg", BAD);
    let shown = sandbox.qgc(&["check", "fleet"]).out;
    let lines: Vec<&str> = shown.lines().collect();
    let at = lines.iter().position(|line| line.contains("frobnicate = 1")).expect("the source");
    let column = lines[at].chars().collect::<String>();
    let column = column.split("frobnicate").next().expect("before").chars().count();
    let under: Vec<char> = lines[at + 1].chars().collect();
    let arrow = under.iter().position(|it| *it == '─' || *it == '┬');
    assert_eq!(arrow, Some(column), "{shown}");
}

/// What the library makes of a label is shown at the label, and where the library wants it beside.
#[test]
fn a_mistake_that_the_library_meets_is_shown_where_it_was_made() {
    let label = "x".repeat(70);
    let text = format!(
        "service long {{ on = host.box, ports.web = 80, route web {{ host = \"{label}\", to = ports.web }} }}\n"
    );
    let sandbox = Sandbox::fleet_with("fleet/services/long.qg", &text);
    let column = text.find("host = ").expect("there") + 1;
    let ran = sandbox.qgc(&["check", "fleet", "--format", "short"]);
    let wanted = format!("fleet/services/long.qg:1:{column}: error[QG0409] ");
    assert!(ran.out.lines().any(|line| line.starts_with(&wanted)), "{ran:?}");
    let shown = sandbox.qgc(&["check", "fleet"]).out;
    assert!(shown.contains("[ <std>/route.qg:") && shown.contains("it is wanted here"), "{shown}");
}

#[test]
fn several_mistakes_are_several_findings() {
    let sandbox = Sandbox::fleet();
    let text: String = (0..5).map(|it| format!("service bad{it} {{ frob{it} = 1 }}\n")).collect();
    sandbox.write("fleet/services/bad.qg", &text);
    let ran = sandbox.qgc(&["check", "fleet", "--format", "json"]);
    let lines: Vec<u64> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("an object per line"))
        .map(|finding| finding["start"]["line"].as_u64().expect("a line"))
        .collect();
    assert_eq!(lines, [1, 2, 3, 4, 5]);
}

#[test]
fn formats_say_nothing_of_a_clean_fleet() {
    let sandbox = Sandbox::fleet();
    for format in ["human", "short", "json", "github"] {
        let ran = sandbox.qgc(&["check", "fleet", "--format", format]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{format}: {ran:?}");
    }
    let ran = sandbox.qgc(&["check", "fleet", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&ran.out).expect("a log");
    assert_eq!(log["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn colours_are_only_for_those_who_want_them() {
    let sandbox = Sandbox::fleet_with("fleet/services/bad.qg", BAD);
    let escape = '\u{1b}';
    // Not a terminal.
    assert!(!sandbox.qgc(&["check", "fleet"]).out.contains(escape));
    assert!(sandbox.qgc(&["check", "fleet", "--color", "always"]).out.contains(escape));
    assert!(!sandbox.qgc(&["check", "fleet", "--color", "never"]).out.contains(escape));
    let with = |value: &str, color: &str| {
        let args = ["check", "fleet", "--color", color];
        let output = sandbox.command().env("NO_COLOR", value).args(args).output().expect("runs");
        crate::sandbox::ran(&output).out.contains(escape)
    };
    assert!(!with("1", "auto"));
    assert!(with("1", "always"), "who asks for colours gets them");
    // The program's own failures, on stderr.
    assert!(sandbox.qgc(&["check", "x", "--color", "always"]).err.contains(escape));
    assert!(!sandbox.qgc(&["check", "x"]).err.contains(escape));
}

#[test]
fn bytes_that_are_no_text_are_a_finding() {
    let sandbox = Sandbox::fleet();
    std::fs::write(sandbox.path("fleet/services/bad.qg"), b"# ok\nlet a = \"\xff\xfe\"\n")
        .expect("written");
    let ran = sandbox.qgc(&["check", "fleet", "--format", "short"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.starts_with("fleet/services/bad.qg:2:10: error[QG00"), "{ran:?}");
}

#[test]
fn a_huge_file_is_a_finding() {
    let sandbox = Sandbox::fleet();
    let line = "# nothing but comments, and far too many of them\n";
    sandbox.write("fleet/services/huge.qg", &line.repeat(5 * 1024 * 1024 / line.len()));
    let ran = sandbox.qgc(&["check", "fleet", "--format", "short"]);
    assert_eq!((ran.code, ran.out.lines().count()), (Some(1), 1), "{ran:?}");
    assert!(ran.out.starts_with("fleet/services/huge.qg:1:1: error[QG00"), "{ran:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let sandbox = Sandbox::fleet();
    let text: String = (0..4000).map(|it| format!("service b{it} {{ frob = {it} }}\n")).collect();
    sandbox.write("fleet/services/bad.qg", &text);
    let mut child = sandbox
        .command()
        .args(["check", "fleet", "--format", "json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("runs");
    drop(child.stdout.take());
    let ran = crate::sandbox::ran(&child.wait_with_output().expect("it ends"));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(!ran.err.contains("panicked"), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn cycles_of_links_and_hidden_folders_are_left_out() {
    let sandbox = Sandbox::fleet();
    sandbox.write("fleet/services/.hidden/bad.qg", "service bad { frob = 1 }\n");
    sandbox.write("fleet/services/.bad.qg", "service bad { frob = 1 }\n");
    let folder = sandbox.path("fleet/services");
    std::os::unix::fs::symlink(&folder, folder.join("again")).expect("linked");
    std::os::unix::fs::symlink("nowhere", folder.join("gone")).expect("linked");
    let ran = sandbox.qgc(&["check", "fleet"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.err.contains("2 files"), "{ran:?}");
}

/// Half a million mistakes in one line.
#[test]
fn a_flood_is_cut_and_counted_in_every_format() {
    let text = format!("let a = [{}]\n", "b, ".repeat(100_000));
    let sandbox = Sandbox::fleet_with("fleet/hosts/long.qg", &text);
    for format in ["human", "short", "json", "sarif", "github"] {
        let ran = sandbox.qgc(&["check", "fleet", "--format", format]);
        assert_eq!(ran.code, Some(1));
        assert!(ran.out.len() < 200_000, "{format}: {}", ran.out.len());
        assert!(ran.err.contains("… and 99900 more in fleet/hosts/long.qg"), "{}", ran.err);
        assert!(ran.err.contains("100000 errors"), "{}", ran.err);
        is_told_in_the_data(format, &ran.out);
    }
}

/// What programs read says itself that it was cut.
fn is_told_in_the_data(format: &str, out: &str) {
    let path = "fleet/hosts/long.qg";
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    match format {
        "json" => {
            let lines: Vec<serde_json::Value> = out.lines().map(json).collect();
            let (last, findings) = lines.split_last().expect("lines");
            assert_eq!(last["left_out"], serde_json::json!({ "path": path, "count": 99_900 }));
            assert_eq!(findings.len(), 100);
            assert!(findings.iter().all(|it| it["code"].is_string()));
        }
        "sarif" => {
            let run = &json(out)["runs"][0];
            assert_eq!(run["results"].as_array().map(Vec::len), Some(100));
            let told = &run["invocations"][0];
            assert_eq!(told["executionSuccessful"], true);
            let told = &told["toolExecutionNotifications"][0];
            assert!(told["message"]["text"].as_str().expect("words").starts_with("99900 more"));
            let place = &told["locations"][0]["physicalLocation"]["artifactLocation"];
            assert_eq!(
                (&place["uri"], &told["properties"]["leftOut"]),
                (&path.into(), &99_900.into())
            );
        }
        "github" => {
            let last = out.lines().last().expect("a line");
            let start = format!("::notice file={path},title=findings left out::99900 more");
            assert!(last.starts_with(&start), "{last}");
        }
        _ => assert!(["human", "short"].contains(&format)),
    }
}

/// Where all is shown, nothing is said to be left out.
#[test]
fn whole_reports_say_nothing_of_what_is_left_out() {
    let text = format!("let a = [{}]\n", "b, ".repeat(300));
    let sandbox = Sandbox::fleet_with("fleet/hosts/long.qg", &text);
    for format in ["json", "sarif", "github"] {
        let ran = sandbox.qgc(&["check", "fleet", "--format", format, "--max-findings", "0"]);
        assert_eq!(ran.code, Some(1));
        let count = match format {
            "sarif" => ran.out.matches("\"ruleIndex\"").count(),
            _ => ran.out.lines().count(),
        };
        assert_eq!(count, 300, "{format}");
        for word in ["left_out", "left out", "invocations"] {
            assert!(!ran.out.contains(word), "{format}");
        }
    }
}

/// A warning is told and stands in nobody's way, unless warnings are denied: then nothing is written.
#[test]
fn warnings_are_denied_by_check_and_by_compile() {
    let sandbox = Sandbox::fleet_with("fleet/services/left.qg", "let left = 1\n");
    let found = "fleet/services/left.qg:1:5: warning[QG0231] nothing uses the value `left`\n";
    let run = |args: &[&str]| {
        let ran = sandbox.qgc(&[args, &["--format", "short"]].concat());
        assert_eq!(ran.out, found, "{ran:?}");
        assert!(ran.err.starts_with("1 warning, "), "{ran:?}");
        ran.code
    };
    assert_eq!(run(&["check", "fleet"]), Some(0));
    assert_eq!(run(&["check", "fleet", "--deny-warnings"]), Some(1));
    assert_eq!(run(&["compile", "fleet", "--deny-warnings"]), Some(1));
    assert!(!sandbox.path("fleet/build").exists());
    assert_eq!(run(&["compile", "fleet"]), Some(0));
    assert!(sandbox.path("fleet/build/manifest.json").exists());
}
