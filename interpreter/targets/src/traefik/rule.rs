//! Rules of Traefik's routers.

use crate::go::literal;
use qg_fleet::guards::Without;

/// Characters that Traefik leaves encoded where a client encodes them (RFC 3986, 2.2), so that a path with one
/// arrives in two spellings; a program sees no difference. All others it decodes before it compares.
const RESERVED: &str = ":[]@!$&'()*+,;=";

/// Any of the names, and the path itself or what lies below it, without some of that.
pub(super) fn rule(names: &[String], path: &str, without: &[Without]) -> String {
    let mut all = hosts(names);
    if names.len() > 1 && !(path.is_empty() && without.is_empty()) {
        all = format!("({all})");
    }
    if !path.is_empty() {
        all = format!("{all} && {}", below(path));
    }
    for part in without {
        let path = below(&part.path);
        let own = names.iter().all(|name| part.names.contains(name));
        let not = match own {
            true => format!("!{path}"),
            false if part.names.len() > 1 => format!("!(({}) && {path})", hosts(&part.names)),
            false => format!("!({} && {path})", hosts(&part.names)),
        };
        all = format!("{all} && {not}");
    }
    all
}

fn hosts(names: &[String]) -> String {
    let all: Vec<String> = names.iter().map(|name| format!("Host({})", literal(name))).collect();
    all.join(" || ")
}

/// The path itself, or what lies below it; a plain prefix of `/app` would match `/apple` too.
fn below(path: &str) -> String {
    if !path.contains(|c| RESERVED.contains(c)) {
        let below = literal(&format!("{path}/"));
        return format!("(Path({}) || PathPrefix({below}))", literal(path));
    }
    let spelled = path.chars().map(|c| {
        let plain = regex::escape(&c.to_string());
        if RESERVED.contains(c) { format!("({plain}|%{:02X})", u32::from(c)) } else { plain }
    });
    let pattern: String = spelled.collect();
    format!("PathRegexp({})", literal(&format!("^{pattern}(/|$)")))
}

/// Any of the names that a client asks for in TLS; `*` is every connection.
pub(super) fn sni_rule(names: &[String]) -> String {
    let all: Vec<String> = names.iter().map(|name| format!("HostSNI({})", literal(name))).collect();
    all.join(" || ")
}

/// Of two routers that can match one request, one's path lies below the other's and is longer.
pub(crate) fn priority(path: &str) -> i64 {
    1000 + i64::try_from(path.len()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str]) -> Vec<String> {
        all.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn rules() {
        assert_eq!(rule(&names(&["a.test"]), "", &[]), "Host(`a.test`)");
        assert_eq!(
            rule(&names(&["a.test", "b.test"]), "", &[]),
            "Host(`a.test`) || Host(`b.test`)"
        );
        assert_eq!(
            rule(&names(&["a.test", "b.test"]), "/x`", &[]),
            "(Host(`a.test`) || Host(`b.test`)) && (Path(\"/x`\") || PathPrefix(\"/x`/\"))"
        );
        assert_eq!(
            rule(&names(&["a.test"]), "/é.(x)", &[]),
            "Host(`a.test`) && PathRegexp(`^/é\\.(\\(|%28)x(\\)|%29)(/|$)`)"
        );
        assert!(priority("/a/b") > priority("/a") && priority("/a") > priority(""));
    }

    #[test]
    fn what_is_guarded_otherwise_is_left_out() {
        let part = |of: &[&str], path: &str| Without {
            names: names(of),
            path: path.to_owned(),
            origins: Vec::new(),
        };
        assert_eq!(
            rule(&names(&["a.test"]), "", &[part(&["a.test"], "/x")]),
            "Host(`a.test`) && !(Path(`/x`) || PathPrefix(`/x/`))"
        );
        let some = [part(&["b.test"], "/x/y"), part(&["a.test", "b.test"], "/x/z=")];
        assert_eq!(
            rule(&names(&["a.test", "b.test"]), "/x", &some),
            "(Host(`a.test`) || Host(`b.test`)) && (Path(`/x`) || PathPrefix(`/x/`)) \
             && !(Host(`b.test`) && (Path(`/x/y`) || PathPrefix(`/x/y/`))) \
             && !PathRegexp(`^/x/z(=|%3D)(/|$)`)"
        );
    }
}
