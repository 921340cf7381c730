//! Quadlet's keys by section: how each value is read, and the Podman version that first knew it.
//!
//! source: github.com/containers/podman, `pkg/systemd/quadlet/quadlet.go`
//! version: 4.4.0 to 6.0-dev
//! licence: Apache-2.0; facts alone are taken over
//! made-by: hand, for a kind is nowhere said as data; `interpreter/tests/peers/quadlet_keys.rs` holds it against
//! Podman's own generator

use super::sections::{INSTALL, SERVICE, UNIT};
use super::spelling::Kind;

/// One key of a section.
#[derive(Clone, Copy, Debug)]
pub struct KeyInfo {
    pub name: &'static str,
    pub kind: Kind,
    pub repeatable: bool,
    /// Major and minor version.
    pub since: (u16, u16),
    /// The argument of `podman` that says the same to a version that does not know the key.
    pub flag: Option<&'static str>,
}

const fn row(name: &'static str, kind: Kind, repeatable: bool, since: (u16, u16)) -> KeyInfo {
    KeyInfo { name, kind, repeatable, since, flag: None }
}

impl KeyInfo {
    const fn flag(self, flag: &'static str) -> KeyInfo {
        KeyInfo { flag: Some(flag), ..self }
    }
}

/// A key that is in the table of its section. What the targets write themselves is named with `key!`, so
/// that a name that is in no table does not compile.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub section: &'static str,
    pub info: KeyInfo,
}

/// A key of a section by its name, looked up while this is compiled.
macro_rules! key {
    ($section:expr, $name:literal) => {
        const { $crate::quadlet::keys::Key::known($section, $name) }
    };
}
pub(crate) use key;

impl Key {
    /// ```
    /// use qg_interpreter::targets::quadlet::keys::Key;
    /// const KNOWN: Key = Key::known("Container", "PidsLimit");
    /// ```
    ///
    /// ```compile_fail,E0080
    /// use qg_interpreter::targets::quadlet::keys::Key;
    /// const UNKNOWN: Key = Key::known("Container", "PidLimit");
    /// # assert_eq!(UNKNOWN.section, "Container");
    /// ```
    ///
    /// # Panics
    /// While it is compiled, where no table has the key.
    #[must_use]
    #[doc(hidden)]
    pub const fn known(section: &'static str, name: &str) -> Key {
        let (mut of, mut at) = (0, 0);
        while of < SECTIONS.len() {
            let (known, keys) = SECTIONS[of];
            if same(known, section) {
                while at < keys.len() {
                    if same(keys[at].name, name) {
                        return Key { section, info: keys[at] };
                    }
                    at += 1;
                }
            }
            of += 1;
        }
        panic!("no section has this key")
    }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    a.len() == b.len() && at == a.len()
}

/// The tables, by section: Quadlet's own, and those of systemd's.
const SECTIONS: &[(&str, &[KeyInfo])] = &[
    ("Artifact", ARTIFACT),
    ("Build", BUILD),
    ("Container", CONTAINER),
    ("Image", IMAGE),
    ("Install", INSTALL),
    ("Kube", KUBE),
    ("Network", NETWORK),
    ("Pod", POD),
    ("Quadlet", QUADLET),
    ("Service", SERVICE),
    ("Unit", UNIT),
    ("Volume", VOLUME),
];

/// The keys of a section, sorted; empty for one that has no table.
#[must_use]
pub fn keys(section: &str) -> &'static [KeyInfo] {
    SECTIONS.iter().find(|(name, _)| *name == section).map_or(&[], |(_, keys)| keys)
}

/// One key of a section.
#[must_use]
pub fn find(section: &str, name: &str) -> Option<KeyInfo> {
    let keys = keys(section);
    keys.binary_search_by(|key| key.name.cmp(name)).ok().and_then(|at| keys.get(at)).copied()
}

/// The key of a section that takes one value and that an argument of `podman` says too.
#[must_use]
pub fn said_by(section: &str, flag: &str) -> Option<KeyInfo> {
    keys(section).iter().find(|key| !key.repeatable && key.flag == Some(flag)).copied()
}

