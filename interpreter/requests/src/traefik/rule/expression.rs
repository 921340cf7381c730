//! Rules as expressions: matchers with their texts, joined by `&&`, `||`, `!` and parentheses.

use super::Refusal;
use super::tokens::{Token, syntax, tokens};

/// How deep parentheses and `!` may nest here; Go takes more.
const DEEPEST: u32 = 200;

/// A rule before its matchers are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A matcher, by its usual name, and its texts.
    Call(&'static str, Vec<String>),
    /// All of both.
    And(Box<Expression>, Box<Expression>),
    /// Any of both.
    Or(Box<Expression>, Box<Expression>),
    /// Not so.
    Not(Box<Expression>),
}

impl Expression {
    /// Reads an expression of the matchers named.
    ///
    /// # Errors
    /// What Go's parser, or the one on top of it, refuses.
    pub fn parse(source: &str, matchers: &[&'static str]) -> Result<Self, Refusal> {
        let tokens = tokens(source)?;
        let mut parser = Parser { tokens: &tokens, matchers, depth: 0 };
        let expression = parser.any()?;
        parser.eat(&Token::Line);
        match parser.tokens.first() {
            None => Ok(expression),
            Some(other) => Err(syntax(&format!("the rule goes on after its end: {other:?}"))),
        }
    }

    /// Each matcher and its texts, in order.
    pub fn each(&self, seen: &mut dyn FnMut(&'static str, &[String])) {
        match self {
            Self::Call(name, values) => seen(name, values),
            Self::And(left, right) | Self::Or(left, right) => {
                left.each(seen);
                right.each(seen);
            }
            Self::Not(inner) => inner.each(seen),
        }
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    matchers: &'a [&'static str],
    depth: u32,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<&Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn eat(&mut self, token: &Token) -> bool {
        let found = self.tokens.first() == Some(token);
        if found {
            self.next();
        }
        found
    }

    fn any(&mut self) -> Result<Expression, Refusal> {
        let mut left = self.all()?;
        while self.eat(&Token::Or) {
            left = Expression::Or(Box::new(left), Box::new(self.all()?));
        }
        Ok(left)
    }

    fn all(&mut self) -> Result<Expression, Refusal> {
        let mut left = self.one()?;
        while self.eat(&Token::And) {
            left = Expression::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Expression, Refusal> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refusal::Unsupported("parentheses nest too deep".to_owned()));
        }
        let expression = match self.next().cloned() {
            Some(Token::Not) => Expression::Not(Box::new(self.one()?)),
            Some(Token::Open) => {
                let inner = self.any()?;
                if !self.eat(&Token::Close) {
                    return Err(syntax("a `(` has no `)`"));
                }
                inner
            }
            Some(Token::Name(name)) => self.call(&name)?,
            Some(Token::Text(text)) => {
                return Err(syntax(&format!("`{text}` stands alone, outside a matcher")));
            }
            Some(token) => return Err(syntax(&format!("a matcher is missing before {token:?}"))),
            None => return Err(syntax("the rule ends where a matcher should stand")),
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn call(&mut self, name: &str) -> Result<Expression, Refusal> {
        if !self.eat(&Token::Open) {
            return Err(syntax(&format!("`{name}` has no arguments")));
        }
        let mut values = Vec::new();
        while !self.eat(&Token::Close) {
            let Some(Token::Text(text)) = self.next().cloned() else {
                return Err(syntax(&format!("`{name}` takes texts in backticks or double quotes")));
            };
            values.push(text);
            let last = self.eat(&Token::Ellipsis);
            if !self.eat(&Token::Comma) || last {
                if self.eat(&Token::Close) {
                    break;
                }
                return Err(syntax(&format!("a `,` is missing between the texts of `{name}`")));
            }
        }
        let known = self.matchers.iter().find(|known| spellings(known).iter().any(|it| it == name));
        let known = known.ok_or_else(|| syntax(&format!("there is no matcher `{name}`")))?;
        Ok(Expression::Call(known, values))
    }
}

/// The spellings of a matcher: its own, all small, all capital, and capitalised.
fn spellings(name: &str) -> [String; 4] {
    let lower = name.to_lowercase();
    let mut letters = lower.chars();
    let title = letters.next().map_or_else(String::new, |c| c.to_uppercase().to_string());
    let title = title + letters.as_str();
    [name.to_owned(), lower, name.to_uppercase(), title]
}
