//! Reads the options of those middlewares that have many.

use std::collections::BTreeMap;

use super::fields::{Fields, Refused};
use super::shapes::Kind;
use super::{
    Authority, Basic, EncodedCharacters, ErrorPages, HeaderRules, IpStrategy, Middleware, Names,
};

/// The bytes that an answer of a login server has at most.
const SHORT: i64 = 16 * 1024;

impl Basic {
    pub(super) fn read(mut fields: Fields<'_>, digest: bool) -> Result<Self, Refused> {
        let basic = Self {
            digest,
            users: fields.texts("users").unwrap_or_default(),
            users_file: fields.text("usersFile").unwrap_or_default(),
            realm: fields.text("realm").unwrap_or_default(),
            header_field: fields.text("headerField").unwrap_or_default(),
            remove_header: fields.truth("removeHeader")?.unwrap_or(false),
        };
        fields.finish()?;
        Ok(basic)
    }
}

impl EncodedCharacters {
    pub(super) fn read(mut fields: Fields<'_>, unsaid: bool) -> Result<Self, Refused> {
        let mut truth = |key| Ok(fields.truth(key)?.unwrap_or(unsaid));
        let allowed = Self {
            slash: truth("allowEncodedSlash")?,
            back_slash: truth("allowEncodedBackSlash")?,
            null: truth("allowEncodedNullCharacter")?,
            semicolon: truth("allowEncodedSemicolon")?,
            percent: truth("allowEncodedPercent")?,
            question_mark: truth("allowEncodedQuestionMark")?,
            hash: truth("allowEncodedHash")?,
        };
        fields.finish()?;
        Ok(allowed)
    }
}

impl ErrorPages {
    pub(super) fn read(mut fields: Fields<'_>) -> Result<Self, Refused> {
        let pages = Self {
            status: fields.texts("status").unwrap_or_default(),
            service: fields.text("service").unwrap_or_default(),
            query: fields.text("query").unwrap_or_default(),
            rewrites: rewrites(&mut fields)?,
            request_headers: fields.texts("errorRequestHeaders"),
        };
        fields.finish()?;
        Ok(pages)
    }
}

impl Authority {
    pub(super) fn read(mut fields: Fields<'_>, found: &mut Vec<String>) -> Result<Self, Refused> {
        let authority = Self {
            address: fields.text("address").unwrap_or_default(),
            trust_forward_header: fields.truth("trustForwardHeader")?,
            request_headers: fields.texts("authRequestHeaders").unwrap_or_default(),
            response_headers: fields.texts("authResponseHeaders").unwrap_or_default(),
            response_headers_regex: fields.text("authResponseHeadersRegex").unwrap_or_default(),
            cookies: fields.texts("addAuthCookiesToResponse").unwrap_or_default(),
            preserve_location: fields.truth("preserveLocationHeader")?.unwrap_or(false),
            preserve_method: fields.truth("preserveRequestMethod")?.unwrap_or(false),
            signin: fields.text("authSigninURL").unwrap_or_default(),
            forward_body: fields.truth("forwardBody")?.unwrap_or(false),
            max_body: fields.number("maxBodySize")?,
        };
        if let Some(mut tls) = fields.object("tls")? {
            tls.noted("ca", Kind::Text, found)?;
            tls.noted("cert", Kind::Text, found)?;
            tls.noted("key", Kind::Text, found)?;
            tls.noted("insecureSkipVerify", Kind::Truth, found)?;
            tls.truth("caOptional")?;
            tls.finish()?;
        }
        // What a login server answers is short: only a limit of a few bytes would cut it off.
        if fields.number("maxResponseBodySize")?.is_some_and(|it| (0..SHORT).contains(&it)) {
            found.push(fields.under("maxResponseBodySize"));
        }
        // It names the user in logs alone.
        fields.text("headerField");
        fields.finish()?;
        Ok(authority)
    }
}

