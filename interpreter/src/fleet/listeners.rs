//! What listens on a host, whatever word of the fleet says so: one fact for each port of each program.
//!
//! Ports of services, pods and kubes; entry points of proxies, those of raw `static` options too; Quadlet's own
//! `PublishPort` and `Network`, and `--publish` and `--network` among arguments for Podman (podman-run(1), 5.4).

use super::Fleet;
use super::container::{Container, Networking};
use super::host::Manager;
use super::leaf::{At, Data, OriginId, PortNumber, Rung};
use super::podman::Keys;
use super::proxy::{Proxy, Traefik};
use super::service::Port;

/// Ranges of Podman are followed so far; more ports than that are no list of anybody's.
const MOST: u16 = 1024;

/// Something that listens on a host.
#[derive(Clone, Debug)]
pub struct Listener<'f> {
    pub address: String,
    /// 0 where Podman chooses one.
    pub port: u16,
    /// `tcp` or `udp`.
    pub protocol: &'static str,
    /// `service.app.ports.web`, for messages.
    pub what: String,
    pub of: Owner<'f>,
    /// The port that the program itself listens on.
    pub inside: u16,
    /// Whether Podman hands the port on by itself, so that the host's firewall is not asked.
    pub forwarded: bool,
    /// Whether the source says that other machines may reach it.
    pub open: bool,
    /// Who said the port.
    pub origin: OriginId,
    /// Who said the address.
    pub address_origin: OriginId,
}

/// Whose port it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'f> {
    Service(&'f str),
    Pod(&'f str),
    Kube(&'f str),
    Proxy(&'f str),
    /// A route over TCP or UDP, for which its proxy listens.
    Route,
}

impl Listener<'_> {
    /// Whether only the host itself can reach the address.
    #[must_use]
    pub fn is_local(&self) -> bool {
        is_loopback(&self.address)
    }
}

/// Whether an address is the host's own.
#[must_use]
pub fn is_loopback(address: &str) -> bool {
    let bare = address.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(it)) => it.is_loopback(),
        Ok(std::net::IpAddr::V6(it)) => {
            it.is_loopback() || it.to_ipv4_mapped().is_some_and(|it| it.is_loopback())
        }
        Err(_) => bare == "localhost",
    }
}

/// A text that is to publish a port, and cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable<'f> {
    pub text: &'f str,
    pub origin: OriginId,
}

/// Everything that listens on a host, and what of it could not be read.
#[derive(Clone, Debug, Default)]
pub struct Listeners<'f> {
    pub all: Vec<Listener<'f>>,
    pub unreadable: Vec<Unreadable<'f>>,
}

