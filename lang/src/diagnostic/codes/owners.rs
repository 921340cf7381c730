//! Whose things are, and as whom programs run.

super::codes! {
    OWNER_DIFFERS = "QG0720", "a container that may not write what it keeps",
        "A container runs as one account (`user`, Quadlet's `User`, or `PUID` of images that take it), and what it mounts to write to belongs to another one, by its `state`. On disk and in a container an owner is a number and nothing else: what the program makes cannot be made.\n\n    state /srv/wiki { owner = user.wiki }\n    container { image = \"…\", user = user.wiki, mounts.\"/data\" = /srv/wiki }\n\nA group that both have, with a mode that lets it write (`0o770`), or an `acl`, does as well.";
    NUMBER_TYPED = "QG0721", "a number where an account has it",
        "The number of an account of this host is typed where a container is told as whom to run. When the account gets another number, this one stays.\n\n    env = { PUID = user.media.uid, PGID = group.media.gid }";
}
