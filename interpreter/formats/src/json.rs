//! JSON, indented by two spaces, one value a line.

use super::document::Document;
use super::tree::{Tree, TreeNode, TreePiece};

/// A text between double quotes, as JSON spells it.
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text as it stands between the quotes.
pub(crate) fn escaped(text: &str) -> String {
    let quoted = quoted(text);
    let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(&quoted).to_owned()
}

/// The tree as a JSON file. Infinite numbers and "not a number" become null, as JSON has none.
#[must_use]
pub fn write(tree: &Tree) -> Document {
    let mut document = Document { twice: tree.twice(), ..Document::default() };
    value(&mut document, "", 0, tree, "");
    document
}

/// One line or more: `head`, the value, `tail`.
fn value(document: &mut Document, head: &str, depth: usize, tree: &Tree, tail: &str) {
    let indent = "  ".repeat(depth);
    if !tree.is_block() {
        document.line(&format!("{indent}{head}{}{tail}", scalar(tree)), &tree.origins);
        return;
    }
    match &tree.node {
        TreeNode::List(items) => {
            document.line(&format!("{indent}{head}["), &tree.origins);
            let last = items.len().saturating_sub(1);
            for (index, item) in items.iter().enumerate() {
                value(document, "", depth + 1, item, if index < last { "," } else { "" });
            }
            document.line(&format!("{indent}]{tail}"), &tree.origins);
        }
        TreeNode::Map(entries) => {
            document.line(&format!("{indent}{head}{{"), &tree.origins);
            let last = entries.len().saturating_sub(1);
            for (index, (key, item)) in entries.iter().enumerate() {
                let head = format!("{}: ", quoted(key));
                value(document, &head, depth + 1, item, if index < last { "," } else { "" });
            }
            document.line(&format!("{indent}}}{tail}"), &tree.origins);
        }
        TreeNode::Bool(_)
        | TreeNode::Int(_)
        | TreeNode::Float(_)
        | TreeNode::Text(_)
        | TreeNode::Filled(_) => {}
    }
}

fn scalar(tree: &Tree) -> String {
    match &tree.node {
        TreeNode::Bool(it) => it.to_string(),
        TreeNode::Int(it) => it.to_string(),
        TreeNode::Float(it) => serde_json::Value::from(*it).to_string(),
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
        TreeNode::List(_) => "[]".to_owned(),
        TreeNode::Map(_) => "{}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tree::Entries;
    use super::*;
    use qg_provenance::leaf::OriginId;

    #[test]
    fn reads_back_and_knows_its_lines() {
        let mut entries = Entries::new();
        entries.put("a \"b\"\n", Tree::text("x\u{7f}\u{2028}\\\"\0😀", OriginId(3)));
        entries.put("list", Tree::list(vec![Tree::int(-1, OriginId(4))], OriginId(5)));
        entries.put("none", Tree::list(Vec::new(), OriginId(6)));
        let tree = entries.tree(OriginId(1));
        let document = write(&tree);
        let back: serde_json::Value = serde_json::from_str(&document.text).unwrap();
        assert_eq!(back, serde_json::to_value(&tree).unwrap());
        let origins: Vec<u32> = document.lines.iter().map(|line| line.first().unwrap().0).collect();
        assert_eq!(origins, [1, 3, 5, 4, 5, 6, 1]);
    }
}
