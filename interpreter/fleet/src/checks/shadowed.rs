//! Patterns of `bypass` that are never asked: what they open is another route's, or is open already.

use std::collections::BTreeMap;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::access as codes;

use super::FleetCheck;
use super::place::{own_place, place};
use crate::Facts;
use crate::path::is_below;
use crate::route::Login;
use crate::ways::ServiceRoute;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::SHADOWED_RULE], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    if fleet.partial {
        return;
    }
    for key in fleet.model.proxy.keys() {
        let mut by_name: BTreeMap<String, Vec<ServiceRoute<'_>>> = BTreeMap::new();
        for way in fleet.model.ways_of(key).filter(|way| way.route.is_http()) {
            for name in fleet.model.names(way.route) {
                by_name.entry(name.value).or_default().push(way);
            }
        }
        for way in fleet.model.ways_of(key).filter(|way| way.route.is_http()) {
            let Login::Sso(sso) = &way.route.login.value else { continue };
            let named = fleet.model.names(way.route);
            for (at, pattern) in sso.bypass.iter().enumerate() {
                let Some((begin, _)) = literal(pattern) else { continue };
                // Under every name that the route has.
                let mut narrower = named.iter().map(|name| {
                    let ways = by_name.get(&name.value).into_iter().flatten();
                    ways.copied().find(|it| {
                        let (path, own) = (it.below(), way.below());
                        path.len() > own.len()
                            && (begin == path || is_below(begin, &path))
                            && it.path() != way.path()
                    })
                });
                let narrow = narrower.next().flatten().filter(|_| narrower.all(|it| it.is_some()));
                let earlier = sso.bypass.iter().take(at).find(|it| {
                    it.value == pattern.value
                        || literal(it).is_some_and(|(wide, whole)| {
                            whole && (begin == wide || is_below(begin, wide))
                        })
                });
                let message = format!("`{}` opens nothing", pattern.value);
                let finding = || {
                    let span = place(fleet, pattern.origin);
                    Diagnostic::warning(codes::SHADOWED_RULE, span, message.clone())
                };
                if let Some(it) = narrow {
                    let other = it.route.path.as_ref().map_or(it.route.origin, |path| path.origin);
                    out.push(
                        finding()
                            .also(
                                own_place(fleet, &[other]),
                                format!("{} has that path", it.title()),
                            )
                            .help("say it on that route, or take it away"),
                    );
                } else if let Some(earlier) = earlier {
                    out.push(
                        finding()
                            .also(place(fleet, earlier.origin), "this one opens it already")
                            .help("take one of the two away"),
                    );
                }
            }
        }
    }
}

/// The path that a pattern begins with, letter by letter, and whether the pattern is all that lies below it. None
/// where it is not anchored, or a choice of several.
fn literal(pattern: &str) -> Option<(&str, bool)> {
    let rest = pattern.strip_prefix('^')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '~');
    let end = rest.find(|c| !plain(c)).unwrap_or(rest.len());
    let (path, tail) = rest.split_at_checked(end)?;
    // What may be missing is no part of the beginning.
    let path = match tail.starts_with(['?', '*', '{']) {
        true => path.get(..path.len().checked_sub(1)?)?,
        false => path,
    };
    let is_choice = tail.contains('|') && tail != "([/?]|$)" && tail != "(/|$)";
    let whole = matches!(tail, "([/?]|$)" | "(/|$)" | "(/.*)?$" | "(/.*)?")
        || path.ends_with('/') && matches!(tail, "" | ".*" | ".*$");
    (!is_choice && path.len() > 1).then(|| (path.trim_end_matches('/'), whole))
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn what_a_pattern_begins_with() {
        assert_eq!(literal("^/api/"), Some(("/api", true)));
        assert_eq!(literal("^/api([/?]|$)"), Some(("/api", true)));
        assert_eq!(literal("^/api/health$"), Some(("/api/health", false)));
        assert_eq!(literal("^/ap?i"), Some(("/a", false)));
        assert_eq!(literal("^/api|/x"), None);
        assert_eq!(literal("/api"), None);
        assert_eq!(literal("^/(a|b)"), None);
    }
}
