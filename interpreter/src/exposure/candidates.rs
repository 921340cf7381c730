//! Requests that somebody might try at a guarded route: made from the model's own names and paths, simplest first.

use std::collections::BTreeSet;
use std::net::IpAddr;

use qg_requests::traefik::{Configuration, Middleware};

use super::claims::Claim;
use super::who::Asks;

/// A request, but for who sends it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub point: String,
    pub secure: bool,
    /// The name that is asked for in the handshake.
    pub sni: Option<String>,
    pub host: String,
    pub path: String,
    pub method: &'static str,
    pub headers: Vec<(&'static str, String)>,
    /// The address that the PROXY protocol says.
    pub proxied: Option<IpAddr>,
    /// What programs answer: 200, or what brings an error page.
    pub status: u16,
}

/// Who a client says that it is.
pub(super) const SOMEBODY_ELSE: &str = "somebody-else";

/// So many other names of a proxy are tried in the handshake.
const NAMES: usize = 8;
/// So many other paths of a name are walked through.
const PATHS: usize = 8;

/// What a proxy has besides the route that is tried.
pub(super) struct Around<'c> {
    configuration: &'c Configuration,
    claims: Vec<&'c Claim>,
    /// Names of rules that no claim has: those of raw routers.
    raw: BTreeSet<String>,
}

