//! Every direct dependency has its reason in `DEPENDENCIES.md`, and nothing else has.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The packages that have dependencies of their own to give a reason for.
const PACKAGES: [&str; 4] = [
    "Cargo.toml",
    "crates/web/Cargo.toml",
    "crates/yaml-splice/Cargo.toml",
    "web/bundle/Cargo.toml",
];

/// The names below `[dependencies]` and `[dev-dependencies]`, but for packages of this workspace.
fn declared() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for package in PACKAGES {
        let mut inside = false;
        for line in read(package).lines() {
            if let Some(heading) = line.strip_prefix('[') {
                inside = heading.ends_with("dependencies]");
                names.extend(own_table(heading));
            } else if let (true, Some((name, value))) = (inside, line.split_once(" = "))
                && !name.starts_with('#')
                && !value.contains("path = ")
            {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

/// The name in a heading like `dependencies.NAME]`.
fn own_table(heading: &str) -> Option<String> {
    let name = heading.strip_suffix(']')?;
    let (_, name) = name.split_once("dependencies.")?;
    Some(name.to_owned())
}

#[test]
fn each_has_its_reason() {
    let text = read("DEPENDENCIES.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("* `"));
    let documented: BTreeSet<_> = rows
        .filter_map(|row| Some(row.split_once('`')?.0.to_owned()))
        .collect();
    assert_eq!(documented, declared());
}
