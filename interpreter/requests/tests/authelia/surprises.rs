//! What one gets wrong first: each was seen in the real program (4.39).

use qg_requests::authelia::{
    Answer, Configuration, Endpoint, Fault, Policy, Request, Session, User, Visit, answer, decide,
};
use serde_json::{Value, json};

/// A configuration with rules, one cookie domain and two users.
pub(crate) fn configured(rules: Value) -> Configuration {
    let configuration = json!({
        "access_control": { "default_policy": "deny", "rules": rules },
        "session": { "cookies": [{ "domain": "d.test", "authelia_url": "https://auth.d.test" }] },
    });
    let user = |name: &str, groups: &[&str]| User {
        name: name.to_owned(),
        display_name: name.to_owned(),
        email: None,
        groups: groups.iter().map(|&it| it.to_owned()).collect(),
    };
    let users = vec![user("John", &["Dev", "admins"]), user("eve", &[])];
    Configuration::read(&configuration).unwrap().with_users(users)
}

/// Why a rule is refused; none where it is taken.
fn refused(rule: Value) -> Option<String> {
    let access = json!({ "access_control": { "default_policy": "deny", "rules": [rule] } });
    Configuration::read(&access).err().map(|why| why.to_string())
}

fn get(url: &str) -> Request {
    Request { url: url.to_owned(), method: "GET".to_owned(), ..Request::default() }
}

fn by(url: &str, user: &str, groups: &[&str]) -> Request {
    let groups = groups.iter().map(|&it| it.to_owned()).collect();
    Request { user: Some(user.to_owned()), groups, ..get(url) }
}

/// The letters of the first rule.
fn marks(rule: Value, request: &Request) -> String {
    decide(&configured(json!([rule])), request).unwrap().matches[0].to_string()
}

fn matches(rule: Value, request: &Request) -> bool {
    marks(rule, request) == "hhhhhh"
}

fn visit(url: &str) -> Visit {
    let accept = Some("text/html".to_owned());
    Visit { method: "GET".to_owned(), url: url.to_owned(), accept, ..Visit::default() }
}

fn john(factor: u8) -> Option<Session> {
    Some(Session { user: "John".to_owned(), factor, domain: "d.test".to_owned() })
}

fn asked(rules: Value, visit: &Visit) -> Answer {
    answer(&configured(rules), visit)
}

#[test]
fn queries_are_asked_as_the_server_does_and_not_the_command() {
    let query = |question: Value| json!({ "domain": "a.d.test", "policy": "bypass", "query": [[question]] });
    let digits = json!({ "key": "x", "operator": "pattern", "value": "^[0-9]+$" });
    assert!(matches(query(digits.clone()), &get("https://a.d.test/?x=12")));
    assert!(!matches(query(digits), &get("https://a.d.test/?x=no")));
    assert!(!matches(query(json!({ "key": "x" })), &get("https://a.d.test/")));
    assert!(!matches(query(json!({ "key": "x", "value": "1" })), &get("https://a.d.test/?x=2")));
}

#[test]
fn before_login_a_rule_with_subjects_decides() {
    let rules = json!([
        { "domain": "*.d.test", "policy": "deny", "subject": "group:guests" },
        { "domain": "open.d.test", "policy": "bypass" },
    ]);
    let decision = decide(&configured(rules.clone()), &get("https://open.d.test/")).unwrap();
    assert_eq!((decision.verdict.policy, decision.verdict.rule), (Policy::Deny, Some(0)));
    let otherwise = decision.otherwise.unwrap();
    assert_eq!((otherwise.policy, otherwise.rule), (Policy::Bypass, Some(1)));
    assert_eq!(decision.matches[0].to_string(), "hhhhh?");
    // To log in, and not away.
    assert_eq!(asked(rules, &visit("https://open.d.test/")).status, 302);
    let plain = json!([{ "domain": "a.d.test", "policy": "deny" }]);
    assert_eq!(asked(plain, &visit("https://a.d.test/")).status, 403);
}

