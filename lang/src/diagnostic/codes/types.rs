//! Types.

super::codes! {
}
