//! Calls: arguments by place and by name, type variables, pipelines.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checker::Checker;
use super::expr::plural;
use super::types::{Resolution, Type};
use crate::ast::{Arg, Expr, ExprKind};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{names, types};
use crate::elsewhere::row;

/// What a callee asks for.
struct Signature {
    name: Arc<str>,
    params: Vec<Parameter>,
    result: Type,
    /// Where it is declared.
    span: Option<crate::span::Span>,
    /// Built-in functions over lists take sets and maps too.
    built_in: bool,
}

struct Parameter {
    name: Option<Arc<str>>,
    ty: Type,
    optional: bool,
}

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        expr: &Expr,
        callee: &Expr,
        first: Option<&Expr>,
        args: &[Arg],
    ) -> Type {
        if let Some(diagnostic) = self.no_function(expr, callee, first, args) {
            self.quietly(|it| {
                args.iter().for_each(|arg| {
                    it.hinted(&arg.value, None);
                });
            });
            return self.wrong(expr, diagnostic);
        }
        let outer = self.cx.wanted_by.take();
        let result = match self.signature(callee) {
            Ok(signature) => self.apply(expr, callee, &signature, first, args),
            Err(known) => {
                // Arguments of an unknown function may mean anything.
                self.cx.quiet += u32::from(!known);
                first.into_iter().chain(args.iter().map(|arg| &*arg.value)).for_each(|it| {
                    self.hinted(it, None);
                });
                self.cx.quiet -= u32::from(!known);
                self.set_broken(expr.id);
                Type::Unknown
            }
        };
        self.cx.wanted_by = outer;
        result
    }

    /// `sso(factor: two)`, `json(x)`: what is called is a variant, or a function of another language.
    fn no_function(
        &mut self,
        expr: &Expr,
        callee: &Expr,
        first: Option<&Expr>,
        args: &[Arg],
    ) -> Option<Diagnostic> {
        let ExprKind::Name(name) = &callee.kind else { return None };
        let text = &*name.text;
        if self.means_something(text) {
            return None;
        }
        if let Some(row) = row("value", text) {
            let diagnostic = Diagnostic::error(
                names::UNKNOWN_NAME,
                name.span,
                format!("nothing is called `{text}` here"),
            );
            return Some(row.tell(diagnostic, name.span));
        }
        let payload = |it: &super::types::Enum| {
            it.variant(text).is_some_and(|(_, variant)| variant.payload.is_some())
        };
        if first.is_none() && self.env.declarations.enums.iter().any(payload) {
            let diagnostic = Diagnostic::error(
                types::NOT_A_FUNCTION,
                callee.span,
                format!("`{text}` is a variant, and no function"),
            );
            let fields: Option<Vec<String>> = args
                .iter()
                .map(|arg| {
                    Some(format!("{} = {}", arg.name.as_ref()?.text, self.text(arg.value.span)))
                })
                .collect();
            return Some(match fields.filter(|fields| !fields.is_empty()) {
                Some(fields) => {
                    let right = format!("{text} {{ {} }}", fields.join(", "));
                    diagnostic.help(format!("its payload stands in braces: `{right}`")).fix(
                        format!("write `{right}`"),
                        expr.span,
                        right,
                    )
                }
                None => diagnostic.help(format!("its payload stands in braces: `{text} {{ … }}`")),
            });
        }
        None
    }

    /// `a |> f`, `a |> f(x)`
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a call takes one argument more, and all else is what is called"
    )]
    pub(super) fn pipe(&mut self, expr: &Expr, value: &Expr, function: &Expr) -> Type {
        match &function.kind {
            ExprKind::Call(callee, args) => {
                let result = self.call(expr, callee, Some(value), args);
                self.set_type(function.id, &result);
                result
            }
            ExprKind::Lambda(params, _) if params.len() == 1 => {
                let argument = self.expr(value, None);
                let want = Type::Fn([argument].into(), Arc::new(Type::Unknown));
                let Type::Fn(_, result) = self.hinted(function, Some(&want)) else {
                    return Type::Unknown;
                };
                (*result).clone()
            }
            _ => self.call(expr, function, Some(value), &[]),
        }
    }

    /// The callee's parameters and result; `Err(false)` after a report that it is unknown.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no function is refused")]
    fn signature(&mut self, callee: &Expr) -> Result<Signature, bool> {
        self.cx.calling = Some(callee.id);
        let found = self.expr(callee, None);
        self.cx.calling = None;
        if let Some(Resolution::Function(id)) = self.resolution(callee.id) {
            let id = *id;
            let function = self.env.declarations.function(id);
            let result =
                if let Type::Fn(_, result) = found { (*result).clone() } else { Type::Unknown };
            return Ok(Signature {
                name: Arc::clone(&function.name),
                params: function
                    .params
                    .iter()
                    .map(|param| Parameter {
                        name: Some(Arc::clone(&param.name)),
                        ty: param.ty.clone(),
                        optional: param.default.is_some(),
                    })
                    .collect(),
                result,
                span: Some(function.span),
                built_in: function.body.is_none(),
            });
        }
        match found {
            Type::Fn(params, result) => Ok(Signature {
                name: self.text(callee.span).into(),
                params: params
                    .iter()
                    .map(|ty| Parameter { name: None, ty: ty.clone(), optional: false })
                    .collect(),
                result: (*result).clone(),
                span: None,
                built_in: false,
            }),
            Type::Unknown => Err(false),
            other => {
                let mut diagnostic = Diagnostic::error(
                    types::NOT_A_FUNCTION,
                    callee.span,
                    format!("{} cannot be called", self.env.a(&other)),
                );
                if let ExprKind::Get(base, key) = &callee.kind
                    && let Some(help) = self.as_function(base, key)
                {
                    diagnostic = diagnostic.help(help);
                }
                if let Type::Enum(_) = other {
                    diagnostic =
                        diagnostic.help("a variant's payload stands in braces: `variant { … }`");
                }
                self.wrong(callee, diagnostic);
                Err(true)
            }
        }
    }

    fn apply(
        &mut self,
        expr: &Expr,
        callee: &Expr,
        signature: &Signature,
        first: Option<&Expr>,
        args: &[Arg],
    ) -> Type {
        let mut given: Vec<Option<&Expr>> = vec![None; signature.params.len()];
        let mut by_place = 0;
        let mut faults: Vec<Diagnostic> = Vec::new();
        let mut loose: Vec<&Expr> = Vec::new();
        let all = first.map(|it| (None, it)).into_iter();
        for (name, value) in all.chain(args.iter().map(|arg| (arg.name.as_ref(), &*arg.value))) {
            let index = match name {
                None => {
                    by_place += 1;
                    Some(by_place - 1).filter(|index| *index < given.len())
                }
                Some(name) => {
                    let params = &signature.params;
                    let found =
                        params.iter().position(|param| param.name.as_ref() == Some(&name.text));
                    if found.is_none() {
                        let known = params.iter().filter_map(|param| param.name.as_deref());
                        faults.push(
                            Diagnostic::error(
                                types::ARGUMENTS,
                                name.span,
                                format!("`{}` has no parameter `{}`", signature.name, name.text),
                            )
                            .suggest(&name.text, name.span, known),
                        );
                        loose.push(value);
                        continue;
                    }
                    found
                }
            };
            match index.and_then(|index| given.get_mut(index)) {
                Some(slot @ None) => *slot = Some(value),
                Some(Some(_)) => {
                    loose.push(value);
                    let name = index
                        .and_then(|index| signature.params.get(index))
                        .and_then(|param| param.name.as_deref());
                    faults.push(Diagnostic::error(
                        types::ARGUMENTS,
                        value.span,
                        format!("`{}` is given twice", name.unwrap_or("this parameter")),
                    ));
                }
                None => loose.push(value),
            }
        }
        if by_place > signature.params.len() {
            let span = loose.last().map_or(expr.span, |value| value.span);
            faults.push(Diagnostic::error(
                types::ARGUMENTS,
                span,
                format!(
                    "`{}` takes {}, and here are {by_place}",
                    signature.name,
                    plural(signature.params.len(), "argument")
                ),
            ));
        }
        let missing: Vec<String> = signature
            .params
            .iter()
            .zip(&given)
            .filter(|(param, given)| given.is_none() && !param.optional)
            .map(|(param, _)| match &param.name {
                Some(name) => format!("`{name}: {}`", self.env.show(&param.ty)),
                None => format!("`{}`", self.env.show(&param.ty)),
            })
            .collect();
        if !missing.is_empty() && faults.is_empty() {
            faults.push(Diagnostic::error(
                types::ARGUMENTS,
                callee.span,
                format!("`{}` also wants {}", signature.name, missing.join(", ")),
            ));
        }
        let wrong = !faults.is_empty();
        let usage = row("call", &signature.name).filter(|_| signature.built_in);
        for fault in faults {
            let fault = match usage {
                Some(row) => fault.help(row.help),
                None => fault,
            };
            let fault = match signature.span {
                Some(span) => fault.also(span, "declared here"),
                None => fault,
            };
            self.wrong(expr, fault);
        }
        self.quietly(|checker| {
            loose.iter().for_each(|value| {
                checker.hinted(value, None);
            });
        });
        let mut bound = BTreeMap::new();
        for (param, value) in signature.params.iter().zip(&given) {
            if let Some(value) = value {
                let before = self.diagnostics.len();
                self.argument(value, &param.ty, signature.built_in, &mut bound);
                let refused = self.diagnostics.get_mut(before..).into_iter().flatten();
                if let Some(row) = usage {
                    // What is wrong inside of the argument is another matter.
                    refused.filter(|it| it.primary.span == value.span).for_each(|finding| {
                        finding.help.push(row.help.to_owned());
                    });
                }
            }
        }
        if wrong {
            return Type::Unknown;
        }
        let result = substitute(&signature.result, &bound);
        // What it is here, which the evaluation asks for: the sum of no sizes is a size.
        if signature.built_in && is_closed(&signature.result, &bound) {
            let params = signature.params.iter().map(|param| substitute(&param.ty, &bound));
            self.set_type(callee.id, &Type::Fn(params.collect(), Arc::new(result.clone())));
        }
        result
    }

    /// The default of a parameter; `unset` for one that may be absent.
    pub(super) fn parameter_default(&mut self, default: &Expr, ty: &Type) {
        if matches!(default.kind, ExprKind::Unset) && matches!(ty, Type::Optional(_)) {
            self.set_type(default.id, &Type::Never);
        } else {
            self.expr(default, Some(ty));
        }
    }

    /// Checks an argument; binds the variables that its type shows.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "these are lists to a builtin, and all others are what they are"
    )]
    fn argument(
        &mut self,
        value: &Expr,
        param: &Type,
        built_in: bool,
        bound: &mut BTreeMap<Arc<str>, Type>,
    ) {
        let over_elements = built_in && matches!(param, Type::List(_) | Type::Set(_));
        if is_closed(param, bound) && !over_elements {
            let want = substitute(param, bound);
            self.expr(value, Some(&want));
            return;
        }
        // Of lists in a list nothing is known before, for they may be sets and maps.
        let nested = matches!(param, Type::List(inner) if matches!(**inner, Type::List(_)));
        let hint = (!nested).then(|| substitute(param, bound));
        let found = self.hinted(value, hint.as_ref());
        let elements = match &found {
            Type::Set(element) | Type::Map(element) if over_elements => {
                Type::List(Arc::clone(element))
            }
            Type::Anonymous(fields) if over_elements => {
                Type::List(Arc::new(self.env.join_all(fields.values())))
            }
            _ => found.clone(),
        };
        if !self.unify(param, &elements, bound) {
            self.mismatch(value, &found, param);
        }
    }

    /// Brings a found type into a parameter's, binding variables. False where it does not fit.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a variable of the lambda's own says nothing"
    )]
    fn unify(&self, param: &Type, found: &Type, bound: &mut BTreeMap<Arc<str>, Type>) -> bool {
        match (param, found) {
            (_, Type::Unknown) => true,
            (Type::Optional(param), found) => self.unify(param, found.required(), bound),
            (_, Type::Optional(_)) => false,
            (Type::Variable(name), found) if &**name == AMOUNT => {
                let Some(found) = amount(found) else { return false };
                let known = bound.get(name).cloned().unwrap_or_else(|| found.clone());
                let joined = self.env.join(&known, &found);
                let fits = !matches!(joined, Type::Union(_));
                bound.insert(Arc::clone(name), joined);
                fits
            }
            (Type::Variable(name), found) => match bound.get(name) {
                Some(known) if self.env.fits(found, known) => true,
                Some(known) => {
                    let joined = self.env.join(known, found);
                    let fits = !matches!(joined, Type::Union(_)) || matches!(known, Type::Union(_));
                    bound.insert(Arc::clone(name), joined);
                    fits
                }
                None => {
                    bound.insert(Arc::clone(name), found.clone());
                    true
                }
            },
            (param, Type::Where(found, _)) => self.unify(param, found, bound),
            (Type::List(_) | Type::Set(_) | Type::Map(_), Type::Never) => true,
            // Lists in a list may be sets and maps as well, for a builtin takes those.
            (Type::List(param), Type::List(found) | Type::Set(found) | Type::Map(found))
            | (Type::Set(param), Type::Set(found) | Type::List(found))
            | (Type::Map(param), Type::Map(found)) => self.unify(param, found, bound),
            (Type::List(param) | Type::Map(param), Type::Anonymous(fields)) => {
                self.unify(param, &self.env.join_all(fields.values()), bound)
            }
            (Type::Fn(params, result), Type::Fn(found_params, found_result)) => {
                params.len() == found_params.len()
                    && params.iter().zip(found_params.iter()).all(|(a, b)| match b {
                        Type::Variable(_) => true,
                        b => self.unify(a, b, bound),
                    })
                    && self.unify(result, found_result, bound)
            }
            (Type::Union(members), found) => {
                members.iter().any(|member| self.unify(member, found, bound))
            }
            (param, found) => self.env.fits(found, &substitute(param, bound)),
        }
    }
}

