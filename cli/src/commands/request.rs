//! `qgc request`: what the fleet's proxy and login server would answer.

use std::io::Write;
use std::net::IpAddr;

use qg_interpreter::Build;
use qg_interpreter::requests::traefik::Certificate;
use qg_interpreter::requests::{Ask, Unsent, Who};

use super::run::{Run, ignore_gone_reader, pretty};
use crate::Outcome;
use crate::args::{Format, RequestArgs, RequestCertificate, WhyFormat};
use crate::failure::Failure;
use crate::report::{self, Context};
use crate::request;
use crate::terminal::Terminal;

/// An address of nobody's, for documents (RFC 5737): somewhere in the internet.
const INTERNET: &str = "203.0.113.7";

pub(super) fn run(args: &RequestArgs, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let run = Run::new(args.path.as_deref(), &args.chosen)?;
    let context = Context {
        sources: &run.build.analysis.sources,
        names: &run.project.names,
        colors: terminal.err_colors,
    };
    if run.build.fleet.is_none() {
        let found = &run.build.diagnostics;
        ignore_gone_reader(report::write(Format::Human, found, context, &mut terminal.err))?;
        let line = "a fleet with errors answers no request";
        ignore_gone_reader(writeln!(terminal.err, "{line}"))?;
        return Ok(Outcome::Findings);
    }
    let ask = ask(args, &run.build)?;
    let told = run.build.request(&ask).map_err(|why| unsent(&why))?;
    let text = match args.format {
        WhyFormat::Human => request::human(&ask, &told, context),
        WhyFormat::Json => pretty(&request::object(&ask, &told, context))?,
    };
    ignore_gone_reader(terminal.out.write_all(text.as_bytes()))?;
    Ok(Outcome::Clean)
}

fn ask(args: &RequestArgs, build: &Build) -> Result<Ask, Failure> {
    let who = match &args.user {
        None if !args.groups.is_empty() => {
            return Err(Failure::new("nobody is in these groups").help("say who: `--user NAME`"));
        }
        None => None,
        Some(user) => Some(Who {
            user: user.clone(),
            groups: if args.groups.is_empty() { groups(build, user) } else { args.groups.clone() },
            factor: args.factor,
        }),
    };
    let mut headers = Vec::new();
    for header in &args.headers {
        let Some((name, value)) = header.split_once(':') else {
            return Err(Failure::new(format!("`{header}` is no header")).help("write NAME: VALUE"));
        };
        headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(Ask {
        method: args.method.clone(),
        url: args.url.clone(),
        from: from(&args.from, build)?,
        certificate: match args.certificate {
            RequestCertificate::None => Certificate::None,
            RequestCertificate::Trusted => Certificate::Trusted,
            RequestCertificate::Untrusted => Certificate::Untrusted,
        },
        who,
        headers,
        at: args.host.clone(),
    })
}

/// The groups that the fleet says of a person.
fn groups(build: &Build, user: &str) -> Vec<String> {
    let person = build.fleet.as_ref().and_then(|it| it.model.person.get(user));
    let groups = person.into_iter().flat_map(|it| it.member_of.iter());
    groups.map(|it| it.entity().to_owned()).collect()
}

/// `internet`, `lan`, a host of the fleet, or an address.
fn from(said: &str, build: &Build) -> Result<IpAddr, Failure> {
    let model = build.fleet.as_ref().map(|it| &it.model);
    let parsed = |text: &str| text.parse::<IpAddr>().ok();
    let found = match said {
        "internet" => parsed(INTERNET),
        "lan" => model.into_iter().flat_map(|it| it.proxy.values()).find_map(|proxy| {
            let network = proxy.lan.iter().next()?;
            let base = parsed(network.value.split('/').next()?)?;
            // Somebody in it: the last but two of its first 256 addresses.
            Some(match base {
                IpAddr::V4(it) => IpAddr::from((u32::from(it) | 0xfd).to_be_bytes()),
                IpAddr::V6(it) => IpAddr::from((u128::from(it) | 0xfd).to_be_bytes()),
            })
        }),
        other => parsed(other).or_else(|| {
            let host = model?.host.get(other.strip_prefix("host.").unwrap_or(other))?;
            parsed(&host.address.as_ref()?.value.to_string())
        }),
    };
    found.ok_or_else(|| {
        Failure::new(format!("`{said}` is no place that a request can come from"))
            .help("`internet`, `lan`, an address, or a host of the fleet that has one")
    })
}

/// Why nothing can be asked.
pub(super) fn unsent(why: &Unsent) -> Failure {
    match why {
        Unsent::Broken => Failure::new("a fleet with errors answers no request"),
        Unsent::Address(why) => Failure::new(format!("this is no address: {why}"))
            .help("write it whole, as `https://photos.example.org/`"),
        Unsent::NoProxy(engines) if engines.is_empty() => Failure::new("the fleet has no proxy"),
        Unsent::NoProxy(engines) => {
            let failure = format!("the fleet's proxies are {}", engines.join(", "));
            Failure::new(failure).help("requests are simulated for Traefik")
        }
        Unsent::NoHost(name) => Failure::new(format!("there is no Traefik on a host `{name}`")),
        Unsent::Closed { host, port } => {
            Failure::new(format!("nothing listens at port {port} of host.{host}"))
                .help("a browser would say: connection refused")
        }
        Unsent::Refused { file, why } => Failure::new(format!("{file} cannot be read back: {why}")),
    }
}
