//! Values of enums: bare and qualified variants, payloads, `is` and `match`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checker::Checker;
use super::types::{EnumId, Resolution, Type};
use crate::ast::{Body, Expr, ExprKind, Key, MatchArm, Name, Pattern};
use crate::diagnostic::codes::{names, types};
use crate::diagnostic::{Diagnostic, closest, some_of};
use crate::span::Span;

impl Checker<'_> {
    /// A variant without braces: fine where its payload has nothing that must be said.
    pub(super) fn bare_variant(&mut self, expr: &Expr, id: EnumId, index: u32) -> Type {
        let enumeration = self.env.declarations.enumeration(id);
        let Some(variant) = enumeration.variants.get(index as usize) else { return Type::Unknown };
        let missing = variant.payload.map(|payload| self.env.required(payload)).unwrap_or_default();
        if let Some(first) = missing.first() {
            let names: Vec<String> =
                missing.iter().map(|field| format!("`{}`", field.name)).collect();
            let diagnostic = Diagnostic::error(
                types::MISSING_FIELD,
                expr.span,
                format!("`{}` wants {}", variant.name, names.join(" and ")),
            )
            .also(first.span, "declared here")
            .help(format!("say it in braces: `{} {{ {} = … }}`", variant.name, first.name));
            // `==` against such a variant is refused for a better reason.
            if self.cx.comparing == 0 {
                return self.wrong(expr, diagnostic);
            }
        }
        Type::Enum(id)
    }

    /// `Enum.variant`
    pub(super) fn qualified_variant(&mut self, expr: &Expr, id: EnumId, key: &Key) -> Type {
        let Some(name) = key.literal() else {
            let diagnostic = super::get::computed(key, &self.env.declarations.enumeration(id).name);
            return self.wrong(expr, diagnostic);
        };
        match self.env.declarations.enumeration(id).variant(&name) {
            Some((index, _)) => {
                self.resolve(expr.id, Resolution::Variant(id, index));
                self.bare_variant(expr, id, index)
            }
            None => {
                let diagnostic = self.unknown_variant(&[id], &name, key.span());
                self.wrong(expr, diagnostic)
            }
        }
    }

    /// `sso { … }`, `Login.sso { … }`
    pub(super) fn payload(
        &mut self,
        expr: &Expr,
        head: &Expr,
        body: &Arc<Body>,
        want: Option<&Type>,
    ) -> Type {
        let Some((id, index)) = self.payload_head(head, want) else {
            self.unknown_body(body);
            self.set_broken(expr.id);
            return Type::Unknown;
        };
        self.resolve(head.id, Resolution::Variant(id, index));
        self.resolve(expr.id, Resolution::Variant(id, index));
        self.set_type(head.id, &Type::Enum(id));
        let variant = self.env.declarations.enumeration(id).variants.get(index as usize);
        let Some(variant) = variant else { return Type::Unknown };
        let Some(payload) = variant.payload else {
            let diagnostic = Diagnostic::error(
                types::PAYLOAD,
                body.span,
                format!("`{}` has no payload", variant.name),
            )
            .also(variant.span, "declared here")
            .fix(
                "remove the braces",
                Span::new(body.span.file, head.span.end, body.span.end),
                "",
            );
            self.unknown_body(body);
            return self.wrong(expr, diagnostic);
        };
        self.whole_record(expr, payload, body);
        Type::Enum(id)
    }

    /// The variant before a payload.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all else is no variant, which is refused below"
    )]
    fn payload_head(&mut self, head: &Expr, want: Option<&Type>) -> Option<(EnumId, u32)> {
        match &head.kind {
            ExprKind::Get(base, key) => {
                if let Some(id) = self.enum_named(base) {
                    let name = key.literal()?;
                    if let Some((index, _)) = self.env.declarations.enumeration(id).variant(&name) {
                        return Some((id, index));
                    }
                    let diagnostic = self.unknown_variant(&[id], &name, key.span());
                    self.wrong(head, diagnostic);
                    return None;
                }
            }
            ExprKind::Name(name) => {
                // A payload's braces make it a variant, whatever else the name may mean.
                if let Some(variant) = want.and_then(|want| self.wanted_variant(want, &name.text)) {
                    return Some(variant);
                }
                let reads = self.reads.len();
                let known = self.lookup(&name.text, name.span).is_some();
                self.reads.truncate(reads);
                if !known {
                    let enums = want.map(|want| self.wanted_enums(want)).unwrap_or_default();
                    let diagnostic = if enums.is_empty() {
                        let mut diagnostic = Diagnostic::error(
                            names::UNKNOWN_NAME,
                            name.span,
                            format!("no variant `{}` is wanted here", name.text),
                        );
                        if let Some(want) = want {
                            diagnostic =
                                diagnostic.help(format!("here is wanted {}", self.env.a(want)));
                        }
                        diagnostic
                    } else {
                        self.unknown_variant(&enums, &name.text, name.span)
                    };
                    self.wrong(head, diagnostic);
                    return None;
                }
            }
            _ => {}
        }
        let found = self.expr(head, None);
        if found != Type::Unknown {
            let text = self.text(head.span);
            let diagnostic = Diagnostic::error(
                types::PAYLOAD,
                head.span,
                format!("`{text}` is no variant of an enum that is wanted here"),
            )
            .help(format!("a copy with other fields is written `{text} with {{ … }}`"))
            .fix("write `with`", head.span.tail(), " with");
            self.wrong(head, diagnostic);
        }
        None
    }

    /// The enums that a type allows.
    #[expect(clippy::wildcard_enum_match_arm, reason = "enums alone have variants")]
    fn wanted_enums(&self, ty: &Type) -> Vec<EnumId> {
        self.env
            .candidates(ty)
            .into_iter()
            .filter_map(|candidate| match candidate {
                Type::Enum(id) => Some(id),
                _ => None,
            })
            .collect()
    }

    fn unknown_variant(&self, enums: &[EnumId], name: &str, span: Span) -> Diagnostic {
        let declarations = self.env.declarations;
        let all: Vec<&str> = enums
            .iter()
            .flat_map(|id| &declarations.enumeration(*id).variants)
            .map(|variant| &*variant.name)
            .collect();
        let shown: Vec<&str> =
            enums.iter().map(|id| &*declarations.enumeration(*id).name).collect();
        let diagnostic = Diagnostic::error(
            names::UNKNOWN_VARIANT,
            span,
            format!("`{}` has no variant `{name}`", shown.join("` and `")),
        );
        let guess = self.may_guess();
        match guess.then(|| closest(name, all.iter().copied())).flatten() {
            Some(_) => diagnostic.suggest(name, span, all),
            None => diagnostic.help(format!("its variants: {}", some_of(&all))),
        }
    }

    /// `a is sso`
    pub(super) fn is_variant(&mut self, expr: &Expr, value: &Expr, name: &Name) -> Type {
        let outer = self.cx.wanted_by.take();
        let found = self.expr(value, None);
        self.cx.wanted_by = outer;
        if found == Type::Unknown {
            return Type::Bool;
        }
        let enums = self.wanted_enums(&found);
        if enums.is_empty() {
            let mut diagnostic = Diagnostic::error(
                types::NOT_AN_ENUM,
                value.span,
                format!("`is` tests which variant a value is, and this is {}", self.env.a(&found)),
            );
            if matches!(&*name.text, "none" | "null" | "absent" | "unset") {
                diagnostic = diagnostic.help("whether a value is there is asked with `has`");
            } else {
                diagnostic = diagnostic.help("other values are compared with `==`");
            }
            return self.wrong(expr, diagnostic);
        }
        let known = enums
            .iter()
            .any(|id| self.env.declarations.enumeration(*id).variant(&name.text).is_some());
        if !known {
            let diagnostic = self.unknown_variant(&enums, &name.text, name.span);
            return self.wrong(expr, diagnostic);
        }
        Type::Bool
    }

    /// `match v { sso s => …, else => … }`
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no enum is refused")]
    pub(super) fn match_arms(
        &mut self,
        expr: &Expr,
        head: &Expr,
        arms: &[MatchArm],
        want: Option<&Type>,
    ) -> Type {
        let outer = self.cx.wanted_by.take();
        let found = self.expr(head, None);
        self.cx.wanted_by = outer;
        let enumeration = match found.base() {
            _ if matches!(found, Type::Optional(_)) => {
                let diagnostic = self.absent(head, "and `match` wants a value");
                self.wrong(expr, diagnostic);
                None
            }
            Type::Enum(id) => Some(*id),
            Type::Unknown => None,
            other => {
                let diagnostic = Diagnostic::error(
                    types::NOT_AN_ENUM,
                    head.span,
                    format!("`match` wants a value of an enum, and this is {}", self.env.a(other)),
                );
                self.wrong(expr, diagnostic);
                None
            }
        };
        let mut seen: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        let mut rest: Option<Span> = None;
        let mut result = Type::Never;
        for arm in arms {
            let bound = match &arm.pattern {
                Pattern::Error(_) => None,
                Pattern::Else(span) => {
                    if let Some(first) = rest.replace(*span) {
                        self.arm_unreached(*span, first);
                    }
                    None
                }
                Pattern::Variant(name, binder) => {
                    if let Some(first) = rest.or_else(|| seen.get(&name.text).copied()) {
                        self.arm_unreached(name.span, first);
                    }
                    seen.insert(Arc::clone(&name.text), name.span);
                    let payload =
                        enumeration.and_then(|id| self.pattern(id, name, binder.as_ref()));
                    binder
                        .as_ref()
                        .map(|binder| (Arc::clone(&binder.text), payload.unwrap_or(Type::Unknown)))
                }
            };
            let found = self.scoped(|checker| {
                if let Some((name, ty)) = bound {
                    checker.bind(&name, ty);
                }
                match want {
                    Some(want) => checker.expr(&arm.value, Some(want)),
                    None => {
                        checker.hinted(&arm.value, Some(&result).filter(|ty| **ty != Type::Never))
                    }
                }
            });
            result = self.env.join(&result, &found);
        }
        if let Some(id) = enumeration
            && rest.is_none()
            && !arms.iter().any(hides_more)
        {
            self.complete(expr, head, id, &seen);
        }
        if arms.is_empty() { Type::Unknown } else { result }
    }

    fn arm_unreached(&mut self, span: Span, first: Span) {
        self.report(
            Diagnostic::error(types::MATCH_ARM, span, "this arm is never reached")
                .also(first, "covered here"),
        );
    }

    /// The type that an arm's binder gets.
    fn pattern(&mut self, id: EnumId, name: &Name, binder: Option<&Name>) -> Option<Type> {
        let Some((_, variant)) = self.env.declarations.enumeration(id).variant(&name.text) else {
            let diagnostic = self
                .unknown_variant(&[id], &name.text, name.span)
                .help("`else` stands for all that is left");
            self.report(diagnostic);
            return None;
        };
        match (variant.payload, binder) {
            (Some(payload), _) => Some(Type::Record(payload)),
            (None, Some(binder)) => {
                self.report(
                    Diagnostic::error(
                        types::MATCH_ARM,
                        binder.span,
                        format!("`{}` has no payload to be called `{}`", variant.name, binder.text),
                    )
                    .also(variant.span, "declared here"),
                );
                None
            }
            (None, None) => None,
        }
    }

    fn complete(&mut self, expr: &Expr, head: &Expr, id: EnumId, seen: &BTreeMap<Arc<str>, Span>) {
        let enumeration = self.env.declarations.enumeration(id);
        let missing: Vec<String> = enumeration
            .variants
            .iter()
            .filter(|variant| !seen.contains_key(&variant.name))
            .map(|variant| format!("`{}`", variant.name))
            .collect();
        if !missing.is_empty() {
            let diagnostic = Diagnostic::error(
                types::MATCH_INCOMPLETE,
                head.span,
                format!("the match does not cover {}", some_of(&missing)),
            )
            .also(enumeration.span, "declared here")
            .help("add arms for them, or `else => …`");
            self.wrong(expr, diagnostic);
        }
    }
}

/// Whether an arm could not be read, and may have swallowed others.
fn hides_more(arm: &MatchArm) -> bool {
    matches!(arm.pattern, Pattern::Error(_)) || matches!(arm.value.kind, ExprKind::Error)
}
