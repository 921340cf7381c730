//! Builtins: what `std/prelude.qg` declares without a body. One function and one row each.
//!
//! A builtin gets its arguments in the order of its parameters, defaults filled in, and gives None
//! where the answer is unknown. What is wrong with an argument it reports at the call.

mod amounts;
mod groups;
mod lists;
pub(crate) mod networks;
mod outside;
mod strings;
mod units;
pub mod way;

use qg_lang::span::Span;

use crate::Evaluator;
use crate::value::{Val, Value};
pub use outside::Requests;

/// A builtin's code.
pub type Builtin = fn(&mut Evaluator<'_>, &[Val], Span) -> Option<Value>;

/// Every builtin, by name.
pub const ALL: &[(&str, Builtin)] = &[
    ("address", networks::address),
    ("all", lists::all),
    ("any", lists::any),
    ("basename", strings::basename),
    ("bytes", amounts::bytes),
    ("concat", lists::concat),
    ("contains", strings::contains),
    ("count", lists::count),
    ("difference", groups::difference),
    ("dirname", strings::dirname),
    ("div", amounts::div),
    ("ends_with", strings::ends_with),
    ("first", lists::first),
    ("flatten", lists::concat),
    ("get", outside::get),
    ("group_by", groups::group_by),
    ("index_by", groups::index_by),
    ("int", networks::int),
    ("intersection", groups::intersection),
    ("join", strings::join),
    ("keys", lists::keys),
    ("last", lists::last),
    ("length", strings::length),
    ("lower", strings::lower),
    ("matches", strings::matches),
    ("max", amounts::max),
    ("milliseconds", amounts::milliseconds),
    ("min", amounts::min),
    ("native_ports", crate::modules::native_ports),
    ("native_state", crate::modules::native_state),
    ("native_units", units::native_units),
    ("nth", networks::nth),
    ("pad", strings::pad),
    ("path", networks::path),
    ("prefix", networks::prefix),
    ("range", lists::range),
    ("rem", amounts::rem),
    ("replace", strings::replace),
    ("reverse", lists::reverse),
    ("seconds", amounts::seconds),
    ("service_of", units::service_of),
    ("sort", lists::sort),
    ("split", strings::split),
    ("starts_with", strings::starts_with),
    ("subnet", networks::subnet),
    ("sum", amounts::sum),
    ("trim", strings::trim),
    ("unique", lists::unique),
    ("upper", strings::upper),
    ("values", lists::values),
    ("zip", groups::zip),
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
