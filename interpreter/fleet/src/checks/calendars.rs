//! Points in time that never come: a day that no month has, a year that is over, a weekday that a date is not; and texts
//! of other programs' options that are no point in time (systemd.time(7), "Calendar events").

use qg_lang::check::formats::fits;
use qg_lang::check::types::Type;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::units as codes;

use super::FleetCheck;
use super::place::{own_place, within};
use crate::Facts;
use crate::leaves::{LeafOrigin, LeafValue, ModelStep, each};

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::NEVER_COMES], run };

/// The first year that is not over for whoever has this compiler: it asks no clock.
const FIRST: u32 = 2025;
/// The second that it began with, for `@1735689600`.
const SECOND: u64 = 1_735_689_600;

/// Options of NixOS that take points in time, by their last names (nixpkgs, 2024).
const OPTIONS: [&str; 4] = ["OnCalendar", "startAt", "dates", "interval"];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    each(&fleet.model, &mut |way, value, said| leaf(fleet, way, value, said, out));
    each(&fleet.off, &mut |way, value, said| leaf(fleet, way, value, said, out));
}

fn leaf(
    fleet: &Facts<'_>,
    way: &[ModelStep<'_>],
    value: LeafValue<'_>,
    said: LeafOrigin,
    out: &mut Vec<Diagnostic>,
) {
    let LeafValue::Text(text) = value else { return };
    let Some(is_typed) = kind(way) else { return };
    let why = match fits(&Type::Calendar, text) {
        // Where its type is one, it was told.
        Err(_) if is_typed => return,
        Err(why) => format!("{text:?} is no point in time: {why}"),
        Ok(()) => match never(text) {
            Some(why) => format!("{text:?} never comes: {why}"),
            None => return,
        },
    };
    let span = within(fleet, own_place(fleet, &[said.origin]), text);
    if out.iter().any(|it| it.code == codes::NEVER_COMES && it.primary.span == span) {
        return;
    }
    out.push(
        Diagnostic::error(codes::NEVER_COMES, span, why)
            .help("`systemd-analyze calendar 'Mon *-*-* 03:00'` says when one is next"),
    );
}

/// Whether a place takes points in time: by its type, or by what an option is called; none where it does not.
fn kind(way: &[ModelStep<'_>]) -> Option<bool> {
    let field = way.iter().rev().find_map(ModelStep::field)?;
    if field.ty.contains("calendar") {
        return Some(true);
    }
    let mut keys = way.iter().rev().filter_map(ModelStep::key);
    let is_nix = field.name == "nix" || field.name == "native" || field.name == "timer";
    let last = keys.next().filter(|_| is_nix)?;
    let (above, name) = last.rsplit_once('.').unwrap_or(("", last));
    let above = if above.is_empty() { keys.next().unwrap_or_default() } else { above };
    // `interval` is a word of many programs.
    let is_one = OPTIONS.contains(&name)
        && (name != "interval" || above.ends_with("autoScrub") || above.ends_with("fstrim"))
        && (name != "dates"
            || ["gc", "autoUpgrade", "optimise", "autoPrune"].iter().any(|it| above.ends_with(it)));
    is_one.then_some(false)
}

/// Why an event never comes; none where it does.
fn never(text: &str) -> Option<String> {
    if let Some(seconds) = text.strip_prefix('@') {
        let past = seconds.trim().parse::<u64>().is_ok_and(|it| it < SECOND);
        return past.then(|| format!("that was before {FIRST}"));
    }
    let mut words = text.split_whitespace().peekable();
    let days = words.next_if(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()));
    let date = words.next().filter(|word| word.contains('-') && !word.contains(':'))?;
    let (front, day, from_end) = match date.rsplit_once('~') {
        Some((front, day)) => (front, Some(day), true),
        None => (date, None, false),
    };
    let mut parts: Vec<&str> = front.split('-').collect();
    parts.extend(day);
    let (year, month, day) = match parts.as_slice() {
        [month, day] => ("*", *month, *day),
        [year, month, day] => (*year, *month, *day),
        _ => return None,
    };
    let (months, monthdays) = (numbers(month, 1, 12), numbers(day, 1, 31));
    let possible = months
        .iter()
        .flat_map(|month| monthdays.iter().map(move |day| (*month, *day)))
        .filter(|(month, day)| *day <= longest(*month));
    let possible: Vec<(u32, u32)> = possible.collect();
    if possible.is_empty() {
        return Some("no month has that day".to_owned());
    }
    let years = last_years(year)?;
    if years.iter().all(|it| *it < FIRST) {
        return Some(format!("{} is over", years.last()?));
    }
    let weekdays = weekdays(days.unwrap_or_default());
    let comes = years.iter().filter(|it| **it >= FIRST).any(|year| {
        possible.iter().any(|(month, day)| {
            let length = length(*year, *month);
            let day = if from_end { (length + 1).saturating_sub(*day) } else { *day };
            (1..=length).contains(&day)
                && (weekdays.is_empty() || weekdays.contains(&weekday(*year, *month, day)))
        })
    });
    (!comes).then(|| match weekdays.is_empty() {
        true => "that year has no such day".to_owned(),
        false => "that day is another day of the week".to_owned(),
    })
}

/// The years of a component that ends; none where it goes on for ever.
fn last_years(text: &str) -> Option<Vec<u32>> {
    let open = |part: &str| part.contains('*') || part.contains('/') && !part.contains("..");
    if text.split(',').any(open) {
        return None;
    }
    // Two digits stand for this century, or the one before.
    let whole = |year: u32| match year {
        0..70 => year + 2000,
        70..100 => year + 1900,
        _ => year,
    };
    let mut all: Vec<u32> = numbers(text, 0, 2199).into_iter().map(whole).collect();
    all.sort_unstable();
    Some(all)
}

/// All numbers of a component, within these bounds.
fn numbers(text: &str, least: u32, most: u32) -> Vec<u32> {
    let mut all = Vec::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse().unwrap_or(1)),
            None => (part, 0),
        };
        let (first, last) = match range.split_once("..") {
            Some((first, last)) => (first.parse().ok(), last.parse().ok()),
            None if range == "*" => (Some(least), Some(most)),
            None => {
                let one: Option<u32> = range.parse().ok();
                (one, if step > 0 { Some(most) } else { one })
            }
        };
        let (Some(first), Some(last)) = (first, last) else { continue };
        let step = usize::try_from(step.max(1)).unwrap_or(1);
        all.extend((first.max(least)..=last.min(most)).step_by(step));
    }
    all
}

