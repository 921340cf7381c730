//! Services that NixOS modules run: the paths of their options, and what their units are called.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::way::way;

/// One row a module; its head says where the facts are from.
const TABLE: &str = include_str!("../../data/native-units.tsv");

/// A module's units, the main one first.
type Row = Vec<&'static str>;

/// The modules by the path of their option.
fn table() -> &'static BTreeMap<&'static str, Row> {
    static ROWS: OnceLock<BTreeMap<&str, Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        let row = |line: &'static str| {
            let mut fields = line.split('\t');
            let (option, units) = (fields.next()?, fields.nth(1)?);
            Some((option, units.split(' ').collect()))
        };
        rows.filter_map(row).collect()
    })
}

/// A row of the table, and the key below its option where it has one.
fn row(option: &str) -> Option<(&'static Row, Option<String>)> {
    if let Some(row) = table().get(option) {
        return Some((row, None));
    }
    let key = way(option).pop()?;
    let before = option.strip_suffix('"').unwrap_or(option).strip_suffix(key.as_str())?;
    let before = before.strip_suffix('"').unwrap_or(before);
    table().get(format!("{before}<name>").as_str()).map(|row| (row, Some(key)))
}

/// The units of the module behind an option of NixOS, the main one first; none where the module is not
/// in the table.
#[must_use]
pub fn units_of(option: &str) -> Option<Vec<String>> {
    let (row, key) = row(option)?;
    let name = |unit: &&str| match key.as_deref() {
        Some("") => unit.replace("-<name>", ""),
        Some(key) => unit.replace("<name>", key),
        None => (*unit).to_owned(),
    };
    Some(row.iter().map(name).collect())
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
    use super::{of_service, table, units_of};

    #[test]
    fn the_table_is_read_whole() {
        assert_eq!(table().len(), 113);
        assert!(table().values().all(|row| !row.is_empty()));
    }

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
