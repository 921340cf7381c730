//! Durations and sizes: `1h30m`, `512MiB`.

use crate::ast::{Duration, ExprKind, Size};
use crate::diagnostic::codes::lexical;

use super::literal::Problem;

/// Units of time in milliseconds, from the longest.
const TIMES: &[(&str, u64)] = &[
    ("w", 7 * 24 * 3_600_000),
    ("d", 24 * 3_600_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];

const SIZES: &[(&str, u64)] = &[
    ("B", 1),
    ("KB", 1000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// How other tools spell units, and how they are spelled here.
const FOREIGN: &[(&str, &str)] = &[
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("min", "m"),
    ("mins", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("week", "w"),
    ("weeks", "w"),
    ("msec", "ms"),
    ("k", "KiB"),
    ("ki", "KiB"),
    ("mi", "MiB"),
    ("g", "GiB"),
    ("gi", "GiB"),
    ("t", "TiB"),
    ("ti", "TiB"),
];

/// What a letter alone means where it stands behind the number of bytes: Podman's `--memory` and systemd's
/// `MemoryMax` (podman-run(1), systemd.resource-control(5)) count in 1024s.
const LETTERS: &str = "a letter alone means 1024s to Podman, Docker and systemd: `KiB`, `MiB`, `GiB`, `TiB`; thousands are `KB`, `MB`, `GB`, `TB`";

/// The size that a text means to Podman, Docker or systemd, as it is written here: `512m` is `512MiB`.
pub(crate) fn as_size(text: &str) -> Option<String> {
    let parts = parts(text.trim())?;
    let [(number, unit)] = parts.as_slice() else { return None };
    let lower = unit.to_lowercase();
    let known = match lower.as_str() {
        "m" => "MiB",
        _ => {
            SIZES.iter().map(|(name, _)| *name).find(|name| name.to_lowercase() == lower).or_else(
                || {
                    let foreign = FOREIGN.iter().find(|(name, _)| *name == lower)?.1;
                    SIZES.iter().any(|(name, _)| *name == foreign).then_some(foreign)
                },
            )?
        }
    };
    Some(format!("{number}{known}"))
}

/// The duration that a text means elsewhere, as it is written here: `10 min` is `10m`.
pub(crate) fn as_duration(text: &str) -> Option<String> {
    let joined: String = text.split_whitespace().collect();
    let time = |unit: &str| TIMES.iter().any(|(name, _)| *name == unit);
    let spelled = parts(&joined)?.into_iter().map(|(number, unit)| {
        let foreign = || FOREIGN.iter().find(|(name, _)| *name == unit).map(|(_, known)| *known);
        let known = if time(unit) { unit } else { foreign().filter(|known| time(known))? };
        Some(format!("{number}{known}"))
    });
    let spelled: String = spelled.collect::<Option<String>>()?;
    read(&spelled).is_ok().then_some(spelled)
}

/// Reads a word that begins with a digit and holds other letters.
pub(super) fn read(text: &str) -> Result<ExprKind, Problem> {
    let Some(parts) = parts(text) else { return Err(unknown(text)) };
    if let [(number, unit)] = parts.as_slice()
        && let Some((_, bytes)) = SIZES.iter().find(|(name, _)| name == unit)
    {
        return number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(*bytes))
            .filter(|bytes| i64::try_from(*bytes).is_ok())
            .map(|bytes| ExprKind::Size(Size { bytes, text: text.into() }))
            .ok_or_else(|| too_large(text));
    }
    let mut millis = 0u64;
    let mut before = 0;
    for (number, unit) in &parts {
        let Some(place) = TIMES.iter().position(|(name, _)| name == unit) else {
            return Err(unknown_unit(text, &parts, unit));
        };
        if place < before {
            return Err(Problem::new(lexical::QUANTITY, format!("`{text}` is no duration"))
                .help("each unit stands once, the longest first: `1h30m`"));
        }
        before = place + 1;
        let factor = TIMES.get(place).map_or(0, |(_, factor)| *factor);
        millis = number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(factor))
            .and_then(|part| millis.checked_add(part))
            .filter(|millis| i64::try_from(*millis).is_ok())
            .ok_or_else(|| too_large(text))?;
    }
    Ok(ExprKind::Duration(Duration { millis, text: text.into() }))
}

/// Cuts `1h30m` into numbers and units; nothing where it does not end in a unit.
fn parts(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits)?;
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, after) = after.split_at_checked(letters)?;
        if number.is_empty() || unit.is_empty() {
            return None;
        }
        found.push((number, unit));
        rest = after;
    }
    Some(found)
}

