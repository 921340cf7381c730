//! Types.

super::codes! {}
