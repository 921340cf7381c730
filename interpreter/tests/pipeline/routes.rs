use super::{none, one};

#[test]
fn two_routes_with_one_name() {
    let service = |more: &str| {
        format!(
            "service b {{ on = host.Server, ports.web = 1, route web {{ to = ports.web, {more} }} }}"
        )
    };
    one(&service("host = \"sonarr\""), "QG0520", "sonarr", "both answer for sonarr.example.org");
    one(&service("host = \"b\", aliases = [\"SONARR\"]"), "QG0520", "", "sonarr.example.org");
    none(&service("host = \"sonarr\", path = \"/b\""));
}

#[test]
fn nobody_answers() {
    let service = |head: &str, route: &str| {
        format!(
            "service b {{ {head}, ports.web = {{ inside = 1, open = true }}, route web {{ host = \"b\", {route} }} }}"
        )
    };
    one(&service("on = host.pi", "to = ports.web"), "QG0521", "", "there is none on host.pi");
    none(&service("on = host.pi", "to = ports.web, via = proxy.edge, expose = public"));
    none(&service("on = host.pi", "to = ports.web, expose = internal"));
    none(&service("at = \"http://10.0.0.5\"", "to = ports.web"));
}

#[test]
fn what_cannot_be_reached() {
    let to = |head: &str, to: &str| {
        format!(
            "service b {{ {head}, ports.web = 1, route web {{ host = \"b\", to = {to}, via = proxy.edge }} }}"
        )
    };
    one(&to("about = \"x\"", "ports.web"), "QG0522", "ports.web", "runs on no host");
    one(&to("on = host.pi", "ports.web"), "QG0522", "ports.web", "loopback of host.pi");
    one(&to("on = host.Server", "\"http://x/base\""), "QG0537", "http://x/base", "/base");
    one(&to("on = host.Server", "\"ftp://x\""), "QG0522", "ftp://x", "not ftp");
    none(&to("on = host.Server", "\"https://x:8443/\""));
}

#[test]
fn private_and_public_under_one_name() {
    one(
        "extend service sonarr { route feed { host = \"sonarr\", path = \"/feed\", to = ports.web, expose = public } }",
        "QG0523",
        "public",
        "sonarr.example.org asks for a client certificate elsewhere",
    );
    none(
        "extend service sonarr { route feed { host = \"sonarr\", path = \"/feed\", to = ports.web } }",
    );
}

#[test]
fn private_without_an_authority() {
    one(
        "host x { system = x86_64_linux, state_version = \"25.05\" }
         proxy other { on = host.x, engine = traefik { } }
         service b { on = host.x, ports.web = 1, route web { host = \"b\", to = ports.web } }",
        "QG0524",
        "web",
        "proxy.other has no `client_ca`",
    );
}

#[test]
fn names_and_paths() {
    let route = |host: &str, path: &str| {
        format!(
            "service b {{ on = host.Server, ports.web = 1, route web {{ host = {host:?}, path = {path:?}, to = ports.web }} }}"
        )
    };
    for host in ["http://b", "b:8080", "*", "é", "a b", "a..b", "-a", "b."] {
        one(&route(host, "/x"), "QG0408", host, "");
    }
    let long = "a".repeat(64);
    one(
        &format!("extend service sonarr {{ route.web.aliases = [{long:?}] }}"),
        "QG0525",
        &long,
        "no name",
    );
    let hidden = ["/x%2Fy", "/x%", "/x%f", "/x%ff", "/x%0A", "/x%3f", "/%2e%2e/x"];
    for path in ["x", "/a b", "/a?b", "/a/../b", "//a"].into_iter().chain(hidden) {
        one(&route("b", path), "QG0525", path, "no path");
    }
    for path in ["/x/%C3%A9/", "/é", "/a%20b", "/a(b)"] {
        none(&route("ab.c-d.test", path));
    }
}

#[test]
fn tcp_routes() {
    let route = |more: &str| {
        format!(
            "service b {{ on = host.Server, ports.ssh = 22, route ssh {{ to = ports.ssh, tcp = 222, {more} }} }}"
        )
    };
    none(&route("expose = public"));
    one(&route("path = \"/x\", expose = lan"), "QG0526", "/x", "no paths");
    one(&route("about = \"\"").replace(", about = \"\"", ""), "QG0526", "", "certificate");
    one(&route("expose = lan, use = [middleware.no_index]"), "QG0526", "no_index", "requests");
    one(&route("expose = lan, login = sso"), "QG0526", "sso", "log in");
}
