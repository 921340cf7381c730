//! Texts that some program gives a form of its own to, so that they are known wherever they stand. Prefixes as the
//! programs' own pages have them, in 2025.

use super::{distinct, is_hash, stands_for_another};

/// What a text has in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Form<'t> {
    /// "a token of GitHub"
    pub(crate) what: &'static str,
    /// Where it begins, to its end.
    pub(crate) text: &'t str,
    /// Whether it can be nothing else.
    pub(crate) sure: bool,
}

/// What tokens begin with, and how many letters follow at least.
const TOKENS: &[(&str, usize, &str)] = &[
    ("AGE-SECRET-KEY-1", 50, "a private key of age"),
    ("AIza", 35, "a key of Google's"),
    ("AKIA", 16, "a key of AWS"),
    ("ASIA", 16, "a key of AWS"),
    ("ATATT3", 30, "a token of Atlassian"),
    ("dckr_pat_", 20, "a token of Docker Hub"),
    ("dop_v1_", 60, "a token of DigitalOcean"),
    ("gho_", 36, "a token of GitHub"),
    ("ghp_", 36, "a token of GitHub"),
    ("ghr_", 36, "a token of GitHub"),
    ("ghs_", 36, "a token of GitHub"),
    ("ghu_", 36, "a token of GitHub"),
    ("github_pat_", 22, "a token of GitHub"),
    ("glpat-", 20, "a token of GitLab"),
    ("glrt-", 20, "a token of a GitLab runner"),
    ("glsa_", 32, "a token of Grafana"),
    ("gsk_", 40, "a key of Groq"),
    ("hf_", 30, "a token of Hugging Face"),
    ("lin_api_", 30, "a key of Linear"),
    ("npm_", 36, "a token of npm"),
    ("ntn_", 40, "a token of Notion"),
    ("nvapi-", 40, "a key of NVIDIA"),
    ("pplx-", 40, "a key of Perplexity"),
    ("ptr_", 40, "a token of Portainer"),
    ("pypi-AgEI", 40, "a token of PyPI"),
    ("r8_", 37, "a token of Replicate"),
    ("rk_live_", 16, "a key of Stripe"),
    ("shpat_", 32, "a token of Shopify"),
    ("sk-", 32, "a key of OpenAI"),
    ("sk-ant-", 24, "a key of Anthropic"),
    ("sk-proj-", 24, "a key of OpenAI"),
    ("sk_live_", 16, "a key of Stripe"),
    ("sntrys_", 30, "a token of Sentry"),
    ("syt_", 24, "a token of Matrix"),
    ("tk_", 29, "a token of ntfy"),
    ("tskey-api-", 12, "a key of Tailscale"),
    ("tskey-auth-", 12, "a key of Tailscale"),
    ("tskey-client-", 12, "a key of Tailscale"),
    ("whsec_", 24, "the secret of a webhook"),
    ("xai-", 40, "a key of xAI"),
    ("xapp-", 20, "a token of Slack"),
    ("xoxb-", 20, "a token of Slack"),
    ("xoxp-", 20, "a token of Slack"),
];

/// Addresses at which whoever has them may write.
const HOOKS: &[(&str, &str)] = &[
    ("chat.googleapis.com/v1/spaces/", "a webhook of Google Chat"),
    ("discord.com/api/webhooks/", "a webhook of Discord"),
    ("discordapp.com/api/webhooks/", "a webhook of Discord"),
    ("hooks.slack.com/services/", "a webhook of Slack"),
    ("maker.ifttt.com/trigger/", "a webhook of IFTTT"),
    ("webhook.office.com/webhookb2/", "a webhook of Teams"),
];

/// Parts of an address's query that let somebody in.
const QUERY: [&str; 8] =
    ["token", "access_token", "api_key", "apikey", "api-key", "password", "secret", "auth_key"];

/// The first text in this one that is a secret by its form.
#[must_use]
pub(crate) fn form(text: &str) -> Option<Form<'_>> {
    if text.len() < 10 {
        return None;
    }
    private_key(text)
        .or_else(|| token(text))
        .or_else(|| bot(text))
        .or_else(|| notified(text))
        .or_else(|| address(text))
}

/// A private key in PEM, with its body.
fn private_key(text: &str) -> Option<Form<'_>> {
    for (at, mark) in text.match_indices("-----BEGIN ") {
        let rest = text.get(at..)?;
        let Some((kind, body)) = rest.get(mark.len()..)?.split_once("-----") else { continue };
        if !kind.ends_with("PRIVATE KEY") && kind != "PGP PRIVATE KEY BLOCK" {
            continue;
        }
        let body = body.trim_start_matches(|c: char| c.is_whitespace() || c == '\\' || c == 'n');
        let letters = body.bytes().take_while(|c| c.is_ascii_alphanumeric() || b"+/=".contains(c));
        if letters.count() >= 32 || body.starts_with("Proc-Type") {
            return Some(Form { what: "a private key", text: rest, sure: true });
        }
    }
    None
}

