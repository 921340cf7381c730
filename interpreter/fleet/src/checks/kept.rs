//! Where `state` lies: an absolute path, and not the root of all.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::folders::StateOf;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[target::STATE_PATH], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        for StateOf { whose, path, state } in fleet.all_states_on(host) {
            let parts = path.split('/').skip(1);
            let odd = parts.filter(|part| matches!(*part, "" | "." | "..")).count() > 0;
            if !path.starts_with('/') || odd || path.contains(['\0', '\n', '\r']) {
                let message = format!("{path:?} is no path that {whose} can keep something at");
                let help = "say an absolute path without `.`, `..` and line breaks: `state \"/srv/app\" { }`";
                out.push(
                    Diagnostic::error(target::STATE_PATH, place(fleet, state.origin), message)
                        .help(help),
                );
            }
        }
    }
}