/// The variable of the library that stands for a number, a duration or a size alone.
pub(super) const AMOUNT: &str = "n";

/// What such a variable becomes: ports count as numbers, and conditions do not go through a sum.
#[expect(clippy::wildcard_enum_match_arm, reason = "nothing else can be added up")]
fn amount(found: &Type) -> Option<Type> {
    match found.base() {
        Type::Int | Type::Port | Type::Never => Some(Type::Int),
        Type::Float => Some(Type::Float),
        Type::Duration => Some(Type::Duration),
        Type::Size => Some(Type::Size),
        _ => None,
    }
}

/// Whether every variable of a type is bound.
fn is_closed(ty: &Type, bound: &BTreeMap<Arc<str>, Type>) -> bool {
    if let Type::Variable(name) = ty {
        bound.contains_key(name)
    } else {
        ty.parts().all(|part| is_closed(part, bound))
    }
}

/// The type with its variables replaced; unbound ones are unknown.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a type without parts has no variable in it; a record literal is no declared type"
)]
fn substitute(ty: &Type, bound: &BTreeMap<Arc<str>, Type>) -> Type {
    let inner = |ty: &Type| Arc::new(substitute(ty, bound));
    match ty {
        Type::Variable(name) => bound.get(name).cloned().unwrap_or(Type::Unknown),
        Type::List(element) => Type::List(inner(element)),
        Type::Set(element) => Type::Set(inner(element)),
        Type::Map(element) => Type::Map(inner(element)),
        Type::Optional(base) => substitute(base, bound).optional(),
        Type::Where(base, id) => Type::Where(inner(base), *id),
        Type::Union(members) => {
            Type::Union(members.iter().map(|member| substitute(member, bound)).collect())
        }
        Type::Fn(params, result) => {
            Type::Fn(params.iter().map(|param| substitute(param, bound)).collect(), inner(result))
        }
        other => other.clone(),
    }
}
