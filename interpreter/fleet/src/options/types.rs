//! Types of NixOS options, as the manual words them: `null or string`, `list of (submodule)`,
//! `16 bit unsigned integer; between 0 and 65535 (both inclusive)`.
//!
//! The words are those of `lib/types.nix` of nixpkgs: each type has a `description`, and one that
//! contains another puts that one's between parentheses where it would be misread.

use qg_lang::diagnostic::closest;

/// What an option takes. What is worded in another way than these takes anything.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionType {
    Any,
    Null,
    Bool,
    Int {
        least: i64,
        most: i64,
    },
    Float,
    Text,
    Path,
    Package,
    /// Only Nix itself can say one.
    Function,
    /// One of these values.
    One(Vec<OptionChoice>),
    List(Box<OptionType>),
    Attrs(Box<OptionType>),
    /// A set whose keys are options themselves.
    Submodule,
    Union(Vec<OptionType>),
}

/// A value of `one of “a”, “b”`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionChoice {
    Text(String),
    Int(i64),
    Bool(bool),
    Null,
}

/// A wording that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prose {
    pub words: String,
    /// What may have been meant.
    pub near: Option<&'static str>,
}

/// Wordings are not nested deeper.
const DEPTH: usize = 32;

const INT: OptionType = OptionType::Int { least: i64::MIN, most: i64::MAX };

/// Wordings of one type each.
const PLAIN: &[(&str, OptionType)] = &[
    ("anything", OptionType::Any),
    ("unspecified value", OptionType::Any),
    ("raw value", OptionType::Any),
    ("JSON value", OptionType::Any),
    ("YAML value", OptionType::Any),
    ("TOML value", OptionType::Any),
    ("null", OptionType::Null),
    ("boolean", OptionType::Bool),
    ("bool", OptionType::Bool),
    ("floating point number", OptionType::Float),
    ("string", OptionType::Text),
    ("non-empty string", OptionType::Text),
    ("string (with check: non-empty)", OptionType::Text),
    ("(optionally newline-terminated) single-line string", OptionType::Text),
    ("path", OptionType::Path),
    ("absolute path", OptionType::Path),
    ("path in the Nix store", OptionType::Path),
    ("package", OptionType::Package),
    ("signed integer", INT),
    ("integer", INT),
    ("unsigned integer, meaning >=0", OptionType::Int { least: 0, most: i64::MAX }),
    ("positive integer, meaning >0", OptionType::Int { least: 1, most: i64::MAX }),
    ("submodule", OptionType::Submodule),
];

/// What stands before the type of the elements.
const LISTS: &[&str] = &["list of ", "non-empty list of "];
const SETS: &[&str] = &["attribute set of ", "lazy attribute set of "];

impl OptionType {
    /// The type of a wording; prose takes anything.
    #[must_use]
    pub fn parse(phrase: &str) -> OptionType {
        Parser::default().union(phrase, DEPTH)
    }

    /// The type of a wording in which everything is understood.
    ///
    /// # Errors
    /// The first part that is not.
    pub fn understand(phrase: &str) -> Result<OptionType, Prose> {
        let mut parser = Parser::default();
        let ty = parser.union(phrase, DEPTH);
        match parser.prose {
            None => Ok(ty),
            Some(words) => {
                let known = PLAIN.iter().map(|(words, _)| *words).chain(["attribute set"]);
                let near = closest(&words, known);
                Err(Prose { words, near })
            }
        }
    }
}

#[derive(Default)]
struct Parser {
    /// The first wording that was not understood.
    prose: Option<String>,
}

impl Parser {
    /// `a or b`
    fn union(&mut self, phrase: &str, depth: usize) -> OptionType {
        let mut parts = Vec::new();
        for part in alternatives(phrase) {
            let ty = self.one(part.trim().trim_end_matches(','), depth);
            if let OptionType::Union(inner) = ty {
                parts.extend(inner);
            } else {
                parts.push(ty);
            }
        }
        match parts.len() {
            1 => parts.pop().unwrap_or(OptionType::Any),
            _ if parts.contains(&OptionType::Any) => OptionType::Any,
            _ => OptionType::Union(parts),
        }
    }

