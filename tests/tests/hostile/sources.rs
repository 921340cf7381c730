//! A small fleet in which one place has a text: one entity of every kind, and the place on top.

use qg_lang::check::types::{Declarations, SchemaId, Type};
use qg_lang::source::SourceMap;
use regex::Regex;

use crate::around::{AROUND, CLIENT, CONFINED, LOGS, LOGS_INSIDE, NIXOS, PLAIN, PODMAN, PORTAL};
use crate::fields::{Leaf, Part, Step};
use crate::texts::literal;

/// Harmless texts; the first one that a place takes is its own.
const HARMLESS: &[&str] = &[
    "hzqx",
    "hzqx.service",
    "hzqx.example",
    "age1hzqx",
    "deadbee7",
    "517",
    "5.17",
    "25.17",
    "51%",
    "/hzqx",
    "none",
    "zlib,7",
    "127",
];

/// A unit that runs something.
const OWN_UNIT: &str = "ExecStart = [\"sample\"]";

/// How the host and its service are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    NixosContainer,
    NixosNative,
    PlainContainer,
    PlainRootless,
    PlainNative,
    Portal,
}

use Flavour::{NixosContainer, NixosNative, PlainContainer, PlainNative, PlainRootless, Portal};

/// The flavours that a place is tried in.
pub(crate) fn flavours(leaf: &Leaf) -> &'static [Flavour] {
    match leaf.kind() {
        "portal" | "people" | "person" => &[Portal],
        "service" if leaf.name.starts_with("Login") => &[Portal],
        "service" if leaf.name.starts_with("Oidc") => &[Portal],
        "service" if in_container(leaf) => &[NixosContainer, PlainContainer, PlainRootless],
        "service" => &[NixosContainer, NixosNative, PlainContainer, PlainRootless, PlainNative],
        "vault" => &[NixosContainer],
        // Home Manager is of NixOS alone.
        "user" if in_home(leaf) => &[NixosContainer],
        _ => &[NixosContainer, PlainContainer],
    }
}

/// Whether the keys of a map are paths.
pub(crate) fn is_path_key(leaf: &Leaf) -> bool {
    matches!(
        leaf.name.as_str(),
        "Host.state KEY"
            | "Host.file KEY"
            | "Host.filesystem KEY"
            | "Service.state KEY"
            | "Service.file KEY"
            | "Container.mounts KEY"
    )
}

fn in_container(leaf: &Leaf) -> bool {
    matches!(leaf.way.get(2), Some(Step::Field(_, field)) if field == "container")
}

fn in_home(leaf: &Leaf) -> bool {
    matches!(leaf.way.get(2), Some(Step::Field(_, field)) if field == "home")
}

pub(crate) struct Writer<'d> {
    pub(crate) declared: &'d Declarations,
    pub(crate) sources: &'d SourceMap,
    /// What the names of this fleet end in.
    pub(crate) number: usize,
    pub(crate) flavour: Flavour,
}

