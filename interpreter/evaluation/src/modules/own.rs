//! What a fleet says of modules of its own: `nixos_module "services.portfolio" { … }`.

use std::borrow::Cow;
use std::sync::Arc;

use super::table::{Account, Followed, Kept, Known, Module, ModulePort};
use crate::Evaluator;
use crate::value::{NodeId, Value};

/// The module that the fleet describes under this option.
pub(crate) fn of_fleet(ev: &mut Evaluator<'_>, option: &str) -> Option<Known> {
    let model = ev.state.model?;
    let all = Evaluator::node_of(&ev.field(model, "nixos_module"))?;
    if !ev.has_entry(all, option) {
        return None;
    }
    let it = Evaluator::node_of(&ev.field(all, option))?;
    let fixed = |value: Arc<str>| Followed { value, option: None, below: false };
    let account = match (ev.truth(it, "dynamic_user"), ev.text_at(it, "user_name")) {
        (true, name) => Account::Dynamic(name.unwrap_or_default()),
        (false, Some(user)) => {
            Account::Fixed { user: fixed(user), group: ev.text_at(it, "group_name").map(fixed) }
        }
        (false, None) => Account::Unknown,
    };
    let state = ev.entries_of(it, "state").into_iter().map(|(path, state)| {
        let option = ev.text_at(state, "option");
        Kept { path: Followed { value: path, option, below: false }, before: None }
    });
    let state = state.collect();
    let ports = ev.entries_of(it, "ports").into_iter().map(|(name, port)| {
        let protocol = ev.protocol_of(port);
        let number = ev.field(port, "number").value;
        let number = if let Value::Port(it) = number { Some(it.number) } else { None };
        ModulePort { name, number, protocol, option: ev.text_at(port, "option") }
    });
    let ports = ports.collect();
    let mut units = Vec::new();
    if let Value::List(list) = ev.field(it, "units").value {
        units.extend(list.items.iter().filter_map(|unit| text(&unit.value)));
    }
    let database = ev.truth(it, "database");
    let module = Module {
        option: option.into(),
        units,
        account,
        state,
        ports,
        database,
        ..Module::default()
    };
    Some(Known { module: Cow::Owned(module), key: None })
}

fn text(value: &Value) -> Option<Arc<str>> {
    if let Value::Text(it) = value { Some(Arc::clone(it)) } else { None }
}

impl Evaluator<'_> {
    fn truth(&mut self, node: NodeId, field: &str) -> bool {
        self.field(node, field).value.truth() == Some(true)
    }

    fn text_at(&mut self, node: NodeId, field: &str) -> Option<Arc<str>> {
        text(&self.field(node, field).value)
    }

    fn entries_of(&mut self, node: NodeId, field: &str) -> Vec<(Arc<str>, NodeId)> {
        let Some(map) = Self::node_of(&self.field(node, field)) else { return Vec::new() };
        let names = self.map_names(map).unwrap_or_default().into_iter();
        let mut all = Vec::new();
        for name in names {
            let found = Self::node_of(&self.field(map, &name));
            all.extend(found.map(|it| (name, it)));
        }
        all
    }

    /// The protocol of a port, and `tcp` for what `8080/udp` does not say.
    fn protocol_of(&mut self, port: NodeId) -> &'static str {
        if let Value::Port(it) = self.field(port, "number").value
            && it.protocol == qg_lang::ast::Protocol::Udp
        {
            return "udp";
        }
        let Value::Variant(id, at, _) = self.field(port, "protocol").value else { return "tcp" };
        let variants = &self.analysis.declarations.enumeration(id).variants;
        match variants.get(at as usize).map(|it| &*it.name) {
            Some("udp") => "udp",
            Some("both") => "both",
            Some(_) | None => "tcp",
        }
    }
}
