//! The files of secrets: sops encrypted them, and holds what is asked of them. What such a file says goes to the hosts
//! as it is, readable for everybody.

use std::collections::BTreeSet;

use qg_fleet::checks::place::{last, own_place, place};
use qg_fleet::host::Manager;
use qg_fleet::leaf::{At, OriginId};
use qg_fleet::leaves::{LeafValue, each};
use qg_fleet::secret::Secret;
use qg_formats::sops::{Encrypted, Entry, SopsFile, SopsFormat, read};
use qg_lang::diagnostic::codes::fleet as codes;
use qg_lang::diagnostic::{Diagnostic, MAX_GUESSES, Severity, closest};
use qg_lang::span::Span;

use super::Check;
use crate::Prepared;

pub(super) const CHECK: Check =
    Check { codes: &[codes::NOT_ENCRYPTED, codes::NO_SECRET_KEY, codes::NOT_TAKEN_OUT], run };

/// A larger file is none that sops is made for, and is not looked into.
const LARGEST: usize = 16 * 1024 * 1024;

/// What each encrypted value begins with.
const MARK: &[u8] = b"ENC[AES256_GCM,";

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut guesses = 0;
    let mut idle = None;
    for (key, secret) in &fleet.model.secret {
        let Some(path) = &secret.file else { continue };
        // What cannot be read is told elsewhere.
        let Some(looked) = fleet.sops_file(&path.value) else { continue };
        let is_new = known.insert(&path.value);
        let file = match looked {
            Ok(file) => {
                out.extend(bare(fleet, path, file).filter(|_| is_new));
                file
            }
            Err(_) if !is_new => continue,
            Err(why) => {
                let message = format!("{} {why}", path.value);
                let bytes = fleet.files.get(&path.value).map_or(&[][..], |it| it);
                let sealed = bytes.windows(MARK.len()).any(|it| it == MARK);
                out.push(not_encrypted(fleet, path, message, key, secret).help(if sealed {
                    format!(
                        "{} holds encrypted values already, which must not be encrypted again: take it back as sops has written it",
                        path.value
                    )
                } else {
                    format!("encrypt it: `sops encrypt --in-place {}`", path.value)
                }));
                continue;
            }
        };
        let finding = found(fleet, key, secret, &path.value, file, &mut guesses);
        let opened = fleet.model.host.keys().any(|it| opens(fleet, it, key));
        if opened {
            out.extend(finding);
        } else if let Some(finding) = finding.filter(|it| it.code == codes::NO_SECRET_KEY)
            && !idle.get_or_insert_with(|| waiting(fleet)).contains(key.as_str())
        {
            // No host opens it, so that nothing fails yet.
            let finding = finding.help("nobody reads it: drop it, or say who does");
            out.push(Diagnostic { severity: Severity::Warning, ..finding });
        }
    }
}

/// Secrets that something would read, if it ran: what is switched off, and what nothing runs.
pub(super) fn waiting<'f>(fleet: &'f Prepared<'_>) -> BTreeSet<&'f str> {
    let mut all = BTreeSet::new();
    each(&fleet.off, &mut |_, value, _| match value {
        LeafValue::Ref(path) if path.kind() == "secret" => {
            all.insert(path.entity());
        }
        LeafValue::Sealed(text) => all.extend(text.secrets().map(|it| it.entity())),
        LeafValue::Text(text) | LeafValue::Nix(text) => {
            all.extend(fleet.model.secrets_named_in(text).map(String::as_str));
        }
        LeafValue::Ref(_)
        | LeafValue::Bool(_)
        | LeafValue::Int(_)
        | LeafValue::Duration(_)
        | LeafValue::Size(_)
        | LeafValue::Float(_)
        | LeafValue::Mode(_)
        | LeafValue::Port(_)
        | LeafValue::File(_)
        | LeafValue::Word(_)
        | LeafValue::Empty => {}
    });
    for it in fleet.secret_uses.all() {
        all.extend(
            fleet.model.secret.get_key_value(it.secret.entity()).map(|(key, _)| key.as_str()),
        );
    }
    all
}

impl Prepared<'_> {
    /// A file of secrets, as far as everybody can read it, or why it is none; nothing where no secret is in it, or
    /// it cannot be read.
    pub(crate) fn sops_file(&self, path: &str) -> Option<&Result<SopsFile, String>> {
        let all = self.sops.get_or_init(|| {
            let files = self.model.secret.values().filter_map(|it| it.file.as_ref());
            let paths: BTreeSet<&str> = files.map(|it| it.value.as_str()).collect();
            let known = paths.into_iter().filter_map(|it| Some((it, self.files.get(it)?)));
            known.map(|(path, bytes)| (path.to_owned(), look(path, bytes))).collect()
        });
        all.get(path)
    }
}

fn look(path: &str, bytes: &[u8]) -> Result<SopsFile, String> {
    if bytes.len() > LARGEST {
        return Err("is larger than 16 MiB, which is too much for a file of secrets".to_owned());
    }
    let text =
        std::str::from_utf8(bytes).map_err(|_| "is not encrypted: it is no text".to_owned())?;
    read(SopsFormat::of(path), text)
}

fn not_encrypted(
    fleet: &Prepared<'_>,
    path: &At<String>,
    message: String,
    key: &str,
    secret: &At<Secret>,
) -> Diagnostic {
    let span = place_of(fleet, path);
    let mut finding = Diagnostic::error(codes::NOT_ENCRYPTED, span, message)
        .here("everybody can read what goes to a host");
    let by = place(fleet, secret.origin);
    if by != span {
        finding = finding.also(by, format!("secret.{key} is in it"));
    }
    finding
}

