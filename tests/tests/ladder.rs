//! The ladder with its layers, against a model of ten lines: random sayings of one field, and of one entry of a map.

use std::fmt::Write as _;

use qg_interpreter::{Build, build};
use qg_lang::world::MemoryWorld;
use qg_tests::mutate::Random;

/// The rung, whom it is for, and the mark: as the reference tells them, the weakest first.
type Rung = (u8, u8, u8);

/// One saying: its rung, and what it says; none is `unset`.
type Saying = (Rung, Option<i64>);

#[derive(Debug, PartialEq)]
enum Worth {
    Is(i64),
    Absent,
    /// The code of the finding.
    Refused(&'static str),
}

const OF_A_KIND: u8 = 1;
const OVERRIDE: u8 = 2;

/// What a field is worth of which this is said.
fn worth(said: &[Saying], is_entry: bool) -> Worth {
    let Some(top) = said.iter().map(|(rung, _)| *rung).max() else { return Worth::Absent };
    let strongest: Vec<_> = said.iter().filter(|(rung, _)| *rung == top).collect();
    let nobody_says = is_entry && said.iter().all(|(_, value)| value.is_none());
    match strongest.as_slice() {
        _ if nobody_says && top.0 == OF_A_KIND => Worth::Absent,
        _ if nobody_says => Worth::Refused("QG0403"),
        all if all.len() == said.len() && top.2 == OVERRIDE => Worth::Refused("QG0403"),
        [(_, Some(value))] => Worth::Is(*value),
        [_] => Worth::Absent,
        _ => Worth::Refused("QG0401"),
    }
}

/// A saying of `game.NAME.level.a` with a mark, in one of the places where it can stand.
fn say(name: &str, path: &str, value: &str, random: &mut Random) -> (Rung, String) {
    let mark = random.below(3) as u8;
    let word = ["default ", "", "override "][usize::from(mark)];
    let item = format!("{word}{path} = {value}");
    let all = format!("default game if name == \"{name}\"");
    match random.below(6) {
        0 => ((OF_A_KIND, 0, mark), format!("{all} {{ default level {{ {item} }} }}")),
        1 => ((OF_A_KIND, 1, mark), format!("{all} {{ {word}level.a.{path} = {value} }}")),
        2 => ((OF_A_KIND, 1, mark), format!("{all} {{ extend level a {{ {item} }} }}")),
        3 => ((OF_A_KIND, 2, mark), format!("extend game {name} {{ default level {{ {item} }} }}")),
        4 => {
            // The mark of the item wins over that of the block around it.
            let own = if mark == 1 { 0 } else { mark };
            ((2 + own, 0, own), format!("default game {name} {{ extend level a {{ {item} }} }}"))
        }
        _ => (
            (2 + mark, 0, mark),
            format!("extend game {name} {{ {word}level.a.{path} = {value} }}"),
        ),
    }
}

fn found(fleet: &Build, name: &str, path: &str) -> Worth {
    let at = format!("`game.{name}.level.a.{path}`");
    let mut told = fleet.diagnostics.iter().filter(|it| it.message.contains(&at));
    if let Some(told) = told.next() {
        return Worth::Refused(told.code.id);
    }
    let question = format!("game.{name}.level.a.{path} ?? -1");
    match fleet.ask(&question, &[]).expect("an answer").json.as_i64().expect("a number") {
        -1 => Worth::Absent,
        number => Worth::Is(number),
    }
}

#[test]
fn the_ladder_is_that_of_the_model() {
    const GAMES: usize = 400;
    let mut random = Random(12);
    let mut text = String::from(
        "extend schema Model { game: {Game} = {} }\nschema Game { level: {Level} = {} }\n\
         schema Level { n: int?, m: {int} = {} }\n",
    );
    let mut cases = Vec::new();
    for game in 0..GAMES {
        let name = format!("g{game}");
        let path = *random.pick(&["n", "m.K"]);
        writeln!(text, "game {name} {{ level a {{}} }}").expect("a text");
        let mut said = Vec::new();
        for value in 0..random.below(6) as i64 {
            let value = (!random.one_in(4)).then_some(value);
            let shown = value.map_or_else(|| "unset".to_owned(), |it| it.to_string());
            let (rung, line) = say(&name, path, &shown, &mut random);
            said.push((rung, value));
            writeln!(text, "{line}").expect("a text");
        }
        cases.push((name, path, said));
    }
    let world =
        MemoryWorld { sources: [("a.qg".into(), text.into())].into(), ..MemoryWorld::default() };
    let fleet = build(&world);
    let mut seen = [0; 4];
    for (name, path, said) in &cases {
        let expected = worth(said, *path != "n");
        assert_eq!(found(&fleet, name, path), expected, "game {name}: {path}: {said:?}");
        seen[match expected {
            Worth::Is(_) => 0,
            Worth::Absent => 1,
            Worth::Refused("QG0401") => 2,
            Worth::Refused(_) => 3,
        }] += 1;
    }
    assert!(seen.iter().all(|count| *count > GAMES / 40), "each outcome is met: {seen:?}");
}
