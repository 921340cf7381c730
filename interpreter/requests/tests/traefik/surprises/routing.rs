//! Rules, priorities, paths, middlewares, services and files.

use qg_requests::traefik::Status;
use serde_json::{Value, json};

use crate::small::{Small, backend, dropped, header, path, read, router, services, status};

#[test]
fn a_tie_is_chance_and_is_told() {
    let small = Small::new(
        json!({
            "a": { "rule": "PathPrefix(`/api`)", "service": "app" },
            "b": { "rule": "Host(`other.test`)", "service": "other" },
            "c": { "rule": "Host(`third.test`)", "service": "other" }
        }),
        json!(null),
    );
    let answer = small.get("other.test", "/api");
    assert_eq!((router(&answer), answer.story.tied.as_slice()), ("a", &["b".to_owned()] as &[_]));
    assert!(small.get("other.test", "/").story.tied.is_empty());
}

#[test]
fn blanks_and_comments_count() {
    let small = Small::new(
        json!({
            "a": { "rule": "Host(`a.test`)", "service": "app" },
            "b": { "rule": "Path(`/`) /* long enough */", "service": "other" },
            "c": { "rule": "Host(`a.test`) && Path(`/`)", "service": "app", "priority": 0 }
        }),
        json!(null),
    );
    let priorities: Vec<_> =
        small.get("a.test", "/").story.routers.iter().map(|it| it.priority).collect();
    assert_eq!(priorities, [27, 27, 14]);
}

#[test]
fn what_breaks_a_router_opens_a_wider_one() {
    let middlewares = json!({
        "two": { "addPrefix": { "prefix": "/x" }, "stripPrefix": { "prefixes": ["/y"] } },
        "prefix": { "addPrefix": { "prefix": "" } },
        "range": { "ipAllowList": { "sourceRange": [] } },
        "users": { "basicAuth": { "users": [] } },
        "round": { "chain": { "middlewares": ["trip"] } },
        "trip": { "chain": { "middlewares": ["round"] } }
    });
    for middleware in ["nowhere", "two", "prefix", "range", "users", "round"] {
        let small = Small::new(
            json!({
                "guarded": { "rule": "Host(`a.test`)", "service": "app", "middlewares": [middleware] },
                "wide": { "rule": "PathPrefix(`/`)", "service": "other", "priority": 1 }
            }),
            middlewares.clone(),
        );
        let answer = small.get("a.test", "/");
        assert_eq!((status(&answer), backend(&answer)), (200, "other"), "{middleware}");
        assert!(!dropped(&small, "guarded").is_empty());
    }
}

#[test]
fn services_that_cannot_be() {
    let mut all = services();
    all["over"] = json!({ "failover": { "service": "app", "fallback": "other" } });
    all["none"] = json!({ "loadBalancer": { "servers": [] } });
    all["based"] = json!({ "loadBalancer": { "servers": [{ "url": "backend://app/base" }] } });
    let of = |service: &str| {
        Small::of(
            &[json!({ "name": "web" })],
            &json!({ "http": { "routers": { "a": { "rule": "Host(`a.test`)", "service": service } }, "services": all } }),
        )
    };
    assert_eq!(status(&of("over").get("a.test", "/")), 404);
    assert!(dropped(&of("over"), "a").contains("healthCheck"));
    assert_eq!(status(&of("nowhere").get("a.test", "/")), 404);
    assert_eq!(status(&of("none").get("a.test", "/")), 503);
    // A path in a server's URL is nothing.
    assert_eq!(path(&of("based").get("a.test", "/x")), "/x");
}

