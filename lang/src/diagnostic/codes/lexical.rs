//! What the lexer finds, and the limits of a file.

super::codes! {
    UNKNOWN_CHARACTER = "QG0001", "a character that means nothing here", "\
Outside of strings and comments a file holds names, numbers, paths, strings and the marks of the language. \
Names hold the letters a–z and A–Z, digits, `_` and `-`.

    café = 1          # an error
    \"café\" = 1        # fine: a string may hold any text

Put text between double quotes, or take the character away.";

    OPEN_STRING = "QG0002", "a string that does not end", "\
A string that begins with `\"` ends with `\"` on the same line; one that begins with `\"\"\"` ends with `\"\"\"`, \
on any line.

    about = \"Photos    # an error

Close the string. For text of several lines use `\"\"\"`.";

    OPEN_HOLE = "QG0003", "a `${` that does not end", "\
In a string, `${` begins an expression that ends with `}`. In a one-line string it ends on that line.

    host = \"${name.example.org\"     # an error
    host = \"${name}.example.org\"    # fine

To write `${` itself, write `$${`.";

    ESCAPE = "QG0004", "an unknown escape", "\
In a one-line string a backslash begins an escape: `\\n` (line end), `\\t` (tab), `\\r`, `\\\"`, `\\\\` and \
`\\u{e4}` (a character by its number). Anything else is an error, so that a typing mistake does not change the text.

    pattern = \"\\d+\"        # an error
    pattern = \"\\\\d+\"       # fine
    pattern = \"\"\"\\d+\"\"\"    # fine: between `\"\"\"` a backslash is itself";

    NUMBER = "QG0005", "a number that is none", "\
What begins with a digit is read as one word: a whole number (`42`), a decimal number (`1.5`), a duration (`1h30m`), \
a size (`512MiB`), a file mode (`0o750`), an address, a network or a port. Whole numbers have at most 64 bits and \
do not begin with `0`. Anything else is text and stands in quotes.

    mode = 0755        # an error
    mode = 0o755       # a file mode
    tag = \"1.2.3\"      # a version is a string";

    QUANTITY = "QG0006", "a duration or size that is none", "\
Durations have the units `ms`, `s`, `m`, `h`, `d`, `w`, the longest first: `1h30m`. Sizes have one number and one of \
`B`, `KB`, `MB`, `GB`, `TB` (thousands) or `KiB`, `MiB`, `GiB`, `TiB` (1024s): `512MiB`. Both are whole numbers.

    every = 10min      # an error
    every = 10m        # fine";

    ADDRESS = "QG0007", "an address or network that is none", "\
Addresses are written without quotes: `192.168.0.28`, `fd00::1`. A network is an address, a `/` and the length \
of its prefix: `10.0.0.0/8`.

    address = 192.168.0.256    # an error: each number goes from 0 to 255";

    PORT = "QG0008", "a port that is none", "\
Ports are numbers from 1 to 65535, with a protocol where one is wanted: `8080`, `8080/udp`, `8080/tcp`. \
A range has both its ends: `8000..8100`.";

    FOREIGN_MARK = "QG0009", "a mark of another language", "\
Some marks of other languages are written differently here: `and`, `or`, `not` for `&&`, `||`, `!`; `#` for `//`; \
double quotes for single ones; a line end or a comma for `;`; `.` for `::`.

    enabled = a && !b           # an error
    enabled = a and not b       # fine";

    BARE_URL = "QG0010", "a URL without quotes", "\
A URL is a string.

    to = http://localhost:8080      # an error
    to = \"http://localhost:8080\"    # fine";

    ENCODING = "QG0011", "a character that text cannot hold", "\
Files are UTF-8 text. A character that was lost when the text came from another encoding (U+FFFD), a control \
character, or a carriage return that stands alone is an error, for it would go unseen into what is made of it.

Save the file as UTF-8 with ordinary line ends and write the character anew.";

    INDENTATION = "QG0012", "a line of a multi-line string that is indented too little", "\
The indentation of the closing `\"\"\"` is taken away from every line between the quotes. So no line may be indented \
less, and tabs and spaces must agree.

    text = \"\"\"
        first
      second        # an error: less than the closing quotes
        \"\"\"";

    TOO_DEEP = "QG0020", "nesting that is too deep", "\
Brackets, braces, parentheses and `${…}` may stand in one another 128 deep. Give an inner part a name with `let`.";

    TOO_LONG = "QG0021", "an expression that is too long", "\
One expression may join some hundred operators, with what stands in its brackets. Put the parts into a list \
(`any([a, b])`, `sum(xs)`), or give some of them names with `let`.";

    FILE_TOO_LARGE = "QG0022", "a file that is too large", "\
A file may be 4 MiB large. Split it into several: the order of files and of items does not matter.";

    SOURCES_TOO_LARGE = "QG0024", "sources that are too large together", "\
All `.qg` files of a fleet together may have 6 MiB, unless qg.toml says otherwise. What is more is not looked at, \
and neither is the rest: half of a fleet would say nothing true of the whole. The finding stands at the file with \
which there is too much; files count in the order of their paths.

What is repeated may be a loop, and a large text lies better beside the sources (`./file`). A fleet that is as large \
as that says so in qg.toml. It takes 35 bytes of memory for each byte of an ordinary \
source and up to 220 for each of an odd one, so that the memory grows with it:

[limits]
sources = \"20MiB\"
memory = \"4GiB\"";

    ODD_ALLOWANCE = "QG0025", "an allowance that cannot be read", "\
A comment that begins with `qg:` is for the compiler. It allows warnings of the codes that it names, on its own line \
or, where nothing stands before it, on the next line that is no comment; and it says why, for who reads it later:

native \"services.n8n\" { }   # qg: allow(QG0683) the owner takes its licence

What a whole fleet makes of a code stands in qg.toml:

[lints]
QG0683 = \"deny\"   # or \"warn\", or \"allow\"

Errors are not allowed by either: what they tell of breaks.";

    IDLE_ALLOWANCE = "QG0026", "an allowance that allows nothing", "\
On its line there is no warning of that code, or none any more. It is taken away, so that it hides nothing later: \
a comment for the compiler (`# qg: allow(…)`) is about its own line or, where nothing stands before it, about the \
next line that is no comment.";

    TOO_MANY = "QG0023", "more findings than are shown", "\
Of one file, the first hundred findings about its writing are shown. Mend them, and the others will follow.";
}
