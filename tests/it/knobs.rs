//! Every environment variable that tests and scripts read is in the table of CONTRIBUTING.md.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// Where they are read.
const PLACES: [&str; 8] = [
    ".ci",
    "benchmark",
    "conformance",
    "crates",
    "fuzz/targets",
    "scripts",
    "src",
    "tests",
];

/// Set by the system, by Cargo or for Go, or a variable of manifests that tests write.
const GIVEN: [&str; 10] = [
    "CARGO", "CGO", "HOME", "PATH", "REPLICAS", "RUNNER", "RUSTC", "TERM", "TMPDIR", "XDG",
];

#[test]
fn each_is_in_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let read: BTreeSet<String> = PLACES
        .iter()
        .flat_map(|place| WalkDir::new(root.join(place)))
        .flat_map(|entry| read_by(entry.unwrap().path()))
        .collect();
    assert!(read.contains("UPDATE_GOLDEN"), "{read:?}");
    let missing: Vec<_> = read
        .iter()
        .filter(|name| !page.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "not in CONTRIBUTING.md: {missing:?}");
}

/// Those that a file in Rust or shell reads.
fn read_by(file: &Path) -> Vec<String> {
    let Ok(text) = fs::read_to_string(file) else {
        return Vec::new();
    };
    if file.extension().is_some_and(|extension| extension == "rs") {
        return variables(
            &text,
            &["env::var(\"", "env::var_os(\"", "VARIABLE: &str = \""],
        );
    }
    if text.starts_with("#!") {
        return variables(&text, &["${", "export "]);
    }
    Vec::new()
}

fn variables(text: &str, before: &[&str]) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_uppercase() || c == '_';
    let found = before.iter().flat_map(|before| text.split(before).skip(1));
    let names = found.filter_map(|rest| {
        let name = rest.split(|c| !is_part(c)).next()?;
        let next = rest[name.len()..].chars().next()?;
        let ends = matches!(next, '"' | ':' | '=');
        (ends && name.len() > 1).then(|| name.to_owned())
    });
    names
        .filter(|name| !GIVEN.iter().any(|given| name.starts_with(given)))
        .collect()
}
