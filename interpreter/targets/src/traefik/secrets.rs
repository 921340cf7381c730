//! Secrets that Traefik gets as environment variables, and as files.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::Model;
use qg_fleet::leaf::{At, Data, EntityPath};
use qg_fleet::proxy::{Challenge, TraefikProxy};
use qg_fleet::url::UrlPart;
use qg_formats::{Tree, TreeNode, TreePiece};

use super::dynamic::{self, Secrets};
use super::options;
use crate::Prepared;
use crate::engines::Needs;

/// The variable of each secret of the fleet: `QG_SECRET_SMTP`.
#[must_use]
pub fn variable_names(model: &Model) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    let mut all = BTreeMap::new();
    for key in model.secret.keys() {
        let plain: String = key
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
            .collect();
        let mut name = format!("QG_SECRET_{plain}");
        let mut count = 2;
        // `a-b` and `a_b` are two secrets, and one name of a variable.
        while !taken.insert(name.clone()) {
            name = format!("QG_SECRET_{plain}_{count}");
            count += 1;
        }
        all.insert(key.clone(), name);
    }
    all
}

/// The variable with a secret, written as a part of a URL wants it: `QG_SECRET_SMTP`, `QG_USERINFO_SMTP`.
fn variable(variables: &BTreeMap<String, String>, secret: &EntityPath, part: UrlPart) -> String {
    let name = variables.get(secret.last()).map_or("", String::as_str);
    format!("QG_{}_{}", part.word(), name.strip_prefix("QG_SECRET_").unwrap_or(name))
}

/// Template code that puts a secret between YAML's double quotes. What Go's `%q` writes is a string of YAML too: it
/// escapes whatever is not printable. The code has no double quote itself, so that the file is YAML before and after.
pub(super) fn hole(
    variables: &BTreeMap<String, String>,
    secret: &EntityPath,
    part: UrlPart,
) -> TreePiece {
    let variable = variable(variables, secret, part);
    TreePiece::Code(format!(
        "{{{{ env `{variable}` | quote | trimPrefix (printf `%c` 34) | trimSuffix (printf `%c` 34) }}}}"
    ))
}

/// An environment variable that a proxy reads a secret from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    pub secret: EntityPath,
    pub part: UrlPart,
    /// It stands in a list of users: Traefik drops a middleware with an empty or a broken one, and with it the guard.
    /// So many colons are in it, where it is the only secret of its line.
    pub user: Option<Option<usize>>,
}

impl Prepared<'_> {
    /// The variable of each secret.
    pub(crate) fn secret_variables(&self) -> &BTreeMap<String, String> {
        self.variables.get_or_init(|| variable_names(&self.model))
    }
}

/// The secrets that a proxy reads, found by making its files: what they do not name, nobody has to read.
pub(super) fn needs(fleet: &Prepared<'_>, of: TraefikProxy<'_>) -> Needs {
    let needs = RefCell::new(Needs::default());
    let variables = fleet.secret_variables();
    let seal = |path: &EntityPath, part| {
        let name = variable(variables, path, part);
        let new = Variable { name: name.clone(), secret: path.clone(), part, user: None };
        needs.borrow_mut().sealed.entry(name.clone()).or_insert(new);
        TreePiece::Code(name)
    };
    let path = |path: &EntityPath| {
        needs.borrow_mut().files.insert(path.clone());
        String::new()
    };
    let secrets = Secrets { seal: &seal, path: &path };
    let mut trees = vec![dynamic::tree(fleet, of, &secrets)];
    options::tree(fleet, of, &secrets);
    if let Some(data) = &of.options.dynamic {
        trees.push(Tree::data(data, &seal));
    }
    let mut needs = needs.into_inner();
    trees.iter().for_each(|tree| needs.users(tree));
    for acme in of.options.acme.iter().chain(of.options.resolvers.values()) {
        if let Challenge::Dns(dns) = &acme.challenge.value {
            needs.env_files.extend(dns.credentials.iter().map(|it| it.value.clone()));
        }
    }
    needs
}

impl Needs {
    /// Marks what stands in the lists of users below a tree. Traefik wants `name:hash` of `basicAuth` and
    /// `name:realm:hash` of `digestAuth`, with no colon more (pkg/middlewares/auth, v3.7).
    fn users(&mut self, tree: &Tree) {
        match &tree.node {
            TreeNode::List(items) => items.iter().for_each(|item| self.users(item)),
            TreeNode::Map(entries) => {
                for (key, value) in entries {
                    let colons = match key.as_str() {
                        "basicAuth" => 1_usize,
                        "digestAuth" => 2,
                        _ => {
                            self.users(value);
                            continue;
                        }
                    };
                    let TreeNode::Map(options) = &value.node else { continue };
                    for (_, users) in options.iter().filter(|(key, _)| key == "users") {
                        let TreeNode::List(users) = &users.node else { continue };
                        users.iter().for_each(|user| self.user(user, colons));
                    }
                }
            }
            TreeNode::Bool(_)
            | TreeNode::Int(_)
            | TreeNode::Float(_)
            | TreeNode::Text(_)
            | TreeNode::Filled(_) => {}
        }
    }

    fn user(&mut self, user: &Tree, colons: usize) {
        let TreeNode::Filled(pieces) = &user.node else { return };
        let (mut names, mut said) = (Vec::new(), 0);
        for piece in pieces {
            match piece {
                TreePiece::Text(text) => said += text.matches(':').count(),
                TreePiece::Code(name) => names.push(name),
            }
        }
        let exact = (names.len() == 1).then(|| colons.saturating_sub(said));
        for name in names {
            if let Some(variable) = self.sealed.get_mut(name) {
                variable.user = Some(exact);
            }
        }
    }
}

/// Every secret in free data.
pub(crate) fn data_secrets<'f>(data: &'f At<Data>, found: &mut Vec<&'f EntityPath>) {
    match &data.value {
        Data::Sealed(sealed) => found.extend(sealed.secrets()),
        Data::List(items) => items.iter().for_each(|item| data_secrets(item, found)),
        Data::Record(fields) => fields.values().for_each(|value| data_secrets(value, found)),
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Text(_)
        | Data::Nix(_)
        | Data::File(_) => {}
    }
}
