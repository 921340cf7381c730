//! What the hosts of a test say that is not about them: the release of NixOS that they began with. Each host of a
//! fleet has to say it, and some thousand fleets of tests would say nothing else by it.

use std::sync::Arc;

use qg_lang::world::MemoryWorld;

/// For every host that NixOS manages and that says none.
pub const SAID: &str = "default host if self.manager is nixos { state_version = \"25.05\" }\n";

/// Behind every other source.
pub const PATH: &str = "~release.qg";

/// Says it in a source of its own, where there are hosts. Where some source speaks of it all stand as they are.
pub fn say(world: &mut MemoryWorld) {
    let speaks_of = |word: &str| world.sources.values().any(|text| text.contains(word));
    if speaks_of("host") && !speaks_of("state_version") {
        world.sources.insert(Arc::from(PATH), Arc::from(SAID));
    }
}

/// [`say`], of a world that is made in passing.
#[must_use]
pub fn said(mut world: MemoryWorld) -> MemoryWorld {
    say(&mut world);
    world
}
