//! A fleet with one of everything, through Podman's generator and systemd.

use crate::fleets::{Sources, outputs};
use crate::quadlet::{Generated, generate, verify};
use crate::readers;
use crate::sops;

const FLEET: &str = r#"
fleet { domain = "example.org", state = /srv, secrets = ./secrets.yaml }
host Box { system = x86_64_linux, state_version = "25.05", podman.version = "5.4" }
user app { on = [host.Box], uid = 980, group = group.app }
group app { on = [host.Box], gid = 972 }
secret db { key = "db" }
secret env { key = "app/env", kind = env }
network back { on = host.Box, subnet = 10.89.7.0/24, gateway = 10.89.7.1, internal = true, interface = "back0" }
volume data { on = host.Box, device = /mnt/data }
pod suite { on = host.Box, networks = [network.back], dns = [9.9.9.9], hostname = "suite" }
script prepare { text = "true" }

service database {
  on = host.Box
  ports.db = { inside = 5432, host = 5433 }
  container {
    image = "docker.io/library/postgres:17"
    network = of { networks = [network.back], aliases = ["pg"] }
    user = user.app
    env = { POSTGRES_PASSWORD = secret.db, POSTGRES_USER = "app", PORT = 5432, ON = true }
    mounts."/var/lib/postgresql/data" = { source = volume.data, read_only = false }
    mounts."/init.sql" = ./init.sql
    health = { command = ["pg_isready", "-U", "app"], interval = 90s, retries = 3, ready = true }
    memory = 512MiB
    shm_size = 64MiB
    stop_timeout = 30s
    tmpfs = [/tmp]
    no_new_privileges = true
    read_only = true
    init = true
  }
}

service web {
  on = host.Box
  about = "100% \"quoted\" text"
  needs = [service.database]
  ports = {
    http = { inside = 80, host = 8080, open = true }
    dns = { inside = 53, host = 5353, protocol = both, address = ::1 }
    none = { inside = 9, publish = false }
  }
  container {
    image = "docker.io/library/nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    pod = pod.suite
    env_files = [secret.env, /etc/web.env]
    add_capabilities = ["NET_ADMIN"]
    drop_capabilities = ["ALL"]
    devices = [/dev/net/tun]
    mounts = { "/a:b" = /srv/web, "/secret" = secret.db, "/data" = { source = /srv/web, read_only = true, relabel = private } }
    auto_update = registry
    pull = newer
    quadlet = { Timezone = ["local"], Ulimit = ["nofile=1024:2048"] }
  }
  unit {
    Restart = on_failure
    RestartSec = 10s
    service = { Nice = 5, LogExtraFields = ["A=b", "C=d"] }
  }
}

service alone {
  on = host.Box
  container { image = "docker.io/library/busybox:1", network = host }
  ports.web = 7000
  unit { after = [pod.suite, service.web], requires = ["dev-sda.device"] }
}
"#;

fn generated() -> Option<Generated> {
    let generator = readers::quadlet()?;
    let mut sources = Sources::default();
    sources.add("fleet.qg", FLEET);
    sources.file("secrets.yaml", sops::holding(FLEET).as_bytes());
    sources.file("init.sql", b"select 1;\n");
    let files = outputs(&sources);
    let generated = generate(&generator, &files, "Box");
    assert!(generated.success, "{}", generated.messages);
    assert!(!generated.messages.contains("Unsupported"), "{}", generated.messages);
    Some(generated)
}

#[track_caller]
fn has(command: &[String], words: &[&str]) {
    assert!(command.windows(words.len()).any(|it| it == words), "{words:?} is not in {command:?}");
}

#[track_caller]
fn has_not(command: &[String], word: &str) {
    assert!(!command.iter().any(|it| it.contains(word)), "{word:?} is in {command:?}");
}

