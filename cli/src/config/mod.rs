//! `qg.toml`: the fleet's name, where its sources lie, and where its files go.

mod lints;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use qg_lang::diagnostic::closest;
use qg_lang::levels::Levels;
use qg_lang::world::Limits;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::failure::Failure;

/// What `qg.toml` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub name: String,
    /// Folders (or single `.qg` files) below the fleet's root, with the place of each in the text.
    pub sources: Vec<(String, Range<usize>)>,
    /// The flake that the hosts are built from, where it is said.
    pub flake: Option<String>,
    /// The output folder, below the fleet's root unless it is absolute.
    pub out: String,
    /// The place of that in the text, where it is said.
    pub out_place: Option<Range<usize>>,
    /// What a run may take.
    pub limits: Limits,
    /// What becomes of the warnings of each code.
    pub levels: Levels,
    /// Folders of sources that are imported under a name.
    pub libraries: Vec<LibraryPath>,
    /// Other fleets of the same sources.
    pub environments: BTreeMap<String, Environment>,
}

/// What an empty `qg.toml` says.
impl Default for Config {
    fn default() -> Config {
        Config {
            name: "fleet".to_owned(),
            sources: vec![(".".to_owned(), 0..0)],
            flake: None,
            out: DEFAULT_OUT.to_owned(),
            out_place: None,
            limits: Limits::default(),
            levels: Levels::default(),
            libraries: Vec::new(),
            environments: BTreeMap::new(),
        }
    }
}

/// `[environments.staging]`; what it says of the fleet is read with the sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Its output folder, with its place in the text.
    pub out: Option<(String, Range<usize>)>,
}

/// A library, as `qg.toml` or the command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryPath {
    pub name: String,
    /// Its folder: from the fleet's root, unless it is absolute.
    pub path: PathBuf,
    /// The place of that in `qg.toml`; none where the command line says it.
    pub place: Option<Range<usize>>,
}

const TOP_KEYS: &[&str] =
    &["environments", "fleet", "language", "libraries", "limits", "lints", "out"];
/// The version of the language that this program reads; a fleet that names none is written in it as well. It grows
/// when a fleet that compiled would mean something else.
const LANGUAGE: u64 = 1;

const ENVIRONMENT_KEYS: &[&str] = &["fleet", "hosts", "out"];
const LIMITS_KEYS: &[&str] = &["memory", "sources", "steps"];

/// Less than this no fleet needs, for the standard library alone takes a part of it.
const LEAST_MEMORY: u64 = 64 << 20;

const FLEET_KEYS: &[&str] = &["name", "sources", "flake"];

/// Where the files go if nothing is said.
pub const DEFAULT_OUT: &str = "build";

/// Reads the text of a `qg.toml`; `shown` is how to call the file.
///
/// # Errors
/// What is wrong with it, with its place.
pub fn parse(text: &str, shown: &str) -> Result<Config, Failure> {
    let reader = Reader { text, shown };
    let table = DeTable::parse(text).map_err(|error| {
        Failure::new(format!("{shown} is not valid TOML")).at(
            shown,
            text,
            error.span().unwrap_or(0..0),
            error.message(),
        )
    })?;
    let top = table.get_ref();
    // First of all: a newer language may have further keys.
    if let Some(language) = top.get("language") {
        reader.language(language)?;
    }
    reader.refuse_unknown(top, TOP_KEYS, "qg.toml")?;

    let mut config = Config::default();
    if let Some(out) = top.get("out") {
        config.out = reader.text_of(out, "out")?;
        config.out_place = Some(out.span());
        if config.out.is_empty() {
            return Err(reader.wrong("`out` is empty", out.span(), "a folder is wanted"));
        }
    }
    if let Some(limits) = top.get("limits") {
        let limits = reader.table_of(limits, "limits", LIMITS_KEYS)?;
        if let Some(memory) = limits.get("memory") {
            config.limits.memory = reader.size(memory, "memory")?;
            if config.limits.memory < LEAST_MEMORY {
                let message = "`memory` is less than any fleet needs";
                return Err(reader.wrong(message, memory.span(), "64MiB, or more"));
            }
        }
        if let Some(sources) = limits.get("sources") {
            config.limits.sources = reader.size(sources, "sources")?;
        }
        if let Some(steps) = limits.get("steps") {
            config.limits.steps = reader.steps(steps)?;
        }
    }
    if let Some(lints) = top.get("lints") {
        config.levels = reader.lints(lints)?;
    }
    if let Some(libraries) = top.get("libraries") {
        config.libraries = reader.libraries(libraries)?;
    }
    if let Some(environments) = top.get("environments") {
        config.environments = reader.environments(environments)?;
        reader.apart(&config)?;
    }
    if let Some(fleet) = top.get("fleet") {
        let fleet = reader.table_of(fleet, "fleet", FLEET_KEYS)?;
        if let Some(name) = fleet.get("name") {
            config.name = reader.text_of(name, "name")?;
        }
        if let Some(flake) = fleet.get("flake") {
            config.flake = Some(reader.text_of(flake, "flake")?);
        }
        if let Some(sources) = fleet.get("sources") {
            config.sources = reader.sources(sources)?;
        }
    }
    Ok(config)
}

