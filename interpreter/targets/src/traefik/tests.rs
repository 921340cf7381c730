#![allow(clippy::unwrap_used)]
use qg_fleet::leaf::{Data, EntityPath, Sealed, SealedPart};
use qg_fleet::{Facts, Fleet, Model};
use serde_json::{Value, json};

use super::*;
use crate::traefik::fields::Fields;

/// A fleet with one of everything.
pub(crate) fn model() -> Value {
    let port = |number: u16| json!({ "inside": number, "host": number, "address": "127.0.0.1", "publish": true });
    let to = |service: &str| json!(["service", service, "ports", "web"]);
    let route = |host: &str, service: &str| json!({ "host": host, "to": to(service), "pass_host": true, "url": format!("https://{host}.example.org") });
    let with = |mut base: Value, more: Value| {
        base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        base
    };
    let sso = json!({ "sso": { "allow": [["people", "admin"]], "factor": "two" } });
    let on = json!(["host", "Server"]);
    json!({
        "fleet": { "domain": "example.org" },
        "host": { "Server": { "address": "192.168.0.28" }, "pi": { "address": "192.168.0.30" } },
        "secret": {
            "client_ca": { "path": "/run/secrets/client_ca" },
            "arr-user": { "path": "/run/secrets/arr" },
            "arr_user": { "path": "/run/secrets/arr2" },
        },
        "people": { "admin": { "group": "admin" } },
        "proxy": { "edge": {
            "on": on,
            "engine": { "traefik": {
                "acme": { "email": "a@example.org", "challenge": "http", "resolver": "production" },
                "client_ca": ["secret", "client_ca"],
                "http": 80, "https": 443, "data": "/var/lib/traefik", "access_log": { "enabled": true },
                "dashboard": 8080,
                "plugins": { "geoblock": { "module": "github.com/x/geoblock", "version": "v1" } },
                "static": { "entryPoints": { "websecure": { "transport": {
                    "respondingTimeouts": { "readTimeout": "0s" } } } } },
                "dynamic": { "http": { "middlewares": { "mine": { "compress": {} } } } },
            } },
            "use": [["middleware", "no_index"]],
            "except": [["service", "portfolio"]],
            "lan": ["192.168.0.0/16", "fd00::/8"],
        } },
        "middleware": {
            "no_index": { "does": { "headers": {
                "customResponseHeaders": { "X-Robots-Tag": "none" } } } },
            "inject": { "does": { "headers": { "customRequestHeaders": {
                "Authorization": "" } } } },
            "lan": { "does": { "rateLimit": { "average": 10, "period": { "$duration": 90000 } } } },
            "both": { "does": { "chain": { "middlewares": [
                { "$ref": ["middleware", "lan"] }, { "$ref": ["middleware", "geo"] }] } } },
            "geo": { "does": { "plugin": { "name": "geoblock", "settings": { "countries": ["FR"] } } } },
            "unused": { "does": { "compress": {} } },
        },
        "portal": { "login": {
            "service": ["service", "authelia"],
            "route": ["service", "authelia", "route", "web"],
            "engine": { "authelia": {} },
        } },
        "service": {
            "authelia": { "on": on, "ports": { "web": port(9091) },
                "route": { "web": with(route("auth", "authelia"), json!({ "expose": "public" })) } },
            "sonarr": { "on": on, "ports": { "web": port(8989) },
                "route": { "web": with(route("sonarr", "sonarr"), json!({
                    "expose": "private", "login": sso, "use": [["middleware", "inject"]] })) } },
            "portfolio": { "on": on, "ports": { "web": port(3001) },
                "route": { "web": with(route("", "portfolio"), json!({
                    "expose": "public", "aliases": ["www"] })),
                    "blog": with(route("", "portfolio"), json!({
                    "expose": "public", "path": "/blog/", "use": [["middleware", "both"]] })) } },
            "immich": { "on": on, "ports": { "web": {
                    "inside": 2283, "host": 2283, "address": "::1", "publish": true } },
                "route": { "web": with(route("immich", "immich"), json!({
                    "expose": "lan", "pass_host": false, "scheme": "h2c" })) } },
            "git": { "on": on, "ports": { "ssh": port(2222) },
                "route": { "ssh": { "tcp": 222, "to": ["service", "git", "ports", "ssh"],
                    "expose": "lan" } } },
            "ha": { "at": "http://10.0.0.5:8123",
                "route": { "web": { "host": "ha.other.test", "to": "http://10.0.0.5:8123",
                    "expose": "public", "pass_host": true } } },
            "pihole": { "on": ["host", "pi"], "ports": { "web": {
                    "inside": 80, "host": 8053, "address": "0.0.0.0", "publish": true } },
                "route": { "web": with(route("pihole", "pihole"), json!({
                    "via": ["proxy", "edge"], "expose": "private" })) } },
            "hidden": { "on": on, "ports": { "web": port(1) },
                "route": { "web": with(route("hidden", "hidden"), json!({ "expose": "internal" })) } },
        },
    })
}

