//! Values of enums: bare and qualified variants, payloads, `is` and `match`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checker::Checker;
use super::members::Meant;
use super::types::{EnumId, Resolution, Type};
use crate::ast::{Body, Case, Expr, ExprKind, Key, MatchArm, Name, Pattern};
use crate::diagnostic::codes::{names, types};
use crate::diagnostic::{Diagnostic, closest, some_of};
use crate::elsewhere::row;
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
                        if let Some(row) = row("value", &name.text) {
                            diagnostic = diagnostic.help(row.help);
                        } else if let Some(want) = want {
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

    /// `a is sso`, `a is &Port`
    pub(super) fn is_case(&mut self, expr: &Expr, value: &Expr, case: &Case) -> Type {
        let outer = self.cx.wanted_by.take();
        let found = self.expr(value, None);
        self.cx.wanted_by = outer;
        if found == Type::Unknown {
            return Type::Bool;
        }
        // What was asked before may have left one member alone.
        let alone = self.is_narrowed(value) && self.wanted_enums(&found).is_empty();
        let union = if alone { Type::Union([found.clone()].into()) } else { found.clone() };
        if let Type::Union(_) = union.base() {
            if self.member_called(&union, case).is_none() {
                self.set_broken(expr.id);
            }
            return Type::Bool;
        }
        let enums = self.wanted_enums(&found);
        let (Case::Name(name), false) = (case, enums.is_empty()) else {
            let diagnostic = self.no_cases(value, &found, case);
            return self.wrong(expr, diagnostic);
        };
        let known = enums
            .iter()
            .any(|id| self.env.declarations.enumeration(*id).variant(&name.text).is_some());
        if !known {
            let diagnostic = self
                .variant_with_enum(case)
                .unwrap_or_else(|| self.unknown_variant(&enums, &name.text, name.span));
            return self.wrong(expr, diagnostic);
        }
        Type::Bool
    }

    /// `is` before a value that is always of one type.
    fn no_cases(&self, value: &Expr, found: &Type, case: &Case) -> Diagnostic {
        let diagnostic = Diagnostic::error(
            types::NOT_AN_ENUM,
            value.span,
            format!(
                "`is` tests which variant or which member of a union a value is, and this is {}",
                self.env.a(found)
            ),
        );
        let absent = match case {
            Case::Name(name) => matches!(
                &*name.text,
                "none" | "None" | "null" | "nil" | "undefined" | "absent" | "unset"
            ),
            Case::Type(_) => false,
        };
        match absent {
            true => diagnostic.help("whether a value is there is asked with `has`"),
            false => diagnostic.help("other values are compared with `==`"),
        }
    }

    /// `match v { sso s => …, &Port p => …, else => … }`
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
        let subject = self.subject(expr, head, &found);
        let mut seen = Seen::default();
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
                Pattern::Case(case, binder) => {
                    let before = rest.or_else(|| seen.cases.get(self.text(case.span())).copied());
                    if let Some(first) = before {
                        self.arm_unreached(case.span(), first);
                    }
                    seen.cases.insert(self.text(case.span()).into(), case.span());
                    let ty = match &subject {
                        Some(Subject::Enum(id)) => self.pattern(*id, case, binder.as_ref()),
                        Some(Subject::Union(union)) => {
                            self.member_pattern(union, case, binder.as_ref(), &mut seen)
                        }
                        None => None,
                    };
                    binder
                        .as_ref()
                        .map(|binder| (Arc::clone(&binder.text), ty.unwrap_or(Type::Unknown)))
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
        if let Some(subject) = subject
            && rest.is_none()
            && !seen.unknown
            && !arms.iter().any(hides_more)
        {
            self.complete(expr, head, &subject, &seen);
        }
        if arms.is_empty() { Type::Unknown } else { result }
    }

    /// What the arms of a `match` are about; None after a report that it has no cases.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what has no cases is refused")]
    fn subject(&mut self, expr: &Expr, head: &Expr, found: &Type) -> Option<Subject> {
        match found.base() {
            _ if matches!(found, Type::Optional(_)) => {
                let diagnostic = self.absent(head, "and `match` wants a value");
                self.wrong(expr, diagnostic);
                None
            }
            Type::Enum(id) => Some(Subject::Enum(*id)),
            Type::Union(_) => Some(Subject::Union(found.clone())),
            Type::Unknown => None,
            other => {
                let message = format!(
                    "`match` wants a value of an enum or of a union, and this is {}",
                    self.env.a(other)
                );
                let diagnostic = Diagnostic::error(types::NOT_AN_ENUM, head.span, message);
                self.wrong(expr, diagnostic);
                None
            }
        }
    }

    fn arm_unreached(&mut self, span: Span, first: Span) {
        self.report(
            Diagnostic::error(types::MATCH_ARM, span, "this arm is never reached")
                .also(first, "covered here"),
        );
    }

    /// The type that an arm's binder gets, of a union.
    fn member_pattern(
        &mut self,
        union: &Type,
        case: &Case,
        binder: Option<&Name>,
        seen: &mut Seen,
    ) -> Option<Type> {
        match self.member_called(union, case) {
            Some(Meant::Member(member)) => {
                if let Type::Enum(id) = member.base()
                    && let Some((_, first)) = seen.variants.iter().find(|((of, _), _)| of == id)
                {
                    let names = seen.variants.keys().filter(|(of, _)| of == id).count();
                    if names == self.env.declarations.enumeration(*id).variants.len() {
                        self.arm_unreached(case.span(), *first);
                    }
                }
                // Under another name: `Port` and `&Port`.
                if let Some((_, first)) = seen.members.iter().find(|(known, _)| *known == member)
                    && self.text(*first) != self.text(case.span())
                {
                    self.arm_unreached(case.span(), *first);
                }
                seen.members.push((member.clone(), case.span()));
                Some(member)
            }
            Some(Meant::Variant(id, name)) => {
                if let Some((_, first)) =
                    seen.members.iter().find(|(known, _)| *known.base() == Type::Enum(id))
                {
                    self.arm_unreached(case.span(), *first);
                }
                seen.variants.insert((id, name), case.span());
                self.pattern(id, case, binder)
            }
            None => {
                seen.unknown = true;
                None
            }
        }
    }

    /// The type that an arm's binder gets, of an enum.
    fn pattern(&mut self, id: EnumId, case: &Case, binder: Option<&Name>) -> Option<Type> {
        let name = match case {
            Case::Name(name) => name,
            Case::Type(ty) => {
                let text = self.text(ty.span);
                let diagnostic = self
                    .unknown_variant(&[id], text, ty.span)
                    .help("`else` stands for all that is left");
                self.report(diagnostic);
                return None;
            }
        };
        let Some((_, variant)) = self.env.declarations.enumeration(id).variant(&name.text) else {
            let diagnostic = self.variant_with_enum(case).unwrap_or_else(|| {
                self.unknown_variant(&[id], &name.text, name.span)
                    .help("`else` stands for all that is left")
            });
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

    fn complete(&mut self, expr: &Expr, head: &Expr, subject: &Subject, seen: &Seen) {
        let declarations = self.env.declarations;
        let variants = |id: EnumId, whole: bool| {
            let enumeration = declarations.enumeration(id);
            let names = enumeration.variants.iter().map(|variant| &variant.name);
            names
                .filter(|name| match whole {
                    true => !seen.cases.contains_key(*name),
                    false => !seen.variants.contains_key(&(id, Arc::clone(name))),
                })
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
        };
        let (missing, declared) = match subject {
            Subject::Enum(id) => (variants(*id, true), Some(declarations.enumeration(*id).span)),
            Subject::Union(union) => {
                let mut missing = Vec::new();
                for member in union.members() {
                    if seen.members.iter().any(|(known, _)| known == member) {
                        continue;
                    }
                    let read = seen.variants.keys().map(|(of, _)| *of);
                    match read.into_iter().find(|of| *member.base() == Type::Enum(*of)) {
                        Some(id) => missing.extend(variants(id, false)),
                        None => missing.extend(self.env.words(&[member])),
                    }
                }
                (missing, None)
            }
        };
        if !missing.is_empty() {
            let mut diagnostic = Diagnostic::error(
                types::MATCH_INCOMPLETE,
                head.span,
                format!("the match does not cover {}", some_of(&missing)),
            )
            .help("add arms for them, or `else => …`");
            if let Some(declared) = declared {
                diagnostic = diagnostic.also(declared, "declared here");
            }
            self.wrong(expr, diagnostic);
        }
    }
}

/// What the arms of a `match` tell apart.
enum Subject {
    Enum(EnumId),
    Union(Type),
}

/// What arms have covered.
#[derive(Default)]
struct Seen {
    /// As they are written.
    cases: BTreeMap<Arc<str>, Span>,
    members: Vec<(Type, Span)>,
    /// Variants of an enum that is a member of a union.
    variants: BTreeMap<(EnumId, Arc<str>), Span>,
    /// Whether there was a case that means nothing: any may have been meant.
    unknown: bool,
}

/// Whether an arm could not be read, and may have swallowed others.
fn hides_more(arm: &MatchArm) -> bool {
    matches!(arm.pattern, Pattern::Error(_)) || matches!(arm.value.kind, ExprKind::Error)
}
