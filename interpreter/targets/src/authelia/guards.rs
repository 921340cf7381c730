//! What holds where on the names of guarded routes, over all proxies that ask one portal.
//!
//! Authelia's rules know names and paths, and no proxy (`internal/authorization/rule.go`, 4.39.20). So where two
//! proxies answer for one name, a rule that one of them asked for holds behind the other as well. A run of rules is
//! therefore made for a path of a name, from the route that answers there on *each* proxy, and lets pass what every
//! one of these would: the stricter guard holds on both.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::Model;
use qg_fleet::leaf::{At, EntityPath};
use qg_fleet::path::is_below;
use qg_fleet::route::{Factor, Login, Sso};
use qg_fleet::ways::ServiceRoute;

/// More lists of who may pass than that are nobody's intention, and each further guard multiplies them.
const MOST: usize = 1000;

/// A guarded route, with what it asks for.
pub(crate) type Guard<'f> = (ServiceRoute<'f>, &'f Sso);

/// A path of some names, and what guards it.
pub(crate) struct Run<'f> {
    /// The route that the run is for.
    pub(crate) own: Guard<'f>,
    /// Those that answer there on other proxies and ask for something else.
    pub(crate) others: Vec<Guard<'f>>,
    /// Names of the route.
    pub(crate) names: Vec<At<String>>,
}

/// The runs of a portal, the longest paths first.
pub(crate) fn runs<'f>(model: &'f Model, portal: &str) -> Vec<Run<'f>> {
    let proxies = proxies(model, portal);
    let by_name: Vec<ByName<'f>> = proxies.iter().map(|ways| by_name(model, ways)).collect();
    let mut ways: Vec<Guard<'f>> = proxies.iter().flatten().filter_map(guard).collect();
    ways.sort_by_key(|(way, _)| (Reverse(way.below().len()), way.service, way.name));
    let mut done = BTreeSet::new();
    let mut runs = Vec::new();
    for own in ways {
        let mut of: Vec<Run<'f>> = Vec::new();
        for name in model.names(own.0.route) {
            if !done.insert((name.value.clone(), own.0.below().into_owned())) {
                continue;
            }
            let mut others: Vec<Guard<'f>> = Vec::new();
            for of_name in &by_name {
                let ways = of_name.get(&name.value).into_iter().flatten();
                let other = answers(ways, &own.0.below()).as_ref().and_then(guard);
                let is_new = |other: &Guard<'f>| {
                    others.iter().chain([&own]).all(|known| !is_same(known.1, other.1))
                };
                others.extend(other.filter(is_new));
            }
            let paths = |guards: &[Guard<'f>]| -> Vec<_> {
                guards.iter().map(|(way, _)| (way.service, way.name)).collect()
            };
            match of.iter_mut().find(|run| paths(&run.others) == paths(&others)) {
                Some(run) => run.names.push(name),
                None => of.push(Run { own, others, names: vec![name] }),
            }
        }
        runs.extend(of);
    }
    runs
}

/// The routes over HTTP of each proxy that asks a portal.
fn proxies<'f>(model: &'f Model, portal: &str) -> Vec<Vec<ServiceRoute<'f>>> {
    let asks = |on: &str| model.portal_for(on).is_some_and(|(key, _)| key == portal);
    let proxies = model.proxy.iter().filter(|(_, proxy)| asks(proxy.on.entity()));
    proxies.map(|(key, _)| model.ways_of(key).filter(|way| way.route.is_http()).collect()).collect()
}

fn guard<'f>(way: &ServiceRoute<'f>) -> Option<Guard<'f>> {
    match &way.route.login.value {
        Login::Sso(sso) => Some((*way, sso)),
        Login::Own | Login::None => None,
    }
}

/// The routes of one proxy that have a name.
type ByName<'f> = BTreeMap<String, Vec<ServiceRoute<'f>>>;

fn by_name<'f>(model: &Model, ways: &[ServiceRoute<'f>]) -> ByName<'f> {
    let mut all = ByName::new();
    for way in ways {
        for name in model.names(way.route) {
            all.entry(name.value).or_default().push(*way);
        }
    }
    all
}

