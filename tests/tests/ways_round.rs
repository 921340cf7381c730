//! The prover over files as others would write them, and as earlier versions of the compiler did: each way round a guard
//! is found as a request, and what closes it leaves nothing to find. What our own files say is held by
//! `tests/suite/exposure`, and by the fleet's own test below.

use std::collections::BTreeSet;

use qg_interpreter::exposure::{Asks, Claim, Door, From, Proof, Way, prove};
use qg_interpreter::fleet::leaf::OriginId;
use qg_interpreter::requests::{ProxyFiles, Servers};
use qg_interpreter::targets::OutputFile;
use qg_tests::{disk, fleets};

const POINTS: &str = "
entryPoints:
  websecure: { address: ':443', http: { underscoreHeadersStrategy: delete } }
";

const AUTHELIA: &str = "
server: { address: 'tcp://127.0.0.1:9091' }
session: { cookies: [{ domain: a.test, authelia_url: 'https://auth.a.test' }] }
access_control:
  default_policy: deny
  rules:
";

/// Guards that every file here has: a login, the local network, and a certificate.
const GUARDS: &str = "
  middlewares:
    login: { forwardAuth: { address: 'http://127.0.0.1:9091/api/authz/forward-auth', authResponseHeaders: [Remote-User, Remote-Groups, Remote-Email, Remote-Name] } }
    lan: { ipAllowList: { sourceRange: [192.168.0.0/16] } }
";
const SERVICES: &str = "
  services:
    app: { loadBalancer: { servers: [{ url: 'http://127.0.0.1:8080' }] } }
    open: { loadBalancer: { servers: [{ url: 'http://127.0.0.1:8081' }] } }
";
const MTLS: &str = "
tls:
  options:
    mtls: { clientAuth: { caFiles: [/ca.pem], clientAuthType: RequireAndVerifyClientCert } }
";

fn file(path: &str, text: &str) -> OutputFile {
    OutputFile { path: path.to_owned(), text: text.to_owned(), ..OutputFile::default() }
}

/// The routers, with the guards and services that all have here.
fn dynamic(routers: &str) -> String {
    format!("http:\n  routers:\n{routers}\n{GUARDS}{SERVICES}{MTLS}")
}

/// The same with a middleware that refuses encoded characters.
fn encoded(dynamic: &str) -> String {
    let all =
        ["Slash", "BackSlash", "Semicolon", "Percent", "QuestionMark", "Hash", "NullCharacter"];
    let all = all.map(|it| format!("allowEncoded{it}: false")).join(", ");
    dynamic.replace(
        "    lan:",
        &format!("    encoded: {{ encodedCharacters: {{ {all} }} }}\n    lan:"),
    )
}

fn tried(fixed: &str, dynamic: &str, rules: &str, claims: &[Claim], doors: &[Door]) -> Proof {
    let (fixed, dynamic) = (file("static.yml", fixed), file("dynamic.yml", dynamic));
    let authelia = file("configuration.yml", &format!("{AUTHELIA}{rules}"));
    let proxies = [ProxyFiles { proxy: "edge", host: "box", fixed: &fixed, dynamic: &dynamic }];
    let portals: &[(&str, &OutputFile)] =
        if rules.is_empty() { &[] } else { &[("main", &authelia)] };
    let servers = Servers::read(&proxies, portals).unwrap_or_else(|why| panic!("{why:?}"));
    prove(&servers, claims, doors).unwrap_or_else(|why| panic!("{why:?}"))
}

/// The one way in that is found.
fn way_in(fixed: &str, routers: &str, rules: &str, claims: &[Claim]) -> String {
    let proof = tried(fixed, &dynamic(routers), rules, claims, &[]);
    let [breach] = proof.breaches.as_slice() else { panic!("{proof:#?}") };
    breach.way_in.clone()
}

fn held(fixed: &str, routers: &str, rules: &str, claims: &[Claim]) {
    let proof = tried(fixed, &dynamic(routers), rules, claims, &[]);
    assert!(proof.breaches.is_empty() && proof.unsure.is_empty(), "{proof:#?}");
    assert!(proof.tried > 20, "{}", proof.tried);
}

