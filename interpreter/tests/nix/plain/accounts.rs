//! Accounts of a host without NixOS, and containers that run as one.

use serde_json::json;

use super::super::{has_nix, laid_out, made_of, module};
use super::{FLEET, Machine, WAY_IN, beside, text, well};

#[test]
fn accounts_that_something_else_made_get_their_groups() {
    let fleet = "host a { system = x86_64_linux, manager = plain }
        user there { on = [host.a], extra_groups = [\"video\", \"render\"], kind = from_module }
        user gone { on = [host.a], extra_groups = [\"video\"], kind = from_module }";
    let machine = Machine::new();
    machine.tools.put("id", "[ \"$2\" != gone ] && echo there render");
    let (fine, said) = machine.install(fleet);
    assert!(
        !fine && said.contains("there is no account gone, which should be in group video"),
        "{said}"
    );
    let calls = machine.read("calls");
    assert!(calls.contains("usermod -aG video there\n") && !calls.contains("render"), "{calls}");
}

#[test]
fn containers_of_an_account_are_asked_of_its_own_systemd() {
    let fleet = "host a { system = x86_64_linux, manager = plain, podman.user = user.apps }
        user apps { on = [host.a], uid = 1001, kind = from_module }
        service web { on = host.a, container { image = \"docker.io/x/web:1\" } }";
    let machine = Machine::new();
    machine.tools.put("getent", "echo apps:x:1001:1001::/home/apps:/bin/sh");
    machine.tools.put("runuser", "echo runuser \"$@\" >> \"$QG_ROOT/calls\"");
    machine.tools.put("loginctl", "");
    well(machine.install(fleet));
    let calls = machine.read("calls");
    let start = "runuser -u apps -- env XDG_RUNTIME_DIR=/run/user/1001 systemctl --user restart web.service\n";
    assert!(calls.contains(start), "{calls}");
    std::fs::remove_file(machine.at("calls")).unwrap();
    well(machine.install(&fleet.replace("service web", "service other")));
    let calls = machine.read("calls");
    assert!(calls.contains("systemctl --user stop web.service\n"), "{calls}");
    assert!(machine.is("etc/containers/systemd/users/1001/other.container"));
}

/// The way in, by containers of an account.
fn way_in_of_account() -> String {
    WAY_IN.replace(
        "manager = plain, ",
        "manager = plain, podman.user = user.pod, boot.sysctl.\"net.ipv4.ip_unprivileged_port_start\" = 80, ",
    ) + "user pod { on = [host.a], uid = 1001, kind = from_module }\n"
}

#[test]
fn an_account_has_what_its_proxy_and_portal_read_and_write() {
    let files = made_of(&way_in_of_account(), &beside());
    let folders = text(&files, "hosts/a/tmpfiles.d.conf");
    for path in ["/var/lib/traefik", "/var/lib/authelia-main"] {
        assert!(folders.contains(&format!("d {path} 0700 pod - - -\n")), "{folders}");
    }
    let sealed = text(&files, "hosts/a/sealed.sh");
    assert!(sealed.contains("/run/qg/sealed/env/traefik.env 0400 pod root "), "{sealed}");
    let secrets = text(&files, "hosts/a/secrets.sh");
    assert!(secrets.contains("/run/secrets/session 0400 pod root "), "{secrets}");
    // Root's containers write as root.
    let folders = made_of(WAY_IN, &beside());
    let folders = text(&folders, "hosts/a/tmpfiles.d.conf");
    assert!(folders.contains("d /var/lib/traefik 0700 - - - -\n"), "{folders}");
}

#[test]
fn a_changed_secret_starts_units_of_an_account_anew() {
    let machine = Machine::new();
    let fleet = FLEET
        .replace("manager = plain\n", "manager = plain\n  podman.user = user.pod\n")
        .replace("  unit.before_start = [script.tell]\n", "");
    let fleet = format!(
        "{fleet}\nuser pod {{ on = [host.a], uid = 1001, kind = from_module }}
pod p {{ on = host.a }}
secret third {{ key = \"third\", on = [host.a], restart = [pod.p] }}
service other {{ on = host.a, container {{ image = \"docker.io/x/o:1\", env_files = [secret.more] }} }}
secret more {{ key = \"more\" }}"
    );
    machine.value("more", "one");
    machine.value("third", "one");
    machine.tools.put("getent", "echo pod:x:1001:1001::/home/pod:/bin/sh");
    machine.tools.put("runuser", "echo runuser \"$@\" >> \"$QG_ROOT/calls\"");
    machine.tools.put("loginctl", "");
    // The account's systemd does not run yet: there is nothing to start anew.
    well(machine.install(&fleet));
    let asked = |machine: &Machine| {
        let calls = machine.read("calls");
        std::fs::remove_file(machine.at("calls")).unwrap();
        let all = calls.lines().filter(|it| it.contains("try-restart"));
        all.map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(asked(&machine), Vec::<String>::new());
    let user = "runuser -u pod -- env XDG_RUNTIME_DIR=/run/user/1001 systemctl --user --no-block try-restart";
    machine.value("more", "two");
    well(machine.install(&fleet));
    assert_eq!(asked(&machine), [format!("{user} other.service")]);
    // What is put together from one, and a pod that is named.
    machine.value("appdb", "two");
    machine.value("third", "two");
    well(machine.install(&fleet));
    assert_eq!(asked(&machine), [format!("{user} p-pod.service"), format!("{user} web.service")]);
    std::fs::remove_file(machine.at("values/more")).unwrap();
    let (fine, said) = machine.install(&fleet);
    assert!(!fine && said.contains("/run/secrets/more stays as it was"), "{said}");
    assert_eq!(asked(&machine), Vec::<String>::new());
}

const ROOTLESS: &str = r#"
host a { system = x86_64_linux, state_version = "25.05", podman.user = user.apps }
host b { system = x86_64_linux, state_version = "25.05", podman = { user = user.more, through = quadlet_nix } }
user apps { on = [host.a], uid = 1001, kind = login {} }
user more { on = [host.b], uid = 1002, kind = login { linger = true, sub_ids = range { start = 100000 } } }
secret x { key = "x", file = ./secrets/all.yaml }
service web {
  on = host.a
  container { image = "docker.io/x/web:1", env.X = secret.x, env_files = [secret.x] }
}
service other { on = host.b, container { image = "docker.io/x/web:1" } }
"#;

#[test]
fn containers_of_an_account_lie_below_its_number() {
    let files = made_of(ROOTLESS, &beside());
    assert!(text(&files, "hosts/a/quadlet/web.container").contains("WantedBy=default.target"));
    if !has_nix() {
        return;
    }
    let folder = laid_out(&files);
    let a = module(&files, folder.path(), "hosts/a/default.nix");
    let unit = &a["environment"]["etc"]["containers/systemd/users/1001/web.container"];
    assert_eq!(unit["source"], "path:/hosts/a/quadlet/web.container");
    // Podman's module links the generator.
    assert!(a["systemd"].get("user").is_none());
    assert_eq!(a["systemd"]["services"]["qg-rootless-web"]["serviceConfig"]["User"], "apps");
    let user = &a["users"]["users"]["apps"];
    assert_eq!((&user["linger"], &user["autoSubUidGidRange"]), (&json!(true), &json!(true)));
    assert_eq!(a["sops"]["secrets"]["x"]["owner"], "apps");
    let sealed = &a["systemd"]["services"]["qg-sealed"];
    assert_eq!(sealed["before"], json!(["user@1001.service"]));
    assert!(
        text(&files, "hosts/a/sealed.sh").contains("/run/qg/sealed/env/web.env 0400 apps root")
    );
    let b = module(&files, folder.path(), "hosts/b/default.nix");
    assert_eq!(b["virtualisation"]["quadlet"], json!({ "enable": true }));
    let of = &b["home-manager"]["users"]["more"]["virtualisation"]["quadlet"]["containers"];
    assert!(of["other"]["rawConfig"].as_str().unwrap().contains("Image=docker.io/x/web:1"));
    assert_eq!(
        b["users"]["users"]["more"]["subUidRanges"],
        json!([{ "startUid": 100_000, "count": 65536 }])
    );
    assert_eq!(b["users"]["users"]["more"]["autoSubUidGidRange"], json!(null));
}
