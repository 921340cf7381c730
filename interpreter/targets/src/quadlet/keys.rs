//! Quadlet's keys by section: how each value is read, and the Podman version that first knew it.
//!
//! source: github.com/containers/podman, `pkg/systemd/quadlet/quadlet.go`
//! version: 4.4.0 to 6.0-dev
//! licence: Apache-2.0; facts alone are taken over
//! made-by: hand, for a kind is nowhere said as data; `interpreter/tests/peers/quadlet_keys.rs` holds it against
//! Podman's own generator

use super::sections::{INSTALL, SERVICE, TIMER, UNIT};
use super::spelling::QuadletKind;

/// One key of a section.
#[derive(Clone, Copy, Debug)]
pub struct KeyInfo {
    pub name: &'static str,
    pub kind: QuadletKind,
    pub repeatable: bool,
    /// Major and minor version.
    pub since: (u16, u16),
    /// The argument of `podman` that says the same to a version that does not know the key.
    pub flag: Option<&'static str>,
}

const fn row(
    name: &'static str,
    kind: QuadletKind,
    repeatable: bool,
    since: (u16, u16),
) -> KeyInfo {
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
pub struct QuadletKey {
    pub section: &'static str,
    pub info: KeyInfo,
}

/// A key of a section by its name, looked up while this is compiled.
macro_rules! key {
    ($section:expr, $name:literal) => {
        const { $crate::quadlet::keys::QuadletKey::known($section, $name) }
    };
}
pub(crate) use key;

impl QuadletKey {
    /// ```
    /// use qg_targets::quadlet::keys::QuadletKey;
    /// const KNOWN: QuadletKey = QuadletKey::known("Container", "PidsLimit");
    /// ```
    ///
    /// ```compile_fail,E0080
    /// use qg_targets::quadlet::keys::QuadletKey;
    /// const UNKNOWN: QuadletKey = QuadletKey::known("Container", "PidLimit");
    /// # assert_eq!(UNKNOWN.section, "Container");
    /// ```
    ///
    /// # Panics
    /// While it is compiled, where no table has the key.
    #[must_use]
    #[doc(hidden)]
    pub const fn known(section: &'static str, name: &str) -> QuadletKey {
        let (mut of, mut at) = (0, 0);
        while of < SECTIONS.len() {
            let (known, keys) = SECTIONS[of];
            if same(known, section) {
                while at < keys.len() {
                    if same(keys[at].name, name) {
                        return QuadletKey { section, info: keys[at] };
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
    ("Timer", TIMER),
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
    row("Artifact", QuadletKind::Scalar, false, (5, 7)),
    row("AuthFile", QuadletKind::Scalar, false, (5, 7)),
    row("CertDir", QuadletKind::Scalar, false, (5, 7)),
    row("ContainersConfModule", QuadletKind::Lines, true, (5, 7)),
    row("Creds", QuadletKind::Scalar, false, (5, 7)),
    row("DecryptionKey", QuadletKind::Scalar, false, (5, 7)),
    row("GlobalArgs", QuadletKind::Args, true, (5, 7)),
    row("PodmanArgs", QuadletKind::Args, true, (5, 7)),
    row("Quiet", QuadletKind::Bool, false, (5, 7)),
    row("Retry", QuadletKind::Scalar, false, (5, 7)).flag("retry"),
    row("RetryDelay", QuadletKind::Scalar, false, (5, 7)).flag("retry-delay"),
    row("ServiceName", QuadletKind::Scalar, false, (5, 7)),
    row("TLSVerify", QuadletKind::Bool, false, (5, 7)),
];

const BUILD: &[KeyInfo] = &[
    row("Annotation", QuadletKind::KeyVal, true, (5, 2)),
    row("Arch", QuadletKind::Scalar, false, (5, 2)),
    row("AuthFile", QuadletKind::Scalar, false, (5, 2)),
    row("BuildArg", QuadletKind::KeyVal, true, (5, 7)).flag("build-arg"),
    row("ContainersConfModule", QuadletKind::Lines, true, (5, 2)),
    row("DNS", QuadletKind::Lines, true, (5, 2)).flag("dns"),
    row("DNSOption", QuadletKind::Lines, true, (5, 2)),
    row("DNSSearch", QuadletKind::Lines, true, (5, 2)),
    row("Environment", QuadletKind::KeyVal, true, (5, 2)),
    row("File", QuadletKind::Scalar, false, (5, 2)),
    row("ForceRM", QuadletKind::Bool, false, (5, 2)),
    row("GlobalArgs", QuadletKind::Args, true, (5, 2)),
    row("GroupAdd", QuadletKind::Lines, true, (5, 2)),
    row("IgnoreFile", QuadletKind::Scalar, false, (5, 7)),
    row("ImageTag", QuadletKind::Lines, true, (5, 2)),
    row("Label", QuadletKind::KeyVal, true, (5, 2)).flag("label"),
    row("Network", QuadletKind::Lines, true, (5, 2)),
    row("PodmanArgs", QuadletKind::Args, true, (5, 2)),
    row("Pull", QuadletKind::Scalar, false, (5, 2)),
    row("Retry", QuadletKind::Scalar, false, (5, 5)).flag("retry"),
    row("RetryDelay", QuadletKind::Scalar, false, (5, 5)).flag("retry-delay"),
    row("Secret", QuadletKind::Args, true, (5, 2)),
    row("ServiceName", QuadletKind::Scalar, false, (5, 3)),
    row("SetWorkingDirectory", QuadletKind::Scalar, false, (5, 2)),
    row("TLSVerify", QuadletKind::Bool, false, (5, 2)),
    row("Target", QuadletKind::Scalar, false, (5, 2)),
    row("Variant", QuadletKind::Scalar, false, (5, 2)),
    row("Volume", QuadletKind::Lines, true, (5, 2)),
];

const CONTAINER: &[KeyInfo] = &[
    row("AddCapability", QuadletKind::Strv, true, (4, 4)),
    row("AddDevice", QuadletKind::Strv, true, (4, 4)),
    row("AddHost", QuadletKind::Lines, true, (5, 3)).flag("add-host"),
    row("Annotation", QuadletKind::KeyVal, true, (4, 4)),
    row("AppArmor", QuadletKind::Scalar, false, (5, 8)),
    row("AutoUpdate", QuadletKind::Scalar, false, (4, 6)),
    row("CgroupsMode", QuadletKind::Scalar, false, (5, 3)),
    row("ContainerName", QuadletKind::Scalar, false, (4, 4)),
    row("ContainersConfModule", QuadletKind::Lines, true, (4, 8)),
    row("DNS", QuadletKind::Lines, true, (4, 7)).flag("dns"),
    row("DNSOption", QuadletKind::Lines, true, (4, 7)),
    row("DNSSearch", QuadletKind::Lines, true, (4, 7)),
    row("DropCapability", QuadletKind::Strv, true, (4, 4)),
    row("Entrypoint", QuadletKind::Scalar, false, (5, 0)).flag("entrypoint"),
    row("Environment", QuadletKind::KeyVal, true, (4, 4)),
    row("EnvironmentFile", QuadletKind::Args, true, (4, 4)),
    row("EnvironmentHost", QuadletKind::Bool, false, (4, 4)),
    row("Exec", QuadletKind::LastArgs, false, (4, 4)),
    row("ExposeHostPort", QuadletKind::Lines, true, (4, 4)),
    row("GIDMap", QuadletKind::Strv, true, (4, 8)),
    row("GlobalArgs", QuadletKind::Args, true, (4, 8)),
    row("Group", QuadletKind::Scalar, false, (4, 4)),
    row("GroupAdd", QuadletKind::Lines, true, (5, 1)),
    row("HealthCmd", QuadletKind::Scalar, false, (4, 5)),
    row("HealthInterval", QuadletKind::Scalar, false, (4, 5)),
    row("HealthLogDestination", QuadletKind::Scalar, false, (5, 3)),
    row("HealthMaxLogCount", QuadletKind::Scalar, false, (5, 3)),
    row("HealthMaxLogSize", QuadletKind::Scalar, false, (5, 3)),
    row("HealthOnFailure", QuadletKind::Scalar, false, (4, 5)),
    row("HealthRetries", QuadletKind::Scalar, false, (4, 5)),
    row("HealthStartPeriod", QuadletKind::Scalar, false, (4, 5)),
    row("HealthStartupCmd", QuadletKind::Scalar, false, (4, 5)),
    row("HealthStartupInterval", QuadletKind::Scalar, false, (4, 5)),
    row("HealthStartupRetries", QuadletKind::Scalar, false, (4, 5)),
    row("HealthStartupSuccess", QuadletKind::Scalar, false, (4, 5)),
    row("HealthStartupTimeout", QuadletKind::Scalar, false, (4, 5)),
    row("HealthTimeout", QuadletKind::Scalar, false, (4, 5)),
    row("HostName", QuadletKind::Scalar, false, (4, 6)).flag("hostname"),
    row("HttpProxy", QuadletKind::Bool, false, (5, 7)),
    row("IP", QuadletKind::Scalar, false, (4, 5)),
    row("IP6", QuadletKind::Scalar, false, (4, 5)),
    row("Image", QuadletKind::Scalar, false, (4, 4)),
    row("Label", QuadletKind::KeyVal, true, (4, 4)).flag("label"),
    row("LogDriver", QuadletKind::Scalar, false, (4, 5)),
    row("LogOpt", QuadletKind::Strv, true, (5, 2)),
    row("Mask", QuadletKind::Args, true, (4, 6)),
    row("Memory", QuadletKind::Scalar, false, (5, 5)).flag("memory"),
    row("Mount", QuadletKind::Args, true, (4, 5)),
    row("Network", QuadletKind::Lines, true, (4, 4)),
    row("NetworkAlias", QuadletKind::Lines, true, (5, 2)).flag("network-alias"),
    row("NoNewPrivileges", QuadletKind::Bool, false, (4, 4)),
    row("Notify", QuadletKind::Scalar, false, (4, 4)),
    row("PidsLimit", QuadletKind::Scalar, false, (4, 7)).flag("pids-limit"),
    row("Pod", QuadletKind::Scalar, false, (5, 0)),
    row("PodmanArgs", QuadletKind::Args, true, (4, 4)),
    row("PublishPort", QuadletKind::Lines, true, (4, 4)),
    row("Pull", QuadletKind::Scalar, false, (4, 6)),
    row("ReadOnly", QuadletKind::Bool, false, (4, 4)),
    row("ReadOnlyTmpfs", QuadletKind::Bool, false, (4, 8)),
    row("ReloadCmd", QuadletKind::LastArgs, false, (5, 5)),
    row("ReloadSignal", QuadletKind::Scalar, false, (5, 5)),
    row("RemapGid", QuadletKind::Strv, true, (4, 4)),
    row("RemapUid", QuadletKind::Strv, true, (4, 4)),
    row("RemapUidSize", QuadletKind::Scalar, false, (4, 4)),
    row("RemapUsers", QuadletKind::Scalar, false, (4, 4)),
    row("Retry", QuadletKind::Scalar, false, (5, 5)).flag("retry"),
    row("RetryDelay", QuadletKind::Scalar, false, (5, 5)).flag("retry-delay"),
    row("Rootfs", QuadletKind::Scalar, false, (4, 5)),
    row("RunInit", QuadletKind::Bool, false, (4, 4)),
    row("SeccompProfile", QuadletKind::Scalar, false, (4, 4)),
    row("Secret", QuadletKind::Args, true, (4, 5)),
    row("SecurityLabelDisable", QuadletKind::Bool, false, (4, 5)),
    row("SecurityLabelFileType", QuadletKind::Scalar, false, (4, 5)),
    row("SecurityLabelLevel", QuadletKind::Scalar, false, (4, 5)),
    row("SecurityLabelNested", QuadletKind::Bool, false, (4, 6)),
    row("SecurityLabelType", QuadletKind::Scalar, false, (4, 5)),
    row("ServiceName", QuadletKind::Scalar, false, (5, 3)),
    row("ShmSize", QuadletKind::Scalar, false, (4, 7)).flag("shm-size"),
    row("StartWithPod", QuadletKind::Bool, false, (5, 3)),
    row("StopSignal", QuadletKind::Scalar, false, (5, 2)),
    row("StopTimeout", QuadletKind::Scalar, false, (5, 0)).flag("stop-timeout"),
    row("SubGIDMap", QuadletKind::Scalar, false, (4, 8)),
    row("SubUIDMap", QuadletKind::Scalar, false, (4, 8)),
    row("Sysctl", QuadletKind::Strv, true, (4, 6)),
    row("Timezone", QuadletKind::Scalar, false, (4, 4)),
    row("Tmpfs", QuadletKind::Lines, true, (4, 5)),
    row("UIDMap", QuadletKind::Strv, true, (4, 8)),
    row("Ulimit", QuadletKind::Lines, true, (4, 7)),
    row("Unmask", QuadletKind::Args, true, (4, 6)),
    row("User", QuadletKind::Scalar, false, (4, 4)),
    row("UserNS", QuadletKind::Scalar, false, (4, 5)),
    row("VolatileTmp", QuadletKind::Bool, false, (4, 4)),
    row("Volume", QuadletKind::Lines, true, (4, 4)),
    row("WorkingDir", QuadletKind::Scalar, false, (4, 6)),
];

const IMAGE: &[KeyInfo] = &[
    row("AllTags", QuadletKind::Bool, false, (4, 8)),
    row("Arch", QuadletKind::Scalar, false, (4, 8)),
    row("AuthFile", QuadletKind::Scalar, false, (4, 8)),
    row("CertDir", QuadletKind::Scalar, false, (4, 8)),
    row("ContainersConfModule", QuadletKind::Lines, true, (4, 8)),
    row("Creds", QuadletKind::Scalar, false, (4, 8)),
    row("DecryptionKey", QuadletKind::Scalar, false, (4, 8)),
    row("GlobalArgs", QuadletKind::Args, true, (4, 8)),
    row("Image", QuadletKind::Scalar, false, (4, 8)),
    row("ImageTag", QuadletKind::Scalar, false, (4, 8)),
    row("OS", QuadletKind::Scalar, false, (4, 8)),
    row("PodmanArgs", QuadletKind::Args, true, (4, 8)),
    row("Policy", QuadletKind::Scalar, false, (5, 6)),
    row("Retry", QuadletKind::Scalar, false, (5, 5)).flag("retry"),
    row("RetryDelay", QuadletKind::Scalar, false, (5, 5)).flag("retry-delay"),
    row("ServiceName", QuadletKind::Scalar, false, (5, 3)),
    row("TLSVerify", QuadletKind::Bool, false, (4, 8)),
    row("Variant", QuadletKind::Scalar, false, (4, 8)),
];

const KUBE: &[KeyInfo] = &[
    row("AutoUpdate", QuadletKind::Strv, true, (4, 7)),
    row("ConfigMap", QuadletKind::Strv, true, (4, 4)),
    row("ContainersConfModule", QuadletKind::Lines, true, (4, 8)),
    row("ExitCodePropagation", QuadletKind::Scalar, false, (4, 6)),
    row("GlobalArgs", QuadletKind::Args, true, (4, 8)),
    row("KubeDownForce", QuadletKind::Bool, false, (4, 8)),
    row("LogDriver", QuadletKind::Scalar, false, (4, 5)),
    row("LogOpt", QuadletKind::Strv, true, (5, 2)),
    row("Network", QuadletKind::Lines, true, (4, 4)),
    row("PodmanArgs", QuadletKind::Args, true, (4, 6)),
    row("PublishPort", QuadletKind::Lines, true, (4, 4)),
    row("RemapGid", QuadletKind::Strv, true, (4, 4)),
    row("RemapUid", QuadletKind::Strv, true, (4, 4)),
    row("RemapUidSize", QuadletKind::Scalar, false, (4, 4)),
    row("RemapUsers", QuadletKind::Scalar, false, (4, 4)),
    row("ServiceName", QuadletKind::Scalar, false, (5, 3)),
    row("SetWorkingDirectory", QuadletKind::Scalar, false, (4, 7)),
    row("UserNS", QuadletKind::Scalar, false, (4, 5)),
    row("Yaml", QuadletKind::File, true, (4, 4)),
];

const NETWORK: &[KeyInfo] = &[
    row("ContainersConfModule", QuadletKind::Lines, true, (4, 8)),
    row("DNS", QuadletKind::Lines, true, (4, 7)).flag("dns"),
    row("DisableDNS", QuadletKind::Bool, false, (4, 4)),
    row("Driver", QuadletKind::Scalar, false, (4, 4)),
    row("Gateway", QuadletKind::Lines, true, (4, 4)),
    row("GlobalArgs", QuadletKind::Args, true, (4, 8)),
    row("IPAMDriver", QuadletKind::Scalar, false, (4, 4)),
    row("IPRange", QuadletKind::Lines, true, (4, 4)),
    row("IPv6", QuadletKind::Bool, false, (4, 4)),
    row("InterfaceName", QuadletKind::Scalar, false, (5, 6)).flag("interface-name"),
    row("Internal", QuadletKind::Bool, false, (4, 4)),
    row("Label", QuadletKind::KeyVal, true, (4, 4)).flag("label"),
    row("NetworkDeleteOnStop", QuadletKind::Bool, false, (5, 5)),
    row("NetworkName", QuadletKind::Scalar, false, (4, 7)),
    row("Options", QuadletKind::KeyVal, true, (4, 4)),
    row("PodmanArgs", QuadletKind::Args, true, (4, 6)),
    row("ServiceName", QuadletKind::Scalar, false, (5, 3)),
    row("Subnet", QuadletKind::Lines, true, (4, 4)),
];

const POD: &[KeyInfo] = &[
    row("AddHost", QuadletKind::Lines, true, (5, 3)).flag("add-host"),
    row("ContainersConfModule", QuadletKind::Lines, true, (5, 0)),
    row("DNS", QuadletKind::Lines, true, (5, 3)).flag("dns"),
    row("DNSOption", QuadletKind::Lines, true, (5, 3)),
    row("DNSSearch", QuadletKind::Lines, true, (5, 3)),
    row("ExitPolicy", QuadletKind::Scalar, false, (5, 6)),
    row("GIDMap", QuadletKind::Strv, true, (5, 3)),
    row("GlobalArgs", QuadletKind::Args, true, (5, 0)),
    row("HostName", QuadletKind::Lines, true, (5, 5)).flag("hostname"),
    row("IP", QuadletKind::Scalar, false, (5, 3)),
    row("IP6", QuadletKind::Scalar, false, (5, 3)),
    row("Label", QuadletKind::KeyVal, true, (5, 6)).flag("label"),
    row("Network", QuadletKind::Lines, true, (5, 0)),
    row("NetworkAlias", QuadletKind::Lines, true, (5, 2)).flag("network-alias"),
    row("PodName", QuadletKind::Scalar, false, (5, 0)),
    row("PodmanArgs", QuadletKind::Args, true, (5, 0)),
    row("PublishPort", QuadletKind::Lines, true, (5, 0)),
    row("RemapGid", QuadletKind::Strv, true, (5, 3)),
    row("RemapUid", QuadletKind::Strv, true, (5, 3)),
    row("RemapUidSize", QuadletKind::Scalar, false, (5, 3)),
    row("RemapUsers", QuadletKind::Scalar, false, (5, 3)),
    row("ServiceName", QuadletKind::Scalar, false, (5, 3)),
    row("ShmSize", QuadletKind::Scalar, false, (5, 4)).flag("shm-size"),
    row("StopTimeout", QuadletKind::Scalar, false, (5, 7)).flag("stop-timeout"),
    row("SubGIDMap", QuadletKind::Scalar, false, (5, 3)),
    row("SubUIDMap", QuadletKind::Scalar, false, (5, 3)),
    row("UIDMap", QuadletKind::Strv, true, (5, 3)),
    row("UserNS", QuadletKind::Scalar, false, (5, 3)),
    row("Volume", QuadletKind::Lines, true, (5, 0)),
];

const QUADLET: &[KeyInfo] = &[row("DefaultDependencies", QuadletKind::Bool, false, (5, 3))];

const VOLUME: &[KeyInfo] = &[
    row("ContainersConfModule", QuadletKind::Lines, true, (4, 8)),
    row("Copy", QuadletKind::Bool, false, (4, 4)),
    row("Device", QuadletKind::Scalar, false, (4, 4)),
    row("Driver", QuadletKind::Scalar, false, (4, 8)),
    row("GID", QuadletKind::Scalar, false, (6, 0)),
    row("GlobalArgs", QuadletKind::Args, true, (4, 8)),
    row("Group", QuadletKind::Number, false, (4, 4)),
    row("Image", QuadletKind::Scalar, false, (4, 8)),
    row("Label", QuadletKind::KeyVal, true, (4, 4)).flag("label"),
    row("Options", QuadletKind::Scalar, false, (4, 4)),
    row("PodmanArgs", QuadletKind::Args, true, (4, 6)),
    row("ServiceName", QuadletKind::Scalar, false, (5, 3)),
    row("Type", QuadletKind::Scalar, false, (4, 4)),
    row("UID", QuadletKind::Scalar, false, (6, 0)),
    row("User", QuadletKind::Number, false, (4, 4)),
    row("VolumeName", QuadletKind::Scalar, false, (4, 7)),
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
