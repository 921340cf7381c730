//! Middlewares: which ones a proxy needs, and how each is spelled.

use std::collections::{BTreeMap, BTreeSet};

use crate::fleet::Model;
use crate::fleet::leaf::{At, EntityPath, OriginId};
use crate::fleet::proxy::{Headers, Middleware, Proxy, Treatment};
use crate::formats::{Entries, Piece, Tree};
use crate::targets::go;
use crate::targets::names::Names;

/// The middlewares of the model that a proxy's routes go through, those inside chains too, by key.
#[must_use]
pub fn used<'f>(model: &'f Model, key: &'f str, proxy: &'f Proxy) -> BTreeSet<&'f str> {
    let mut waiting: Vec<&str> = Vec::new();
    for way in model.ways_of(key).filter(|way| way.route.tcp.is_none()) {
        if !is_exempt(proxy, way.service) {
            waiting.extend(proxy.treatments.iter().map(|it| it.entity()));
        }
        waiting.extend(way.route.treatments.iter().map(|it| it.entity()));
    }
    let mut found = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        let Some((name, middleware)) = model.middleware.get_key_value(name) else { continue };
        if found.insert(name.as_str())
            && let Treatment::Chain(chain) = &middleware.does.value
        {
            waiting.extend(chain.middlewares.iter().map(|it| it.entity()));
        }
    }
    found
}

/// Whether a service does without the proxy's own middlewares.
pub(super) fn is_exempt(proxy: &Proxy, service: &str) -> bool {
    proxy.except.iter().any(|it| it.entity() == service)
}

/// One middleware: a map with its kind as the only key.
pub(super) fn tree(
    middleware: &At<Middleware>,
    names: &mut Names,
    seal: &dyn Fn(&EntityPath) -> Piece,
) -> Tree {
    let by = middleware.does.origin;
    let mut e = Entries::new();
    let kind = match &middleware.does.value {
        Treatment::Headers(it) => {
            headers(&mut e, it, by, seal);
            "headers"
        }
        Treatment::Buffering(it) => {
            e.put_some("maxRequestBodyBytes", int(it.max_request_body_bytes.as_ref()));
            e.put_some("maxResponseBodyBytes", int(it.max_response_body_bytes.as_ref()));
            e.put_some("memRequestBodyBytes", int(it.mem_request_body_bytes.as_ref()));
            e.put_some("memResponseBodyBytes", int(it.mem_response_body_bytes.as_ref()));
            e.put_some("retryExpression", text(it.retry_expression.as_ref()));
            "buffering"
        }
        Treatment::RateLimit(it) => {
            e.put("average", Tree::int(it.average.value, it.average.origin));
            e.put_some("burst", int(it.burst.as_ref()));
            if let Some(period) = &it.period {
                e.put("period", Tree::text(go::duration(period.value), period.origin));
            }
            "rateLimit"
        }
        Treatment::Compress(it) => {
            e.put_some("excludedContentTypes", Some(Tree::texts(&it.excluded_content_types)));
            "compress"
        }
        Treatment::IpAllowList(it) => {
            e.put_some("sourceRange", Some(Tree::texts(&it.source_range)));
            "ipAllowList"
        }
        Treatment::StripPrefix(it) => {
            e.put_some("prefixes", Some(Tree::texts(&it.prefixes)));
            "stripPrefix"
        }
        Treatment::AddPrefix(it) => {
            e.put_some("prefix", text(Some(&it.prefix)));
            "addPrefix"
        }
        Treatment::RedirectRegex(it) => {
            e.put_some("regex", text(Some(&it.regex)));
            e.put_some("replacement", text(Some(&it.replacement)));
            e.put("permanent", Tree::bool(it.permanent.value, it.permanent.origin));
            "redirectRegex"
        }
        Treatment::Chain(it) => {
            let inner = it
                .middlewares
                .iter()
                .map(|path| Tree::text(names.name(path.entity()), path.origin));
            e.put_some("middlewares", Some(Tree::list(inner.collect(), it.middlewares.origin)));
            "chain"
        }
        Treatment::Plugin(it) => {
            e.put(it.name.value.clone(), Tree::data(&it.settings, seal));
            "plugin"
        }
    };
    let mut outer = Entries::new();
    outer.put(kind, e.tree(by));
    outer.tree(middleware.origin)
}

fn headers(e: &mut Entries, it: &Headers, by: OriginId, seal: &dyn Fn(&EntityPath) -> Piece) {
    let mut requests = Entries::new();
    for (name, value) in &it.custom_request_headers {
        requests.put(name.clone(), Tree::sealed(value, seal));
    }
    e.put_some("customRequestHeaders", Some(requests.tree(by)));
    e.put_some("customResponseHeaders", texts_map(&it.custom_response_headers, by));
    e.put_some("accessControlAllowCredentials", bool(it.access_control_allow_credentials.as_ref()));
    let lists = [
        ("accessControlAllowHeaders", &it.access_control_allow_headers),
        ("accessControlAllowMethods", &it.access_control_allow_methods),
        ("accessControlAllowOriginList", &it.access_control_allow_origin_list),
        ("accessControlAllowOriginListRegex", &it.access_control_allow_origin_list_regex),
        ("accessControlExposeHeaders", &it.access_control_expose_headers),
    ];
    for (name, list) in lists {
        e.put_some(name, Some(Tree::texts(list)));
    }
    e.put_some("accessControlMaxAge", int(it.access_control_max_age.as_ref()));
    e.put_some("addVaryHeader", bool(it.add_vary_header.as_ref()));
    e.put_some("browserXssFilter", bool(it.browser_xss_filter.as_ref()));
    e.put_some("contentSecurityPolicy", text(it.content_security_policy.as_ref()));
    e.put_some("contentTypeNosniff", bool(it.content_type_nosniff.as_ref()));
    e.put_some("customFrameOptionsValue", text(it.custom_frame_options_value.as_ref()));
    e.put_some("forceSTSHeader", bool(it.force_sts_header.as_ref()));
    e.put_some("frameDeny", bool(it.frame_deny.as_ref()));
    e.put_some("permissionsPolicy", text(it.permissions_policy.as_ref()));
    e.put_some("referrerPolicy", text(it.referrer_policy.as_ref()));
    e.put_some("stsIncludeSubdomains", bool(it.sts_include_subdomains.as_ref()));
    e.put_some("stsPreload", bool(it.sts_preload.as_ref()));
    e.put_some("stsSeconds", int(it.sts_seconds.as_ref()));
}

fn texts_map(map: &BTreeMap<String, At<String>>, by: OriginId) -> Option<Tree> {
    let mut entries = Entries::new();
    for (name, value) in map {
        entries.put(name.clone(), Tree::text(value.value.clone(), value.origin));
    }
    Some(entries.tree(by))
}

fn int(value: Option<&At<i64>>) -> Option<Tree> {
    value.map(|it| Tree::int(it.value, it.origin))
}

fn bool(value: Option<&At<bool>>) -> Option<Tree> {
    value.map(|it| Tree::bool(it.value, it.origin))
}

fn text(value: Option<&At<String>>) -> Option<Tree> {
    value.map(|it| Tree::text(it.value.clone(), it.origin))
}
