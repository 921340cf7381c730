//! Quadlet's keys by section: how each value is read, and the Podman version that first knew it.
//! Facts read off Podman's sources (`pkg/systemd/quadlet`, 4.4.0 to 6.0-dev).

use super::spelling::Kind;

/// One key of a section.
#[derive(Clone, Copy, Debug)]
pub struct KeyInfo {
    pub name: &'static str,
    pub kind: Kind,
    pub repeatable: bool,
    /// Major and minor version.
    pub since: (u16, u16),
}

const fn key(name: &'static str, kind: Kind, repeatable: bool, since: (u16, u16)) -> KeyInfo {
    KeyInfo { name, kind, repeatable, since }
}

/// The keys of a section, sorted; empty for a section that Quadlet passes on unread.
#[must_use]
pub fn keys(section: &str) -> &'static [KeyInfo] {
    match section {
        "Artifact" => ARTIFACT,
        "Build" => BUILD,
        "Container" => CONTAINER,
        "Image" => IMAGE,
        "Kube" => KUBE,
        "Network" => NETWORK,
        "Pod" => POD,
        "Quadlet" => QUADLET,
        "Volume" => VOLUME,
        _ => &[],
    }
}

/// One key of a section.
#[must_use]
pub fn find(section: &str, name: &str) -> Option<KeyInfo> {
    let keys = keys(section);
    keys.binary_search_by(|key| key.name.cmp(name)).ok().and_then(|at| keys.get(at)).copied()
}

const ARTIFACT: &[KeyInfo] = &[
    key("Artifact", Kind::Scalar, false, (5, 7)),
    key("AuthFile", Kind::Scalar, false, (5, 7)),
    key("CertDir", Kind::Scalar, false, (5, 7)),
    key("ContainersConfModule", Kind::Lines, true, (5, 7)),
    key("Creds", Kind::Scalar, false, (5, 7)),
    key("DecryptionKey", Kind::Scalar, false, (5, 7)),
    key("GlobalArgs", Kind::Args, true, (5, 7)),
    key("PodmanArgs", Kind::Args, true, (5, 7)),
    key("Quiet", Kind::Bool, false, (5, 7)),
    key("Retry", Kind::Scalar, false, (5, 7)),
    key("RetryDelay", Kind::Scalar, false, (5, 7)),
    key("ServiceName", Kind::Scalar, false, (5, 7)),
    key("TLSVerify", Kind::Bool, false, (5, 7)),
];

const BUILD: &[KeyInfo] = &[
    key("Annotation", Kind::KeyVal, true, (5, 2)),
    key("Arch", Kind::Scalar, false, (5, 2)),
    key("AuthFile", Kind::Scalar, false, (5, 2)),
    key("BuildArg", Kind::KeyVal, true, (5, 7)),
    key("ContainersConfModule", Kind::Lines, true, (5, 2)),
    key("DNS", Kind::Lines, true, (5, 2)),
    key("DNSOption", Kind::Lines, true, (5, 2)),
    key("DNSSearch", Kind::Lines, true, (5, 2)),
    key("Environment", Kind::KeyVal, true, (5, 2)),
    key("File", Kind::Scalar, false, (5, 2)),
    key("ForceRM", Kind::Bool, false, (5, 2)),
    key("GlobalArgs", Kind::Args, true, (5, 2)),
    key("GroupAdd", Kind::Lines, true, (5, 2)),
    key("IgnoreFile", Kind::Scalar, false, (5, 7)),
    key("ImageTag", Kind::Lines, true, (5, 2)),
    key("Label", Kind::KeyVal, true, (5, 2)),
    key("Network", Kind::Lines, true, (5, 2)),
    key("PodmanArgs", Kind::Args, true, (5, 2)),
    key("Pull", Kind::Scalar, false, (5, 2)),
    key("Retry", Kind::Scalar, false, (5, 5)),
    key("RetryDelay", Kind::Scalar, false, (5, 5)),
    key("Secret", Kind::Args, true, (5, 2)),
    key("ServiceName", Kind::Scalar, false, (5, 3)),
    key("SetWorkingDirectory", Kind::Scalar, false, (5, 2)),
    key("TLSVerify", Kind::Bool, false, (5, 2)),
    key("Target", Kind::Scalar, false, (5, 2)),
    key("Variant", Kind::Scalar, false, (5, 2)),
    key("Volume", Kind::Lines, true, (5, 2)),
];

