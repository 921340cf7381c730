//! What follows a backslash or a `[`.

use super::Problem;
use super::class::{self, Ranges};
use super::go::{Last, Reader, refused};

impl Reader<'_> {
    pub(super) fn escaped(&mut self) -> Result<Last, Problem> {
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
            self.rest.next();
            return self.property(c == 'P').map(Some);
        }
        let Some(ranges) = class::perl(c.to_ascii_lowercase()) else { return Ok(None) };
        self.rest.next();
        Ok(Some((ranges, c.is_ascii_uppercase())))
    }

    /// What follows `\p`: one letter, or a name in braces, maybe after a `^`.
    fn property(&mut self, mut negated: bool) -> Result<(Ranges, bool), Problem> {
        let missing = || refused("invalid character class range");
        let first = self.rest.next().ok_or_else(missing)?;
        let mut name = first.to_string();
        if first == '{' {
            name.clear();
            loop {
                match self.rest.next() {
                    Some('}') => break,
                    Some(c) => name.push(c),
                    None => return Err(missing()),
                }
            }
        }
        if let Some(plain) = name.strip_prefix('^') {
            negated = !negated;
            name = plain.to_owned();
        }
        Ok((class::property(&name)?, negated))
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
    pub(super) fn bracketed(&mut self) -> Result<Last, Problem> {
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
