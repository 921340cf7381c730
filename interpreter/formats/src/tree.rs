//! Ordered data with origins: what YAML, JSON, TOML and INI files are written from.

use std::collections::BTreeMap;

use qg_provenance::leaf::{At, Bytes, Data, EntityPath, Millis, OriginId, Sealed, SealedPart};
use qg_provenance::url::UrlPart;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::document::{OriginText, Twice};
use super::json;

/// Spells the hole of a secret, by the part of a URL that it is.
pub type Seal<'a> = &'a dyn Fn(&EntityPath, UrlPart) -> TreePiece;

/// A value and who said it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    pub node: TreeNode,
    pub origins: Vec<OriginId>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TreeNode {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// A text with holes that are filled on the host, before the file is read or while it is.
    Filled(Vec<TreePiece>),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// A part of a text with holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreePiece {
    Text(String),
    /// Code of the reading program's template language, or a mark: written as it is. It holds no line
    /// break, and no quote or backslash of the format it stands in.
    Code(String),
}

impl Tree {
    #[must_use]
    pub fn new(node: TreeNode, origins: &[OriginId]) -> Tree {
        Tree { node, origins: origins.to_vec() }
    }

    #[must_use]
    pub fn text(text: impl Into<String>, origin: OriginId) -> Tree {
        Tree { node: TreeNode::Text(text.into()), origins: vec![origin] }
    }

    #[must_use]
    pub fn bool(value: bool, origin: OriginId) -> Tree {
        Tree { node: TreeNode::Bool(value), origins: vec![origin] }
    }

    #[must_use]
    pub fn int(value: i64, origin: OriginId) -> Tree {
        Tree { node: TreeNode::Int(value), origins: vec![origin] }
    }

    #[must_use]
    pub fn list(items: Vec<Tree>, origin: OriginId) -> Tree {
        Tree { node: TreeNode::List(items), origins: vec![origin] }
    }

    /// A list of texts, each with its own origin.
    #[must_use]
    pub fn texts(items: &At<Vec<At<String>>>) -> Tree {
        let texts = items.iter().map(|item| Tree::text(item.value.clone(), item.origin)).collect();
        Tree::list(texts, items.origin)
    }

    /// Free data as a tree; `seal` spells a secret's hole.
    #[must_use]
    pub fn data(data: &At<Data>, seal: Seal<'_>) -> Tree {
        let node = match &data.value {
            Data::Bool(it) => TreeNode::Bool(*it),
            Data::Int(it) => TreeNode::Int(*it),
            Data::Float(it) => TreeNode::Float(*it),
            // Nix and files have no meaning here; a check refuses them where data is free.
            Data::Text(it) | Data::Nix(it) | Data::File(it) => TreeNode::Text(it.clone()),
            // Typed options alone hold these, and who spells them knows the words of their program.
            Data::Duration(Millis(it)) | Data::Size(Bytes(it)) => {
                TreeNode::Int(i64::try_from(*it).unwrap_or(i64::MAX))
            }
            Data::Ref(path) => TreeNode::Text(path.to_string()),
            Data::Sealed(it) => filled(it, seal),
            Data::List(items) => {
                TreeNode::List(items.iter().map(|item| Tree::data(item, seal)).collect())
            }
            Data::Record(fields) => TreeNode::Map(
                fields.iter().map(|(key, value)| (key.clone(), Tree::data(value, seal))).collect(),
            ),
        };
        Tree { node, origins: vec![data.origin] }
    }

    /// A string that may hold secrets.
    #[must_use]
    pub fn sealed(sealed: &At<Sealed>, seal: Seal<'_>) -> Tree {
        Tree { node: filled(&sealed.value, seal), origins: vec![sealed.origin] }
    }

