//! Passwords, keys and tokens that stand in the sources as everybody can read them: in any text that the fleet says, and
//! in the files beside the sources. What they are is never repeated in a finding, for that goes to logs.

use std::collections::BTreeSet;

use qg_lang::diagnostic::codes::secrets as codes;
use qg_lang::diagnostic::{Diagnostic, Severity};
use qg_lang::span::Span;

use super::FleetCheck;
use super::place::{own_place, within};
use crate::Facts;
use crate::leaf::{Sealed, SealedPart};
use crate::leaves::{LeafOrigin, LeafValue, ModelField, ModelStep, each};
use crate::secrecy::{Kind, assigned, form, is_secret, named};

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::PLAIN_SECRET], run };

/// Fields that are about secrets, or that are for people to read.
const NONE: [&str; 6] = ["about", "because", "title", "description", "help", "icon"];

/// Fields whose texts are another program's, with names and values in them.
const LANGUAGES: &[(&str, &str)] = &[
    ("CommandLine", "arguments"),
    ("Container", "command"),
    ("Container", "podman_args"),
    ("File", "text"),
    ("HomeFile", "text"),
    ("Script", "text"),
];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    let mut found = Found { fleet, told: BTreeSet::new(), files: BTreeSet::new(), flag: None, out };
    each(&fleet.model, &mut |way, value, said| found.leaf(way, value, said));
    each(&fleet.off, &mut |way, value, said| found.leaf(way, value, said));
}

struct Found<'f, 'o> {
    fleet: &'f Facts<'f>,
    /// What many inherit is said once.
    told: BTreeSet<Span>,
    files: BTreeSet<&'f str>,
    /// What the item before said, where that promises a secret: `--password`.
    flag: Option<Kind>,
    out: &'o mut Vec<Diagnostic>,
}

/// Why a text is a secret.
struct Why<'t> {
    /// "a password"
    what: String,
    /// "it is called `POSTGRES_PASSWORD`"
    because: String,
    /// As it stands in the text.
    text: &'t str,
    sure: bool,
}

impl<'f> Found<'f, '_> {
    fn leaf(&mut self, way: &[ModelStep<'f>], value: LeafValue<'f>, said: LeafOrigin) {
        let flag = self.flag.take();
        let field = way.iter().rev().find_map(ModelStep::field);
        let Some(field) = field.filter(|it| it.schema != "Secret" && !NONE.contains(&it.name))
        else {
            return;
        };
        match value {
            LeafValue::Text(text) => self.text(way, field, text, flag, said),
            LeafValue::Sealed(text) => self.text(way, field, &readable(text), flag, said),
            LeafValue::Int(number) => {
                // A short number is a setting: seconds, letters.
                let name = name_of(way, field);
                if number >= 1000 && named(name) == Some(Kind::Password) {
                    let text = number.to_string();
                    self.say(said, by_name(Kind::Password, name, &text));
                }
            }
            LeafValue::Nix(text) => {
                if let Some(why) = by_form(text).or_else(|| in_text(text, true)) {
                    self.say(said, why);
                }
            }
            LeafValue::File(path) if !is_encrypted(field) => self.file(path, said),
            LeafValue::File(_)
            | LeafValue::Bool(_)
            | LeafValue::Duration(_)
            | LeafValue::Size(_)
            | LeafValue::Float(_)
            | LeafValue::Mode(_)
            | LeafValue::Port(_)
            | LeafValue::Ref(_)
            | LeafValue::Word(_)
            | LeafValue::Empty => {}
        }
    }

    fn text(
        &mut self,
        way: &[ModelStep<'_>],
        field: &ModelField,
        text: &str,
        flag: Option<Kind>,
        said: LeafOrigin,
    ) {
        let name = name_of(way, field);
        let is_item = matches!(way.last(), Some(ModelStep::Item(_)));
        let by_its_name = || {
            let kind = named(name).filter(|_| says_text(field))?;
            is_secret(kind, text, is_loud(name)).then(|| by_name(kind, name, text))
        };
        let by_flag = || {
            let kind = flag.filter(|_| is_item)?;
            is_secret(kind, text, true).then(|| by_name(kind, "the argument before it", text))
        };
        let inside = || speaks(field).then(|| in_text(text, false)).flatten();
        if let Some(why) = by_form(text).or_else(by_its_name).or_else(by_flag).or_else(inside) {
            self.say(said, why);
        }
        if is_item && text.starts_with("--") && !text.contains(['=', ' ']) {
            self.flag = named(text);
        }
    }

    /// A file beside the sources, once.
    fn file(&mut self, path: &'f str, said: LeafOrigin) {
        let Some(text) = self.fleet.text_of(path).filter(|_| self.files.insert(path)) else {
            return;
        };
        let is_nix = path.ends_with(".nix");
        if text.contains("ENC[AES256_GCM,") {
            return;
        }
        if let Some(why) = by_form(text).or_else(|| in_text(text, is_nix)) {
            let at = text.find(why.text).and_then(|at| text.get(..at));
            let line = at.map_or(1, |before| before.matches('\n').count() + 1);
            let what = format!("{} in line {line} of {path}", why.what);
            self.say(said, Why { what, ..why });
        }
    }

    fn say(&mut self, said: LeafOrigin, why: Why<'_>) {
        let whole = own_place(self.fleet, &[said.origin]);
        let span = within(self.fleet, whole, why.text);
        if !self.told.insert(span) {
            return;
        }
        let message = format!("{} stands here as everybody can read it", why.what);
        let finding = Diagnostic::warning(codes::PLAIN_SECRET, span, message)
            .here(why.because)
            .help("put it into an encrypted file (`sops edit`), declare it (`secret NAME { key = \"…\" }`), and say `secret.NAME` here");
        let finding = if why.sure {
            finding.help("who has read the sources has it: make a new one")
        } else {
            finding.help("where it is none, say so: `# qg: allow(QG0740) why it is no secret`")
        };
        let severity = if why.sure { Severity::Error } else { Severity::Warning };
        self.out.push(Diagnostic { severity, ..finding });
    }
}

fn by_name<'t>(kind: Kind, name: &str, text: &'t str) -> Why<'t> {
    let what = match kind {
        Kind::Password => "a password",
        Kind::Qualified | Kind::Bare | Kind::Key => "a key or token",
        Kind::Pair => "an account with its password",
        Kind::Header => "a header that lets somebody in",
    };
    let because = if name.contains(' ') {
        format!("{name} asks for one")
    } else {
        format!("`{name}` is the name of one")
    };
    Why { what: what.to_owned(), because, text, sure: false }
}

