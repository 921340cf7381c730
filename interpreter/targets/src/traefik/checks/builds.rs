//! What Traefik 3.7 builds a middleware from: each of its constructors (`pkg/middlewares`) gives up on some values,
//! and with the middleware goes every router that uses it.

use qg_fleet::choice::{Choice, Options};
use qg_fleet::leaf::{At, Data, OriginId};

use super::media_type;
use super::predicate::{self, About};
use crate::checks::patterns::go_problem;
use crate::traefik;

/// Lists that must have something in them, and what to say where they have not.
const NOT_EMPTY: &[(&str, &str, &str)] = &[
    ("chain", "middlewares", "the chain is empty"),
    ("errors", "status", "`status` is empty"),
    ("grpcWeb", "allowOrigins", "`allowOrigins` is empty"),
    ("ipAllowList", "sourceRange", "it lets nobody in: `sourceRange` is empty"),
    ("stripPrefix", "prefixes", "`prefixes` is empty"),
    ("stripPrefixRegex", "regex", "`regex` is empty"),
];

/// Regular expressions.
const PATTERNS: &[(&str, &str)] = &[
    ("forwardAuth", "authResponseHeadersRegex"),
    ("headers", "accessControlAllowOriginListRegex"),
    ("redirectRegex", "regex"),
    ("replacePathRegex", "regex"),
    ("stripPrefixRegex", "regex"),
];

/// Paths, and what to say where they do not begin with `/`.
const PATHS: &[(&str, &str, &str)] = &[
    ("addPrefix", "prefix", "a prefix begins with `/`"),
    ("errors", "query", "the address of a page begins with `/`"),
    ("replacePath", "path", "a path begins with `/`"),
];

/// Numbers that are not below zero.
const COUNTS: &[(&str, &str)] = &[("rateLimit", "average"), ("rateLimit", "burst")];

/// Expressions, and what they are about.
const EXPRESSIONS: &[(&str, &str, About)] = &[
    ("buffering", "retryExpression", About::Request),
    ("circuitBreaker", "expression", About::Answers),
];

/// Options that lie in others and say what the client's address is; whole options first.
const STRATEGIES: &[(&str, &[&str])] = &[
    ("inFlightReq", &["sourceCriterion", "ipStrategy"]),
    ("ipAllowList", &["ipStrategy"]),
    ("rateLimit", &["sourceCriterion", "ipStrategy"]),
];

/// How the proxy shows itself to a server: a certificate has a key.
const CERTIFICATES: &[(&str, &[&str])] =
    &[("forwardAuth", &["tls"]), ("rateLimit", &["redis", "tls"])];

/// What Traefik cannot build: each place with the reason.
pub(super) fn troubles(does: &At<Choice>) -> Troubles {
    let mut all = Vec::new();
    let is = |row: &str| does.kind == row;
    for (_, list, why) in NOT_EMPTY.iter().filter(|row| is(row.0)) {
        if does.items(list).next().is_none() {
            all.push((origin(does, list), (*why).to_owned()));
        }
    }
    let nobody = match does.kind.as_str() {
        "basicAuth" | "digestAuth" => !says(does, "users") && !says(does, "usersFile"),
        _ => false,
    };
    if nobody {
        all.push((OriginId(0), "it knows nobody: say `users` or `usersFile`".to_owned()));
    }
    if all.is_empty() && says_nothing(does) {
        all.push((OriginId(0), "it says nothing".to_owned()));
    }
    texts(does, &mut all);
    match does.kind.as_str() {
        "basicAuth" => users(does, 2, &mut all),
        "compress" => compress(does, &mut all),
        "digestAuth" => users(does, 3, &mut all),
        "errors" => rewrites(does, &mut all),
        "inFlightReq" | "rateLimit" => one_criterion(does, &mut all),
        "ipAllowList" => reject_code(does, &mut all),
        "retry" => never_again(does, &mut all),
        _ => {}
    }
    for (_, path) in STRATEGIES.iter().filter(|row| is(row.0)) {
        if let Some(bits) = inside(&does.options, path).and_then(|it| it.get("ipv6Subnet"))
            && bits.value == Data::Int(0)
        {
            all.push((bits.origin, "with 0 bits every IPv6 address would be the same".to_owned()));
        }
    }
    for (_, path) in CERTIFICATES.iter().filter(|row| is(row.0)) {
        let Some(tls) = inside(&does.options, path) else { continue };
        let alone = match (tls.get("cert"), tls.get("key")) {
            (Some(cert), None) => Some((cert.origin, "a certificate is shown with its `key`")),
            (None, Some(key)) => Some((key.origin, "a key belongs to a certificate: say `cert`")),
            (Some(_), Some(_)) | (None, None) => None,
        };
        all.extend(alone.map(|(origin, why)| (origin, why.to_owned())));
    }
    all
}

