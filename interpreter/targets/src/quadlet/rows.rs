//! The plain fields of a container: one row says which field it is, which key of Quadlet's says it, and how its value is
//! spelled. The table of the key ([`super::keys`]) says since when Podman knows it and what older versions are told
//! instead; a raw key beside the field is a clash by itself.

use std::collections::BTreeMap;

use qg_fleet::container::{Container, Health};
use qg_fleet::leaf::{At, Bytes, Data, Millis};

use super::json_array;
use super::keys::{QuadletKey, key};
use super::unit::UnitFile;
use crate::go;

const SECTION: &str = "Container";

/// A field and the key that says it.
struct Row<T> {
    key: QuadletKey,
    of: fn(&T) -> Field<'_>,
}

const fn row<T>(key: QuadletKey, of: fn(&T) -> Field<'_>) -> Row<T> {
    Row { key, of }
}

/// What a field holds, by how it is spelled.
enum Field<'t> {
    /// A line where it is on.
    Switch(At<bool>),
    /// A line for each.
    Each(&'t [At<String>]),
    /// A line of `key=value` for each.
    Pairs(&'t BTreeMap<String, At<Data>>),
    /// A number, where it is said.
    Number(Option<At<i64>>),
    /// A number of bytes, where it is said.
    Bytes(Option<At<Bytes>>),
    /// A time span as Go reads it, where it is said.
    Span(Option<At<Millis>>),
    /// The same in whole seconds, which none of it is cut off from.
    Seconds(Option<At<Millis>>),
    /// A program and its arguments, as a JSON array.
    Array(&'t At<Vec<At<String>>>),
    /// A word where it is on.
    Word(At<bool>, &'static str),
}

const ISOLATION: &[Row<Container>] = &[
    row(key!(SECTION, "AddCapability"), |it| Field::Each(&it.add_capabilities)),
    row(key!(SECTION, "DropCapability"), |it| Field::Each(&it.drop_capabilities)),
    row(key!(SECTION, "AddDevice"), |it| Field::Each(&it.devices)),
    // Members of a pod have its resolvers, and theirs are told to the pod.
    row(key!(SECTION, "DNS"), |it| Field::Each(if it.pod.is_none() { &it.dns } else { &[] })),
    row(key!(SECTION, "Sysctl"), |it| Field::Pairs(&it.sysctl)),
    row(key!(SECTION, "ReadOnly"), |it| Field::Switch(it.read_only)),
    row(key!(SECTION, "RunInit"), |it| Field::Switch(it.init)),
    row(key!(SECTION, "NoNewPrivileges"), |it| Field::Switch(it.no_new_privileges)),
    row(key!(SECTION, "ShmSize"), |it| Field::Bytes(it.shm_size)),
    row(key!(SECTION, "Memory"), |it| Field::Bytes(it.memory)),
    row(key!(SECTION, "PidsLimit"), |it| Field::Number(it.pids_limit)),
    row(key!(SECTION, "StopTimeout"), |it| Field::Seconds(it.stop_timeout)),
    row(key!(SECTION, "PodmanArgs"), |it| Field::Each(&it.podman_args)),
];

const HEALTH: &[Row<Health>] = &[
    row(key!(SECTION, "HealthCmd"), |it| Field::Array(&it.command)),
    row(key!(SECTION, "HealthInterval"), |it| Field::Span(it.interval)),
    row(key!(SECTION, "HealthTimeout"), |it| Field::Span(it.timeout)),
    row(key!(SECTION, "HealthStartPeriod"), |it| Field::Span(it.start_period)),
    row(key!(SECTION, "HealthRetries"), |it| Field::Number(it.retries)),
    row(key!(SECTION, "Notify"), |it| Field::Word(it.ready, "healthy")),
];

/// What a container may do, and how much of its host it has.
pub(super) fn isolation(unit: &mut UnitFile, container: &Container) {
    ISOLATION.iter().for_each(|row| say(unit, row, container));
}

/// How Podman sees that it is well.
pub(super) fn health(unit: &mut UnitFile, container: &Container) {
    if let Some(health) = &container.health {
        HEALTH.iter().for_each(|row| say(unit, row, health));
    }
}

fn say<T>(unit: &mut UnitFile, row: &Row<T>, of: &T) {
    let key = row.key;
    match (row.of)(of) {
        Field::Switch(on) => unit.switch(key, on),
        Field::Each(values) => unit.each(key, values),
        Field::Pairs(pairs) => {
            for (name, value) in pairs {
                match value.spelled() {
                    Some(text) => unit.one(key, &value.map(|_| format!("{name}={text}"))),
                    None => unit.refuse(name, "is neither a text nor a number", &[value.origin]),
                }
            }
        }
        Field::Number(number) => {
            number.iter().for_each(|it| unit.one(key, &it.map(i64::to_string)));
        }
        Field::Bytes(bytes) => {
            bytes.iter().for_each(|it| unit.one(key, &it.map(|it| it.0.to_string())));
        }
        Field::Span(span) => {
            span.iter().for_each(|it| unit.one(key, &it.map(|it| go::duration(*it))));
        }
        Field::Seconds(span) => {
            let seconds = |it: &Millis| it.0.div_ceil(1000).to_string();
            span.iter().for_each(|it| unit.one(key, &it.map(seconds)));
        }
        Field::Array(words) => unit.one(key, &words.map(|words| json_array(words))),
        Field::Word(on, word) => {
            if on.value {
                unit.one(key, &on.map(|_| word.to_owned()));
            }
        }
    }
}
