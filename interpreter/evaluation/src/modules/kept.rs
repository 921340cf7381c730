//! What a service keeps because a NixOS module runs it: `native_state(service)`.

use std::sync::Arc;

use qg_lang::span::Span;
use qg_provenance::leaf::OriginId;
use qg_provenance::origin::OriginKind;

use super::follow::{Runs, Said};
use super::table::{Account, Kept};
use crate::Evaluator;
use crate::ladder::Strength;
use crate::state::{ContributionKind, Ctx, Node, Shape};
use crate::value::{NodeId, Val, Value};

/// Below here systemd puts the state of accounts that it makes up (systemd.exec(5), `DynamicUser=`).
const PRIVATE: &str = "/var/lib/private/";

/// What its unit says of the account, and where it keeps things.
struct Runner {
    /// The name of the account and of the group; none where systemd makes one up, or nobody knows.
    user: Option<String>,
    group: Option<String>,
    /// Where it is root's or nobody's, it is closed; else modules say it, when they start.
    mode: Option<u16>,
    dynamic: bool,
    /// Whether the unit says directories of its own below /var/lib.
    elsewhere: bool,
}

/// `native_state(service)`: the states of the module that runs it, by their paths.
pub(crate) fn native_state(ev: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    let (Value::Record(service) | Value::Ref(service)) = args.first()?.value else { return None };
    let Some(runs) = ev.module_of(service) else { return Some(ev.nothing()) };
    let runner = ev.runner(&runs);
    let release = ev.release(service);
    let origin = ev.origin(runs.span, OriginKind::Module, &[]);
    let mut entries = Vec::new();
    for kept in &runs.known.module.state {
        let Some(path) = ev.kept_at(&runs, &runner, kept, release.as_deref()) else { continue };
        let mut fields: Vec<_> =
            runner.mode.map(|it| ("mode", Value::Mode(it))).into_iter().collect();
        for (field, name) in [("owner_name", &runner.user), ("group_name", &runner.group)] {
            fields.extend(name.as_ref().map(|it| (field, Value::Text(it.as_str().into()))));
        }
        let state = ev.made(fields.into_iter(), origin);
        entries.push((path, state));
    }
    let entries = entries.iter().map(|(path, it)| (path.as_str(), it.clone()));
    Some(ev.made(entries, origin))
}

impl Evaluator<'_> {
    /// A record without entries, the same one each time.
    pub(super) fn nothing(&mut self) -> Value {
        let known = self.state.nothing;
        let id = known.unwrap_or_else(|| {
            self.state.add_node(Node::new(Shape::Anonymous, &Arc::from(""), false))
        });
        self.state.nothing = Some(id);
        Value::Record(id)
    }

    /// A record of these fields, all from one place.
    pub(super) fn made<'n>(
        &mut self,
        fields: impl Iterator<Item = (&'n str, Value)>,
        origin: OriginId,
    ) -> Value {
        let mut node = Node::new(Shape::Anonymous, &Arc::from(""), false);
        node.origin = origin;
        for (name, value) in fields {
            let kind = ContributionKind::Field(name.into(), Val::new(value, origin), None);
            let one = self.contribution(kind, Strength::default(), false, Ctx::default());
            node.contributions.push(one);
        }
        Value::Record(self.state.add_node(node))
    }

    fn runner(&mut self, runs: &Runs) -> Runner {
        let text = |said: Said| match said {
            Said::Value(Val { value: Value::Text(text), .. }) => Some(text.to_string()),
            Said::Value(_) | Said::Nothing | Said::Own | Said::Unclear => None,
        };
        let user = text(self.said_of(runs, "unit", "User"));
        let group = text(self.said_of(runs, "unit", "Group"));
        let dynamic = match self.said_of(runs, "unit", "DynamicUser") {
            Said::Value(val) => val.value.truth(),
            Said::Nothing | Said::Own | Said::Unclear => None,
        };
        let elsewhere = !matches!(self.said_of(runs, "unit", "StateDirectory"), Said::Nothing);
        let account = runs.known.module.account.clone();
        let is_dynamic = dynamic.unwrap_or(matches!(account, Account::Dynamic(_)));
        let (own_user, own_group, mode) = match account {
            Account::Fixed { user, group } => {
                let group = group.and_then(|it| self.followed(runs, &it));
                (self.followed(runs, &user), group, None)
            }
            Account::Root | Account::Dynamic(_) => (None, None, Some(0o700)),
            Account::Unknown => (None, None, None),
        };
        let named = |name: Option<String>| name.filter(|it| is_account(it) && !is_dynamic);
        // A unit that says another account has no business with the module's group.
        let own_group = own_group.filter(|_| user.is_none());
        Runner {
            user: named(user.or(own_user)),
            group: named(group.or(own_group)),
            mode,
            dynamic: is_dynamic,
            elsewhere,
        }
    }

    /// The release that the host of a service was first installed with.
    fn release(&mut self, service: NodeId) -> Option<Arc<str>> {
        let Value::Ref(host) = self.field(service, "on").value else { return None };
        let release = self.field(host, "state_version").value;
        if let Value::Text(release) = release { Some(release) } else { None }
    }

    /// Where a module keeps something. None where that is not known.
    fn kept_at(
        &mut self,
        runs: &Runs,
        runner: &Runner,
        kept: &Kept,
        release: Option<&str>,
    ) -> Option<String> {
        let moved = match &kept.path.option {
            Some(option) => !matches!(self.option(runs, option), Said::Nothing),
            None => false,
        };
        let path = self.followed(runs, &kept.path)?;
        let path = match &kept.before {
            Some((before, there)) if !moved && release.is_some_and(|it| it < &**before) => {
                there.to_string()
            }
            Some(_) | None => path,
        };
        if !moved && runner.elsewhere {
            return None;
        }
        // A path that the option says is where it is, whoever makes it.
        let path = match path.strip_prefix(PRIVATE) {
            Some(rest) if !moved && !runner.dynamic => format!("/var/lib/{rest}"),
            Some(_) | None => path,
        };
        let path = if runner.dynamic && moved {
            match path.strip_prefix("/var/lib/") {
                Some(rest) if !rest.starts_with("private/") => format!("{PRIVATE}{rest}"),
                Some(_) | None => path,
            }
        } else {
            path
        };
        let path = path.trim_end_matches('/');
        let fits = path.starts_with('/')
            && path.chars().all(|it| it.is_ascii_alphanumeric() || "._-+@/".contains(it))
            && path.split('/').skip(1).all(|part| !matches!(part, "" | "." | ".."));
        fits.then(|| path.to_owned())
    }
}

/// Whether a text is the name of an account, as `State.owner_name` takes it.
fn is_account(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|it| it.is_ascii_alphanumeric() || it == '_')
        && chars.all(|it| it.is_ascii_alphanumeric() || "_.-".contains(it))
}
