//! The query of a rule.

use serde_json::Value;

use super::go::{Parameters, Pattern, equal_fold, text};
use super::values::{At, Refused};

const OPERATORS: &[&str] = &["equal", "not equal", "present", "absent", "pattern", "not pattern"];

/// One question about a key of the query.
#[derive(Clone, Debug)]
struct Question {
    key: String,
    test: Test,
    /// The answer that is wanted.
    wanted: bool,
}

#[derive(Clone, Debug)]
enum Test {
    Present,
    Equal(String),
    Pattern(Pattern),
}

impl Question {
    fn holds(&self, query: &Parameters) -> bool {
        let answer = match &self.test {
            Test::Present => query.has(&self.key),
            Test::Equal(value) => query.get(&self.key) == value.as_bytes(),
            Test::Pattern(pattern) => pattern.is_match(&text(query.get(&self.key))),
        };
        answer == self.wanted
    }
}

/// Any of the outer, all of the inner.
#[derive(Clone, Debug, Default)]
pub(super) struct Query(Vec<Vec<Question>>);

impl Query {
    pub(super) fn read(at: &At<'_>) -> Result<Query, Refused> {
        let mut any = Vec::new();
        for list in at.items() {
            let mut all = Vec::new();
            for item in list.items() {
                all.extend(question(&item)?);
            }
            any.push(all);
        }
        Ok(Query(any))
    }

    pub(super) fn holds(&self, query: &Parameters) -> bool {
        self.0.is_empty() || self.0.iter().any(|all| all.iter().all(|it| it.holds(query)))
    }
}

/// A question as written; none, where Authelia accepts it and never asks it, as one in capitals.
fn question(at: &At<'_>) -> Result<Option<Question>, Refused> {
    if !at.value.is_object() {
        return at.refuse("a record is wanted");
    }
    let (key, operator, value) =
        (at.get("key").text()?, at.get("operator").text()?, at.get("value"));
    if key.is_empty() {
        return at.refuse("`key` is missing");
    }
    let written = match value.value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            return value.refuse("a text is wanted");
        }
    };
    let nothing = written.as_deref().unwrap_or_default().is_empty();
    let operator = match &*operator {
        "" if nothing => "present",
        "" => "equal",
        other if OPERATORS.iter().any(|it| equal_fold(it, other)) => other,
        other => return at.get("operator").refuse(format!("`{other}` is no operator")),
    };
    let wanted = !operator.starts_with("not ") && operator != "absent";
    let test = match (operator, written) {
        ("present" | "absent", _) if nothing => Test::Present,
        ("present" | "absent", _) => return value.refuse("none is wanted with this operator"),
        (_, None) => return at.refuse("`value` is missing"),
        ("equal" | "not equal", Some(text)) => Test::Equal(text),
        ("pattern" | "not pattern", Some(text)) => match Pattern::compile(&text) {
            Ok(pattern) => Test::Pattern(pattern),
            Err(why) => return value.refuse(format!("`{text}` is no pattern: {why}")),
        },
        (_, Some(_)) => return Ok(None),
    };
    Ok(Some(Question { key, test, wanted }))
}
