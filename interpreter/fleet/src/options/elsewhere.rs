//! Options that the manual's list lacks although they exist: those of modules outside nixpkgs that the
//! compiler relies on, and those of NixOS itself that the manual hides.
//!
//! They are added to the table that comes with the compiler. A fleet's own table has them, where its flake does.

use std::borrow::Cow;

use super::table::Table;
use super::way;
use super::write::Draft;

/// A module that NixOS does not have itself.
#[derive(Debug)]
pub struct Module {
    /// What all of its options begin with.
    pub prefix: &'static str,
    pub name: &'static str,
    pub flake: &'static str,
}

/// The modules that the compiler's own output may need.
pub const MODULES: &[Module] = &[
    Module { prefix: "sops", name: "sops-nix", flake: "github:Mic92/sops-nix" },
    Module {
        prefix: "environment.persistence",
        name: "impermanence",
        flake: "github:nix-community/impermanence",
    },
    Module { prefix: "disko", name: "disko", flake: "github:nix-community/disko" },
    Module {
        prefix: "home-manager",
        name: "Home Manager",
        flake: "github:nix-community/home-manager",
    },
    Module {
        prefix: "virtualisation.quadlet",
        name: "quadlet-nix",
        flake: "github:SEIAROTg/quadlet-nix",
    },
];

/// Options of those modules, where the table has some of them but not these.
const OTHERS: &[(&str, &str)] = &[
    // nixos/common.nix of Home Manager; what is below `users` is in the table.
    ("home-manager.backupCommand", "anything"),
    ("home-manager.backupFileExtension", "null or string"),
    ("home-manager.extraSpecialArgs", "attribute set"),
    ("home-manager.overwriteBackup", "boolean"),
    ("home-manager.sharedModules", "list of raw value"),
    ("home-manager.useGlobalPkgs", "boolean"),
    ("home-manager.useUserPackages", "boolean"),
    ("home-manager.users.<name>._module", "anything"),
    ("home-manager.users.<name>.assertions", "list of unspecified value"),
    // Each release adds itself to those that it takes.
    ("home-manager.users.<name>.home.stateVersion", "string"),
    ("home-manager.users.<name>.imports", "list of anything"),
    ("home-manager.users.<name>.lib", "anything"),
    // modules/home-manager/sops.nix of sops-nix.
    ("home-manager.users.<name>.sops", "anything"),
    ("home-manager.users.<name>.warnings", "list of string"),
    ("home-manager.verbose", "boolean"),
];

/// Options of NixOS itself that the manual does not list, because they are internal, hidden, or of a module
/// that has to be imported, with the file of nixpkgs that declares each.
const HIDDEN: &[(&str, &str)] = &[
    // nixos/modules/misc/assertions.nix, meta.nix, lib.nix
    ("assertions", "list of unspecified value"),
    ("warnings", "list of string"),
    ("meta", "anything"),
    ("lib", "anything"),
    // nixos/modules/system/build.nix
    ("system.build", "anything"),
    // nixos/modules/installer: cd-dvd/iso-image.nix, sd-card/sd-image.nix, netboot/netboot.nix
    ("isoImage", "anything"),
    ("sdImage", "anything"),
    ("netboot", "anything"),
];

/// What every module may have and is no option (lib/modules.nix).
const SYNTAX: &[(&str, &str)] = &[
    ("_module.args", "anything"),
    ("disabledModules", "list of anything"),
    ("imports", "list of anything"),
];

/// What to add to a table: `own` where it was asked of the fleet's own nixpkgs.
///
/// # Panics
/// Where the rows of this file are no table, which its tests would find.
#[must_use]
pub fn table(own: bool) -> Table {
    // Of Home Manager the table has the options of users.
    let whole = MODULES.iter().filter(|it| it.prefix != "home-manager");
    let whole = whole.map(|module| (module.prefix, "anything"));
    let known = whole.chain(OTHERS.iter().chain(HIDDEN).copied()).filter(|_| !own);
    let options = known.chain(SYNTAX.iter().copied());
    let options = options.map(|(name, phrase)| (way(name), phrase.to_owned())).collect();
    let text = Draft { options, ..Draft::default() }.text();
    // Of rows that stand in this file.
    Table::read(Cow::Owned(text)).expect("what is written is read back")
}
