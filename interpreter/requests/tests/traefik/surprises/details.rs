//! Details that random configurations brought up, each answered so by the program (v3.7.9).

use serde_json::{Value, json};

use crate::small::{Small, header, path, read, router, services, status};

fn behind(middleware: Value) -> Small {
    let a = json!({ "a": { "rule": "Host(`a.test`)", "service": "app", "middlewares": ["m"] } });
    Small::new(a, json!({ "m": middleware }))
}

#[test]
fn routers_below_see_the_host_that_was_asked_for() {
    let mut all = json!({ "http": {
        "routers": {
            "top": { "rule": "PathPrefix(`/`)", "middlewares": ["host"] },
            "asked": { "rule": "Host(`a.test`)", "service": "app", "parentRefs": ["top"] },
            "said": { "rule": "Host(`new.test`)", "service": "other", "parentRefs": ["top"] }
        },
        "middlewares": { "host": { "headers": { "customRequestHeaders": { "Host": "new.test" } } } }
    } });
    all["http"]["services"] = services();
    let answer = Small::of(&[json!({ "name": "web" })], &all).get("a.test", "/");
    assert_eq!((router(&answer), header(&answer, "Host")), ("top -> asked", "new.test"));
}

#[test]
fn go_names_itself_to_an_authority_only_where_nothing_is_said() {
    let ask = |trust: Value, agent: Value| {
        let mut login = json!({ "address": "authority://auth" });
        if !trust.is_null() {
            login["trustForwardHeader"] = trust;
        }
        let answer = behind(json!({ "forwardAuth": login }))
            .ask(json!({ "host": "a.test", "headers": agent }));
        answer.authority.unwrap().headers.first("User-Agent").to_owned()
    };
    assert_eq!(ask(json!(null), json!({})), "Go-http-client/1.1");
    assert_eq!(ask(json!(null), json!({ "User-Agent": "" })), "");
    assert_eq!(ask(json!(false), json!({})), "");
    assert_eq!(ask(json!(true), json!({ "User-Agent": "toy" })), "toy");
}

#[test]
fn a_prefix_in_a_header_loses_its_blanks_and_may_not_break_lines() {
    let strip = behind(json!({ "stripPrefixRegex": { "regex": ["^/[^x]+"] } }));
    assert_eq!(header(&strip.get("a.test", "/a%20"), "X-Forwarded-Prefix"), "/a");
    assert_eq!(status(&strip.get("a.test", "/a%0Ab")), 500);
}

#[test]
fn a_sign_in_has_a_type_only_where_an_answer_is_gathered() {
    let ask = |chain: Value| {
        let a =
            json!({ "a": { "rule": "Host(`a.test`)", "service": "app", "middlewares": chain } });
        let middlewares = json!({
            "in": { "forwardAuth": { "address": "authority://auth", "authSigninURL": "https://in.test/" } },
            "pages": { "errors": { "status": ["500"], "service": "other" } }
        });
        let answer = Small::new(a, middlewares).get("a.test", "/");
        assert_eq!((status(&answer), answer.location()), (302, Some("https://in.test/")));
        answer.headers.first("Content-Type").to_owned()
    };
    assert_eq!(ask(json!(["in"])), "");
    assert_eq!(ask(json!(["pages", "in"])), "text/html; charset=utf-8");
}

#[test]
fn an_address_that_is_taken_away_is_not_added_again() {
    let away = behind(json!({ "headers": { "customRequestHeaders": { "X-Forwarded-For": "" } } }));
    assert_eq!(header(&away.get("a.test", "/"), "X-Forwarded-For"), "");
}

#[test]
fn an_error_page_is_told_the_address_without_an_empty_question() {
    let pages = behind(
        json!({ "errors": { "status": ["404"], "service": "other", "query": "/?u={url}" } }),
    );
    let answer = pages.get("a.test", "/status-404?");
    assert_eq!(answer.reached[1].seen.path, "/?u=http%3A%2F%2Fa.test%2Fstatus-404");
}

#[test]
fn a_target_that_is_no_path_loses_what_is_broken_of_its_query() {
    let replace = behind(json!({ "replacePath": { "path": "x" } }));
    assert_eq!(path(&replace.get("a.test", "/y?a=1&%zz")), "x?a=1");
    assert_eq!(
        path(&behind(json!({ "replacePath": { "path": "/x" } })).get("a.test", "/y?a=1&%zz")),
        "/x?a=1&%zz"
    );
}

#[test]
fn only_schemes_of_the_web_forbid_a_second_colon() {
    let redirect = |scheme: &str| {
        let to = behind(json!({ "redirectScheme": { "scheme": scheme, "port": "81" } }));
        let answer = to.get("a.test:", "/");
        (status(&answer), answer.location().map(str::to_owned))
    };
    assert_eq!(redirect("wss"), (302, Some("wss://a.test:81:/".to_owned())));
    assert_eq!(redirect("https"), (502, None));
}

#[test]
fn what_a_decoder_takes_for_an_element() {
    let refused = |middleware: Value| {
        let mut all = json!({ "http": { "middlewares": { "m": middleware } } });
        all["http"]["services"] = services();
        read(&[json!({ "name": "web" })], &all).is_err()
    };
    for bad in [
        json!({ "replacePath": [] }),
        json!({ "errors": "x" }),
        json!({ "rateLimit": { "burst": null } }),
        json!({ "retry": { "attempts": 1, "timeout": "1d" } }),
        json!({ "redirectRegex": { "regex": { "a": "b" } } }),
        json!({ "errors": { "statusRewrites": { "404": "b" } } }),
        json!({ "headers": { "customRequestHeaders": {} } }),
        json!({ "rateLimit": { "redis": { "tls": { "caOptional": true } } } }),
    ] {
        assert!(refused(bad.clone()), "{bad}");
    }
    for good in [
        json!({ "compress": {} }),
        json!({ "chain": { "middlewares": [] } }),
        json!({ "retry": { "attempts": "2", "timeout": "1m30s" } }),
        json!({ "ipAllowList": { "sourceRange": "10.0.0.0/8, ::1", "ipStrategy": {} } }),
        json!({ "redirectScheme": { "scheme": "https", "permanent": "T" } }),
    ] {
        assert!(!refused(good.clone()), "{good}");
    }
}
