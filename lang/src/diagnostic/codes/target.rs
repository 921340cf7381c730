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
    LINE = "QG0606", "a text that no line of a file can hold",
        "Accounts, folders, modules, settings and units are written into files of lines, one thing a line, and some programs split a line into words. A text with a line break in it would become a second thing: `extra_groups = [\"video\\nu evil 0\"]` would be an account. What has a spelling is spelled; what has none is refused where it is said.\n\nSay it without the line break, the zero byte, or the blanks at its ends.";
    PASTED = "QG0607", "a text that NixOS pastes into a file",
        "NixOS puts the values of some options into files of lines as they are: keys of units, settings of the kernel, lists of paths that are backed up, filesystems. A line break in one would begin another line there, and a blank another word.\n\n    unit.service.Environment = \"A=1\\nExecStartPre=…\"      # two keys, not one\n\nSay it without: as several elements of a list, or in a file that is read by its path.";
    OPTION_WAY = "QG0608", "not the name of an option",
        "The label of `native`, and a key of `fleet.options`, is the way of an option as Nix writes it: names with dots between them. A name that has other characters stands between double quotes, and `\\\"`, `\\\\` and `\\$` stand for themselves there. What Nix would read as another option, or not at all, is refused.\n\n    native \"services.nginx.virtualHosts.\\\"a.example.org\\\"\" { … }";
    SECRET_CHANGED = "QG0609", "a template that changes a secret",
        "Where a template writes a secret, the host puts its value in when it starts. A filter over it (`lower`, `replace`, `truncate`, `length`) would work on the mark that stands there until then, and leave pieces of it in the file.\n\n    password = {{ password | lower }}      # of the mark, not of the password\n\nWrite the secret as it is; what it is made from is done before it is encrypted.";
    STATE_PATH = "QG0610", "not a place for state",
        "The label of `state` is where something lies on its host: an absolute path, without `.` and `..`, and not the root of all, whose owner and mode are the system's own.\n\n    state \"/srv/app\" { owner = user.app }";
    HEADER = "QG0611", "what no header of HTTP can be",
        "A header is a line of a message. Its name has letters, digits and a few signs in it, `-` and `_` among them; its value has no line break and no other character of control but tabs. Go's server, which Traefik is built on, leaves a header of an answer out that has another name, and its client sends no request with one: nobody would hear of it.\n\n    middleware robots { does = headers { customResponseHeaders.\"X-Robots-Tag\" = \"none\" } }\n\nSay the name without blanks and colons, and the value on one line.";
    RAW_VALUE = "QG0612", "a value that systemd would not read",
        "What `unit.service`, `unit.unit` and `unit.install` say goes to systemd as you write it: quotes, escapes and specifiers are yours. A line whose quotes are not closed is left out by systemd with a word in the journal, and the unit starts without it; a character of control stands there as it is and reaches the terminal of whoever asks for the unit.\n\n    unit.service.ExecStartPost = \"/bin/sh -c \\\"echo up\\\"\"\n\nClose the quotes; between double quotes systemd reads `\\\"` as one. Write `\\x1b` where a command wants such a character.";
    BACKUP_WORD = "QG0617", "a word of a backup that nothing carries out",
        "Vaults have engines, and not each of them does all that can be said: borg puts all backups of a vault into one repository, throws away what is too old after each copy, and is not looked after apart. A check that is not made reads nothing, and a repository has no more parts than it is divided into.\n\n    vault local { engine = restic { … }, maintenance { reads = sample { percent = 10 } } }\n\nLeave the word out, or say what it belongs to.";
    WRITTEN_MEANWHILE = "QG0618", "what somebody goes on writing while it is copied",
        "A backup stops services, so that what is copied holds together; and all that needs them stops with them and comes back by itself. A service that is not among those and writes into what is copied leaves half of a change in the copy.\n\n    backup data { paths = [/srv/app, /srv/app-db], stop = [service.app] }      # and service.app-db?\n\nStop it too. Where a copy of files that change is good enough, say `stop = []`.";
    UNREAD_FILE = "QG0620", "a file beside the sources that cannot be read",
        "What a `./path` names is a file of at most 64 MiB below the fleet's folder that you may read. A folder, a pipe or a device is none, and a link that leads out of the fleet's folder is not followed: what is compiled depends on what lies there alone.";
    OUTPUT_PATH = "QG0621", "a file that the output cannot hold",
        "Names of hosts, services, scripts and files become names of files in the output. No name has more than 255 bytes, none is `.` or `..`, and nothing lies below a file:\n\n    file \"/etc/a\" { text = \"…\" }\n    file \"/etc/a/b\" { text = \"…\" }        # `a` is a file already\n\nGive one of them another name.";
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
    UNKNOWN_NIX_OPTION = "QG0643", "an option that NixOS does not have",
        "Every option that the compiler writes, and every one in `native` and `nix { }`, is looked up in a table of options. The one that comes with the compiler is the NixOS manual's (and Home Manager's) of one day: it knows no newer options and no modules of your own, so what it lacks is a warning.\n\n`qgc options update` asks the nixpkgs that your hosts are built from, with all modules of theirs, and keeps the answer beside qg.toml; then it is an error.\n\nWhere neither knows an option that exists, say so, with its type in the manual's words:\n\n    fleet { options = { \"services.portfolio\" = \"anything\" } }";
    NIX_OPTION_TYPE = "QG0644", "an option of another type",
        "NixOS refuses a whole system for one value of the wrong type. The type is shown as the NixOS manual words it. What `nix\"…\"` gives is not known before Nix evaluates it, and is taken as it is.";
    UNKNOWN_PACKAGE = "QG0645", "a package that nixpkgs does not have",
        "The names of packages are those of the nixpkgs that your hosts are built from, as `qgc options update` found them; where it was not asked, none is looked up. What is in a set of packages (`python3Packages.requests`) is looked up by the name of the set.";
    OPTIONS_TABLE = "QG0646", "a table of options that cannot be read",
        "`qg.options` beside qg.toml is what `qgc options update` was told by the fleet's own nixpkgs. It is text, and not to be changed by hand; one that was cut off or has marks of a merge in it is no table. Run `qgc options update` again, or remove it: then the table that comes with the compiler is used.";
    OPTION_TYPE_WORDS = "QG0647", "not a type as the NixOS manual words it",
        "An option that you declare has a type in the words that the manual has for it: `boolean`, `string`, `null or string`, `list of path`, `attribute set of (submodule)`, `16 bit unsigned integer; between 0 and 65535 (both inclusive)`, `one of \"a\", \"b\"`. What may be anything is `anything`.";
    AS_GOOD_AS_ROOT = "QG0615", "a rule of sudo that is as good as root",
        "Who may run a shell, an editor, a pager or a program that runs others, as root, is root, whatever the arguments are. So does a program that writes what it is given, or builds what it is led to.\n\n    sudo.films = systemctl { verbs = [restart], units = [service.jellyfin] }      # this one line, and no other\n    sudo.scrub = command { program = \"zpool\", arguments = [\"scrub\", \"tank\"] }   # these arguments, and no others\n    sudo.build = command { program = \"nixos-rebuild\", arguments = [\"switch\"], because = \"it deploys\" }\n\nWhat takes any arguments (`any_arguments`, `systemctl_any`, `anything`) always says `because`.";
    IDLE_SUDO = "QG0616", "a rule of sudo that allows nothing",
        "A rule of `systemctl` becomes one line for each verb and unit, on the hosts that have both the account and the unit. Where there are none, it allows nothing, although somebody relies on it. Units of sessions, and of containers that belong to an account, are not those that root's systemd knows.";
    SAID_TWICE = "QG0680", "one thing said in two ways",
        "Several places say what one file gets, and they do not agree: two services set one NixOS option, `native` says otherwise than the fields that an option is made from, a key of `quadlet` repeats what a field of the container says. The file can hold one of them, and nobody would hear of the other.\n\n    service a { native \"services.nginx\" { user = \"a\" } }\n    service b { native \"services.nginx\" { user = \"b\" } }      # another word on the same option\n\nSay it in one place. Lists and records unite, and what is the same in both is no clash. In `native` and `nix { … }` the words `override` and `default` say which one holds.";
    NO_RELEASE = "QG0681", "a host that does not say which release it began with",
        "What a machine keeps was made under the defaults of the NixOS that it was first installed with: the version of PostgreSQL, where a program keeps its data, which account owns it. NixOS takes these defaults by `system.stateVersion`, and says never to change it, not when the machine is updated either; a wrong one lets programs look for their data in another place. So the compiler takes none by itself.\n\n    host box { system = x86_64_linux, state_version = \"24.05\" }\n    default host { state_version = \"25.11\" }                    # where all began with the same one\n\n`nixos-option system.stateVersion` says it on a machine that runs already, and so does its old configuration.nix. A new machine has the release that it is installed with.";
    AUTHELIA_REFUSES = "QG0660", "what Authelia would not start with",
        "Authelia judges its configuration when it starts, and ends where something is wrong: nobody can log in until it is mended. The same rules are asked here, of the whole configuration: of what fields of the portal say and of what stands in `settings`.\n\n    regulation = { find_time = 10m, ban_time = 5m }      # `find_time` is not longer than `ban_time`\n    session = { inactivity = 0s }                        # a time span of nothing is none\n\nThe finding names the key in the configuration and what it has to be.";
}
