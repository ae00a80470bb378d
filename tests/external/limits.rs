//! The limits of `docs/measurements/limits.md` in a hundredth of their size: each input ends as it should, in
//! its share of time and memory. `scripts/limits` measures them in full.

use std::path::Path;
use std::process::Command;

use testing::programs::installed;

#[test]
fn each_input_ends_in_its_share_of_time_and_memory() {
    if !installed(&["python3"]) {
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/limits");
    let mut command = Command::new(script);
    command.args([env!("CARGO_BIN_EXE_spot-distribution"), "--quick"]);
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let table = String::from_utf8_lossy(&output.stdout);
    assert_eq!(table.lines().count(), 19, "{table}");
}
