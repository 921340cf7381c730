//! Finds a place in a YAML file that was made here, by its keys.

/// The line (from 0) at which a way of keys leads to something; elements of lists are `#0`, `#1`.
pub(super) fn line_of(text: &str, way: &[&str]) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut from, mut above) = (0, None);
    for step in way {
        from = match step.strip_prefix('#').and_then(|it| it.parse::<usize>().ok()) {
            Some(count) => element(&lines, from, above, count)?,
            None => entry(&lines, from, above, step)?,
        };
        above = lines.get(from).map(|line| indent(line));
        from += 1;
    }
    from.checked_sub(1)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The lines below an entry: those that are indented more; elements of a list may stand as far left as its key.
fn below<'l>(
    lines: &'l [&'l str],
    from: usize,
    above: Option<usize>,
) -> impl Iterator<Item = (usize, &'l str)> {
    let inside = move |line: &str| {
        let is_element = line.trim_start_matches(' ').starts_with("- ");
        above.is_none_or(|it| indent(line) > it || is_element && indent(line) == it)
    };
    let all = lines.iter().enumerate().skip(from).map(|(at, line)| (at, *line));
    all.take_while(move |(_, line)| line.trim().is_empty() || line.starts_with('#') || inside(line))
}

fn entry(lines: &[&str], from: usize, above: Option<usize>, key: &str) -> Option<usize> {
    let deep =
        below(lines, from, above).find(|(_, line)| is_said(line)).map(|(_, it)| indent(it))?;
    let quoted = serde_json::to_string(key).unwrap_or_default();
    let is_it = |line: &str| {
        let rest = line.trim_start_matches(' ');
        let rest = rest.strip_prefix(key).or_else(|| rest.strip_prefix(&*quoted));
        indent(line) == deep && rest.is_some_and(|rest| rest.starts_with(':'))
    };
    below(lines, from, above).find(|(_, line)| is_it(line)).map(|(at, _)| at)
}

fn element(lines: &[&str], from: usize, above: Option<usize>, count: usize) -> Option<usize> {
    let deep =
        below(lines, from, above).find(|(_, line)| is_said(line)).map(|(_, it)| indent(it))?;
    let is_one =
        |line: &str| indent(line) == deep && line.trim_start_matches(' ').starts_with("- ");
    below(lines, from, above).filter(|(_, line)| is_one(line)).nth(count).map(|(at, _)| at)
}

fn is_said(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn places_are_found_by_their_keys() {
        let text = "# made\nhttp:\n  routers:\n    a:\n      rule: \"x\"\n    \"b c\":\n      rule: y\n  services:\n    a:\n      url: z\nrules:\n  - domain:\n      - q\n    policy: deny\n  - domain: r\n";
        let at = |way: &[&str]| line_of(text, way);
        assert_eq!(at(&["http", "routers", "a", "rule"]), Some(4));
        assert_eq!(at(&["http", "routers", "b c"]), Some(5));
        assert_eq!(at(&["http", "services", "a"]), Some(8));
        assert_eq!(at(&["http", "routers", "rule"]), None);
        assert_eq!(at(&["http", "services", "b"]), None);
        assert_eq!(at(&["rules", "#0"]), Some(11));
        assert_eq!(at(&["rules", "#1"]), Some(14));
        assert_eq!(at(&["rules", "#2"]), None);
    }
}
