//! What the unit of a Quadlet file reads of its host's folder: when one of these changes, it has to start anew.

use qg_fleet::container::Container;
use qg_fleet::leaf::{At, MountSource, OriginId, RefOr};
use qg_fleet::units::PodmanUnit;

use super::sources_of;
use crate::Prepared;
use crate::engines::{engine, login_engine};

/// Files of a host's folder that the unit of a Quadlet file reads, itself first: each once, with who said so.
#[must_use]
pub fn reads(fleet: &Prepared<'_>, host: &str, file: &PodmanUnit<'_>) -> Vec<(String, OriginId)> {
    let mut all = vec![(file.place(), file.by)];
    let model = &fleet.model;
    if let Some(service) = model.service.get(file.name).filter(|_| file.kind == "container")
        && let Some(container) = &service.container
    {
        let environment = format!("env/{}.env", file.name);
        let sealed = fleet.sealed_on(host).iter().filter(|it| it.name == environment);
        all.extend(sealed.map(|it| (it.source.clone(), it.by)));
        // What a proxy or a portal in it is told is mounted as a file, which it would go on seeing as it was.
        if let Some((_, proxy)) = model.proxy_run_by(file.name) {
            let files = engine(&proxy.engine).files.iter();
            all.extend(files.map(|it| (it.from.to_owned(), proxy.origin)));
        }
        if let Some((_, portal)) = model.portal_run_by(file.name) {
            all.push((login_engine(&portal.engine).file.from.to_owned(), portal.origin));
        }
        for it in fleet.files_on(host) {
            if service.file.contains_key(it.path) || sees(container, it.path) {
                let below = it.path.trim_start_matches('/');
                all.push((format!("files/{below}"), it.file.origin));
            }
        }
        // The unit of a build is over when it has built: only who needs its image makes it run again.
        if let RefOr::Ref(image) = &container.image.value
            && let Some(build) = model.build.get_key_value(image.entity())
            && image.kind() == "build"
        {
            let (name, it) = build;
            let by = container.image.origin;
            all.extend(reads(fleet, host, &PodmanUnit { kind: "build", name, unit: &it.unit, by }));
        }
    }
    let beside = sources_of(fleet, file).into_iter().filter_map(beside_the_sources);
    all.extend(beside.map(|(path, by)| (format!("files/{path}"), by)));
    let mut known = std::collections::BTreeSet::new();
    all.retain(|(path, _)| known.insert(path.clone()));
    all
}

/// The path of a file beside the sources.
pub(super) fn beside_the_sources(source: &At<MountSource>) -> Option<(&str, OriginId)> {
    match &source.value {
        MountSource::File(path) => Some((path.as_str(), source.origin)),
        MountSource::Path(_) | MountSource::Volume(_) | MountSource::Secret(_) => None,
    }
}

/// Whether a container sees a file of its host: the file, a folder around it, or as an environment.
#[must_use]
pub fn sees(container: &Container, path: &str) -> bool {
    let mounts = container.mounts.values().any(|mount| match &mount.source.value {
        MountSource::Path(source) => is_at_or_below(path, source),
        MountSource::File(_) | MountSource::Volume(_) | MountSource::Secret(_) => false,
    });
    let environments = container.env_files.iter().any(|file| match &file.value {
        RefOr::Value(source) => source == path,
        RefOr::Ref(_) => false,
    });
    mounts || environments
}

/// Whether a path is that of a folder or below it; the root of all is nobody's own.
fn is_at_or_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    let rest = path.strip_prefix(folder).filter(|_| !folder.is_empty());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