fn too_large(text: &str) -> Problem {
    Problem::new(lexical::QUANTITY, format!("`{text}` is too large"))
}

fn unknown(text: &str) -> Problem {
    Problem::new(lexical::NUMBER, format!("`{text}` is no number"))
        .help("durations are written `1h30m`, sizes `512MiB`; anything else is a string: put quotes around it")
        .instead(format!("\"{text}\""))
}

fn unknown_unit(text: &str, parts: &[(&str, &str)], unit: &str) -> Problem {
    let problem = Problem::new(lexical::QUANTITY, format!("`{unit}` in `{text}` is no unit"));
    let lower = unit.to_lowercase();
    if let ([(number, _)], "M") = (parts, unit) {
        return problem
            .help(format!("for a size write `{number}MiB`, which is what Podman, Docker and systemd mean by it, or `{number}MB` in thousands"))
            .help(format!("for a duration, `{number}m` are minutes; a month is said in days: `30d`"));
    }
    let known =
        FOREIGN.iter().find(|(name, _)| *name == lower).map(|(_, known)| *known).or_else(|| {
            SIZES
                .iter()
                .chain(TIMES)
                .map(|(name, _)| *name)
                .find(|name| name.to_lowercase() == lower)
        });
    match known {
        // Sizes have one part, so a unit of a size beside others has no certain meaning.
        Some(known) if known != unit => {
            let spelled: String = parts
                .iter()
                .map(|(number, it)| format!("{number}{}", if *it == unit { known } else { it }))
                .collect();
            let letter = "kgt".contains(lower.as_str());
            let problem = problem.help(format!("write `{spelled}`")).instead(spelled);
            if letter { problem.help(LETTERS) } else { problem }
        }
        Some(_) | None => problem.help(
            "durations have the units ms, s, m, h, d, w (`1h30m`); sizes B, KB, MB, GB, TB, KiB, MiB, GiB, TiB",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::ast::ExprKind;

    fn millis(text: &str) -> u64 {
        match read(text) {
            Ok(ExprKind::Duration(it)) => it.millis,
            other => panic!("{other:?}"),
        }
    }

    fn bytes(text: &str) -> u64 {
        match read(text) {
            Ok(ExprKind::Size(it)) => it.bytes,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn refuses(text: &str, message: &str, instead: Option<&str>) {
        let problem = read(text).expect_err("a problem");
        assert!(problem.message.contains(message), "{}", problem.message);
        assert_eq!(problem.instead.as_deref(), instead);
    }

    #[test]
    fn durations() {
        assert_eq!(millis("30s"), 30_000);
        assert_eq!(millis("1h30m"), 5_400_000);
        assert_eq!(millis("1w2d3h4m5s6ms"), 788_645_006);
        refuses("10min", "no unit", Some("10m"));
        refuses("1h30min", "no unit", Some("1h30m"));
        refuses("30m1h", "no duration", None);
        refuses("1h1h", "no duration", None);
        refuses("1h30", "no number", Some("\"1h30\""));
        refuses("99999999999999999w", "too large", None);
        refuses("5years", "no unit", None);
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes("512MiB"), 512 << 20);
        assert_eq!(bytes("2GB"), 2_000_000_000);
        assert_eq!(bytes("7B"), 7);
        refuses("512mib", "no unit", Some("512MiB"));
        assert_eq!(bytes("0B"), 0);
        refuses("4G", "no unit", Some("4GiB"));
        refuses("512M", "no unit", None);
        refuses("99999999999TiB", "too large", None);
        refuses("1GB2MB", "no unit", None);
    }
}
