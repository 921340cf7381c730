//! How a secret is written where it stands: what `sealed.sh` asks of it and does to it, one step after another.

use qg_fleet::leaf::EntityPath;
use qg_fleet::secret::SecretKind;
use qg_fleet::service::File;
use qg_fleet::url::UrlPart;

use crate::Prepared;
use crate::traefik::Variable;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It may not be empty.
    Filled,
    /// It has so many colons.
    Colons(usize),
    /// It is one line.
    Line,
    /// It has no blanks at its ends, which readers would cut off.
    Trimmed,
    /// Percent-encoded, as a part of a URL.
    Url(UrlPart),
    /// Between double quotes of JSON, YAML and TOML, which share its escapes.
    Json,
    /// It is text, which systemd takes nothing else for a variable's value.
    Utf8,
    /// Between double quotes of a file that systemd reads variables from.
    Unit,
}

impl Step {
    fn name(self) -> String {
        match self {
            Step::Filled => "filled".to_owned(),
            Step::Colons(count) => format!("colons{count}"),
            Step::Line => "line".to_owned(),
            Step::Trimmed => "trimmed".to_owned(),
            Step::Url(part) => part.word().to_lowercase(),
            Step::Json => "json".to_owned(),
            Step::Utf8 => "utf8".to_owned(),
            Step::Unit => "unit".to_owned(),
        }
    }
}

/// The steps in one word.
pub(super) fn names(steps: &[Step]) -> String {
    if steps.is_empty() {
        return "raw".to_owned();
    }
    let names: Vec<String> = steps.iter().map(|step| step.name()).collect();
    names.join(",")
}

fn url(part: UrlPart) -> Option<Step> {
    (part != UrlPart::None).then_some(Step::Url(part))
}

/// In a line of a file with variables that Podman reads, which takes a line as it is (`pkg/env`, 5.x).
pub(super) fn in_environment(part: UrlPart) -> Vec<Step> {
    std::iter::once(Step::Line).chain(url(part)).collect()
}

/// In a variable that Traefik puts into its dynamic file; systemd or Podman hands it over.
pub(super) fn in_variable(variable: &Variable, by_podman: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    if let Some(colons) = variable.user {
        steps.extend([Step::Filled, Step::Line]);
        steps.extend(colons.map(Step::Colons));
    }
    if by_podman && !steps.contains(&Step::Line) {
        steps.push(Step::Line);
    }
    steps.extend(url(variable.part));
    steps.push(Step::Utf8);
    if !by_podman {
        steps.push(Step::Unit);
    }
    steps
}

/// In a file.
pub(super) fn in_file(
    fleet: &Prepared<'_>,
    file: &File,
    secret: &EntityPath,
    part: UrlPart,
) -> Vec<Step> {
    let kind = fleet.model.secret.get(secret.entity()).map(|it| it.kind.value);
    let lines = matches!(kind, Some(SecretKind::File | SecretKind::Pem | SecretKind::Env));
    let of_format: &[Step] = if file.yaml.is_some() || file.json.is_some() || file.toml.is_some() {
        &[Step::Json]
    } else if file.ini.is_some() {
        // An INI file cannot hold lines, whatever is meant to have them.
        &[Step::Line, Step::Trimmed]
    } else if file.template.is_some() && !lines {
        &[Step::Line]
    } else {
        &[]
    };
    // What it is like is asked before it becomes part of a URL; escapes come last.
    let (after, before): (Vec<Step>, Vec<Step>) =
        of_format.iter().partition(|step| **step == Step::Json);
    before.into_iter().chain(url(part)).chain(after).collect()
}
