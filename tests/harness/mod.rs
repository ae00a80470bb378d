//! Runs the cases and reports everything that differs.

mod case;
mod laws;
mod rules;
mod schema;

use std::fs;
use std::path::{Path, PathBuf};

use case::Case;

/// Checks every folder of `collection` that `wanted` takes, and fails with all that is wrong.
pub fn check_all(collection: &str, wanted: impl Fn(&str) -> bool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(collection);
    let mut folders = folders(&root);
    folders.retain(|folder| wanted(&name(folder)));
    assert!(!folders.is_empty(), "{collection} holds no case");
    let problems: Vec<_> = folders
        .iter()
        .flat_map(|folder| {
            let problems = Case::new(folder).check();
            let name = name(folder);
            problems
                .into_iter()
                .map(move |problem| format!("{name}: {problem}"))
        })
        .collect();
    assert!(
        problems.is_empty(),
        "{} problems in {collection}\n\n{}",
        problems.len(),
        problems.join("\n\n")
    );
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).unwrap();
    let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}
