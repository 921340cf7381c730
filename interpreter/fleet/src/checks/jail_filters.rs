//! Filters and settings of jails that fail2ban would not take, or that match nothing.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target as codes;

use super::FleetCheck;
use super::place::{own_place, place};
use crate::Facts;
use crate::jails::{HostJail, JailFilter, JailFilterOwn, Reads, SHIPPED, Shipped};
use crate::leaf::{At, Data};
use crate::proxy::ProxyEngine;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::JAIL_FILTER], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (name, host) in &fleet.model.host {
        if let Some(ban) = &host.fail2ban {
            settings(fleet, &ban.settings, out);
            if let Some(increment) = &ban.increment {
                if let (Some(formula), Some(first)) =
                    (&increment.formula, increment.multipliers.first())
                {
                    let message = "a ban grows by `formula` or by `multipliers`, not by both";
                    out.push(
                        wrong(fleet, formula, message)
                            .also(place(fleet, first.origin), "the other one")
                            .help("leave one of them out"),
                    );
                }
                if let Some(formula) = &increment.formula {
                    line(fleet, formula, out);
                }
            }
        }
        for it in fleet.jails_on(name) {
            settings(fleet, &it.jail.settings, out);
            match &it.jail.filter.value {
                JailFilter::Shipped(shipped) => brought(fleet, name, &it, shipped, out),
                JailFilter::Own(own) => own_filter(fleet, &it, own, out),
            }
        }
    }
}

fn wrong<T>(fleet: &Facts<'_>, at: &At<T>, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(codes::JAIL_FILTER, place(fleet, at.origin), message)
}

/// Words of its own for what the fleet has a word for.
const OURS: &[&str] = &[
    "bantime",
    "enabled",
    "filter",
    "findtime",
    "ignoreip",
    "journalmatch",
    "logpath",
    "maxretry",
    "port",
    "protocol",
    "failregex",
    "ignoreregex",
    "datepattern",
    "bantime.increment",
    "bantime.factor",
    "bantime.formula",
    "bantime.maxtime",
    "bantime.multipliers",
    "bantime.overalljails",
    "bantime.rndtime",
];

fn settings(
    fleet: &Facts<'_>,
    all: &std::collections::BTreeMap<String, At<Data>>,
    out: &mut Vec<Diagnostic>,
) {
    for (key, value) in all {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !key.starts_with(|c: char| c.is_ascii_alphabetic()) || !key.chars().all(plain) {
            let message = format!("no setting of fail2ban is called {key:?}");
            out.push(wrong(fleet, value, message).help("its names are in jail.conf(5)"));
        } else if OURS.contains(&key.as_str()) {
            let message = format!("`{key}` has a word of its own");
            out.push(wrong(fleet, value, message).help(
                "say it beside `settings`: what fail2ban calls `port` is `ports`, `bantime.…` is `increment`, and `logs` and `units` say what is read",
            ));
        } else if let Data::Text(text) = &value.value
            && let Some(why) = unread(text)
        {
            out.push(untaken(fleet, value, text, why));
        }
    }
}

fn line(fleet: &Facts<'_>, said: &At<String>, out: &mut Vec<Diagnostic>) {
    if let Some(why) = unread(said) {
        out.push(untaken(fleet, said, said, why));
    }
}

fn untaken<T>(fleet: &Facts<'_>, at: &At<T>, text: &str, why: &str) -> Diagnostic {
    wrong(fleet, at, format!("fail2ban would read another text than {text:?}: {why}"))
        .help("in a regular expression `\\s` or `[ ]` is a blank, and `[;]` a semicolon")
}

/// Why a value would be read otherwise than it is written (fail2ban's files are those of Python's configparser, with
/// `;` behind a blank as the beginning of a comment).
fn unread(text: &str) -> Option<&'static str> {
    if text.trim() != text {
        return Some("blanks at an end are cut off");
    }
    if text.starts_with(['#', ';']) {
        return Some("it begins like a comment");
    }
    let comment = text.char_indices().any(|(at, c)| {
        c == ';'
            && text
                .get(..at)
                .and_then(|before| before.chars().next_back())
                .is_some_and(char::is_whitespace)
    });
    comment.then_some("a `;` behind a blank begins a comment")
}

