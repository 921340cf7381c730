//! Laws that hold for any configuration and any request, tried on many that are made by rule.

use qg_requests::authelia::{
    Configuration, Decision, Policy, Request, Session, Verdict, Visit, answer, decide,
};
use serde_json::{Value, json};

use crate::surprises::configured;

/// Numbers that are the same in every run (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    fn some(&mut self, of: &[&str]) -> Vec<String> {
        (0..self.below(3)).map(|_| self.one(of).to_owned()).collect()
    }

    /// A rule without names of users in it.
    fn rule(&mut self) -> Value {
        let policy = self.one(&["one_factor", "two_factor", "deny", "bypass"]);
        let domains = ["a.d.test", "*.d.test", "d.test", "*.a.d.test", "b.D.test"];
        let mut rule =
            json!({ "policy": policy, "domain": [self.one(&domains), self.one(&domains)] });
        if self.below(3) == 0 {
            rule["resources"] = json!([self.one(&["^/api", "x", "^/$", r"\?q=1$", "^/a/b$"])]);
        }
        if self.below(4) == 0 {
            rule["methods"] = json!([self.one(&["GET", "POST", "PUT"])]);
        }
        if self.below(4) == 0 {
            rule["networks"] = json!([self.one(&["10.0.0.0/8", "192.168.0.0/16", "::/0"])]);
        }
        if self.below(4) == 0 {
            let operator = self.one(&["present", "absent"]);
            rule["query"] = json!([[{ "key": "q", "operator": operator }]]);
        }
        if policy != "bypass" && self.below(2) == 0 {
            let all = ["group:dev", "group:ops", "user:john", "user:eve"];
            rule["subject"] = json!([self.one(&all), [self.one(&all), self.one(&all)]]);
        }
        rule
    }

    fn rules(&mut self) -> Vec<Value> {
        (0..=self.below(4)).map(|_| self.rule()).collect()
    }

    fn request(&mut self) -> Request {
        let host = self.one(&["a.d.test", "b.d.test", "d.test", "x.a.d.test", "e.test"]);
        let path = self.one(&["", "/", "/api", "/api/x?q=1", "/a/b", "/z?q=2", "/a/b?q=1"]);
        let user = self.one(&["", "john", "eve"]).to_owned();
        let groups = if user.is_empty() { Vec::new() } else { self.some(&["dev", "ops", "none"]) };
        Request {
            url: format!("https://{host}{path}"),
            method: self.one(&["GET", "POST", "DELETE"]).to_owned(),
            user: Some(user),
            groups,
            ip: Some(
                self.one(&["10.1.1.1", "192.168.1.1", "8.8.8.8", "2001:db8::1", ""]).to_owned(),
            ),
        }
    }
}

/// Tries a law on many rules and requests.
fn always(law: impl Fn(&[Value], &Request, &Decision, &mut Random)) {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..400 {
        let rules = random.rules();
        let known = configured(json!(rules));
        for _ in 0..6 {
            let request = random.request();
            let decision = decide(&known, &request).unwrap();
            law(&rules, &request, &decision, &mut random);
        }
    }
}

fn verdict(rules: &[Value], request: &Request) -> Verdict {
    if rules.is_empty() {
        return Verdict { policy: Policy::Deny, rule: None };
    }
    decide(&configured(json!(rules)), request).unwrap().verdict
}

#[test]
fn the_first_rule_that_would_match_alone_decides() {
    always(|rules, request, decision, _| {
        let alone = |rule: &Value| verdict(std::slice::from_ref(rule), request).rule.is_some();
        assert_eq!(decision.verdict.rule, rules.iter().position(alone), "{rules:?} {request:?}");
    });
}

#[test]
fn nothing_that_matches_is_the_default_policy() {
    always(|_, _, decision, _| {
        let none = decision.matches.iter().all(|marks| marks.to_string().contains('-'));
        assert_eq!(none, decision.verdict.rule.is_none());
        assert!(!none || decision.verdict.policy == Policy::Deny);
    });
}

#[test]
fn rules_behind_the_one_that_decides_change_nothing() {
    always(|rules, request, decision, random| {
        let Some(at) = decision.verdict.rule else { return };
        assert_eq!(verdict(&rules[..=at], request), decision.verdict);
        let mut more = rules.to_vec();
        more.push(random.rule());
        assert_eq!(verdict(&more, request), decision.verdict);
    });
}