const CONTAINER: &[KeyInfo] = &[
    key("AddCapability", Kind::Strv, true, (4, 4)),
    key("AddDevice", Kind::Strv, true, (4, 4)),
    key("AddHost", Kind::Lines, true, (5, 3)),
    key("Annotation", Kind::KeyVal, true, (4, 4)),
    key("AppArmor", Kind::Scalar, false, (5, 8)),
    key("AutoUpdate", Kind::Scalar, false, (4, 6)),
    key("CgroupsMode", Kind::Scalar, false, (5, 3)),
    key("ContainerName", Kind::Scalar, false, (4, 4)),
    key("ContainersConfModule", Kind::Lines, true, (4, 8)),
    key("DNS", Kind::Lines, true, (4, 7)),
    key("DNSOption", Kind::Lines, true, (4, 7)),
    key("DNSSearch", Kind::Lines, true, (4, 7)),
    key("DropCapability", Kind::Strv, true, (4, 4)),
    key("Entrypoint", Kind::Scalar, false, (5, 0)),
    key("Environment", Kind::KeyVal, true, (4, 4)),
    key("EnvironmentFile", Kind::Args, true, (4, 4)),
    key("EnvironmentHost", Kind::Bool, false, (4, 4)),
    key("Exec", Kind::LastArgs, false, (4, 4)),
    key("ExposeHostPort", Kind::Lines, true, (4, 4)),
    key("GIDMap", Kind::Strv, true, (4, 8)),
    key("GlobalArgs", Kind::Args, true, (4, 8)),
    key("Group", Kind::Scalar, false, (4, 4)),
    key("GroupAdd", Kind::Lines, true, (5, 1)),
    key("HealthCmd", Kind::Scalar, false, (4, 5)),
    key("HealthInterval", Kind::Scalar, false, (4, 5)),
    key("HealthLogDestination", Kind::Scalar, false, (5, 3)),
    key("HealthMaxLogCount", Kind::Scalar, false, (5, 3)),
    key("HealthMaxLogSize", Kind::Scalar, false, (5, 3)),
    key("HealthOnFailure", Kind::Scalar, false, (4, 5)),
    key("HealthRetries", Kind::Scalar, false, (4, 5)),
    key("HealthStartPeriod", Kind::Scalar, false, (4, 5)),
    key("HealthStartupCmd", Kind::Scalar, false, (4, 5)),
    key("HealthStartupInterval", Kind::Scalar, false, (4, 5)),
    key("HealthStartupRetries", Kind::Scalar, false, (4, 5)),
    key("HealthStartupSuccess", Kind::Scalar, false, (4, 5)),
    key("HealthStartupTimeout", Kind::Scalar, false, (4, 5)),
    key("HealthTimeout", Kind::Scalar, false, (4, 5)),
    key("HostName", Kind::Scalar, false, (4, 6)),
    key("HttpProxy", Kind::Bool, false, (5, 7)),
    key("IP", Kind::Scalar, false, (4, 5)),
    key("IP6", Kind::Scalar, false, (4, 5)),
    key("Image", Kind::Scalar, false, (4, 4)),
    key("Label", Kind::KeyVal, true, (4, 4)),
    key("LogDriver", Kind::Scalar, false, (4, 5)),
    key("LogOpt", Kind::Strv, true, (5, 2)),
    key("Mask", Kind::Args, true, (4, 6)),
    key("Memory", Kind::Scalar, false, (5, 5)),
    key("Mount", Kind::Args, true, (4, 5)),
    key("Network", Kind::Lines, true, (4, 4)),
    key("NetworkAlias", Kind::Lines, true, (5, 2)),
    key("NoNewPrivileges", Kind::Bool, false, (4, 4)),
    key("Notify", Kind::Scalar, false, (4, 4)),
    key("PidsLimit", Kind::Scalar, false, (4, 7)),
    key("Pod", Kind::Scalar, false, (5, 0)),
    key("PodmanArgs", Kind::Args, true, (4, 4)),
    key("PublishPort", Kind::Lines, true, (4, 4)),
    key("Pull", Kind::Scalar, false, (4, 6)),
    key("ReadOnly", Kind::Bool, false, (4, 4)),
    key("ReadOnlyTmpfs", Kind::Bool, false, (4, 8)),
    key("ReloadCmd", Kind::LastArgs, false, (5, 5)),
    key("ReloadSignal", Kind::Scalar, false, (5, 5)),
    key("RemapGid", Kind::Strv, true, (4, 4)),
    key("RemapUid", Kind::Strv, true, (4, 4)),
    key("RemapUidSize", Kind::Scalar, false, (4, 4)),
    key("RemapUsers", Kind::Scalar, false, (4, 4)),
    key("Retry", Kind::Scalar, false, (5, 5)),
    key("RetryDelay", Kind::Scalar, false, (5, 5)),
    key("Rootfs", Kind::Scalar, false, (4, 5)),
    key("RunInit", Kind::Bool, false, (4, 4)),
    key("SeccompProfile", Kind::Scalar, false, (4, 4)),
    key("Secret", Kind::Args, true, (4, 5)),
    key("SecurityLabelDisable", Kind::Bool, false, (4, 5)),
    key("SecurityLabelFileType", Kind::Scalar, false, (4, 5)),
    key("SecurityLabelLevel", Kind::Scalar, false, (4, 5)),
    key("SecurityLabelNested", Kind::Bool, false, (4, 6)),
    key("SecurityLabelType", Kind::Scalar, false, (4, 5)),
    key("ServiceName", Kind::Scalar, false, (5, 3)),
    key("ShmSize", Kind::Scalar, false, (4, 7)),
    key("StartWithPod", Kind::Bool, false, (5, 3)),
    key("StopSignal", Kind::Scalar, false, (5, 2)),
    key("StopTimeout", Kind::Scalar, false, (5, 0)),
    key("SubGIDMap", Kind::Scalar, false, (4, 8)),
    key("SubUIDMap", Kind::Scalar, false, (4, 8)),
    key("Sysctl", Kind::Strv, true, (4, 6)),
    key("Timezone", Kind::Scalar, false, (4, 4)),
    key("Tmpfs", Kind::Lines, true, (4, 5)),
    key("UIDMap", Kind::Strv, true, (4, 8)),
    key("Ulimit", Kind::Lines, true, (4, 7)),
    key("Unmask", Kind::Args, true, (4, 6)),
    key("User", Kind::Scalar, false, (4, 4)),
    key("UserNS", Kind::Scalar, false, (4, 5)),
    key("VolatileTmp", Kind::Bool, false, (4, 4)),
    key("Volume", Kind::Lines, true, (4, 4)),
    key("WorkingDir", Kind::Scalar, false, (4, 6)),
];

