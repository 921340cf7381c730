//! Which values sops leaves as they are (`shouldBeEncrypted` in `sops.go`).

use regex::bytes::{Regex, RegexBuilder};

/// What a file says about that.
#[derive(Clone, Debug)]
pub(super) enum Rule {
    /// What has a key that ends so is left.
    Unencrypted(String),
    /// What has no key that ends so is left.
    Encrypted(String),
    /// What has a key that matches is left; nothing, where the pattern is none.
    UnencryptedRegex(Option<Regex>),
    /// What has no key that matches is left; everything, where the pattern is none.
    EncryptedRegex(Option<Regex>),
    /// Comments say it, which are not read here: anything may be left.
    Comments,
}

impl Rule {
    /// The rule of a file; `said` gives what sops wrote at a word.
    pub(super) fn of<'f>(said: impl Fn(&str) -> Option<&'f str>) -> Rule {
        let comments = ["unencrypted_comment_regex", "encrypted_comment_regex"];
        if comments.into_iter().any(|word| said(word).is_some()) {
            Rule::Comments
        } else if let Some(pattern) = said("encrypted_regex") {
            Rule::EncryptedRegex(regex(pattern))
        } else if let Some(pattern) = said("unencrypted_regex") {
            Rule::UnencryptedRegex(regex(pattern))
        } else if let Some(suffix) = said("encrypted_suffix") {
            Rule::Encrypted(suffix.to_owned())
        } else {
            Rule::Unencrypted(said("unencrypted_suffix").unwrap_or("_unencrypted").to_owned())
        }
    }

    /// Whether the value at a key is left as it is.
    pub(super) fn leaves(&self, key: &str) -> bool {
        let any = |test: &dyn Fn(&str) -> bool| key.split('/').any(test);
        let matches = |regex: &Option<Regex>| {
            regex.as_ref().is_some_and(|it| any(&|part| it.is_match(part.as_bytes())))
        };
        match self {
            Rule::Unencrypted(suffix) => any(&|part| part.ends_with(suffix)),
            Rule::Encrypted(suffix) => !any(&|part| part.ends_with(suffix)),
            Rule::UnencryptedRegex(regex) => matches(regex),
            Rule::EncryptedRegex(regex) => !matches(regex),
            Rule::Comments => true,
        }
    }
}

/// A pattern as Go reads it, whose classes are those of ASCII.
fn regex(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).unicode(false).build().ok()
}
