//! Where a proxy and a login server write their logs: neither makes the folder around the file for itself, and a
//! folder of another account's refuses it.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::container::Container;
use crate::folders::{StateOf, is_below};
use crate::host::Manager;
use crate::leaf::{MountSource, OriginId};

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::LOG_FILE], run };

/// A program of the house that writes a log by itself.
struct Writer<'f> {
    /// `proxy.edge`
    whose: String,
    host: &'f str,
    /// The account that NixOS runs it as; nothing where a container or something else does.
    account: Option<String>,
    /// The container that runs it: then its paths are those in there.
    container: Option<&'f Container>,
    data: &'f str,
    /// Where its unit may write, if not everywhere that its account may: NixOS runs Authelia with
    /// `ProtectSystem=strict`.
    confined: Option<Vec<&'f str>>,
    files: Vec<(&'f str, OriginId)>,
}

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    if fleet.partial {
        return;
    }
    for writer in writers(fleet) {
        for (file, origin) in &writer.files {
            if let Some(why) = trouble(fleet, &writer, file) {
                let folder = parent(file);
                let message = format!("{} cannot write {file}: {why}", writer.whose);
                let owner = writer.account.as_deref().unwrap_or("…");
                let make = if writer.container.is_some() {
                    format!(
                        "mount a folder there: `mounts.\"{folder}\" = /srv/logs`, in its container"
                    )
                } else {
                    format!(
                        "make its folder: `state \"{folder}\" {{ owner_name = \"{owner}\", mode = 0o700 }}` in its service"
                    )
                };
                out.push(
                    Diagnostic::error(codes::LOG_FILE, place(fleet, *origin), message)
                        .help(format!("put it right into {}, which is there", writer.data))
                        .help(make),
                );
            }
        }
    }
}

fn writers<'f>(fleet: &'f Facts<'f>) -> Vec<Writer<'f>> {
    let model = &fleet.model;
    let mut all = Vec::new();
    let nixos =
        |host: &str| model.host.get(host).is_some_and(|it| it.manager.value == Manager::Nixos);
    for (key, proxy) in &model.proxy {
        let host = proxy.on.entity();
        let container = model.runs_proxy(proxy).and_then(|(_, it)| it.container.as_ref());
        let container = container.map(|it| &it.value);
        all.push(Writer {
            whose: format!("proxy.{key}"),
            host,
            account: (nixos(host) && container.is_none())
                .then(|| proxy.engine.account().to_owned()),
            container,
            data: proxy.engine.data().trim_end_matches('/'),
            confined: None,
            files: proxy.engine.log_files(),
        });
    }
    for (key, portal) in &model.portal {
        let Some(host) = model.host_of(&portal.service) else { continue };
        let service = model.service.get(portal.service.entity());
        let container = service.and_then(|it| it.container.as_ref()).map(|it| &it.value);
        all.push(Writer {
            whose: format!("portal.{key}"),
            host,
            account: (nixos(host) && container.is_none()).then(|| portal.engine.account()),
            container,
            data: portal.engine.data().trim_end_matches('/'),
            confined: service.map(|it| {
                let paths = it.unit.read_write_paths.iter();
                paths.map(|path| path.value.trim_end_matches('/')).collect()
            }),
            files: portal.engine.log_files(),
        });
    }
    all
}

/// Why a program cannot write a file; nothing where it can.
fn trouble(fleet: &Facts<'_>, writer: &Writer<'_>, file: &str) -> Option<String> {
    let folder = parent(file);
    if folder == writer.data {
        return None;
    }
    if let Some(container) = writer.container {
        return in_container(fleet, writer.host, container, folder);
    }
    // Who set up a host without NixOS says as whom its programs run.
    if SYSTEM.contains(&folder) && !fleet.states_on(writer.host).contains_key(folder) {
        let account = writer.account.as_deref()?;
        return Some(format!("{folder} belongs to root, and it runs as {account}"));
    }
    let mut states = fleet.all_states_on(writer.host).iter();
    let Some(StateOf { whose, state, .. }) = states.find(|it| it.path == folder) else {
        return Some(format!("nothing makes {folder}"));
    };
    let account = writer.account.as_deref()?;
    let owner = state.accounts().0.map_or_else(|| "root".to_owned(), |(name, _)| name);
    if owner != account {
        return Some(format!("{folder}, of {whose}, belongs to {owner}, and it runs as {account}"));
    }
    let open = writer.confined.as_ref()?;
    let inside = |it: &str| folder == it || is_below(folder, it);
    let may = inside(writer.data) || open.iter().any(|it| inside(it));
    (!may).then(|| "its unit may write nothing there without `ReadWritePaths`".to_owned())
}

/// Folders that a system has, and images of containers have.
const SYSTEM: &[&str] = &["/var/log", "/var/tmp", "/tmp"];

/// Why a program in a container cannot write into a folder that it sees.
fn in_container(
    fleet: &Facts<'_>,
    host: &str,
    container: &Container,
    folder: &str,
) -> Option<String> {
    let inside = |at: &str| folder == at || is_below(folder, at);
    let nearest = container
        .mounts
        .iter()
        .map(|(at, mount)| (at.trim_end_matches('/'), mount))
        .filter(|(at, _)| inside(at))
        .max_by_key(|(at, _)| at.len());
    if let Some((at, mount)) = nearest {
        if mount.read_only.value || mount.options.iter().any(|it| it.as_str() == "ro") {
            return Some(format!("what is mounted at {at} may only be read"));
        }
        let MountSource::Path(from) = &mount.source.value else { return None };
        let rest = folder.strip_prefix(at).filter(|it| !it.is_empty())?;
        // Below what is mounted, only what somebody says is made.
        let lies = format!("{}{rest}", from.trim_end_matches('/'));
        let is_made = fleet.states_on(host).contains_key(lies.as_str())
            || fleet.mounted_folders(host).contains_key(&lies);
        return (!is_made).then(|| format!("nothing makes {lies}, which is {folder} in there"));
    }
    if container.tmpfs.iter().any(|it| inside(it.trim_end_matches('/'))) {
        return None;
    }
    if container.read_only.value {
        return Some("its container is `read_only`, and nothing is mounted there".to_owned());
    }
    (!SYSTEM.contains(&folder)).then(|| format!("nothing is mounted at {folder} in its container"))
}

fn parent(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}
