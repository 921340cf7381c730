//! Boot, disks, pools, mounts and deployment, as Nix reads them.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::{has_nix, json_of, laid_out, made_of, module, sops};

const MACHINE: &str = include_str!("../../../tests/golden/nix/machine/fleet.qg");
const DESCRIBED: &str = include_str!("../../../tests/golden/nix/described/fleet.qg");

#[test]
fn a_machine_boots_and_mounts_what_the_fleet_says() {
    if !has_nix() {
        return;
    }
    let files = made_of(MACHINE, &[("secrets.yaml", sops::MADE)]);
    let folder = laid_out(&files);
    let it = module(&files, folder.path(), "hosts/Station/default.nix");
    let boot = &it["boot"];
    assert_eq!(boot["kernelPackages"], "/pkgs/linuxPackages_latest");
    assert_eq!(boot["kernelModules"], json!(["kvm-amd"]));
    assert_eq!(boot["kernelParams"], json!(["quiet", "odd=\"a${b}\\'\""]));
    assert_eq!(
        boot["kernel"]["sysctl"],
        json!({ "kernel.core_pattern": "|/x \"${y}\"", "on": true, "vm.swappiness": 10 })
    );
    assert_eq!(boot["binfmt"]["emulatedSystems"], json!(["aarch64-linux"]));
    assert_eq!(
        boot["loader"],
        json!({ "grub": { "enable": true, "efiSupport": true, "efiInstallAsRemovable": true,
            "device": "nodev", "zfsSupport": true } })
    );
    assert_eq!(boot["tmp"], json!({ "useTmpfs": true, "tmpfsSize": "50%" }));
    assert_eq!(
        boot["initrd"]["luks"]["devices"],
        json!({ "crypt-system": { "device": { "mark": "force", "value": "/dev/nvme0n1p3" } } })
    );
    let wipe = &boot["initrd"]["systemd"]["services"]["wipe-root"];
    assert_eq!(wipe["after"], json!(["systemd-cryptsetup@crypt\\x2dsystem.service"]));
    let script = wipe["script"].as_str().unwrap();
    assert!(script.contains("mount -o subvol=/ /dev/mapper/crypt-system /btrfs\n"), "{script}");
    assert!(script.contains("-mtime +2 "), "{script}");
    assert_eq!(
        it["fileSystems"],
        json!({
            "/persist": { "neededForBoot": true },
            "/srv/films": { "device": "[fd00::1]:/films", "fsType": "nfs", "options": ["ro"] },
            "/srv/share": { "device": "//nas/our \"${things}\"", "fsType": "cifs",
                "options": ["credentials=/run/secrets/nas"] },
            "/srv/again": { "device": "/data", "fsType": "none", "options": ["bind"] },
            "/srv/quick": { "device": "none", "fsType": "tmpfs", "options": ["size=1G"] },
            "/srv/usb": { "device": "/dev/disk/by-uuid/4A1C-77E0", "fsType": "vfat",
                "options": ["nofail"], "neededForBoot": true },
        })
    );
    let boxed = module(&files, folder.path(), "hosts/Box/default.nix");
    let wipe = &boxed["boot"]["initrd"]["systemd"]["services"]["wipe-root"];
    assert_eq!(wipe["script"], "zfs rollback -r zroot/local/root@blank\n");
    assert_eq!(wipe["path"], json!(["/pkgs/zfs"]));
    assert_eq!(
        boxed["boot"]["loader"],
        json!({ "systemd-boot": { "enable": true, "configurationLimit": 5 },
            "efi": { "canTouchEfiVariables": false } })
    );
    let board = module(&files, folder.path(), "hosts/Board/default.nix");
    let loader = json!({ "grub": { "enable": false },
        "generic-extlinux-compatible": { "enable": true } });
    assert_eq!(board["boot"]["loader"], loader);
}

