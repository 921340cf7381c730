//! What a target cannot hold.

super::codes! {
    QUADLET_VALUE = "QG0601", "a value that a Quadlet file cannot hold",
        "Unit files are lines of `Key=value`. Some values cannot be written so that Podman and systemd read back the same: line breaks in most keys, blanks at the ends, a backslash at the end, quotes around the whole.\n\nSay the value without, or put it into a file that the container mounts.";
    QUADLET_KEY = "QG0602", "a key that Quadlet or systemd does not know",
        "An unknown key makes Quadlet drop the whole unit: it later shows only as \"Unit not found\".\n\nThe keys are those of podman-systemd.unit(5).";
    QUADLET_VERSION = "QG0603", "a key that the host's Podman does not know yet",
        "Each Quadlet key came with a version of Podman; older ones drop the whole unit.\n\nSay the host's real version in `podman.version`, or use `podman_args`.";
    UNIT_NAME = "QG0604", "a name that cannot be a unit's",
        "Names of services with containers, of pods, networks and volumes become names of files and units. Letters, digits, `_`, `.` and `-` may stand in them.";
}
