//! Texts that are hard to spell, the same ones at each run.

use std::fmt::Write as _;

pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % sides
    }

    /// Some of the parts, one after another.
    pub(crate) fn text(&mut self, parts: &[&str], longest: usize) -> String {
        let count = self.roll(longest) + 1;
        (0..count).map(|_| parts[self.roll(parts.len())]).collect()
    }
}

/// What has a meaning to some reader on the way.
pub(crate) const PARTS: &[&str] = &[
    "a", "$", "$$", "${HOME}", "$HOME", "%", "%%", "%n", "%i", "\"", "'", "\\", "\\n", "\\.",
    "\\x41", " ", "  ", "\n", "\t", "\r", "#", ";", "=", ",", ":", "é", "😀", "\u{1}", "\u{7f}",
    "{", "}", "[", "]", "`", "\\\n", "-", "@", "!", "|", "&", "*", "?", "~", "/", "<", ">",
    "\u{a0}", "\u{feff}",
];

/// A string of the language.
pub(crate) fn literal(text: &str) -> String {
    let mut all = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => all.push_str("\\\""),
            '\\' => all.push_str("\\\\"),
            '$' if rest.peek() == Some(&'{') => all.push_str("\\u{24}"),
            c if c.is_ascii_graphic() || c == ' ' => all.push(c),
            c => write!(all, "\\u{{{:x}}}", u32::from(c)).unwrap(),
        }
    }
    all.push('"');
    all
}
