//! Types of NixOS options, as the manual words them: `null or string`, `list of (submodule)`,
//! `16 bit unsigned integer; between 0 and 65535 (both inclusive)`.
//!
//! The words are those of `lib/types.nix` of nixpkgs: each type has a `description`, and one that
//! contains another puts that one's between parentheses where it would be misread.

use qg_lang::diagnostic::closest;

/// What an option takes. What is worded in another way than these takes anything.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
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
    One(Vec<Choice>),
    List(Box<Type>),
    Attrs(Box<Type>),
    /// A set whose keys are options themselves.
    Submodule,
    Union(Vec<Type>),
}

/// A value of `one of “a”, “b”`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
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

const INT: Type = Type::Int { least: i64::MIN, most: i64::MAX };

/// Wordings of one type each.
const PLAIN: &[(&str, Type)] = &[
    ("anything", Type::Any),
    ("unspecified value", Type::Any),
    ("raw value", Type::Any),
    ("JSON value", Type::Any),
    ("YAML value", Type::Any),
    ("TOML value", Type::Any),
    ("null", Type::Null),
    ("boolean", Type::Bool),
    ("bool", Type::Bool),
    ("floating point number", Type::Float),
    ("string", Type::Text),
    ("non-empty string", Type::Text),
    ("string (with check: non-empty)", Type::Text),
    ("(optionally newline-terminated) single-line string", Type::Text),
    ("path", Type::Path),
    ("absolute path", Type::Path),
    ("path in the Nix store", Type::Path),
    ("package", Type::Package),
    ("signed integer", INT),
    ("integer", INT),
    ("unsigned integer, meaning >=0", Type::Int { least: 0, most: i64::MAX }),
    ("positive integer, meaning >0", Type::Int { least: 1, most: i64::MAX }),
    ("submodule", Type::Submodule),
];

/// What stands before the type of the elements.
const LISTS: &[&str] = &["list of ", "non-empty list of "];
const SETS: &[&str] = &["attribute set of ", "lazy attribute set of "];

impl Type {
    /// The type of a wording; prose takes anything.
    #[must_use]
    pub fn parse(phrase: &str) -> Type {
        Parser::default().union(phrase, DEPTH)
    }

    /// The type of a wording in which everything is understood.
    ///
    /// # Errors
    /// The first part that is not.
    pub fn understand(phrase: &str) -> Result<Type, Prose> {
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
    fn union(&mut self, phrase: &str, depth: usize) -> Type {
        let mut parts = Vec::new();
        for part in alternatives(phrase) {
            let ty = self.one(part.trim().trim_end_matches(','), depth);
            if let Type::Union(inner) = ty {
                parts.extend(inner);
            } else {
                parts.push(ty);
            }
        }
        match parts.len() {
            1 => parts.pop().unwrap_or(Type::Any),
            _ if parts.contains(&Type::Any) => Type::Any,
            _ => Type::Union(parts),
        }
    }

    fn one(&mut self, phrase: &str, depth: usize) -> Type {
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
            return Type::List(Box::new(self.one(of, deeper)));
        }
        if let Some(of) = after(phrase, SETS) {
            return Type::Attrs(Box::new(self.one(of, deeper)));
        }
        if let Some(of) = phrase.strip_prefix("non-empty (").and_then(|it| it.strip_suffix(')')) {
            return self.one(of, deeper);
        }
        if phrase == "attribute set" {
            return Type::Attrs(Box::new(Type::Any));
        }
        // The manual of 2025 says so of one whose other keys may be anything of a type.
        if phrase.starts_with("open submodule of ") {
            return Type::Submodule;
        }
        if phrase.starts_with("function that evaluates to ") {
            return Type::Function;
        }
        if ["strings concatenated with ", "string matching the pattern ", "string (with check: "]
            .iter()
            .any(|words| phrase.starts_with(words))
        {
            return Type::Text;
        }
        if let Some(values) = phrase.strip_prefix("one of ") {
            return choices(values).map_or_else(|| self.any(phrase), Type::One);
        }
        if let Some(value) = phrase.strip_suffix(" (singular enum)")
            && let Some(value) = value.strip_prefix("value ")
        {
            return choices(value).map_or_else(|| self.any(phrase), Type::One);
        }
        between(phrase).unwrap_or_else(|| self.any(phrase))
    }

