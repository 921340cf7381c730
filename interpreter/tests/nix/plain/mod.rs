//! Hosts without NixOS: what `install.sh` makes of a machine, run as the machine runs it, once and again.

mod accounts;
mod install;
mod programs;
mod secrets;

use std::path::{Path, PathBuf};
use std::process::Command;

use qg_interpreter::targets::OutputFile;

use super::sops;
use super::tools::Tools;
use super::{laid_out, made_of};

const FLEET: &str = include_str!("../../../../tests/golden/plain/host/fleet.qg");

fn beside() -> [(&'static str, &'static str); 2] {
    [("secrets/all.yaml", sops::MADE), ("web.conf", "x = 1\n")]
}

fn text<'f>(files: &'f [OutputFile], path: &str) -> &'f str {
    &files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path}")).text
}

/// A machine: a root of its own, and programs that write down how they are called.
struct Machine {
    root: tempfile::TempDir,
    tools: Tools,
}

/// Knows what runs, and what does not start (`$QG_ROOT/broken`); opens secrets as the machine would at that moment.
const SYSTEMCTL: &str = r#"
echo "systemctl $*" >> "$QG_ROOT/calls"
units() { for it; do case $it in -*) ;; *) echo "$it" ;; esac; done; }
verb= ; for it; do case $it in -*) ;; *) verb=$it; break ;; esac; done
units=$(units "$@" | tail -n +2)
touch "$QG_ROOT/broken" "$QG_ROOT/runs"
case $verb in
start|restart|try-restart)
  for unit in $units; do
    grep -Fqx -- "$unit" "$QG_ROOT/broken" && { echo "Job for $unit failed." >&2; exit 1; }
    file=$QG_ROOT/etc/containers/systemd/${unit%.service}.container
    if [ -f "$file" ]; then
      for path in $(sed -n 's/^AssertPathExists=//p' "$file"); do
        [ -e "$QG_ROOT$path" ] || { echo "Assertion failed on job for $unit." >&2; exit 1; }
      done
    fi
    if [ "$unit" = qg-sealed.service ]; then sh "$QG_ROOT/etc/qg/secrets.sh" || exit 1; fi
    grep -Fqx -- "$unit" "$QG_ROOT/runs" || echo "$unit" >> "$QG_ROOT/runs"
  done ;;
stop) for unit in $units; do grep -Fvx -- "$unit" "$QG_ROOT/runs" > "$QG_ROOT/runs.new"; mv "$QG_ROOT/runs.new" "$QG_ROOT/runs"; done ;;
is-active) grep -Fqx -- "$units" "$QG_ROOT/runs" ;;
esac
"#;

/// Gives what a file beside the machine's root holds for the key.
const SOPS: &str = r#"
[ -f "$SOPS_AGE_KEY_FILE" ] || [ "$SOPS_AGE_KEY_FILE" = /var/lib/age/key.txt ] || exit 1
case $2 in
--extract) cat "$QG_ROOT/values/$(echo "$3" | tr -d '[]"')" ;;
*) cat "$QG_ROOT/values/whole" ;;
esac
"#;

impl Machine {
    fn new() -> Machine {
        let machine = Machine { root: tempfile::tempdir().unwrap(), tools: Tools::new() };
        machine.tools.put("systemctl", SYSTEMCTL);
        machine.tools.put("sops", SOPS);
        for name in ["chown", "systemd-sysusers", "systemd-tmpfiles", "podman", "usermod"] {
            machine.tools.put(name, &format!("echo {name} \"$@\" >> \"$QG_ROOT/calls\""));
        }
        // A folder of the tests has no owners.
        machine
            .tools
            .put("stat", "[ \"$2\" = %U:%G ] && echo \"$QG_OWNER\" || exec /usr/bin/stat \"$@\"");
        machine.value("appdb", "a\"b");
        machine
    }

    fn value(&self, name: &str, value: &str) {
        self.write(&format!("values/{name}"), value);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path.trim_start_matches('/'))
    }

    fn is(&self, path: &str) -> bool {
        self.at(path).symlink_metadata().is_ok()
    }

    fn read(&self, path: &str) -> String {
        let path = self.at(path);
        std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
    }

    /// Runs a script as the machine does: whether it is content, and what it says.
    fn run(&self, shell: &[&str], script: &Path) -> (bool, String) {
        let mut command = Command::new(shell[0]);
        command.args(&shell[1..]).arg(script).env("QG_ROOT", self.root.path());
        command.env("QG_LIVE", "1").env("PATH", self.tools.path()).env("QG_OWNER", "root:root");
        let out = command.output().unwrap();
        (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
    }

    fn install(&self, fleet: &str) -> (bool, String) {
        self.install_files(&made_of(fleet, &beside()))
    }

    fn install_files(&self, files: &[OutputFile]) -> (bool, String) {
        let folder = laid_out(files);
        self.run(&["sh"], &folder.path().join("hosts/a/install.sh"))
    }

    /// What was asked of systemd since the last time, but for what is asked each time.
    fn calls(&self) -> Vec<String> {
        let all = std::fs::read_to_string(self.at("calls")).unwrap_or_default();
        let _ = std::fs::remove_file(self.at("calls"));
        let each = ["daemon-reload", "is-active", "enable", "qg-sealed.service"];
        all.lines()
            .filter_map(|line| line.strip_prefix("systemctl "))
            .filter(|line| !each.iter().any(|it| line.contains(it)))
            .map(str::to_owned)
            .collect()
    }
}

fn well((fine, said): (bool, String)) {
    assert!(fine, "{said}");
    assert_eq!(said, "");
}

const WAY_IN: &str = r#"
fleet { domain = "example.org", secrets = ./secrets/all.yaml }
host a { system = x86_64_linux, manager = plain, age.ssh_keys = [/etc/ssh/one, /etc/ssh/two] }
proxy edge {
  on     = host.a
  engine = traefik { acme = { email = "a@example.org", challenge = dns { provider = "x", credentials = secret.dns } } }
  use    = [middleware.token]
}
middleware token { does = headers { customRequestHeaders.X-Token = "t ${secret.token}" } }
service traefik { on = host.a, container { image = "docker.io/library/traefik:v3.7", network = host } }
portal main {
  service = service.authelia
  route   = service.authelia.route.web
  engine  = authelia {
    instance = "main"
    directory = { ldap = service.lldap.ports.ldap, base_dn = "dc=example,dc=org", bind_user = "authelia", bind_password = secret.ldap }
    jwt_secret = secret.jwt
    session_secret = secret.session
    storage_key = secret.storage
  }
}
service authelia {
  on = host.a
  ports.web = 9091
  container { image = "ghcr.io/authelia/authelia:4.39", network = host }
  route web { host = "auth", to = ports.web, expose = public }
}
service lldap { on = host.a, ports = { ldap = 3890, web = 17170 }, container { image = "docker.io/lldap/lldap:stable" }, route web { host = "people", to = ports.web, expose = lan } }
secret dns { key = "dns" }
secret token { key = "token" }
secret ldap { key = "ldap" }
secret jwt { key = "jwt" }
secret session { key = "session" }
secret storage { key = "storage" }
"#;
