//! Programs that listen for everybody, where the fleet says that the host alone reaches them.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::exposure as codes;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::leaf::{At, Data, OriginId, Sealed, SealedPart};
use crate::service::Service;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::BIND_ADDRESS], run };

/// What programs call the address that they listen on, in small letters and without `_` and `-`.
const KEYS: &[&str] = &[
    "host",
    "address",
    "addr",
    "bind",
    "bindaddress",
    "bindaddr",
    "bindhost",
    "bindip",
    "httpaddr",
    "httpaddress",
    "httphost",
    "interface",
    "ip",
    "listen",
    "listenaddr",
    "listenaddress",
    "listenhost",
    "listenip",
    "serveraddress",
    "serverhost",
    "webhost",
];

/// Every address of the machine.
const ANYWHERE: &[&str] = &["0.0.0.0", "::", "[::]", "*"];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (name, service) in &fleet.model.service {
        if service.on.is_none() || !is_for_the_host(service) {
            continue;
        }
        for data in service.native.values() {
            walk(fleet, name, service, data, out);
        }
        let on_host = service.container.as_ref().filter(|it| fleet.is_on_host(it));
        for (key, value) in on_host.into_iter().flat_map(|it| &it.env) {
            let key = key.rsplit("__").next().unwrap_or(key);
            let stem = |it: &str| is_key(it) || KEYS.iter().any(|end| ends(it, end));
            if stem(key) && text(value).is_some_and(is_anywhere) {
                say(fleet, name, service, key, value.origin, out);
            }
        }
    }
}

/// Whether all its ports are said to be for the host alone.
fn is_for_the_host(service: &Service) -> bool {
    let local = |address: &str| qg_lang::network::is_loopback(address);
    !service.ports.is_empty()
        && service.ports.values().all(|it| !it.open.value && local(&it.address.value))
}

fn walk(
    fleet: &Facts<'_>,
    name: &str,
    service: &Service,
    data: &At<Data>,
    out: &mut Vec<Diagnostic>,
) {
    let Some(fields) = data.record() else { return };
    for (key, value) in fields {
        let mut all = vec![value];
        if let Data::List(items) = &value.value {
            all = items.iter().collect();
            if let Some((flag, by)) = flag(items) {
                say(fleet, name, service, flag, by, out);
                continue;
            }
        }
        for value in all {
            match value.text() {
                Some(text) if is_key(key) && is_anywhere(text) => {
                    say(fleet, name, service, key, value.origin, out);
                }
                _ => walk(fleet, name, service, value, out),
            }
        }
    }
}

/// Among arguments, one that says every address: `--bind 0.0.0.0`, `--host=0.0.0.0`.
fn flag(items: &[At<Data>]) -> Option<(&str, OriginId)> {
    items.iter().enumerate().find_map(|(at, item)| {
        let word = item.text()?.strip_prefix("--")?;
        let (key, value) = match word.split_once('=') {
            Some((key, value)) => (key, value),
            None => (word, items.get(at + 1)?.text()?),
        };
        (is_key(key) && is_anywhere(value)).then_some((key, item.origin))
    })
}

fn is_key(key: &str) -> bool {
    let key: String = key.chars().filter(|c| !matches!(c, '_' | '-')).collect();
    KEYS.contains(&key.to_lowercase().as_str())
}

/// Whether a variable's last word is one of these: `APP_HOST`.
fn ends(variable: &str, end: &str) -> bool {
    let last = variable.rsplit('_').next().unwrap_or(variable);
    last.len() < variable.len() && last.eq_ignore_ascii_case(end) && end != "ip"
}

/// A value without any secret in it.
fn text(value: &Sealed) -> Option<&str> {
    if let [SealedPart::Text(text)] = value.0.as_slice() { Some(text) } else { None }
}

/// `0.0.0.0`, `0.0.0.0:8080`.
fn is_anywhere(text: &str) -> bool {
    let bare = text
        .rsplit_once(':')
        .filter(|(_, port)| !port.is_empty() && port.chars().all(|it| it.is_ascii_digit()));
    ANYWHERE.contains(&text) || bare.is_some_and(|(address, _)| ANYWHERE.contains(&address))
}

fn say(
    fleet: &Facts<'_>,
    name: &str,
    service: &Service,
    key: &str,
    origin: OriginId,
    out: &mut Vec<Diagnostic>,
) {
    let Some((port, of)) = service.ports.iter().next() else { return };
    let message =
        format!("service.{name} listens for everybody, and its ports are for the host alone");
    out.push(
        Diagnostic::warning(codes::BIND_ADDRESS, place(fleet, origin), message)
            .here(format!("`{key}` is every address"))
            .also(place(fleet, of.origin), format!("`{port}` is on {}", of.address.value))
            .help(format!("say `ports.{port}.address` there: then only the proxy reaches it"))
            .help(format!("say `ports.{port}.open = true` if other machines are to reach it")),
    );
}
