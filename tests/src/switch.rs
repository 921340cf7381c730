//! Switches of tests that may go on for hours, by environment variables.

/// The number that a variable says (`QG_FUZZ`, `QG_FUZZ_SECONDS`, `QG_FUZZ_SEED`); none where it says none.
#[must_use]
pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
