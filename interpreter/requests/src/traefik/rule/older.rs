//! The older syntax of rules (`ruleSyntax: v2`, deprecated): matchers take several values, paths and hosts are templates.

use super::super::headers::canonical;
use super::super::network::Networks;
use super::super::pattern::{Pattern, Problem};
use super::{Expression, Matcher, Refusal, Rule};

/// The matchers that it has.
pub(super) const MATCHERS: [&str; 10] = [
    "ClientIP",
    "Headers",
    "HeadersRegexp",
    "Host",
    "HostHeader",
    "HostRegexp",
    "Method",
    "Path",
    "PathPrefix",
    "Query",
];

/// An expression in the terms of today's matchers.
pub(super) fn rule(expression: &Expression) -> Result<Rule, Refusal> {
    let both = |left, right| Ok((Box::new(rule(left)?), Box::new(rule(right)?)));
    Ok(match expression {
        Expression::Call(name, values) => call(name, values)?,
        Expression::And(left, right) => {
            both(left, right).map(|(left, right)| Rule::And(left, right))?
        }
        Expression::Or(left, right) => {
            both(left, right).map(|(left, right)| Rule::Or(left, right))?
        }
        Expression::Not(inner) => Rule::Not(Box::new(rule(inner)?)),
    })
}

fn arguments(why: String) -> Refusal {
    Refusal::Arguments(why)
}

fn call(name: &str, values: &[String]) -> Result<Rule, Refusal> {
    if values.is_empty() || values.iter().any(String::is_empty) {
        return Err(arguments(format!("`{name}` has an empty argument, or none")));
    }
    let each = |one: &dyn Fn(&String) -> Result<Matcher, Refusal>| {
        let rules = values.iter().map(|value| Ok(Rule::One(one(value)?)));
        joined(rules.collect::<Result<_, _>>()?, Rule::Or)
    };
    match name {
        "ClientIP" => {
            let networks = Networks::new(values).map_err(arguments)?;
            Ok(Rule::One(Matcher::ClientIp(values.join(","), networks)))
        }
        "Host" | "HostHeader" => each(&|host| {
            let literal = host.strip_suffix('.').unwrap_or(host);
            ascii(host)?;
            // No `*` stands for a label here.
            Ok(Matcher::HostRegexp(pattern(&format!(r"(?i)^{}\.?$", regex::escape(literal)))?))
        }),
        "HostRegexp" => each(&|host| {
            ascii(host)?;
            Ok(Matcher::HostRegexp(pattern(&format!("(?i)^{}$", template(host, "[^.]+")?))?))
        }),
        "Method" => each(&|method| Ok(Matcher::Method(method.to_uppercase()))),
        "Path" => each(&|path| {
            Ok(Matcher::PathRegexp(pattern(&format!("^{}$", template(rooted(path)?, "[^/]+")?))?))
        }),
        "PathPrefix" => each(&|path| {
            Ok(Matcher::PathRegexp(pattern(&format!("^{}", template(rooted(path)?, "[^/]+")?))?))
        }),
        "Headers" | "HeadersRegexp" => pairs(name, values, &|key, value| {
            let key = canonical(key);
            match name {
                "Headers" => Ok(Matcher::Header(key, value.to_owned())),
                _ => Ok(Matcher::HeaderRegexp(key, pattern(value)?)),
            }
        }),
        _ => {
            let split: Vec<_> =
                values.iter().flat_map(|it| it.splitn(2, '=').map(str::to_owned)).collect();
            pairs(name, &split, &|key, value| {
                let value = if value.is_empty() { ".*".to_owned() } else { template(value, ".*")? };
                Ok(Matcher::QueryRegexp(key.to_owned(), pattern(&format!("^{value}$"))?))
            })
        }
    }
}

/// Names and values in turn, all of which have to match.
fn pairs(
    name: &str,
    values: &[String],
    one: &dyn Fn(&str, &str) -> Result<Matcher, Refusal>,
) -> Result<Rule, Refusal> {
    let (pairs, rest) = values.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(arguments(format!("`{name}` takes names and values in turn")));
    }
    let rules = pairs.iter().map(|[key, value]| Ok(Rule::One(one(key, value)?)));
    joined(rules.collect::<Result<_, _>>()?, Rule::And)
}

fn joined(rules: Vec<Rule>, with: fn(Box<Rule>, Box<Rule>) -> Rule) -> Result<Rule, Refusal> {
    let rule = rules.into_iter().reduce(|left, right| with(Box::new(left), Box::new(right)));
    rule.ok_or_else(|| arguments("a matcher has no arguments".to_owned()))
}

fn ascii(text: &str) -> Result<(), Refusal> {
    match text.is_ascii() {
        true => Ok(()),
        false => Err(arguments(format!("a host is ASCII alone: {text}"))),
    }
}

fn rooted(path: &str) -> Result<&str, Refusal> {
    match path.starts_with('/') {
        true => Ok(path),
        false => Err(arguments(format!("a path begins with `/`: {path}"))),
    }
}

fn pattern(source: &str) -> Result<Pattern, Refusal> {
    Pattern::new(source).map_err(|problem| match problem {
        Problem::Refused(_) => arguments(problem.to_string()),
        Problem::Unsupported(_) => Refusal::Unsupported(problem.to_string()),
    })
}

/// A text with `{name}` and `{name:pattern}`, as a pattern.
fn template(text: &str, usual: &str) -> Result<String, Refusal> {
    let unbalanced = || arguments(format!("braces are not balanced in {text}"));
    let (mut out, mut inside, mut level) = (String::new(), String::new(), 0_u32);
    for c in text.chars() {
        match c {
            '{' => {
                level += 1;
                if level > 1 {
                    inside.push(c);
                }
            }
            '}' => {
                level = level.checked_sub(1).ok_or_else(unbalanced)?;
                if level > 0 {
                    inside.push(c);
                    continue;
                }
                let (name, said) = super::super::text::cut(&inside, ':');
                let said = said.unwrap_or(usual);
                if name.is_empty() || said.is_empty() {
                    return Err(arguments(format!("a name or pattern is missing in {text}")));
                }
                out.push_str(&["(", said, ")"].concat());
                inside.clear();
            }
            _ if level > 0 => inside.push(c),
            _ => out.push_str(&regex::escape(&c.to_string())),
        }
    }
    if level == 0 { Ok(out) } else { Err(unbalanced()) }
}
