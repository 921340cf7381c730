//! The REPL as somebody meets it who sits before it: keys in, screen out.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use qg_tests::sitting::{CTRL_C, CTRL_D, CTRL_L, ENTER, ESCAPE, Sitting, TAB, UP};
use tempfile::TempDir;

const QGC: &str = env!("CARGO_BIN_EXE_qgc-under-test");

fn fleet() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let made = Command::new(QGC).args(["init", "fleet"]).current_dir(&folder).output();
    assert!(made.expect("it runs").status.success());
    folder
}

/// A sitting at its first prompt.
fn sit(folder: &Path) -> Sitting {
    let state = folder.join("state");
    let variables = [("XDG_STATE_HOME", state.to_str().expect("UTF-8")), ("NO_COLOR", "1")];
    let sitting = Sitting::start(QGC, &["repl", "fleet"], folder, &variables);
    prompt(&sitting);
    sitting
}

/// Waits until the last line is an empty prompt, with the cursor on it.
fn prompt(sitting: &Sitting) -> String {
    sitting.until("prompt", |screen| {
        let last = screen.lines().rfind(|line| !line.is_empty());
        last == Some("qg>") && sitting.before_cursor().trim_end() == "qg>"
    })
}

/// Types a line on an empty screen, and gives what stands there afterwards.
fn say(sitting: &Sitting, line: &str) -> String {
    sitting.press(CTRL_L);
    sitting.until("empty screen", |screen| screen.trim() == "qg>");
    sitting.press(line);
    sitting.shows(line);
    sitting.press(ENTER);
    let screen = prompt(sitting);
    let answer = screen.lines().skip(1).filter(|line| *line != "qg>");
    answer.map(|line| format!("{line}\n")).collect()
}

#[test]
fn questions_and_commands() {
    let folder = fleet();
    let sitting = sit(folder.path());
    sitting.shows("fleet: 1 hosts, 1 services. :help tells more.");
    assert_eq!(say(&sitting, "service.whoami.about"), "\"Says who asks\"\n");
    assert_eq!(say(&sitting, "service.whoami.on"), "host.server\n");
    assert_eq!(say(&sitting, "let names = [for s in service: s.name]"), "names: [string]\n");
    assert_eq!(say(&sitting, "[for n in names: \"${n}!\"]"), "[\"whoami!\"]\n");
    assert_eq!(say(&sitting, ":type service.whoami.ports"), "{&Port}\n");
    let doc = say(&sitting, ":doc service.whoami.route.web.expose");
    assert_eq!(doc, "expose: Exposure = private\n\nWho can reach it at all.\n");
    assert!(say(&sitting, ":doc fqdn").starts_with("fn fqdn(label: string) -> hostname\n"));
    let why = say(&sitting, ":why service.whoami.route.web.expose");
    assert!(why.starts_with("service.whoami.route.web.expose = lan\n  said "), "{why}");
    assert!(why.contains("fleet/services/whoami.qg:15") && why.contains("lost: "), "{why}");
    let line = say(&sitting, ":why build/hosts/server/quadlet/whoami.container:2");
    assert!(line.contains("Description=Says who asks"), "{line}");
    assert!(line.contains("fleet/services/whoami.qg:4"), "{line}");
    let table = say(&sitting, "[for p in service.whoami.ports: { a = p.host, bb = p.inside }]");
    assert_eq!(table, "   a  bb\n8080  80\n");
    assert!(say(&sitting, ":tpye 1").contains("did you mean `:type`?"));
    assert!(say(&sitting, ":help").contains(":reload"));
    sitting.press(&format!(":quit{ENTER}"));
    assert_eq!(sitting.end(), Some(0));
}

#[test]
fn a_mistake_is_shown_and_the_sitting_goes_on() {
    let folder = fleet();
    let sitting = sit(folder.path());
    let wrong = say(&sitting, "service.whoamy.on");
    for part in ["[QG0407] Error", "<query>:1:9", "did you mean `whoami`?"] {
        assert!(wrong.contains(part), "{wrong}");
    }
    assert!(say(&sitting, "1 +").contains("[QG0101] Error"));
    assert!(say(&sitting, "let for = 1").contains("`for` is no name"));
    assert_eq!(say(&sitting, "1 + 1"), "2\n");
    // A line that is given up, and the end.
    sitting.press("nonsense");
    sitting.shows("nonsense");
    sitting.press(CTRL_C);
    prompt(&sitting);
    sitting.press(CTRL_D);
    assert_eq!(sitting.end(), Some(0));
}

#[test]
fn an_open_bracket_goes_on() {
    let folder = fleet();
    let sitting = sit(folder.path());
    sitting.press(CTRL_L);
    sitting.press(&format!("[1,{ENTER}"));
    sitting.shows("  .");
    sitting.press(&format!("2,{ENTER}]"));
    sitting.until("third line", |screen| screen.matches("  . ").count() == 2);
    sitting.press(ENTER);
    prompt(&sitting);
    sitting.shows("\n[1, 2]\n");
}

