//! What accounts may do as root: rules that are as good as being root, and rules that let nobody do anything.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target as codes;

use super::FleetCheck;
use super::place::{own_place, place};
use crate::Facts;
use crate::host::{Command, Sudo, User};
use crate::leaf::{At, EntityPath, OriginId};

pub(super) const CHECK: FleetCheck =
    FleetCheck { codes: &[codes::AS_GOOD_AS_ROOT, codes::IDLE_SUDO], run };

/// How a program makes somebody root who may run it with arguments that are fixed.
enum Way {
    /// It runs what it is told later, or writes what it reads.
    Always(&'static str),
    /// As long as the first argument is none of these.
    Unless(&'static [&'static str], &'static str),
    /// With an argument that begins like this.
    With(&'static [&'static str], &'static str),
    /// Without this argument.
    Without(&'static str, &'static str),
}

use Way::{Always, Unless, With, Without};

const SHELL: &str = "runs whatever it reads";
const EDITOR: &str = "lets who sits before it run and write anything";
const RUNS: &str = "runs another program";
const WRITES: &str = "writes what it is given";
const BUILDS: &str = "switches to whatever the configuration says that it is led to";
const CONTAINER: &str = "gives a container all of the machine, where it is told to";
const TOLD: &str = "is told there to run another program";
const PAGER: &str = "shows its output in a pager, which runs other programs";
const SHOWS: &str = "shows what only root may read";
const UNITS: &str = "changes what systemd runs";

/// What a program can do besides what it is for: each one's manual, and gtfobins.github.io (`sudo`).
const PROGRAMS: &[(&[&str], Way)] = &[
    (
        &[
            "sh", "bash", "rbash", "dash", "ash", "zsh", "fish", "ksh", "mksh", "csh", "tcsh",
            "nu", "elvish", "busybox", "toybox", "xonsh", "pwsh", "expect",
        ],
        Always(SHELL),
    ),
    (
        &[
            "python", "python2", "python3", "perl", "ruby", "irb", "node", "deno", "bun", "lua",
            "luajit", "php", "awk", "gawk", "mawk", "nawk", "sed", "tclsh", "wish", "guile",
            "julia", "R", "Rscript", "jshell",
        ],
        Always(SHELL),
    ),
    (
        &[
            "vi", "vim", "nvim", "view", "rvim", "vimdiff", "nano", "pico", "emacs", "ed", "red",
            "ex", "hx", "helix", "micro", "joe", "visudo", "vipw", "vigr", "sudoedit",
        ],
        Always(EDITOR),
    ),
    (
        &[
            "less", "more", "most", "pg", "man", "info", "top", "htop", "btop", "mc", "ranger",
            "yazi", "nnn", "lf", "ncdu", "w3m", "lynx", "links", "telnet", "ftp", "sftp",
        ],
        Always(EDITOR),
    ),
    (
        &[
            "su",
            "sudo",
            "doas",
            "run0",
            "pkexec",
            "env",
            "chroot",
            "nsenter",
            "unshare",
            "setpriv",
            "runuser",
            "capsh",
            "setarch",
            "xargs",
            "parallel",
            "nice",
            "ionice",
            "nohup",
            "stdbuf",
            "taskset",
            "chrt",
            "time",
            "timeout",
            "flock",
            "setsid",
            "start-stop-daemon",
            "script",
            "watch",
            "entr",
            "strace",
            "ltrace",
            "gdb",
            "valgrind",
            "screen",
            "tmux",
            "dtach",
            "systemd-run",
            "bwrap",
            "firejail",
            "prlimit",
            "logsave",
            "choom",
            "run-parts",
            "cpulimit",
        ],
        Always(RUNS),
    ),
    (
        &[
            "make",
            "gmake",
            "ninja",
            "just",
            "rake",
            "ant",
            "mvn",
            "gradle",
            "ansible",
            "ansible-playbook",
            "ssh",
            "scp",
            "mosh",
            "git",
            "hg",
            "svn",
            "crontab",
            "at",
            "batch",
            "machinectl",
            "npm",
            "npx",
            "yarn",
            "pnpm",
            "pip",
            "pip3",
            "gem",
            "cargo",
            "go",
        ],
        Always(RUNS),
    ),
    (
        &[
            "tee", "dd", "sponge", "patch", "passwd", "usermod", "useradd", "adduser", "gpasswd",
            "chpasswd", "chsh",
        ],
        Always(WRITES),
    ),
    (
        &[
            "nixos-rebuild",
            "nix",
            "nix-env",
            "nix-build",
            "nix-shell",
            "nix-channel",
            "nixos-install",
            "nixos-enter",
            "home-manager",
            "colmena",
            "deploy",
        ],
        Always(BUILDS),
    ),
    (
        &["docker", "podman", "nerdctl", "lxc", "incus"],
        Unless(
            &[
                "start", "stop", "restart", "kill", "ps", "images", "logs", "inspect", "stats",
                "top", "list", "info",
            ],
            CONTAINER,
        ),
    ),
    (
        &["docker-compose", "podman-compose"],
        With(&["run", "exec", "-f", "--file", "up", "build"], CONTAINER),
    ),
    (&["virsh"], With(&["edit", "define", "create", "attach-device"], CONTAINER)),
    (&["rsync"], With(&["-e", "--rsh", "--rsync-path"], TOLD)),
    (&["find"], With(&["-exec", "-ok", "-fprint", "-fls"], TOLD)),
    (&["fd", "fdfind"], With(&["-x", "-X", "--exec"], TOLD)),
    (
        &["tar", "bsdtar", "gtar"],
        With(
            &[
                "--to-command",
                "--checkpoint-action",
                "--use-compress",
                "-I",
                "--rsh",
                "--rmt-command",
                "--new-volume-script",
                "--info-script",
                "-F",
            ],
            TOLD,
        ),
    ),
    (&["zip"], With(&["-TT", "--unzip-command"], TOLD)),
    (&["ip"], With(&["netns", "-b", "-force", "-batch"], TOLD)),
    (&["tcpdump"], With(&["-z"], TOLD)),
    (&["nmap"], With(&["--script", "--interactive"], TOLD)),
    (&["openssl"], With(&["-engine", "-provider"], TOLD)),
    (
        &["socat", "nc", "ncat"],
        With(&["exec", "EXEC", "system", "SYSTEM", "-e", "-c", "--exec", "--sh-exec"], TOLD),
    ),
    (&["openvpn"], With(&["--up", "--down", "--script-security", "--config", "--plugin"], TOLD)),
    (
        &["certbot"],
        With(
            &["--pre-hook", "--post-hook", "--deploy-hook", "--manual-auth-hook", "--config"],
            TOLD,
        ),
    ),
    (&["restic", "borg"], With(&["--password-command", "--rsh", "-o"], TOLD)),
    (&["mail", "mailx"], With(&["--exec", "-E"], TOLD)),
    // What a package brings along is run when it is installed.
    (
        &["apt", "apt-get", "aptitude"],
        With(
            &["install", "changelog", "source", "build-dep", "edit-sources", "-o", "--option"],
            TOLD,
        ),
    ),
    (
        &["dpkg", "rpm"],
        With(&["-i", "-U", "--install", "--upgrade", "--unpack", "--eval", "-E"], TOLD),
    ),
    (
        &["yum", "dnf", "zypper", "pacman", "apk", "emerge", "snap", "flatpak"],
        With(&["install", "localinstall", "in", "add", "-S", "-U"], TOLD),
    ),
    (
        &["curl", "wget"],
        With(&["-o", "-O", "--output", "--remote-name", "-K", "--config", "--use-askpass"], WRITES),
    ),
    (
        &[
            "cat", "head", "tail", "base64", "xxd", "od", "hexdump", "strings", "nl", "tac",
            "diff", "sort", "cut", "grep",
        ],
        With(
            &["/etc/shadow", "/etc/gshadow", "/root/.ssh", "/etc/ssh/ssh_host", "/run/secrets"],
            SHOWS,
        ),
    ),
    (&["psql"], Without("-c", SHELL)),
    (&["mysql", "mariadb"], Without("-e", SHELL)),
    (&["dmesg"], With(&["-H", "--human"], PAGER)),
    (&["journalctl"], Without("--no-pager", PAGER)),
    (&["systemctl"], With(&["edit", "link", "enable", "set-", "import-", "revert"], UNITS)),
];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (name, user) in &fleet.model.user {
        for (label, rule) in &user.sudo {
            let rule_name = format!("sudo.{label} of user.{name}");
            match &rule.value {
                Sudo::Command(it) if it.because.is_none() => {
                    if let Some(why) = as_root(it) {
                        let message =
                            format!("`{rule_name}` is as good as root: {} {why}", it.program.value);
                        let at = own_place(fleet, &[it.program.origin, rule.origin]);
                        out.push(Diagnostic::error(codes::AS_GOOD_AS_ROOT, at, message).help(
                            "name a program that does one thing, or say why it has to be: `because = \"…\"`",
                        ));
                    }
                }
                Sudo::Systemctl(it) => {
                    if it.verbs.is_empty() || it.units.is_empty() {
                        let message = format!("`{rule_name}` allows nothing");
                        let at = place(fleet, rule.origin);
                        out.push(
                            Diagnostic::error(codes::IDLE_SUDO, at, message)
                                .help("say `verbs` and `units`, or leave the rule out"),
                        );
                    }
                    for unit in it.units.iter() {
                        let known = user
                            .on
                            .iter()
                            .any(|on| fleet.root_unit_on(unit, on.entity()).is_some());
                        if !known {
                            out.extend(elsewhere(fleet, &rule_name, unit, user));
                        }
                    }
                }
                Sudo::SystemctlAny(it) if it.verbs.is_empty() => {
                    let at = place(fleet, rule.origin);
                    let message = format!("`{rule_name}` allows nothing");
                    out.push(
                        Diagnostic::error(codes::IDLE_SUDO, at, message)
                            .help("say `verbs`, or leave the rule out"),
                    );
                }
                // These say why themselves.
                Sudo::Command(_)
                | Sudo::SystemctlAny(_)
                | Sudo::AnyArguments(_)
                | Sudo::Anything(_) => {}
            }
        }
    }
}

