//! Which service runs a proxy.

use super::Model;
use super::leaf::At;
use super::portal::Portal;
use super::proxy::Proxy;
use super::service::Service;

impl Model {
    /// The service that runs a proxy: the one that it names, else the one of its host whose unit is its engine's.
    #[must_use]
    pub fn runs_proxy<'f>(&'f self, proxy: &Proxy) -> Option<(&'f str, &'f At<Service>)> {
        let found = match &proxy.service {
            Some(service) => self.service.get_key_value(service.entity()),
            None => {
                let mut here = self.services_on(proxy.on.entity());
                return here.find(|(_, service)| service.unit.name.value == proxy.engine.unit());
            }
        };
        found.map(|(key, service)| (key.as_str(), service))
    }

    /// The portal that a service runs.
    #[must_use]
    pub fn portal_run_by(&self, service: &str) -> Option<(&str, &At<Portal>)> {
        let mut all = self.portal.iter().map(|(key, portal)| (key.as_str(), portal));
        all.find(|(_, portal)| portal.service.entity() == service)
    }

    /// The proxy that a service runs.
    #[must_use]
    pub fn proxy_run_by(&self, service: &str) -> Option<(&str, &At<Proxy>)> {
        let unit = &self.service.get(service)?.unit.name.value;
        let all = self.proxy.iter().map(|(key, proxy)| (key.as_str(), proxy));
        // Only a service of its engine's unit is found without being named: no need to look for others.
        let mut all = all.filter(|(_, it)| it.service.is_some() || *unit == it.engine.unit());
        all.find(|(_, proxy)| self.runs_proxy(proxy).is_some_and(|(key, _)| key == service))
    }

    /// The unit that runs a proxy.
    #[must_use]
    pub fn proxy_unit(&self, proxy: &Proxy) -> String {
        let service = self.runs_proxy(proxy).map(|(_, service)| service.unit.name.value.clone());
        service.unwrap_or_else(|| proxy.engine.unit().to_owned())
    }
}
