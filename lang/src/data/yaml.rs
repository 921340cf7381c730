//! YAML 1.2 with its core schema: `no` and `on` are texts, as are times and dates.

use std::collections::BTreeMap;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::{Datum, DatumKind, Reader};
use crate::ast::Name;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;
use crate::span::Span;

/// A collection that is not closed yet.
struct Open {
    kind: OpenKind,
    span: Span,
    anchor: usize,
    /// How many values it has so far.
    size: usize,
}

enum OpenKind {
    List(Vec<Datum>),
    /// The last one is a key that waits for its value.
    Record(Vec<(Name, Datum)>, Option<Name>),
}

struct Yaml<'r, 's> {
    reader: &'r mut Reader<'s>,
    /// The byte at which each character of the text begins.
    bytes: Vec<usize>,
    open: Vec<Open>,
    /// What has a name, and how many values that is.
    anchors: BTreeMap<usize, (Datum, usize)>,
    done: Option<Datum>,
    documents: usize,
    /// What was wrong in such a way that nothing behind it is looked at.
    broken: bool,
}

pub(super) fn read(reader: &mut Reader<'_>, text: &str, start: usize) -> Datum {
    let whole = reader.span(start, start + text.len());
    let ends = text.char_indices().map(|(at, _)| start + at).chain([start + text.len()]);
    let mut yaml = Yaml {
        bytes: ends.collect(),
        reader,
        open: Vec::new(),
        anchors: BTreeMap::new(),
        done: None,
        documents: 0,
        broken: false,
    };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                let span = yaml.span(span.start.index(), span.end.index());
                yaml.event(event, span);
            }
            Err(error) => {
                let at = error.marker().index();
                let span = yaml.span(at, at);
                yaml.reader.unreadable(span, "YAML", error.info());
                yaml.broken = true;
            }
        }
        if yaml.broken {
            return Datum { kind: DatumKind::Wrong, span: whole };
        }
    }
    yaml.done.unwrap_or(Datum { kind: DatumKind::Null, span: whole })
}

