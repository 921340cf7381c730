//! The order of the access rules: whatever routes there are, and however they are called, the first rule that
//! matches says what the model means.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::tests::{configuration_of, decide, matches, model};

/// What one route asks for.
struct Ask {
    allow: &'static [&'static str],
    factor: &'static str,
    /// Patterns below the route's path.
    bypass: bool,
}

const ASKS: &[Ask] = &[
    Ask { allow: &["a"], factor: "two", bypass: false },
    Ask { allow: &["b"], factor: "one", bypass: true },
    Ask { allow: &["a", "b"], factor: "one", bypass: false },
    Ask { allow: &[], factor: "two", bypass: true },
];

/// Paths that lie below one another, and one beside.
const PATHS: &[&str] = &["", "/api", "/api/v1", "/other"];

const TARGETS: &[&str] = &[
    "/",
    "/open",
    "/api",
    "/api/",
    "/api?x=1",
    "/api/open",
    "/apix",
    "/api/v1",
    "/api/v1/open",
    "/api/v1/x",
    "/api/v10",
    "/other",
    "/other/open",
    "/otherwise",
    // What opens a path looks at no query.
    "/x?y=/open",
    "/api?/api/open",
    "/other?x=^/other/open",
    // A line break that a client wrote as `%0a`.
    "/api/\n",
    "/api/v1/x\n/y",
];

/// The pattern that a route opens: of the route for everything it reaches into the others' paths.
fn pattern(path: &str) -> String {
    if path.is_empty() { "open$".to_owned() } else { format!("^{path}/open$") }
}

/// The route that the proxy takes: the longest path that the target lies at or below.
fn taken(target: &str) -> usize {
    let bare = target.split('?').next().unwrap();
    let fits = |path: &str| {
        path.is_empty()
            || bare == path
            || bare.strip_prefix(path).is_some_and(|it| it.starts_with('/'))
    };
    (0..PATHS.len()).filter(|it| fits(PATHS[*it])).max_by_key(|it| PATHS[*it].len()).unwrap()
}

/// What the model means.
fn meant(ask: &Ask, path: &str, target: &str, groups: Option<&[&str]>) -> String {
    let bare = target.split('?').next().unwrap();
    if ask.bypass && matches(&pattern(path), bare) {
        return "bypass".to_owned();
    }
    // Whoever is not logged in is asked to, before anything is refused.
    let passes = ask.allow.is_empty()
        || groups.is_none_or(|groups| groups.iter().any(|it| ask.allow.contains(it)));
    if passes { format!("{}_factor", ask.factor) } else { "deny".to_owned() }
}

fn permutations(of: usize) -> Vec<Vec<usize>> {
    if of == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(of - 1) {
        for at in 0..of {
            let mut longer = shorter.clone();
            longer.insert(at, of - 1);
            all.push(longer);
        }
    }
    all
}

fn rules(asks: &[&Ask], names: &[usize]) -> Value {
    let mut model = model();
    model["people"] = json!({ "a": { "group": "a" }, "b": { "group": "b" } });
    for service in ["immich", "portfolio"] {
        model["service"].as_object_mut().unwrap().remove(service);
    }
    let mut routes = serde_json::Map::new();
    for ((path, ask), name) in PATHS.iter().zip(asks).zip(names) {
        let allow: Vec<Value> = ask.allow.iter().map(|it| json!(["people", it])).collect();
        let bypass: Vec<String> = ask.bypass.then(|| pattern(path)).into_iter().collect();
        let mut route = json!({ "host": "app", "to": ["service", "sonarr", "ports", "web"],
            "expose": "public", "pass_host": true,
            "login": { "sso": { "allow": allow, "factor": ask.factor, "bypass": bypass } } });
        if !path.is_empty() {
            route["path"] = json!(path);
        }
        // The model is read in the order of the names.
        routes.insert(format!("r{name}"), route);
    }
    model["service"]["sonarr"]["route"] = Value::Object(routes);
    configuration_of(model).0["access_control"]["rules"].clone()
}

#[test]
fn the_first_match_is_what_the_model_means() {
    let (a, b, c): (&[&str], &[&str], &[&str]) = (&["a"], &["b"], &["c"]);
    let people = [None, Some(a), Some(b), Some(c), Some(&["a", "b"][..])];
    let mut number = 0;
    let all = ASKS.len().pow(u32::try_from(PATHS.len()).unwrap());
    let orders = permutations(PATHS.len());
    for code in 0..all {
        let asks: Vec<&Ask> = (0..PATHS.len())
            .map(|it| &ASKS[code / ASKS.len().pow(it as u32) % ASKS.len()])
            .collect();
        // Every set of routes in one order, and every order over the sets.
        let order = &orders[code % orders.len()];
        let rules = rules(&asks, order);
        for target in TARGETS {
            let route = taken(target);
            for groups in people {
                let found = decide(&rules, "app.example.org", target, groups);
                let wanted = meant(asks[route], PATHS[route], target, groups);
                assert_eq!(found, wanted, "{target} {groups:?} {order:?} {rules:#}");
                number += 1;
            }
        }
    }
    assert_eq!(number, 256 * 19 * 5);
}

#[test]
fn no_order_of_routes_changes_the_rules() {
    let asks: Vec<&Ask> = ASKS.iter().collect();
    let (a, b): (&[&str], &[&str]) = (&["a"], &["b"]);
    let first = rules(&asks, &[0, 1, 2, 3]);
    for order in permutations(PATHS.len()) {
        let rules = rules(&asks, &order);
        for target in TARGETS {
            for groups in [None, Some(a), Some(b)] {
                let ask = |rules| decide(rules, "app.example.org", target, groups);
                assert_eq!(ask(&rules), ask(&first), "{order:?} {target}");
            }
        }
    }
}
