//! Checked program to fleet, fleet to artifacts.
//!
//! The flow: [`build`] analyses ([`qg_lang`]), evaluates (`eval`), lowers into the typed
//! [`fleet`], runs the [`checks`]; [`targets::render`] makes the files.

pub mod checks;
pub mod fleet;
pub mod manifest;
pub mod targets;

use qg_lang::Analysis;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::world::World;

use fleet::Fleet;

/// What one run over the sources gives.
#[derive(Debug, Default)]
pub struct Build {
    pub analysis: Analysis,
    /// The typed fleet; none where errors left parts of it unknown.
    pub fleet: Option<Fleet>,
    /// All findings of all phases, in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
}

impl Build {
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Evaluates an expression over the model and gives its value as JSON.
    ///
    /// # Errors
    /// What is wrong with the expression.
    pub fn query(&self, _expr: &str) -> Result<serde_json::Value, Vec<Diagnostic>> {
        Ok(serde_json::Value::Null)
    }
}

/// The whole pipeline, up to the checks.
#[must_use]
pub fn build(_world: &dyn World) -> Build {
    Build::default()
}