/// A route of `app.a.test` that leads to the program at 8080.
fn app(path: &str, from: From, asks: Vec<Asks>) -> Claim {
    claim("app.a.test", path, "127.0.0.1:8080", from, asks)
}

/// A public route to the program at 8081.
fn open(name: &str, path: &str) -> Claim {
    claim(name, path, "127.0.0.1:8081", From::Internet, Vec::new())
}

fn claim(name: &str, path: &str, server: &str, from: From, asks: Vec<Asks>) -> Claim {
    Claim {
        title: format!("{name}{path}"),
        proxy: "edge".to_owned(),
        names: vec![name.to_owned()],
        path: path.to_owned(),
        points: vec!["websecure".to_owned()],
        servers: BTreeSet::from([server.to_owned()]),
        from,
        asks,
        origin: OriginId(0),
        route: OriginId(0),
    }
}

fn login(bypass: &[&str]) -> Asks {
    Asks::Login {
        groups: vec!["admin".to_owned()],
        people: Vec::new(),
        factor: 2,
        bypass: bypass.iter().map(|it| (*it).to_owned()).collect(),
    }
}

fn lan() -> From {
    From::Lan(vec!["192.168.0.0/16".to_owned()])
}

const ADMIN: &str = "
    - { domain: app.a.test, policy: two_factor, subject: ['group:admin'] }
    - { domain: app.a.test, policy: deny }
";

#[test]
fn what_is_guarded_well_holds() {
    let routers = "    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [login], tls: { options: mtls } }";
    let claims = [app("", From::Internet, vec![Asks::Certificate, login(&[])])];
    held(POINTS, routers, ADMIN, &claims);
}

#[test]
fn a_guard_that_is_dropped_opens_the_wider_router() {
    let routers = "
    admin: { rule: 'Host(`app.a.test`) && PathPrefix(`/admin`)', service: app, middlewares: [gone], tls: {} }
    all: { rule: 'Host(`app.a.test`)', service: app, tls: {} }";
    let claims =
        [app("/admin", From::Internet, vec![login(&[])]), app("", From::Internet, Vec::new())];
    let found = way_in(POINTS, routers, ADMIN, &claims);
    assert!(
        found.starts_with("GET https://app.a.test/admin, at websecure, from the internet"),
        "{found}"
    );
    // The wider rule leaves out what is guarded otherwise: nobody answers then.
    let closed = routers
        .replace("'Host(`app.a.test`)',", "'Host(`app.a.test`) && !PathRegexp(`(?i)^/admin`)',");
    let closed = closed
        .replace("service: app, tls: {} }", "service: app, tls: {}, middlewares: [encoded] }");
    let dynamic = encoded(&dynamic(&closed));
    let proof = tried(POINTS, &dynamic, ADMIN, &claims, &[]);
    assert!(proof.breaches.is_empty(), "{proof:#?}");
}

#[test]
fn encoded_characters_are_two_paths() {
    // The router sees `/open%2f..%2fadmin` below no path of its own, and the program decodes it.
    let routers = "
    admin: { rule: 'Host(`app.a.test`) && PathPrefix(`/admin`)', service: app, middlewares: [login], tls: {} }
    open: { rule: 'Host(`app.a.test`)', service: app, tls: {} }";
    let claims =
        [app("/admin", From::Internet, vec![login(&[])]), app("", From::Internet, Vec::new())];
    let found = way_in(POINTS, routers, ADMIN, &claims);
    assert!(found.contains('%'), "{found}");
}

#[test]
fn a_line_feed_ends_a_pattern_too_early() {
    // `.` stops at a line feed: what lies behind it falls through to the rule of the path above.
    let rules = "
    - { domain: app.a.test, resources: ['^/admin(/.*)?$'], policy: two_factor, subject: ['group:admin'] }
    - { domain: app.a.test, resources: ['^/admin(/.*)?$'], policy: deny }
    - { domain: app.a.test, policy: one_factor }
";
    let routers =
        "    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [login], tls: {} }";
    let anybody =
        Asks::Login { groups: Vec::new(), people: Vec::new(), factor: 1, bypass: Vec::new() };
    let claims =
        [app("/admin", From::Internet, vec![login(&[])]), app("", From::Internet, vec![anybody])];
    let found = way_in(POINTS, routers, rules, &claims);
    assert!(found.contains("%0a"), "{found}");
    held(POINTS, routers, &rules.replace("(/.*)?$", "([/?]|$)"), &claims);
}

