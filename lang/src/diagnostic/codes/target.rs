//! What a target cannot hold.

super::codes! {}