#[test]
fn names_of_users_and_groups_count_as_subjects() {
    for rule in [
        json!({ "domain": "{user}.d.test", "policy": "deny" }),
        json!({ "domain": "{group}.d.test", "policy": "deny" }),
        json!({ "domain_regex": "^(?P<User>\\w+)\\.d\\.test$", "policy": "deny" }),
        json!({ "domain_regex": "^(?P<Group>\\w+)\\.d\\.test$", "policy": "deny" }),
        json!({ "domain": "john.d.test", "resources": "^/(?P<User>\\w+)", "policy": "deny" }),
    ] {
        let answer = asked(json!([rule]), &visit("https://john.d.test/john"));
        assert_eq!(answer.status, 302, "{rule}");
        assert!(answer.decision.unwrap().has_subjects);
    }
    // A group of any other name is an ordinary one.
    let rule = json!({ "domain_regex": "^(?P<user>\\w+)\\.d\\.test$", "policy": "deny" });
    assert_eq!(asked(json!([rule]), &visit("https://john.d.test/")).status, 403);
}

#[test]
fn domains_match_as_written() {
    let domain = |name: &str| json!({ "domain": name, "policy": "one_factor" });
    assert!(matches(domain("*.d.test"), &get("https://a.b.d.test/")));
    assert!(matches(domain("A.D.test"), &get("https://a.d.TEST:8443/")));
    assert!(!matches(domain("*.d.test"), &get("https://d.test/")));
    for nothing in
        ["*d.test", "*", "a.d.test,b.d.test", "a.*.test", "https://a.d.test", "a.d.test:8443", ""]
    {
        let rule = json!({ "domain": [nothing], "policy": "one_factor" });
        assert!(!matches(rule, &get("https://a.d.test:8443/")), "{nothing}");
    }
    let rule = domain("{user}.d.test");
    assert!(matches(rule.clone(), &by("https://John.d.test/", "John", &[])));
    assert!(!matches(rule, &by("https://john.d.test/", "John", &[])));
    let rule = domain("{group}.d.test");
    assert!(matches(rule.clone(), &by("https://dev.d.test/", "John", &["Dev"])));
    assert!(!matches(rule, &by("https://dev.D.test/", "John", &["Dev"])));
}

