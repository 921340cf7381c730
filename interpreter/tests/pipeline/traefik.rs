//! Whatever stands in a string arrives as it is, in every kind of option, and adds nothing.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use qg_fleet::Facts;
use qg_lang::world::MemoryWorld;
use qg_targets::Prepared;
use qg_targets::traefik::TARGET;
use serde_json::{Value, json};

/// Texts that want to break out of YAML, of Go's templates, of rules, or of the language itself.
const TEXTS: &[&str] = &[
    "{{ env \"X\" }}",
    "{{",
    "`\"'\\",
    "a: b #c",
    "- x",
    "\u{85}\u{2028}\n\t",
    "é😀",
    "${X} $1 %s",
    "yes",
    "1.5",
    "null",
    "",
    " blank ",
    "*alias &x !t",
];

/// As a literal of the language.
fn literal(text: &str) -> String {
    let mut all = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                all.push('\\');
                all.push(c);
            }
            '$' => all.push_str("\\u{24}"),
            c if c.is_control() || c == '\u{2028}' => {
                write!(all, "\\u{{{:x}}}", u32::from(c)).unwrap();
            }
            c => all.push(c),
        }
    }
    all.push('"');
    all
}

/// The name of a header, which has few characters.
fn header(text: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(*c);
    format!("k{}", text.chars().filter(plain).collect::<String>())
}

/// What a header can say: a line.
fn sent(text: &str) -> String {
    text.replace('\n', "\t")
}

/// The static and the dynamic file of a fleet with a text in many places.
fn files(text: &str) -> (Value, Value, [String; 2]) {
    let t = literal(text);
    // A key has something in it.
    let key = literal(&format!("k{text}"));
    let (header, sent) = (literal(&header(text)), literal(&sent(text)));
    let source = format!(
        r#"
fleet {{ domain = "example.org", secrets = ./s.yaml }}
host Server {{ system = x86_64_linux, state_version = "25.05" }}
secret s {{ key = "s" }}
proxy edge {{ on = host.Server, engine = traefik {{
  acme = {{
    email = {t}, preferredChain = {t}, profile = {t}, caServerName = {t}, emailAddresses = [{t}]
    challenge = dns {{ provider = {t}, resolvers = [{t}] }}
  }}
  resolvers.{key} = {{ email = "x" }}
  static.spiffe.workloadAPIAddr = {t}
  entry_points.{key} = {{ port = 8443, forwardedHeaders.connection = [{header}] }}
  plugins.{key} = {{ module = {t}, version = {t}, hash = {t}, settings.envs = [{t}] }}
  default_certificate = generated {{ domain = {{ main = {t}, sans = [{t}] }}, resolver = "production" }}
}} }}
tls_options t {{ alpnProtocols = [{t}] }}
transport t {{ does = http {{ serverName = {t}, peerCertURI = {t} }} }}
transport s {{ does = http {{ spiffe = {{ ids = [{t}], trustDomain = {t} }} }} }}
middleware auth {{ does = basicAuth {{ users = ["${{secret.s}}"], realm = {t}, headerField = {header} }} }}
middleware many {{ does = plugin {{ name = {key}, settings = {{ a.{key} = {t}, list = [{t}] }} }} }}
middleware head {{ does = headers {{ customResponseHeaders.{header} = {sent}, contentSecurityPolicy = {sent}, sslProxyHeaders.{header} = {sent}, allowedHosts = [{t}] }} }}
middleware sealed {{ does = headers {{ customRequestHeaders."X-A" = "a${{secret.s}}{inner}" }} }}
middleware rate {{ does = rateLimit {{ average = 1, redis = {{ endpoints = [{t}], username = {t} }}, sourceCriterion.requestHeaderName = {header} }} }}
backend b {{ does = loadBalancer {{
  servers = [service.app.ports.web]
  sticky.cookie = {{ name = {t}, path = {t}, domain = {t} }}
  healthCheck = {{ path = {t}, hostname = {sent}, headers.{header} = {sent} }}
  serversTransport = transport.t
}} }}
backend raw {{ does = tcp {{ servers = [service.app.ports.db], healthCheck = {{ send = {t}, expect = {t} }} }} }}
service app {{
  on = host.Server
  ports = {{ web = 8080, db = 5432 }}
  route web {{
    host = "app", to = backend.b, expose = public, tls = tls_options.t, certificate = [{{ main = {t}, sans = [{t}] }}]
    use = [middleware.auth, middleware.many, middleware.head, middleware.sealed, middleware.rate]
  }}
  route s {{ host = "s", to = ports.web, expose = public, transport = transport.s }}
  route db {{ tcp = 5433, to = backend.raw, expose = public }}
}}
"#,
        inner = sent.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap(),
    );
    let mut world = MemoryWorld::default();
    world.files.insert("s.yaml".into(), crate::sops_files::holding(&source).into_bytes().into());
    world.sources.insert("fleet.qg".into(), source.into());
    let built = crate::build(&world);
    let findings: Vec<&String> = built.diagnostics.iter().map(|it| &it.message).collect();
    assert_eq!(findings, Vec::<&String>::new(), "{text:?}");
    let files = (TARGET.files)(&Prepared::of(Facts::of(&built.fleet.unwrap())));
    let text_of =
        |name: &str| files.iter().find(|it| it.path.ends_with(name)).unwrap().text.clone();
    let texts = [text_of("static.yml"), text_of("dynamic.yml")];
    let read = |text: &str| serde_yaml_ng::from_str::<Value>(text).unwrap();
    (read(&texts[0]), read(&texts[1]), texts)
}

