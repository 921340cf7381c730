//! What listens on a host, whatever word of the fleet says so: one fact for each port of each program.
//!
//! Ports of services, pods and kubes; entry points of proxies, those of raw `static` options too; and what Podman
//! publishes by its own words.

use std::collections::BTreeSet;

use super::Fleet;
use super::container::{Container, Networking};
use super::engine::Point;
use super::leaf::{At, OriginId, PortNumber, Priority};
use super::proxy::Proxy;
use super::published::{is_on_host, raw};
use super::service::Port;
use qg_lang::network::is_loopback;

/// Something that listens on a host.
#[derive(Clone, Debug)]
pub struct Listener<'f> {
    pub address: String,
    /// 0 where Podman chooses one.
    pub port: u16,
    /// `tcp`, `udp` or `sctp`.
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

/// A text that is to publish a port, and cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadablePort<'f> {
    pub text: &'f str,
    pub origin: OriginId,
}

/// Everything that listens on a host, and what of it could not be read.
#[derive(Clone, Debug, Default)]
pub struct Listeners<'f> {
    pub all: Vec<Listener<'f>>,
    pub unreadable: Vec<UnreadablePort<'f>>,
}

impl Fleet {
    pub(super) fn find_listeners<'f>(&'f self, host: &str) -> Listeners<'f> {
        let mut found = Listeners::default();
        let forwards = self.rootless(host).is_none();
        for (name, proxy) in self.model.proxies_on(host) {
            proxy_points(name, proxy, &mut found);
            self.route_points(name, proxy, &mut found);
        }
        // Of two services with one module, both have what it listens on.
        let mut of_modules = BTreeSet::new();
        for (name, service) in self.model.services_on(host) {
            let network = Network::of(self, service.container.as_ref());
            let own = network == Network::Program;
            for (key, port) in &service.ports {
                // What is not published is the container's own matter.
                let listens = own || port.publish.value && network == Network::Published;
                let again = port.priority == Priority::SchemaDefault
                    && !of_modules.insert((key, port.inside.number));
                if listens && !again {
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

    /// Whether a container's program listens on the host itself.
    #[must_use]
    pub fn is_on_host(&self, container: &At<Container>) -> bool {
        Network::of(self, Some(container)) == Network::Program
    }

    /// What a proxy listens on for routes over TCP and UDP.
    fn route_points<'f>(&'f self, key: &str, proxy: &Proxy, found: &mut Listeners<'f>) {
        for way in self.model.ways_of(key) {
            let shared = |port: &PortNumber| proxy.engine.shares(port);
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

/// Where a proxy listens by the words of its engine.
fn proxy_points<'f>(name: &'f str, proxy: &'f At<Proxy>, found: &mut Listeners<'f>) {
    let points = proxy.engine.points();
    for Point { what, address, port } in points.all {
        let protocol = if port.udp { "udp" } else { "tcp" };
        let what = format!("proxy.{name}, {what}");
        point(address, port, protocol, what, Owner::Proxy(name), found);
    }
    found.unreadable.extend(points.unreadable);
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
            origin: match port.host.priority {
                Priority::SchemaDefault => port.inside.origin,
                Priority::KindDefault
                | Priority::Default
                | Priority::Plain
                | Priority::Override => port.host.origin,
            },
            address_origin: port.address.origin,
        });
    }
}