#[test]
fn rules_that_match_nothing() {
    for (rule, host, target) in [
        ("Host(`a.test:80`)", "a.test:80", "/"),
        ("Host(`http://a.test`)", "a.test", "/"),
        ("Host(` a.test`)", "a.test", "/"),
        ("Path(`/x?y=1`)", "a.test", "/x?y=1"),
        ("Path(`/x/{id}`)", "a.test", "/x/1"),
        ("Path(`/foo%2fbar`)", "a.test", "/foo%2fbar"),
        ("Query(`debug`)", "a.test", "/?debug=1"),
    ] {
        let small = Small::new(json!({ "a": { "rule": rule, "service": "app" } }), json!(null));
        assert_eq!(status(&small.get(host, target)), 404, "{rule}");
        assert_eq!(small.proxy.dropped().count(), 0, "{rule}");
    }
    let small =
        Small::new(json!({ "a": { "rule": "Path(`/foo%2Fbar`)", "service": "app" } }), json!(null));
    assert_eq!(status(&small.get("a.test", "/foo%2fbar")), 200);
    let small =
        Small::new(json!({ "a": { "rule": "Query(`debug`)", "service": "app" } }), json!(null));
    assert_eq!(status(&small.get("a.test", "/?debug")), 200);
}

#[test]
fn host_regexp_sees_the_dot_at_the_end() {
    let small = Small::new(
        json!({ "a": { "rule": "HostRegexp(`^a\\.test$`)", "service": "app" } }),
        json!(null),
    );
    assert_eq!(status(&small.get("A.TEST", "/")), 200);
    assert_eq!(status(&small.get("a.test.", "/")), 404);
}

#[test]
fn paths_are_cleaned_before_routing() {
    let small =
        Small::new(json!({ "a": { "rule": "PathPrefix(`/foo`)", "service": "app" } }), json!(null));
    for (asked, seen) in [
        ("//foo", "/foo"),
        ("/./foo", "/foo"),
        ("/x/../foo", "/foo"),
        ("/x/%2e%2e/foo", "/foo"),
        ("/foo/.", "/foo"),
        ("/foo/..%2fbar", "/foo/..%2Fbar"),
        ("/%66oo?a;b", "/foo?a&b"),
    ] {
        assert_eq!(path(&small.get("a.test", asked)), seen, "{asked}");
    }
    let nobody = small.ask(json!({ "method": "OPTIONS", "host": "a.test", "path": "*" }));
    assert_eq!((status(&nobody), router(&nobody)), (200, ""));
}

#[test]
fn a_login_names_the_user_only_in_listed_headers() {
    let login = |listed: &[&str]| {
        json!({ "login": { "forwardAuth": {
            "address": "authority://auth", "authResponseHeaders": listed, "trustForwardHeader": false
        } } })
    };
    let ask = |listed: &[&str], strategy: &str, name: &str| {
        let point = json!({ "name": "web", "http": { "underscoreHeadersStrategy": strategy } });
        let a = json!({ "a": { "rule": "Host(`a.test`)", "service": "app", "middlewares": ["login"] } });
        let small = Small::with(&[point], a, login(listed), json!(null));
        let answer = small.ask(json!({
            "host": "a.test", "headers": { "X-Want": "allow", name: "mallory", "Connection": "Remote-User" }
        }));
        header(&answer, name).to_owned()
    };
    assert_eq!(ask(&["Remote-User"], "keep", "Remote-User"), "alice");
    assert_eq!(ask(&[], "keep", "Remote-Name"), "mallory");
    assert_eq!(ask(&["Remote-User"], "keep", "Remote_User"), "mallory");
    assert_eq!(ask(&["Remote-User"], "delete", "Remote_User"), "");
}

#[test]
fn middlewares_work_on_strings() {
    let of = |middleware: Value| {
        let a =
            json!({ "a": { "rule": "Host(`a.test`)", "service": "app", "middlewares": ["m"] } });
        Small::new(a, json!({ "m": middleware }))
    };
    let strip = of(json!({ "stripPrefix": { "prefixes": ["/a"] } }));
    assert_eq!(path(&strip.get("a.test", "/api/v1")), "/pi/v1");
    let add = of(json!({ "addPrefix": { "prefix": "/pre/" } }));
    assert_eq!(path(&add.get("a.test", "/x")), "/pre//x");
}

