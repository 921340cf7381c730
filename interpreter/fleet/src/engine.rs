//! What each engine of a proxy is asked, whichever it is. No match here has a `_`: one more engine is told of by the
//! compiler, place by place.

use super::choice::Options;
use super::leaf::{At, Data, EntityPath, OriginId, PortNumber};
use super::listeners::UnreadablePort;
use super::proxy::{Caddy, ProxyEngine, SECURE, Traefik};

/// Where an engine listens by its own words.
#[derive(Clone, Debug)]
pub struct Point<'f> {
    /// `https`, `entry point game`: behind the name of the proxy, for messages.
    pub what: String,
    pub address: &'f str,
    pub port: At<PortNumber>,
}

/// All of them, and what of them could not be read.
#[derive(Clone, Debug, Default)]
pub struct Points<'f> {
    pub all: Vec<Point<'f>>,
    pub unreadable: Vec<UnreadablePort<'f>>,
}

impl<'f> Points<'f> {
    fn add(&mut self, what: impl Into<String>, address: &'f str, port: At<PortNumber>) {
        self.all.push(Point { what: what.into(), address, port });
    }
}

/// Every address of the host.
const ANYWHERE: &str = "0.0.0.0";

impl ProxyEngine {
    /// What its unit is called, where nobody says otherwise.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        match self {
            ProxyEngine::Traefik(_) => "traefik.service",
            ProxyEngine::Caddy(_) => "caddy.service",
        }
    }

    /// The account that the module of NixOS makes for it.
    #[must_use]
    pub fn account(&self) -> &'static str {
        match self {
            ProxyEngine::Traefik(_) => "traefik",
            ProxyEngine::Caddy(_) => "caddy",
        }
    }

    /// The port for HTTPS.
    #[must_use]
    pub fn https(&self) -> &At<PortNumber> {
        match self {
            ProxyEngine::Traefik(traefik) => &traefik.https,
            ProxyEngine::Caddy(caddy) => &caddy.https,
        }
    }

    /// Where it keeps what it must remember.
    #[must_use]
    pub fn data(&self) -> &At<String> {
        match self {
            ProxyEngine::Traefik(traefik) => &traefik.data,
            ProxyEngine::Caddy(caddy) => &caddy.data,
        }
    }

    /// The files that it writes logs to, each with who says so.
    #[must_use]
    pub fn log_files(&self) -> Vec<(&str, OriginId)> {
        match self {
            ProxyEngine::Traefik(traefik) => {
                let files = [&traefik.log, &traefik.access_log].map(|it| it.get("filePath"));
                let files = files.into_iter().flatten();
                files.filter_map(|it| Some((it.text()?, it.origin))).collect()
            }
            ProxyEngine::Caddy(_) => Vec::new(),
        }
    }

    /// The authority that signs certificates of people's devices.
    #[must_use]
    pub fn client_ca(&self) -> Option<&At<EntityPath>> {
        match self {
            ProxyEngine::Traefik(traefik) => traefik.client_ca.as_ref(),
            ProxyEngine::Caddy(caddy) => caddy.client_ca.as_ref(),
        }
    }

    /// Where it listens, besides for routes over TCP and UDP.
    #[must_use]
    pub fn points(&self) -> Points<'_> {
        match self {
            ProxyEngine::Traefik(traefik) => traefik.points(),
            ProxyEngine::Caddy(caddy) => caddy.points(),
        }
    }

    /// Whether a route over TCP or UDP comes in where the engine listens anyway.
    #[must_use]
    pub fn shares(&self, port: &PortNumber) -> bool {
        match self {
            ProxyEngine::Traefik(traefik) => {
                let own = traefik.own_points().any(|(_, it, _)| it.number == port.number);
                own || traefik.https.number == port.number
            }
            // It is not told of such routes: a check refuses them.
            ProxyEngine::Caddy(_) => true,
        }
    }

    /// The ports that the firewall opens for it.
    #[must_use]
    pub fn open_ports(&self) -> Vec<At<PortNumber>> {
        match self {
            ProxyEngine::Traefik(traefik) => traefik.open_ports(),
            ProxyEngine::Caddy(caddy) => caddy.ports().map(|(_, port)| port).to_vec(),
        }
    }
}

