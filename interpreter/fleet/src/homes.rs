//! Homes of people: their parts, and what lies in them on each host.

use qg_formats::sops::SopsFormat;

use super::Model;
use super::host::{Account, User};
use super::leaf::{At, Data, EntityPath, OriginId, Sealed, SealedPart};
use super::leaves::{LeafValue, each};
use super::secret::Secret;
use super::service::File;

pub use super::model::home::*;

/// The home of an account on one host: the parts of it that are there.
#[derive(Clone, Debug)]
pub struct HomeOf<'f> {
    pub user: &'f str,
    pub account: &'f At<User>,
    pub parts: Vec<(&'f str, &'f At<Home>)>,
}

/// A secret that a home opens on a host, by the name of its file.
#[derive(Clone, Copy, Debug)]
pub struct Opened<'f> {
    pub user: &'f str,
    pub name: &'f str,
    pub home: &'f At<Home>,
    pub said: &'f At<SessionSecret>,
}

impl Home {
    /// Whether a part is on a host that has the account.
    #[must_use]
    pub fn is_on(&self, host: &str) -> bool {
        self.on.as_ref().is_none_or(|all| all.iter().any(|it| it.entity() == host))
    }

    /// Whether its options say something.
    #[must_use]
    pub fn has_options(&self) -> bool {
        !matches!(&self.nix.value, Data::Record(all) if all.is_empty())
    }
}

impl Model {
    /// The homes of people on a host, by account. What is no person's account has none; a check tells of it.
    pub fn homes_on<'f>(&'f self, host: &str) -> impl Iterator<Item = HomeOf<'f>> + use<'f> {
        let host = host.to_owned();
        self.users_on(&host).filter_map(move |(user, account)| {
            let is_person = matches!(account.kind.value, Account::Login(_));
            let parts = account.home.iter().filter(|(_, part)| is_person && part.is_on(&host));
            let parts: Vec<_> = parts.map(|(name, part)| (name.as_str(), part)).collect();
            (!parts.is_empty()).then_some(HomeOf { user, account, parts })
        })
    }

    /// The secrets that sessions on a host open.
    pub fn opened_in_sessions<'f>(&'f self, host: &str) -> impl Iterator<Item = Opened<'f>> {
        self.homes_on(host).flat_map(|of| {
            let user = of.user;
            of.parts.into_iter().flat_map(move |(_, home)| {
                home.secrets.iter().map(move |(name, said)| Opened { user, name, home, said })
            })
        })
    }
}

impl Opened<'_> {
    /// What it is in the model; none where there is no such secret, which is refused before.
    #[must_use]
    pub fn secret<'m>(&self, model: &'m Model) -> Option<(&'m str, &'m At<Secret>)> {
        let (key, secret) = model.secret.get_key_value(self.said.secret.entity())?;
        Some((key, secret))
    }

    /// The format of its file.
    #[must_use]
    pub fn format(&self, model: &Model) -> Option<SopsFormat> {
        let (_, secret) = self.secret(model)?;
        Some(SopsFormat::of(secret.file.as_ref()?))
    }
}

impl HomeFile {
    /// The same as a file of a host, for whoever asks what is in it.
    #[must_use]
    pub fn as_file(&self) -> File {
        let text = |text: &String| Sealed(vec![SealedPart::Text(text.clone())]);
        File {
            text: self.text.as_ref().map(|it| it.map(text)),
            yaml: self.yaml.clone(),
            json: self.json.clone(),
            toml: self.toml.clone(),
            ini: self.ini.clone(),
            template: self.template.clone(),
            values: self.values.clone(),
            source: self.source.clone(),
            ..File::default()
        }
    }

    /// The secrets that stand in it, where none may.
    #[must_use]
    pub fn secrets(&self) -> Vec<(&EntityPath, OriginId)> {
        let mut all = Vec::new();
        each(self, &mut |_, value, said| {
            if let LeafValue::Sealed(text) = value {
                all.extend(text.secrets().map(|it| (it, said.origin)));
            }
        });
        all
    }
}