impl<'c> Around<'c> {
    pub(super) fn new(configuration: &'c Configuration, claims: Vec<&'c Claim>) -> Around<'c> {
        let known: BTreeSet<&str> =
            claims.iter().flat_map(|it| it.names.iter().map(String::as_str)).collect();
        let rules = configuration.routers.values();
        let raw = rules.flat_map(|router| names(&router.rule));
        let raw = raw.filter(|name| !known.contains(name.as_str())).collect();
        Around { configuration, claims, raw }
    }

    /// The requests that are tried at a claim.
    pub(super) fn candidates(&self, claim: &Claim) -> Vec<Candidate> {
        let mut all = Vec::new();
        let own = claim.names.iter().map(String::as_str);
        let points: Vec<&str> =
            self.configuration.entry_points.iter().map(|it| it.name.as_str()).collect();
        let point = claim.points.first().map_or("websecure", String::as_str);
        let base = if claim.path.is_empty() { "/" } else { claim.path.as_str() };
        let at = |name: &str| Candidate {
            point: point.to_owned(),
            secure: true,
            sni: Some(name.to_owned()),
            host: name.to_owned(),
            path: base.to_owned(),
            method: "GET",
            headers: Vec::new(),
            proxied: None,
            status: 200,
        };
        all.extend(own.clone().map(at));
        let Some(first) = own.clone().next() else { return all };
        let plain = at(first);
        for path in self.paths(claim) {
            all.push(Candidate { path, ..plain.clone() });
        }
        for point in points {
            let point = Candidate { point: point.to_owned(), ..plain.clone() };
            all.push(Candidate { secure: false, sni: None, ..point.clone() });
            all.push(point);
        }
        for host in [first.to_uppercase(), format!("{first}."), format!("{first}:443")] {
            all.push(Candidate { host, ..plain.clone() });
        }
        for sni in self.others(claim) {
            all.push(Candidate { sni, ..plain.clone() });
        }
        // A name that only a pattern or a wildcard has.
        for name in &self.raw {
            all.push(at(name));
        }
        for method in ["POST", "HEAD", "OPTIONS", "PROPFIND"] {
            all.push(Candidate { method, ..plain.clone() });
        }
        for headers in self.headers(claim) {
            all.push(Candidate { headers, ..plain.clone() });
        }
        if self.configuration.entry_points.iter().any(|it| it.proxied.is_some()) {
            for address in [[127, 0, 0, 1], [192, 168, 0, 7], [10, 0, 0, 7]] {
                all.push(Candidate { proxied: Some(address.into()), ..plain.clone() });
            }
        }
        all.extend(
            self.broken()
                .flat_map(|name| [404, 500].map(|status| Candidate { status, ..at(&name) })),
        );
        let mut seen = BTreeSet::new();
        all.retain(|it| seen.insert(it.clone()));
        all
    }

    /// Names of routers that show an error page.
    fn broken(&self) -> impl Iterator<Item = String> {
        let pages = |name: &String| {
            let name = name.split('@').next().unwrap_or(name);
            matches!(self.configuration.middlewares.get(name), Some(Middleware::Errors(_)))
        };
        let routers = self.configuration.routers.values();
        let with = routers.filter(move |router| router.middlewares.iter().any(pages));
        with.filter_map(|router| names(&router.rule).into_iter().next())
    }

    /// The requests by which a client may say that it is somebody else.
    pub(super) fn impersonations(&self, claim: &Claim) -> Vec<Candidate> {
        let Some(plain) = self.candidates(claim).into_iter().next() else { return Vec::new() };
        let said = |name: &'static str| (name, SOMEBODY_ELSE.to_owned());
        [
            vec![said("Remote-User")],
            vec![said("Remote_User")],
            vec![said("Remote-User"), ("Connection", "Remote-User".to_owned())],
        ]
        .map(|headers| Candidate { headers, ..plain.clone() })
        .to_vec()
    }

    /// What else is asked for in the handshake than the name: other names of the proxy, none, and one of nobody's.
    fn others(&self, claim: &Claim) -> Vec<Option<String>> {
        let mut all = vec![None];
        let other = self.claims.iter().filter(|it| !it.is_guarded() || it.asks != claim.asks);
        let mut names: Vec<&str> = other
            .filter_map(|it| it.names.first().map(String::as_str))
            .filter(|name| !claim.names.iter().any(|it| it == name))
            .collect();
        names.truncate(NAMES);
        all.extend(names.into_iter().map(|it| Some(it.to_owned())));
        all.extend(self.raw.iter().map(|it| Some(it.clone())));
        let below = claim.names.first().and_then(|it| it.split_once('.'));
        all.extend(below.map(|(_, rest)| Some(format!("nobody-has-this.{rest}"))));
        all
    }

    /// Headers that a client may send to be taken for somebody else.
    fn headers(&self, claim: &Claim) -> Vec<Vec<(&'static str, String)>> {
        let open = self.claims.iter().find(|it| !it.is_guarded());
        let open = open.and_then(|it| it.names.first()).map_or("localhost", String::as_str);
        let path = self.elsewhere(claim).into_iter().next().unwrap_or_else(|| "/".to_owned());
        let one = |name: &'static str, value: &str| vec![(name, value.to_owned())];
        vec![
            vec![("Connection", "Upgrade".to_owned()), ("Upgrade", "websocket".to_owned())],
            one("X-Forwarded-For", "127.0.0.1"),
            one("X-Forwarded-For", "192.168.0.7"),
            one("X-Real-Ip", "192.168.0.7"),
            one("X-Forwarded-Host", open),
            one("X-Forwarded-Uri", &path),
            one("X-Forwarded-Method", "OPTIONS"),
            one("X-Forwarded-Proto", "http"),
            one("X-Forwarded-Tls-Client-Cert", "x"),
            one("X-Original-Url", &path),
            one("X-Requested-With", "XMLHttpRequest"),
            one("Remote-User", "admin"),
            one("Authorization", "Basic YWRtaW46YWRtaW4="),
        ]
    }

    /// Paths of the same names that are guarded otherwise, or open without login.
    fn elsewhere(&self, claim: &Claim) -> Vec<String> {
        let shares = |it: &&&Claim| it.names.iter().any(|name| claim.names.contains(name));
        let mut all = Vec::new();
        for other in self.claims.iter().filter(shares) {
            if other.path != claim.path {
                let root = if other.path.is_empty() { "/" } else { other.path.as_str() };
                all.push(root.to_owned());
            }
            for asks in &other.asks {
                if let Asks::Login { bypass, .. } = asks {
                    all.extend(bypass.iter().map(|it| literal(it)));
                }
            }
        }
        let mut seen = BTreeSet::new();
        all.retain(|it| seen.insert(it.clone()));
        all.truncate(PATHS);
        all
    }

    /// Spellings of a path of the claim's own.
    fn paths(&self, claim: &Claim) -> Vec<String> {
        let own = claim.path.trim_end_matches('/');
        let mut all = vec![format!("{own}/x"), format!("{own}/%0a"), format!("{own}/%2e%2e/x")];
        for open in self.elsewhere(claim) {
            let open = open.trim_end_matches('/');
            let rest = own.strip_prefix('/').unwrap_or(own);
            let rest = if rest.is_empty() { "x".to_owned() } else { format!("{rest}/x") };
            for way in
                ["/..%2f", "%2f..%2f", "/%2e%2e/", "/..%2F", "/../", "/..;/", "//../", "%5c..%5c"]
            {
                all.push(format!("{open}{way}{rest}"));
            }
            for end in ["x", "%2fx", "%0a", "%0ax", ";x", "%3bx", "%3fx", "%23x", "%00", ".x"] {
                all.push(format!("{open}{end}"));
            }
            for between in ["?", "?x=", ";", "%3f", "%23", "%0a"] {
                all.push(format!("/{rest}{between}{open}"));
            }
            all.push(format!("/{rest}{open}"));
        }
        if let Some(rest) = own.strip_prefix('/') {
            let mut letters = rest.chars();
            if let Some(first) = letters.next().filter(char::is_ascii) {
                all.push(format!("/%{:02x}{}/x", u32::from(first), letters.as_str()));
            }
            for before in ["//", "/./", "/x/../", "/x/..%2f", "/x/%2e%2e/", "/%2f", "/x%2f..%2f"] {
                all.push(format!("{before}{rest}/x"));
            }
            for end in ["%2fx", "%5cx", "%0ax", ";x", "%3bx", "?x", "%3fx", "%23x", "%00x"] {
                all.push(format!("{own}{end}"));
            }
        }
        all
    }
}

