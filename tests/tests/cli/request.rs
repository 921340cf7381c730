//! `qgc request`, as a person and a program read it.

use serde_json::Value;

use crate::sandbox::Sandbox;

const FLEET: &str = r#"
fleet { domain = "example.org", open = [service.site] }
host box { system = x86_64_linux, state_version = "25.05", address = 10.0.0.1 }
proxy edge { on = host.box, engine = traefik {} }
service site {
  on = host.box
  ports.web = 8080
  container { image = "docker.io/library/nginx:1.27" }
  route web { host = "www", to = ports.web, expose = public, login = none }
  route docs { host = "www", path = "/docs", to = ports.web, expose = lan, login = none }
}
"#;

fn fleet() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("fleet/qg.toml", "");
    sandbox.write("fleet/a.qg", FLEET);
    sandbox
}

#[test]
fn a_person_reads_a_story() {
    let sandbox = fleet();
    let ran = sandbox.qgc(&["request", "GET", "https://www.example.org/docs/a", "fleet"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for part in [
        "GET https://www.example.org/docs/a\n  from 203.0.113.7, certificate: none, logged in: nobody\n",
        "proxy.edge on host.box, entry point websecure (:443)\n",
        "> site-docs ",
        "fleet/a.qg:10",
        "answer\n  403\n",
        "\nforbidden { by = ",
    ] {
        assert!(ran.out.contains(part), "{part:?}: {}", ran.out);
    }
    let near = sandbox.qgc(&[
        "request",
        "GET",
        "https://www.example.org/docs/a",
        "fleet",
        "--from",
        "lan",
    ]);
    assert!(near.out.ends_with("\nserved { by = service.site }\n"), "{}", near.out);
}

#[test]
fn a_program_reads_json() {
    let sandbox = fleet();
    let url = "http://www.example.org/x";
    let ran = sandbox.qgc(&["request", "GET", url, "fleet", "--format", "json"]);
    let value: Value = serde_json::from_str(&ran.out).expect("it is JSON");
    assert_eq!(value["kind"], "redirected", "{ran:?}");
    assert_eq!(value["location"], "https://www.example.org/x");
    assert_eq!(value["status"], 301);
    assert_eq!(value["request"]["from"], "203.0.113.7");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = fleet();
    let get = |more: &[&str]| {
        let all = [&["request", "GET", "https://www.example.org/", "fleet"][..], more].concat();
        sandbox.qgc(&all)
    };
    for (more, why) in [
        (&["--from", "the moon"][..], "no place that a request can come from"),
        (&["--groups", "a"], "say who"),
        (&["--header", "x"], "is no header"),
        (&["--host", "nas"], "no Traefik on a host"),
        (&["--factor", "3"], "3 is not in 1..=2"),
    ] {
        let ran = get(more);
        assert!(ran.code == Some(2) && ran.err.contains(why), "{more:?}: {ran:?}");
    }
    let odd = sandbox.qgc(&["request", "GET", "www.example.org", "fleet"]);
    assert!(odd.code == Some(2) && odd.err.contains("write it whole"), "{odd:?}");
    sandbox.write("fleet/b.qg", "service x { hm = 1 }\n");
    let broken = get(&[]);
    assert_eq!(broken.code, Some(1), "{broken:?}");
    assert!(broken.err.contains("a fleet with errors answers no request"), "{broken:?}");
}

#[test]
fn who_can_reach_what_is_a_table() {
    let sandbox = fleet();
    let ran = sandbox.qgc(&["check", "--exposure", "fleet"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for part in [
        "\nhost.box\n",
        "  service.site.route.docs  https://www.example.org/docs  proxy.edge  LAN              fleet/a.qg:10\n",
        "  service.site.route.web   https://www.example.org       proxy.edge  internet         fleet/a.qg:9\n",
        "  service.site.ports.web   127.0.0.1:8080/tcp            -           the host itself",
        " requests were tried at 1 guarded routes: none got round a guard\n",
    ] {
        assert!(ran.out.contains(part), "{part:?}: {}", ran.out);
    }
    let ran = sandbox.qgc(&["check", "--exposure", "fleet", "--format", "json"]);
    let value: Value = serde_json::from_str(ran.out.trim_end()).expect("one line of JSON");
    let rows = value["exposure"]["rows"].as_array().expect("rows");
    let docs = rows.iter().find(|it| it["what"] == "service.site.route.docs").expect("its row");
    assert_eq!((&docs["from"], &docs["through"]), (&"lan".into(), &"proxy.edge".into()));
    assert_eq!(value["exposure"]["proof"]["breaches"], serde_json::json!([]));
    // A fleet with errors has findings, and no table.
    sandbox.write("fleet/b.qg", "service site { }\n");
    let ran = sandbox.qgc(&["check", "--exposure", "fleet"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(!ran.out.contains("were tried"), "{}", ran.out);
}