#[test]
fn a_bypass_without_an_anchor_matches_the_query() {
    let rules =
        format!("\n    - {{ domain: app.a.test, resources: ['/health'], policy: bypass }}{ADMIN}");
    let routers =
        "    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [login], tls: {} }";
    let claims = [app("", From::Internet, vec![login(&["^/health$"])])];
    let found = way_in(POINTS, routers, &rules, &claims);
    assert!(found.contains("/health"), "{found}");
    // An encoded question mark is a part of the path for the program, and the end of it for the pattern.
    let rules = rules.replace("'/health'", "'^/health(\\?|$)'");
    assert_eq!(tried(POINTS, &dynamic(routers), &rules, &claims, &[]).breaches.len(), 1);
    let closed = encoded(&dynamic(&routers.replace("[login]", "[encoded, login]")));
    let proof = tried(POINTS, &closed, &rules, &claims, &[]);
    assert!(proof.breaches.is_empty(), "{proof:#?}");
}

#[test]
fn one_name_on_two_proxies_has_the_rules_of_both() {
    // What the other proxy's route asks, one factor of anybody, stands first.
    let rules = format!("\n    - {{ domain: app.a.test, policy: one_factor }}{ADMIN}");
    let routers =
        "    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [login], tls: {} }";
    let claims = [app("", From::Internet, vec![login(&[])])];
    let found = way_in(POINTS, routers, &rules, &claims);
    assert!(found.ends_with("logged in as somebody of no group with two factors"), "{found}");
}

#[test]
fn a_rewrite_before_the_login_is_what_the_login_judges() {
    let rules = "
    - { domain: app.a.test, resources: ['^/health$'], policy: bypass }
    - { domain: app.a.test, policy: two_factor, subject: ['group:admin'] }
    - { domain: app.a.test, policy: deny }
";
    let routers =
        "    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [one, login], tls: {} }";
    let claims = [app("", From::Internet, vec![login(&["^/health$"])])];
    let with = dynamic(routers)
        .replace("    lan:", "    one: { replacePath: { path: /health } }\n    lan:");
    let proof = tried(POINTS, &with, rules, &claims, &[]);
    assert_eq!(proof.breaches.len(), 1, "{proof:#?}");
    let after = with.replace("[one, login]", "[login, one]");
    let proof = tried(POINTS, &after, rules, &claims, &[]);
    assert!(proof.breaches.is_empty(), "{proof:#?}");
}

#[test]
fn a_published_port_has_no_guard() {
    let routers = "    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [login], tls: { options: mtls } }";
    let door = |from: From| Door {
        host: "box".to_owned(),
        what: "service.app, publishing 8080:8080".to_owned(),
        at: "192.168.0.28:8080".to_owned(),
        server: "127.0.0.1:8080".to_owned(),
        from,
    };
    let claims = [app("", From::Internet, vec![Asks::Certificate, login(&[])])];
    let proof = tried(POINTS, &dynamic(routers), ADMIN, &claims, &[door(From::Lan(Vec::new()))]);
    let [breach] = proof.breaches.as_slice() else { panic!("{proof:#?}") };
    assert_eq!(breach.way_in, "GET http://192.168.0.28:8080/, from LAN");
    assert!(matches!(breach.way, Way::Port(_)));
    let proof = tried(POINTS, &dynamic(routers), ADMIN, &claims, &[door(From::Host)]);
    assert!(proof.breaches.is_empty(), "{proof:#?}");
    // Who is asked to come from the local network has come from there.
    let near = [app("", lan(), Vec::new())];
    let routers =
        "    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [lan], tls: {} }";
    let proof = tried(POINTS, &dynamic(routers), "", &near, &[door(From::Lan(Vec::new()))]);
    assert!(proof.breaches.is_empty(), "{proof:#?}");
}

