//! `redirectRegex` and `redirectScheme`.

use super::super::live::{Live, Reply, Run, split_host_port};
use super::super::location::Location;
use super::super::pattern::Pattern;
use super::{Named, Next, pattern};

/// How Traefik takes a URL apart.
const URL: &str = r"^(https?):\/\/(\[[\w:.]+\]|[\w\._-]+)?(:\d+)?(.*)$";

/// The same where its scheme is replaced; it may have none.
const SCHEME: &str = r"^(https?:\/\/)?(\[[\w:.]+\]|[\w\._-]+)?(:\d+)?(.*)$";

/// A redirection.
#[derive(Clone, Debug)]
pub(crate) struct Redirect {
    url: Pattern,
    pattern: Pattern,
    replacement: String,
    permanent: bool,
    /// It looks at the URL as the client means it: with its own port and `X-Forwarded-Proto`.
    client: bool,
}

impl Redirect {
    pub(super) fn regex(regex: &str, replacement: &str, permanent: bool) -> Result<Self, String> {
        Ok(Self {
            url: pattern(URL)?,
            pattern: pattern(regex)?,
            replacement: replacement.to_owned(),
            permanent,
            client: false,
        })
    }

    pub(super) fn scheme(scheme: &str, port: &str, permanent: bool) -> Result<Self, String> {
        if scheme.is_empty() {
            return Err("you must provide a target scheme".to_owned());
        }
        let port = match (scheme, port) {
            (_, "") | ("http", "80") | ("https", "443") => String::new(),
            (_, port) => format!(":{port}"),
        };
        Ok(Self {
            url: pattern(URL)?,
            pattern: pattern(SCHEME)?,
            replacement: format!("{scheme}://${{2}}{port}${{4}}"),
            permanent,
            client: true,
        })
    }

    pub(super) fn serve(
        &self,
        named: &Named,
        next: Next<'_>,
        live: &mut Live,
        run: &mut Run<'_>,
    ) -> Reply {
        let old = self.asked(live);
        if !self.pattern.is_match(&old) {
            named.did(run, format!("does not match {old}"));
            return next.serve(live, run);
        }
        let new = self.pattern.replace(&old, &self.replacement);
        let Some(to) = Location::parse(&new) else {
            named.did(run, format!("makes {new}, which is no URL: 502"));
            return Reply::bare(502);
        };
        if new == old {
            named.did(run, "changes nothing");
            live.url = to;
            live.follow();
            return next.serve(live, run);
        }
        let get = live.method == "GET";
        let status = match (self.permanent, get) {
            (true, true) => 301,
            (true, false) => 308,
            (false, true) => 302,
            (false, false) => 307,
        };
        named.did(run, format!("sends the client to {}: {status}", to.written()));
        let mut reply = Reply::bare(status);
        reply.headers.set("Location", to.written());
        reply
    }

    /// The URL that is asked for.
    fn asked(&self, live: &Live) -> String {
        let mut scheme = "http".to_owned();
        let (mut host, mut port) = (live.host.clone(), String::new());
        if self.client
            && let Some((name, number)) = split_host_port(&live.host)
        {
            (host, port) = (name.to_owned(), format!(":{number}"));
        }
        let mut target = live.target.clone();
        if let Some(groups) = self.url.groups(&live.target)
            && let [_, said, name, number, rest] = groups.as_slice()
        {
            scheme = (*said).to_owned();
            if !name.is_empty() {
                host = (*name).to_owned();
            }
            if !number.is_empty() {
                port = (*number).to_owned();
            }
            target = (*rest).to_owned();
        }
        if live.tls {
            "https".clone_into(&mut scheme);
        }
        if self.client {
            match live.headers.first("X-Forwarded-Proto").to_lowercase().as_str() {
                "http" | "ws" => "http".clone_into(&mut scheme),
                "https" | "wss" => "https".clone_into(&mut scheme),
                _ => {}
            }
            if matches!((scheme.as_str(), port.as_str()), ("http", ":80") | ("https", ":443")) {
                port.clear();
            }
        }
        format!("{scheme}://{host}{port}{target}")
    }
}
