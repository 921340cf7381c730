//! Jails of fail2ban: which there are on a host, what they are called there, and what each of them reads.

use super::Fleet;
use super::host::Host;
use super::leaf::{At, OriginId};
use super::service::{Logs, Service, UnitScope};

pub use super::model::fail2ban::*;

/// A jail of a host.
#[derive(Clone, Debug)]
pub struct HostJail<'f> {
    /// As fail2ban calls it.
    pub name: String,
    /// `service.wiki.jail.login`, for messages.
    pub title: String,
    /// Whose log it reads; none of a jail of the machine's own.
    pub service: Option<(&'f str, &'f At<Service>)>,
    pub jail: &'f At<Jail>,
    pub reads: Reads<'f>,
}

/// Where a jail looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reads<'f> {
    /// Nobody says.
    Nothing,
    /// Its filter, which fail2ban brings, says whose journal it reads.
    Filter,
    File(&'f At<String>),
    Journal {
        units: Vec<(&'f str, OriginId)>,
        /// Whether they are units of a session, or of an account.
        session: bool,
        /// Who says that it is the journal.
        by: OriginId,
    },
}

/// What fail2ban 1.1 brings in `filter.d`, without what others only include. Which of them name the units whose journal
/// they read (`journalmatch`) is the second column.
pub const SHIPPED: &[(&str, bool)] = &[
    ("3proxy", false),
    ("apache-auth", false),
    ("apache-badbots", false),
    ("apache-botsearch", false),
    ("apache-fakegooglebot", false),
    ("apache-modsecurity", false),
    ("apache-nohome", false),
    ("apache-noscript", false),
    ("apache-overflows", false),
    ("apache-pass", false),
    ("apache-shellshock", false),
    ("assp", false),
    ("asterisk", true),
    ("bitwarden", false),
    ("centreon", false),
    ("counter-strike", false),
    ("courier-auth", false),
    ("courier-smtp", false),
    ("cyrus-imap", false),
    ("dante", false),
    ("directadmin", false),
    ("domino-smtp", false),
    ("dovecot", true),
    ("dropbear", false),
    ("drupal-auth", false),
    ("ejabberd-auth", true),
    ("exim", false),
    ("exim-spam", false),
    ("freeswitch", false),
    ("froxlor-auth", false),
    ("gitlab", false),
    ("grafana", false),
    ("groupoffice", false),
    ("gssftpd", false),
    ("guacamole", false),
    ("haproxy-http-auth", false),
    ("horde", false),
    ("kerio", false),
    ("lighttpd-auth", false),
    ("mongodb-auth", false),
    ("monit", false),
    ("monitorix", false),
    ("mssql-auth", false),
    ("murmur", true),
    ("mysqld-auth", false),
    ("nagios", false),
    ("named-refused", false),
    ("nginx-bad-request", true),
    ("nginx-botsearch", true),
    ("nginx-forbidden", true),
    ("nginx-http-auth", true),
    ("nginx-limit-req", true),
    ("nsd", false),
    ("openhab", false),
    ("openwebmail", false),
    ("oracleims", false),
    ("pam-generic", false),
    ("perdition", false),
    ("php-url-fopen", false),
    ("phpmyadmin-syslog", false),
    ("portsentry", false),
    ("postfix", true),
    ("proftpd", true),
    ("pure-ftpd", true),
    ("qmail", false),
    ("recidive", true),
    ("roundcube-auth", true),
    ("routeros-auth", false),
    ("scanlogd", false),
    ("screensharingd", false),
    ("selinux-ssh", false),
    ("sendmail-auth", true),
    ("sendmail-reject", true),
    ("sieve", false),
    ("slapd", false),
    ("softethervpn", false),
    ("sogo-auth", false),
    ("solid-pop3d", false),
    ("squid", false),
    ("squirrelmail", false),
    ("sshd", true),
    ("stunnel", false),
    ("suhosin", false),
    ("tine20", false),
    ("traefik-auth", false),
    ("uwimap-auth", false),
    ("vsftpd", false),
    ("webmin-auth", false),
    ("wuftpd", false),
    ("xinetd-fail", false),
    ("znc-adminlog", true),
    ("zoneminder", false),
];

impl HostJail<'_> {
    /// What its own filter is called, where it has one: `filter.d/NAME.conf`.
    #[must_use]
    pub fn own_filter(&self) -> Option<String> {
        match &self.jail.filter.value {
            JailFilter::Own(_) => Some(format!("qg-{}", self.name)),
            JailFilter::Shipped(_) => None,
        }
    }
}

impl Fleet {
    /// The jails of a host: its own, and those of its services. Whether something carries them out is not asked.
    #[must_use]
    pub fn jails_on<'f>(&'f self, host: &str) -> Vec<HostJail<'f>> {
        let mut all = Vec::new();
        if let Some((name, of)) = self.model.host.get_key_value(host) {
            all.extend(own(name, of));
        }
        for (key, service) in self.model.services_on(host) {
            for (label, jail) in &service.jail {
                all.push(HostJail {
                    name: format!("{key}-{label}"),
                    title: format!("service.{key}.jail.{label}"),
                    service: Some((key, service)),
                    jail,
                    reads: self.read_by(service, jail),
                });
            }
        }
        all
    }

    /// Where a jail of a service looks: what it says itself, else what the service says.
    fn read_by<'f>(&self, service: &'f At<Service>, jail: &'f At<Jail>) -> Reads<'f> {
        let logs = jail.logs.as_ref().unwrap_or(&service.logs);
        match &logs.value {
            Logs::None => named_units(jail).unwrap_or(Reads::Nothing),
            Logs::File(file) => Reads::File(&file.path),
            Logs::Journal => {
                named_units(jail).unwrap_or_else(|| {
                    let unit = &service.unit;
                    let also = unit.also.iter().map(|it| (it.as_str(), it.origin));
                    let mut units = vec![(unit.name.as_str(), unit.name.origin)];
                    units.extend(also.filter(|(name, _)| {
                        name.ends_with(".service") && *name != unit.name.as_str()
                    }));
                    let session = unit.scope.value == UnitScope::Session
                        || self.rootless_of(service).is_some();
                    Reads::Journal { units, session, by: logs.origin }
                })
            }
        }
    }
}

/// The jails of the machine's own programs.
fn own<'f>(host: &str, of: &'f At<Host>) -> Vec<HostJail<'f>> {
    let jails = of.fail2ban.iter().flat_map(|it| &it.jail);
    let reads = |jail: &'f At<Jail>| {
        let by_filter = || match &jail.filter.value {
            JailFilter::Shipped(it) if SHIPPED.contains(&(it.name.as_str(), true)) => Reads::Filter,
            JailFilter::Shipped(_) | JailFilter::Own(_) => Reads::Nothing,
        };
        match jail.logs.as_ref().map(|it| &it.value) {
            Some(Logs::File(file)) => Reads::File(&file.path),
            Some(Logs::None | Logs::Journal) | None => named_units(jail).unwrap_or_else(by_filter),
        }
    };
    jails
        .map(|(label, jail)| HostJail {
            name: label.clone(),
            title: format!("host.{host}.fail2ban.jail.{label}"),
            service: None,
            jail,
            reads: reads(jail),
        })
        .collect()
}

fn named_units(jail: &At<Jail>) -> Option<Reads<'_>> {
    let units: Vec<(&str, OriginId)> =
        jail.units.iter().map(|it| (it.as_str(), it.origin)).collect();
    (!units.is_empty()).then_some(Reads::Journal { units, session: false, by: jail.units.origin })
}
