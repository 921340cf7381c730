//! The strings that have a form: URLs, host names, calendar events, images.
//! The checker asks for literals, the evaluator for computed strings.

mod calendar;

use super::types::Type;
use crate::url::Url;

/// Whether a string has the form that a type asks for; else what is wrong with it, as the end of a sentence.
/// Types without a form take every string.
///
/// # Errors
/// What is wrong with the text.
#[expect(clippy::wildcard_enum_match_arm, reason = "types without a form take every string")]
pub fn fits(ty: &Type, text: &str) -> Result<(), String> {
    match ty {
        Type::Url => Url::parse(text).map(|_| ()),
        Type::Hostname => hostname(text),
        Type::Calendar => calendar::calendar(text),
        Type::Image => image(text),
        _ => Ok(()),
    }
}

/// Whether a type is a string with a form.
#[must_use]
pub fn has_form(ty: &Type) -> bool {
    matches!(ty, Type::Url | Type::Hostname | Type::Calendar | Type::Image)
}

/// RFC 1123: labels of letters, digits and inner hyphens, at most 63 each and 253 in all.
fn hostname(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.len() > 253 {
        return Err("it is longer than 253 characters".to_owned());
    }
    for label in text.split('.') {
        if label.is_empty() {
            return Err("there is an empty part between its dots".to_owned());
        }
        if label.len() > 63 {
            return Err(format!("`{label}` is longer than 63 characters"));
        }
        if let Some(wrong) = label.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
            return Err(format!("`{wrong}` cannot stand in a host name"));
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(format!("`{label}` begins or ends with a hyphen"));
        }
    }
    Ok(())
}

/// A container image: `[registry[:port]/]path[:tag][@algorithm:hex]`.
fn image(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    if let Some(digest) = digest {
        let good = digest.split_once(':').is_some_and(|(algorithm, hex)| {
            !algorithm.is_empty()
                && algorithm.chars().all(|c| c.is_ascii_alphanumeric() || "+._-".contains(c))
                && hex.len() >= 32
                && (algorithm != "sha256" || hex.len() == 64)
                && hex.chars().all(|c| c.is_ascii_hexdigit())
        });
        if !good {
            return Err(format!(
                "`{digest}` is no digest; it looks like `sha256:` and 64 hex digits"
            ));
        }
    }
    let (name, tag) = match rest.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (rest, None),
    };
    if let Some(tag) = tag {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let good = tag.len() <= 128
            && tag.chars().next().is_some_and(word)
            && tag.chars().all(|c| word(c) || c == '.' || c == '-');
        if !good {
            return Err(format!("`{tag}` is no tag"));
        }
    }
    let (registry, path) = match name.split_once('/') {
        Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => {
            (Some(first), path)
        }
        _ => (None, name),
    };
    if let Some(registry) = registry {
        let (host, port) = match registry.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (registry, None),
        };
        hostname(host).map_err(|why| format!("its registry `{host}` is no host: {why}"))?;
        if port.is_some_and(|port| port.parse::<u16>().is_err()) {
            return Err("its registry's port is no number".to_owned());
        }
    }
    path.split('/').try_for_each(image_part)
}

/// Lower-case letters and digits, with `.`, `_`, `__` or hyphens between them.
fn image_part(part: &str) -> Result<(), String> {
    if part.is_empty() {
        return Err("there is an empty part between its slashes".to_owned());
    }
    if part.chars().any(|c| c.is_ascii_uppercase()) {
        return Err(format!(
            "`{part}` has upper-case letters, which an image's name must not have"
        ));
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if let Some(wrong) = part.chars().find(|c| !plain(*c) && !"._-".contains(*c)) {
        return Err(format!("`{wrong}` cannot stand in an image's name"));
    }
    if !part.starts_with(plain) || !part.ends_with(plain) {
        return Err(format!("`{part}` does not begin and end with a letter or digit"));
    }
    let separators_fit = part.split(plain).all(|between| {
        matches!(between, "" | "." | "_" | "__") || between.chars().all(|c| c == '-')
    });
    if separators_fit { Ok(()) } else { Err(format!("`{part}` has too many separators in a row")) }
}

#[cfg(test)]
mod tests {
    use super::{Type, fits};

    fn check(ty: &Type, good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(fits(ty, text), Ok(()), "{text}");
        }
        for text in bad {
            assert!(fits(ty, text).is_err(), "{text} should be refused");
        }
    }

    #[test]
    fn hostnames() {
        check(
            &Type::Hostname,
            &["a", "web-1.qgroget.com", "3com.com", "XN--abc"],
            &["", "-a", "a-", "a..b", "a_b", "a b", "é.fr", &"a".repeat(64)],
        );
    }

    #[test]
    fn urls() {
        check(
            &Type::Url,
            &[
                "https://a.b/c?d#e",
                "http://[::1]:80",
                "app.immich:///oauth-callback",
                "app.immich:/",
                "http://u:p@h:1/",
                "http://my_app",
            ],
            &[
                "a.b",
                "https://",
                "http:///x",
                "http://h:0",
                "http://h:99999",
                "https://a b",
                "1x://a",
                "app:/",
                "https:/a.b",
                "http://[::1",
            ],
        );
    }

    #[test]
    fn images() {
        let digest = format!("redis@sha256:{}", "0".repeat(64));
        check(
            &Type::Image,
            &[
                "redis",
                "ghcr.io/immich-app/postgres:14-vectorchord0.4.3",
                "localhost:5000/a__b/c-d:1",
                &digest,
            ],
            &["", "Redis", "a//b", "a:", "redis@sha256:12", "a___b", "-a", "host.x:port/a"],
        );
    }
}
