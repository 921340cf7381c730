//! Rules of Traefik's routers.

use crate::targets::go::literal;

/// Any of the names, and the path itself or what lies below it.
pub(super) fn rule(names: &[String], path: &str) -> String {
    let hosts: Vec<String> = names.iter().map(|name| format!("Host({})", literal(name))).collect();
    let hosts = hosts.join(" || ");
    if path.is_empty() {
        return hosts;
    }
    let hosts = if names.len() > 1 { format!("({hosts})") } else { hosts };
    // A plain prefix of `/app` would match `/apple` too.
    let below = literal(&format!("{path}/"));
    format!("{hosts} && (Path({}) || PathPrefix({below}))", literal(path))
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

    #[test]
    fn rules() {
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(rule(&names(&["a.test"]), ""), "Host(`a.test`)");
        assert_eq!(rule(&names(&["a.test", "b.test"]), ""), "Host(`a.test`) || Host(`b.test`)");
        assert_eq!(
            rule(&names(&["a.test", "b.test"]), "/x`"),
            "(Host(`a.test`) || Host(`b.test`)) && (Path(\"/x`\") || PathPrefix(\"/x`/\"))"
        );
        assert!(priority("/a/b") > priority("/a") && priority("/a") > priority(""));
    }
}