const ARTIFACT: &[KeyInfo] = &[
    row("Artifact", Kind::Scalar, false, (5, 7)),
    row("AuthFile", Kind::Scalar, false, (5, 7)),
    row("CertDir", Kind::Scalar, false, (5, 7)),
    row("ContainersConfModule", Kind::Lines, true, (5, 7)),
    row("Creds", Kind::Scalar, false, (5, 7)),
    row("DecryptionKey", Kind::Scalar, false, (5, 7)),
    row("GlobalArgs", Kind::Args, true, (5, 7)),
    row("PodmanArgs", Kind::Args, true, (5, 7)),
    row("Quiet", Kind::Bool, false, (5, 7)),
    row("Retry", Kind::Scalar, false, (5, 7)).flag("retry"),
    row("RetryDelay", Kind::Scalar, false, (5, 7)).flag("retry-delay"),
    row("ServiceName", Kind::Scalar, false, (5, 7)),
    row("TLSVerify", Kind::Bool, false, (5, 7)),
];

const BUILD: &[KeyInfo] = &[
    row("Annotation", Kind::KeyVal, true, (5, 2)),
    row("Arch", Kind::Scalar, false, (5, 2)),
    row("AuthFile", Kind::Scalar, false, (5, 2)),
    row("BuildArg", Kind::KeyVal, true, (5, 7)).flag("build-arg"),
    row("ContainersConfModule", Kind::Lines, true, (5, 2)),
    row("DNS", Kind::Lines, true, (5, 2)).flag("dns"),
    row("DNSOption", Kind::Lines, true, (5, 2)),
    row("DNSSearch", Kind::Lines, true, (5, 2)),
    row("Environment", Kind::KeyVal, true, (5, 2)),
    row("File", Kind::Scalar, false, (5, 2)),
    row("ForceRM", Kind::Bool, false, (5, 2)),
    row("GlobalArgs", Kind::Args, true, (5, 2)),
    row("GroupAdd", Kind::Lines, true, (5, 2)),
    row("IgnoreFile", Kind::Scalar, false, (5, 7)),
    row("ImageTag", Kind::Lines, true, (5, 2)),
    row("Label", Kind::KeyVal, true, (5, 2)).flag("label"),
    row("Network", Kind::Lines, true, (5, 2)),
    row("PodmanArgs", Kind::Args, true, (5, 2)),
    row("Pull", Kind::Scalar, false, (5, 2)),
    row("Retry", Kind::Scalar, false, (5, 5)).flag("retry"),
    row("RetryDelay", Kind::Scalar, false, (5, 5)).flag("retry-delay"),
    row("Secret", Kind::Args, true, (5, 2)),
    row("ServiceName", Kind::Scalar, false, (5, 3)),
    row("SetWorkingDirectory", Kind::Scalar, false, (5, 2)),
    row("TLSVerify", Kind::Bool, false, (5, 2)),
    row("Target", Kind::Scalar, false, (5, 2)),
    row("Variant", Kind::Scalar, false, (5, 2)),
    row("Volume", Kind::Lines, true, (5, 2)),
];

