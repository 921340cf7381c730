//! What the fleet as a whole shows: two things on one port, dangling references.

super::codes! {}
