//! The structs and enums of the model, as Rust.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::plan::{Enumeration, Field, Plan, Struct};
use super::table::Table;
use super::types::Form;
use super::{read, walk};

/// One module for each file of the library.
#[must_use]
pub(crate) fn write(plan: &Plan, table: &Table) -> String {
    let mut modules: BTreeMap<&str, String> = BTreeMap::new();
    for it in &plan.structs {
        let module = modules.entry(&it.topic).or_default();
        structure(plan, it, module);
        read::structure(it, module);
        walk::structure(table, it, module);
    }
    for it in &plan.enums {
        let module = modules.entry(&it.topic).or_default();
        enumeration(plan, it, module);
        read::enumeration(it, module);
        walk::enumeration(it, module);
    }
    let mut all = String::from("use super::leaves::ModelField;\n\n");
    table.write(plan, &mut all);
    for (topic, text) in modules {
        let _ =
            write!(all, "/// From `<std>/{topic}.qg`.\npub mod {topic} {{\n{IMPORTS}{text}}}\n\n");
    }
    all
}

const IMPORTS: &str = "use std::collections::BTreeMap;\n\nuse crate::choice::{Choice, Options};\n\
    use crate::leaf::*;\nuse crate::leaves::{LeafOrigin, LeafValue, Walk, Walker};\n    use crate::read::{Read, ReadError, Reader};\nuse qg_evaluation::value::Val;\n";

/// Unit tests write models in JSON, with the fields that they are about.
const JSON: &str = r#"#[cfg_attr(feature = "json", derive(serde::Deserialize), serde(default))]"#;

fn structure(plan: &Plan, it: &Struct, out: &mut String) {
    out.push('\n');
    doc(out, "", &it.doc);
    let same = if it.is_root { "" } else { ", PartialEq" };
    let _ = writeln!(out, "#[derive(Clone, Debug, Default{same})]\n{JSON}");
    let _ = writeln!(out, "pub struct {} {{", it.rust);
    for field in &it.fields {
        doc(out, "    ", &field.doc);
        let _ =
            writeln!(out, r#"    #[cfg_attr(feature = "json", serde(rename = {:?}))]"#, field.name);
        let _ = writeln!(out, "    pub {}: {},", field.rust, of_field(plan, field));
    }
    if it.is_root {
        out.push_str("    /// What was found in it, once.\n");
        out.push_str(r#"    #[cfg_attr(feature = "json", serde(skip))]"#);
        out.push('\n');
        out.push_str("    pub(crate) found: crate::Found,\n");
    }
    out.push_str("}\n");
}

fn enumeration(plan: &Plan, it: &Enumeration, out: &mut String) {
    out.push('\n');
    doc(out, "", &it.doc);
    let plain = it.variants.iter().all(|it| it.payload.is_none());
    let default = it.variants.get(it.default);
    let derived = default.is_some_and(|it| it.payload.is_none());
    let more = if plain { ", Copy, Eq, PartialOrd, Ord" } else { "" };
    let whole = if derived { ", Default" } else { "" };
    let _ = writeln!(
        out,
        "#[derive(Clone, Debug, PartialEq{more}{whole})]\n#[cfg_attr(feature = \"json\", derive(serde::Deserialize))]"
    );
    let _ = writeln!(out, "pub enum {} {{", it.rust);
    for (index, variant) in it.variants.iter().enumerate() {
        doc(out, "    ", &variant.doc);
        if derived && index == it.default {
            out.push_str("    #[default]\n");
        }
        let payload = variant.payload.map(|id| format!("(Box<{}>)", structure_path(plan, id)));
        let _ = writeln!(
            out,
            r#"    #[cfg_attr(feature = "json", serde(rename = {:?}))]"#,
            variant.name
        );
        let _ = writeln!(out, "    {}{},", variant.rust, payload.unwrap_or_default());
    }
    out.push_str("}\n\n");
    if !derived && let Some(default) = default {
        let (name, variant) = (&it.rust, &default.rust);
        let _ = writeln!(out, "impl Default for {name} {{\n    fn default() -> {name} {{");
        let _ = writeln!(out, "        {name}::{variant}(Box::default())\n    }}\n}}\n");
    }
    words(it, if plain { "self" } else { "&self" }, out);
}

fn words(it: &Enumeration, receiver: &str, out: &mut String) {
    let _ = writeln!(out, "impl {} {{", it.rust);
    out.push_str("    /// As the language writes it.\n    #[must_use]\n");
    let _ = writeln!(out, "    pub fn word({receiver}) -> &'static str {{\n        match self {{");
    for variant in &it.variants {
        let payload = if variant.payload.is_some() { "(_)" } else { "" };
        let name = &variant.name;
        let _ = writeln!(out, "            {}::{}{payload} => {name:?},", it.rust, variant.rust);
    }
    out.push_str("        }\n    }\n}\n");
}

/// The type of a field. A map is none by itself: each of its entries knows who said it.
fn of_field(plan: &Plan, field: &Field) -> String {
    match &field.form {
        Form::Map(of) => format!("BTreeMap<String, At<{}>>", value(plan, of)),
        Form::Optional(of) => format!("Option<At<{}>>", value(plan, of)),
        Form::Leaf(_) | Form::List(_) | Form::Struct(_) | Form::Enum(_) => {
            format!("At<{}>", value(plan, &field.form))
        }
        Form::Options | Form::Choice => format!("At<{}>", value(plan, &field.form)),
    }
}

fn value(plan: &Plan, form: &Form) -> String {
    match form {
        Form::Leaf(name) => (*name).to_owned(),
        Form::List(of) => format!("Vec<At<{}>>", value(plan, of)),
        Form::Map(of) => format!("BTreeMap<String, At<{}>>", value(plan, of)),
        Form::Optional(of) => format!("Option<At<{}>>", value(plan, of)),
        Form::Struct(id) => structure_path(plan, *id),
        Form::Enum(id) => {
            plan.enumeration(*id).map_or_else(String::new, |it| path(&it.topic, &it.rust))
        }
        Form::Options => "Options".to_owned(),
        Form::Choice => "Choice".to_owned(),
    }
}

fn structure_path(plan: &Plan, id: qg_lang::check::types::SchemaId) -> String {
    plan.structure(id).map_or_else(String::new, |it| path(&it.topic, &it.rust))
}

fn path(topic: &str, name: &str) -> String {
    format!("super::{topic}::{name}")
}

/// Doc comments of the library as Rust's: a bracket there is no link.
fn doc(out: &mut String, indent: &str, text: &str) {
    for line in text.lines() {
        let line = line.replace('[', "\\[").replace('<', "\\<");
        let _ = writeln!(out, "{indent}/// {}", line.trim());
    }
}
