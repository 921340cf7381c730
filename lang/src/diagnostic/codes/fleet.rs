//! What the fleet as a whole shows: two things on one port, dangling references.

super::codes! {
    UNREADABLE = "QG0500", "the model has another form than the targets read",
        "The targets read the standard library's schemas into typed structs. A fleet that changes one of these schemas (not only adds to it) cannot be read.\n\nAdd fields and kinds of your own names; leave the standard library's as they are.";
}
