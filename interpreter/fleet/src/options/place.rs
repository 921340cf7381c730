//! A way down the tables of options, beside a value.

use super::table::{OptionNode, Table};
use super::types::OptionType;

/// Submodules whose keys are a program's own settings: the manual does not say which are open.
const OPEN: &[&str] = &["settings", "config", "extraConfig", "serverConfig"];

/// What the tables know of one place; each may know something.
#[derive(Clone, Debug, Default)]
pub struct OptionPlace<'t> {
    states: Vec<State<'t>>,
}

/// What one table knows of a place.
#[derive(Clone, Copy, Debug)]
struct State<'t> {
    /// Whose children are what may be there; none inside a type that has no options.
    node: Option<OptionNode<'t>>,
    /// What is wanted; none where this is only the way to options.
    ty: Option<&'t OptionType>,
    /// The type of the option that this is or is in, as the manual words it.
    phrase: Option<&'t str>,
    /// Whether the table does not say which submodules are open.
    guess: bool,
    /// Whether keys that are not listed may be there all the same.
    open: bool,
}

/// What stands below a place.
#[derive(Clone, Debug)]
pub enum OptionStep<'t> {
    Known(OptionPlace<'t>),
    /// It may be anything.
    Open,
    /// No option has this name.
    Unknown,
    /// Nothing can stand below that place.
    Wrong,
}

impl<'t> OptionPlace<'t> {
    /// Above all options of some tables. With a table comes whether it does not say which submodules
    /// are open.
    #[must_use]
    pub fn top(tables: impl IntoIterator<Item = (&'t Table, bool)>) -> OptionPlace<'t> {
        OptionPlace {
            states: tables.into_iter().map(|(table, guess)| State::top(table, guess)).collect(),
        }
    }

    /// The same place above one table more.
    #[must_use]
    pub fn with(mut self, table: &'t Table) -> OptionPlace<'t> {
        self.states.push(State::top(table, false));
        self
    }

    /// The types that are wanted here, in the order of the tables; none where this is no option.
    pub fn types(&self) -> impl Iterator<Item = Option<&'t OptionType>> {
        self.states.iter().map(|state| state.ty)
    }

    /// The type of the option that this is or is in, as the manual words it.
    #[must_use]
    pub fn phrase(&self) -> Option<&'t str> {
        self.states.iter().find_map(|state| state.phrase)
    }

    /// The names of the options below.
    pub fn names(&self) -> impl Iterator<Item = &'t str> {
        let nodes = self.states.iter().filter_map(|state| state.node);
        nodes.flat_map(|node| node.children()).map(|child| child.name())
    }

    /// What stands below a key.
    #[must_use]
    pub fn key(&self, key: &str) -> OptionStep<'t> {
        self.step(|state, found| state.key(state.ty, key, found))
    }

    /// An element of a list.
    #[must_use]
    pub fn element(&self) -> OptionStep<'t> {
        self.step(|state, found| state.element(state.ty, found))
    }

    fn step(&self, below: impl Fn(&State<'t>, &mut Found<'t>)) -> OptionStep<'t> {
        let mut found = Found::default();
        for state in &self.states {
            below(state, &mut found);
        }
        match found {
            Found { open: true, .. } => OptionStep::Open,
            Found { states, .. } if !states.is_empty() => OptionStep::Known(OptionPlace { states }),
            Found { right: true, .. } => OptionStep::Unknown,
            Found { .. } => OptionStep::Wrong,
        }
    }
}

/// What was found below the states of a place.
#[derive(Default)]
struct Found<'t> {
    states: Vec<State<'t>>,
    open: bool,
    /// Whether something can stand below one of them.
    right: bool,
}

impl<'t> State<'t> {
    fn top(table: &'t Table, guess: bool) -> State<'t> {
        State { node: Some(table.root()), ty: None, phrase: None, guess, open: false }
    }

    fn key(&self, ty: Option<&'t OptionType>, key: &str, found: &mut Found<'t>) {
        let named = |name: &str| self.node.and_then(|node| node.child(name));
        match ty {
            Some(OptionType::Union(all)) => {
                return all.iter().for_each(|ty| self.key(Some(ty), key, found));
            }
            Some(OptionType::Any) => match named(key) {
                Some(node) => self.go(node, None, found),
                None => found.open = true,
            },
            Some(OptionType::Attrs(of)) => match named(key).or_else(|| named("<name>")) {
                Some(node) => self.go(node, Some(of), found),
                None => self.inside(of, found),
            },
            Some(OptionType::Submodule) => match named(key).or_else(|| named("<name>")) {
                Some(node) => self.go(node, None, found),
                // A table without its options says nothing of it.
                None => found.open |= self.open || self.node.is_none_or(|node| node.is_leaf()),
            },
            // Where options are declared one by one, what is around them has no type.
            None => match named(key).or_else(|| named("<name>")) {
                Some(node) => self.go(node, None, found),
                None => found.open |= self.open,
            },
            Some(_) => return,
        }
        found.right = true;
    }

    fn element(&self, ty: Option<&'t OptionType>, found: &mut Found<'t>) {
        match ty {
            Some(OptionType::Union(all)) => all.iter().for_each(|ty| self.element(Some(ty), found)),
            Some(OptionType::Any) => found.open = true,
            None => {
                if let Some(node) = self.node.and_then(|node| node.child("*")) {
                    self.go(node, None, found);
                }
            }
            Some(OptionType::List(of)) => match self.node.and_then(|node| node.child("*")) {
                Some(node) => self.go(node, Some(of), found),
                None => self.inside(of, found),
            },
            Some(_) => {}
        }
    }

    /// To a node of the table; `of` is its type, where the node has none itself.
    fn go(&self, node: OptionNode<'t>, of: Option<&'t OptionType>, found: &mut Found<'t>) {
        found.states.push(State {
            node: Some(node),
            ty: node.ty().or(of),
            phrase: node.phrase().or(self.phrase),
            open: self.open || (self.guess && OPEN.contains(&node.name())),
            ..*self
        });
    }

    /// To what a type contains.
    fn inside(&self, of: &'t OptionType, found: &mut Found<'t>) {
        found.states.push(State { node: None, ty: Some(of), ..*self });
    }
}
