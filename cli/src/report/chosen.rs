//! Which findings are shown, where there are too many to help anybody.

use std::collections::BTreeMap;

use qg_lang::diagnostic::Diagnostic;
use qg_lang::span::FileId;

/// How many times as many as of one file are shown of all.
const FILES: usize = 10;

/// At most so many of each file, and ten times as many in all, errors before warnings; in their old order. With them,
/// how many more there are in each file. 0 stands for all.
pub(super) fn chosen(
    findings: &[Diagnostic],
    most: usize,
) -> (Vec<Diagnostic>, BTreeMap<FileId, usize>) {
    if most == 0 || findings.len() <= most {
        return (findings.to_vec(), BTreeMap::new());
    }
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|at| findings.get(*at).map(|it| it.severity));
    let (mut taken, mut more) = (Vec::new(), BTreeMap::new());
    let mut counts: BTreeMap<FileId, usize> = BTreeMap::new();
    for at in order {
        let Some(finding) = findings.get(at) else { continue };
        let count = counts.entry(finding.primary.span.file).or_default();
        if *count < most && taken.len() < most.saturating_mul(FILES) {
            *count += 1;
            taken.push(at);
        } else {
            *more.entry(finding.primary.span.file).or_default() += 1;
        }
    }
    taken.sort_unstable();
    (taken.into_iter().filter_map(|at| findings.get(at).cloned()).collect(), more)
}

#[cfg(test)]
mod tests {
    use super::chosen;
    use crate::report::tests::CODE;
    use qg_lang::diagnostic::Diagnostic;
    use qg_lang::span::{FileId, Span};

    #[test]
    fn errors_come_before_warnings_and_every_file_has_its_share() {
        let at = |file: u32, at: u32| Span::new(FileId(file), at, at + 1);
        let mut all: Vec<Diagnostic> =
            (0..50).map(|it| Diagnostic::warning(CODE, at(0, it), "w")).collect();
        all.push(Diagnostic::error(CODE, at(0, 60), "e"));
        all.push(Diagnostic::error(CODE, at(1, 0), "e"));
        let (shown, more) = chosen(&all, 3);
        assert_eq!(shown.len(), 4);
        assert!(shown.iter().filter(|it| it.is_error()).count() == 2);
        assert_eq!(more.into_iter().collect::<Vec<_>>(), [(FileId(0), 48)]);
        assert_eq!(chosen(&all, 0).0.len(), 52);
        let many: Vec<Diagnostic> =
            (0..90).map(|it| Diagnostic::error(CODE, at(it, 0), "e")).collect();
        let (shown, more) = chosen(&many, 3);
        assert_eq!((shown.len(), more.values().sum::<usize>()), (30, 60));
    }
}
