//! Letter case as Go's `strings` has it: `EqualFold` and `ToLower`, rune by rune.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

/// One rune for all that differ in nothing but case (Unicode's simple folding).
fn folded(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
    // Without the tables of Unicode there would be no folding to ask for; they are compiled in.
    if class.try_case_fold_simple().is_err() {
        return c;
    }
    class.ranges().first().map_or(c, |range| range.start().to_ascii_lowercase())
}

/// `strings.EqualFold`
#[must_use]
pub fn equal_fold(left: &str, right: &str) -> bool {
    left.chars().map(folded).eq(right.chars().map(folded))
}

/// Whether a text ends in another, whatever their case; as many bytes are compared as the other has.
#[must_use]
pub fn has_suffix_fold(text: &str, suffix: &str) -> bool {
    let Some(start) = text.len().checked_sub(suffix.len()) else { return false };
    let tail = text.as_bytes().get(start..).unwrap_or_default();
    equal_fold(&super::text(tail), suffix)
}

/// `strings.ToLower`
#[must_use]
pub fn lower(text: &str) -> String {
    text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_simple() {
        assert!(equal_fold("App.É", "aPP.é"));
        // The Kelvin sign is a K, the long s an S; ß is no ss.
        assert!(equal_fold("\u{212A}\u{17F}", "kS"));
        assert!(!equal_fold("ß", "ss"));
        assert!(has_suffix_fold("a.EXAMPLE.com", ".example.COM"));
        assert!(!has_suffix_fold("com", "example.com"));
        assert!(!has_suffix_fold("é", "\u{FFFD}\u{FFFD}"));
        assert_eq!(lower("ÀB.İ"), "àb.i");
    }
}
