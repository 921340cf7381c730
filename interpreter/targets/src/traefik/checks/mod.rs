//! What Traefik refuses, or would take in another way than it is meant.

mod backends;
mod builds;
mod cycles;
mod entries;
mod headers;
mod matcher;
mod media_type;
mod middlewares;
mod predicate;
mod raw_routers;
mod rewrites;
mod tls;
mod unanswered;
mod ways_round;

use crate::checks::Check;

pub(super) const ALL: &[Check] = &[
    raw_routers::CHECK,
    middlewares::CHECK,
    backends::CHECK,
    rewrites::CHECK,
    entries::CHECK,
    ways_round::CHECK,
    unanswered::CHECK,
    tls::CHECK,
    headers::CHECK,
];