/// A unit that root's systemd does not have where the account is. Beside another error what runs a service may not be
/// known, nor whose its unit is: what is on another host is told all the same.
fn elsewhere(
    fleet: &Facts<'_>,
    rule: &str,
    unit: &At<EntityPath>,
    user: &At<User>,
) -> Option<Diagnostic> {
    let away = host_of(fleet, &unit.value);
    let away = away.filter(|(host, _)| user.on.iter().all(|it| it.entity() != *host));
    let told = |message: String| {
        Diagnostic::error(codes::IDLE_SUDO, place(fleet, unit.origin), message)
            .also(place(fleet, user.on.origin), "the account is on these hosts")
    };
    match away {
        Some((host, by)) => {
            let message = format!(
                "`{rule}` is about {}, which is on host.{host}, and the account is not",
                unit.value
            );
            let help = format!(
                "give the account to host.{host} too, or name a unit of a host that has it"
            );
            Some(told(message).also(own_place(fleet, &[by]), "it is here").help(help))
        }
        // It may be one whose name or program cannot be read.
        None if fleet.partial
            && user.on.iter().all(|on| fleet.unit_at(on.entity(), &unit.value).is_none()) =>
        {
            None
        }
        None => {
            let message =
                format!("`{rule}` is about {}, which is no unit of the system there", unit.value);
            Some(told(message).help("name a unit of the system on a host that has the account; units of sessions, and those of an account's containers, are not root's"))
        }
    }
}

