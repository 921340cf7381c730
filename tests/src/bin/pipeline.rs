//! The pipeline as a process of its own, for tests that must survive it: takes fleets, says how
//! far each came.

use std::thread;

use qg_tests::{bounded, pipeline};

fn main() {
    // The usual stack of a thread, which the language server's have too: what needs more must take
    // care of that itself.
    let worker = thread::spawn(|| {
        bounded::serve(|job| format!("{:?}", pipeline::run(&pipeline::unpacked(job))));
    });
    if worker.join().is_err() {
        std::process::exit(101);
    }
}
