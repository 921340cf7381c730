//! What Traefik's own code makes of the dynamic files that we write: `tests/peers/traefik`, a small Go
//! program around it. Where Go is missing the tests are skipped and counted; with `CI` set they fail.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use qg_interpreter::{build, targets};
use qg_lang::world::MemoryWorld;
use qg_tests::{fleets, peers, release, sops};
use serde_json::{Value, json};

const FLEET: &str = r#"
fleet { domain = "example.org", state = /srv }
host Server { system = x86_64_linux, state_version = "25.05" }
secret client_ca { key = "ca", file = ./secrets.yaml }
secret arr-user { key = "arr", file = ./secrets.yaml }
secret s { key = "s", file = ./secrets.yaml }
people admin { }
proxy edge {
  on = host.Server
  engine = traefik {
    acme = { email = "admin@${fleet.domain}" }
    client_ca = secret.client_ca
    plugins.geo = { module = "github.com/x/geo", version = "v1" }
  }
  use = [middleware.hostile]
}
middleware hostile { does = headers {
  customRequestHeaders.Authorization = "Basic ${secret.arr-user} {{ env \"HOME\" }}"
  customResponseHeaders = { "X-A" = "{{ \"a\" }}", "X-B" = "`'\" \\ %s: #", "X-C" = "yes", "X-D" = "$${HOME} é😀" }
} }
middleware geo { does = plugin { name = "geo", settings = { countries = ["FR"], deep.list = [1, 2.5, 3] } } }
middleware limits { does = buffering { maxRequestBodyBytes = 5GiB } }
middleware slow { does = rateLimit { average = 10, burst = 5, period = 90s } }
middleware rest { does = chain { middlewares = [middleware.geo, middleware.limits, middleware.slow] } }
portal login {
  service = service.authelia
  route = service.authelia.route.web
  engine = authelia {
    instance = "main"
    directory = { ldap = service.lldap.ports.ldap, base_dn = "dc=example,dc=org", bind_user = "authelia", bind_password = secret.s }
    jwt_secret = secret.s
    session_secret = secret.s
    storage_key = secret.s
  }
}
service authelia {
  on = host.Server
  ports.web = 9091
  route web { host = "auth", to = ports.web, expose = public }
}
service lldap { on = host.Server, ports.ldap = 3890 }
service app {
  on = host.Server
  ports = { web = 8989, ssh = 22, lan = 23 }
  route web { host = name, to = ports.web, login = sso { allow = [people.admin] } }
  route api { host = name, to = ports.web, path = "/api", use = [middleware.rest] }
  route deep { host = name, aliases = ["other"], to = ports.web, path = "/api/v1/" }
  route site { to = ports.web, aliases = ["www", "x.elsewhere.test"], expose = public }
  route home { host = "home", to = ports.web, expose = lan, pass_host = false }
  route hidden { host = "hidden", to = ports.web, expose = internal }
  route ssh { tcp = 222, to = ports.ssh, expose = public }
  route local { tcp = 223, to = ports.lan, expose = lan }
}
"#;

/// The Go program, built; none where Go is missing and nothing forbids that.
fn program() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/traefik");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("traefik-peer");
    peers::program("go")?;
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(folder)
        .output()
        .expect("go can be run");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some(program)
}

fn dynamic_file(source: &str) -> String {
    let mut world = MemoryWorld::default();
    let secrets = sops::holding(source);
    world.files.insert(Arc::from("secrets.yaml"), Arc::from(secrets.as_bytes()));
    world.sources.insert(Arc::from("fleet.qg"), Arc::from(source));
    release::leave_out(&mut world);
    let built = build(&world);
    assert_eq!(built.diagnostics, []);
    let files = targets::render(&built.fleet.expect("a fleet without errors"));
    let path = "hosts/Server/traefik/dynamic.yml";
    files.into_iter().find(|file| file.path == path).expect("a dynamic file").text
}

