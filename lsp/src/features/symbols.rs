//! What a file consists of, as an outline.

use qg_lang::ast::{Body, Field, FieldDecl, Item, ItemKind, Key};
use qg_lang::source::SourceFile;
use qg_lang::span::Span;
use tower_lsp::lsp_types::{DocumentSymbol, DocumentSymbolResponse, SymbolKind};

use crate::snapshot::Snapshot;

pub(crate) fn symbols(snapshot: &Snapshot, source: &SourceFile) -> Option<DocumentSymbolResponse> {
    let parsed = snapshot.build.analysis.files.get(&source.id)?;
    let outline = Outline { snapshot, source };
    Some(DocumentSymbolResponse::Nested(outline.body(&parsed.file.body)))
}

struct Outline<'a> {
    snapshot: &'a Snapshot,
    source: &'a SourceFile,
}

impl Outline<'_> {
    fn body(&self, body: &Body) -> Vec<DocumentSymbol> {
        body.items.iter().flat_map(|item| self.item(item)).collect()
    }

    fn item(&self, item: &Item) -> Vec<DocumentSymbol> {
        let one = |name: &str, kind, at: Span, children| {
            vec![self.symbol(name.to_owned(), kind, item.span, at, children)]
        };
        match &item.kind {
            ItemKind::Block(block) => {
                let keys = block.path.iter().chain(&block.label);
                let name: Vec<&str> = keys.map(|key| self.text(key)).collect();
                let at = block.label.as_ref().or(block.path.last()).map_or(item.span, Key::span);
                let kind = match block.label {
                    Some(_) => SymbolKind::CLASS,
                    None => SymbolKind::NAMESPACE,
                };
                one(&name.join(" "), kind, at, self.body(&block.body))
            }
            ItemKind::Field(Field { path, .. }) => {
                let name: Vec<&str> = path.iter().map(|key| self.text(key)).collect();
                let at = path.last().map_or(item.span, Key::span);
                one(&name.join("."), SymbolKind::PROPERTY, at, Vec::new())
            }
            // What they hold is shown; they themselves have no name.
            ItemKind::For(it) => self.body(&it.body),
            ItemKind::If(it) => {
                let mut all = self.body(&it.then);
                all.extend(it.otherwise.iter().flat_map(|body| self.body(body)));
                all
            }
            ItemKind::Let(it) => one(&it.name.text, SymbolKind::CONSTANT, it.name.span, Vec::new()),
            ItemKind::Fn(it) => one(&it.name.text, SymbolKind::FUNCTION, it.name.span, Vec::new()),
            ItemKind::Schema(it) => {
                let fields = self.fields(&it.fields);
                one(&it.name.text, SymbolKind::STRUCT, it.name.span, fields)
            }
            ItemKind::Enum(it) => {
                let variants = it.variants.iter().map(|variant| {
                    let fields = variant.payload.iter().flat_map(|fields| self.fields(fields));
                    let kind = SymbolKind::ENUM_MEMBER;
                    let at = variant.name.span;
                    self.symbol(variant.name.text.to_string(), kind, at, at, fields.collect())
                });
                one(&it.name.text, SymbolKind::ENUM, it.name.span, variants.collect())
            }
            ItemKind::Type(it) => {
                one(&it.name.text, SymbolKind::TYPE_PARAMETER, it.name.span, Vec::new())
            }
            ItemKind::Import(_) | ItemKind::Error => Vec::new(),
        }
    }

    fn fields(&self, fields: &[FieldDecl]) -> Vec<DocumentSymbol> {
        let field = |it: &FieldDecl| {
            let name = it.name.text.to_string();
            self.symbol(name, SymbolKind::FIELD, it.span, it.name.span, Vec::new())
        };
        fields.iter().map(field).collect()
    }

    fn text(&self, key: &Key) -> &str {
        let text = self.source.slice(key.span());
        if text.is_empty() { "?" } else { text }
    }

    #[allow(deprecated)] // The struct has a field that nobody should use.
    fn symbol(
        &self,
        name: String,
        kind: SymbolKind,
        whole: Span,
        at: Span,
        children: Vec<DocumentSymbol>,
    ) -> DocumentSymbol {
        DocumentSymbol {
            name,
            detail: None,
            kind,
            tags: None,
            deprecated: None,
            // A name lies within what it names; clients insist on it.
            range: self.snapshot.range(whole.to(at)),
            selection_range: self.snapshot.range(at),
            children: (!children.is_empty()).then_some(children),
        }
    }
}
