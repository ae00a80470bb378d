//! The list of what is in the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use testing::programs::installed;

use super::{ROOT, VERSION, dist, succeed};

/// The checksum of each crate, by name and version.
type Crates = BTreeMap<String, Option<String>>;

fn path() -> Option<PathBuf> {
    Some(dist()?.join(format!("release/spot-distribution-{VERSION}.cdx.json")))
}

fn listed(bom: &Value) -> Crates {
    let components = bom["components"].as_array().unwrap().iter();
    components
        .map(|it| {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let [name, version] = ["name", "version"].map(|key| text(&it[key]).unwrap());
            (
                format!("{name} {version}"),
                text(&it["hashes"][0]["content"]),
            )
        })
        .collect()
}

/// Every crate that Cargo.lock knows.
fn locked() -> Crates {
    let lock = fs::read_to_string(format!("{ROOT}/Cargo.lock")).unwrap();
    let packages = lock.split("[[package]]").skip(1);
    packages
        .map(|package| {
            let field = |name: &str| {
                let start = format!("{name} = \"");
                let mut lines = package.lines();
                let value = lines.find_map(|line| line.strip_prefix(&start))?;
                Some(value.trim_end_matches('"').to_owned())
            };
            let [name, version] = ["name", "version"].map(|it| field(it).unwrap());
            (format!("{name} {version}"), field("checksum"))
        })
        .collect()
}

/// The crates that Cargo builds for the program, on any platform.
fn built() -> Vec<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--locked", "--package", "spot-distribution"]);
    cargo.args(["--edges", "normal,build", "--target", "all"]);
    cargo.args(["--prefix", "none", "--no-dedupe"]);
    let tree = succeed(cargo.current_dir(ROOT));
    let mut crates: Vec<_> = tree
        .lines()
        .map(|line| {
            let mut words = line.split_whitespace();
            let mut word = || words.next().unwrap();
            format!("{} {}", word(), word().trim_start_matches('v'))
        })
        .collect();
    crates.sort();
    crates.dedup();
    crates.retain(|it| !it.starts_with("spot-distribution "));
    crates
}

#[test]
fn everything_that_is_built_with_its_checksum() {
    let Some(path) = path() else { return };
    let bom: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert_eq!(bom["metadata"]["component"]["version"], VERSION);
    let listed = listed(&bom);
    let built = built();
    assert!(built.len() > 20, "{built:?}");
    for it in built {
        assert!(listed.contains_key(&it), "{it} is not listed");
    }
    let locked = locked();
    // The engine is built from this repository, not from an archive that has a checksum.
    let own = format!("yaml-splice {VERSION}");
    for (it, checksum) in listed {
        assert_eq!(checksum.is_some(), it != own, "{it}");
        assert_eq!(locked.get(&it), Some(&checksum), "{it}");
    }
}

/// Whether Python has a module, as `installed` for programs.
fn has_module(module: &str) -> bool {
    if !installed(&["python3"]) {
        return false;
    }
    let mut python = Command::new("python3");
    let import = python.args(["-c", &format!("import {module}")]);
    let found = import.output().unwrap().status.success();
    let needed = std::env::var_os("CI").is_some();
    assert!(found || !needed, "Python has no module {module}");
    found
}

/// By the schema of the format, unknown fields included.
#[test]
fn valid_cyclonedx() {
    let Some(path) = path() else { return };
    if !has_module("cyclonedx") {
        return;
    }
    let script = "\
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
sys.exit(JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read()))";
    succeed(Command::new("python3").args(["-c", script]).arg(path));
}

#[test]
fn no_path_of_the_machine_that_made_it() {
    let Some(path) = path() else { return };
    let text = fs::read_to_string(path).unwrap();
    for part in ["/tmp", "/home", "/root", ROOT] {
        assert!(!text.contains(part), "{part}");
    }
}
