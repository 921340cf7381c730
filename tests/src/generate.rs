//! Fleets of any size, for benches and for tests of what grows: sound ones, in the words that real
//! ones use (containers, routes, secrets, state, backups, loops, `extend`, functions).

use std::fs;
use std::path::Path;
use std::sync::Arc;

use qg_lang::world::MemoryWorld;

use crate::sops;

/// The sources of a fleet, by path; the same for the same size.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    pub sources: Vec<(String, String)>,
    /// Files beside them that they name.
    pub files: Vec<(String, String)>,
}

/// Services that one rack has.
pub const SERVICES: usize = 16;

/// A fleet of so many racks. A rack is a host with its proxy, vault, accounts and 16 services.
#[must_use]
pub fn racks(count: usize) -> Generated {
    let mut fleet = Generated::default();
    fleet.sources.push(("hosts/fleet.qg".to_owned(), FLEET.to_owned()));
    for rack in 0..count {
        let fill = |text: &str| fill(text, rack);
        fleet.sources.push((format!("hosts/rack{rack}.qg"), fill(HOST)));
        fleet.sources.push((format!("services/rack{rack}/apps.qg"), fill(APPS)));
        for app in 0..SERVICES / 2 {
            let text = fill(SINGLE)
                .replace("@APP@", &app.to_string())
                .replace("@PORT@", &(8000 + app).to_string());
            fleet.sources.push((format!("services/rack{rack}/single{app}.qg"), text));
        }
    }
    let all: String = fleet.sources.iter().map(|(_, text)| text.as_str()).collect();
    fleet.files.push(("hosts/secrets.yaml".to_owned(), sops::holding(&all)));
    fleet
}

/// The smallest fleet whose sources have at least so many bytes.
#[must_use]
pub fn of_bytes(bytes: usize) -> Generated {
    let one = racks(2).bytes() - racks(1).bytes();
    let mut count = (bytes / one.max(1)).max(1);
    loop {
        let fleet = racks(count);
        if fleet.bytes() >= bytes {
            return fleet;
        }
        count += 1;
    }
}

impl Generated {
    /// The length of all sources.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.sources.iter().map(|(_, text)| text.len()).sum()
    }

    /// As a world in memory.
    #[must_use]
    pub fn world(&self) -> MemoryWorld {
        let mut world = MemoryWorld::default();
        for (path, text) in &self.sources {
            world.sources.insert(Arc::from(path.as_str()), Arc::from(text.as_str()));
        }
        for (path, text) in &self.files {
            world.files.insert(Arc::from(path.as_str()), Arc::from(text.as_bytes()));
        }
        world
    }

    /// Writes it into a folder, with a `qg.toml`.
    ///
    /// # Panics
    /// Where that cannot be written.
    pub fn write(&self, folder: &Path) {
        let manifest =
            ("qg.toml".to_owned(), "[fleet]\nsources = [\"hosts\", \"services\"]\n".to_owned());
        for (path, text) in self.sources.iter().chain(&self.files).chain([&manifest]) {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("it lies below")).expect("a folder");
            fs::write(path, text).expect("a source can be written");
        }
    }
}

fn fill(text: &str, rack: usize) -> String {
    text.replace("@RACK@", &rack.to_string())
        .replace("@ADDRESS@", &format!("10.{}.{}.10", rack / 250, rack % 250))
        .replace("@HOST_ID@", &format!("{rack:08x}"))
}

const FLEET: &str = r#"# What holds for the whole fleet.
fleet {
  domain   = "example.org"
  state    = /var/lib/fleet
  timezone = "Europe/Paris"
  secrets  = ./secrets.yaml
}

## Accounts of services begin here.
pub let first_uid = 900

## The image of a program of the collection.
pub fn image_of(name: string, tag: string = "1.0") -> string = "registry.example.org/${name}:${tag}"
"#;

const HOST: &str = r#"# Rack @RACK@: one machine, its way in, its vault.
host rack@RACK@ {
  about   = "Rack @RACK@"
  system  = x86_64_linux
  address = @ADDRESS@
  root    = ephemeral { keep = /persist }
  state "/var/lib/traefik" { owner_name = "traefik", mode = 0o700, backup = no { because = "certificates are issued anew" } }
  storage = zfs { host_id = "@HOST_ID@" }
  state_version = "25.05"
  nix {
    boot.kernelPackages = nix"pkgs.linuxPackages_6_12"
    services.openssh.enable = true
  }
}

