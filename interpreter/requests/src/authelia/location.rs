//! Where a stranger is sent to log in.

use serde::Serialize;

use super::go::{Parameters, Url, encode, text};

/// The portal, with the page to return to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// Without its query.
    pub url: String,
    /// The page that was asked for.
    pub rd: String,
    /// The method that it was asked with.
    pub rm: String,
    /// The query: what the portal's URL has of its own, `rd` and `rm`.
    #[serde(skip)]
    pub query: String,
}

impl Location {
    pub(super) fn new(portal: &Url, target: &Url, method: &str) -> Location {
        let mut parameters = Parameters::parse(&portal.query);
        let rd = target.to_string();
        parameters.set("rd", &rd);
        parameters.set("rm", method);
        // The last to write it (fasthttp) brings the host in lower case, and the path without detours.
        let host = text(&portal.host).to_lowercase();
        let url = format!("{}://{host}{}", portal.scheme, portal.tidy_path());
        Location { url, rd, rm: method.to_owned(), query: encode(&parameters) }
    }
}

/// The header as it is sent.
impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}?{}", self.url, self.query)
    }
}
