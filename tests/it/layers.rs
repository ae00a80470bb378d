//! The rooms of the program stand in layers: a file imports only from rooms below its own.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers from the bottom. Rooms of the same layer do not know each other.
const LAYERS: &[&[&str]] = &[
    &["krm", "placement", "requests"],
    &["findings"],
    &["report", "parse", "response"],
    &["config"],
    &["admission", "fields", "room"],
    &["inventory"],
    &["companion"],
    &["run"],
    &["load"],
    &["plan", "audit"],
    &["function"],
    &["cli"],
];

#[test]
fn no_room_imports_from_its_layer_or_above() {
    let mut problems = Vec::new();
    for file in sources() {
        let room = room_of(&file);
        let Some(layer) = layer_of(&room) else {
            problems.push(format!("{}: room {room} has no layer", file.display()));
            continue;
        };
        for imported in imports(&file) {
            let is_below = layer_of(&imported).is_none_or(|other| other < layer);
            if imported != room && !is_below {
                problems.push(format!("{} imports {imported}", file.display()));
            }
        }
    }
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn placement_knows_no_yaml() {
    let placement = sources()
        .into_iter()
        .filter(|file| room_of(file) == "placement");
    for file in placement {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("yaml_splice"), "{}", file.display());
    }
}

fn layer_of(room: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&room))
}

/// The folder below `src`, or the name of a file that lies there itself.
fn room_of(file: &Path) -> String {
    let below = file.strip_prefix(src()).unwrap();
    let first = below.components().next().unwrap();
    Path::new(&first)
        .file_stem()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned()
}

/// The rooms that `file` names by `crate::`, in code and not in links of its documentation.
fn imports(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let named = code.flat_map(|line| line.split("crate::").skip(1));
    let word = |rest: &str| {
        rest.split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
            .unwrap_or("")
            .to_owned()
    };
    named.map(word).collect()
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file of a room: not `lib.rs` and `main.rs`, which name them all.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![src()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    found.retain(|path| !path.ends_with("src/lib.rs") && !path.ends_with("src/main.rs"));
    assert!(found.len() > 50, "the sources are found");
    found
}
