//! What kind of value each key has: Authelia decodes a configuration before it judges it.

use std::sync::LazyLock;

use qg_formats::TreeNode;
use regex::Regex;

use super::Report;
use super::view::{View, boolean};
use crate::authelia::fields::section;

/// A number and its unit, as `utils.ParseDurationString` finds them in a text.
static DURATION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"([1-9]\d*?)([^\d\s]+)").ok());

/// The units of a duration, in every spelling that Authelia reads.
const UNITS: &[&str] = &[
    "ns",
    "us",
    "µs",
    "μs",
    "ms",
    "s",
    "m",
    "h",
    "d",
    "w",
    "M",
    "y",
    "millisecond",
    "milliseconds",
    "second",
    "seconds",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
];

pub(super) fn check(root: &View<'_>, report: &mut Report) {
    judge("Configuration", root, report);
}

fn judge(kind: &str, at: &View<'_>, report: &mut Report) {
    if let Some(of) = kind.strip_prefix("[]") {
        // A question about the query may stand alone.
        let alone = of == "AccessControlRuleQuery";
        if section(of).is_some() && !alone && !matches!(at.tree.node, TreeNode::List(_)) {
            report.say(at, "it is a list of records");
            return;
        }
        at.items().iter().for_each(|item| judge(of, item, report));
    } else if let Some(of) = kind.strip_prefix("map:") {
        at.entries().iter().for_each(|(_, entry)| judge(of, entry, report));
    } else if let Some(fields) = section(kind).filter(|fields| !fields.is_empty()) {
        if !at.is_map() {
            report.say(at, "it is a section with keys of its own");
        } else if at.entries().is_empty() && !at.path.is_empty() {
            report.say(at, "a section has at least one key");
        }
        for (key, entry) in at.entries() {
            // Keys that there are not are found where the user's own settings are read.
            if let Some(kind) = fields.get(key) {
                judge(kind, &entry, report);
            }
        }
    } else if let Some(why) = wrong(kind, at) {
        report.say(at, why);
    }
}

/// What is wrong with a plain value.
fn wrong(kind: &str, at: &View<'_>) -> Option<String> {
    let node = &at.tree.node;
    let is_plain = !matches!(node, TreeNode::List(_) | TreeNode::Map(_));
    match kind {
        "string" if !is_plain => Some("it is one text".to_owned()),
        "boolean" => {
            let good = match node {
                TreeNode::Text(text) => boolean(text).is_some(),
                TreeNode::Bool(_) | TreeNode::Int(_) | TreeNode::Filled(_) => true,
                TreeNode::Float(_) | TreeNode::List(_) | TreeNode::Map(_) => false,
            };
            (!good).then(|| "it is `true` or `false`".to_owned())
        }
        "integer" => {
            let good = match node {
                TreeNode::Text(text) => text.is_empty() || text.parse::<i64>().is_ok(),
                TreeNode::Bool(_) | TreeNode::Int(_) | TreeNode::Float(_) | TreeNode::Filled(_) => {
                    true
                }
                TreeNode::List(_) | TreeNode::Map(_) => false,
            };
            (!good).then(|| "it is a whole number".to_owned())
        }
        "duration" => match node {
            TreeNode::Text(text) => duration_problem(text),
            TreeNode::Int(it) if *it <= 0 => Some(ZERO.to_owned()),
            TreeNode::Int(_) | TreeNode::Filled(_) => None,
            TreeNode::Bool(_) | TreeNode::Float(_) | TreeNode::List(_) | TreeNode::Map(_) => {
                Some("it is a time span, as `1h30m`".to_owned())
            }
        },
        _ => None,
    }
}

/// Authelia's parser knows no `0s`, and a bare 0 silently becomes the option's default.
const ZERO: &str = "a time span of nothing is none: it would be refused, or taken for the default";

fn duration_problem(text: &str) -> Option<String> {
    if text.is_empty() || matches!(text, "always" | "disable") {
        return None;
    }
    if text.chars().all(|c| c.is_ascii_digit()) {
        return text.chars().all(|c| c == '0').then(|| ZERO.to_owned());
    }
    let bare: String = text.replace("and", "").replace(' ', "");
    let all: Vec<&str> = match DURATION.as_ref() {
        Some(pattern) => {
            let units = pattern.captures_iter(&bare).filter_map(|it| it.get(2));
            units.map(|unit| unit.as_str()).collect()
        }
        None => return None,
    };
    if all.is_empty() {
        let zero = bare.chars().any(|c| c == '0');
        return Some(if zero { ZERO.to_owned() } else { format!("`{text}` is no time span") });
    }
    let odd = all.iter().find(|unit| !UNITS.contains(unit))?;
    Some(format!("`{odd}` in `{text}` is no unit of time; whole numbers have one, as `1h30m`"))
}

/// How long a time span is, in seconds; none where it says nothing, or is none.
pub(super) fn seconds(at: &View<'_>) -> Option<f64> {
    if let Some(seconds) = at.int() {
        return Some(seconds as f64);
    }
    let text = at.text()?.replace("and", "").replace(' ', "");
    let mut sum = 0.0;
    for found in DURATION.as_ref()?.captures_iter(&text) {
        let number: f64 = found.get(1)?.as_str().parse().ok()?;
        let unit = found.get(2)?.as_str();
        let size = match unit {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            "M" => 2_592_000.0,
            "y" => 31_536_000.0,
            _ if unit.starts_with("milli") => 1e-3,
            _ if unit.starts_with("sec") => 1.0,
            _ if unit.starts_with("min") => 60.0,
            _ if unit.starts_with("hour") => 3600.0,
            _ if unit.starts_with("day") => 86_400.0,
            _ if unit.starts_with("week") => 604_800.0,
            _ if unit.starts_with("month") => 2_592_000.0,
            _ => 31_536_000.0,
        };
        sum += number * size;
    }
    Some(sum)
}
