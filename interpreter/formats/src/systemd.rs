//! How the files of systemd are written: units, and those of sysusers.d, tmpfiles.d, modules-load.d and sysctl.d.
//!
//! systemd reads them line by line, and takes a carriage return and a zero byte for the end of one too
//! (`read_line_full`, v257). Blanks at the ends of a value are cut off, and a backslash at the end of a line joins
//! it with the next one (systemd.syntax(7)).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use qg_provenance::leaf::OriginId;

use super::document::{Document, OriginText, Refusal, Twice};

/// Why no line of systemd's can hold a text, if none can.
#[must_use]
pub fn line_trouble(text: &str) -> Option<&'static str> {
    if text.contains('\0') {
        Some("has a zero byte in it")
    } else if text.contains(['\n', '\r']) {
        Some("has a line break in it")
    } else {
        None
    }
}

/// Why the value of a key cannot be read back, if it cannot.
#[must_use]
pub fn value_trouble(text: &str) -> Option<&'static str> {
    line_trouble(text).or_else(|| {
        if text.trim() != text {
            Some("begins or ends with a blank")
        } else if text.ends_with('\\') {
            Some("ends with a backslash, which would join it with the next line")
        } else {
            None
        }
    })
}

/// Whether a text can be the name of a key.
#[must_use]
pub fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// A value where systemd reads specifiers but no variables, as in `[Unit]`.
#[must_use]
pub fn specifier_free(value: &str) -> String {
    value.replace('%', "%%")
}

/// A word of a value that systemd splits at blanks, where it decodes no escapes: a backslash takes the meaning
/// of the character behind it away (`extract_first_word` with `EXTRACT_UNQUOTE` alone).
#[must_use]
pub fn word(text: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !matches!(c, '"' | '\'' | '\\');
    let free = specifier_free(text);
    if !text.is_empty() && text.chars().all(plain) {
        return free;
    }
    format!("\"{}\"", free.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A word of a value that systemd splits at blanks and decodes the escapes of C in, but knows no variables, as
/// `Environment=` (`EXTRACT_CUNESCAPE | EXTRACT_UNQUOTE`).
#[must_use]
pub fn item(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut all = String::from("\"");
    for c in specifier_free(text).chars() {
        match c {
            '"' => all.push_str("\\\""),
            '\\' => all.push_str("\\\\"),
            '\n' => all.push_str("\\n"),
            '\r' => all.push_str("\\r"),
            '\t' => all.push_str("\\t"),
            c if c.is_ascii_control() => {
                let _ = write!(all, "\\x{:02x}", u32::from(c));
            }
            c => all.push(c),
        }
    }
    all.push('"');
    all
}

/// The words of a value as systemd splits them at blanks, quotes and the backslashes before characters taken away; none
/// where a quote is not closed (`extract_first_word` with `EXTRACT_UNQUOTE`, v257).
#[must_use]
pub fn words(text: &str) -> Option<Vec<String>> {
    let blank = |c: &char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let mut rest = text.chars().peekable();
    let mut all = Vec::new();
    loop {
        while rest.next_if(blank).is_some() {}
        if rest.peek().is_none() {
            return Some(all);
        }
        let (mut word, mut quote) = (String::new(), None);
        while let Some(c) = rest.next() {
            match (c, quote) {
                (c, Some(open)) if c == open => quote = None,
                ('"' | '\'', None) => quote = Some(c),
                ('\\', _) => word.extend(rest.next()),
                (c, None) if blank(&c) => break,
                (c, _) => word.push(c),
            }
        }
        if quote.is_some() {
            return None;
        }
        all.push(word);
    }
}

/// A path as tmpfiles.d(5) reads it between quotes of either kind, without specifiers. A backslash before a quote or
/// another backslash is read alike by every version; the other escapes of C are not (v252 knows none of them), so that
/// only a line break is one: it never ends the line.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut all = String::new();
    for c in text.chars() {
        match c {
            '%' => all.push_str("%%"),
            '\\' | '"' | '\'' => {
                all.push('\\');
                all.push(c);
            }
            '\n' => all.push_str("\\n"),
            '\r' => all.push_str("\\r"),
            c => all.push(c),
        }
    }
    all
}

/// A field of sysusers.d(5) and tmpfiles.d(5), between quotes where it needs them. A line break stays one, and is
/// refused with its line.
#[must_use]
pub fn field(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._@:+-".contains(c);
    if !text.is_empty() && text != "-" && text.chars().all(plain) {
        return text.to_owned();
    }
    let spelled = if line_trouble(text).is_some() { text.to_owned() } else { escaped(text) };
    format!("\"{spelled}\"")
}

/// A file of lines that systemd reads. A line that it could not hold is left out, and becomes a refusal.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    document: Document,
    /// What was said of each thing of which one line can speak, and where.
    known: BTreeMap<String, (usize, OriginText)>,
}

