//! Where a proxy and a login server write their logs: neither makes the folder around the file for itself, and a
//! folder of another account's refuses it.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::folders::{StateOf, is_below};
use crate::host::Manager;
use crate::leaf::OriginId;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::LOG_FILE], run };

/// A program of the house that writes a log by itself.
struct Writer<'f> {
    /// `proxy.edge`
    whose: String,
    host: &'f str,
    /// The account that NixOS runs it as; nothing where a container or something else does.
    account: Option<String>,
    data: &'f str,
    /// Where its unit may write, if not everywhere that its account may: NixOS runs Authelia with
    /// `ProtectSystem=strict`.
    confined: Option<Vec<&'f str>>,
    files: Vec<(&'f str, OriginId)>,
}

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for writer in writers(fleet) {
        for (file, origin) in &writer.files {
            if let Some(why) = trouble(fleet, &writer, file) {
                let folder = parent(file);
                let message = format!("{} cannot write {file}: {why}", writer.whose);
                let owner = writer.account.as_deref().unwrap_or("…");
                let make = format!(
                    "make its folder: `state \"{folder}\" {{ owner_name = \"{owner}\", mode = 0o700 }}` in its service"
                );
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
        let contained = model.runs_proxy(proxy).is_some_and(|(_, it)| it.container.is_some());
        all.push(Writer {
            whose: format!("proxy.{key}"),
            host,
            account: (nixos(host) && !contained).then(|| proxy.engine.account().to_owned()),
            data: proxy.engine.data().trim_end_matches('/'),
            confined: None,
            files: proxy.engine.log_files(),
        });
    }
    for (key, portal) in &model.portal {
        let Some(host) = model.host_of(&portal.service) else { continue };
        let service = model.service.get(portal.service.entity());
        let contained = service.is_some_and(|it| it.container.is_some());
        all.push(Writer {
            whose: format!("portal.{key}"),
            host,
            account: (nixos(host) && !contained).then(|| portal.engine.account()),
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

fn parent(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}
