//! Whether systemd reads a value (systemd.syntax(7), systemd.time(7), `parse_boolean`, `parse_sec`, `parse_size`).

/// Why systemd would skip a value of a key, as the end of a sentence; none where it reads it, or where nobody knows.
#[must_use]
pub fn trouble(values: &str, text: &str) -> Option<String> {
    let text = text.trim();
    // Nothing clears what was said before, and a specifier stands for something else.
    if text.is_empty() || text.contains('%') && values != "percent" && values != "bytes" {
        return None;
    }
    let good = match values {
        "-" | "calendar" => true,
        "bool" => is_bool(text),
        "span" => is_span(text),
        "bytes" => is_amount(text, true),
        "tasks" => is_amount(text, false),
        "percent" => text.strip_suffix('%').is_some_and(is_decimal),
        "mode" => text.len() <= 5 && text.bytes().all(|it| (b'0'..=b'7').contains(&it)),
        "number" => text.bytes().all(|it| it.is_ascii_digit()),
        "signal" => is_signal(text),
        _ => match values
            .split_once("..")
            .and_then(|(least, most)| Some((least.parse::<i64>().ok()?, most.parse::<i64>().ok()?)))
        {
            Some((least, most)) => {
                text == "idle" && least == 1
                    || text.parse::<i64>().is_ok_and(|it| (least..=most).contains(&it))
            }
            None => values.split('|').any(|word| match word {
                "bool" => is_bool(text),
                "*:" => text.contains(':'),
                word => word == text,
            }),
        },
    };
    (!good).then(|| wanted(values))
}

fn wanted(values: &str) -> String {
    match values {
        "bool" => "it is yes or no".to_owned(),
        "span" => "it is a span of time, as `5min 20s`, or `infinity`".to_owned(),
        "bytes" => "it is a size, as `512M` or `2G`, a share, as `50%`, or `infinity`".to_owned(),
        "tasks" => "it is a number, a share, as `50%`, or `infinity`".to_owned(),
        "percent" => "it is a share, as `50%`".to_owned(),
        "mode" => "it is a mode in octal digits, as `0750`".to_owned(),
        "number" => "it is a whole number".to_owned(),
        "signal" => "it is a signal, as `SIGTERM`".to_owned(),
        _ if values.contains("..") => {
            format!("it is a number from {}", values.replace("..", " to "))
        }
        _ => {
            let words = values.split('|').filter(|word| *word != "*:");
            let words = words.map(|word| if word == "bool" { "yes, no" } else { word });
            format!("it is one of {}", words.collect::<Vec<_>>().join(", "))
        }
    }
}

fn is_bool(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["1", "yes", "y", "true", "t", "on", "0", "no", "n", "false", "f", "off"];
    WORDS.iter().any(|it| it.eq_ignore_ascii_case(text))
}

fn is_decimal(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|it| it.is_ascii_digit() || it == b'.')
        && text.bytes().any(|it| it.is_ascii_digit())
}

/// Whether a text is a span of time: numbers, each with its unit or seconds.
#[must_use]
pub fn is_span(text: &str) -> bool {
    const UNITS: [&str; 34] = [
        "ns", "nsec", "us", "usec", "µs", "μs", "ms", "msec", "s", "sec", "second", "seconds", "m",
        "min", "minute", "minutes", "h", "hr", "hour", "hours", "d", "day", "days", "w", "week",
        "weeks", "M", "month", "months", "y", "year", "years", "", "infinity",
    ];
    let text = text.trim();
    if text == "infinity" {
        return true;
    }
    let mut rest = text.trim_start_matches('+');
    let mut any = false;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, behind) = rest.split_at_checked(digits).unwrap_or((rest, ""));
        if !is_decimal(number) {
            return false;
        }
        let behind = behind.trim_start();
        let letters =
            behind.find(|c: char| c.is_ascii_digit() || c.is_whitespace()).unwrap_or(behind.len());
        let (unit, left) = behind.split_at_checked(letters).unwrap_or((behind, ""));
        if unit == "infinity" || !UNITS.contains(&unit) {
            return false;
        }
        any = true;
        rest = left.trim_start();
    }
    any
}

/// A number of bytes or of tasks, a share, or no end.
fn is_amount(text: &str, bytes: bool) -> bool {
    if text == "infinity" {
        return true;
    }
    if let Some(share) = text.strip_suffix(['%', '‰', '‱']) {
        return is_decimal(share);
    }
    let text = text.strip_suffix('B').filter(|_| bytes).map_or(text, |it| {
        // `512B` is bytes; `512MB` is nothing that systemd reads.
        if it.ends_with(|c: char| c.is_ascii_digit()) { it } else { text }
    });
    let number = text.strip_suffix(['K', 'M', 'G', 'T', 'P', 'E']).unwrap_or(text);
    is_decimal(number.trim_end())
}

fn is_signal(text: &str) -> bool {
    const NAMES: [&str; 34] = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
        "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
        "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS", "POLL", "IOT", "CLD",
    ];
    let name = text.strip_prefix("SIG").unwrap_or(text);
    NAMES.contains(&name)
        || name.starts_with("RTMIN")
        || name.starts_with("RTMAX")
        || text.parse::<u8>().is_ok_and(|it| (1..=64).contains(&it))
}

#[cfg(test)]
mod tests {
    use super::{is_span, trouble};

    #[test]
    fn what_systemd_reads() {
        for (values, text) in [
            ("bool", "Yes"),
            ("span", "5min 20s"),
            ("span", "90"),
            ("span", "1h30m"),
            ("span", "1.5h"),
            ("span", "infinity"),
            ("bytes", "512M"),
            ("bytes", "1.5G"),
            ("bytes", "80%"),
            ("percent", "150%"),
            ("mode", "0077"),
            ("signal", "SIGINT"),
            ("signal", "TERM"),
            ("-20..19", "-5"),
            ("1..10000", "idle"),
            ("bool|full|strict", "strict"),
            ("bool|full|strict", "true"),
            ("journal|null|*:", "append:/var/log/x"),
            ("bool", "%i"),
            ("bool", ""),
        ] {
            assert_eq!(trouble(values, text), None, "{values} {text}");
        }
        for (values, text) in [
            ("bool", "maybe"),
            ("span", "5 minuts"),
            ("span", "5 min."),
            ("bytes", "512MB"),
            ("bytes", "2GiB"),
            ("percent", "50"),
            ("mode", "u=rwx"),
            ("signal", "SIGFOO"),
            ("-20..19", "20"),
            ("always|no|on-failure", "on_failure"),
            ("bool|full|strict", "Strict"),
        ] {
            assert!(trouble(values, text).is_some(), "{values} {text}");
        }
        assert!(!is_span("") && !is_span("s") && is_span("+5s"));
    }
}
