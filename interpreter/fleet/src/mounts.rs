//! What is mounted where on a host, and what of it is there again after a boot.

use std::collections::BTreeMap;

use super::Fleet;
use super::boot::Source;
use super::disk::Content;
use super::folders::is_below;
use super::host::{Host, Root};
use super::leaf::{At, Data, OriginId};
use crate::options::way;

/// The mounts of a host, as far as the fleet says them.
#[derive(Clone, Debug, Default)]
pub struct Mounts<'f> {
    at: BTreeMap<String, Mount>,
    /// What an ephemeral root keeps, and who says so.
    keep: Option<(&'f str, OriginId)>,
    /// Whether Nix of the host's own persists things or mounts them: its texts.
    raw: Vec<&'f str>,
    /// The paths that options of impermanence name (`environment.persistence`).
    raw_kept: Vec<&'f str>,
    /// Whether its disks are described at all: what is not there may be in a module else.
    described: bool,
}

/// Folders that lie on the root itself, wherever else disks are mounted: where a host describes none of its disks, what
/// is in them is gone all the same.
const ON_ROOT: [&str; 4] = ["/var/lib", "/etc", "/opt", "/root"];

/// One of them.
#[derive(Clone, Copy, Debug)]
struct Mount {
    by: OriginId,
    memory: bool,
}

/// What becomes at boot of what lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Stays,
    /// It is gone; the root says so.
    Wiped(OriginId),
    /// The fleet does not say what is mounted there.
    Unknown,
}

impl Mounts<'_> {
    /// What becomes of a path that nobody persists.
    #[must_use]
    pub fn fate(&self, path: &str) -> Fate {
        let Some((keep, by)) = self.keep else { return Fate::Stays };
        if path == keep || is_below(path, keep) {
            return Fate::Stays;
        }
        match self.over(path) {
            Some((_, mount)) if mount.memory => Fate::Wiped(by),
            Some(_) => Fate::Stays,
            None if self.described || ON_ROOT.iter().any(|it| is_below(path, it)) => {
                Fate::Wiped(by)
            }
            None => Fate::Unknown,
        }
    }

    /// The filesystem below the root that a path lies on, and who mounts it.
    #[must_use]
    pub fn mount_of(&self, path: &str) -> Option<(&str, OriginId)> {
        self.over(path).map(|(at, mount)| (at, mount.by))
    }

    fn over(&self, path: &str) -> Option<(&str, Mount)> {
        let mut all = self.at.iter().rev();
        let found = all.find(|(at, _)| *at != "/" && (path == *at || is_below(path, at)));
        found.map(|(at, mount)| (at.as_str(), *mount))
    }

    /// What an ephemeral root keeps, and who says so.
    #[must_use]
    pub fn keep(&self) -> Option<(&str, OriginId)> {
        self.keep
    }

    /// Whether Nix of the host's own keeps a path, as far as it can be read: options of impermanence, or the text of a
    /// module that has to do with what is kept and names the path, or one around it.
    #[must_use]
    pub fn is_kept_in_nix(&self, path: &str) -> bool {
        let covers = |it: &&str| path == *it || is_below(path, it);
        if self.raw_kept.iter().any(covers) {
            return true;
        }
        let ends = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
        let mut around = ends.chain([path.len()]).filter_map(|end| path.get(..end));
        !self.raw.is_empty()
            && around.any(|it| {
                let quoted = format!("\"{it}\"");
                self.raw.iter().any(|text| text.contains(&quoted))
            })
    }
}

