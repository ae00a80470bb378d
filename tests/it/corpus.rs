//! What holds for every input of the function, on the corpus of the fuzz targets and on a few
//! thousand generated inputs; `CORPUS_RUNS=1000000 cargo test --release --test it corpus` is a longer run.

use std::fs;
use std::path::{Path, PathBuf};

use testing::generators::mix::Mix;
use testing::generators::random::Random;
use testing::invariants;

/// Calls `check` with every file of a corpus.
fn replay(corpus: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(corpus);
    let files = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    for file in files {
        // The name is shown where the check fails.
        println!("{}", file.display());
        check(&fs::read(&file).unwrap());
    }
}

fn runs() -> u64 {
    let runs = std::env::var("CORPUS_RUNS").ok();
    runs.and_then(|runs| runs.parse().ok()).unwrap_or(2000)
}

#[test]
fn function() {
    replay("function", invariants::function::check);
}

/// What arrives when whoever writes the list ends in the middle: whatever its bytes say, nothing is
/// lost of it.
#[test]
fn every_beginning_of_a_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/function");
    let list = fs::read(folder.join("shape-estate.yaml")).unwrap();
    for end in 0..list.len() {
        invariants::function::check(&list[..end]);
    }
}

#[test]
fn configuration() {
    replay("configuration", invariants::configuration::check);
}

#[test]
fn manifests() {
    replay("manifests", |choices| {
        invariants::manifests::check(&mut Random::of(choices), &Mix::SMALL);
    });
    for seed in 0..runs() {
        println!("seed {seed}");
        invariants::manifests::check(&mut Random::new(seed), &Mix::LARGE);
    }
}
