//! Routers over TCP and UDP.

use qg_fleet::route::{Exposure, Sni};
use qg_fleet::ways::ServiceRoute;
use qg_formats::{Entries, Tree};

use super::dynamic::{Maker, way_key};
use super::middleware;
use super::options::{tcp_point, udp_entry_point};
use super::rule::sni_rule;
use crate::names::Names;

impl Maker<'_> {
    pub(super) fn tcp_router(&mut self, way: ServiceRoute<'_>, service: String) {
        let route = way.route;
        let by = route.origin;
        let Some(port) = &route.tcp else { return };
        let mut router = Entries::new();
        let point = tcp_point(self.traefik, port.number);
        // Without an entry point it would take over the HTTPS port.
        router.put("entryPoints", Tree::list(vec![Tree::text(point, port.origin)], port.origin));
        let names: Vec<String> = match route.sni.value {
            Sni::Off => vec!["*".to_owned()],
            Sni::Ended | Sni::Passed => {
                self.fleet.model.names(route).into_iter().map(|name| name.value).collect()
            }
        };
        let rule_by = if route.has_names() { route.host.origin } else { port.origin };
        router.put("rule", Tree::text(sni_rule(&names), rule_by));
        if let Some(priority) = &route.value.priority {
            router.put("priority", Tree::int(priority.value, priority.origin));
        }
        let mut guards = Vec::new();
        if route.expose.value == Exposure::Lan {
            guards.push(Tree::text(self.tcp_lan(), route.expose.origin));
        }
        for path in route.r#use.iter() {
            guards.push((self.spelling.refer)(path, path.origin));
        }
        router.put_some("middlewares", Some(Tree::list(guards, by)));
        router.put("service", Tree::text(service, by));
        match route.sni.value {
            Sni::Off => {}
            Sni::Ended => {
                let tls = self.router_tls(route, &names, by);
                router.put("tls", tls);
            }
            Sni::Passed => {
                let mut tls = Entries::new();
                tls.put("passthrough", Tree::bool(true, route.sni.origin));
                router.put("tls", tls.tree(route.sni.origin));
            }
        }
        let name = self.labels.services.given(&way_key(&way.path()));
        self.tcp.routers.put(name, router.tree(by));
    }

    fn tcp_lan(&mut self) -> String {
        if let Some(name) = &self.tcp_lan {
            return name.clone();
        }
        // Over TCP only few middlewares have taken a name.
        let mut names = Names::default();
        for name in middleware::used_by(&self.fleet.model, self.key, self.proxy, false) {
            names.fresh(&self.labels.middlewares.given(&[name]));
        }
        let name = names.fresh("lan");
        let list = self.allow_list();
        self.tcp.middlewares.put(name.clone(), list);
        self.tcp_lan = Some(name.clone());
        name
    }

    pub(super) fn udp_router(&mut self, way: ServiceRoute<'_>, service: String) {
        let route = way.route;
        let by = route.origin;
        let Some(port) = &route.udp else { return };
        let point = Tree::text(udp_entry_point(port.number), port.origin);
        let mut router = Entries::new();
        router.put("entryPoints", Tree::list(vec![point], port.origin));
        router.put("service", Tree::text(service, by));
        let name = self.labels.services.given(&way_key(&way.path()));
        self.udp.routers.put(name, router.tree(by));
    }
}
