//! The programs that read the files, each asked once for many.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use qg_interpreter::targets::OutputFile;
use qg_interpreter::targets::quadlet::spelling::{NOTHING, NOTHING_IS};
use qg_tests::peers::on_path;
use qg_tests::{disk, nix, peers};
use serde_json::Value;

/// The modules of many hosts as Nix reads them, by the folder that each fleet lies in.
pub(crate) fn modules(
    root: &Path,
    all: &[(String, String)],
) -> Result<BTreeMap<String, Value>, String> {
    let Some(program) = nix::program() else { return Ok(BTreeMap::new()) };
    let stub = disk::repository().join("tests/peers/nix/stub.nix");
    let mut text = String::from(
        "let one = folder: file: packages: builtins.tryEval (builtins.deepSeq (it folder file packages) (it folder file packages));\n",
    );
    let _ = write!(
        text,
        "it = folder: file: packages: import {} {{ root = toString (./. + \"/${{folder}}\"); inherit file packages; }};\nin {{\n",
        stub.display()
    );
    for (folder, file) in all {
        let module = std::fs::read_to_string(root.join(folder).join(file)).expect("it is there");
        let packages = nix::packages(&module);
        let _ = writeln!(text, "\"{folder}/{file}\" = one \"{folder}\" \"{file}\" {packages};");
    }
    text.push('}');
    std::fs::write(root.join("all.nix"), text).expect("a file can be written");
    let out = nix::run(&program, root, &["--eval", "--strict", "--json", "all.nix"]);
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).into_owned());
    }
    Ok(serde_json::from_slice(&out.stdout).expect("JSON"))
}

/// The units that Podman's generator makes of the Quadlet files in a folder, and what it says.
pub(crate) fn quadlet(folder: &Path) -> Option<(BTreeMap<String, String>, String)> {
    let generator = peers::quadlet()?;
    let out = Command::new(generator)
        .arg("-dryrun")
        .env("QUADLET_UNIT_DIRS", folder)
        .env("PODMAN", "/bin/true")
        .output()
        .expect("the generator can be run");
    let mut units: BTreeMap<String, String> = BTreeMap::new();
    let mut name = None;
    for line in String::from_utf8_lossy(&out.stdout).split_inclusive('\n') {
        let header = line.trim_end().strip_prefix("---").and_then(|it| it.strip_suffix("---"));
        if let Some(header) = header {
            name = Some(header.to_owned());
        } else if let Some(name) = &name {
            units.entry(name.clone()).or_default().push_str(line);
        }
    }
    Some((units, String::from_utf8_lossy(&out.stderr).into_owned()))
}

/// Sections and keys of a unit in order, as systemd.syntax(7) has it; the values of lists and commands as words. What
/// Podman read itself stands in its commands.
pub(crate) fn unit(text: &str) -> Value {
    let joined = text.replace("\\\n", " ");
    let mut all = Vec::new();
    let mut section = "";
    // A variable that is empty stands for an argument with nothing in it.
    let nothing = format!("Environment={NOTHING_IS}");
    let is_nothing = joined.split('\n').any(|line| line == nothing);
    for line in joined.split(['\n', '\r']) {
        // Blanks of systemd's, which are no others.
        let line = line.trim_matches([' ', '\t']);
        if line.starts_with('[') {
            section = line;
        }
        if line.is_empty()
            || line.starts_with(['#', ';'])
            || section.starts_with("[X-")
            || line == nothing
            // Said where a path has a blank in it, besides Podman's own, which has no quotes.
            || line.starts_with("RequiresMountsFor=\"")
        {
            continue;
        }
        match line.split_once('=') {
            Some((key, value)) if !line.starts_with('[') => {
                let mut value = if is_listed(key) { words(value) } else { Value::from(value) };
                if let (true, Value::Array(words)) = (is_nothing, &mut value) {
                    for word in words.iter_mut().filter(|word| **word == NOTHING) {
                        *word = Value::from("");
                    }
                }
                mounts_at_length(&mut value);
                all.push(serde_json::json!([key, value]));
            }
            _ => all.push(Value::from(line)),
        }
    }
    Value::Array(all)
}

