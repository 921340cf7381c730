//! What the firewall of a host lets through, whatever says so: its own words, and NixOS' options
//! (`networking.firewall`, NixOS 25.05).

use super::Fleet;
use super::host::Manager;
use super::leaf::{At, Data, OriginId};

/// The firewall of a host.
#[derive(Clone, Debug, Default)]
pub struct Firewall {
    /// Who says that there is none.
    pub off: Option<OriginId>,
    /// What is open by words for the whole machine, and not because a port or a proxy is.
    pub opened: Vec<Opened>,
    /// The interfaces behind which everything is let through.
    pub trusted: Vec<At<String>>,
    /// Whether something else may say more of it.
    pub unread: bool,
}

/// Ports that are let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub from: u16,
    pub to: u16,
    /// `tcp` or `udp`.
    pub protocol: &'static str,
    /// Those who come by this interface alone, else everybody.
    pub interface: Option<String>,
    pub origin: OriginId,
}

impl Opened {
    /// Whether it holds a port.
    #[must_use]
    pub fn holds(&self, port: u16, protocol: &str) -> bool {
        self.protocol == protocol && (self.from..=self.to).contains(&port)
    }
}

impl Firewall {
    /// Whether a port is open to everybody.
    #[must_use]
    pub fn lets_in(&self, port: u16, protocol: &str) -> bool {
        self.off.is_some()
            || self.opened.iter().any(|it| it.interface.is_none() && it.holds(port, protocol))
    }
}

const FIREWALL: [&str; 2] = ["networking", "firewall"];

impl Fleet {
    pub(super) fn find_firewall(&self, host: &str) -> Firewall {
        let mut found = Firewall::default();
        let Some(of) = self.model.host.get(host) else { return found };
        let own = &of.firewall;
        for (ports, ranges, protocol) in
            [(&own.tcp, &own.tcp_ranges, "tcp"), (&own.udp, &own.udp_ranges, "udp")]
        {
            for port in ports.iter() {
                found.open(port.number, port.number, protocol, None, port.origin);
            }
            for it in ranges.iter() {
                let (from, to) = it.split_once('-').unwrap_or((it, it));
                let end = |text: &str| text.trim().parse::<u16>().ok();
                if let Some((from, to)) = end(from).zip(end(to)) {
                    found.open(from, to, protocol, None, it.origin);
                }
            }
        }
        let trusted = own.trusted.iter();
        found.trusted.extend(trusted.map(|it| it.map(|name| name.clone())));
        if of.manager.value != Manager::Nixos {
            return found;
        }
        for said in self.said(host, &FIREWALL) {
            found.read(said);
            for (name, it) in
                said.record().and_then(|it| it.get("interfaces")?.record()).into_iter().flatten()
            {
                found.ports(it, Some(name));
            }
        }
        for off in self.said(host, &["networking", "nftables", "ruleset"]) {
            found.unread |= off.text().is_some_and(|it| !it.is_empty());
        }
        found.unread |= ["firewall", "openFirewall", "nftables", "iptables"]
            .iter()
            .any(|word| self.may_say(host, word));
        found
    }
}

impl Firewall {
    fn open(
        &mut self,
        from: u16,
        to: u16,
        protocol: &'static str,
        interface: Option<&str>,
        origin: OriginId,
    ) {
        let interface = interface.map(str::to_owned);
        self.opened.push(Opened { from, to, protocol, interface, origin });
    }

    fn read(&mut self, said: &At<Data>) {
        let Some(fields) = said.record() else {
            self.unread = true;
            return;
        };
        if let Some(enable) = fields.get("enable") {
            match enable.value == Data::Bool(false) {
                true => self.off = Some(enable.origin),
                false => self.unread |= enable.value != Data::Bool(true),
            }
        }
        self.unread |= ["extraCommands", "extraInputRules", "package"]
            .iter()
            .any(|key| fields.contains_key(*key));
        if let Some(Data::List(names)) = fields.get("trustedInterfaces").map(|it| &it.value) {
            let names =
                names.iter().filter_map(|it| Some(At::new(it.text()?.to_owned(), it.origin)));
            self.trusted.extend(names);
        }
        self.ports(said, None);
    }

    /// `allowedTCPPorts` and its like.
    fn ports(&mut self, said: &At<Data>, interface: Option<&str>) {
        let Some(fields) = said.record() else { return };
        for (option, protocol) in [("allowedTCPPorts", "tcp"), ("allowedUDPPorts", "udp")] {
            let Some(said) = fields.get(option) else { continue };
            let Data::List(ports) = &said.value else {
                self.unread = true;
                continue;
            };
            for port in ports {
                match number(port) {
                    Some(it) => self.open(it, it, protocol, interface, port.origin),
                    None => self.unread = true,
                }
            }
        }
        for (option, protocol) in [("allowedTCPPortRanges", "tcp"), ("allowedUDPPortRanges", "udp")]
        {
            let Some(said) = fields.get(option) else { continue };
            let Data::List(ranges) = &said.value else {
                self.unread = true;
                continue;
            };
            for range in ranges {
                let end = |key: &str| number(range.record()?.get(key)?);
                match (end("from"), end("to")) {
                    (Some(from), Some(to)) => {
                        self.open(from, to, protocol, interface, range.origin);
                    }
                    _ => self.unread = true,
                }
            }
        }
    }
}

fn number(data: &At<Data>) -> Option<u16> {
    if let Data::Int(number) = data.value { u16::try_from(number).ok() } else { None }
}
