//! Options that a user adds to what a target writes.

use qg_fleet::leaf::OriginId;
use qg_formats::{Tree, TreeNode};

/// A place that both the target and the user fill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// `entryPoints.web.address`.
    pub path: String,
    /// Who said it: the user.
    pub user: Vec<OriginId>,
    /// Who made the target say it.
    pub target: Vec<OriginId>,
}

/// What a target writes with the user's own in it, and where the two clash.
pub type Merged = (Tree, Vec<Clash>);

/// Of what there is not.
pub(crate) const NOTHING: &Merged =
    &(Tree { node: TreeNode::Map(Vec::new()), origins: Vec::new() }, Vec::new());

/// Adds what nobody says yet: whatever `base` says of a place stays, and nothing clashes.
pub fn fill(base: &mut Tree, extra: Tree) {
    into(base, extra, &mut Vec::new(), &mut Vec::new());
}

/// Adds the user's options: maps unite, and where both fill one place the target's stays and a clash is told.
#[must_use = "a clash that nobody tells is an option that is lost"]
pub fn merge(base: &mut Tree, extra: Tree) -> Vec<Clash> {
    let mut clashes = Vec::new();
    into(base, extra, &mut Vec::new(), &mut clashes);
    clashes
}

fn into(base: &mut Tree, extra: Tree, path: &mut Vec<String>, clashes: &mut Vec<Clash>) {
    match (&mut base.node, extra.node) {
        (TreeNode::Map(ours), TreeNode::Map(theirs)) => {
            for (key, value) in theirs {
                // Letter case of keys is ignored by the programs that read these files.
                let same = ours.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&key));
                match same {
                    Some((_, known)) => {
                        path.push(key);
                        into(known, value, path, clashes);
                        path.pop();
                    }
                    None => ours.push((key, value)),
                }
            }
        }
        _ => clashes.push(Clash {
            path: path.join("."),
            user: extra.origins,
            target: base.origins.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qg_formats::Entries;

    fn map(entries: &[(&str, Tree)]) -> Tree {
        let mut all = Entries::new();
        for (key, value) in entries {
            all.put(*key, value.clone());
        }
        all.tree(OriginId(9))
    }

    #[test]
    fn unites_maps_and_tells_clashes() {
        let one = Tree::int(1, OriginId(1));
        let two = Tree::int(2, OriginId(2));
        let mut base = map(&[("a", map(&[("b", one.clone())])), ("l", one.clone())]);
        let extra =
            map(&[("A", map(&[("b", two.clone()), ("c", two.clone())])), ("z", two.clone())]);
        let clashes = merge(&mut base, extra);
        let expected =
            map(&[("a", map(&[("b", one.clone()), ("c", two.clone())])), ("l", one), ("z", two)]);
        assert_eq!(base, expected);
        let path = "A.b".to_owned();
        let clash = Clash { path, user: vec![OriginId(2)], target: vec![OriginId(1)] };
        assert_eq!(clashes, [clash]);
    }
}
