//! What is known of NixOS' service modules: units, accounts, state, ports (`data/nixos-modules.txt`), and what of it
//! a service has that one of them runs.

mod follow;
mod kept;
mod names;
mod own;
mod ports;
mod table;

pub(crate) use kept::native_state;
pub use names::{of_service, units_of};
pub(crate) use own::of_fleet;
pub(crate) use ports::native_ports;
pub use table::{
    Account, Brought, Followed, Kept, Known, Module, ModulePort, TABLE_COMMIT, Text, find, modules,
};