/// The names in a rule's `Host` and `HostRegexp`, wildcards and patterns with something in their place.
pub(super) fn names(rule: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (index, _) in rule.match_indices("Host") {
        let Some(rest) = rule.get(index..) else { continue };
        let Some((matcher, rest)) = rest.split_once('(') else { continue };
        if !matches!(matcher, "Host" | "HostRegexp" | "HostSNI" | "HostSNIRegexp") {
            continue;
        }
        let inner = rest.split(')').next().unwrap_or_default();
        for name in inner.split(',').map(|it| it.trim().trim_matches(['`', '"'])) {
            let name = name.trim_start_matches('^').trim_end_matches('$');
            let name = match name.split_once("*.") {
                Some((_, rest)) => format!("nobody-has-this.{rest}"),
                None => name.replace("\\.", ".").replace("[a-z]+", "x").replace(".+", "x"),
            };
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
            if !name.is_empty() && name.chars().all(plain) {
                all.push(name.to_lowercase());
            }
        }
    }
    all
}

/// The path that a pattern begins with, as far as it is letters.
fn literal(pattern: &str) -> String {
    let mut path = String::new();
    let mut characters = pattern.trim_start_matches('^').chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next().filter(|it| !it.is_ascii_alphanumeric()) {
                Some(escaped) => path.push(escaped),
                None => break,
            },
            '(' | '[' | '.' | '*' | '+' | '?' | '{' | '|' | '$' | ')' => break,
            c => path.push(c),
        }
    }
    if path.starts_with('/') { path } else { format!("/{path}") }
}

#[cfg(test)]
mod tests {
    use super::{literal, names};

    #[test]
    fn what_patterns_begin_with() {
        for (pattern, path) in
            [("^/api([/?]|$)", "/api"), ("^/a\\.b/.*", "/a.b/"), ("open", "/open"), ("^/\\d", "/")]
        {
            assert_eq!(literal(pattern), path, "{pattern}");
        }
    }

    #[test]
    fn names_of_rules() {
        let of = |rule: &str| names(rule).join(" ");
        assert_eq!(of("Host(`a.test`) && PathPrefix(`/x`) || Host(`B.test`)"), "a.test b.test");
        assert_eq!(of("HostRegexp(`^.+\\.a\\.test$`)"), "x.a.test");
        assert_eq!(of("Host(`*.a.test`)"), "nobody-has-this.a.test");
        assert_eq!(of("PathPrefix(`/Host`)"), "");
    }
}
