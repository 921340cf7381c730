//! Nothing that is said gets lost: every leaf that a source says stands in a line, is told by a finding,
//! steers one of them, or lies in a field of [`silent::SILENT`], with the reason why it makes no line. And every
//! field of the library is said somewhere where that shows: in a fleet or a golden case, but for [`silent::UNSAID`].

mod silent;

use std::collections::{BTreeMap, BTreeSet};

use qg_interpreter::describe::Leaf;
use qg_interpreter::targets::OutputFile;
use qg_interpreter::{Build, build};
use qg_lang::span::Span;
use qg_lang::world::{MemoryWorld, World};
use qg_tests::{disk, fleets, golden};

/// So many leaves of one field are tried in one fleet.
const TRIED: usize = 2;

/// What happens to the files between their making and their reader.
type Writer<'a> = &'a dyn Fn(Vec<OutputFile>) -> Vec<OutputFile>;

/// A fleet, its files, and which of its leaves are told of.
struct Told<'a> {
    build: &'a Build,
    world: &'a dyn World,
    writer: Writer<'a>,
    files: BTreeMap<String, String>,
    /// Every leaf that nobody was found to tell of yet.
    open: Vec<Leaf>,
    /// The fields of those that somebody tells of.
    fields: BTreeSet<String>,
    /// Every field that the sources say something in that somebody tells of.
    said: BTreeSet<String>,
}

/// A leaf that nothing tells of: its field, its path and its place.
type Lost = (String, String);

impl Told<'_> {
    fn of<'a>(build: &'a Build, world: &'a dyn World, writer: Writer<'a>) -> Told<'a> {
        let output = writer(build.output.clone());
        let reached = build.reached(&output);
        let (reached, open): (Vec<Leaf>, Vec<Leaf>) =
            build.leaves().into_iter().partition(|it| reached.contains(&it.origin));
        let fields = reached.iter().map(|it| it.field.clone()).collect();
        let said = BTreeSet::new();
        let mut told = Told { build, world, writer, files: by_path(output), open, fields, said };
        let own = reached.iter().filter(|leaf| told.is_own(leaf.span));
        told.said = own.flat_map(|leaf| leaf.around.iter().chain([&leaf.field]).cloned()).collect();
        told
    }

    fn is_own(&self, span: Span) -> bool {
        let source = self.build.analysis.sources.get(span.file);
        source.is_some_and(|it| !it.path.starts_with('<'))
    }

    /// The leaves of the fleet's own sources, in fields of the library, that nothing tells of.
    fn lost(&mut self) -> Vec<Lost> {
        let mut tried = BTreeMap::<String, usize>::new();
        let mut lost = Vec::new();
        for leaf in &self.open {
            // What reads a field of one's own is one's own as well.
            let ours = leaf.declared.is_none_or(|span| self.is_own(span));
            if !self.is_own(leaf.span) || ours {
                continue;
            }
            // Of a `no` only the reason is a leaf: what is not made for it shows it.
            if leaf.field == "Answer.no.because" {
                self.said.extend(leaf.around.iter().cloned());
            }
            let count = tried.entry(leaf.field.clone()).or_default();
            *count += 1;
            if *count > TRIED {
                continue;
            }
            if self.is_told(leaf) || self.made_of(leaf).any(|it| self.is_told(it)) {
                self.fields.insert(leaf.field.clone());
                self.said.extend(leaf.around.iter().chain([&leaf.field]).cloned());
            } else {
                let place = self.build.analysis.sources.place(leaf.span);
                lost.push((leaf.field.clone(), format!("{} ({place})", leaf.path)));
            }
        }
        lost
    }

    /// Whether files or findings are others where a leaf says something else.
    fn is_told(&self, leaf: &Leaf) -> bool {
        self.build.is_told_by(leaf, self.world, |output, findings| {
            findings.len() != self.build.diagnostics.len()
                || by_path((self.writer)(output)) != self.files
        })
    }

    /// What no line tells of either, and was computed from a leaf.
    fn made_of<'t>(&'t self, leaf: &Leaf) -> impl Iterator<Item = &'t Leaf> {
        let origin = leaf.origin;
        self.open.iter().filter(move |it| {
            it.origin != origin && self.build.made_of([it.origin]).contains(&origin)
        })
    }
}

fn by_path(files: Vec<OutputFile>) -> BTreeMap<String, String> {
    files.into_iter().map(|file| (file.path, file.text)).collect()
}

fn as_it_is(files: Vec<OutputFile>) -> Vec<OutputFile> {
    files
}

/// The fleets that must compile, and the golden cases.
fn fleets() -> Vec<(String, Box<dyn World>)> {
    let mut fleets: Vec<(String, Box<dyn World>)> = Vec::new();
    for root in fleets::all() {
        fleets.push((fleets::name(&root), Box::new(fleets::world(&root))));
    }
    for case in golden::cases() {
        let name = case.strip_prefix(disk::repository()).unwrap_or(&case).display().to_string();
        fleets.push((name, Box::new(disk::world(&case, &[""]))));
    }
    fleets
}

/// What all fleets and cases show of the library's fields.
#[derive(Default)]
struct Shown {
    /// The fields that are silent, with the leaves that nothing tells of.
    silent: BTreeMap<String, Vec<String>>,
    told: BTreeSet<String>,
    said: BTreeSet<String>,
    /// Every field that the library declares.
    declared: BTreeSet<String>,
}

