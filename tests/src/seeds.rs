//! Sound fleets to begin with, for what changes them at random.

use std::fs;

use qg_lang::world::MemoryWorld;

use crate::mutate::Random;
use crate::suite::Case;
use crate::{disk, generate};

/// Fleets to begin with.
#[derive(Debug, Default)]
pub struct Seeds {
    /// Those with nothing to say against them; the last one is the fleet of this repository.
    pub sound: Vec<MemoryWorld>,
    /// The others.
    pub broken: Vec<MemoryWorld>,
}

/// The cases of the suite and the golden ones, a generated fleet, and the fleet of this repository.
///
/// # Panics
/// Where a file cannot be read.
#[must_use]
pub fn seeds() -> Seeds {
    let mut seeds = Seeds::default();
    let suite = disk::folder("suite");
    for path in disk::files(&suite, ".qg") {
        let text = qg_cli::world::decode(&fs::read(&path).expect("a case can be read"));
        let name = path.file_name().expect("a file has a name").to_string_lossy();
        // Some cases are about files that are no text.
        let Ok(case) = Case::parse(&name, &text) else { continue };
        let sound = case.findings.is_empty();
        if sound { &mut seeds.sound } else { &mut seeds.broken }.push(case.world);
    }
    seeds.sound.extend(crate::golden::cases().iter().map(|case| disk::world(case, &[""])));
    seeds.sound.push(generate::racks(1).world());
    seeds.sound.push(disk::world(disk::repository(), &["hosts", "services", "secrets"]));
    seeds
}

impl Seeds {
    /// One to change: a sound one more often than not, the whole fleet seldom, since it takes as
    /// long as many small ones.
    ///
    /// # Panics
    /// Where there are none.
    pub fn base(&self, random: &mut Random) -> &MemoryWorld {
        match random.below(24) {
            0 => self.sound.last(),
            1..=7 => self.broken.get(random.below(self.broken.len())),
            _ => self.sound.get(random.below(self.sound.len() - 1)),
        }
        .expect("there are many")
    }

    /// One to take pieces from.
    pub fn donor(&self, random: &mut Random) -> &MemoryWorld {
        let at = random.below(self.sound.len() + self.broken.len());
        self.sound.get(at).unwrap_or_else(|| &self.broken[at - self.sound.len()])
    }
}
