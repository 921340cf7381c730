//! TOML 1.0: scalars first, then tables, then arrays of tables.

use std::fmt::Write as _;

use super::document::Document;
use super::json;
use super::tree::{Tree, TreeNode, TreePiece};

/// The tree as a TOML file. Its root is a map; anything else (a check refuses it) gives an empty file.
#[must_use]
pub fn write(tree: &Tree) -> Document {
    let mut document = Document { twice: tree.twice(), ..Document::default() };
    if let TreeNode::Map(entries) = &tree.node {
        table(&mut document, "", entries);
    }
    document
}

fn table(document: &mut Document, path: &str, entries: &[(String, Tree)]) {
    for (name, value) in entries.iter().filter(|(_, value)| !is_table(value) && !is_tables(value)) {
        let line = format!("{} = {}", key(name), inline(value));
        document.line(&line, &value.all_origins());
    }
    for (name, value) in entries {
        let path = if path.is_empty() { key(name) } else { format!("{path}.{}", key(name)) };
        match &value.node {
            TreeNode::Map(inner) => {
                header(document, &format!("[{path}]"), value);
                table(document, &path, inner);
            }
            TreeNode::List(items) if is_tables(value) => {
                for item in items {
                    header(document, &format!("[[{path}]]"), item);
                    if let TreeNode::Map(inner) = &item.node {
                        table(document, &path, inner);
                    }
                }
            }
            TreeNode::Bool(_)
            | TreeNode::Int(_)
            | TreeNode::Float(_)
            | TreeNode::Text(_)
            | TreeNode::Filled(_)
            | TreeNode::List(_) => {}
        }
    }
}

fn header(document: &mut Document, text: &str, tree: &Tree) {
    if !document.text.is_empty() {
        document.line("", &[]);
    }
    document.line(text, &tree.origins);
}

fn is_table(tree: &Tree) -> bool {
    matches!(tree.node, TreeNode::Map(_))
}

fn is_tables(tree: &Tree) -> bool {
    matches!(&tree.node, TreeNode::List(items) if !items.is_empty() && items.iter().all(is_table))
}

fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

fn inline(tree: &Tree) -> String {
    match &tree.node {
        TreeNode::Bool(it) => it.to_string(),
        TreeNode::Int(it) => it.to_string(),
        TreeNode::Float(it) if it.is_nan() => "nan".to_owned(),
        TreeNode::Float(it) => format!("{it:?}"),
        TreeNode::Text(it) => quoted(it),
        TreeNode::Filled(pieces) => {
            let inner: String = pieces
                .iter()
                .map(|piece| match piece {
                    TreePiece::Text(text) => escaped(text),
                    TreePiece::Code(code) => code.clone(),
                })
                .collect();
            format!("\"{inner}\"")
        }
        TreeNode::List(items) => {
            let items: Vec<String> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        TreeNode::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(name, value)| format!("{} = {}", key(name), inline(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// JSON's escapes, and one for the only control character that JSON leaves alone.
fn escaped(text: &str) -> String {
    let mut all = String::new();
    for c in json::escaped(text).chars() {
        if c == '\u{7f}' {
            let _ = write!(all, "\\u{:04x}", u32::from(c));
        } else {
            all.push(c);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tree::Entries;
    use super::*;
    use qg_provenance::leaf::OriginId;

    #[test]
    fn reads_back_and_knows_its_lines() {
        let mut inner = Entries::new();
        inner.put("deep key", Tree::text("\0\u{7f}\\\"é\n", OriginId(3)));
        inner.put("empty", Tree::new(TreeNode::Map(Vec::new()), &[]));
        let inner = inner.tree(OriginId(2));
        let mut root = Entries::new();
        root.put("table", inner.clone());
        root.put("", Tree::new(TreeNode::Float(1e300), &[]));
        root.put("tables", Tree::list(vec![inner.clone(), inner.clone()], OriginId(4)));
        root.put("mixed", Tree::list(vec![Tree::int(1, OriginId(5)), inner], OriginId(6)));
        root.put("a.b", Tree::bool(true, OriginId(7)));
        let tree = root.tree(OriginId(1));
        let document = write(&tree);
        let back: serde_json::Value = ::toml::from_str(&document.text).unwrap();
        // Order is free in TOML.
        let expected: std::collections::BTreeMap<String, serde_json::Value> =
            serde_json::from_value(serde_json::to_value(&tree).unwrap()).unwrap();
        assert_eq!(back, serde_json::to_value(expected).unwrap(), "{}", document.text);
        assert_eq!(document.lines.len(), document.text.lines().count());
        let mixed = document.text.lines().position(|line| line.starts_with("mixed")).unwrap();
        assert_eq!(document.lines[mixed], [OriginId(6), OriginId(5), OriginId(2), OriginId(3)]);
    }
}