impl Shown {
    fn of_all() -> Shown {
        let mut shown = Shown::default();
        for (name, world) in fleets() {
            let build = build(&*world);
            assert!(build.fleet.is_some(), "{name} has errors");
            let mut fleet = Told::of(&build, &*world, &as_it_is);
            for (field, place) in fleet.lost() {
                shown.silent.entry(field).or_default().push(format!("{name}: {place}"));
            }
            // The kinds themselves are no fields that somebody fills.
            let model = build.analysis.declarations.model;
            let schemas = build.analysis.declarations.schemas.iter();
            for schema in schemas.filter(|schema| Some(schema.id) != model) {
                let fields = schema.fields.iter().filter(|it| !fleet.is_own(it.span));
                shown.declared.extend(fields.map(|it| format!("{}.{}", schema.name, it.name)));
            }
            shown.told.append(&mut fleet.fields);
            shown.said.append(&mut fleet.said);
        }
        shown
    }

    /// Fields that are silent without a row, and rows that are not so.
    fn wrongly_silent(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (field, places) in &self.silent {
            if !silent::SILENT.iter().any(|(it, ..)| it == field) {
                wrong.push(format!("nothing tells of {field}:\n  {}", places.join("\n  ")));
            }
        }
        for (field, when, reason) in silent::SILENT {
            if !self.silent.contains_key(*field) {
                wrong.push(format!("{field} is told of everywhere; its row may go"));
            }
            let sometimes = *when == silent::When::Here;
            if self.told.contains(*field) != sometimes {
                wrong.push(format!(
                    "{field} is told of somewhere: {}, not as its row says",
                    !sometimes
                ));
            }
            assert!(reason.len() > 20, "{field}: a reason");
        }
        wrong
    }

    /// Fields that no fleet and no golden case says anything in that reaches a file, and rows that are not so.
    fn never_said(&self) -> Vec<String> {
        let never = |field: &str| {
            silent::SILENT.iter().any(|(it, when, _)| *it == field && *when == silent::When::Never)
        };
        let unsaid = |field: &str| silent::UNSAID.iter().any(|(it, _)| *it == field);
        let open = self.declared.iter().filter(|it| !self.said.contains(*it) && !never(it));
        let mut wrong: Vec<String> = open
            .filter(|field| !unsaid(field))
            .map(|field| format!("no golden case says {field}, with a file that shows it"))
            .collect();
        for (field, reason) in silent::UNSAID {
            if self.said.contains(*field) || !self.declared.contains(*field) {
                wrong.push(format!("{field} is said, or is no more; its row may go"));
            }
            assert!(reason.len() > 20, "{field}: a reason");
        }
        wrong
    }
}

#[test]
fn every_leaf_is_told_or_says_why_not_and_every_field_is_said() {
    let shown = Shown::of_all();
    let mut wrong = shown.wrongly_silent();
    wrong.extend(shown.never_said());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const PLANTED: &str = r#"
fleet { domain = "example.org", state = /srv }
host a { system = x86_64_linux, state_version = "25.05", address = 10.0.0.1 }
service app {
  on = host.a
  container { image = "docker.io/library/app:1", pids_limit = 77, env.A = "x" }
  native "services.told" { kept = "yes", other = "no" }
  file "/etc/app/a.conf" { text = "first" }
  file "/etc/app/b.conf" { text = "second" }
}
"#;

/// What is lost of the planted fleet where its files go through a writer.
fn lost_through(writer: Writer<'_>) -> Vec<String> {
    let mut world = MemoryWorld::default();
    world.sources.insert("fleet.qg".into(), PLANTED.into());
    let build = build(&world);
    let findings = golden::in_words(&build.diagnostics, &build.analysis.sources);
    assert!(build.fleet.is_some(), "{findings}");
    let lost = Told::of(&build, &world, writer).lost();
    let silent = |field: &str| silent::SILENT.iter().any(|(it, ..)| *it == field);
    lost.into_iter().filter(|(field, _)| !silent(field)).map(|(field, _)| field).collect()
}

/// Files without the lines that hold a text.
fn without(text: &'static str) -> impl Fn(Vec<OutputFile>) -> Vec<OutputFile> {
    move |mut files| {
        for file in &mut files {
            let kept: Vec<bool> = file.text.lines().map(|line| !line.contains(text)).collect();
            let lines = file.text.lines().zip(&kept).filter(|(_, kept)| **kept);
            file.text = lines.map(|(line, _)| format!("{line}\n")).collect();
            let mut kept = kept.into_iter();
            file.lines.retain(|_| kept.next().unwrap_or(true));
        }
        files
    }
}

/// The three ways in which values were lost before, put in on purpose.
#[test]
fn what_is_lost_on_purpose_is_found() {
    assert_eq!(lost_through(&as_it_is), Vec::<String>::new());
    // A field that nobody renders.
    assert_eq!(lost_through(&without("PidsLimit")), ["Container.pids_limit"]);
    assert_eq!(lost_through(&without("Environment=")), ["Container.env"]);
    // An option that loses against another, as in a set that keeps what came first.
    assert_eq!(lost_through(&without("other =")), ["Service.native"]);
    // A path said twice, in a map that keeps one of both.
    let one_of_both = |mut files: Vec<OutputFile>| {
        files.retain(|file| !file.path.ends_with("b.conf"));
        without("b.conf")(files)
    };
    assert_eq!(lost_through(&one_of_both), ["File.text"]);
}
