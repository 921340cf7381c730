//! Units of systemd: their keys and values, whom they name, and when they run.

super::codes! {
    WRONG_SECTION = "QG0780", "a key of another section of a unit",
        "A unit has sections, and each has keys of its own: what it waits for stands in [Unit] (`After`, `Requires`, `StartLimitBurst`), what it runs and how in [Service], what starts it in [Install], when in [Timer]. systemd skips a key that stands in a section which does not have it, with a line in the journal.\n\n    unit.unit.StartLimitBurst = 5\n    unit.service.RestartSec   = \"5s\"\n    nix { systemd.services.wiki.unitConfig.StartLimitBurst = 5 }";
    UNKNOWN_DIRECTIVE = "QG0781", "a key that systemd does not know",
        "systemd skips a key that it does not know, with a line in the journal of the host where nobody looks: a misspelled `ProtectSytem` protects nothing. The keys are those of systemd 252 to 262 (systemd.exec(5), systemd.service(5), systemd.unit(5), …). A key that begins with `X-` is nobody's, and is left alone.\n\nAn error where the name is nearly one that there is, else a warning: a newer systemd may know it.";
    DIRECTIVE_VALUE = "QG0782", "a value that systemd does not read",
        "A key has values that systemd reads: yes or no, a span of time (`5min 20s`), a size (`512M`, which no `B` follows), one of some words (`ProtectSystem=strict`). It skips a line whose value it cannot read, as if nothing were said.";
    NO_SUCH_UNIT = "QG0783", "a unit that there is not",
        "systemd says nothing of a unit in `After` or `Wants` that there is not, and waits for nothing; one in `Requires` keeps whoever needs it from starting. Names in quotes are compared with the units that the fleet makes: a container's is called after its service (`wiki.service`, and not `podman-wiki.service` or `container-wiki.service`), a pod's `NAME-pod.service`, a network's `NAME-network.service`.\n\nWhat the fleet says itself is better named without quotes: `needs = [service.wiki]`, `after = [pod.downloaders]`.";
    NOBODY_WAITS = "QG0784", "a database that nobody waits for",
        "Units start side by side. A program that asks its database for something before that answers gives up, or waits in vain, and works after the next restart. What it needs is said, and systemd starts that first:\n\n    service wiki { needs = [service.wiki-db] }\n\nA database with a health check (`health { ready = yes }`) counts as started when it answers.";
    SHUT_OUT = "QG0785", "a sandbox that shuts a program out of its own state",
        "`ProtectSystem=strict` and `DynamicUser` make all of the machine read-only for a unit, besides what `ReadWritePaths` and `StateDirectory` name; `ProtectHome` hides homes, `PrivateTmp` gives a /tmp that is gone with the unit. What the service keeps (`state`) lies outside, so that it cannot be written.\n\n    unit { ReadWritePaths = [/srv/wiki], service.ProtectSystem = \"strict\" }";
    NEVER_COMES = "QG0786", "a point in time that never comes",
        "A timer waits for points in time (systemd.time(7)), and systemd says nothing of one that no calendar has: `*-02-30`, a year that is over, a weekday that a date is not. Nor does it start a timer whose text is no point in time, as `0 3 * * *`, which is cron's.\n\n    OnCalendar = [\"*-*-* 03:00\"]        # each night\n    OnCalendar = [\"*-*~1 04:00\"]        # the last day of each month";
    DEAD_TIMER = "QG0787", "a timer in Nix that never starts",
        "A timer of NixOS runs where something starts it: `wantedBy = [\"timers.target\"]`, which NixOS does not say by itself. And it needs to know when: `timerConfig.OnCalendar`, or a span since something.\n\nA timer of the fleet has both: `timer scrub { OnCalendar = [\"03:00\"] }`.";
}
