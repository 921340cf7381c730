//! Files beside the sources that cannot be read.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target;
use qg_lang::world::Unread;

use super::FleetCheck;
use crate::Facts;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[target::UNREAD_FILE], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (path, (span, why)) in &fleet.unread {
        let finding = Diagnostic::error(
            target::UNREAD_FILE,
            *span,
            format!("`{path}` cannot be read: {why}"),
        );
        out.push(match why {
            Unread::Outside => finding
                .help("links that lead out of the fleet are not followed: put the file there"),
            Unread::Missing | Unread::Failed(_) => finding,
        });
    }
}
