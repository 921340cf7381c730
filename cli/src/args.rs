//! The command line: what each command takes.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum, ValueHint};

use crate::config::{LibraryPath, odd_library_name};

/// Describe a fleet of machines once; get NixOS modules, Quadlet units, Traefik and Authelia files.
#[derive(Debug, Parser)]
#[command(
    name = "qgc",
    bin_name = "qgc",
    version,
    after_help = "Exit code: 0 all is well, 1 there are findings, 2 the command could not be carried out."
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,

    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub color: ColorChoice,
}

/// What of a fleet is meant.
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct Chosen {
    /// The environment: `[environments.NAME]` of qg.toml [default: the fleet as its sources say it].
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    /// Where a library lies, in place of what `[libraries]` of qg.toml says; may be repeated.
    #[arg(long = "library", value_name = "NAME=FOLDER", value_parser = library)]
    pub libraries: Vec<LibraryPath>,
}

/// `house=../house`
fn library(text: &str) -> Result<LibraryPath, String> {
    let (name, path) = text.split_once('=').ok_or("write NAME=FOLDER")?;
    match odd_library_name(name) {
        Some(why) => Err(format!("no library can be called `{name}`: {why}")),
        None if path.is_empty() => Err("write NAME=FOLDER".to_owned()),
        None => Ok(LibraryPath { name: name.to_owned(), path: path.into(), place: None }),
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look for mistakes; write nothing.
    Check(CheckArgs),
    /// Mend what `check` finds, where there is one way to.
    Fix(FixArgs),
    /// Make the files of every host.
    Compile(CompileArgs),
    /// Ask the fleet anything: the value of an expression.
    Query(QueryArgs),
    /// Tell who said a value, or what stands in a line of the output.
    Why(WhyArgs),
    /// Tell what the proxy and the login server would answer to a request, and why.
    Request(RequestArgs),
    /// Ask what the fleet's tests expect.
    Test(TestArgs),
    /// Explore the fleet, question by question.
    Repl(ReplArgs),
    /// Serve an editor over stdin and stdout (Language Server Protocol).
    Lsp(LspArgs),
    /// Keep a table of the NixOS options that the fleet's own nixpkgs has.
    Options(OptionsArgs),
    /// Begin a small fleet that compiles.
    Init(InitArgs),
    /// Tell the story behind a code, as QG0201; without one, list them all.
    Explain(ExplainArgs),
    /// Print a completion script for a shell.
    Completions(CompletionsArgs),
}

/// Which fleet, and how to speak of what is found.
#[derive(Debug, ClapArgs)]
pub struct FleetArgs {
    /// The fleet: a folder in or below which `qg.toml` lies, or a `.qg` file
    /// [default: the current folder].
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,

    #[command(flatten)]
    pub chosen: Chosen,

    /// How findings are printed.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,

    /// Treat warnings as errors.
    #[arg(long)]
    pub deny_warnings: bool,

    /// How many findings of one file are shown, and of ten files in all; 0 shows all of them.
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    pub max_findings: usize,
}

#[derive(Debug, ClapArgs)]
pub struct CheckArgs {
    #[command(flatten)]
    pub fleet: FleetArgs,

    /// Tell who can reach what, and look for ways round the guards of routes.
    #[arg(long)]
    pub exposure: bool,
}

#[derive(Debug, ClapArgs)]
pub struct FixArgs {
    /// The fleet: a folder in or below which `qg.toml` lies, or a `.qg` file
    /// [default: the current folder].
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,

    #[command(flatten)]
    pub chosen: Chosen,

    /// Mend what has this code alone; may be repeated [default: everything].
    #[arg(long = "code", value_name = "CODE")]
    pub codes: Vec<String>,

    /// Say what would be mended; write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, ClapArgs)]
pub struct CompileArgs {
    #[command(flatten)]
    pub fleet: FleetArgs,

    /// The folder to write; it is replaced as a whole [default: `out` of qg.toml, else `build`].
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,

    /// Make only this host's files, and leave those of the others as they are; may be repeated.
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,

    /// Say which files would change; write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, ClapArgs)]
pub struct QueryArgs {
    /// Any expression, as `service.sonarr.route.web.url` or
    /// `[for s in service for r in s.route if r.expose is public: r.url]`.
    #[arg(value_name = "EXPR")]
    pub expr: String,

    /// The fleet: a folder in or below which `qg.toml` lies, or a `.qg` file
    /// [default: the current folder].
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,

    #[command(flatten)]
    pub chosen: Chosen,

    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Json)]
    pub format: AnswerFormat,
}

#[derive(Debug, ClapArgs)]
pub struct WhyArgs {
    /// A line of the output, as `build/hosts/Server/traefik/dynamic.yml:42`, or a place in the model,
    /// as `service.sonarr.route.web.expose`.
    pub target: String,

    /// The fleet: a folder in or below which `qg.toml` lies, or a `.qg` file
    /// [default: the current folder].
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,

    #[command(flatten)]
    pub chosen: Chosen,

    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = WhyFormat::Human)]
    pub format: WhyFormat,
}

