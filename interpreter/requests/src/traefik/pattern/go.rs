//! Go's syntax (`regexp/syntax` with the flags of `regexp.Compile`), spelled anew: letter case, classes and
//! boundaries are written out, since Go's know ASCII alone where `regex` thinks of Unicode.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

use super::Problem;
use super::class::{self, Ranges};

/// How deep groups may nest; and how often anything may repeat.
const MOST: u32 = 1000;

/// A pattern in Go's syntax, spelled for `regex`.
pub(super) fn translate(source: &str) -> Result<String, Problem> {
    let mut reader = Reader {
        rest: source.chars().peekable(),
        out: String::new(),
        names: BTreeSet::new(),
        fold: false,
        depth: 0,
    };
    reader.alternatives()?;
    match reader.rest.next() {
        None => Ok(reader.out),
        Some(_) => Err(refused("unexpected )")),
    }
}

fn refused(why: &str) -> Problem {
    Problem::Refused(why.to_owned())
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
    names: BTreeSet<String>,
    fold: bool,
    depth: u32,
}

/// The last thing read, which may be repeated: how often its insides repeat, if it can be at all.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Nothing,
    Repetition(u32),
    Thing(u32),
}

impl Reader<'_> {
    fn eat(&mut self, c: char) -> bool {
        self.rest.next_if_eq(&c).is_some()
    }

    fn starts(&self, with: &str) -> bool {
        let mut ahead = self.rest.clone();
        with.chars().all(|c| ahead.next() == Some(c))
    }

    /// Alternatives up to a `)` or the end; how often the most repeated of them repeats.
    fn alternatives(&mut self) -> Result<u32, Problem> {
        self.depth += 1;
        if self.depth > MOST {
            return Err(refused("nested too deep"));
        }
        let fold = self.fold;
        let mut most = 1;
        let mut last = Last::Nothing;
        while let Some(c) = self.rest.next_if(|c| *c != ')') {
            last = match c {
                '|' => {
                    self.out.push('|');
                    Last::Nothing
                }
                '*' | '+' | '?' => self.repeated(&c.to_string(), last, 1)?,
                '{' => match counts(&mut self.rest) {
                    Some((least, up_to)) => self.counted(least, up_to, last)?,
                    None => self.literal('{'),
                },
                '(' => self.group(last)?,
                '[' => self.bracketed()?,
                '\\' => self.escaped()?,
                '.' | '^' | '$' => {
                    self.out.push(c);
                    Last::Thing(1)
                }
                _ => self.literal(c),
            };
            if let Last::Thing(times) | Last::Repetition(times) = last {
                most = most.max(times);
            }
        }
        self.fold = fold;
        self.depth -= 1;
        Ok(most)
    }

    fn literal(&mut self, c: char) -> Last {
        let alone = vec![(c, c)];
        let folded = if self.fold { class::folded(&alone) } else { Vec::new() };
        if folded.len() > 1 {
            self.out.push_str(&class::spelled(&folded, false));
        } else {
            self.out.push_str(&regex::escape(&c.to_string()));
        }
        Last::Thing(1)
    }

    fn repeated(&mut self, how: &str, last: Last, times: u32) -> Result<Last, Problem> {
        let inner = match last {
            Last::Nothing => return Err(refused("missing argument to repetition operator")),
            Last::Repetition(_) => return Err(refused("invalid nested repetition operator")),
            Last::Thing(inner) => inner,
        };
        let times = inner.saturating_mul(times.max(1));
        if times > MOST {
            return Err(refused("invalid repeat count"));
        }
        self.out.push_str(how);
        if self.eat('?') {
            self.out.push('?');
        }
        Ok(Last::Repetition(times))
    }

    fn counted(&mut self, least: u32, most: Option<u32>, last: Last) -> Result<Last, Problem> {
        let up_to = most.unwrap_or(least);
        if least > MOST || up_to > MOST || least > up_to {
            return Err(refused("invalid repeat count"));
        }
        let how = match most {
            Some(most) => format!("{{{least},{most}}}"),
            None => format!("{{{least},}}"),
        };
        self.repeated(&how, last, up_to)
    }

    /// What follows a `(`: a group, or flags for the rest of the one around.
    fn group(&mut self, before: Last) -> Result<Last, Problem> {
        let mut open = "(".to_owned();
        let fold = self.fold;
        if self.starts("?P<") || self.starts("?<") {
            while self.rest.next() != Some('<') {}
            let mut name = String::new();
            loop {
                match self.rest.next() {
                    Some('>') => break,
                    Some(c) => name.push(c),
                    None => return Err(refused("invalid named capture")),
                }
            }
            let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if name.is_empty() || !name.chars().all(good) || !self.names.insert(name.clone()) {
                return Err(refused("invalid named capture"));
            }
            // `regex` has no names that begin with a digit, and nobody asks for one.
            if !name.starts_with(|c: char| c.is_ascii_digit()) {
                open = format!("(?P<{name}>");
            }
        } else if self.eat('?') {
            let Some(flags) = self.flags()? else { return Ok(before) };
            open = format!("(?{flags}:");
        }
        self.out.push_str(&open);
        let times = self.alternatives()?;
        self.fold = fold;
        if !self.eat(')') {
            return Err(refused("missing closing )"));
        }
        self.out.push(')');
        Ok(Last::Thing(times))
    }

    /// Flags after `(?`: those for `regex` where a group follows; where none does they are written already.
    fn flags(&mut self) -> Result<Option<String>, Problem> {
        let (mut on, mut flags, mut said) = (true, String::new(), false);
        loop {
            match self.rest.next() {
                Some('i') => (self.fold, said) = (on, true),
                Some(c @ ('m' | 's' | 'U')) => {
                    flags.push(c);
                    said = true;
                }
                Some('-') if on => {
                    flags.push('-');
                    (on, said) = (false, false);
                }
                Some(c @ (':' | ')')) if on || said => {
                    let flags = flags.strip_suffix('-').unwrap_or(&flags).to_owned();
                    if c == ')' && !flags.is_empty() {
                        self.out.push_str(&format!("(?{flags})"));
                    }
                    return Ok((c == ':').then_some(flags));
                }
                Some(_) | None => return Err(refused("invalid or unsupported Perl syntax")),
            }
        }
    }

    fn escaped(&mut self) -> Result<Last, Problem> {
        let Some(c) = self.rest.peek().copied() else {
            return Err(refused("trailing backslash at end of expression"));
        };
        let boundary = match c {
            'A' => r"\A",
            'z' => r"\z",
            'b' => r"(?-u:\b)",
            'B' => r"(?-u:\B)",
            _ => "",
        };
        if !boundary.is_empty() {
            self.rest.next();
            self.out.push_str(boundary);
            return Ok(Last::Thing(1));
        }
        if c == 'Q' {
            self.rest.next();
            let mut last = Last::Nothing;
            while !self.starts(r"\E") {
                let Some(c) = self.rest.next() else { return Ok(last) };
                last = self.literal(c);
            }
            self.rest.nth(1);
            return Ok(last);
        }
        if let Some((ranges, negated)) = self.class_escape()? {
            let ranges = if self.fold { class::folded(&ranges) } else { ranges };
            self.out.push_str(&class::spelled(&ranges, negated));
            return Ok(Last::Thing(1));
        }
        let c = self.character_escape()?;
        Ok(self.literal(c))
    }

    /// `\d` and its like, after the backslash.
    fn class_escape(&mut self) -> Result<Option<(Ranges, bool)>, Problem> {
        let Some(c) = self.rest.peek().copied() else { return Ok(None) };
        if c == 'p' || c == 'P' {
            return Err(Problem::Unsupported("classes of Unicode such as `\\pL`".to_owned()));
        }
        let Some(ranges) = class::perl(c.to_ascii_lowercase()) else { return Ok(None) };
        self.rest.next();
        Ok(Some((ranges, c.is_ascii_uppercase())))
    }

    /// A character that is written with a backslash, which is read already.
    fn character_escape(&mut self) -> Result<char, Problem> {
        let invalid = || refused("invalid escape sequence");
        let c = self.rest.next().ok_or_else(invalid)?;
        let octal = |c: &char| ('0'..='7').contains(c);
        match c {
            'a' => Ok('\u{7}'),
            'f' => Ok('\u{c}'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'v' => Ok('\u{b}'),
            '0'..='7' => {
                // A single digit would be a backreference, unless it is 0.
                if c != '0' && !self.rest.peek().is_some_and(octal) {
                    return Err(invalid());
                }
                let mut value = c.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(digit) = self.rest.next_if(octal) else { break };
                    value = value * 8 + digit.to_digit(8).unwrap_or(0);
                }
                char::from_u32(value).ok_or_else(invalid)
            }
            'x' => {
                let mut digits = String::new();
                if self.eat('{') {
                    loop {
                        match self.rest.next() {
                            Some('}') => break,
                            Some(c) if c.is_ascii_hexdigit() => digits.push(c),
                            Some(_) | None => return Err(invalid()),
                        }
                    }
                } else {
                    for _ in 0..2 {
                        let digit = self.rest.next_if(char::is_ascii_hexdigit);
                        digits.push(digit.ok_or_else(invalid)?);
                    }
                }
                let value = u32::from_str_radix(&digits, 16).map_err(|_| invalid())?;
                char::from_u32(value).ok_or_else(invalid)
            }
            _ if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok(c),
            _ => Err(invalid()),
        }
    }

    /// What follows a `[`.
    fn bracketed(&mut self) -> Result<Last, Problem> {
        let missing = || refused("missing closing ]");
        let negated = self.eat('^');
        let mut ranges = Ranges::new();
        let mut first = true;
        while first || self.rest.peek() != Some(&']') {
            first = false;
            if self.starts("[:") && self.named(&mut ranges)? {
                continue;
            }
            if self.starts("\\") {
                let at = self.rest.clone();
                self.rest.next();
                if let Some((class, inverted)) = self.class_escape()? {
                    let class = if self.fold { class::folded(&class) } else { class };
                    ranges.extend(if inverted { class::inverted(class) } else { class });
                    continue;
                }
                self.rest = at;
            }
            let low = self.class_character()?;
            let mut high = low;
            let mut ahead = self.rest.clone();
            if ahead.next() == Some('-') && ahead.peek().is_some_and(|c| *c != ']') {
                self.rest.next();
                high = self.class_character()?;
                if high < low {
                    return Err(refused("invalid character class range"));
                }
            }
            ranges.push((low, high));
        }
        self.rest.next().ok_or_else(missing)?;
        let ranges = if self.fold { class::folded(&ranges) } else { ranges };
        self.out.push_str(&class::spelled(&ranges, negated));
        Ok(Last::Thing(1))
    }

    fn class_character(&mut self) -> Result<char, Problem> {
        match self.rest.next() {
            Some('\\') => self.character_escape(),
            Some(c) => Ok(c),
            None => Err(refused("missing closing ]")),
        }
    }

    /// `[:alpha:]` inside a class; false where it is none.
    fn named(&mut self, ranges: &mut Ranges) -> Result<bool, Problem> {
        let ahead: String = self.rest.clone().skip(2).collect();
        let Some((name, _)) = ahead.split_once(":]") else { return Ok(false) };
        let plain = name.strip_prefix('^');
        let class = class::posix(plain.unwrap_or(name))?;
        let class = if self.fold { class::folded(&class) } else { class };
        ranges.extend(if plain.is_some() { class::inverted(class) } else { class });
        self.rest.nth(name.chars().count() + 3);
        Ok(true)
    }
}

/// `2}`, `2,}` or `2,5}` after a `{`; nothing is read where it is something else.
fn counts(rest: &mut Peekable<Chars<'_>>) -> Option<(u32, Option<u32>)> {
    let mut ahead = rest.clone();
    let least = number(&mut ahead)?;
    let most = if ahead.next_if_eq(&',').is_none() {
        Some(least)
    } else if ahead.peek() == Some(&'}') {
        None
    } else {
        Some(number(&mut ahead)?)
    };
    ahead.next_if_eq(&'}')?;
    *rest = ahead;
    Some((least, most))
}

fn number(rest: &mut Peekable<Chars<'_>>) -> Option<u32> {
    let mut digits = String::new();
    while let Some(digit) = rest.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    let plain = digits.len() == 1 || !digits.starts_with('0');
    (plain && !digits.is_empty()).then(|| digits.parse().unwrap_or(u32::MAX))
}
