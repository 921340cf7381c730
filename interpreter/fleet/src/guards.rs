//! What a request has to get past before it reaches a route's program, and which routes of one name differ in that.
//!
//! Whatever the engine of their proxy: each asks here, and none of them another one. Where a wider route of the same name
//! would answer in place of a narrower one, it leaves out what is guarded otherwise ([`Shared::without`]).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Model;
use super::leaf::{At, EntityPath, OriginId};
use super::middleware::Middleware;
use super::path::{folders_above, is_below};
use super::proxy::{Proxy, SECURE};
use super::route::{Exposure, Factor, Login, Route, Sso};
use super::ways::ServiceRoute;

/// Middlewares that turn some requests away.
const GUARDS: &[&str] = &[
    "basicAuth",
    "digestAuth",
    "forwardAuth",
    "inFlightConn",
    "inFlightReq",
    "ipAllowList",
    "plugin",
    "rateLimit",
];

impl Middleware {
    /// The middlewares of a chain.
    pub fn inner(&self) -> impl Iterator<Item = EntityPath> {
        let chain = Some(&self.does).filter(|does| does.kind == "chain");
        let middlewares = chain.into_iter().flat_map(|does| does.items("middlewares"));
        middlewares.filter_map(|it| it.reference().cloned())
    }
}

impl Proxy {
    /// Whether a service does without the proxy's own middlewares.
    #[must_use]
    pub fn exempts(&self, service: &str) -> bool {
        self.except.iter().any(|it| it.entity() == service)
    }
}

/// A middleware that a route goes through, and the reference in its list that leads to it.
#[derive(Clone, Copy)]
pub struct Step<'f> {
    pub name: &'f str,
    pub middleware: &'f At<Middleware>,
    pub by: OriginId,
}

/// What middlewares in a list do, those inside of chains in their places. A chain that is there twice does the
/// second time what it has done: it is opened once, or chains of chains would have no end.
pub fn steps<'f>(
    model: &'f Model,
    list: impl IntoIterator<Item = &'f At<EntityPath>>,
) -> Vec<Step<'f>> {
    let (mut opened, mut all) = (BTreeSet::new(), Vec::new());
    for path in list {
        open(model, path, path.origin, &mut opened, &mut all);
    }
    all
}

fn open<'f>(
    model: &'f Model,
    path: &EntityPath,
    by: OriginId,
    opened: &mut BTreeSet<&'f str>,
    all: &mut Vec<Step<'f>>,
) {
    let Some((name, middleware)) = model.middleware.get_key_value(path.entity()) else { return };
    if middleware.does.kind != "chain" {
        all.push(Step { name, middleware, by });
    } else if opened.insert(name) {
        // One that contains itself is refused by a check.
        for path in middleware.inner() {
            open(model, &path, by, opened, all);
        }
    }
}

/// The middlewares on a route's way: those of its proxy, where it is not exempt, its own, and those of what it
/// leads to.
pub fn way_steps<'f>(model: &'f Model, proxy: &'f Proxy, way: ServiceRoute<'f>) -> Vec<Step<'f>> {
    let of_proxy = way.route.is_http() && !proxy.exempts(way.service);
    let own = proxy.r#use.iter().filter(|_| of_proxy);
    let behind = way.route.backend().map(|path| model.backends_below(path.entity()));
    let behind = behind.into_iter().flatten().filter_map(|name| model.backend.get(name));
    let behind = behind.flat_map(|backend| backend.r#use.iter());
    steps(model, own.chain(way.route.r#use.iter()).chain(behind))
}

/// The guards of a route, to be held against another's.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Guards<'f> {
    entry_points: BTreeSet<&'f str>,
    expose: Exposure,
    login: Option<Asked<'f>>,
    middlewares: Vec<&'f str>,
}

/// What the login server is told of a route.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Asked<'f> {
    allow: BTreeSet<&'f EntityPath>,
    factor: Factor,
    bypass: BTreeSet<&'f str>,
}

impl<'f> Guards<'f> {
    pub fn of(model: &'f Model, proxy: &'f Proxy, way: ServiceRoute<'f>) -> Guards<'f> {
        let steps = way_steps(model, proxy, way).into_iter();
        let guards = steps.filter(|step| GUARDS.contains(&step.middleware.does.kind.as_str()));
        Guards {
            entry_points: entry_points(way.route).into_iter().collect(),
            expose: way.route.expose.value,
            login: match &way.route.login.value {
                Login::Sso(sso) => Some(Asked::of(sso)),
                Login::Own | Login::None => None,
            },
            middlewares: guards.map(|step| step.name).collect(),
        }
    }

    /// Whether all that it asks is to come from the local network.
    pub fn are_of_the_network_alone(&self) -> bool {
        self.expose == Exposure::Lan && self.login.is_none() && self.middlewares.is_empty()
    }

    /// Whether everybody gets through.
    pub fn are_none(&self) -> bool {
        self.expose == Exposure::Public && self.login.is_none() && self.middlewares.is_empty()
    }
}

impl<'f> Asked<'f> {
    fn of(sso: &'f Sso) -> Asked<'f> {
        Asked {
            allow: sso.allow.iter().map(|path| &path.value).collect(),
            factor: sso.factor.value,
            bypass: sso.bypass.iter().map(|it| it.as_str()).collect(),
        }
    }
}

/// Where a route over HTTP is answered.
pub fn entry_points(route: &Route) -> Vec<&str> {
    if route.entry_points.is_empty() {
        vec![SECURE]
    } else {
        route.entry_points.iter().map(|name| name.as_str()).collect()
    }
}

/// A part of a name that a rule leaves out.
pub struct Without {
    /// Of the rule's names those that it holds for.
    pub names: Vec<String>,
    pub path: String,
    /// Who said so.
    pub origins: Vec<OriginId>,
}

/// The routes over HTTP of one proxy, by their names. Those that no proxy answers for (`expose = internal`) are
/// there too: nobody is to answer in their place.
pub struct Shared<'f> {
    model: &'f Model,
    by_name: BTreeMap<String, Named<'f>>,
}

/// What has one name.
struct Named<'f> {
    /// By the paths, those below a path after it.
    ways: Vec<Guarded<'f>>,
    divided: bool,
}

