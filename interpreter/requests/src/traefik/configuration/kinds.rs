//! Reads `http.middlewares`: which kind each is.

use super::fields::{Fields, Refused};
use super::options::pass_certificate;
use super::shapes::{self, Kind};
use super::{
    Authority, Basic, EncodedCharacters, ErrorPages, HeaderRules, IpStrategy, Middleware, Retry,
};

impl Middleware {
    pub(super) fn read(mut fields: Fields<'_>, found: &mut Vec<String>) -> Result<Self, Refused> {
        let mut kinds: Vec<(&str, Self)> = Vec::new();
        if let Some(mut it) = fields.object("addPrefix")? {
            kinds.push(("addPrefix", Self::AddPrefix(it.text("prefix").unwrap_or_default())));
            it.finish()?;
        }
        for kind in ["basicAuth", "digestAuth"] {
            let Some(it) = fields.object(kind)? else { continue };
            kinds.push((kind, Self::BasicAuth(Basic::read(it, kind == "digestAuth")?)));
        }
        if let Some(mut it) = fields.object("buffering")? {
            let most = it.number("maxRequestBodyBytes")?.unwrap_or(0);
            kinds.push(("buffering", Self::Buffering { most }));
            it.noted("maxResponseBodyBytes", Kind::Number, found)?;
            it.noted("retryExpression", Kind::Text, found)?;
            it.number("memRequestBodyBytes")?;
            it.number("memResponseBodyBytes")?;
            it.finish()?;
        }
        if let Some(mut it) = fields.object("chain")? {
            kinds.push(("chain", Self::Chain(it.texts("middlewares").unwrap_or_default())));
            it.finish()?;
        }
        if let Some(it) = fields.object("encodedCharacters")? {
            let encoded = EncodedCharacters::read(it, false)?;
            kinds.push(("encodedCharacters", Self::EncodedCharacters(encoded)));
        }
        if let Some(it) = fields.object("errors")? {
            kinds.push(("errors", Self::Errors(ErrorPages::read(it)?)));
        }
        if let Some(it) = fields.object("forwardAuth")? {
            kinds.push(("forwardAuth", Self::ForwardAuth(Box::new(Authority::read(it, found)?))));
        }
        if let Some(it) = fields.object("headers")? {
            kinds.push(("headers", Self::Headers(Box::new(HeaderRules::read(it)?))));
        }
        // The older name is still read.
        for kind in ["ipAllowList", "ipWhiteList"] {
            let Some(mut it) = fields.object(kind)? else { continue };
            let ranges = it.texts("sourceRange").unwrap_or_default();
            let mut reject = 0;
            if kind == "ipAllowList" {
                reject = it.number("rejectStatusCode")?.unwrap_or(0);
            }
            let strategy = it.maybe_empty("ipStrategy")?.map(IpStrategy::read).transpose()?;
            kinds.push((kind, Self::IpAllowList { ranges, strategy, reject }));
            it.finish()?;
        }
        if let Some(it) = fields.object("passTLSClientCert")? {
            kinds.push(("passTLSClientCert", pass_certificate(it, found)?));
        }
        rewriting(&mut fields, &mut kinds)?;
        for (kind, shape) in shapes::MIDDLEWARES {
            if fields.shaped(kind, *shape)? {
                found.push(format!("{}.{kind}", fields.at()));
                kinds.push((kind, Self::Unsupported((*kind).to_owned())));
            }
        }
        fields.finish()?;
        match kinds.len() {
            0 => Ok(Self::None),
            1 => Ok(kinds.remove(0).1),
            _ => Ok(Self::Several(kinds.into_iter().map(|(kind, _)| kind.to_owned()).collect())),
        }
    }
}

/// The middlewares that redirect, rewrite or ask again.
fn rewriting(
    fields: &mut Fields<'_>,
    kinds: &mut Vec<(&'static str, Middleware)>,
) -> Result<(), Refused> {
    if let Some(mut it) = fields.object("redirectRegex")? {
        let redirect = Middleware::RedirectRegex {
            regex: it.text("regex").unwrap_or_default(),
            replacement: it.text("replacement").unwrap_or_default(),
            permanent: it.truth("permanent")?.unwrap_or(false),
        };
        // It is for another provider and has no effect in a file.
        it.harmless(&["statusCode"]);
        kinds.push(("redirectRegex", redirect));
        it.finish()?;
    }
    if let Some(mut it) = fields.object("redirectScheme")? {
        let redirect = Middleware::RedirectScheme {
            scheme: it.text("scheme").unwrap_or_default(),
            port: it.text("port").unwrap_or_default(),
            permanent: it.truth("permanent")?.unwrap_or(false),
        };
        it.harmless(&["forcePermanentRedirect"]);
        kinds.push(("redirectScheme", redirect));
        it.finish()?;
    }
    if let Some(mut it) = fields.object("replacePath")? {
        kinds.push(("replacePath", Middleware::ReplacePath(it.text("path").unwrap_or_default())));
        it.finish()?;
    }
    if let Some(mut it) = fields.object("replacePathRegex")? {
        let replace = Middleware::ReplacePathRegex {
            regex: it.text("regex").unwrap_or_default(),
            replacement: it.text("replacement").unwrap_or_default(),
        };
        kinds.push(("replacePathRegex", replace));
        it.finish()?;
    }
    if let Some(mut it) = fields.object("retry")? {
        let retry = Retry {
            attempts: it.number("attempts")?.unwrap_or(0),
            status: it.texts("status").unwrap_or_default(),
            not_on_network_errors: it.truth("disableRetryOnNetworkError")?.unwrap_or(false),
            non_idempotent: it.truth("retryNonIdempotentMethod")?.unwrap_or(false),
        };
        kinds.push(("retry", Middleware::Retry(retry)));
        it.shaped("initialInterval", Kind::Duration)?;
        it.shaped("timeout", Kind::Duration)?;
        it.shaped("maxRequestBodyBytes", Kind::Number)?;
        it.finish()?;
    }
    if let Some(mut it) = fields.object("stripPrefix")? {
        let strip = Middleware::StripPrefix {
            prefixes: it.texts("prefixes").unwrap_or_default(),
            force_slash: it.truth("forceSlash")?.unwrap_or(false),
        };
        kinds.push(("stripPrefix", strip));
        it.finish()?;
    }
    if let Some(mut it) = fields.object("stripPrefixRegex")? {
        let regex = it.texts("regex").unwrap_or_default();
        kinds.push(("stripPrefixRegex", Middleware::StripPrefixRegex(regex)));
        it.finish()?;
    }
    Ok(())
}
