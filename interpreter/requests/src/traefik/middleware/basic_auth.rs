//! `basicAuth` and `digestAuth`. Whether a password, or a digest of one, is right is asked of the peers.

use std::collections::BTreeMap;

use super::super::Peers;
use super::super::configuration::Basic;
use super::super::live::{Live, Reply, Run};
use super::super::text;
use super::{Named, Next};

/// Users and what becomes of their names.
#[derive(Clone, Debug)]
pub(crate) struct BasicAuth {
    users: BTreeMap<String, String>,
    realm: String,
    header: String,
    remove: bool,
    digest: bool,
}

impl BasicAuth {
    pub(super) fn new(options: &Basic, peers: &dyn Peers) -> Result<Self, String> {
        let mut list = Vec::new();
        if !options.users_file.is_empty() {
            let users = peers.users(&options.users_file);
            list = users.ok_or_else(|| format!("{} cannot be read", options.users_file))?;
        }
        list.extend(options.users.iter().cloned());
        let mut users = BTreeMap::new();
        for user in &list {
            // A digest is of the realm too, which stands between.
            let colons = if options.digest { 1 } else { 0 };
            let pair = user.split_once(':').filter(|(_, hash)| hash.matches(':').count() == colons);
            let (name, hash) = pair.ok_or_else(|| format!("no user with a hash: {user}"))?;
            users.insert(name.to_owned(), hash.to_owned());
        }
        if users.is_empty() {
            return Err("has no users".to_owned());
        }
        let realm = if options.realm.is_empty() { "traefik" } else { &options.realm };
        Ok(Self {
            users,
            realm: realm.to_owned(),
            header: options.header_field.clone(),
            remove: options.remove_header,
            digest: options.digest,
        })
    }

    pub(super) fn serve(
        &self,
        named: &Named,
        next: Next<'_>,
        live: &mut Live,
        run: &mut Run<'_>,
    ) -> Reply {
        let said = live.headers.first("Authorization");
        let shown = if self.digest { digest(said) } else { credentials(said) };
        let user = shown.and_then(|(user, password)| {
            let hash = self.users.get(&user).filter(|hash| !hash.is_empty())?;
            run.peers.password(&user, &password, hash).then_some(user)
        });
        let Some(user) = user else {
            named.did(run, "knows no such user and password: 401");
            let mut reply = Reply::bare(401);
            reply.headers.set("Content-Type", "text/plain");
            let scheme = if self.digest { "Digest" } else { "Basic" };
            reply.headers.set("Www-Authenticate", format!("{scheme} realm=\"{}\"", self.realm));
            return reply;
        };
        named.did(run, format!("lets {user} pass"));
        if !self.header.is_empty() {
            live.headers.remove(&self.header);
            // Exactly as it is written, whatever its letter case.
            live.headers.set_raw(&self.header, vec![user]);
        }
        if self.remove {
            live.headers.remove("Authorization");
        }
        next.serve(live, run)
    }
}

/// The user and the password of an `Authorization` header.
fn credentials(header: &str) -> Option<(String, String)> {
    let (scheme, rest) = header.split_at_checked(6)?;
    let decoded = base64(rest).filter(|_| scheme.eq_ignore_ascii_case("basic "))?;
    let decoded = text::from_bytes(&decoded);
    decoded.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
}

/// The user of an `Authorization` header with a digest, and the header itself, which shows the password.
fn digest(header: &str) -> Option<(String, String)> {
    let said = header.strip_prefix("Digest ")?;
    let (_, after) = said.split_once("username=\"")?;
    let (user, _) = after.split_once('"')?;
    Some((user.to_owned(), header.to_owned()))
}

/// Base64 with its padding, as Go's `StdEncoding` reads it.
fn base64(text: &str) -> Option<Vec<u8>> {
    let plain = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - plain.len() > 2 {
        return None;
    }
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for c in plain.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    Some(bytes)
}
