//! `net/url`: a URL as it came in a request, taken apart and written again.

use super::escape::{Part, escape, is_encoded, unescape};
use super::host::{hostname, parse_host};
use super::path::clean;

/// Who asks, as written before the `@`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Userinfo {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

/// A URL. Its path is decoded, its query is not; a `#` means nothing in it, as no browser sends one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    pub scheme: String,
    /// What follows a scheme without a slash: `mailto:a@b`.
    pub opaque: String,
    pub user: Option<Userinfo>,
    /// With its port.
    pub host: Vec<u8>,
    pub path: Vec<u8>,
    pub query: String,
    /// The path as it came, where it would not be written so.
    raw_path: Option<String>,
    /// It ends in a `?` that nothing follows.
    ends_in_question: bool,
    /// It has a scheme and begins in one slash: there is no host, not even an empty one.
    without_host: bool,
}

impl Url {
    /// `url.ParseRequestURI`
    ///
    /// # Errors
    /// Why Go takes it for no URL.
    pub fn parse(text: &str) -> Result<Url, String> {
        if text.bytes().any(|byte| byte < b' ' || byte == 0x7F) {
            return Err("invalid control character in URL".to_owned());
        }
        if text.is_empty() {
            return Err("empty url".to_owned());
        }
        if text == "*" {
            return Ok(Url { path: b"*".to_vec(), ..Url::default() });
        }
        let (scheme, rest) = scheme(text)?;
        let mut url = Url { scheme: scheme.to_ascii_lowercase(), ..Url::default() };
        let rest = match rest.split_once('?') {
            Some((before, "")) => {
                url.ends_in_question = true;
                before
            }
            Some((before, query)) => {
                query.clone_into(&mut url.query);
                before
            }
            None => rest,
        };
        if !rest.starts_with('/') {
            if url.scheme.is_empty() {
                return Err("invalid URI for request".to_owned());
            }
            rest.clone_into(&mut url.opaque);
            return Ok(url);
        }
        let path = match rest.strip_prefix("//").filter(|_| !url.scheme.is_empty()) {
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                let (authority, path) = rest.split_at(end);
                url.set_authority(authority)?;
                path
            }
            None => {
                url.without_host = !url.scheme.is_empty();
                rest
            }
        };
        url.path = unescape(path.as_bytes(), Part::Path)?;
        if escape(&url.path, Part::Path) != path {
            url.raw_path = Some(path.to_owned());
        }
        Ok(url)
    }

    fn set_authority(&mut self, authority: &str) -> Result<(), String> {
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        self.host = parse_host(&self.scheme, host)?;
        if let Some(user) = user {
            let odd = |c: char| !c.is_ascii_alphanumeric() && !"-._:~!$&'()*+,;=%@".contains(c);
            if user.contains(odd) {
                return Err("invalid userinfo".to_owned());
            }
            let (name, password) = match user.split_once(':') {
                Some((name, password)) => (name, Some(password)),
                None => (user, None),
            };
            self.user = Some(Userinfo {
                name: unescape(name.as_bytes(), Part::User)?,
                password: password.map(|it| unescape(it.as_bytes(), Part::User)).transpose()?,
            });
        }
        Ok(())
    }

    /// The host without its port and, if it is an address, without brackets.
    #[must_use]
    pub fn hostname(&self) -> String {
        hostname(&super::text(&self.host)).to_owned()
    }

    /// The path as it is written, as it came where that is a way to write it.
    #[must_use]
    pub fn escaped_path(&self) -> String {
        if let Some(raw) = &self.raw_path
            && is_encoded(raw.as_bytes())
            && unescape(raw.as_bytes(), Part::Path).is_ok_and(|it| it == self.path)
        {
            return raw.clone();
        }
        if self.path == b"*" { "*".to_owned() } else { escape(&self.path, Part::Path) }
    }

    /// The path without detours, written anew; `/` where it is empty.
    #[must_use]
    pub fn tidy_path(&self) -> String {
        let mut path = clean(&[b"/", &*self.path].concat());
        if path.len() > 1 && self.path.ends_with(b"/") {
            path.push(b'/');
        }
        escape(&path, Part::Path)
    }
}

