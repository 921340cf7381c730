//! Secrets that Traefik gets as environment variables, and as files.

use std::collections::{BTreeMap, BTreeSet};

use super::middleware;
use crate::fleet::leaf::{At, Data, EntityPath};
use crate::fleet::proxy::{Challenge, Treatment};
use crate::fleet::route::Exposure;
use crate::fleet::{Fleet, Model};
use crate::formats::Piece;

/// The variable of each secret of the fleet: `QG_SECRET_SMTP`.
#[must_use]
pub fn variable_names(model: &Model) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    let mut all = BTreeMap::new();
    for key in model.secret.keys() {
        let plain: String = key
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
            .collect();
        let mut name = format!("QG_SECRET_{plain}");
        let mut count = 2;
        // `a-b` and `a_b` are two secrets, and one name of a variable.
        while !taken.insert(name.clone()) {
            name = format!("QG_SECRET_{plain}_{count}");
            count += 1;
        }
        all.insert(key.clone(), name);
    }
    all
}

/// Template code that puts a secret between YAML's double quotes. JSON's escapes are valid there; the
/// code has no double quote itself, so that the file is YAML before and after.
pub(super) fn hole(variables: &BTreeMap<String, String>, secret: &EntityPath) -> Piece {
    let variable = variables.get(secret.last()).map_or("", String::as_str);
    Piece::Code(format!(
        "{{{{ env `{variable}` | toJson | trimPrefix (printf `%c` 34) | trimSuffix (printf `%c` 34) }}}}"
    ))
}

impl Fleet {
    /// The variable of each secret.
    pub(crate) fn secret_variables(&self) -> &BTreeMap<String, String> {
        self.variables.get_or_init(|| variable_names(&self.model))
    }

    /// The environment variables that the proxies of a host read: name and secret, in order. They belong
    /// into a file of the unit's `EnvironmentFile=`; the values go through no shell.
    #[must_use]
    pub fn proxy_secrets(&self, host: &str) -> Vec<(String, EntityPath)> {
        let variables = self.secret_variables();
        let mut found = BTreeMap::new();
        for (key, proxy) in self.model.proxies_on(host) {
            let mut secrets = Vec::new();
            for middleware in middleware::used(&self.model, key, proxy) {
                if let Some(found) = self.model.middleware.get(middleware) {
                    treatment_secrets(&found.does.value, &mut secrets);
                }
            }
            if let Some(data) = &proxy.traefik().dynamic_options {
                data_secrets(data, &mut secrets);
            }
            for secret in secrets {
                if let Some(variable) = variables.get(secret.last()) {
                    found.insert(variable.clone(), secret.clone());
                }
            }
        }
        found.into_iter().collect()
    }

    /// Secrets of kind `env` whose lines the proxies of a host read as they are.
    #[must_use]
    pub fn proxy_env_files(&self, host: &str) -> Vec<EntityPath> {
        let mut files = Vec::new();
        for (_, proxy) in self.model.proxies_on(host) {
            if let Some(acme) = &proxy.traefik().acme
                && let Challenge::Dns(dns) = &acme.challenge.value
                && let Some(credentials) = &dns.credentials
            {
                files.push(credentials.value.clone());
            }
        }
        files
    }

    /// Secrets that the proxies of a host read as files: the proxy's account needs to be able to.
    #[must_use]
    pub fn proxy_files(&self, host: &str) -> Vec<EntityPath> {
        let mut files = Vec::new();
        for (key, proxy) in self.model.proxies_on(host) {
            let private = self
                .model
                .ways_of(key)
                .any(|way| way.route.tcp.is_none() && way.route.expose.value == Exposure::Private);
            if let Some(ca) = &proxy.traefik().client_ca
                && private
            {
                files.push(ca.value.clone());
            }
        }
        files
    }
}

fn treatment_secrets<'f>(treatment: &'f Treatment, found: &mut Vec<&'f EntityPath>) {
    match treatment {
        Treatment::Headers(headers) => {
            for value in headers.custom_request_headers.values() {
                found.extend(value.secrets());
            }
        }
        Treatment::Plugin(plugin) => data_secrets(&plugin.settings, found),
        Treatment::Buffering(_)
        | Treatment::RateLimit(_)
        | Treatment::Compress(_)
        | Treatment::IpAllowList(_)
        | Treatment::StripPrefix(_)
        | Treatment::AddPrefix(_)
        | Treatment::RedirectRegex(_)
        | Treatment::Chain(_) => {}
    }
}

/// Every secret in free data.
pub(crate) fn data_secrets<'f>(data: &'f At<Data>, found: &mut Vec<&'f EntityPath>) {
    match &data.value {
        Data::Sealed(sealed) => found.extend(sealed.secrets()),
        Data::List(items) => items.iter().for_each(|item| data_secrets(item, found)),
        Data::Record(fields) => fields.values().for_each(|value| data_secrets(value, found)),
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::Nix(_)
        | Data::File(_) => {}
    }
}
