//! Changes that make things deep, shared or many.

use super::Random;
use super::tokens::Text;
use super::values::value;

/// What can be put around a value, again and again.
const AROUND: &[(&str, &str)] = &[
    ("[", "]"),
    ("(", ")"),
    ("{ a = ", " }"),
    ("not ", ""),
    ("-", ""),
    ("1 + ", ""),
    ("[1] + ", ""),
    ("null ?? ", ""),
    ("if true then ", " else 1"),
    ("if ", " then 1 else 2"),
    ("match 1 { 1 => ", ", else => 1 }"),
    ("match 1 { int n => ", ", &Port p => 1, else => 1 }"),
    ("", " is &Port"),
    ("", " is [int]"),
    ("x => ", ""),
    ("[for x in [1]: ", "]"),
    ("\"${", "}\""),
    ("f(", ")"),
    ("{ } with { a = ", " }"),
    ("", ".a"),
    ("", " |> f"),
    ("nix\"[", "]\""),
    ("nix\"${", "}\""),
];

/// Items that build on the one before: `@` is the number of this one, `^` that of the one before.
/// The first one is given; what the last one is called is the same in all.
const TOWERS: &[(&str, &str)] = &[
    ("type T@ = int\nlet t@ = 1\n", "type T@ = [T^]\nlet t@: T@ = [t^]\n"),
    ("type T@ = int\nlet t@ = 1\n", "type T@ = (T^, T^) -> T^ | int\nlet t@: T@ = 1\n"),
    ("let t@ = 1\n", "let t@ = [t^]\n"),
    ("let t@ = 1\n", "let t@ = { a = t^ }\n"),
    ("let t@ = [1]\n", "let t@ = [t^, t^, t^, t^, t^, t^, t^, t^]\n"),
    ("let t@ = { a = 1 }\n", "let t@ = { a = t^, b = t^, c = t^ }\n"),
    ("let t@ = \"a\"\n", "let t@ = \"${t^}${t^}\"\n"),
    ("let t@ = \"a\"\n", "let t@ = t^ + t^\n"),
    ("let t@ = [1]\n", "let t@ = t^ + t^\n"),
    ("let t@ = [1]\n", "let t@ = t^ + [1]\n"),
    ("let t@ = [1]\n", "let t@ = [for x in t^ for y in t^: [x, y]]\n"),
    ("let t@ = [1]\n", "let t@ = [for x in range(0, 100): t^]\n"),
    ("let t@ = { a = 1 }\n", "let t@ = t^ with { a = t^ }\n"),
    ("let t@ = 1\n", "let t@ = if t^ == t^ then t^ else t^\n"),
    (
        "fn g@(x: int) -> int = x\nlet t@ = 1\n",
        "fn g@(x: int) -> int = g^(x) + g^(x)\nlet t@ = g@(1)\n",
    ),
    (
        "fn g@(x: data) -> data = x\nlet t@ = [1]\n",
        "fn g@(x: data) -> data = [g^(x), g^(x)]\nlet t@ = g@(1)\n",
    ),
    (
        "schema G@ { a: int = 1 }\nlet t@ = 1\n",
        "schema G@ { a: G^ = { }, b: G^ = { } }\nlet t@: G@ = { }\n",
    ),
    (
        "enum G@ { no, yes { a: int = 1 } }\nlet t@ = 1\n",
        "enum G@ { no, yes { a: G^ = no, b: G^ = yes { } } }\nlet t@: G@ = yes { }\n",
    ),
    (
        "schema G@ { a: int? }\nlet t@ = 1\n",
        "schema G@ from G^ { a@: [G^] = [], b@: {G^} = { } }\nlet t@: G@ = { }\n",
    ),
];

/// Schemas and enums that hold themselves.
const LOOPS: &[&str] = &[
    "schema Z { a: Z = { }, b: Z = { } }\nextend schema Model { z: Z = { } }\n",
    "schema Z { a: [Z] = [{ }, { }] }\nextend schema Model { z: Z = { } }\n",
    "schema Z { a: {Z} = { x = { }, y = { } } }\nextend schema Model { z: Z = { } }\n",
    "enum Z { no, yes { a: Z = yes { }, b: Z = yes { } } }\nextend schema Model { z: Z = yes { } }\n",
    "fn z(x: data) -> data = [z(x), z([x])]\nextend schema Model { z: data = z(1) }\n",
    "extend schema Model { z: data = { a = self } }\n",
    "extend schema Model { z: {data} }\nz \"a\" { b = z }\n",
    "for s in service { service \"${s.name}x\" { } }\n",
];

const TIMES: &[usize] = &[2, 9, 30, 200, 3_000, 20_000];

/// One change.
pub(super) fn change(text: &Text, random: &mut Random) -> String {
    try_change(text, random).unwrap_or_else(|| text.slice(0..text.len()).to_owned())
}

fn try_change(text: &Text, random: &mut Random) -> Option<String> {
    let times = *random.pick(TIMES);
    Some(match random.below(6) {
        // Deep where it stands.
        0 => {
            let range = value(text, random)?;
            let (open, close) = random.pick(AROUND);
            let inner = text.slice(range.clone());
            text.with(range, &format!("{}{inner}{}", open.repeat(times), close.repeat(times)))
        }
        // A group in itself.
        1 => {
            let (outer, inner) = (text.group(random)?, value(text, random)?);
            text.with(inner, &text.slice(outer).repeat(times.min(9)))
        }
        // Deep or shared through names.
        2 | 3 => {
            let (first, next) = random.pick(TOWERS);
            let mut tower = first.replace('@', "0");
            for index in 1..times.min(8_000) {
                let next = next.replace('@', &index.to_string());
                tower.push_str(&next.replace('^', &(index - 1).to_string()));
            }
            let top = format!("t{}", times.min(8_000) - 1);
            format!("{tower}{}", text.with(value(text, random)?, &top))
        }
        4 => format!("{}{}", random.pick(LOOPS), text.slice(0..text.len())),
        // Many: an item again and again, under other names where it has a name.
        _ => {
            let range = text.item(random)?;
            let item = text.slice(range.clone());
            let name = Text::of(item);
            let name = name.tokens().get(1).map(|(_, range)| range.clone());
            let mut all = String::new();
            for index in 0..times {
                match &name {
                    Some(name) => {
                        all.push_str(item.get(..name.end)?);
                        all.push_str(&index.to_string());
                        all.push_str(item.get(name.end..)?);
                    }
                    None => all.push_str(item),
                }
                if all.len() > super::LONGEST {
                    break;
                }
            }
            text.with(range, &all)
        }
    })
}
