//! Who may pass where: `access_control`.
//!
//! Authelia takes the first rule that matches, and before login a rule with subjects matches everybody. So
//! each route gets one run of rules that no request of it leaves: what is open, who may pass, and where
//! somebody is named, "nobody else". Runs stand in the order of their paths, longest first, so that what lies
//! below a path never meets the rules of what lies above.

use std::cmp::Reverse;

use super::bypass::on_path;
use super::settings::text;
use crate::fleet::Fleet;
use crate::fleet::Model;
use crate::fleet::leaf::{At, EntityPath, OriginId};
use crate::fleet::portal::Portal;
use crate::fleet::route::{Factor, Login, Sso};
use crate::fleet::ways::Way;
use crate::formats::{Entries, Node, Tree};

pub(super) fn tree(fleet: &Fleet, key: &str, portal: &At<Portal>) -> Tree {
    let mut rules = Vec::new();
    let mut guarded: Vec<(Way<'_>, &Sso)> = fleet.model.guarded_by(key).collect();
    guarded.sort_by_key(|(way, _)| Reverse(way.below().len()));
    for (way, sso) in guarded {
        run(&mut rules, fleet, way, sso);
    }
    let by = portal.origin;
    if rules.is_empty() {
        // Authelia refuses to start with nothing but a default of `deny`.
        let domain = &fleet.model.fleet.domain;
        let below = domain.map(|domain| format!("*.{domain}"));
        let domains = vec![text(domain), text(&below)];
        rules.push(rule(Tree::list(domains, domain.origin), "deny", by).tree(by));
    }
    let mut access = Entries::new();
    access.put("default_policy", Tree::text("deny", by));
    access.put("rules", Tree::list(rules, by));
    access.tree(by)
}

/// The rules of one route.
fn run(rules: &mut Vec<Tree>, fleet: &Fleet, way: Way<'_>, sso: &Sso) {
    let by = way.route.login.origin;
    let names = fleet.model.names(way.route);
    let name = |name: &At<String>| {
        let origins = fleet.model.name_origins(way.route, name);
        Tree::new(Node::Text(name.value.clone()), &origins)
    };
    let domains = Tree::list(names.iter().map(name).collect(), way.route.host.origin);
    let below = way.route.path.as_ref().filter(|_| !way.below().is_empty()).map(|path| {
        // Over path and query, without anchors of its own. What comes behind is not matched: `.` stops at a line
        // break, which a client may write as `%0a`.
        let pattern = format!("^{}([/?]|$)", regex::escape(&way.below()));
        Tree::list(vec![Tree::text(pattern, path.origin)], path.origin)
    });
    if !sso.bypass.is_empty() {
        let mut open = rule(domains.clone(), "bypass", by);
        // What cannot be written so is refused by a check.
        let write = |it: &At<String>| Some(Tree::text(on_path(it).ok()?, it.origin));
        let patterns = sso.bypass.iter().filter_map(write).collect();
        open.put("resources", Tree::list(patterns, sso.bypass.origin));
        rules.push(open.tree(by));
    }
    let policy = factor(sso.factor.value);
    let mut pass = rule(domains.clone(), policy, sso.factor.origin);
    pass.put_some("resources", below.clone());
    let allow = subjects(&fleet.model, &sso.allow);
    if !sso.allow.is_empty() {
        pass.put("subject", allow);
    }
    rules.push(pass.tree(by));
    if !sso.allow.is_empty() {
        let mut deny = rule(domains, "deny", sso.allow.origin);
        deny.put_some("resources", below);
        rules.push(deny.tree(by));
    }
}

fn rule(domains: Tree, policy: &str, by: OriginId) -> Entries {
    let mut rule = Entries::new();
    rule.put("domain", domains);
    rule.put("policy", Tree::text(policy, by));
    rule
}

pub(super) fn factor(factor: Factor) -> &'static str {
    match factor {
        Factor::One => "one_factor",
        Factor::Two => "two_factor",
    }
}

/// Any of these: `group:admin`, `user:alice`.
pub(super) fn subjects(model: &Model, allow: &At<Vec<At<EntityPath>>>) -> Tree {
    let subjects = allow.iter().map(|path| {
        let subject = match model.people.get(path.entity()) {
            Some(people) if path.kind() == "people" => {
                let origins = [path.origin, people.group.origin];
                let group = format!("group:{}", people.group.value);
                return Tree::new(crate::formats::Node::Text(group), &origins);
            }
            _ => format!("user:{}", path.entity()),
        };
        Tree::text(subject, path.origin)
    });
    Tree::list(subjects.collect(), allow.origin)
}

/// Guarded routes, with what guards them.
impl Model {
    /// The routes that ask a portal, through whatever proxy.
    pub fn guarded_by<'f>(&'f self, portal: &'f str) -> impl Iterator<Item = (Way<'f>, &'f Sso)> {
        let asks = move |proxy: &&str| {
            let on = self.proxy.get(*proxy).map(|proxy| proxy.on.entity());
            on.and_then(|on| self.portal_for(on)).is_some_and(|(key, _)| key == portal)
        };
        let proxies = self.proxy.keys().map(String::as_str).filter(asks);
        let mut ways: Vec<Way<'f>> = proxies.flat_map(|proxy| self.ways_of(proxy)).collect();
        ways.sort_by_key(|way| (way.service, way.name));
        ways.into_iter().filter_map(|way| match &way.route.login.value {
            Login::Sso(sso) if way.route.is_http() => Some((way, sso)),
            Login::Sso(_) | Login::Own | Login::None => None,
        })
    }
}
