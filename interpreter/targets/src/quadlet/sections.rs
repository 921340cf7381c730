//! Keys of systemd's own sections, which Quadlet passes on (systemd.unit(5), systemd.service(5), systemd.exec(5),
//! systemd.kill(5), systemd.resource-control(5), v257).

use super::keys::KeyInfo;
use super::spelling::QuadletKind;

/// A key of which systemd takes the last value.
const fn one(name: &'static str) -> KeyInfo {
    KeyInfo { name, kind: QuadletKind::Lines, repeatable: false, since: (0, 0), flag: None }
}

/// A key whose values add up.
const fn many(name: &'static str) -> KeyInfo {
    KeyInfo { name, kind: QuadletKind::Lines, repeatable: true, since: (0, 0), flag: None }
}

/// What a field of its own says.
const OWN: &[&str] = &["AssertPathExists", "Description"];

/// Whether a unit's `unit` may say a key of `[Unit]`: all conditions and assertions besides those of the table.
#[must_use]
pub fn is_unit_key(key: &str) -> bool {
    let is_condition = key.starts_with("Condition") || key.starts_with("Assert");
    is_condition || unit_keys().any(|known| known == key)
}

/// The keys of `[Unit]` that `unit` may say.
pub fn unit_keys() -> impl Iterator<Item = &'static str> {
    UNIT.iter().map(|key| key.name).filter(|name| !OWN.contains(name))
}

/// The keys of `[Timer]`.
pub fn timer_keys() -> impl Iterator<Item = &'static str> {
    TIMER.iter().map(|key| key.name)
}

/// The keys of `[Install]` that Quadlet heeds.
pub fn install_keys() -> impl Iterator<Item = &'static str> {
    INSTALL.iter().map(|key| key.name)
}

/// Keys of `[Unit]`, besides those that begin with `Condition` and `Assert`.
pub(super) const UNIT: &[KeyInfo] = &[
    many("After"),
    one("AllowIsolate"),
    many("AssertPathExists"),
    many("Before"),
    many("BindsTo"),
    one("CollectMode"),
    many("Conflicts"),
    one("DefaultDependencies"),
    one("Description"),
    many("Documentation"),
    one("FailureAction"),
    one("FailureActionExitStatus"),
    one("IgnoreOnIsolate"),
    one("JobRunningTimeoutSec"),
    one("JobTimeoutAction"),
    one("JobTimeoutRebootArgument"),
    one("JobTimeoutSec"),
    many("JoinsNamespaceOf"),
    many("OnFailure"),
    one("OnFailureJobMode"),
    many("OnSuccess"),
    one("OnSuccessJobMode"),
    many("PartOf"),
    many("PropagatesReloadTo"),
    many("PropagatesStopTo"),
    one("RebootArgument"),
    one("RefuseManualStart"),
    one("RefuseManualStop"),
    many("ReloadPropagatedFrom"),
    many("Requires"),
    many("RequiresMountsFor"),
    many("Requisite"),
    one("StartLimitAction"),
    one("StartLimitBurst"),
    one("StartLimitIntervalSec"),
    many("StopPropagatedFrom"),
    one("StopWhenUnneeded"),
    one("SuccessAction"),
    one("SuccessActionExitStatus"),
    one("SurviveFinalKillSignal"),
    many("Upholds"),
    many("Wants"),
    many("WantsMountsFor"),
];

/// Keys of `[Install]` that Quadlet heeds.
pub(super) const INSTALL: &[KeyInfo] = &[
    many("Alias"),
    one("DefaultInstance"),
    many("RequiredBy"),
    many("UpheldBy"),
    many("WantedBy"),
];

/// Keys of `[Service]` that are written here, and those of which two values are a mistake: no list of all.
pub(super) const SERVICE: &[KeyInfo] = &[
    one("CPUQuota"),
    one("CPUWeight"),
    one("DynamicUser"),
    many("Environment"),
    many("EnvironmentFile"),
    many("ExecReload"),
    many("ExecStart"),
    many("ExecStartPre"),
    many("ExecStop"),
    one("Group"),
    one("IOWeight"),
    one("IPAccounting"),
    one("KillMode"),
    one("KillSignal"),
    many("LoadCredential"),
    one("MemoryHigh"),
    one("MemoryLow"),
    one("MemoryMax"),
    one("MemoryMin"),
    one("MemorySwapMax"),
    one("Nice"),
    one("NoNewPrivileges"),
    one("NotifyAccess"),
    one("OOMPolicy"),
    one("OOMScoreAdjust"),
    one("PIDFile"),
    one("PrivateDevices"),
    one("PrivateNetwork"),
    one("PrivateTmp"),
    one("PrivateUsers"),
    one("ProtectHome"),
    one("ProtectSystem"),
    many("ReadWritePaths"),
    one("RemainAfterExit"),
    one("Restart"),
    one("RestartSec"),
    one("RootDirectory"),
    one("RuntimeMaxSec"),
    one("SendSIGKILL"),
    one("Slice"),
    one("StandardError"),
    one("StandardInput"),
    one("StandardOutput"),
    many("StateDirectory"),
    many("SupplementaryGroups"),
    one("SyslogIdentifier"),
    one("TasksMax"),
    one("TimeoutAbortSec"),
    one("TimeoutSec"),
    one("TimeoutStartSec"),
    one("TimeoutStopSec"),
    one("Type"),
    one("UMask"),
    one("User"),
    one("WatchdogSec"),
    one("WorkingDirectory"),
];

/// Keys of `[Timer]` (systemd.timer(5), v257).
pub(super) const TIMER: &[KeyInfo] = &[
    one("AccuracySec"),
    one("DeferReactivation"),
    one("FixedRandomDelay"),
    many("OnActiveSec"),
    many("OnBootSec"),
    many("OnCalendar"),
    one("OnClockChange"),
    many("OnStartupSec"),
    one("OnTimezoneChange"),
    many("OnUnitActiveSec"),
    many("OnUnitInactiveSec"),
    one("Persistent"),
    one("RandomizedDelaySec"),
    one("RandomizedOffsetSec"),
    one("RemainAfterElapse"),
    one("Unit"),
    one("WakeSystem"),
];
