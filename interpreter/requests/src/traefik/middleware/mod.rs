//! The middlewares: each takes a request and what comes next, and gives an answer.

mod basic_auth;
mod buffering;
mod cors;
pub(crate) mod encoded_characters;
mod errors;
mod forward_auth;
mod headers;
mod ip_allow_list;
mod pass_certificate;
mod prefix;
mod redirect;
mod replace_path;
mod retry;
mod security;

use super::build::Builder;
use super::configuration::Middleware;
use super::live::{Live, Reply, Run};
use super::pattern::Pattern;
use super::routers::Mux;
use super::service::Target;

/// A middleware that is up.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) step: Act,
}

/// What a middleware does, its options read.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    AddPrefix(String),
    BasicAuth(basic_auth::BasicAuth),
    Buffering(i64),
    EncodedCharacters(super::configuration::EncodedCharacters),
    Errors(Box<errors::Errors>),
    ForwardAuth(Box<forward_auth::ForwardAuth>),
    Headers(Box<headers::HeadersAct>),
    IpAllowList(ip_allow_list::IpAllowList),
    PassCertificate(pass_certificate::PassCertificate),
    Redirect(redirect::Redirect),
    ReplacePath(replace_path::ReplacePath),
    Retry(retry::RetryAct),
    Strip(prefix::Strip),
    /// Not simulated: requests pass.
    Pass,
}

/// Reads the options of a middleware.
///
/// # Errors
/// Why Traefik cannot make one of them.
pub(crate) fn build(
    middleware: &Middleware,
    name: &str,
    above: &[String],
    builder: &Builder<'_>,
) -> Result<Act, String> {
    Ok(match middleware {
        Middleware::None | Middleware::Chain(_) => return Err("has no kind".to_owned()),
        Middleware::Several(kinds) => {
            return Err(format!("is of several kinds: {}", kinds.join(", ")));
        }
        Middleware::Unsupported(_) => Act::Pass,
        Middleware::AddPrefix(prefix) if prefix.is_empty() => {
            return Err("prefix cannot be empty".to_owned());
        }
        Middleware::AddPrefix(prefix) => Act::AddPrefix(prefix.clone()),
        Middleware::BasicAuth(options) => {
            Act::BasicAuth(basic_auth::BasicAuth::new(options, builder.peers)?)
        }
        Middleware::Buffering { most } => Act::Buffering(*most),
        Middleware::EncodedCharacters(allowed) => Act::EncodedCharacters(*allowed),
        Middleware::Errors(pages) => {
            Act::Errors(Box::new(errors::Errors::new(pages, name, above, builder)?))
        }
        Middleware::ForwardAuth(options) => {
            Act::ForwardAuth(Box::new(forward_auth::ForwardAuth::new(options)?))
        }
        Middleware::Headers(rules) => Act::Headers(Box::new(headers::HeadersAct::new(rules)?)),
        Middleware::IpAllowList { ranges, strategy, reject } => {
            Act::IpAllowList(ip_allow_list::IpAllowList::new(ranges, strategy.as_ref(), *reject)?)
        }
        Middleware::PassTlsClientCert { subject, issuer } => {
            Act::PassCertificate(pass_certificate::PassCertificate::new(subject, issuer))
        }
        Middleware::RedirectRegex { regex, replacement, permanent } => {
            Act::Redirect(redirect::Redirect::regex(regex, replacement, *permanent)?)
        }
        Middleware::RedirectScheme { scheme, port, permanent } => {
            Act::Redirect(redirect::Redirect::scheme(scheme, port, *permanent)?)
        }
        Middleware::ReplacePath(path) => {
            Act::ReplacePath(replace_path::ReplacePath::Whole(path.clone()))
        }
        Middleware::ReplacePathRegex { regex, replacement } => {
            let replacement = replacement.trim().to_owned();
            Act::ReplacePath(replace_path::ReplacePath::Matched(
                pattern(regex.trim())?,
                replacement,
            ))
        }
        Middleware::Retry(options) => Act::Retry(retry::RetryAct::new(options)?),
        Middleware::StripPrefix { prefixes, force_slash } => {
            let prefixes = prefixes.iter().map(|prefix| prefix.trim().to_owned()).collect();
            Act::Strip(prefix::Strip::Plain { prefixes, force_slash: *force_slash })
        }
        Middleware::StripPrefixRegex(patterns) => {
            let patterns =
                patterns.iter().map(|it| pattern(it.trim())).collect::<Result<_, _>>()?;
            Act::Strip(prefix::Strip::Matched(patterns))
        }
    })
}

fn pattern(source: &str) -> Result<Pattern, String> {
    Pattern::new(source).map_err(|problem| problem.to_string())
}

/// What comes after a middleware.
#[derive(Clone, Copy)]
pub(crate) struct Next<'a> {
    chain: &'a [Named],
    end: NextEnd<'a>,
}

#[derive(Clone, Copy)]
enum NextEnd<'a> {
    Service(&'a Target),
    /// Routers below this one, and the TLS options of the connection.
    Routers(&'a Mux, Option<&'a str>),
}

impl<'a> Next<'a> {
    pub(crate) fn to_service(chain: &'a [Named], target: &'a Target) -> Self {
        Self { chain, end: NextEnd::Service(target) }
    }

    pub(crate) fn to_routers(chain: &'a [Named], mux: &'a Mux, used: Option<&'a str>) -> Self {
        Self { chain, end: NextEnd::Routers(mux, used) }
    }

    pub(crate) fn serve(self, live: &mut Live, run: &mut Run<'_>) -> Reply {
        match (self.chain.split_first(), self.end) {
            (Some((first, rest)), end) => first.serve(Next { chain: rest, end }, live, run),
            (None, NextEnd::Service(target)) => target.serve(live, run),
            (None, NextEnd::Routers(mux, used)) => mux.serve(live, used, run),
        }
    }
}

impl Named {
    fn serve(&self, next: Next<'_>, live: &mut Live, run: &mut Run<'_>) -> Reply {
        match &self.step {
            Act::AddPrefix(prefix) => {
                let did = prefix::add(prefix, live);
                self.did(run, did);
                next.serve(live, run)
            }
            Act::BasicAuth(it) => it.serve(self, next, live, run),
            Act::Buffering(most) => buffering::serve(*most, self, next, live, run),
            Act::EncodedCharacters(allowed) => match encoded_characters::denied(allowed, live) {
                Some(found) => {
                    self.did(run, format!("{found} in the path is not allowed: 400"));
                    Reply::bare(400)
                }
                None => {
                    self.did(run, "lets the path through");
                    next.serve(live, run)
                }
            },
            Act::Errors(it) => it.serve(self, next, live, run),
            Act::ForwardAuth(it) => it.serve(self, next, live, run),
            Act::Headers(it) => it.serve(self, next, live, run),
            Act::IpAllowList(it) => it.serve(self, next, live, run),
            Act::PassCertificate(it) => {
                it.apply(self, live, run);
                next.serve(live, run)
            }
            Act::Redirect(it) => it.serve(self, next, live, run),
            Act::ReplacePath(it) => it.serve(self, next, live, run),
            Act::Retry(it) => it.serve(self, next, live, run),
            Act::Strip(it) => it.serve(self, next, live, run),
            Act::Pass => {
                self.did(run, "is not simulated");
                next.serve(live, run)
            }
        }
    }

    /// Tells what it did.
    fn did(&self, run: &mut Run<'_>, did: impl Into<String>) {
        run.step(&self.name, self.kind, did);
    }
}
