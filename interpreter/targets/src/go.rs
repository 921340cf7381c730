//! What Go programs read: strings of Go's syntax, code of its templates, durations.

use std::fmt::Write as _;

use qg_fleet::leaf::Millis;

/// A Go string literal, as the rules of Traefik want it: between backticks where that is possible.
#[must_use]
pub fn literal(text: &str) -> String {
    // Between backticks Go drops carriage returns, and other control characters would be invisible.
    if !text.contains('`') && !text.chars().any(char::is_control) {
        return format!("`{text}`");
    }
    let mut all = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => all.push_str("\\\""),
            '\\' => all.push_str("\\\\"),
            c if c.is_control() => {
                // Writing into a string cannot fail.
                let _ = write!(all, "\\U{:08x}", u32::from(c));
            }
            c => all.push(c),
        }
    }
    all.push('"');
    all
}

/// A string inside the code of a Go template which stands between YAML's double quotes: neither a double
/// quote nor a backslash is in it.
#[must_use]
pub fn template_literal(text: &str) -> String {
    let plain = |c: char| c != '`' && c != '"' && c != '\\' && !c.is_control();
    if text.chars().all(plain) {
        return format!("`{text}`");
    }
    let (mut verbs, mut arguments) = (String::new(), String::new());
    for c in text.chars() {
        if plain(c) && c != '%' {
            verbs.push(c);
        } else {
            verbs.push_str("%c");
            let _ = write!(arguments, " {}", u32::from(c));
        }
    }
    format!("(printf `{verbs}`{arguments})")
}

/// A duration as Go writes it: `1h30m`, `500ms`.
#[must_use]
pub fn duration(time: Millis) -> String {
    units(time, &[("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)], "")
}

/// A duration in the given units, largest first.
#[must_use]
pub fn units(time: Millis, units: &[(&str, u64)], between: &str) -> String {
    let mut rest = time.0;
    let mut parts = Vec::new();
    for (unit, size) in units {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            parts.push(format!("{count}{unit}"));
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(between) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        assert_eq!(literal("a.b/\\\"x"), "`a.b/\\\"x`");
        assert_eq!(literal("a`\"\\\n"), "\"a`\\\"\\\\\\U0000000a\"");
        assert_eq!(template_literal("/run/x %d"), "`/run/x %d`");
        assert_eq!(template_literal("a`\"b%"), "(printf `a%c%cb%c` 96 34 37)");
    }

    #[test]
    fn durations() {
        assert_eq!(duration(Millis(5_400_000)), "1h30m");
        assert_eq!(duration(Millis(1500)), "1s500ms");
        assert_eq!(duration(Millis(0)), "0s");
    }
}