pub(crate) fn fleet(model: Value) -> Fleet {
    let mut model = serde_json::from_value::<Model>(model).unwrap();
    // Plain JSON has no sealed strings.
    if let Some(inject) = model.middleware.get_mut("inject")
        && let Some(headers) = inject.value.does.value.options.get_mut("customRequestHeaders")
        && let Data::Record(headers) = &mut headers.value
        && let Some(value) = headers.get_mut("Authorization")
    {
        let secret = EntityPath(vec!["secret".to_owned(), "arr-user".to_owned()]);
        let text = SealedPart::Text("Basic {{\"".to_owned());
        value.value = Data::Sealed(Sealed(vec![text, SealedPart::Secret(secret)]));
    }
    Fleet { model, ..Fleet::default() }
}

fn files(model: Value) -> (Value, Value, String) {
    let files = render(&Prepared::of(Facts::of(&fleet(model))));
    let text = |name: &str| {
        let file = files.iter().find(|file| file.path == format!("hosts/Server/traefik/{name}"));
        let file = file.unwrap();
        assert_eq!(file.lines.len(), file.text.lines().count());
        file.text.clone()
    };
    let (fixed, dynamic) = (text("static.yml"), text("dynamic.yml"));
    let read = |text: &str| serde_yaml_ng::from_str::<Value>(text).unwrap();
    (read(&fixed), read(&dynamic), dynamic)
}

#[test]
fn only_keys_that_traefik_knows() {
    let (fixed, dynamic, _) = files(model());
    let fields = Fields::get();
    assert_eq!(fields.unknown_static(&fixed), Vec::<String>::new());
    assert_eq!(fields.unknown_dynamic(&dynamic), Vec::<String>::new());
    // The measure itself can fail.
    let wrong =
        json!({ "http": { "routers": { "a": { "rules": "x", "tls": { "options": "y" } } } } });
    assert_eq!(fields.unknown_dynamic(&wrong), ["http.routers.a.rules"]);
}

#[test]
fn static_file() {
    let (fixed, ..) = files(model());
    assert_eq!(
        fixed,
        json!({
            "global": { "checkNewVersion": false, "sendAnonymousUsage": false },
            "log": { "level": "INFO" },
            "accessLog": { "format": "common" },
            "entryPoints": {
                "web": { "address": ":80", "http": { "underscoreHeadersStrategy": "delete", "redirections": { "entryPoint": {
                    "to": "websecure", "scheme": "https", "permanent": true } } } },
                "websecure": { "address": ":443", "http": { "underscoreHeadersStrategy": "delete" },
                    "transport": { "respondingTimeouts": { "readTimeout": "0s" } } },
                "tcp-222": { "address": ":222", "http": { "underscoreHeadersStrategy": "delete" } },
                "traefik": { "address": "127.0.0.1:8080" },
            },
            "certificatesResolvers": { "production": { "acme": { "email": "a@example.org",
                "storage": "/var/lib/traefik/acme.json", "httpChallenge": { "entryPoint": "web" } } } },
            "api": { "dashboard": true, "insecure": true },
            "experimental": { "abortOnPluginFailure": true, "plugins": { "geoblock": {
                "moduleName": "github.com/x/geoblock", "version": "v1" } } },
            "providers": { "file": { "filename": "/etc/traefik/dynamic.yml" } },
        })
    );
}

#[test]
fn what_holds_on_our_entry_points_holds_on_theirs() {
    let mut own = model();
    own["proxy"]["edge"]["engine"]["traefik"]["entry_points"] = json!({
        "inside": { "port": 8443 },
        "strict": { "port": 8444, "http": { "underscoreHeadersStrategy": "reject" } },
        "tidy": { "port": 8445, "http": { "sanitizePath": true } },
        "game": { "port": "2456/udp" },
    });
    own["proxy"]["edge"]["engine"]["traefik"]["static"] = json!({ "entryPoints": {
        "raw": { "address": ":9000", "http": { "maxHeaderBytes": 1000 } },
        "kept": { "address": ":9001", "http": { "underscoreHeadersStrategy": "keep" } },
        "datagrams": { "address": ":9002/udp" },
    } });
    let (fixed, ..) = files(own);
    let http = |name: &str| fixed["entryPoints"][name]["http"].clone();
    assert_eq!(http("inside"), json!({ "underscoreHeadersStrategy": "delete" }));
    assert_eq!(http("strict"), json!({ "underscoreHeadersStrategy": "reject" }));
    assert_eq!(
        http("tidy"),
        json!({ "sanitizePath": true, "underscoreHeadersStrategy": "delete" })
    );
    assert_eq!(http("game"), Value::Null);
    let raw = json!({ "maxHeaderBytes": 1000, "underscoreHeadersStrategy": "delete" });
    assert_eq!(http("raw"), raw);
    assert_eq!(http("kept"), json!({ "underscoreHeadersStrategy": "keep" }));
    assert_eq!(http("datagrams"), Value::Null);
}