impl Traefik {
    fn points(&self) -> Points<'_> {
        let mut found = Points::default();
        for (entry, port, options) in self.own_points() {
            found.add(format!("entry point {entry}"), address(options), port);
        }
        for (port, what) in [(&self.http, "http"), (&self.https, "https")] {
            found.add(what, ANYWHERE, tcp(port));
        }
        for (entry, port, options) in self.http3() {
            found.add(format!("HTTP/3 of entry point {entry}"), address(options), port);
        }
        self.raw_points(&mut found);
        found
    }

    /// Those that only `static` speaks of.
    fn raw_points<'f>(&'f self, found: &mut Points<'f>) {
        let points = self.r#static.as_ref().and_then(|it| below(it, "entryPoints"));
        let Some(Data::Record(points)) = points.map(|it| &it.value) else { return };
        for (entry, options) in points {
            let Some(said) = below(options, "address") else { continue };
            let Some(text) = said.text() else { continue };
            let (rest, udp) = match text.strip_suffix("/udp") {
                Some(rest) => (rest, true),
                None => (text.strip_suffix("/tcp").unwrap_or(text), false),
            };
            let read = rest.rsplit_once(':').and_then(|(on, port)| Some((on, port.parse().ok()?)));
            let Some((on, number)) = read else {
                found.unreadable.push(UnreadablePort { text, origin: said.origin });
                continue;
            };
            let on = if on.is_empty() { ANYWHERE } else { on.trim_matches(['[', ']']) };
            let port = At::new(PortNumber { number, udp }, said.origin);
            found.add(format!("entry point {entry} of `static`"), on, port);
        }
    }

    /// Where HTTP/3 is switched on: the port of an entry point, over UDP.
    fn http3(&self) -> impl Iterator<Item = (&str, At<PortNumber>, &At<Options>)> {
        let secure = self.entry_points.get_key_value(SECURE);
        let secure = secure.map(|(name, point)| (name.as_str(), self.https, point));
        secure.into_iter().chain(self.own_points()).filter_map(|(name, port, point)| {
            let said = point.get("http3")?;
            let port = PortNumber { number: port.number, udp: true };
            Some((name, At::new(port, said.origin), point))
        })
    }

    fn open_ports(&self) -> Vec<At<PortNumber>> {
        // One with an address of its own is for whoever reaches that address.
        let own = self.own_points().chain(self.http3());
        let own = own.filter(|(_, _, point)| !point.contains_key("on"));
        [tcp(&self.http), tcp(&self.https)]
            .into_iter()
            .chain(own.map(|(_, port, _)| port))
            .collect()
    }
}

impl Caddy {
    fn points(&self) -> Points<'_> {
        let mut found = Points::default();
        for (what, port) in self.ports() {
            found.add(what, ANYWHERE, port);
        }
        found
    }

    /// HTTP/3 is on where HTTPS is, if nobody says otherwise (`protocols` of a server).
    fn ports(&self) -> [(&'static str, At<PortNumber>); 3] {
        let udp = self.https.map(|port| PortNumber { number: port.number, udp: true });
        [("http", tcp(&self.http)), ("https", tcp(&self.https)), ("https, over UDP", udp)]
    }
}

/// Where an entry point listens.
fn address(point: &Options) -> &str {
    point.get("on").and_then(|it| it.text()).unwrap_or(ANYWHERE)
}

fn tcp(port: &At<PortNumber>) -> At<PortNumber> {
    port.map(|port| PortNumber { number: port.number, udp: false })
}

/// A key of raw options; Traefik does not tell letters by their case.
fn below<'f>(data: &'f At<Data>, key: &str) -> Option<&'f At<Data>> {
    let Data::Record(fields) = &data.value else { return None };
    fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}
