//! Lines around a place.

use crate::source::SourceFile;
use crate::span::Span;

/// The whole lines of an item, with the doc comment above it, where nothing else stands on them.
pub(super) fn lines_of(file: &SourceFile, item: Span) -> Option<Span> {
    let before = file.text.get(..item.start as usize)?;
    let after = file.text.get(item.end as usize..)?;
    let indent = before.rsplit('\n').next()?;
    let rest = after.split_inclusive('\n').next().unwrap_or("");
    if !indent.trim().is_empty() || !rest.trim().is_empty() {
        return None;
    }
    let mut start = before.len() - indent.len();
    for line in before.get(..start)?.split_inclusive('\n').rev() {
        if !line.trim_start().starts_with("##") {
            break;
        }
        start -= line.len();
    }
    Some(Span::new(item.file, start as u32, item.end + rest.len() as u32))
}
