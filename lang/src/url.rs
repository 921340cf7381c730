//! What a URL is, and its parts: the one home of `url`.
//!
//! The programs that read what we write take URLs apart with Go's `net/url`, which follows RFC 3986 for every scheme;
//! `url` follows browsers (WHATWG), which mend what is wrong and know more of the web's own schemes. So a text must
//! hold for both. What browsers mend (blanks, backslashes, a third slash) is refused. The parts are those of a scheme
//! that no browser knows: nothing is said of a port that is not written, one that is written stays, `0x7f.1` and
//! `127.1` become no address. Such hosts are refused, for a browser and Go would go to different ones.

use url::{Host, ParseError, Position, Url as Parsed};

/// What no part of a URL has (RFC 3986, section 2), though browsers put up with it.
const NOWHERE: &str = "<>\"\\^`{|}";

/// The schemes that need a host.
const OF_HOSTS: [&str; 6] = ["http", "https", "ws", "wss", "ftp", "h2c"];

/// An absolute URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    scheme: String,
    host: String,
    parts: Parsed,
}

impl Url {
    /// Takes a text apart: a scheme and a host, or, for schemes of apps, `scheme:///…`. Where the scheme has a dot, as
    /// those have that an app made for itself (RFC 8252, 7.1), one slash is enough: `app.immich:/`.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub fn parse(text: &str) -> Result<Url, String> {
        let odd = |c: &char| c.is_whitespace() || c.is_control() || NOWHERE.contains(*c);
        if let Some(wrong) = text.chars().find(odd) {
            return Err(format!("{wrong:?} cannot stand in a URL"));
        }
        let of_app = || match text.split_once(":/") {
            Some((scheme, rest)) if scheme.contains('.') => Some(format!("/{rest}")),
            Some(_) | None => None,
        };
        let rest = text.split_once("://").map(|(_, rest)| rest.to_owned()).or_else(of_app);
        let Some(rest) = rest else {
            return Err("it has no scheme; a URL begins like `https://`".to_owned());
        };
        let known = Parsed::parse(text).map_err(problem)?;
        let parts = Parsed::parse(&format!("{NO_BROWSER}://{rest}")).map_err(problem)?;
        let scheme = known.scheme().to_owned();
        let host = match parts.host() {
            None => String::new(),
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(Host::Domain(name)) if encodes_ascii(name) => {
                return Err("`%` cannot stand in a host".to_owned());
            }
            // A name with other letters than ASCII's is asked for by its other name (RFC 3492).
            Some(Host::Domain(name)) if name.contains('%') => {
                Host::parse(name).map_err(problem)?.to_string()
            }
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
        };
        if host.is_empty() && (OF_HOSTS.contains(&&*scheme) || parts.path().is_empty()) {
            return Err("it has no host".to_owned());
        }
        if let Some(Host::Ipv4(address)) = known.host()
            && address.to_string() != host
        {
            return Err(format!("`{host}` is {address} to some and a name to others"));
        }
        if let Some(wrong) = host.chars().find(|c| !c.is_alphanumeric() && !"-._~:".contains(*c)) {
            return Err(format!("`{wrong}` cannot stand in a host"));
        }
        if parts.port() == Some(0) {
            return Err("`0` is no port".to_owned());
        }
        Ok(Url { scheme, host, parts })
    }

    /// A URL that names a server: without a user and a password, which belong to a request.
    #[must_use]
    pub fn of_server(text: &str) -> Option<Url> {
        Url::parse(text).ok().filter(|it| !it.has_user() && !it.host.is_empty())
    }

    /// The scheme of a text that begins with one, whatever follows: `mailto:a@b`, `app:/callback`.
    #[must_use]
    pub fn scheme_of(text: &str) -> Option<String> {
        Parsed::parse(text).ok().map(|it| it.scheme().to_owned())
    }

    /// In small letters.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// A name, as it is written, or an address; an IPv6 address without brackets. Empty where an app has none.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, where one is written.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.parts.port()
    }

    #[must_use]
    pub fn has_user(&self) -> bool {
        !self.parts.username().is_empty() || self.parts.password().is_some()
    }

    /// What stands behind host and port: path, query and fragment, `.` and `..` resolved.
    #[must_use]
    pub fn rest(&self) -> &str {
        &self.parts[Position::BeforePath..]
    }
}

/// Whether a letter of ASCII is written as its number, which Go refuses in a host.
fn encodes_ascii(name: &str) -> bool {
    name.split('%').skip(1).any(|it| it.starts_with(|c: char| ('0'..='7').contains(&c)))
}

/// A scheme of which no browser knows anything.
const NO_BROWSER: &str = "qg";

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the crate may add errors, and says them itself"
)]
fn problem(error: ParseError) -> String {
    match error {
        ParseError::EmptyHost => "it has no host".to_owned(),
        ParseError::RelativeUrlWithoutBase => {
            "it has no scheme; a URL begins like `https://`".to_owned()
        }
        ParseError::InvalidPort => "its port is no number from 1 to 65535".to_owned(),
        ParseError::InvalidIpv4Address => "its host is no IPv4 address".to_owned(),
        ParseError::InvalidIpv6Address => "its host is no IPv6 address".to_owned(),
        ParseError::IdnaError | ParseError::InvalidDomainCharacter => {
            "its host is no name".to_owned()
        }
        other => format!("it cannot be read: {other}"),
    }
}