#[derive(Debug, ClapArgs)]
pub struct RequestArgs {
    /// The method, as `GET`.
    pub method: String,

    /// The address, whole: `https://photos.example.org/`.
    pub url: String,

    /// The fleet: a folder in or below which `qg.toml` lies, or a `.qg` file
    /// [default: the current folder].
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,

    #[command(flatten)]
    pub chosen: Chosen,

    /// Where it comes from: `internet`, `lan`, an address, or a host of the fleet.
    #[arg(long, value_name = "PLACE", default_value = "internet")]
    pub from: String,

    /// Who has logged in before [default: nobody].
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,

    /// The groups of that user [default: those that the fleet says of the person].
    #[arg(long, value_name = "GROUP", value_delimiter = ',')]
    pub groups: Vec<String>,

    /// How many factors that user has shown.
    #[arg(long, value_name = "COUNT", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub factor: u8,

    /// The certificate of the client, as the proxy's authorities see it.
    #[arg(long, value_enum, default_value_t = RequestCertificate::None)]
    pub certificate: RequestCertificate,

    /// A header, as `Accept: application/json`; may be repeated.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<String>,

    /// The host whose proxy is asked [default: the first that has a router for it].
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,

    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = WhyFormat::Human)]
    pub format: WhyFormat,
}

#[derive(Debug, ClapArgs)]
pub struct TestArgs {
    /// Only tests with this in their names, in small or capital letters [default: all of them]. A path that is there,
    /// as `./fleet`, is the fleet.
    pub filter: Option<String>,

    /// The fleet: a folder in or below which `qg.toml` lies, or a `.qg` file
    /// [default: the current folder].
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,

    #[command(flatten)]
    pub chosen: Chosen,

    /// How the results are printed.
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub format: TestFormat,
}

/// How the results of tests are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// A line for each test, and what does not hold with the source, for people.
    Human,
    /// One JSON value.
    Json,
    /// XML in the form that CI servers show.
    Junit,
}

/// A client's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RequestCertificate {
    /// It has none.
    None,
    /// One that the authorities of the fleet signed.
    Trusted,
    /// One that somebody else signed.
    Untrusted,
}

#[derive(Debug, ClapArgs)]
pub struct ReplArgs {
    /// The fleet: a folder in or below which `qg.toml` lies, or a `.qg` file
    /// [default: the current folder].
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,

    #[command(flatten)]
    pub chosen: Chosen,
}

#[derive(Debug, ClapArgs)]
pub struct LspArgs {
    #[command(flatten)]
    pub chosen: Chosen,
}

#[derive(Debug, ClapArgs)]
pub struct OptionsArgs {
    #[command(subcommand)]
    pub command: OptionsCommand,
}

#[derive(Debug, Subcommand)]
pub enum OptionsCommand {
    /// Ask Nix which options and packages the fleet's hosts have, and keep the answer beside qg.toml.
    Update(UpdateArgs),
}

#[derive(Debug, ClapArgs)]
pub struct UpdateArgs {
    /// The fleet: a folder in or below which `qg.toml` lies [default: the current folder].
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,

    #[command(flatten)]
    pub chosen: Chosen,

    /// The flake that the hosts are built from [default: `flake` of qg.toml, else the one beside or
    /// right below it].
    #[arg(long, value_name = "FLAKE", conflicts_with = "file")]
    pub flake: Option<String>,

    /// Ask this host of its `nixosConfigurations` alone; may be repeated [default: all of them].
    #[arg(long = "host", value_name = "NAME", conflicts_with = "file")]
    pub hosts: Vec<String>,

    /// Ask a Nix file instead, which gives what `import <nixpkgs/nixos> { … }` does.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: Option<PathBuf>,

    /// Say what would change; write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, ClapArgs)]
pub struct InitArgs {
    /// Where to put it; made if it is not there yet.
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct ExplainArgs {
    /// A code, as `QG0201`.
    pub code: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct CompletionsArgs {
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the source, for people.
    Human,
    /// One line each.
    Short,
    /// One JSON object per line.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AnswerFormat {
    /// One JSON value.
    Json,
    /// Records and entities as a table, all else as the language writes it.
    Table,
    /// Strings without quotes, lists with one element a line.
    Raw,
}

/// How the reasons of a value are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WhyFormat {
    /// With the source, for people.
    Human,
    /// One JSON value.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    Always,
    Never,
}
