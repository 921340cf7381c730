//! Folders of a host that containers mount and nobody says as `state`: Podman starts no container whose
//! mount has no source (podman-run(1), `--volume`).

use std::collections::{BTreeMap, BTreeSet};

use super::Fleet;
use super::boot::Source;
use super::files::HostFile;
use super::host::Root;
use super::leaf::{At, MountSource, OriginId, Priority};
use super::mounts::{Fate, Mounts};
use super::service::{Service, State, StateKind};

/// A folder that is made before something mounts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub owner: Option<(String, OriginId)>,
    pub group: Option<(String, OriginId)>,
    pub mode: At<u16>,
    /// Who mounts it.
    pub by: OriginId,
}

/// What is there without us, or is somebody else's to fill: the system's own folders, and where disks
/// are mounted that the fleet may not know. An empty folder in the place of a disk would be taken for
/// an empty disk.
const ELSEWHERE: [&str; 16] = [
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/media", "/mnt", "/nix", "/proc", "/run",
    "/sbin", "/sys", "/tmp", "/usr", "/var/run",
];

/// A `state` of a host.
#[derive(Clone, Debug)]
pub struct StateOf<'f> {
    /// `service.wiki`, `host.Server`.
    pub whose: String,
    /// Without a slash at its end.
    pub path: &'f str,
    pub state: &'f At<State>,
}

impl StateOf<'_> {
    /// Whether nobody says it: a NixOS module keeps it by itself, and makes it.
    #[must_use]
    pub fn is_of_module(&self) -> bool {
        self.state.priority == Priority::SchemaDefault
    }
}