/// Who names a file of secrets: the fleet, where a secret does not say so itself.
fn place_of(fleet: &Prepared<'_>, path: &At<String>) -> Span {
    let all = fleet.model.fleet.secrets.iter().filter(|it| it.value == path.value);
    let origins: Vec<OriginId> = [path.origin].into_iter().chain(all.map(|it| it.origin)).collect();
    own_place(fleet, &origins)
}

/// Values that stand in a file of secrets as they are.
fn bare(fleet: &Prepared<'_>, path: &At<String>, file: &SopsFile) -> Option<Diagnostic> {
    let keys = file.bare();
    let (first, rest) = keys.split_first()?;
    let message = match rest.len() {
        0 => format!("`{first}` in {} is not encrypted", path.value),
        count => format!("`{first}` and {count} more in {} are not encrypted", path.value),
    };
    let finding = Diagnostic::error(codes::NOT_ENCRYPTED, place_of(fleet, path), message)
        .here("everybody can read what goes to a host");
    Some(finding.help(format!(
        "sops would refuse the file; put values into it with `sops edit {}`",
        path.value
    )))
}

/// What is wrong with the place of one secret.
fn found(
    fleet: &Prepared<'_>,
    key: &str,
    secret: &At<Secret>,
    path: &str,
    file: &SopsFile,
    guesses: &mut usize,
) -> Option<Diagnostic> {
    let format = SopsFormat::of(path);
    let wanted = secret.key.value.as_str();
    let span = own_place(fleet, &[secret.key.origin, secret.origin]);
    let no_key = |message: String| Diagnostic::error(codes::NO_SECRET_KEY, span, message);
    let on_nixos = nixos(fleet, key);
    if secret.whole(format) {
        return None;
    }
    let finding = match file.get(wanted) {
        Entry::Missing => {
            let finding = no_key(format!("{path} has no key `{wanted}`"));
            *guesses += 1;
            let keys = if *guesses > MAX_GUESSES { Vec::new() } else { file.all_keys() };
            match closest(wanted, keys.iter().map(String::as_str)) {
                Some(near) => nearest(fleet, finding, span, wanted, near),
                None => finding.help(format!("put it there with `sops edit {path}`")),
            }
        }
        Entry::Keys(below) => {
            let message = format!("`{wanted}` of {path} holds further keys and no value");
            match below.first() {
                Some(one) => no_key(message).help(format!("name one of them, as `{wanted}/{one}`")),
                None => no_key(message),
            }
        }
        Entry::List => {
            no_key(format!("`{wanted}` of {path} is a list, of which no value is taken"))
        }
        Entry::Value(Encrypted::Plain) if file.leaves(wanted) => {
            let message = format!("`{wanted}` stands in {path} as everybody can read it");
            Diagnostic::error(codes::NOT_ENCRYPTED, span, message).help(
                "the file says which keys sops leaves as they are; give this one a name that it encrypts",
            )
        }
        // Told of the whole file.
        Entry::Value(Encrypted::Plain) => return None,
        Entry::Value(Encrypted::Other) if on_nixos.is_some() => {
            let message = format!("`{wanted}` of {path} is encrypted as a number or a switch");
            not_taken(span, message).help("put quotes around it: `sops edit` shows it without")
        }
        Entry::Value(Encrypted::Text | Encrypted::Other | Encrypted::Empty) => {
            match (format, on_nixos.as_deref()) {
                (SopsFormat::Json, Some(_)) if wanted.contains('/') => {
                    let message =
                        format!("sops-nix takes no nested key, as `{wanted}`, out of JSON");
                    not_taken(span, message).help("make a file in YAML of it, or a key without `/`")
                }
                (SopsFormat::Dotenv | SopsFormat::Ini, Some(host)) => {
                    let message = format!(
                        "sops-nix gives host.{host} the whole of {path}, not `{wanted}` alone"
                    );
                    not_taken(span, message).help(
                    "say `kind = env` where the whole file is meant, or make a file in YAML of it",
                )
                }
                _ => return None,
            }
        }
    };
    Some(finding)
}

fn not_taken(span: Span, message: String) -> Diagnostic {
    Diagnostic::error(codes::NOT_TAKEN_OUT, span, message)
}

/// "did you mean …?", with a fix where the key is written in place.
fn nearest(
    fleet: &Prepared<'_>,
    finding: Diagnostic,
    span: Span,
    wanted: &str,
    near: &str,
) -> Diagnostic {
    let finding = finding.help(format!("did you mean `{near}`?"));
    match last(fleet, span, &format!("\"{wanted}\"")) {
        Some(span) => finding.fix(format!("replace by `{near}`"), span, format!("\"{near}\"")),
        None => finding,
    }
}

/// A host of NixOS that opens a secret.
fn nixos(fleet: &Prepared<'_>, secret: &str) -> Option<String> {
    let mut hosts = fleet.model.host.iter().filter(|(_, it)| it.manager.value == Manager::Nixos);
    let host = hosts.find(|(name, _)| opens(fleet, name, secret));
    host.map(|(name, _)| name.clone())
}

/// Whether a host opens a secret, or a session on it.
fn opens(fleet: &Prepared<'_>, host: &str, secret: &str) -> bool {
    let mut sessions = fleet.model.opened_in_sessions(host);
    fleet.secrets_on(host).contains_key(secret)
        || sessions.any(|it| it.said.secret.entity() == secret)
}