    fn one(&mut self, phrase: &str, depth: usize) -> OptionType {
        let Some(deeper) = depth.checked_sub(1) else { return self.any(phrase) };
        if let Some((_, ty)) = PLAIN.iter().find(|(words, _)| *words == phrase) {
            return ty.clone();
        }
        if let Some(inner) = within_parentheses(phrase) {
            return self.union(inner, deeper);
        }
        if let Some(of) = phrase.strip_suffix(" convertible to it") {
            return self.one(of, deeper);
        }
        if let Some(of) = after(phrase, LISTS) {
            return OptionType::List(Box::new(self.one(of, deeper)));
        }
        if let Some(of) = after(phrase, SETS) {
            return OptionType::Attrs(Box::new(self.one(of, deeper)));
        }
        if let Some(of) = phrase.strip_prefix("non-empty (").and_then(|it| it.strip_suffix(')')) {
            return self.one(of, deeper);
        }
        if phrase == "attribute set" {
            return OptionType::Attrs(Box::new(OptionType::Any));
        }
        // The manual of 2025 says so of one whose other keys may be anything of a type.
        if phrase.starts_with("open submodule of ") {
            return OptionType::Submodule;
        }
        if phrase.starts_with("function that evaluates to ") {
            return OptionType::Function;
        }
        if ["strings concatenated with ", "string matching the pattern ", "string (with check: "]
            .iter()
            .any(|words| phrase.starts_with(words))
        {
            return OptionType::Text;
        }
        if let Some(values) = phrase.strip_prefix("one of ") {
            return choices(values).map_or_else(|| self.any(phrase), OptionType::One);
        }
        if let Some(value) = phrase.strip_suffix(" (singular enum)")
            && let Some(value) = value.strip_prefix("value ")
        {
            return choices(value).map_or_else(|| self.any(phrase), OptionType::One);
        }
        between(phrase).unwrap_or_else(|| self.any(phrase))
    }

    fn any(&mut self, phrase: &str) -> OptionType {
        self.prose.get_or_insert_with(|| phrase.to_owned());
        OptionType::Any
    }
}

fn after<'p>(phrase: &'p str, words: &[&str]) -> Option<&'p str> {
    words.iter().find_map(|words| phrase.strip_prefix(words))
}

/// The parts between ` or `, where it stands between neither parentheses nor quotes.
fn alternatives(phrase: &str) -> Vec<&str> {
    const OR: &str = " or ";
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quoted, mut straight) = (0, 0_i32, false, false);
    for (at, c) in phrase.char_indices() {
        match c {
            '“' => quoted = true,
            '”' => quoted = false,
            '"' if !quoted => straight = !straight,
            _ if quoted || straight => {}
            '(' => depth += 1,
            ')' => depth -= 1,
            // What follows an alternative that was found lies behind its words.
            ' ' if depth == 0
                && at >= start
                && phrase.get(at..).is_some_and(|rest| rest.starts_with(OR)) =>
            {
                parts.extend(phrase.get(start..at));
                start = at + OR.len();
            }
            _ => {}
        }
    }
    parts.extend(phrase.get(start..));
    parts
}

/// What stands in `(…)`, where the first parenthesis is closed by the last one.
fn within_parentheses(phrase: &str) -> Option<&str> {
    let inner = phrase.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i32;
    for c in inner.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    (depth == 0).then_some(inner)
}

/// `“a”, 1, null`; none where one of them is none of these.
fn choices(list: &str) -> Option<Vec<OptionChoice>> {
    let mut all = Vec::new();
    let mut rest = list.trim();
    while !rest.is_empty() {
        let (choice, behind) = choice(rest)?;
        all.push(choice);
        let behind = behind.trim_start();
        rest = match behind.strip_prefix(',') {
            Some(more) => more.trim_start(),
            None if behind.is_empty() => "",
            None => return None,
        };
    }
    (!all.is_empty()).then_some(all)
}

fn choice(text: &str) -> Option<(OptionChoice, &str)> {
    for (open, close) in [('“', '”'), ('"', '"')] {
        if let Some(inner) = text.strip_prefix(open) {
            let (value, behind) = inner.split_once(close)?;
            return Some((OptionChoice::Text(value.to_owned()), behind));
        }
    }
    let (word, behind) = match text.find([',', ' ']) {
        Some(at) => text.split_at_checked(at)?,
        None => (text, ""),
    };
    let choice = match word {
        "null" | "<null>" => OptionChoice::Null,
        "true" => OptionChoice::Bool(true),
        "false" => OptionChoice::Bool(false),
        number => OptionChoice::Int(number.parse().ok()?),
    };
    Some((choice, behind))
}

