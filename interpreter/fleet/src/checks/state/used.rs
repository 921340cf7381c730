//! Whose state something is: said by two, by one that does not mount it, or used by nobody.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::state;

use super::related;
use crate::Facts;
use crate::checks::FleetCheck;
use crate::checks::place::{own_place, place};
use crate::folders::StateOf;
use crate::leaf::{At, OriginId, SealedPart};
use crate::leaves::{LeafValue, ModelStep, Walk, each};
use crate::service::{Service, State};

const CODES: &[qg_lang::diagnostic::Code] =
    &[state::STATE_TWICE, state::STATE_UNUSED, state::STATE_OF_ANOTHER];
pub(in crate::checks) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // From what is not there nothing is concluded while something is unknown.
    if fleet.partial {
        return;
    }
    for host in fleet.model.host.keys() {
        twice(fleet, host, out);
        let named = Named::on(fleet, host);
        for (name, service) in fleet.model.services_on(host) {
            if service.container.is_some() {
                for (path, it) in &service.state {
                    of_container(
                        fleet,
                        host,
                        &named,
                        (name, service),
                        (path.trim_end_matches('/'), it),
                        out,
                    );
                }
            } else {
                of_modules(fleet, host, name, service, out);
            }
        }
    }
}

/// One path that two services say, with the same words: with others it is refused.
fn twice(fleet: &Facts<'_>, host: &str, out: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&str, (&str, OriginId)> = BTreeMap::new();
    for StateOf { whose, path, state: it } in fleet.all_states_on(host) {
        let Some((first, by)) = known.get(path).copied() else {
            known.insert(path, (whose, it.origin));
            continue;
        };
        let message = format!("{path} of host.{host} is the state of {first} and of {whose}");
        let span = own_place(fleet, &[it.origin]);
        out.push(
            Diagnostic::warning(state::STATE_TWICE, span, message)
                .also(place(fleet, by), "the other one")
                .help("leave it to the one that keeps something there: whoever mounts it needs to say nothing more"),
        );
    }
}

/// What a service in a container says that it keeps, and does not mount.
fn of_container(
    fleet: &Facts<'_>,
    host: &str,
    named: &Named<'_>,
    (name, service): (&str, &At<Service>),
    (path, it): (&str, &At<State>),
    out: &mut Vec<Diagnostic>,
) {
    let all = fleet.mounted_on(host);
    let uses = |by: (&str, &str)| {
        all.iter().any(|it| it.by == by && it.path().is_some_and(|it| related(it, path)))
    };
    let pod = service.container.as_ref().and_then(|it| it.pod.as_ref()).map(|it| it.entity());
    if uses(("service", name))
        || pod.is_some_and(|pod| uses(("pod", pod)))
        || !service.native.is_empty()
    {
        return;
    }
    // Two who say it are told as such.
    let own = format!("service.{name}");
    if fleet.all_states_on(host).iter().any(|it| it.path == path && it.whose != own) {
        return;
    }
    // What a proxy or a login server keeps in a container is mounted by the compiler.
    if fleet.mounted_folders(host).keys().any(|it| related(it, path)) {
        return;
    }
    let span = own_place(fleet, &[it.origin]);
    let in_pod = |other: &str| {
        let other = fleet.model.service.get(other).and_then(|it| it.container.as_ref());
        pod.is_some() && other.and_then(|it| it.pod.as_ref()).map(|it| it.entity()) == pod
    };
    let other = all.iter().find(|it| it.path().is_some_and(|it| related(it, path)));
    if let Some(other) = other {
        let (kind, of) = other.by;
        if in_pod(of) || named.has(Some(name), path) {
            return;
        }
        let message = format!(
            "service.{name} says that it keeps {path}, which {kind}.{of} mounts and it does not"
        );
        let finding = Diagnostic::warning(state::STATE_OF_ANOTHER, span, message);
        out.push(
            finding
                .also(own_place(fleet, &[other.origin]), "it is mounted here")
                .help(format!("say it in {kind}.{of}, or mount it")),
        );
    } else if !named.has(None, path) {
        let message = format!(
            "service.{name} says that it keeps {path}, which nothing of host.{host} mounts or names"
        );
        let finding = Diagnostic::warning(state::STATE_UNUSED, span, message);
        out.push(finding.help("mount it, or drop it: it may be where something lay before"));
    }
}