const CONTAINER: &[KeyInfo] = &[
    row("AddCapability", Kind::Strv, true, (4, 4)),
    row("AddDevice", Kind::Strv, true, (4, 4)),
    row("AddHost", Kind::Lines, true, (5, 3)).flag("add-host"),
    row("Annotation", Kind::KeyVal, true, (4, 4)),
    row("AppArmor", Kind::Scalar, false, (5, 8)),
    row("AutoUpdate", Kind::Scalar, false, (4, 6)),
    row("CgroupsMode", Kind::Scalar, false, (5, 3)),
    row("ContainerName", Kind::Scalar, false, (4, 4)),
    row("ContainersConfModule", Kind::Lines, true, (4, 8)),
    row("DNS", Kind::Lines, true, (4, 7)).flag("dns"),
    row("DNSOption", Kind::Lines, true, (4, 7)),
    row("DNSSearch", Kind::Lines, true, (4, 7)),
    row("DropCapability", Kind::Strv, true, (4, 4)),
    row("Entrypoint", Kind::Scalar, false, (5, 0)).flag("entrypoint"),
    row("Environment", Kind::KeyVal, true, (4, 4)),
    row("EnvironmentFile", Kind::Args, true, (4, 4)),
    row("EnvironmentHost", Kind::Bool, false, (4, 4)),
    row("Exec", Kind::LastArgs, false, (4, 4)),
    row("ExposeHostPort", Kind::Lines, true, (4, 4)),
    row("GIDMap", Kind::Strv, true, (4, 8)),
    row("GlobalArgs", Kind::Args, true, (4, 8)),
    row("Group", Kind::Scalar, false, (4, 4)),
    row("GroupAdd", Kind::Lines, true, (5, 1)),
    row("HealthCmd", Kind::Scalar, false, (4, 5)),
    row("HealthInterval", Kind::Scalar, false, (4, 5)),
    row("HealthLogDestination", Kind::Scalar, false, (5, 3)),
    row("HealthMaxLogCount", Kind::Scalar, false, (5, 3)),
    row("HealthMaxLogSize", Kind::Scalar, false, (5, 3)),
    row("HealthOnFailure", Kind::Scalar, false, (4, 5)),
    row("HealthRetries", Kind::Scalar, false, (4, 5)),
    row("HealthStartPeriod", Kind::Scalar, false, (4, 5)),
    row("HealthStartupCmd", Kind::Scalar, false, (4, 5)),
    row("HealthStartupInterval", Kind::Scalar, false, (4, 5)),
    row("HealthStartupRetries", Kind::Scalar, false, (4, 5)),
    row("HealthStartupSuccess", Kind::Scalar, false, (4, 5)),
    row("HealthStartupTimeout", Kind::Scalar, false, (4, 5)),
    row("HealthTimeout", Kind::Scalar, false, (4, 5)),
    row("HostName", Kind::Scalar, false, (4, 6)).flag("hostname"),
    row("HttpProxy", Kind::Bool, false, (5, 7)),
    row("IP", Kind::Scalar, false, (4, 5)),
    row("IP6", Kind::Scalar, false, (4, 5)),
    row("Image", Kind::Scalar, false, (4, 4)),
    row("Label", Kind::KeyVal, true, (4, 4)).flag("label"),
    row("LogDriver", Kind::Scalar, false, (4, 5)),
    row("LogOpt", Kind::Strv, true, (5, 2)),
    row("Mask", Kind::Args, true, (4, 6)),
    row("Memory", Kind::Scalar, false, (5, 5)).flag("memory"),
    row("Mount", Kind::Args, true, (4, 5)),
    row("Network", Kind::Lines, true, (4, 4)),
    row("NetworkAlias", Kind::Lines, true, (5, 2)).flag("network-alias"),
    row("NoNewPrivileges", Kind::Bool, false, (4, 4)),
    row("Notify", Kind::Scalar, false, (4, 4)),
    row("PidsLimit", Kind::Scalar, false, (4, 7)).flag("pids-limit"),
    row("Pod", Kind::Scalar, false, (5, 0)),
    row("PodmanArgs", Kind::Args, true, (4, 4)),
    row("PublishPort", Kind::Lines, true, (4, 4)),
    row("Pull", Kind::Scalar, false, (4, 6)),
    row("ReadOnly", Kind::Bool, false, (4, 4)),
    row("ReadOnlyTmpfs", Kind::Bool, false, (4, 8)),
    row("ReloadCmd", Kind::LastArgs, false, (5, 5)),
    row("ReloadSignal", Kind::Scalar, false, (5, 5)),
    row("RemapGid", Kind::Strv, true, (4, 4)),
    row("RemapUid", Kind::Strv, true, (4, 4)),
    row("RemapUidSize", Kind::Scalar, false, (4, 4)),
    row("RemapUsers", Kind::Scalar, false, (4, 4)),
    row("Retry", Kind::Scalar, false, (5, 5)).flag("retry"),
    row("RetryDelay", Kind::Scalar, false, (5, 5)).flag("retry-delay"),
    row("Rootfs", Kind::Scalar, false, (4, 5)),
    row("RunInit", Kind::Bool, false, (4, 4)),
    row("SeccompProfile", Kind::Scalar, false, (4, 4)),
    row("Secret", Kind::Args, true, (4, 5)),
    row("SecurityLabelDisable", Kind::Bool, false, (4, 5)),
    row("SecurityLabelFileType", Kind::Scalar, false, (4, 5)),
    row("SecurityLabelLevel", Kind::Scalar, false, (4, 5)),
    row("SecurityLabelNested", Kind::Bool, false, (4, 6)),
    row("SecurityLabelType", Kind::Scalar, false, (4, 5)),
    row("ServiceName", Kind::Scalar, false, (5, 3)),
    row("ShmSize", Kind::Scalar, false, (4, 7)).flag("shm-size"),
    row("StartWithPod", Kind::Bool, false, (5, 3)),
    row("StopSignal", Kind::Scalar, false, (5, 2)),
    row("StopTimeout", Kind::Scalar, false, (5, 0)).flag("stop-timeout"),
    row("SubGIDMap", Kind::Scalar, false, (4, 8)),
    row("SubUIDMap", Kind::Scalar, false, (4, 8)),
    row("Sysctl", Kind::Strv, true, (4, 6)),
    row("Timezone", Kind::Scalar, false, (4, 4)),
    row("Tmpfs", Kind::Lines, true, (4, 5)),
    row("UIDMap", Kind::Strv, true, (4, 8)),
    row("Ulimit", Kind::Lines, true, (4, 7)),
    row("Unmask", Kind::Args, true, (4, 6)),
    row("User", Kind::Scalar, false, (4, 4)),
    row("UserNS", Kind::Scalar, false, (4, 5)),
    row("VolatileTmp", Kind::Bool, false, (4, 4)),
    row("Volume", Kind::Lines, true, (4, 4)),
    row("WorkingDir", Kind::Scalar, false, (4, 6)),
];

