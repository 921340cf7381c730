//! Who can reach something: from where, and what is asked of them.

use serde::Serialize;

/// From where something can be reached.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    Internet,
    /// The networks that a proxy calls local; none are named where addresses alone say so.
    Lan(Vec<String>),
    /// Whoever reaches the host, of which no address is known.
    Network,
    /// Who comes by one of these interfaces or networks.
    Interface(Vec<String>),
    /// These hosts of the fleet.
    Hosts(Vec<String>),
    /// The host itself alone.
    Host,
    Nobody,
}

/// What is asked before somebody is let through.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// A client certificate that our authority has signed.
    Certificate,
    /// A login; nobody listed means everybody who can log in.
    Login {
        groups: Vec<String>,
        people: Vec<String>,
        factor: u8,
        /// What is open without it, as patterns.
        bypass: Vec<String>,
    },
    /// To come from these networks: a middleware's word.
    Networks { middleware: String, networks: Vec<String> },
    /// A password that a middleware asks for.
    Password { middleware: String },
    /// Another program, which a middleware asks.
    Authority { middleware: String },
    /// A plugin, of which nobody knows what it asks.
    Plugin { middleware: String },
    /// The program behind it asks by itself.
    Program,
}

impl From {
    /// Whether anything but the host itself is meant.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        !matches!(self, From::Host | From::Nobody)
    }

    /// One word, as a program compares it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            From::Internet => "internet",
            From::Lan(_) => "lan",
            From::Network => "network",
            From::Interface(_) => "interface",
            From::Hosts(_) => "hosts",
            From::Host => "host",
            From::Nobody => "nobody",
        }
    }
}

impl std::fmt::Display for From {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            From::Internet => f.write_str("internet"),
            From::Lan(_) => f.write_str("LAN"),
            From::Network => f.write_str("whoever reaches the host"),
            From::Interface(names) => write!(f, "by {}", names.join(", ")),
            From::Hosts(names) => {
                let names: Vec<String> = names.iter().map(|it| format!("host.{it}")).collect();
                f.write_str(&names.join(", "))
            }
            From::Host => f.write_str("the host itself"),
            From::Nobody => f.write_str("nobody"),
        }
    }
}

impl std::fmt::Display for Asks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Asks::Certificate => f.write_str("certificate"),
            Asks::Login { groups, people, factor, bypass } => {
                let factors = if *factor > 1 { "two factors" } else { "one factor" };
                let all: Vec<&str> = groups.iter().chain(people).map(String::as_str).collect();
                let of = if all.is_empty() { "anybody" } else { &all.join(" or ") };
                write!(f, "login of {of}, {factors}")?;
                if !bypass.is_empty() {
                    write!(f, " (but {})", bypass.join(", "))?;
                }
                Ok(())
            }
            Asks::Networks { networks, .. } => write!(f, "from {}", networks.join(", ")),
            Asks::Password { middleware } => write!(f, "password ({middleware})"),
            Asks::Authority { middleware } => write!(f, "what {middleware} asks"),
            Asks::Plugin { middleware } => write!(f, "plugin {middleware}"),
            Asks::Program => f.write_str("the program asks"),
        }
    }
}