#[test]
fn disko_makes_disks_and_pools() {
    if !has_nix() {
        return;
    }
    let files = made_of(MACHINE, &[("secrets.yaml", sops::MADE)]);
    let folder = laid_out(&files);
    let it = module(&files, folder.path(), "hosts/Station/default.nix");
    let devices = &it["disko"]["devices"];
    let fast = json!(["compress=zstd", "noatime"]);
    assert_eq!(
        devices["disk"]["system"],
        json!({ "type": "disk", "device": "/dev/nvme0n1", "content": { "type": "gpt", "partitions": {
            "esp": { "priority": 1, "size": "500M", "type": "EF00", "label": "ESP", "content": {
                "type": "filesystem", "format": "vfat", "extraArgs": ["-n", "BOOT"], "mountpoint": "/boot",
                "mountOptions": ["umask=0077"] } },
            "swap": { "priority": 2, "size": "8G", "type": "8200",
                "content": { "type": "swap", "resumeDevice": true } },
            "system": { "priority": 3, "size": "100%", "content": {
                "type": "luks", "name": "crypt-system",
                "settings": { "allowDiscards": true, "bypassWorkqueues": true, "keyFile": "/key",
                    "crypttabExtraOpts": ["tpm2-device=auto", "headless=true"] },
                "extraFormatArgs": ["--pbkdf", "argon2id"],
                "extraOpenArgs": ["--perf-no_read_workqueue"],
                "content": { "type": "btrfs", "extraArgs": ["-L", "station"], "subvolumes": {
                    "root": { "mountpoint": "/", "mountOptions": fast },
                    "persist": { "mountpoint": "/persist" },
                    "files": { "mountpoint": "/files", "swap": { "swapfile": { "size": "1536M" } } },
                    "spare": {} } } } },
        } } })
    );
    let member = json!({ "type": "zfs", "pool": "tank" });
    assert_eq!(devices["disk"]["a"]["content"]["partitions"]["data"]["content"], member);
    let log = &devices["disk"]["fast"]["content"]["partitions"]["log"];
    assert_eq!(*log, json!({ "priority": 1, "size": "976563K", "content": member }));
    let device = |name: &str| format!("/dev/disk/by-partlabel/disk-{name}");
    assert_eq!(
        devices["zpool"]["tank"],
        json!({
            "type": "zpool",
            "mode": { "topology": {
                "type": "topology",
                "vdev": [{ "mode": "mirror", "members": ["/dev/disk/by-partlabel/tank-a", "/dev/disk/by-partlabel/tank-b"] }],
                "log": [{ "mode": "", "members": [device("fast-log")] }],
                "cache": [device("fast-cache")],
            } },
            "options": { "ashift": "12" },
            "rootFsOptions": { "compression": "zstd" },
            "datasets": {
                "block": { "type": "zfs_volume", "size": "10G" },
                "safe/data": { "type": "zfs_fs", "mountpoint": "/data",
                    "options": { "recordsize": "1M" }, "postCreateHook":
                    "zfs list -t snapshot tank/safe/data@blank > /dev/null 2>&1 || zfs snapshot tank/safe/data@blank\n" },
            },
        })
    );
    assert_eq!(it["boot"]["zfs"]["extraPools"], json!(["tank"]));
}

#[test]
fn what_is_described_is_mounted_and_nothing_formats_it() {
    if !has_nix() {
        return;
    }
    let files = made_of(DESCRIBED, &[]);
    let folder = laid_out(&files);
    let it = module(&files, folder.path(), "hosts/Server/default.nix");
    assert_eq!(it["disko"], Value::Null);
    assert_eq!(
        it["fileSystems"],
        json!({
            "/": { "device": "tank/root", "fsType": "zfs", "options": ["zfsutil"],
                "neededForBoot": true },
            "/boot": { "device": "/dev/disk/by-uuid/4A1C-77E0", "fsType": "vfat",
                "options": ["umask=0077"] },
            "/home": { "device": "/dev/mapper/home", "fsType": "btrfs",
                "options": ["noatime", "subvol=home"] },
            "/persist": { "device": "tank/persist", "fsType": "zfs", "neededForBoot": true },
        })
    );
    let label = "/dev/disk/by-partlabel/disk-system-";
    assert_eq!(
        it["boot"]["initrd"]["luks"]["devices"]["home"],
        json!({ "device": format!("{label}home"), "allowDiscards": true })
    );
    assert_eq!(
        it["swapDevices"],
        json!([
            { "device": "/home/swapfile" },
            { "device": format!("{label}swap"), "randomEncryption": { "enable": true } },
        ])
    );
}