const IMAGE: &[KeyInfo] = &[
    key("AllTags", Kind::Bool, false, (4, 8)),
    key("Arch", Kind::Scalar, false, (4, 8)),
    key("AuthFile", Kind::Scalar, false, (4, 8)),
    key("CertDir", Kind::Scalar, false, (4, 8)),
    key("ContainersConfModule", Kind::Lines, true, (4, 8)),
    key("Creds", Kind::Scalar, false, (4, 8)),
    key("DecryptionKey", Kind::Scalar, false, (4, 8)),
    key("GlobalArgs", Kind::Args, true, (4, 8)),
    key("Image", Kind::Scalar, false, (4, 8)),
    key("ImageTag", Kind::Scalar, false, (4, 8)),
    key("OS", Kind::Scalar, false, (4, 8)),
    key("PodmanArgs", Kind::Args, true, (4, 8)),
    key("Policy", Kind::Scalar, false, (5, 6)),
    key("Retry", Kind::Scalar, false, (5, 5)),
    key("RetryDelay", Kind::Scalar, false, (5, 5)),
    key("ServiceName", Kind::Scalar, false, (5, 3)),
    key("TLSVerify", Kind::Bool, false, (4, 8)),
    key("Variant", Kind::Scalar, false, (4, 8)),
];

const KUBE: &[KeyInfo] = &[
    key("AutoUpdate", Kind::Strv, true, (4, 7)),
    key("ConfigMap", Kind::Strv, true, (4, 4)),
    key("ContainersConfModule", Kind::Lines, true, (4, 8)),
    key("ExitCodePropagation", Kind::Scalar, false, (4, 6)),
    key("GlobalArgs", Kind::Args, true, (4, 8)),
    key("KubeDownForce", Kind::Bool, false, (4, 8)),
    key("LogDriver", Kind::Scalar, false, (4, 5)),
    key("LogOpt", Kind::Strv, true, (5, 2)),
    key("Network", Kind::Lines, true, (4, 4)),
    key("PodmanArgs", Kind::Args, true, (4, 6)),
    key("PublishPort", Kind::Lines, true, (4, 4)),
    key("RemapGid", Kind::Strv, true, (4, 4)),
    key("RemapUid", Kind::Strv, true, (4, 4)),
    key("RemapUidSize", Kind::Scalar, false, (4, 4)),
    key("RemapUsers", Kind::Scalar, false, (4, 4)),
    key("ServiceName", Kind::Scalar, false, (5, 3)),
    key("SetWorkingDirectory", Kind::Scalar, false, (4, 7)),
    key("UserNS", Kind::Scalar, false, (4, 5)),
    key("Yaml", Kind::File, true, (4, 4)),
];

