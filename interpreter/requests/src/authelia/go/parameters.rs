//! `url.Values`: the query of a URL.

use std::collections::BTreeMap;

use super::escape::{Part, escape, unescape};

/// More than so many pairs make Go read none of them.
const MOST: usize = 10_000;

/// What a query says; of a key only the first value is ever asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<Vec<u8>, Vec<Vec<u8>>>);

impl Parameters {
    /// The pairs of a query. One with a `;` or a broken escape is left out.
    #[must_use]
    pub fn parse(query: &str) -> Parameters {
        let mut found: BTreeMap<Vec<u8>, Vec<Vec<u8>>> = BTreeMap::new();
        let pairs: Vec<&str> = query.split('&').collect();
        if pairs.len() > MOST {
            return Parameters(found);
        }
        for pair in pairs.into_iter().filter(|pair| !pair.is_empty() && !pair.contains(';')) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let both =
                (unescape(key.as_bytes(), Part::Query), unescape(value.as_bytes(), Part::Query));
            if let (Ok(key), Ok(value)) = both {
                found.entry(key).or_default().push(value);
            }
        }
        Parameters(found)
    }

    /// The first value of a key; nothing where it is missing.
    #[must_use]
    pub fn get(&self, key: &str) -> &[u8] {
        self.0.get(key.as_bytes()).and_then(|values| values.first()).map_or(&[], Vec::as_slice)
    }

    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key.as_bytes())
    }

    /// Says one value of a key in place of all that it has.
    pub fn set(&mut self, key: &str, value: &str) {
        self.0.insert(key.as_bytes().to_vec(), vec![value.as_bytes().to_vec()]);
    }

    /// The pairs in the order of their keys.
    pub fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.0.iter().flat_map(|(key, values)| values.iter().map(|value| (&**key, &**value)))
    }
}

/// `Values.Encode`
#[must_use]
pub fn encode(parameters: &Parameters) -> String {
    let pair =
        |(key, value)| format!("{}={}", escape(key, Part::Query), escape(value, Part::Query));
    parameters.pairs().map(pair).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_a_query() {
        let read = Parameters::parse("a=1&a=2&b+c=%C3%A9&bad=%zz&s=1;t=2&&=x&flag");
        assert_eq!(read.get("a"), b"1");
        assert_eq!(read.get("b c"), "é".as_bytes());
        assert!(read.has("flag") && read.has("") && read.get("flag").is_empty());
        assert!(!read.has("bad") && !read.has("s") && !read.has("t"));
        assert_eq!(encode(&read), "=x&a=1&a=2&b+c=%C3%A9&flag=");
        assert!(!Parameters::parse(&"a&".repeat(MOST)).has("a"));
    }
}
