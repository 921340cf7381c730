//! A place in a configuration.

use qg_formats::{Tree, TreeNode};

/// A value, and the way to it.
#[derive(Clone)]
pub(super) struct View<'t> {
    pub(super) tree: &'t Tree,
    pub(super) path: String,
}

impl<'t> View<'t> {
    pub(super) fn whole(tree: &'t Tree) -> View<'t> {
        View { tree, path: String::new() }
    }

    fn below(&self, key: &str, tree: &'t Tree) -> View<'t> {
        let path =
            if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        View { tree, path }
    }

    /// What is at `a.b`.
    pub(super) fn get(&self, path: &str) -> Option<View<'t>> {
        let mut at = self.clone();
        for part in path.split('.') {
            let found = at.entries().into_iter().find(|(key, _)| *key == part);
            at = found?.1;
        }
        Some(at)
    }

    /// The entries of a map.
    pub(super) fn entries(&self) -> Vec<(&'t str, View<'t>)> {
        let TreeNode::Map(entries) = &self.tree.node else { return Vec::new() };
        entries.iter().map(|(key, tree)| (key.as_str(), self.below(key, tree))).collect()
    }

    /// The items of a list; of anything else itself alone, as Authelia reads it.
    pub(super) fn items(&self) -> Vec<View<'t>> {
        match &self.tree.node {
            TreeNode::List(items) => {
                let all = items.iter().enumerate();
                all.map(|(index, tree)| self.below(&index.to_string(), tree)).collect()
            }
            TreeNode::Bool(_)
            | TreeNode::Int(_)
            | TreeNode::Float(_)
            | TreeNode::Text(_)
            | TreeNode::Filled(_)
            | TreeNode::Map(_) => vec![self.clone()],
        }
    }

    /// The items at `a.b`; none where nothing is there.
    pub(super) fn list(&self, path: &str) -> Vec<View<'t>> {
        self.get(path).map_or_else(Vec::new, |it| it.items())
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self.tree.node, TreeNode::Map(_))
    }

    pub(super) fn text(&self) -> Option<&'t str> {
        if let TreeNode::Text(text) = &self.tree.node { Some(text) } else { None }
    }

    /// The text at `a.b`, or nothing.
    pub(super) fn text_at(&self, path: &str) -> &'t str {
        self.get(path).and_then(|it| it.text()).unwrap_or("")
    }

    /// Whether something is said at `a.b`: no empty text, and no empty list or map.
    pub(super) fn has(&self, path: &str) -> bool {
        self.get(path).is_some_and(|it| match &it.tree.node {
            TreeNode::Text(text) => !text.is_empty(),
            TreeNode::List(items) => !items.is_empty(),
            TreeNode::Map(entries) => !entries.is_empty(),
            TreeNode::Bool(_) | TreeNode::Int(_) | TreeNode::Float(_) | TreeNode::Filled(_) => true,
        })
    }

    pub(super) fn int(&self) -> Option<i64> {
        match &self.tree.node {
            TreeNode::Int(it) => Some(*it),
            TreeNode::Text(text) => text.parse().ok(),
            TreeNode::Bool(_)
            | TreeNode::Float(_)
            | TreeNode::Filled(_)
            | TreeNode::List(_)
            | TreeNode::Map(_) => None,
        }
    }

    /// Whether `a.b` is switched on.
    pub(super) fn is_on(&self, path: &str) -> bool {
        self.get(path).is_some_and(|it| match &it.tree.node {
            TreeNode::Bool(it) => *it,
            TreeNode::Int(it) => *it != 0,
            TreeNode::Text(text) => boolean(text) == Some(true),
            TreeNode::Float(_) | TreeNode::Filled(_) | TreeNode::List(_) | TreeNode::Map(_) => {
                false
            }
        })
    }

    /// Every place that a pattern names: `a.*.b` goes into each entry of a map and each item of a list.
    pub(super) fn all(&self, pattern: &str) -> Vec<View<'t>> {
        let mut found = vec![self.clone()];
        for part in pattern.split('.') {
            found = match part {
                "*" => found.iter().flat_map(View::inside).collect(),
                part => found.iter().filter_map(|it| it.get(part)).collect(),
            };
        }
        found
    }

    fn inside(&self) -> Vec<View<'t>> {
        if self.is_map() {
            self.entries().into_iter().map(|(_, view)| view).collect()
        } else {
            self.items()
        }
    }
}

/// As Go's `strconv.ParseBool` reads it.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "" | "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}
