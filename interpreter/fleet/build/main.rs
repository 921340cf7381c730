//! Makes the typed model of the fleet from the schemas of the standard library, before the crate is compiled.
#![allow(clippy::print_stdout)] // how a build script speaks to cargo

mod model;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use qg_lang::world::MemoryWorld;

fn main() -> Result<(), Box<dyn Error>> {
    // The standard library is a part of this program: where it changes, this is another one, and runs again.
    println!("cargo::rerun-if-changed=build");
    let analysis = qg_lang::analyze(&MemoryWorld::default());
    let text = model::generate(&analysis, &model::Special::own())?;
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(folder.join("model.rs"), text)?;
    Ok(())
}
