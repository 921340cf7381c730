//! Disks, what is on them, and pools of them.

use super::leaf::{At, EntityPath};
pub use super::model::disk::*;
use super::service::Answer;

impl Answer {
    #[must_use]
    pub fn is_yes(&self) -> bool {
        matches!(self, Answer::Yes)
    }
}

impl Pool {
    /// Every partition that is part of it.
    pub fn members(&self) -> impl Iterator<Item = &At<EntityPath>> {
        let vdevs = self.vdevs.iter().chain(self.special.iter()).chain(self.log.iter());
        let of_vdevs = vdevs.flat_map(|vdev| vdev.members.iter());
        of_vdevs.chain(self.cache.iter()).chain(self.spare.iter())
    }
}

impl Layout {
    /// As zpool-create(8) says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Layout::Stripe => "",
            Layout::Mirror => "mirror",
            Layout::Raidz1 => "raidz1",
            Layout::Raidz2 => "raidz2",
            Layout::Raidz3 => "raidz3",
        }
    }
}
