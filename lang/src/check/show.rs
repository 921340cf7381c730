//! How types are spelled in messages.

use super::env::{Env, TYPE_DEPTH};
use super::types::Type;

/// How many fields of a record without schema are spelled out.
const SHOWN_FIELDS: usize = 4;

impl Env<'_> {
    /// The type as one would write it.
    #[must_use]
    pub fn show(self, ty: &Type) -> String {
        self.show_at(ty, 0)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "three types need brackets before `?`")]
    fn show_at(self, ty: &Type, depth: usize) -> String {
        if depth > TYPE_DEPTH {
            return "…".to_owned();
        }
        let inner = |ty: &Type| self.show_at(ty, depth + 1);
        let list = |types: &[Type], between: &str| {
            types.iter().map(inner).collect::<Vec<_>>().join(between)
        };
        match ty {
            Type::Unknown => "unknown".to_owned(),
            Type::Never => "nothing".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Int => "int".to_owned(),
            Type::Float => "float".to_owned(),
            Type::String => "string".to_owned(),
            Type::Duration => "duration".to_owned(),
            Type::Size => "size".to_owned(),
            Type::Mode => "mode".to_owned(),
            Type::Path => "path".to_owned(),
            Type::File => "file".to_owned(),
            Type::Address => "address".to_owned(),
            Type::Subnet => "subnet".to_owned(),
            Type::Port => "port".to_owned(),
            Type::Ports => "ports".to_owned(),
            Type::Url => "url".to_owned(),
            Type::Hostname => "hostname".to_owned(),
            Type::Calendar => "calendar".to_owned(),
            Type::Image => "image".to_owned(),
            Type::Sealed => "sealed".to_owned(),
            Type::Nix => "nix".to_owned(),
            Type::Data => "data".to_owned(),
            Type::Module => "module".to_owned(),
            Type::Anything => "anything".to_owned(),
            Type::List(element) => format!("[{}]", inner(element)),
            Type::Set(element) => format!("set[{}]", inner(element)),
            Type::Map(element) => format!("{{{}}}", inner(element)),
            Type::Optional(base) => match **base {
                Type::Union(_) | Type::Fn(..) | Type::Where(..) => format!("({})?", inner(base)),
                _ => format!("{}?", inner(base)),
            },
            Type::Union(members) => list(members, " | "),
            Type::Where(base, _) => format!("{} where …", inner(base)),
            Type::Record(id) => self.schema(*id).name.to_string(),
            Type::Ref(id) => match self.tables.kind_of.get(id) {
                Some(kind) => kind.to_string(),
                None => format!("&{}", self.schema(*id).name),
            },
            Type::Enum(id) => self.declarations.enumeration(*id).name.to_string(),
            Type::Anonymous(fields) => {
                let mut shown: Vec<String> = fields
                    .iter()
                    .take(SHOWN_FIELDS)
                    .map(|(name, ty)| format!("{name}: {}", inner(ty)))
                    .collect();
                if fields.len() > SHOWN_FIELDS {
                    shown.push("…".to_owned());
                }
                if shown.is_empty() {
                    "{}".to_owned()
                } else {
                    format!("{{ {} }}", shown.join(", "))
                }
            }
            Type::Fn(params, result) => format!("({}) -> {}", list(params, ", "), inner(result)),
            Type::Variable(name) => name.to_string(),
        }
    }

    /// The type for the middle of a sentence: "a `port`", "an `int`".
    #[must_use]
    pub fn a(self, ty: &Type) -> String {
        let shown = self.show(ty);
        let article =
            if shown.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) { "an" } else { "a" };
        format!("{article} `{shown}`")
    }
}
