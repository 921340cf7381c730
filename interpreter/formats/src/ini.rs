//! INI: keys at the top, then sections; a list says its key once for each item.
//!
//! There is no one INI format and none of them quotes alike, so values stand as they are, and what a
//! line cannot hold is told by [`problems`] instead of being bent.

use qg_provenance::leaf::OriginId;

use super::document::Document;
use super::tree::{Tree, TreeNode, TreePiece};

/// The tree as an INI file; what [`problems`] names is left out.
#[must_use]
pub fn write(tree: &Tree) -> Document {
    let mut document = Document { twice: tree.twice(), ..Document::default() };
    let TreeNode::Map(entries) = &tree.node else { return document };
    for (name, value) in entries.iter().filter(|(_, value)| !matches!(value.node, TreeNode::Map(_)))
    {
        key(&mut document, name, value);
    }
    for (name, section) in entries {
        if let TreeNode::Map(inner) = &section.node {
            if !document.text.is_empty() {
                document.line("", &[]);
            }
            document.line(&format!("[{name}]"), &section.origins);
            for (name, value) in inner {
                key(&mut document, name, value);
            }
        }
    }
    document
}

fn key(document: &mut Document, name: &str, value: &Tree) {
    if let TreeNode::List(items) = &value.node {
        for item in items {
            let mut origins = value.origins.clone();
            origins.extend_from_slice(&item.origins);
            if let Some(text) = scalar(item) {
                document.line(&format!("{name} = {text}"), &origins);
            }
        }
    } else if let Some(text) = scalar(value) {
        document.line(&format!("{name} = {text}"), &value.origins);
    }
}

fn scalar(tree: &Tree) -> Option<String> {
    match &tree.node {
        TreeNode::Bool(it) => Some(it.to_string()),
        TreeNode::Int(it) => Some(it.to_string()),
        TreeNode::Float(it) => Some(format!("{it:?}")),
        TreeNode::Text(it) => Some(it.clone()),
        TreeNode::Filled(pieces) => Some(
            pieces
                .iter()
                .map(|piece| match piece {
                    TreePiece::Text(text) | TreePiece::Code(text) => text.as_str(),
                })
                .collect(),
        ),
        TreeNode::List(_) | TreeNode::Map(_) => None,
    }
}

/// What an INI file cannot hold: whose fault it is, and why.
#[must_use]
pub fn problems(tree: &Tree) -> Vec<(Vec<OriginId>, String)> {
    let mut found = Vec::new();
    let TreeNode::Map(entries) = &tree.node else {
        return vec![(tree.origins.clone(), "an INI file is a record".to_owned())];
    };
    for (name, value) in entries {
        if let TreeNode::Map(inner) = &value.node {
            if name.contains([']', '\n', '\r']) || name.trim() != name {
                found.push((value.origins.clone(), format!("no section can be called {name:?}")));
            }
            for (name, value) in inner {
                entry(&mut found, name, value);
            }
        } else {
            entry(&mut found, name, value);
        }
    }
    found
}

fn entry(found: &mut Vec<(Vec<OriginId>, String)>, name: &str, value: &Tree) {
    if name.is_empty()
        || name.trim() != name
        || name.contains(['=', ':', '\n', '\r'])
        || name.starts_with(['[', '#', ';'])
    {
        found.push((value.origins.clone(), format!("no key can be called {name:?}")));
    }
    let items = match &value.node {
        TreeNode::List(items) => items.as_slice(),
        TreeNode::Bool(_)
        | TreeNode::Int(_)
        | TreeNode::Float(_)
        | TreeNode::Text(_)
        | TreeNode::Filled(_)
        | TreeNode::Map(_) => std::slice::from_ref(value),
    };
    for item in items {
        match scalar(item) {
            None => found.push((
                item.origins.clone(),
                format!("`{name}` lies too deep: there are sections and keys, nothing below"),
            )),
            Some(text) if text.contains(['\n', '\r', '\0']) => found.push((
                item.origins.clone(),
                format!("the value of `{name}` has a line break, and a key is one line"),
            )),
            Some(text) if text.trim() != text => found.push((
                item.origins.clone(),
                format!("the value of `{name}` has blanks at an end, which readers cut off"),
            )),
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::Entries;
    use super::*;

    #[test]
    fn sections_lists_and_lines() {
        let mut section = Entries::new();
        section.put("a", Tree::text("x = y # z", OriginId(2)));
        let items = vec![Tree::int(1, OriginId(3)), Tree::bool(true, OriginId(4))];
        section.put("b", Tree::list(items, OriginId(5)));
        let mut root = Entries::new();
        root.put("Section", section.tree(OriginId(1)));
        root.put("top", Tree::text("", OriginId(6)));
        let tree = root.tree(OriginId(7));
        let document = write(&tree);
        assert_eq!(document.text, "top = \n\n[Section]\na = x = y # z\nb = 1\nb = true\n");
        assert_eq!(document.lines.get(4), Some(&vec![OriginId(5), OriginId(3)]));
        assert!(problems(&tree).is_empty());
    }

    #[test]
    fn what_it_cannot_hold() {
        let mut deep = Entries::new();
        deep.put("x", Tree::new(TreeNode::Map(Vec::new()), &[OriginId(1)]));
        deep.put("y", Tree::text("a\nb", OriginId(2)));
        deep.put("=z", Tree::text(" a", OriginId(3)));
        let mut root = Entries::new();
        root.put("bad]", deep.tree(OriginId(4)));
        let found = problems(&root.tree(OriginId(5)));
        let origins: Vec<u32> =
            found.iter().filter_map(|(origins, _)| origins.first()).map(|it| it.0).collect();
        assert_eq!(origins, [4, 1, 2, 3, 3]);
        assert_eq!(problems(&Tree::int(1, OriginId(9))).len(), 1);
    }
}