impl Fleet {
    /// Everything that listens on a host.
    #[must_use]
    pub fn listeners_on(&self, host: &str) -> Listeners<'_> {
        let mut found = Listeners::default();
        let forwards = self.rootless(host).is_none();
        for (name, proxy) in self.model.proxies_on(host) {
            proxy_points(name, proxy, &mut found);
            self.route_points(name, proxy.traefik(), &mut found);
        }
        for (name, service) in self.model.services_on(host) {
            let network = Network::of(self, service.container.as_ref());
            let own = network == Network::Program;
            for (key, port) in &service.ports {
                // What is not published is the container's own matter.
                let listens = own || port.publish.value && network == Network::Published;
                if listens {
                    let what = format!("service.{name}.ports.{key}");
                    typed(port, &what, Owner::Service(name), !own && forwards, &mut found);
                }
            }
            if let Some(container) = &service.container
                && network == Network::Published
            {
                let what = format!("service.{name}");
                raw(
                    &container.quadlet,
                    &container.podman_args,
                    &what,
                    Owner::Service(name),
                    forwards,
                    &mut found,
                );
            }
        }
        for (name, pod) in self.model.pods_on(host) {
            if is_on_host(&pod.quadlet, &[]) {
                continue;
            }
            raw(&pod.quadlet, &[], &format!("pod.{name}"), Owner::Pod(name), forwards, &mut found);
        }
        for (name, kube) in self.model.kubes_on(host) {
            for (key, port) in kube.ports.iter().filter(|(_, port)| port.publish.value) {
                let what = format!("kube.{name}.ports.{key}");
                typed(port, &what, Owner::Kube(name), forwards, &mut found);
            }
            raw(
                &kube.quadlet,
                &[],
                &format!("kube.{name}"),
                Owner::Kube(name),
                forwards,
                &mut found,
            );
        }
        found
    }

    /// Whether other machines reach a port: it listens for them, and the firewall lets them through or is not asked.
    #[must_use]
    pub fn is_reachable(&self, host: &str, listener: &Listener<'_>) -> bool {
        let Some(of) = self.model.host.get(host) else { return false };
        if listener.is_local() {
            return false;
        }
        let firewall = &of.firewall;
        let (ports, ranges) = match listener.protocol {
            "udp" => (&firewall.udp, &firewall.udp_ranges),
            _ => (&firewall.tcp, &firewall.tcp_ranges),
        };
        let within = |range: &At<String>| {
            let (from, to) = range.split_once('-').unwrap_or((range, range));
            let end = |text: &str| text.trim().parse::<u16>().ok();
            end(from).zip(end(to)).is_some_and(|(a, b)| (a..=b).contains(&listener.port))
        };
        listener.open
            || listener.forwarded
            || of.manager.value == Manager::Plain
            || ports.iter().any(|port| port.number == listener.port)
            || ranges.iter().any(within)
    }

    /// What a proxy listens on for routes over TCP and UDP.
    fn route_points<'f>(&'f self, proxy: &str, traefik: &Traefik, found: &mut Listeners<'f>) {
        for way in self.model.ways_of(proxy) {
            let shared = |port: &PortNumber| {
                let own = traefik.own_points().any(|(_, it, _)| it.number == port.number);
                own || traefik.https.number == port.number
            };
            let tcp = way.route.tcp.as_ref().filter(|port| !shared(port)).map(|it| (it, "tcp"));
            let udp = way.route.udp.as_ref().filter(|_| tcp.is_none()).map(|it| (it, "udp"));
            for (port, protocol) in tcp.into_iter().chain(udp) {
                let what = format!("the proxy, for {}", way.title());
                point("0.0.0.0", *port, protocol, what, Owner::Route, found);
            }
        }
    }
}

/// How a container's program is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Network {
    /// It listens on the host itself.
    Program,
    Published,
    Nothing,
}

impl Network {
    fn of(fleet: &Fleet, container: Option<&At<Container>>) -> Network {
        let Some(container) = container else { return Network::Program };
        if let Some(pod) = &container.pod {
            let pod = fleet.model.pod.get(pod.entity());
            let on_host = pod.is_some_and(|pod| is_on_host(&pod.quadlet, &[]));
            return if on_host { Network::Program } else { Network::Published };
        }
        match container.network.value {
            Networking::Host => Network::Program,
            _ if is_on_host(&container.quadlet, &container.podman_args) => Network::Program,
            Networking::None => Network::Nothing,
            Networking::Bridge | Networking::Of(_) => Network::Published,
        }
    }
}

/// Whether raw keys or arguments say that the network is the host's own.
fn is_on_host(keys: &Keys, args: &[At<String>]) -> bool {
    let said = keys.get("Network").into_iter().flat_map(|it| it.iter()).map(|it| it.as_str());
    let words = arguments(keys, args);
    let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    said.chain(flag_values(&words, &["--network", "--net"])).any(|it| it == "host")
}

/// The words of arguments for Podman, which Quadlet splits at blanks.
fn arguments<'f>(keys: &'f Keys, typed: &'f [At<String>]) -> Vec<(&'f str, OriginId)> {
    let raw = keys.get("PodmanArgs").into_iter().flat_map(|it| it.iter());
    let words = |it: &'f At<String>| it.split_whitespace().map(move |word| (word, it.origin));
    typed.iter().chain(raw).flat_map(words).collect()
}

