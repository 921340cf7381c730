//! Options of outside programs, under those programs' own names: the schema types them, and a target spells
//! them by its table of that program's fields, so that no option needs a field here.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, EnumAccess, MapAccess, VariantAccess, Visitor};

use super::leaf::{At, Data, EntityPath};

/// Options by name. In their values durations are milliseconds, sizes bytes, references the parts of a way.
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
            | Data::Text(_)
            | Data::Sealed(_)
            | Data::Nix(_)
            | Data::File(_)
            | Data::Record(_) => std::slice::from_ref(data),
        })
    }
}

impl Data {
    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Data::Text(text) => Some(text),
            Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Sealed(_)
            | Data::Nix(_)
            | Data::File(_)
            | Data::List(_)
            | Data::Record(_) => None,
        }
    }

    /// A scalar as it is spelled; none of secrets, and of what has parts.
    #[must_use]
    pub fn spelled(&self) -> Option<String> {
        match self {
            Data::Bool(it) => Some(it.to_string()),
            Data::Int(it) => Some(it.to_string()),
            Data::Float(it) => Some(it.to_string()),
            Data::Text(text) | Data::Nix(text) | Data::File(text) => Some(text.clone()),
            Data::Sealed(_) | Data::List(_) | Data::Record(_) => None,
        }
    }

    /// The reference, where a place of the schema that holds one has this in it.
    #[must_use]
    pub fn reference(&self) -> Option<EntityPath> {
        let Data::List(parts) = self else { return None };
        let parts: Option<Vec<String>> =
            parts.iter().map(|part| part.text().map(str::to_owned)).collect();
        parts.map(EntityPath)
    }
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Choice, D::Error> {
        struct ChoiceVisitor;
        impl<'de> Visitor<'de> for ChoiceVisitor {
            type Value = Choice;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a variant")
            }

            fn visit_str<E>(self, kind: &str) -> Result<Choice, E> {
                Ok(Choice { kind: kind.to_owned(), options: Options::new() })
            }

            fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Choice, A::Error> {
                let (kind, payload) = data.variant::<String>()?;
                let options = payload.struct_variant(&[], PayloadVisitor)?;
                Ok(Choice { kind, options })
            }
        }
        deserializer.deserialize_enum("Choice", &[], ChoiceVisitor)
    }
}

struct PayloadVisitor;

impl<'de> Visitor<'de> for PayloadVisitor {
    type Value = Options;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the options of a variant")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Options, A::Error> {
        let mut all = Options::new();
        while let Some((name, value)) = map.next_entry()? {
            all.insert(name, value);
        }
        Ok(all)
    }
}
