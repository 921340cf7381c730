//! The files of hosts and services: `hosts/H/files/PATH`.
//!
//! A secret in one is a mark, `@QG_SECRET_NAME@`, that is replaced on the host ([`super::sealed`]).

mod marks;

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::leaf::{At, Data, EntityPath, OriginId, Sealed, SealedPart};
use qg_fleet::leaves::{LeafValue, each};
use qg_fleet::service::File;
use qg_fleet::url::UrlPart;
use qg_formats::yaml::{self, Style};
use qg_formats::{Document, Seal, Tree, TreeNode, TreePiece, ini, json, tera, toml};

use super::made::Made;
use super::sealed::{mark, named, prefix};
use super::{OutputFile, Target};
use crate::Prepared;

pub const TARGET: Target = Target { name: "files", files: render, checks: &[] };

/// What is wrong with a file, and who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No content, or two.
    Content(Vec<OriginId>, String),
    /// The template cannot be filled in; Tera's own words.
    Template(OriginId, String),
    /// The format cannot hold a value.
    Format(Vec<OriginId>, String),
    /// The template makes something of a secret besides writing it: in this line of what it gives.
    Secret { template: OriginId, values: OriginId, line: usize },
}

fn render(fleet: &Prepared<'_>) -> Vec<OutputFile> {
    let mut files = Made::default();
    for file in fleet.host_files() {
        // What cannot be written is refused by a check.
        if let Ok(document) = content(fleet, file.file) {
            files.put(file.output(), document);
        }
    }
    files.below("hosts")
}

/// The text of a file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn content(fleet: &Prepared<'_>, file: &At<File>) -> Result<Document, Vec<Problem>> {
    let marks = fleet.secret_variables();
    let prefix = mark_prefix(fleet, file);
    let seal = |path: &EntityPath, part| TreePiece::Code(mark(&named(marks, &prefix, path, part)));
    one_content(file)?;
    if let Some(data) = &file.yaml {
        sound(data)?;
        Ok(yaml::write(&Tree::data(data, &seal), &[], Style::default()))
    } else if let Some(data) = &file.json {
        sound(data)?;
        let tree = Tree::data(data, &seal);
        let mut problems = Vec::new();
        numbers(&tree, &mut problems);
        if problems.is_empty() { Ok(json::write(&tree)) } else { Err(problems) }
    } else if let Some(data) = &file.toml {
        sound(data)?;
        let tree = Tree::data(data, &seal);
        if matches!(tree.node, TreeNode::Map(_)) {
            Ok(toml::write(&tree))
        } else {
            Err(vec![Problem::Format(tree.origins, "a TOML file is a record".to_owned())])
        }
    } else if let Some(data) = &file.ini {
        sound(data)?;
        let tree = Tree::data(data, &seal);
        let problems = ini::problems(&tree);
        if problems.is_empty() {
            return Ok(ini::write(&tree));
        }
        Err(problems.into_iter().map(|(origins, why)| Problem::Format(origins, why)).collect())
    } else if let Some(text) = &file.text {
        let tree = Tree::sealed(text, &seal);
        let mut leaves = Vec::new();
        tree.leaves(&mut leaves);
        let whole = leaves.into_iter().map(|(text, _)| text).collect();
        Ok(Document::whole(whole, &[text.origin]))
    } else if let Some(path) = &file.template {
        template(fleet, file, path, &seal)
    } else if let Some(path) = &file.source {
        let text = source(fleet, path).map_err(|why| vec![why])?;
        Ok(Document::whole(text, &[path.origin]))
    } else {
        Ok(Document::default())
    }
}

/// Exactly one thing says what is in a file.
fn one_content(file: &At<File>) -> Result<(), Vec<Problem>> {
    let data = [&file.yaml, &file.json, &file.toml, &file.ini].into_iter().flatten();
    let paths = [&file.template, &file.source].into_iter().flatten();
    let said: Vec<OriginId> = data
        .map(|data| data.origin)
        .chain(file.text.iter().map(|text| text.origin))
        .chain(paths.map(|path| path.origin))
        .collect();
    let (origins, why) = match (said.len(), &file.values) {
        (1, Some(values)) if file.template.is_none() => {
            (vec![values.origin], "`values` are for a `template`, and there is none")
        }
        (1, _) => return Ok(()),
        (0, _) => (vec![file.origin], "nothing says what is in this file"),
        _ => (said, "two things say what is in this file"),
    };
    Err(vec![Problem::Content(origins, why.to_owned())])
}

fn template(
    fleet: &Prepared<'_>,
    file: &File,
    path: &At<String>,
    seal: Seal<'_>,
) -> Result<Document, Vec<Problem>> {
    let values = file.values.as_ref();
    if let Some(values) = values {
        sound(values)?;
    }
    let text = source(fleet, path).map_err(|why| vec![why])?;
    let fill = |seal: Seal<'_>| {
        let tree = values.map(|values| Tree::data(values, seal));
        let filled = tera::render(path, &text, tree.as_ref());
        filled.map(|it| (it, tree)).map_err(|why| vec![Problem::Template(path.origin, why)])
    };
    let (filled, tree) = fill(seal)?;
    let marks = fleet.file_secrets(file);
    if let Some(values) = values.filter(|_| !marks.is_empty()) {
        let marks: Vec<String> = marks.into_iter().map(|(mark, _, _)| mark).collect();
        let twins = |secret: &EntityPath, part| match seal(secret, part) {
            TreePiece::Code(mark) | TreePiece::Text(mark) => TreePiece::Code(marks::twin(&mark)),
        };
        if let Some(line) = marks::changed(&marks, &filled, &fill(&twins)?.0) {
            let (template, values) = (path.origin, values.origin);
            return Err(vec![Problem::Secret { template, values, line }]);
        }
    }
    Ok(filled_in(path.origin, &text, tree.as_ref(), &filled))
}

