//! What fleets of tests have besides what they are about. Each host of a fleet has to say which release of NixOS it
//! began with, and some thousand of them would say nothing else by it. And what is warned of in a whole fleet (that
//! nothing uses a thing, that nobody copies what is kept) is all over small ones, where nobody means it.

use std::sync::Arc;

use qg_lang::diagnostic::codes;
use qg_lang::levels::{Level, Levels};
use qg_lang::world::MemoryWorld;

/// For every host that NixOS manages and that says none.
pub const SAID: &str = "default host if self.manager is nixos { state_version = \"25.05\" }\n";

/// Behind every other source.
pub const PATH: &str = "~release.qg";

/// Where the codes of what is probably wrong in a whole fleet begin.
const WHOLE_FLEETS: &str = "QG0700";

/// Says the release in a source of its own, where there are hosts. Where some source speaks of it all stand as they
/// are. What is warned of in whole fleets is left out, too.
pub fn say(world: &mut MemoryWorld) {
    leave_out(world);
    let speaks_of = |word: &str| world.sources.values().any(|text| text.contains(word));
    if speaks_of("host") && !speaks_of("state_version") {
        world.sources.insert(Arc::from(PATH), Arc::from(SAID));
    }
}

/// Allows warnings about whole fleets, but for those of codes that a source names.
pub fn leave_out(world: &mut MemoryWorld) {
    let named = |id: &str| world.sources.values().any(|text| text.contains(id));
    let ids = codes::all().map(|code| code.id).filter(|id| *id >= WHOLE_FLEETS && !named(id));
    world.levels = Levels(ids.map(|id| (id, Level::Allow)).collect());
}

/// [`say`], of a world that is made in passing.
#[must_use]
pub fn said(mut world: MemoryWorld) -> MemoryWorld {
    say(&mut world);
    world
}
