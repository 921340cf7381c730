//! Strings with holes, sealed strings, Nix expressions; the spelling of scalars.

use std::sync::Arc;

use qg_lang::ast::{Protocol, Template, TemplatePart};
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;
use qg_lang::stack::grow;
use qg_provenance::leaf::OriginId;

use super::state::{Ctx, Shape};
use super::{Evaluator, MAX_TEXT, TEXT_PER_STEP, TOO_LONG_HELP};
use crate::value::{Piece, Val, Value};

impl Evaluator<'_> {
    /// `"a ${b} c"`: text, or sealed where a secret stands in it.
    pub(super) fn text(&mut self, template: &Template, ctx: Ctx) -> Val {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut from: Vec<OriginId> = Vec::new();
        let mut length = 0;
        for part in &template.parts {
            match part {
                TemplatePart::Text(text, _) => {
                    length += text.len();
                    pieces.push(Piece::Text(Arc::clone(text)));
                }
                TemplatePart::Hole(expr) => {
                    let val = self.eval(expr, ctx);
                    from.push(val.origin);
                    match self.pieces(&val) {
                        Some(more) => {
                            length += more.iter().map(piece_length).sum::<usize>();
                            pieces.extend(more);
                        }
                        None => {
                            if !val.is_unknown() {
                                self.wrong_value(
                                    &val,
                                    expr.span,
                                    "something that can stand in a string",
                                );
                            }
                            return Val::unknown();
                        }
                    }
                }
            }
            if length > MAX_TEXT {
                self.charge(length / TEXT_PER_STEP, template.span);
                return self.too_long(template.span);
            }
        }
        if !self.written_out(length, template.span) {
            return Val::unknown();
        }
        let origin = if from.is_empty() {
            self.written(template.span, ctx)
        } else {
            self.computed(template.span, &from, ctx)
        };
        Val::new(seal(pieces), origin)
    }

    /// What a value is inside a string.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`spell_scalar` knows all others")]
    pub(super) fn pieces(&self, val: &Val) -> Option<Vec<Piece>> {
        match &val.value {
            Value::Sealed(pieces) => Some(pieces.to_vec()),
            Value::Ref(id) => self.is_sealed(*id).then(|| vec![Piece::Secret(*id)]),
            Value::Variant(id, index, None) => {
                let variants = &self.analysis.declarations.enumeration(*id).variants;
                variants.get(*index as usize).map(|it| vec![Piece::Text(Arc::clone(&it.name))])
            }
            Value::Text(text) | Value::Path(text) => Some(vec![Piece::Text(Arc::clone(text))]),
            other => spell_scalar(other).map(|text| vec![Piece::Text(text.into())]),
        }
    }

    /// Whether a node is a secret.
    pub(super) fn is_sealed(&self, id: crate::value::NodeId) -> bool {
        match self.state.node(id).shape {
            Shape::Record(schema) => self.analysis.declarations.schema(schema).sealed,
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => false,
        }
    }

    /// `nix"…"`: the text of the expression, with values in its holes spelled as Nix.
    pub(super) fn nix(&mut self, template: &Template, ctx: Ctx) -> Val {
        let mut text = String::new();
        let mut from = Vec::new();
        for part in &template.parts {
            match part {
                TemplatePart::Text(piece, _) => text.push_str(piece),
                TemplatePart::Hole(expr) => {
                    let val = self.eval(expr, ctx);
                    from.push(val.origin);
                    let Some(spelled) = self.nix_spelling(&val, expr.span) else {
                        return Val::unknown();
                    };
                    text.push('(');
                    text.push_str(&spelled);
                    text.push(')');
                }
            }
            if text.len() > MAX_TEXT {
                return self.too_long(template.span);
            }
        }
        if !self.written_out(text.len(), template.span) {
            return Val::unknown();
        }
        let origin = self.computed(template.span, &from, ctx);
        Val::new(Value::Nix(text.into()), origin)
    }

    /// A value as a Nix expression. None (and reported): it has none.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`spell_scalar` knows all others, and what has no spelling is refused"
    )]
    fn nix_spelling(&mut self, val: &Val, span: Span) -> Option<String> {
        if !self.charge(1, span) {
            return None;
        }
        match &val.value {
            Value::Unknown => None,
            Value::Bool(it) => Some(it.to_string()),
            Value::Int(it) => Some(it.to_string()),
            Value::Float(it) => Some(format!("{it:?}")),
            Value::Nix(text) => Some(text.to_string()),
            Value::List(list) | Value::Set(list) => {
                let items: Option<Vec<String>> = list
                    .items
                    .iter()
                    .map(|item| {
                        let text = grow(|| self.nix_spelling(item, span));
                        text.map(|text| format!("({text})"))
                    })
                    .collect();
                items.map(|items| format!("[ {} ]", items.join(" ")))
            }
            Value::Record(id) if !matches!(self.state.node(*id).shape, Shape::Record(_)) => {
                let mut text = String::from("{ ");
                for key in self.entries(*id) {
                    let inner = self.field(*id, &key);
                    let spelled = grow(|| self.nix_spelling(&inner, span))?;
                    text.push_str(&nix_string(&key));
                    text.push_str(" = ");
                    text.push_str(&spelled);
                    text.push_str("; ");
                }
                text.push('}');
                Some(text)
            }
            other => match spell_scalar(other) {
                Some(text) => Some(nix_string(&text)),
                None => {
                    self.report(
                        Diagnostic::error(
                            codes::eval::WRONG_VALUE,
                            span,
                            format!("{} cannot stand in a Nix expression", self.describe(val)),
                        )
                        .help("use one of its fields, as `.path` or `.name`"),
                    );
                    None
                }
            },
        }
    }

    fn too_long(&mut self, span: Span) -> Val {
        let limit = Diagnostic::error(
            codes::eval::TOO_LONG,
            span,
            "this string has more than 16 MiB when it is put together",
        )
        .help(TOO_LONG_HELP);
        self.fail(limit)
    }
}