/// `integer between 1 and 99 (both inclusive)`, `8 bit signed integer; between -128 and 127 (both inclusive)`
fn between(phrase: &str) -> Option<OptionType> {
    let (what, rest) = phrase.split_once("between ")?;
    let what = what.trim_end().trim_end_matches(';');
    let is_integer = what == "integer"
        || what.strip_suffix("signed integer").is_some_and(|bits| {
            let bits = bits.trim_end_matches("un").trim();
            bits.strip_suffix("bit").is_some_and(|bits| bits.trim().parse::<u8>().is_ok())
        });
    let (least, most) = rest.strip_suffix(" (both inclusive)")?.split_once(" and ")?;
    is_integer.then_some(())?;
    Some(OptionType::Int { least: least.parse().ok()?, most: most.parse().ok()? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn list(of: OptionType) -> OptionType {
        OptionType::List(Box::new(of))
    }

    fn attrs(of: OptionType) -> OptionType {
        OptionType::Attrs(Box::new(of))
    }

    fn texts(all: &[&str]) -> OptionType {
        OptionType::One(all.iter().map(|it| OptionChoice::Text((*it).to_owned())).collect())
    }

    #[test]
    fn wordings_of_the_manual() {
        let port = OptionType::Int { least: 0, most: 65535 };
        let union = |all: &[OptionType]| OptionType::Union(all.to_vec());
        let cases = [
            ("boolean", OptionType::Bool),
            ("null or string", union(&[OptionType::Null, OptionType::Text])),
            ("list of string", list(OptionType::Text)),
            ("attribute set of (submodule)", attrs(OptionType::Submodule)),
            ("list of (open submodule of (JSON value))", list(OptionType::Submodule)),
            (
                "null or (list of (submodule))",
                union(&[OptionType::Null, list(OptionType::Submodule)]),
            ),
            ("one of “a”, “b or c”", texts(&["a", "b or c"])),
            ("one of \"a\", \"b\"", texts(&["a", "b"])),
            (
                "one of “default”, “all” or list of string",
                union(&[texts(&["default", "all"]), list(OptionType::Text)]),
            ),
            ("value “auto” (singular enum)", texts(&["auto"])),
            ("one of 1, -2", OptionType::One(vec![OptionChoice::Int(1), OptionChoice::Int(-2)])),
            ("16 bit unsigned integer; between 0 and 65535 (both inclusive)", port.clone()),
            (
                "list of attribute set of 16 bit unsigned integer; between 0 and 65535 (both inclusive)",
                list(attrs(port.clone())),
            ),
            (
                "integer between -20 and 19 (both inclusive)",
                OptionType::Int { least: -20, most: 19 },
            ),
            ("strings concatenated with “\\n”", OptionType::Text),
            ("strings concatenated with \" or \"", OptionType::Text),
            (
                "(list of path) or path convertible to it",
                union(&[list(OptionType::Path), OptionType::Path]),
            ),
            (
                "attribute set of (null or string or path)",
                attrs(union(&[OptionType::Null, OptionType::Text, OptionType::Path])),
            ),
            ("non-empty (list of string)", list(OptionType::Text)),
            ("function that evaluates to a(n) list of package", OptionType::Function),
            (
                "list of string matching the pattern [a-z]+[.](service|socket)",
                list(OptionType::Text),
            ),
            // Prose takes anything, alone and as a part.
            ("string, not containing newlines or colons", OptionType::Any),
            ("null or secret value", OptionType::Any),
            ("attribute set of section of an INI file (a, b or c)", attrs(OptionType::Any)),
            ("signed integer or", OptionType::Any),
            ("", OptionType::Any),
            ("list of ", OptionType::Any),
            (")(", OptionType::Any),
        ];
        for (phrase, ty) in cases {
            assert_eq!(OptionType::parse(phrase), ty, "{phrase}");
        }
    }

    #[test]
    fn nothing_is_too_deep() {
        let deep = format!("{}string{}", "(".repeat(5000), ")".repeat(5000));
        assert_eq!(OptionType::parse(&deep), OptionType::Any);
        assert_eq!(OptionType::parse(&" or ".repeat(5000)), OptionType::Any);
        let mut of = OptionType::parse(&"list of ".repeat(5000));
        let mut levels = 0;
        while let OptionType::List(inner) = of {
            (of, levels) = (*inner, levels + 1);
        }
        assert_eq!((of, levels), (OptionType::Any, DEPTH));
    }

    #[test]
    fn a_typing_error_is_no_type() {
        assert_eq!(OptionType::understand("list of anything"), Ok(list(OptionType::Any)));
        let prose = OptionType::understand("null or (list of strng)").unwrap_err();
        assert_eq!((prose.words.as_str(), prose.near), ("strng", Some("string")));
        assert_eq!(OptionType::understand("secret value").unwrap_err().near, None);
    }
}
