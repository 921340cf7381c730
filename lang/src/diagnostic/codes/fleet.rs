//! What the fleet as a whole shows: two things on one port, dangling references.

super::codes! {
    UNREADABLE = "QG0500", "the model has another form than the targets read",
        "The targets read the standard library's schemas into typed structs. A fleet that changes one of these schemas (not only adds to it) cannot be read.\n\nAdd fields and kinds of your own names; leave the standard library's as they are.";
    PORT_TAKEN = "QG0501", "two things on one port",
        "Two services of one host (or a service and the proxy) answer on one port, protocol and address: the second one will not start.\n\nGive one of them another port on the host: `ports.web = { inside = 80, host = 8081 }`.";
    ELSEWHERE = "QG0502", "a reference to another host's thing",
        "Units, pods, networks, volumes and accounts belong to one host. A container on one host cannot join a pod of another, or wait for a unit there.\n\nPut both on one host. What another host serves is reached by its address.";
    NUMBER_TAKEN = "QG0503", "one number for two accounts",
        "Two users of a host have one uid, or two groups one gid: files of one belong to the other as well.";
    NO_NUMBER = "QG0504", "a container's account without a number",
        "Inside a container an account is only its number, so the account that a container runs as must have a fixed one.\n\nSay `uid` (for a group `gid`) where the account is declared.";
    POLICY = "QG0590", "refused by a policy of this fleet",
        "A `policy` of the fleet's own refuses this. Its `deny` block says why; the second place shown is the policy.";
}
