//! What `headers` tells browsers about other sites.

use super::super::configuration::HeaderRules;
use super::super::live::{Live, Reply};
use super::super::pattern::Pattern;
use super::pattern;

/// The origins that are let in by pattern.
#[derive(Clone, Debug)]
pub(super) struct Cors {
    pub(super) is_said: bool,
    origins: Vec<Pattern>,
}

impl Cors {
    pub(super) fn new(rules: &HeaderRules) -> Result<Self, String> {
        let origins =
            rules.allow_origins_regex.iter().map(|it| pattern(it)).collect::<Result<_, _>>()?;
        let is_said = rules.allow_credentials
            || !rules.allow_headers.is_empty()
            || !rules.allow_methods.is_empty()
            || !rules.allow_origins.is_empty()
            || !rules.allow_origins_regex.is_empty()
            || !rules.expose_headers.is_empty()
            || rules.max_age.is_some()
            || rules.vary;
        Ok(Self { is_said, origins })
    }

    /// The answer to a preflight, where the request is one.
    pub(super) fn preflight(&self, rules: &HeaderRules, live: &Live) -> Option<Reply> {
        let wanted = live.headers.first("Access-Control-Request-Method");
        let origin = live.headers.first("Origin");
        if !self.is_said || wanted.is_empty() || origin.is_empty() || live.method != "OPTIONS" {
            return None;
        }
        let mut reply = Reply::bare(200);
        if rules.allow_credentials {
            reply.headers.set("Access-Control-Allow-Credentials", "true");
        }
        let any = |list: &[String]| rules.allow_credentials && list.iter().any(|it| it == "*");
        let mut allow = |name: &str, list: &[String], asked: &str| {
            let value = if any(list) { asked.to_owned() } else { list.join(",") };
            if !value.is_empty() {
                reply.headers.set(name, value);
            }
        };
        let headers = live.headers.first("Access-Control-Request-Headers");
        allow("Access-Control-Allow-Headers", &rules.allow_headers, headers);
        allow("Access-Control-Allow-Methods", &rules.allow_methods, wanted);
        if let Some(origin) = self.origin(rules, origin) {
            reply.headers.set("Access-Control-Allow-Origin", origin);
        }
        if let Some(age) = rules.max_age {
            reply.headers.set("Access-Control-Max-Age", age.to_string());
        }
        expose(rules, &mut reply);
        Some(reply)
    }

    /// What is said in every answer.
    pub(super) fn answer(&self, rules: &HeaderRules, live: &Live, reply: &mut Reply) {
        if let Some(origin) = self.origin(rules, live.headers.first("Origin")) {
            reply.headers.set("Access-Control-Allow-Origin", origin);
        }
        if rules.allow_credentials {
            reply.headers.set("Access-Control-Allow-Credentials", "true");
        }
        expose(rules, reply);
        let vary = reply.headers.first("Vary").to_owned();
        if rules.vary && vary != "Origin" {
            let vary = if vary.is_empty() { "Origin".to_owned() } else { format!("{vary},Origin") };
            reply.headers.set("Vary", vary);
        }
    }

    fn origin(&self, rules: &HeaderRules, origin: &str) -> Option<String> {
        for allowed in &rules.allow_origins {
            if allowed == origin || (allowed == "*" && rules.allow_credentials) {
                return Some(origin.to_owned());
            }
            if allowed == "*" {
                return Some(allowed.clone());
            }
        }
        self.origins.iter().any(|it| it.is_match(origin)).then(|| origin.to_owned())
    }
}

fn expose(rules: &HeaderRules, reply: &mut Reply) {
    let star = rules.allow_credentials && rules.expose_headers.iter().any(|it| it == "*");
    if !rules.expose_headers.is_empty() && !star {
        reply.headers.set("Access-Control-Expose-Headers", rules.expose_headers.join(","));
    }
}
