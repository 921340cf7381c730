//! What the parser finds.

super::codes! {
    UNEXPECTED = "QG0100", "something else was expected", "\
The text stops making sense at this place: something else must stand there, or something is missing before it.

    port = 80 90        # an error: one field has one value
    port = 80           # fine
    host = \"a\", to = 80 # fine: items on one line are separated by commas

What is around the mistake is understood, so other findings of the file still hold.";

    MISSING_VALUE = "QG0101", "a value is missing", "\
A value must stand here: a number, a string, a name, a list, a record, or an expression of these.

    port =              # an error
    port = 8080         # fine

A field that shall have no value is left out; `override port = unset` takes a value away.";

    UNCLOSED = "QG0102", "a bracket that is not closed", "\
Each `{`, `[` and `(` needs its `}`, `]` or `)`. Where one is missing, indentation and the beginning of the next item \
tell which one it may be.

    service jellyfin {
      route web { to = ports.web
    }                   # closes `route`; the `}` of `service` is missing";

    STRAY = "QG0103", "a bracket that closes nothing", "\
A `}`, `]` or `)` stands here, and nothing is open that it could close. Take it away, or find the place where the \
opening bracket was forgotten.";

    EQUALS = "QG0104", "a wrong sign for setting or comparing", "\
A field is set with `=`; two values are compared with `==`; an argument is named with `:`; a field of a schema has its \
type behind `:`.

    port: 8080                # an error: port = 8080
    if host.name = \"pi\" { }   # an error: ==
    f(a, b = 2)               # an error: b: 2
    service jellyfin = { }    # an error: a block has no `=` behind its label";

    HEAD = "QG0105", "a brace in a head", "\
Between `for`, `if` or `match` and its `{`, a brace ends the head. A record, a payload or a `with` there needs parentheses.

    if login == (sso { factor = two }) { … }";

    SPACING = "QG0106", "spaces around an operator", "\
A `-` is a part of names (`immich-pg`) and a `/` begins a path, so both need spaces on both sides where they \
subtract and join.

    rest = total - used
    data = fleet.state / name";

    CALL_SPACE = "QG0107", "a call with a space", "\
The `(` of a call touches the name of the function, so that it cannot be taken for a value in parentheses.

    image = linuxserver (name)    # an error
    image = linuxserver(name)     # fine";

    OPERATOR = "QG0108", "an operator in a wrong place", "\
Comparisons do not follow one another (`1 <= x and x <= 5`), `not` stands before what it turns around \
(`not (x in xs)`), and an operator stands at the end of a line that goes on with the next one. Only lines that begin \
with `|>`, `and`, `or`, `??`, `then` or `else` go on by themselves.";

    FORM = "QG0109", "a construct that is written differently", "\
The construct exists, and is written another way here:

    if c then a else b                    # a value
    if c { … } else { … }                 # items
    [for x in xs if x.public: x.name]     # a list
    match v { sso s => s.factor, else => one }
    fn f(a: int) -> int = a + 1
    schema S { name: string = \"x\" }";

    MARK = "QG0110", "a mark in a wrong place", "\
`default` and `override` stand before a field or a block, `extend` before a block or a schema; one of them is enough.

    override port = 80
    default service { restart = always }
    extend service jellyfin { … }";
}