    /// The entries of a map; none of anything else.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Tree)> {
        let entries = match &self.node {
            TreeNode::Map(entries) => entries.as_slice(),
            TreeNode::Bool(_)
            | TreeNode::Int(_)
            | TreeNode::Float(_)
            | TreeNode::Text(_)
            | TreeNode::Filled(_)
            | TreeNode::List(_) => &[],
        };
        entries.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// What lies at a way through maps. The programs that read these files ignore the case of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Tree> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        let mut entries = self.entries();
        entries.find(|(key, _)| key.eq_ignore_ascii_case(first)).and_then(|(_, it)| it.at(rest))
    }

    /// The elements of a list, or a value that stands alone.
    pub fn items(&self) -> &[Tree] {
        match &self.node {
            TreeNode::List(items) => items,
            TreeNode::Bool(_)
            | TreeNode::Int(_)
            | TreeNode::Float(_)
            | TreeNode::Text(_)
            | TreeNode::Filled(_)
            | TreeNode::Map(_) => std::slice::from_ref(self),
        }
    }

    /// The text, where it is one without holes.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.node {
            TreeNode::Text(text) => Some(text),
            TreeNode::Bool(_)
            | TreeNode::Int(_)
            | TreeNode::Float(_)
            | TreeNode::Filled(_)
            | TreeNode::List(_)
            | TreeNode::Map(_) => None,
        }
    }

    /// Whether it says `true`, or `false`, as data or as text.
    #[must_use]
    pub fn says(&self, wanted: bool) -> bool {
        match &self.node {
            TreeNode::Bool(it) => *it == wanted,
            TreeNode::Text(it) => it.parse() == Ok(wanted),
            TreeNode::Int(_)
            | TreeNode::Float(_)
            | TreeNode::Filled(_)
            | TreeNode::List(_)
            | TreeNode::Map(_) => false,
        }
    }

    /// Whether it is a list or a map with something in it.
    pub(crate) fn is_block(&self) -> bool {
        match &self.node {
            TreeNode::List(items) => !items.is_empty(),
            TreeNode::Map(entries) => !entries.is_empty(),
            TreeNode::Bool(_)
            | TreeNode::Int(_)
            | TreeNode::Float(_)
            | TreeNode::Text(_)
            | TreeNode::Filled(_) => false,
        }
    }

    /// Its own origins and those of all below, for what stands on one line.
    #[must_use]
    pub fn all_origins(&self) -> Vec<OriginId> {
        let mut all = self.origins.clone();
        match &self.node {
            TreeNode::List(items) => items.iter().for_each(|item| all.extend(item.all_origins())),
            TreeNode::Map(entries) => {
                entries.iter().for_each(|(_, value)| all.extend(value.all_origins()));
            }
            TreeNode::Bool(_)
            | TreeNode::Int(_)
            | TreeNode::Float(_)
            | TreeNode::Text(_)
            | TreeNode::Filled(_) => {}
        }
        all
    }

    /// Whether both say the same, whoever says it.
    #[must_use]
    pub fn same(&self, other: &Tree) -> bool {
        match (&self.node, &other.node) {
            (TreeNode::List(ours), TreeNode::List(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| a.same(b))
            }
            (TreeNode::Map(ours), TreeNode::Map(theirs)) => {
                let pairs = || ours.iter().zip(theirs);
                ours.len() == theirs.len() && pairs().all(|(a, b)| a.0 == b.0 && a.1.same(&b.1))
            }
            (ours, theirs) => ours == theirs,
        }
    }

    /// Takes over who said the same.
    fn unite(&mut self, other: Tree) {
        self.origins.extend(other.origins);
        match (&mut self.node, other.node) {
            (TreeNode::List(ours), TreeNode::List(theirs)) => {
                ours.iter_mut().zip(theirs).for_each(|(ours, theirs)| ours.unite(theirs));
            }
            (TreeNode::Map(ours), TreeNode::Map(theirs)) => {
                ours.iter_mut().zip(theirs).for_each(|(ours, theirs)| ours.1.unite(theirs.1));
            }
            _ => {}
        }
    }

    /// Every key that one of its maps holds twice: [`Entries`] keep what does not say the same, and who writes a file
    /// hands it on with it.
    #[must_use]
    pub fn twice(&self) -> Vec<Twice> {
        let mut all = Vec::new();
        self.find_twice(&mut Vec::new(), &mut all);
        all
    }

    fn find_twice<'t>(&'t self, path: &mut Vec<&'t str>, all: &mut Vec<Twice>) {
        match &self.node {
            TreeNode::List(items) => items.iter().for_each(|item| item.find_twice(path, all)),
            TreeNode::Map(entries) => {
                let mut known: BTreeMap<&str, &Tree> = BTreeMap::new();
                for (key, value) in entries {
                    path.push(key);
                    if let Some(first) = known.get(key.as_str()) {
                        let what = path.join(".");
                        let help = "say it once, or give one of them another name";
                        all.push(Twice { what, first: first.said(), second: value.said(), help });
                    }
                    known.entry(key).or_insert(value);
                    value.find_twice(path, all);
                    path.pop();
                }
            }
            TreeNode::Bool(_)
            | TreeNode::Int(_)
            | TreeNode::Float(_)
            | TreeNode::Text(_)
            | TreeNode::Filled(_) => {}
        }
    }

    /// What it says, in short, and who says it.
    fn said(&self) -> OriginText {
        let text = json::write(self).text;
        let mut lines = text.lines().map(str::trim);
        let first = lines.next().unwrap_or("").to_owned();
        let more = lines.next().map_or_else(String::new, |line| format!(" {line} …"));
        (format!("{first}{more}"), self.all_origins())
    }

    /// The texts of its scalars, each with its origins.
    pub fn leaves<'t>(&'t self, out: &mut Vec<(String, &'t [OriginId])>) {
        let text = match &self.node {
            TreeNode::List(items) => return items.iter().for_each(|item| item.leaves(out)),
            TreeNode::Map(entries) => {
                return entries.iter().for_each(|(_, value)| value.leaves(out));
            }
            TreeNode::Bool(it) => it.to_string(),
            TreeNode::Int(it) => it.to_string(),
            TreeNode::Float(it) => it.to_string(),
            TreeNode::Text(it) => it.clone(),
            TreeNode::Filled(pieces) => {
                let text = pieces.iter().map(|piece| match piece {
                    TreePiece::Text(text) | TreePiece::Code(text) => text.as_str(),
                });
                text.collect()
            }
        };
        out.push((text, &self.origins));
    }
}

