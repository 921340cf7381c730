//! Calls: functions, lambdas and builtins.

use std::sync::Arc;

use qg_lang::ast::{Arg, Expr, ExprKind};
use qg_lang::check::types::{Function, FunctionId, FunctionParam, Resolution, Type};
use qg_lang::span::Span;
use qg_provenance::leaf::OriginId;
use qg_provenance::origin::OriginKind;

use super::limits::extent;
use super::state::{Ctx, EnvId, ScopeBinding, Shape};
use super::{Evaluator, parents};
use crate::builtins;
use crate::value::{Lambda, Val, Value};

/// Of so many elements of a list it is noted where they come from.
const SOURCES: usize = 8;

impl<'a> Evaluator<'a> {
    /// `f(x, y: 2)`; `first` is what a pipeline puts before the arguments.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the checker lets functions alone be called"
    )]
    pub(super) fn call(
        &mut self,
        callee: &Arc<Expr>,
        args: &[Arg],
        first: Option<(Val, Span)>,
        expr: &Expr,
        ctx: Ctx,
    ) -> Val {
        let function = self.eval(callee, ctx);
        let val = match &function.value {
            Value::Function(id) => match self.arguments(*id, args, first, ctx) {
                Some(values) => {
                    let val = self.call_function(*id, values, expr.span, ctx);
                    self.as_found(val, callee)
                }
                None => Val::unknown(),
            },
            Value::Lambda(lambda) => {
                let args = args.iter().map(|arg| (self.eval(&arg.value, ctx), arg.value.span));
                let values: Vec<(Val, Span)> = first.into_iter().chain(args).collect();
                let params = self.type_of_function(callee).map_or(&[][..], |(params, _)| params);
                let values = values.into_iter().enumerate();
                let values = values.map(|(at, (val, span))| match params.get(at) {
                    Some(ty) if has_condition(ty) => self.coerce(val, ty, span, None),
                    Some(_) | None => val,
                });
                let values = values.collect();
                self.call_lambda(lambda, values)
            }
            _ => Val::unknown(),
        };
        // A function by its own name has brought its result into its type.
        match self.type_of_function(callee) {
            Some((_, result)) if has_condition(result) => self.coerce(val, result, expr.span, None),
            Some(_) | None => val,
        }
    }

    /// What a function by another name takes and gives, as it was declared there.
    fn type_of_function(&self, callee: &Expr) -> Option<(&'a [Type], &'a Type)> {
        if let Some(Resolution::Function(_)) = self.resolution(callee) {
            return None;
        }
        match self.facts(callee.span.file)?.types.get(callee.id.0 as usize)? {
            Some(Type::Fn(params, result)) => Some((params, result)),
            Some(_) | None => None,
        }
    }

    /// What a builtin gave, as the type that was found for this call: a sum of nothing is no number where
    /// it is one of durations.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone have a zero of their own")]
    fn as_found(&self, val: Val, callee: &Expr) -> Val {
        if !matches!(val.value, Value::Int(0)) {
            return val;
        }
        let facts = self.facts(callee.span.file);
        let found = facts.and_then(|facts| facts.types.get(callee.id.0 as usize)?.as_ref());
        let Some(Type::Fn(_, result)) = found else { return val };
        let value = match result.base() {
            Type::Duration => Value::Duration(0),
            Type::Size => Value::Size(0),
            Type::Float => Value::Float(0.0),
            _ => return val,
        };
        Val { value, ..val }
    }

    /// `a |> f`, `a |> f(x)`
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a call takes one argument more, and all else is what is called"
    )]
    pub(super) fn pipe(
        &mut self,
        first: &Arc<Expr>,
        rest: &Arc<Expr>,
        expr: &Expr,
        ctx: Ctx,
    ) -> Val {
        let first = Some((self.eval(first, ctx), first.span));
        match &rest.kind {
            ExprKind::Call(callee, args) => self.call(callee, args, first, expr, ctx),
            _ => self.call(rest, &[], first, expr, ctx),
        }
    }

    /// The arguments in the order of the parameters; left out ones are `None`.
    fn arguments(
        &mut self,
        id: FunctionId,
        args: &[Arg],
        first: Option<(Val, Span)>,
        ctx: Ctx,
    ) -> Option<Vec<Option<Val>>> {
        let params = &self.analysis.declarations.function(id).params;
        let mut values: Vec<Option<Val>> = params.iter().map(|_| None).collect();
        let mut next = 0;
        if let Some((first, span)) = first {
            *values.get_mut(0)? = Some(self.argument(first, params.first(), span));
            next = 1;
        }
        for arg in args {
            let at = match &arg.name {
                Some(name) => params.iter().position(|param| param.name == name.text)?,
                None => {
                    next += 1;
                    next - 1
                }
            };
            let val = self.eval(&arg.value, ctx);
            *values.get_mut(at)? = Some(self.argument(val, params.get(at), arg.value.span));
        }
        Some(values)
    }

    /// A value as a parameter wants it; what is of any type stays what it is.
    fn argument(&mut self, val: Val, param: Option<&FunctionParam>, span: Span) -> Val {
        match param {
            // `self`, in a default of the library, of a record that has no place in the model.
            Some(param) if self.is_unplaced(&val, &param.ty) => val,
            Some(param) if !has_variable(&param.ty) => self.coerce(val, &param.ty, span, None),
            Some(_) | None => val,
        }
    }

    /// Whether a value is a record out of the model where a reference to one of its schema is wanted. The
    /// checker lets none but `self` be: it is a reference in the defaults of a schema, wherever its records are.
    fn is_unplaced(&self, val: &Val, ty: &Type) -> bool {
        match (ty.required(), &val.value) {
            (Type::Ref(schema), Value::Record(id)) => {
                self.state.node(*id).shape == Shape::Record(*schema)
            }
            _ => false,
        }
    }

    fn call_function(
        &mut self,
        id: FunctionId,
        values: Vec<Option<Val>>,
        span: Span,
        ctx: Ctx,
    ) -> Val {
        let analysis = self.analysis;
        let Function { name, params, result, body, .. } = analysis.declarations.function(id);
        let via = self.origin(span, OriginKind::Called, &parents(&[], ctx.via));
        let mut inner = Ctx { via, ..Ctx::default() };
        let mut all = Vec::with_capacity(params.len());
        for (param, value) in params.iter().zip(values) {
            let val = match (value, &param.default) {
                (Some(val), _) => val,
                (None, Some(default)) => {
                    let val = self.eval(default, inner);
                    self.argument(val, Some(param), default.span)
                }
                (None, None) => return Val::unknown(),
            };
            inner.env = self.state.bind(
                inner.env,
                Arc::clone(&param.name),
                ScopeBinding::Value(val.clone()),
            );
            all.push(val);
        }
        match body {
            Some(body) => {
                let val = self.eval(body, inner);
                let val = self.coerce(val, result, span, None);
                // The call itself is among the places that made the value.
                let origin =
                    self.origin(span, OriginKind::Called, &parents(&[val.origin], ctx.via));
                Val { origin, ..val }
            }
            None => {
                let from: Vec<_> = all.iter().flat_map(sources).collect();
                // Whatever it does, it looks at all it gets once.
                let work = all.iter().map(|val| width(&val.value)).sum();
                if !self.charge(work, span) {
                    return Val::unknown();
                }
                match builtins::find(name).and_then(|run| run(self, &all, span)) {
                    Some(value) => {
                        let origin = self.computed(span, &from, ctx);
                        Val::new(value, origin)
                    }
                    None => Val::unknown(),
                }
            }
        }
    }

    /// Calls a lambda or function with values at hand.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the checker lets functions alone be called"
    )]
    pub(crate) fn apply(&mut self, function: &Val, values: Vec<Val>, span: Span) -> Val {
        match &function.value {
            Value::Lambda(lambda) => {
                let lambda = Arc::clone(lambda);
                self.call_lambda(&lambda, values)
            }
            Value::Function(id) => {
                let params = &self.analysis.declarations.function(*id).params;
                let values = values.into_iter().enumerate();
                let values = values.map(|(at, val)| Some(self.argument(val, params.get(at), span)));
                let values = values.collect();
                self.call_function(*id, values, span, Ctx::default())
            }
            _ => Val::unknown(),
        }
    }

    fn call_lambda(&mut self, lambda: &Lambda, values: Vec<Val>) -> Val {
        let mut env: EnvId = lambda.ctx.env;
        for (param, val) in lambda.params.iter().zip(values) {
            env = self.state.bind(env, Arc::clone(&param.name.text), ScopeBinding::Value(val));
        }
        self.eval(&lambda.body, Ctx { env, ..lambda.ctx })
    }
}

/// Where an argument comes from; of a list, its first elements too.
#[expect(clippy::wildcard_enum_match_arm, reason = "these alone have elements")]
fn sources(val: &Val) -> impl Iterator<Item = OriginId> + '_ {
    let items = match &val.value {
        Value::List(list) | Value::Set(list) => &*list.items,
        _ => &[],
    };
    std::iter::once(val.origin).chain(items.iter().take(SOURCES).map(|item| item.origin))
}

/// What it costs to go through an argument; a list's elements are only passed on.
#[expect(clippy::wildcard_enum_match_arm, reason = "`extent` says it of all others")]
fn width(value: &Value) -> usize {
    match value {
        Value::List(list) | Value::Set(list) => list.items.len(),
        other => extent(other),
    }
}

/// Whether a value of this type has to fulfil something.
fn has_condition(ty: &Type) -> bool {
    matches!(ty, Type::Where(..)) || ty.parts().any(has_condition)
}

/// Whether a builtin's parameter takes values of any type.
fn has_variable(ty: &Type) -> bool {
    matches!(ty, Type::Variable(_)) || ty.parts().any(has_variable)
}