/// A filter that fail2ban brings: whether there is one, and whether it can read what is there.
fn brought(
    fleet: &Facts<'_>,
    host: &str,
    of: &HostJail<'_>,
    shipped: &Shipped,
    out: &mut Vec<Diagnostic>,
) {
    let name = shipped.name.as_str();
    for (key, value) in &shipped.options {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if key.is_empty() || !key.chars().all(plain) {
            out.push(wrong(fleet, value, format!("no option of a filter is called {key:?}")));
        }
    }
    let own = ["conf", "local"].map(|ending| format!("/etc/fail2ban/filter.d/{name}.{ending}"));
    let made = fleet.files_on(host).iter().any(|it| own.iter().any(|path| path == it.path));
    if !made && !SHIPPED.iter().any(|(known, _)| *known == name) {
        let message = format!("fail2ban 1.1 brings no filter `{name}`");
        let span = place(fleet, shipped.name.origin);
        let finding = Diagnostic::warning(codes::JAIL_FILTER, span, message);
        let known = SHIPPED.iter().map(|(known, _)| *known);
        out.push(finding.suggest(name, span, known).help(
            "say what it looks for, `filter = own { failregex = [\"…\"] }`, or bring the file: `file \"/etc/fail2ban/filter.d/NAME.conf\"`",
        ));
    }
    if let Some(why) = unreadable(fleet, of, name) {
        let at = own_place(fleet, &[shipped.name.origin, of.jail.origin]);
        let message =
            format!("the filter `{name}` finds nothing in what {} reads: {why}", of.title);
        out.push(Diagnostic::error(codes::JAIL_FILTER, at, message).help(
            "let the engine write what the filter reads (`access_log = { format = common, … }`), or say a filter of your own: `filter = own { failregex = [\"…\"] }`",
        ));
    }
}

/// Why a filter that fail2ban brings reads nothing in a proxy's log; nothing where it may.
fn unreadable(fleet: &Facts<'_>, of: &HostJail<'_>, filter: &str) -> Option<String> {
    let (key, _) = of.service?;
    let (name, proxy) = fleet.model.proxy_run_by(key)?;
    match &proxy.engine.value {
        ProxyEngine::Caddy(_) => ["apache-", "nginx-", "lighttpd-", "traefik-"]
            .iter()
            .any(|it| filter.starts_with(it))
            .then(|| format!("Caddy of proxy.{name} writes JSON")),
        ProxyEngine::Traefik(traefik) if filter == "traefik-auth" => {
            let access = &traefik.access_log;
            let said = |key: &str| access.get(key).and_then(|it| it.text());
            if access.get("enabled").is_some_and(|it| it.value == Data::Bool(false)) {
                return Some(format!("proxy.{name} writes no requests down"));
            }
            if said("format") == Some("json") {
                return Some(format!("requests at proxy.{name} are written down as JSON"));
            }
            match (&of.reads, said("filePath")) {
                (Reads::File(path), Some(file)) if path.as_str() != file => {
                    Some(format!("requests at proxy.{name} are written into {file}"))
                }
                (Reads::Journal { .. }, Some(file)) => {
                    Some(format!("requests at proxy.{name} are written into {file}"))
                }
                _ => None,
            }
        }
        ProxyEngine::Traefik(_) => None,
    }
}

/// Groups by which fail2ban knows whom a line is about.
const WHO: &[&str] = &[
    "<HOST>",
    "<ADDR>",
    "<IP4>",
    "<IP6>",
    "<DNS>",
    "<SUBNET>",
    "<CIDR>",
    "<F-ID>",
    "<F-IP4>",
    "<F-IP6>",
    "<F-DNS>",
    "(?P<host>",
    "(?P<ip4>",
    "(?P<ip6>",
    "(?P<dns>",
    "(?P<fid>",
];

