//! `errors`: pages of another service in place of some answers.

use super::super::build::{Builder, provider, qualified};
use super::super::configuration::ErrorPages;
use super::super::encoding::form_encoded;
use super::super::headers::Headers;
use super::super::live::{Live, Reply, Run};
use super::super::location::Location;
use super::super::service::{Codes, Target};
use super::{Named, Next};

/// Which answers, and where the pages are.
#[derive(Clone, Debug)]
pub(crate) struct Errors {
    codes: Codes,
    rewrites: Vec<(Codes, u16)>,
    query: String,
    headers: Option<Vec<String>>,
    pages: Target,
}

impl Errors {
    pub(super) fn new(
        options: &ErrorPages,
        name: &str,
        above: &[String],
        builder: &Builder<'_>,
    ) -> Result<Self, String> {
        let mut rewrites = Vec::new();
        for (range, status) in &options.rewrites {
            let status = u16::try_from(*status).map_err(|_| format!("{status} is no status"))?;
            rewrites.push((Codes::new(std::slice::from_ref(range))?, status));
        }
        Ok(Self {
            codes: Codes::new(&options.status)?,
            rewrites,
            query: options.query.clone(),
            headers: options.request_headers.clone(),
            pages: builder.service(&qualified(&options.service, provider(name)), above)?,
        })
    }

    pub(super) fn serve(
        &self,
        named: &Named,
        next: Next<'_>,
        live: &mut Live,
        run: &mut Run<'_>,
    ) -> Reply {
        let reply = run.gathering(|run| next.serve(live, run));
        if !self.codes.contain(reply.status) {
            return reply;
        }
        let rewritten = self.rewrites.iter().find(|(codes, _)| codes.contain(reply.status));
        let status = rewritten.map_or(reply.status, |(_, status)| *status);
        let Some(mut page) = self.page(reply.status, status, live) else {
            named.did(run, format!("cannot ask for a page for {}", reply.status));
            return Reply::error(status);
        };
        named.did(run, format!("asks for {} in place of an answer {}", page.target, reply.status));
        let mut reply = run.gathering(|run| self.pages.serve(&mut page, run));
        reply.status = status;
        reply
    }

    /// The request for a page. It comes from nobody and is not secured, whatever the first one was.
    fn page(&self, original: u16, status: u16, live: &Live) -> Option<Live> {
        let mut asked = live.url.clone();
        asked.scheme = if live.tls { "https" } else { "http" }.to_owned();
        asked.host.clone_from(&live.host);
        asked.opaque.clear();
        asked.force_query = false;
        let mut query = String::new();
        if !self.query.is_empty() {
            let plain = self.query.strip_prefix('/').unwrap_or(&self.query);
            query = format!("/{plain}")
                .replace("{status}", &status.to_string())
                .replace("{originalStatus}", &original.to_string())
                .replace("{url}", &form_encoded(&asked.written()));
        }
        let url = Location::parse(&format!("http://{}{query}", live.host))?;
        let host = url.host.strip_suffix(':').unwrap_or(&url.host).to_owned();
        let mut headers = Headers::default();
        match &self.headers {
            Some(names) => {
                for name in names {
                    for value in live.headers.values(name) {
                        headers.add(name, value);
                    }
                }
            }
            None => headers = live.headers.clone(),
        }
        Some(Live {
            method: "GET".to_owned(),
            target: url.request_target(),
            host,
            canonical: live.canonical.clone(),
            url,
            headers,
            body: None,
            client: None,
            tls: false,
            certificate: false,
            not_append: live.not_append,
        })
    }
}
