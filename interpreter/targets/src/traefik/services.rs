//! Services: where routes lead, and how the proxy speaks to what is there.

use qg_fleet::backends::BackendProtocol;
use qg_fleet::choice::Options;
use qg_fleet::leaf::{At, Data, EntityPath, OriginId};
use qg_fleet::ways::{Backend, ServiceRoute};
use qg_formats::{Entries, Tree, TreeNode};

use super::dynamic::{Maker, backend_key, way_key, wrap};

impl Maker<'_> {
    /// The service of a route, made where it is not there yet; none where the proxy cannot reach it.
    pub(super) fn service(&mut self, way: ServiceRoute<'_>) -> Option<String> {
        let protocol = way.route.protocol();
        if let Some(path) = way.route.backend() {
            if self.fleet.model.protocol_of(path.entity()) != Some(protocol) {
                return None;
            }
            for name in self.fleet.model.backends_below(path.entity()) {
                self.backend(name, protocol);
            }
            return Some(self.labels.services.given(&backend_key(path.entity())));
        }
        let backend = self.fleet.model.backend(self.proxy.on.entity(), way).ok()?;
        let name = self.labels.services.given(&way_key(&way.path()));
        let tree = self.one_server(way, protocol, &backend);
        self.services_of(protocol).put(name.clone(), tree);
        Some(name)
    }

    fn services_of(&mut self, protocol: BackendProtocol) -> &mut Entries {
        match protocol {
            BackendProtocol::Http => &mut self.http.services,
            BackendProtocol::Tcp => &mut self.tcp.services,
            BackendProtocol::Udp => &mut self.udp.services,
        }
    }

    fn one_server(
        &mut self,
        way: ServiceRoute<'_>,
        protocol: BackendProtocol,
        backend: &Backend,
    ) -> Tree {
        let route = way.route;
        let by = route.origin;
        let mut server = Entries::new();
        let (field, text) = place(protocol, backend);
        server.put(field, Tree::new(TreeNode::Text(text), &backend.origins));
        let mut balancer = Entries::new();
        balancer.put("servers", Tree::list(vec![server.tree(route.to.origin)], route.to.origin));
        if protocol == BackendProtocol::Http && !route.pass_host.value {
            balancer.put("passHostHeader", Tree::bool(false, route.pass_host.origin));
        }
        if let Some(transport) = &route.transport {
            self.transport(&transport.value);
            let name = (self.spelling.refer)(&transport.value, transport.origin);
            balancer.put("serversTransport", name);
        }
        wrap("loadBalancer", balancer.tree(by), by)
    }

    fn backend(&mut self, key: &str, protocol: BackendProtocol) {
        let path = EntityPath(vec!["backend".to_owned(), key.to_owned()]);
        let Some(balancer) = self.fleet.model.backend.get(key) else { return };
        if !self.made.insert(path) {
            return;
        }
        let does = &balancer.does;
        let (section, kind) = match (does.kind.as_str(), protocol) {
            ("weighted", BackendProtocol::Http) => ("weighted", "WeightedRoundRobin"),
            ("weighted", BackendProtocol::Tcp) => ("weighted", "TCPWeightedRoundRobin"),
            ("weighted", BackendProtocol::Udp) => ("weighted", "UDPWeightedRoundRobin"),
            ("highestRandomWeight", _) => ("highestRandomWeight", "HighestRandomWeight"),
            ("mirroring", _) => ("mirroring", "Mirroring"),
            ("failover", _) => ("failover", "Failover"),
            (_, BackendProtocol::Http) => ("loadBalancer", "ServersLoadBalancer"),
            (_, BackendProtocol::Tcp) => ("loadBalancer", "TCPServersLoadBalancer"),
            (_, BackendProtocol::Udp) => ("loadBalancer", "UDPServersLoadBalancer"),
        };
        if let Some(transport) = does.get("serversTransport").and_then(|it| it.reference()) {
            self.transport(transport);
        }
        let options = self.with_addresses(&does.options, protocol);
        let entries = self.spelling.entries(kind, &options);
        let mut service = Entries::new();
        service.put(section, entries.tree(does.origin));
        let guards = balancer.r#use.iter();
        let guards = guards.map(|path| (self.spelling.refer)(path, path.origin)).collect();
        let guards = Tree::list(guards, balancer.r#use.origin);
        if protocol == BackendProtocol::Http {
            service.put_some("middlewares", Some(guards));
        }
        let name = self.labels.services.given(&backend_key(key));
        let tree = service.tree(balancer.origin);
        self.services_of(protocol).put(name, tree);
    }

    /// The options of a backend, each of its servers with its address. One that cannot be reached, which a
    /// check refuses, is left out.
    fn with_addresses(&self, options: &Options, protocol: BackendProtocol) -> Options {
        let mut options = options.clone();
        let Some(servers) = options.get_mut("servers") else { return options };
        let Data::List(items) = &mut servers.value else { return options };
        let from = self.proxy.on.entity();
        items.retain_mut(|server| {
            let Ok(found) = self.fleet.model.server(from, server) else { return false };
            let Data::Record(fields) = &mut server.value else { return false };
            let origin = found.origins.first().copied().unwrap_or(OriginId(0));
            let (field, text) = place(protocol, &found);
            fields.insert(field.to_owned(), At::new(Data::Text(text), origin));
            true
        });
        options
    }

    /// A transport, once.
    fn transport(&mut self, path: &EntityPath) {
        let Some(transport) = self.fleet.model.transport.get(path.entity()) else { return };
        if !self.made.insert(path.clone()) {
            return;
        }
        let does = &transport.does;
        let name = self.labels.transports.given(&[path.entity()]);
        let (section, kind) = if does.kind == "tcp" {
            (&mut self.tcp, "TCPServersTransport")
        } else {
            (&mut self.http, "ServersTransport")
        };
        let tree = self.spelling.entries(kind, &does.options).tree(does.origin);
        section.transports.put(name, tree);
    }
}

/// What a server's place is called, and how it is written.
fn place(protocol: BackendProtocol, backend: &Backend) -> (&'static str, String) {
    match protocol {
        BackendProtocol::Http => ("url", backend.url()),
        BackendProtocol::Tcp | BackendProtocol::Udp => ("address", backend.authority()),
    }
}
