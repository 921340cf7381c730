//! What a client sends.

use std::net::IpAddr;

use serde::Deserialize;

/// A request as a client sends it.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The `Host` header exactly as sent; none where there is none.
    pub host: Option<String>,
    /// The target exactly as sent, with its query.
    pub path: String,
    /// The other headers.
    #[serde(default)]
    pub headers: Sent,
    /// How many bytes the body has, where there is one.
    #[serde(default)]
    pub body: Option<u64>,
    /// Where the connection comes from.
    pub client_ip: IpAddr,
    /// The client's address as the connection says before it begins (PROXY protocol).
    #[serde(default)]
    pub proxied: Option<IpAddr>,
    /// The entry point, the first one where none is said.
    #[serde(default)]
    pub entry_point: Option<String>,
    /// How the connection is secured, if it is.
    #[serde(default)]
    pub tls: Option<Tls>,
}

/// What a client says in its handshake.
#[derive(Clone, Debug, Deserialize)]
pub struct Tls {
    /// The name that it asks for.
    pub sni: Option<String>,
    /// The certificate that it has.
    pub certificate: Certificate,
    /// The only version that it speaks, `1.2` or `1.3`.
    #[serde(default)]
    pub version: Option<String>,
}

/// A client's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certificate {
    /// It has none.
    None,
    /// Signed by the authorities that options name.
    Trusted,
    /// Signed by somebody else.
    Untrusted,
}

/// Headers as sent: names in any spelling, each with its lines.
#[derive(Clone, Debug, Default)]
pub struct Sent(pub Vec<(String, Vec<String>)>);

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Lines {
            One(String),
            Some(Vec<String>),
        }
        struct Pairs;
        impl<'de> serde::de::Visitor<'de> for Pairs {
            type Value = Sent;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("headers by name, each a text or a list of texts")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Sent, A::Error> {
                let mut sent = Vec::new();
                while let Some((name, lines)) = map.next_entry::<String, Lines>()? {
                    let lines = match lines {
                        Lines::One(line) => vec![line],
                        Lines::Some(lines) => lines,
                    };
                    sent.push((name, lines));
                }
                Ok(Sent(sent))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}
