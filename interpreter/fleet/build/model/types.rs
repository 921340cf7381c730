//! One mapping from the types of the language to those of the model.

use qg_lang::check::types::{EnumId, SchemaId, Type};

use super::Wrong;

/// What a value of the model is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A type of `fleet::leaf`, or of Rust.
    Leaf(&'static str),
    List(Box<Form>),
    Map(Box<Form>),
    Optional(Box<Form>),
    Struct(SchemaId),
    Enum(EnumId),
    /// The fields of a schema as data by name.
    Options,
    /// A variant, and its fields as data by name.
    Choice,
}

const TEXT: Form = Form::Leaf("String");
const REF: Form = Form::Leaf("EntityPath");
const DATA: Form = Form::Leaf("Data");

/// The form of a type; `None` where the model has none.
#[must_use]
pub(crate) fn form(ty: &Type) -> Option<Form> {
    Some(match ty {
        Type::Bool => Form::Leaf("bool"),
        Type::Int => Form::Leaf("i64"),
        Type::Float => Form::Leaf("f64"),
        Type::Duration => Form::Leaf("Millis"),
        Type::Size => Form::Leaf("Bytes"),
        Type::Mode => Form::Leaf("u16"),
        Type::Port => Form::Leaf("PortNumber"),
        Type::String
        | Type::Path
        | Type::File
        | Type::Address
        | Type::Subnet
        | Type::Ports
        | Type::Url
        | Type::Hostname
        | Type::Calendar
        | Type::Image
        // The way to it, as text; the origin leads to the place.
        | Type::Anything => TEXT,
        Type::Sealed => Form::Leaf("Sealed"),
        Type::Nix | Type::Data | Type::Module => DATA,
        Type::List(of) | Type::Set(of) => Form::List(Box::new(form(of)?)),
        Type::Map(of) => Form::Map(Box::new(form(of)?)),
        Type::Optional(of) => Form::Optional(Box::new(form(of)?)),
        Type::Where(of, _) => form(of)?,
        Type::Record(id) => Form::Struct(*id),
        Type::Enum(id) => Form::Enum(*id),
        Type::Ref(_) => REF,
        Type::Union(of) => union(of)?,
        Type::Unknown | Type::Never | Type::Anonymous(_) | Type::Fn(..) | Type::Variable(_) => {
            return None;
        }
    })
}

/// Several forms at one place: as little as tells them apart.
fn union(of: &[Type]) -> Option<Form> {
    let has = |wanted: &Type| of.iter().any(|it| it.base() == wanted);
    let refs = of.iter().filter(|it| matches!(it.base(), Type::Ref(_))).count();
    let forms: Option<Vec<Form>> = of.iter().map(form).collect();
    let forms = forms?;
    let texts = forms.iter().filter(|it| **it == TEXT).count();
    Some(match () {
        () if refs == of.len() => REF,
        // What is interpolated: everything has its spelling.
        () if has(&Type::Sealed) && refs == 0 => Form::Leaf("Sealed"),
        // A file beside the sources is no path of the host.
        () if has(&Type::File) && refs + texts == of.len() => Form::Leaf("MountSource"),
        () if texts == of.len() => TEXT,
        () if refs + texts == of.len() => Form::Leaf("RefOr<String>"),
        () if refs == 0 => DATA,
        () => return None,
    })
}

impl Form {
    /// Whether it is data of any form.
    #[must_use]
    pub(crate) fn is_free(&self) -> bool {
        match self {
            Form::List(of) | Form::Map(of) | Form::Optional(of) => of.is_free(),
            Form::Leaf(_) | Form::Struct(_) | Form::Enum(_) => *self == DATA,
            Form::Options | Form::Choice => false,
        }
    }

    /// What it holds in the end, below lists, maps and `?`.
    pub(crate) fn each(
        &mut self,
        visit: &mut impl FnMut(&mut Form) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        match self {
            Form::List(of) | Form::Map(of) | Form::Optional(of) => of.each(visit),
            Form::Leaf(_) | Form::Struct(_) | Form::Enum(_) | Form::Options | Form::Choice => {
                visit(self)
            }
        }
    }
}
