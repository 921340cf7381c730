//! Whether a request that reached a server may have: by what the routes say, whatever the proxy does.

use std::collections::BTreeMap;

use super::candidates::Candidate;
use super::claims::Claim;
use super::clients::Client;

/// `127.0.0.1:80` of a server's URL.
pub(super) fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

/// Whether a request that reached a server may have.
pub(super) struct Judge<'c> {
    /// By name, what lies below longer paths first.
    by_name: BTreeMap<&'c str, Vec<&'c Claim>>,
    by_server: BTreeMap<&'c str, Vec<&'c Claim>>,
}

impl<'c> Judge<'c> {
    pub(super) fn new(claims: &[&'c Claim]) -> Judge<'c> {
        let mut judge = Judge { by_name: BTreeMap::new(), by_server: BTreeMap::new() };
        for claim in claims {
            for name in &claim.names {
                judge.by_name.entry(name).or_default().push(claim);
            }
            for server in &claim.servers {
                judge.by_server.entry(server).or_default().push(claim);
            }
        }
        for claims in judge.by_name.values_mut() {
            claims.sort_by_key(|it| std::cmp::Reverse(it.path.len()));
        }
        judge
    }

    /// Whatever a program makes of the path: it passes where each reading of it passes.
    pub(super) fn lets(&self, server: &str, candidate: &Candidate, client: &Client) -> bool {
        let host = candidate.host.split(':').next().unwrap_or_default();
        let host = host.trim_end_matches('.').to_lowercase();
        let leading = self.by_server.get(server).map(Vec::as_slice).unwrap_or_default();
        let named = self.by_name.get(host.as_str()).map(Vec::as_slice).unwrap_or_default();
        readings(&candidate.path).iter().all(|path| {
            let longest = named.iter().find(|it| is_below(path, &it.path)).map(|it| it.path.len());
            let owners = named.iter().filter(|it| {
                Some(it.path.len()) == longest
                    && is_below(path, &it.path)
                    && it.servers.contains(server)
            });
            let owners: Vec<&&Claim> = owners.collect();
            // Another way to it than its routes have is open where one of them is open to this client.
            let said = if owners.is_empty() { leading.iter().collect() } else { owners };
            said.iter().any(|it| client.passes(it, candidate.secure, path))
        })
    }
}

/// The paths that a program may take a target for: with what is encoded needlessly (RFC 3986, 2.3) decoded, which
/// makes no difference to anybody, and with all of it decoded; both with their dots followed.
fn readings(target: &str) -> Vec<String> {
    let path = target.split('?').next().unwrap_or_default();
    let mut all = vec![clean(&decoded(path, |_| true))];
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let raw = clean(&decoded(path, plain));
    all.push(raw);
    all.dedup();
    all
}

fn decoded(path: &str, is_it: impl Fn(u8) -> bool) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let code = (byte == b'%').then(|| {
            let mut two = rest.clone();
            let digit = |it: Option<u8>| char::from(it?).to_digit(16);
            let (high, low) = (digit(two.next())?, digit(two.next())?);
            u8::try_from(high * 16 + low).ok().map(|it| (it, two))
        });
        match code.flatten().filter(|(byte, _)| is_it(*byte)) {
            Some((byte, after)) => {
                bytes.push(byte);
                rest = after;
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let end = if path.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    format!("/{}{end}", parts.join("/"))
}

fn is_below(path: &str, prefix: &str) -> bool {
    let prefix = prefix.trim_end_matches('/');
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::readings;

    #[test]
    fn a_target_has_several_readings() {
        assert_eq!(readings("/a/../b?c"), ["/b"]);
        assert_eq!(readings("/a/..%2fb"), ["/b", "/a/..%2fb"]);
        assert_eq!(readings("//a/%61/"), ["/a/a/"]);
        assert_eq!(readings("/a/%2e%2e/b%2Fc"), ["/b/c", "/b%2Fc"]);
        assert_eq!(readings("/a%"), ["/a%"]);
    }
}
