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
            groups: if args.groups.is_empty() {
                build.groups_of(user)
            } else {
                args.groups.clone()
            },
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

/// `internet`, `lan`, a host of the fleet, or an address.
fn from(said: &str, build: &Build) -> Result<IpAddr, Failure> {
    build.sender(said).ok_or_else(|| {
        Failure::new(format!("`{said}` is no place that a request can come from"))
            .help("`internet`, `lan`, an address, or a host of the fleet that has one")
    })
}

/// Why nothing can be asked.
pub(super) fn unsent(why: &Unsent) -> Failure {
    let failure = Failure::new(why.to_string());
    match why.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}
