//! Rules of access, one by one.

use qg_lang::network::is_network;

use super::Report;
use super::view::View;
use crate::checks::patterns::go_problem;

const METHODS: &[&str] = &[
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "TRACE",
    "CONNECT",
    "OPTIONS",
    "COPY",
    "LOCK",
    "MKCOL",
    "MOVE",
    "PROPFIND",
    "PROPPATCH",
    "UNLOCK",
];
const OPERATORS: &[&str] = &["present", "absent", "equal", "not equal", "pattern", "not pattern"];

pub(super) fn check(root: &View<'_>, report: &mut Report) {
    let access = root.get("access_control");
    let rules = access.as_ref().map_or_else(Vec::new, |it| it.list("rules"));
    if rules.is_empty() {
        let default = root.text_at("access_control.default_policy");
        if !matches!(default, "one_factor" | "two_factor") {
            let at = access.unwrap_or_else(|| root.clone());
            report.say(&at, "without rules `default_policy` is `one_factor` or `two_factor`");
        }
        return;
    }
    let networks = Networks::of(root);
    networks.check(report);
    let clients = root.list("identity_providers.oidc.clients");
    let clients: Vec<&str> = clients.iter().map(|it| it.text_at("client_id")).collect();
    for rule in rules.iter().filter(|rule| rule.is_map()) {
        one(rule, &networks, &clients, report);
    }
}

fn one(rule: &View<'_>, networks: &Networks<'_>, clients: &[&str], report: &mut Report) {
    if !rule.has("domain") && !rule.has("domain_regex") {
        report.say(rule, "a rule has a `domain`");
    }
    for domain in rule.list("domain") {
        if domain.text().is_some_and(|it| it.chars().any(|c| c.is_ascii_uppercase())) {
            report.say(
                &domain,
                "a domain is written in small letters: with others no request has it",
            );
        }
    }
    if !rule.has("policy") {
        report.say(rule, "a rule has a `policy`");
    }
    for key in ["domain_regex", "resources"] {
        for pattern in rule.list(key) {
            let Some(text) = pattern.text() else { continue };
            if text.is_empty() {
                report.say(&pattern, "an empty pattern matches everything");
            } else if let Some(why) = go_problem(text).filter(|_| !names_somebody(text)) {
                report.say(&pattern, format!("`{text}` is no pattern: {why}"));
            }
        }
    }
    if rule.text_at("policy") == "bypass" {
        let named = |it: &View<'_>| it.text().is_some_and(names_somebody);
        if rule.has("subject") {
            report.say(rule, "`bypass` holds for everybody: it has no `subject`");
        } else if rule.list("domain_regex").iter().any(named) {
            report.say(rule, "`bypass` knows nobody whose name could stand in a domain");
        }
    }
    subjects(rule, clients, report);
    for network in rule.list("networks") {
        if let Some(name) = network.text().filter(|name| !networks.knows(name)) {
            report.say(&network, format!("`{name}` is no network and no name of one"));
        }
    }
    let mut seen = Vec::new();
    for method in rule.list("methods") {
        let Some(name) = method.text() else { continue };
        if !METHODS.contains(&name) {
            report.say(&method, format!("`{name}` is no method: those are in capitals"));
        } else if seen.contains(&name) {
            report.say(&method, format!("`{name}` is said twice"));
        }
        seen.push(name);
    }
    for item in rule.list("query") {
        item.items().iter().filter(|it| it.is_map()).for_each(|it| query(it, report));
    }
}

/// Whether a part of a pattern stands for the name of who asks.
fn names_somebody(pattern: &str) -> bool {
    pattern.contains("(?P<User>") || pattern.contains("(?P<Group>")
}

fn subjects(rule: &View<'_>, clients: &[&str], report: &mut Report) {
    for subject in rule.list("subject").iter().flat_map(View::items) {
        if let Some(why) = subject.text().and_then(|text| subject_problem(text, Some(clients))) {
            report.say(&subject, why);
        }
    }
}

/// What is wrong with a subject. Where clients are no subjects, none are given.
pub(super) fn subject_problem(text: &str, clients: Option<&[&str]>) -> Option<String> {
    let client = text.strip_prefix("oauth2:client:");
    match (client, clients) {
        (Some(id), Some(clients)) if !clients.contains(&id) => {
            Some(format!("there is no client `{id}`"))
        }
        (Some(_), Some(_)) => None,
        _ if !text.starts_with("user:") && !text.starts_with("group:") => {
            Some(format!("`{text}` does not begin with `user:` or `group:`"))
        }
        // A text where a list may stand is cut at its commas.
        _ if text.contains(',') => {
            Some(format!("`{text}` would be read as several, because of its comma"))
        }
        _ => None,
    }
}

fn query(item: &View<'_>, report: &mut Report) {
    let operator = item.text_at("operator").to_lowercase();
    let in_capitals = operator != item.text_at("operator");
    if !operator.is_empty() && !OPERATORS.contains(&operator.as_str()) {
        report.say(item, format!("`{operator}` is none of {}", OPERATORS.join(", ")));
    }
    if !item.has("key") {
        report.say(item, "a question about the query has a `key`");
    }
    let value = item.get("value");
    let text = value.as_ref().and_then(View::text);
    let valued = in_capitals || !matches!(operator.as_str(), "" | "present" | "absent");
    if value.as_ref().is_some_and(|it| it.text().is_none()) {
        report.say(item, "its `value` is a text");
    } else if valued && value.is_none() {
        report.say(item, format!("`{operator}` needs a `value`"));
    } else if in_capitals {
        report.say_of_nothing(item, "an operator with capitals is accepted, and never tested");
    } else if matches!(operator.as_str(), "present" | "absent")
        && text.is_some_and(|it| !it.is_empty())
    {
        report.say(item, format!("`{operator}` has no `value`"));
    } else if operator.ends_with("pattern")
        && let Some(why) = text.and_then(go_problem)
    {
        report.say(item, format!("its `value` is no pattern: {why}"));
    }
}

/// The names of networks.
pub(super) struct Networks<'t> {
    names: Vec<String>,
    members: Vec<View<'t>>,
}

impl<'t> Networks<'t> {
    pub(super) fn of(root: &View<'t>) -> Networks<'t> {
        let (mut names, mut members) = (Vec::new(), Vec::new());
        if let Some(defined) = root.get("definitions.network") {
            for (name, list) in defined.entries() {
                names.push(name.to_owned());
                members.extend(list.items());
            }
        }
        for old in root.list("access_control.networks") {
            names.extend(old.list("name").iter().filter_map(|it| it.text().map(str::to_owned)));
            members.extend(old.list("networks"));
        }
        Networks { names, members }
    }

    /// Names stand for addresses, and not for one another.
    fn check(&self, report: &mut Report) {
        for member in &self.members {
            if let Some(text) = member.text().filter(|text| !is_network(text)) {
                report.say(member, format!("`{text}` is no network"));
            }
        }
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.names.iter().any(|it| it == name) || is_network(name)
    }
}
