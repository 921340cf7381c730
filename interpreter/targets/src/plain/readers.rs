//! Which units start anew when a file changes.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::leaf::{MountSource, RefOr};
use qg_fleet::service::Unit;

use super::{On, Put, native};
use crate::engines::{engine, login_engine};
use crate::fail2ban;
use crate::quadlet::common::script_path;
use crate::quadlet::mounted_file;
use crate::quadlet::run_as::wrappers;

/// The units that read files, by the path of the file or of a folder around it.
pub(super) struct Readers(BTreeMap<String, BTreeSet<String>>);

impl Readers {
    pub(super) fn on(on: On<'_>) -> Readers {
        let mut all = Readers(BTreeMap::new());
        let model = &on.fleet.model;
        for (key, service) in model.services_on(on.name) {
            all.scripts(&service.unit);
            let unit = &service.unit.name.value;
            service.file.keys().for_each(|path| all.add(path, unit));
            if service.container.is_none() && native::file(on, key, service).is_some() {
                all.add(&native::path(service), unit);
            }
        }
        model.podman_units(on.name).for_each(|unit| all.scripts(unit));
        for own in on.fleet.own_units_on(on.name).iter().filter(|it| it.is_of_system()) {
            let name = own.name();
            own.unit.scripts().for_each(|script| all.add(&script_path(script.entity()), &name));
            for file in own.unit.env_files.iter() {
                if let RefOr::Value(path) = &file.value {
                    all.add(path, &name);
                }
            }
        }
        for wrapper in wrappers(on.fleet, on.name) {
            let path = wrapper.path();
            wrapper.units.iter().for_each(|unit| all.add(&path, unit));
        }
        for (_, service, container) in on.fleet.containers_on(on.name) {
            for mount in container.mounts.values() {
                all.source(&service.unit, &mount.source.value);
            }
            for file in container.env_files.iter() {
                if let RefOr::Value(path) = &file.value {
                    all.add(path, &service.unit.name);
                }
            }
            // The unit of a build is over when it has built: who needs its image takes the new one.
            if let RefOr::Ref(image) = &container.image.value
                && image.kind() == "build"
                && let Some(build) = model.build.get(image.entity())
            {
                let folder = on.fleet.quadlet_folder(on.name);
                all.add(&format!("{folder}/{}.build", image.entity()), &service.unit.name);
                build.file.iter().for_each(|file| all.source(&service.unit, file));
            }
        }
        for (_, it) in model.builds_on(on.name) {
            it.file.iter().for_each(|file| all.source(&it.unit, file));
        }
        for (_, it) in model.kubes_on(on.name) {
            it.yaml.iter().chain(it.config_maps.iter()).for_each(|file| all.source(&it.unit, file));
        }
        if let Some((_, proxy)) = model.proxies_on(on.name).next() {
            let unit = model.proxy_unit(proxy);
            engine(&proxy.engine).files.iter().for_each(|file| all.add(file.to, &unit));
        }
        for (_, portal) in model.portals_on(on.name) {
            if let Some(service) = model.service.get(portal.service.entity()) {
                all.add(login_engine(&portal.engine).file.to, &service.unit.name);
            }
        }
        for place in fail2ban::places(on.fleet, on.name) {
            all.add(&place.to, fail2ban::UNIT);
        }
        all.add("/etc/modules-load.d/qg.conf", "systemd-modules-load.service");
        all.add("/etc/sysctl.d/qg.conf", "systemd-sysctl.service");
        all
    }

    fn add(&mut self, path: &str, unit: &str) {
        self.0.entry(path.to_owned()).or_default().insert(unit.to_owned());
    }

    fn scripts(&mut self, unit: &Unit) {
        unit.scripts().for_each(|script| self.add(&script_path(script.entity()), &unit.name));
    }

    fn source(&mut self, unit: &Unit, source: &MountSource) {
        match source {
            // The whole machine is no file of its own.
            MountSource::Path(path) if path.trim_end_matches('/').is_empty() => {}
            MountSource::Path(path) => self.add(path.trim_end_matches('/'), &unit.name),
            MountSource::File(path) => self.add(&mounted_file(path), &unit.name),
            MountSource::Volume(_) | MountSource::Secret(_) => {}
        }
    }

    /// The units that read a file, the one that it is among them.
    pub(super) fn of(&self, put: &Put) -> String {
        let mut all: BTreeSet<&str> = put.unit.as_deref().into_iter().collect();
        let ends = put.to.match_indices('/').map(|(at, _)| at).chain([put.to.len()]);
        for folder in ends.filter_map(|at| put.to.get(..at)) {
            all.extend(self.0.get(folder).into_iter().flatten().map(String::as_str));
        }
        all.into_iter().collect::<Vec<&str>>().join(" ")
    }
}
