//! "Did you mean …?": the nearest of some names.

/// For so many mistakes of one run a near name is looked for: nobody reads thousands of guesses, and
/// each is a look at every name there is.
pub const MAX_GUESSES: usize = 200;

/// The known name that is nearest to `wrong`: at most a third of its letters differ
/// (a swap of neighbours counts once). Ties go to the first in order.
pub fn closest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = wrong.chars().flat_map(char::to_lowercase).collect();
    let limit = (wrong.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        // No name is nearer than its length is: nearly all are told apart by that.
        let (most, least) = (name.len(), name.chars().count());
        if name == wrong || most + limit < letters.len() || least > letters.len() + limit {
            continue;
        }
        let most = best.map_or(limit, |(distance, _)| distance);
        let Some(distance) = distance(&letters, name, most) else { continue };
        if best.is_none_or(|best| (distance, name) < best) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Words for a sentence; where they are many the first of them, and how many more there are.
pub fn some_of<S: AsRef<str>>(words: &[S]) -> String {
    first_of(words, SHOWN, ", ")
}

/// The first words, at most so many, and how many more there are.
pub fn first_of<S: AsRef<str>>(words: &[S], most: usize, between: &str) -> String {
    let shown: Vec<&str> = words.iter().take(most).map(AsRef::as_ref).collect();
    match words.len().saturating_sub(most) {
        0 => shown.join(between),
        more => format!("{}, … and {more} more", shown.join(between)),
    }
}

/// Words that a sentence holds.
const SHOWN: usize = 60;

/// Optimal string alignment distance, over lower-cased characters; none where it is more than `most`.
fn distance(a: &[char], b: &str, most: usize) -> Option<usize> {
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i);
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        // A swap looks two rows back.
        let near = |row: &[usize]| row.iter().any(|it| *it <= most);
        if !near(&row) && !near(&last) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|it| *it <= most)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_the_nearest_name() {
        assert_eq!(closest("grafna", ["grafana", "gitea"]), Some("grafana"));
        assert_eq!(closest("exopse", ["expose", "except"]), Some("expose"));
        assert_eq!(closest("x", ["jellyfin"]), None);
        assert_eq!(closest("ab", ["ba", "aa"]), Some("aa"), "of two that are as near, the first");
        assert_eq!(closest("İx", ["i̇x", "abcdefgh"]), Some("i̇x"), "small letters may be more");
    }
}
