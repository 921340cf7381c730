//! What the text of a string means: escapes, and the indentation of multi-line strings.

/// The character that an escape of a one-line string (`\n`, `\u{1F600}`) writes.
pub(crate) fn escape(written: &str) -> Option<char> {
    if let Some(digits) = written.strip_prefix("\\u{").and_then(|rest| rest.strip_suffix('}')) {
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() <= 6)?;
        // No file and no program's argument can hold a NUL.
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    match written {
        "\\n" => Some('\n'),
        "\\t" => Some('\t'),
        "\\r" => Some('\r'),
        "\\\"" => Some('"'),
        "\\\\" => Some('\\'),
        _ => None,
    }
}

/// A piece of a multi-line string: text (line ends are `\n` already), or a hole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Hole,
}

/// Takes the indentation of the closing quotes from each line, the first line end and the last one.
/// Where text stands before the closing quotes, nothing is taken away but the first line end.
/// Answers whether a line was indented less than the closing quotes: its number among the lines
/// of the string, from 0.
pub(crate) fn dedent(pieces: &mut [Piece]) -> Option<usize> {
    let indent = match pieces.last() {
        Some(Piece::Text(text)) => text
            .rsplit_once('\n')
            .map(|(_, last)| last)
            .filter(|last| last.chars().all(|c| c == ' ' || c == '\t'))
            .map(str::to_owned),
        Some(Piece::Hole) | None => None,
    };
    let many = pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains('\n')));
    if !many {
        return None;
    }
    // The closing line goes first, so that `"""` newline `"""` is the empty string.
    let mut wrong = None;
    if let (Some(indent), Some(Piece::Text(text))) = (&indent, pieces.last_mut()) {
        text.truncate(text.len() - indent.len());
        let mut line = 0;
        let last = pieces.len() - 1;
        for (index, piece) in pieces.iter_mut().enumerate() {
            let Piece::Text(text) = piece else { continue };
            *text = strip(text, indent, index == last, &mut line, &mut wrong);
        }
        if let Some(Piece::Text(text)) = pieces.last_mut() {
            text.pop();
        }
    }
    if let Some(Piece::Text(text)) = pieces.first_mut()
        && let Some((first, rest)) = text.split_once('\n')
        && first.chars().all(|c| c == ' ' || c == '\t')
    {
        *text = rest.to_owned();
    } else if let [Piece::Text(text)] = pieces
        && text.chars().all(|c| c == ' ' || c == '\t')
    {
        // The one line end was both the first and the last.
        text.clear();
    }
    wrong
}

/// Takes `indent` from behind every line end.
fn strip(
    text: &str,
    indent: &str,
    is_last: bool,
    line: &mut usize,
    wrong: &mut Option<usize>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    out.push_str(lines.next().unwrap_or(""));
    while let Some(each) = lines.next() {
        *line += 1;
        out.push('\n');
        let at_end = lines.peek().is_none();
        match each.strip_prefix(indent) {
            Some(rest) => out.push_str(rest),
            // A line of white space only, and what the closing quotes left of theirs.
            None if (!at_end || is_last) && each.trim().is_empty() => {}
            None => {
                wrong.get_or_insert(*line);
                out.push_str(each.trim_start());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Piece, dedent, escape};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut pieces = [Piece::Text(text.to_owned())];
        assert_eq!(dedent(&mut pieces), None);
        assert_eq!(pieces, [Piece::Text(expected.to_owned())]);
    }

    #[test]
    fn indentation_of_the_closing_quotes_goes() {
        check("\n  a\n    b\n  ", "a\n  b");
        check("\n  a\n\n  b\n  ", "a\n\nb");
        check("\n a\n", " a");
        check("one line \\d", "one line \\d");
        check("", "");
        check("\n", "");
        check("\n  ", "");
        check("\n\n  ", "");
        check("\n\n\n", "\n");
        check("\n  a\n  b", "  a\n  b");
        check("first\n  a\n  ", "first\na");
    }

    #[test]
    fn a_line_with_less_indentation_is_found() {
        let mut pieces = [Piece::Text("\n    a\n  b\n    ".to_owned())];
        assert_eq!(dedent(&mut pieces), Some(2));
    }

    #[test]
    fn holes_keep_the_text_around_them() {
        let text = |it: &str| Piece::Text(it.to_owned());
        let mut pieces = [text("\n  a "), Piece::Hole, text("\n  "), Piece::Hole, text(" b\n  ")];
        assert_eq!(dedent(&mut pieces), None);
        assert_eq!(pieces, [text("a "), Piece::Hole, text("\n"), Piece::Hole, text(" b")]);
    }

    #[test]
    fn escapes() {
        assert_eq!(escape("\\n"), Some('\n'));
        assert_eq!(escape("\\u{e4}"), Some('ä'));
        assert_eq!(escape("\\u{110000}"), None);
        assert_eq!(escape("\\u{0}"), None);
        assert_eq!(escape("\\u{}"), None);
        assert_eq!(escape("\\q"), None);
    }
}
