//! Headers as Go's `net/http` keeps them: under canonical names, each with a list of values.

use std::collections::BTreeMap;

/// Headers of a request or an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(BTreeMap<String, Vec<String>>);

impl Headers {
    /// The values of a header, by any spelling of its name.
    #[must_use]
    pub fn values(&self, name: &str) -> &[String] {
        self.0.get(&canonical(name)).map_or(&[], Vec::as_slice)
    }

    /// The first value, empty where there is none.
    #[must_use]
    pub fn first(&self, name: &str) -> &str {
        self.values(name).first().map_or("", String::as_str)
    }

    /// Whether the header is there, even without a value.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(&canonical(name))
    }

    /// Puts one value in place of all.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(canonical(name), vec![value.into()]);
    }

    /// Puts these values in place of all, under the name exactly as said.
    pub fn set_raw(&mut self, name: &str, values: Vec<String>) {
        self.0.insert(name.to_owned(), values);
    }

    /// Adds a value.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.entry(canonical(name)).or_default().push(value.into());
    }

    /// Takes a header away.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(&canonical(name));
    }

    /// Keeps those that the question is true of, by name.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.0.retain(|name, _| keep(name));
    }

    /// Each header with its values, in order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// Values as they are sent: without blanks around them. None where one cannot be sent at all.
    pub(crate) fn sent(&self) -> Option<Self> {
        let control = |c: char| c.is_ascii_control() && c != '\t';
        let good = |(name, values): (&String, &Vec<String>)| {
            !name.is_empty()
                && name.bytes().all(is_token)
                && !values.iter().any(|value| value.contains(control))
        };
        let trimmed = |values: &Vec<String>| {
            values.iter().map(|value| value.trim_matches([' ', '\t']).to_owned()).collect()
        };
        let sent = self.0.iter().map(|(name, values)| (name.clone(), trimmed(values)));
        self.0.iter().all(good).then(|| Self(sent.collect()))
    }

    /// Whether one of a header's comma-separated values is this word.
    pub(crate) fn lists(&self, name: &str, word: &str) -> bool {
        let words = self.values(name).iter().flat_map(|value| value.split(','));
        words.map(str::trim).any(|it| it.eq_ignore_ascii_case(word))
    }

    /// The names that `Connection` lists.
    pub(crate) fn connection(&self) -> Vec<String> {
        let names = self.values("Connection").iter().flat_map(|value| value.split(','));
        names.map(str::trim).filter(|name| !name.is_empty()).map(canonical).collect()
    }
}

/// The canonical spelling of a name: `x-role` is `X-Role`; what is no name stays as it is.
pub(crate) fn canonical(name: &str) -> String {
    if name.is_empty() || !name.bytes().all(is_token) {
        return name.to_owned();
    }
    let mut upper = true;
    let spelled = name.chars().map(|c| {
        let c = if upper { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
        upper = c == '-';
        c
    });
    spelled.collect()
}

/// Whether a byte may stand in the name of a header or in a method.
pub(crate) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
