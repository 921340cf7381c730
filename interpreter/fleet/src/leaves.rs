//! The leaves of the model, one after another, each by the fields that lead to it: what a check needs that is about
//! all fields of a kind, whatever schema they stand in.
//!
//! The structs are made from the schemas (`build/`), and so is how each hands on its parts: no field can be
//! forgotten here.

use std::collections::BTreeMap;

use super::choice::Choice;
use super::leaf::{
    At, Bytes, Data, EntityPath, Millis, MountSource, OriginId, PortNumber, Priority, RefOr, Sealed,
};

/// A field of a schema of the standard library.
#[derive(Debug, PartialEq, Eq)]
pub struct ModelField {
    /// `Route`; a payload's is its variant's, `Login.sso`.
    pub schema: &'static str,
    pub name: &'static str,
    /// As the library writes it.
    pub ty: &'static str,
    /// Where it is declared: `<std>/route.qg:12`.
    pub place: &'static str,
    /// Whether the model has a field of its own for it; otherwise it is data by name, in
    /// [`Options`](super::choice::Options).
    pub typed: bool,
    /// Whether it holds data of any form, whose words are another program's.
    pub free: bool,
}

impl ModelField {
    /// Its schema and its name.
    #[must_use]
    pub fn key(&self) -> (&'static str, &'static str) {
        (self.schema, self.name)
    }
}

/// Who said a leaf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeafOrigin {
    pub priority: Priority,
    pub origin: OriginId,
}

/// One step of the way to a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelStep<'m> {
    Field(&'static ModelField),
    /// Of a map, or of data by name.
    Key(&'m str),
    Item(usize),
    /// Into what a variant holds.
    Variant(&'m str),
}

impl<'m> ModelStep<'m> {
    /// The key, where it is one.
    #[must_use]
    pub fn key(&self) -> Option<&'m str> {
        if let ModelStep::Key(key) = self { Some(key) } else { None }
    }

    /// The field, where it is one.
    #[must_use]
    pub fn field(&self) -> Option<&'static ModelField> {
        if let ModelStep::Field(field) = self { Some(field) } else { None }
    }
}

/// What a leaf is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LeafValue<'m> {
    Bool(bool),
    Int(i64),
    Duration(Millis),
    Size(Bytes),
    Float(f64),
    Mode(u16),
    Port(PortNumber),
    Text(&'m str),
    /// A file beside the sources.
    File(&'m str),
    Nix(&'m str),
    Sealed(&'m Sealed),
    Ref(&'m EntityPath),
    /// A variant.
    Word(&'m str),
    /// A list, or data, with nothing in it.
    Empty,
}

/// Goes from leaf to leaf.
pub struct Walker<'m, 'v> {
    path: Vec<ModelStep<'m>>,
    visit: &'v mut dyn FnMut(&[ModelStep<'m>], LeafValue<'m>, LeafOrigin),
}

/// What has leaves.
pub trait Walk {
    fn walk<'m>(&'m self, said: LeafOrigin, walker: &mut Walker<'m, '_>);
}

/// Visits every leaf once, with the way from `root` to it.
pub fn each<'m>(
    root: &'m impl Walk,
    visit: &mut dyn FnMut(&[ModelStep<'m>], LeafValue<'m>, LeafOrigin),
) {
    root.walk(LeafOrigin::default(), &mut Walker { path: Vec::new(), visit });
}

impl<'m> Walker<'m, '_> {
    pub fn leaf(&mut self, value: LeafValue<'m>, said: LeafOrigin) {
        (self.visit)(&self.path, value, said);
    }

    pub fn field(&mut self, field: &'static ModelField, value: &'m impl Walk) {
        self.step(ModelStep::Field(field), value, LeafOrigin::default());
    }

    pub fn variant(&mut self, name: &'m str, payload: &'m impl Walk, said: LeafOrigin) {
        self.step(ModelStep::Variant(name), payload, said);
    }

    fn step(&mut self, step: ModelStep<'m>, value: &'m impl Walk, said: LeafOrigin) {
        self.path.push(step);
        value.walk(said, self);
        self.path.pop();
    }
}

impl<T: Walk> Walk for At<T> {
    fn walk<'m>(&'m self, _: LeafOrigin, walker: &mut Walker<'m, '_>) {
        self.value.walk(LeafOrigin { priority: self.priority, origin: self.origin }, walker);
    }
}

impl<T: Walk> Walk for Box<T> {
    fn walk<'m>(&'m self, said: LeafOrigin, walker: &mut Walker<'m, '_>) {
        (**self).walk(said, walker);
    }
}

