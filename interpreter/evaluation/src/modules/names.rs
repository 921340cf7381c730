//! Services that NixOS modules run: what their units are called.

use super::table::find;
use crate::builtins::way::way;

/// The units of the module behind an option of NixOS, the main one first; none where the module is not
/// in the table.
#[must_use]
pub fn units_of(option: &str) -> Option<Vec<String>> {
    let known = find(option)?;
    let units = known.module.units.iter().map(|unit| known.fill(unit));
    Some(units.collect()).filter(|units: &Vec<String>| !units.is_empty())
}

/// What most modules that are in no table call their unit; none where the option is no service's.
fn usual(option: &str) -> Option<String> {
    let parts = way(option);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["services" | "programs", name] => Some(format!("{name}.service")),
        ["systemd", "services", name] => Some(format!("{name}.service")),
        ["virtualisation", "oci-containers", "containers", name] => {
            Some(format!("podman-{name}.service"))
        }
        _ => None,
    }
}

/// The units of a service that these modules run: those of the module that is called like the service,
/// else of the first one that is known, else the one that its option's name leads to.
#[must_use]
pub fn of_service(options: &[&str], name: &str) -> Vec<String> {
    let own = options.iter().find(|option| option.rsplit('.').next() == Some(name));
    let all = || own.into_iter().chain(options);
    let usual = |option: &&str| usual(option).map(|unit| vec![unit]);
    let units = own.and_then(|option| units_of(option).or_else(|| usual(option)));
    let units = units.or_else(|| all().find_map(|option| units_of(option)));
    units.or_else(|| all().find_map(usual)).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{of_service, units_of};

    #[test]
    fn a_module_says_what_its_units_are_called() {
        assert_eq!(of_service(&["services.adguardhome"], "adguard"), ["adguardhome.service"]);
        assert_eq!(
            of_service(&["services.authelia.instances.main"], "x"),
            ["authelia-main.service"]
        );
        assert_eq!(units_of("services.redis.servers.\"\"").unwrap(), ["redis.service"]);
        // Of several modules the one that is called like the service.
        assert_eq!(of_service(&["services.mysql", "services.gitea"], "gitea")[0], "gitea.service");
        assert_eq!(of_service(&["services.mysql", "services.own"], "own"), ["own.service"]);
        assert_eq!(of_service(&["services.own", "users.users.x"], "other"), ["own.service"]);
        assert!(of_service(&["users.users.x"], "x").is_empty());
    }
}
