//! The schemas of the standard library beside the table of Traefik's own fields: nothing is missing, and nothing
//! is there that Traefik does not know.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use qg_lang::check::types::{Declarations, SchemaId, Type};
use qg_lang::world::MemoryWorld;

use super::fields::Fields;

/// What the schemas leave out on purpose.
const LEFT_OUT: &[(&str, &str)] = &[
    // Without effect in v3, or deprecated with another word for the same (doc.traefik.io).
    ("ClientTLS", "caOptional"),
    ("Headers", "featurePolicy"),
    ("Headers", "sslForceHost"),
    ("Headers", "sslHost"),
    ("Headers", "sslRedirect"),
    ("Headers", "sslTemporaryRedirect"),
    ("Middleware", "ipWhiteList"),
    ("StripPrefix", "forceSlash"),
    ("ContentType", "autoDetect"),
    ("Options", "preferServerCipherSuites"),
    ("TCPServersLoadBalancer", "proxyProtocol"),
    ("TCPServersLoadBalancer", "terminationDelay"),
    // What the model computes: addresses from ports, and what routers say by themselves.
    ("Server", "url"),
    ("TCPServer", "address"),
    ("UDPServer", "address"),
    ("EntryPoint", "address"),
    ("HTTPConfig", "middlewares"),
    ("HTTPConfig", "tls"),
    // Logs that are sent elsewhere; `static` can say it.
    ("TraefikLog", "otlp"),
    ("AccessLog", "otlp"),
    ("AccessLog", "dualOutput"),
    // Newer than others of v3.7, which would not start with it; `static` can say it.
    ("HTTPConfig", "aliasHeadersStrategy"),
    // Fields of another struct that has the same name, or that only one direction of the protocol has.
    ("Certificate", "certificate"),
    ("Certificate", "domain"),
    ("Certificate", "key"),
    ("ProxyProtocol", "version"),
    ("ProxyProtocol", "insecure"),
    ("ProxyProtocol", "trustedIPs"),
];

/// Fields of ours, from which the model computes Traefik's.
const OURS: &[(&str, &[&str])] = &[
    ("HttpServer", &["to", "scheme"]),
    ("TcpServer", &["to"]),
    ("UdpServer", &["to"]),
    ("EntryPoint", &["port", "on"]),
    ("TlsOptions", &["about"]),
    ("AccessLog", &["enabled"]),
];

struct Compared<'a> {
    declarations: &'a Declarations,
    problems: BTreeSet<String>,
}

impl Compared<'_> {
    fn schema(&mut self, schema: SchemaId, kind: &str) {
        let schema = self.declarations.schema(schema);
        let Some(fields) = Fields::get().of(kind) else {
            // A section that is only there or not.
            if !schema.fields.is_empty() {
                self.problems.insert(format!("the table has no {kind}"));
            }
            return;
        };
        for (name, go) in fields {
            match schema.field(name) {
                Some(field) => self.types(&format!("{}.{name}", schema.name), &field.ty, go),
                None if LEFT_OUT.contains(&(
                    kind.rsplit('.').next().unwrap().trim_start_matches('*'),
                    name,
                )) => {}
                None => drop(self.problems.insert(format!("{} has no `{name}`", schema.name))),
            }
        }
        let ours = OURS.iter().find(|(of, _)| *of == &*schema.name).map_or(&[][..], |it| it.1);
        for field in schema.fields.iter().filter(|field| !ours.contains(&&*field.name)) {
            if !fields.contains_key(&*field.name) {
                self.problems.insert(format!("Traefik has no `{}.{}`", schema.name, field.name));
            }
        }
    }

    fn types(&mut self, place: &str, ty: &Type, go: &str) {
        let go = go.trim_start_matches('*');
        let list = match go {
            "Users" => Some("string"),
            "traefiktls.Certificates" => Some("Certificate"),
            _ => go.strip_prefix("[]"),
        };
        let fits = match (ty.base(), go) {
            (Type::List(of), _) => match list {
                Some(item) => return self.types(place, of, item),
                None => false,
            },
            (Type::Map(of), _) => match go.strip_prefix("map[string]") {
                Some(item) => return self.types(place, of, item),
                None => false,
            },
            (Type::Record(schema), _) => return self.schema(*schema, go),
            (Type::Bool, _) => go == "bool",
            (Type::Int | Type::Size, _) => go.starts_with("int"),
            (Type::Duration, _) => go.ends_with("Duration"),
            (Type::Union(all), _) => {
                all.iter().for_each(|ty| self.types(place, ty, go));
                true
            }
            (Type::Port, _) => go == "int" || go == "string",
            _ => {
                go == "string"
                    || go.ends_with("Verbosity")
                    || go.ends_with("FileOrContent")
                    || go.ends_with("Strategy")
            }
        };
        if !fits {
            self.problems.insert(format!("{place} is no {go}"));
        }
    }
}

