//! What accounts may do as root: the lines of a sudoers file that their rules become (sudoers(5), sudo 1.9).

use super::Fleet;
use super::host::{Sudo, User};
use super::leaf::{At, EntityPath, OriginId};
use super::service::UnitScope;

/// One command that an account may run on a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SudoCommand {
    /// As it stands in a sudoers file.
    pub text: String,
    pub by: Vec<OriginId>,
}

impl Fleet {
    /// What an account may run as root on a host, where programs that are only named lie in `bin`.
    #[must_use]
    pub fn sudo_on(&self, user: &User, host: &str, bin: &str) -> Vec<SudoCommand> {
        let mut all = Vec::new();
        for rule in user.sudo.values() {
            let mut put = |text: String, by: &[OriginId]| {
                all.push(SudoCommand { text, by: by.to_vec() });
            };
            let systemctl = format!("{bin}/systemctl");
            match &rule.value {
                Sudo::Systemctl(it) => {
                    for unit in it.units.iter() {
                        let Some(name) = self.root_unit_on(unit, host) else { continue };
                        for verb in it.verbs.iter() {
                            let text =
                                format!("{systemctl} {} {}", dashed(verb.word()), escaped(&name));
                            put(text, &[rule.origin, verb.origin, unit.origin]);
                        }
                    }
                }
                Sudo::SystemctlAny(it) => {
                    for verb in it.verbs.iter() {
                        put(
                            format!("{systemctl} {} *", dashed(verb.word())),
                            &[rule.origin, verb.origin],
                        );
                    }
                }
                Sudo::Command(it) => {
                    let mut text = program(bin, &it.program);
                    for argument in it.arguments.iter() {
                        text.push(' ');
                        text.push_str(&escaped(argument));
                    }
                    if it.arguments.is_empty() {
                        // Without it any arguments may follow.
                        text.push_str(" \"\"");
                    }
                    put(text, &[rule.origin, it.program.origin]);
                }
                Sudo::AnyArguments(it) => {
                    put(program(bin, &it.program), &[rule.origin, it.program.origin]);
                }
                Sudo::Anything(_) => put("ALL".to_owned(), &[rule.origin]),
            }
        }
        all
    }

    /// The name of the unit of a service or pod on a host, or of one of its own, that its systemd knows: not one of a
    /// session or an account.
    #[must_use]
    pub fn root_unit_on(&self, of: &EntityPath, host: &str) -> Option<String> {
        let unit = self.unit_at(host, of)?;
        let is_systems = unit.scope == UnitScope::System && unit.account.is_none();
        is_systems.then_some(unit.name)
    }
}

/// Verbs of systemctl(1) have `-` where names of variants have `_`.
fn dashed(verb: &str) -> String {
    verb.replace('_', "-")
}

fn program(bin: &str, said: &At<String>) -> String {
    if said.starts_with('/') { escaped(said) } else { escaped(&format!("{bin}/{}", said.value)) }
}

/// A text that matches itself and nothing else: sudo takes a backslash before what separates in its file, and hands
/// one before what fnmatch(3) knows on to that. A backslash goes through both.
fn escaped(text: &str) -> String {
    let mut all = String::new();
    for c in text.chars() {
        match c {
            '\\' => all.push_str("\\\\\\\\"),
            ',' | ':' | '=' | '*' | '?' | '[' | ']' => {
                all.push('\\');
                all.push(c);
            }
            c => all.push(c),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_separates_and_what_matches_is_escaped() {
        assert_eq!(escaped("a=b,c:d"), "a\\=b\\,c\\:d");
        assert_eq!(escaped("*.[a]?"), "\\*.\\[a\\]\\?");
        assert_eq!(escaped("\\"), "\\\\\\\\");
        assert_eq!(escaped("downloaders-pod.service"), "downloaders-pod.service");
    }
}