impl Fleet {
    pub(super) fn find_mounts<'f>(&'f self, host: &str) -> Mounts<'f> {
        let Some((name, host)) = self.model.host.get_key_value(host) else {
            return Mounts::default();
        };
        let mut all = Mounts::default();
        for disk in host.disk.values() {
            disk.partition
                .values()
                .filter_map(|it| it.holds.as_ref())
                .for_each(|it| content(it, &mut all));
        }
        for dataset in host.pool.values().flat_map(|pool| pool.dataset.values()) {
            if let Some(at) = &dataset.at {
                all.put(at, at.origin, false);
            }
        }
        for (at, filesystem) in &host.filesystem {
            let memory = matches!(filesystem.from.value, Source::Memory(_));
            all.put(at, filesystem.origin, memory);
        }
        all.described = all.at.contains_key("/");
        if let Root::Ephemeral(root) = &host.root.value {
            all.keep = Some((root.keep.trim_end_matches('/'), root.keep.origin));
        }
        self.raw(name, host, &mut all);
        all
    }

    /// What Nix of the host's own says of mounts and of what is kept.
    fn raw<'f>(&'f self, name: &str, host: &'f Host, all: &mut Mounts<'f>) {
        if all.keep.is_none() {
            return;
        }
        let mut todo: Vec<(Vec<&str>, &'f At<Data>)> = vec![(Vec::new(), &host.nix)];
        todo.extend(host.modules.iter().map(|it| (Vec::new(), it)));
        for (_, service) in self.model.services_on(name) {
            let native = service.native.iter().filter(|(key, _)| {
                key.starts_with("environment.persistence") || key.starts_with("fileSystems")
            });
            for (key, value) in native {
                kept_by(&way(key), value, all);
            }
        }
        while let Some((at, data)) = todo.pop() {
            match &data.value {
                Data::Record(fields) => match at.as_slice() {
                    [] | ["environment" | "disko"] => {
                        for (key, value) in fields {
                            let mut at = at.clone();
                            at.push(key);
                            todo.push((at, value));
                        }
                    }
                    _ => {
                        let at: Vec<String> = at.iter().map(|it| (*it).to_owned()).collect();
                        kept_by(&at, data, all);
                    }
                },
                Data::List(items) if at.first().is_none_or(|it| *it == "imports") => {
                    todo.extend(items.iter().map(|it| (at.clone(), it)));
                }
                Data::File(path) if path.ends_with(".nix") => {
                    all.raw.extend(self.text_of(path).filter(|text| is_about_mounts(text)));
                }
                Data::Nix(text) => {
                    all.raw.extend(Some(text.as_str()).filter(|it| is_about_mounts(it)));
                }
                Data::Bool(_)
                | Data::Int(_)
                | Data::Float(_)
                | Data::Duration(_)
                | Data::Size(_)
                | Data::Ref(_)
                | Data::Text(_)
                | Data::Sealed(_)
                | Data::File(_)
                | Data::List(_) => {}
            }
        }
        all.described &=
            !all.raw.iter().any(|text| text.contains("fileSystems") || text.contains("disko"));
    }
}

impl Mounts<'_> {
    fn put(&mut self, at: &str, by: OriginId, memory: bool) {
        let path = at.trim_end_matches('/');
        let path = if path.is_empty() { "/" } else { path };
        self.at.entry(path.to_owned()).or_insert(Mount { by, memory });
    }
}

fn is_about_mounts(text: &str) -> bool {
    ["persistence", "preservation", "fileSystems", "disko"].iter().any(|it| text.contains(it))
}

fn content(holds: &Content, all: &mut Mounts<'_>) {
    match holds {
        Content::Filesystem(it) => {
            if let Some(at) = &it.at {
                all.put(at, at.origin, false);
            }
        }
        Content::Btrfs(it) => {
            for at in it.subvolume.values().filter_map(|it| it.at.as_ref()) {
                all.put(at, at.origin, false);
            }
        }
        Content::Luks(it) => {
            if let Some(inside) = &it.holds {
                content(inside, all);
            }
        }
        Content::Swap(_) => {}
    }
}

/// What an option keeps or mounts: `environment.persistence."/keep".directories`, `fileSystems."/x"`.
fn kept_by<'f>(at: &[String], data: &'f At<Data>, all: &mut Mounts<'f>) {
    let at: Vec<&str> = at.iter().map(String::as_str).collect();
    match (at.as_slice(), &data.value) {
        (["environment", "persistence", ..], _) => texts(data, &mut all.raw_kept),
        (["fileSystems", path, ..], _) => all.put(path, data.origin, false),
        (["fileSystems"], Data::Record(fields)) => {
            for (path, it) in fields {
                all.put(path, it.origin, false);
            }
        }
        _ => {}
    }
}

/// Every path in free data.
fn texts<'f>(data: &'f At<Data>, out: &mut Vec<&'f str>) {
    match &data.value {
        Data::Text(text) if text.starts_with('/') => out.push(text.trim_end_matches('/')),
        Data::List(items) => items.iter().for_each(|it| texts(it, out)),
        Data::Record(fields) => fields.values().for_each(|it| texts(it, out)),
        Data::Text(_)
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_) => {}
    }
}