/// A route with its path, and what it asks: equal numbers for equal guards.
struct Guarded<'f> {
    way: ServiceRoute<'f>,
    path: Cow<'f, str>,
    guards: usize,
}

impl<'f> Shared<'f> {
    pub fn new(model: &'f Model, key: &str, proxy: &'f Proxy) -> Shared<'f> {
        let mut by_name: BTreeMap<String, Vec<ServiceRoute<'f>>> = BTreeMap::new();
        let internal = model.ways().filter(|way| {
            !way.is_published() && model.proxy_of(*way).is_ok_and(|(other, _)| other == key)
        });
        for way in model.ways_of(key).chain(internal).filter(|way| way.route.is_http()) {
            for name in model.names(way.route) {
                by_name.entry(name.value).or_default().push(way);
            }
        }
        let named = by_name.into_iter().map(|(name, ways)| (name, Named::new(model, proxy, ways)));
        Shared { model, by_name: named.collect() }
    }

    /// Whether several routers have a name.
    pub fn is_shared(&self, name: &str) -> bool {
        let ways = self.by_name.get(name).into_iter().flat_map(|named| &named.ways);
        ways.filter(|it| it.way.is_published()).nth(1).is_some()
    }

    /// Whether paths decide who gets through on a name: routes that are guarded otherwise, paths that are open
    /// without login, or paths that lead nowhere.
    pub fn is_divided(&self, name: &str) -> bool {
        self.by_name.get(name).is_some_and(|named| named.divided)
    }

    /// What lies below a route and is guarded otherwise, each path once.
    pub fn without(&self, way: ServiceRoute<'f>) -> Vec<Without> {
        let mut found: BTreeMap<(&str, &str, &str), Without> = BTreeMap::new();
        let path = way.below();
        let names = self.model.names(way.route);
        for name in &names {
            let Some(named) = self.by_name.get(&name.value) else { continue };
            let Some(guards) = named.guards_of(way) else { continue };
            for other in named.below(&path).filter(|it| it.guards != guards) {
                let key = (&*other.path, other.way.service, other.way.name);
                let entry = found.entry(key).or_insert_with(|| Without {
                    names: Vec::new(),
                    path: other.path.to_string(),
                    origins: other.way.route.path.iter().map(|path| path.origin).collect(),
                });
                entry.names.push(name.value.clone());
            }
        }
        let all: Vec<Without> = found.into_values().collect();
        let mut by_path: BTreeMap<&str, Vec<&Without>> = BTreeMap::new();
        for one in &all {
            by_path.entry(&one.path).or_default().push(one);
        }
        let covered = |one: &Without| {
            let wider = folders_above(&one.path).filter_map(|path| by_path.get(path)).flatten();
            wider.into_iter().any(|wide| one.names.iter().all(|it| wide.names.contains(it)))
        };
        let needed: Vec<bool> = all.iter().map(|one| !covered(one)).collect();
        all.into_iter().zip(needed).filter(|(_, needed)| *needed).map(|(one, _)| one).collect()
    }
}

impl<'f> Named<'f> {
    fn new(model: &'f Model, proxy: &'f Proxy, ways: Vec<ServiceRoute<'f>>) -> Named<'f> {
        let opens = |way: &ServiceRoute<'_>| match &way.route.login.value {
            Login::Sso(sso) => !sso.bypass.is_empty(),
            Login::Own | Login::None => false,
        };
        let open = ways.iter().any(opens);
        let mut kinds: BTreeMap<Guards<'f>, usize> = BTreeMap::new();
        let mut ways: Vec<Guarded<'f>> = ways
            .into_iter()
            .map(|way| {
                let next = kinds.len();
                let guards = *kinds.entry(Guards::of(model, proxy, way)).or_insert(next);
                Guarded { way, path: way.below(), guards }
            })
            .collect();
        let divided = open || kinds.len() > 1 || ways.iter().all(|it| !it.path.is_empty());
        // With the slash as the least of all characters, what lies below a path follows it.
        ways.sort_by(|a, b| a.path.split('/').cmp(b.path.split('/')));
        Named { ways, divided }
    }

    /// What lies below a path.
    fn below(&self, path: &str) -> impl Iterator<Item = &Guarded<'f>> {
        let start = self.ways.partition_point(|it| it.path.split('/').le(path.split('/')));
        let after = self.ways.get(start..).unwrap_or_default().iter();
        after.take_while(move |it| is_below(&it.path, path))
    }

    fn guards_of(&self, way: ServiceRoute<'f>) -> Option<usize> {
        let path = way.below();
        let start = self.ways.partition_point(|it| it.path.split('/').lt(path.split('/')));
        let same = self.ways.get(start..).unwrap_or_default().iter();
        let mut same = same.take_while(|it| it.path == path);
        same.find(|it| it.way.service == way.service && it.way.name == way.name).map(|it| it.guards)
    }
}
