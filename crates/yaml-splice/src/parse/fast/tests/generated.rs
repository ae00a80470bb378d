//! Generated texts that the scanner is to take, nasty as they are, and texts broken in one place.

use std::cell::Cell;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::writer::Writer;
use super::{PIECES, cases, is_accepted, texts};

/// Breaks `text` in one place, as `choices` say.
fn broken(text: &str, choices: [u16; 4]) -> String {
    let [change, first, second, piece] = choices.map(usize::from);
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let (first, second) = (first % lines.len(), second % lines.len());
    match change % 7 {
        0 => drop(lines.remove(first)),
        1 => lines.insert(second, lines[first].clone()),
        2 => lines.swap(first, second),
        3 => lines[first].insert_str(0, &" ".repeat(1 + piece % 4)),
        4 => {
            let less = 1 + piece % 4;
            let line = &lines[first];
            let spaces = line.len() - line.trim_start_matches(' ').len();
            lines[first] = line[less.min(spaces)..].to_owned();
        }
        5 => {
            let line = &lines[first];
            let ends = line.char_indices().map(|(at, _)| at);
            let at = ends.clone().nth(second % ends.count()).unwrap_or(0);
            lines[first].insert_str(at, PIECES[piece % PIECES.len()]);
        }
        _ => {
            let line = &lines[first];
            let end = line
                .char_indices()
                .nth(second % 40)
                .map_or(line.len(), |(at, _)| at);
            lines[first].truncate(end);
        }
    }
    lines.concat()
}

/// Runs the law on texts that `strategy` describes; how many of a hundred the scanner takes.
fn percent_accepted<S: Strategy>(strategy: &S, text: impl Fn(S::Value) -> String) -> u32 {
    let (all, found) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config {
        cases: cases(),
        // What fails is shown; it becomes a test of its own.
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(strategy, |choices| {
        all.set(all.get() + 1);
        found.set(found.get() + u32::from(is_accepted(&text(choices))));
        Ok(())
    });
    outcome.unwrap();
    let share = found.get() * 100 / all.get();
    println!("{} of {} accepted", found.get(), all.get());
    share
}

fn choices() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), 0..300)
}

/// Which of sixteen lines end as on Windows, as bits.
fn line_breaks() -> impl Strategy<Value = u16> {
    prop_oneof![2 => Just(0), 1 => Just(u16::MAX), 1 => any::<u16>()]
}

fn with_line_breaks(text: &str, breaks: u16) -> String {
    let lines = text.split_inclusive('\n').enumerate();
    let ended = lines.map(|(number, line)| match line.strip_suffix('\n') {
        Some(line) if breaks >> (number % 16) & 1 == 1 => format!("{line}\r\n"),
        _ => line.to_owned(),
    });
    ended.collect()
}

#[test]
fn it_takes_nasty_block_style() {
    let share = percent_accepted(&(choices(), line_breaks()), |(choices, breaks)| {
        with_line_breaks(&Writer::text(choices, false), breaks)
    });
    assert!(share >= 90, "{share} %");
}

#[test]
fn it_takes_lists_of_what_only_the_full_parser_understands() {
    let share = percent_accepted(&(choices(), line_breaks()), |(choices, breaks)| {
        with_line_breaks(&Writer::text(choices, true), breaks)
    });
    assert!(share >= 75, "{share} %");
}

#[test]
fn agrees_about_texts_that_are_broken_in_one_place() {
    let strategy = (choices(), any::<bool>(), line_breaks(), any::<[u16; 4]>());
    let share = percent_accepted(&strategy, |(choices, is_exotic, line_breaks, breaks)| {
        let text = Writer::text(choices, is_exotic);
        broken(&with_line_breaks(&text, line_breaks), breaks)
    });
    assert!(share >= 20, "{share} %");
}

#[test]
fn agrees_about_golden_inputs_that_are_broken_in_one_place() {
    let mut found = Vec::new();
    texts(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden"),
        &mut found,
    );
    found.retain(|text| text.contains("kind:"));
    let strategy = (
        any::<prop::sample::Index>(),
        any::<[[u16; 4]; 2]>(),
        any::<bool>(),
        line_breaks(),
    );
    let share = percent_accepted(&strategy, |(index, [first, second], twice, breaks)| {
        let text = with_line_breaks(&found[index.index(found.len())], breaks);
        let text = broken(&text, first);
        if twice && !text.is_empty() {
            return broken(&text, second);
        }
        text
    });
    assert!(share >= 20, "{share} %");
}

#[test]
fn agrees_about_depths_around_the_limits() {
    for depth in (190..210).chain(230..260) {
        let mut keys = String::new();
        for column in 0..depth {
            keys.extend(std::iter::repeat_n(' ', column));
            keys.push_str("a:\n");
        }
        let indent = " ".repeat(depth);
        let [open, close] = ["[", "]"].map(|bracket| bracket.repeat(depth));
        is_accepted(&keys);
        is_accepted(&format!("{keys}{indent}b: {{c: [[[[]]]]}}\n"));
        is_accepted(&format!(
            "{keys}{indent}- [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]\n"
        ));
        is_accepted(&format!(
            "items:\n- {}\n",
            keys.replace('\n', "\n  ").trim_end()
        ));
        is_accepted(&format!("items:\n- {open}{close}\n- b: 1\n"));
        is_accepted(&format!("items:\n- {{a: {open}{close}}}\n- b: 1\n"));
        is_accepted(&format!("items:\n- {}b\n- c\n", "- ".repeat(depth)));
        is_accepted(&format!(
            "items:\n  - {}b{}\n  - c\n",
            "{a: ".repeat(depth),
            "}".repeat(depth)
        ));
    }
}
