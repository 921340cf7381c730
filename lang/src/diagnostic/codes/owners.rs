//! Whose things are, and as whom programs run.

super::codes! {
    OWNER_DIFFERS = "QG0720", "a container that may not write what it keeps",
        "A container runs as one account (`user`, Quadlet's `User`, or `PUID` of images that take it), and what it mounts to write to belongs to another one, by its `state`. On disk and in a container an owner is a number and nothing else: what the program makes cannot be made.\n\n    state /srv/wiki { owner = user.wiki }\n    container { image = \"…\", user = user.wiki, mounts.\"/data\" = /srv/wiki }\n\nA group that both have, with a mode that lets it write (`0o770`), or an `acl`, does as well.";
    NUMBER_TYPED = "QG0721", "a number where an account has it",
        "The number of an account of this host is typed where a container is told as whom to run. When the account gets another number, this one stays.\n\n    env = { PUID = user.media.uid, PGID = group.media.gid }";
    NO_ACCOUNT = "QG0722", "an account that its host does not have",
        "A name of an account or a group stands in a text, and nothing on that host makes it: no `user` or `group` of the fleet that is on the host, no module that it runs, no Nix of its own, and NixOS has none of that name. Files get no such owner, and nobody gets such a group: systemd-tmpfiles skips the line, and the account is made without it.\n\nExample: `user jellyfin { extra_groups = [\"videos\"] }`, where the group is `video`.\n\nDeclare it (`group books { on = [host.box] }`), with `kind = from_module` where a module makes it, or refer to what is declared: `owner = user.books`, `groups = [group.books]`.";
}
