//! Newcomers' guesses in quotes: a reference, a path, a number, a mount as Docker writes it.

use super::checker::Checker;
use super::types::Type;
use crate::ast::Expr;
use crate::diagnostic::Diagnostic;
use crate::lexer::{as_duration, as_size};
use crate::network::whole_network;

pub(super) const A_DURATION: &str = "a duration has a unit: `30s`, `1h30m`";
pub(super) const A_SIZE: &str = "a size has a unit: `512MiB`, `2GB`";
/// What a letter alone means behind a number of bytes (podman-run(1), systemd.resource-control(5)).
pub(super) const LETTER: &str = "Podman, Docker and systemd mean 1024s by `k`, `m`, `g` and `t`";

impl Checker<'_> {
    /// A string where something else is wanted: quotes too many?
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "of the many types those that a string may have been meant for have a remedy"
    )]
    pub(super) fn quoted(
        &self,
        diagnostic: Diagnostic,
        expr: &Expr,
        text: &str,
        candidates: &[Type],
    ) -> Diagnostic {
        let bare = |diagnostic: Diagnostic, right: String| {
            diagnostic.help(format!("write it without quotes: `{right}`")).fix(
                "remove the quotes",
                expr.span,
                right,
            )
        };
        if let Some((target, value)) = mount(text) {
            return diagnostic.help(keyed(&target, &value));
        }
        for candidate in candidates {
            match candidate {
                Type::Enum(id)
                    if self.env.declarations.enumeration(*id).variant(text).is_some() =>
                {
                    return bare(diagnostic, text.to_owned());
                }
                Type::Ref(id) => {
                    let kind = self.env.tables.kind_of.get(id);
                    let first = text.split('.').next().unwrap_or("");
                    let known = self.env.model_field(first).is_some()
                        || self
                            .cx
                            .entity
                            .is_some_and(|entity| self.env.field_type(entity, first).is_some());
                    if text.contains('.') && known && text.split('.').all(is_word) {
                        return bare(diagnostic, text.to_owned());
                    }
                    if let Some(kind) = kind
                        && !is_word(text)
                    {
                        return diagnostic.help(format!(
                            "it refers to a `{kind}`, which is declared: `{kind} x {{ … }}`, and read as `{kind}.x`"
                        ));
                    }
                    if let Some(kind) = kind
                        && is_word(text)
                    {
                        let right = format!("{kind}.{text}");
                        return diagnostic
                            .help(format!("a reference names its kind, without quotes: `{right}`"))
                            .fix(format!("write `{right}`"), expr.span, right);
                    }
                }
                Type::Bool if matches!(text, "true" | "false") => {
                    return bare(diagnostic, text.to_owned());
                }
                Type::Int | Type::Port if text.parse::<u32>().is_ok() => {
                    return bare(diagnostic, text.to_owned());
                }
                Type::Float
                    if text.parse::<f64>().is_ok()
                        && text.starts_with(|c: char| c.is_ascii_digit()) =>
                {
                    return bare(diagnostic, text.to_owned());
                }
                Type::Address if text.parse::<std::net::IpAddr>().is_ok() => {
                    return bare(diagnostic, text.to_owned());
                }
                Type::Subnet if whole_network(text).is_ok() => {
                    return bare(diagnostic, text.to_owned());
                }
                Type::Path if is_path(text) && text.starts_with('/') => {
                    return bare(diagnostic, text.to_owned());
                }
                Type::File if is_path(text) && text.starts_with("./") => {
                    return bare(diagnostic, text.to_owned());
                }
                Type::Duration => {
                    return match as_duration(text) {
                        Some(right) => bare(diagnostic, right),
                        None => diagnostic.help(A_DURATION),
                    };
                }
                Type::Size => {
                    return match as_size(text) {
                        Some(right) => {
                            let meant = text.ends_with(|c: char| "kKmMgGtT".contains(c));
                            let diagnostic = bare(diagnostic, right);
                            if meant { diagnostic.help(LETTER) } else { diagnostic }
                        }
                        None => diagnostic.help(A_SIZE),
                    };
                }
                Type::Mode if text.len() >= 3 && text.chars().all(|c| ('0'..='7').contains(&c)) => {
                    return bare(diagnostic, format!("0o{}", text.trim_start_matches('0')));
                }
                _ => {}
            }
        }
        for candidate in candidates {
            if let Type::List(element) | Type::Set(element) = candidate
                && let Some(right) = self.without_quotes(text, element)
            {
                let right = format!("[{right}]");
                return diagnostic.help(format!("a list of one, without quotes: `{right}`")).fix(
                    "write it as a list",
                    expr.span,
                    right,
                );
            }
        }
        let elements = candidates.iter().any(|candidate| match candidate {
            Type::List(element) | Type::Set(element) => self.env.fits(&Type::String, element),
            _ => false,
        });
        if elements { brackets(diagnostic, expr, self.text(expr.span)) } else { diagnostic }
    }
}

impl Checker<'_> {
    /// What a text means as an element of this type, written without quotes.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone are written without quotes")]
    fn without_quotes(&self, text: &str, element: &Type) -> Option<String> {
        let fits = self.env.candidates(element).iter().any(|candidate| match candidate {
            Type::Path => text.starts_with('/') && is_path(text),
            Type::Address => text.parse::<std::net::IpAddr>().is_ok(),
            Type::Subnet => whole_network(text).is_ok(),
            Type::Int | Type::Port => text.parse::<u16>().is_ok(),
            _ => false,
        });
        fits.then(|| text.to_owned())
    }
}

pub(super) fn brackets(diagnostic: Diagnostic, expr: &Expr, text: &str) -> Diagnostic {
    let right = format!("[{text}]");
    diagnostic.help(format!("a list of one: `{right}`")).fix("put it in brackets", expr.span, right)
}

/// A mount as Docker writes it, `"/a:/b:ro"`: its place in the container, and its source as a value.
pub(super) fn mount(text: &str) -> Option<(String, String)> {
    let (source, rest) = text.split_once(':')?;
    if !source.starts_with(['/', '.']) || !rest.starts_with('/') {
        return None;
    }
    let (target, options) = match rest.split_once(':') {
        Some((target, options)) => (target, options),
        None => (rest, ""),
    };
    let read_only = options.split(',').any(|option| option == "ro");
    let value = if read_only {
        format!("{{ source = {source}, read_only = true }}")
    } else {
        source.to_owned()
    };
    Some((target.to_owned(), value))
}

pub(super) fn keyed(target: &str, value: &str) -> String {
    format!("a mount is keyed by its place in the container: `{{ \"{target}\" = {value} }}`")
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

fn is_path(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "._-+@/".contains(c))
}
