//! Go's syntax (`regexp/syntax` with the flags of `regexp.Compile`), spelled anew: letter case, classes and
//! boundaries are written out, since Go's know ASCII alone where `regex` thinks of Unicode.

use std::iter::Peekable;
use std::str::Chars;

use super::Problem;
use super::class;

/// How deep groups may nest; and how often anything may repeat.
const MOST: u32 = 1000;

/// A pattern in Go's syntax, spelled for `regex`.
/// And the names of its groups, each with its number.
pub(super) fn translate(source: &str) -> Result<(String, Vec<(String, usize)>), Problem> {
    let mut reader = Reader {
        rest: source.chars().peekable(),
        out: String::new(),
        names: Vec::new(),
        groups: 0,
        fold: false,
        depth: 0,
    };
    reader.alternatives()?;
    match reader.rest.next() {
        None => Ok((reader.out, reader.names)),
        Some(_) => Err(refused("unexpected )")),
    }
}

pub(super) fn refused(why: &str) -> Problem {
    Problem::Refused(why.to_owned())
}

pub(super) struct Reader<'a> {
    pub(super) rest: Peekable<Chars<'a>>,
    pub(super) out: String,
    names: Vec<(String, usize)>,
    groups: usize,
    pub(super) fold: bool,
    depth: u32,
}

/// The last thing read, which may be repeated: how often its insides repeat, if it can be at all.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Last {
    Nothing,
    Repetition(u32),
    Thing(u32),
}

impl Reader<'_> {
    pub(super) fn eat(&mut self, c: char) -> bool {
        self.rest.next_if_eq(&c).is_some()
    }

    pub(super) fn starts(&self, with: &str) -> bool {
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

    pub(super) fn literal(&mut self, c: char) -> Last {
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
            if name.is_empty() || !name.chars().all(good) {
                return Err(refused("invalid named capture"));
            }
            self.groups += 1;
            // One name may stand for several groups, which `regex` has not.
            self.names.push((name, self.groups));
        } else if self.eat('?') {
            let Some(flags) = self.flags()? else { return Ok(before) };
            open = format!("(?{flags}:");
        } else {
            self.groups += 1;
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
                        self.out.push_str(&["(?", &flags, ")"].concat());
                    }
                    return Ok((c == ':').then_some(flags));
                }
                Some(_) | None => return Err(refused("invalid or unsupported Perl syntax")),
            }
        }
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
