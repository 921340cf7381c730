//! `passTLSClientCert`: tells backends whose certificate the client showed.

use super::super::configuration::Names;
use super::super::encoding::form_encoded;
use super::super::live::{Live, Run};
use super::Named;

/// The parts that are told.
#[derive(Clone, Debug)]
pub(crate) struct PassCertificate {
    subject: Option<Vec<String>>,
    issuer: Option<Vec<String>>,
}

impl PassCertificate {
    pub(super) fn new(subject: &Option<Names>, issuer: &Option<Names>) -> Self {
        let names = |names: &Option<Names>| names.as_ref().map(|names| names.0.clone());
        Self { subject: names(subject), issuer: names(issuer) }
    }

    pub(super) fn apply(&self, named: &Named, live: &mut Live, run: &mut Run<'_>) {
        if !live.certificate || (self.subject.is_none() && self.issuer.is_none()) {
            named.did(run, "sees no certificate");
            return;
        }
        let mut parts = Vec::new();
        for (title, of_issuer, names) in
            [("Subject", false, &self.subject), ("Issuer", true, &self.issuer)]
        {
            let told = names.iter().flatten().filter_map(|part| {
                let value = run.peers.certificate(of_issuer, part).filter(|it| !it.is_empty())?;
                Some(format!("{}={value}", short(part)))
            });
            let told: Vec<_> = told.collect();
            if !told.is_empty() {
                parts.push(format!("{title}=\"{}\"", told.join(",")));
            }
        }
        let told = parts.join(";");
        named.did(run, format!("tells of the certificate: {told}"));
        live.headers.set("X-Forwarded-Tls-Client-Cert-Info", form_encoded(&told));
    }
}

fn short(part: &str) -> &str {
    match part {
        "domainComponent" => "DC",
        "country" => "C",
        "province" => "ST",
        "locality" => "L",
        "organization" => "O",
        "organizationalUnit" => "OU",
        "serialNumber" => "SN",
        "commonName" => "CN",
        other => other,
    }
}
