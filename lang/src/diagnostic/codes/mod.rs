//! Stable codes. `QG00xx` lexical and limits, `QG01xx` syntax, `QG02xx` names, `QG03xx` types,
//! `QG04xx` evaluation, `QG05xx` the fleet as a whole, `QG06xx` what a target can hold,
//! `QG070x` state and backups, `QG072x` owners, `QG074x` secrets, `QG076x` and `QG077x` who can reach what,
//! `QG078x` units, `QG080x` files and disks, `QG082x` and `QG083x` who may do what,
//! `QG084x` what nothing reads, `QG085x` what is typed again though the model has it,
//! `QG086x` tests and the library's policies.
//!
//! A code never changes its meaning; a retired one is never used again.

pub mod access;
pub mod eval;
pub mod exposure;
pub mod fleet;
pub mod lexical;
pub mod machines;
pub mod names;
pub mod owners;
pub mod secrets;
pub mod state;
pub mod syntax;
pub mod target;
pub mod tests;
pub mod types;
pub mod units;
pub mod unread;

/// One kind of finding: its stable id, a title, and the page that `qgc explain` shows.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeInfo {
    pub id: &'static str,
    pub title: &'static str,
    pub explain: &'static str,
}

/// A reference to a row of the tables below.
pub type Code = &'static CodeInfo;

/// Every code, in order.
pub fn all() -> impl Iterator<Item = Code> {
    [
        lexical::ALL,
        syntax::ALL,
        names::ALL,
        types::ALL,
        eval::ALL,
        fleet::ALL,
        target::ALL,
        state::ALL,
        owners::ALL,
        secrets::ALL,
        exposure::ALL,
        units::ALL,
        machines::ALL,
        access::ALL,
        unread::ALL,
        tests::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The code with this id, as `QG0101`.
pub fn by_id(id: &str) -> Option<Code> {
    all().find(|code| code.id.eq_ignore_ascii_case(id))
}

/// Declares the codes of one area: a constant for each, and the table `ALL`.
macro_rules! codes {
    ($($name:ident = $id:literal, $title:literal, $explain:literal;)*) => {
        $(
            #[doc = concat!("`", $id, "`: ", $title, ".")]
            pub const $name: $crate::diagnostic::Code =
                &$crate::diagnostic::codes::CodeInfo { id: $id, title: $title, explain: $explain };
        )*
        /// The codes of this area, in order.
        pub const ALL: &[$crate::diagnostic::Code] = &[$($name),*];
    };
}
pub(crate) use codes;