proxy edge@RACK@ {
  on     = host.rack@RACK@
  engine = traefik { acme = { email = "admin@${fleet.domain}" } }
}

secret vault@RACK@ { key = "rack@RACK@/vault" }

vault local@RACK@ {
  on       = host.rack@RACK@
  engine   = restic { path = /backup, password = secret.vault@RACK@ }
  schedule = "02:00"
}

group apps@RACK@ { on = [host.rack@RACK@], gid = 900 }
user apps@RACK@ { on = [host.rack@RACK@], uid = 900, group = group.apps@RACK@ }
"#;

const APPS: &str = r#"# Programs of rack @RACK@ that are alike: said once.
import hosts.fleet.image_of

let suite = {
  alpha = { port = 9000, about = "First" }
  bravo = { port = 9001, about = "Second" }
  carol = { port = 9002, about = "Third" }
  delta = { port = 9003, about = "Fourth" }
  eagle = { port = 9004, about = "Fifth" }
  foxes = { port = 9005, about = "Sixth" }
  grape = { port = 9006, about = "Seventh" }
  hotel = { port = 9007, about = "Eighth" }
}

for name, app in suite {
  service "${name}@RACK@" {
    about     = app.about
    on        = host.rack@RACK@
    ports.web = app.port

    container {
      image  = image_of(name)
      user   = user.apps@RACK@
      mounts = { "/config" = { source = fleet.state / "${name}@RACK@" } }
      env    = { TZ = fleet.timezone, PUID = "${user.apps@RACK@.name}" }
    }

    state "/var/lib/fleet/${name}@RACK@" { owner = user.apps@RACK@ }

    route web {
      host   = "${name}@RACK@"
      to     = ports.web
      expose = lan
      via    = proxy.edge@RACK@
    }

    backup data { to = vault.local@RACK@, paths = [fleet.state / "${name}@RACK@"] }
  }
}

extend service alpha@RACK@ {
  override about = "First, and nobody's second"
  container.env.LEVEL = "debug"
}
"#;

const SINGLE: &str = r#"# A program of its own on rack @RACK@.
import hosts.fleet.image_of

secret single@RACK@-@APP@ {
  about = "What single@APP@ signs its sessions with"
  key   = "rack@RACK@/single@APP@"
}

service single@RACK@-@APP@ {
  about     = "Program @APP@ of rack @RACK@"
  on        = host.rack@RACK@
  ports.web = { inside = 80, host = @PORT@ }

  container {
    image  = image_of("single@APP@", tag: "2.@APP@")
    user   = user.apps@RACK@
    mounts = {
      "/data"  = { source = fleet.state / name }
      "/media" = { source = /mnt/media, read_only = true }
    }
    env = {
      SESSION_KEY = secret.single@RACK@-@APP@
      BASE_URL    = "https://${fqdn(name)}"
      WORKERS     = if ports.web.host > 8003 then 4 else 2
    }
  }

  state "/var/lib/fleet/single@RACK@-@APP@" {
    about = "Everything it knows"
    owner = user.apps@RACK@
    mode  = 0o750
  }

  route web {
    host   = name
    to     = ports.web
    expose = lan
    via    = proxy.edge@RACK@
  }

  backup data {
    to      = vault.local@RACK@
    paths   = [fleet.state / name]
    exclude = ["cache/**", "*.tmp"]
  }
}
"#;

#[cfg(test)]
mod tests {
    use super::{of_bytes, racks};

    #[test]
    fn size_is_what_was_asked_for() {
        let fleet = of_bytes(100_000);
        assert!(fleet.bytes() >= 100_000 && fleet.bytes() < 130_000, "{}", fleet.bytes());
        assert_eq!(racks(3).sources, racks(3).sources);
    }

    #[test]
    fn generated_fleets_are_sound() {
        let built = qg_interpreter::build(&racks(2).world());
        let words = crate::golden::in_words(&built.diagnostics, &built.analysis.sources);
        assert!(built.diagnostics.is_empty(), "{words}");
        let fleet = built.fleet.as_ref().expect("no findings, so a fleet");
        assert!(!qg_interpreter::targets::render(fleet).is_empty());
    }
}
