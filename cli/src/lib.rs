//! The `qgc` program as a library.
