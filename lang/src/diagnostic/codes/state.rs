//! What is kept, and what is copied away: state that a boot would empty, that two say, that no backup has.

super::codes! {
    MODULE_UNKEPT = "QG0700", "what a module keeps is gone at each boot",
        "A NixOS module that is switched on keeps something on a root that is emptied at boot, and nothing persists it. Of a service that a known module runs (`native \"services.grafana\" { }`) it is persisted by itself; what `nix { }`, a second module of a service, or another module switches on is not.\n\n    service grafana { on = host.box, native \"services.grafana\" { } }      # a service of its own, or\n    host box { state /var/lib/grafana { owner_name = \"grafana\", group_name = \"grafana\" } }\n\nWhere it may be lost, say so: `persist = no { because = \"numbers of a day\" }`.";
    MOUNT_UNKEPT = "QG0701", "a container writes where a boot empties",
        "A container mounts a folder of the host, or a volume, that lies on a root that is emptied at boot, and may write to it. Nothing persists it: what the container keeps there is gone then.\n\n    state /srv/wiki { owner = user.wiki }\n\nor mount it from below what the root keeps. What only reads says `read_only = true`; what may be lost `persist = no { because = \"…\" }`.";
    STATE_NESTED = "QG0702", "what is kept already is kept again",
        "On a root that is emptied at boot each persisted path is mounted from where it really lies. What lies in another persisted path, or in what the root keeps, is there with it. What lies on a filesystem of its own stays by itself: mounted from elsewhere, something else would lie over it.\n\n    state /srv/wiki/db { owner = user.db, persist = no { because = \"it lies in /srv/wiki\" } }";
    STATE_TWICE = "QG0703", "one path is the state of two",
        "Each path is said once, by the service that keeps something there. Who only reads it, or writes into it as well, mounts it and says nothing more.";
    STATE_UNUSED = "QG0704", "state that nothing uses",
        "A service says that it keeps something, and neither its container nor another one of the host mounts the path, one in it, or one around it; no unit, script, file or option names it. It may be the old path of something that has moved.";
    STATE_OF_ANOTHER = "QG0705", "state of another service",
        "A service says that it keeps something which it does not mount, and another one does. Say it there: backups, owners and what stands still for a copy go by whose it is.";
    NOT_COPIED = "QG0706", "state that no backup has",
        "State is to be copied away unless it says why not, and the fleet has a vault. No backup of the host has this path, one around it or one in it.\n\n    backup data { paths = [/var/lib/wiki] }\n    state /var/lib/cache { backup = no { because = \"made anew\" } }";
    COPIES_NOTHING = "QG0707", "a backup of what is not there",
        "A backup copies a path that nothing of the host has to do with: no state, no filesystem, nothing that a container mounts. It may be a slip, or the old path of something that has moved. A backup that copies the vault it goes into has its own copies in each copy.";
    STOPS_ANOTHER = "QG0708", "a backup that stops what has nothing to do with it",
        "What a backup stops stands still while it is copied. This one stops a service that neither keeps nor mounts anything of what is copied, and that needs nothing and is needed by nothing of it: it stands still for nothing.";
    COPIED_WHILE_WRITTEN = "QG0709", "a database is copied while it runs",
        "The files of a database are a whole only while it stands still: copied meanwhile, they may be of two moments, and not be readable again.\n\n    backup data { paths = [/srv/db], stop = [service.db] }\n    backup data { paths = [/srv/dump], before = [script.dump] }     # or a dump of it\n";
    HOME_UNKEPT = "QG0710", "a home that each boot empties",
        "Somebody may log in here, and the home lies on a root that is emptied at boot, with nothing to persist it: keys, histories and work in it are gone then.\n\n    host box { state /home/anna { owner = user.anna, mode = 0o700 } }\n\nOf an account that needs nothing there, allow it with the reason.";
}
