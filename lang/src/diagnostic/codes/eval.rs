//! What evaluation finds: clashes of definitions, cycles, absent values.

super::codes! {
    SAID_TWICE = "QG0401", "a field is said twice",
        "Two definitions of the same strength set one field, even if they say the same. Nobody can know which one was meant, so neither wins.\n\nThe ladder, weakest first: schema default, `default kind { … }`, `default x = …`, `x = …`, `override x = …`. Mark the one that gives way with `default`, or the one that wins with `override`, or delete one. What several files may add to should be a set or a map: those unite.";
    CREATED_TWICE = "QG0402", "one thing is created twice",
        "A block with a label creates the thing it names, once. A second block with the same label would silently mix two descriptions.\n\nWrite `extend kind name { … }` to add to what exists, or give the second one another name.";
    OVERRIDES_NOTHING = "QG0403", "`override` over nothing",
        "`override` wins over another definition of the same field. Here there is none: what it was meant to override has gone, or the name is misspelt.\n\nRemove the word `override`, or mend the path.";
    EXTENDS_NOTHING = "QG0404", "`extend` or `default` of something that does not exist",
        "`extend`, `default` and `override` never create. Nothing by this name is created anywhere in the fleet.\n\nMend the name, or remove the word to create it here.";
    CYCLE = "QG0405", "a value that depends on itself",
        "Fields are computed when they are asked for, in any order; but a field whose value needs its own value has none. The finding shows the whole cycle.\n\nBreak it by saying one of the values plainly.";
    MISSING_FIELD = "QG0406", "a required field is not said",
        "The schema wants this field, gives no default for it, and nobody says it.\n\nSay it where the thing is created, or with `default kind { … }` for all of a kind.";
    NOT_FOUND = "QG0407", "a reference to nothing",
        "A reference to something in the model must find it. Nothing by this name exists; perhaps it was renamed or never created.";
    REFINEMENT = "QG0408", "a value outside its limits",
        "The type of this field has a condition (`where …`) that the value does not meet. The finding shows both.";
    BAD_FORMAT = "QG0409", "a string of the wrong form",
        "The type wants a string of a certain form (a URL, a host name, a path, a calendar event, an image), and the string that was computed here is not one.";
    DISABLED = "QG0410", "a reference to something disabled",
        "What is disabled has no output, so whatever is enabled cannot rely on it.\n\nEnable it, disable this too, or remove the reference.";
    ABSENT = "QG0411", "a value that is not there",
        "An optional value was used where one is needed, and it is absent.\n\nGive a value to use instead with `??`, or ask first with `has`.";
    OVERFLOW = "QG0412", "a number out of range",
        "Whole numbers have 64 bits, durations and sizes 64 bits without sign, so they are never negative. The result does not fit. What is divided by 0 has no result at all: ask first, `if n == 0 then 0 else div(x, n)`.";
    OUT_OF_FUEL = "QG0413", "evaluation takes too long",
        "Every program of the language ends, but loops inside loops can take longer than anyone would wait. A fleet may take five million steps, and 20 more for each byte of its sources.\n\nMostly it is a loop inside a loop over something large. A fleet that is as large as that says so in qg.toml; each million steps takes some tenths of a second:\n\n[limits]\nsteps = 20000000";
    TOO_MANY = "QG0414", "too many values",
        "One list or loop makes more than a million values. A list counts with all lists in it, each as often as it stands there: eight times a list of eight times a list soon makes many.";
    TOO_DEEP = "QG0415", "a chain of values that is too long",
        "A value needs another, that one needs another, and so on, some twenty thousand times; or a copy (`with`) is made of a copy more than 250 times.";
    BAD_JOIN = "QG0417", "a path that cannot be joined",
        "The right side of ` / ` is a relative part: not empty, without a leading `/` and without `..`, so that the result always lies below the left side.";
    BAD_PATTERN = "QG0418", "a regular expression that cannot be read",
        "The syntax is that of Rust's `regex` crate: like Perl's, without look-around and back references.";
    TOO_LONG = "QG0419", "a string that is too long",
        "A string that evaluation puts together has more than 16 MiB: no configuration file is that long, and a loop may have gone wrong.\n\nPut less into one string; a large file lies better beside the sources (`./file`).";
    NESTED = "QG0421", "values that nest too deep",
        "Lists, records and the payloads of variants may stand in one another 128 deep, as brackets may in a text. Where definitions take up one another there may be more, and a default that holds itself has no end.\n\n    let a = [1]\n    let b = [a]        # two deep; and so on\n\nPut side by side what need not stand inside.";
    TOO_WIDE = "QG0422", "a type of too many parts",
        "The type of a record is what its fields are, and theirs. A record that holds another one several times, which holds a third one several times, has a type of very many parts.\n\n    let a = { x = 1, y = 1 }\n    let b = { x = a, y = a }       # twice the parts; and so on\n\nDeclare a `schema` for what is used many times: its name is one part.";
    WRONG_VALUE = "QG0420", "a value of the wrong type",
        "The value that was computed does not fit the type that is wanted here. The checker finds nearly all of these before anything is evaluated; a kind that is set as a whole (`service = …`) is one that it leaves.\n\nSay a value of the type that the finding names.\n\nA function says here, too, what it cannot take: two lists of different length (`zip`), two values of one key (`index_by`), values that have no order (`sort`), a duration with a rest of milliseconds (`seconds`).";
    OUT_OF_MEMORY = "QG0425", "a fleet that needs too much memory",
        "What evaluation makes, and what the files of the hosts would be made of, is counted in bytes as it is made. Here it came to more than a run may take: 1 GiB, unless qg.toml says otherwise. The finding stands where the limit was reached.\n\nMostly something makes itself again and again: a default whose field has the same default, a loop over a loop, a value that stands eight times in a value that stands eight times. Break that where the finding points.\n\nA fleet that is as large as that says so in qg.toml:\n\n[limits]\nmemory = \"4GiB\"";
    OUT_OF_NETWORK = "QG0426", "an address beyond its network",
        "`nth(net, at)` is the address at a place of a network, counted from 0. A network with the prefix `/24` has 256 of them, one with `/32` has one.\n\nExample: `nth(10.9.0.0/24, 300)`. Take a smaller number, or a network with a shorter prefix: `10.9.0.0/16`.";
}
