use serde::Deserialize;

use super::*;
use crate::Stream;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Colour {
    Red,
    Off,
}

#[derive(Debug, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    name: Option<String>,
    colour: Option<Colour>,
    count: Option<i64>,
    switch: Option<bool>,
    list: Option<Vec<i64>>,
    inner: Option<Box<Item>>,
}

type Lists = std::collections::BTreeMap<String, Vec<Located<i64>>>;

fn lossy<T: serde::de::DeserializeOwned>(source: &str) -> (Option<T>, Vec<String>) {
    let stream = Stream::parse(source).unwrap();
    let (value, problems) = decode_lossy(stream.documents[0].root());
    let shown = problems.iter().map(|problem| {
        let at = problem.at.map(|at| at.to_string()).unwrap_or_default();
        format!("{at}: {problem}")
    });
    (value, shown.collect())
}

fn item(source: &str) -> Item {
    let (value, problems) = lossy(source);
    assert_eq!(problems, Vec::<String>::new());
    value.unwrap()
}

#[test]
fn words_are_text_where_text_is_wanted_and_booleans_where_those_are() {
    let read = item("{name: on, colour: off, switch: yes}");
    assert_eq!(read.name.as_deref(), Some("on"));
    assert_eq!(read.colour, Some(Colour::Off));
    assert_eq!(read.switch, Some(true));
}

#[test]
fn null_is_absent() {
    assert_eq!(item("{name: ~, colour: null, inner: }"), Item::default());
}

#[test]
fn every_problem_is_reported_and_the_rest_is_kept() {
    let source = "name: 5\ncolour: rde\ncuont: 1\nlist: [1, x, 3]\ninner: {switch: maybe}\n";
    let (value, problems) = lossy::<Item>(source);
    assert_eq!(value.unwrap().list, Some(vec![1, 3]));
    let expected = [
        "line 1, column 7: name: found 5, expected a string",
        "line 2, column 9: colour: unknown value \"rde\"",
        "line 3, column 1: cuont: unknown field \"cuont\"",
        "line 4, column 11: list[1]: found \"x\", expected a whole number",
        "line 5, column 17: inner.switch: found \"maybe\", expected true or false",
    ];
    assert_eq!(problems, expected);
}

#[test]
fn what_was_found_is_shown_as_written() {
    let (_, problems) = lossy::<Item>("{count: 1e3, colour: 0x10, inner: [], list: {}}");
    let expected = [
        "line 1, column 9: count: found 1e3, expected a whole number",
        "line 1, column 22: colour: found 0x10, expected one of red, off",
        "line 1, column 35: inner: found a list, expected a mapping",
        "line 1, column 45: list: found a mapping, expected a list",
    ];
    assert_eq!(problems, expected);
    let (_, problems) = lossy::<Item>("count: 99999999999999999999999");
    let expected =
        "line 1, column 8: count: found 99999999999999999999999, expected a whole number";
    assert_eq!(problems, [expected]);
}

#[test]
fn a_duplicate_key_is_reported_and_the_first_one_kept() {
    let (value, problems) = lossy::<Item>("name: a\nname: b\n");
    assert_eq!(value.unwrap().name.as_deref(), Some("a"));
    let expected = "line 2, column 1: name: duplicate key \"name\", first at line 1, column 1";
    assert_eq!(problems, [expected]);
}

#[test]
fn merge_keys_are_followed_and_own_keys_win() {
    let source = "
inner: &a {name: a, count: 1}
<<: [*a, {count: 2, switch: true}]
name: own
";
    let read = item(source);
    assert_eq!(read.name.as_deref(), Some("own"));
    assert_eq!((read.count, read.switch), (Some(1), Some(true)));
}

#[test]
fn a_merge_key_without_a_mapping_is_reported_once() {
    let (value, problems) = lossy::<Item>("<<: 5\nname: a\n");
    assert_eq!(value.unwrap().name.as_deref(), Some("a"));
    let expected = "line 1, column 5: <<: the merge key at line 1, column 5 takes a mapping or \
                    a list of mappings";
    assert_eq!(problems, [expected]);
}

#[test]
fn aliases_without_end_are_refused() {
    let (_, problems) = lossy::<Item>("inner: &a {inner: *a}");
    assert!(problems[0].contains("nested more than"), "{problems:?}");
}

#[test]
fn a_reported_value_is_not_missed_as_well() {
    #[derive(Debug, Deserialize)]
    struct Outer {
        #[serde(rename = "items")]
        _items: Vec<Entry>,
    }
    #[derive(Debug, Deserialize)]
    struct Entry {
        #[serde(rename = "colour")]
        _colour: Colour,
    }
    let (_, problems) = lossy::<Outer>("items: [{colour: blue}, {}]");
    let expected = [
        "line 1, column 18: items[0].colour: unknown value \"blue\"",
        "line 1, column 25: items[1]: missing field \"colour\"",
    ];
    assert_eq!(problems, expected);
}

#[test]
fn a_located_value_knows_its_node() {
    let stream = Stream::parse("list: [7, x, 9]").unwrap();
    let root = stream.documents[0].root();
    let (value, _) = decode_lossy::<Lists>(root);
    let last = value.unwrap()["list"][1];
    assert_eq!(last.value, 9);
    assert_eq!(last.node(root).path(), "list[2]");
    assert_eq!(last.with("nine").node(root).position().column, 14);
}
