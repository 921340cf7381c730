//! The ways of options: attribute paths, as Nix reads them.

/// The way of an option: `services.nginx.virtualHosts."a.b"` has four parts. Of what is none ([`read_way`]) it is
/// whatever stands between the dots.
#[must_use]
pub fn way(option: &str) -> Vec<String> {
    read_way(option).unwrap_or_else(|_| option.split('.').map(str::to_owned).collect())
}

/// The parts of an attribute path, as Nix reads it: names with dots between them, between double quotes where they
/// have other characters, with `\"`, `\\` and `\$` inside.
///
/// # Errors
/// What is wrong with it, as the end of a sentence.
pub fn read_way(option: &str) -> Result<Vec<String>, &'static str> {
    let mut parts = Vec::new();
    let mut rest = option.chars().peekable();
    loop {
        let mut part = String::new();
        if rest.next_if_eq(&'"').is_some() {
            loop {
                match rest.next() {
                    None => return Err("has a quote that is never closed"),
                    Some('"') => break,
                    Some('\\') => match rest.next() {
                        Some(c @ ('"' | '\\' | '$')) => part.push(c),
                        _ => return Err("has a backslash in it that escapes nothing"),
                    },
                    Some(c) if c.is_control() => return Err("has a control character in it"),
                    Some(c) => part.push(c),
                }
            }
        } else {
            while let Some(c) = rest.next_if(|c| *c != '.') {
                if c == '"' || c == '\\' || c == '$' || c.is_whitespace() || c.is_control() {
                    return Err("has a character in it that stands between quotes only");
                }
                part.push(c);
            }
            if part.is_empty() {
                return Err("has a part without a name");
            }
        }
        parts.push(part);
        match rest.next() {
            None => return Ok(parts),
            Some('.') => {}
            Some(_) => return Err("has something behind a closing quote"),
        }
    }
}
