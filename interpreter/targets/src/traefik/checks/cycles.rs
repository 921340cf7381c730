//! What leads back to itself, for all of a kind at once.

use std::collections::{BTreeMap, BTreeSet};

/// The names that lead back to themselves, each over others or directly. What only leads to such a
/// cycle is none of it.
pub(super) fn in_cycles(leads: &BTreeMap<String, Vec<String>>) -> BTreeSet<&str> {
    let mut search =
        Search { leads, numbers: BTreeMap::new(), open: Vec::new(), found: BTreeSet::new() };
    for name in leads.keys() {
        search.from(name);
    }
    search.found
}

/// Tarjan's search for strongly connected components, with a list of its own in place of the stack.
struct Search<'n> {
    leads: &'n BTreeMap<String, Vec<String>>,
    /// When a name was met, and the earliest that it leads back to; none once its component is known.
    numbers: BTreeMap<&'n str, Option<usize>>,
    /// What was met and belongs to no component yet.
    open: Vec<&'n str>,
    found: BTreeSet<&'n str>,
}

struct Visit<'n> {
    name: &'n str,
    /// The next of those that it leads to.
    next: usize,
    /// When it was met, and the earliest that is reached from it and still open.
    number: usize,
    low: usize,
}

impl<'n> Search<'n> {
    fn from(&mut self, start: &'n str) {
        if self.numbers.contains_key(start) {
            return;
        }
        let mut visits = vec![self.visit(start)];
        while let Some(mut visit) = visits.pop() {
            let leads = self.leads;
            let next = leads.get(visit.name).and_then(|to| to.get(visit.next));
            visit.next += 1;
            match next {
                None => self.leave(&visit, visits.last_mut()),
                Some(next) if next == visit.name => {
                    self.found.insert(visit.name);
                    visits.push(visit);
                }
                Some(next) => match self.numbers.get(next.as_str()) {
                    Some(Some(number)) => {
                        visit.low = visit.low.min(*number);
                        visits.push(visit);
                    }
                    Some(None) => visits.push(visit),
                    None if leads.contains_key(next) => {
                        visits.push(visit);
                        visits.push(self.visit(next));
                    }
                    None => visits.push(visit),
                },
            }
        }
    }

    fn visit(&mut self, name: &'n str) -> Visit<'n> {
        let number = self.numbers.len();
        self.numbers.insert(name, Some(number));
        self.open.push(name);
        Visit { name, next: 0, number, low: number }
    }

    /// All that a name leads to is known.
    fn leave(&mut self, visit: &Visit<'n>, before: Option<&mut Visit<'n>>) {
        if let Some(before) = before {
            before.low = before.low.min(visit.low);
        }
        if visit.low < visit.number {
            return;
        }
        let first = self.open.iter().rposition(|name| *name == visit.name).unwrap_or(0);
        let component = self.open.split_off(first);
        for name in &component {
            self.numbers.insert(name, None);
        }
        if component.len() > 1 {
            self.found.extend(component);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::in_cycles;

    fn cycles(edges: &[(&str, &[&str])]) -> String {
        let owned = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
        let leads: BTreeMap<String, Vec<String>> =
            edges.iter().map(|(name, to)| ((*name).to_owned(), owned(to))).collect();
        in_cycles(&leads).into_iter().collect()
    }

    #[test]
    fn what_leads_to_a_cycle_is_none_of_it() {
        assert_eq!(cycles(&[("a", &["b"]), ("b", &["c"]), ("c", &["b", "x"])]), "bc");
        assert_eq!(cycles(&[("a", &["a"]), ("b", &["a"])]), "a");
        assert_eq!(cycles(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])]), "");
        // Two cycles, and a bridge between them.
        let two: &[(&str, &[&str])] =
            &[("a", &["b"]), ("b", &["a", "m"]), ("m", &["x"]), ("x", &["y"]), ("y", &["x"])];
        assert_eq!(cycles(two), "abxy");
    }
}