fn filled(sealed: &Sealed, seal: Seal<'_>) -> TreeNode {
    match sealed.plain() {
        Some(text) => TreeNode::Text(text),
        None => TreeNode::Filled(
            sealed
                .0
                .iter()
                .enumerate()
                .map(|(at, part)| match part {
                    SealedPart::Text(text) => TreePiece::Text(text.clone()),
                    SealedPart::Secret(path) => seal(path, sealed.url_part(at)),
                })
                .collect(),
        ),
    }
}

/// Entries of a map, as they are put together.
#[derive(Clone, Debug, Default)]
pub struct Entries(Vec<(String, Tree)>);

impl Entries {
    #[must_use]
    pub fn new() -> Entries {
        Entries::default()
    }

    /// Puts a value under a key. Two under one key are both kept: what is the same becomes one in [`Entries::tree`].
    pub fn put(&mut self, key: impl Into<String>, value: Tree) {
        self.0.push((key.into(), value));
    }

    /// Leaves the key out where there is nothing to say, or only an empty list or map:
    /// several programs refuse an empty section.
    pub fn put_some(&mut self, key: impl Into<String>, value: Option<Tree>) {
        if let Some(value) = value
            && !matches!(&value.node, TreeNode::List(items) if items.is_empty())
            && !matches!(&value.node, TreeNode::Map(entries) if entries.is_empty())
        {
            self.put(key, value);
        }
    }

    /// Adds the entries of another map behind its own.
    pub fn extend(&mut self, more: Entries) {
        self.0.extend(more.0);
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The map; its origins are those of who asked for it. What was put twice and says the same stands in it once.
    #[must_use]
    pub fn tree(self, origin: OriginId) -> Tree {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut all: Vec<(String, Tree)> = Vec::with_capacity(self.0.len());
        for (key, value) in self.0 {
            match places.get(&key).and_then(|at| all.get_mut(*at)) {
                Some((_, known)) if known.same(&value) => known.unite(value),
                Some(_) => all.push((key, value)),
                None => {
                    places.insert(key.clone(), all.len());
                    all.push((key, value));
                }
            }
        }
        Tree { node: TreeNode::Map(all), origins: vec![origin] }
    }
}

/// As plain data, for templates; holes are spelled as they are written.
impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.node {
            TreeNode::Bool(it) => serializer.serialize_bool(*it),
            TreeNode::Int(it) => serializer.serialize_i64(*it),
            TreeNode::Float(it) => serializer.serialize_f64(*it),
            TreeNode::Text(it) => serializer.serialize_str(it),
            TreeNode::Filled(pieces) => serializer.serialize_str(&spelled(pieces)),
            TreeNode::List(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(item)?;
                }
                seq.end()
            }
            TreeNode::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

/// The same, to look at it: what JSON has no number for is `null`.
impl From<&Tree> for serde_json::Value {
    fn from(tree: &Tree) -> serde_json::Value {
        match &tree.node {
            TreeNode::Bool(it) => (*it).into(),
            TreeNode::Int(it) => (*it).into(),
            TreeNode::Float(it) => (*it).into(),
            TreeNode::Text(it) => it.as_str().into(),
            TreeNode::Filled(pieces) => spelled(pieces).into(),
            TreeNode::List(items) => items.iter().map(serde_json::Value::from).collect(),
            TreeNode::Map(entries) => {
                let json = |(key, it): &(String, Tree)| (key.clone(), serde_json::Value::from(it));
                entries.iter().map(json).collect()
            }
        }
    }
}

fn spelled(pieces: &[TreePiece]) -> String {
    let texts = pieces.iter().map(|piece| match piece {
        TreePiece::Text(text) | TreePiece::Code(text) => text.as_str(),
    });
    texts.collect()
}
