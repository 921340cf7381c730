//! The one visitor: each struct and enum hands on its parts, by the rows of the table.

use std::fmt::Write as _;

use super::plan::{Enumeration, Struct};
use super::table::Table;

pub(crate) fn structure(table: &Table, it: &Struct, out: &mut String) {
    let _ = writeln!(out, "\nimpl Walk for {} {{", it.rust);
    out.push_str("    fn walk<'m>(&'m self, _: LeafOrigin, walker: &mut Walker<'m, '_>) {\n");
    if it.fields.is_empty() {
        out.push_str("        let _ = walker;\n");
    }
    for field in &it.fields {
        let row = table.row(it.id, &field.name);
        let _ = writeln!(out, "        walker.field(&super::FIELDS[{row}], &self.{});", field.rust);
    }
    out.push_str("    }\n}\n");
}

pub(crate) fn enumeration(it: &Enumeration, out: &mut String) {
    let _ = writeln!(out, "\nimpl Walk for {} {{", it.rust);
    out.push_str("    fn walk<'m>(&'m self, said: LeafOrigin, walker: &mut Walker<'m, '_>) {\n");
    out.push_str("        walker.leaf(LeafValue::Word(self.word()), said);\n");
    let payloads = || it.variants.iter().filter(|it| it.payload.is_some());
    if payloads().next().is_some() {
        out.push_str("        match self {\n");
        for variant in payloads() {
            let (of, name) = (&it.rust, &variant.rust);
            let step = format!("walker.variant({:?}, payload, said)", variant.name);
            let _ = writeln!(out, "            {of}::{name}(payload) => {step},");
        }
        let rest: Vec<String> = it
            .variants
            .iter()
            .filter(|it| it.payload.is_none())
            .map(|v| format!("{}::{}", it.rust, v.rust))
            .collect();
        if !rest.is_empty() {
            let _ = writeln!(out, "            {} => {{}}", rest.join(" | "));
        }
        out.push_str("        }\n");
    }
    out.push_str("    }\n}\n");
}
