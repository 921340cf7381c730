//! Client certificates and the options of TLS.

use serde_json::{Value, json};

use crate::small::{Small, backend, dropped, mtls, status};

fn secure(rule: &str, service: &str, options: Option<&str>) -> Value {
    let tls = options.map_or_else(|| json!({}), |it| json!({ "options": it }));
    json!({ "rule": rule, "service": service, "entryPoints": ["websecure"], "tls": tls })
}

fn routers(routers: Value) -> Small {
    Small::with(&[], routers, json!(null), mtls())
}

#[test]
fn different_options_on_one_host_are_none() {
    let small = routers(json!({
        "a": secure("Host(`a.test`) && PathPrefix(`/x`)", "app", Some("mtls")),
        "b": secure("Host(`a.test`)", "other", None)
    }));
    let open = small.tls("a.test", Some("a.test"), "none");
    assert_eq!((status(&open), backend(&open), open.tls_options_conflict), (200, "other", true));
    // On one router alone they hold.
    let alone = routers(json!({ "a": secure("Host(`a.test`)", "app", Some("mtls")) }));
    assert_eq!(status(&alone.tls("a.test", Some("a.test"), "none")), 0);
    assert_eq!(status(&alone.tls("a.test", Some("a.test"), "untrusted")), 0);
    assert_eq!(status(&alone.tls("a.test", Some("a.test"), "trusted")), 200);
}

#[test]
fn a_host_under_a_not_counts() {
    let small = routers(json!({
        "a": secure("!Host(`a.test`)", "app", Some("mtls")),
        "b": secure("Host(`a.test`)", "other", None)
    }));
    assert!(small.tls("a.test", Some("a.test"), "none").tls_options_conflict);
}

#[test]
fn options_without_a_host_are_ignored() {
    for rule in ["PathPrefix(`/`)", "HostRegexp(`^a`)"] {
        let small = routers(json!({ "a": secure(rule, "app", Some("mtls")) }));
        assert_eq!(status(&small.tls("a.test", Some("a.test"), "none")), 200, "{rule}");
    }
    // Also those of the entry point.
    let point =
        json!({ "name": "websecure", "address": ":443", "http": { "tls": { "options": "mtls" } } });
    let all = json!({ "a": { "rule": "PathPrefix(`/`)", "service": "app" } });
    let small = Small::with(&[point], all, json!(null), mtls());
    assert_eq!(status(&small.tls("a.test", Some("a.test"), "none")), 200);
}

#[test]
fn a_wildcard_does_not_cover_a_plain_name() {
    let small = routers(json!({
        "w": secure("Host(`*.a.test`)", "app", Some("mtls")),
        "s": secure("Host(`sub.a.test`)", "other", None)
    }));
    assert_eq!(status(&small.tls("x.a.test", Some("x.a.test"), "none")), 0);
    let open = small.tls("sub.a.test", Some("sub.a.test"), "none");
    assert_eq!((status(&open), backend(&open)), (200, "other"));
}

#[test]
fn options_that_cannot_be_close_their_name() {
    for options in ["nowhere", "unbuilt", "unread"] {
        let mut all = mtls();
        all["unbuilt"] =
            json!({ "clientAuth": { "clientAuthType": "RequireAndVerifyClientCert" } });
        all["unread"] = json!({ "clientAuth": { "caFiles": ["/nowhere.pem"] } });
        let small = Small::with(
            &[],
            json!({ "a": secure("Host(`a.test`)", "app", Some(options)), "b": secure("Host(`b.test`)", "app", None) }),
            json!(null),
            all,
        );
        assert_eq!(status(&small.tls("a.test", Some("a.test"), "trusted")), 0, "{options}");
        assert_eq!(status(&small.tls("b.test", Some("b.test"), "none")), 200, "{options}");
        assert!(dropped(&small, "a").contains("TLS options"));
    }
}

#[test]
fn a_version_that_does_not_exist_is_ignored() {
    let all =
        json!({ "old": { "minVersion": "VersionTLS99" }, "new": { "minVersion": "VersionTLS13" } });
    let ask = |options| {
        let a = json!({ "a": secure("Host(`a.test`)", "app", Some(options)) });
        Small::with(&[], a, json!(null), all.clone()).ask(json!({
            "host": "a.test", "entry_point": "websecure",
            "tls": { "sni": "a.test", "certificate": "none", "version": "1.2" }
        }))
    };
    assert_eq!(status(&ask("old")), 200);
    assert_eq!(status(&ask("new")), 0);
}

#[test]
fn authorities_alone_want_a_certificate() {
    let all = json!({ "ca": { "clientAuth": { "caFiles": ["ca://trusted"] } } });
    let small = Small::with(
        &[],
        json!({ "a": secure("Host(`a.test`)", "app", Some("ca")) }),
        json!(null),
        all,
    );
    assert_eq!(status(&small.tls("a.test", Some("a.test"), "none")), 0);
    assert_eq!(status(&small.tls("a.test", Some("a.test"), "trusted")), 200);
}

#[test]
fn another_sni_with_other_options_is_misdirected() {
    let small = routers(json!({
        "a": secure("Host(`a.test`)", "app", Some("mtls")),
        "b": secure("Host(`b.test`)", "other", None),
        "c": secure("Host(`c.test`)", "other", None)
    }));
    assert_eq!(status(&small.tls("a.test", Some("b.test"), "trusted")), 421);
    assert_eq!(status(&small.tls("a.test", None, "trusted")), 421);
    assert_eq!(status(&small.tls("b.test", Some("c.test"), "none")), 200);
}

#[test]
fn a_broken_guard_lets_another_name_in() {
    let mut guarded = secure("Host(`private.test`)", "app", Some("mtls"));
    guarded["middlewares"] = json!(["nowhere"]);
    let small =
        routers(json!({ "private": guarded, "wide": secure("PathPrefix(`/`)", "other", None) }));
    assert_eq!(status(&small.tls("private.test", Some("private.test"), "trusted")), 421);
    let around = small.tls("private.test", Some("public.test"), "none");
    assert_eq!((status(&around), backend(&around)), (200, "other"));
}

#[test]
fn a_guarded_router_on_web_answers_in_clear_text() {
    let small = routers(json!({
        "private": secure("Host(`private.test`)", "app", Some("mtls")),
        "again": { "rule": "Host(`private.test`)", "service": "app", "entryPoints": ["web"] }
    }));
    assert_eq!(status(&small.get("private.test", "/")), 200);
    assert_eq!(status(&small.tls("private.test", Some("private.test"), "none")), 0);
}