#[test]
fn a_host_without_a_dot_crashes_a_rule_for_groups() {
    let rule = json!({ "domain": "{group}.d.test", "policy": "one_factor" });
    let found = decide(&configured(json!([rule])), &by("https://localhost/", "John", &["Dev"]));
    assert_eq!(found, Err(Fault::Crash));
    let configuration = json!({
        "access_control": { "rules": [{ "domain": "{group}.d.test", "policy": "one_factor" }] },
        "session": { "cookies": [{ "domain": "::1", "authelia_url": "https://[::1]/" }] },
    });
    let known = Configuration::read(&configuration).unwrap();
    assert_eq!(answer(&known, &visit("https://[::1]/")).status, 500);
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
fn resources_are_patterns_over_path_and_query() {
    let resource =
        |pattern: &str| json!({ "domain": "a.d.test", "policy": "bypass", "resources": pattern });
    for (pattern, path, is) in [
        ("/api", "/x/api/y", true),
        ("^/api$", "/API", false),
        ("^/api$", "/api?x=1", false),
        (r"^/api\?x=%31$", "/api?x=%31", true),
        ("^/api$", "/x/../%61pi", true),
        ("^/api/$", "/api//", true),
        ("^/$", "", false),
        ("^/$", "/./", false),
        (r"^\.$", "", true),
        (r"^/a/b$", "/a%2Fb", true),
        // A pattern alone is not split at its commas, as a text for a list of texts would be.
        ("^/[a-z]{1,3}$", "/abc", true),
    ] {
        let request = get(&format!("https://a.d.test{path}"));
        assert_eq!(matches(resource(pattern), &request), is, "{pattern} {path}");
    }
}

#[test]
fn queries_have_edges() {
    let ask =
        |question: Value| json!({ "domain": "a.d.test", "policy": "bypass", "query": [question] });
    let equal = |value: &str| ask(json!({ "key": "x", "operator": "equal", "value": value }));
    assert!(matches(equal("1"), &get("https://a.d.test/?x=1&x=2")));
    assert!(!matches(equal("2"), &get("https://a.d.test/?x=1&x=2")));
    assert!(matches(equal(""), &get("https://a.d.test/")));
    let present = ask(json!({ "key": "x", "operator": "present" }));
    for dropped in ["?x=1;y=2", "?x=%zz", "?%zz&x%=1"] {
        assert!(
            !matches(present.clone(), &get(&format!("https://a.d.test/{dropped}"))),
            "{dropped}"
        );
    }
    let capitals = ask(json!({ "key": "x", "operator": "EQUAL", "value": "1" }));
    assert!(matches(capitals, &get("https://a.d.test/?x=2")));
}

#[test]
fn subjects_are_either_or_both() {
    let rule = |subject: Value| json!({ "domain": "a.d.test", "policy": "two_factor", "subject": subject });
    let dev = by("https://a.d.test/", "John", &["dev"]);
    assert!(matches(rule(json!(["group:dev", "group:admins"])), &dev));
    assert!(!matches(rule(json!([["group:dev", "group:admins"]])), &dev));
    // A comma in one text means both, too.
    assert!(!matches(rule(json!(["group:dev,group:admins"])), &dev));
    assert!(!matches(rule(json!("group:Dev")), &dev));
}

#[test]
fn networks_hold_their_own_kind() {
    let rule =
        |network: &str| json!({ "domain": "a.d.test", "policy": "bypass", "networks": network });
    let from = |ip: &str| Request { ip: Some(ip.to_owned()), ..get("https://a.d.test/") };
    assert!(!matches(rule("::/0"), &from("10.0.0.1")));
    assert!(matches(rule("10.0.0.5/8"), &from("10.9.9.9")));
    assert!(matches(rule("10.0.0.0/8"), &from("::ffff:10.1.1.1")));
    assert!(matches(rule("::ffff:10.0.0.0/104"), &from("10.1.1.1")));
    assert!(!matches(rule("0.0.0.0/0"), &from("no address")));
    assert!(!matches(rule("::ffff:10.0.0.1"), &from("10.0.0.1")));
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

#[test]
fn what_is_taken_and_what_is_refused() {
    let bypass = |more: Value| {
        let mut rule = json!({ "domain": "a.d.test", "policy": "bypass" });
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        refused(rule)
    };
    assert_eq!(bypass(json!({ "domain": "{user}.d.test" })), None);
    assert_eq!(bypass(json!({ "query": { "key": "x" } })), None);
    for wrong in [
        json!({ "subject": "user:john" }),
        json!({ "domain_regex": "(?P<User>.*)" }),
        json!({ "methods": "get" }),
        json!({ "methods": "GET,POST" }),
        json!({ "subject": "" }),
        json!({ "methods": ["GET", "GET"] }),
        json!({ "networks": "lan" }),
        json!({ "resources": "(?!x)" }),
        json!({ "query": [[{ "key": "x", "operator": "is" }]] }),
        json!({ "policy": "Bypass" }),
        json!({ "policy": "deny", "subject": "john" }),
        json!({ "policy": "deny", "subject": "oauth2:client:none" }),
    ] {
        assert!(bypass(wrong.clone()).is_some(), "{wrong}");
    }
    let alone = |access: Value| Configuration::read(&json!({ "access_control": access })).is_ok();
    assert!(!alone(json!({ "default_policy": "deny" })) && !alone(Value::Null));
    assert!(alone(json!({ "default_policy": "one_factor" })));
    let cookies = |domains: &[&str]| {
        let cookie =
            |it: &&str| json!({ "domain": it, "authelia_url": format!("https://auth.{it}") });
        let cookies: Vec<Value> = domains.iter().map(cookie).collect();
        let access = json!({ "default_policy": "one_factor" });
        Configuration::read(&json!({ "access_control": access, "session": { "cookies": cookies } }))
            .is_ok()
    };
    assert!(cookies(&["d.test", "e.test"]) && !cookies(&["d.test", "a.d.test"]));
}