impl HeaderRules {
    pub(super) fn read(mut fields: Fields<'_>) -> Result<Self, Refused> {
        let f = &mut fields;
        let mut rules = Self {
            request: f.text_map("customRequestHeaders")?,
            response: f.text_map("customResponseHeaders")?,
            allow_credentials: f.truth("accessControlAllowCredentials")?.unwrap_or(false),
            allow_headers: f.texts("accessControlAllowHeaders").unwrap_or_default(),
            allow_methods: f.texts("accessControlAllowMethods").unwrap_or_default(),
            allow_origins: f.texts("accessControlAllowOriginList").unwrap_or_default(),
            allow_origins_regex: f.texts("accessControlAllowOriginListRegex").unwrap_or_default(),
            expose_headers: f.texts("accessControlExposeHeaders").unwrap_or_default(),
            max_age: f.number("accessControlMaxAge")?,
            vary: f.truth("addVaryHeader")?.unwrap_or(false),
            allowed_hosts: f.texts("allowedHosts").unwrap_or_default(),
            hosts_proxy_headers: f.texts("hostsProxyHeaders").unwrap_or_default(),
            ssl_proxy_headers: f.text_map("sslProxyHeaders")?,
            sts_seconds: f.number("stsSeconds")?,
            sts_subdomains: f.truth("stsIncludeSubdomains")?.unwrap_or(false),
            sts_preload: f.truth("stsPreload")?.unwrap_or(false),
            force_sts: f.truth("forceSTSHeader")?.unwrap_or(false),
            frame_deny: f.truth("frameDeny")?.unwrap_or(false),
            frame_options: f.text("customFrameOptionsValue").unwrap_or_default(),
            nosniff: f.truth("contentTypeNosniff")?.unwrap_or(false),
            xss_filter: f.truth("browserXssFilter")?.unwrap_or(false),
            xss_value: f.text("customBrowserXSSValue").unwrap_or_default(),
            csp: f.text("contentSecurityPolicy").unwrap_or_default(),
            csp_report_only: f.text("contentSecurityPolicyReportOnly").unwrap_or_default(),
            public_key: f.text("publicKey").unwrap_or_default(),
            referrer: f.text("referrerPolicy").unwrap_or_default(),
            permissions: f.text("permissionsPolicy").unwrap_or_default(),
            development: f.truth("isDevelopment")?.unwrap_or(false),
            removed: false,
        };
        for key in ["sslRedirect", "sslTemporaryRedirect", "sslForceHost"] {
            rules.removed |= f.truth(key)?.unwrap_or(false);
        }
        for key in ["sslHost", "featurePolicy"] {
            rules.removed |= f.text(key).is_some_and(|text| !text.is_empty());
        }
        fields.finish()?;
        Ok(rules)
    }
}

impl IpStrategy {
    pub(super) fn read(mut fields: Fields<'_>) -> Result<Self, Refused> {
        let strategy = Self {
            depth: fields.number("depth")?.unwrap_or(0),
            excluded: fields.texts("excludedIPs").unwrap_or_default(),
            ipv6_subnet: fields.number("ipv6Subnet")?,
        };
        fields.finish()?;
        Ok(strategy)
    }
}

pub(super) fn pass_certificate(
    mut fields: Fields<'_>,
    found: &mut Vec<String>,
) -> Result<Middleware, Refused> {
    const PARTS: [&str; 8] = [
        "domainComponent",
        "country",
        "province",
        "locality",
        "organization",
        "organizationalUnit",
        "serialNumber",
        "commonName",
    ];
    let (mut subject, mut issuer) = (None, None);
    fields.noted("pem", Kind::Truth, found)?;
    if let Some(mut info) = fields.object("info")? {
        info.noted("notAfter", Kind::Truth, found)?;
        info.noted("notBefore", Kind::Truth, found)?;
        info.noted("sans", Kind::Truth, found)?;
        info.noted("serialNumber", Kind::Truth, found)?;
        for (key, names) in [("subject", &mut subject), ("issuer", &mut issuer)] {
            let Some(mut parts) = info.object(key)? else { continue };
            let mut wanted = Names::default();
            for part in PARTS {
                if (key == "subject" || part != "organizationalUnit")
                    && parts.truth(part)? == Some(true)
                {
                    wanted.0.push(part.to_owned());
                }
            }
            *names = Some(wanted);
            parts.finish()?;
        }
        info.finish()?;
    }
    fields.finish()?;
    Ok(Middleware::PassTlsClientCert { subject, issuer })
}

fn rewrites(fields: &mut Fields<'_>) -> Result<BTreeMap<String, i64>, Refused> {
    let mut rewrites = BTreeMap::new();
    for (from, to) in fields.text_map("statusRewrites")? {
        let Ok(to) = to.parse() else { return fields.refuse("statusRewrites", "no whole number") };
        rewrites.insert(from, to);
    }
    Ok(rewrites)
}
