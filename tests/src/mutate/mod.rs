//! Broken fleets: sound ones, changed at random. The same seed gives the same fleets.
//!
//! [`change`] picks among the files below: `letters` knows nothing, `tokens` knows the pieces of the
//! language, `values` what may stand for what, `growth` makes things deep, shared or many.

mod growth;
mod letters;
mod tokens;
mod values;

use std::sync::Arc;

use qg_lang::world::MemoryWorld;

use tokens::Text;

/// A generator of numbers (`SplitMix64`).
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`; 0 where that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        match limit {
            0 => 0,
            limit => (self.next() % limit as u64) as usize,
        }
    }

    /// One of some things.
    ///
    /// # Panics
    /// Where there are none.
    pub fn pick<'t, T>(&mut self, things: &'t [T]) -> &'t T {
        &things[self.below(things.len())]
    }

    /// Whether the one case out of so many holds.
    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }
}

/// No text is made longer than this: what is merely long only makes the run slow.
const LONGEST: usize = 400_000;

/// A fleet made of one (and pieces of another) by up to four changes.
///
/// # Panics
/// Never.
#[must_use]
pub fn change(base: &MemoryWorld, other: &MemoryWorld, random: &mut Random) -> MemoryWorld {
    let mut world = base.clone();
    // Where one thing is wrong the others are not looked at as far.
    for _ in 0..*random.pick(&[1, 1, 2, 4]) {
        let Some(path) = some(&world, random) else { break };
        let donor = some(other, random).map_or("", |path| &*other.sources[&path]);
        let text = &*world.sources[&path];
        if random.one_in(9) {
            // A whole file more.
            world.sources.insert(Arc::from("more.qg"), Arc::from(donor));
            continue;
        }
        let made = mutate(text, donor, random);
        if made.len() <= LONGEST {
            world.sources.insert(path, Arc::from(made));
        }
    }
    world
}

/// A text made of `base` (and a piece of `other`) by one change.
#[must_use]
pub fn mutate(base: &str, other: &str, random: &mut Random) -> String {
    match random.below(8) {
        0 => letters::change(base, other, random),
        1..=3 => tokens::change(&Text::of(base), &Text::of(other), random),
        4 | 5 => values::change(&Text::of(base), &Text::of(other), random),
        6 => values::of_the_kind(&Text::of(base), &Text::of(other), random),
        _ => growth::change(&Text::of(base), random),
    }
}

fn some(world: &MemoryWorld, random: &mut Random) -> Option<Arc<str>> {
    world.sources.keys().nth(random.below(world.sources.len())).cloned()
}
