//! Secrets of any bytes: sops-nix gives the whole of such a file and nothing of it (`decryptSecret` in
//! `pkgs/sops-install-secrets/main.go`), and no text can be told to hold it.

use qg_fleet::checks::place::{own_place, place};
use qg_fleet::leaf::Priority;
use qg_formats::sops::SopsFormat;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use super::Check;
use crate::Prepared;

pub(super) const CHECK: Check = Check { codes: &[codes::NOT_TAKEN_OUT], run };

/// Fields that take a secret as lines or as one, though it stands in no text of theirs.
const TEXTS: &[(&str, &str)] = &[("Account.login", "password"), ("Container", "env_files")];

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    for (name, secret) in fleet.model.secret.iter().filter(|(_, it)| it.is_bytes()) {
        let kind = place(fleet, secret.kind.origin);
        let new = |span, message: String| Diagnostic::error(codes::NOT_TAKEN_OUT, span, message);
        if secret.key.priority != Priority::SchemaDefault {
            let span = own_place(fleet, &[secret.key.origin, secret.origin]);
            let message = format!("nothing is taken out of secret.{name}: it is a whole file");
            out.push(new(span, message).also(kind, "of any bytes").help(
                "leave `key` out; `path` says where it lies, if not below /run/secrets under its own name",
            ));
        }
        if let Some(file) = &secret.file
            && SopsFormat::of(&file.value) != SopsFormat::Binary
        {
            let span = own_place(fleet, &[file.origin, secret.origin]);
            let word = SopsFormat::of(&file.value).word();
            let message = format!("sops takes {} for {word}, and not for any bytes", file.value);
            out.push(new(span, message).also(kind, format!("secret.{name} is of any bytes")).help(
                "encrypt a file with another ending, as `client.p12` or `key.bin`, or leave `kind = binary` out",
            ));
        }
        for it in fleet.secret_uses.all().filter(|it| it.secret.entity() == name) {
            if it.in_text || TEXTS.contains(&it.field.key()) {
                let message = format!("secret.{name} is of any bytes, and a text is wanted here");
                out.push(new(place(fleet, it.origin), message).also(kind, "of any bytes").help(
                    "let the program read it by its path, with `reads` or a mount; a text is `kind = value`",
                ));
            }
        }
    }
}
