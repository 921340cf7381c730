//! State: what a boot would empty, what is said twice or of another, and what no backup has.

mod copied;
mod copies;
mod homes;
mod modules;
mod mounts;
mod nested;
mod used;

pub(super) use copied::CHECK as COPIED;
pub(super) use copies::CHECK as COPIES;
pub(super) use homes::CHECK as HOMES;
pub(super) use modules::CHECK as MODULES;
pub(super) use mounts::CHECK as MOUNTS;
pub(super) use nested::CHECK as NESTED;
pub(super) use used::CHECK as USED;

use crate::folders::is_below;

/// Whether two paths are the same, or one lies in the other.
fn related(a: &str, b: &str) -> bool {
    a == b || is_below(a, b) || is_below(b, a)
}
