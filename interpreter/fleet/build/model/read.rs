//! How each struct and enum is read from the values of an evaluation.

use std::fmt::Write as _;

use super::plan::{Enumeration, Field, Struct};
use super::types::Form;

pub(crate) fn structure(it: &Struct, out: &mut String) {
    let name = &it.rust;
    let _ = writeln!(out, "\nimpl Read for {name} {{");
    let _ =
        writeln!(out, "    fn read(reader: Reader<'_>, val: &Val) -> Result<{name}, ReadError> {{");
    let _ = writeln!(out, "        let fields = reader.fields(val)?;\n        Ok({name} {{");
    for field in &it.fields {
        let Field { name, rust, form, .. } = field;
        let how = match form {
            Form::Map(_) => "map",
            Form::Optional(_) => "optional",
            Form::Leaf(_) | Form::List(_) | Form::Struct(_) | Form::Enum(_) => "required",
            Form::Options | Form::Choice => "required",
        };
        let _ = writeln!(out, "            {rust}: fields.{how}({name:?})?,");
    }
    if it.is_root {
        out.push_str("            found: Default::default(),\n");
    }
    out.push_str("        })\n    }\n}\n");
}

pub(crate) fn enumeration(it: &Enumeration, out: &mut String) {
    let name = &it.rust;
    let _ = writeln!(out, "\nimpl Read for {name} {{");
    let _ =
        writeln!(out, "    fn read(reader: Reader<'_>, val: &Val) -> Result<{name}, ReadError> {{");
    out.push_str("        let variant = reader.variant(val)?;\n        Ok(match variant.name {\n");
    for variant in &it.variants {
        let payload = variant.payload.map(|_| "(Box::new(variant.payload()?))").unwrap_or_default();
        let word = &variant.name;
        let _ = writeln!(out, "            {word:?} => {name}::{}{payload},", variant.rust);
    }
    let _ = writeln!(out, "            _ => return Err(variant.unheard_of({name:?})),");
    out.push_str("        })\n    }\n}\n");
}
