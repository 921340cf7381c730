//! The ports of a service that a NixOS module runs: `native_ports(service)`.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use qg_lang::ast::{PortLiteral, Protocol};
use qg_lang::check::types::{EnumId, Type};
use qg_lang::span::Span;
use qg_provenance::origin::OriginKind;

use super::follow::{Runs, Said, record_in};
use super::table::ModulePort;
use crate::Evaluator;
use crate::index::keys;
use crate::state::What;
use crate::value::{NodeId, Val, Value};

/// `native_ports(service)`: the ports that the module listens on which runs it. A service that has names of its own
/// for ports gets none beside them.
pub(crate) fn native_ports(ev: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    let (Value::Record(service) | Value::Ref(service)) = args.first()?.value else { return None };
    let Some(runs) = ev.module_of(service) else { return Some(ev.nothing()) };
    let module = runs.known.module.clone();
    if module.ports.is_empty() {
        return Some(ev.nothing());
    }
    let said = ev.named_ports(service);
    let known = |name: &str| module.ports.iter().any(|it| &*it.name == name);
    let own = said.as_ref().is_none_or(|said| said.iter().any(|it| !known(it)));
    let origin = ev.origin(runs.span, OriginKind::Module, &[]);
    let address = match &module.bind {
        Some(bind) => ev.said_address(&runs, bind),
        None => None,
    };
    let mut entries = Vec::new();
    for port in &module.ports {
        if own && !said.as_ref().is_some_and(|said| said.contains(&port.name)) {
            continue;
        }
        let Some(number) = ev.said_number(&runs, port) else { continue };
        let protocol = if port.protocol == "udp" { Protocol::Udp } else { Protocol::Tcp };
        let mut fields = vec![("inside", Value::Port(PortLiteral { number, protocol }))];
        if port.protocol == "both" {
            fields.extend(ev.both(service).map(|it| ("protocol", it)));
        }
        fields.extend(address.map(|it| ("address", Value::Address(it))));
        entries.push((Arc::clone(&port.name), ev.made(fields.into_iter(), origin)));
    }
    let entries = entries.iter().map(|(name, it)| (&**name, it.clone()));
    Some(ev.made(entries, origin))
}

impl Evaluator<'_> {
    /// The names of ports that a service says itself. None where they are not all known.
    fn named_ports(&mut self, service: NodeId) -> Option<BTreeSet<Arc<str>>> {
        let mut names = BTreeSet::new();
        for definition in self.definitions(service, "ports") {
            let body = match &definition.what {
                What::Tail(tail) => {
                    let item = tail.body.items.get(tail.item)?;
                    let key = keys(&item.kind).0.get(tail.depth).copied()?;
                    names.insert(self.key(key, definition.ctx)?);
                    continue;
                }
                What::Body { body, creates: true, .. } => body,
                // What is said of each port there is.
                What::Body { .. } if definition.mark.is_some() => continue,
                What::Body { body, .. } => body,
                What::Expr(expr) => record_in(expr)?,
                What::Value(_) => return None,
            };
            let index = self.index(body);
            if index.broken || !index.computed.is_empty() || !index.generators.is_empty() {
                return None;
            }
            names.extend(index.fields.keys().cloned());
        }
        Some(names)
    }

    fn said_number(&mut self, runs: &Runs, port: &ModulePort) -> Option<u16> {
        let Some(option) = &port.option else { return port.number };
        match self.option(runs, option) {
            Said::Nothing | Said::Own => port.number,
            Said::Value(val) => number_in(&val.value),
            Said::Unclear => None,
        }
    }

    /// The address that an option says, where it is one of its own: that everybody may come is said by `open`.
    fn said_address(&mut self, runs: &Runs, bind: &str) -> Option<IpAddr> {
        let said = match self.option(runs, bind) {
            Said::Value(Val { value: Value::Address(it), .. }) => Some(it),
            Said::Value(Val { value: Value::Text(it), .. }) => it.parse().ok(),
            Said::Value(_) | Said::Nothing | Said::Own | Said::Unclear => None,
        };
        said.filter(|it| !it.is_unspecified())
    }

    /// `both` of the library's protocols, as a port's field has it.
    fn both(&mut self, service: NodeId) -> Option<Value> {
        let crate::state::Shape::Record(schema) = self.state.node(service).shape else {
            return None;
        };
        let declarations = &self.analysis.declarations;
        let Type::Map(port) = declarations.schema(schema).field("ports")?.ty.base() else {
            return None;
        };
        let Type::Record(port) = port.base() else { return None };
        let Type::Enum(id) = declarations.schema(*port).field("protocol")?.ty.base() else {
            return None;
        };
        let id: EnumId = *id;
        let variants = &declarations.enumeration(id).variants;
        let at = variants.iter().position(|it| &*it.name == "both")?;
        Some(Value::Variant(id, u32::try_from(at).ok()?, None))
    }
}

/// A port as options spell it: 8080, "8080", "127.0.0.1:8080", "tcp://:9091/".
#[expect(clippy::wildcard_enum_match_arm, reason = "these alone can be ports")]
fn number_in(value: &Value) -> Option<u16> {
    let number = match value {
        Value::Int(it) => u16::try_from(*it).ok(),
        Value::Port(it) => Some(it.number),
        Value::Text(text) => {
            let text = text.trim_end_matches('/');
            text.rsplit(':').next().unwrap_or(text).parse().ok()
        }
        _ => None,
    };
    number.filter(|it| *it != 0)
}