struct Reader<'t> {
    text: &'t str,
    shown: &'t str,
}

impl Reader<'_> {
    fn wrong(&self, message: impl Into<String>, place: Range<usize>, label: &str) -> Failure {
        Failure::new(message).at(self.shown, self.text, place, label)
    }

    fn refuse_unknown(&self, table: &DeTable<'_>, known: &[&str], of: &str) -> Result<(), Failure> {
        for key in table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let failure = self.wrong(
                    format!("unknown key `{name}` in {}", self.shown),
                    key.span(),
                    &format!("not a key of {of}"),
                );
                return Err(match closest(name, known.iter().copied()) {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None => failure.help(format!("the keys of {of} are: {}", known.join(", "))),
                });
            }
        }
        Ok(())
    }

    fn table_of<'d>(
        &self,
        value: &'d Spanned<DeValue<'_>>,
        key: &str,
        known: &[&str],
    ) -> Result<&'d DeTable<'d>, Failure> {
        let Some(table) = value.get_ref().as_table() else {
            let label = format!("write `[{key}]`");
            return Err(self.wrong(format!("`{key}` is not a table"), value.span(), &label));
        };
        self.refuse_unknown(table, known, &format!("[{key}]"))?;
        Ok(table)
    }

    /// The version of the language that the fleet is written in.
    fn language(&self, value: &Spanned<DeValue<'_>>) -> Result<(), Failure> {
        let digits = value.get_ref().as_integer();
        let number = digits.and_then(|it| u64::from_str_radix(it.as_str(), it.radix()).ok());
        match number {
            Some(LANGUAGE) => Ok(()),
            Some(newer) if newer > LANGUAGE => {
                let message = format!("this fleet is written in language {newer}");
                let label = format!("this qgc knows language {LANGUAGE}");
                Err(self.wrong(message, value.span(), &label).help("take a newer qgc"))
            }
            Some(_) | None => {
                let label = format!("`language = {LANGUAGE}`, without quotes");
                Err(self.wrong("`language` is not a version of the language", value.span(), &label))
            }
        }
    }

    /// A size as the language writes it: `"2GiB"`.
    fn size(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<u64, Failure> {
        let text = self.text_of(value, key)?;
        qg_lang::lexer::size(&text).ok_or_else(|| {
            self.wrong(format!("`{key}` is not a size"), value.span(), "a size, as \"2GiB\"")
        })
    }

    fn steps(&self, value: &Spanned<DeValue<'_>>) -> Result<u64, Failure> {
        let digits = value.get_ref().as_integer();
        let steps = digits.and_then(|it| u64::from_str_radix(it.as_str(), it.radix()).ok());
        steps.filter(|steps| *steps > 0).ok_or_else(|| {
            self.wrong("`steps` is not a number of steps", value.span(), "a number, as 20000000")
        })
    }

    fn text_of(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<String, Failure> {
        match value.get_ref().as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(self.wrong(format!("`{key}` is not a string"), value.span(), "a string")),
        }
    }

    /// `[environments.staging]`
    fn environments(
        &self,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<BTreeMap<String, Environment>, Failure> {
        let Some(table) = value.get_ref().as_table() else {
            let label = "write `[environments.NAME]`";
            return Err(self.wrong("`environments` is not a table", value.span(), label));
        };
        let mut all = BTreeMap::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
            if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
                let message = format!("no environment can be called {name:?}");
                let label = "a name has letters, digits, `_`, `-` and `.`";
                return Err(self.wrong(message, key.span(), label));
            }
            let environment =
                self.table_of(value, &format!("environments.{name}"), ENVIRONMENT_KEYS)?;
            let out = match environment.get("out") {
                Some(out) => Some((self.text_of(out, "out")?, out.span())),
                None => None,
            };
            if let Some((_, place)) = out.as_ref().filter(|(out, _)| out.is_empty()) {
                return Err(self.wrong("`out` is empty", place.clone(), "a folder is wanted"));
            }
            for key in ["fleet", "hosts"] {
                if let Some(value) = environment.get(key)
                    && value.get_ref().as_table().is_none()
                {
                    let message = format!("`{key}` is not a table");
                    let label = format!("write `[environments.{name}.{key}]`");
                    return Err(self.wrong(message, value.span(), &label));
                }
            }
            all.insert(name.to_owned(), Environment { out });
        }
        Ok(all)
    }

    /// No environment's output lies in that of the fleet or of another, for each run replaces its folder whole.
    fn apart(&self, config: &Config) -> Result<(), Failure> {
        let plain = |out: &str| -> PathBuf {
            let parts = Path::new(out).components();
            parts.filter(|part| *part != Component::CurDir).collect()
        };
        let mut seen = vec![("the fleet".to_owned(), plain(&config.out))];
        for (name, environment) in &config.environments {
            let Some((out, place)) = &environment.out else { continue };
            let own = plain(out);
            let within =
                |(_, other): &&(String, PathBuf)| own.starts_with(other) || other.starts_with(&own);
            if let Some((other, _)) = seen.iter().find(within) {
                let message =
                    format!("the output of `{name}` and that of {other} lie in one another");
                let label = "each run replaces its folder as a whole: name one beside it";
                return Err(self.wrong(message, place.clone(), label));
            }
            seen.push((format!("`{name}`"), own));
        }
        Ok(())
    }

    /// `house = "../house"`
    fn libraries(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<LibraryPath>, Failure> {
        let Some(table) = value.get_ref().as_table() else {
            let label = "write `[libraries]`, and below it `name = \"folder\"`";
            return Err(self.wrong("`libraries` is not a table", value.span(), label));
        };
        let mut all = Vec::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            if let Some(why) = odd_library_name(name) {
                return Err(self.wrong(
                    format!("no library can be called `{name}`"),
                    key.span(),
                    why,
                ));
            }
            let path = self.text_of(value, name)?;
            if path.is_empty() {
                let message = format!("the library `{name}` has no folder");
                return Err(self.wrong(message, value.span(), "a folder is wanted"));
            }
            all.push(LibraryPath {
                name: name.to_owned(),
                path: path.into(),
                place: Some(value.span()),
            });
        }
        Ok(all)
    }

    fn sources(
        &self,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Vec<(String, Range<usize>)>, Failure> {
        let Some(list) = value.get_ref().as_array() else {
            return Err(self.wrong("`sources` is not a list", value.span(), "a list of folders"));
        };
        let mut folders = Vec::new();
        for item in list.iter() {
            let folder = self.text_of(item, "sources")?;
            let outside = folder.starts_with('/') || folder.split('/').any(|part| part == "..");
            if outside || folder.is_empty() {
                return Err(self
                    .wrong(
                        format!("the source folder \"{folder}\" is not below the fleet"),
                        item.span(),
                        "outside",
                    )
                    .help("name folders that lie below qg.toml"));
            }
            folders.push((folder, item.span()));
        }
        Ok(folders)
    }
}

