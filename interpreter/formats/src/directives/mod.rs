//! The keys that systemd's units have, section by section, and what their values are.

mod values;

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use values::{is_span, trouble};

const TABLE: &str = include_str!("directives.tsv");

/// A key of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The version that first knew it; none where it is older than the table.
    pub since: Option<u16>,
    /// What its values are, as the head of the table says; `-` for any text.
    pub values: &'static str,
    /// Whether newer versions only skip it.
    pub old: bool,
}

type Sections = BTreeMap<&'static str, BTreeMap<&'static str, Directive>>;

fn sections() -> &'static Sections {
    static ALL: OnceLock<Sections> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Sections::new();
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let (Some(key), Some(of), Some(since), Some(values), Some(old)) =
                (cells.next(), cells.next(), cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            let directive = Directive { since: since.parse().ok(), values, old: old == "old" };
            for section in of.split(',') {
                all.entry(section).or_default().insert(key, directive);
            }
        }
        all
    })
}

/// A key of a section.
#[must_use]
pub fn find(section: &str, key: &str) -> Option<Directive> {
    sections().get(section)?.get(key).copied()
}

/// Whether there is such a section.
#[must_use]
pub fn is_section(name: &str) -> bool {
    sections().contains_key(name)
}

/// The keys of a section, sorted.
pub fn keys(section: &str) -> impl Iterator<Item = &'static str> + use<> {
    sections().get(section).into_iter().flat_map(|all| all.keys().copied())
}

/// The sections that have a key, those of `Unit`, `Service`, `Timer` and `Install` first.
#[must_use]
pub fn sections_of(key: &str) -> Vec<&'static str> {
    const FIRST: [&str; 4] = ["Unit", "Service", "Timer", "Install"];
    let has =
        |section: &&&'static str| sections().get(**section).is_some_and(|it| it.contains_key(key));
    let rest = sections().keys().filter(|it| !FIRST.contains(*it));
    FIRST.iter().chain(rest).filter(has).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::{TABLE, find, keys, sections_of};

    #[test]
    fn the_table_is_read_whole() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            assert_eq!(line.split('\t').count(), 5, "{line}");
        }
        assert!(keys("Service").count() > 250 && keys("Unit").count() > 90);
        assert_eq!(find("Service", "RestartSteps").and_then(|it| it.since), Some(254));
        assert_eq!(sections_of("After"), ["Unit"]);
        assert_eq!(sections_of("ExecStart"), ["Service"]);
        assert!(find("Service", "After").is_none() && find("Timer", "OnCalendar").is_some());
        assert!(find("Service", "CPUShares").is_some_and(|it| it.old));
    }
}