#[test]
fn an_entry_point_redirects_before_any_router() {
    for (permanent, get, other) in [(true, 301, 308), (false, 302, 307)] {
        let points = [
            json!({ "name": "web", "address": ":80", "http": {
                "redirections": { "entryPoint": { "to": "websecure", "permanent": permanent } } } }),
            json!({ "name": "websecure", "address": ":443" }),
        ];
        let a = json!({ "a": { "rule": "Host(`a.test`)", "service": "app", "priority": 100_000 } });
        let small = Small::with(&points, a, json!(null), json!(null));
        for method in ["GET", "HEAD", "POST"] {
            let answer = small.ask(json!({ "method": method, "host": "a.test", "path": "/x" }));
            assert_eq!(status(&answer), if method == "GET" { get } else { other });
            assert_eq!(answer.location(), Some("https://a.test/x"));
            assert_eq!(router(&answer), "web-to-websecure@internal");
        }
    }
}

#[test]
fn files() {
    let web = [json!({ "name": "web" })];
    let refused = |dynamic: Value| read(&web, &dynamic).err().map(|it| it.at);
    assert_eq!(refused(json!({ "nonsense": 1 })), None);
    assert_eq!(refused(json!({ "http": { "nonsense": 1 } })).as_deref(), Some("http.nonsense"));
    assert_eq!(
        refused(json!({ "http": { "middlewares": {} } })).as_deref(),
        Some("http.middlewares")
    );
    assert_eq!(refused(json!({ "http": { "middlewares": null, "services": services() } })), None);
    for tls in [json!(true), json!([]), json!({})] {
        let a = json!({ "A": { "Rule": "Host(`a.test`)", "SERVICE": "app", "entryPoints": "websecure", "tls": tls } });
        let small = Small::new(a, json!(null));
        assert_eq!(status(&small.tls("a.test", Some("a.test"), "none")), 200, "{tls}");
    }
}

#[test]
fn rules_are_expressions_of_go() {
    let reads = |rule: &str| qg_requests::traefik::rule::parse(rule).is_ok();
    for good in [
        "/* c */ Host(`a.test`)",
        "Host(`a.test`) // c",
        "Host(`a.test`,)",
        "Host(`a.test`) &&\nPath(`/`)",
        "HOST(`a.test`) && Pathprefix(`/`)",
    ] {
        assert!(reads(good), "{good}");
    }
    for bad in [
        "Host(`a.test`)\n&& Path(`/`)",
        "Host(`a.test`)\u{a0}&& Path(`/`)",
        "pathPrefix(`/`)",
        "Host('a.test')",
        "Host(`a.test`, `b.test`)",
    ] {
        assert!(!reads(bad), "{bad}");
    }
}

#[test]
fn a_tcp_router_for_every_name_takes_the_port_over() {
    let of = |router: Value| {
        let mut dynamic = json!({
            "http": { "routers": { "a": { "rule": "Host(`a.test`)", "service": "app" },
                "s": { "rule": "Host(`a.test`)", "service": "app", "tls": {} } }, "services": services() },
            "tcp": { "services": { "db": { "loadBalancer": { "servers": [{ "address": "10.0.0.1:1" }] } } } }
        });
        dynamic["tcp"]["routers"] = json!({ "t": router });
        Small::of(&[json!({ "name": "web" })], &dynamic)
    };
    let tls = |small: &Small, name: &str| {
        small.ask(json!({ "host": name, "tls": { "sni": name, "certificate": "none" } })).status
    };
    let all = of(json!({ "rule": "HostSNI(`*`)", "service": "db" }));
    assert_eq!(all.get("a.test", "/").status, Status::Tcp);
    assert_eq!(tls(&all, "a.test"), Status::Http(200));
    // With TLS the names of HTTP routers come first.
    let all =
        of(json!({ "rule": "HostSNI(`*`)", "service": "db", "tls": { "passthrough": true } }));
    assert_eq!(status(&all.get("a.test", "/")), 200);
    assert_eq!((tls(&all, "a.test"), tls(&all, "b.test")), (Status::Http(200), Status::Tcp));
    for (rule, service) in
        [("HostSNI(`a.test`)", "db"), ("HostSNI(`*`)", "nowhere"), ("Host(`a`)", "db")]
    {
        let none = of(json!({ "rule": rule, "service": service }));
        assert_eq!(status(&none.get("a.test", "/")), 200, "{rule}");
        assert!(!dropped(&none, "t").is_empty());
    }
}
