//! Machines and their accounts.

pub use super::model::host::*;

impl StorageDriver {
    /// As containers-storage.conf(5) names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            StorageDriver::Overlay => "overlay",
            StorageDriver::Btrfs => "btrfs",
            StorageDriver::Zfs => "zfs",
            StorageDriver::Vfs => "vfs",
        }
    }
}

impl System {
    /// As Nix names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            System::X86_64Linux => "x86_64-linux",
            System::Aarch64Linux => "aarch64-linux",
        }
    }
}