#[test]
fn an_entry_point_of_ones_own_believes_what_it_is_told() {
    let routers =
        "    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [far], tls: {} }";
    let far = dynamic(routers).replace(
        "    lan:",
        "    far: { ipAllowList: { sourceRange: [192.168.0.0/16], ipStrategy: { depth: 1 } } }\n    lan:",
    );
    let claims = [app("", lan(), Vec::new())];
    let insecure = POINTS.replace("':443'", "':443', forwardedHeaders: { insecure: true }");
    let proof = tried(&insecure, &far, "", &claims, &[]);
    let [breach] = proof.breaches.as_slice() else { panic!("{proof:#?}") };
    assert!(breach.way_in.contains("`X-Forwarded-For: 192.168.0.7`"), "{}", breach.way_in);
    let proof = tried(POINTS, &far, "", &claims, &[]);
    assert!(proof.breaches.is_empty(), "{proof:#?}");
}

#[test]
fn a_header_with_an_underscore_is_a_name() {
    let routers =
        "    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [login], tls: {} }";
    let claims = [app("", From::Internet, vec![login(&[])])];
    let found = way_in(&POINTS.replace("delete", "keep"), routers, ADMIN, &claims);
    assert!(found.contains("`Remote_User: somebody-else`"), "{found}");
    held(POINTS, routers, ADMIN, &claims);
    // A header that the login server does not overwrite is the client's own.
    let unlisted = dynamic(routers).replace("[Remote-User, Remote-Groups", "[Remote-Groups");
    let proof = tried(POINTS, &unlisted, ADMIN, &claims, &[]);
    let [breach] = proof.breaches.as_slice() else { panic!("{proof:#?}") };
    assert!(breach.way_in.contains("`Remote-User: somebody-else`"), "{}", breach.way_in);
}

#[test]
fn an_error_page_from_behind_a_guard() {
    let routers = "
    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [lan], tls: {} }
    open: { rule: 'Host(`open.a.test`)', service: open, middlewares: [pages], tls: {} }";
    let pages = dynamic(routers).replace(
        "    lan:",
        "    pages: { errors: { status: ['404'], service: app, query: '/secret' } }\n    lan:",
    );
    let claims = [app("", lan(), Vec::new()), open("open.a.test", "")];
    let proof = tried(POINTS, &pages, "", &claims, &[]);
    let [breach] = proof.breaches.as_slice() else { panic!("{proof:#?}") };
    assert!(breach.way_in.contains("where the program answers 404"), "{}", breach.way_in);
}

#[test]
fn paths_that_nobody_cleans() {
    let routers = "
    admin: { rule: 'Host(`app.a.test`) && PathPrefix(`/admin`)', service: app, middlewares: [lan, encoded], tls: {} }
    all: { rule: 'Host(`app.a.test`)', service: app, middlewares: [encoded], tls: {} }";
    let plain = encoded(&dynamic(routers));
    let claims = [app("/admin", lan(), Vec::new()), app("", From::Internet, Vec::new())];
    let raw = POINTS.replace("delete", "delete, sanitizePath: false");
    let proof = tried(&raw, &plain, "", &claims, &[]);
    let [breach] = proof.breaches.as_slice() else { panic!("{proof:#?}") };
    assert!(breach.way_in.contains("/admin"), "{}", breach.way_in);
}

#[test]
fn the_proxy_protocol_from_anybody() {
    let routers =
        "    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [lan], tls: {} }";
    let claims = [app("", lan(), Vec::new())];
    let from = |who: &str| POINTS.replace("':443'", &format!("':443', proxyProtocol: {who}"));
    let found = way_in(&from("{ insecure: true }"), routers, "", &claims);
    assert!(found.contains("as 192.168.0.7 by the PROXY protocol"), "{found}");
    held(&from("{ trustedIPs: [10.0.0.1] }"), routers, "", &claims);
}

