//! The scanner finds what the full parser finds, or nothing.

mod generated;
mod writer;

use std::path::Path;

use proptest::prelude::*;

use crate::Stream;

/// Whether the scanner accepts the text; what it finds is what the full parser finds.
fn is_accepted(source: &str) -> bool {
    let found = Stream::parse_fast(source);
    let in_parts = Stream::parse_fast_in_parts(source);
    assert!(found == in_parts, "{source}\n{found:?}\n{in_parts:?}");
    match found {
        Some(fast) => {
            let full = Stream::parse_fully(source);
            assert!(Ok(&fast) == full.as_ref(), "{source}\n{fast:?}\n{full:?}");
            true
        }
        None => false,
    }
}

#[test]
fn a_list_that_is_long_enough_for_threads_is_what_the_full_parser_finds() {
    let item = "- a: &x\n    b: 1\n  c: *x\n- d: |\n    - e\n     f\n\n  # g\n- !t h\n- \"i\": [j,\n    k]\n-\n";
    let items = item.repeat(2 * super::threads::PARTS_FROM / item.len());
    assert!(is_accepted(&format!("l: 1\nitems:\n{items}")));
    let indented = items.replace('\n', "\n  ");
    assert!(is_accepted(&format!(
        "items:\n  {indented}\nmore:\n- m\n# n\n"
    )));
}

#[test]
fn accepts_what_manifests_consist_of() {
    for source in [
        "a: 1",
        "a:\nb: 1\n",
        "---\na: 1\n---\n# c\nb: 2\n",
        "# c\n\n---\na: 1\n",
        "a:\n  b:\n  c:   # x\n\n# y\nd:\n",
        "a:\n- b: 1\n  c: 2\n-   d: 3\n  \n- e\nf: g\n",
        "a:\n  -\n    b: 1\n  - # c\n    - 2\n",
        "a: \"b\" # c\nd: 'it''s'\ne: \"\\\"\\n\\t\\\\\"\nf: \"\"\n",
        "a: |\n  b\n   c\n\n  d\n\n\n# e\nf: |-  # g\n      h\n   \n   # i\n",
        "a:\n  - |\n    t\n     u\n\n  - k: |-\n      a\n    m: 1\n",
        "a: {}\nb: []\nc: [a, \"-b\", 'c']\nd: {e: f, \"g\": [h, {i: j}]} # k\n",
        "a: b#c d:e # f\ng: -1\nh: --port\ni: http://x/y?z=1\n",
        "a: |\n  \u{a0}\nb: 1\n",
        "a: größer # “quoted”\n",
        "a: &x 1\nb: *x\nc: &y-1 \"d\"  # e\nf:\n  g:\n  - *y-1 # g\n  - &z [h]\n  - *z\n  - &l |\n    m\n  - *l\n",
        "a: &x # b\n\n  # c\n  d: *x\n  e: &y\n  - &z\n    f: *y\n  - *z\ng: &x 1\n",
        "a: &x\n- b: &y 1\n  c: &w\n  - *y\n  - *w\n- &x {}\nz: &x '1'\n---\na: &x 1\n",
        "\"a\": b\n'it''s':\n  - \"c\\td\":  # e\n    f:\n  - 'g': \"h\"\n\"\":\n",
        "a: b\r\n",
        "# c\r\n---\r\na: |-\r\n    b\r\n\r\n     c  \r\n  \r\nd: {e: [\r\n  f\r\n ]}\r\ng: 'h' # i\r\n",
        "a:\r\n- |\n  b\r\n\n  c\nd:\r\n",
        "{}",
        "[]\n",
        "{a: b}",
        "# a\n---\n  {\n\"a\": [\n\n1,\n \"b\"\n],\"c\":true}\n# d\n---\n[{}, -1.5e+3 ] # e\n",
        "{\"a\":{\"b\":[{\"c\":\"d\\u003c\\/\"},[]],\"e\":null}}\n",
        "a: [b,\n  c]\nd:\n  - {\n    \"e\": {}\n   }\n  - f: [\n     ] # g\n",
    ] {
        assert!(is_accepted(source), "{source}");
    }
}

#[test]
fn leaves_the_rest_to_the_full_parser() {
    for source in [
        "",
        "# c\n",
        "---\n---\na: 1\n",
        "- a\n",
        "a: b\n...\n",
        "%YAML 1.2\n---\na: b\n",
        "a: &x *y\n",
        "a: *x\n",
        "a: &x\n",
        "a: &x\nb: 1\n",
        "a: &x &y 1\n",
        "a: &x 1\nb: &x 2\nc: *x\n",
        "a: &x 1\n*x : b\n",
        "a: &x b: c\n",
        "a: &x: 1\n",
        "a: &x,y 1\n",
        "a:\n  b: &x 1\nc: *x\n",
        "&x a: b\n",
        "a: &x 1\nb: [*x]\n",
        "a: !!str 1\n",
        "? a\n: b\n",
        "\"a\" : b\n",
        "\"a\":b\n",
        "\"a\n  b\": c\n",
        "\"a\\\n  b\": c\n",
        "\"a\tb\": c\n",
        "a: >\n  b\n",
        "a: |+\n  b\n\n",
        "a: |2\n    b\n",
        "a: |\n\n",
        "a: |\n   \n  b\n",
        "a: |\n  b",
        "a: \"b\n  c\"\n",
        "a: b\n  c\n",
        "a:\tb\n",
        "a: b\r",
        "a: b\rc: d\r\n",
        "a: |\r\n  b\rc\r\n",
        "a: b\r\n\r",
        "\u{feff}a: b\n",
        "a: [b,\nc]\n",
        "a: [b, # c\n  d]\n",
        "{a: b}\nc: d\n",
        "{a: b}: c\n",
        "{a: b} {c: d}\n",
        "[a:1]\n",
        "{\"a\" : 1}\n",
        "{a:1}\n",
        "[a\nb]\n",
        "[\ta]\n",
        "[a\n---\n]\n",
        "{\"a\": \"\\ud83d\\ude00\"}\n",
        "a: b: c\n",
        "a:\n   b: 1\n  c: 2\n",
        "a:\n  b: 1\n c: 2\n",
        "a: 1\n- b\n",
        "a:\n  - b\n  c: d\n",
        "a: \"\\x41\"\n",
        "a: \"b\" c\n",
        "a: \"b\"#c\n",
        "a: [b] c\n",
        "a: [b, ]\n",
        "a: - b\n",
        "a: @b\n",
        "a: \u{85}b\n",
        "a: b\u{2028}\n",
        "<<: {a: b}\n",
    ] {
        assert!(!is_accepted(source), "{source}");
    }
}

