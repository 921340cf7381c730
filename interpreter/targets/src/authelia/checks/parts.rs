//! Texts of other formats inside a configuration: addresses, mail, URLs, domains.

use qg_lang::network;
use qg_lang::url::Listen;

/// What is wrong with an address of Authelia's own form: `[SCHEME://]HOST[:PORT][/PATH]`.
pub(super) fn address_problem(text: &str, schemes: &[&str]) -> Option<String> {
    // Without a scheme Authelia puts the first one of its kind before it.
    match Listen::parse(text)? {
        Ok(it) if !schemes.contains(&&*it.scheme) => {
            Some(format!("`{}` is none of the schemes {}", it.scheme, schemes.join(", ")))
        }
        Ok(_) => None,
        Err(why) => Some(why),
    }
}

/// What is wrong with an address of mail (RFC 5322, as Go's `mail.ParseAddress` reads it): `a@b` or `Name <a@b>`.
pub(super) fn mail_problem(text: &str) -> Option<String> {
    let bare = match text.trim().strip_suffix('>') {
        Some(before) => {
            let (name, address) = before.rsplit_once('<')?;
            let name = name.trim();
            let quoted = name.len() > 1 && name.starts_with('"') && name.ends_with('"');
            let special = |c: char| "()<>[]:;@\\,\"".contains(c) || c.is_control();
            if !quoted && name.contains(special) {
                return Some(format!("put the name in `{text}` into double quotes"));
            }
            address
        }
        None => text.trim(),
    };
    let good = bare.rsplit_once('@').is_some_and(|(local, domain)| {
        let odd = |c: char| c.is_whitespace() || c.is_control() || "()<>[]:;@\\,\"".contains(c);
        let dots = |part: &str| part.split('.').any(str::is_empty);
        let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
        let literal = domain.starts_with('[') && domain.ends_with(']');
        (quoted || !local.contains(odd) && !dots(local))
            && (literal || !domain.contains(odd) && !dots(domain))
    });
    (!good).then(|| format!("`{text}` is no address of mail, as `Login <login@example.org>`"))
}

/// Whether a host is a domain or lies below it, letter by letter, as Authelia asks (`utils.HasDomainSuffix`).
pub(super) fn is_below(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Why no cookie can hold for a domain (`validateSessionDomainName`; the list of public suffixes is in `SUFFIXES`).
pub(super) fn domain_problem(domain: &str) -> Option<String> {
    if network::address(domain).is_some() {
        return None;
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if domain.is_empty() {
        Some("a cookie has a domain".to_owned())
    } else if !domain.contains('.') {
        Some(format!("no cookie can hold for `{domain}`: a domain has a dot"))
    } else if domain.chars().any(|c| c.is_ascii_uppercase()) {
        Some(format!("`{domain}` has capitals: a domain is written in small letters"))
    } else if !domain.split('.').all(label) {
        Some(format!("`{domain}` is no domain"))
    } else if SUFFIXES.contains(&domain) {
        Some(format!("`{domain}` belongs to everybody: no browser keeps a cookie for it"))
    } else {
        None
    }
}

/// Some of the public suffix list (publicsuffix.org) that a fleet may be put below by mistake: the ones for networks at
/// home and of the hosts that give names away. The whole list, with 10,000 entries, is Authelia's.
const SUFFIXES: &[&str] = &[
    "home.arpa",
    "co.uk",
    "org.uk",
    "me.uk",
    "com.au",
    "net.au",
    "org.au",
    "co.nz",
    "co.jp",
    "com.br",
    "co.za",
    "duckdns.org",
    "dyndns.org",
    "dynv6.net",
    "no-ip.org",
    "ddns.net",
    "hopto.org",
    "zapto.org",
    "sytes.net",
    "servehttp.com",
    "myftp.org",
    "dedyn.io",
    "github.io",
    "gitlab.io",
    "pages.dev",
    "workers.dev",
    "netlify.app",
    "vercel.app",
    "herokuapp.com",
    "web.app",
    "firebaseapp.com",
    "fly.dev",
    "onrender.com",
    "ts.net",
    "eu.org",
    "spdns.de",
    "goip.de",
    "myfritz.net",
    "selfhost.eu",
    "synology.me",
    "myds.me",
    "mooo.com",
    "freeddns.org",
    "ngrok.io",
    "ngrok.app",
    "ngrok-free.app",
    "trycloudflare.com",
];
