//! Programs of the machine's own, as a package brings them: what their units are told besides, and the whole unit of
//! one whose `ExecStart` is said.

use qg_fleet::leaf::{At, OriginId};
use qg_fleet::service::Service;
use qg_formats::Document;

use super::{On, Put};
use crate::OutputFile;
use crate::engines::{engine, login_engine};
use crate::made::Made;
use crate::quadlet::common::{self, Defaults, script_path};
use crate::quadlet::keys::key;
use crate::quadlet::spelling::quoted;
use crate::quadlet::unit::UnitFile;
use crate::sealed::env_path;

const FOLDER: &str = "/etc/systemd/system";

/// Whether all of its unit is ours.
pub(super) fn is_whole(service: &Service) -> bool {
    service.container.is_none()
        && service.unit.service.contains_key("ExecStart")
        && service.unit.name.ends_with(".service")
}

/// Whether somebody waits for what it does, whoever installed it.
pub(super) fn must_run(on: On<'_>, service: &str) -> bool {
    let model = &on.fleet.model;
    model.proxy_run_by(service).is_some() || model.portal_run_by(service).is_some()
}

/// Where its file is: the unit, or what is said besides.
pub(super) fn path(service: &Service) -> String {
    let name = &service.unit.name.value;
    if is_whole(service) {
        format!("{FOLDER}/{name}")
    } else {
        format!("{FOLDER}/{name}.d/qg.conf")
    }
}

pub(super) fn units(on: On<'_>, made: &mut Made) -> Vec<Put> {
    let mut all = Vec::new();
    for (key, service) in on.fleet.model.services_on(on.name) {
        let Some(document) = file(on, key, service) else { continue };
        let name = &service.unit.name.value;
        let from = format!("units/{name}");
        made.put(from.clone(), document);
        let put = Put::new(from, path(service), service.unit.origin);
        all.push(if is_whole(service) { put.unit(name) } else { put });
    }
    all
}

/// What is said of the unit of a service that is no container; nothing where nothing is.
pub(super) fn file(on: On<'_>, key: &str, service: &At<Service>) -> Option<Document> {
    if service.container.is_some() {
        return None;
    }
    let of = &service.unit;
    let mut unit = UnitFile::new((u16::MAX, u16::MAX));
    if is_whole(service) {
        common::description(&mut unit, key, &service.about, service.origin);
    }
    common::relations(&mut unit, on.fleet, &service.needs, of);
    common::needed(&mut unit, on.fleet, on.name, of);
    unit.data("Unit", &of.unit);
    if of.name.ends_with(".service") {
        variables(on, key, &mut unit);
        let text = |it: &Option<At<String>>| it.as_ref().map(|it| (it.value.clone(), it.origin));
        let dynamic = of.dynamic_user.map(|it| {
            let text = if it.value { "yes" } else { "no" };
            (text.to_owned(), it.origin)
        });
        for (key, said) in [
            (key!("Service", "User"), text(&of.user)),
            (key!("Service", "Group"), text(&of.group)),
            (key!("Service", "DynamicUser"), dynamic),
        ] {
            if let Some((text, origin)) = said {
                unit.plain(key, &text, &[origin]);
            }
        }
        common::service(&mut unit, of, service.origin, Defaults::Once, &script_path);
    }
    unit.data("Install", &of.install);
    if is_whole(service) && of.install.is_empty() {
        unit.say(key!("Install", "WantedBy"), "multi-user.target", &[service.origin]);
    }
    let file = unit.finish(String::new());
    let said = !file.text.is_empty() || !file.refused.is_empty();
    let OutputFile { text, lines, refused, twice, .. } = file;
    said.then_some(Document { text, lines, refused, twice })
}

/// What a proxy or a portal reads from its environment.
fn variables(on: On<'_>, service: &str, unit: &mut UnitFile) {
    let model = &on.fleet.model;
    let mut set = |name: &str, value: &str, by: OriginId| {
        let value = quoted(&format!("{name}={value}"));
        unit.say(key!("Service", "Environment"), &value, &[by]);
    };
    if let Some((key, portal)) = model.portal_run_by(service) {
        let by = portal.origin;
        let engine = login_engine(&portal.engine);
        set(engine.file_variable, engine.file.to, by);
        engine.variables.iter().for_each(|(name, value)| set(name, value, by));
        for (name, secret) in on.fleet.portal_secrets(key) {
            set(name, &on.fleet.secret_path(secret), by);
        }
    }
    if let Some((_, proxy)) = model.proxy_run_by(service) {
        let by = proxy.origin;
        if !on.fleet.proxy_secrets(on.name).is_empty() {
            unit.plain(
                key!("Service", "EnvironmentFile"),
                &env_path(engine(&proxy.engine).name),
                &[by],
            );
        }
        for secret in on.fleet.proxy_env_files(on.name) {
            let path = on.fleet.secret_path(secret);
            unit.plain(key!("Service", "EnvironmentFile"), &path, &[by]);
        }
    }
}