impl Lines {
    /// A file that begins with a comment.
    #[must_use]
    pub fn begun(comment: &str) -> Lines {
        let mut document = Document::default();
        document.line(comment, &[]);
        Lines { document, known: BTreeMap::new() }
    }

    /// A line of which systemd takes one for each thing, `what`: the first, with a warning in the journal. The same one
    /// stands once; two that differ are kept as such.
    pub fn rule(&mut self, what: String, text: &str, origins: &[OriginId]) {
        let Some((at, first)) = self.known.get_mut(&what) else {
            self.known
                .insert(what, (self.document.lines.len(), (text.to_owned(), origins.to_vec())));
            return self.line(text, origins);
        };
        if first.0 == text {
            let of = self.document.lines.get_mut(*at).into_iter();
            of.for_each(|line| {
                line.extend(origins.iter().filter(|it| **it != OriginId::default()));
            });
            return;
        }
        let (first, second) = (first.clone(), (text.to_owned(), origins.to_vec()));
        let help = "say it in one of them and leave the other out: a place is made once";
        self.document.twice.push(Twice { what, first, second, help });
    }

    pub fn line(&mut self, text: &str, origins: &[OriginId]) {
        match line_trouble(text) {
            Some(why) => self.refuse(text, why, origins),
            None => self.document.line(text, origins),
        }
    }

    /// `KEY=VALUE` with something between them: `=` or ` = `.
    pub fn pair(&mut self, key: &str, between: &str, value: &str, origins: &[OriginId]) {
        match value_trouble(value) {
            Some(why) => self.refuse(value, why, origins),
            None => self.line(&format!("{key}{between}{value}"), origins),
        }
    }

    /// A word that stands alone, where systemd splits at blanks or takes the line for a comment.
    pub fn word(&mut self, before: &str, text: &str, origins: &[OriginId]) {
        if text.is_empty() || text.contains(char::is_whitespace) || text.starts_with(['#', ';']) {
            self.refuse(text, "is no single word", origins);
        } else {
            self.line(&format!("{before}{text}"), origins);
        }
    }

    pub fn refuse(&mut self, text: &str, why: &'static str, origins: &[OriginId]) {
        self.document.refused.push(Refusal { text: text.to_owned(), why, by: origins.to_vec() });
    }

    #[must_use]
    pub fn document(self) -> Document {
        self.document
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, escaped, field, is_key, item, value_trouble, word, words};
    use qg_provenance::leaf::OriginId;

    #[test]
    fn words_and_fields() {
        assert_eq!(word("/srv/a"), "/srv/a");
        assert_eq!(word("/srv/a b%m\"\\"), "\"/srv/a b%%m\\\"\\\\\"");
        assert_eq!(item("A=b"), "A=b");
        assert_eq!(item("A=b $c%\"\\\n\x1b"), "\"A=b $c%%\\\"\\\\\\n\\x1b\"");
        assert_eq!(field("/srv/my data %m"), "\"/srv/my data %%m\"");
        assert_eq!(field("-"), "\"-\"");
        assert_eq!(escaped("it's\n\té\\"), "it\\'s\\n\té\\\\");
        assert_eq!(field("a\nb"), "\"a\nb\"");
    }

    #[test]
    fn words_end_where_their_quotes_do() {
        let all = |text| words(text).unwrap_or_default().join("|");
        assert_eq!(all("a  'b c' d\"e f\"g \\\"h ''"), "a|b c|de fg|\"h|");
        assert_eq!(all("'it\\'s'"), "it's");
        assert!(words("a \"b").is_none() && words("it's").is_none() && words("\"\\\"").is_none());
        assert_eq!(words(" "), Some(Vec::new()));
    }

    #[test]
    fn what_no_line_holds_is_left_out_and_told() {
        let mut lines = Lines::begun("# x");
        let by = [OriginId(7)];
        lines.line("a\nb", &by);
        lines.line("a\rb", &by);
        lines.word("m app ", "video\nu evil 0 - / /bin/bash", &by);
        lines.word("", "# x", &by);
        lines.pair("k", "=", "a\\", &by);
        lines.pair("k", "=", "a \\ b", &by);
        let document = lines.document();
        assert_eq!(document.text, "# x\nk=a \\ b\n");
        assert_eq!(document.refused.len(), 5);
        assert!(document.refused.iter().all(|it| it.by == by));
    }

    #[test]
    fn keys_and_values() {
        assert!(is_key("ExecStart") && is_key("X-Own"));
        assert!(!is_key("") && !is_key("A=b") && !is_key("[Container]") && !is_key("#A"));
        assert!(value_trouble("a\u{2028}b").is_none() && value_trouble(" a").is_some());
    }
}
