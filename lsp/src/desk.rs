//! The features of an editor for an expression that stands in no file, as the REPL reads it: what
//! may be typed next, and what a name means. The expression is put into a file behind all others,
//! as the value of a `let`; everything else is the editor's own completion and hover.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use qg_interpreter::Build;
use qg_lang::ParseCache;
use qg_lang::check::types::SchemaField;
use qg_lang::source::SourceFile;
use qg_lang::span::FileId;
use tower_lsp::lsp_types::CompletionItem;

use crate::convert::Encoding;
use crate::cursor;
use crate::features::{completion, hover};
use crate::library::Library;
use crate::meaning::Meaning;
use crate::project::{Overlay, SharedWorld};
use crate::snapshot::Snapshot;

/// The name of that file, behind all that a fleet may have.
pub(crate) const PATH: &str = "\u{10ffff}.qg";
/// The name of that `let`, which nobody writes.
const HERE: &str = "qg-is-asked-here";

/// A fleet to ask about.
pub struct Desk {
    snapshot: Snapshot,
}

/// Something that may stand in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub text: String,
    /// What it is, in a few words.
    pub detail: Option<String>,
}

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// As it would be declared.
    pub head: String,
    /// Its doc comment.
    pub doc: Option<String>,
}

impl Desk {
    /// Builds the fleet of a world.
    #[must_use]
    pub fn new(world: SharedWorld) -> Desk {
        let world = Overlay { disk: world, open: BTreeMap::new() };
        let mut trees = ParseCache::default();
        let analysis = qg_lang::analyze_with(&world, &mut trees);
        let snapshot = Snapshot {
            build: qg_interpreter::evaluate(analysis, &world),
            world,
            trees,
            project: None,
            open: BTreeMap::new(),
            encoding: Encoding::default(),
            library: Arc::new(Library::new(None)),
            tables: OnceLock::new(),
        };
        Desk { snapshot }
    }

    /// What was built.
    #[must_use]
    pub fn build(&self) -> &Build {
        &self.snapshot.build
    }

    /// What may stand at an offset of an expression, best first, and which part of the expression it
    /// takes the place of. `lets` are the names bound before, each with its expression.
    #[must_use]
    pub fn complete(
        &self,
        lets: &[(Arc<str>, Arc<str>)],
        expr: &str,
        offset: usize,
    ) -> Option<(Range<usize>, Vec<Offer>)> {
        let (text, start) = file(lets, expr);
        let source = self.source(&text);
        let (replaced, items) = completion::at(&self.snapshot, &source, (start + offset) as u32)?;
        let offers = items.into_iter().filter(|item| item.label != HERE);
        let offers =
            offers.map(|CompletionItem { label, detail, .. }| Offer { text: label, detail });
        let range = replaced.range();
        Some((range.start.checked_sub(start)?..range.end.checked_sub(start)?, offers.collect()))
    }

    /// What a name means: that of a type, a function or a `let`, a way into the model, a field as
    /// `Route.expose`.
    #[must_use]
    pub fn about(&self, lets: &[(Arc<str>, Arc<str>)], name: &str) -> Option<About> {
        let (text, start) = file(lets, name);
        let last = name.trim_end().char_indices().next_back()?.0;
        self.meaning(&text, start + last)
            .or_else(|| {
                let text = format!("let {HERE}: {name} = 0\n");
                self.meaning(&text, "let : ".len() + HERE.len())
            })
            .or_else(|| self.field(name))
            .or_else(|| self.anywhere(name))
    }

    fn meaning(&self, text: &str, offset: usize) -> Option<About> {
        let scratch = self.snapshot.with_text(PATH.into(), text.into());
        let source = scratch.file(PATH)?;
        let cursor = cursor::find(&scratch.build.analysis, scratch.env(), source, offset as u32)?;
        let (meaning, _) = scratch.meaning(source, &cursor)?;
        // What exists is known to the evaluated model alone.
        let (head, doc) = hover::about(&scratch, &self.snapshot, &meaning)?;
        Some(About { head, doc: doc.map(|doc| doc.to_string()) })
    }

    fn field(&self, name: &str) -> Option<About> {
        let (schema, field) = name.split_once('.')?;
        let declarations = &self.snapshot.build.analysis.declarations;
        let schema = declarations.schemas.iter().find(|it| &*it.name == schema)?;
        let field: &SchemaField = schema.field(field)?;
        let doc = field.doc.as_ref().map(|doc| doc.to_string());
        Some(About { head: hover::field(&self.snapshot, field), doc })
    }

    /// Something of this name that would have to be imported, or whose enum would have to be said.
    fn anywhere(&self, name: &str) -> Option<About> {
        let all = &self.snapshot.build.analysis.declarations;
        let function = all.functions.iter().find(|it| &*it.name == name);
        let global = || all.lets.iter().find(|it| &*it.name == name);
        let variant = || all.enums.iter().find_map(|it| Some((it.id, it.variant(name)?.0)));
        let meaning = function
            .map(|it| Meaning::Function(it.id))
            .or_else(|| global().map(|it| Meaning::Let(it.id)))
            .or_else(|| variant().map(|(id, index)| Meaning::Variant(id, index)))?;
        let (head, doc) = hover::about(&self.snapshot, &self.snapshot, &meaning)?;
        Some(About { head, doc: doc.map(|doc| doc.to_string()) })
    }

    fn source(&self, text: &str) -> SourceFile {
        let id = FileId(self.snapshot.build.analysis.sources.iter().count() as u32);
        SourceFile::new(id, PATH, text)
    }
}

/// The file with an expression in it, and where the expression begins.
fn file(lets: &[(Arc<str>, Arc<str>)], expr: &str) -> (String, usize) {
    // In brackets it goes on over line ends, as it did when it was typed.
    let one = |(name, value): &(Arc<str>, Arc<str>)| format!("let {name} = ({value}\n)\n");
    let mut text: String = lets.iter().map(one).chain([format!("let {HERE} = (")]).collect();
    let start = text.len();
    text.push_str(expr);
    text.push_str("\n)\n");
    (text, start)
}