#[test]
fn leaves_an_item_by_itself_to_the_full_parser() {
    for item in [
        "- a: &x 1\n  b: *x\n  c: !t d\n",
        "- a: &x 1\n  b: &x 2\n  c: *x\n",
        "- a: &x\n    b: *x\n  c: !t d\n",
        "- &x b: c\n",
        "- a: &x [*x]\n  b: \"c\\n\"\n",
        "- {\"a\": [1,\n   2, ]}\n",
        "- ? a\n  : b\n",
        "- \"a\": >\n    b\n\n    c\n\n",
        "- a: !!str 1\n  b: \"c\n    d\"\n",
        "- a: b\n  # c\n\n# d\n",
        "-\n",
        "- - b\n",
        "- a: |\n    \tb\n",
    ] {
        for indent in ["", "  "] {
            let item = item.replace('\n', &format!("\n{indent}"));
            let item = format!("{indent}{}\n", item.trim_end());
            let list = format!("k: L\nitems:\n{indent}- e: 1\n{item}{indent}- f: g\nz:\n  y: 1\n");
            assert!(is_accepted(&list), "{list}");
            assert!(is_accepted(&list.replace('\n', "\r\n")), "{list}");
            assert!(is_accepted(&format!("items:\n{item}")), "{item}");
        }
    }
}

#[test]
fn leaves_everything_to_the_full_parser_where_an_item_depends_on_others() {
    for source in [
        "items:\n- a: &x 1\n- b: *x\n",
        "items:\n- a: \"b\n- c\"\n",
        "items:\n- a: [b,\n- c]\n",
        "items:\n- a: !e!f b\n",
        "items: &x\n- a: 1\n- b: *x\n",
        "items:\n- a: &x\n  b: 1\n- c\n",
        "items:\n- a: *x\n",
        "z: &x 1\nitems:\n- a: *x\n",
        "items:\n- a: &x 1\nz: *x\n",
        "items:\n- a: |+\n    b\n\n\n- b\n",
        "items:\n- ?\n- b\n",
    ] {
        assert!(!is_accepted(source), "{source}");
    }
}

#[test]
fn leaves_long_keys_in_brackets_to_the_full_parser() {
    for length in 990..1030 {
        let key = "k".repeat(length);
        is_accepted(&format!("a: {{{key}: b}}\n"));
        is_accepted(&format!("a: {{\"{key}\": b}}\n"));
        is_accepted(&format!("\"{key}\": b\n"));
        assert!(is_accepted(&format!("a: {{k: {key}}}\n")), "{length}");
    }
}

/// Every text below `folder`.
fn texts(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            texts(&entry.path(), found);
        } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
            found.push(text);
        }
    }
}

#[test]
fn agrees_about_every_file_of_the_tests_and_examples() {
    let mut found = Vec::new();
    for folder in ["tests", "examples", "fn-config"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(folder);
        if folder.exists() {
            texts(&folder, &mut found);
        }
    }
    let count = found.iter().filter(|text| is_accepted(text)).count();
    assert!(count * 3 > found.len(), "{count} of {}", found.len());
}

/// Pieces of lines that mean something to one parser or the other.
const PIECES: &[&str] = &[
    "a: ",
    "b:",
    "- ",
    "-",
    "  ",
    " ",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "x",
    "y z",
    "\"q\"",
    "'s'",
    "'it''s'",
    "|",
    "|-",
    "|+",
    ">",
    "#",
    " # c",
    "&x ",
    "*x",
    "!t ",
    "!!str ",
    "?",
    "? ",
    ":",
    ": ",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "\t",
    "\r\n",
    "---",
    "\n---\n",
    "...",
    "%",
    "~",
    "null",
    "<<: ",
    "\"",
    "'",
    "\\",
    "\\n",
    "\u{85}",
    "\u{feff}",
    "é",
    "\u{2028}",
    "- a: ",
    "items:\n",
    "kind: List\n",
    "[]",
    "{}",
    "[a, \"b\"]",
    "{c: d}",
    "\n- ",
    "\n  - ",
    "=",
    "0",
    "-1",
    "--x",
    "@",
    "`",
    "$",
    "(",
    ".",
    "..",
    "/",
    "\u{7f}",
    "\u{a0}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn agrees_about_pieces_in_any_order(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 1..40),
        wrap in any::<bool>(),
    ) {
        let text = pieces.concat();
        is_accepted(&text);
        if wrap {
            is_accepted(&format!("kind: ResourceList\nitems:\n- {}\n- a: b\n", text.replace('\n', "\n  ")));
            is_accepted(&format!("items:\n  - {}\n  - a: b\nz: 1\n", text.replace('\n', "\n    ")));
        }
    }
}

/// How many texts of each kind are tried; `SCAN_CASES` asks for more.
fn cases() -> u32 {
    let asked = std::env::var("SCAN_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
}