/// A word with a prefix of its program.
fn token(text: &str) -> Option<Form<'_>> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    for word in text.split(|c: char| !part(c)).filter(|it| it.len() >= 20) {
        for (prefix, least, what) in TOKENS {
            let Some(rest) = word.strip_prefix(prefix) else { continue };
            let digits = rest.bytes().filter(u8::is_ascii_digit).count();
            // Those without a place that is random, as `sk-learn-…`, have several words.
            let words = *prefix == "sk-" && rest.contains('-');
            let exact = !matches!(*prefix, "AKIA" | "ASIA") || rest.len() == *least;
            if rest.len() >= *least
                && exact
                && !words
                && (digits > 0 || prefix.len() == 4 && rest.len() == 16)
                && distinct(rest) >= 8
                && !rest.to_ascii_uppercase().contains("EXAMPLE")
            {
                return Some(Form { what, text: word, sure: true });
            }
        }
    }
    signed(text)
}

/// A token of JSON that is signed (RFC 7519): who has it may be let in.
fn signed(text: &str) -> Option<Form<'_>> {
    let part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let mut words = text.split(|c: char| !part(c)).filter(|it| it.starts_with("eyJ"));
    words
        .find(|word| {
            let parts: Vec<&str> = word.split('.').collect();
            matches!(parts.as_slice(), [head, body, sign]
                if head.len() >= 16 && body.starts_with("eyJ") && sign.len() >= 20)
        })
        .map(|text| Form { what: "a signed token", text, sure: false })
}

/// Where shoutrrr sends what it has to say (its documentation, version 0.8): the token stands where other URLs have a
/// user.
fn notified(text: &str) -> Option<Form<'_>> {
    const SCHEMES: [&str; 5] =
        ["discord://", "slack://", "pushover://", "pushbullet://", "teams://"];
    let rest = SCHEMES.iter().find_map(|scheme| text.split_once(scheme)).map(|(_, rest)| rest)?;
    let (token, _) = rest.split_once('@')?;
    let token = token.rsplit(':').next().unwrap_or(token);
    let letters = token.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    (letters && token.len() >= 20 && distinct(token) >= 8).then_some(Form {
        what: "a token of who is told",
        text: token,
        sure: true,
    })
}

/// A token of a bot of Telegram.
fn bot(text: &str) -> Option<Form<'_>> {
    for (at, _) in text.match_indices(":AA") {
        let before = text.get(..at)?;
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        let behind = text.get(at + 1..)?;
        let letters = |c: &u8| c.is_ascii_alphanumeric() || *c == b'_' || *c == b'-';
        let count = behind.bytes().take_while(letters).count();
        if (8..=11).contains(&digits) && (33..=36).contains(&count) {
            let text = text.get(at - digits..at + 1 + count)?;
            return Some(Form { what: "a token of a Telegram bot", text, sure: true });
        }
    }
    None
}

/// A password in an address, and addresses that let somebody in by themselves.
fn address(text: &str) -> Option<Form<'_>> {
    for (at, _) in text.match_indices("://") {
        let scheme = text.get(..at)?;
        let letters = |c: &u8| c.is_ascii_alphanumeric() || b"+-.".contains(c);
        let start = at - scheme.bytes().rev().take_while(letters).count();
        let rest = text.get(at + 3..)?;
        let ends = |c: char| c.is_whitespace() || "\"'`<>\\|^,;".contains(c);
        let whole = rest.split(ends).next().unwrap_or(rest);
        let found = text.get(start..at + 3 + whole.len())?;
        let authority = whole.split(['/', '?', '#']).next().unwrap_or(whole);
        if let Some((user, _)) = authority.rsplit_once('@')
            && let Some((_, password)) = user.split_once(':')
            && is_said(password)
            && !(text.contains(' ') && matches!(password, "pass" | "password"))
        {
            return Some(Form { what: "an address with a password", text: found, sure: false });
        }
        for (hook, what) in HOOKS {
            let path = whole.strip_prefix(hook).or_else(|| whole.split_once(hook).map(|it| it.1));
            if path.is_some_and(|it| it.len() >= 20 && distinct(it) >= 10 && is_said(it)) {
                return Some(Form { what, text: found, sure: false });
            }
        }
        let query = whole.split_once('?').map_or("", |it| it.1);
        for (name, value) in query.split('&').filter_map(|it| it.split_once('=')) {
            let digits = value.bytes().filter(u8::is_ascii_digit).count();
            if QUERY.contains(&name) && value.len() >= 8 && digits > 0 && is_said(value) {
                return Some(Form { what: "an address with a token", text: found, sure: false });
            }
        }
    }
    None
}

/// Whether it is said itself, and not by a variable.
fn is_said(value: &str) -> bool {
    !value.is_empty()
        && !value.contains(['$', '{', '}', '<', '>', '*'])
        && !stands_for_another(value)
        && !is_hash(value)
}
