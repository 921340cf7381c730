//! Laws that hold of every configuration, tried on many that a small generator makes; it always makes the same ones.

use qg_requests::traefik::{Answer, Outcome, rule};
use serde_json::{Map, Value, json};

use super::small::{Small, backend, path, router, status};

/// Numbers that look random (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

const MATCHERS: [&str; 18] = [
    "Host(`a.test`)",
    "Host(`*.a.test`)",
    "host(`b.test`)",
    "HostRegexp(`^[ab]\\.test$`)",
    "Path(`/x`)",
    "PathPrefix(`/api`)",
    "PathRegexp(`(?i)^/API/[0-9]+`)",
    "Method(`post`)",
    "Header(`x-role`, `admin`)",
    "HeaderRegexp(`X-Role`, `^a`)",
    "Query(`debug`)",
    "Query(`q`, `a b`)",
    "QueryRegexp(`q`, \"^a\\\\s\")",
    "ClientIP(`10.0.0.0/8`)",
    "ClientIP(`::1`)",
    "Path(`/caf\u{e9}`)",
    "Path(\"/tick`s\")",
    "PathPrefix(`/`)",
];
const HOSTS: [&str; 6] = ["a.test", "b.test", "x.a.test", "A.Test", "b.test.", "c.test:8080"];
const PATHS: [&str; 8] =
    ["/", "/x", "/api/12?debug", "/api?q=a+b", "/API/3", "/caf%C3%A9", "/tick%60s", "//x/../x"];
const CLIENTS: [&str; 3] = ["127.0.0.1", "10.1.2.3", "::1"];

fn some_rule(dice: &mut Dice, depth: u32) -> String {
    match dice.below(if depth == 0 { 1 } else { 5 }) {
        0 => (*dice.one(&MATCHERS)).to_owned(),
        1 => format!("!({})", some_rule(dice, depth - 1)),
        2 => format!("({}) || {}", some_rule(dice, depth - 1), some_rule(dice, depth - 1)),
        _ => format!("{} && ({})", some_rule(dice, depth - 1), some_rule(dice, depth - 1)),
    }
}

fn some_request(dice: &mut Dice) -> Value {
    let headers =
        if dice.below(2) == 0 { json!({}) } else { json!({ "X-Role": dice.one(&["admin", "b"]) }) };
    json!({
        "method": dice.one(&["GET", "POST"]), "host": dice.one(&HOSTS), "path": dice.one(&PATHS),
        "client_ip": dice.one(&CLIENTS), "headers": headers
    })
}

fn some_routers(dice: &mut Dice) -> Map<String, Value> {
    let mut routers = Map::new();
    for at in 0..2 + dice.below(4) {
        let router = json!({
            "rule": some_rule(dice, 2), "service": dice.one(&["app", "other", "nowhere"]),
            "priority": 1 + dice.below(5) * 10 + at
        });
        routers.insert(format!("r{at}"), router);
    }
    routers
}

fn only(rule: &str) -> Small {
    Small::new(json!({ "r": { "rule": rule, "service": "app" } }), json!(null))
}

fn same(left: &Answer, right: &Answer) -> bool {
    let what =
        |it: &Answer| (it.status, it.router.clone(), backend(it).to_owned(), path(it).to_owned());
    what(left) == what(right)
}

#[test]
fn the_order_of_a_file_is_nothing() {
    let mut dice = Dice(1);
    for _ in 0..150 {
        let routers = some_routers(&mut dice);
        let turned: Map<_, _> =
            routers.iter().rev().map(|(name, it)| (name.clone(), it.clone())).collect();
        let one = Small::new(routers.into(), json!(null));
        let other = Small::new(turned.into(), json!(null));
        for _ in 0..8 {
            let request = some_request(&mut dice);
            assert!(same(&one.ask(request.clone()), &other.ask(request.clone())), "{request}");
        }
    }
}

#[test]
fn who_lost_or_is_dropped_never_answers() {
    let mut dice = Dice(2);
    let mut won = 0;
    for _ in 0..200 {
        let routers = some_routers(&mut dice);
        let all = Small::new(routers.clone().into(), json!(null));
        let gone: Vec<_> = all.proxy.dropped().map(|it| it.router.clone()).collect();
        for _ in 0..5 {
            let request = some_request(&mut dice);
            let answer = all.ask(request.clone());
            let winners: Vec<_> =
                answer.story.routers.iter().filter(|it| it.outcome == Outcome::Won).collect();
            assert!(!gone.iter().any(|it| it == router(&answer)));
            let Some(winner) = winners.first() else {
                assert_eq!(status(&answer), 404);
                continue;
            };
            won += 1;
            assert_eq!((winners.len(), winner.router.as_str()), (1, router(&answer)));
            // Alone it answers the same; without it somebody else does, of lower priority.
            let mut alone = routers.clone();
            alone.retain(|name, _| *name == winner.router);
            assert!(same(&answer, &Small::new(alone.into(), json!(null)).ask(request.clone())));
            let mut without = routers.clone();
            without.remove(&winner.router);
            let next = Small::new(without.into(), json!(null)).ask(request);
            let priority =
                |name: &str| routers.get(name).map(|it| it["priority"].as_u64().unwrap());
            assert!(
                priority(router(&next)).is_none_or(|it| it < priority(&winner.router).unwrap())
            );
        }
    }
    assert!(won > 200, "{won}");
}

