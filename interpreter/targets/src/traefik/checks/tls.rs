//! TLS that Traefik 3.7 cannot build. Towards clients (`pkg/tls`) it drops every router with such options; towards
//! servers (`pkg/server/service`, `pkg/tcp`) it goes on with none, and trusts whom the system trusts.

use qg_fleet::checks::place::first_place;
use qg_fleet::choice::Options;
use qg_fleet::leaf::{At, Data, OriginId};
use qg_lang::diagnostic::codes::fleet as codes;
use qg_lang::diagnostic::{Code, Diagnostic};

use crate::checks::Check;
use crate::{Prepared, traefik};

pub(super) const CHECK: Check = Check { codes: &[codes::BAD_BACKEND, codes::UNANSWERED], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for (key, options) in &fleet.model.tls_options {
        let name = format!("tls_options.{key}");
        let report = Report { fleet, code: codes::UNANSWERED, name, by: options.origin };
        if let Some(min) = above(options) {
            let why = "no version is left between `minVersion` and `maxVersion`";
            found.push(report.of(min.origin, why, "say a higher `maxVersion`"));
        }
        if let Some(kind) = unverified(options) {
            let why = "nothing says which certificates are right";
            found.push(report.of(kind.origin, why, "say `caFiles`, or another `clientAuthType`"));
        }
    }
    for (key, transport) in &fleet.model.transport {
        let (name, does) = (format!("transport.{key}"), &transport.does);
        let report = Report { fleet, code: codes::BAD_BACKEND, name, by: does.origin };
        let tls = match does.get("tls").map(|it| &it.value) {
            Some(Data::Record(tls)) if does.kind == "tcp" => tls,
            Some(_) | None => &does.options,
        };
        // Without a `maxVersion` Traefik compares with none.
        if let Some(min) = tls.get("minVersion")
            && (above(tls).is_some() || !tls.contains_key("maxVersion"))
        {
            let why = "Traefik takes no `minVersion` above `maxVersion`, and none without one";
            found.push(report.of(min.origin, why, "say `maxVersion = VersionTLS13`"));
        }
        let Some(spiffe) = tls.get("spiffe") else { continue };
        if let Some((other, _)) =
            tls.iter().find(|(name, it)| BESIDE.contains(&name.as_str()) && says(it))
        {
            let why = format!("`spiffe` and `{other}` do not go together");
            found.push(report.of(spiffe.origin, &why, "say one of them"));
        }
        let source = |of| {
            let (fixed, _) = traefik::static_options(fleet, of);
            fixed.at(&["spiffe", "workloadAPIAddr"]).is_some()
        };
        if !fleet.model.traefiks().any(source) {
            let why = "no proxy has certificates of SPIFFE";
            let help = "say where they come from: `static.spiffe.workloadAPIAddr` of the proxy";
            found.push(report.of(spiffe.origin, why, help));
        }
    }
}

/// What says how a server is trusted, and so does not go with `spiffe`.
const BESIDE: &[&str] = &[
    "certificates",
    "cipherSuites",
    "insecureSkipVerify",
    "maxVersion",
    "minVersion",
    "peerCertURI",
    "rootCAs",
    "serverName",
];

fn says(data: &Data) -> bool {
    match data {
        Data::Bool(it) => *it,
        Data::Text(it) => !it.is_empty(),
        Data::List(it) => !it.is_empty(),
        Data::Record(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_) => true,
    }
}

struct Report<'f> {
    fleet: &'f Prepared<'f>,
    code: Code,
    name: String,
    by: OriginId,
}

impl Report<'_> {
    fn of(&self, at: OriginId, why: &str, help: &str) -> Diagnostic {
        let message = format!("Traefik could not use {}: {why}", self.name);
        let span = first_place(self.fleet, &[at, self.by]);
        Diagnostic::error(self.code, span, message).help(help)
    }
}

/// The lowest version, where it is above the highest one. Their names stand in their order.
fn above(options: &Options) -> Option<&At<Data>> {
    let (min, max) = (options.get("minVersion")?, options.get("maxVersion")?);
    (min.text()? > max.text()?).then_some(min)
}

/// A kind of client certificate that is to be verified, by nobody.
fn unverified(options: &Options) -> Option<&At<Data>> {
    let Data::Record(auth) = &options.get("clientAuth")?.value else { return None };
    let kind = auth.get("clientAuthType")?;
    let verifies =
        ["VerifyClientCertIfGiven", "RequireAndVerifyClientCert"].contains(&kind.text()?);
    (verifies && !auth.get("caFiles").is_some_and(|it| says(it))).then_some(kind)
}
