//! The rooms of the crate are built on each other in one direction, and no files import each other in
//! a circle.
#![allow(clippy::unwrap_used)] // in helpers of tests as well

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up: a room imports nothing of those after it.
const ROOMS: [&str; 9] = [
    "text", "error", "tree", "value", "emit", "parse", "read", "stream", "edit",
];

/// Serde's own recursion: a value's deserializer makes those of its parts, and the other way round.
const CIRCLE: [&str; 2] = ["read::decode::access", "read::decode::deserializer"];

#[test]
fn rooms_import_only_what_is_below_them() {
    let height = |module: &str| {
        let room = module.split("::").next().unwrap();
        ROOMS.iter().position(|name| *name == room)
    };
    for (module, imports) in imports() {
        for import in imports {
            if let (Some(here), Some(there)) = (height(&module), height(&import)) {
                assert!(there <= here, "{module} imports {import}");
            }
        }
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut left = imports();
    let [access, deserializer] = CIRCLE;
    assert!(left.get_mut(access).unwrap().remove(deserializer));
    // Takes away the files that import none of those left, until that changes nothing.
    loop {
        let names: BTreeSet<_> = left.keys().cloned().collect();
        left.retain(|_, imports| !imports.is_disjoint(&names));
        if left.len() == names.len() {
            break;
        }
    }
    assert!(left.is_empty(), "{left:#?}");
}

/// The files that each file imports, all by their module path.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&sources, &mut files);
    let texts: BTreeMap<_, _> = files
        .iter()
        .map(|file| (module(&sources, file), fs::read_to_string(file).unwrap()))
        .collect();
    let public = public_names(&texts["lib"]);
    let imports = texts.iter().filter(|(module, _)| *module != "lib");
    imports
        .map(|(module, text)| {
            let code = text.split("#[cfg(test)]\nmod").next().unwrap();
            let found = used_paths(code).into_iter();
            let found = found.filter_map(|path| {
                let path = absolute(module, &path)?;
                let path = public.get(&path).cloned().unwrap_or(path);
                file_of(&path, &texts).filter(|file| file != module)
            });
            (module.clone(), found.collect())
        })
        .collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

fn module(sources: &Path, file: &Path) -> String {
    let path = file.strip_prefix(sources).unwrap().with_extension("");
    let parts = path.iter().map(|part| part.to_str().unwrap());
    let parts: Vec<_> = parts.filter(|part| *part != "mod").collect();
    parts.join("::")
}

/// Where the names that the crate exports are defined.
fn public_names(lib: &str) -> BTreeMap<String, String> {
    let paths = lib.lines().filter_map(|line| line.strip_prefix("pub use "));
    let paths = paths.flat_map(|path| expand(path.trim_end_matches(';')));
    let name = |path: &str| path.rsplit("::").next().unwrap().to_owned();
    paths.map(|path| (name(&path), path)).collect()
}

/// The paths of all `use` lines.
fn used_paths(code: &str) -> Vec<String> {
    let uses = code.split("\nuse ").skip(1);
    let uses = uses.map(|rest| rest.split(';').next().unwrap());
    uses.flat_map(|path| expand(&path.replace('\n', " ")))
        .collect()
}

/// `a::{b, c}` as `a::b` and `a::c`.
fn expand(path: &str) -> Vec<String> {
    let path = path.replace(' ', "");
    match path.split_once('{') {
        Some((outer, names)) => {
            let names = names.trim_end_matches('}').split(',');
            let names = names.filter(|name| !name.is_empty());
            names.map(|name| format!("{outer}{name}")).collect()
        }
        None => vec![path],
    }
}

/// The path from the root of the crate; nothing for other crates.
fn absolute(module: &str, path: &str) -> Option<String> {
    if let Some(path) = path.strip_prefix("crate::") {
        return Some(path.to_owned());
    }
    if let Some(path) = path.strip_prefix("self::") {
        return Some(format!("{module}::{path}"));
    }
    let path = path.strip_prefix("super::")?;
    let outer = module.rsplit_once("::").map_or("", |(outer, _)| outer);
    Some(
        format!("{outer}::{path}")
            .trim_start_matches("::")
            .to_owned(),
    )
}

/// The file in which `path` is defined.
fn file_of(path: &str, files: &BTreeMap<String, String>) -> Option<String> {
    let ends = path.match_indices("::").map(|(at, _)| at);
    let mut outer: Vec<_> = ends.chain([path.len()]).map(|end| &path[..end]).collect();
    outer.reverse();
    let file = outer.into_iter().find(|outer| files.contains_key(*outer));
    file.map(str::to_owned)
}
