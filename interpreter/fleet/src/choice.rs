//! Options of outside programs, under those programs' own names: the schema types them, and a target spells
//! them by its table of that program's fields, so that no option needs a field here.

use std::collections::BTreeMap;

use super::leaf::{At, Data};

/// Options by name. What schemas say of them is checked already.
pub type Options = BTreeMap<String, At<Data>>;

/// A variant of an enum, and what is in its payload.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    pub kind: String,
    pub options: Options,
}

impl Choice {
    /// What an option says, where anything does.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&At<Data>> {
        self.options.get(name)
    }

    /// The elements of an option that is a list; none where nothing says it.
    pub fn items(&self, name: &str) -> impl Iterator<Item = &At<Data>> {
        self.get(name).into_iter().flat_map(|data| match &data.value {
            Data::List(items) => items.as_slice(),
            Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Duration(_)
            | Data::Size(_)
            | Data::Text(_)
            | Data::Ref(_)
            | Data::Sealed(_)
            | Data::Nix(_)
            | Data::File(_)
            | Data::Record(_) => std::slice::from_ref(data),
        })
    }
}
