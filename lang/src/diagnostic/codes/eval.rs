//! What evaluation finds: clashes of sayings, circles, absent values.

super::codes! {}
