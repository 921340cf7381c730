//! Cookies of the answer: the authority's own take the place of the backend's, where they are listed.

use crate::traefik::headers::Headers;

/// Leaves the backend's cookies that are not listed and adds the authority's that are, as Go writes them.
pub(super) fn merge(headers: &mut Headers, theirs: &[String], listed: &[String]) {
    let is_listed = |cookie: &Cookie| listed.contains(&cookie.name);
    let mut merged = Vec::new();
    for line in headers.values("Set-Cookie") {
        merged.extend(Cookie::parse(line).filter(|it| !is_listed(it)).map(|it| it.written()));
    }
    for line in theirs {
        merged.extend(Cookie::parse(line).filter(is_listed).map(|it| it.written()));
    }
    headers.remove("Set-Cookie");
    for line in merged {
        headers.add("Set-Cookie", line);
    }
}

struct Cookie {
    name: String,
    value: String,
    /// The attributes that Go keeps, in the order that it writes them.
    attributes: Vec<(usize, String)>,
}

impl Cookie {
    fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(crate::traefik::headers::is_token) {
            return None;
        }
        let mut attributes: Vec<_> = parts.filter_map(attribute).collect();
        attributes.sort();
        attributes.dedup_by_key(|(order, _)| *order);
        Some(Self { name: name.to_owned(), value: value.trim().to_owned(), attributes })
    }

    fn written(&self) -> String {
        let attributes: String =
            self.attributes.iter().map(|(_, text)| format!("; {text}")).collect();
        format!("{}={}{attributes}", self.name, self.value)
    }
}

fn attribute(text: &str) -> Option<(usize, String)> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let value = value.trim();
    let (order, text) = match name.trim().to_lowercase().as_str() {
        "path" => (0, format!("Path={value}")),
        "domain" => (1, format!("Domain={}", value.strip_prefix('.').unwrap_or(value))),
        "expires" => (2, format!("Expires={value}")),
        "max-age" => (3, format!("Max-Age={value}")),
        "httponly" => (4, "HttpOnly".to_owned()),
        "secure" => (5, "Secure".to_owned()),
        "samesite" => match value.to_lowercase().as_str() {
            "lax" => (6, "SameSite=Lax".to_owned()),
            "strict" => (6, "SameSite=Strict".to_owned()),
            "none" => (6, "SameSite=None".to_owned()),
            _ => return None,
        },
        "partitioned" => (7, "Partitioned".to_owned()),
        _ => return None,
    };
    (!text.ends_with('=')).then_some((order, text))
}