/// The bytes of a piece; of a secret, what it takes to know it.
pub fn piece_length(piece: &Piece) -> usize {
    match piece {
        Piece::Text(text) => text.len(),
        Piece::Secret(_) => size_of::<Piece>(),
    }
}

/// Text where all pieces are text, sealed otherwise.
pub(super) fn seal(pieces: Vec<Piece>) -> Value {
    if pieces.iter().any(|piece| matches!(piece, Piece::Secret(_))) {
        return Value::Sealed(pieces.into());
    }
    let mut text = String::new();
    for piece in &pieces {
        if let Piece::Text(part) = piece {
            text.push_str(part);
        }
    }
    Value::Text(text.into())
}

/// A Nix string literal.
fn nix_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' => out.push_str("\\$"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A scalar as text: what interpolation puts in. None for lists, records and the like.
#[must_use]
pub fn spell_scalar(value: &Value) -> Option<String> {
    match value {
        Value::Text(it) | Value::Path(it) | Value::File(it) => Some(it.to_string()),
        Value::Bool(it) => Some(it.to_string()),
        Value::Int(it) => Some(it.to_string()),
        Value::Float(it) => Some(format!("{it:?}")),
        Value::Duration(millis) => Some(spell_duration(*millis)),
        Value::Size(bytes) => Some(spell_size(*bytes)),
        Value::Mode(mode) => Some(format!("{mode:04o}")),
        Value::Address(it) => Some(it.to_string()),
        Value::Subnet(it) => Some(it.to_string()),
        Value::Port(it) => Some(match it.protocol {
            Protocol::Tcp => it.number.to_string(),
            Protocol::Udp => format!("{}/udp", it.number),
        }),
        Value::Ports(first, last) => Some(format!("{first}-{last}")),
        Value::Unknown
        | Value::Absent
        | Value::Sealed(_)
        | Value::Nix(_)
        | Value::List(_)
        | Value::Set(_)
        | Value::Record(_)
        | Value::Ref(_)
        | Value::Variant(..)
        | Value::Function(_)
        | Value::Lambda(_) => None,
    }
}

/// A duration in the largest units that fit, as `1h30m`; `0s` for none.
#[must_use]
pub(crate) fn spell_duration(millis: u64) -> String {
    let mut rest = millis;
    let mut text = String::new();
    for (unit, length) in
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)]
    {
        let count = rest / length;
        rest %= length;
        if count > 0 {
            text.push_str(&count.to_string());
            text.push_str(unit);
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// A size in the largest unit that divides it, as `512MiB`.
#[must_use]
pub fn spell_size(bytes: u64) -> String {
    let units = [
        ("TiB", 1 << 40),
        ("TB", 1_000_000_000_000),
        ("GiB", 1 << 30),
        ("GB", 1_000_000_000),
        ("MiB", 1 << 20),
        ("MB", 1_000_000),
        ("KiB", 1 << 10),
        ("KB", 1_000),
    ];
    for (unit, length) in units {
        if bytes > 0 && bytes.is_multiple_of(length) {
            return format!("{}{unit}", bytes / length);
        }
    }
    format!("{bytes}B")
}

#[cfg(test)]
mod tests {
    use super::{spell_duration, spell_size};

    #[test]
    fn durations_and_sizes_read_as_written() {
        assert_eq!(spell_duration(5_400_000), "1h30m");
        assert_eq!(spell_duration(0), "0s");
        assert_eq!(spell_duration(1_500), "1s500ms");
        assert_eq!(spell_size(512 << 20), "512MiB");
        assert_eq!(spell_size(2_000_000_000), "2GB");
        assert_eq!(spell_size(0), "0B");
    }
}
