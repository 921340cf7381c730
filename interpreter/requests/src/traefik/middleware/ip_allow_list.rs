//! `ipAllowList`.

use std::net::IpAddr;

use ipnet::Ipv6Net;

use super::super::configuration::IpStrategy;
use super::super::live::{Live, Reply, Run, split_host_port};
use super::super::network::{Networks, written};
use super::{Named, Next};

/// Who may pass, and how one knows who asks.
#[derive(Clone, Debug)]
pub(crate) struct IpAllowList {
    allowed: Networks,
    reject: u16,
    strategy: Strategy,
}

#[derive(Clone, Debug)]
enum Strategy {
    /// Where the connection comes from.
    Remote(Option<u8>),
    /// The nth of `X-Forwarded-For`, from the right.
    Depth(usize, Option<u8>),
    /// The last of `X-Forwarded-For` that is none of these.
    Excluded(Networks),
}

impl IpAllowList {
    pub(super) fn new(
        ranges: &[String],
        strategy: Option<&IpStrategy>,
        reject: i64,
    ) -> Result<Self, String> {
        if ranges.is_empty() {
            return Err("sourceRange is empty".to_owned());
        }
        let reject = match u16::try_from(reject) {
            Ok(0) => 403,
            Ok(status) if known(status) => status,
            Ok(_) | Err(_) => return Err(format!("{reject} is no HTTP status")),
        };
        let strategy = match strategy {
            None => Strategy::Remote(None),
            Some(it) if it.depth > 0 => {
                Strategy::Depth(usize::try_from(it.depth).unwrap_or(usize::MAX), subnet(it)?)
            }
            Some(it) if !it.excluded.is_empty() => Strategy::Excluded(Networks::new(&it.excluded)?),
            Some(it) => Strategy::Remote(subnet(it)?),
        };
        Ok(Self { allowed: Networks::new(ranges)?, reject, strategy })
    }

    pub(super) fn serve(
        &self,
        named: &Named,
        next: Next<'_>,
        live: &mut Live,
        run: &mut Run<'_>,
    ) -> Reply {
        let who = self.strategy.who(live);
        let host = split_host_port(&who).map_or(who.as_str(), |(host, _)| host);
        if self.allowed.contain_written(host) {
            named.did(run, format!("lets {who} pass"));
            return next.serve(live, run);
        }
        let who = if who.is_empty() { "nobody known" } else { &who };
        named.did(run, format!("{who} is not on its list: {}", self.reject));
        Reply::bare(self.reject)
    }
}

fn subnet(strategy: &IpStrategy) -> Result<Option<u8>, String> {
    let Some(length) = strategy.ipv6_subnet else { return Ok(None) };
    match u8::try_from(length) {
        Ok(length @ 1..=128) => Ok(Some(length)),
        Ok(_) | Err(_) => Err(format!("ipv6Subnet cannot be {length}")),
    }
}

impl Strategy {
    fn who(&self, live: &Live) -> String {
        let forwarded = live.headers.first("X-Forwarded-For");
        let list: Vec<_> = forwarded.split(',').map(str::trim).collect();
        match self {
            Self::Remote(subnet) => {
                let client = live.client.map(|client| client.to_string()).unwrap_or_default();
                narrowed(&client, *subnet)
            }
            Self::Depth(depth, subnet) => {
                let nth = list.len().checked_sub(*depth).and_then(|at| list.get(at));
                narrowed(nth.copied().unwrap_or_default(), *subnet)
            }
            Self::Excluded(known) => {
                let mut others = list.iter().rev().filter(|it| !it.is_empty());
                others
                    .find(|it| !known.contain_written(it))
                    .map_or_else(String::new, |it| (*it).to_owned())
            }
        }
    }
}

/// The first address of the network of that length that an IPv6 address lies in.
fn narrowed(address: &str, subnet: Option<u8>) -> String {
    match (written(address), subnet) {
        (Some(IpAddr::V6(v6)), Some(length)) => Ipv6Net::new(v6, length)
            .map_or_else(|_| address.to_owned(), |net| net.network().to_string()),
        (Some(IpAddr::V6(_) | IpAddr::V4(_)) | None, _) => address.to_owned(),
    }
}

/// Whether Go has a text for a status.
fn known(status: u16) -> bool {
    matches!(status, 100..=103 | 200..=208 | 226 | 300..=305 | 307 | 308 | 400..=418 | 421..=426 | 428 | 429 | 431 | 451 | 500..=508 | 510 | 511)
}
