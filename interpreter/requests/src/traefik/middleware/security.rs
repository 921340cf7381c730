//! What `headers` says for safety, and the hosts that it knows.

use super::super::configuration::HeaderRules;
use super::super::live::Live;

/// Whether anything of it is said.
pub(super) fn is_said(rules: &HeaderRules) -> bool {
    let texts = [
        &rules.frame_options,
        &rules.xss_value,
        &rules.csp,
        &rules.csp_report_only,
        &rules.public_key,
        &rules.referrer,
        &rules.permissions,
    ];
    !rules.allowed_hosts.is_empty()
        || !rules.hosts_proxy_headers.is_empty()
        || !rules.ssl_proxy_headers.is_empty()
        || rules.sts_seconds.is_some()
        || rules.sts_subdomains
        || rules.sts_preload
        || rules.force_sts
        || rules.frame_deny
        || rules.nosniff
        || rules.xss_filter
        || rules.development
        || rules.removed
        || texts.iter().any(|text| !text.is_empty())
}

/// The headers that answers get; or the host that is not known.
pub(super) fn headers(
    rules: &HeaderRules,
    live: &Live,
) -> Result<Vec<(&'static str, String)>, String> {
    let said = rules.hosts_proxy_headers.iter().map(|name| live.headers.first(name));
    let host = said.into_iter().find(|host| !host.is_empty()).unwrap_or(&live.host);
    let known = rules.allowed_hosts.iter().any(|it| it.eq_ignore_ascii_case(host));
    if !rules.allowed_hosts.is_empty() && !rules.development && !known {
        return Err(host.to_owned());
    }
    let proxied = |(name, value): (&String, &String)| live.headers.first(name) == value;
    let secure = live.tls
        || live.url.scheme.eq_ignore_ascii_case("https")
        || rules.ssl_proxy_headers.iter().any(proxied);
    let mut headers = Vec::new();
    let seconds = rules.sts_seconds.unwrap_or(0);
    if seconds != 0 && (secure || rules.force_sts) && !rules.development {
        let subdomains = if rules.sts_subdomains { "; includeSubDomains" } else { "" };
        let preload = if rules.sts_preload { "; preload" } else { "" };
        headers
            .push(("Strict-Transport-Security", format!("max-age={seconds}{subdomains}{preload}")));
    }
    let mut say = |name, text: &str| {
        if !text.is_empty() {
            headers.push((name, text.to_owned()));
        }
    };
    let or = |said: &String, usual: bool, text: &'static str| match said.as_str() {
        "" if usual => text.to_owned(),
        said => said.to_owned(),
    };
    say("X-Frame-Options", &or(&rules.frame_options, rules.frame_deny, "DENY"));
    say("X-Content-Type-Options", if rules.nosniff { "nosniff" } else { "" });
    say("X-Xss-Protection", &or(&rules.xss_value, rules.xss_filter, "1; mode=block"));
    say("Public-Key-Pins", if secure && !rules.development { &rules.public_key } else { "" });
    say("Content-Security-Policy", &rules.csp);
    say("Content-Security-Policy-Report-Only", &rules.csp_report_only);
    say("Referrer-Policy", &rules.referrer);
    say("Permissions-Policy", &rules.permissions);
    Ok(headers)
}
