//! Comments that everybody can read. sops encrypts those that it finds, but takes one that stands there plain for an
//! older file's, and no `mac` counts them (`Tree.Encrypt`, `Tree.Decrypt`): a line written by hand above a value stays
//! as it is. What goes to hosts is without them.

use std::borrow::Cow;

use super::{Encrypted, SopsFormat, of_text, yaml};

/// How often a file is read to see whether something is a comment.
const READS: usize = 64;

/// A file without the comments that everybody can read; the same where there are none, and where comments say which
/// values are encrypted. `text` is a file that sops encrypted.
#[must_use]
pub fn without_comments(format: SopsFormat, text: &str) -> Cow<'_, str> {
    let marks: &[char] = match format {
        SopsFormat::Yaml | SopsFormat::Dotenv => &['#'],
        SopsFormat::Ini => &['#', ';'],
        SopsFormat::Json | SopsFormat::Binary => &[],
    };
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let shorter: Vec<Option<String>> = lines.iter().map(|line| cut(line, marks)).collect();
    // A word of the file's own, which no comment begins with.
    if shorter.iter().all(Option::is_none) || text.contains("crypted_comment_regex") {
        return Cow::Borrowed(text);
    }
    if format != SopsFormat::Yaml {
        return Cow::Owned(joined(&lines, &shorter, |_| true));
    }
    let Ok(tree) = yaml::read(text) else { return Cow::Borrowed(text) };
    // A line of a text in several begins with `#` as well: only what leaves the file the same was a comment.
    let same = |wanted: &dyn Fn(usize) -> bool| {
        yaml::read(&joined(&lines, &shorter, wanted)).is_ok_and(|it| it == tree)
    };
    let found: Vec<usize> =
        (0..lines.len()).filter(|at| shorter.get(*at).is_some_and(Option::is_some)).collect();
    let mut gone = vec![false; lines.len()];
    let mut left = vec![found.as_slice()];
    for _ in 0..READS {
        let Some(some) = left.pop() else { break };
        let is_in = |at: usize| {
            gone.get(at).copied().unwrap_or_default() || some.binary_search(&at).is_ok()
        };
        if same(&is_in) {
            for at in some {
                if let Some(it) = gone.get_mut(*at) {
                    *it = true;
                }
            }
        } else if some.len() > 1 {
            let (first, second) = some.split_at(some.len() / 2);
            left.extend([second, first]);
        }
    }
    Cow::Owned(joined(&lines, &shorter, |at| gone.get(at).copied().unwrap_or_default()))
}

fn joined(lines: &[&str], shorter: &[Option<String>], wanted: impl Fn(usize) -> bool) -> String {
    let each = lines.iter().zip(shorter).enumerate();
    each.map(|(at, (line, shorter))| shorter.as_deref().filter(|_| wanted(at)).unwrap_or(line))
        .collect()
}

/// A line without a plain comment, if it may have one: alone on it, or behind an encrypted value.
fn cut(line: &str, marks: &[char]) -> Option<String> {
    let is_plain =
        |comment: &str| of_text(comment.trim_start_matches(marks).trim()) != Encrypted::Text;
    if line.trim_start().starts_with(marks) {
        return is_plain(line.trim()).then(String::new);
    }
    let (value, behind) = line.split_once(",type:")?.1.split_once(']')?;
    let comment = behind.trim_start_matches(['"', '\'', '`']);
    let is_comment = comment.starts_with([' ', '\t']) && comment.trim_start().starts_with(marks);
    let is_kind = value.chars().all(|c| c.is_ascii_alphanumeric());
    if !is_comment || !is_kind || !is_plain(comment.trim()) {
        return None;
    }
    let end = if line.ends_with('\n') { "\n" } else { "" };
    line.strip_suffix(comment).map(|value| format!("{value}{end}"))
}