#[test]
fn what_rewrites_comes_after_the_login() {
    let mut model = model();
    for (name, does) in [
        ("pre", json!({ "addPrefix": { "prefix": "/pre" } })),
        ("host", json!({ "headers": { "customRequestHeaders": { "Host": "x" } } })),
        (
            "many",
            json!({ "chain": { "middlewares": [
                { "$ref": ["middleware", "lan"] }, { "$ref": ["middleware", "pre"] }] } }),
        ),
        ("calm", json!({ "plugin": { "name": "geoblock", "settings": {}, "rewrites": false } })),
    ] {
        model["middleware"][name] = json!({ "does": does });
    }
    let all = ["pre", "no_index", "host", "geo", "calm", "many", "lan"];
    let all: Vec<Value> = all.iter().map(|name| json!(["middleware", name])).collect();
    model["proxy"]["edge"]["use"] = json!(all);
    let (_, dynamic, _) = files(model);
    assert_eq!(
        dynamic["http"]["routers"]["sonarr-web"]["middlewares"],
        json!(["no_index", "calm", "lan", "login-login", "pre", "host", "geo", "many", "inject"])
    );
}

/// A route that no proxy answers for is nobody else's either.
#[test]
fn what_is_internal_is_left_out() {
    let mut model = model();
    model["service"]["portfolio"]["route"]["admin"] = json!({ "host": "", "path": "/admin",
        "to": ["service", "portfolio", "ports", "web"], "expose": "internal", "pass_host": true });
    let (_, dynamic, _) = files(model);
    let routers = &dynamic["http"]["routers"];
    assert_eq!(routers.get("portfolio-admin"), None);
    let rule = routers["portfolio-web"]["rule"].as_str().unwrap();
    let without = "!(Host(`example.org`) && (Path(`/admin`) || PathPrefix(`/admin/`)))";
    assert!(rule.contains(without), "{rule}");
}

#[test]
fn routers_and_guards() {
    let (_, dynamic, _) = files(model());
    let routers = &dynamic["http"]["routers"];
    assert_eq!(
        routers["sonarr-web"],
        json!({
            "rule": "Host(`sonarr.example.org`)",
            "entryPoints": ["websecure"],
            "middlewares": ["no_index", "login-login", "inject"],
            "service": "sonarr-web",
            "tls": { "certResolver": "production", "options": "private" },
        })
    );
    // The blog has guards of its own: without it nobody answers there.
    assert_eq!(
        routers["portfolio-web"]["rule"],
        "(Host(`example.org`) || Host(`www.example.org`)) \
         && !(Host(`example.org`) && (Path(`/blog`) || PathPrefix(`/blog/`)))"
    );
    assert_eq!(routers["portfolio-web"]["middlewares"], json!(["encoded"]));
    assert_eq!(routers["portfolio-blog"]["middlewares"], json!(["encoded", "both"]));
    assert_eq!(
        routers["portfolio-blog"]["rule"],
        "Host(`example.org`) && (Path(`/blog`) || PathPrefix(`/blog/`))"
    );
    assert_eq!(routers["portfolio-web"]["priority"], 1000);
    assert_eq!(routers["portfolio-blog"]["priority"], 1005);
    // The user's own `lan` keeps its name.
    assert_eq!(routers["immich-web"]["middlewares"], json!(["no_index", "lan-2"]));
    assert_eq!(routers.get("hidden-web"), None);
    let middlewares = &dynamic["http"]["middlewares"];
    assert_eq!(middlewares["lan"], json!({ "rateLimit": { "average": 10, "period": "1m30s" } }));
    assert_eq!(middlewares["both"], json!({ "chain": { "middlewares": ["lan", "geo"] } }));
    assert_eq!(middlewares["geo"], json!({ "plugin": { "geoblock": { "countries": ["FR"] } } }));
    assert_eq!(middlewares.get("unused"), None);
    assert_eq!(middlewares["mine"], json!({ "compress": {} }));
    assert_eq!(
        middlewares["login-login"],
        json!({ "forwardAuth": {
            "address": "http://127.0.0.1:9091/api/authz/forward-auth",
            "trustForwardHeader": false,
            "maxResponseBodySize": 8192,
            "authResponseHeaders": ["Remote-User", "Remote-Groups", "Remote-Email", "Remote-Name"],
        } })
    );
}

