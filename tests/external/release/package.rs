//! The crate: what the program is built from, and nothing else.

use std::process::Command;

use super::{ROOT, succeed};

#[test]
fn sources_schemas_and_texts() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["package", "--list", "--allow-dirty", "--locked"]);
    let list = succeed(
        cargo
            .args(["--package", "spot-distribution"])
            .current_dir(ROOT),
    );
    let files: Vec<_> = list.lines().collect();
    for file in [
        "Cargo.lock",
        "Cargo.toml",
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "fn-config/spot-distribution.schema.json",
        "src/main.rs",
    ] {
        assert!(files.contains(&file), "{file} is missing");
    }
    let folders = ["src/", "fn-config/"];
    for file in files {
        let expected = folders.iter().any(|folder| file.starts_with(folder)) || !file.contains('/');
        assert!(expected, "{file} has no place in the crate");
    }
}
