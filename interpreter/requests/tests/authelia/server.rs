//! What one gets wrong first about the server's answers: each was seen in the real program (4.39).

use qg_requests::authelia::{Endpoint, Session, Visit};
use serde_json::json;

use crate::surprises::{asked, visit};

fn john(factor: u8) -> Option<Session> {
    Some(Session { user: "John".to_owned(), factor, domain: "d.test".to_owned() })
}

#[test]
fn the_endpoint_may_name_its_portal() {
    let rules = json!([{ "domain": "a.d.test", "policy": "one_factor" }]);
    let at = |portal: &str| {
        let authelia_url = Some(portal.to_owned());
        asked(rules.clone(), &Visit { authelia_url, ..visit("https://a.d.test/%2f\"<x>") })
    };
    let answer = at("https://LOGIN.d.test/a/../b%2Fc d/?y=2");
    let location =
        "https://login.d.test/b/c%20d/?rd=https%3A%2F%2Fa.d.test%2F%2F%2522%253Cx%253E&rm=GET&y=2";
    assert_eq!((answer.status, &*answer.location.unwrap().to_string()), (302, location));
    assert_eq!(at("https://login.e.test/").status, 400);
}

#[test]
fn a_wrong_password_is_asked_for_again_but_no_bypass_is_shut() {
    let rules = json!([
        { "domain": "open.d.test", "policy": "bypass" },
        { "domain": "sub.d.test", "policy": "deny", "subject": "group:other" },
    ]);
    for (host, status) in [("open", 200), ("sub", 401), ("other", 401)] {
        let basic = Some("nobody".to_owned());
        let visit = Visit { basic, ..visit(&format!("https://{host}.d.test/")) };
        let answer = asked(rules.clone(), &visit);
        assert_eq!((answer.status, answer.headers.contains_key("Remote-User")), (status, false));
    }
}

#[test]
fn what_is_refused_before_any_rule() {
    let rules = json!([{ "domain_regex": ".*", "policy": "bypass" }]);
    assert_eq!(asked(rules.clone(), &visit("https://a.d.test/")).status, 200);
    for url in [
        "http://a.d.test/",
        "ws://a.d.test/",
        "https://a.other.test/",
        "https://a.D.test/",
        "https://a.d.test./",
    ] {
        let answer = asked(rules.clone(), &visit(url));
        assert_eq!((answer.status, answer.decision), (400, None), "{url}");
    }
    assert_eq!(asked(rules.clone(), &visit("wss://A.d.test/")).status, 200);
    for method in ["get", "M-SEARCH", ""] {
        let visit = Visit { method: method.to_owned(), ..visit("https://a.d.test/") };
        assert_eq!(asked(rules.clone(), &visit).status, 400, "{method}");
    }
}

#[test]
fn strangers_are_sent_to_log_in() {
    let rules = json!([{ "domain": "a.d.test", "policy": "one_factor" }]);
    let there = |visit: Visit| {
        let answer = asked(rules.clone(), &visit);
        (answer.status, answer.location.map(|it| it.to_string()))
    };
    let page = visit("https://a.d.test/x?y=é");
    let portal = "https://auth.d.test/?rd=https%3A%2F%2Fa.d.test%2Fx%3Fy%3D%C3%A9&rm=";
    for (method, status) in [("GET", 302), ("HEAD", 302), ("OPTIONS", 302), ("POST", 303)] {
        let visit = Visit { method: method.to_owned(), ..page.clone() };
        assert_eq!(there(visit), (status, Some(format!("{portal}{method}"))));
    }
    let nginx = Visit { endpoint: Endpoint::AuthRequest, ..page.clone() };
    let script = Visit { xhr: true, ..page.clone() };
    let accepts = |it: Option<&str>| Visit { accept: it.map(str::to_owned), ..page.clone() };
    for visit in [nginx, script, accepts(None), accepts(Some("application/json, */*"))] {
        assert_eq!(there(visit), (401, Some(format!("{portal}GET"))));
    }
    assert_eq!(there(accepts(Some("*/*;q=0.1, application/json"))).0, 302);
}

#[test]
fn who_has_logged_in() {
    let rules = json!([
        { "domain": "two.d.test", "policy": "two_factor" },
        { "domain": "open.d.test", "policy": "bypass" },
        { "domain": "home.d.test", "policy": "bypass", "networks": "10.0.0.0/8" },
    ]);
    let basic = Visit { basic: Some("John".to_owned()), ..visit("https://two.d.test/") };
    let answer = asked(rules.clone(), &basic);
    assert_eq!((answer.status, answer.location), (401, None));
    assert_eq!(answer.headers["Www-Authenticate"], "Basic realm=\"Authorization Required\"");
    let wrong = Visit { basic: Some("nobody".to_owned()), ..visit("https://other.d.test/") };
    assert_eq!(asked(rules.clone(), &wrong).status, 401);
    let open = Visit { session: john(1), ..visit("https://open.d.test/") };
    let answer = asked(rules.clone(), &open);
    assert_eq!((answer.status, &*answer.headers["Remote-Groups"]), (200, "Dev,admins"));
    assert_eq!(asked(rules.clone(), &visit("https://open.d.test/")).headers.len(), 0);
    let two = Visit { session: john(2), ..visit("https://two.d.test/") };
    assert_eq!(asked(rules.clone(), &two).status, 200);
    for (forwarded, status) in [("10.0.0.1, 8.8.8.8", 200), ("8.8.8.8, 10.0.0.1", 403)] {
        let forwarded_for = Some(forwarded.to_owned());
        let visit = Visit { forwarded_for, ..visit("https://home.d.test/") };
        assert_eq!(asked(rules.clone(), &visit).status, status, "{forwarded}");
    }
}

#[test]
fn a_login_holds_in_its_own_domain_of_cookies() {
    let rules = json!([{ "domain": "a.d.test", "policy": "one_factor" }]);
    for (domain, status) in [("d.test", 200), ("a.d.test", 302), ("e.test", 302)] {
        let session = john(2).map(|it| Session { domain: domain.to_owned(), ..it });
        let visit = Visit { session, ..visit("https://a.d.test/") };
        assert_eq!(asked(rules.clone(), &visit).status, status, "{domain}");
    }
}

#[test]
fn the_proxy_is_the_visitor_where_no_address_is_said() {
    let rules = json!([{ "domain": "a.d.test", "policy": "bypass", "networks": "10.0.0.0/8" }]);
    for (said, proxy, status) in [
        (Some("bad, 10.0.0.1"), Some("8.8.8.8"), 403),
        (Some("bad"), Some("10.0.0.1"), 200),
        (None, Some("10.0.0.1"), 200),
        (Some(" 10.0.0.1 ,8.8.8.8"), Some("8.8.8.8"), 200),
        (None, None, 403),
    ] {
        let (forwarded_for, proxy) = (said.map(str::to_owned), proxy.map(str::to_owned));
        let visit = Visit { forwarded_for, proxy, ..visit("https://a.d.test/") };
        assert_eq!(asked(rules.clone(), &visit).status, status, "{said:?}");
    }
}