#[test]
fn colmena_and_deploy_rs_know_where_to_go() {
    if !has_nix() {
        return;
    }
    let files = made_of(MACHINE, &[("secrets.yaml", sops::MADE)]);
    let folder = laid_out(&files);
    let colmena = json_of(
        &["-E", "builtins.mapAttrs (_: node: node.deployment) (import ./flake-module.nix).colmena"],
        folder.path(),
    );
    assert_eq!(
        colmena,
        json!({
            "Board": { "targetHost": null, "allowLocalDeployment": true },
            "Box": {},
            "Station": {
                "targetHost": "station.example.org", "targetUser": "deploy", "targetPort": 2222,
                "tags": ["desk"], "buildOnTarget": true, "allowLocalDeployment": true,
            },
        })
    );
    let nodes = json_of(
        &[
            "-E",
            "(import ./flake-module.nix).deploy {
               deploy-rs.lib.x86_64-linux.activate = { nixos = it: \"nixos ${it}\"; noop = \"noop\"; };
               nixosConfigurations.Station = \"station\";
             }",
        ],
        folder.path(),
    );
    assert_eq!(
        nodes,
        json!({ "nodes": { "Station": {
            "hostname": "station.example.org", "sshUser": "deploy",
            "sshOpts": ["-p", "2222", "-o", "ProxyCommand=\"${x}\""],
            "remoteBuild": true, "autoRollback": false, "magicRollback": false,
            "profiles": {
                "system": { "user": "root", "path": "nixos station" },
                "home": { "user": "anne", "path": "noop" },
            },
        } } })
    );
}

const UPKEEP: &str = include_str!("../../../tests/golden/nix/upkeep/fleet.qg");

