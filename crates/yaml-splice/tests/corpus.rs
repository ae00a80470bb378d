//! What holds for every text, on the corpus of the fuzz targets, on the YAML test suite, and on a few
//! thousand generated edits; `CORPUS_RUNS=1000000 cargo test --release -p yaml-splice --test corpus`
//! is a longer run.
#![allow(clippy::unwrap_used)] // in helpers of tests as well

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use testing::generators::random::Random;
use testing::invariants;

/// Calls `check` with every file of a corpus.
fn replay(corpus: &str, check: fn(&[u8])) {
    let folder = data("corpus").join(corpus);
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

/// Where the data of the tests is.
fn data(name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    tests.join(name)
}

fn runs() -> u64 {
    let runs = std::env::var("CORPUS_RUNS").ok();
    runs.and_then(|runs| runs.parse().ok()).unwrap_or(2000)
}

#[test]
fn document() {
    replay("document", invariants::edits::check_text);
}

/// Texts whose ends, keys and line breaks are easily taken for something else.
const HARD: [&str; 57] = [
    "? ? a\n: b\n",
    "- ? ? a\n  : b\n",
    "? - ? a\n: b\n",
    "k:\n  ? ? a\n\n  : b\n",
    "? a\n? b\n: c\n",
    "{? a, ? b : c}\n",
    "a: |\n  x\nb: 1",
    "a: |+\n  x\nb: 1",
    "a: |+\n  x\n\nb: 1",
    "a: |-\n  x\nb: 1",
    "a: |\n  x\n\n\nb: 1",
    "a: |\n  x\n# c\nb: 1",
    "a: >\r\n  x\r\nb: 1",
    "- |\n  x\n- y",
    "l:\n- |+\n  x\n\n- y",
    "a:\n  b: |\n    x\n  c: 1",
    "a: |+\n  x\n  ",
    "a: |\n  x",
    "a: |+\n  x",
    "a: 1\nb: 2",
    "a:\n  b: 1",
    "i: |\n !\ns:\n \n  \n",
    "i: |\n  x\ns: 1\n\n   # deep\nt: 2\n",
    "a: b ",
    "a:\n- b\n- c ",
    "a: [? ]\n",
    ": \n- #",
    "\n\n\u{feff}a: 1\nb: 2\n",
    "# a\n\u{feff}- 1\n- ?\n",
    "? |+ # c",
    "? - a\n:me: b\n",
    "k: {&a\nb c, d: e}\n",
    "k: {a\n b, c: d}\n",
    "l:\n- a\n- # c\n",
    "l:\n- # c\n- # d\n\nz: 1\n",
    "- - # x\n  - b\n",
    ":\n- &a",
    "- !!null # c\n- &a # c\n",
    "? a: b\n? c\nd: e\n",
    "a: 1\n     \n",
    "a:\n- b\n\n          # deep\nc: 1\n",
    "?\n  a\n: b\nc: d\n",
    "? # c\n: d\ne: f\n",
    "a: b\n?\n\n# c\nd: e\n",
    "a:\n- ?\n# c\n- b\n",
    "b: 1\na: |\n    \t\n",
    "a: |1\n    \n",
    "a: |+\n  x\n    ",
    "a: |+\n ",
    "x:\n  a: |+\n\nb: 1\n",
    "? a\nb: c\n: d\n",
    "a:\n- b\r\r\n- c",
    "a: {? b : c}\n",
    "a: { # b\n ? }\n",
    "a: [? b : c]\n",
    "a: |+\n  x\nb: 1\n\nc: 2\n",
    "a:\n- b\n- c: d\n  ? e: |+\n:\n  f\n",
];

#[test]
fn edits_of_hard_texts() {
    for text in HARD {
        for seed in 0..300 {
            println!("seed {seed} of {text:?}");
            invariants::edits::edit(text, &mut Random::new(seed));
        }
    }
}

#[test]
fn scan() {
    replay("scan", invariants::scan::check);
    for corpus in ["configuration", "document", "function"] {
        replay(corpus, |data| {
            if let Ok(text) = std::str::from_utf8(data) {
                invariants::scan::taken_places(text);
            }
        });
    }
}

/// The inputs of the YAML test suite, in every place that a text may stand in.
#[test]
fn scan_of_the_yaml_test_suite() {
    let file = data("yaml-test-suite/cases.json");
    let cases: BTreeMap<String, Vec<String>> =
        serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let (mut texts, mut taken) = (0, 0);
    for (name, case) in &cases {
        for text in case {
            println!("{name}");
            texts += 1;
            taken += invariants::scan::taken_places(text);
        }
    }
    assert_eq!(texts, 402);
    assert!(taken > 1_000, "{taken}");
}

#[test]
fn edits() {
    replay("edits", |choices| {
        invariants::edits::check(&mut Random::of(choices));
    });
    for seed in 0..runs() {
        println!("seed {seed}");
        invariants::edits::check(&mut Random::new(seed));
    }
}
