//! Authelia 4.39: which rule of `access_control` decides, and what the server answers.
//!
//! After its manual and its code (`internal/authorization`, `internal/handlers/handler_authz*.go`, 4.39.20), and
//! compared with what the program answered. In comes Authelia's own configuration as JSON and a request, out comes a
//! [`Decision`] or an [`Answer`], which serde writes as JSON again.

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
