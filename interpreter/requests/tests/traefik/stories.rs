//! What the model tells of a request beside its answer.

use qg_requests::traefik::{Answer, Outcome};
use serde_json::json;

use super::small::{Small, status};

fn told(answer: &Answer) -> Vec<String> {
    let story = &answer.story;
    let mut told = story.before.clone();
    told.extend(story.routers.iter().map(|it| {
        let outcome = match &it.outcome {
            Outcome::Won => "won".to_owned(),
            Outcome::Missed(matchers) => format!("missed by {}", matchers.join(" and ")),
            Outcome::Later => "came later".to_owned(),
            Outcome::OtherSide => "is on the other side of TLS".to_owned(),
            Outcome::Dropped(why) => format!("was dropped: {why}"),
        };
        format!("{} ({}) {outcome}", it.router, it.priority)
    }));
    told.extend(story.steps.iter().map(|it| format!("{} [{}] {}", it.name, it.kind, it.did)));
    told
}

#[test]
fn each_router_and_step_is_told() {
    let small = Small::new(
        json!({
            "admin": { "rule": "Host(`a.test`) && PathPrefix(`/admin`)", "service": "other", "priority": 50 },
            "app": { "rule": "Host(`a.test`)", "service": "app", "middlewares": ["all"] },
            "gone": { "rule": "Host(`a.test`)", "service": "app", "middlewares": ["nowhere"] },
            "low": { "rule": "PathPrefix(`/`)", "service": "other", "priority": 1 },
            "tls": { "rule": "Host(`a.test`)", "service": "app", "tls": {}, "priority": 7 }
        }),
        json!({
            "all": { "chain": { "middlewares": ["strip", "login"] } },
            "strip": { "stripPrefix": { "prefixes": ["/x"] } },
            "login": { "forwardAuth": { "address": "authority://auth", "trustForwardHeader": false } }
        }),
    );
    let request =
        json!({ "host": "a.test", "path": "//x/y?q=1", "headers": { "X-Want": "allow" } });
    assert_eq!(
        told(&small.ask(request)),
        [
            "the path //x/y is cleaned to /x/y",
            "admin (50) missed by PathPrefix(`/admin`)",
            "app (14) won",
            "low (1) came later",
            "gone (14) was dropped: middleware nowhere does not exist",
            "tls (7) is on the other side of TLS",
            "strip [stripPrefix] takes /x away, the path is /y",
            "login [forwardAuth] the authority says 200: let through",
            "app [loadBalancer] GET /y?q=1 on http://app.backend: 200",
        ]
    );
}

#[test]
fn what_stops_a_request_is_told() {
    let small = Small::new(
        json!({ "a": { "rule": "Host(`a.test`)", "service": "app", "middlewares": ["lan"] } }),
        json!({ "lan": { "ipAllowList": { "sourceRange": ["10.0.0.0/8"] } } }),
    );
    let answer = small.get("a.test", "/");
    assert_eq!(status(&answer), 403);
    assert_eq!(
        told(&answer).last().unwrap(),
        "lan [ipAllowList] 127.0.0.1 is not on its list: 403"
    );
    let refused = small.get("a.test", "/%zz");
    assert_eq!(told(&refused), ["no router is asked: 400"]);
    let hello = small.tls("a.test", Some("a.test"), "none");
    assert_eq!(told(&hello).first().unwrap(), "a.test has the TLS options default");
}

#[test]
fn what_is_not_simulated_is_named() {
    let small = Small::new(
        json!({ "a": { "rule": "Host(`a.test`)", "service": "app", "middlewares": ["slow"] } }),
        json!({ "slow": { "rateLimit": { "average": 1 } } }),
    );
    assert_eq!(small.proxy.unsupported(), ["http.middlewares.slow.rateLimit"]);
    assert!(told(&small.get("a.test", "/")).iter().any(|it| it.contains("is not simulated")));
}
