//! Expressions over requests and their outcomes, as Traefik reads them: of `circuitBreaker` and of `buffering`.
//!
//! Traefik 3.7 gives both to `vulcand/predicate` 1.3, which reads them by Go's own grammar of expressions and
//! then calls one function for each operator, by the types that these take (`vulcand/oxy` 2.1, `cbreaker` and
//! `buffer`): a number with a point is no number without one, and what is measured stands on the left.

use std::iter::Peekable;
use std::str::CharIndices;

/// What an expression may ask about, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// The answers of the last seconds: `circuitBreaker.expression`.
    Answers,
    /// One request: `buffering.retryExpression`.
    Request,
}

/// The type of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Condition,
    /// Something measured, whose value is a whole number, one with a point, or a text.
    Counted,
    Ratio,
    Named,
    Int,
    Float,
    Text,
}

/// A function: its name, what it takes, what it gives.
type Function = (&'static str, &'static [Kind], Kind);

const OF_ANSWERS: &[Function] = &[
    ("LatencyAtQuantileMS", &[Kind::Float], Kind::Counted),
    ("NetworkErrorRatio", &[], Kind::Ratio),
    ("ResponseCodeRatio", &[Kind::Int, Kind::Int, Kind::Int, Kind::Int], Kind::Ratio),
];

const OF_REQUEST: &[Function] = &[
    ("Attempts", &[], Kind::Counted),
    ("IsNetworkError", &[], Kind::Condition),
    ("RequestMethod", &[], Kind::Named),
    ("ResponseCode", &[], Kind::Counted),
];

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Int(String),
    Float(String),
    Text,
    Sign(&'static str),
    /// A line break where Go ends a statement.
    End,
}

/// Longer signs first.
const SIGNS: &[&str] = &["&&", "||", "==", "!=", "<=", ">=", "<", ">", "(", ")", ",", "!", "-"];

/// Why Traefik would not take an expression; nothing where it does.
#[must_use]
pub(super) fn problem(text: &str, about: About) -> Option<String> {
    let tokens = match tokens(text) {
        Ok(tokens) => tokens,
        Err(why) => return Some(why),
    };
    let mut parser = Parser { tokens: &tokens, at: 0, about, depth: 0 };
    match parser.whole() {
        Ok(Kind::Condition) => None,
        Ok(kind) => Some(format!("it is {}, not a condition", what(kind))),
        Err(why) => Some(why),
    }
}

fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Condition => "a condition",
        Kind::Counted => "something counted",
        Kind::Ratio => "a ratio",
        Kind::Named => "a method",
        Kind::Int => "a whole number",
        Kind::Float => "a number with a point",
        Kind::Text => "a text",
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut all: Vec<Token> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some(&(at, c)) = chars.peek() {
        let rest = text.get(at..).unwrap_or_default();
        if c == '\n' {
            chars.next();
            // As Go does: a line may go on behind an operator, and not behind what could be the end.
            let ends = match all.last() {
                Some(Token::Sign(sign)) => *sign == ")",
                Some(Token::Name(_) | Token::Int(_) | Token::Float(_) | Token::Text) => true,
                Some(Token::End) | None => false,
            };
            if ends {
                all.push(Token::End);
            }
        } else if c == ' ' || c == '\t' || c == '\r' {
            chars.next();
        } else if c == '_' || c.is_alphabetic() {
            all.push(Token::Name(take(&mut chars, |c| c == '_' || c.is_alphanumeric())));
        } else if c.is_ascii_digit() || rest.strip_prefix('.').is_some_and(starts_with_digit) {
            all.push(number(&mut chars)?);
        } else if c == '"' || c == '`' {
            chars.next();
            string(&mut chars, c)?;
            all.push(Token::Text);
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            for _ in 0..sign.len() {
                chars.next();
            }
            all.push(Token::Sign(sign));
        } else {
            return Err(format!("`{c}` has no meaning there"));
        }
    }
    Ok(all)
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn take(chars: &mut Peekable<CharIndices<'_>>, good: impl Fn(char) -> bool) -> String {
    let mut text = String::new();
    while let Some((_, c)) = chars.next_if(|(_, c)| good(*c)) {
        text.push(c);
    }
    text
}

