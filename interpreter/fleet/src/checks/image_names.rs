//! Images of containers: whether their names say one image, and whether it is for the host's processor.

use qg_lang::diagnostic::codes::machines as codes;
use qg_lang::diagnostic::{Code, Diagnostic};

use super::FleetCheck;
use super::place::own_place;
use crate::Facts;
use crate::container::AutoUpdate;
use crate::host::{Host, System};
use crate::leaf::{At, OriginId, RefOr};
use crate::leaves::{LeafValue, ModelStep, each};
use crate::service::Service;

const CODES: &[Code] = &[codes::LOOSE_IMAGE, codes::IDLE_UPDATE, codes::OTHER_PROCESSOR];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

/// An image where somebody names it.
struct Named<'f> {
    text: &'f str,
    by: OriginId,
    host: Option<&'f At<Host>>,
}

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    let host = |name: &str| fleet.model.host.get(name);
    let mut all: Vec<Named<'_>> = Vec::new();
    let services = fleet.model.service.values().chain(fleet.off.values());
    for service in services {
        let service: &At<Service> = service;
        let Some(container) = &service.container else { continue };
        let host = service.on.as_ref().and_then(|it| host(it.entity()));
        if let RefOr::Value(text) = &container.image.value
            && !text.starts_with('/')
        {
            all.push(Named { text, by: container.image.origin, host });
        }
        let raw = container.quadlet.get("Image").into_iter().flat_map(|it| it.iter());
        let raw = raw.filter(|it| !it.ends_with(".image") && !it.ends_with(".build"));
        all.extend(raw.map(|it| Named { text: &it.value, by: it.origin, host }));
        updates(fleet, container, out);
    }
    for pulled in fleet.model.pulled.values() {
        let host = host(pulled.on.entity());
        all.push(Named { text: &pulled.image.value, by: pulled.image.origin, host });
    }
    for of in fleet.model.host.values() {
        each(&of.nix, &mut |way, value, said| {
            let keys: Vec<&str> = way.iter().filter_map(ModelStep::key).collect();
            if let (
                ["virtualisation", "oci-containers", "containers", _, "image"],
                LeafValue::Text(text),
            ) = (keys.as_slice(), value)
            {
                all.push(Named { text, by: said.origin, host: Some(of) });
            }
        });
    }
    let mut told = Vec::new();
    for it in all {
        let span = own_place(fleet, &[it.by]);
        if told.contains(&span) {
            continue;
        }
        if let Some(finding) = loose(&it, span).or_else(|| other_processor(fleet, &it, span)) {
            told.push(span);
            out.push(finding);
        }
    }
}

fn loose(it: &Named<'_>, span: qg_lang::span::Span) -> Option<Diagnostic> {
    let text = it.text;
    // What another transport brings has a form of its own: `docker-archive:/x.tar`, `oci:…`.
    let first = text.split('/').next().unwrap_or_default();
    let has_registry = text.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    let bare = text.split('@').next().unwrap_or_default();
    let last = bare.rsplit('/').next().unwrap_or_default();
    let has_tag = last.contains(':') || text.contains('@');
    let (what, help) = if !has_registry {
        let whole = if text.contains('/') { text.to_owned() } else { format!("library/{text}") };
        ("no registry", format!("say where it comes from: `docker.io/{whole}`"))
    } else if !has_tag && first != "localhost" {
        ("no tag", format!("say which one: `{text}:1.2.3`, or `{text}:latest` where any will do"))
    } else {
        return None;
    };
    let message = format!("{text:?} names {what}");
    Some(Diagnostic::warning(codes::LOOSE_IMAGE, span, message).help(help))
}

/// Words of images that are for one processor.
const PROCESSORS: [(&str, System); 8] = [
    ("amd64", System::X86_64Linux),
    ("x86_64", System::X86_64Linux),
    ("x86-64", System::X86_64Linux),
    ("x64", System::X86_64Linux),
    ("arm64", System::Aarch64Linux),
    ("arm64v8", System::Aarch64Linux),
    ("aarch64", System::Aarch64Linux),
    ("arm32v7", System::Aarch64Linux),
];

fn other_processor(
    fleet: &Facts<'_>,
    it: &Named<'_>,
    span: qg_lang::span::Span,
) -> Option<Diagnostic> {
    let host = it.host?;
    let words = it.text.split('@').next()?.split(['/', ':', '-', '.', '_']);
    // `x86_64` has a sign in it that divides.
    let whole = it.text.contains("x86_64").then_some("x86_64");
    let mut found =
        words.chain(whole).filter_map(|word| PROCESSORS.iter().find(|(it, _)| *it == word));
    let (word, system) = found.next()?;
    if host.system.value == *system || host.boot.emulates.iter().any(|it| it.value == *system) {
        return None;
    }
    let message = format!("this image is for another processor: `{word}`");
    Some(
        Diagnostic::error(codes::OTHER_PROCESSOR, span, message)
            .also(own_place(fleet, &[host.system.origin]), "the host's own")
            .help("name the image for all of them, or the one for this processor"),
    )
}

/// Updates from a registry of what no registry changes.
fn updates(fleet: &Facts<'_>, container: &crate::container::Container, out: &mut Vec<Diagnostic>) {
    let typed = (container.auto_update.value == AutoUpdate::Registry)
        .then_some(container.auto_update.origin);
    let raw = container.quadlet.get("AutoUpdate").into_iter().flat_map(|it| it.iter());
    let raw = raw.filter(|it| it.value == "registry").map(|it| it.origin);
    let label = container.labels.get("io.containers.autoupdate");
    let label = label.filter(|it| matches!(it.value.as_str(), "registry" | "image"));
    let Some(by) = typed.into_iter().chain(raw).chain(label.map(|it| it.origin)).next() else {
        return;
    };
    let why = match &container.image.value {
        RefOr::Value(text) if text.contains('@') => "the image is named by its digest",
        RefOr::Value(text) if text.starts_with("localhost/") => "the image is in no registry",
        RefOr::Value(text) if text.starts_with('/') => "it runs from a folder",
        RefOr::Ref(path) if path.kind() == "build" => "the image is built here",
        RefOr::Value(_) | RefOr::Ref(_) => return,
    };
    let message = format!("no update ever comes from a registry: {why}");
    out.push(
        Diagnostic::warning(codes::IDLE_UPDATE, own_place(fleet, &[by]), message)
            .also(own_place(fleet, &[container.image.origin]), "this one")
            .help("name a tag in place of the digest, say `auto_update = local` of what is built, or leave it out"),
    );
}
