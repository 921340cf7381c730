//! From the schemas of the standard library to the Rust of `fleet::model`.
//!
//! [`plan`] finds what is reachable from `schema Model` and gives each field its form; the writers beside it
//! spell that as Rust. Nothing here knows a schema by name but [`special`].

mod kept;
mod names;
mod plan;
mod read;
mod special;
mod structs;
mod table;
mod types;
mod walk;

use std::error::Error;
use std::fmt;

use qg_lang::Analysis;

use plan::Plan;
pub(crate) use special::Special;

/// Why no model can be made.
#[derive(Debug)]
pub(crate) struct Wrong(pub(crate) String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Wrong {}

/// The Rust of the whole model: one module for each file of the standard library.
///
/// # Errors
/// What in the library, or in the special table, has no form in the model.
pub(crate) fn generate(analysis: &Analysis, special: &Special) -> Result<String, Wrong> {
    let (plan, table) = (Plan::of(analysis, special)?, table::Table::of(analysis));
    kept::check(&analysis.declarations, &plan, table.schemas())?;
    Ok(structs::write(&plan, &table))
}
