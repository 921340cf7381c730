//! The tokens of Go, as far as rules need them, with the semicolons that Go puts at the ends of lines.

use super::Refusal;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    And,
    Or,
    Not,
    Open,
    Close,
    Comma,
    Ellipsis,
    /// The end of a line after something that can end an expression.
    Line,
}

pub(super) fn tokens(source: &str) -> Result<Vec<Token>, Refusal> {
    let mut tokens = Vec::new();
    // A mark of byte order may begin a file of Go.
    let mut rest = source.strip_prefix('\u{feff}').unwrap_or(source);
    if rest.contains(['\0', '\u{feff}']) {
        return Err(syntax("illegal character NUL, or a mark of byte order"));
    }
    while let Some(c) = rest.chars().next() {
        let ends = matches!(tokens.last(), Some(Token::Name(_) | Token::Text(_) | Token::Close));
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = match c {
            '\n' if ends => {
                tokens.push(Token::Line);
                after
            }
            ' ' | '\t' | '\r' | '\n' => after,
            '/' if after.starts_with('/') => {
                rest.find('\n').and_then(|end| rest.get(end..)).unwrap_or_default()
            }
            '/' if after.starts_with('*') => {
                let comment = after.strip_prefix('*').unwrap_or_default();
                let (inside, after) =
                    comment.split_once("*/").ok_or_else(|| syntax("comment not terminated"))?;
                if ends && inside.contains('\n') {
                    tokens.push(Token::Line);
                }
                after
            }
            '&' | '|' => {
                let after = after
                    .strip_prefix(c)
                    .ok_or_else(|| syntax(&format!("`{c}` joins nothing: write `{c}{c}`")))?;
                tokens.push(if c == '&' { Token::And } else { Token::Or });
                after
            }
            '!' => push(&mut tokens, Token::Not, after),
            '(' => push(&mut tokens, Token::Open, after),
            ')' => push(&mut tokens, Token::Close, after),
            ',' => push(&mut tokens, Token::Comma, after),
            '.' => {
                let after = after.strip_prefix("..").ok_or_else(|| syntax("`.` means nothing"))?;
                push(&mut tokens, Token::Ellipsis, after)
            }
            '`' => {
                let (text, after) = after
                    .split_once('`')
                    .ok_or_else(|| syntax("a text in backticks does not end"))?;
                push(&mut tokens, Token::Text(text.replace('\r', "")), after)
            }
            '"' => {
                let (text, after) = quoted(after)?;
                push(&mut tokens, Token::Text(text), after)
            }
            _ if c == '_' || c.is_alphabetic() => {
                let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric());
                let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
                push(&mut tokens, Token::Name(name.to_owned()), after)
            }
            _ => return Err(syntax(&format!("`{}` means nothing in a rule", c.escape_debug()))),
        };
    }
    Ok(tokens)
}

fn push<'a>(tokens: &mut Vec<Token>, token: Token, after: &'a str) -> &'a str {
    tokens.push(token);
    after
}

pub(super) fn syntax(why: &str) -> Refusal {
    Refusal::Syntax(why.to_owned())
}

/// The text after a `"`, and what follows its end.
fn quoted(source: &str) -> Result<(String, &str), Refusal> {
    let mut bytes = Vec::new();
    let mut rest = source.chars();
    loop {
        match rest.next() {
            Some('"') => return Ok((super::super::text::from_bytes(&bytes), rest.as_str())),
            Some('\\') => escape(&mut rest, &mut bytes)?,
            Some('\n') | None => return Err(syntax("a text in double quotes does not end")),
            Some(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

fn escape(rest: &mut std::str::Chars<'_>, bytes: &mut Vec<u8>) -> Result<(), Refusal> {
    let unknown = || syntax("unknown escape sequence in double quotes");
    let c = rest.next().ok_or_else(unknown)?;
    let mut number = |digits: usize, radix: u32, first: Option<char>| {
        let mut value = first.and_then(|c| c.to_digit(radix)).unwrap_or(0);
        for _ in 0..digits {
            let digit = rest.next().and_then(|c| c.to_digit(radix)).ok_or_else(unknown)?;
            value = value
                .checked_mul(radix)
                .and_then(|it| it.checked_add(digit))
                .ok_or_else(unknown)?;
        }
        Ok(value)
    };
    let byte = match c {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        '\\' | '"' => u8::try_from(c).map_err(|_| unknown())?,
        'x' => u8::try_from(number(2, 16, None)?).map_err(|_| unknown())?,
        '0'..='7' => u8::try_from(number(2, 8, Some(c))?).map_err(|_| unknown())?,
        'u' | 'U' => {
            let value = number(if c == 'u' { 4 } else { 8 }, 16, None)?;
            let c = char::from_u32(value).ok_or_else(unknown)?;
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return Ok(());
        }
        _ => return Err(unknown()),
    };
    bytes.push(byte);
    Ok(())
}