type Troubles = Vec<(OriginId, String)>;

fn origin(does: &At<Choice>, name: &str) -> OriginId {
    does.get(name).map_or(OriginId(0), |data| data.origin)
}

fn says(does: &At<Choice>, name: &str) -> bool {
    does.get(name).is_some_and(|data| !is_empty(data))
}

/// The options at a way through others.
fn inside<'f>(options: &'f Options, path: &[&str]) -> Option<&'f Options> {
    let Some((first, rest)) = path.split_first() else { return Some(options) };
    match &options.get(*first)?.value {
        Data::Record(fields) => inside(fields, rest),
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Text(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_)
        | Data::List(_) => None,
    }
}

/// Whether nothing is left of a middleware. Of `headers` Traefik asks for one that does something.
fn says_nothing(does: &At<Choice>) -> bool {
    let idle = |data: &Data| match data {
        Data::Bool(on) => !on,
        Data::Text(text) => text.is_empty(),
        Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_)
        | Data::List(_)
        | Data::Record(_) => is_empty(data),
    };
    match does.kind.as_str() {
        "headers" => does.options.values().all(|data| idle(data)),
        kind if traefik::may_be_empty(kind) => false,
        _ => does.options.values().all(|data| is_empty(data)),
    }
}

/// What is read from text, and numbers with limits.
fn texts(does: &At<Choice>, all: &mut Troubles) {
    let is = |row: &str| does.kind == row;
    for (_, name) in PATTERNS.iter().filter(|row| is(row.0)) {
        for pattern in does.items(name) {
            // Traefik takes blanks off both ends.
            if let Some(why) = pattern.text().map(str::trim).and_then(go_problem) {
                all.push((pattern.origin, why));
            }
        }
    }
    for (_, name, why) in PATHS.iter().filter(|row| is(row.0)) {
        if let Some(path) = does.get(name)
            && !path.text().is_some_and(|path| path.starts_with('/'))
        {
            all.push((path.origin, (*why).to_owned()));
        }
    }
    for (_, name) in COUNTS.iter().filter(|row| is(row.0)) {
        if let Some(number) = does.get(name)
            && matches!(number.value, Data::Int(it) if it < 0)
        {
            all.push((number.origin, format!("no `{name}` is below zero")));
        }
    }
    for (_, name, about) in EXPRESSIONS.iter().filter(|row| is(row.0)) {
        if let Some(expression) = does.get(name)
            && let Some(text) = expression.text()
            && let Some(why) = predicate::problem(text, *about)
        {
            all.push((expression.origin, format!("`{text}` is no condition: {why}")));
        }
    }
    if is("redirectScheme")
        && let Some(scheme) = does.get("scheme")
        && scheme.text() == Some("")
    {
        all.push((scheme.origin, "it leads to no scheme".to_owned()));
    }
}

/// Why a text is no range of answers.
fn bad_range(text: &str) -> Option<String> {
    let number = |text: &str| {
        text.len() == 3 && text.parse::<u16>().is_ok_and(|it| (100..600).contains(&it))
    };
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let good = number(from) && number(to);
    (!good).then(|| format!("`{text}` is no answer: write `404` or `500-599`"))
}

