//! Services: what NixOS calls the units of its service modules, and whose a route is.

use qg_lang::span::Span;

use crate::Evaluator;
use crate::modules::{of_fleet, of_service};
use crate::value::{List, Val, Value};

/// `native_units(native, name)`
pub(super) fn native_units(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (Value::Record(id) | Value::Ref(id)) = args.first()?.value else { return None };
    let Value::Text(name) = &args.get(1)?.value else { return None };
    let names = ev.map_names(id)?;
    if !ev.charge(names.len(), span) {
        return None;
    }
    let options: Vec<&str> = names.iter().map(|it| &**it).collect();
    let own = own_units(ev, &options, name);
    let origin = args.first()?.origin;
    let units = own.unwrap_or_else(|| of_service(&options, name)).into_iter();
    let units = units.map(|unit| Val::new(Value::Text(unit.into()), origin)).collect();
    ev.listed(units, true, span).map(Value::List)
}

/// The units of the module that runs a service, where the fleet itself says them.
fn own_units(ev: &mut Evaluator<'_>, options: &[&str], name: &str) -> Option<Vec<String>> {
    let own = options.iter().find(|option| option.rsplit('.').next() == Some(name));
    let of = |ev: &mut Evaluator<'_>, option: &str| {
        let known = of_fleet(ev, option).filter(|it| !it.module.units.is_empty())?;
        Some(known.module.units.iter().map(ToString::to_string).collect())
    };
    match own {
        Some(own) => of(ev, own),
        None => options.iter().find_map(|option| of(ev, option)),
    }
}

/// `service_of(route)`
pub(super) fn service_of(ev: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    let val = args.first()?;
    let (Value::Record(id) | Value::Ref(id)) = val.value else { return None };
    let entity = ev.state.node(id).entity;
    let service =
        entity.filter(|it| ev.state.path(*it).first().is_some_and(|kind| &**kind == "service"));
    let found = service.map(|it| Val::new(Value::Ref(it), val.origin));
    Some(Value::List(List::new(found.into_iter().collect(), true)))
}
