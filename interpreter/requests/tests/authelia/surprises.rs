//! What one gets wrong first about rules: each was seen in the real program (4.39).

use qg_requests::authelia::{
    Answer, Configuration, Fault, Policy, Request, User, Visit, answer, decide,
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

pub(crate) fn visit(url: &str) -> Visit {
    let accept = Some("text/html".to_owned());
    Visit { method: "GET".to_owned(), url: url.to_owned(), accept, ..Visit::default() }
}

pub(crate) fn asked(rules: Value, visit: &Visit) -> Answer {
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
