//! Secrets that Traefik gets as environment variables, and as files.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::dynamic::{self, Secrets};
use super::options;
use crate::fleet::leaf::{At, Data, EntityPath};
use crate::fleet::proxy::{Challenge, Proxy};
use crate::fleet::{Fleet, Model};
use crate::formats::{Piece, Tree};

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
            for secret in Needs::of(self, key, proxy).sealed {
                if let Some(variable) = variables.get(secret.last()) {
                    found.insert(variable.clone(), secret);
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
            let traefik = proxy.traefik();
            for acme in traefik.acme.iter().chain(traefik.resolvers.values()) {
                if let Challenge::Dns(dns) = &acme.challenge.value
                    && let Some(credentials) = &dns.credentials
                    && !files.contains(&credentials.value)
                {
                    files.push(credentials.value.clone());
                }
            }
        }
        files
    }

    /// Secrets that the proxies of a host read as files: the proxy's account needs to be able to.
    #[must_use]
    pub fn proxy_files(&self, host: &str) -> Vec<EntityPath> {
        let needs = self.model.proxies_on(host).map(|(key, proxy)| Needs::of(self, key, proxy));
        let files: BTreeSet<EntityPath> = needs.flat_map(|needs| needs.files).collect();
        files.into_iter().collect()
    }
}

/// The secrets that stand in a dynamic file.
#[derive(Default)]
struct Needs {
    /// Inside texts.
    sealed: BTreeSet<EntityPath>,
    /// As files, by their paths.
    files: BTreeSet<EntityPath>,
}

impl Needs {
    /// Found by making the file: what it does not name, nobody has to read.
    fn of(fleet: &Fleet, key: &str, proxy: &At<Proxy>) -> Needs {
        let needs = RefCell::new(Needs::default());
        let seal = |path: &EntityPath| {
            needs.borrow_mut().sealed.insert(path.clone());
            Piece::Text(String::new())
        };
        let path = |path: &EntityPath| {
            needs.borrow_mut().files.insert(path.clone());
            String::new()
        };
        let secrets = Secrets { seal: &seal, path: &path };
        dynamic::tree(fleet, key, proxy, &secrets);
        options::tree(fleet, key, proxy, &secrets);
        if let Some(data) = &proxy.traefik().dynamic_options {
            let _ = Tree::data(data, &seal);
        }
        needs.into_inner()
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