const IMAGE: &[KeyInfo] = &[
    row("AllTags", Kind::Bool, false, (4, 8)),
    row("Arch", Kind::Scalar, false, (4, 8)),
    row("AuthFile", Kind::Scalar, false, (4, 8)),
    row("CertDir", Kind::Scalar, false, (4, 8)),
    row("ContainersConfModule", Kind::Lines, true, (4, 8)),
    row("Creds", Kind::Scalar, false, (4, 8)),
    row("DecryptionKey", Kind::Scalar, false, (4, 8)),
    row("GlobalArgs", Kind::Args, true, (4, 8)),
    row("Image", Kind::Scalar, false, (4, 8)),
    row("ImageTag", Kind::Scalar, false, (4, 8)),
    row("OS", Kind::Scalar, false, (4, 8)),
    row("PodmanArgs", Kind::Args, true, (4, 8)),
    row("Policy", Kind::Scalar, false, (5, 6)),
    row("Retry", Kind::Scalar, false, (5, 5)).flag("retry"),
    row("RetryDelay", Kind::Scalar, false, (5, 5)).flag("retry-delay"),
    row("ServiceName", Kind::Scalar, false, (5, 3)),
    row("TLSVerify", Kind::Bool, false, (4, 8)),
    row("Variant", Kind::Scalar, false, (4, 8)),
];

const KUBE: &[KeyInfo] = &[
    row("AutoUpdate", Kind::Strv, true, (4, 7)),
    row("ConfigMap", Kind::Strv, true, (4, 4)),
    row("ContainersConfModule", Kind::Lines, true, (4, 8)),
    row("ExitCodePropagation", Kind::Scalar, false, (4, 6)),
    row("GlobalArgs", Kind::Args, true, (4, 8)),
    row("KubeDownForce", Kind::Bool, false, (4, 8)),
    row("LogDriver", Kind::Scalar, false, (4, 5)),
    row("LogOpt", Kind::Strv, true, (5, 2)),
    row("Network", Kind::Lines, true, (4, 4)),
    row("PodmanArgs", Kind::Args, true, (4, 6)),
    row("PublishPort", Kind::Lines, true, (4, 4)),
    row("RemapGid", Kind::Strv, true, (4, 4)),
    row("RemapUid", Kind::Strv, true, (4, 4)),
    row("RemapUidSize", Kind::Scalar, false, (4, 4)),
    row("RemapUsers", Kind::Scalar, false, (4, 4)),
    row("ServiceName", Kind::Scalar, false, (5, 3)),
    row("SetWorkingDirectory", Kind::Scalar, false, (4, 7)),
    row("UserNS", Kind::Scalar, false, (4, 5)),
    row("Yaml", Kind::File, true, (4, 4)),
];

const NETWORK: &[KeyInfo] = &[
    row("ContainersConfModule", Kind::Lines, true, (4, 8)),
    row("DNS", Kind::Lines, true, (4, 7)).flag("dns"),
    row("DisableDNS", Kind::Bool, false, (4, 4)),
    row("Driver", Kind::Scalar, false, (4, 4)),
    row("Gateway", Kind::Lines, true, (4, 4)),
    row("GlobalArgs", Kind::Args, true, (4, 8)),
    row("IPAMDriver", Kind::Scalar, false, (4, 4)),
    row("IPRange", Kind::Lines, true, (4, 4)),
    row("IPv6", Kind::Bool, false, (4, 4)),
    row("InterfaceName", Kind::Scalar, false, (5, 6)).flag("interface-name"),
    row("Internal", Kind::Bool, false, (4, 4)),
    row("Label", Kind::KeyVal, true, (4, 4)).flag("label"),
    row("NetworkDeleteOnStop", Kind::Bool, false, (5, 5)),
    row("NetworkName", Kind::Scalar, false, (4, 7)),
    row("Options", Kind::KeyVal, true, (4, 4)),
    row("PodmanArgs", Kind::Args, true, (4, 6)),
    row("ServiceName", Kind::Scalar, false, (5, 3)),
    row("Subnet", Kind::Lines, true, (4, 4)),
];