fn compared(check: impl FnOnce(&mut Compared<'_>)) {
    let analysis = qg_lang::analyze(&MemoryWorld::default());
    let declarations = &analysis.declarations;
    let mut compared = Compared { declarations, problems: BTreeSet::new() };
    check(&mut compared);
    assert_eq!(compared.problems, BTreeSet::new());
}

fn enumeration<'a>(declarations: &'a Declarations, name: &str) -> &'a qg_lang::check::types::Enum {
    declarations.enums.iter().find(|it| &*it.name == name).unwrap()
}

#[test]
fn every_middleware_with_every_option() {
    compared(|it| {
        let kinds = enumeration(it.declarations, "MiddlewareKind");
        for kind in ["Middleware", "TCPMiddleware"] {
            for (name, go) in Fields::get().of(kind).unwrap() {
                let Some((_, variant)) = kinds.variant(name) else {
                    if !LEFT_OUT.contains(&("Middleware", name)) {
                        it.problems.insert(format!("there is no middleware `{name}`"));
                    }
                    continue;
                };
                let Some(payload) = variant.payload.filter(|_| name != "plugin") else { continue };
                // Over TCP `ipAllowList` has fewer options.
                if (kind, name.as_str()) != ("TCPMiddleware", "ipAllowList") {
                    it.schema(payload, go);
                }
            }
        }
        for variant in &kinds.variants {
            let known = |kind| Fields::get().of(kind).unwrap().contains_key(&*variant.name);
            if !known("Middleware") && !known("TCPMiddleware") {
                it.problems.insert(format!("Traefik has no middleware `{}`", variant.name));
            }
        }
    });
}

#[test]
fn every_service_transport_and_tls_option() {
    compared(|it| {
        let declarations = it.declarations;
        let payload = |of: &str, variant: &str| {
            enumeration(declarations, of).variant(variant).unwrap().1.payload.unwrap()
        };
        for (of, variant, kind) in [
            ("Balancing", "loadBalancer", "ServersLoadBalancer"),
            ("Balancing", "highestRandomWeight", "HighestRandomWeight"),
            ("Balancing", "mirroring", "Mirroring"),
            ("Balancing", "failover", "Failover"),
            ("Balancing", "weighted", "WeightedRoundRobin"),
            ("Balancing", "tcp", "TCPServersLoadBalancer"),
            ("Balancing", "udp", "UDPServersLoadBalancer"),
            ("TransportKind", "http", "ServersTransport"),
            ("TransportKind", "tcp", "TCPServersTransport"),
            ("DefaultCertificate", "own", "Certificate"),
            ("DefaultCertificate", "generated", "GeneratedCert"),
        ] {
            it.schema(payload(of, variant), kind);
        }
        for (name, kind) in [
            ("TlsOptions", "Options"),
            ("EntryPoint", "EntryPoint"),
            ("Observability", "RouterObservabilityConfig"),
            ("CertificatePair", "Certificate"),
            ("CertificateDomain", "Domain"),
            ("Propagation", "Propagation"),
            ("PluginSettings", "Settings"),
            ("TraefikLog", "TraefikLog"),
            ("AccessLog", "AccessLog"),
        ] {
            let schema = declarations.schemas.iter().find(|it| &*it.name == name).unwrap().id;
            it.schema(schema, kind);
        }
        // Each kind of service is there.
        let kinds = Fields::get().of("Service").unwrap();
        let balancing = enumeration(declarations, "Balancing");
        for kind in kinds.keys().filter(|kind| *kind != "middlewares") {
            assert!(balancing.variant(kind).is_some(), "{kind}");
        }
    });
}

#[test]
fn the_measure_can_fail() {
    let analysis = qg_lang::analyze(&MemoryWorld::default());
    let declarations = &analysis.declarations;
    let mut it = Compared { declarations, problems: BTreeSet::new() };
    let schema = declarations.schemas.iter().find(|it| &*it.name == "IpStrategy").unwrap().id;
    it.schema(schema, "Redis");
    assert!(it.problems.contains("Traefik has no `IpStrategy.depth`"), "{:?}", it.problems);
    assert!(it.problems.contains("IpStrategy has no `endpoints`"), "{:?}", it.problems);
}
