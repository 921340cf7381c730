//! The files of a folder, as they are put together.

use std::collections::BTreeMap;

use qg_formats::Document;

use super::OutputFile;

/// Files by their place in a folder. Two of one place are both kept, where they do not say the same: a check of the
/// whole output tells of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Made(BTreeMap<String, Vec<Document>>);

impl Made {
    /// Puts a file at a place; whether it is the first one there.
    pub(super) fn put(&mut self, place: impl Into<String>, document: Document) -> bool {
        let all = self.0.entry(place.into()).or_default();
        let is_first = all.is_empty();
        match all.iter_mut().find(|known| known.text == document.text) {
            Some(known) => {
                for (line, more) in known.lines.iter_mut().zip(document.lines) {
                    line.extend(more);
                }
                known.refused.extend(document.refused);
                known.twice.extend(document.twice);
            }
            None => all.push(document),
        }
        is_first
    }

    /// The files below a folder of the output, in the order of their places.
    pub(super) fn below(self, folder: &str) -> Vec<OutputFile> {
        let all = self.0.into_iter().flat_map(|(place, all)| {
            let path = format!("{folder}/{place}");
            all.into_iter().map(move |document| document.file(path.clone()))
        });
        all.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Made;
    use qg_fleet::leaf::OriginId;
    use qg_formats::Document;

    #[test]
    fn two_files_of_one_place_are_both_there_unless_they_are_the_same() {
        let mut made = Made::default();
        let document = |text: &str, by| Document::whole(format!("{text}\n"), &[OriginId(by)]);
        assert!(made.put("a", document("x", 1)));
        assert!(!made.put("a", document("x", 2)) && !made.put("a", document("y", 3)));
        let files = made.below("hosts/h");
        let all: Vec<_> = files.iter().map(|it| (it.path.as_str(), it.text.as_str())).collect();
        assert_eq!(all, [("hosts/h/a", "x\n"), ("hosts/h/a", "y\n")]);
        let by: Vec<_> = files.iter().flat_map(|it| it.lines.clone()).collect();
        assert_eq!(by, [vec![OriginId(1), OriginId(2)], vec![OriginId(3)]]);
    }
}
