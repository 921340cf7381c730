//! Where in a URL a secret stands: there it is written as that part wants it (RFC 3986, section 3).

use super::leaf::{EntityPath, Sealed, SealedPart};

/// The part of a URL around a secret, by what is written before and behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum UrlPart {
    /// There is no URL around it, or it is the host's name: it stays as it is.
    #[default]
    None,
    /// Before the `@`: a name or a password.
    Userinfo,
    Path,
    /// Behind `?` or `#`.
    Query,
}

impl UrlPart {
    /// A word for names that are made of it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            UrlPart::None => "SECRET",
            UrlPart::Userinfo => "USERINFO",
            UrlPart::Path => "PATH",
            UrlPart::Query => "QUERY",
        }
    }
}

impl Sealed {
    /// The secrets in it, each with the part of a URL that it is.
    pub fn placed(&self) -> impl Iterator<Item = (&EntityPath, UrlPart)> {
        self.0.iter().enumerate().filter_map(|(at, part)| match part {
            SealedPart::Text(_) => None,
            SealedPart::Secret(path) => Some((path, self.url_part(at))),
        })
    }

    /// The part of a URL that a part of the text is.
    #[must_use]
    pub fn url_part(&self, at: usize) -> UrlPart {
        // Another secret is no mark of a URL's.
        let text = |parts: &[SealedPart]| -> String {
            parts.iter().map(|part| part.text().unwrap_or("x")).collect()
        };
        let before = text(self.0.get(..at).unwrap_or_default());
        let behind = text(self.0.get(at + 1..).unwrap_or_default());
        let Some((scheme, rest)) = before.rsplit_once("://") else { return UrlPart::None };
        if !scheme.ends_with(|c: char| c.is_ascii_alphanumeric()) || rest.contains(ends_url) {
            return UrlPart::None;
        }
        if rest.contains(['?', '#']) {
            return UrlPart::Query;
        }
        if rest.contains('/') {
            return UrlPart::Path;
        }
        let authority = behind.split(|c| ends_url(c) || "/?#".contains(c)).next();
        let is_before_host = authority.is_some_and(|rest| rest.contains('@'));
        if is_before_host { UrlPart::Userinfo } else { UrlPart::None }
    }
}

/// What no URL goes on behind.
fn ends_url(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "\"'`<>".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of the secrets in a text; `$` stands for one.
    fn parts(text: &str) -> Vec<UrlPart> {
        let secret = || SealedPart::Secret(EntityPath(vec!["secret".to_owned(), "s".to_owned()]));
        let mut all = Vec::new();
        for (index, piece) in text.split('$').enumerate() {
            if index > 0 {
                all.push(secret());
            }
            all.push(SealedPart::Text(piece.to_owned()));
        }
        Sealed(all).placed().map(|(_, part)| part).collect()
    }

    #[test]
    fn a_secret_knows_its_part_of_a_url() {
        use UrlPart::{None, Path, Query, Userinfo};
        assert_eq!(parts("postgresql://$:$@db/app?x=$#$"), [Userinfo, Userinfo, Query, Query]);
        assert_eq!(parts("https://api.test/bot$/send?a=b"), [Path]);
        assert_eq!(parts("https://$/x"), [None], "a host's name");
        assert_eq!(parts("https://me@$:80/x@y"), [None]);
        assert_eq!(parts("$"), [None]);
        assert_eq!(parts("$/x?y"), [None], "the secret itself is the URL");
        assert_eq!(parts("see https://a.test/x then $"), [None]);
        assert_eq!(parts("a=\"http://b/\"$"), [None]);
        assert_eq!(parts("http://$@a/ http://b/$"), [Userinfo, Path]);
        assert_eq!(parts("://$@a"), [None], "no scheme");
    }
}
