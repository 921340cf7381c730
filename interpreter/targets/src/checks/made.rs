//! Where the compiler's own files lie on a host, as the targets say.

use qg_fleet::leaf::OriginId;

use crate::Prepared;
use crate::nix::written;
use crate::plain::own_places;

/// Folders that the scripts of the targets make and work in, where they run.
pub(super) const WORKED_IN: &[&str] = &["/run/qg", "/var/lib/qg"];

/// Files that a host gets besides those that are said, and because of what. On NixOS an option holds each, and is held
/// against the others as such: only what the host puts together itself would replace one unseen.
pub(super) fn made(fleet: &Prepared<'_>, host: &str) -> Vec<(String, OriginId)> {
    let mut all = own_places(fleet, host);
    let etc = written(fleet, host).and_then(|set| set.at(&["environment", "etc"]));
    for (below, value) in etc.iter().flat_map(|etc| &etc.0) {
        let by = value.all_origins().into_iter().find(|it| it.0 != 0);
        all.push((format!("/etc/{below}"), by.unwrap_or_default()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::WORKED_IN;
    use qg_fleet::path::is_below;

    /// A script that works in a folder that is not in the list would lose its work to a file there.
    #[test]
    fn the_folders_of_the_scripts_are_known() {
        let scripts = [
            include_str!("../plain/install.sh"),
            include_str!("../plain/secrets.sh"),
            include_str!("../sealed/render.sh"),
            include_str!("../sealed/tell.sh"),
        ];
        let mut seen = 0;
        for script in scripts {
            for rest in script.split("$root/").skip(1) {
                let path = rest.split(|it: char| !it.is_alphanumeric() && it != '/').next();
                let path = format!("/{}", path.unwrap_or_default());
                if ["/run", "/var"].into_iter().any(|it| is_below(&path, it)) {
                    seen += 1;
                    let known = WORKED_IN.iter().any(|it| path == *it || is_below(&path, it));
                    assert!(known, "{path}: {rest:.60}");
                }
            }
        }
        assert!(seen > 4, "the scripts name their folders in another way: {seen}");
    }
}
