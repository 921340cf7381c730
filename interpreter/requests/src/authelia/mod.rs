//! Authelia 4.39: which rule of `access_control` decides, and what the server answers.
//!
//! After its manual and its code (`internal/authorization`, `internal/handlers/handler_authz*.go`, 4.39.20), and
//! compared with what the program answered. In comes Authelia's own configuration as JSON and a request, out comes a
//! [`Decision`] or an [`Answer`], which serde writes as JSON again.
//!
//! ```
//! # use qg_requests::authelia::{Configuration, Request, Visit, answer, decide};
//! # use serde_json::{from_value, json, to_value};
//! let configuration = Configuration::read(&json!({
//!     "access_control": { "rules": [
//!         { "domain": "*.example.com", "policy": "two_factor", "subject": "group:admins" },
//!     ] },
//!     "session": { "cookies": [{ "domain": "example.com", "authelia_url": "https://auth.example.com" }] },
//! }))?;
//! let request: Request = from_value(json!({ "url": "https://app.example.com/", "method": "GET" }))?;
//! assert_eq!(to_value(decide(&configuration, &request)?)?, json!({
//!     "policy": "two_factor", "rule": 0, "has_subjects": true, "matches": ["hhhhh?"],
//!     "otherwise": { "policy": "deny", "rule": null },
//! }));
//! let visit: Visit = from_value(json!({ "url": "https://app.example.com/", "method": "GET", "accept": "*/*" }))?;
//! assert_eq!(answer(&configuration, &visit).status, 302);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod configuration;
mod decision;
mod domain;
pub mod go;
mod identity;
mod location;
mod marks;
mod matcher;
mod network;
mod policy;
mod query;
mod rule;
mod subject;
mod values;

pub use self::answer::{Answer, Endpoint, Visit, answer};
pub use self::configuration::{Configuration, User};
pub use self::decision::{Decision, Fault, Request, Verdict, decide};
pub use self::identity::Session;
pub use self::location::Location;
pub use self::marks::{Mark, Marks};
pub use self::policy::Policy;
pub use self::values::Refused;
