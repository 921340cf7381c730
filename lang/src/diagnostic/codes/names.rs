//! Names and what they stand for.

super::codes! {}
