//! What Podman publishes by its own words: Quadlet's `PublishPort` and `Network`, and `--publish` and `--network` among
//! arguments (podman-run(1), 5.4).

use super::leaf::{At, OriginId};
use super::listeners::{Listener, Listeners, Owner, UnreadablePort};
use super::podman::Keys;
use qg_lang::network;

/// Ranges are followed so far; more ports than that are no list of anybody's.
const MOST: u16 = 1024;

/// What Quadlet's keys and Podman's arguments publish.
pub(super) fn raw<'f>(
    keys: &'f Keys,
    args: &'f [At<String>],
    what: &str,
    of: Owner<'f>,
    forwarded: bool,
    found: &mut Listeners<'f>,
) {
    let said = keys.get("PublishPort").into_iter().flat_map(|it| it.iter());
    let mut ports: Vec<(&str, OriginId)> = said.map(|it| (it.as_str(), it.origin)).collect();
    let words = arguments(keys, args);
    let mut words = words.iter().peekable();
    while let Some((word, origin)) = words.next() {
        let value = match *word {
            "-p" | "--publish" => words.peek().map(|(value, _)| *value),
            word => word
                .strip_prefix("--publish=")
                .or_else(|| word.strip_prefix("-p").filter(|rest| !rest.starts_with('-')))
                .map(|value| bare(value.trim_start_matches('='))),
        };
        // Everything that the image exposes, at ports by chance.
        let all = matches!(*word, "-P" | "--publish-all" | "--publish-all=true");
        ports.extend(value.or(all.then_some("0")).map(|value| (value, *origin)));
    }
    for (text, origin) in ports {
        let Some(read) = published(text) else {
            found.unreadable.push(UnreadablePort { text, origin });
            continue;
        };
        let many = read.to.saturating_sub(read.from).min(MOST);
        for step in 0..=many {
            for &protocol in &read.protocols {
                found.all.push(Listener {
                    address: read.address.clone(),
                    port: read.from.saturating_add(step),
                    protocol,
                    what: format!("{what}, publishing {text}"),
                    of,
                    inside: read.inside.saturating_add(step),
                    forwarded,
                    open: false,
                    origin,
                    address_origin: origin,
                });
            }
        }
    }
}

/// What a text publishes.
struct Published {
    address: String,
    from: u16,
    to: u16,
    inside: u16,
    protocols: Vec<&'static str>,
}

/// `[[ADDRESS:][PORT[-PORT]]:]PORT[-PORT][/PROTOCOL]`, as podman-run(1) says it.
fn published(text: &str) -> Option<Published> {
    let (rest, named) = text.split_once('/').unwrap_or((text, "tcp"));
    // Several stand behind one another, in letters of any size (`specgenutil`, `checkProtocol`).
    let known = |named: &str| {
        let mut all = ["tcp", "udp", "sctp"].into_iter();
        all.find(|known| known.eq_ignore_ascii_case(named))
    };
    let protocols = named.split(',').map(known).collect::<Option<Vec<_>>>()?;
    let (rest, inside) = match rest.rsplit_once(':') {
        Some((rest, inside)) => (Some(rest), inside),
        None => (None, rest),
    };
    let (inside, inside_to) = range(inside)?;
    let (address, outside) = match rest {
        None => ("", ""),
        Some(rest) => rest.rsplit_once(':').unwrap_or(("", rest)),
    };
    let (from, to) = if outside.is_empty() { (0, 0) } else { range(outside)? };
    if !outside.is_empty() && inside_to.checked_sub(inside)? != to.checked_sub(from)? {
        return None;
    }
    let address = match address {
        "" => "0.0.0.0".to_owned(),
        address => network::address(address)?.to_string(),
    };
    Some(Published { address, from, to, inside, protocols })
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// Whether raw keys or arguments say that the network is the host's own.
pub(super) fn is_on_host(keys: &Keys, args: &[At<String>]) -> bool {
    let said = keys.get("Network").into_iter().flat_map(|it| it.iter()).map(|it| it.as_str());
    let words = arguments(keys, args);
    let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    said.chain(flag_values(&words, &["--network", "--net"])).any(|it| it == "host")
}

/// The words of arguments for Podman, which Quadlet splits at blanks.
fn arguments<'f>(keys: &'f Keys, typed: &'f [At<String>]) -> Vec<(&'f str, OriginId)> {
    let raw = keys.get("PodmanArgs").into_iter().flat_map(|it| it.iter());
    let words = |it: &'f At<String>| it.split_whitespace().map(move |word| (bare(word), it.origin));
    typed.iter().chain(raw).flat_map(words).collect()
}

/// A word without the quotes that systemd takes off.
fn bare(word: &str) -> &str {
    word.trim_matches(['"', '\''])
}

/// The values of an option: `--name value` and `--name=value`.
fn flag_values<'a>(args: &[&'a str], names: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (index, word) in args.iter().enumerate() {
        for name in names {
            match word.strip_prefix(name) {
                Some("") => found.extend(args.get(index + 1)),
                Some(rest) => found.extend(rest.strip_prefix('=').map(bare)),
                None => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_podman_publishes() {
        for (text, address, from, to, inside) in [
            ("80", "0.0.0.0", 0, 0, 80),
            ("8080:80", "0.0.0.0", 8080, 8080, 80),
            ("127.0.0.1:8080:80/udp", "127.0.0.1", 8080, 8080, 80),
            ("127.0.0.1::80", "127.0.0.1", 0, 0, 80),
            ("[::1]:8080:80", "::1", 8080, 8080, 80),
            ("8000-8009:9000-9009", "0.0.0.0", 8000, 8009, 9000),
        ] {
            let read = published(text).unwrap();
            let found = (read.address.as_str(), read.from, read.to, read.inside);
            assert_eq!(found, (address, from, to, inside), "{text}");
        }
        for text in ["", "web", "8080:web", "8000-8009:80", "x.y:80:80", "80/icmp", "70000:80"] {
            assert!(published(text).is_none(), "{text}");
        }
        assert_eq!(published("80/TCP").unwrap().protocols, ["tcp"]);
        assert_eq!(published("80/tcp,sctp").unwrap().protocols, ["tcp", "sctp"]);
    }
}