/// The values of an option: `--name value` and `--name=value`.
fn flag_values<'a>(args: &[&'a str], names: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (index, word) in args.iter().enumerate() {
        for name in names {
            match word.strip_prefix(name) {
                Some("") => found.extend(args.get(index + 1)),
                Some(rest) => found.extend(rest.strip_prefix('=')),
                None => {}
            }
        }
    }
    found
}

fn point<'f>(
    address: &str,
    port: At<PortNumber>,
    protocol: &'static str,
    what: String,
    of: Owner<'f>,
    found: &mut Listeners<'f>,
) {
    found.all.push(Listener {
        address: address.to_owned(),
        port: port.number,
        protocol,
        what,
        of,
        inside: port.number,
        forwarded: false,
        open: true,
        origin: port.origin,
        address_origin: port.origin,
    });
}

/// Where a proxy listens, by its own words and by Traefik's.
fn proxy_points<'f>(name: &'f str, proxy: &'f At<Proxy>, found: &mut Listeners<'f>) {
    let traefik = proxy.traefik();
    let of = Owner::Proxy(name);
    for (entry, port, options) in traefik.own_points() {
        let on = options.get("on").and_then(|it| it.text()).unwrap_or("0.0.0.0");
        let protocol = if port.udp { "udp" } else { "tcp" };
        point(on, port, protocol, format!("proxy.{name}, entry point {entry}"), of, found);
    }
    for (port, what) in [(&traefik.http, "http"), (&traefik.https, "https")] {
        point("0.0.0.0", *port, "tcp", format!("proxy.{name}, {what}"), of, found);
    }
    let Some(points) = traefik.static_options.as_ref().and_then(|it| below(it, "entryPoints"))
    else {
        return;
    };
    let Data::Record(points) = &points.value else { return };
    for (entry, options) in points {
        let Some(said) = below(options, "address") else { continue };
        let Some(text) = said.text() else { continue };
        let (rest, udp) = match text.strip_suffix("/udp") {
            Some(rest) => (rest, true),
            None => (text.strip_suffix("/tcp").unwrap_or(text), false),
        };
        let read = rest.rsplit_once(':').and_then(|(on, port)| Some((on, port.parse().ok()?)));
        let Some((on, number)) = read else {
            found.unreadable.push(Unreadable { text, origin: said.origin });
            continue;
        };
        let on = if on.is_empty() { "0.0.0.0" } else { on.trim_matches(['[', ']']) };
        let what = format!("proxy.{name}, entry point {entry} of `static`");
        let protocol = if udp { "udp" } else { "tcp" };
        let port = At::new(PortNumber { number, udp }, said.origin);
        point(on, port, protocol, what, of, found);
    }
}

/// A key of raw options; Traefik does not tell letters by their case.
fn below<'f>(data: &'f At<Data>, key: &str) -> Option<&'f At<Data>> {
    let Data::Record(fields) = &data.value else { return None };
    fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}

fn typed<'f>(
    port: &'f At<Port>,
    what: &str,
    of: Owner<'f>,
    forwarded: bool,
    found: &mut Listeners<'f>,
) {
    for protocol in port.protocols() {
        found.all.push(Listener {
            address: port.address.value.clone(),
            port: port.host.number,
            protocol,
            what: what.to_owned(),
            of,
            inside: port.inside.number,
            forwarded,
            open: port.open.value,
            // What follows from the inner port is said there.
            origin: match port.host.rung {
                Rung::SchemaDefault => port.inside.origin,
                Rung::KindDefault | Rung::Default | Rung::Plain | Rung::Override => {
                    port.host.origin
                }
            },
            address_origin: port.address.origin,
        });
    }
}

