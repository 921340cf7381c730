//! What surprises whoever reads Traefik's manual: a test for each.

mod routing;
mod tls;
