//! `headers`: custom request and response headers. What it does for other sites is in `cors`, what it says for
//! safety in `security`.

use super::super::configuration::HeaderRules;
use super::super::live::{Live, Reply, Run};
use super::cors::Cors;
use super::security;
use super::{Named, Next};

/// The three parts of `headers`.
#[derive(Clone, Debug)]
pub(crate) struct HeadersAct {
    rules: HeaderRules,
    cors: Cors,
    secures: bool,
    customizes: bool,
}

impl HeadersAct {
    pub(super) fn new(rules: &HeaderRules) -> Result<Self, String> {
        let custom = !rules.request.is_empty() || !rules.response.is_empty();
        let cors = Cors::new(rules)?;
        let secures = security::is_said(rules);
        if !custom && !cors.is_said && !secures {
            return Err("says nothing".to_owned());
        }
        Ok(Self { rules: rules.clone(), customizes: custom || cors.is_said, cors, secures })
    }

    pub(super) fn serve(
        &self,
        named: &Named,
        next: Next<'_>,
        live: &mut Live,
        run: &mut Run<'_>,
    ) -> Reply {
        if !self.customizes {
            return self.secured(named, next, live, run);
        }
        if let Some(reply) = self.cors.preflight(&self.rules, live) {
            named.did(run, "answers the preflight of another site: 200");
            return reply;
        }
        self.change_request(live);
        named.did(run, self.told());
        let mut reply = self.secured(named, next, live, run);
        for (name, value) in &self.rules.response {
            if value.is_empty() {
                reply.headers.remove(name);
            } else {
                reply.headers.set(name, value);
            }
        }
        self.cors.answer(&self.rules, live, &mut reply);
        reply
    }

    fn secured(&self, named: &Named, next: Next<'_>, live: &mut Live, run: &mut Run<'_>) -> Reply {
        if !self.secures {
            return next.serve(live, run);
        }
        match security::headers(&self.rules, live) {
            Err(host) => {
                named.did(run, format!("does not know the host {host}: 500"));
                Reply::error(500)
            }
            Ok(headers) => {
                // The rest sees a copy: what it makes of the host stays there.
                let mut inner = live.clone();
                let mut reply = next.serve(&mut inner, run);
                live.headers = inner.headers;
                live.url = inner.url;
                for (name, value) in headers {
                    reply.headers.set(name, value);
                }
                reply
            }
        }
    }

    fn change_request(&self, live: &mut Live) {
        for (name, value) in &self.rules.request {
            if value.is_empty() && name == "X-Forwarded-For" {
                live.headers.set_raw(name, Vec::new());
            } else if value.is_empty() {
                live.headers.remove(name);
            } else if name.eq_ignore_ascii_case("Host") {
                live.host.clone_from(value);
            } else {
                live.headers.set(name, value);
            }
        }
    }

    fn told(&self) -> String {
        let names = |map: &std::collections::BTreeMap<String, String>| {
            map.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
        };
        match (self.rules.request.is_empty(), self.rules.response.is_empty()) {
            (true, true) => "sees to other sites".to_owned(),
            (false, true) => format!("sets {} of the request", names(&self.rules.request)),
            (true, false) => format!("sets {} of the answer", names(&self.rules.response)),
            (false, false) => format!(
                "sets {} of the request and {} of the answer",
                names(&self.rules.request),
                names(&self.rules.response)
            ),
        }
    }
}