/// What a service of NixOS says that it keeps, and the module of another one keeps by itself.
fn of_modules(
    fleet: &Facts<'_>,
    host: &str,
    name: &str,
    service: &At<Service>,
    out: &mut Vec<Diagnostic>,
) {
    let said = service.state.iter().filter(|(_, it)| !is_of_module(it));
    let said: Vec<(&str, &At<State>)> =
        said.map(|(path, it)| (path.trim_end_matches('/'), it)).collect();
    if said.is_empty() {
        return;
    }
    for StateOf { whose, path, state: of } in fleet.lying_on(host) {
        let own = whose.strip_prefix("service.").unwrap_or_default();
        let Some((_, it)) = said.iter().find(|(at, _)| at == path) else { continue };
        if own == name {
            continue;
        }
        let message = format!(
            "service.{name} says that it keeps {path}, which is what the module of {whose} keeps"
        );
        let finding =
            Diagnostic::warning(state::STATE_OF_ANOTHER, own_place(fleet, &[it.origin]), message);
        out.push(
            finding.also(own_place(fleet, &[of.origin]), "the module").help(format!(
                "say it in {whose}; if it is one of this service's, say another path"
            )),
        );
    }
}

fn is_of_module(state: &At<State>) -> bool {
    state.priority == crate::leaf::Priority::SchemaDefault
}

/// The texts of a host that may name a path, other than as state and in backups, each with the service that it is of:
/// those of services, units, scripts, and Nix of the host's own. Looked for when the first path is asked for.
struct Named<'f> {
    fleet: &'f Facts<'f>,
    host: &'f str,
    texts: OnceCell<Vec<(Option<&'f str>, &'f str)>>,
}

impl<'f> Named<'f> {
    fn on(fleet: &'f Facts<'f>, host: &'f str) -> Named<'f> {
        Named { fleet, host, texts: OnceCell::new() }
    }

    /// Whether one of them names a path; of services those of one alone, where it is given.
    fn has(&self, by: Option<&str>, path: &str) -> bool {
        let texts = self.texts.get_or_init(|| self.found());
        let mut of_it = texts.iter().filter(|(of, _)| of.is_none() || by.is_none() || *of == by);
        of_it.any(|(_, text)| text.contains(path))
    }

    fn found(&self) -> Vec<(Option<&'f str>, &'f str)> {
        let (model, host) = (&self.fleet.model, self.host);
        let mut found = Vec::new();
        for (name, service) in model.services_on(host) {
            self.add(&service.value, Some(name), &mut found);
        }
        if let Some(of) = model.host.get(host) {
            self.add(&of.value, None, &mut found);
        }
        model.script.values().for_each(|it| self.add(&it.value, None, &mut found));
        model.pods_on(host).for_each(|(_, it)| self.add(&it.value, None, &mut found));
        model.kubes_on(host).for_each(|(_, it)| self.add(&it.value, None, &mut found));
        found
    }

    fn add(
        &self,
        root: &'f impl Walk,
        of: Option<&'f str>,
        found: &mut Vec<(Option<&'f str>, &'f str)>,
    ) {
        each(root, &mut |steps, value, _| {
            let apart = steps.iter().filter_map(ModelStep::field).any(|field| {
                matches!(field.key(), ("Service", "state" | "backup") | ("Host", "state"))
            });
            if apart {
                return;
            }
            match value {
                LeafValue::Text(text) | LeafValue::Nix(text) => found.push((of, text)),
                LeafValue::File(file) => {
                    found.extend(self.fleet.text_of(file).map(|text| (of, text)));
                }
                LeafValue::Sealed(text) => {
                    found.extend(text.0.iter().filter_map(SealedPart::text).map(|it| (of, it)));
                }
                LeafValue::Bool(_)
                | LeafValue::Int(_)
                | LeafValue::Duration(_)
                | LeafValue::Size(_)
                | LeafValue::Float(_)
                | LeafValue::Mode(_)
                | LeafValue::Port(_)
                | LeafValue::Ref(_)
                | LeafValue::Word(_)
                | LeafValue::Empty => {}
            }
        });
    }
}
