//! What a text of some other language sets: lines of an environment, INI, YAML, JSON, Nix, scripts, arguments.

/// A name in a text and what it is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Assigned<'t> {
    pub(crate) name: &'t str,
    pub(crate) value: &'t str,
    /// Both, as they stand there.
    pub(crate) text: &'t str,
    /// Whether it is in quotes.
    pub(crate) quoted: bool,
    /// Whether nothing stands before it on its line but an `export`, a flag or the like.
    pub(crate) alone: bool,
}

/// Everything that a text sets, line by line; comments set nothing.
pub(crate) fn assigned(text: &str) -> impl Iterator<Item = Assigned<'_>> {
    text.lines().filter(|line| !is_comment(line)).flat_map(line)
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["#", "//", ";", "--  ", "-- ", "*", "<!--"].iter().any(|it| line.starts_with(it))
}

fn line(line: &str) -> impl Iterator<Item = Assigned<'_>> {
    // Long lines are data.
    let line = if line.len() > 2000 { "" } else { line };
    line.match_indices(['=', ':']).filter_map(move |(at, sign)| {
        let before = line.get(..at)?.trim_end_matches([' ', '\t', '"', '\'']);
        let part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let name = before.rsplit(|c: char| !part(c)).next()?.trim_start_matches('-');
        let behind = line.get(at + 1..)?;
        // `::`, `==`, `://`
        if name.is_empty()
            || behind.starts_with(['=', ':', '~', '/'])
            || sign == ":" && !behind.starts_with([' ', '"', '\''])
        {
            return None;
        }
        let rest = behind.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = match quote {
            Some(quote) => rest.get(1..)?.split(quote).next()?,
            None => rest.split(|c: char| c.is_whitespace() || ";,&|\"'`".contains(c)).next()?,
        };
        let lead = before.get(..before.len() - name.len())?;
        let lead = lead.trim().trim_start_matches(['-', '"', '\'']);
        let alone = matches!(lead, "" | "export" | "Environment=" | "env" | "e" | "set" | "local");
        let start = before.len() - name.len();
        let opens = line.len() - rest.len() + usize::from(quote.is_some());
        let text = line.get(start..opens + value.len())?;
        Some(Assigned { name, value, text, quoted: quote.is_some(), alone })
    })
}

#[cfg(test)]
mod tests {
    use super::assigned;

    fn all(text: &str) -> Vec<(&str, &str, bool)> {
        assigned(text).map(|it| (it.name, it.value, it.quoted)).collect()
    }

    #[test]
    fn what_is_set() {
        assert_eq!(all("A=b c"), [("A", "b", false)]);
        assert_eq!(
            all("--env=DB_PASSWORD=x"),
            [("env", "DB_PASSWORD=x", false), ("DB_PASSWORD", "x", false)]
        );
        assert_eq!(all("  password = \"x y\";"), [("password", "x y", true)]);
        assert_eq!(all("{\"token\": \"t\"}"), [("token", "t", true)]);
        assert_eq!(all("a: b\n# c: d\nhttp://x"), [("a", "b", false)]);
        assert_eq!(all("if a == b"), []);
    }
}
