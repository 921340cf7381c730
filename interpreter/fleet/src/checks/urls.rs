//! Addresses of the web under the fleet's domain that no route answers for, and redirects that go in clear.

use std::borrow::Cow;
use std::collections::BTreeSet;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::access as codes;
use qg_lang::is_library;
use qg_lang::network::is_loopback;
use qg_lang::url::Url;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::leaf::{OriginId, Sealed, SealedPart};
use crate::leaves::{LeafValue, ModelStep, each};

pub(super) const CHECK: FleetCheck =
    FleetCheck { codes: &[codes::NAME_OF_NO_ROUTE, codes::PLAIN_REDIRECT], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (name, service) in &fleet.model.service {
        for url in service.oidc.iter().flat_map(|it| it.redirects.iter()) {
            let Ok(read) = Url::parse(&url.value) else { continue };
            if read.scheme() == "http" && !is_loopback(read.host()) && read.host() != "localhost" {
                let message =
                    format!("people come back to service.{name} in clear, with what logs them in");
                out.push(
                    Diagnostic::warning(codes::PLAIN_REDIRECT, place(fleet, url.origin), message)
                        .help("say `https://…`, as `route.web.url` does"),
                );
            }
        }
    }
    if fleet.partial || fleet.model.proxy.is_empty() {
        return;
    }
    let domain = fleet.model.fleet.domain.to_lowercase();
    if fleet.origins.span(fleet.model.fleet.domain.origin).is_none_or(|it| is_library(it.file)) {
        return;
    }
    let known = known(fleet, &domain);
    let mut seen: BTreeSet<OriginId> = BTreeSet::new();
    each(&fleet.model, &mut |way, value, said| {
        let text = if let LeafValue::Text(text) = value {
            Cow::Borrowed(text)
        } else if let LeafValue::Sealed(sealed) = value {
            Cow::Owned(text(sealed))
        } else {
            return;
        };
        if !text.contains("://") || is_for_people(way) {
            return;
        }
        for name in names(&text).filter(|name| is_below(name, &domain) && !known.contains(name)) {
            if fleet.origins.span(said.origin).is_some_and(|it| !is_library(it.file))
                && seen.insert(said.origin)
            {
                let message = format!("no route has the name `{name}`");
                let mut finding = Diagnostic::warning(
                    codes::NAME_OF_NO_ROUTE,
                    place(fleet, said.origin),
                    message,
                );
                finding = match qg_lang::diagnostic::closest(
                    &name,
                    known.iter().map(String::as_str),
                ) {
                    Some(near) => finding.help(format!(
                        "`{near}` is nearly the same; `route.NAME.url` of its service follows it"
                    )),
                    None => finding
                        .help("say `service.NAME.route.NAME.url`, which follows the route's name"),
                };
                out.push(finding);
            }
        }
    });
}

/// The names under the domain that somebody answers for: of routes, of hosts, and of what lies elsewhere.
fn known(fleet: &Facts<'_>, domain: &str) -> BTreeSet<String> {
    let model = &fleet.model;
    let mut known: BTreeSet<String> = BTreeSet::new();
    for way in model.ways() {
        known.extend(model.names(way.route).into_iter().map(|it| it.value));
    }
    known.insert(domain.to_owned());
    known.extend(model.host.keys().map(|it| format!("{}.{domain}", it.to_lowercase())));
    for service in model.service.values() {
        let at = service.at.as_ref().and_then(|it| Url::parse(&it.value).ok());
        known.extend(at.map(|it| it.host().to_lowercase()));
        known.extend(service.route.values().filter_map(|route| {
            let crate::leaf::RefOr::Value(url) = &route.to.value else { return None };
            Some(Url::parse(url).ok()?.host().to_lowercase())
        }));
    }
    known
}

fn is_below(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// A text with a hole for each secret.
fn text(sealed: &Sealed) -> String {
    let parts = sealed.0.iter();
    let parts =
        parts.map(|part| if let SealedPart::Text(text) = part { text.as_str() } else { "$" });
    parts.collect()
}

/// Texts that people read, and names of ids.
fn is_for_people(way: &[ModelStep<'_>]) -> bool {
    way.iter().any(|step| {
        matches!(step, ModelStep::Field(field)
            if ["about", "because", "title", "email", "deny", "warn", "failregex"].contains(&field.name))
    })
}

/// The names of addresses of the web in a text.
fn names(text: &str) -> impl Iterator<Item = String> {
    let of_web = |scheme: &str| scheme.ends_with("http") || scheme.ends_with("https");
    let mut before = None;
    text.split("://").filter_map(move |part| {
        let is_web = before.replace(part).is_some_and(of_web);
        let name: &str =
            part.split(|c: char| !(c.is_ascii_alphanumeric() || "-.".contains(c))).next()?;
        let behind = part.strip_prefix(name).unwrap_or("");
        let is_user = behind.starts_with('@');
        // A hole or a pattern is no name.
        let is_pattern =
            behind.starts_with(['*', '\\', '(', '{', '$', '[']) || name.starts_with('.');
        (is_web && !is_user && !is_pattern && name.contains('.'))
            .then(|| name.trim_end_matches('.').to_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_stand_behind_a_scheme_of_the_web() {
        let of = |text: &str| names(text).collect::<Vec<_>>();
        assert_eq!(of("https://a.b/x, http://C.d:80"), ["a.b", "c.d"]);
        assert_eq!(of("smtp://a.b"), [""; 0]);
        assert_eq!(of("https://*.a.b https://${x}.a.b https://u@a.b"), [""; 0]);
    }
}