#[test]
fn containers_pods_networks_and_volumes() {
    let Some(generated) = generated() else { return };
    let names: Vec<&str> = generated.units.keys().map(String::as_str).collect();
    let all = [
        "alone.service",
        "back-network.service",
        "data-volume.service",
        "database.service",
        "suite-pod.service",
        "web.service",
    ];
    assert_eq!(names, all);

    let database = &generated.units["database.service"];
    let command = database.command();
    has(&command, &["--name", "database"]);
    has(&command, &["--user", "980:972"]);
    has(&command, &["--network", "back"]);
    has(&command, &["--network-alias", "pg"]);
    has(&command, &["--publish", "127.0.0.1:5433:5432"]);
    has(&command, &["--env", "POSTGRES_USER=app"]);
    has(&command, &["--env", "PORT=5432"]);
    has(&command, &["--env", "ON=true"]);
    has(&command, &["--env-file", "/run/qg/sealed/env/database.env"]);
    has(&command, &["-v", "data:/var/lib/postgresql/data"]);
    has(&command, &["--memory=536870912"]);
    has(&command, &["--health-cmd", "[\"pg_isready\",\"-U\",\"app\"]"]);
    has(&command, &["--health-interval", "1m30s"]);
    has(&command, &["--sdnotify=healthy"]);
    has(&command, &["--stop-timeout", "30"]);
    has(&command, &["--init"]);
    has(&command, &["--read-only"]);
    has(&command, &["--security-opt=no-new-privileges"]);
    has_not(&command, "POSTGRES_PASSWORD");

    let web = &generated.units["web.service"];
    let command = web.command();
    has_not(&command, "--publish");
    has(&command, &["--env-file", "/run/secrets/app/env"]);
    has(&command, &["--env-file", "/etc/web.env"]);
    has(&command, &["--cap-add", "net_admin"]);
    has(&command, &["--cap-drop", "all"]);
    has(&command, &["--device", "/dev/net/tun"]);
    has(&command, &["-v", "/srv/web:/data:ro,Z"]);
    has(&command, &["-v", "/run/secrets/db:/secret:ro"]);
    has(&command, &["--ulimit", "nofile=1024:2048"]);
    assert_eq!(web.all("Unit", "Requires"), ["database.service"]);
    assert!(web.all("Unit", "After").contains(&"database.service"));
    assert_eq!(web.all("Unit", "BindsTo"), ["suite-pod.service"]);
    assert_eq!(web.all("Unit", "Description"), ["100%% \"quoted\" text"]);
    assert_eq!(web.all("Service", "Restart"), ["on-failure"]);
    assert_eq!(web.all("Service", "LogExtraFields"), ["A=b", "C=d"]);

    let pod = &generated.units["suite-pod.service"];
    let start = pod.all("Service", "ExecStartPre");
    let command = crate::quadlet::command(start.first().unwrap());
    has(&command, &["--name", "suite"]);
    has(&command, &["--network", "back"]);
    // Without an address it is all of them, those of IPv6 too.
    has(&command, &["--publish", "8080:80"]);
    has(&command, &["--publish", "[::1]:5353:53"]);
    has(&command, &["--publish", "[::1]:5353:53/udp"]);
    has(&command, &["--dns", "9.9.9.9"]);
    has(&command, &["--hostname=suite"]);
    has_not(&command, ":9");

    let alone = &generated.units["alone.service"];
    has(&alone.command(), &["--network", "host"]);
    has_not(&alone.command(), "--publish");
    for name in ["suite-pod.service", "web.service", "dev-sda.device"] {
        assert!(alone.all("Unit", "After").contains(&name), "{name}");
    }
    let network = generated.units["back-network.service"].command();
    has(&network, &["--subnet", "10.89.7.0/24"]);
    has(&network, &["--gateway", "10.89.7.1"]);
    has(&network, &["--internal"]);
    has(&network, &["--interface-name=back0", "back"]);
    let volume = generated.units["data-volume.service"].command();
    has(&volume, &["--opt", "device=/mnt/data"]);
    has(&volume, &["--opt", "o=bind", "data"]);
}

#[test]
fn systemd_takes_the_units() {
    let Some(generated) = generated() else { return };
    let Some(analyze) = readers::program("systemd-analyze") else {
        return;
    };
    assert_eq!(verify(&analyze, &generated.texts), "");
}
