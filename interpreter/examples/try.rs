#![allow(clippy::print_stdout, clippy::unwrap_used)]
use qg_lang::world::MemoryWorld;
fn main() {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut world = MemoryWorld::default();
        world.sources.insert("a.qg".into(), text.as_str().into());
        let build = qg_interpreter::build(&world);
        println!("== {path}");
        for d in &build.diagnostics {
            println!(
                "{} {} {}",
                build.analysis.sources.place(d.primary.span),
                d.code.id,
                d.message
            );
            for o in &d.others {
                println!("     also {} {}", build.analysis.sources.place(o.span), o.text);
            }
            for h in &d.help {
                println!("     help {h}");
            }
        }
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# expect ") {
                let (expr, want) = rest.rsplit_once(" == ").unwrap();
                match build.query(expr) {
                    Ok(json) => {
                        let want: serde_json::Value = serde_json::from_str(want)
                            .unwrap_or(serde_json::Value::String(format!("BAD {want}")));
                        if json != want {
                            println!("  EXPECT {expr}\n     got  {json}\n     want {want}");
                        }
                    }
                    Err(ds) => {
                        for d in ds {
                            println!("  QUERY {expr}: {} {}", d.code.id, d.message);
                        }
                    }
                }
            }
        }
    }
}
