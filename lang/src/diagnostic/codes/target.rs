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
    QUADLET_REFUSES = "QG0605", "what Quadlet would refuse or drop",
        "Quadlet writes the units of containers itself: how they start and stop, and as whom Podman runs. It refuses some keys of [Service], and leaves out a whole unit that it does not like; nobody sees more than \"unit not found\".\n\n    container { user = user.app }          # not unit { User = \"app\" }";
    OPTION_CLASH = "QG0630", "an option that is written already",
        "Options of your own are added to what is written from the model; they do not replace it. Change what the option comes from instead (the place is shown), or leave it to the model.";
    SECRET_IN_STATIC = "QG0631", "a secret where none can be filled in",
        "Traefik fills in its dynamic options when it starts, its static ones never. A secret in `static` would have to stand in a file that everybody can read. Plugins and DNS providers read theirs from the environment: `credentials`.";
    UNKNOWN_OPTION = "QG0632", "an option that the target does not know",
        "Traefik refuses a whole file for one unknown key, and everything it serves would be gone. The keys are those of v3.7; a key of an older version, or a misspelt one, is refused here.";
    BAD_TEMPLATE = "QG0633", "a template that cannot be filled in",
        "A `template` is in Tera's language (keats.github.io/tera), version 2, filled in with `values`, a record. A name that is not in `values`, a filter that does not exist and a mistake of syntax are found when the fleet is compiled.";
    FORMAT_LIMIT = "QG0634", "a file format cannot hold this",
        "Each format has limits: JSON has no infinite numbers; TOML and INI files are records; INI has sections and keys, nothing below, and a value is one line. A file beside the sources and Nix code have no meaning in any of them.";
    FILE_CONTENT = "QG0635", "a file with no content, or with two",
        "Exactly one of `text`, `yaml`, `json`, `toml`, `ini`, `template` and `source` says what is in a file; `values` belongs to `template`.";
    FILE_PATH = "QG0636", "not a place for a file",
        "A file's label is its path on the host: absolute, without `.` and `..`. A host gets one file at each path, from whatever service.";
}