fn own_filter(
    fleet: &Facts<'_>,
    of: &HostJail<'_>,
    own: &JailFilterOwn,
    out: &mut Vec<Diagnostic>,
) {
    if own.failregex.is_empty() && !fleet.partial {
        let message = format!("{} looks for nothing", of.title);
        out.push(wrong(fleet, &own.failregex, message).help("say what a failure looks like"));
    }
    for it in own.failregex.iter() {
        if !WHO.iter().any(|who| it.contains(who)) {
            let message = format!("{:?} says not whose failure it is", it.value);
            out.push(
                wrong(fleet, it, message)
                    .help("`<HOST>` stands for the address: `^login failed from <HOST>$`"),
            );
        }
    }
    for it in own.failregex.iter().chain(own.ignoreregex.iter()).chain(&own.datepattern) {
        line(fleet, it, out);
    }
    for it in own.failregex.iter().chain(own.ignoreregex.iter()) {
        if let Some(why) = broken(&it.value) {
            let message = format!("{:?} is no regular expression of Python's: {why}", it.value);
            out.push(
                wrong(fleet, it, message)
                    .help("a character that is meant itself has a `\\` before it"),
            );
        }
    }
}

/// Why a text is surely no regular expression of Python's; nothing where it may be one.
fn broken(text: &str) -> Option<&'static str> {
    // With blanks and comments in it, other rules hold.
    if text.contains("(?x") {
        return None;
    }
    let mut open = 0_usize;
    // Whether there is something that can be repeated.
    let mut thing = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                if chars.next().is_none() {
                    return Some("nothing stands behind the `\\` at its end");
                }
                thing = true;
            }
            '[' => {
                chars.next_if_eq(&'^');
                // As the first one it is itself.
                chars.next_if_eq(&']');
                loop {
                    match chars.next() {
                        None => return Some("a `[` is not closed"),
                        Some('\\') => drop(chars.next()),
                        Some(']') => break,
                        Some(_) => {}
                    }
                }
                thing = true;
            }
            '(' => {
                // `(?:`, `(?=`: what stands there is no repetition.
                let marked = chars.next_if_eq(&'?').is_some();
                if marked && chars.next_if_eq(&'#').is_some() {
                    // A comment, up to the next bracket whatever that is of.
                    if !chars.any(|it| it == ')') {
                        return Some("a `(` is not closed");
                    }
                } else {
                    open += 1;
                    thing = false;
                }
            }
            ')' => {
                let Some(less) = open.checked_sub(1) else {
                    return Some("a `)` closes nothing");
                };
                open = less;
                thing = true;
            }
            '|' => thing = false,
            '*' | '+' | '?' if !thing => return Some("there is nothing to repeat"),
            _ => thing = true,
        }
    }
    (open > 0).then_some("a `(` is not closed")
}

#[cfg(test)]
mod tests {
    use super::{broken, unread};

    #[test]
    fn what_is_surely_wrong() {
        for text in ["(a", "a)", "[a", "a\\", "*a", "(*a)", "a|+b", "(?#a"] {
            assert!(broken(text).is_some(), "{text}");
        }
        for text in [
            "a",
            "[]a]",
            "[^]a]+",
            "\\(",
            "\\[",
            "(?:a|b)+",
            "(?P<x>a)*",
            "a*+",
            "a??",
            "(?<!a)b",
            "x{2,3}",
            "[(]",
            "^$",
            "(?i)a",
            "(|a)",
            "(?#x(y)a",
            "a(?#[*)+",
        ] {
            assert_eq!(broken(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_read_otherwise() {
        for text in [" a", "a ", "#a", ";a", "a ;b", "a\t;b"] {
            assert!(unread(text).is_some(), "{text}");
        }
        for text in ["a;b", "a #b", "^<HOST> - x$"] {
            assert_eq!(unread(text), None, "{text}");
        }
    }
}
