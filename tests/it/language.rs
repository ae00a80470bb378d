//! The words of messages, help and comments, and how many words the docs have.
//!
//! The pages are held to the same words by vale (`scripts/style`), which knows more rules.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use walkdir::WalkDir;

const WORDS: &str = include_str!("../../.vale/styles/SpotDistribution/Words.yml");

/// Where Rust is.
const CODE: [&str; 6] = [
    "src",
    "crates",
    "tests/it",
    "tests/external",
    "conformance/src",
    "benchmark/src",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below `place` with the extension, in order.
fn files(place: &str, extension: &str) -> Vec<PathBuf> {
    let walk = WalkDir::new(root().join(place)).sort_by_file_name();
    let files = walk
        .into_iter()
        .filter_entry(|entry| entry.file_name() != "target");
    let paths = files.map(|entry| entry.unwrap().into_path());
    paths
        .filter(|path| path.extension().is_some_and(|it| it == extension))
        .collect()
}

#[derive(Deserialize)]
struct Rule {
    swap: BTreeMap<String, String>,
}

/// What is not to be written, with what to write instead.
fn unwanted() -> Vec<(String, String)> {
    let rule: Rule = serde_yaml::from_str(WORDS).unwrap();
    let each = rule.swap.into_iter().flat_map(|(words, better)| {
        let words: Vec<_> = words.split('|').map(str::to_owned).collect();
        words.into_iter().map(move |words| (words, better.clone()))
    });
    each.collect()
}

/// The lines with `words` as whole words, whatever their case.
fn lines_with(text: &str, words: &str) -> Vec<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let text = text.to_lowercase();
    if !text.contains(words) {
        return Vec::new();
    }
    let lines = text.lines().enumerate();
    let found = lines.filter(|(_, line)| {
        line.match_indices(words).any(|(at, _)| {
            !line[..at].ends_with(is_part) && !line[at + words.len()..].starts_with(is_part)
        })
    });
    found.map(|(index, _)| index + 1).collect()
}

#[test]
fn messages_and_comments_have_the_words_of_the_pages() {
    let unwanted = unwanted();
    let mut problems = Vec::new();
    for file in CODE.iter().flat_map(|place| files(place, "rs")) {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(root()).unwrap().display();
        for (words, better) in &unwanted {
            for line in lines_with(&text, words) {
                problems.push(format!("{name}:{line}: \"{words}\", use \"{better}\""));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn whole_words_are_found_in_any_case() {
    assert_eq!(lines_with("one\nTwo, and\ntwofold\n", "two"), [2]);
    assert_eq!(lines_with("sibling-of\n\"of\"", "of"), [2]);
}

/// README and docs are read by people; measurements are looked up.
const MOST_WORDS: usize = 18_000;

/// Pages of figures and evidence, which do not count.
const MEASUREMENTS: &str = "docs/measurements";

#[test]
fn the_docs_are_short() {
    let pages = files("docs", "md").into_iter().filter(|page| {
        let page = page.strip_prefix(root()).unwrap();
        !page.starts_with(MEASUREMENTS)
    });
    let pages = pages.chain([root().join("README.md")]);
    let words = |page: PathBuf| {
        let text = fs::read_to_string(page).unwrap();
        text.split_whitespace().count()
    };
    let words: usize = pages.map(words).sum();
    assert!(
        words <= MOST_WORDS,
        "README and docs have {words} words, more than {MOST_WORDS}: shorten, or move evidence to docs/measurements"
    );
}
