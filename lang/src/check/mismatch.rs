//! What to say where a value does not fit: the newcomer's wrong guesses first.

use super::calls::AMOUNT;
use super::checker::Checker;
use super::formats;
use super::guesses::{A_DURATION, A_SIZE, LETTER, brackets, keyed, mount};
use super::types::{Resolution, Type};
use crate::ast::{BinaryOp, Expr, ExprKind, ListItem};
use crate::diagnostic::codes::types;
use crate::diagnostic::{Diagnostic, first_of, some_of};
use crate::elsewhere::{Row, row};
use crate::lexer::as_size;

/// Whether a text, or a list, stands there; what Docker calls a mount has words of its own.
#[expect(clippy::wildcard_enum_match_arm, reason = "texts and lists alone are looked at")]
fn is_text_or_list(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Text(template) => template.literal().is_none_or(|text| mount(&text).is_none()),
        ExprKind::List(items) => items.first().is_none_or(|item| is_text_or_list(&item.value)),
        ExprKind::Record(_) | ExprKind::Name(_) | ExprKind::Get(..) => false,
        _ => true,
    }
}

/// `A = "b", C = "d"` of `["A=b", "C=d"]`.
fn pairs(items: &[ListItem]) -> Option<String> {
    let pair = |item: &ListItem| {
        let ExprKind::Text(template) = &item.value.kind else { return None };
        let text = template.literal()?;
        let (key, value) = text.split_once('=')?;
        let word = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let key = if word { key.to_owned() } else { format!("{key:?}") };
        Some(format!("{key} = {value:?}"))
    };
    let pairs = items.iter().map(pair).collect::<Option<Vec<_>>>()?;
    (!pairs.is_empty()).then(|| pairs.join(", "))
}

/// Whether a number, duration or size stands there itself.
fn literal(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Int(_) | ExprKind::Duration(_) | ExprKind::Size(_))
}