/// Whether systemd splits the value of a key into words.
fn is_listed(key: &str) -> bool {
    key.starts_with("Exec") || matches!(key, "Environment" | "ReadWritePaths")
}

/// The same of a module: commands and variables of its units as words, for NixOS writes them as they are.
pub(crate) fn worded(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let listed = is_listed(key).then(|| value.as_array_mut()).flatten();
                let Some(all) = listed else {
                    worded(value);
                    continue;
                };
                for it in all {
                    if let Some(text) = it.as_str() {
                        *it = words(text);
                    }
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(worded),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Podman's short form of a mount as its long one, which is written where a path has a colon in it.
fn mounts_at_length(command: &mut Value) {
    let Value::Array(words) = command else { return };
    let at: Vec<usize> = (1..words.len()).filter(|at| words[at - 1] == "-v").collect();
    for at in at {
        let mount = words[at].as_str().unwrap_or_default().to_owned();
        let mut parts = mount.splitn(3, ':');
        let (Some(source), Some(to)) = (parts.next(), parts.next()) else { continue };
        let options: String = parts.map(|it| format!(",{it}")).collect();
        words[at - 1] = Value::from("--mount");
        words[at] = Value::from(format!("type=bind,source={source},destination={to}{options}"));
    }
}

/// The words of a value, as systemd splits them: quotes and escapes of C taken away. What is no list of words stays.
fn words(value: &str) -> Value {
    let mut all: Vec<Value> = Vec::new();
    let mut rest = value.chars().peekable();
    loop {
        while rest.next_if(|c| c.is_ascii_whitespace()).is_some() {}
        if rest.peek().is_none() {
            return Value::Array(all);
        }
        let (mut bytes, mut quote) = (Vec::new(), None);
        while let Some(c) = rest.next() {
            match (c, quote) {
                (c, Some(open)) if c == open => quote = None,
                ('"' | '\'', None) => quote = Some(c),
                ('\\', _) => match rest.next() {
                    Some('n') => bytes.push(b'\n'),
                    Some('r') => bytes.push(b'\r'),
                    Some('t') => bytes.push(b'\t'),
                    Some('x') => {
                        let digits: String = rest.by_ref().take(2).collect();
                        bytes.push(u8::from_str_radix(&digits, 16).unwrap_or(b'?'));
                    }
                    Some(c) => bytes.extend(c.to_string().as_bytes()),
                    None => return Value::from(value),
                },
                (c, None) if c.is_ascii_whitespace() => break,
                (c, _) => bytes.extend(c.to_string().as_bytes()),
            }
        }
        if quote.is_some() {
            return Value::from(value);
        }
        all.push(Value::from(String::from_utf8_lossy(&bytes).into_owned()));
    }
}

/// What the calls at the end of a script say: the words of each, read by a shell whose functions print them.
pub(crate) fn calls(script: &OutputFile) -> Result<Value, String> {
    let tail = script.text.rsplit_once("\n}\n").map_or(script.text.as_str(), |(_, tail)| tail);
    let mut program = String::new();
    for name in [
        "wants", "put", "clean", "member", "zone", "live", "renew", "about", "unseal", "close",
        "secrets", "start", "touched", "settled", "finish", "key", "secret", "render", "place",
        "problem",
    ] {
        let _ = writeln!(program, "{name}() {{ printf '%s\\0' {name} \"$@\"; printf '\\n\\0'; }}");
    }
    program.push_str("root=\n");
    program.push_str(tail);
    let shell = on_path("dash").into_iter().find(|it| it.is_file()).unwrap_or("/bin/sh".into());
    let out = Command::new(shell).arg("-c").arg(program).output().expect("a shell");
    let said = String::from_utf8_lossy(&out.stderr);
    if !out.status.success() || !said.is_empty() {
        return Err(format!("{}: {said}", script.path));
    }
    let words = String::from_utf8_lossy(&out.stdout).into_owned();
    Ok(Value::from(words.split('\0').map(str::to_owned).collect::<Vec<String>>()))
}
