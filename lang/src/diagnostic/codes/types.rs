//! Types.

super::codes! {
    MISMATCH = "QG0301", "a value of another type is wanted",
        "The value does not fit the place where it stands. Both types are shown, and where the wanted one was declared.\n\nExample: `ports.web = \"8989\"`, a string where a port is wanted; write `8989`.";
    ABSENT = "QG0302", "a value may be absent",
        "An optional value (`T?`), or what a map holds under a key, may not be there. It flows only into an optional field, through `??`, or behind `has`.\n\nExamples: `env.\"TZ\" ?? \"UTC\"`; `if s has container { image = s.container.image }`.";
    NO_FIELDS = "QG0303", "a value without fields",
        "`.name` reads a field of a record or a key of a map; this value is neither.\n\nThe payload of a variant is reached with `match`: `match login { sso s => s.factor, else => one }`.";
    OUT_OF_RANGE = "QG0304", "a number outside of its range",
        "A `port` is a number from 1 to 65535, as TCP and UDP have them; 0 means `any` to programs and is no port that anybody could reach.\n\nExample: `ports.web = 80800`. Correct the number.";
    FORMAT = "QG0305", "a string without the form that is wanted",
        "`url`, `hostname`, `calendar` and `image` are strings with a form. A `url` has a scheme and a host, a `hostname` follows RFC 1123, a `calendar` event systemd.time(7) (`Mon 08:00`, `daily`), an `image` is a container image reference (`ghcr.io/owner/name:tag`).\n\nThe message says what is wrong with this one.";
    REFINEMENT = "QG0306", "a value outside of its type's condition",
        "`int where 1 <= it` takes only values for which the condition holds. This one is written in place and does not.\n\nCorrect the value; the condition's place is shown.";
    MISSING_FIELD = "QG0307", "a field that must be said is not",
        "A payload, a `let`, an argument or a function's result is whole: each field without a default that is not optional must be said in it.\n\nSay the field, or give it a default in its schema.";
    IDENTITY = "QG0308", "a record where a reference is wanted, or the other way round",
        "A reference means one thing of the model: `pod = pod.arr`. A record literal or a copy (`pod.arr with { … }`) has no identity, so it cannot be referred to; and an entity does not fit where a record written in place is wanted, since it lives elsewhere.\n\nDeclare the thing (`pod arr2 { … }`) and refer to it.";
    SEALED = "QG0309", "a secret outside of a sealed field",
        "A secret's value never enters the language. A string that holds one has the type `sealed` and fits only sealed fields and data files, which the host puts together when it starts. So no secret can reach the world-readable store.\n\nUse the secret's `.path` where a program can read a file, or say the value in a sealed field (the environment of a container, a header, a rendered file).";
    EQUAL_VARIANT = "QG0310", "`==` with a variant that has a payload",
        "`login == sso` would be false for every `sso` whose payload differs, in silence. Variants are tested with `is`.\n\nWrite `login is sso`.";
    MATCH_INCOMPLETE = "QG0311", "a match does not cover every variant",
        "A `match` says what happens for each variant of the enum, so that a new variant is never forgotten.\n\nAdd arms for the missing ones, or `else => …`.";
    MATCH_ARM = "QG0312", "an arm of a match is never reached, or binds nothing",
        "Each variant has one arm, `else` is the last one, and only a variant with a payload can bind it to a name.\n\nRemove the arm or the name.";
    NOT_AN_ENUM = "QG0313", "`is` and `match` want a value of an enum or a union",
        "Variants belong to enums, and members to unions; this value is of one type alone.\n\nCompare with `==`; for a value that may be absent use `has` or `??`.";
    OPERATOR = "QG0314", "an operator on values it does not take",
        "`+` joins lists and adds numbers, durations or sizes of one type; `*` multiplies numbers, and a duration or size by an int; `<` and its like compare numbers, durations, sizes or strings of one type; `and`, `or` and `not` take bools; `/` joins a path with a string. Strings are joined by interpolation: `\"${a}${b}\"`.";
    ARGUMENTS = "QG0315", "the arguments do not fit the function",
        "A call gives each parameter without a default once, by place or by name (`f(x, y: 2)`).\n\nThe function's parameters are shown.";
    NOT_A_FUNCTION = "QG0316", "a value that is not a function is called",
        "Only functions can be called.\n\nFor a copy with other fields write `value with { … }`.";
    LAMBDA = "QG0317", "the types of a lambda's parameters are not known",
        "`x => e` takes its parameter's type from the place where it stands, as in `sort(xs, by: x => x.order)`. Here nothing says it.\n\nWrite a function with types: `fn f(x: T) -> U = …`.";
    UNION = "QG0318", "members of a union that cannot be told apart",
        "Which member of `A | B` a value belongs to is seen by its shape. Strings, URLs and host names share one; so do int, float and port, lists and sets, records and maps. Such members are refused where the union is declared.\n\nKeep one of them, or declare an enum whose variants say which is which.";
    ENDLESS = "QG0319", "a schema that holds itself without end",
        "A record whose field is a required record of the same schema, perhaps through others, could never be written down.\n\nMake the field optional (`A?`), a map, a list, or a reference (`&A`).";
    MARK = "QG0320", "`default`, `override` or `extend` where it has no meaning",
        "These words say how strongly something is said *of the model*. A payload, a `with`, a record in a list or in a `let` is one whole value, said once; `extend` is for blocks.\n\nRemove the word, or put it before the field that takes the whole value.";
    UNSET = "QG0321", "`unset` where nothing can be taken away",
        "`unset` takes away what another place says: it stands alone, to the right of `=`, for a field `T?`, or for a key of a map.\n\nExamples: `override port = unset`, `override env.DEBUG = unset`.";
    COMPUTED_KEY = "QG0322", "a computed key where the fields are fixed",
        "A schema's fields are known when the fleet is compiled; only the keys of maps may be computed.\n\nWrite the field's name.";
    NIX_SYNTAX = "QG0323", "a Nix expression that Nix would not read",
        "`nix\"…\"` is parsed when the fleet is compiled, with Nix's own grammar.\n\nCorrect the expression. `${…}` in it is a value of this language; Nix's own `${…}` is written `$${…}`.";
    NIX_HOLE = "QG0324", "a value in `nix\"…\"` where no expression can stand",
        "A value put into a Nix expression is printed as Nix, never pasted; so it must stand where Nix reads a whole expression: not within a string, a name or a path.\n\nInstead of `nix\"\\\"a-${x}\\\"\"` write `nix\"${\"a-${x}\"}\"`; for an attribute's name `nix\"a.$${${x}}\"`.";
    INTERPOLATION = "QG0325", "a value that cannot be put into a string",
        "Strings take text, numbers, bools, paths, addresses, networks, ports, durations, sizes, modes, enum values without payload, and secrets (then the string is sealed). Lists and records have no spelling of their own, and a value that may be absent needs `??`.";
    NOT_ITERABLE = "QG0326", "`for` over something that has no elements",
        "`for x in …` goes over lists, sets and maps; `for k, v in …` over maps. A number, a string or a single thing has no elements.\n\nFor numbers in a row write `for n in range(1, 3)`.";
    MODULE_VALUE = "QG0327", "a value that has no meaning in a NixOS module",
        "In `nix { … }` stand plain data, paths, addresses, files and `nix\"…\"`. Sizes and durations are refused, because each NixOS option spells them in its own way; references, because a module knows nothing of this model; sealed strings, because the module lands in the world-readable store.\n\nWrite the string or number that the option wants, or a field of the reference (`.name`, `.path`).";
    PAYLOAD = "QG0328", "a payload that the variant does not have",
        "`variant { … }` is a variant with its payload. This one has none, or what stands before the brace is no variant of the wanted type.\n\nRemove the braces. For a copy of a record write `value with { … }`.";
    PATH_JOIN = "QG0329", "a path that cannot be joined",
        "`a / b` joins a path and a string or path on its right that is not empty, not absolute and has no `..` part, so that the result is always below the left side.";
    CONDITION = "QG0330", "a condition or a kind-wide saying in a place that has none",
        "`default service if c { … }` speaks of every service for which it holds, and `default route if c { … }` in a body of each route there. Elsewhere a block speaks of one thing.\n\nGive the block a label, or write `if c { … }` around it.";
    NOT_A_BLOCK = "QG0331", "a block on a field that holds no record",
        "`field { … }` sets the fields of a record; this field holds another kind of value.\n\nWrite `field = value`. A reference is changed where the thing is declared: `extend pod arr { … }`; a variant's payload is set as a whole: `field = variant { … }`.";
    APPEND = "QG0332", "a list that adds to itself",
        "`xs = xs + [a]` would ask for the very value it says: a cycle. Lists never unite, and a saying replaces the default.\n\nSay the whole list, or declare the field as `set[T]`: sets unite what several places say.";
    NEVER_ABSENT = "QG0333", "`??` after a value that is always there",
        "The right side of `??` is used when the left one is absent, and this one never is.\n\nRemove `??` and what follows it.";
    NOT_A_MEMBER = "QG0334", "a type that a union does not have",
        "Behind `is` and in the arms of a `match`, a member of a union is called what its type is called: `image` and `pulled` of `image | pulled`, `&Port` of `&Port | url`, `[string]` of `string | [string]`; an enum in a union by its own name, or by its variants. The value here is never of this type.\n\nSay one of the union's members, which the message names.";
    TYPE_CYCLE = "QG0335", "a name for a type that stands for itself",
        "`type A = B` says what A stands for, and there is nothing to be said where that leads back to A.\n\nExample: `type Tree = [Tree]`. A record that holds others of its kind is a schema: `schema Tree { inner: [Tree] = [] }`.";
}
