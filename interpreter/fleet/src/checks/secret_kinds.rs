//! Secrets of one kind where another one is read: lines of variables as one value, one value as lines.

use qg_lang::diagnostic::codes::secrets as codes;
use qg_lang::diagnostic::{Diagnostic, Severity};

use super::FleetCheck;
use super::place::{own_place, place};
use crate::Facts;
use crate::leaf::OriginId;
use crate::leaves::{LeafValue, ModelField, ModelStep, each};
use crate::secret::SecretKind;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::SECRET_KIND], run };

/// Fields that read a file with lines of variables.
const LINES: [(&str, &str); 2] = [("Container", "env_files"), ("OwnUnit", "env_files")];

/// Fields that hand a secret on whatever it is.
const ANY: [&str; 8] =
    ["source", "reads", "credentials", "secrets", "secret", "use", "requires", "needs"];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for it in fleet.secret_uses.all() {
        let kind = fleet.model.secret.get(it.secret.entity()).map(|of| of.kind.value);
        let (key, Some(kind)) = (it.field.key(), kind) else { continue };
        let wants = if LINES.contains(&key) {
            (Wants::Lines, kind)
        } else if it.within.name == "container" && key == ("Container", "env") {
            (Wants::Line, kind)
        } else if !it.in_text && it.field.ty.starts_with("secret") && !ANY.contains(&key.1) {
            (Wants::Value, kind)
        } else {
            continue;
        };
        say(fleet, &it.secret.to_string(), wants, it.origin, out);
    }
    each(&fleet.model, &mut |way, value, said| {
        let LeafValue::Text(text) = value else { return };
        if !text.starts_with("/") {
            return;
        }
        let Some(wants) = by_name(way) else { return };
        for key in fleet.model.secrets_named_in(text) {
            if let Some(secret) = fleet.model.secret.get(key).filter(|it| it.path.value == *text) {
                say(fleet, &format!("secret.{key}"), (wants, secret.kind.value), said.origin, out);
            }
        }
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    /// A file with `NAME=value` in each line.
    Lines,
    /// What stands in one line.
    Line,
    /// One value, nothing around it.
    Value,
}

/// What a name of a free text says that is read from the file: `passwordFile`, `environmentFile`, `DB_PASSWORD_FILE`.
fn by_name(way: &[ModelStep<'_>]) -> Option<Wants> {
    let free = |field: &&ModelField| field.free || field.key() == ("Container", "env");
    let name = way.iter().rev().find_map(ModelStep::key)?;
    let field = way.iter().rev().find_map(ModelStep::field);
    field.filter(free)?;
    let name = name.rsplit('.').next()?.to_ascii_lowercase().replace(['_', '-'], "");
    let of = name.strip_suffix('s').unwrap_or(&name).strip_suffix("file")?;
    let ends = |all: &[&str]| all.iter().any(|it| of.ends_with(it));
    if ends(&["environment", "env"]) {
        Some(Wants::Lines)
    } else if ends(&["password", "token", "secret", "passphrase", "apikey"]) {
        Some(Wants::Value)
    } else {
        None
    }
}

fn say(
    fleet: &Facts<'_>,
    secret: &str,
    (wants, kind): (Wants, SecretKind),
    by: OriginId,
    out: &mut Vec<Diagnostic>,
) {
    let (is, what) = match kind {
        SecretKind::Env => ("lines of `NAME=value`", "env"),
        SecretKind::File => ("a whole file", "file"),
        SecretKind::Pem => ("a certificate or key in PEM", "pem"),
        SecretKind::Value => ("one value", "value"),
        // Told where it is used.
        SecretKind::Binary => return,
    };
    let (severity, help) = match (wants, kind) {
        (Wants::Lines, SecretKind::Value | SecretKind::Pem) => (
            Severity::Warning,
            "what is read here has lines of `NAME=value`: say `kind = env` of the secret where it has them, or give the value a name of its own: `env.NAME = secret.x`",
        ),
        (Wants::Line, SecretKind::Env) => (
            Severity::Error,
            "a variable would hold all of its lines: say `env_files = [secret.x]`",
        ),
        (Wants::Line, SecretKind::File | SecretKind::Pem) => {
            (Severity::Error, "a variable is one line: mount the secret, and say its path")
        }
        (Wants::Value, SecretKind::Env) => (
            Severity::Error,
            "all of its lines would be taken for the value: make a secret of the value alone",
        ),
        (Wants::Lines, SecretKind::Env | SecretKind::File)
        | (Wants::Line, SecretKind::Value)
        | (Wants::Value, SecretKind::Value | SecretKind::File | SecretKind::Pem) => return,
        (_, SecretKind::Binary) => return,
    };
    let message = format!("{secret} is {is}, which is not what is read here");
    let span = own_place(fleet, &[by]);
    let finding = Diagnostic::error(codes::SECRET_KIND, span, message).help(help);
    let declared = fleet.model.secret.get(secret.trim_start_matches("secret."));
    let finding = match declared.map(|it| place(fleet, it.origin)).filter(|it| *it != span) {
        Some(at) => finding.also(at, format!("of the kind `{what}`")),
        None => finding,
    };
    out.push(Diagnostic { severity, ..finding });
}