impl Yaml<'_, '_> {
    /// From places in characters to the place in bytes.
    fn span(&self, start: usize, end: usize) -> Span {
        let last = self.bytes.last().copied().unwrap_or_default();
        let byte = |at: usize| self.bytes.get(at).copied().unwrap_or(last);
        self.reader.span(byte(start), byte(end.max(start)))
    }

    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents == 2 {
                    let message = "a second document begins here, and a file of data is one";
                    self.stop(names::DATA_FORM, span, message);
                }
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some((datum, size)) => {
                    if self.reader.take(size, span) && self.deep_enough(&datum, span) {
                        self.value(datum, size, 0);
                    } else {
                        self.broken = true;
                    }
                }
                None => self.stop(names::DATA_FORM, span, "this names what holds it itself"),
            },
            Event::Scalar(text, style, anchor, tag) => {
                let span = match style {
                    ScalarStyle::Literal | ScalarStyle::Folded => span,
                    ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                        self.trimmed(span)
                    }
                };
                if !self.reader.take(1, span) {
                    self.broken = true;
                    return;
                }
                if self.wants_key() {
                    self.key(&text, style, span);
                    return;
                }
                let Some(as_text) = self.tag(tag.as_deref(), span) else { return };
                let datum = match style == ScalarStyle::Plain && !as_text {
                    true => self.plain(&text, span),
                    false => Datum { kind: DatumKind::Text(Arc::from(&*text)), span },
                };
                self.value(datum, 1, anchor);
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(OpenKind::List(Vec::new()), span, anchor, tag.as_deref());
            }
            Event::MappingStart(anchor, tag) => {
                self.begin(OpenKind::Record(Vec::new(), None), span, anchor, tag.as_deref());
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }

    /// Tells what is wrong, and reads no further.
    fn stop(&mut self, code: crate::diagnostic::Code, span: Span, message: &str) {
        self.reader.wrong(code, span, message);
        self.broken = true;
    }

    /// A scalar without the blanks behind it.
    fn trimmed(&self, span: Span) -> Span {
        let text = self.reader.source.slice(span);
        Span { end: span.start + text.trim_end().len() as u32, ..span }
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { kind: OpenKind::Record(_, None), .. }))
    }

    fn key(&mut self, text: &str, style: ScalarStyle, span: Span) {
        if text == "<<" && style == ScalarStyle::Plain {
            let say = Diagnostic::error(names::DATA_KEY, span, "`<<` is no part of YAML 1.2").help(
                "write the fields out, or take them from a `let` in a source: `base with { … }`",
            );
            self.reader.say(say);
            self.broken = true;
            return;
        }
        let span = match style {
            // Without its quotes, so that another name can take its place.
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted if span.end > span.start + 1 => {
                Span { start: span.start + 1, end: span.end - 1, ..span }
            }
            ScalarStyle::SingleQuoted
            | ScalarStyle::DoubleQuoted
            | ScalarStyle::Plain
            | ScalarStyle::Literal
            | ScalarStyle::Folded => span,
        };
        if let Some(Open { kind: OpenKind::Record(_, waiting), .. }) = self.open.last_mut() {
            *waiting = Some(Name { text: text.into(), span });
        }
    }

    /// Whether a tag says that a scalar is a text; none after a report.
    fn tag(&mut self, tag: Option<&Tag>, span: Span) -> Option<bool> {
        match tag {
            None => Some(false),
            Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => Some(true),
            Some(tag) => {
                self.stop(names::DATA_FORM, span, &format!("the tag `{tag}` has no meaning here"));
                None
            }
        }
    }

    fn begin(&mut self, kind: OpenKind, span: Span, anchor: usize, tag: Option<&Tag>) {
        if self.wants_key() {
            self.stop(names::DATA_KEY, span, "a key is a text, and no list or record");
            return;
        }
        let depth = self.open.len() + 1;
        if !self.reader.take(1, span) || !self.reader.shallow(depth, span) {
            self.broken = true;
        } else if self.tag(tag, span).is_some() {
            self.open.push(Open { kind, span, anchor, size: 1 });
        }
    }

    fn end(&mut self, end: Span) {
        let Some(Open { kind, span, anchor, size }) = self.open.pop() else { return };
        let kind = match kind {
            OpenKind::List(items) => DatumKind::List(items),
            OpenKind::Record(fields, _) => DatumKind::Record(self.reader.keys(fields)),
        };
        let span = self.trimmed(span.to(end));
        self.value(Datum { kind, span }, size, anchor);
    }

    /// Whether what a name stands for nests no deeper than things may, here.
    fn deep_enough(&mut self, datum: &Datum, span: Span) -> bool {
        let depth = self.open.len() + height(datum);
        self.reader.shallow(depth, span)
    }

    /// Puts a value where it belongs; `size` values are in it.
    fn value(&mut self, datum: Datum, size: usize, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (datum.clone(), size));
        }
        let Some(Open { kind, size: all, .. }) = self.open.last_mut() else {
            self.done = Some(datum);
            return;
        };
        *all += size;
        match kind {
            OpenKind::List(items) => items.push(datum),
            OpenKind::Record(fields, waiting) => match waiting.take() {
                Some(name) => fields.push((name, datum)),
                None => {
                    let span = datum.span;
                    self.stop(names::DATA_KEY, span, "a key is a text, and no list or record");
                }
            },
        }
    }

    /// A scalar without quotes, by the core schema.
    fn plain(&mut self, text: &str, span: Span) -> Datum {
        let kind = match text {
            "" | "~" | "null" | "Null" | "NULL" => DatumKind::Null,
            "true" | "True" | "TRUE" => DatumKind::Bool(true),
            "false" | "False" | "FALSE" => DatumKind::Bool(false),
            _ => return self.number(text, span),
        };
        Datum { kind, span }
    }

    fn number(&mut self, text: &str, span: Span) -> Datum {
        let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
        let digits = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(octal) = text.strip_prefix("0o").filter(|it| digits(it)) {
            return self.reader.int(octal, 8, span);
        }
        if let Some(hex) =
            text.strip_prefix("0x").filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            return self.reader.int(hex, 16, span);
        }
        if digits(bare) {
            if bare.len() > 1 && bare.starts_with('0') {
                let message = format!("`{text}` is read in two ways: in base 8 and in base 10");
                let say = Diagnostic::error(names::DATA_VALUE, span, message)
                    .help("put it in quotes, or take the zeros away");
                self.reader.say(say);
                return Datum { kind: DatumKind::Wrong, span };
            }
            return self.reader.int(text, 10, span);
        }
        let special = matches!(bare, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN");
        let (mantissa, exponent) = match bare.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)))
            }
            None => (bare, None),
        };
        let pointed = match mantissa.split_once('.') {
            Some((whole, part)) => {
                (whole.is_empty() || digits(whole))
                    && (part.is_empty() || digits(part))
                    && !(whole.is_empty() && part.is_empty())
            }
            None => digits(mantissa) && exponent.is_some(),
        };
        if special || (pointed && exponent.is_none_or(digits)) {
            return self.reader.float(text, span);
        }
        Datum { kind: DatumKind::Text(text.into()), span }
    }
}

/// How deep a value nests.
fn height(datum: &Datum) -> usize {
    match &datum.kind {
        DatumKind::List(items) => 1 + items.iter().map(height).max().unwrap_or(0),
        DatumKind::Record(fields) => {
            1 + fields.iter().map(|(_, value)| height(value)).max().unwrap_or(0)
        }
        DatumKind::Table(..)
        | DatumKind::Null
        | DatumKind::Bool(_)
        | DatumKind::Int(_)
        | DatumKind::Float(_)
        | DatumKind::Text(_)
        | DatumKind::Cell(_)
        | DatumKind::Wrong => 1,
    }
}
