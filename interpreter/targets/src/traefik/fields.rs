//! Which keys Traefik v3.7 knows: the names and types of its structs (`fields.json`, read off its source).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

type Structs = BTreeMap<String, BTreeMap<String, String>>;

// A part of the program, which each test that asks it reads: an empty one would find nothing unknown.
static STRUCTS: LazyLock<Structs> =
    LazyLock::new(|| serde_json::from_str(include_str!("fields.json")).expect("it is a table"));

/// The table of Traefik's keys.
#[derive(Clone, Copy, Debug)]
pub struct Fields(&'static Structs);

/// Types that the table names differently, or whose fields it does not have.
const OTHER_NAMES: &[(&str, &str)] =
    &[("EntryPoints", "map[string]EntryPoint"), ("traefiktls.Certificates", "[]Certificate")];

impl Fields {
    #[must_use]
    pub fn get() -> Fields {
        Fields(&STRUCTS)
    }

    /// Keys of a static file that Traefik does not know.
    #[must_use]
    pub fn unknown_static(self, file: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.walk("Configuration", file, &mut Vec::new(), &mut found);
        found
    }

    /// Keys of a dynamic file that Traefik does not know.
    #[must_use]
    pub fn unknown_dynamic(self, file: &Value) -> Vec<String> {
        let roots = [
            ("http", "HTTPConfiguration"),
            ("tcp", "TCPConfiguration"),
            ("udp", "UDPConfiguration"),
            ("tls", "TLSConfiguration"),
        ];
        let mut found = Vec::new();
        for (key, value) in file.as_object().into_iter().flatten() {
            match roots.iter().find(|(root, _)| root.eq_ignore_ascii_case(key)) {
                Some((root, kind)) => {
                    self.walk(kind, value, &mut vec![(*root).to_owned()], &mut found);
                }
                None => found.push(key.clone()),
            }
        }
        found
    }

    /// The fields of a struct, each with its type in Go.
    #[must_use]
    pub fn of(self, kind: &str) -> Option<&'static BTreeMap<String, String>> {
        self.0.get(base(kind))
    }

    fn walk(self, kind: &str, value: &Value, path: &mut Vec<String>, found: &mut Vec<String>) {
        let kind = OTHER_NAMES.iter().find(|(name, _)| *name == kind).map_or(kind, |(_, it)| it);
        let kind = kind.trim_start_matches('*');
        if let Some(of) = kind.strip_prefix("[]") {
            for item in value.as_array().into_iter().flatten() {
                self.walk(of, item, path, found);
            }
        } else if let Some(of) = kind.strip_prefix("map[string]") {
            for (key, item) in value.as_object().into_iter().flatten() {
                path.push(key.clone());
                self.walk(of, item, path, found);
                path.pop();
            }
        } else {
            // What the table does not have (plugins' settings, providers' own types) is not judged.
            let Some(fields) = self.of(kind) else { return };
            for (key, item) in value.as_object().into_iter().flatten() {
                path.push(key.clone());
                // Traefik does not look at the case of letters.
                match fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(key)) {
                    Some((_, kind)) => self.walk(kind, item, path, found),
                    None => found.push(path.join(".")),
                }
                path.pop();
            }
        }
    }
}

/// `ClientTLS` of `*types.ClientTLS`.
fn base(kind: &str) -> &str {
    let kind = kind.trim_start_matches('*');
    kind.rsplit('.').next().unwrap_or(kind)
}
