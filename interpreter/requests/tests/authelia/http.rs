//! What the server answers a proxy: with logins, HTTP Basic, several cookie domains.

use qg_requests::authelia::{Visit, answer};

use crate::oracle::{Tally, cases, configuration};

#[test]
fn what_the_server_answers() {
    let mut tally = Tally::default();
    for case in cases("http") {
        let known = configuration(&case);
        let name = case["name"].as_str().unwrap();
        for asked in case["requests"].as_array().unwrap() {
            let visit: Visit = serde_json::from_value(asked.clone()).unwrap();
            let found = serde_json::to_value(answer(&known, &visit)).unwrap();
            tally.compare(name, &format!("{name}: {asked}"), &found, &asked["answer"]);
        }
    }
    tally.finish("http", 100);
}