fn rewrites(does: &At<Choice>, all: &mut Troubles) {
    let Some(data) = does.get("statusRewrites") else { return };
    if let Data::Record(fields) = &data.value {
        for (from, to) in fields {
            all.extend(bad_range(from).map(|why| (to.origin, why)));
        }
    }
}

fn compress(does: &At<Choice>, all: &mut Troubles) {
    for name in ["excludedContentTypes", "includedContentTypes"] {
        for kind in does.items(name) {
            if let Some(text) = kind.text()
                && let Some(why) = media_type::problem(text)
            {
                all.push((kind.origin, format!("`{text}` is no media type: {why}")));
            }
        }
    }
    if says(does, "excludedContentTypes") && says(does, "includedContentTypes") {
        let origin = origin(does, "includedContentTypes");
        all.push((origin, "some types are left out, and some taken alone".to_owned()));
    }
    if let Some(default) = does.get("defaultEncoding")
        && says(does, "encodings")
        && !does.items("encodings").any(|it| it.value == default.value)
    {
        let why = "`defaultEncoding` is none of `encodings`".to_owned();
        all.push((default.origin, why));
    }
}

/// A user is a line of so many parts with `:` between them; what is in a secret is not known here.
fn users(does: &At<Choice>, parts: usize, all: &mut Troubles) {
    for user in does.items("users") {
        let Data::Sealed(line) = &user.value else { continue };
        let colons: usize = line
            .0
            .iter()
            .filter_map(|part| part.text())
            .map(|text| text.matches(':').count())
            .sum();
        // A secret may hold more than the hash.
        if colons >= parts {
            let shape = if parts == 2 { "`NAME:HASH`" } else { "`NAME:REALM:HASH`" };
            all.push((user.origin, format!("a user is {shape}, with no further `:`")));
        }
    }
}

/// A source is told apart by one thing.
fn one_criterion(does: &At<Choice>, all: &mut Troubles) {
    let Some(source) = inside(&does.options, &["sourceCriterion"]) else { return };
    let said = |name: &&str| match source.get(*name).map(|it| &it.value) {
        None | Some(Data::Bool(false)) => false,
        Some(Data::Text(text)) => !text.is_empty(),
        Some(_) => true,
    };
    let all_said = ["ipStrategy", "requestHeaderName", "requestHost"].into_iter().filter(said);
    let said: Vec<&str> = all_said.collect();
    if let [first, second, ..] = said.as_slice()
        && let Some(second_at) = source.get(*second)
    {
        let why = format!("one thing tells sources apart, `{first}` or `{second}`");
        all.push((second_at.origin, why));
    }
}

/// Answers that have a name in Go's `net/http`; Traefik refuses with no others.
fn reject_code(does: &At<Choice>, all: &mut Troubles) {
    let Some(code) = does.get("rejectStatusCode") else { return };
    let named = matches!(
        code.value,
        Data::Int(
            100..=103
            | 200..=208
            | 226
            | 300..=305
            | 307
            | 308
            | 400..=418
            | 421..=426
            | 428
            | 429
            | 431
            | 451
            | 500..=508
            | 510
            | 511,
        )
    );
    if !named {
        all.push((code.origin, "HTTP has no answer of that number".to_owned()));
    }
}

fn never_again(does: &At<Choice>, all: &mut Troubles) {
    if let Some(never) = does.get("disableRetryOnNetworkError")
        && never.value == Data::Bool(true)
        && !says(does, "status")
    {
        let why = "it would never try again: say which `status` counts as a failure";
        all.push((never.origin, why.to_owned()));
    }
}

fn is_empty(data: &Data) -> bool {
    match data {
        Data::List(items) => items.is_empty(),
        Data::Record(fields) => fields.values().all(|data| is_empty(data)),
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Text(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_) => false,
    }
}