/// A number of Go's in ten digits; others (`0x10`, `1_000`) do not become one in `strconv.Atoi`.
fn number(chars: &mut Peekable<CharIndices<'_>>) -> Result<Token, String> {
    let mut text = take(chars, |c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
    if text.ends_with(['e', 'E'])
        && let Some((_, sign)) = chars.next_if(|(_, c)| *c == '+' || *c == '-')
    {
        text.push(sign);
        text.push_str(&take(chars, |c| c.is_ascii_digit()));
    }
    let bad = || Err(format!("`{text}` is no number"));
    if text.bytes().all(|c| c.is_ascii_digit()) {
        // A leading zero makes it octal for Go's scanner, and `08` an error.
        let octal = text.len() > 1 && text.starts_with('0');
        let fits = text.parse::<i64>().is_ok();
        let good = fits && !(octal && text.contains(['8', '9']));
        return if good { Ok(Token::Int(text)) } else { bad() };
    }
    let plain = text.bytes().all(|c| c.is_ascii_digit() || b".eE+-".contains(&c));
    match text.parse::<f64>() {
        Ok(value) if plain && value.is_finite() => Ok(Token::Float(text)),
        _ => bad(),
    }
}

fn string(chars: &mut Peekable<CharIndices<'_>>, end: char) -> Result<(), String> {
    while let Some((_, c)) = chars.next() {
        match c {
            c if c == end => return Ok(()),
            '\n' if end == '"' => break,
            '\\' if end == '"' => match chars.next() {
                Some((_, 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\' | '"')) => {}
                Some((_, c)) => return Err(format!("`\\{c}` is no escape here")),
                None => break,
            },
            _ => {}
        }
    }
    Err("a text has no end".to_owned())
}

/// More than anybody writes, and less than the stack holds.
const DEPTH: u32 = 100;

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    about: About,
    depth: u32,
}

impl Parser<'_> {
    fn whole(&mut self) -> Result<Kind, String> {
        let kind = self.either()?;
        if self.tokens.get(self.at) == Some(&Token::End) {
            self.at += 1;
        }
        match self.tokens.get(self.at) {
            None => Ok(kind),
            Some(token) => Err(format!("{} is too much", spell(token))),
        }
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Sign(known)) if *known == sign);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<Kind, String> {
        let mut left = self.both()?;
        while self.takes("||") {
            left = join("||", left, self.both()?)?;
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Kind, String> {
        let mut left = self.comparison()?;
        while self.takes("&&") {
            left = join("&&", left, self.comparison()?)?;
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<Kind, String> {
        let mut left = self.operand()?;
        while let Some(sign) =
            ["==", "!=", "<=", ">=", "<", ">"].into_iter().find(|sign| self.takes(sign))
        {
            left = compare(sign, left, self.operand()?)?;
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Kind, String> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        match token {
            Some(Token::Int(_)) => Ok(Kind::Int),
            Some(Token::Float(_)) => Ok(Kind::Float),
            Some(Token::Text) => Ok(Kind::Text),
            Some(Token::Name(name)) => self.call(name),
            Some(Token::Sign("(")) => {
                self.depth += 1;
                if self.depth > DEPTH {
                    return Err("it is nested too deeply".to_owned());
                }
                let inner = self.either()?;
                self.depth -= 1;
                if self.takes(")") { Ok(inner) } else { Err("a `(` has no `)`".to_owned()) }
            }
            Some(Token::Sign("!")) => Err("there is no `!`: turn the comparison round".to_owned()),
            Some(Token::Sign("-")) => Err("nothing is below zero".to_owned()),
            Some(token) => Err(format!("{} stands where a value should", spell(token))),
            None => Err("it ends too early".to_owned()),
        }
    }

    fn call(&mut self, name: &str) -> Result<Kind, String> {
        let known = match self.about {
            About::Answers => OF_ANSWERS,
            About::Request => OF_REQUEST,
        };
        let Some((_, takes, gives)) = known.iter().find(|(known, ..)| *known == name) else {
            let names: Vec<&str> = known.iter().map(|(name, ..)| *name).collect();
            return Err(format!("there is no `{name}`, only {}", names.join(", ")));
        };
        if !self.takes("(") {
            return Err(format!("`{name}` is called: `{name}(…)`"));
        }
        let mut given = Vec::new();
        while !self.takes(")") {
            if !given.is_empty() && !self.takes(",") {
                return Err(format!("`{name}(` has no `)`"));
            }
            // A comma may stand behind the last one.
            if !given.is_empty() && self.takes(")") {
                break;
            }
            given.push(match self.tokens.get(self.at) {
                Some(Token::Int(_)) => Kind::Int,
                Some(Token::Float(_)) => Kind::Float,
                Some(Token::Text) => Kind::Text,
                _ => return Err(format!("`{name}` is given numbers, as they are")),
            });
            self.at += 1;
        }
        if given == *takes {
            return Ok(*gives);
        }
        let list =
            |kinds: &[Kind]| kinds.iter().map(|kind| what(*kind)).collect::<Vec<_>>().join(", ");
        let counted = |count: usize| match count {
            1 => "one value".to_owned(),
            count => format!("{count} values"),
        };
        Err(match (takes.len(), given.len()) {
            (0, _) => format!("`{name}()` is given nothing"),
            (wanted, found) if wanted != found => {
                format!("`{name}` is given {} ({}), not {found}", counted(wanted), list(takes))
            }
            (1, _) => {
                let point = if *takes == [Kind::Float] { " (`50.0`)" } else { "" };
                format!("`{name}` is given {}{point}, not {}", list(takes), list(&given))
            }
            (_, _) => format!("`{name}` is given {}, not {}", list(takes), list(&given)),
        })
    }
}

fn join(sign: &str, left: Kind, right: Kind) -> Result<Kind, String> {
    match [left, right].iter().find(|kind| **kind != Kind::Condition) {
        None => Ok(Kind::Condition),
        Some(other) => Err(format!("beside `{sign}` stands {}, not a condition", what(*other))),
    }
}

fn compare(sign: &str, left: Kind, right: Kind) -> Result<Kind, String> {
    let wanted = match left {
        Kind::Counted => Kind::Int,
        Kind::Ratio => Kind::Float,
        Kind::Named if sign == "==" || sign == "!=" => Kind::Text,
        Kind::Named => return Err("a method is equal, or not".to_owned()),
        Kind::Int | Kind::Float | Kind::Text => {
            return Err("what is measured stands on the left of a comparison".to_owned());
        }
        Kind::Condition => return Err("a condition is not compared with anything".to_owned()),
    };
    if right == wanted {
        return Ok(Kind::Condition);
    }
    let (left, wanted, right) = (what(left), what(wanted), what(right));
    Err(format!("{left} is compared with {wanted} (`0.5`, `1.0` have a point), not with {right}"))
}

fn spell(token: &Token) -> String {
    match token {
        Token::Name(text) | Token::Int(text) | Token::Float(text) => format!("`{text}`"),
        Token::Text => "a text".to_owned(),
        Token::Sign(sign) => format!("`{sign}`"),
        Token::End => "a new line".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Held against Traefik's own code in `tests/tests/traefik_peer.rs`.
    #[test]
    fn what_traefik_takes() {
        for good in [
            "NetworkErrorRatio() > 0.30",
            "LatencyAtQuantileMS(50.0) > 100",
            "ResponseCodeRatio(500, 600, 0, 600,) >= .25 || (NetworkErrorRatio() == 1e-1)\n",
            "NetworkErrorRatio() > 0.5 &&\n NetworkErrorRatio() < 0.75",
        ] {
            assert_eq!(problem(good, About::Answers), None, "{good}");
        }
        for good in ["IsNetworkError()", "Attempts() < 2 && RequestMethod() != `GET`"] {
            assert_eq!(problem(good, About::Request), None, "{good}");
        }
    }

    #[test]
    fn what_it_does_not() {
        for (bad, why) in [
            ("NetworkErrorRatio() > 1", "a point"),
            ("LatencyAtQuantileMS(50) > 100", "a number with a point (`50.0`), not a whole number"),
            ("LatencyAtQuantileMS() > 100", "is given one value (a number with a point), not 0"),
            (
                "LatencyAtQuantileMS(50.0, 1.0) > 100",
                "is given one value (a number with a point), not 2",
            ),
            (
                "ResponseCodeRatio(500, 600) > 0.1",
                "is given 4 values (a whole number, a whole number, ",
            ),
            ("ResponseCodeRatio(500, 600) > 0.1", "a whole number), not 2"),
            (
                "ResponseCodeRatio(0.5, 600, 0, 600) > 0.1",
                "not a number with a point, a whole number",
            ),
            ("NetworkErrorRatio(1) > 0.1", "`NetworkErrorRatio()` is given nothing"),
            ("0.3 < NetworkErrorRatio()", "on the left"),
            ("NetworkErrorRation() > 0.3", "there is no `NetworkErrorRation`"),
            ("NetworkErrorRatio() > 0.3 and true", "`and` is too much"),
            ("NetworkErrorRatio() > 0.3\n|| NetworkErrorRatio() > 0.4", "`||` is too much"),
            ("!(NetworkErrorRatio() > 0.3)", "no `!`"),
            ("NetworkErrorRatio() > 30%", "`%` has no meaning"),
            ("NetworkErrorRatio()", "not a condition"),
            ("NetworkErrorRatio > 0.3", "is called"),
            ("(NetworkErrorRatio() > 0.3", "no `)`"),
            ("Attempts() < 2", "there is no `Attempts`"),
            ("", "ends too early"),
        ] {
            let found = problem(bad, About::Answers).unwrap_or_default();
            assert!(found.contains(why), "{bad}: {found}");
        }
        for bad in ["RequestMethod() < \"GET\"", "Attempts() < 2.0", "IsNetworkError() == 1"] {
            assert!(problem(bad, About::Request).is_some(), "{bad}");
        }
    }
}
