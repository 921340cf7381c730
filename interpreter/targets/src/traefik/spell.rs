//! Typed options as Traefik reads them, by the table of its structs: one way for every middleware and object.

use qg_fleet::choice::Options;
use qg_fleet::leaf::{At, Data, EntityPath, OriginId};
use qg_formats::{Entries, Seal, Tree, TreeNode};

use super::fields::Fields;
use crate::go;

/// Sections that mean something with nothing in them (`file:"allowEmpty"` in Traefik's source); any other empty
/// section makes it refuse the file.
const MAY_BE_EMPTY: &[&str] = &[
    "compress",
    "contentType",
    "cookie",
    "healthCheck",
    "http3",
    "ipStrategy",
    "proxyProtocol",
    "spiffe",
    "tls",
];

/// Whether a section means something with nothing in it.
pub(crate) fn may_be_empty(key: &str) -> bool {
    MAY_BE_EMPTY.contains(&key)
}

/// What options need to know of their surroundings.
pub(super) struct Spelling<'a> {
    /// How a secret is put into a text.
    pub(super) seal: Seal<'a>,
    /// What the file calls something of the model; the origin is that of the reference.
    pub(super) refer: &'a dyn Fn(&EntityPath, OriginId) -> Tree,
}

impl Spelling<'_> {
    /// The options of a struct of Traefik's.
    pub(super) fn entries(&self, kind: &str, options: &Options) -> Entries {
        let mut entries = Entries::new();
        let fields = Fields::get().of(kind);
        for (name, data) in options {
            // A record of the model has a `name`, which is not Traefik's.
            if let Some(kind) = fields.and_then(|fields| fields.get(name)) {
                self.put(&mut entries, name, kind, data);
            }
        }
        entries
    }

    fn put(&self, entries: &mut Entries, name: &str, kind: &str, data: &At<Data>) {
        let tree = self.value(kind, data);
        if may_be_empty(name) && matches!(&tree.node, TreeNode::Map(_)) {
            entries.put(name, tree);
        } else {
            entries.put_some(name, Some(tree));
        }
    }

    fn value(&self, kind: &str, data: &At<Data>) -> Tree {
        let by = data.origin;
        let kind = kind.trim_start_matches('*');
        match &data.value {
            Data::Duration(it) => Tree::text(go::duration(*it), by),
            Data::Ref(path) => (self.refer)(path, by),
            Data::Int(it) if kind == "string" => Tree::text(it.to_string(), by),
            Data::Size(it) if kind == "string" => Tree::text(it.0.to_string(), by),
            Data::List(items) => match item_kind(kind) {
                Some(of) => Tree::list(items.iter().map(|item| self.value(of, item)).collect(), by),
                None => Tree::data(data, self.seal),
            },
            Data::Record(fields) => match kind.strip_prefix("map[string]") {
                Some(of) => self.map(of, fields, by),
                None if Fields::get().of(kind).is_some() => self.entries(kind, fields).tree(by),
                None => Tree::data(data, self.seal),
            },
            Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Size(_)
            | Data::Text(_)
            | Data::Sealed(_)
            | Data::Nix(_)
            | Data::File(_) => Tree::data(data, self.seal),
        }
    }

    fn map(&self, of: &str, fields: &Options, by: OriginId) -> Tree {
        let mut entries = Entries::new();
        for (name, data) in fields {
            entries.put(name, self.value(of, data));
        }
        entries.tree(by)
    }
}

/// What a list of Traefik's holds, where a type is one.
fn item_kind(kind: &str) -> Option<&str> {
    match kind {
        "Users" => Some("string"),
        "traefiktls.Certificates" => Some("Certificate"),
        _ => kind.strip_prefix("[]"),
    }
}
