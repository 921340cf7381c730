//! In which order a request goes through middlewares: what changes the address that a login server is told of comes
//! after it has been asked, so that it judges what people asked for.

use qg_fleet::Model;
use qg_fleet::choice::Choice;
use qg_fleet::guards::{Step, steps};
use qg_fleet::leaf::{At, Data, EntityPath};
use qg_fleet::middleware::Middleware;
use qg_fleet::proxy::Proxy;
use qg_fleet::ways::ServiceRoute;

/// Middlewares that change the path.
const PATHS: &[&str] =
    &["addPrefix", "replacePath", "replacePathRegex", "stripPrefix", "stripPrefixRegex"];

/// Headers by which a login server knows who asks, and for what.
const TOLD: &[&str] = &["authorization", "cookie", "host", "proxy-authorization"];
const TOLD_TOO: &[&str] = &["x-forwarded-", "x-original-"];

/// Whether a login server behind a middleware would be told of another address, or of another visitor. What a
/// plugin does only it knows.
#[must_use]
pub(crate) fn rewrites(middleware: &Middleware) -> bool {
    let does = &middleware.does;
    match does.kind.as_str() {
        "headers" => match does.get("customRequestHeaders").map(|it| &it.value) {
            Some(Data::Record(headers)) => headers.keys().any(|name| is_told(name)),
            Some(_) | None => false,
        },
        "plugin" => does.get("rewrites").is_none_or(|it| it.value == Data::Bool(true)),
        kind => writes_path(kind),
    }
}

/// Whether a kind of middleware changes the path.
pub(crate) fn writes_path(kind: &str) -> bool {
    PATHS.iter().any(|known| known.eq_ignore_ascii_case(kind))
}

/// Whether a header tells a login server who asks, or for what.
pub(crate) fn is_told(header: &str) -> bool {
    let name = header.to_ascii_lowercase();
    TOLD.contains(&name.as_str()) || TOLD_TOO.iter().any(|start| name.starts_with(start))
}

/// The middlewares of a route, as they are referred to.
pub(super) struct Order<'f> {
    pub(super) before_login: Vec<&'f At<EntityPath>>,
    pub(super) after_login: Vec<&'f At<EntityPath>>,
    steps: Vec<Step<'f>>,
}

impl<'f> Order<'f> {
    pub(super) fn of(model: &'f Model, proxy: &'f Proxy, way: ServiceRoute<'f>) -> Order<'f> {
        let exempt = proxy.exempts(way.service);
        let own: Vec<&At<EntityPath>> = proxy.r#use.iter().filter(|_| !exempt).collect();
        let (mut after_login, before_login): (Vec<_>, Vec<_>) = own
            .into_iter()
            .partition(|path| steps(model, [*path]).iter().any(|step| rewrites(step.middleware)));
        after_login.extend(way.route.r#use.iter());
        let all = before_login.iter().chain(&after_login).copied();
        let steps = steps(model, all);
        Order { before_login, after_login, steps }
    }

    /// Whether no middleware of the user's own says which characters may stand encoded in a path.
    pub(super) fn says_nothing_of_encoding(&self) -> bool {
        !self.steps.iter().any(|step| step.middleware.does.kind == "encodedCharacters")
    }
}

/// Characters that let a path pass for another one, where a middleware lets them in encoded: a slash and what is
/// taken for one, a `%` that is decoded once more, a `?` where the path seems to end, and what ends a text.
const DANGEROUS: &[&str] = &[
    "allowEncodedBackSlash",
    "allowEncodedNullCharacter",
    "allowEncodedPercent",
    "allowEncodedQuestionMark",
    "allowEncodedSlash",
];

/// Which of them a middleware `encodedCharacters` lets in.
pub(crate) fn encoded_allowed(does: &Choice) -> Option<(&'static str, &At<Data>)> {
    let on = |name: &&'static str| Some((*name, does.get(name)?));
    DANGEROUS.iter().filter_map(on).find(|(_, it)| it.value == Data::Bool(true))
}
