//! Names and what they stand for.

super::codes! {
    UNKNOWN_NAME = "QG0201", "nothing has this name",
        "A bare name is, in this order: a `let`, a `for` binder, a parameter, a function or an import; a top-level kind; a field of the top-level entity around it; a variant of the type that is wanted in this place. This name is none of them.\n\nExample: `to = prots.web` in a service without a field `prots`.\n\nLook for a slip of the pen (the nearest name is shown), import the name, or write a string in quotes if text was meant.";
    UNKNOWN_TYPE = "QG0202", "no type has this name",
        "A type is a built-in one (`string`, `port`, `path`, …), a schema or an enum of this file, of the standard library or imported, or a kind (`service`: a reference to one).\n\nExample: `fn f(x: strnig) -> string = x`.\n\nCorrect the name, or import the schema or enum with `import folder.file.Name`.";
    UNKNOWN_FIELD = "QG0203", "there is no such field",
        "Every record has a schema that says which fields it has; a name outside of it is always a mistake, never silently ignored.\n\nExample: `route web { exopse = public }`.\n\nCorrect the name (the nearest one is shown). Where the field belongs to a nested record, say it there. To add a field to a schema: `extend schema Route { field: string? }`.";
    UNKNOWN_KIND = "QG0204", "the model has no such kind",
        "At the top of a file stand fields of `schema Model`: kinds such as `service` and `host`, and records such as `fleet`. This word is none of them.\n\nExample: `servise jellyfin { … }`.\n\nCorrect the word, or add a kind of your own: `extend schema Model { game: {Game} = {} }`.";
    DUPLICATE_DECLARATION = "QG0205", "a name is declared twice",
        "Within one file, each `let`, `fn`, `schema`, `enum` and import has a name of its own, and so has each `let` of a body.\n\nRename one of the two, or import with `as other`.";
    DUPLICATE_FIELD = "QG0206", "a field or variant is declared twice",
        "A schema has each field once, even when several files add to it with `extend schema`; an enum has each variant once.\n\nRename one of the two, or remove it.";
    IMPORT_FILE = "QG0207", "an import's file does not exist",
        "`import folder.file.name` reaches the declaration `name` of the file `folder/file.qg`, from the fleet's root, and `import folder.file` the whole file, whose declarations are then `file.name`; `import std.images.linuxserver` is one of the standard library. No such file is there.\n\nCorrect the path: no `.qg`, dots between the parts.";
    IMPORT_NAME = "QG0208", "an import's name cannot be had from its file",
        "The file exists, but it declares no such name, or the declaration is not `pub` and so belongs to its file alone. The same holds for `file.name`, where a whole file is imported.\n\nCorrect the name, or write `pub` before the declaration.";
    UNKNOWN_VARIANT = "QG0209", "the enum has no such variant",
        "`is`, `match` and `Enum.variant` name a variant of one enum, and this one does not have it.\n\nExample: `if route.web.expose is pubic { … }`.\n\nCorrect the name; in a `match`, `else` stands for all that is left.";
    KIND_TWICE = "QG0210", "a word is both a kind and a nested kind",
        "Kinds are map fields of `schema Model`, nested kinds are map fields of other schemas. If a word were both, `thing x { … }` in a body could mean either.\n\nRename the one you declare.";
    LABEL_MISSING = "QG0211", "a block on a map field needs a label",
        "A field that is a map holds things by name, so a block on it says which: `service jellyfin { … }`, `route web { … }`.\n\nWrite the name behind the word. To set several keys at once, write `field = { key = … }`.";
    LABEL_UNWANTED = "QG0212", "a label where the field is one record",
        "A label names one of many; this field is a single record, or no record at all.\n\nExample: `container web { … }` where a service has one `container`.\n\nRemove the label.";
    DEFINITION_CYCLE = "QG0213", "functions or lets are defined by themselves",
        "The language has no recursion: a function may not call itself, and a `let` may not be worth something that depends on it, not even through others. The places of the whole cycle are shown.\n\nBreak the cycle at one of them; for repetition there are `for` and the functions over lists.";
    GENERATOR_CYCLE = "QG0214", "what exists depends on itself",
        "What exists comes before what it is worth. What a `for`, an `if` or a computed label at the top of a file reads, the names of a kind or one of its fields, must not be written by anything that depends on that head.\n\nRefused: `for s in service { service \"${s.name}-db\" { … } }`: which services exist would depend on which services exist.\nFine: `for s in service { extend service \"${s.name}\" { about = … } }`, and `for h in host if h.settings.gaming { service \"sunshine-${h.name}\" { … } }`.\n\nLoop over something that is known before: a `let`, another kind, a list.";
    MISSING_FILE = "QG0215", "a file beside the source does not exist",
        "`./path` names a file beside the source file that says it, and it must exist when the fleet is compiled.\n\nCreate it, or correct the path. A path on the target starts with `/`.";
    MISPLACED_DECLARATION = "QG0216", "a declaration inside a body",
        "`fn`, `schema`, `enum` and `import` stand at the top of a file, not within braces.\n\nMove it to the top; what it needs from here becomes a parameter.";
    BUILTIN = "QG0217", "a function has no body",
        "Functions without a body, and type variables, belong to the standard library: they are built into the program.\n\nWrite `= …` behind the function's head.";
    FROM_FIELD = "QG0218", "`from` names no field of the schema",
        "`schema Port from inside` says that a plain value where a `Port` is wanted is its `inside`; so the schema must declare that field.\n\nCorrect the name, or declare the field.";
    NO_SELF = "QG0219", "`self` outside of any record",
        "`self` is the innermost record around a place. At the top of a file, in a `let` or in a function there is none.\n\nName the thing (`service.jellyfin`), or give the function a parameter.";
    DATA_FILE = "QG0220", "a file of data that cannot be read",
        "`import ./machines.json as machines: {Machine}` reads a file beside the source: JSON, YAML, TOML, or CSV with a header, by its ending. It is text in UTF-8 of at most 4 MiB, and lies below the folder of the fleet or of the library.\n\nCorrect the path, or put the file there.";
    DATA_FORM = "QG0221", "a file of data that is not of its format",
        "What is imported is read as JSON (RFC 8259, without comments), YAML 1.2 (one document, without tags of one's own), TOML 1.1 or CSV (RFC 4180: commas, a header, quotes that are doubled within quotes), by the ending of the file. This one is something else from this place on.\n\nCorrect the file; its own tools show where it is wrong, too.";
    DATA_KEY = "QG0222", "a key of data that is not one",
        "A record of data has each key once: programs differ in which of two they take. A key is a text, in YAML too, where lists and records could stand and `<<` is of an older version. In CSV each column has a name of its own and, where a map is wanted, each row a name in its first column.\n\nRemove one of the two, or give it another name.";
    DATA_VALUE = "QG0223", "a value of data that cannot be what is wanted",
        "Data is held against the type that is stated, as a literal in a source is. What has no quotes in a source is a text in data, of the same form: `\"10.0.0.1\"` where an address is wanted, `\"30s\"` for a duration, `\"public\"` for a variant, `\"edge\"` for `host.edge`; a variant with a payload is a record with that one key, `{\"sso\": {\"factor\": \"one\"}}`. There is no null: what may be absent is left out, or null. Whole numbers have 64 bits, and no number is NaN or without end.\n\nCorrect the value in the file, or the type behind the name of the import.";
    DATA_LARGE = "QG0224", "data that is too much",
        "A file of data comes to 500,000 values at most, and nests 128 deep. In YAML, `*name` says a value again, and counts as often as it stands there.\n\nSplit the file, or keep it beside the sources as a file that no one reads (`./file`).";
    LOST_IMPORTS = "QG0227", "modules that a stronger list leaves out",
        "Lists never unite: `imports` of a module of Nix that is said for one host takes the place of the one that a default says, and of all modules in it.\n\nExample: `default host { nix { imports = [./base.nix] } }` and `host box { nix { imports = [./box.nix] } }`: box is without base.nix.\n\n`modules = [./box.nix]` of the host comes besides what `nix` imports. Where the list is to take the place of the other one, say `override imports = […]`. This is a warning; `--deny-warnings` makes it an error.";
    OF_NO_HOST = "QG0228", "what is said of a secret for a host that does not open it",
        "`owner`, `group`, `mode`, `path` and `restart` of a secret are about the file on a host. Where a session opens it (`secrets` of a home) the file is the account's own, and lies where the home says; nothing starts anew when it changes.\n\nExample: `secret ssh { path = /home/anna/.ssh/id }` that only `home desk { secrets.ssh = secret.ssh }` opens.\n\nSay it in the home: `secrets.ssh = { secret = secret.ssh, path = /home/anna/.ssh/id }`. This is a warning; `--deny-warnings` makes it an error.";
    UNUSED_IMPORT = "QG0230", "an import is not used",
        "What a file imports and never names is left over, or it shows that something else was used in its place.\n\nExample: `import std.images.linuxserver` in a file that no longer says `linuxserver(…)`.\n\nRemove the import. This is a warning; `--deny-warnings` makes it an error.";
    UNUSED_DECLARATION = "QG0231", "a declaration is not used",
        "A `let`, `fn`, `schema` or `enum` of a file that is not `pub` belongs to that file alone, and a `let` in a body to that body. Nothing there names this one: it is left over, or something else was named in its place.\n\nExample: `let media = /srv/media` in a file that says `/srv/media` everywhere.\n\nRemove it. `pub` before it lends it to other files; a name that begins with `_` stands there on purpose.";
    UNUSED_PARAMETER = "QG0232", "a parameter is not used",
        "The function gives the same whatever is handed to it here: the parameter is left over, or its body names something else.\n\nExample: `fn url(host: string, port: int) -> string = \"http://${host}\"`.\n\nUse it or remove it. Where it has to stand there, as in a function that another one calls, its name begins with `_`.";
    UNUSED_BINDER = "QG0233", "what a loop or a `match` binds is not used",
        "Each turn of a loop that does not use its element makes the same, which is seldom meant; of two binders the first may be left out, and a variant in a `match` needs no name for its payload.\n\nExample: `for s in service { deny \"x\" { … } }`.\n\nUse it, leave it out where the form allows that, or begin its name with `_`.";
    HIDDEN_FIELD = "QG0234", "a name hides a field",
        "A bare name in an entity is first what the file binds, and only then a field of the entity. So `let name = \"x\"` at the top of a file makes each bare `name` in its entities \"x\", and not the entity's own name.\n\nExample: `let name = \"nas\"` above `service backup { about = \"of ${name}\" }`.\n\nSo is a kind: where a fleet has added a field `game` to services, and there is a kind `game`, a bare `game` in a service is the kind.\n\nGive the `let` another name; a field is read as `self.game`, or by its whole path. What is said of the field itself (`about = about`) is not meant by this.";
    QUOTED_REFERENCE = "QG0235", "a string is the text of a reference",
        "In quotes, `\"secret.smtp\"` is a text of eleven characters: nothing looks it up, and what reads it gets those characters.\n\nExample: `env.PASSWORD = \"secret.smtp\"`.\n\nLeave the quotes out, or read what is wanted of the entity: `\"${secret.smtp}\"` is the secret where one may stand, `secret.smtp.path` its file, `service.app.name` a name.";
    UNREAD_FIELD = "QG0236", "a field of one's own that nothing reads",
        "`extend schema` adds a field to a record of the library. The compiler writes what the library's own fields say, so a field of one's own does something only where the fleet reads it: in a loop, a condition, another field.\n\nExample: `extend schema Unit { Nice: int? }`, and then `unit.Nice = 5`: no unit has that line.\n\nSay keys of the program by its own names where the record has a field for them (`unit.service.Nice = 5`, `container.quadlet.X = …`), read the field, or remove it.\n\nThe same holds for what a kind of one's own has of the library's records, as `file: {File}`: it is written where a thing of the library has it, `for g in game { service \"${g.name}\" { on = g.on, file = g.file } }`. Fields of kinds (`extend schema Host { rack: int? }`) may be there for `qgc query` alone and are not meant, unless they are written like a key of a program, or are a switch (`bool`), which is there to switch something.";
    OWN_BEFORE = "QG0237", "the library has a field or kind of this name by now",
        "A fleet added a field or a kind with `extend schema`, and a later standard library has one of that name, which says `## Since: …`. The fleet's own holds, as before; the library's is not there in this fleet.\n\nGive yours another name to have the library's as well, or remove it to use the library's in its place.";
    DEPRECATED = "QG0240", "something deprecated",
        "A doc comment says `## Deprecated: …` of this field, variant, function, value, schema, enum or kind: it still does what it did, and will go one day. Behind the word stands what to say in its place.\n\nSay that. The file that declares it may go on using it.";
}
