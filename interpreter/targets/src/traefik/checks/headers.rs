//! Names and values that no header of HTTP can have (RFC 9110, 5.1 and 5.5). Go's server leaves such a header of an
//! answer out or makes blanks of its line breaks, and its client refuses to send such a request
//! (`httpguts.ValidHeaderFieldName`, `ValidHeaderFieldValue`): nobody would hear of it. Looked at is what is written,
//! the user's own options included.

use qg_fleet::checks::place::own_place;
use qg_fleet::leaf::OriginId;
use qg_formats::{Tree, TreeNode, TreePiece};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target;

use crate::checks::Check;
use crate::{Prepared, authelia, traefik};

pub(super) const CHECK: Check = Check { codes: &[target::HEADER], run };

/// What stands at a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Names of headers, or one; `*` is a name too.
    Names,
    Values,
    /// Names with their values.
    Headers,
    /// A method, which has the characters of a name.
    Method,
}

use What::{Headers, Method, Names, Values};

/// Keys of a middleware, behind its kind.
const MIDDLEWARE: &[(&str, &[&str], What)] = &[
    ("basicAuth", &["headerField"], Names),
    ("digestAuth", &["headerField"], Names),
    ("errors", &["errorRequestHeaders"], Names),
    ("forwardAuth", &["authRequestHeaders"], Names),
    ("forwardAuth", &["authResponseHeaders"], Names),
    ("forwardAuth", &["headerField"], Names),
    ("headers", &["accessControlAllowHeaders"], Names),
    ("headers", &["accessControlAllowMethods"], Method),
    ("headers", &["accessControlAllowOriginList"], Values),
    ("headers", &["accessControlExposeHeaders"], Names),
    ("headers", &["contentSecurityPolicy"], Values),
    ("headers", &["contentSecurityPolicyReportOnly"], Values),
    ("headers", &["customBrowserXSSValue"], Values),
    ("headers", &["customFrameOptionsValue"], Values),
    ("headers", &["customRequestHeaders"], Headers),
    ("headers", &["customResponseHeaders"], Headers),
    ("headers", &["hostsProxyHeaders"], Names),
    ("headers", &["permissionsPolicy"], Values),
    ("headers", &["publicKey"], Values),
    ("headers", &["referrerPolicy"], Values),
    ("headers", &["sslProxyHeaders"], Headers),
    ("inFlightReq", &["sourceCriterion", "requestHeaderName"], Names),
    ("rateLimit", &["sourceCriterion", "requestHeaderName"], Names),
];

/// Keys of a service.
const SERVICE: &[(&str, &[&str], What)] = &[
    ("loadBalancer", &["healthCheck", "headers"], Headers),
    ("loadBalancer", &["healthCheck", "hostname"], Values),
    ("loadBalancer", &["healthCheck", "method"], Method),
];

/// Keys of an entry point.
const ENTRY: &[(&str, &[&str], What)] = &[("forwardedHeaders", &["connection"], Names)];

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for of in fleet.model.traefiks() {
        let (fixed, _) = traefik::static_options(fleet, of);
        let (dynamic, _) = traefik::dynamic_options(fleet, of);
        let http = |section| dynamic.at(&["http", section]).into_iter().flat_map(Tree::entries);
        let points = fixed.at(&["entryPoints"]).into_iter().flat_map(Tree::entries);
        let all = http("middlewares")
            .map(|it| (it.1, MIDDLEWARE))
            .chain(http("services").map(|it| (it.1, SERVICE)))
            .chain(points.map(|it| (it.1, ENTRY)));
        for (tree, keys) in all {
            for (kind, way, what) in keys {
                if let Some(said) = tree.at(&[kind]).and_then(|it| it.at(way)) {
                    look(fleet, said, *what, found);
                }
            }
        }
    }
    for of in fleet.model.authelias() {
        let (settings, _) = authelia::configuration(fleet, of);
        if let Some(policy) = settings.at(&["server", "headers", "csp_template"]) {
            look(fleet, policy, Values, found);
        }
    }
}

fn look(fleet: &Prepared<'_>, said: &Tree, what: What, found: &mut Vec<Diagnostic>) {
    match what {
        Names | Method => {
            let what = if what == Method { "method of HTTP" } else { "header" };
            // One that is empty is none; an element that is empty was meant to be one.
            let is_list = matches!(said.node, TreeNode::List(_));
            for item in said.items() {
                if let Some(text) = item.as_text().filter(|it| is_list || !it.is_empty()) {
                    name(fleet, what, text, &item.origins, found);
                }
            }
        }
        Values => said.items().iter().for_each(|item| whole(fleet, item, found)),
        Headers => {
            for (header, text) in said.entries() {
                name(fleet, "header", header, &text.origins, found);
                whole(fleet, text, found);
            }
        }
    }
}

/// A value, of which a secret is not looked into.
fn whole(fleet: &Prepared<'_>, said: &Tree, found: &mut Vec<Diagnostic>) {
    match &said.node {
        TreeNode::Text(text) => value(fleet, text, &said.origins, found),
        TreeNode::Filled(pieces) => {
            let texts: Vec<&str> = pieces
                .iter()
                .filter_map(|piece| match piece {
                    TreePiece::Text(text) => Some(text.as_str()),
                    TreePiece::Code(_) => None,
                })
                .collect();
            value(fleet, &texts.concat(), &said.origins, found);
        }
        TreeNode::Bool(_)
        | TreeNode::Int(_)
        | TreeNode::Float(_)
        | TreeNode::List(_)
        | TreeNode::Map(_) => {}
    }
}

fn name(
    fleet: &Prepared<'_>,
    what: &str,
    text: &str,
    by: &[OriginId],
    found: &mut Vec<Diagnostic>,
) {
    let good = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if text.is_empty() || !text.chars().all(good) {
        let message = format!("no {what} is called {text:?}");
        let help = "letters, digits, `-` and `_` stand in such a name, without blanks";
        let span = own_place(fleet, by);
        found.push(Diagnostic::error(target::HEADER, span, message).help(help));
    }
}

fn value(fleet: &Prepared<'_>, text: &str, by: &[OriginId], found: &mut Vec<Diagnostic>) {
    if let Some(odd) = text.chars().find(|c| c.is_ascii_control() && *c != '\t') {
        let message = format!("no header can hold {odd:?}, as {text:?} has it");
        let help = "say it on one line, without characters of control";
        let span = own_place(fleet, by);
        found.push(Diagnostic::error(target::HEADER, span, message).help(help));
    }
}
