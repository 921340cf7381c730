//! A small fleet on disk, and an editor for it.

use std::fs;
use std::path::Path;

use qg_tests::editor::Editor;
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const MANIFEST: &str = "[fleet]\nsources = [\"hosts\", \"services\"]\n";

pub(crate) const HOST: &str = include_str!("../../nvim/fleet/server.qg");

pub(crate) const WIKI: &str = include_str!("../../nvim/fleet/wiki.qg");

pub(crate) const LINKS: &str = include_str!("../../nvim/fleet/links.qg");

pub(crate) struct Fleet {
    pub(crate) folder: TempDir,
}

impl Fleet {
    pub(crate) fn new() -> Fleet {
        let fleet = Fleet { folder: tempfile::tempdir().unwrap() };
        fleet.write("qg.toml", MANIFEST);
        fleet.write("hosts/server.qg", HOST);
        fleet.write("services/wiki.qg", WIKI);
        fleet.write("services/links.qg", LINKS);
        fleet
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn edit(&self) -> Editor {
        self.edit_in("utf-16")
    }

    pub(crate) fn edit_in(&self, encoding: &str) -> Editor {
        Editor::start(program(), self.folder.path(), encoding)
    }
}

pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_qgc-under-test"))
}

/// `QG0201 3:9-3:14` of a finding, lines and columns from 0.
pub(crate) fn place(finding: &Value) -> String {
    let of = |end: &str| {
        let position = &finding["range"][end];
        format!("{}:{}", position["line"], position["character"])
    };
    format!("{} {}-{}", finding["code"].as_str().unwrap_or("?"), of("start"), of("end"))
}

pub(crate) fn places(findings: &[Value]) -> Vec<String> {
    findings.iter().map(place).collect()
}
