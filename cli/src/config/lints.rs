//! `[lints]`: what becomes of the warnings of each code.

use qg_lang::diagnostic::{closest, codes};
use qg_lang::levels::{Level, Levels};
use toml::Spanned;
use toml::de::DeValue;

use super::Reader;
use crate::failure::Failure;

impl Reader<'_> {
    /// `QG0683 = "allow"`
    pub(super) fn lints(&self, value: &Spanned<DeValue<'_>>) -> Result<Levels, Failure> {
        let Some(table) = value.get_ref().as_table() else {
            let label = "write `[lints]`, and below it `QG0683 = \"allow\"`";
            return Err(self.wrong("`lints` is not a table", value.span(), label));
        };
        let mut levels = Levels::default();
        for (key, value) in table {
            let id: &str = key.get_ref();
            let Some(code) = codes::by_id(id) else {
                let failure = self.wrong(format!("there is no code `{id}`"), key.span(), "no code");
                return Err(match closest(id, codes::all().map(|it| it.id)) {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None => failure.help("`qgc explain` lists all codes"),
                });
            };
            let word = self.text_of(value, id)?;
            let Some((_, level)) = Level::ALL.iter().find(|(known, _)| *known == word) else {
                let known: Vec<String> =
                    Level::ALL.iter().map(|(known, _)| format!("\"{known}\"")).collect();
                let message = format!("`{word}` is no level");
                return Err(self.wrong(message, value.span(), &known.join(", ")));
            };
            levels.0.insert(code.id, *level);
        }
        Ok(levels)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::parse;

    #[test]
    fn each_code_has_its_level() {
        let levels = parse("[lints]", "qg.toml").expect("fine").levels;
        assert!(levels.0.is_empty());
        let wrong = [
            ("[lints]\nQG9999 = \"deny\"", "there is no code `QG9999`"),
            ("[lints]\nQG0683 = \"error\"", "\"allow\", \"warn\", \"deny\""),
            ("[lints]\nQG0683 = 1", "is not a string"),
            ("lints = 1", "write `[lints]`"),
        ];
        for (text, why) in wrong {
            let failure = parse(text, "qg.toml").expect_err("must be refused").render(false);
            assert!(failure.contains(why), "{text}: {failure}");
        }
        let levels = parse("[lints]\nQG0683 = \"deny\"", "qg.toml").expect("fine").levels;
        assert_eq!(levels.0.into_keys().collect::<Vec<_>>(), ["QG0683"]);
    }
}