#[test]
fn tab_completes_from_the_model() {
    let folder = fleet();
    let sitting = sit(folder.path());
    let typed = |keys: &str, line: &str| {
        sitting.press(keys);
        sitting.until(line, |screen| screen.lines().any(|it| it == format!("qg> {line}")))
    };
    // An entity, a field, a command: the only one that fits.
    typed(&format!("service.who{TAB}"), "service.whoami");
    typed(&format!(".abo{TAB}"), "service.whoami.about");
    sitting.press(ENTER);
    sitting.shows("\"Says who asks\"");
    prompt(&sitting);
    typed(&format!(":ty{TAB}"), ":type");
    typed(&format!(" service.whoami.route.web.exp{TAB}"), ":type service.whoami.route.web.expose");
    sitting.press(CTRL_C);
    prompt(&sitting);
    // Several: a list, with what each is.
    sitting.press(&format!("service.whoami.route.web.{TAB}"));
    let list = sitting.shows("pass_host");
    assert!(list.contains("expose: Exposure = private"), "{list}");
    sitting.press(ESCAPE);
    sitting.until("closed list", |screen| !screen.contains("pass_host"));
    sitting.press(CTRL_C);
    prompt(&sitting);
    // What was bound here, and its fields.
    say(&sitting, "let treasure = { first = 1, second = 2 }");
    typed(&format!("trea{TAB}"), "treasure");
    typed(&format!(".fi{TAB}"), "treasure.first");
}

#[test]
fn what_was_asked_is_there_the_next_time() {
    let folder = fleet();
    let sitting = sit(folder.path());
    say(&sitting, "1 + 2");
    say(&sitting, "3 + 4");
    sitting.press(&format!("{UP}{UP}"));
    sitting.until("first question", |screen| screen.lines().any(|it| it == "qg> 1 + 2"));
    sitting.press(ENTER);
    prompt(&sitting);
    sitting.press(CTRL_D);
    assert_eq!(sitting.end(), Some(0));
    assert!(folder.path().join("state/qgc/history").is_file());
    let next = sit(folder.path());
    next.press(UP);
    next.until("last question", |screen| screen.lines().any(|it| it == "qg> 1 + 2"));
}

#[test]
fn reload_reads_what_changed_and_keeps_what_was_bound() {
    let folder = fleet();
    let file = folder.path().join("fleet/services/whoami.qg");
    let before = fs::read_to_string(&file).expect("the file");
    let sitting = sit(folder.path());
    say(&sitting, "let words = service.whoami.about");
    fs::write(&file, before.replace("Says who asks", "Tells who asked")).expect("a change");
    assert_eq!(say(&sitting, "words"), "\"Says who asks\"\n");
    assert_eq!(say(&sitting, ":reload"), "The sources were read again.\n");
    assert_eq!(say(&sitting, "words"), "\"Tells who asked\"\n");
    // A mistake in the sources is shown as by `check`; what does not depend on it is still known.
    fs::write(&file, before.replace("expose = lan", "expose = lam")).expect("a mistake");
    let shown = say(&sitting, ":reload");
    assert!(shown.contains("Error") && shown.contains("fleet/services/whoami.qg:15"), "{shown}");
    assert_eq!(say(&sitting, "service.whoami.ports.web.host"), "8080\n");
    assert!(say(&sitting, "service.whoami.route.web.expose").contains("is unknown"));
}

#[test]
fn without_a_terminal_lines_are_read_plainly() {
    let folder = fleet();
    let ask_bytes = |text: &[u8]| {
        let mut child = Command::new(QGC)
            .args(["repl", "fleet"])
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(text).expect("it reads");
        drop(input);
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let ask = |text: &str| ask_bytes(text.as_bytes());
    assert_eq!(ask("service.whoami.on\n"), (Some(0), "host.server\n".to_owned(), String::new()));
    let (code, out, err) = ask("let x = [1,\n2]\nx\nservice.nobody\n1");
    assert_eq!((code, out.as_str()), (Some(1), "x: [int]\n[1, 2]\n1\n"), "{err}");
    assert!(err.contains("QG0407"), "{err}");
    let (_, out, _) = ask(":quit\n1\n");
    assert_eq!(out, "");
    // What is no text is told, and what comes after it is answered.
    let (code, out, err) = ask_bytes(b"1\n\xff\xfe\x00[\n2\n[3,\n\x80\n4\n");
    assert_eq!((code, out.as_str()), (Some(1), "1\n2\n4\n"), "{err}");
    for line in ["line 2 is not text in UTF-8", "line 5 is not text in UTF-8"] {
        assert!(err.contains(line), "{err}");
    }
    let mut long = vec![b'x'; 5 << 20];
    long.extend(b"\n5\n");
    let (code, out, err) = ask_bytes(&long);
    assert_eq!((code, out.as_str()), (Some(1), "5\n"), "{err}");
    assert!(err.contains("line 1 is longer than 1 MiB"), "{err}");
}
