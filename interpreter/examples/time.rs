#![allow(clippy::print_stdout, clippy::unwrap_used)]
use qg_lang::world::MemoryWorld;
use std::time::Instant;
fn main() {
    let mut world = MemoryWorld::default();
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap();
        world.sources.insert(path.as_str().into(), text.as_str().into());
    }
    for _ in 0..3 {
        let t = Instant::now();
        let a = qg_lang::analyze(&world);
        let t1 = t.elapsed();
        let t = Instant::now();
        let build = qg_interpreter::evaluate(a, &world);
        println!("analyze {:?} evaluate {:?} diags {}", t1, t.elapsed(), build.diagnostics.len());
        for d in build.diagnostics.iter().take(3) {
            println!(
                "{} {} {}",
                build.analysis.sources.place(d.primary.span),
                d.code.id,
                d.message
            );
        }
    }
}