fn by_form(text: &str) -> Option<Why<'_>> {
    form(text).map(|it| Why {
        what: it.what.to_owned(),
        because: "it has the form of one".to_owned(),
        text: it.text,
        sure: it.sure,
    })
}

/// What a text of another language sets.
fn in_text(text: &str, nix: bool) -> Option<Why<'_>> {
    assigned(text).find_map(|it| {
        let kind = named(it.name)?;
        let loud = is_loud(it.name);
        let code = !it.quoted && it.value.contains(['(', ')', '[', ']', '{', '}', '.', '$', '<']);
        let digits = it.value.bytes().any(|c| c.is_ascii_digit());
        // Without quotes it is a name of something mostly, and a value only where lines are values.
        let is_value = it.quoted || !nix && !code && (it.alone || digits);
        (is_value && is_secret(kind, it.value, loud))
            .then(|| Why { text: it.text, ..by_name(kind, it.name, it.value) })
    })
}

/// The name that a leaf stands under.
fn name_of<'m>(way: &[ModelStep<'m>], field: &'m ModelField) -> &'m str {
    let last = way.iter().rev().find_map(|step| match step {
        ModelStep::Key(key) => Some(*key),
        ModelStep::Field(field) => Some(field.name),
        ModelStep::Item(_) | ModelStep::Variant(_) => None,
    });
    let last = last.unwrap_or(field.name);
    // An option of NixOS in quotes, a path of keys.
    if last.contains(['/', ' ', ':']) { "" } else { last.rsplit('.').next().unwrap_or(last) }
}

fn is_loud(name: &str) -> bool {
    !name.contains(|c: char| c.is_ascii_lowercase())
}

/// Whether a field holds a text that may be anything.
fn says_text(field: &ModelField) -> bool {
    field.free || ["string", "sealed", "data"].iter().any(|it| field.ty.contains(it))
}

/// Whether a field's texts set something by names of their own.
fn speaks(field: &ModelField) -> bool {
    field.free || field.name == "quadlet" || LANGUAGES.contains(&field.key())
}

/// The files of secrets themselves.
fn is_encrypted(field: &ModelField) -> bool {
    field.key() == ("Fleet", "secrets")
}

/// A text with a variable for each secret in it.
fn readable(text: &Sealed) -> String {
    let parts = text.0.iter().map(|part| match part {
        SealedPart::Text(text) => text.as_str(),
        SealedPart::Secret(_) => "${secret}",
    });
    parts.collect()
}
