//! What the lexer finds, and the limits of a file.

super::codes! {}
