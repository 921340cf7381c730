//! A Caddy that runs, with a program behind it and certificates of people's devices.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use qg_interpreter::{build, targets};
use qg_lang::world::MemoryWorld;
use qg_tests::{peers, release, sops};
use tempfile::TempDir;

/// How long Caddy may take until it has its certificates.
const TRIES: u32 = 100;

/// Ports that nobody else has.
pub(crate) struct Ports {
    pub(crate) http: u16,
    pub(crate) https: u16,
    pub(crate) backend: u16,
}

/// What people's devices show: signed by the authority that the proxy trusts, and by another one.
pub(crate) struct Certificates {
    shown: [String; 4],
    strange: [String; 4],
}

impl Certificates {
    /// Made in a folder, where `ca.pem` is the authority; none where openssl is missing.
    pub(crate) fn made(folder: &Path) -> Option<Certificates> {
        let openssl = peers::program("openssl")?;
        let run = |args: &str| {
            let mut command = Command::new(&openssl);
            let ran = command.args(args.split(' ')).current_dir(folder).output().expect("it runs");
            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        };
        let new = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        for (authority, device) in [("ca", "device"), ("other", "stranger")] {
            run(&format!(
                "{new} -x509 -days 2 -subj /CN={authority} -keyout {authority}.key -out {authority}.pem"
            ));
            run(&format!("{new} -subj /CN={device} -keyout {device}.key -out {device}.csr"));
            run(&format!(
                "x509 -req -days 2 -in {device}.csr -CA {authority}.pem -CAkey {authority}.key -CAcreateserial -out {device}.pem"
            ));
        }
        let of = |name: &str| {
            let file = |ending: &str| folder.join(format!("{name}.{ending}")).display().to_string();
            ["--cert".to_owned(), file("pem"), "--key".to_owned(), file("key")]
        };
        Some(Certificates { shown: of("device"), strange: of("stranger") })
    }

    /// Arguments of curl.
    pub(crate) fn shown(&self) -> [&str; 4] {
        self.shown.each_ref().map(String::as_str)
    }

    pub(crate) fn strange(&self) -> [&str; 4] {
        self.strange.each_ref().map(String::as_str)
    }
}

pub(crate) struct Running {
    pub(crate) ports: Ports,
    pub(crate) certificates: Certificates,
    curl: PathBuf,
    caddy: Child,
    _folder: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.caddy.kill().expect("it runs");
        self.caddy.wait().expect("it ends");
    }
}

impl Running {
    /// Runs the proxy of a fleet, which is told its ports and where the authority lies.
    pub(crate) fn start(fleet: impl Fn(&Ports, &Path) -> String) -> Option<Running> {
        let (caddy, curl) = (peers::caddy()?, peers::program("curl")?);
        let folder = tempfile::tempdir().expect("a folder");
        let certificates = Certificates::made(folder.path())?;
        let ports = Ports { http: free(), https: free(), backend: program() };
        let file = folder.path().join("caddy.json");
        std::fs::write(&file, compiled(&fleet(&ports, folder.path()))).expect("a file");
        let caddy = Command::new(caddy)
            .args(["run", "--config"])
            .arg(&file)
            .env("HOME", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        Some(Running { ports, certificates, curl, caddy, _folder: folder })
    }

    /// The status and the body of an answer; 0 where there is none, which is waited for where one is due.
    pub(crate) fn ask(&self, name: &str, path: &str, how: &[&str], due: bool) -> (u16, String) {
        let url = format!("https://{name}:{}{path}", self.ports.https);
        let mut answer = (0, String::new());
        for _ in 0..TRIES {
            answer = self.curl(&url, name, self.ports.https, "%{http_code}", how);
            if answer.0 != 0 || !due {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        answer
    }

    /// The status of a request without TLS, and where it is led to.
    pub(crate) fn plain(&self, name: &str, path: &str) -> (u16, String) {
        let url = format!("http://{name}:{}{path}", self.ports.http);
        self.curl(&url, name, self.ports.http, "%{redirect_url}\n%{http_code}", &[])
    }

    fn curl(&self, url: &str, name: &str, port: u16, told: &str, how: &[&str]) -> (u16, String) {
        let at = format!("{}:{port}:127.0.0.1", name.to_lowercase());
        let ran = Command::new(&self.curl)
            .args(["-sk", "--path-as-is", "--max-time", "10", "--noproxy", "*", "--resolve", &at])
            .args(["-w", &format!("\n{told}")])
            .args(how)
            .arg(url)
            .output()
            .expect("it runs");
        let said = String::from_utf8(ran.stdout).expect("text");
        let (body, status) = said.rsplit_once('\n').expect("a status");
        (status.parse().expect("a number"), body.trim().to_owned())
    }
}

/// A port that nobody listens on now.
fn free() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A program that answers with what it was asked: the address and the host.
fn program() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let lines: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let asked = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
            let host = lines.iter().find_map(|line| line.strip_prefix("Host: "));
            let body = format!("{asked} {}", host.unwrap_or_default());
            let length = body.len();
            // Who has gone already needs no answer.
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    port
}

fn compiled(source: &str) -> String {
    let mut world = MemoryWorld::default();
    let secrets = sops::holding(source);
    world.files.insert(Arc::from("secrets.yaml"), Arc::from(secrets.as_bytes()));
    world.sources.insert(Arc::from("fleet.qg"), Arc::from(source));
    release::leave_out(&mut world);
    let built = build(&world);
    assert_eq!(built.diagnostics, []);
    let files = targets::render(&built.fleet.expect("a fleet without errors"));
    let path = "hosts/Server/caddy/caddy.json";
    files.into_iter().find(|file| file.path == path).expect("a file for Caddy").text
}
