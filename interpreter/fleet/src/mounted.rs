//! What containers of a host mount, whatever word says so: `mounts`, `Volume` and `Mount` of Quadlet, and arguments of
//! Podman (podman-run(1), `--volume` and `--mount`).

use super::Fleet;
use super::leaf::{At, MountSource, OriginId};
use super::podman::Keys;

/// A path or volume that a container sees.
#[derive(Clone, Debug)]
pub struct Mounted<'f> {
    /// Whose container it is: the service, or the pod.
    pub by: (&'static str, &'f str),
    pub source: Mountable<'f>,
    /// Where the container sees it.
    pub inside: &'f str,
    pub read_only: bool,
    pub origin: OriginId,
}

/// What is mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mountable<'f> {
    /// A path of the host.
    Path(&'f str),
    /// A volume of Podman, by its name; of the fleet, where it is one.
    Volume(&'f str),
}

impl<'f> Mounted<'f> {
    /// The path of the host, where it is one, without a slash at its end.
    #[must_use]
    pub fn path(&self) -> Option<&'f str> {
        match self.source {
            Mountable::Path(path) => Some(path.trim_end_matches('/')),
            Mountable::Volume(_) => None,
        }
    }
}

impl Fleet {
    pub(super) fn find_mounted<'f>(&'f self, host: &str) -> Vec<Mounted<'f>> {
        let mut all = Vec::new();
        for (name, _, container) in self.containers_on(host) {
            let by = ("service", name);
            for (inside, mount) in &container.mounts {
                let source = match &mount.source.value {
                    MountSource::Path(path) => Mountable::Path(path),
                    MountSource::Volume(volume) => self.volume(volume.entity()),
                    MountSource::File(_) | MountSource::Secret(_) => continue,
                };
                let read_only =
                    mount.read_only.value || mount.options.iter().any(|it| it.value == "ro");
                let origin = mount.source.origin;
                all.push(Mounted { by, source, inside, read_only, origin });
            }
            raw(self, by, &container.quadlet, &container.podman_args, &mut all);
        }
        for (name, pod) in self.model.pods_on(host) {
            raw(self, ("pod", name), &pod.quadlet, &[], &mut all);
        }
        all
    }

    /// A volume of the fleet is the folder that it is made of, where it says one.
    fn volume<'f>(&'f self, name: &'f str) -> Mountable<'f> {
        let device = self
            .model
            .volume
            .get(name)
            .and_then(|it| it.device.as_ref().filter(|_| it.is_folder()));
        device.map_or(Mountable::Volume(name), |it| Mountable::Path(it))
    }
}

fn raw<'f>(
    fleet: &'f Fleet,
    by: (&'static str, &'f str),
    keys: &'f Keys,
    args: &'f [At<String>],
    out: &mut Vec<Mounted<'f>>,
) {
    let of = |key: &str| keys.get(key).into_iter().flat_map(|it| it.iter());
    for it in of("Volume") {
        volume(fleet, by, it, it.origin, out);
    }
    for it in of("Mount") {
        mount(fleet, by, it, it.origin, out);
    }
    let words = args.iter().chain(of("PodmanArgs"));
    let words: Vec<(&str, OriginId)> =
        words.flat_map(|it| it.split_whitespace().map(|word| (word, it.origin))).collect();
    for (at, (word, origin)) in words.iter().enumerate() {
        let next = || words.get(at + 1).map(|(word, _)| *word);
        let value = |names: [&str; 2]| {
            if names.contains(word) {
                return next();
            }
            names.iter().find_map(|name| word.strip_prefix(name)?.strip_prefix('='))
        };
        if let Some(text) = value(["--volume", "-v"]) {
            volume(fleet, by, text.trim_matches(['"', '\'']), *origin, out);
        }
        if let Some(text) = value(["--mount", "--mount"]) {
            mount(fleet, by, text.trim_matches(['"', '\'']), *origin, out);
        }
    }
}

/// `SOURCE:INSIDE[:OPTIONS]`
fn volume<'f>(
    fleet: &'f Fleet,
    by: (&'static str, &'f str),
    text: &'f str,
    origin: OriginId,
    out: &mut Vec<Mounted<'f>>,
) {
    let mut parts = text.split(':');
    let (Some(source), Some(inside)) = (parts.next(), parts.next()) else { return };
    let read_only = parts.next().is_some_and(|it| it.split(',').any(|it| it == "ro"));
    let source = named(fleet, source);
    out.push(Mounted { by, source, inside, read_only, origin });
}

/// `type=bind,src=…,dst=…[,ro]`
fn mount<'f>(
    fleet: &'f Fleet,
    by: (&'static str, &'f str),
    text: &'f str,
    origin: OriginId,
    out: &mut Vec<Mounted<'f>>,
) {
    let value = |names: &[&str]| {
        text.split(',').find_map(|part| {
            let (name, value) = part.split_once('=')?;
            names.contains(&name.trim()).then_some(value)
        })
    };
    let of_volume = matches!(value(&["type"]), Some("bind" | "volume") | None);
    let inside = value(&["dst", "destination", "target"]);
    if let (true, Some(source), Some(inside)) = (of_volume, value(&["src", "source"]), inside) {
        let read_only = text
            .split(',')
            .any(|it| matches!(it.trim(), "ro" | "ro=true" | "readonly" | "readonly=true"));
        let source = named(fleet, source);
        out.push(Mounted { by, source, inside, read_only, origin });
    }
}

fn named<'f>(fleet: &'f Fleet, source: &'f str) -> Mountable<'f> {
    if source.starts_with('/') {
        Mountable::Path(source)
    } else {
        fleet.volume(source.strip_suffix(".volume").unwrap_or(source))
    }
}
