//! What a container gets that runs a proxy or a portal: the files that are written for it, and the secrets in them.
//! What its service says itself stays as it is said.

use qg_fleet::container::Container;
use qg_fleet::leaf::{At, MountSource, OriginId, RefOr};

use crate::Prepared;
use crate::engines::{engine, login_engine};
use crate::sealed::env_path;

/// What is lent to a container, each with who asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lent {
    /// Paths of the host, at the same place inside, and whether they are only read.
    pub(super) mounts: Vec<(String, bool, OriginId)>,
    /// Files that a mount of its own hides, and what mounts something else there.
    pub(super) hidden: Vec<(String, OriginId, At<String>)>,
    pub(super) env: Vec<(String, String, OriginId)>,
    pub(super) env_files: Vec<(String, OriginId)>,
    pub(super) command: Option<(&'static [&'static str], OriginId)>,
}

impl Lent {
    pub(super) fn to(
        fleet: &Prepared<'_>,
        host: &str,
        service: &str,
        container: &Container,
    ) -> Lent {
        let mut lent = Lent::default();
        if let Some((_, proxy)) = fleet.model.proxy_run_by(service) {
            let by = proxy.origin;
            let engine = engine(&proxy.engine);
            for file in engine.files {
                lent.file(container, file.to, by);
            }
            lent.command(container, engine.command, by);
            let data = proxy.engine.data();
            lent.mount(container, data, false, data.origin);
            for secret in fleet.proxy_files(host) {
                lent.mount(container, &fleet.secret_path(secret), true, by);
            }
            if !fleet.proxy_secrets(host).is_empty() {
                lent.env_files.push((env_path(engine.name), by));
            }
            let said = |path: &str| {
                container.env_files.iter().any(|file| match &file.value {
                    RefOr::Ref(secret) => fleet.secret_path(secret) == path,
                    RefOr::Value(said) => said == path,
                })
            };
            let files = fleet.proxy_env_files(host).iter();
            let files = files.map(|secret| fleet.secret_path(secret));
            lent.env_files.extend(files.filter(|path| !said(path)).map(|path| (path, by)));
        }
        if let Some((key, portal)) = fleet.model.portal_run_by(service) {
            let by = portal.origin;
            let engine = login_engine(&portal.engine);
            if lent.file(container, engine.file.to, by) {
                // The image looks for it elsewhere.
                lent.variable(container, engine.file_variable, engine.file.to.to_owned(), by);
            }
            for (name, value) in engine.variables {
                lent.variable(container, name, (*value).to_owned(), by);
            }
            let data = portal.engine.data();
            lent.mount(container, data, false, data.origin);
            for (variable, secret) in fleet.portal_secrets(key) {
                let path = fleet.secret_path(secret);
                lent.mount(container, &path, true, by);
                lent.variable(container, variable, path, by);
            }
            for secret in fleet.portal_files(key) {
                lent.mount(container, &fleet.secret_path(secret), true, by);
            }
        }
        lent
    }

    /// A file of ours, unless the container has it already, wherever; whether it is lent.
    fn file(&mut self, container: &Container, path: &str, by: OriginId) -> bool {
        let has = container.mounts.values().any(|mount| match &mount.source.value {
            MountSource::Path(source) => is_at_or_below(path, source),
            MountSource::File(_) | MountSource::Volume(_) | MountSource::Secret(_) => false,
        });
        let above = container.mounts.iter().find(|(target, _)| is_at_or_below(path, target));
        if let Some((target, mount)) = above.filter(|_| !has) {
            let said = At::new(format!("mounts.{target:?}"), mount.source.origin);
            self.hidden.push((path.to_owned(), by, said));
        }
        !has && self.mount(container, path, true, by)
    }

    fn mount(&mut self, container: &Container, path: &str, read_only: bool, by: OriginId) -> bool {
        let is_there = container.mounts.keys().any(|target| is_at_or_below(path, target))
            || self.mounts.iter().any(|(known, _, _)| known == path);
        if !is_there {
            self.mounts.push((path.to_owned(), read_only, by));
        }
        !is_there
    }

    /// How it is started, where the container does not say it.
    fn command(&mut self, container: &Container, command: &'static [&'static str], by: OriginId) {
        let said = [&container.command, &container.entrypoint].iter().any(|it| !it.is_empty());
        let raw = ["Exec", "Entrypoint"].iter().any(|key| container.quadlet.contains_key(*key));
        if !said && !raw && !command.is_empty() {
            self.command = Some((command, by));
        }
    }

    fn variable(&mut self, container: &Container, name: &str, value: String, by: OriginId) {
        if !container.env.contains_key(name) {
            self.env.push((name.to_owned(), value, by));
        }
    }
}

fn is_at_or_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