fn ask(program: &Path, text: &str, requests: &[Value]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("dynamic.yml");
    std::fs::write(&file, text).expect("a file");
    let mut child = Command::new(program)
        .env("QG_SECRET_ARR_USER", SECRET)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let question = json!({ "file": file, "requests": requests }).to_string();
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(question.as_bytes()).expect("it listens");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A secret with everything that could break out of where it stands.
const SECRET: &str =
    "a\"b\\c: {{ 1 }} #'\n<é>&\r\t\u{1}\u{7f}\u{80}\u{85}\u{9f}\u{a0}\u{2028}\u{feff}\u{ffff}🦀";

#[test]
fn traefik_reads_what_we_write() {
    let Some(program) = program() else { return };
    let http =
        |host: &str, path: &str| json!({ "entry_point": "websecure", "host": host, "path": path });
    let tcp = |point: &str, from: &str| json!({ "entry_point": point, "from": from });
    let cases = [
        (http("app.example.org", "/"), "app-web"),
        (http("APP.example.org:443", "/x"), "app-web"),
        (http("app.example.org", "/api"), "app-api"),
        (http("app.example.org", "/api/x?y"), "app-api"),
        (http("app.example.org", "/apix"), "app-web"),
        (http("app.example.org", "/api/v1"), "app-deep"),
        (http("app.example.org", "/api/v1/x"), "app-deep"),
        (http("app.example.org", "/api/v10"), "app-api"),
        (http("other.example.org", "/api/v1"), "app-deep"),
        (http("other.example.org", "/"), ""),
        (http("example.org", "/"), "app-site"),
        (http("www.example.org", "/"), "app-site"),
        (http("x.elsewhere.test", "/"), "app-site"),
        (http("home.example.org", "/"), "app-home"),
        (http("auth.example.org", "/"), "authelia-web"),
        (http("hidden.example.org", "/"), ""),
        (json!({ "entry_point": "web", "host": "app.example.org", "path": "/" }), ""),
        (tcp("tcp-222", "1.2.3.4:5"), "app-ssh"),
        (tcp("tcp-223", "1.2.3.4:5"), "app-local"),
        (tcp("websecure", "1.2.3.4:5"), ""),
    ];
    let requests: Vec<Value> = cases.iter().map(|(request, _)| request.clone()).collect();
    let answer = ask(&program, &dynamic_file(FLEET), &requests);
    assert_eq!(answer.get("error"), None, "{answer}");
    assert_eq!(answer["refused"], json!({}));
    let expected: Vec<&str> = cases.iter().map(|(_, router)| *router).collect();
    assert_eq!(answer["routers"], json!(expected));

    let headers = &answer["middlewares"]["hostile"]["headers"];
    assert_eq!(
        headers["customRequestHeaders"]["Authorization"],
        format!("Basic {SECRET} {{{{ env \"HOME\" }}}}")
    );
    assert_eq!(
        headers["customResponseHeaders"],
        json!({ "X-A": "{{ \"a\" }}", "X-B": "`'\" \\ %s: #", "X-C": "yes", "X-D": "${HOME} é😀" })
    );
    let limit = &answer["middlewares"]["limits"]["buffering"]["maxRequestBodyBytes"];
    assert_eq!(*limit, 5_368_709_120_u64);
    assert_eq!(answer["middlewares"]["slow"]["rateLimit"]["period"], "1m30s");
}

/// What the golden cases expect: every middleware, service, transport and TLS option, with all they can be told.
#[test]
fn traefik_reads_every_object() {
    let Some(program) = program() else { return };
    let at = |point: &str, host: &str, path: &str| json!({ "entry_point": point, "host": host, "path": path });
    let objects = [
        (at("websecure", "app.example.org", "/"), "app-web"),
        (at("websecure", "app.example.org", "/high/x"), "app-high"),
        (at("websecure", "spare.example.org", "/"), "app-spare"),
        (at("inside", "spare.example.org", "/"), "app-spare"),
        (at("inside", "app.example.org", "/"), ""),
        (at("websecure", "named.elsewhere.test", "/"), "app-named"),
        (json!({ "entry_point": "tcp-5433", "from": "1.2.3.4:5" }), "app-db"),
        (
            json!({ "entry_point": "websecure", "host": "imap.example.org", "from": "1.2.3.4:5" }),
            "app-mail",
        ),
        (json!({ "entry_point": "websecure", "host": "x.example.org", "from": "1.2.3.4:5" }), ""),
    ];
    let middlewares = [
        (at("websecure", "app.example.org", "/"), "app-web"),
        (at("websecure", "pages.example.org", "/"), "app-pages"),
    ];
    for (case, asked) in [("objects", &objects[..]), ("middlewares", &middlewares[..])] {
        let file = format!("golden/traefik/{case}/expected/hosts/Server/traefik/dynamic.yml");
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
        let requests: Vec<Value> = asked.iter().map(|(request, _)| request.clone()).collect();
        let answer = ask(&program, &text.expect("a golden file"), &requests);
        assert_eq!(answer.get("error"), None, "{answer}");
        assert_eq!(answer["refused"], json!({}), "{case}");
        let expected: Vec<&str> = asked.iter().map(|(_, router)| *router).collect();
        assert_eq!(answer["routers"], json!(expected), "{case}");
        if case == "middlewares" {
            let rate = &answer["middlewares"]["rate"]["rateLimit"];
            assert_eq!(rate["redis"]["dialTimeout"], "5s", "{rate}");
            assert_eq!(
                answer["middlewares"]["small"]["compress"]["encodings"],
                json!(["zstd", "br", "gzip"])
            );
        }
    }
}

/// Middlewares by whether Traefik can build them; each is one line after `does = `.
const BUILT: &[&str] = &[
    r#"basicAuth { users = ["alice:${secret.s}"] }"#,
    r#"digestAuth { users = ["alice:home:${secret.s}"] }"#,
    r#"buffering { retryExpression = "IsNetworkError() && Attempts() < 2" }"#,
    r#"buffering { retryExpression = "(ResponseCode() >= 500 || RequestMethod() != `GET`) && Attempts() <= 0" }"#,
    r#"buffering { retryExpression = "RequestMethod() == \"a\\n\"" }"#,
    r#"circuitBreaker { expression = "NetworkErrorRatio() > 0.30" }"#,
    r#"circuitBreaker { expression = "ResponseCodeRatio(500, 600, 0, 600,) >= .25" }"#,
    r#"circuitBreaker { expression = "LatencyAtQuantileMS(50.0) > 100 || NetworkErrorRatio() == 1e-1" }"#,
    r#"circuitBreaker { expression = "NetworkErrorRatio() > 5. &&\n NetworkErrorRatio() < 0.75\n" }"#,
    r#"circuitBreaker { expression = "ResponseCodeRatio(07, 600, 0, 600) != 0.1" }"#,
    r#"compress { includedContentTypes = ["text/*", "text/html; charset=utf-8;", "text"] }"#,
    r#"compress { encodings = [gzip], defaultEncoding = gzip }"#,
    r#"compress { defaultEncoding = zstd }"#,
    r#"errors { status = ["500-599"], service = service.authelia.route.web, statusRewrites = { "404" = 410, "500-503" = 500 } }"#,
    r#"forwardAuth { address = "http://127.0.0.1:1/", tls = { cert = /a, key = /b } }"#,
    r#"headers { stsSeconds = 0 }"#,
    r#"headers { isDevelopment = true }"#,
    r#"inFlightReq { amount = 1, sourceCriterion = { requestHost = true } }"#,
    r#"ipAllowList { sourceRange = [10.0.0.0/8, fd00::1], rejectStatusCode = 418, ipStrategy = { ipv6Subnet = 64 } }"#,
    r#"rateLimit { average = 1, sourceCriterion = { ipStrategy.depth = 1, requestHost = false } }"#,
    r#"redirectRegex { regex = " ^a ", replacement = "b" }"#,
    r#"retry { attempts = 2, status = ["503"], disableRetryOnNetworkError = true }"#,
    // Behind the one that asks another server.
    r#"addPrefix { prefix = "/a" }"#,
];

/// Those that it cannot build, and what they would be in its file.
const DROPPED: &[(&str, &str)] = &[
    (
        r#"basicAuth { users = ["alice:staff:${secret.s}"] }"#,
        r#"{"basicAuth": {"users": ["alice:staff:x"]}}"#,
    ),
    (
        r#"digestAuth { users = ["a:b:c:${secret.s}"] }"#,
        r#"{"digestAuth": {"users": ["a:b:c:x"]}}"#,
    ),
    (
        r#"buffering { retryExpression = "IsNetworkError() and Attempts() < 2" }"#,
        r#"{"buffering": {"retryExpression": "IsNetworkError() and Attempts() < 2"}}"#,
    ),
    (
        r#"buffering { retryExpression = "Attempts() < 2.0" }"#,
        r#"{"buffering": {"retryExpression": "Attempts() < 2.0"}}"#,
    ),
    (
        r#"buffering { retryExpression = "RequestMethod() < `GET`" }"#,
        r#"{"buffering": {"retryExpression": "RequestMethod() < `GET`"}}"#,
    ),
    (
        r#"buffering { retryExpression = "IsNetworkError() == true" }"#,
        r#"{"buffering": {"retryExpression": "IsNetworkError() == true"}}"#,
    ),
    (
        r#"buffering { retryExpression = "Attempts() < 0x10" }"#,
        r#"{"buffering": {"retryExpression": "Attempts() < 0x10"}}"#,
    ),
    (
        r#"buffering { retryExpression = "Attempts() < 08" }"#,
        r#"{"buffering": {"retryExpression": "Attempts() < 08"}}"#,
    ),
    (
        r#"buffering { retryExpression = "Attempts() < -1" }"#,
        r#"{"buffering": {"retryExpression": "Attempts() < -1"}}"#,
    ),
    (
        r#"buffering { retryExpression = "NetworkErrorRatio() > 0.1" }"#,
        r#"{"buffering": {"retryExpression": "NetworkErrorRatio() > 0.1"}}"#,
    ),
    (r#"circuitBreaker { expression = "" }"#, r#"{"circuitBreaker": {"expression": ""}}"#),
    (
        r#"circuitBreaker { expression = "NetworkErrorRatio() > 1" }"#,
        r#"{"circuitBreaker": {"expression": "NetworkErrorRatio() > 1"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "NetworkErrorRatio() > 30%" }"#,
        r#"{"circuitBreaker": {"expression": "NetworkErrorRatio() > 30%"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "NetworkErrorRatio()" }"#,
        r#"{"circuitBreaker": {"expression": "NetworkErrorRatio()"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "NetworkErrorRatio > 0.3" }"#,
        r#"{"circuitBreaker": {"expression": "NetworkErrorRatio > 0.3"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "NetworkErrorRatio(1) > 0.3" }"#,
        r#"{"circuitBreaker": {"expression": "NetworkErrorRatio(1) > 0.3"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "0.3 < NetworkErrorRatio()" }"#,
        r#"{"circuitBreaker": {"expression": "0.3 < NetworkErrorRatio()"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "!(NetworkErrorRatio() > 0.3)" }"#,
        r#"{"circuitBreaker": {"expression": "!(NetworkErrorRatio() > 0.3)"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "(NetworkErrorRatio() > 0.3" }"#,
        r#"{"circuitBreaker": {"expression": "(NetworkErrorRatio() > 0.3"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "NetworkErrorRatio() > 0.3\n|| NetworkErrorRatio() > 0.4" }"#,
        r#"{"circuitBreaker": {"expression": "NetworkErrorRatio() > 0.3\n|| NetworkErrorRatio() > 0.4"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "LatencyAtQuantileMS(50) > 100" }"#,
        r#"{"circuitBreaker": {"expression": "LatencyAtQuantileMS(50) > 100"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "ResponseCodeRatio(500, 600) > 0.5" }"#,
        r#"{"circuitBreaker": {"expression": "ResponseCodeRatio(500, 600) > 0.5"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "ResponseCodeRatio((500), 600, 0, 600) > 0.5" }"#,
        r#"{"circuitBreaker": {"expression": "ResponseCodeRatio((500), 600, 0, 600) > 0.5"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "ResponseCodeRatio(,500, 600, 0, 600) > 0.5" }"#,
        r#"{"circuitBreaker": {"expression": "ResponseCodeRatio(,500, 600, 0, 600) > 0.5"}}"#,
    ),
    (
        r#"circuitBreaker { expression = "NetworkErrorRatio() > 0.1 > 0.2" }"#,
        r#"{"circuitBreaker": {"expression": "NetworkErrorRatio() > 0.1 > 0.2"}}"#,
    ),
    (
        r#"compress { includedContentTypes = ["text/"] }"#,
        r#"{"compress": {"includedContentTypes": ["text/"]}}"#,
    ),
    (
        r#"compress { excludedContentTypes = ["text/html; charset"] }"#,
        r#"{"compress": {"excludedContentTypes": ["text/html; charset"]}}"#,
    ),
    (
        r#"compress { encodings = [gzip, br], defaultEncoding = zstd }"#,
        r#"{"compress": {"encodings": ["gzip", "br"], "defaultEncoding": "zstd"}}"#,
    ),
    (
        r#"errors { status = ["404"], service = service.authelia.route.web, statusRewrites = { "4x4" = 410 } }"#,
        r#"{"errors": {"status": ["404"], "service": "authelia-web", "statusRewrites": {"4x4": 410}}}"#,
    ),
    (
        r#"forwardAuth { address = "http://127.0.0.1:1/", tls = { cert = /a } }"#,
        r#"{"forwardAuth": {"address": "http://127.0.0.1:1/", "tls": {"cert": "/a"}}}"#,
    ),
    (r#"headers { frameDeny = false }"#, r#"{"headers": {"frameDeny": false}}"#),
    (
        r#"inFlightReq { amount = 1, sourceCriterion = { requestHeaderName = "X", requestHost = true } }"#,
        r#"{"inFlightReq": {"amount": 1, "sourceCriterion": {"requestHeaderName": "X", "requestHost": true}}}"#,
    ),
    (
        r#"ipAllowList { sourceRange = [10.0.0.0/8], rejectStatusCode = 299 }"#,
        r#"{"ipAllowList": {"sourceRange": ["10.0.0.0/8"], "rejectStatusCode": 299}}"#,
    ),
    (
        r#"ipAllowList { sourceRange = [10.0.0.0/8], ipStrategy = { ipv6Subnet = 0 } }"#,
        r#"{"ipAllowList": {"sourceRange": ["10.0.0.0/8"], "ipStrategy": {"ipv6Subnet": 0}}}"#,
    ),
    (
        r#"rateLimit { average = 1, sourceCriterion = { ipStrategy.depth = 1, requestHost = true } }"#,
        r#"{"rateLimit": {"average": 1, "sourceCriterion": {"ipStrategy": {"depth": 1}, "requestHost": true}}}"#,
    ),
    (r#"redirectScheme { scheme = "" }"#, r#"{"redirectScheme": {"scheme": ""}}"#),
    (
        r#"retry { attempts = 2, disableRetryOnNetworkError = true }"#,
        r#"{"retry": {"attempts": 2, "disableRetryOnNetworkError": true}}"#,
    ),
];

/// A fleet with these middlewares, each called by its place, on one route.
fn with_middlewares<'a>(all: impl Iterator<Item = &'a str>) -> MemoryWorld {
    // What the proxy does to all changes what another server would be asked about.
    let apart = "use = [middleware.hostile], except = [service.uses]";
    let mut source = FLEET.replace("use = [middleware.hostile]", apart);
    let mut names = Vec::new();
    for (index, does) in all.enumerate() {
        writeln!(source, "middleware m{index} {{ does = {does} }}").expect("a text");
        names.push(format!("middleware.m{index}"));
    }
    let (route, uses) = ("host = \"uses\", to = ports.web", names.join(", "));
    source.push_str("service uses { on = host.Server, ports.web = 82, ");
    writeln!(source, "route web {{ {route}, use = [{uses}] }} }}").expect("a text");
    let mut world = MemoryWorld::default();
    let secrets = sops::holding(&source);
    world.files.insert(Arc::from("secrets.yaml"), Arc::from(secrets.as_bytes()));
    world.sources.insert(Arc::from("fleet.qg"), Arc::from(source));
    release::leave_out(&mut world);
    world
}

/// Each middleware is refused here exactly where Traefik's own constructor gives up on it.
#[test]
fn middlewares_are_refused_as_traefik_refuses_them() {
    let built = build(&with_middlewares(BUILT.iter().copied()));
    assert_eq!(built.diagnostics, []);
    let refused = build(&with_middlewares(DROPPED.iter().map(|row| row.0)));
    for (index, (does, _)) in DROPPED.iter().enumerate() {
        let start = format!("Traefik would drop middleware.m{index}:");
        let found = refused.diagnostics.iter().any(|it| it.message.starts_with(&start));
        assert!(found, "{does}: {:?}", refused.diagnostics);
    }
    let Some(program) = program() else { return };
    let files = targets::render(&built.fleet.expect("a fleet without errors"));
    let path = "hosts/Server/traefik/dynamic.yml";
    let text = files.into_iter().find(|file| file.path == path).expect("a dynamic file").text;
    let answer = ask(&program, &text, &[]);
    assert_eq!((answer.get("error"), &answer["dropped"]), (None, &json!({})), "{answer}");

    let (mut middlewares, service) = (
        serde_json::Map::new(),
        json!({ "loadBalancer": { "servers": [{ "url": "http://127.0.0.1:1" }] } }),
    );
    for (index, (_, does)) in DROPPED.iter().enumerate() {
        middlewares.insert(format!("m{index}"), serde_json::from_str(does).expect("JSON"));
    }
    let file =
        json!({ "http": { "middlewares": middlewares, "services": { "authelia-web": service } } });
    let answer = ask(&program, &file.to_string(), &[]);
    assert_eq!(answer.get("error"), None, "{answer}");
    for (index, (does, _)) in DROPPED.iter().enumerate() {
        assert!(answer["dropped"].get(format!("m{index}")).is_some(), "Traefik builds {does}");
    }
}

/// A router that is missing answers nobody: no wider one takes its requests past another guard.
#[test]
fn nobody_answers_in_place_of_a_guard() {
    let Some(program) = program() else { return };
    let at =
        |path: &str| json!({ "entry_point": "websecure", "host": "app.example.org", "path": path });
    let paths = [
        "/",
        "/api",
        "/api/x",
        "/api/v1",
        "/api/v1/x",
        "/apix",
        "/caf%C3%A9/x",
        "/a%28b%29",
        "/a(b)/x",
        "/api%2fx",
    ];
    let source = FLEET.replace(
        "  route site {",
        "  route coffee { host = name, to = ports.web, path = \"/caf%C3%A9\", use = [middleware.slow] }\n  route odd { host = name, to = ports.web, path = \"/a(b)\", use = [middleware.slow] }\n  route site {",
    );
    let text = dynamic_file(&source);
    let requests: Vec<Value> = paths.iter().map(|path| at(path)).collect();
    let whole = ask(&program, &text, &requests);
    assert_eq!(
        whole["routers"],
        json!([
            "app-web",
            "app-api",
            "app-api",
            "app-deep",
            "app-deep",
            "app-web",
            "app-coffee",
            "app-odd",
            "app-odd",
            ""
        ])
    );
    // As if Traefik could not build a middleware of the narrower routes.
    for gone in ["rest", "slow"] {
        let broken = text.replacen(&format!("    {gone}:\n"), &format!("    not-{gone}:\n"), 1);
        assert_ne!(broken, text);
        let answer = ask(&program, &broken, &requests);
        for (index, path) in paths.iter().enumerate() {
            let (before, after) = (&whole["routers"][index], &answer["routers"][index]);
            assert!(after == before || after == "", "{gone} {path}: {before} {after}");
        }
        assert_ne!(answer["routers"], whole["routers"], "{gone}");
    }
}

#[test]
fn traefik_refuses_what_is_wrong() {
    let Some(program) = program() else { return };
    // The measure itself can fail.
    let wrong = dynamic_file(FLEET).replace("sourceRange", "sourceRanges");
    let answer = ask(&program, &wrong, &[]);
    assert!(
        answer["error"].as_str().is_some_and(|error| error.contains("sourceRanges")),
        "{answer}"
    );
}

/// Every proxy of the fleets that must compile: each name that it publishes leads to its route, and no other does.
#[test]
fn traefik_reads_every_fleet() {
    let Some(program) = program() else { return };
    let at = |point: &str, host: &str| json!({ "entry_point": point, "host": host, "path": "/" });
    let mut count = 0;
    for root in fleets::all() {
        let fleet = fleets::built(&root).fleet.expect("a fleet");
        let files = targets::render(&fleet);
        for (key, proxy) in &fleet.model.proxy {
            let path = format!("hosts/{}/traefik/dynamic.yml", proxy.on.entity());
            let file = files.iter().find(|file| file.path == path).expect("a dynamic file");
            let mut asked = vec![(at("websecure", "nobody.elsewhere.test"), String::new())];
            for way in fleet.model.ways_of(key) {
                let route = way.route;
                if way.is_published() && route.is_http() && route.path.is_none() {
                    let point = route.entry_points.first().map_or("websecure", |it| &it.value);
                    for name in fleet.model.names(route) {
                        let router = format!("{}-{}", way.service, way.name);
                        asked.push((at(point, &name.value), router));
                    }
                }
            }
            count += asked.len();
            let (requests, routers): (Vec<Value>, Vec<String>) = asked.into_iter().unzip();
            let answer = ask(&program, &file.text, &requests);
            let whose = format!("{}, {key}", fleets::name(&root));
            assert_eq!(answer.get("error"), None, "{whose}: {answer}");
            assert_eq!(answer["refused"], json!({}), "{whose}");
            assert_eq!(answer["routers"], json!(routers), "{whose}");
        }
    }
    assert!(count > 40, "only {count} names");
}