#[test]
fn two_joined_names_are_one_key() {
    // The whole file is refused: nothing is open, and everything is down.
    let twice = "http:\n  routers:\n    a: { rule: x }\n    a: { rule: y }\n";
    let (fixed, dynamic) = (file("static.yml", POINTS), file("dynamic.yml", twice));
    let proxies = [ProxyFiles { proxy: "edge", host: "box", fixed: &fixed, dynamic: &dynamic }];
    assert!(Servers::read(&proxies, &[]).is_err());
}

#[test]
fn certificates_fall_away_where_two_routers_of_a_name_differ() {
    let routers = "
    app: { rule: 'Host(`app.a.test`)', service: app, tls: { options: mtls } }
    hook: { rule: 'Host(`app.a.test`) && PathPrefix(`/hook`)', service: open, tls: {} }";
    let claims = [app("", From::Internet, vec![Asks::Certificate]), open("app.a.test", "/hook")];
    let found = way_in(POINTS, routers, "", &claims);
    assert!(found.contains("without certificate"), "{found}");
}

#[test]
fn options_without_a_name_are_ignored() {
    let routers =
        "    app: { rule: 'HostRegexp(`^app\\.a\\.test$`)', service: app, tls: { options: mtls } }";
    let claims = [app("", From::Internet, vec![Asks::Certificate])];
    let found = way_in(POINTS, routers, "", &claims);
    assert!(found.contains("without certificate"), "{found}");
}

#[test]
fn a_wildcard_does_not_cover_a_plain_name_under_it() {
    let routers = "
    all: { rule: 'HostRegexp(`^[a-z]+\\.a\\.test$`)', service: open, tls: { options: mtls } }
    app: { rule: 'Host(`app.a.test`)', service: app, tls: {} }";
    let claims = [app("", From::Internet, vec![Asks::Certificate])];
    let found = way_in(POINTS, routers, "", &claims);
    assert!(found.contains("without certificate"), "{found}");
}

#[test]
fn a_guarded_router_on_the_entry_point_without_tls() {
    let points = "
entryPoints:
  web: { address: ':80' }
  websecure: { address: ':443' }
";
    let routers = "
    app: { rule: 'Host(`app.a.test`)', service: app, entryPoints: [websecure], tls: { options: mtls } }
    plain: { rule: 'Host(`app.a.test`)', service: app, entryPoints: [web] }";
    let claims = [app("", From::Internet, vec![Asks::Certificate])];
    let found = way_in(points, routers, "", &claims);
    assert!(found.starts_with("GET http://app.a.test/, at web"), "{found}");
}

#[test]
fn a_public_name_in_the_handshake_and_a_private_one_behind_it() {
    // The guarded router breaks; the wider one has no options of its own, and any name in TLS leads to it.
    let routers = "
    app: { rule: 'Host(`app.a.test`)', service: app, middlewares: [gone], tls: { options: mtls } }
    wide: { rule: 'PathPrefix(`/`)', service: app, tls: {} }";
    let claims = [app("", From::Internet, vec![Asks::Certificate]), open("open.a.test", "")];
    let found = way_in(POINTS, routers, "", &claims);
    assert!(found.contains("in TLS"), "{found}");
}

#[test]
fn the_fleet_holds() {
    let build = fleets::built(disk::repository());
    let exposure = build.exposure().unwrap_or_else(|why| panic!("{why:?}"));
    assert!(exposure.proof.tried > 1000, "{}", exposure.proof.tried);
    assert!(exposure.proof.breaches.is_empty(), "{:#?}", exposure.proof);
    assert!(exposure.proof.unsure.is_empty(), "{:#?}", exposure.proof.unsure);
    let row = |what: &str| {
        let row = exposure.rows.iter().find(|it| it.what == what);
        let row = row.unwrap_or_else(|| panic!("{what} has a row"));
        let asks: Vec<String> = row.asks.iter().map(ToString::to_string).collect();
        format!("{}: {}", row.from, asks.join("; "))
    };
    assert_eq!(
        row("service.sonarr.route.web"),
        "internet: certificate; login of admin, two factors"
    );
    assert_eq!(row("service.portfolio.route.web"), "internet: ");
    assert_eq!(row("service.sonarr.ports.web"), "the host itself: ");
    assert_eq!(row("service.jellyfin.ports.web"), "LAN: ");
}
