//! Targets: from the typed fleet to files. A new one is a new folder and a row in [`ALL`].

use crate::fleet::leaf::OriginId;

/// A file to be written, relative to the output folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// With `/` between parts; never absolute, never with `..`.
    pub path: String,
    pub text: String,
    /// For each line of the text: the origins of what it says, in order.
    pub lines: Vec<Vec<OriginId>>,
}
