//! The folders around what is kept, where their mode is said (`parent_mode`).

use std::collections::BTreeMap;

use qg_fleet::leaf::At;

use crate::Prepared;

/// The folder around a path; none around what lies in the root.
#[must_use]
pub fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(above, _)| above).filter(|above| !above.is_empty())
}

/// The modes that are said of the folders around what a host keeps, by path; the first who says one.
#[must_use]
pub fn around<'f>(fleet: &'f Prepared<'f>, host: &str) -> BTreeMap<&'f str, &'f At<u16>> {
    let mut all = BTreeMap::new();
    for it in fleet.all_states_on(host) {
        if let (Some(above), Some(mode)) = (parent(it.path), &it.state.parent_mode) {
            all.entry(above).or_insert(mode);
        }
    }
    all
}
