//! Every place of the standard library that a text may stand at, found in its schemas: a new field joins by itself.

use std::collections::{BTreeSet, VecDeque};

use qg_lang::check::types::{Declarations, EnumId, SchemaId, Type};

/// A step on the way from the model to a text.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Field(SchemaId, String),
    /// An entry of a map.
    Entry,
    Element,
    Variant(EnumId, usize),
}

/// What of it is the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Value,
    /// The key of a map, whose values have this type.
    Key(Type),
    /// The key of a record of free data.
    DataKey,
}

/// A place for a text.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// `Unit.StateDirectory`, `Host.addresses KEY`.
    pub(crate) name: String,
    pub(crate) way: Vec<Step>,
    pub(crate) ty: Type,
    pub(crate) part: Part,
}

impl Leaf {
    /// The kind of entity that it is said of.
    pub(crate) fn kind(&self) -> &str {
        match self.way.first() {
            Some(Step::Field(_, name)) => name,
            _ => "",
        }
    }
}

/// All of them, each by the shortest way.
pub(crate) fn leaves(declared: &Declarations) -> Vec<Leaf> {
    let model = declared.model.expect("the library has a model");
    let mut walk =
        Walk { declared, seen: BTreeSet::new(), todo: VecDeque::new(), found: Vec::new() };
    walk.schema(model, &[]);
    while let Some((name, ty, way)) = walk.todo.pop_front() {
        walk.ty(&name, &ty, &way);
    }
    walk.found
}

struct Walk<'d> {
    declared: &'d Declarations,
    seen: BTreeSet<SchemaId>,
    todo: VecDeque<(String, Type, Vec<Step>)>,
    found: Vec<Leaf>,
}

impl Walk<'_> {
    fn schema(&mut self, id: SchemaId, way: &[Step]) {
        if !self.seen.insert(id) {
            return;
        }
        let schema = self.declared.schema(id);
        for field in &schema.fields {
            let step = Step::Field(id, field.name.to_string());
            let name = format!("{}.{}", schema.name, field.name);
            self.todo.push_back((name, field.ty.clone(), [way, &[step]].concat()));
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "of the types with a condition texts alone are looked at"
    )]
    fn ty(&mut self, name: &str, ty: &Type, way: &[Step]) {
        let mut leaf = |name: String, ty: &Type, part| {
            self.found.push(Leaf { name, way: way.to_vec(), ty: ty.clone(), part });
        };
        match ty {
            Type::Optional(inner) => self.ty(name, inner, way),
            Type::Union(all) => all.iter().for_each(|ty| self.ty(name, ty, way)),
            Type::List(inner) | Type::Set(inner) => {
                self.ty(name, inner, &[way, &[Step::Element]].concat());
            }
            Type::Map(inner) => {
                leaf(format!("{name} KEY"), ty, Part::Key((**inner).clone()));
                self.ty(name, inner, &[way, &[Step::Entry]].concat());
            }
            Type::Record(id) => self.schema(*id, way),
            Type::Enum(id) => {
                for (at, variant) in self.declared.enumeration(*id).variants.iter().enumerate() {
                    if let Some(payload) = variant.payload {
                        self.schema(payload, &[way, &[Step::Variant(*id, at)]].concat());
                    }
                }
            }
            Type::Data | Type::Module => {
                leaf(format!("{name} DATA KEY"), ty, Part::DataKey);
                leaf(name.to_owned(), ty, Part::Value);
            }
            Type::Where(inner, _) => match inner.base() {
                Type::String | Type::Path | Type::Sealed => leaf(name.to_owned(), ty, Part::Value),
                _ => {}
            },
            Type::String
            | Type::Sealed
            | Type::Path
            | Type::Url
            | Type::Hostname
            | Type::Calendar
            | Type::Image => leaf(name.to_owned(), ty, Part::Value),
            // What has a form of its own, is a reference or no text.
            Type::Unknown
            | Type::Never
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Duration
            | Type::Size
            | Type::Mode
            | Type::File
            | Type::Anything
            | Type::Address
            | Type::Subnet
            | Type::Port
            | Type::Ports
            | Type::Nix
            | Type::Ref(_)
            | Type::Anonymous(_)
            | Type::Fn(_, _)
            | Type::Variable(_) => {}
        }
    }
}
