//! What kind of program a file is, as readelf sees it.

use std::path::Path;
use std::process::Command;

/// The machine that `program` is for, after making sure that it needs no library and no loader.
///
/// # Panics
/// Where it does, or where readelf cannot read it.
pub fn machine_of_static(program: &Path) -> String {
    let mut readelf = Command::new("readelf");
    readelf
        .args(["--wide", "--file-header", "--program-headers", "--dynamic"])
        .arg(program);
    let output = readelf.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", program.display());
    for sign in ["INTERP", "(NEEDED)"] {
        assert!(!said.contains(sign), "{sign} in {}", program.display());
    }
    let machine = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("Machine:"));
    machine.unwrap().trim().to_owned()
}
