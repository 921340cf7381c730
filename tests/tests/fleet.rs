//! The fleet of this repository: `hosts/` and `services/` as `qg.toml` names them.

use std::process::Command;

use qg_tests::disk;

#[test]
fn the_fleet_has_no_findings() {
    let ran = Command::new(env!("CARGO_BIN_EXE_qgc-under-test"))
        .args(["--color", "never", "check", "--deny-warnings", "--format", "short"])
        .current_dir(disk::repository())
        .output()
        .expect("the program runs");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert_eq!(ran.status.code(), Some(0), "{out}{err}");
    // An empty folder would have no findings either.
    assert!(format!("{out}{err}").contains("7 hosts"), "{out}{err}");
}