impl<T: Walk> Walk for Option<T> {
    fn walk<'m>(&'m self, said: LeafOrigin, walker: &mut Walker<'m, '_>) {
        self.iter().for_each(|it| it.walk(said, walker));
    }
}

impl<T: Walk> Walk for Vec<T> {
    fn walk<'m>(&'m self, said: LeafOrigin, walker: &mut Walker<'m, '_>) {
        if self.is_empty() {
            walker.leaf(LeafValue::Empty, said);
        }
        for (index, item) in self.iter().enumerate() {
            walker.step(ModelStep::Item(index), item, said);
        }
    }
}

impl<T: Walk> Walk for BTreeMap<String, T> {
    fn walk<'m>(&'m self, said: LeafOrigin, walker: &mut Walker<'m, '_>) {
        for (key, value) in self {
            walker.step(ModelStep::Key(key), value, said);
        }
    }
}

impl Walk for Choice {
    fn walk<'m>(&'m self, said: LeafOrigin, walker: &mut Walker<'m, '_>) {
        walker.leaf(LeafValue::Word(&self.kind), said);
        walker.variant(&self.kind, &self.options, said);
    }
}

impl Walk for Data {
    fn walk<'m>(&'m self, said: LeafOrigin, walker: &mut Walker<'m, '_>) {
        match self {
            Data::Bool(it) => walker.leaf(LeafValue::Bool(*it), said),
            Data::Int(it) => walker.leaf(LeafValue::Int(*it), said),
            Data::Float(it) => walker.leaf(LeafValue::Float(*it), said),
            Data::Duration(it) => walker.leaf(LeafValue::Duration(*it), said),
            Data::Size(it) => walker.leaf(LeafValue::Size(*it), said),
            Data::Ref(path) => walker.leaf(LeafValue::Ref(path), said),
            Data::Text(text) => walker.leaf(LeafValue::Text(text), said),
            Data::Sealed(it) => walker.leaf(LeafValue::Sealed(it), said),
            Data::Nix(text) => walker.leaf(LeafValue::Nix(text), said),
            Data::File(path) => walker.leaf(LeafValue::File(path), said),
            Data::List(items) => items.walk(said, walker),
            Data::Record(fields) if fields.is_empty() => walker.leaf(LeafValue::Empty, said),
            Data::Record(fields) => fields.walk(said, walker),
        }
    }
}

impl<T: Walk> Walk for RefOr<T> {
    fn walk<'m>(&'m self, said: LeafOrigin, walker: &mut Walker<'m, '_>) {
        match self {
            RefOr::Ref(path) => walker.leaf(LeafValue::Ref(path), said),
            RefOr::Value(value) => value.walk(said, walker),
        }
    }
}

impl Walk for MountSource {
    fn walk<'m>(&'m self, said: LeafOrigin, walker: &mut Walker<'m, '_>) {
        let value = match self {
            MountSource::Path(path) => LeafValue::Text(path),
            MountSource::File(path) => LeafValue::File(path),
            MountSource::Volume(it) | MountSource::Secret(it) => LeafValue::Ref(it),
        };
        walker.leaf(value, said);
    }
}

/// Types that are a leaf by themselves.
macro_rules! leaves {
    ($($ty:ty: $it:ident => $value:expr,)*) => {
        $(impl Walk for $ty {
            fn walk<'m>(&'m self, said: LeafOrigin, walker: &mut Walker<'m, '_>) {
                let $it = self;
                walker.leaf($value, said);
            }
        })*
    };
}

leaves! {
    bool: it => LeafValue::Bool(*it),
    i64: it => LeafValue::Int(*it),
    Millis: it => LeafValue::Duration(*it),
    Bytes: it => LeafValue::Size(*it),
    f64: it => LeafValue::Float(*it),
    u16: it => LeafValue::Mode(*it),
    PortNumber: it => LeafValue::Port(*it),
    String: it => LeafValue::Text(it),
    Sealed: it => LeafValue::Sealed(it),
    EntityPath: it => LeafValue::Ref(it),
}