/// `URL.String`
impl std::fmt::Display for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.scheme.is_empty() {
            write!(f, "{}:", self.scheme)?;
        }
        if self.opaque.is_empty() {
            let host_is_said = !self.without_host
                && (!self.host.is_empty() || !self.path.is_empty() || self.user.is_some());
            if !self.scheme.is_empty() && host_is_said {
                f.write_str("//")?;
                if let Some(user) = &self.user {
                    f.write_str(&escape(&user.name, Part::User))?;
                    if let Some(password) = &user.password {
                        write!(f, ":{}", escape(password, Part::User))?;
                    }
                    f.write_str("@")?;
                }
                f.write_str(&escape(&self.host, Part::Host))?;
            }
            f.write_str(&self.escaped_path())?;
        } else {
            f.write_str(&self.opaque)?;
        }
        if self.ends_in_question || !self.query.is_empty() {
            write!(f, "?{}", self.query)?;
        }
        Ok(())
    }
}

/// What stands before the first colon, and what behind it; nothing and all, where that is no scheme.
fn scheme(text: &str) -> Result<(&str, &str), String> {
    let in_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    match text.find(|c| !in_scheme(c)).map(|end| text.split_at(end)) {
        Some(("", rest)) if rest.starts_with(':') => Err("missing protocol scheme".to_owned()),
        Some((scheme, rest)) if scheme.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            Ok(rest.strip_prefix(':').map_or(("", text), |rest| (scheme, rest)))
        }
        Some(_) | None => Ok(("", text)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// A URL, its host's name, its decoded path, its query, and how Go 1.26 writes it again.
    #[test]
    fn as_go_reads() {
        for (url, host, path, query, again) in [
            ("https://a.d", "a.d", "", "", "https://a.d"),
            ("HTTPS://A.d:443/x?", "A.d", "/x", "", "https://A.d:443/x?"),
            (
                "https://u:p%3A@a.d/a%20b%2Fc?q=%zz",
                "a.d",
                "/a b/c",
                "q=%zz",
                "https://u:p%3A@a.d/a%20b%2Fc?q=%zz",
            ),
            ("https://a.d/é \"", "a.d", "/é \"", "", "https://a.d/%C3%A9%20%22"),
            ("https://a.d/%c3%a9#f", "a.d", "/é#f", "", "https://a.d/%C3%A9%23f"),
            ("https://[2001:db8::1]:8443/", "2001:db8::1", "/", "", "https://[2001:db8::1]:8443/"),
            ("https://[fe80::1%25en0]/", "fe80::1%en0", "/", "", "https://[fe80::1%25en0]/"),
            ("https://a%C3%A9.d:/", "aé.d", "/", "", "https://a%C3%A9.d:/"),
            ("wss://a:b:1/", "a:b", "/", "", "wss://a:b:1/"),
            ("https:/a", "", "/a", "", "https:/a"),
            ("https:///a", "", "/a", "", "https:///a"),
            ("a:b?c", "", "", "c", "a:b?c"),
            ("/a?b?c", "", "/a", "b?c", "/a?b?c"),
            ("https://a.d?x=1", "a.d", "", "x=1", "https://a.d?x=1"),
        ] {
            let read = Url::parse(url).unwrap();
            let found =
                (read.hostname(), super::super::text(&read.path), &*read.query, read.to_string());
            assert_eq!(found, (host.to_owned(), path.to_owned(), query, again.to_owned()), "{url}");
        }
    }

    #[test]
    fn what_go_refuses() {
        for url in [
            "",
            "a.d/x",
            ":a",
            "1a:b",
            "https://a.d:x/",
            "https://a:b:1/",
            "https://a b.d/",
            "https://a%2Eb.d/",
            "https://[::1/",
            "https://[10.0.0.1]/",
            "https://a[::1]/",
            "https://u é@a.d/",
            "https://a.d/%2",
            "https://a.d/\u{7f}",
        ] {
            assert!(Url::parse(url).is_err(), "{url}");
        }
    }
}