/// What Quadlet's keys and Podman's arguments publish.
fn raw<'f>(
    keys: &'f Keys,
    args: &'f [At<String>],
    what: &str,
    of: Owner<'f>,
    forwarded: bool,
    found: &mut Listeners<'f>,
) {
    let said = keys.get("PublishPort").into_iter().flat_map(|it| it.iter());
    let mut ports: Vec<(&str, OriginId)> = said.map(|it| (it.as_str(), it.origin)).collect();
    let words = arguments(keys, args);
    let mut words = words.iter().peekable();
    while let Some((word, origin)) = words.next() {
        let value = match *word {
            "-p" | "--publish" => words.peek().map(|(value, _)| *value),
            word => word
                .strip_prefix("--publish=")
                .or_else(|| word.strip_prefix("-p").filter(|rest| !rest.starts_with('-')))
                .map(|value| value.trim_start_matches('=')),
        };
        // Everything that the image exposes, at ports by chance.
        let all = matches!(*word, "-P" | "--publish-all" | "--publish-all=true");
        ports.extend(value.or(all.then_some("0")).map(|value| (value, *origin)));
    }
    for (text, origin) in ports {
        let Some(read) = published(text) else {
            found.unreadable.push(Unreadable { text, origin });
            continue;
        };
        let many = read.to.saturating_sub(read.from).min(MOST);
        for step in 0..=many {
            for protocol in read.protocols {
                found.all.push(Listener {
                    address: read.address.clone(),
                    port: read.from.saturating_add(step),
                    protocol,
                    what: format!("{what}, publishing {text}"),
                    of,
                    inside: read.inside.saturating_add(step),
                    forwarded,
                    open: false,
                    origin,
                    address_origin: origin,
                });
            }
        }
    }
}

/// What a text publishes.
struct Published {
    address: String,
    from: u16,
    to: u16,
    inside: u16,
    protocols: &'static [&'static str],
}

/// `[[ADDRESS:][PORT[-PORT]]:]PORT[-PORT][/PROTOCOL]`, as podman-run(1) says it.
fn published(text: &str) -> Option<Published> {
    let (rest, protocols): (&str, &'static [&'static str]) = match text.split_once('/') {
        None => (text, &["tcp"]),
        Some((rest, "tcp")) => (rest, &["tcp"]),
        Some((rest, "udp")) => (rest, &["udp"]),
        Some((rest, "sctp")) => (rest, &[]),
        Some(_) => return None,
    };
    let (rest, inside) = match rest.rsplit_once(':') {
        Some((rest, inside)) => (Some(rest), inside),
        None => (None, rest),
    };
    let (inside, inside_to) = range(inside)?;
    let (address, outside) = match rest {
        None => ("", ""),
        Some(rest) => rest.rsplit_once(':').unwrap_or(("", rest)),
    };
    let (from, to) = if outside.is_empty() { (0, 0) } else { range(outside)? };
    if !outside.is_empty() && inside_to.checked_sub(inside)? != to.checked_sub(from)? {
        return None;
    }
    let bare = address.trim_start_matches('[').trim_end_matches(']');
    if !bare.is_empty() && bare.parse::<std::net::IpAddr>().is_err() {
        return None;
    }
    let address = if bare.is_empty() { "0.0.0.0" } else { bare }.to_owned();
    Some(Published { address, from, to, inside, protocols })
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    Some((from.parse().ok()?, to.parse().ok()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_podman_publishes() {
        for (text, address, from, to, inside) in [
            ("80", "0.0.0.0", 0, 0, 80),
            ("8080:80", "0.0.0.0", 8080, 8080, 80),
            ("127.0.0.1:8080:80/udp", "127.0.0.1", 8080, 8080, 80),
            ("127.0.0.1::80", "127.0.0.1", 0, 0, 80),
            ("[::1]:8080:80", "::1", 8080, 8080, 80),
            ("8000-8009:9000-9009", "0.0.0.0", 8000, 8009, 9000),
        ] {
            let read = published(text).unwrap();
            let found = (read.address.as_str(), read.from, read.to, read.inside);
            assert_eq!(found, (address, from, to, inside), "{text}");
        }
        for text in ["", "web", "8080:web", "8000-8009:80", "x.y:80:80", "80/icmp", "70000:80"] {
            assert!(published(text).is_none(), "{text}");
        }
        assert!(
            is_loopback("127.0.0.9") && is_loopback("::1") && is_loopback("[::ffff:127.0.0.1]")
        );
        assert!(!is_loopback("0.0.0.0") && !is_loopback("::") && !is_loopback("192.168.0.2"));
    }
}