#[test]
fn folders_ports_numbers_and_repositories_are_kept_in_order() {
    if !has_nix() {
        return;
    }
    let files = made_of(UPKEEP, &[("secrets.yaml", sops::MADE)]);
    let folder = laid_out(&files);
    let it = module(&files, folder.path(), "hosts/Server/default.nix");
    let rules = &it["systemd"]["tmpfiles"]["settings"]["10-qg"];
    assert_eq!(
        rules["/srv/media"],
        json!({ "d": { "mode": "0775" }, "Z": { "mode": "~0775" },
            "A+": { "argument": "default:group:media:rwX,user:1000:r-x" } })
    );
    assert_eq!(
        it["environment"]["persistence"]["/persist"],
        json!({
            "hideMounts": true,
            "directories": [
                { "directory": "/srv/media", "mode": "0775" },
                { "directory": "/var/lib/private/app", "mode": "0700",
                    "defaultPerms": { "mode": "0700" } },
            ],
            "files": [{ "file": "/etc/id", "parentDirectory": { "mode": "0700" } }],
        })
    );
    assert_eq!(
        it["networking"]["firewall"],
        json!({ "allowedTCPPorts": [8080], "trustedInterfaces": ["tailscale0"], "allowPing": false,
            "allowedTCPPortRanges": [{ "from": 8000, "to": 8100 }],
            "allowedUDPPortRanges": [{ "from": 60000, "to": 61000 }] })
    );
    assert_eq!(
        it["users"]["users"]["owner"],
        json!({ "isNormalUser": true, "uid": 1000,
            "subUidRanges": [{ "startUid": 100_000, "count": 1000 }],
            "subGidRanges": [{ "startGid": 100_000, "count": 1000 }] })
    );
    let jobs = &it["services"]["restic"]["backups"];
    assert_eq!(jobs["app-data"]["pruneOpts"], Value::Null);
    assert_eq!(
        jobs["app-data-maintenance"],
        json!({ "repository": "/srv/restic/app-data", "passwordFile": "/run/secrets/restic",
            "paths": [], "runCheck": true,
            "pruneOpts": ["--group-by host", "--keep-last 3", "--keep-daily 7", "--keep-weekly 4", "--keep-monthly 6"],
            "timerConfig": null })
    );
    let units = &it["systemd"]["services"];
    let way = json!({ "Nice": 10, "IOSchedulingClass": "best-effort", "IOSchedulingPriority": 7 });
    let way = json!({ "serviceConfig": way });
    assert_eq!(units["restic-backups-app-data-maintenance"], way);
    // One timer for all copies of a vault; they have none of their own.
    let run = |unit: &str| units[unit]["script"].as_str().unwrap().replace(" \\\n ", "");
    assert_eq!(
        run("qg-backups-old"),
        "exec /etc/qg/chain restic-backups-wiki-files.service restic-backups-wiki.service\n"
    );
    let upkeep = "exec /etc/qg/chain restic-backups-app-data-maintenance.service\n";
    assert_eq!(run("qg-upkeep-local"), upkeep);
    assert_eq!(run("qg-backups-far"), "exec /etc/qg/chain borgbackup-job-far.service\n");
    assert_eq!(
        it["systemd"]["timers"]["qg-backups-old"],
        json!({ "wantedBy": ["timers.target"], "timerConfig":
            { "OnCalendar": "03:00", "RandomizedDelaySec": "10min", "Persistent": true } })
    );
    assert_eq!(jobs["wiki"]["repository"], "/srv/old/wiki");
    assert_eq!(jobs["wiki"]["pruneOpts"], json!(["--group-by host", "--keep-daily 2"]));
    assert_eq!(jobs["wiki-maintenance"]["pruneOpts"], Value::Null);
    let reads = |job: &str| jobs[job]["checkOpts"].clone();
    assert_eq!(reads("wiki-maintenance"), json!(["--read-data-subset=3/10"]));
    assert_eq!(reads("wiki-some-maintenance"), json!(["--read-data-subset=5%%"]));
    assert_eq!(reads("wiki-all-maintenance"), json!(["--read-data"]));
    assert_eq!(reads("app-data-maintenance"), Value::Null);
    let far = &it["services"]["borgbackup"]["jobs"]["far"];
    assert_eq!(far["startAt"], json!([]));
    assert_eq!(far["user"], "copies");
    assert_eq!(
        far["environment"]["BORG_RSH"],
        "ssh -i /run/secrets/restic -o BatchMode=yes -o Port=2222 -o RemoteCommand='it'\\''s \"$x\"' \
         -o StrictHostKeyChecking=accept-new"
    );
}

#[test]
fn a_service_that_needs_nothing_else_is_tested() {
    if !has_nix() {
        return;
    }
    let files = made_of(UPKEEP, &[("secrets.yaml", sops::MADE)]);
    let folder = laid_out(&files);
    let tests = json_of(
        &["-E", "import ./checks.nix { pkgs.testers.runNixOSTest = it: it; }"],
        folder.path(),
    );
    let options = &tests["app"]["nodes"]["machine"]["services"]["app"];
    assert_eq!(*options, json!({ "title": "it's \"${x}\"", "enable": true }));
    assert_eq!(
        tests["app"]["testScript"],
        "machine.wait_for_unit(\"app.service\")\nmachine.wait_for_open_port(9090, \"::1\")\nmachine.wait_for_open_port(8080, \"localhost\")\n"
    );
    assert_eq!(tests.as_object().map(serde_json::Map::len), Some(1));
}
