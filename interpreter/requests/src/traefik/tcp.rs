//! TCP routers take connections before HTTP is spoken on them (`pkg/server/router/tcp`).

use std::net::IpAddr;

use super::answer::{Considered, Outcome};
use super::build::{provider, qualified, shown};
use super::configuration::{Configuration, TcpRouter};
use super::network::Networks;
use super::pattern::Pattern;
use super::rule::{self, Expression, Refusal};

/// The matchers of TCP routers.
const MATCHERS: [&str; 4] = ["ALPN", "ClientIP", "HostSNI", "HostSNIRegexp"];

/// The TCP routers of an entry point, by priority.
#[derive(Clone, Debug, Default)]
pub(crate) struct Takers {
    takers: Vec<Taker>,
}

#[derive(Clone, Debug)]
struct Taker {
    name: String,
    rule: TcpRule,
    priority: i64,
    /// Whether it takes connections with TLS.
    tls: bool,
    /// Whether its rule is that for every name.
    every: bool,
}

#[derive(Clone, Debug)]
enum TcpRule {
    Every,
    Name(String),
    Matched(Pattern),
    From(Networks),
    And(Box<TcpRule>, Box<TcpRule>),
    Or(Box<TcpRule>, Box<TcpRule>),
    Not(Box<TcpRule>),
}

impl Takers {
    /// Those of an entry point that can be; the others are told of, and why.
    pub(crate) fn new(
        configuration: &Configuration,
        point: &str,
        defaults: &[String],
    ) -> (Self, Vec<Considered>) {
        let (mut takers, mut dropped) = (Vec::new(), Vec::new());
        for (name, router) in &configuration.tcp_routers {
            let own = &router.entry_points;
            let points = if own.is_empty() { defaults } else { own };
            if !points.iter().any(|it| it == point) {
                continue;
            }
            match Taker::new(name, router, configuration) {
                Ok(taker) => takers.push(taker),
                Err(why) => dropped.push(Considered {
                    router: name.clone(),
                    rule: router.rule.clone(),
                    priority: router.priority,
                    outcome: Outcome::Dropped(why),
                }),
            }
        }
        takers.sort_by_key(|it| std::cmp::Reverse(it.priority));
        (Self { takers }, dropped)
    }

    /// The router that takes a connection, and whether it takes every one.
    pub(crate) fn take(&self, tls: bool, sni: Option<&str>, from: IpAddr) -> Option<(&str, bool)> {
        let name = sni.unwrap_or_default().trim().to_lowercase();
        let fits = |it: &&Taker| it.tls == tls && it.rule.fits(&name, from);
        self.takers.iter().find(fits).map(|it| (it.name.as_str(), it.every))
    }
}

impl Taker {
    fn new(name: &str, router: &TcpRouter, configuration: &Configuration) -> Result<Self, String> {
        let service = qualified(&router.service, provider(name));
        if !configuration.tcp_services.contains(shown(&service)) {
            return Err(format!("the TCP service {} does not exist", shown(&service)));
        }
        let expression = Expression::parse(&router.rule, &MATCHERS).map_err(|it| it.to_string())?;
        let every = matches!(&expression, Expression::Call("HostSNI", said) if *said == ["*"]);
        // Without TLS no name is known.
        if router.tls.is_none() && !every && names(&expression) {
            return Err("its rule has a name, and it has no TLS".to_owned());
        }
        let priority = match router.priority {
            0 if every => -1,
            0 => rule::default_priority(&router.rule),
            priority => priority,
        };
        let rule = TcpRule::of(&expression).map_err(|refusal| refusal.to_string())?;
        Ok(Self { name: name.to_owned(), rule, priority, tls: router.tls.is_some(), every })
    }
}

fn names(expression: &Expression) -> bool {
    let mut named = false;
    expression.each(&mut |matcher, values| named |= matcher == "HostSNI" && values != ["*"]);
    named
}

impl TcpRule {
    fn of(expression: &Expression) -> Result<Self, Refusal> {
        let both = |left, right| Ok((Box::new(Self::of(left)?), Box::new(Self::of(right)?)));
        Ok(match expression {
            Expression::Call(name, values) => Self::call(name, values)?,
            Expression::And(left, right) => {
                both(left, right).map(|(left, right)| Self::And(left, right))?
            }
            Expression::Or(left, right) => {
                both(left, right).map(|(left, right)| Self::Or(left, right))?
            }
            Expression::Not(inner) => Self::Not(Box::new(Self::of(inner)?)),
        })
    }

    fn call(name: &str, values: &[String]) -> Result<Self, Refusal> {
        let arguments = |why: String| Refusal::Arguments(why);
        let [value] = values else {
            return Err(arguments(format!("`{name}` takes one argument")));
        };
        let word = |c: char| c.is_ascii_alphanumeric() || "_.-:".contains(c);
        match name {
            "HostSNI" if value == "*" => Ok(Self::Every),
            "HostSNI" => {
                let plain = value.strip_prefix("*.").unwrap_or(value);
                if plain.is_empty() || !plain.chars().all(word) {
                    return Err(arguments(format!("`{value}` is no host name")));
                }
                Ok(Self::Name(value.strip_suffix('.').unwrap_or(value).to_owned()))
            }
            "HostSNIRegexp" => Pattern::new(value)
                .map(Self::Matched)
                .map_err(|problem| arguments(problem.to_string())),
            "ClientIP" => Networks::new(values).map(Self::From).map_err(arguments),
            _ => Err(Refusal::Unsupported(format!("`{name}`"))),
        }
    }

    fn fits(&self, name: &str, from: IpAddr) -> bool {
        match self {
            Self::Every => true,
            Self::Name(said) => !name.is_empty() && rule::fits(name, said),
            Self::Matched(pattern) => pattern.is_match(name),
            Self::From(networks) => networks.contain(from),
            Self::And(left, right) => left.fits(name, from) && right.fits(name, from),
            Self::Or(left, right) => left.fits(name, from) || right.fits(name, from),
            Self::Not(inner) => !inner.fits(name, from),
        }
    }
}