const NETWORK: &[KeyInfo] = &[
    key("ContainersConfModule", Kind::Lines, true, (4, 8)),
    key("DNS", Kind::Lines, true, (4, 7)),
    key("DisableDNS", Kind::Bool, false, (4, 4)),
    key("Driver", Kind::Scalar, false, (4, 4)),
    key("Gateway", Kind::Lines, true, (4, 4)),
    key("GlobalArgs", Kind::Args, true, (4, 8)),
    key("IPAMDriver", Kind::Scalar, false, (4, 4)),
    key("IPRange", Kind::Lines, true, (4, 4)),
    key("IPv6", Kind::Bool, false, (4, 4)),
    key("InterfaceName", Kind::Scalar, false, (5, 6)),
    key("Internal", Kind::Bool, false, (4, 4)),
    key("Label", Kind::KeyVal, true, (4, 4)),
    key("NetworkDeleteOnStop", Kind::Bool, false, (5, 5)),
    key("NetworkName", Kind::Scalar, false, (4, 7)),
    key("Options", Kind::KeyVal, true, (4, 4)),
    key("PodmanArgs", Kind::Args, true, (4, 6)),
    key("ServiceName", Kind::Scalar, false, (5, 3)),
    key("Subnet", Kind::Lines, true, (4, 4)),
];

const POD: &[KeyInfo] = &[
    key("AddHost", Kind::Lines, true, (5, 3)),
    key("ContainersConfModule", Kind::Lines, true, (5, 0)),
    key("DNS", Kind::Lines, true, (5, 3)),
    key("DNSOption", Kind::Lines, true, (5, 3)),
    key("DNSSearch", Kind::Lines, true, (5, 3)),
    key("ExitPolicy", Kind::Scalar, false, (5, 6)),
    key("GIDMap", Kind::Strv, true, (5, 3)),
    key("GlobalArgs", Kind::Args, true, (5, 0)),
    key("HostName", Kind::Lines, true, (5, 5)),
    key("IP", Kind::Scalar, false, (5, 3)),
    key("IP6", Kind::Scalar, false, (5, 3)),
    key("Label", Kind::KeyVal, true, (5, 6)),
    key("Network", Kind::Lines, true, (5, 0)),
    key("NetworkAlias", Kind::Lines, true, (5, 2)),
    key("PodName", Kind::Scalar, false, (5, 0)),
    key("PodmanArgs", Kind::Args, true, (5, 0)),
    key("PublishPort", Kind::Lines, true, (5, 0)),
    key("RemapGid", Kind::Strv, true, (5, 3)),
    key("RemapUid", Kind::Strv, true, (5, 3)),
    key("RemapUidSize", Kind::Scalar, false, (5, 3)),
    key("RemapUsers", Kind::Scalar, false, (5, 3)),
    key("ServiceName", Kind::Scalar, false, (5, 3)),
    key("ShmSize", Kind::Scalar, false, (5, 4)),
    key("StopTimeout", Kind::Scalar, false, (5, 7)),
    key("SubGIDMap", Kind::Scalar, false, (5, 3)),
    key("SubUIDMap", Kind::Scalar, false, (5, 3)),
    key("UIDMap", Kind::Strv, true, (5, 3)),
    key("UserNS", Kind::Scalar, false, (5, 3)),
    key("Volume", Kind::Lines, true, (5, 0)),
];

const QUADLET: &[KeyInfo] = &[key("DefaultDependencies", Kind::Bool, false, (5, 3))];

const VOLUME: &[KeyInfo] = &[
    key("ContainersConfModule", Kind::Lines, true, (4, 8)),
    key("Copy", Kind::Bool, false, (4, 4)),
    key("Device", Kind::Scalar, false, (4, 4)),
    key("Driver", Kind::Scalar, false, (4, 8)),
    key("GID", Kind::Scalar, false, (6, 0)),
    key("GlobalArgs", Kind::Args, true, (4, 8)),
    key("Group", Kind::Number, false, (4, 4)),
    key("Image", Kind::Scalar, false, (4, 8)),
    key("Label", Kind::KeyVal, true, (4, 4)),
    key("Options", Kind::Scalar, false, (4, 4)),
    key("PodmanArgs", Kind::Args, true, (4, 6)),
    key("ServiceName", Kind::Scalar, false, (5, 3)),
    key("Type", Kind::Scalar, false, (4, 4)),
    key("UID", Kind::Scalar, false, (6, 0)),
    key("User", Kind::Number, false, (4, 4)),
    key("VolumeName", Kind::Scalar, false, (4, 7)),
];

#[cfg(test)]
mod tests {
    use super::keys;

    #[test]
    fn the_tables_are_sorted() {
        for section in [
            "Artifact",
            "Build",
            "Container",
            "Image",
            "Kube",
            "Network",
            "Pod",
            "Quadlet",
            "Volume",
        ] {
            assert!(
                !keys(section).is_empty() && keys(section).is_sorted_by(|a, b| a.name < b.name)
            );
        }
    }
}