const POD: &[KeyInfo] = &[
    row("AddHost", Kind::Lines, true, (5, 3)).flag("add-host"),
    row("ContainersConfModule", Kind::Lines, true, (5, 0)),
    row("DNS", Kind::Lines, true, (5, 3)).flag("dns"),
    row("DNSOption", Kind::Lines, true, (5, 3)),
    row("DNSSearch", Kind::Lines, true, (5, 3)),
    row("ExitPolicy", Kind::Scalar, false, (5, 6)),
    row("GIDMap", Kind::Strv, true, (5, 3)),
    row("GlobalArgs", Kind::Args, true, (5, 0)),
    row("HostName", Kind::Lines, true, (5, 5)).flag("hostname"),
    row("IP", Kind::Scalar, false, (5, 3)),
    row("IP6", Kind::Scalar, false, (5, 3)),
    row("Label", Kind::KeyVal, true, (5, 6)).flag("label"),
    row("Network", Kind::Lines, true, (5, 0)),
    row("NetworkAlias", Kind::Lines, true, (5, 2)).flag("network-alias"),
    row("PodName", Kind::Scalar, false, (5, 0)),
    row("PodmanArgs", Kind::Args, true, (5, 0)),
    row("PublishPort", Kind::Lines, true, (5, 0)),
    row("RemapGid", Kind::Strv, true, (5, 3)),
    row("RemapUid", Kind::Strv, true, (5, 3)),
    row("RemapUidSize", Kind::Scalar, false, (5, 3)),
    row("RemapUsers", Kind::Scalar, false, (5, 3)),
    row("ServiceName", Kind::Scalar, false, (5, 3)),
    row("ShmSize", Kind::Scalar, false, (5, 4)).flag("shm-size"),
    row("StopTimeout", Kind::Scalar, false, (5, 7)).flag("stop-timeout"),
    row("SubGIDMap", Kind::Scalar, false, (5, 3)),
    row("SubUIDMap", Kind::Scalar, false, (5, 3)),
    row("UIDMap", Kind::Strv, true, (5, 3)),
    row("UserNS", Kind::Scalar, false, (5, 3)),
    row("Volume", Kind::Lines, true, (5, 0)),
];

const QUADLET: &[KeyInfo] = &[row("DefaultDependencies", Kind::Bool, false, (5, 3))];

const VOLUME: &[KeyInfo] = &[
    row("ContainersConfModule", Kind::Lines, true, (4, 8)),
    row("Copy", Kind::Bool, false, (4, 4)),
    row("Device", Kind::Scalar, false, (4, 4)),
    row("Driver", Kind::Scalar, false, (4, 8)),
    row("GID", Kind::Scalar, false, (6, 0)),
    row("GlobalArgs", Kind::Args, true, (4, 8)),
    row("Group", Kind::Number, false, (4, 4)),
    row("Image", Kind::Scalar, false, (4, 8)),
    row("Label", Kind::KeyVal, true, (4, 4)).flag("label"),
    row("Options", Kind::Scalar, false, (4, 4)),
    row("PodmanArgs", Kind::Args, true, (4, 6)),
    row("ServiceName", Kind::Scalar, false, (5, 3)),
    row("Type", Kind::Scalar, false, (4, 4)),
    row("UID", Kind::Scalar, false, (6, 0)),
    row("User", Kind::Number, false, (4, 4)),
    row("VolumeName", Kind::Scalar, false, (4, 7)),
];

#[cfg(test)]
mod tests {
    use super::{SECTIONS, find, keys, said_by};

    #[test]
    fn the_tables_are_sorted() {
        for (section, keys) in SECTIONS {
            assert!(!keys.is_empty() && keys.is_sorted_by(|a, b| a.name < b.name), "{section}");
        }
    }

    #[test]
    fn a_key_is_found_by_its_name_and_by_its_argument() {
        let key = key!("Container", "PidsLimit");
        assert_eq!(
            (key.section, key.info.name, key.info.since),
            ("Container", "PidsLimit", (4, 7))
        );
        assert_eq!(said_by("Container", "memory").map(|it| it.name), Some("Memory"));
        assert!(said_by("Container", "dns").is_none(), "each of several is one");
        assert!(find("Container", "Pidslimit").is_none() && keys("Elsewhere").is_empty());
    }
}