#[test]
fn twice_not_is_nothing_and_not_goes_inwards() {
    let mut dice = Dice(3);
    let mut matched = 0;
    for _ in 0..150 {
        let (left, right) = (some_rule(&mut dice, 2), some_rule(&mut dice, 1));
        let plain = only(&left);
        let twice = only(&format!("!!({left})"));
        let once = only(&format!("!({left})"));
        let (outside, inside) =
            (format!("!(({left}) || ({right}))"), format!("!({left}) && !({right})"));
        let (outside, inside) = (only(&outside), only(&inside));
        for _ in 0..6 {
            let request = some_request(&mut dice);
            let yes = status(&plain.ask(request.clone()));
            matched += usize::from(yes == 200);
            assert_eq!(yes, status(&twice.ask(request.clone())), "{left} {request}");
            assert_eq!(yes == 200, status(&once.ask(request.clone())) == 404, "{left} {request}");
            assert_eq!(
                status(&outside.ask(request.clone())),
                status(&inside.ask(request.clone())),
                "{left}, {right}: {request}"
            );
        }
    }
    assert!(matched > 100, "{matched}");
}

#[test]
fn the_case_of_a_host_is_nothing() {
    let mut dice = Dice(4);
    for _ in 0..100 {
        let small = Small::new(some_routers(&mut dice).into(), json!(null));
        let mut request = some_request(&mut dice);
        let small_letters = request["host"].as_str().unwrap().to_lowercase();
        let answer = small.ask(request.clone());
        request["host"] = json!(small_letters);
        assert!(same(&answer, &small.ask(request)));
    }
}

#[test]
fn a_rule_that_is_written_is_read_back() {
    let mut dice = Dice(5);
    for _ in 0..300 {
        let text = some_rule(&mut dice, 3);
        let read = rule::parse(&text).unwrap();
        let written = read.to_string();
        let again = rule::parse(&written).unwrap();
        assert_eq!(again.to_string(), written, "{text}");
        let (one, other) = (only(&text), only(&written));
        for _ in 0..4 {
            let request = some_request(&mut dice);
            let both = (status(&one.ask(request.clone())), status(&other.ask(request.clone())));
            assert_eq!(both.0, both.1, "{text} -> {written}: {request}");
        }
        // Every byte counts.
        assert_eq!(rule::default_priority(&format!("{text} ")), rule::default_priority(&text) + 1);
    }
}

#[test]
fn what_is_no_rule_is_refused_and_not_a_crash() {
    let mut dice = Dice(6);
    let pieces = [
        "(", ")", "`", "\"", "!", "&&", "||", ",", "Host", "`a`", " ", "\n", "//", "/*", "*/",
        "\\", "é", "...",
    ];
    for _ in 0..3000 {
        let text: String = (0..dice.below(12)).map(|_| *dice.one(&pieces)).collect();
        // Whatever is read can be written and read again.
        if let Ok(read) = rule::parse(&text) {
            rule::parse(&read.to_string()).unwrap();
        }
    }
}

#[test]
fn a_clean_path_stays() {
    let mut dice = Dice(7);
    let small = only("PathPrefix(`/`)");
    let parts =
        ["a", "..", ".", "", "%2e", "%2F", "b%20c", "%41", "caf%c3%a9", "%25", "x;y", "%ff"];
    for _ in 0..500 {
        let asked: Vec<_> = (0..1 + dice.below(5)).map(|_| *dice.one(&parts)).collect();
        let asked = format!("/{}", asked.join("/"));
        let seen = path(&small.get("a.test", &asked)).to_owned();
        assert!(
            seen.starts_with('/') && !seen.contains("//") && !seen.contains("/../"),
            "{asked}: {seen}"
        );
        assert_eq!(path(&small.get("a.test", &seen)), seen, "{asked}");
    }
}

#[test]
fn with_the_same_options_the_name_in_the_handshake_is_nothing() {
    let small = Small::new(
        json!({
            "a": { "rule": "Host(`a.test`)", "service": "app", "tls": {} },
            "b": { "rule": "PathPrefix(`/`)", "service": "other", "tls": {}, "priority": 1 }
        }),
        json!(null),
    );
    for host in ["a.test", "b.test"] {
        let answers: Vec<_> = [None, Some("a.test"), Some("b.test"), Some("c.test")]
            .map(|sni| small.tls(host, sni, "none"))
            .into();
        assert!(answers.iter().all(|it| same(it, &answers[0]) && status(it) == 200));
    }
}
