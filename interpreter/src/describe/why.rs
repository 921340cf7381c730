//! Why the model, or a line of the output, is as it is.

use std::sync::Arc;

use qg_evaluation::spell;
use qg_evaluation::value::{NodeId, Val, Value};
use qg_fleet::leaf::OriginId;
use qg_lang::ast::{Expr, ExprKind};
use qg_lang::diagnostic::closest;
use qg_lang::source::SourceFile;
use qg_lang::span::FileId;
use qg_targets::OutputFile;

use super::{Described, FAR, GLANCE, ProvenancePart, View, names};
use crate::Build;

/// A line of the output, and who said what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    /// The values that made it, in order.
    pub values: Vec<Described>,
}

/// Why there is nothing to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexplained {
    pub message: String,
    pub help: Option<String>,
}

impl Unexplained {
    fn new(message: impl Into<String>) -> Unexplained {
        Unexplained { message: message.into(), help: None }
    }

    /// Something misspelled among what is there.
    fn near<'n>(mut self, name: &str, known: impl Iterator<Item = &'n str>) -> Unexplained {
        self.help = closest(name, known).map(|near| format!("did you mean `{near}`?"));
        self
    }
}

impl Build {
    /// The value at a place of the model, as `service.sonarr.route.web.expose`, and all that is known
    /// about who said it.
    ///
    /// # Errors
    /// Where the model has no such place.
    pub fn why(&self, path: &str) -> Result<Described, Unexplained> {
        let keys = typed(path).ok_or_else(|| {
            let mut wrong = Unexplained::new(format!("`{path}` is no place in the model"));
            wrong.help = Some("a place is written as `service.sonarr.route.web.expose`".to_owned());
            wrong
        })?;
        self.look(|view| {
            let model = view.state.model.ok_or_else(|| Unexplained::new("there is no model"))?;
            let mut node = model;
            let (last, way) = keys.split_last().ok_or_else(|| Unexplained::new("no place"))?;
            for (done, key) in way.iter().enumerate() {
                node = view
                    .below(node, key)
                    .ok_or_else(|| view.missing(node, keys.get(..done).unwrap_or_default(), key))?;
            }
            view.described(node, last, FAR).ok_or_else(|| view.missing(node, way, last))
        })
    }

    /// Who said a line (from 1) of a file that was made of this fleet.
    ///
    /// # Errors
    /// Where the file has no such line.
    pub fn why_line(&self, file: &OutputFile, number: usize) -> Result<Line, Unexplained> {
        let text = number.checked_sub(1).and_then(|index| file.text.lines().nth(index));
        let Some(text) = text else {
            let count = file.text.lines().count();
            let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
            let message = format!("{} has no line {number}: it has {lines}", file.path);
            return Err(Unexplained { message, help: Some("lines count from 1".to_owned()) });
        };
        let origins = file.lines.get(number - 1).map_or(&[][..], Vec::as_slice);
        Ok(Line { text: text.to_owned(), values: self.behind(origins) })
    }

    /// The values that have these origins, each with who said it.
    #[must_use]
    pub fn behind(&self, origins: &[OriginId]) -> Vec<Described> {
        self.look(|view| {
            let mut values: Vec<(Described, bool)> = Vec::new();
            for origin in origins {
                let one = view.of_origin(*origin);
                if one.said.is_empty() {
                    continue;
                }
                let element = view.places().is_element(*origin);
                match values.iter_mut().find(|(it, _)| !it.path.is_empty() && it.path == one.path) {
                    Some((same, of_elements)) => {
                        // The whole list tells more than one of its elements.
                        same.value = match (*of_elements, element) {
                            (true, true) => both(same.value.take(), one.value.as_deref()),
                            (true, false) => one.value.clone(),
                            (false, _) => same.value.take(),
                        };
                        *of_elements &= element;
                        view.join(same, one);
                    }
                    None => values.push((one, element)),
                }
            }
            values.into_iter().map(|(value, _)| value).collect()
        })
    }
}

impl View<'_> {
    fn of_origin(self, origin: OriginId) -> Described {
        match self.places().get(origin) {
            Some((path, val)) => {
                let said = self.said(val, FAR);
                let value = (!val.is_unknown()).then(|| self.speller(GLANCE).spell(val, 0));
                Described { path, value, said }
            }
            None => {
                let said = self.said(&Val::new(Value::Unknown, origin), FAR);
                Described { path: String::new(), value: None, said }
            }
        }
    }

    /// A second origin of one place: an element and the list it stands in, or two elements.
    fn join(self, one: &mut Described, other: Described) {
        for said in other.said {
            let known = |it: &super::Provenance| {
                (it.how == said.how || (said.is_made() && it.is_source()))
                    && self.analysis.sources.place(it.span)
                        == self.analysis.sources.place(said.span)
            };
            if !one.said.iter().any(known) {
                one.said.push(said);
            }
        }
        one.said.sort_by_key(|it| it.part == ProvenancePart::Lost);
    }

    /// There is no such key; what is there instead.
    fn missing(self, node: NodeId, way: &[Arc<str>], key: &str) -> Unexplained {
        let names = names(self.analysis, self.state.node(node));
        let way: Vec<String> = way.iter().map(|key| spell(key)).collect();
        let place = if way.is_empty() { "the model".to_owned() } else { way.join(".") };
        let removed = self.state.removed.get(&(node, Arc::from(key)));
        if let Some(unset) = removed {
            let by = self.analysis.sources.place(*unset);
            return Unexplained::new(format!("`{place}.{key}` is taken away in {by}"));
        }
        let message = match names.iter().any(|name| &**name == key) {
            true => format!("`{place}.{key}` has nothing in it, or an error"),
            false => format!("`{place}` has no `{key}`"),
        };
        Unexplained::new(message)
            .near(key, names.iter().map(|name| &**name).filter(|it| *it != key))
    }
}

/// Two elements, in their order.
fn both(one: Option<String>, other: Option<&str>) -> Option<String> {
    Some(format!("{}, {}", one?, other?))
}

/// The keys of a way into the model, as it is typed.
fn typed(path: &str) -> Option<Vec<Arc<str>>> {
    let source = SourceFile::new(FileId(0), "", path);
    let (parsed, _, findings) = qg_lang::parser::parse_expr(&source);
    let parsed = parsed.filter(|_| findings.is_empty())?;
    keys(&parsed)
}

/// The keys of an expression that names a way into the model.
#[expect(clippy::wildcard_enum_match_arm, reason = "names and fields alone lead into the model")]
pub(crate) fn keys(expr: &Expr) -> Option<Vec<Arc<str>>> {
    let mut keys = Vec::new();
    let mut at = expr;
    loop {
        match &at.kind {
            ExprKind::Get(base, key) => {
                keys.push(key.literal()?);
                at = base;
            }
            ExprKind::Name(name) => {
                keys.push(Arc::clone(&name.text));
                keys.reverse();
                return Some(keys);
            }
            _ => return None,
        }
    }
}