#[test]
fn services_tcp_and_tls() {
    let (_, dynamic, _) = files(model());
    let url =
        |name: &str| dynamic["http"]["services"][name]["loadBalancer"]["servers"][0]["url"].clone();
    assert_eq!(url("immich-web"), "h2c://[::1]:2283");
    assert_eq!(url("ha-web"), "http://10.0.0.5:8123");
    assert_eq!(url("pihole-web"), "http://192.168.0.30:8053");
    let immich = &dynamic["http"]["services"]["immich-web"]["loadBalancer"];
    assert_eq!(immich["passHostHeader"], false);
    assert_eq!(
        dynamic["tcp"],
        json!({
            "routers": { "git-ssh": { "entryPoints": ["tcp-222"], "rule": "HostSNI(`*`)",
                "middlewares": ["lan"], "service": "git-ssh" } },
            "middlewares": { "lan": { "ipAllowList": {
                "sourceRange": ["192.168.0.0/16", "fd00::/8"] } } },
            "services": { "git-ssh": { "loadBalancer": { "servers": [
                { "address": "127.0.0.1:2222" }] } } },
        })
    );
    assert_eq!(
        dynamic["tls"],
        json!({ "options": { "private": { "clientAuth": {
            "caFiles": ["/run/secrets/client_ca"],
            "clientAuthType": "RequireAndVerifyClientCert" } } } })
    );
}

#[test]
fn secrets_come_from_the_environment() {
    let (_, dynamic, text) = files(model());
    let header = &dynamic["http"]["middlewares"]["inject"]["headers"]["customRequestHeaders"];
    assert_eq!(
        header["Authorization"],
        "Basic {{\"{{ env `QG_SECRET_ARR_USER` | quote | trimPrefix (printf `%c` 34) | trimSuffix (printf `%c` 34) }}"
    );
    // The `{{` of the user's own text is no template.
    assert!(text.contains("Basic \\x7b\\x7b\\\"{{ env"), "{text}");
    let fleet = fleet(model());
    let fleet = Prepared::of(Facts::of(&fleet));
    let path = EntityPath(vec!["secret".to_owned(), "arr-user".to_owned()]);
    let [variable] = fleet.proxy_secrets("Server") else { panic!("one variable") };
    assert_eq!((variable.name.as_str(), &variable.secret), ("QG_SECRET_ARR_USER", &path));
    assert_eq!(variable.user, None);
    assert_eq!(fleet.proxy_secrets("pi"), []);
    let ca = EntityPath(vec!["secret".to_owned(), "client_ca".to_owned()]);
    assert_eq!(fleet.proxy_files("Server"), [ca]);
    let names = variable_names(&fleet.model);
    assert_eq!(names["arr_user"], "QG_SECRET_ARR_USER_2");
}

#[test]
fn never_published_without_its_guard() {
    let mut without = model();
    without["portal"] = json!({});
    let (_, dynamic, _) = files(without);
    assert_eq!(dynamic["http"]["routers"].get("sonarr-web"), None);
}

#[test]
fn one_set_of_tls_options_per_name() {
    let mut mixed = model();
    let public = json!({ "host": "sonarr", "path": "/feed", "to": ["service", "sonarr", "ports", "web"],
        "expose": "public", "pass_host": true });
    mixed["service"]["sonarr"]["route"]["feed"] = public;
    let (_, dynamic, _) = files(mixed);
    let routers = &dynamic["http"]["routers"];
    assert_eq!(routers["sonarr-feed"]["tls"]["options"], "private");
    assert_eq!(routers["sonarr-web"]["tls"]["options"], "private");
}

#[test]
fn hostile_strings_survive() {
    for text in
        ["{{ env \"X\" }}", "`\"'\\", "a: b #c", "\u{85}\u{2028}\0\n", "{{", "é😀", "${X} %s"]
    {
        let mut hostile = model();
        hostile["middleware"]["no_index"]["does"]["headers"]["customResponseHeaders"] =
            json!({ text: text });
        let (_, dynamic, written) = files(hostile);
        let headers = &dynamic["http"]["middlewares"]["no_index"]["headers"];
        assert_eq!(headers["customResponseHeaders"], json!({ text: text }));
        // Every `{{` in the file is ours.
        assert_eq!(written.matches("{{").count(), 1, "{written}");
    }
}

#[test]
fn a_fleet_with_nothing_to_serve() {
    let model = json!({ "proxy": { "edge": { "on": ["host", "Server"], "engine": { "traefik": {
        "http": 80, "https": 443, "data": "/var/lib/traefik" } } } } });
    let (_, dynamic, _) = files(model);
    assert_eq!(dynamic, json!({}));
}
