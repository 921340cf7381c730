//! What accounts may do as root by the words of NixOS (`security.sudo.extraRules`): programs that are as good as root
//! where no password is asked for.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::access as codes;

use super::FleetCheck;
use super::place::place;
use super::sudo::as_root_with;
use crate::Facts;
use crate::leaf::{At, Data};

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::RAW_SUDO], run };

/// Programs that write what they are told, or where: with arguments of the account's own choice (gtfobins.github.io).
const WRITE: &[&str] = &[
    "cp",
    "mv",
    "ln",
    "install",
    "mount",
    "umount",
    "chmod",
    "chown",
    "chgrp",
    "setfacl",
    "rsync",
    "tar",
    "zip",
    "unzip",
    "find",
    "cat",
    "systemctl",
    "journalctl",
    "kexec",
    "insmod",
    "modprobe",
];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        for rules in ["extraRules", "extraRules.content"] {
            let way: Vec<&str> = ["security", "sudo"].into_iter().chain(rules.split('.')).collect();
            for rule in fleet.said(host, &way).into_iter().flat_map(items) {
                let commands = rule.record().and_then(|it| it.get("commands"));
                for command in commands.into_iter().flat_map(items) {
                    judge(fleet, host, command, out);
                }
            }
        }
    }
}

fn items(data: &At<Data>) -> &[At<Data>] {
    if let Data::List(items) = &data.value { items } else { &[] }
}

fn judge(fleet: &Facts<'_>, host: &str, command: &At<Data>, out: &mut Vec<Diagnostic>) {
    let Some(fields) = command.record() else { return };
    let options = fields.get("options").into_iter().flat_map(items);
    let free = options.filter_map(|it| it.text()).any(|it| it == "NOPASSWD" || it == "NOPASSWD:");
    let Some(said) = fields.get("command").filter(|_| free) else { return };
    let Some(text) = said.spelled() else { return };
    let mut words = text.trim_matches('"').split_whitespace();
    let Some(program) = words.next() else { return };
    let arguments: Vec<&str> = words.collect();
    let name = program.rsplit('/').next().unwrap_or_default();
    // Without arguments any may follow; `""` says that none may.
    let any = arguments.is_empty() || arguments == ["*"];
    let why = match any {
        true if WRITE.contains(&name) => Some("with any arguments at all"),
        true => as_root_with(name, &[]).map(|_| "with any arguments at all"),
        false => as_root_with(name, &arguments),
    };
    let Some(why) = why else { return };
    let span = place(fleet, said.origin);
    if out.iter().any(|it| it.code == codes::RAW_SUDO && it.primary.span == span) {
        return;
    }
    let message = format!("whoever may run `{name}` so on host.{host} is as good as root: {why}");
    out.push(
        Diagnostic::warning(codes::RAW_SUDO, span, message)
            .here("no password is asked for")
            .help("say it as `sudo` of the account: `sudo.NAME = systemctl { verbs = [restart], units = [service.x] }`"),
    );
}