/// How many days a month has in its longest year.
fn longest(month: u32) -> u32 {
    length(2024, month)
}

fn length(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The days of the week that are named, from 0 for Monday.
fn weekdays(text: &str) -> Vec<u32> {
    let number = |word: &str| {
        let short = word.get(..3)?.to_ascii_lowercase();
        DAYS.iter().position(|it| *it == short).and_then(|it| u32::try_from(it).ok())
    };
    let mut all = Vec::new();
    for part in text.split(',').filter(|it| !it.is_empty()) {
        let (first, last) =
            part.split_once("..").or_else(|| part.split_once('-')).unwrap_or((part, part));
        let (Some(first), Some(last)) = (number(first), number(last)) else { return Vec::new() };
        let mut day = first;
        all.push(day);
        while day != last {
            day = (day + 1) % 7;
            all.push(day);
        }
    }
    all
}

/// The day of the week of a date, from 0 for Monday (Sakamoto's way).
fn weekday(year: u32, month: u32, day: u32) -> u32 {
    const SHIFT: [u32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let year = if month < 3 { year.saturating_sub(1) } else { year };
    let at = usize::try_from(month.saturating_sub(1)).unwrap_or(0);
    let shift = SHIFT.get(at).copied().unwrap_or(0);
    // It counts from Sunday.
    (year + year / 4 - year / 100 + year / 400 + shift + day + 6) % 7
}

#[cfg(test)]
mod tests {
    use super::{never, weekday};

    #[test]
    fn what_never_comes() {
        assert_eq!((weekday(2026, 11, 29), weekday(2027, 1, 1), weekday(2028, 2, 29)), (6, 4, 1));
        for text in [
            "*-02-30",
            "*-4,6-31 03:00",
            "2020-01-01",
            "2019..2021-*-*",
            "2026-02-29",
            "Mon 2027-01-01",
            "@1395716396",
            "02-31",
        ] {
            assert!(never(text).is_some(), "{text}");
        }
        for text in [
            "daily",
            "*-02-29",
            "*-*-31",
            "2030-01-01",
            "2020/2-01-01",
            "Fri 2027-01-01",
            "Mon *-*~1",
            "*-02~03",
            "Mon..Fri 08:00",
            "*:0/15",
            "Sat *-*-1..7 18:00:00",
            "Sat..Mon 2027-01-02",
        ] {
            assert_eq!(never(text), None, "{text}");
        }
    }
}
