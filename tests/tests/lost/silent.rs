//! Fields whose leaves may stand in no line, and steer none.

use When::{Here, Never};

/// Where nothing tells of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Everywhere: it is there for readers, or for expressions of the fleet.
    Never,
    /// Where the reason says; elsewhere it makes lines or steers them.
    Here,
}

const READERS: &str = "for whoever reads the source, hovers, or asks the REPL";
const MANAGED: &str =
    "a disk or pool that is not managed is described, so that others may refer to it";
const EXPRESSIONS: &str = "for expressions of the fleet: nothing of the compiler's own reads it";
const OFF: &str =
    "what is switched off has no leaves; the golden case files/off looks that it makes nothing";
const DENIED: &str =
    "what a policy refuses is an error, and no fleet here has one; tests/suite/fleet asks it";
const TESTED: &str =
    "what is asked and answered in a test reaches no file; tests/suite/fleet asks it";
const MODULES: &str = "what a service has by its module it says from the place of the service";
const UNUSED: &str = "of something that no enabled service of the fleet uses";

/// The field, where it is silent, and why.
pub(crate) const SILENT: &[(&str, When, &str)] = &[
    ("Answer.no.because", Here, READERS),
    ("Backend.about", Never, READERS),
    (
        "Backup.stop",
        Here,
        "an empty list: nothing stands still, and only a default is told to give way",
    ),
    ("Dataset.snapshots", Here, MANAGED),
    ("Disk.about", Never, READERS),
    ("Disk.device", Here, MANAGED),
    ("Filesystem.about", Never, READERS),
    ("Fleet.domain", Here, "where the fleet has no route and no portal"),
    ("Fleet.state", Here, "where nothing of the fleet is kept below it"),
    ("Group.about", Never, READERS),
    ("Group.gid", Here, "of a group that NixOS has itself, it is only compared with others"),
    ("Group.on", Here, "of a group that NixOS has itself, on every host"),
    ("Home.about", Never, READERS),
    ("Host.about", Never, READERS),
    ("Host.address", Here, "of a host that no other one has to reach"),
    ("Host.addresses", Here, "of a host that no other one reaches by that address"),
    ("Host.class", Never, EXPRESSIONS),
    (
        "Host.storage",
        Never,
        "file systems are said one by one; ZFS alone needs more, which is in its payload",
    ),
    ("Host.system", Here, "Podman picks the platform of a host without NixOS itself"),
    ("Middleware.about", Never, READERS),
    ("ModulePort.option", Never, MODULES),
    ("ModulePort.protocol", Never, MODULES),
    ("ModuleState.option", Never, MODULES),
    ("NixosModule.about", Never, READERS),
    (
        "NixosModule.database",
        Never,
        "whether a copy may be taken while it runs is judged by checks",
    ),
    ("NixosModule.dynamic_user", Never, MODULES),
    ("NixosModule.group_name", Never, MODULES),
    ("NixosModule.state", Never, MODULES),
    ("NixosModule.units", Never, MODULES),
    ("NixosModule.user_name", Never, MODULES),
    ("ModulePort.number", Never, MODULES),
    ("Partition.kind", Here, MANAGED),
    ("Partition.order", Here, MANAGED),
    ("Partition.size", Here, MANAGED),
    (
        "OwnUnit.wanted_by",
        Here,
        "an empty list: nothing starts it by itself, which a timer says of it, too",
    ),
    ("People.about", Never, READERS),
    ("Person.about", Never, READERS),
    ("Person.display_name", Never, EXPRESSIONS),
    ("Person.email", Here, "of a person that no login server of the fleet knows by itself"),
    ("Person.member_of", Never, "the login server knows it itself; policies ask it"),
    ("Podman.version", Here, "only checks read it: what that version does not know is refused"),
    (
        "Port.inside",
        Here,
        "of a native program that nothing routes to and that is not open: the program has it itself",
    ),
    ("Port.protocol", Here, "of a port that a UDP backend names: the backend speaks UDP anyway"),
    ("Pool.about", Never, READERS),
    ("Portal.about", Never, READERS),
    ("Proxy.about", Never, READERS),
    ("ProxyEngine.traefik.client_ca", Here, "where no route asks for a client's certificate"),
    ("Route.host", Here, "a hidden route is published by nobody"),
    (
        "Route.login",
        Here,
        "`none` and `own` are the same to the proxy: it lets all pass; what others say is in their payload",
    ),
    ("Route.to", Here, "a hidden route is published by nobody"),
    ("Script.about", Never, READERS),
    ("Script.packages", Here, UNUSED),
    ("Secret.about", Never, READERS),
    ("Secret.key", Here, UNUSED),
    ("Secret.on", Here, "where who reads it says the host already"),
    ("Service.about", Here, "of a native program: its module describes the unit itself"),
    ("Service.backup", Never, "what is there is told copy by copy"),
    ("Service.logs", Here, "where no jail reads it: for expressions of the fleet"),
    ("Service.ports", Never, "what is there is told port by port"),
    ("State.about", Never, READERS),
    ("Sudo.any_arguments.because", Never, READERS),
    ("Sudo.anything.because", Never, READERS),
    ("Sudo.command.because", Never, READERS),
    ("Sudo.systemctl_any.because", Never, READERS),
    ("Tile.order", Never, EXPRESSIONS),
    ("Tile.section", Here, EXPRESSIONS),
    ("Tile.show", Never, EXPRESSIONS),
    ("TlsOptions.about", Never, READERS),
    ("Transport.about", Never, READERS),
    ("MiddlewareKind.plugin.name", Here, UNUSED),
    ("MiddlewareKind.plugin.settings", Here, UNUSED),
    ("Unit.also", Here, "where nothing stops or orders the unit, its names are only known"),
    (
        "Unit.name",
        Here,
        "of a session's unit, which nothing of the system's starts, stops or orders",
    ),
    ("Vault.about", Never, READERS),
    ("Vdev.layout", Here, MANAGED),
    (
        "WebAuthnMetadata.validate_status_permitted",
        Never,
        "an empty list is what Authelia has without it",
    ),
];

