//! Calendar events as systemd reads them (systemd.time(7)): `Mon..Fri *-*-* 08:00:00 Europe/Paris`.

/// Checks a calendar event.
pub(super) fn calendar(text: &str) -> Result<(), String> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > 1 && words.last().is_some_and(|word| is_timezone(word)) {
        words.pop();
    }
    let mut words = words.into_iter().peekable();
    let Some(first) = words.peek().copied() else {
        return Err("it is empty".to_owned());
    };
    if is_shorthand(first) {
        words.next();
        return nothing_left(words.next());
    }
    if let Some(seconds) = first.strip_prefix('@') {
        words.next();
        if seconds.is_empty() || !seconds.chars().all(|c| c.is_ascii_digit()) {
            return Err(format!("`@{seconds}` is no count of seconds"));
        }
        return nothing_left(words.next());
    }
    if first.starts_with(|c: char| c.is_ascii_alphabetic()) {
        weekdays(first)?;
        words.next();
    }
    if let Some(word) = words.next_if(|word| !word.contains(':')) {
        date(word)?;
    }
    if let Some(word) = words.next() {
        time(word)?;
    }
    nothing_left(words.next())
}

fn nothing_left(word: Option<&str>) -> Result<(), String> {
    word.map_or(Ok(()), |word| {
        Err(format!("`{word}` is too much; an event is `weekday date time`"))
    })
}

fn is_shorthand(word: &str) -> bool {
    [
        "minutely",
        "hourly",
        "daily",
        "weekly",
        "monthly",
        "quarterly",
        "semiannually",
        "semi-annually",
        "biannually",
        "bi-annually",
        "yearly",
        "annually",
    ]
    .iter()
    .any(|known| word.eq_ignore_ascii_case(known))
}

/// `UTC`, `CET`, `Europe/Paris`; whether the zone exists, the host knows.
fn is_timezone(word: &str) -> bool {
    let letters = word.chars().all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c));
    let area = word.split('/').count() > 1
        && word.split('/').all(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()));
    let short = word.len() >= 3
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && !is_weekday(word);
    letters && (area || short)
}

fn is_weekday(word: &str) -> bool {
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].iter().any(
        |day| {
            word.eq_ignore_ascii_case(day)
                || day.get(..3).is_some_and(|short| word.eq_ignore_ascii_case(short))
        },
    )
}

/// `Mon`, `Mon,Wed`, `Mon..Fri,Sun`; the older `Mon-Fri` too.
fn weekdays(word: &str) -> Result<(), String> {
    for part in word.trim_end_matches(',').split(',') {
        let (first, last) =
            part.split_once("..").or_else(|| part.split_once('-')).unwrap_or((part, part));
        for day in [first, last] {
            if !is_weekday(day) {
                return Err(format!("`{day}` is no day of the week, and no word like `daily`"));
            }
        }
    }
    Ok(())
}

/// `2026-01-31`, `*-*-1,15`, `12-24`, `*-02~1`.
fn date(word: &str) -> Result<(), String> {
    let (front, day) = match word.rsplit_once('~') {
        Some((front, day)) => (front, Some(day)),
        None => (word, None),
    };
    let mut parts: Vec<&str> = front.split('-').collect();
    parts.extend(day);
    match parts.as_slice() {
        [month, day] => {
            component(month, "month", 1, 12)?;
            component(day, "day", 1, 31)
        }
        [year, month, day] => {
            component(year, "year", 0, 2199)?;
            component(month, "month", 1, 12)?;
            component(day, "day", 1, 31)
        }
        _ => Err(format!("`{word}` is no date like `2026-01-31` or `*-*-01`")),
    }
}

/// `08:00`, `*:0/15`, `12:30:15.5`.
fn time(word: &str) -> Result<(), String> {
    let parts: Vec<&str> = word.split(':').collect();
    match parts.as_slice() {
        [hour, minute] => {
            component(hour, "hour", 0, 23)?;
            component(minute, "minute", 0, 59)
        }
        [hour, minute, second] => {
            component(hour, "hour", 0, 23)?;
            component(minute, "minute", 0, 59)?;
            component(second, "second", 0, 59)
        }
        _ => Err(format!("`{word}` is no time like `08:00` or `08:00:30`")),
    }
}

/// A list of `*`, `5`, `1..5`, each perhaps with a step: `*/15`, `0/15`, `1..30/2`.
fn component(text: &str, name: &str, least: u32, most: u32) -> Result<(), String> {
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (part, None),
        };
        if let Some(step) = step
            && number(step, name).is_none_or(|step| step == 0)
        {
            return Err(format!("`{step}` is no step of a {name}"));
        }
        if range == "*" {
            continue;
        }
        let (first, last) = range.split_once("..").unwrap_or((range, range));
        let (Some(from), Some(to)) = (number(first, name), number(last, name)) else {
            return Err(format!("`{range}` is no {name}"));
        };
        if from < least || to > most {
            return Err(format!("`{range}` is no {name}: it goes from {least} to {most}"));
        }
        if from > to {
            return Err(format!("`{range}` runs backwards"));
        }
    }
    Ok(())
}

/// A whole number; seconds may have a fraction, which is dropped.
fn number(text: &str, name: &str) -> Option<u32> {
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if name == "second" => (!fraction.is_empty()
            && fraction.chars().all(|c| c.is_ascii_digit()))
        .then_some(whole)?,
        Some(_) => return None,
        None => text,
    };
    if whole.is_empty() || !whole.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::calendar;

    #[test]
    fn events() {
        for text in [
            "daily",
            "hourly",
            "Mon 08:00",
            "Mon..Fri 22:30",
            "Sat,Sun *-*-* 10:00:00",
            "*-*-01 04:00",
            "*:0/15",
            "2026-12-24",
            "12-24 18:00",
            "Mon *-*~1 00:00",
            "*-02~03 UTC",
            "daily Europe/Paris",
            "Thu,Fri 2012-*-1,5 11:12:13",
            "*-*-* 02:00:00 CET",
            "@1395716396",
            "mon",
            "*:*:30.5",
            "Mon,",
        ] {
            assert_eq!(calendar(text), Ok(()), "{text}");
        }
        for text in [
            "",
            "Moonday",
            "25:00",
            "08:60",
            "2026-13-01",
            "*-*-32",
            "daily daily",
            "08",
            "Mon Tue",
            "*/0:00",
            "5..1:00",
            "every day",
            "Mon 08:00 extra",
            "@x",
        ] {
            assert!(calendar(text).is_err(), "{text} should be refused");
        }
    }
}