/// Of the routes of one name the one that answers for a path: a check sees to it that longer paths come first.
fn answers<'a, 'f: 'a>(
    ways: impl Iterator<Item = &'a ServiceRoute<'f>>,
    path: &str,
) -> Option<ServiceRoute<'f>> {
    let above = |way: &&ServiceRoute<'f>| path == way.below() || is_below(path, &way.below());
    ways.filter(above).max_by_key(|way| way.below().len()).copied()
}

/// Whether two guards let the same requests pass.
fn is_same(a: &Sso, b: &Sso) -> bool {
    let set = |sso: &Sso| -> (BTreeSet<String>, BTreeSet<String>) {
        let allow = sso.allow.iter().map(|it| it.value.to_string());
        (allow.collect(), sso.bypass.iter().map(|it| it.value.clone()).collect())
    };
    a.factor.value == b.factor.value && set(a) == set(b)
}

impl<'f> Run<'f> {
    /// Every guard that holds there.
    pub(crate) fn guards(&self) -> impl Iterator<Item = &Guard<'f>> {
        std::iter::once(&self.own).chain(&self.others)
    }

    /// The stronger of the logins that are asked for.
    pub(super) fn factor(&self) -> &'f At<Factor> {
        let two = self.guards().find(|(_, sso)| sso.factor.value == Factor::Two);
        &two.unwrap_or(&self.own).1.factor
    }

    /// The patterns that every guard leaves open.
    pub(super) fn bypass(&self) -> Vec<&'f At<String>> {
        let open = |sso: &Sso, pattern: &str| sso.bypass.iter().any(|it| it.value == pattern);
        let everywhere = |it: &&At<String>| self.others.iter().all(|(_, sso)| open(sso, it));
        self.own.1.bypass.iter().filter(everywhere).collect()
    }

    /// Who may pass by every guard that names somebody: any of these lists, of each of them everybody at once.
    /// None where no guard names anybody; nobody where that would be too many lists, which a check refuses.
    pub(super) fn allow(&self) -> Option<Vec<Vec<&'f At<EntityPath>>>> {
        let mut all: Option<Vec<Vec<&'f At<EntityPath>>>> = None;
        for (_, sso) in self.guards().filter(|(_, sso)| !sso.allow.is_empty()) {
            let one: Vec<Vec<&At<EntityPath>>> = sso.allow.iter().map(|it| vec![it]).collect();
            all = Some(match all {
                None => one,
                Some(before) if before.len().saturating_mul(one.len()) > MOST => Vec::new(),
                Some(before) => both(&before, &one),
            });
        }
        all
    }

    /// Whether the guards together would name too many lists of who may pass, so that nobody does.
    pub(crate) fn is_too_much(&self) -> bool {
        let mut sets = self.guards().map(|(_, sso)| sso.allow.len().max(1));
        sets.try_fold(1_usize, usize::checked_mul).is_none_or(|all| all > MOST)
            && self.allow().is_some_and(|lists| lists.is_empty())
    }
}

/// Who is in one of the first lists and in one of the second ones. A list that holds all of a shorter one says nothing
/// more, and nobody is two people.
fn both<'f>(
    first: &[Vec<&'f At<EntityPath>>],
    second: &[Vec<&'f At<EntityPath>>],
) -> Vec<Vec<&'f At<EntityPath>>> {
    let mut all: Vec<Vec<&At<EntityPath>>> = Vec::new();
    for (a, b) in first.iter().flat_map(|a| second.iter().map(move |b| (a, b))) {
        let mut list = a.clone();
        list.extend(b.iter().filter(|it| a.iter().all(|known| known.value != it.value)));
        if list.iter().filter(|it| it.kind() == "person").count() < 2 {
            all.push(list);
        }
    }
    all.sort_by_key(Vec::len);
    let mut kept: Vec<Vec<&At<EntityPath>>> = Vec::new();
    for list in all {
        let within = |short: &Vec<&At<EntityPath>>| {
            short.iter().all(|it| list.iter().any(|other| other.value == it.value))
        };
        if !kept.iter().any(within) {
            kept.push(list);
        }
    }
    kept
}
