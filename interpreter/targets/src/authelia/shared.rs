//! One name on two proxies: what is decided is never laxer than what either of them means.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::tests::{configuration_of, decide, matches, model};

/// What one route asks for.
#[derive(Clone, Copy)]
struct Ask {
    allow: &'static [&'static str],
    two: bool,
    bypass: &'static [&'static str],
}

const ASKS: &[Option<Ask>] = &[
    Some(Ask { allow: &["a"], two: true, bypass: &[] }),
    Some(Ask { allow: &["a", "b"], two: false, bypass: &["^/open$"] }),
    Some(Ask { allow: &["b", "c"], two: false, bypass: &["^/open$", "^/api/open$"] }),
    Some(Ask { allow: &[], two: false, bypass: &["^/api/open$"] }),
    // The route is there, and asks for nothing of the portal.
    None,
];

const BELOW: Option<Ask> = Some(Ask { allow: &["b", "c"], two: true, bypass: &["^/api/open$"] });

const TARGETS: &[&str] = &["/", "/open", "/api", "/api/open", "/api/x?y=1", "/apix"];

/// A proxy's routes of the name: for everything, and perhaps for a path of it.
#[derive(Clone, Copy)]
struct Proxy {
    all: Option<Ask>,
    api: Option<Option<Ask>>,
}

impl Proxy {
    /// How strict it is with a request: the word, and its place among the words; none where it asks nobody.
    fn means(&self, target: &str, groups: Option<&[&str]>) -> Option<usize> {
        let bare = target.split('?').next().unwrap();
        let below = bare == "/api" || bare.starts_with("/api/");
        let ask = (if below { self.api.unwrap_or(self.all) } else { self.all })?;
        if ask.bypass.iter().any(|it| matches(it, target)) {
            return Some(0);
        }
        let passes = ask.allow.is_empty()
            || groups.is_none_or(|groups| groups.iter().any(|it| ask.allow.contains(it)));
        Some(if passes { 1 + usize::from(ask.two) } else { 3 })
    }

    fn routes(&self, proxy: &str) -> Vec<(String, Value)> {
        let route = |path: Option<&str>, ask: Option<Ask>| {
            let login = match ask {
                None => json!("none"),
                Some(ask) => {
                    let allow: Vec<Value> =
                        ask.allow.iter().map(|it| json!(["people", it])).collect();
                    let factor = if ask.two { "two" } else { "one" };
                    json!({ "sso": { "allow": allow, "factor": factor, "bypass": ask.bypass } })
                }
            };
            let mut route = json!({ "host": "app", "to": "http://192.168.0.28:8989", "expose": "public",
                "pass_host": true, "login": login, "via": ["proxy", proxy] });
            if let Some(path) = path {
                route["path"] = json!(path);
            }
            route
        };
        let mut all = vec![(format!("{proxy}_all"), route(None, self.all))];
        all.extend(self.api.map(|api| (format!("{proxy}_api"), route(Some("/api"), api))));
        all
    }
}

const WORDS: &[&str] = &["bypass", "one_factor", "two_factor", "deny"];

#[test]
fn the_stricter_guard_holds_on_both() {
    // What a route leaves open lies below its path.
    let below = |ask: &Option<Ask>| {
        ask.is_none_or(|ask| ask.bypass.iter().all(|it| it.starts_with("^/api")))
    };
    let apis = ASKS.iter().chain(&[BELOW]).filter(|ask| below(ask)).map(|it| Some(*it));
    let apis: Vec<Option<Option<Ask>>> = std::iter::once(None).chain(apis).collect();
    let proxies: Vec<Proxy> =
        ASKS.iter().flat_map(|all| apis.iter().map(|api| Proxy { all: *all, api: *api })).collect();
    let groups =
        [None, Some(&["a"][..]), Some(&["b"]), Some(&["a", "b"]), Some(&["a", "c"]), Some(&[])];
    let mut asked = 0;
    for (index, first) in proxies.iter().enumerate() {
        // Each with every other one, the order of both included.
        for second in proxies.iter().skip(index % 3).step_by(3) {
            let rules = rules(first, second);
            for target in TARGETS {
                for groups in groups {
                    let meant = first.means(target, groups).max(second.means(target, groups));
                    let Some(meant) = meant else { continue };
                    let found = decide(&rules, "app.example.org", target, groups);
                    let found = WORDS.iter().position(|it| *it == found).unwrap();
                    assert!(found >= meant, "laxer: {target} {groups:?} {rules:#}");
                    // Stricter than both together it is only where one of them asks nobody, or leaves a path open.
                    let asks = |it: &Proxy| {
                        let open = it.means(target, groups) == Some(0);
                        it.all.is_some() && !matches!(it.api, Some(None)) && !open
                    };
                    if asks(first) && asks(second) {
                        assert_eq!(found, meant, "{target} {groups:?} {rules:#}");
                    }
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 5_000, "{asked}");
}

fn rules(first: &Proxy, second: &Proxy) -> Value {
    let mut model = model();
    model["people"] =
        json!({ "a": { "group": "a" }, "b": { "group": "b" }, "c": { "group": "c" } });
    for service in ["immich", "portfolio"] {
        model["service"].as_object_mut().unwrap().remove(service);
    }
    let mut far = model["proxy"]["edge"].clone();
    far["on"] = json!(["host", "pi"]);
    model["proxy"]["far"] = far;
    let routes = first.routes("edge").into_iter().chain(second.routes("far"));
    model["service"]["sonarr"]["route"] = Value::Object(routes.collect());
    configuration_of(model).0["access_control"]["rules"].clone()
}

#[test]
fn a_name_that_only_one_proxy_has_stays_as_it_is() {
    let mut model = model();
    let mut far = model["proxy"]["edge"].clone();
    far["on"] = json!(["host", "pi"]);
    model["proxy"]["far"] = far;
    model["people"] = json!({ "a": { "group": "a" }, "b": { "group": "b" } });
    let route = |proxy: &str, aliases: &[&str], allow: &str| {
        json!({ "host": "app", "aliases": aliases, "to": "http://192.168.0.28:8989", "expose": "public",
            "pass_host": true, "via": ["proxy", proxy], "login": { "sso": { "allow": [["people", allow]], "factor": "one" } } })
    };
    model["service"]["sonarr"]["route"] =
        json!({ "near": route("edge", &["near"], "a"), "far": route("far", &["far"], "b") });
    let rules = &configuration_of(model).0["access_control"]["rules"];
    let ask = |name: &str, groups| decide(rules, &format!("{name}.example.org"), "/", Some(groups));
    assert_eq!(ask("near", &["a"]), "one_factor");
    assert_eq!(ask("far", &["b"]), "one_factor");
    assert_eq!(ask("far", &["a"]), "deny");
    assert_eq!(ask("app", &["a"]), "deny");
    assert_eq!(ask("app", &["b"]), "deny");
    assert_eq!(ask("app", &["a", "b"]), "one_factor");
}