/// Why something is no name that an import can begin with.
#[must_use]
pub fn odd_library_name(name: &str) -> Option<&'static str> {
    match name {
        "std" => Some("that is the standard library"),
        _ if !qg_lang::lexer::is_name(name) => {
            Some("a name has letters, digits, `_` and `-`, and is no word of the language")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn refused(text: &str) -> String {
        parse(text, "qg.toml").expect_err("must be refused").render(false)
    }

    #[test]
    fn reads_everything() {
        let config = parse(
            "out = \"made\"\n[fleet]\nname = \"home\"\nsources = [\"hosts\", \"services\"]\nflake = \"hosts\"\n",
            "qg.toml",
        )
        .expect("fine");
        assert_eq!((config.name.as_str(), config.out.as_str()), ("home", "made"));
        assert_eq!(config.flake.as_deref(), Some("hosts"));
        let folders: Vec<&str> = config.sources.iter().map(|(folder, _)| folder.as_str()).collect();
        assert_eq!(folders, ["hosts", "services"]);
    }

    #[test]
    fn memory_is_a_size_as_the_language_writes_it() {
        let memory = |text: &str| parse(text, "qg.toml").expect("fine").limits.memory;
        assert_eq!(memory("[limits]\nmemory = \"2GiB\""), 2 << 30);
        assert_eq!(memory("[limits]\nmemory = \"500MB\""), 500_000_000);
        assert_eq!(memory("[limits]"), 1 << 30);
        for text in
            ["2", "\"2 GiB\"", "\"2GiBs\"", "\"lots\"", "\"\"", "\"-1GiB\"", "\"99999999999TiB\""]
        {
            let text = format!("[limits]\nmemory = {text}");
            assert!(refused(&text).contains("qg.toml:2:10"), "{text}: {}", refused(&text));
        }
        let limits = "[limits]\nsources = \"2MiB\"\nsteps = 20_000_000";
        let limits = parse(limits, "qg.toml").expect("fine").limits;
        assert_eq!((limits.sources, limits.steps), (2 << 20, 20_000_000));
        for steps in ["0", "-1", "1.5", "\"20\"", "99999999999999999999999"] {
            let text = format!("[limits]\nsteps = {steps}");
            assert!(refused(&text).contains("qg.toml:2:9"), "{steps}: {}", refused(&text));
        }
        assert!(refused("[limits]\nmemory = \"1KiB\"").contains("less than any fleet needs"));
        assert!(refused("limits = 1").contains("write `[limits]`"));
        assert!(refused("[limits]\nmemroy = \"1GiB\"").contains("did you mean `memory`?"));
    }

    #[test]
    fn an_empty_file_means_everything_here() {
        let config = parse("", "qg.toml").expect("fine");
        assert_eq!((config.sources.len(), config.out.as_str()), (1, "build"));
    }

    #[test]
    fn a_newer_language_is_refused_before_all_else() {
        assert_eq!(
            parse("language = 1\n", "qg.toml").expect("known"),
            parse("", "qg.toml").expect("fine")
        );
        let newer = refused("language = 2\nsomething = 1\n[new]\n");
        assert!(newer.contains("written in language 2") && newer.contains("knows language 1"));
        assert!(newer.contains("qg.toml:1:12") && newer.contains("take a newer qgc"), "{newer}");
        for wrong in ["0", "-1", "\"1\"", "1.0", "99999999999999999999999", "true"] {
            let text = format!("language = {wrong}");
            assert!(refused(&text).contains("`language` is not a version"), "{wrong}");
        }
    }

    #[test]
    fn unknown_keys_get_the_nearest_name() {
        assert!(refused("[fleet]\nsoruces = []").contains("did you mean `sources`?"));
        assert!(refused("ouut = \"x\"").contains("did you mean `out`?"));
        assert!(refused("colour = 1").contains(
            "the keys of qg.toml are: environments, fleet, language, libraries, limits, lints, out"
        ));
    }

    #[test]
    fn wrong_values_are_refused_at_their_place() {
        assert!(refused("out = 1").contains("`out` is not a string"));
        assert!(refused("fleet = 1").contains("write `[fleet]`"));
        assert!(refused("[fleet]\nsources = [\"../x\"]").contains("not below the fleet"));
        assert!(refused("[fleet]\nsources = \"hosts\"").contains("`sources` is not a list"));
        assert!(refused("[fleet").contains("not valid TOML"));
        assert!(refused("environments = 1").contains("write `[environments.NAME]`"));
        assert!(refused("[environments]\nx = 1").contains("write `[environments.x]`"));
        assert!(refused("[environments.x]\nhosst = {}").contains("did you mean `hosts`?"));
        assert!(refused("[environments.x]\nfleet = 1").contains("write `[environments.x.fleet]`"));
        assert!(refused("[environments.x]\nout = \"\"").contains("a folder is wanted"));
        assert!(refused("[environments.\"a/b\"]").contains("no environment can be called"));
        for inside in ["build/x", "./build", "."] {
            let text = format!("[environments.x]\nout = \"{inside}\"");
            assert!(refused(&text).contains("lie in one another"), "{inside}");
        }
        let both = "[environments.a]\nout = \"o\"\n[environments.b]\nout = \"o/b\"";
        assert!(refused(both).contains("the output of `b` and that of `a`"));
        assert!(refused("libraries = 1").contains("write `[libraries]`"));
        assert!(refused("[libraries]\nhouse = 1").contains("`house` is not a string"));
        assert!(refused("[libraries]\nhouse = \"\"").contains("a folder is wanted"));
        assert!(refused("[libraries]\nstd = \"../x\"").contains("the standard library"));
        for name in ["\"a b\"", "\"\"", "for", "\"a/b\"", "1a"] {
            let text = format!("[libraries]\n{name} = \"../x\"");
            assert!(refused(&text).contains("no library can be called"), "{name}");
        }
    }
}