/// The address that a program listens at or is reached at, as Authelia writes it: `tcp://:9091/auth`,
/// `ldaps://host`, `unix:///run/x.sock`. Other than a URL it may leave out the host, and means every address then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    pub scheme: String,
    pub path: String,
    /// Whether the path is all there is: that of a socket.
    pub is_socket: bool,
}

impl Listen {
    /// Takes a text apart; none where it has no scheme.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub fn parse(text: &str) -> Option<Result<Listen, String>> {
        let (scheme, rest) = text.split_once("://")?;
        let any = if rest.starts_with(':') { "any" } else { "" };
        let parts = Parsed::parse(&format!("{NO_BROWSER}://{any}{rest}")).map_err(problem);
        let is_socket = rest.starts_with('/');
        let (scheme, path) = (scheme.to_owned(), |it: Parsed| it.path().to_owned());
        Some(parts.map(|it| Listen { scheme, path: path(it), is_socket }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Scheme, host, port and the rest.
    fn parts(text: &str) -> (String, String, Option<u16>, String) {
        let it = Url::parse(text).unwrap();
        (it.scheme().to_owned(), it.host().to_owned(), it.port(), it.rest().to_owned())
    }

    fn whole(
        scheme: &str,
        host: &str,
        port: Option<u16>,
        rest: &str,
    ) -> (String, String, Option<u16>, String) {
        (scheme.to_owned(), host.to_owned(), port, rest.to_owned())
    }

    #[test]
    fn taken_apart() {
        assert_eq!(parts("https://a.b/c?d#e"), whole("https", "a.b", None, "/c?d#e"));
        assert_eq!(parts("http://a.b"), whole("http", "a.b", None, ""));
        assert_eq!(
            parts("http://a.b:80"),
            whole("http", "a.b", Some(80), ""),
            "a port that is written stays"
        );
        assert_eq!(parts("http://[::1]:80/"), whole("http", "::1", Some(80), "/"));
        assert_eq!(parts("http://[FD00:0::1]"), whole("http", "fd00::1", None, ""));
        assert_eq!(parts("HTTP://My_App:1/a%2Fb"), whole("http", "My_App", Some(1), "/a%2Fb"));
        assert_eq!(parts("postgres://u:p%40@db/x"), whole("postgres", "db", None, "/x"));
        assert_eq!(parts("http://h:/"), whole("http", "h", None, "/"), "an empty port is none");
        assert_eq!(
            parts("http://müller.lan/ä"),
            whole("http", "xn--mller-kva.lan", None, "/%C3%A4")
        );
        assert_eq!(parts("app.immich:///oauth"), whole("app.immich", "", None, "/oauth"));
        assert_eq!(parts("http://h?q"), whole("http", "h", None, "?q"));
    }

    #[test]
    fn refused() {
        for text in [
            "",
            "a.b",
            "a.b:80",
            "//a.b",
            "/x",
            "unix:/run/x",
            "mailto:a@b",
            "https://",
            "http:///x",
            "http://:80",
            "http://u@",
            "http://h:0",
            "http://h:99999",
            "http://h:x",
            "https://a b",
            " https://a",
            "1x://a",
            "http://[::1",
            "http://[::1%25eth0]",
            "http://[::1]x",
            "http://::1",
            "http://a\\b",
            "http://a%41",
            "http://a%2fb",
            "http://a*b",
            "http://1.2.3.256",
            "http://127.1",
            "http://0x7f.0.0.1",
            "http://017.0.0.1",
            "app://",
            "http://a{b}",
        ] {
            assert!(Url::parse(text).is_err(), "{text} should be refused");
        }
    }

    #[test]
    fn servers_have_no_user() {
        assert!(Url::of_server("tcp://h:1").is_some());
        for text in ["http://u@h", "http://u:p@h", "http://:p@h", "app:///x", "unix:///run/x"] {
            assert!(Url::of_server(text).is_none(), "{text}");
        }
    }

    #[test]
    fn schemes() {
        assert_eq!(Url::scheme_of("app.immich:/x").as_deref(), Some("app.immich"));
        assert_eq!(Url::scheme_of("HTTPS://x").as_deref(), Some("https"));
        assert_eq!(Url::scheme_of("x/y:z"), None);
    }

    #[test]
    fn addresses_to_listen_at() {
        let read = |text: &str| Listen::parse(text).unwrap().unwrap();
        assert_eq!(read("tcp://:9091/auth").path, "/auth");
        assert_eq!(read("tcp://[::1]:9091").path, "");
        assert!(read("unix:///run/a b.sock").is_socket && !read("tcp://:9091/auth").is_socket);
        assert!(Listen::parse("localhost:9091").is_none());
        for bad in ["tcp://:99999", "tcp://h:x", "tcp://[::1", "tcp://a b"] {
            assert!(Listen::parse(bad).unwrap().is_err(), "{bad}");
        }
    }
}