impl Fleet {
    /// The folders that are made on a host because something mounts them, by path. Below a `state` they
    /// belong to whom it belongs to, elsewhere to the account of the container.
    pub(super) fn find_folders(
        &self,
        host: &str,
        files: &[HostFile<'_>],
        states: &BTreeMap<&str, &At<State>>,
    ) -> BTreeMap<String, Folder> {
        let mut all = BTreeMap::new();
        let volumes = self.model.volumes_on(host).filter_map(|(_, it)| it.device.as_ref());
        let volumes = volumes.map(|it| (it.value.as_str(), it.origin, None));
        let mounts = self.containers_on(host).flat_map(|(_, service, container)| {
            let mounts = container.mounts.values();
            mounts.filter_map(move |mount| match &mount.source.value {
                MountSource::Path(path) => {
                    Some((path.as_str(), mount.source.origin, Some(service)))
                }
                MountSource::File(_) | MountSource::Volume(_) | MountSource::Secret(_) => None,
            })
        });
        for (path, by, service) in mounts.chain(volumes) {
            let path = path.trim_end_matches('/');
            if states.contains_key(path) || !self.is_ours(host, files, path) {
                continue;
            }
            let above = states
                .iter()
                .rev()
                .find(|(state, it)| it.kind.value == StateKind::Directory && is_below(path, state));
            match above {
                Some((state, it)) => {
                    // What lies between is the owner's too: systemd-tmpfiles makes nothing for one
                    // account in a folder of another.
                    for path in between(state, path) {
                        if !states.contains_key(path) {
                            all.entry(path.to_owned()).or_insert_with(|| below(it, by));
                        }
                    }
                }
                None if self.keeps(host, path) => {
                    all.entry(path.to_owned()).or_insert_with(|| self.own(service, by));
                }
                None => {}
            }
        }
        for (path, folder) in self.kept_in_containers(host) {
            let path = path.trim_end_matches('/');
            let is_made =
                states.keys().any(|state| is_below(path, state)) || self.keeps(host, path);
            if is_made && !states.contains_key(path) {
                all.insert(path.to_owned(), folder);
            }
        }
        all
    }

    /// Where containers that run a proxy or a login server keep what they must remember. It is mounted like all that
    /// containers mount, and nobody else's: it belongs to whom the container's program is.
    fn kept_in_containers<'f>(&'f self, host: &str) -> Vec<(&'f str, Folder)> {
        let model = &self.model;
        let folder = |service: &At<Service>, data: &'f At<String>| {
            service.container.as_ref()?;
            let mode = At::new(0o700, data.origin);
            Some((data.as_str(), Folder { mode, ..self.own(Some(service), data.origin) }))
        };
        let proxies = model.proxies_on(host).filter_map(|(_, proxy)| {
            let (_, service) = model.runs_proxy(proxy)?;
            folder(service, proxy.engine.data())
        });
        let portals = model.portals_on(host).filter_map(|(_, portal)| {
            folder(model.service.get(portal.service.entity())?, portal.engine.data())
        });
        proxies.chain(portals).collect()
    }

    /// Every `state` of a host and of its services, and apart from them what modules keep by themselves that needs
    /// nothing: it lies where it stays, in what is said, or where another service of the same module has it.
    pub(super) fn find_states<'f>(
        &'f self,
        host: &str,
        mounts: &Mounts<'f>,
    ) -> (Vec<StateOf<'f>>, Vec<StateOf<'f>>) {
        let own = self.model.host.get_key_value(host).into_iter().flat_map(|(name, host)| {
            host.state.iter().map(move |(path, it)| (format!("host.{name}"), path, it))
        });
        let services = self.model.services_on(host).flat_map(|(name, service)| {
            service.state.iter().map(move |(path, it)| (format!("service.{name}"), path, it))
        });
        let plain = |path: &'f String| match path.trim_end_matches('/') {
            "" => "/",
            path => path,
        };
        let all = own.chain(services).map(|(whose, path, state)| {
            let path = plain(path);
            StateOf { whose, path, state }
        });
        let (said, known): (Vec<_>, Vec<_>) = all.partition(|it| !it.is_of_module());
        if known.is_empty() {
            return (said, known);
        }
        let paths: BTreeSet<&str> = said.iter().map(|it| it.path).collect();
        let mut seen = BTreeSet::new();
        let is_said = |path: &str| {
            let ends = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
            ends.chain([path.len()]).any(|end| path.get(..end).is_some_and(|it| paths.contains(it)))
        };
        let needs = |it: &StateOf<'f>| {
            let kept = mounts.keep().is_none() || mounts.fate(it.path) != Fate::Stays;
            kept && !is_said(it.path) && !mounts.is_kept_in_nix(it.path) && seen.insert(it.path)
        };
        let (needed, lying): (Vec<_>, Vec<_>) = known.into_iter().partition(needs);
        let mut states = said;
        states.extend(needed);
        (states, lying)
    }

    /// Whether a path is one that we may make: no place of the system or of another filesystem, no file.
    fn is_ours(&self, host: &str, files: &[HostFile<'_>], path: &str) -> bool {
        let inside = |folder: &str| path == folder || is_below(path, folder);
        let last = path.rsplit('/').next().unwrap_or_default();
        // `/srv/app/config.yml`, `/srv/app/app.sock`: what is in it is not ours to say.
        let file = last.trim_start_matches('.').rsplit_once('.').is_some_and(|(_, ending)| {
            (1..=5).contains(&ending.len())
                && ending.chars().all(|c| c.is_ascii_alphanumeric())
                && ending.chars().any(|c| c.is_ascii_alphabetic())
                && ending != "d"
        });
        let is_file = || files.iter().any(|it| it.path == path);
        let elsewhere = |it: &&At<super::host::Host>| {
            it.filesystem.iter().any(|(at, filesystem)| match &filesystem.from.value {
                Source::Nfs(_) | Source::Cifs(_) | Source::Bind(_) => {
                    inside(at.trim_end_matches('/'))
                }
                Source::Device(_)
                | Source::Label(_)
                | Source::Uuid(_)
                | Source::Zfs(_)
                | Source::Memory(_) => at.trim_end_matches('/') == path,
            })
        };
        !path.is_empty()
            && path.starts_with('/')
            && !ELSEWHERE.iter().any(|it| inside(it))
            && !file
            && !is_file()
            && self.model.host.get(host).as_ref().is_none_or(|it| !elsewhere(it))
    }

    /// Whether what is made at a path is still there after a reboot. Where it is not, only `state` says
    /// that it may be lost.
    fn keeps(&self, host: &str, path: &str) -> bool {
        let Some(host) = self.model.host.get(host) else { return false };
        match &host.root.value {
            Root::Kept => true,
            Root::Ephemeral(ephemeral) => {
                let keep = ephemeral.keep.trim_end_matches('/');
                path == keep || is_below(path, keep)
            }
        }
    }

    /// A folder that belongs to the account of a container.
    pub fn own(&self, service: Option<&At<Service>>, by: OriginId) -> Folder {
        let container = service.and_then(|it| it.container.as_ref());
        let user = container.and_then(|it| it.user.as_ref());
        let name = |path: &At<super::leaf::EntityPath>| (path.last().to_owned(), path.origin);
        let account = user.and_then(|user| self.model.user.get(user.entity()));
        let group = container.and_then(|it| it.group.as_ref());
        let group = group.or_else(|| account.and_then(|it| it.group.as_ref()));
        let rootless = service.and_then(|it| self.rootless_of(it));
        let rootless = rootless.map(|it| (it.name().to_owned(), by));
        Folder {
            owner: user.map(name).or(rootless),
            group: group.map(name),
            mode: At::new(0o755, by),
            by,
        }
    }
}

/// A folder in what a state says.
fn below(state: &At<State>, by: OriginId) -> Folder {
    let (owner, group) = state.accounts();
    Folder { owner, group, mode: state.mode, by }
}

/// Every folder below the first path down to the second, the second too.
fn between<'p>(above: &str, path: &'p str) -> Vec<&'p str> {
    let start = above.trim_end_matches('/').len() + 1;
    let ends = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > start);
    ends.chain([path.len()]).filter_map(|end| path.get(..end)).collect()
}

/// Whether a path lies below a folder.
#[must_use]
pub fn is_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn folders_between_are_each_named_once() {
        assert_eq!(between("/srv/a", "/srv/a/b/c"), ["/srv/a/b", "/srv/a/b/c"]);
        assert_eq!(between("/srv/a/", "/srv/a/b"), ["/srv/a/b"]);
    }
}