    fn any(&mut self, phrase: &str) -> Type {
        self.prose.get_or_insert_with(|| phrase.to_owned());
        Type::Any
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
fn choices(list: &str) -> Option<Vec<Choice>> {
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

fn choice(text: &str) -> Option<(Choice, &str)> {
    for (open, close) in [('“', '”'), ('"', '"')] {
        if let Some(inner) = text.strip_prefix(open) {
            let (value, behind) = inner.split_once(close)?;
            return Some((Choice::Text(value.to_owned()), behind));
        }
    }
    let (word, behind) = match text.find([',', ' ']) {
        Some(at) => text.split_at_checked(at)?,
        None => (text, ""),
    };
    let choice = match word {
        "null" | "<null>" => Choice::Null,
        "true" => Choice::Bool(true),
        "false" => Choice::Bool(false),
        number => Choice::Int(number.parse().ok()?),
    };
    Some((choice, behind))
}

/// `integer between 1 and 99 (both inclusive)`, `8 bit signed integer; between -128 and 127 (both inclusive)`
fn between(phrase: &str) -> Option<Type> {
    let (what, rest) = phrase.split_once("between ")?;
    let what = what.trim_end().trim_end_matches(';');
    let is_integer = what == "integer"
        || what.strip_suffix("signed integer").is_some_and(|bits| {
            let bits = bits.trim_end_matches("un").trim();
            bits.strip_suffix("bit").is_some_and(|bits| bits.trim().parse::<u8>().is_ok())
        });
    let (least, most) = rest.strip_suffix(" (both inclusive)")?.split_once(" and ")?;
    is_integer.then_some(())?;
    Some(Type::Int { least: least.parse().ok()?, most: most.parse().ok()? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn list(of: Type) -> Type {
        Type::List(Box::new(of))
    }

    fn attrs(of: Type) -> Type {
        Type::Attrs(Box::new(of))
    }

    fn texts(all: &[&str]) -> Type {
        Type::One(all.iter().map(|it| Choice::Text((*it).to_owned())).collect())
    }

    #[test]
    fn wordings_of_the_manual() {
        let port = Type::Int { least: 0, most: 65535 };
        let union = |all: &[Type]| Type::Union(all.to_vec());
        let cases = [
            ("boolean", Type::Bool),
            ("null or string", union(&[Type::Null, Type::Text])),
            ("list of string", list(Type::Text)),
            ("attribute set of (submodule)", attrs(Type::Submodule)),
            ("list of (open submodule of (JSON value))", list(Type::Submodule)),
            ("null or (list of (submodule))", union(&[Type::Null, list(Type::Submodule)])),
            ("one of “a”, “b or c”", texts(&["a", "b or c"])),
            ("one of \"a\", \"b\"", texts(&["a", "b"])),
            (
                "one of “default”, “all” or list of string",
                union(&[texts(&["default", "all"]), list(Type::Text)]),
            ),
            ("value “auto” (singular enum)", texts(&["auto"])),
            ("one of 1, -2", Type::One(vec![Choice::Int(1), Choice::Int(-2)])),
            ("16 bit unsigned integer; between 0 and 65535 (both inclusive)", port.clone()),
            (
                "list of attribute set of 16 bit unsigned integer; between 0 and 65535 (both inclusive)",
                list(attrs(port.clone())),
            ),
            ("integer between -20 and 19 (both inclusive)", Type::Int { least: -20, most: 19 }),
            ("strings concatenated with “\\n”", Type::Text),
            ("strings concatenated with \" or \"", Type::Text),
            ("(list of path) or path convertible to it", union(&[list(Type::Path), Type::Path])),
            (
                "attribute set of (null or string or path)",
                attrs(union(&[Type::Null, Type::Text, Type::Path])),
            ),
            ("non-empty (list of string)", list(Type::Text)),
            ("function that evaluates to a(n) list of package", Type::Function),
            ("list of string matching the pattern [a-z]+[.](service|socket)", list(Type::Text)),
            // Prose takes anything, alone and as a part.
            ("string, not containing newlines or colons", Type::Any),
            ("null or secret value", Type::Any),
            ("attribute set of section of an INI file (a, b or c)", attrs(Type::Any)),
            ("signed integer or", Type::Any),
            ("", Type::Any),
            ("list of ", Type::Any),
            (")(", Type::Any),
        ];
        for (phrase, ty) in cases {
            assert_eq!(Type::parse(phrase), ty, "{phrase}");
        }
    }

    #[test]
    fn nothing_is_too_deep() {
        let deep = format!("{}string{}", "(".repeat(5000), ")".repeat(5000));
        assert_eq!(Type::parse(&deep), Type::Any);
        assert_eq!(Type::parse(&" or ".repeat(5000)), Type::Any);
        let mut of = Type::parse(&"list of ".repeat(5000));
        let mut levels = 0;
        while let Type::List(inner) = of {
            (of, levels) = (*inner, levels + 1);
        }
        assert_eq!((of, levels), (Type::Any, DEPTH));
    }

    #[test]
    fn a_typing_error_is_no_type() {
        assert_eq!(Type::understand("list of anything"), Ok(list(Type::Any)));
        let prose = Type::understand("null or (list of strng)").unwrap_err();
        assert_eq!((prose.words.as_str(), prose.near), ("strng", Some("string")));
        assert_eq!(Type::understand("secret value").unwrap_err().near, None);
    }
}
