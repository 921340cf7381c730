//! Several servers behind one name, and how proxies speak to them.

use std::collections::{BTreeMap, BTreeSet};

use super::Model;
use super::leaf::{At, Data, EntityPath, OriginId};
pub use super::model::backend::*;
use super::ways::{Backend, Unreachable};

/// What a route, a router or a service speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BackendProtocol {
    Http,
    Tcp,
    Udp,
}

impl BackendProtocol {
    pub const ALL: [BackendProtocol; 3] =
        [BackendProtocol::Http, BackendProtocol::Tcp, BackendProtocol::Udp];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            BackendProtocol::Http => "HTTP",
            BackendProtocol::Tcp => "TCP",
            BackendProtocol::Udp => "UDP",
        }
    }
}

impl Balancer {
    /// The backends that it consists of, each with who said so.
    pub fn members(&self) -> impl Iterator<Item = At<EntityPath>> {
        let of = |data: &At<Data>| data.reference().map(|path| At::new(path.clone(), data.origin));
        let inside = |data: &At<Data>| {
            let Data::Record(fields) = &data.value else { return None };
            fields.get("name").and_then(of)
        };
        let lists = ["services", "mirrors"].into_iter().flat_map(|it| self.does.items(it));
        let single = ["service", "fallback"].into_iter().filter_map(|it| self.does.get(it));
        single.filter_map(of).chain(lists.filter_map(inside)).collect::<Vec<_>>().into_iter()
    }

    /// Its own servers: what each leads to.
    pub fn servers(&self) -> impl Iterator<Item = &At<Data>> {
        self.does.items("servers")
    }
}

/// What a kind of backend speaks by itself.
enum Speaks {
    Always(BackendProtocol),
    /// What all its members speak; of groups for HTTP alone it is HTTP.
    WithMembers(Option<BackendProtocol>),
}

fn own(kind: &str) -> Speaks {
    match kind {
        "tcp" => Speaks::Always(BackendProtocol::Tcp),
        "udp" => Speaks::Always(BackendProtocol::Udp),
        "loadBalancer" => Speaks::Always(BackendProtocol::Http),
        "weighted" => Speaks::WithMembers(None),
        _ => Speaks::WithMembers(Some(BackendProtocol::Http)),
    }
}

/// What a backend speaks, its members being known.
fn spoken(
    balancer: &Balancer,
    known: &BTreeMap<String, Option<BackendProtocol>>,
) -> Option<BackendProtocol> {
    let mut found = match own(&balancer.does.kind) {
        Speaks::Always(protocol) => return Some(protocol),
        Speaks::WithMembers(found) => found,
    };
    for member in balancer.members() {
        let protocol = known.get(member.entity()).copied().flatten()?;
        if found.is_some_and(|it| it != protocol) {
            return None;
        }
        found = Some(protocol);
    }
    found
}

/// A field of a server's record.
#[must_use]
pub fn field<'f>(server: &'f Data, name: &str) -> Option<&'f At<Data>> {
    let Data::Record(fields) = server else { return None };
    fields.get(name)
}

impl Model {
    /// What a backend speaks; none where its members differ, or where it leads back to itself.
    #[must_use]
    pub fn protocol_of(&self, backend: &str) -> Option<BackendProtocol> {
        self.found.protocols.get_or_init(|| self.protocols()).get(backend).copied().flatten()
    }

    /// What every backend speaks. Each is asked once, after all that it leads to.
    fn protocols(&self) -> BTreeMap<String, Option<BackendProtocol>> {
        // What waits for its members is there already, and speaks nothing yet: who leads back to
        // itself never does.
        let mut known: BTreeMap<String, Option<BackendProtocol>> = BTreeMap::new();
        for start in self.backend.keys() {
            let mut waiting = vec![(start.clone(), false)];
            while let Some((name, asked)) = waiting.pop() {
                let Some(balancer) = self.backend.get(&name) else { continue };
                if asked {
                    let spoken = spoken(balancer, &known);
                    known.insert(name, spoken);
                } else if !known.contains_key(&name) {
                    known.insert(name.clone(), None);
                    let members: Vec<_> = match own(&balancer.does.kind) {
                        Speaks::Always(_) => Vec::new(),
                        Speaks::WithMembers(_) => balancer.members().collect(),
                    };
                    waiting.push((name, true));
                    waiting.extend(members.iter().map(|it| (it.entity().to_owned(), false)));
                }
            }
        }
        known
    }

    /// A backend and all that it leads to.
    #[must_use]
    pub fn backends_below<'f>(&'f self, backend: &str) -> BTreeSet<&'f str> {
        let mut waiting = vec![backend.to_owned()];
        let mut found = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            if let Some((key, balancer)) = self.backend.get_key_value(&name)
                && found.insert(key.as_str())
            {
                waiting.extend(balancer.members().map(|it| it.entity().to_owned()));
            }
        }
        found
    }

    /// Where a server of a backend is, seen from its proxy's host.
    ///
    /// # Errors
    /// Why the proxy cannot reach it.
    pub fn server<'f>(&'f self, from: &str, server: &At<Data>) -> Result<Backend, Unreachable<'f>> {
        let to = field(server, "to").ok_or(Unreachable::BadUrl)?;
        let mut found = match (to.reference(), to.text()) {
            (Some(port), _) => self.reach(from, port)?,
            (None, url) => {
                let url = url.ok_or(Unreachable::BadUrl)?;
                return Backend::at(url, vec![to.origin]).ok_or(Unreachable::BadUrl);
            }
        };
        let scheme = field(server, "scheme");
        found.scheme = scheme.and_then(|it| it.text()).unwrap_or("http").to_owned();
        found.origins.insert(0, to.origin);
        found.origins.extend(scheme.map(|it| it.origin).filter(|it| *it != OriginId(0)));
        Ok(found)
    }
}
