//! What the parser finds.

super::codes! {}
