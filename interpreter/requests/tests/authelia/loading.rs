//! Which configurations can be read: all that Authelia starts with, and none whose rules it refuses.

use qg_requests::authelia::Configuration;

use crate::oracle::{Tally, cases};

#[test]
fn what_authelia_starts_with_is_read() {
    let mut tally = Tally::default();
    for case in cases("config") {
        let of_rules = |error: &str| {
            error.starts_with("access_control:") || error.contains("'access_control.")
        };
        let mut errors = case["errors"].as_array().unwrap().iter();
        let refused = errors.any(|error| of_rules(error.as_str().unwrap()));
        // Of the rest of a configuration nothing is judged here.
        if refused || case["accepted"] == true {
            let found = Configuration::read(&case["configuration"]);
            let why = found.as_ref().err().map(ToString::to_string);
            let what = format!("{}: {why:?}", case["what"]);
            tally.compare("rules", &what, &found.is_ok().into(), &case["accepted"]);
        }
    }
    tally.finish("config", 100);
}
