//! Rules of routers, read as Traefik 3.7 reads them, for what users write themselves.
//!
//! The grammar is that of `vulcand/predicate`: calls of matchers with texts, joined by `&&`, `||`, `!` and brackets. A
//! matcher's name is spelled as in the manual, in small letters, in capitals, or with one capital (`rules/parser.go`).

use qg_lang::network::is_network;

use crate::checks::patterns::go_problem;

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    Call(Matcher, Vec<String>),
    Not(Box<Rule>),
    /// Flat, since a rule may have any number of parts.
    And(Vec<Rule>),
    Or(Vec<Rule>),
}

/// Each with how many texts it takes.
const HTTP: &[(&str, usize, usize)] = &[
    ("Host", 1, 1),
    ("HostRegexp", 1, 1),
    ("Path", 1, 1),
    ("PathPrefix", 1, 1),
    ("PathRegexp", 1, 1),
    ("Method", 1, 1),
    ("Header", 2, 2),
    ("HeaderRegexp", 2, 2),
    ("Query", 1, 2),
    ("QueryRegexp", 1, 2),
    ("ClientIP", 1, 1),
];
const TCP: &[(&str, usize, usize)] =
    &[("HostSNI", 1, 1), ("HostSNIRegexp", 1, 1), ("ClientIP", 1, 1), ("ALPN", 1, 1)];

/// What a matcher looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matcher {
    Host,
    HostRegexp,
    Other,
}

/// Whether something holds for a request of which only the name is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Always,
    Sometimes,
    Never,
}

impl Rule {
    /// Reads a rule over HTTP, or else over TCP.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str, http: bool) -> Result<Rule, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut parser = Parser { rest: text, matchers: if http { HTTP } else { TCP } };
        let rule = parser.or()?;
        parser.blanks();
        match parser.rest.chars().next() {
            None => Ok(rule),
            Some(c) => Err(format!("nothing can follow the rule, and there is `{c}`")),
        }
    }

    /// Whether the rule can match a request for a name.
    pub(super) fn holds_for(&self, name: &str) -> Holds {
        match self {
            Rule::Call(Matcher::Host, texts) => {
                let asked = texts.first().map_or("", String::as_str).to_lowercase();
                let is = asked.trim_end_matches('.') == name
                    || asked == "*"
                    || asked.strip_prefix('*').is_some_and(|end| {
                        name.strip_suffix(end).is_some_and(|label| !label.is_empty())
                    });
                if is { Holds::Always } else { Holds::Never }
            }
            Rule::Call(Matcher::HostRegexp, texts) => {
                let pattern = texts.first().map_or("", String::as_str);
                match regex::Regex::new(pattern) {
                    Ok(regex) if regex.is_match(name) => Holds::Always,
                    Ok(_) => Holds::Never,
                    Err(_) => Holds::Sometimes,
                }
            }
            Rule::Call(Matcher::Other, _) => Holds::Sometimes,
            Rule::Not(rule) => match rule.holds_for(name) {
                Holds::Always => Holds::Never,
                Holds::Sometimes => Holds::Sometimes,
                Holds::Never => Holds::Always,
            },
            Rule::And(rules) => of_all(rules, name, Holds::Never, Holds::Always),
            Rule::Or(rules) => of_all(rules, name, Holds::Always, Holds::Never),
        }
    }
}

/// What holds where one part that holds so decides, and otherwise all of them have to hold alike.
fn of_all(rules: &[Rule], name: &str, decides: Holds, alike: Holds) -> Holds {
    let mut all = alike;
    for holds in rules.iter().map(|rule| rule.holds_for(name)) {
        if holds == decides {
            return decides;
        }
        if holds != alike {
            all = Holds::Sometimes;
        }
    }
    all
}

struct Parser<'t> {
    rest: &'t str,
    matchers: &'static [(&'static str, usize, usize)],
}

/// Brackets inside one another, at most: no rule of anybody's has as many.
const DEEPEST: usize = 100;

impl Parser<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn takes(&mut self, word: &str) -> bool {
        self.blanks();
        match self.rest.strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn or(&mut self) -> Result<Rule, String> {
        self.or_at(0)
    }

    fn or_at(&mut self, depth: usize) -> Result<Rule, String> {
        let first = self.and_at(depth)?;
        let mut others = Vec::new();
        while self.takes("||") {
            others.push(self.and_at(depth)?);
        }
        Ok(joined(first, others, Rule::Or))
    }

    fn and_at(&mut self, depth: usize) -> Result<Rule, String> {
        let first = self.one(depth)?;
        let mut others = Vec::new();
        while self.takes("&&") {
            others.push(self.one(depth)?);
        }
        Ok(joined(first, others, Rule::And))
    }

