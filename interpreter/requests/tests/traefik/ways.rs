//! Ways round a guard that were found on the running program: each is a request that the model answers as it did.

use serde_json::{Value, json};

use super::small::{Small, backend, header, path, status};

const LOGIN: &str = "login";

fn guarded(rules: Value, more: Value) -> Small {
    let mut middlewares = json!({ LOGIN: { "forwardAuth": {
        "address": "authority://auth", "trustForwardHeader": false, "authResponseHeaders": ["Remote-User"]
    } } });
    middlewares.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    Small::new(rules, middlewares)
}

/// The path that the login server judges.
fn judged(small: &Small, path: &str) -> String {
    let answer = small.get("a.test", path);
    answer.authority.map(|it| it.headers.first("X-Forwarded-Uri").to_owned()).unwrap_or_default()
}

#[test]
fn a_dropped_guard_opens_the_wider_router_of_its_name() {
    let small = guarded(
        json!({
            "admin": { "rule": "Host(`a.test`) && PathPrefix(`/admin`)", "service": "app", "middlewares": ["list"] },
            "all": { "rule": "Host(`a.test`)", "service": "other" }
        }),
        json!({ "list": { "ipAllowList": { "sourceRange": ["10.0.0.0"] , "rejectStatusCode": 999 } } }),
    );
    let answer = small.get("a.test", "/admin");
    assert_eq!((status(&answer), backend(&answer)), (200, "other"));
}

#[test]
fn the_login_judges_the_path_as_it_is_sent_and_routers_see_it_encoded() {
    let small = guarded(
        json!({
            "admin": { "rule": "Host(`a.test`) && PathPrefix(`/admin/`)", "service": "app", "middlewares": [LOGIN] },
            "all": { "rule": "Host(`a.test`)", "service": "other" }
        }),
        json!(null),
    );
    assert_eq!(judged(&small, "/admin/x"), "/admin/x");
    // An encoded slash is no slash to the router: nobody is asked, and the backend may decode it.
    let around = small.get("a.test", "/admin%2Fx");
    assert_eq!((status(&around), backend(&around), path(&around)), (200, "other", "/admin%2Fx"));
    // Encoded letters, and a line feed, come to the login as what they are.
    assert_eq!(judged(&small, "/%61dmin/x"), "/admin/x");
    assert_eq!(judged(&small, "/admin/%0ax"), "/admin/%0Ax");
}

#[test]
fn encoded_characters_can_be_refused() {
    let small = guarded(
        json!({ "all": { "rule": "Host(`a.test`)", "service": "other", "middlewares": ["plain"] } }),
        json!({ "plain": { "encodedCharacters": { "allowEncodedPercent": true } } }),
    );
    assert_eq!(status(&small.get("a.test", "/admin%2Fx")), 400);
    assert_eq!(status(&small.get("a.test", "/admin%2fx")), 400);
    assert_eq!(status(&small.get("a.test", "/admin%25x")), 200);
}

#[test]
fn a_rewrite_before_the_login_is_what_the_login_judges() {
    let small = guarded(
        json!({ "all": { "rule": "Host(`a.test`)", "service": "app", "middlewares": ["strip", LOGIN] } }),
        json!({ "strip": { "stripPrefix": { "prefixes": ["/public"] } } }),
    );
    assert_eq!(judged(&small, "/public/admin"), "/admin");
    let small = guarded(
        json!({ "all": { "rule": "Host(`a.test`)", "service": "app", "middlewares": [LOGIN, "strip"] } }),
        json!({ "strip": { "stripPrefix": { "prefixes": ["/public"] } } }),
    );
    assert_eq!(judged(&small, "/public/admin"), "/public/admin");
}

#[test]
fn an_error_page_is_another_service_without_its_guard() {
    let small = guarded(
        json!({ "open": { "rule": "Host(`a.test`)", "service": "app", "middlewares": ["pages"] } }),
        json!({ "pages": { "errors": { "status": ["404"], "service": "other", "query": "/secret" } } }),
    );
    let answer = small.get("a.test", "/status-404");
    let last = answer.reached.last().unwrap();
    assert_eq!(
        (last.service.as_str(), last.seen.path.as_str(), status(&answer)),
        ("other", "/secret", 404)
    );
}

#[test]
fn an_entry_point_of_ones_own_believes_whom_it_is_told_to() {
    let ask = |forwarded: Value| {
        let point = json!({ "name": "web", "forwardedHeaders": forwarded });
        let a =
            json!({ "a": { "rule": "Host(`a.test`)", "service": "app", "middlewares": ["lan"] } });
        let lan = json!({ "lan": { "ipAllowList": { "sourceRange": ["10.0.0.0/8"], "ipStrategy": { "depth": 1 } } } });
        let small = Small::with(&[point], a, lan, json!(null));
        status(&small.ask(json!({
            "host": "a.test", "client_ip": "203.0.113.9", "headers": { "X-Forwarded-For": "10.0.0.1" }
        })))
    };
    assert_eq!(ask(json!({ "insecure": true })), 200);
    assert_eq!(ask(json!({ "trustedIPs": ["192.168.0.0/16"] })), 403);
}

#[test]
fn paths_that_are_not_cleaned_pass_a_guard_by() {
    let point = |clean: bool| json!({ "name": "web", "http": { "sanitizePath": clean } });
    let ask = |clean: bool| {
        let rules = json!({
            "admin": { "rule": "Host(`a.test`) && PathPrefix(`/admin`)", "service": "app", "middlewares": ["no"] },
            "all": { "rule": "Host(`a.test`)", "service": "other" }
        });
        let no = json!({ "no": { "ipAllowList": { "sourceRange": ["10.0.0.1"] } } });
        let small = Small::with(&[point(clean)], rules, no, json!(null));
        let answer = small.get("a.test", "/x/../admin");
        (status(&answer), path(&answer).to_owned())
    };
    assert_eq!(ask(true), (403, String::new()));
    assert_eq!(ask(false), (200, "/x/../admin".to_owned()));
}

#[test]
fn a_client_names_itself_where_no_login_is() {
    let small =
        guarded(json!({ "open": { "rule": "Host(`a.test`)", "service": "app" } }), json!(null));
    let answer = small.ask(json!({ "host": "a.test", "headers": { "Remote-User": "mallory" } }));
    assert_eq!(header(&answer, "Remote-User"), "mallory");
}

#[test]
fn one_joined_name_twice_refuses_the_file_before_it_comes_here() {
    // A key that stands twice is refused by the reader of YAML; here the last one would win in silence.
    let twice = "http:\n  routers:\n    a: { rule: x }\n    a: { rule: y }\n";
    assert!(serde_yaml_ng::from_str::<serde_yaml_ng::Value>(twice).is_err());
}
