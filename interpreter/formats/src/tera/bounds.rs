//! Tera has no limit on what a template does. Here its source gets one: each turn of a loop is counted, and
//! each variable that is set is measured.

use std::fmt::Write as _;

/// The functions that are called where something could grow.
pub(super) const STEP: &str = "qg_step";
pub(super) const SIZE: &str = "qg_size";

/// The source with calls in it that count and measure.
///
/// # Errors
/// What has no place in the template of a file, because nothing bounds it.
pub(super) fn bounded(source: &str) -> Result<String, String> {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    let mut sets: Vec<String> = Vec::new();
    let mut is_raw = false;
    while let Some(start) = next_tag(rest) {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        let (open, close) = match tag.get(..2) {
            Some("{#") => ("{#", "#}"),
            Some("{{") => ("{{", "}}"),
            _ => ("{%", "%}"),
        };
        let Some(end) = end_of(tag, open, close) else {
            rest = tag;
            break;
        };
        let (tag, after) = tag.split_at(end);
        out.push_str(tag);
        rest = after;
        let inside = tag.get(2..tag.len().saturating_sub(2)).unwrap_or("");
        let words = words(inside);
        let first = words.first().map_or("", String::as_str);
        if open == "{#" || (is_raw && !(open == "{%" && first == "endraw")) {
            continue;
        }
        let loops = words.iter().filter(|word| *word == "for").count();
        if loops > usize::from(open == "{%" && first == "for") {
            return Err(
                "a list made by a loop in it has no limit: make it where `values` is".into()
            );
        }
        if open == "{{" {
            continue;
        }
        // What is trimmed behind the tag is trimmed behind the call.
        let trims = if inside.ends_with('-') { "-" } else { "" };
        let mut call = |text: String| {
            let _ = write!(out, "{{{{ {text} {trims}}}}}");
        };
        match first {
            "raw" => is_raw = true,
            "endraw" => is_raw = false,
            "component" => return Err("components have no place in the template of a file".into()),
            "for" => call(format!("{STEP}()")),
            "set" | "set_global" => {
                let name = words.get(1).cloned().unwrap_or_default();
                if has_value(inside) {
                    call(format!("{SIZE}(it={name})"));
                } else {
                    sets.push(name);
                }
            }
            "endset" => {
                if let Some(name) = sets.pop() {
                    call(format!("{SIZE}(it={name})"));
                }
            }
            _ => {}
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Where the next tag begins. Each letter before it is looked at once, however many tags there are.
fn next_tag(text: &str) -> Option<usize> {
    let mut braces = text.match_indices('{').map(|(at, _)| at);
    braces.find(|at| {
        text.get(*at..).is_some_and(|rest| ["{%", "{{", "{#"].iter().any(|it| rest.starts_with(it)))
    })
}

/// Where a tag is over; quotes may hold what looks like its end.
fn end_of(tag: &str, open: &str, close: &str) -> Option<usize> {
    if open == "{#" {
        return tag.find(close).map(|at| at + close.len());
    }
    let mut quote = None;
    for (at, c) in tag.char_indices().skip(2) {
        match quote {
            Some(it) if c == it => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if tag.get(at..).is_some_and(|rest| rest.starts_with(close)) => {
                return Some(at + close.len());
            }
            None => {}
        }
    }
    None
}

/// The words of a tag, without what stands between quotes.
fn words(inside: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in inside.chars() {
        match quote {
            Some(it) if c == it => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if c.is_alphanumeric() || c == '_' => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
                continue;
            }
            None => {}
        }
        if words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether `set x = y` says a value, or what follows until `endset` is one.
fn has_value(inside: &str) -> bool {
    inside.contains('=')
}

#[cfg(test)]
mod tests {
    use super::bounded;

    #[test]
    fn loops_are_counted_and_variables_measured() {
        let of = |text| bounded(text).unwrap_or_else(|why| why);
        assert_eq!(of("{% for a in b -%} x"), "{% for a in b -%}{{ qg_step() -}} x");
        assert_eq!(of("{%- set a = \"%}\" %}y"), "{%- set a = \"%}\" %}{{ qg_size(it=a) }}y");
        assert_eq!(
            of("{% set a %}{{ a }}{% endset %}"),
            "{% set a %}{{ a }}{% endset %}{{ qg_size(it=a) }}"
        );
        for same in
            ["{# {% for x in y %} #}", "{% raw %}{% for x in y %}{% endraw %}", "{{ x", "{}", ""]
        {
            assert_eq!(of(same), same);
        }
        assert!(bounded("{{ [x for x in y] }}").is_err());
        assert!(bounded("{% component a() %}{% endcomponent %}").is_err());
        assert!(bounded("{{ \"for for\" }}{% for a in b %}{% endfor %}").is_ok());
    }
}