impl Checker<'_> {
    /// Holds a found type against the wanted one: gives the wanted one, or reports.
    pub(super) fn demand(&mut self, expr: &Expr, found: &Type, want: &Type) -> Type {
        if *found == Type::Unknown {
            return Type::Unknown;
        }
        if *want.base() == Type::Anything && !self.leads_into_model(expr, found) {
            return self.wrong(expr, made_here(expr));
        }
        if self.env.fits(found, want) || self.env.fits(self.there(expr, found), want) {
            return if self.refined(expr, want) { want.clone() } else { Type::Unknown };
        }
        self.mismatch(expr, found, want)
    }

    /// Whether an expression reads something of the model, rather than to make a value.
    fn leads_into_model(&self, expr: &Expr, found: &Type) -> bool {
        match &expr.kind {
            ExprKind::Name(_) | ExprKind::Get(..) => {
                !matches!(self.resolution(expr.id), Some(Resolution::Variant(..)))
            }
            ExprKind::SelfRecord
            | ExprKind::If(..)
            | ExprKind::Match(..)
            | ExprKind::Binary(BinaryOp::Else, ..)
            | ExprKind::Unset
            | ExprKind::Error => true,
            // A function may pick out a thing; any other value is its own.
            ExprKind::Call(..) | ExprKind::Pipe(..) => matches!(found.base(), Type::Ref(_)),
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Duration(_)
            | ExprKind::Size(_)
            | ExprKind::Mode(_)
            | ExprKind::Path(_)
            | ExprKind::File(_)
            | ExprKind::Address(_)
            | ExprKind::Subnet(_)
            | ExprKind::Port(_)
            | ExprKind::Ports(..)
            | ExprKind::List(_)
            | ExprKind::Record(_)
            | ExprKind::Payload(..)
            | ExprKind::Lambda(..)
            | ExprKind::Is(..)
            | ExprKind::Has(..)
            | ExprKind::Binary(..)
            | ExprKind::Not(_)
            | ExprKind::Negate(_)
            | ExprKind::With(..)
            | ExprKind::Nix(_) => false,
        }
    }

    /// Reports a value that does not fit.
    pub(super) fn mismatch(&mut self, expr: &Expr, found: &Type, want: &Type) -> Type {
        let diagnostic = self.explain_mismatch(expr, found, want);
        let diagnostic = match &self.cx.wanted_by {
            Some((span, name)) if !diagnostic.others.iter().any(|other| other.span == *span) => {
                diagnostic.also(*span, format!("`{name}` is declared here"))
            }
            _ => diagnostic,
        };
        self.wrong(expr, diagnostic)
    }

    fn explain_mismatch(&self, expr: &Expr, found: &Type, want: &Type) -> Diagnostic {
        if let Type::Optional(_) = found
            && self.env.fits(found.required(), want)
        {
            return self.absent(expr, "and here a value is needed");
        }
        let candidates = self.env.candidates(want);
        let want = want.required();
        if let Some(diagnostic) = self.identity(expr, found, want, &candidates) {
            return diagnostic;
        }
        if let Some(diagnostic) = self.sealed(expr, found, want) {
            return diagnostic;
        }
        if let Some(diagnostic) = self.module_value(expr, found, &candidates) {
            return diagnostic;
        }
        let diagnostic = Diagnostic::error(
            types::MISMATCH,
            expr.span,
            format!("this is {}, but {} is wanted here", self.env.a(found), self.env.a(want)),
        );
        if matches!(expr.kind, ExprKind::Text(_) | ExprKind::List(_))
            && is_text_or_list(expr)
            && let Some(row) = candidates.iter().find_map(|it| self.said_elsewhere(it))
        {
            return diagnostic.help(row.help);
        }
        if let ExprKind::Text(template) = &expr.kind {
            return match template.literal() {
                Some(text) => self.quoted(diagnostic, expr, &text, &candidates),
                None => self.spelled(diagnostic, expr, found, &candidates),
            };
        }
        let diagnostic = self.spelled(diagnostic, expr, found, &candidates);
        self.hints(diagnostic, expr, found, want, &candidates)
    }

    /// A computed text where something is wanted that a text can spell.
    fn spelled(
        &self,
        diagnostic: Diagnostic,
        expr: &Expr,
        found: &Type,
        candidates: &[Type],
    ) -> Diagnostic {
        let spells = |candidate: &&Type| {
            matches!(candidate, Type::Address | Type::Subnet | Type::Path | Type::Int | Type::Port)
        };
        let Some(wanted) = candidates.iter().find(spells).filter(|_| *found.base() == Type::String)
        else {
            return diagnostic;
        };
        let function = if *wanted == Type::Port { "int".to_owned() } else { self.env.show(wanted) };
        let right = format!("{function}({})", self.text(expr.span));
        diagnostic
            .help(format!("a text is read by `{function}(…)`, which says where it spells none"))
            .fix(format!("read it by `{function}`"), expr.span, right)
    }

    /// What is said of a text or list where records of a schema are wanted.
    #[expect(clippy::wildcard_enum_match_arm, reason = "records have a schema, and maps of them")]
    fn said_elsewhere(&self, candidate: &Type) -> Option<Row> {
        match candidate {
            Type::Record(id) => row(&self.env.schema(*id).name, "\""),
            Type::Map(element) => self.said_elsewhere(element),
            _ => None,
        }
    }

    /// Rule 15: references have identity, records written in place have none.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone have, or want, an identity")]
    fn identity(
        &self,
        expr: &Expr,
        found: &Type,
        want: &Type,
        candidates: &[Type],
    ) -> Option<Diagnostic> {
        let kind = |id| {
            self.env
                .tables
                .kind_of
                .get(id)
                .map_or_else(|| self.env.show(&Type::Ref(*id)), ToString::to_string)
        };
        match found {
            Type::Ref(id) if candidates.contains(&Type::Record(*id)) => Some(
                Diagnostic::error(
                    types::IDENTITY,
                    expr.span,
                    format!(
                        "a record is written in place here, and this refers to {} elsewhere",
                        self.env.a(found)
                    ),
                )
                .help(format!(
                    "write the record here, or a copy: `{} with {{ … }}`",
                    self.text(expr.span)
                )),
            ),
            Type::Record(id) if candidates.contains(&Type::Ref(*id)) => Some(
                Diagnostic::error(
                    types::IDENTITY,
                    expr.span,
                    format!(
                        "a reference to {} is wanted, and a copy has no identity",
                        self.env.a(want)
                    ),
                )
                .help(format!("declare it (`{} name {{ … }}`) and refer to it", kind(id))),
            ),
            Type::Anonymous(_) => {
                let wanted = candidates.iter().find_map(|candidate| match candidate {
                    Type::Ref(id) => Some(id),
                    _ => None,
                })?;
                let record =
                    candidates.iter().any(|it| matches!(it, Type::Record(_) | Type::Map(_)));
                (!record).then(|| {
                    Diagnostic::error(
                        types::IDENTITY,
                        expr.span,
                        format!("a reference to {} is wanted, and a record written in place has no identity", self.env.a(want)),
                    )
                    .help(format!("declare it (`{} name {{ … }}`) and refer to it", kind(wanted)))
                })
            }
            _ => None,
        }
    }

    /// Rule 5: no secret outside of sealed fields.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone hold secrets")]
    fn sealed(&self, expr: &Expr, found: &Type, want: &Type) -> Option<Diagnostic> {
        match found {
            Type::Sealed => Some(
                Diagnostic::error(
                    types::SEALED,
                    expr.span,
                    format!("this holds a secret, and {} is not sealed", self.env.a(want)),
                )
                .help("only sealed fields hold secrets: environments, headers, rendered files; or use the secret's `.path`"),
            ),
            Type::Ref(id) if self.env.schema(*id).sealed => {
                let path = self.env.field_type(*id, "path");
                let diagnostic = Diagnostic::error(
                    types::SEALED,
                    expr.span,
                    format!("a secret's value never enters the language, and {} is wanted here", self.env.a(want)),
                );
                Some(match path {
                    Some(path) if self.env.fits(&path, want) => diagnostic
                        .help("the file that holds it on its host is its `.path`")
                        .fix("use its `.path`", expr.span.tail(), ".path"),
                    _ => diagnostic,
                })
            }
            _ => None,
        }
    }

    /// Rule 20: what a NixOS module does not take.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these have a remedy of their own")]
    fn module_value(&self, expr: &Expr, found: &Type, candidates: &[Type]) -> Option<Diagnostic> {
        if candidates != [Type::Module] && candidates != [Type::Data] {
            return None;
        }
        let module = candidates == [Type::Module];
        let refuse = |what: &str| {
            let place = if module { "in a NixOS module" } else { "in free data" };
            Diagnostic::error(
                types::MODULE_VALUE,
                expr.span,
                format!("{what} has no meaning {place}"),
            )
        };
        match found.base() {
            Type::Duration | Type::Size => {
                let what = if *found.base() == Type::Size { "a size" } else { "a duration" };
                let text = self.text(expr.span);
                let diagnostic = refuse(what).help(
                    "each option spells it in its own way: write the string or the number it wants",
                );
                Some(match &expr.kind {
                    ExprKind::Duration(_) | ExprKind::Size(_) => {
                        diagnostic.fix("write it as a string", expr.span, format!("\"{text}\""))
                    }
                    _ => diagnostic,
                })
            }
            Type::Ref(_) => Some(refuse("a reference").help("use one of its fields, as `.name`")),
            Type::Fn(..) => Some(refuse("a function")),
            Type::Enum(_) => {
                Some(refuse("an enum with payloads").help("`match` it to the data that is wanted"))
            }
            Type::Nix if !module => Some(refuse("a Nix expression")),
            Type::File if !module => Some(
                refuse("a file beside the sources")
                    .help("a path on the target begins with `/`; to fill in a file use `template`"),
            ),
            _ => None,
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "texts alone are looked at")]
    fn hints(
        &self,
        mut diagnostic: Diagnostic,
        expr: &Expr,
        found: &Type,
        want: &Type,
        candidates: &[Type],
    ) -> Diagnostic {
        let text = self.text(expr.span);
        if let (ExprKind::List(items), true) =
            (&expr.kind, candidates.iter().any(|it| matches!(it, Type::Map(_))))
        {
            let mounts: Option<Vec<(String, String)>> = items
                .iter()
                .map(|item| match &item.value.kind {
                    ExprKind::Text(template) => template.literal().as_deref().and_then(mount),
                    _ => None,
                })
                .collect();
            if let Some([(target, value), ..]) = mounts.as_deref() {
                return diagnostic.help(keyed(target, value));
            }
            if let Some(pairs) = pairs(items) {
                let right = format!("{{ {pairs} }}");
                return diagnostic.help(format!("a map is written `{right}`")).fix(
                    "write a map",
                    expr.span,
                    right,
                );
            }
        }
        if let Type::List(element) = want
            && matches!(&**element, Type::Variable(name) if &**name == AMOUNT)
        {
            return diagnostic
                .help("`n` stands for an int, a float, a duration or a size, the same for all");
        }
        for candidate in candidates {
            match (found, candidate) {
                (_, Type::List(element) | Type::Set(element)) if self.env.fits(found, element) => {
                    return brackets(diagnostic, expr, text);
                }
                (Type::Set(_), Type::List(_)) => {
                    return diagnostic
                        .help(format!("a list of its elements is `[for x in {text}: x]`"));
                }
                (Type::Map(_), Type::List(_) | Type::Set(_)) => {
                    return diagnostic.help(format!("the list of its values is `values({text})`"));
                }
                (
                    Type::Int | Type::Float | Type::Bool | Type::Port | Type::Path | Type::Address,
                    Type::String,
                ) if !text.is_empty() && !text.contains(['"', '\n']) => {
                    let literal = !matches!(
                        expr.kind,
                        ExprKind::Name(_) | ExprKind::Get(..) | ExprKind::Call(..)
                    );
                    let right =
                        if literal { format!("\"{text}\"") } else { format!("\"${{{text}}}\"") };
                    return diagnostic.help(format!("as a string: `{right}`")).fix(
                        "make it a string",
                        expr.span,
                        right,
                    );
                }
                (Type::String, Type::Enum(id)) => {
                    let variants = &self.env.declarations.enumeration(*id).variants;
                    let all: Vec<&str> = variants.iter().map(|variant| &*variant.name).collect();
                    return diagnostic.help(format!("here can stand: {}", some_of(&all)));
                }
                (Type::Enum(id), Type::String)
                    if self
                        .env
                        .declarations
                        .enumeration(*id)
                        .variants
                        .iter()
                        .all(|it| it.payload.is_none()) =>
                {
                    let right = format!("\"${{{text}}}\"");
                    return diagnostic.help(format!("the name of the variant is `{right}`")).fix(
                        "make it a string",
                        expr.span,
                        right,
                    );
                }
                (Type::Int, Type::Mode) => {
                    return diagnostic.help("a mode is written in octal: `0o750`");
                }
                (Type::Int, Type::Duration) => {
                    let diagnostic = diagnostic.help(A_DURATION);
                    return match literal(expr) {
                        true => diagnostic,
                        false => diagnostic.help(format!("so many seconds: `{text} * 1s`")),
                    };
                }
                (Type::Int, Type::Size) => {
                    let diagnostic = diagnostic.help(A_SIZE);
                    return match literal(expr) {
                        true => diagnostic,
                        false => diagnostic.help(format!("so many bytes: `{text} * 1B`")),
                    };
                }
                (Type::Duration, Type::Int) => {
                    return diagnostic.help(format!("as a number of seconds: `seconds({text})`"));
                }
                (Type::Size, Type::Int) => {
                    return diagnostic.help(format!("as a number of bytes: `bytes({text})`"));
                }
                (Type::Duration, Type::Size) => {
                    if let Some(right) = literal(expr).then(|| as_size(text)).flatten() {
                        return diagnostic.help(format!("`m` are minutes; {LETTER}")).fix(
                            format!("write `{right}`"),
                            expr.span,
                            right,
                        );
                    }
                    return diagnostic.help(A_SIZE);
                }
                (Type::Size, Type::Duration) => return diagnostic.help(A_DURATION),
                _ => {}
            }
        }
        if let Type::Ref(id) | Type::Record(id) = found.base() {
            let fits = |ty: &Type| *ty != Type::Unknown && self.env.fits(ty.required(), want);
            // Prose and switches are hardly meant, where there is more to choose from.
            let meant = |ty: &Type| !matches!(ty.base(), Type::Bool | Type::String);
            let fields = || self.env.schema(*id).fields.iter().filter(|field| fits(&field.ty));
            let mut fitting: Vec<String> = fields()
                .filter(|field| meant(&field.ty))
                .map(|field| format!("`.{}`", field.name))
                .collect();
            // An account has a number and a name; what else there is comes behind them.
            let numbers = fields().filter(|field| *field.ty.base() == Type::Int).count();
            if self.env.is_kind(*id) && self.env.fits(&Type::String, want) {
                fitting.sort_by_key(|name| {
                    !fields()
                        .any(|it| *it.ty.base() == Type::Int && *name == format!("`.{}`", it.name))
                });
                fitting.insert(numbers.min(fitting.len()), "`.name`".to_owned());
            }
            if fitting.is_empty() {
                fitting = fields().map(|field| format!("`.{}`", field.name)).collect();
            }
            if !fitting.is_empty() {
                let fitting = first_of(&fitting, 4, " or ");
                diagnostic = diagnostic.help(format!("say which of its fields: {fitting}"));
            }
        }
        if let Some(form) = candidates.iter().find(|it| formats::has_form(it))
            && matches!(found, Type::Url | Type::Hostname | Type::Calendar | Type::Image)
        {
            diagnostic = diagnostic.help(format!(
                "as a string it is held against the form of a {}: `\"${{…}}\"`",
                self.env.show(form)
            ));
        }
        diagnostic
    }
}

/// A value that is made where something of the model is wanted.
fn made_here(expr: &Expr) -> Diagnostic {
    Diagnostic::error(
        types::MISMATCH,
        expr.span,
        "this is made here, and something of the model is wanted",
    )
    .help("say a reference, `service.app`, or a value that is read from one, `service.app.container.image`")
}
