//! Builtins: what `std/prelude.qg` declares without a body. One function and one row each.
//!
//! A builtin gets its arguments in the order of its parameters, defaults filled in, and gives None
//! where the answer is unknown. What is wrong with an argument it reports at the call.

mod lists;
pub mod native;
mod strings;
mod units;
pub mod way;

use qg_lang::span::Span;

use crate::Evaluator;
use crate::value::{Val, Value};

/// A builtin's code.
pub type Builtin = fn(&mut Evaluator<'_>, &[Val], Span) -> Option<Value>;

/// Every builtin, by name.
pub const ALL: &[(&str, Builtin)] = &[
    ("all", lists::all),
    ("any", lists::any),
    ("basename", strings::basename),
    ("concat", lists::concat),
    ("contains", strings::contains),
    ("count", lists::count),
    ("dirname", strings::dirname),
    ("ends_with", strings::ends_with),
    ("first", lists::first),
    ("join", strings::join),
    ("keys", lists::keys),
    ("last", lists::last),
    ("length", strings::length),
    ("lower", strings::lower),
    ("matches", strings::matches),
    ("max", lists::max),
    ("min", lists::min),
    ("native_units", units::native_units),
    ("range", lists::range),
    ("replace", strings::replace),
    ("reverse", lists::reverse),
    ("service_of", units::service_of),
    ("sort", lists::sort),
    ("split", strings::split),
    ("starts_with", strings::starts_with),
    ("sum", lists::sum),
    ("trim", strings::trim),
    ("unique", lists::unique),
    ("upper", strings::upper),
    ("values", lists::values),
];

/// The builtin of this name.
#[must_use]
pub fn find(name: &str) -> Option<Builtin> {
    let at = ALL.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    ALL.get(at).map(|(_, run)| *run)
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn the_table_is_sorted() {
        assert!(ALL.is_sorted_by(|a, b| a.0 < b.0));
    }
}
