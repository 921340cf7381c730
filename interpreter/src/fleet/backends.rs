//! Mirrors `std/backend.qg`: several servers behind one name, and how proxies speak to them.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::Model;
use super::choice::Choice;
use super::leaf::{At, Data, EntityPath, OriginId, RefOr};
use super::ways::{Backend, Unreachable, parse_url};

/// What answers for a route, where one port is not enough.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Balancer {
    pub about: At<String>,
    /// One of Traefik's services, with its options.
    pub does: At<Choice>,
    #[serde(rename = "use")]
    pub treatments: At<Vec<At<EntityPath>>>,
}

/// How a proxy speaks to servers.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Transport {
    pub about: At<String>,
    /// `http` or `tcp`.
    pub does: At<Choice>,
}

/// What a route, a router or a service speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    Http,
    Tcp,
    Udp,
}

impl Protocol {
    pub const ALL: [Protocol; 3] = [Protocol::Http, Protocol::Tcp, Protocol::Udp];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Http => "HTTP",
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
        }
    }
}

impl Balancer {
    /// The backends that it consists of, each with who said so.
    pub fn members(&self) -> impl Iterator<Item = At<EntityPath>> {
        let of = |data: &At<Data>| data.reference().map(|path| At::new(path, data.origin));
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

/// A field of a server's record.
#[must_use]
pub fn field<'f>(server: &'f Data, name: &str) -> Option<&'f At<Data>> {
    let Data::Record(fields) = server else { return None };
    fields.get(name)
}

impl Model {
    /// What a backend speaks; none where its members differ, or where it leads back to itself.
    #[must_use]
    pub fn protocol_of(&self, backend: &str) -> Option<Protocol> {
        self.protocol_below(backend, &mut BTreeSet::new())
    }

    fn protocol_below<'f>(
        &'f self,
        backend: &str,
        seen: &mut BTreeSet<&'f str>,
    ) -> Option<Protocol> {
        let (key, balancer) = self.backend.get_key_value(backend)?;
        let own = match balancer.does.kind.as_str() {
            "tcp" => return Some(Protocol::Tcp),
            "udp" => return Some(Protocol::Udp),
            "loadBalancer" => return Some(Protocol::Http),
            "weighted" => None,
            _ => Some(Protocol::Http),
        };
        if !seen.insert(key) {
            return None;
        }
        let mut found = own;
        for member in balancer.members() {
            let protocol = self.protocol_below(member.entity(), seen)?;
            if found.is_some_and(|it| it != protocol) {
                return None;
            }
            found = Some(protocol);
        }
        seen.remove(key.as_str());
        found
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
        let target = match (to.reference(), to.text()) {
            (Some(path), _) => RefOr::Ref(path),
            (None, Some(url)) => RefOr::Value(url),
            (None, None) => return Err(Unreachable::BadUrl),
        };
        let mut found = match target {
            RefOr::Ref(port) => self.reach(from, &port)?,
            RefOr::Value(url) => {
                let (scheme, host, port, _) = parse_url(url).ok_or(Unreachable::BadUrl)?;
                let (scheme, address) = (scheme.to_owned(), host.to_owned());
                return Ok(Backend { scheme, address, port, origins: vec![to.origin] });
            }
        };
        let scheme = field(server, "scheme");
        found.scheme = scheme.and_then(|it| it.text()).unwrap_or("http").to_owned();
        found.origins.insert(0, to.origin);
        found.origins.extend(scheme.map(|it| it.origin).filter(|it| *it != OriginId(0)));
        Ok(found)
    }
}
