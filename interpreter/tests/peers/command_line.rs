//! Reads the command line of a unit as systemd.service(5) says it: words, escapes, specifiers, variables.
//! Written from the manual, to have a second opinion on what the compiler and Quadlet write.

/// The words of a command line.
///
/// # Errors
/// What systemd would not take as text: a specifier, a variable, an unknown escape, an open quote.
pub(crate) fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = line.chars().peekable();
    loop {
        while rest.next_if(|c| c.is_ascii_whitespace()).is_some() {}
        if rest.peek().is_none() {
            return Ok(words);
        }
        let mut bytes = Vec::new();
        let mut quote = None;
        while let Some(c) = rest.next() {
            match (c, quote) {
                (c, Some(open)) if c == open => quote = None,
                ('"' | '\'', None) => quote = Some(c),
                ('\\', _) => unescape(&mut rest, &mut bytes)?,
                (c, None) if c.is_ascii_whitespace() => break,
                (c, _) => bytes.extend(c.to_string().as_bytes()),
            }
        }
        if quote.is_some() {
            return Err(format!("an open quote: {line}"));
        }
        let word = String::from_utf8(bytes).map_err(|error| error.to_string())?;
        words.push(undouble(&undouble(&word, '%')?, '$')?);
    }
}

fn unescape(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    bytes: &mut Vec<u8>,
) -> Result<(), String> {
    let c = rest.next().ok_or("a backslash at the end")?;
    let simple = match c {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        's' => b' ',
        '\\' | '"' | '\'' => c as u8,
        'x' => number(rest, 2, 16)? as u8,
        'u' | 'U' => {
            let code = number(rest, if c == 'u' { 4 } else { 8 }, 16)?;
            let it = char::from_u32(code).ok_or("no such character")?;
            bytes.extend(it.to_string().as_bytes());
            return Ok(());
        }
        c => return Err(format!("an unknown escape: \\{c}")),
    };
    bytes.push(simple);
    Ok(())
}

fn number(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    digits: usize,
    base: u32,
) -> Result<u32, String> {
    let text: String = rest.take(digits).collect();
    u32::from_str_radix(&text, base).map_err(|error| format!("{text}: {error}"))
}

/// Pairs of a mark become one; a mark alone means something.
fn undouble(word: &str, mark: char) -> Result<String, String> {
    let mut all = String::new();
    let mut rest = word.chars();
    while let Some(c) = rest.next() {
        if c == mark && rest.next() != Some(mark) {
            return Err(format!("{mark} means something: {word}"));
        }
        all.push(c);
    }
    Ok(all)
}

#[test]
fn reads_what_the_manual_says() {
    assert_eq!(words("a \"b c\" 'd \"'e \\x41\\n%%$$").unwrap(), ["a", "b c", "d \"e", "A\n%$"]);
    assert!(words("a$b").is_err());
    assert!(words("a%n").is_err());
    assert!(words("\"a").is_err());
    assert!(words("\\.").is_err());
}
