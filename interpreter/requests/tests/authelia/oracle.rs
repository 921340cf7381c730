//! What the real program was recorded to answer. `QG_ORACLE` names a folder with `authelia-cases.json`, all that was
//! recorded; without it a sample of it is read, which is carried here.

use std::collections::BTreeMap;
use std::path::Path;

use qg_requests::authelia::Configuration;
use serde_json::{Value, json};

/// A list of the recorded cases.
pub(crate) fn cases(list: &str) -> Vec<Value> {
    let text = match std::env::var("QG_ORACLE") {
        Ok(folder) => {
            std::fs::read_to_string(Path::new(&folder).join("authelia-cases.json")).unwrap()
        }
        // The sample of configurations lies beside the test of the whole of them.
        Err(_) if list == "config" => {
            include_str!("../../../../tests/tests/oracle_authelia.json").to_owned()
        }
        Err(_) => include_str!("sample.json").to_owned(),
    };
    let mut all: Value = serde_json::from_str(&text).unwrap();
    serde_json::from_value(all[list].take()).unwrap()
}

/// Authelia's own configuration around the parts that a case has.
pub(crate) fn configuration(case: &Value) -> Configuration {
    let ids = case["oauth2_clients"].as_array().into_iter().flatten();
    let clients: Vec<Value> = ids.map(|id| json!({ "client_id": id })).collect();
    let mut whole = json!({
        "access_control": case["access_control"],
        "identity_providers": { "oidc": { "clients": clients } },
        "session": case["session"],
    });
    if let Some(definitions) = case.get("definitions") {
        // With and without the section's own name around it.
        let inside = definitions.get("definitions").unwrap_or(definitions);
        whole["definitions"] = inside.clone();
    }
    let read = Configuration::read(&whole).unwrap_or_else(|why| panic!("{}: {why}", case["name"]));
    read.with_users(serde_json::from_value(case["users"].clone()).unwrap_or_default())
}

/// The family of a case: its name without the number.
pub(crate) fn family(case: &Value) -> String {
    let name = case["name"].as_str().unwrap();
    name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end().to_owned()
}

/// Agreement, counted by family. Nothing is left out of it: there is no answer that the model cannot express.
#[derive(Default)]
pub(crate) struct Tally {
    families: BTreeMap<String, [usize; 2]>,
    wrong: Vec<String>,
}

impl Tally {
    pub(crate) fn compare(&mut self, family: &str, what: &str, found: &Value, recorded: &Value) {
        let counts = self.families.entry(family.to_owned()).or_default();
        counts[1] += 1;
        if found == recorded {
            counts[0] += 1;
        } else {
            self.wrong.push(format!("{what}\n  recorded {recorded}\n  found    {found}"));
        }
    }

    /// Shows the figures, and fails where anything differs.
    pub(crate) fn finish(self, list: &str, least: usize) {
        for (family, [same, all]) in &self.families {
            println!("{list}: {family}: {same} of {all}");
        }
        let all: usize = self.families.values().map(|[_, all]| all).sum();
        let same = all - self.wrong.len();
        println!("{list}: {same} of {all} as Authelia answered");
        assert!(all >= least, "{list}: {all} requests are compared");
        assert!(self.wrong.is_empty(), "{list}: {same} of {all}\n{}", self.wrong.join("\n"));
    }
}
