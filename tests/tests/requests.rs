//! `qgc request` over the fleet of this repository: what its proxy and its login server would answer. That the two are
//! simulated as the real ones are is held in `interpreter/requests`.

use qg_interpreter::Build;
use qg_interpreter::fleet::route::{Exposure, Login};
use qg_interpreter::requests::traefik::Certificate;
use qg_interpreter::requests::{Ask, Told, Unsent, Who};
use qg_lang::world::MemoryWorld;
use qg_tests::{disk, fleets};

const INTERNET: &str = "203.0.113.7";

/// A GET of nobody, from the internet, without a certificate.
fn ask(url: &str) -> Ask {
    Ask {
        method: "GET".to_owned(),
        url: url.to_owned(),
        from: INTERNET.parse().expect("an address"),
        certificate: Certificate::None,
        who: None,
        headers: Vec::new(),
        at: None,
    }
}

fn known(url: &str) -> Ask {
    Ask { certificate: Certificate::Trusted, ..ask(url) }
}

fn person(url: &str, groups: &[&str], factor: u8) -> Ask {
    let groups = groups.iter().map(|it| (*it).to_owned()).collect();
    Ask { who: Some(Who { user: "somebody".to_owned(), groups, factor }), ..known(url) }
}

fn told(build: &Build, ask: &Ask) -> Told {
    build.request(ask).unwrap_or_else(|why| panic!("{}: {why:?}", ask.url))
}

#[test]
fn the_fleets_guards_hold() {
    let build = fleets::built(disk::repository());
    let sonarr = "https://sonarr.qgroget.com/";
    let login = "redirected { to = login }";
    let rows = [
        // Who has no certificate is told nothing, however the name is spelled.
        (ask(sonarr), "refused { by = certificate }"),
        (ask("https://SONARR.qgroget.com./"), "refused { by = certificate }"),
        (ask("https://sonarr.qgroget.com/%2e%2e/api"), "refused { by = certificate }"),
        (
            Ask { certificate: Certificate::Untrusted, ..ask(sonarr) },
            "refused { by = certificate }",
        ),
        // With one it asks who it is, and how surely.
        (known(sonarr), login),
        (known("https://sonarr.qgroget.com/api/v3/x?a=b"), login),
        (person(sonarr, &["admin"], 1), "challenged { factor = two }"),
        (person(sonarr, &["admin"], 2), "served { by = service.sonarr }"),
        (person(sonarr, &["users"], 2), "forbidden { by = portal.main }"),
        // A client's own word for who it is does not count.
        (
            Ask {
                headers: vec![
                    ("Remote-User".to_owned(), "owner".to_owned()),
                    ("X-Forwarded-Host".to_owned(), "immich.qgroget.com".to_owned()),
                ],
                ..known(sonarr)
            },
            login,
        ),
        // What is public is.
        (ask("https://immich.qgroget.com/"), "served { by = service.immich }"),
        (ask("https://jellyfin.qgroget.com/web"), "served { by = service.jellyfin }"),
        (ask("https://auth.qgroget.com/"), "served { by = service.authelia }"),
        (ask("https://nosuch.qgroget.com/"), "not_found"),
        (
            ask("http://sonarr.qgroget.com/x?y=1"),
            "redirected { to = \"https://sonarr.qgroget.com/x?y=1\" }",
        ),
    ];
    for (ask, verdict) in rows {
        let told = told(&build, &ask);
        assert_eq!(told.verdict.to_string(), verdict, "{ask:?}\n{:#?}", told.answer.story);
    }
}

#[test]
fn each_step_of_the_story_knows_who_said_it() {
    let build = fleets::built(disk::repository());
    let told = told(&build, &person("https://sonarr.qgroget.com/", &["admin"], 2));
    let place = |kind: &str, name: &str| {
        let place = told.place(kind, name).unwrap_or_else(|| panic!("{kind} {name}"));
        build.analysis.sources.place(place.span)
    };
    assert!(place("router", "sonarr-web").starts_with("services/arr.qg:"));
    assert!(place("middleware", "login-main").starts_with("services/login.qg:"));
    assert!(place("service", "sonarr-web").starts_with("services/arr.qg:"));
    let [login] = told.logins.as_slice() else { panic!("{:#?}", told.logins) };
    let rule = login.place.as_ref().expect("the rule has a place");
    assert!(build.analysis.sources.place(rule.span).starts_with("services/arr.qg:"));
    assert_eq!(told.winner().map(|it| it.router.as_str()), Some("sonarr-web"));
}

/// Every public name and every private one, for nobody and for everybody: what is served without a login is what the
/// fleet says is open.
#[test]
fn nobody_is_served_what_the_fleet_does_not_call_open() {
    let build = fleets::built(disk::repository());
    let fleet = build.fleet.as_ref().expect("a fleet");
    let open: Vec<&str> = fleet.model.fleet.open.iter().map(|it| it.entity()).collect();
    let (mut served, mut asked) = (Vec::new(), 0);
    for (name, service) in &fleet.model.service {
        for route in service.route.values() {
            let url = route.url.value.clone();
            // Programs that ask by themselves are asked by everybody.
            let asks_itself =
                matches!(route.login.value, Login::Own) && route.expose.value == Exposure::Public;
            if !url.starts_with("https://") || asks_itself || open.contains(&name.as_str()) {
                continue;
            }
            asked += 1;
            let told = told(&build, &ask(&url));
            if told.verdict.word() == "served" {
                served.push(format!("{url}: {}", told.verdict));
            }
        }
    }
    assert!(asked > 15, "{asked}");
    assert_eq!(served, Vec::<String>::new());
}

#[test]
fn what_cannot_be_sent_says_why() {
    let built = |text: &str| {
        let sources = [("a.qg".into(), text.into())].into();
        qg_interpreter::build(&MemoryWorld { sources, ..MemoryWorld::default() })
    };
    let host = "host a { system = x86_64_linux, state_version = \"25.05\", address = 10.0.0.1 }\n";
    let none = built(host);
    let sent = |build: &Build, ask: &Ask| build.request(ask).err();
    assert_eq!(sent(&none, &ask("https://x.test/")), Some(Unsent::NoProxy(Vec::new())));
    let broken = built("host a { sytem = x }");
    assert_eq!(sent(&broken, &ask("https://x.test/")), Some(Unsent::Broken));
    let proxy = built(&format!("{host}proxy p {{ on = host.a, engine = traefik {{}} }}\n"));
    let closed = Unsent::Closed { host: "a".to_owned(), port: 8443 };
    assert_eq!(sent(&proxy, &ask("https://x.test:8443/")), Some(closed));
    for odd in ["x.test", "ftp://x.test/", "https://", "https://a b/"] {
        assert!(matches!(sent(&proxy, &ask(odd)), Some(Unsent::Address(_))), "{odd}");
    }
    let elsewhere = Ask { at: Some("b".to_owned()), ..ask("https://x.test/") };
    assert_eq!(sent(&proxy, &elsewhere), Some(Unsent::NoHost("b".to_owned())));
    assert_eq!(told(&proxy, &ask("https://x.test/")).verdict.to_string(), "not_found");
}