impl Writer<'_> {
    /// A harmless text for a place; none where no known one fits.
    pub(crate) fn harmless(&self, leaf: &Leaf) -> Option<&'static str> {
        // Keys that are names of their own.
        let known = match leaf.name.as_str() {
            "Unit.quadlet KEY" => "DefaultDependencies",
            "Unit.unit KEY" | "OwnUnit.unit KEY" => "Documentation",
            "Timer.timer KEY" => "X-Note",
            "Unit.install KEY" => "WantedBy",
            "MiddlewareKind.errors.statusRewrites KEY" => "517",
            "MiddlewareKind.addPrefix.prefix"
            | "MiddlewareKind.replacePath.path"
            | "MiddlewareKind.errors.query"
            | "Route.path" => "/hzqx",
            "Vault.schedule" | "Maintenance.schedule" | "Timer.OnCalendar" => "Mon 07:51",
            "PortalEngine.authelia.theme" => "dark",
            "MiddlewareKind.circuitBreaker.expression" => "NetworkErrorRatio() > 0.51",
            "MiddlewareKind.buffering.retryExpression" => "Attempts() < 7",
            "Mail.sender" | "Mail.startup_check_address" => "hzqx@hz.example",
            "Fleet.options" => "boolean",
            "Fleet.options KEY" => "services.hzqx",
            "Route.entry_points" => "websecure",
            "MiddlewareKind.plugin.name" => "sample",
            "Oidc.id_token_claims" | "OidcScope.claims" => "groups",
            "Deploy.user" => "root",
            name if name.ends_with(".quadlet KEY") => "GlobalArgs",
            _ => "",
        };
        if !known.is_empty() {
            return Some(known);
        }
        HARMLESS.iter().copied().find(|text| leaf.part != Part::Value || self.takes(&leaf.ty, text))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone have a form")]
    fn takes(&self, ty: &Type, text: &str) -> bool {
        match ty {
            Type::Optional(inner) => self.takes(inner, text),
            Type::Where(inner, id) => {
                let condition = self.sources.slice(self.declared.refinement(*id).condition.span);
                self.takes(inner, text) && holds(condition, text)
            }
            Type::Hostname => text.contains(".example"),
            _ => true,
        }
    }

    /// The whole fleet. What is around it may say the same place already: then this one is said `override`.
    pub(crate) fn fleet(&self, leaf: &Leaf, text: &str, over: bool) -> String {
        let over = if over { "override " } else { "" };
        let said = match leaf.way.as_slice() {
            [Step::Field(_, fleet), Step::Field(id, field), rest @ ..] if fleet == "fleet" => {
                let value = self.value(rest, leaf, text, self.merges(*id, field));
                format!("fleet {{ {over}{field} = {value} }}")
            }
            [Step::Field(_, kind)] => self.named(kind, leaf, text),
            [Step::Field(_, kind), Step::Entry, Step::Field(id, field), rest @ ..] => {
                let merges = self.merges(*id, field);
                let value = self.value(rest, leaf, text, merges);
                // With `=`, `override` would replace what stands around the place.
                let is_record = self.declared.schema(*id).field(field).is_some_and(|it| {
                    matches!(it.ty.base(), Type::Record(_)) && value.starts_with('{')
                });
                let is = if merges && is_record { "" } else { "= " };
                format!("extend {kind} {} {{ {over}{field} {is}{value} }}", self.name(kind))
            }
            way => panic!("{}: {way:?}", leaf.name),
        };
        // A file system is on a device.
        let beside = match &*leaf.name {
            "Volume.type" => {
                format!("extend volume {} {{ device = /dev/sdz }}", self.name("volume"))
            }
            // It is a person's.
            _ if in_home(leaf) => format!("extend user {} {{ kind = login }}", self.name("user")),
            _ => String::new(),
        };
        format!("{}\n{said}\n{beside}\n", self.around(leaf))
    }

    /// Whether what is said of a field joins what the library says of it.
    fn merges(&self, id: SchemaId, field: &str) -> bool {
        let around =
            matches!((&*self.declared.schema(id).name, field), ("Service", "container" | "oidc"));
        around || self.declared.schema(id).field(field).is_some_and(|it| it.default.is_some())
    }

    /// An entity whose own name is the text.
    fn named(&self, kind: &str, leaf: &Leaf, text: &str) -> String {
        let Part::Key(Type::Record(id)) = &leaf.part else { panic!("{}", leaf.name) };
        let (name, n) = (literal(text), self.number);
        let more = match kind {
            "host" => ", manager = plain",
            "service" => ", on = host.h@, container { image = \"docker.io/x/y:1\" }",
            "secret" => ", key = \"sample\", on = [host.h@]",
            "script" => ", text = \"true\"",
            "build" => ", context = /srv",
            _ => "",
        };
        let glue = match kind {
            "middleware" | "backend" | "transport" | "tls_options" => {
                let (field, kind) = match kind {
                    "middleware" => ("use = [", "middleware"),
                    "backend" => ("to = ", "backend"),
                    "transport" => ("transport = ", "transport"),
                    _ => ("tls = ", "tls_options"),
                };
                let end = if field.ends_with('[') { "]" } else { "" };
                format!(
                    "extend service w{n} {{ route.web {{ override {field}{kind}.{name}{end} }} }}"
                )
            }
            "script" => format!(
                "extend service w{n} {{ unit {{ override before_start = [script.{name}] }} }}"
            ),
            _ => String::new(),
        };
        let fields = self.required(*id, "").join(", ");
        let more = if fields.is_empty() { more.trim_start_matches(", ") } else { more };
        let n = n.to_string();
        format!("{kind} {name} {{ {fields}{} }}\n{glue}", more.replace('@', &n))
    }

    fn name(&self, kind: &str) -> String {
        let letter = match kind {
            "host" => "h",
            "service" => "w",
            kind => kind,
        };
        format!("{letter}{}", self.number)
    }

    /// What stands at the end of a way.
    fn value(&self, way: &[Step], leaf: &Leaf, text: &str, merges: bool) -> String {
        let below = |way: &[Step]| self.value(way, leaf, text, false);
        match way {
            [] => match &leaf.part {
                Part::Value => self.text(leaf, text),
                Part::Key(inner) => {
                    let key = if is_path_key(leaf) {
                        format!("/srv/{}", text.trim_start_matches('/'))
                    } else {
                        text.to_owned()
                    };
                    format!(
                        "{{ {} = {} }}",
                        literal(&key),
                        match leaf.name.as_str() {
                            "Fleet.options KEY" => "\"boolean\"".to_owned(),
                            "ProxyEngine.traefik.entry_points KEY" => "{ port = 8107 }".to_owned(),
                            _ => self.sample(inner),
                        }
                    )
                }
                Part::DataKey => {
                    format!("{{ {} }}", self.data(leaf, &format!("{} = 1", literal(text))))
                }
            },
            [Step::Element, rest @ ..] => format!("[{}]", below(rest)),
            [Step::Entry, rest @ ..] => format!("{{ {} = {} }}", self.key(leaf), below(rest)),
            [Step::Variant(id, at), rest @ ..] => {
                let variant = &self.declared.enumeration(*id).variants[*at];
                format!("{} {}", variant.name, below(rest))
            }
            [Step::Field(id, field), rest @ ..] => {
                let mut all = if merges { Vec::new() } else { self.required(*id, field) };
                let value = self.value(rest, leaf, text, self.merges(*id, field));
                all.push(format!("{field} = {value}"));
                format!("{{ {} }}", all.join(", "))
            }
        }
    }

    /// Something in free data, at a place that its program has.
    fn data(&self, leaf: &Leaf, inner: &str) -> String {
        match leaf.name.split(' ').next().unwrap_or_default() {
            "ProxyEngine.traefik.static" => {
                format!("tracing = {{ resourceAttributes = {{ {inner} }} }}")
            }
            "ProxyEngine.traefik.dynamic" => format!(
                "http = {{ middlewares = {{ hz = {{ plugin = {{ hz = {{ {inner} }} }} }} }} }}"
            ),
            "PortalEngine.authelia.settings" => match inner.strip_suffix(" = 1") {
                Some(key) => format!(
                    "definitions = {{ user_attributes = {{ {key} = {{ expression = \"a\" }} }} }}"
                ),
                None => format!(
                    "definitions = {{ user_attributes = {{ hz = {{ {} }} }} }}",
                    inner.replacen("hz", "expression", 1)
                ),
            },
            _ => format!("hz = {{ {inner} }}"),
        }
    }

    /// A key that is right wherever a map stands.
    fn key(&self, leaf: &Leaf) -> &'static str {
        let Some(Step::Field(_, field)) =
            leaf.way.iter().rev().find(|it| matches!(it, Step::Field(..)))
        else {
            return "k";
        };
        let outer = leaf.way.iter().any(|it| match it {
            Step::Field(_, name) => {
                matches!(name.as_str(), "file" | "state" | "mounts" | "filesystem")
            }
            Step::Entry | Step::Element | Step::Variant(..) => false,
        });
        match field.as_str() {
            _ if outer && !in_home(leaf) => "\"/srv/k\"",
            _ if leaf
                .way
                .iter()
                .any(|it| matches!(it, Step::Field(_, name) if name == "entry_points")) =>
            {
                "websecure"
            }
            "native" => "\"services.hz\"",

            "service" => "LogExtraFields",
            "unit" => "Documentation",
            "install" => "WantedBy",
            "timer" => "X-Note",
            "quadlet" => "GlobalArgs",
            "sysctl" => "\"net.k\"",
            _ => "k",
        }
    }

    /// The fields of a schema that have to be said, but one.
    fn required(&self, id: SchemaId, but: &str) -> Vec<String> {
        let fields = self.declared.schema(id).fields.iter();
        let needed = fields.filter(|it| {
            it.default.is_none() && !matches!(it.ty, Type::Optional(_)) && &*it.name != but
        });
        let all = needed.map(|it| match &*it.name {
            "sender" => "sender = \"a@hz.example\"".to_owned(),
            // A package is one of a program by its name.
            "program" if but == "package" => "program = \"sample\"".to_owned(),
            name => format!("{name} = {}", self.sample(&it.ty)),
        });
        let n = self.number;
        let content = ["text", "yaml", "json", "toml", "ini", "template", "source"].contains(&but);
        let more = match &*self.declared.schema(id).name {
            "Route" if but != "expose" => "expose = public".to_owned(),
            "MiddlewareKind.basicAuth" | "MiddlewareKind.digestAuth"
                if !but.starts_with("users") =>
            {
                "usersFile = /srv/users".to_owned()
            }
            "ClientTls" if but == "cert" => "key = /srv/key".to_owned(),
            "ClientTls" if but == "key" => "cert = /srv/cert".to_owned(),
            "Home" if but == "secrets" => {
                "state_version = \"25.05\", age.key_file = /srv/key".to_owned()
            }
            "Home" if but != "state_version" => "state_version = \"25.05\"".to_owned(),
            "File" | "HomeFile" if but == "values" => "template = ./sample.txt".to_owned(),
            "File" | "HomeFile" if !content => "text = \"x\"".to_owned(),
            "Timer" if but == "OnCalendar" => format!("unit = {{ {OWN_UNIT} }}"),
            "Timer" if but == "starts" => "OnCalendar = [\"02:00\"]".to_owned(),
            "Timer" => format!("OnCalendar = [\"02:00\"], unit = {{ {OWN_UNIT} }}"),
            "Backup" if but != "to" => format!("to = vault.vault{n}"),
            "Pool" if but != "vdevs" => {
                format!("vdevs = [{{ members = [host.h{n}.disk.d.partition.p] }}]")
            }
            _ => String::new(),
        };
        all.chain((!more.is_empty()).then_some(more)).collect()
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone are not written as strings")]
    fn text(&self, leaf: &Leaf, text: &str) -> String {
        match leaf.ty.base() {
            Type::Path => format!("/srv / {}", literal(text)),
            Type::Url => literal(&format!("https://hz.example/{text}")),
            Type::Image => literal(&format!("docker.io/x/{text}")),
            Type::Data | Type::Module => {
                format!("{{ {} }}", self.data(leaf, &format!("hz = {}", literal(text))))
            }
            _ => literal(text),
        }
    }

    /// A value of a type.
    #[expect(clippy::wildcard_enum_match_arm, reason = "numbers alone have such conditions")]
    fn sample(&self, ty: &Type) -> String {
        let n = self.number;
        match ty {
            Type::Optional(inner) => self.sample(inner),
            Type::Where(inner, id) => {
                let condition = self.sources.slice(self.declared.refinement(*id).condition.span);
                match inner.base() {
                    Type::String => {
                        let fits = |text: &&&str| holds(condition, text);
                        literal(
                            &HARMLESS.iter().find(fits).unwrap_or(&"?").replace("hzqx", "sample"),
                        )
                    }
                    Type::Path => "/srv/sample".to_owned(),
                    _ => if condition.contains("100 <=") { "404" } else { "7" }.to_owned(),
                }
            }
            Type::Anything => format!("host.h{n}"),
            Type::Bool => "true".to_owned(),
            Type::Int => "7".to_owned(),
            Type::Float => "1.5".to_owned(),
            Type::Duration => "7s".to_owned(),
            Type::Size => "7MiB".to_owned(),
            Type::Mode => "0o700".to_owned(),
            Type::Path => "/srv/sample".to_owned(),
            Type::File => "./sample.txt".to_owned(),
            Type::Address => "10.0.0.7".to_owned(),
            Type::Subnet => "10.0.0.0/24".to_owned(),
            Type::Port => "8107".to_owned(),
            Type::Ports => "8000-8100".to_owned(),
            Type::Url => "\"https://sample.example/x\"".to_owned(),
            Type::Hostname => "\"sample.example\"".to_owned(),
            Type::Calendar => "\"02:00\"".to_owned(),
            Type::Image => "\"docker.io/x/sample:1\"".to_owned(),
            Type::Nix => "nix\"1\"".to_owned(),
            Type::Data | Type::Module => "{ sample = 1 }".to_owned(),
            Type::String | Type::Sealed => "\"sample\"".to_owned(),
            Type::List(inner) | Type::Set(inner) => format!("[{}]", self.sample(inner)),
            Type::Map(_) => "{}".to_owned(),
            Type::Union(all) => self.sample(&all[0]),
            Type::Record(id) => format!("{{ {} }}", self.required(*id, "").join(", ")),
            Type::Ref(id) => match &*self.declared.schema(*id).name {
                "Port" => format!("service.w{n}.ports.web"),
                "Route" => format!("service.w{n}.route.web"),
                "Partition" => format!("host.h{n}.disk.d.partition.p"),
                "Backend" => format!("backend.spare{n}"),
                schema => {
                    let kind = kind_of(self.declared, schema);
                    format!("{kind}.{}", self.name(&kind))
                }
            },
            Type::Enum(id) => {
                let of = self.declared.enumeration(*id);
                let plain = of.variants.iter().find(|it| it.payload.is_none());
                match plain.or(of.variants.first()) {
                    Some(variant) => match variant.payload {
                        Some(payload) => {
                            format!(
                                "{} {{ {} }}",
                                variant.name,
                                self.required(payload, "").join(", ")
                            )
                        }
                        None => variant.name.to_string(),
                    },
                    None => "?".to_owned(),
                }
            }
            Type::Unknown
            | Type::Never
            | Type::Anonymous(_)
            | Type::Fn(_, _)
            | Type::Variable(_) => "?".to_owned(),
        }
    }

    /// One of everything, for a place to stand in.
    fn around(&self, leaf: &Leaf) -> String {
        let plain = matches!(self.flavour, PlainContainer | PlainRootless | PlainNative);
        let manager = match self.flavour {
            PlainContainer | PlainNative => "manager = plain, age.key_file = /var/lib/key",
            PlainRootless => {
                "manager = plain, age.key_file = /var/lib/key, podman.user = user.apps@, boot.sysctl.\"net.ipv4.ip_unprivileged_port_start\" = 80"
            }
            NixosContainer | NixosNative | Portal => {
                "age.key_file = /var/lib/key, boot.loader = none"
            }
        };
        let program = match self.flavour {
            PlainNative => "unit = { service.ExecStart = \"/bin/x\" }",
            NixosNative => "native \"services.nginx\" { }",
            NixosContainer | PlainContainer | PlainRootless | Portal => {
                "container { image = \"docker.io/x/x:1\" }"
            }
        };
        let mut all = AROUND.replace("MANAGER", manager).replace("PROGRAM", program);
        if leaf.kind() != "fleet" {
            all.push_str("fleet { domain = \"hz.example\", secrets = ./secrets.yaml }\n");
        } else {
            all.push_str("fleet { secrets = ./secrets.yaml }\n");
        }
        if plain {
            all.push_str(PLAIN);
        } else {
            all.push_str(NIXOS);
        }
        if self.flavour == PlainRootless {
            all.push_str("user apps@ { on = [host.h@], uid = 1001, kind = from_module }\nnetwork network@ { on = host.h@ }\n");
        } else {
            all.push_str(PODMAN);
        }
        if self.flavour == Portal {
            all.push_str(PORTAL);
            if leaf.kind() == "service" {
                all.push_str(CLIENT);
            }
        }
        if matches!(leaf.kind(), "middleware") {
            all.push_str("extend service w@ { route.web { use = [middleware.middleware@] } }\n");
        }
        if matches!(leaf.kind(), "backend") {
            let at = match leaf.name.get(..3) {
                Some("Tcp") => "tcp = 8111",
                Some("Udp") => "udp = 8111",
                _ => "host = \"other@\"",
            };
            let route = format!("extend service w@ {{ route.other = {{ {at}, to = backend.backend@, expose = public }} }}
");
            all.push_str(&route);
        }
        if leaf.kind() == "transport" {
            let of = if leaf.name.starts_with("Tcp") {
                "other = { tcp = 8111, to = ports.web, expose = public, transport = transport.transport@ }"
            } else {
                "web = { transport = transport.transport@ }"
            };
            for part in ["extend service w@ { route.", of, " }\n"] {
                all.push_str(part);
            }
        }
        if matches!(leaf.kind(), "tls_options") {
            all.push_str("extend service w@ { route.web { tls = tls_options.tls_options@ } }\n");
        }
        let on_disks = matches!(leaf.way.get(2), Some(Step::Field(_, field)) if field == "pool" || field == "disk");
        if on_disks && !plain {
            // Who describes disks says what lies at `/`.
            all.push_str("extend host h@ { filesystem \"/\" { from = memory {} } }\n");
        }
        if matches!(leaf.way.get(2), Some(Step::Field(_, field)) if field == "pool") {
            all.push_str(
                "extend host h@ { disk.d = { device = /dev/d, partition = { p = { } } } }\n",
            );
        }
        if leaf.name.ends_with("Log.filePath") || leaf.name.ends_with("Log.file_path") {
            let (account, rest) = if self.flavour == Portal { CONFINED } else { ("traefik", "") };
            all.push_str(&LOGS.replace("ACCOUNT", account));
            all.push_str(rest);
            if plain {
                all.push_str(LOGS_INSIDE);
            }
        }
        if leaf.kind() == "artifact" {
            all.push_str("extend host h@ { podman.version = \"5.7\" }\nartifact artifact@ { on = host.h@, artifact = \"quay.io/x/x:1\" }\n");
        }
        if leaf.name.starts_with("MiddlewareKind.plugin") {
            all = all.replace(
                "traefik { }",
                "traefik { plugins.sample = { module = \"github.com/x/y\", version = \"v1\" } }",
            );
        }
        if leaf.kind() == "script" {
            all.push_str("extend service w@ { unit { before_start = [script.script@] } }\n");
        }
        all.replace('@', &self.number.to_string())
    }
}

/// The kind whose entities have a schema.
#[expect(clippy::wildcard_enum_match_arm, reason = "maps of records alone are kinds")]
fn kind_of(declared: &Declarations, schema: &str) -> String {
    let model = declared.schema(declared.model.expect("a model"));
    let of = |ty: &Type| match ty {
        Type::Map(inner) => match inner.base() {
            Type::Record(id) => declared.schema(*id).name.to_string(),
            _ => String::new(),
        },
        _ => String::new(),
    };
    let kind = model.fields.iter().find(|field| of(&field.ty) == schema);
    kind.map_or_else(|| "?".to_owned(), |field| field.name.to_string())
}

/// Whether `matches(it, "…")` holds; other conditions are not known here.
fn holds(condition: &str, text: &str) -> bool {
    let Some((_, rest)) = condition.split_once("matches(it, ") else { return true };
    let Some(pattern) = rest.trim_end().strip_suffix(')') else { return true };
    let pattern: String = serde_json::from_str(pattern).expect("a pattern is spelled as in JSON");
    Regex::new(&pattern).expect("a pattern").is_match(text)
}
