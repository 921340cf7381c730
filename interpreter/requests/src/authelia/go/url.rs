//! `net/url`: a URL as it came in a request, taken apart and written again.

use std::net::IpAddr;

use super::escape::{Part, escape, is_encoded, unescape};

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
        let host = super::text(&self.host);
        let without_port = match host.rsplit_once(':') {
            Some((before, port)) if port.bytes().all(|it| it.is_ascii_digit()) => before,
            Some(_) | None => &host,
        };
        let inside = without_port.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        inside.unwrap_or(without_port).to_owned()
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

/// A host with its port, decoded.
fn parse_host(scheme: &str, host: &str) -> Result<Vec<u8>, String> {
    match host.rfind('[') {
        Some(0) => return parse_address(host),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    // For the web's own schemes a second colon is none of a port.
    let colon =
        if scheme == "http" || scheme == "https" { host.find(':') } else { host.rfind(':') };
    check_port(colon.map_or("", |at| host.split_at(at).1))?;
    unescape(host.as_bytes(), Part::Host)
}

/// An address between brackets, which has to be one of IPv6.
fn parse_address(host: &str) -> Result<Vec<u8>, String> {
    let Some((inside, port)) = host.rsplit_once(']') else {
        return Err("missing ']' in host".to_owned());
    };
    check_port(port)?;
    let inside = inside.strip_prefix('[').unwrap_or(inside);
    let (address, zone) = inside.split_at(inside.find("%25").unwrap_or(inside.len()));
    let address = unescape(address.as_bytes(), Part::Host)?;
    let zone = unescape(zone.as_bytes(), Part::Zone)?;
    let known = super::text(&address).parse::<IpAddr>();
    if !matches!(known, Ok(IpAddr::V6(_))) || zone == b"%" {
        return Err("invalid host: no address of IPv6 in brackets".to_owned());
    }
    Ok([b"[", &*address, &zone, b"]", port.as_bytes()].concat())
}

fn check_port(port: &str) -> Result<(), String> {
    match port.strip_prefix(':') {
        Some(digits) if digits.bytes().all(|it| it.is_ascii_digit()) => Ok(()),
        None if port.is_empty() => Ok(()),
        Some(_) | None => Err(format!("invalid port {port:?} after host")),
    }
}

#[cfg(test)]
mod tests {
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
