//! How the scripts that open secrets and put files together name the units that read them.

use qg_fleet::host::Manager;
use qg_fleet::rootless::Rootless;

use crate::Prepared;

impl Prepared<'_> {
    /// The account that a unit of a host belongs to; nothing for those of the system.
    #[must_use]
    pub fn account_of_unit(&self, host: &str, unit: &str) -> Option<Rootless<'_>> {
        let rootless = self.rootless(host)?;
        self.units_on(host).iter().any(|it| it.unit.name.value == unit).then_some(rootless)
    }

    /// A unit, or `ACCOUNT/NUMBER/UNIT`. On NixOS those of an account are not told by a script.
    #[must_use]
    pub fn told(&self, host: &str, unit: &str) -> Option<String> {
        let Some(rootless) = self.account_of_unit(host, unit) else { return Some(unit.to_owned()) };
        let of = self.model.host.get(host)?;
        let uid = rootless.uid.unwrap_or_default();
        (of.manager.value == Manager::Plain).then(|| format!("{}/{uid}/{unit}", rootless.name()))
    }
}