/// A filled-in template, whose lines come from it and from the values that they show. A line that
/// stands like this in the template shows none; one that shows no value as it is said may come
/// from any of them.
fn filled_in(by: OriginId, template: &str, values: Option<&Tree>, filled: &str) -> Document {
    let plain: BTreeSet<&str> =
        template.lines().filter(|line| !line.contains("{{") && !line.contains("{%")).collect();
    let mut leaves = Vec::new();
    values.iter().for_each(|tree| tree.leaves(&mut leaves));
    let mut document = Document::default();
    for line in filled.lines() {
        let shown = leaves.iter().filter(|(text, _)| is_shown(text, line));
        let mut origins: Vec<OriginId> = vec![by];
        if !plain.contains(line) {
            origins.extend(shown.flat_map(|(_, origins)| origins.iter().copied()));
            if origins.len() == 1 {
                origins.extend(values.iter().flat_map(|tree| tree.all_origins()));
            }
        }
        document.line("", &origins);
    }
    filled.clone_into(&mut document.text);
    document
}

/// Whether a line has a text in it that is not part of a longer word or number.
fn is_shown(text: &str, line: &str) -> bool {
    let part = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
    !text.is_empty()
        && line.match_indices(text).any(|(at, _)| {
            let before = line.get(..at).and_then(|it| it.chars().next_back());
            let after = line.get(at + text.len()..).and_then(|it| it.chars().next());
            let first = part(text.chars().next()) && part(before);
            let last = part(text.chars().next_back()) && part(after);
            !first && !last
        })
}

/// The text of a file beside the sources.
fn source(fleet: &Prepared<'_>, path: &At<String>) -> Result<String, Problem> {
    let problem =
        |why: &str| Problem::Content(vec![path.origin], format!("`{}` {why}", path.value));
    // What cannot be read is told of all files alike.
    let Some(bytes) = fleet.files.get(&path.value) else { return Ok(String::new()) };
    let text = std::str::from_utf8(bytes).map_err(|_| problem("is not text in UTF-8"))?;
    Ok(text.to_owned())
}

/// What the marks of a file begin with: something that no text in it has.
fn mark_prefix(fleet: &Prepared<'_>, file: &File) -> String {
    let mut texts: Vec<&str> = Vec::new();
    for data in [&file.yaml, &file.json, &file.toml, &file.ini, &file.values] {
        data.iter().for_each(|data| texts_of(data, &mut texts));
    }
    let parts = file.text.iter().flat_map(|text| text.0.iter());
    texts.extend(parts.filter_map(SealedPart::text));
    texts.extend(file.template.iter().filter_map(|path| fleet.text_of(path)));
    prefix(&texts)
}

fn texts_of<'f>(data: &'f At<Data>, texts: &mut Vec<&'f str>) {
    match &data.value {
        Data::Text(text) => texts.push(text),
        Data::Sealed(sealed) => texts.extend(sealed.0.iter().filter_map(SealedPart::text)),
        Data::List(items) => items.iter().for_each(|item| texts_of(item, texts)),
        Data::Record(fields) => {
            for (key, value) in fields {
                texts.push(key);
                texts_of(value, texts);
            }
        }
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Nix(_)
        | Data::File(_) => {}
    }
}

/// Data without files and Nix code, which mean nothing to the program that reads the file.
fn sound(data: &At<Data>) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    each(data, &mut |_, leaf, said| {
        let why = if let LeafValue::File(path) = leaf {
            format!("`./{path}` is beside the sources, not on the host")
        } else if let LeafValue::Nix(_) = leaf {
            "Nix code means nothing in this file".to_owned()
        } else {
            return;
        };
        problems.push(Problem::Format(vec![said.origin], why));
    });
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Numbers that JSON does not have.
fn numbers(tree: &Tree, problems: &mut Vec<Problem>) {
    match &tree.node {
        TreeNode::Float(it) if !it.is_finite() => {
            let why = "JSON has no infinite numbers".to_owned();
            problems.push(Problem::Format(tree.origins.clone(), why));
        }
        TreeNode::List(items) => items.iter().for_each(|item| numbers(item, problems)),
        TreeNode::Map(entries) => entries.iter().for_each(|(_, value)| numbers(value, problems)),
        TreeNode::Float(_)
        | TreeNode::Bool(_)
        | TreeNode::Int(_)
        | TreeNode::Text(_)
        | TreeNode::Filled(_) => {}
    }
}

impl Prepared<'_> {
    /// The marks in a file, each with the secret that replaces it on the host and the part of a URL that
    /// it is, in order.
    #[must_use]
    pub fn file_secrets(&self, file: &File) -> Vec<(String, EntityPath, UrlPart)> {
        let mut texts = Vec::new();
        each(file, &mut |_, value, _| {
            if let LeafValue::Sealed(text) = value {
                texts.push(text);
            }
        });
        let secrets: BTreeSet<(&EntityPath, UrlPart)> =
            texts.into_iter().flat_map(Sealed::placed).collect();
        if secrets.is_empty() {
            return Vec::new();
        }
        let (names, prefix) = (self.secret_variables(), mark_prefix(self, file));
        let found: BTreeMap<String, (EntityPath, UrlPart)> = secrets
            .into_iter()
            .map(|(secret, part)| {
                (mark(&named(names, &prefix, secret, part)), (secret.clone(), part))
            })
            .collect();
        found.into_iter().map(|(mark, (secret, part))| (mark, secret, part)).collect()
    }
}
