//! What surprises whoever reads Traefik's manual: a test for each.

mod details;
mod routing;
mod tls;
