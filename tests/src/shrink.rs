//! Smaller fleets that fail as well: lines are left out as long as it still fails.

use std::sync::Arc;
use std::time::{Duration, Instant};

use qg_lang::world::MemoryWorld;

/// How long that is worth it.
const PATIENCE: Duration = Duration::from_secs(180);

/// A fleet that `fails`, as small as can be had in three minutes.
#[must_use]
pub fn shrink(world: &MemoryWorld, fails: impl Fn(&MemoryWorld) -> bool) -> MemoryWorld {
    let began = Instant::now();
    let mut small = world.clone();
    for path in world.sources.keys() {
        let mut less = small.clone();
        less.sources.remove(path);
        if began.elapsed() < PATIENCE && fails(&less) {
            small = less;
        }
    }
    for path in small.sources.keys().cloned().collect::<Vec<_>>() {
        let text = Arc::clone(&small.sources[&path]);
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut size = lines.len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            while at < lines.len() {
                if began.elapsed() > PATIENCE {
                    return small;
                }
                let end = (at + size).min(lines.len());
                let fewer = [&lines[..at], &lines[end..]].concat();
                let mut less = small.clone();
                less.sources.insert(Arc::clone(&path), Arc::from(fewer.concat()));
                if fails(&less) {
                    (small, lines) = (less, fewer);
                } else {
                    at = end;
                }
            }
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
    }
    small
}