/// Fields that no fleet and no golden case says, and why none can.
pub(crate) const UNSAID: &[(&str, &str)] = &[
    ("Artifact.enabled", OFF),
    ("Backup.enabled", OFF),
    ("Build.enabled", OFF),
    ("Client.at", TESTED),
    ("Client.certificate", TESTED),
    ("Client.factor", TESTED),
    ("Client.from", TESTED),
    ("Client.headers", TESTED),
    ("Client.member_of", TESTED),
    ("Client.user", TESTED),
    ("Denial.at", DENIED),
    ("Denial.because", DENIED),
    ("Fleet.policies", DENIED),
    ("Group.enabled", OFF),
    ("Host.enabled", OFF),
    ("Jail.enabled", OFF),
    ("Kube.enabled", OFF),
    ("Network.enabled", OFF),
    ("NixosModule.ports", MODULES),
    ("NixosModule.state", MODULES),
    ("OwnUnit.enabled", OFF),
    ("Pod.enabled", OFF),
    ("Policies.backed_up", DENIED),
    ("Policies.images_pinned", DENIED),
    ("Policies.memory_limited", DENIED),
    ("Policies.no_root", DENIED),
    ("Policies.public_needs_login", DENIED),
    ("Policies.two_factors", DENIED),
    ("Policies.updates_backed_up", DENIED),
    ("Policy.deny", DENIED),
    ("Policy.warn", DENIED),
    ("Portal.enabled", OFF),
    ("Proxy.enabled", OFF),
    ("Pulled.enabled", OFF),
    ("Secret.enabled", OFF),
    ("Service.enabled", OFF),
    ("Test.enabled", OFF),
    ("Test.expect", TESTED),
    ("User.enabled", OFF),
    ("Timer.enabled", OFF),
    ("Vault.enabled", OFF),
    ("Verdict.challenged.factor", TESTED),
    ("Verdict.forbidden.by", TESTED),
    ("Verdict.other.status", TESTED),
    ("Verdict.redirected.to", TESTED),
    ("Verdict.refused.by", TESTED),
    ("Verdict.served.by", TESTED),
    ("Volume.enabled", OFF),
];