#[test]
fn every_text_arrives() {
    for text in TEXTS {
        let (fixed, dynamic, [_, written]) = files(text);
        let key = format!("k{text}");
        let (header, sent) = (header(text), sent(text));
        // An empty text is nothing more than that.
        let acme = &fixed["certificatesResolvers"]["production"]["acme"];
        for field in ["email", "preferredChain", "profile", "caServerName"] {
            assert_eq!(acme[field], *text);
        }
        assert_eq!(acme["dnsChallenge"], json!({ "provider": text, "resolvers": [text] }));
        assert!(fixed["certificatesResolvers"].get(&key).is_some(), "{fixed:#}");
        assert_eq!(fixed["entryPoints"][&key]["forwardedHeaders"]["connection"], json!([header]));
        let plugin = &fixed["experimental"]["plugins"][&key];
        assert_eq!(
            *plugin,
            json!({ "moduleName": text, "version": text, "hash": text, "settings": { "envs": [text] } })
        );
        let http = &dynamic["http"];
        let of = |name: &str| &http["middlewares"][name];
        assert_eq!(of("auth")["basicAuth"]["realm"], *text);
        let settings = &of("many")["plugin"][&key];
        assert_eq!(*settings, json!({ "a": { &key: text }, "list": [text] }));
        let head = &of("head")["headers"];
        assert_eq!(head["customResponseHeaders"], json!({ &header: sent }));
        assert_eq!(head["sslProxyHeaders"], json!({ &header: sent }));
        assert_eq!(head["contentSecurityPolicy"], sent);
        let rate = &of("rate")["rateLimit"];
        assert_eq!(rate["redis"], json!({ "endpoints": [text], "username": text }));
        let balancer = &http["services"]["backend-b"]["loadBalancer"];
        assert_eq!(balancer["healthCheck"]["headers"], json!({ &header: sent }));
        assert_eq!(
            balancer["sticky"]["cookie"],
            json!({ "name": text, "path": text, "domain": text })
        );
        let transport = &http["serversTransports"]["t"];
        assert_eq!(transport["serverName"], *text);
        let spiffe = &http["serversTransports"]["s"]["spiffe"];
        assert_eq!(*spiffe, json!({ "ids": [text], "trustDomain": text }));
        assert_eq!(dynamic["tls"]["options"]["t"]["alpnProtocols"], json!([text]));
        let health = &dynamic["tcp"]["services"]["backend-raw"]["loadBalancer"]["healthCheck"];
        assert_eq!(*health, json!({ "send": text, "expect": text }));
        let domains = &http["routers"]["app-web"]["tls"]["domains"];
        assert_eq!(*domains, json!([{ "main": text, "sans": [text] }]));
        // Two secrets are filled in, and nothing else is code.
        assert_eq!(written.matches("{{").count(), 2, "{written}");
        let sealed = of("sealed")["headers"]["customRequestHeaders"]["X-A"].as_str().unwrap();
        assert!(
            sealed.starts_with("a{{ env") && sealed.ends_with(&format!("}}}}{sent}")),
            "{sealed}"
        );
    }
}
