//! Tests of the whole, and what they share: the suite's file format, golden folders, generated
//! fleets, the fleet of this repository.

pub mod authelia;
pub mod bounded;
pub mod disk;
pub mod editor;
pub mod facts;
pub mod fleets;
pub mod generate;
pub mod golden;
pub mod large;
pub mod machines;
pub mod mistakes;
pub mod mutate;
pub mod nix;
pub mod peers;
pub mod pipeline;
pub mod protocol;
pub mod release;
pub mod seeds;
pub mod shrink;
pub mod sitting;
pub mod sops;
pub mod suite;
pub mod switch;
