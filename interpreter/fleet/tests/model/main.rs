//! How the typed model is made from schemas: what a schema gains is in it, and what has no form is refused.

#[path = "../../build/model/mod.rs"]
mod generator;

use qg_lang::world::MemoryWorld;

use generator::Special;

/// The model of the standard library with more schemas behind it.
fn made(more: &str, special: &Special) -> Result<String, String> {
    let mut world = MemoryWorld::default();
    world.sources.insert("more.qg".into(), more.into());
    let analysis = qg_lang::analyze(&world);
    generator::generate(&analysis, special).map_err(|wrong| wrong.0)
}

fn refused(more: &str) -> String {
    made(more, &Special::own()).expect_err("it has no form")
}

#[test]
fn what_was_compiled_is_what_the_library_says() {
    let analysis = qg_lang::analyze(&MemoryWorld::default());
    let text = generator::generate(&analysis, &Special::own()).expect("the library has a form");
    let rows = text.matches("    ModelField { schema: ").count();
    assert_eq!(rows, qg_fleet::model::FIELDS.len());
    for field in qg_fleet::model::FIELDS {
        let schema = analysis.declarations.schemas.iter().find(|it| &*it.name == field.schema);
        assert!(schema.is_some_and(|it| it.field(field.name).is_some()), "{field:?}");
    }
}

#[test]
fn a_field_that_a_schema_gains_is_in_its_struct_and_in_the_table() {
    let more = "extend schema Container {\n  ## How bright it is.\n  ShinyNess: duration?\n}\n";
    let text = made(more, &Special::own()).expect("a field like others");
    let field = "    /// How bright it is.\n    #[cfg_attr(feature = \"json\", serde(rename = \"ShinyNess\"))]\n    pub shiny_ness: Option<At<Millis>>,\n";
    assert!(text.contains(field));
    let row = "schema: \"Container\", name: \"ShinyNess\", ty: \"duration?\", place: \"more.qg:3\", typed: true, free: false";
    assert!(text.contains(row));
    assert!(text.contains("&self.shiny_ness);"), "the visitor comes to it");
}

#[test]
fn a_field_of_what_stays_data_is_a_row_too() {
    let text = made("extend schema EntryPoint { loud: bool? }", &Special::own()).expect("data");
    assert!(text.contains("schema: \"EntryPoint\", name: \"loud\", ty: \"bool?\""));
    assert!(!text.contains("pub loud:"));
}

#[test]
fn a_new_kind_has_its_struct_and_its_enums() {
    let more = "schema Game { mode: Mode = calm, use: {Level} = {} }\nenum Mode { calm, wild { for: duration } }\n\
        schema Level { at: &Port | url }\nextend schema Model { game: {Game} = {} }\n";
    let text = made(more, &Special::own()).expect("a kind like others");
    for part in [
        "pub mod more {",
        "    pub game: BTreeMap<String, At<super::more::Game>>,\n",
        "    pub r#use: BTreeMap<String, At<super::more::Level>>,\n",
        "    Wild(Box<super::more::Wild>),\n",
        "    pub r#for: At<Millis>,\n",
        "    pub at: At<RefOr<String>>,\n",
    ] {
        assert!(text.contains(part), "{part} is missing");
    }
}

#[test]
fn a_row_of_the_special_table_about_nothing_is_refused() {
    let kept = Special { kept: vec!["EntryPiont"], names: Vec::new() };
    assert_eq!(
        made("", &kept),
        Err("special.rs keeps `EntryPiont` as data, which no field of the model leads to"
            .to_owned())
    );
    let named = Special { kept: Vec::new(), names: vec![("Answer.nope", "Reason")] };
    assert_eq!(
        made("", &named),
        Err("special.rs names `Answer.nope`, which the library does not have".to_owned())
    );
}

#[test]
fn what_has_no_form_is_refused_with_its_place() {
    let two = refused("extend schema Unit { restart: bool? }");
    assert_eq!(two, "`Restart` and `restart` of `Unit` have one name in Rust");
    let union = refused("extend schema Unit { odd: service | int = 1 }");
    assert!(union.starts_with("`Unit.odd`: the model has no form for `service | int`"), "{union}");
    let kept = "enum Loud { no, yes { how: int } }\nextend schema EntryPoint { loud: Loud? }";
    assert_eq!(
        refused(kept),
        "`EntryPoint.loud` is kept as data, and variants of `Loud` hold something"
    );
    let wrong = refused("extend schema Unit { odd: Nothing? }");
    assert!(wrong.starts_with("more.qg:1: "), "{wrong}");
}
