use std::fs;
use std::path::Path;

use qg_interpreter::fleet::origin::Origins;
use qg_interpreter::manifest;
use qg_interpreter::targets::OutputFile;
use qg_lang::source::SourceMap;
use tempfile::TempDir;

use super::Output;
use super::plan::Change;
use super::tree::FolderTree;

fn tree(files: &[(&str, &str)]) -> FolderTree {
    let mut tree = FolderTree::default();
    for (path, text) in files {
        tree.add(path, text.as_bytes().to_vec()).expect("a sound path");
    }
    let file = |(path, text): &(&str, &str)| OutputFile {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
        lines: vec![Vec::new(); text.lines().count()],
        ..OutputFile::default()
    };
    let files: Vec<OutputFile> = files.iter().map(file).collect();
    let manifest = manifest::build(&files, &Origins::default(), &SourceMap::default());
    tree.add(manifest::NAME, manifest.to_text().into_bytes()).expect("a sound path");
    tree
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    let output = Output::open(folder).expect("open");
    let lock = output.lock().expect("lock");
    output.write(&tree(files), &lock).expect("write");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_run_replaces_everything_and_leaves_nothing_beside() {
    let temp = TempDir::new().expect("a folder");
    let folder = temp.path().join("deep/build");
    write(&folder, &[("hosts/a/x", "1"), ("hosts/b/y", "1")]);
    write(&folder, &[("hosts/a/x", "2"), ("z", "1")]);
    assert_eq!(names(&folder), ["hosts", "manifest.json", "z"]);
    assert_eq!(names(&folder.join("hosts")), ["a"]);
    assert_eq!(fs::read_to_string(folder.join("hosts/a/x")).expect("read"), "2");
    assert_eq!(names(&temp.path().join("deep")), ["build"]);
}

#[test]
fn a_plan_names_what_differs() {
    let temp = TempDir::new().expect("a folder");
    let folder = temp.path().join("build");
    write(&folder, &[("a", "1"), ("b", "1"), ("d/e", "1")]);
    fs::create_dir(folder.join("empty")).expect("made");
    let plan = |files: &[(&str, &str)]| {
        Output::open(&folder).and_then(|it| it.plan(&tree(files))).expect("plan")
    };
    let changes = plan(&[("a", "1"), ("b", "2"), ("c", "1")]).changes;
    let changes: Vec<(&str, Change)> =
        changes.iter().map(|(it, how)| (it.as_str(), *how)).collect();
    assert_eq!(
        changes,
        [
            ("b", Change::Changed),
            ("c", Change::Added),
            ("d/e", Change::Removed),
            ("empty/", Change::Removed),
            ("manifest.json", Change::Changed)
        ]
    );
    fs::remove_dir(folder.join("empty")).expect("removed");
    assert!(plan(&[("a", "1"), ("b", "1"), ("d/e", "1")]).is_empty());
}

#[test]
fn what_others_wrote_is_never_replaced() {
    let temp = TempDir::new().expect("a folder");
    let folder = temp.path().join("build");
    let refused = || {
        let output = Output::open(&folder).expect("open");
        output.lock().expect_err("refused").render(false)
    };
    fs::create_dir(&folder).expect("made");
    Output::open(&folder).and_then(|it| it.lock()).expect("an empty folder may be used");
    fs::write(folder.join("mine"), "x").expect("written");
    assert!(refused().contains("did not write"));
    fs::write(folder.join("manifest.json"), "{\"name\": \"a web app\"}").expect("written");
    assert!(refused().contains("did not write"));
    fs::remove_dir_all(&folder).expect("removed");
    fs::write(&folder, "a file").expect("written");
    assert!(refused().contains("is not a folder"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let temp = TempDir::new().expect("a folder");
    let elsewhere = temp.path().join("elsewhere");
    write(&elsewhere, &[("a", "1")]);
    let folder = temp.path().join("build");
    std::os::unix::fs::symlink(&elsewhere, &folder).expect("linked");
    let failure = Output::open(&folder).expect("open").lock().expect_err("refused");
    assert!(failure.render(false).contains("is not a folder"));

    // A link that lies where a run writes is removed, not followed.
    fs::remove_file(&folder).expect("removed");
    std::os::unix::fs::symlink(&elsewhere, temp.path().join(".build.qgc-new")).expect("linked");
    write(&folder, &[("b", "1")]);
    assert_eq!(names(&elsewhere), ["a", "manifest.json"]);
    assert_eq!(names(&folder), ["b", "manifest.json"]);
}

#[test]
fn two_runs_at_once_are_one_too_many() {
    let temp = TempDir::new().expect("a folder");
    let output = Output::open(&temp.path().join("build")).expect("open");
    let lock = output.lock().expect("free");
    assert!(output.lock().expect_err("taken").render(false).contains("another qgc"));
    drop(lock);
    output.lock().expect("free again");
    assert!(names(temp.path()).is_empty());
}

#[test]
fn what_killed_runs_left_is_tidied() {
    let temp = TempDir::new().expect("a folder");
    let folder = temp.path().join("build");
    write(&folder, &[("a", "1")]);
    // Killed between the two steps of a swap, with a half-written new folder.
    fs::rename(&folder, temp.path().join(".build.qgc-old")).expect("moved");
    fs::create_dir(temp.path().join(".build.qgc-new")).expect("made");
    fs::write(temp.path().join(".build.qgc-new/half"), "x").expect("written");
    let output = Output::open(&folder).expect("open");
    drop(output.lock().expect("lock"));
    assert_eq!(names(temp.path()), ["build"]);
    assert_eq!(names(&folder), ["a", "manifest.json"]);
}

#[test]
fn a_run_that_fails_leaves_the_old_output() {
    let temp = TempDir::new().expect("a folder");
    let folder = temp.path().join("build");
    write(&folder, &[("a", "1")]);
    let output = Output::open(&folder).expect("open");
    let lock = output.lock().expect("lock");
    // A name longer than the system takes fails in the middle of writing.
    let long = "x".repeat(300);
    output.write(&tree(&[("b", "2"), (&long, "2")]), &lock).expect_err("too long a name");
    drop(lock);
    assert_eq!(names(&folder), ["a", "manifest.json"]);
    assert_eq!(names(temp.path()), ["build"]);
}
