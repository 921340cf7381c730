//! Who may pass where: `access_control`.
//!
//! Authelia takes the first rule that matches, and before login a rule with subjects matches everybody. So
//! each route gets one run of rules that no request of it leaves: what is open, who may pass, and where
//! somebody is named, "nobody else". Runs stand in the order of their paths, longest first, so that what lies
//! below a path never meets the rules of what lies above.

use qg_fleet::Model;
use qg_fleet::leaf::{At, EntityPath, OriginId};
use qg_fleet::portal::Portal;
use qg_fleet::route::Factor;
use qg_formats::{Entries, Tree, TreeNode};

use super::bypass::on_path;
use super::guards::{Run, runs};
use super::settings::text;
use crate::Prepared;

pub(super) fn tree(fleet: &Prepared<'_>, key: &str, portal: &At<Portal>) -> Tree {
    let mut rules = Vec::new();
    for of in runs(&fleet.model, key) {
        run(&mut rules, fleet, &of);
    }
    let by = portal.origin;
    if rules.is_empty() {
        // Authelia refuses to start with nothing but a default of `deny`.
        let domain = fleet.model.fleet.domain.map(|domain| domain.to_lowercase());
        let below = domain.map(|domain| format!("*.{domain}"));
        let domains = vec![text(&domain), text(&below)];
        rules.push(rule(Tree::list(domains, domain.origin), "deny", by).tree(by));
    }
    let mut access = Entries::new();
    access.put("default_policy", Tree::text("deny", by));
    access.put("rules", Tree::list(rules, by));
    access.tree(by)
}

/// The rules of a path of some names.
fn run(rules: &mut Vec<Tree>, fleet: &Prepared<'_>, of: &Run<'_>) {
    let (way, sso) = of.own;
    let by = way.route.login.origin;
    let name = |name: &At<String>| {
        let origins = fleet.model.name_origins(way.route, name);
        Tree::new(TreeNode::Text(name.value.clone()), &origins)
    };
    let domains = Tree::list(of.names.iter().map(name).collect(), way.route.host.origin);
    let below = way.route.path.as_ref().filter(|_| !way.below().is_empty()).map(|path| {
        // Over path and query, without anchors of its own. What comes behind is not matched: `.` stops at a line
        // break, which a client may write as `%0a`.
        let pattern = format!("^{}([/?]|$)", regex::escape(&way.below()));
        Tree::list(vec![Tree::text(pattern, path.origin)], path.origin)
    });
    let bypass = of.bypass();
    if !bypass.is_empty() {
        let mut open = rule(domains.clone(), "bypass", by);
        // What cannot be written so is refused by a check.
        let write = |it: &At<String>| Some(Tree::text(on_path(it).ok()?, it.origin));
        let patterns = bypass.into_iter().filter_map(write).collect();
        open.put("resources", Tree::list(patterns, sso.bypass.origin));
        rules.push(open.tree(by));
    }
    let mut pass = rule(domains.clone(), factor(of.factor().value), of.factor().origin);
    pass.put_some("resources", below.clone());
    let allow = of.allow();
    if let Some(lists) = &allow {
        pass.put("subject", all_of(&fleet.model, lists, sso.allow.origin));
    }
    // Where nobody is left, nobody passes.
    if allow.as_ref().is_none_or(|lists| !lists.is_empty()) {
        rules.push(pass.tree(by));
    }
    if allow.is_some() {
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
    Tree::list(allow.iter().map(|path| subject(model, path)).collect(), allow.origin)
}

/// Any of these lists; a list of several is everybody in it at once.
fn all_of(model: &Model, lists: &[Vec<&At<EntityPath>>], by: OriginId) -> Tree {
    let flat = lists.iter().all(|list| list.len() == 1);
    let list = |list: &Vec<&At<EntityPath>>| {
        let subjects = list.iter().map(|path| subject(model, path)).collect();
        Tree::list(subjects, list.first().map_or(by, |it| it.origin))
    };
    let items = match flat {
        true => lists.iter().flatten().map(|path| subject(model, path)).collect(),
        false => lists.iter().map(list).collect(),
    };
    Tree::list(items, by)
}

fn subject(model: &Model, path: &At<EntityPath>) -> Tree {
    match model.people.get(path.entity()) {
        Some(people) if path.kind() == "people" => {
            let origins = [path.origin, people.group.origin];
            Tree::new(TreeNode::Text(format!("group:{}", people.group.value)), &origins)
        }
        _ => Tree::text(format!("user:{}", path.entity()), path.origin),
    }
}
