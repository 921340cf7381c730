//! Whether what a template makes of its values depends on the marks that stand for secrets.
//!
//! A host puts a secret where its mark stands. Of a mark in small letters, of a part of one or of its length it
//! knows nothing, and what is escaped, indented or replaced in a mark is not in the secret: so the template is
//! filled in twice, with marks that have no character and no length in common, and has to give the same.

/// What filters look for and no mark has: it stands in every twin, so that they find something there.
const OTHERS: &str = " !\"#$%&'()*+,-./:;<=>?[\\]^`{|}\n\tabcdefghijklmnopqrstuvwxyz~";

/// Another mark for the same secret, and for no other: each byte is two letters.
pub(super) fn twin(mark: &str) -> String {
    let letters = |byte: u8| [byte >> 4, byte & 15].map(|it| char::from(b'a' + it));
    let inner: String = mark.bytes().flat_map(letters).collect();
    format!("~{inner}{OTHERS}")
}

/// The first line, from 1, in which two texts are not the same but for the marks in one and their twins in the
/// other.
pub(super) fn changed(marks: &[String], filled: &str, twins: &str) -> Option<usize> {
    // No text of a template has a zero byte and a number between two of these.
    let plain = |text: &str, spelled: &dyn Fn(&str) -> String| {
        marks.iter().enumerate().fold(text.to_owned(), |text, (at, mark)| {
            text.replace(&spelled(mark), &format!("\0{at}\0"))
        })
    };
    let (ours, theirs) = (plain(filled, &str::to_owned), plain(twins, &twin));
    if ours == theirs {
        return None;
    }
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (ours.lines().collect(), theirs.lines().collect());
    let same = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::{changed, twin};

    #[test]
    fn marks_and_their_twins() {
        let marks = ["@QG_SECRET_A@".to_owned(), "@QG1_PATH_B2@".to_owned()];
        let filled = format!("a\n{} {}", marks[0], marks[1]);
        let twins = format!("a\n{} {}", twin(&marks[0]), twin(&marks[1]));
        assert_eq!(changed(&marks, &filled, &twins), None);
        assert_eq!(changed(&marks, &filled.to_lowercase(), &twins.to_lowercase()), Some(2));
        assert_eq!(changed(&marks, "13", "16"), Some(1));
        assert!(twin(&marks[1]).chars().all(|c| !marks[1].contains(c)));
        // Names that differ in a digit and a letter are two.
        assert_ne!(twin("@QG_SECRET_DB0@"), twin("@QG_SECRET_DBK@"));
    }
}