#[test]
fn a_rule_before_either_takes_over_or_changes_nothing() {
    always(|rules, request, decision, random| {
        let mut more = vec![random.rule()];
        more.extend_from_slice(rules);
        let now = verdict(&more, request);
        let moved = decision.verdict.rule.map(|at| at + 1);
        assert!(now.rule == Some(0) || now == Verdict { rule: moved, ..decision.verdict });
    });
}

#[test]
fn more_groups_lose_no_match() {
    always(|rules, request, decision, random| {
        if request.user.as_deref() == Some("") {
            return;
        }
        let mut more = request.clone();
        more.groups.push(random.one(&["dev", "ops", "new"]).to_owned());
        let after = decide(&configured(json!(rules)), &more).unwrap();
        for (before, after) in decision.matches.iter().zip(&after.matches) {
            assert!(!before.decide() || after.decide(), "{rules:?} {request:?}");
        }
    });
}

#[test]
fn what_is_told_strangers_holds_once_they_are_known() {
    always(|rules, request, decision, _| {
        if request.user.as_deref() != Some("") {
            return;
        }
        let user = Some("someone else".to_owned());
        let known = verdict(rules, &Request { user, ..request.clone() });
        assert_eq!(known, decision.otherwise.unwrap_or(decision.verdict), "{rules:?} {request:?}");
    });
}

#[test]
fn letter_case_of_domains_is_nothing() {
    always(|rules, request, decision, _| {
        let shout = |rule: &Value| {
            let mut rule = rule.clone();
            rule["domain"] =
                json!(rule["domain"].to_string().to_uppercase().parse::<Value>().unwrap());
            rule
        };
        let loud: Vec<Value> = rules.iter().map(shout).collect();
        assert_eq!(verdict(&loud, request), decision.verdict);
        let url = request.url.replace("d.test", "D.teST");
        assert_eq!(verdict(rules, &Request { url, ..request.clone() }), decision.verdict);
    });
}

#[test]
fn the_order_inside_a_criterion_is_nothing() {
    always(|rules, request, decision, _| {
        let turned = |rule: &Value| {
            let mut rule = rule.clone();
            for key in ["domain", "subject"] {
                if let Some(list) = rule[key].as_array_mut() {
                    list.reverse();
                }
            }
            rule
        };
        let turned: Vec<Value> = rules.iter().map(turned).collect();
        assert_eq!(verdict(&turned, request), decision.verdict);
    });
}

#[test]
fn detours_in_a_path_are_nothing() {
    always(|rules, request, decision, _| {
        // To the root itself a detour is none: there it ends in `//`.
        let below = |(_, path): &(&str, &str)| !path.is_empty();
        let parts = request.url.split_once(".test/").filter(below);
        let Some((host, path)) = parts else { return };
        for detour in ["x/../", "./", "/", "../"] {
            let url = format!("{host}.test/{detour}{}", path.replace("api", "%61p%69"));
            assert_eq!(verdict(rules, &Request { url, ..request.clone() }), decision.verdict);
        }
    });
}

fn visit(request: &Request, factor: u8) -> Visit {
    let user = request.user.clone().filter(|it| !it.is_empty());
    let session = |user| Session { user, factor, domain: "d.test".to_owned() };
    Visit {
        method: request.method.clone(),
        url: request.url.clone(),
        forwarded_for: request.ip.clone(),
        accept: Some("text/html".to_owned()),
        session: user.map(session),
        ..Visit::default()
    }
}

#[test]
fn the_status_follows_from_the_policy() {
    always(|rules, request, _, random| {
        let factor = if random.below(2) == 0 { 1 } else { 2 };
        let known: Configuration = configured(json!(rules));
        let found = answer(&known, &visit(request, factor));
        let Some(decision) = found.decision else {
            assert!(found.status == 400 && request.url.contains("e.test"));
            return;
        };
        // Of the users only `eve` can have logged in.
        let factor = if request.user.as_deref() == Some("eve") { factor } else { 0 };
        let let_in = match decision.verdict.policy {
            Policy::Bypass => true,
            Policy::OneFactor => factor > 0,
            Policy::TwoFactor => factor > 1,
            Policy::Deny => false,
        };
        assert_eq!(let_in, found.status == 200, "{rules:?} {request:?}");
        assert_eq!(found.location.is_some(), found.sets_cookie);
        assert_eq!(found.location.is_some(), matches!(found.status, 302 | 303));
        assert_eq!(!found.headers.is_empty(), let_in && factor > 0);
        if let Some(location) = found.location {
            assert!(location.url == "https://auth.d.test/" && location.rd == request.url);
        }
    });
}