    fn one(&mut self, depth: usize) -> Result<Rule, String> {
        if depth > DEEPEST {
            return Err("its brackets are too deep".to_owned());
        }
        if self.takes("!") {
            return Ok(Rule::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.takes("(") {
            let rule = self.or_at(depth + 1)?;
            return if self.takes(")") { Ok(rule) } else { Err("a `)` is missing".to_owned()) };
        }
        self.call()
    }

    fn call(&mut self) -> Result<Rule, String> {
        self.blanks();
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            return Err("a matcher is missing, as Host(`app.example.org`)".to_owned());
        }
        self.rest = rest;
        let spelled = |known: &str| {
            let (first, others) = known.split_at(1);
            let title = format!("{first}{}", others.to_lowercase());
            name == known
                || name == known.to_lowercase()
                || name == known.to_uppercase()
                || name == title
        };
        let found = self.matchers.iter().find(|(known, ..)| spelled(known));
        let Some((matcher, least, most)) = found else {
            return Err(format!("there is no matcher `{name}`"));
        };
        if !self.takes("(") {
            return Err(format!("`{name}` has its texts between brackets"));
        }
        let mut texts = Vec::new();
        while !self.takes(")") {
            texts.push(self.text()?);
            if !self.takes(",") {
                if self.takes(")") {
                    break;
                }
                return Err("a `)` is missing".to_owned());
            }
        }
        if !(*least..=*most).contains(&texts.len()) || texts.iter().any(String::is_empty) {
            return Err(format!(
                "`{name}` has {least} text{}",
                if *most > 1 { " or more" } else { "" }
            ));
        }
        sound(matcher, &texts)?;
        let matcher = match *matcher {
            "Host" | "HostSNI" => Matcher::Host,
            "HostRegexp" | "HostSNIRegexp" => Matcher::HostRegexp,
            _ => Matcher::Other,
        };
        Ok(Rule::Call(matcher, texts))
    }

    /// A text of Go's: between backticks as it stands, between double quotes with escapes.
    fn text(&mut self) -> Result<String, String> {
        self.blanks();
        if let Some(rest) = self.rest.strip_prefix('`') {
            let (text, rest) = rest.split_once('`').ok_or("a backtick is missing")?;
            self.rest = rest;
            return Ok(text.replace('\r', ""));
        }
        let Some(inside) = self.rest.strip_prefix('"') else {
            return Err("a text stands between backticks or double quotes".to_owned());
        };
        let mut text = String::new();
        let mut chars = inside.chars();
        loop {
            match chars.next() {
                Some('"') => break,
                Some('\\') => match chars.next() {
                    Some(c @ ('\\' | '"')) => text.push(c),
                    Some('x') => text.push(hex(&mut chars, 2)?),
                    Some('u') => text.push(hex(&mut chars, 4)?),
                    Some('U') => text.push(hex(&mut chars, 8)?),
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    _ => return Err("Go knows no such escape".to_owned()),
                },
                Some('\n') | None => return Err("a double quote is missing".to_owned()),
                Some(c) => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Ok(text)
    }
}

fn joined(first: Rule, mut others: Vec<Rule>, how: fn(Vec<Rule>) -> Rule) -> Rule {
    if others.is_empty() {
        return first;
    }
    others.insert(0, first);
    how(others)
}

fn hex(chars: &mut std::str::Chars<'_>, digits: usize) -> Result<char, String> {
    let text: String = chars.take(digits).collect();
    let number = u32::from_str_radix(&text, 16).ok().filter(|_| text.len() == digits);
    number.and_then(char::from_u32).ok_or_else(|| "Go knows no such character".to_owned())
}

/// What the matchers themselves refuse.
fn sound(matcher: &str, texts: &[String]) -> Result<(), String> {
    let text = texts.first().map_or("", String::as_str);
    let pattern = match matcher {
        "HostRegexp" | "PathRegexp" | "HostSNIRegexp" => Some(text),
        "HeaderRegexp" | "QueryRegexp" => texts.get(1).map(String::as_str),
        _ => None,
    };
    if let Some(pattern) = pattern
        && let Some(why) = go_problem(pattern)
    {
        return Err(format!("`{pattern}` is no pattern: {why}"));
    }
    let good = match matcher {
        "Host" | "HostRegexp" => text.is_ascii(),
        "Path" | "PathPrefix" => text.starts_with('/'),
        "ClientIP" => is_network(text),
        _ => true,
    };
    if good { Ok(()) } else { Err(format!("`{text}` is nothing for {matcher}")) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_read() {
        for good in [
            "Host(`a.test`)",
            "host(`a.test`,) &&\n!( PATHPREFIX(\"/a\") || Clientip(`::/0`))",
            "Host(\"a\\x2etest\")",
            "Query(`a`) || QueryRegexp(`a`, `b+`)",
        ] {
            assert!(Rule::parse(good, true).is_ok(), "{good}");
        }
        for bad in [
            "",
            "()",
            "Host",
            "Host()",
            "Host(``)",
            "Host('a.test')",
            "hOST(`a.test`)",
            "Host(`a.test`, `b.test`)",
            "Host(`a.test`) and Path(`/`)",
            "Host(`a.test`))",
            "(Host(`a.test`)",
            "HostSNI(`a.test`)",
            "HostRegexp(`(`)",
            "PathRegexp(`[a-z&&b]`)",
            "Path(`a`)",
            "ClientIP(`a.test`)",
            "Headers(`X-A`, `b`)",
        ] {
            assert!(Rule::parse(bad, true).is_err(), "{bad}");
        }
        let deep = "!".repeat(1_000_000) + "Host(`a`)";
        assert!(Rule::parse(&deep, true).is_err());
        for sign in [" || ", " && "] {
            let long = vec!["Host(`a.test`)"; 100_000].join(sign);
            assert_eq!(Rule::parse(&long, true).unwrap().holds_for("a.test"), Holds::Always);
        }
    }

    #[test]
    fn which_names_match() {
        let holds = |rule: &str| Rule::parse(rule, true).unwrap().holds_for("app.example.org");
        assert_eq!(holds("Host(`APP.example.org`)"), Holds::Always);
        assert_eq!(holds("Host(`other.example.org`) && PathPrefix(`/`)"), Holds::Never);
        assert_eq!(
            holds("HostRegexp(`^[a-z]+\\.example\\.org$`) && Method(`GET`)"),
            Holds::Sometimes
        );
        assert_eq!(holds("PathPrefix(`/x`) && !Host(`app.example.org`)"), Holds::Never);
        assert_eq!(holds("Host(`*.example.org`)"), Holds::Always);
        assert_eq!(holds("PathPrefix(`/`)"), Holds::Sometimes);
    }
}