/// The host that a service, a pod or a unit is on, and who says so.
fn host_of<'f>(fleet: &'f Facts<'_>, of: &EntityPath) -> Option<(&'f str, OriginId)> {
    let model = &fleet.model;
    match of.kind() {
        "host" => {
            model.host.get_key_value(of.entity()).map(|(host, it)| (host.as_str(), it.origin))
        }
        "pod" => model.pod.get(of.entity()).map(|it| (it.on.entity(), it.on.origin)),
        "service" => {
            let on = model.service.get(of.entity())?.on.as_ref()?;
            Some((on.entity(), on.origin))
        }
        _ => None,
    }
}

/// Folders in which a program is not root's alone.
const WRITABLE: &[&str] = &["/home/", "/tmp/", "/var/tmp/", "/run/user/", "/dev/shm/"];

/// Why somebody who may run this is root.
fn as_root(command: &Command) -> Option<&'static str> {
    let path = command.program.value.as_str();
    if WRITABLE.iter().any(|folder| path.starts_with(folder)) {
        return Some("lies where accounts write: whoever exchanges it is root");
    }
    let program = path.rsplit('/').next().unwrap_or_default();
    let arguments: Vec<&str> = command.arguments.iter().map(|it| it.as_str()).collect();
    as_root_with(program, &arguments)
}

/// How a program makes somebody root who may run it with these arguments.
pub(super) fn as_root_with(program: &str, arguments: &[&str]) -> Option<&'static str> {
    // `python3.11`, and what a distribution calls the small ones.
    let versioned = |c: char| c.is_ascii_digit() || c == '.';
    let plain = program.trim_end_matches(".basic").trim_end_matches(".tiny");
    let plain = plain.trim_end_matches(versioned);
    let known = |names: &&[&str]| names.contains(&program) || names.contains(&plain);
    let (_, way) = PROGRAMS.iter().find(|(names, _)| known(names))?;
    match way {
        Always(why) => Some(why),
        Unless(harmless, why) => {
            let first = arguments.first().copied().unwrap_or_default();
            (!harmless.contains(&first)).then_some(why)
        }
        With(parts, why) => {
            let told = arguments.iter().any(|it| parts.iter().any(|part| it.starts_with(part)));
            told.then_some(why)
        }
        Without(part, why) => (!arguments.contains(part)).then_some(why),
    }
}
