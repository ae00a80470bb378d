//! Text with `...` for what is left out.

use similar::TextDiff;

use super::blocks::Step;
use super::clone;

/// The excerpts that are in their files no longer.
pub fn differences(page: &str, steps: &[Step]) -> Vec<String> {
    let excerpts = steps.iter().filter_map(|step| match step {
        Step::Excerpt { line, path, text } => Some((line, path, text)),
        _ => None,
    });
    let problems = excerpts.filter_map(|(line, path, text)| {
        let file = clone::read(path);
        let shown = format!("...\n{text}...\n");
        let diff = mismatch(&shown, &file)?;
        Some(format!("{page}:{line}: {path} does not hold this\n{diff}"))
    });
    problems.collect()
}

/// The difference between what is shown and what there is, or nothing where `...` covers it.
pub fn mismatch(shown: &str, found: &str) -> Option<String> {
    let lines = |text: &'_ str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    if lines_match(&lines(shown), &lines(found)) {
        return None;
    }
    Some(
        TextDiff::from_lines(shown, found)
            .unified_diff()
            .header("shown", "found")
            .to_string(),
    )
}

fn lines_match(shown: &[String], found: &[String]) -> bool {
    match shown.split_first() {
        None => found.is_empty(),
        Some((first, rest)) if first == "..." => {
            (0..=found.len()).any(|skipped| lines_match(rest, &found[skipped..]))
        }
        Some((first, rest)) => found
            .split_first()
            .is_some_and(|(line, others)| line_matches(first, line) && lines_match(rest, others)),
    }
}

fn line_matches(shown: &str, found: &str) -> bool {
    let Some((before, after)) = shown.split_once("...") else {
        return shown == found;
    };
    let rest = found.strip_prefix(before);
    rest.is_some_and(|rest| {
        let mut ends = (0..=rest.len()).filter(|end| rest.is_char_boundary(*end));
        ends.any(|end| line_matches(after, &rest[end..]))
    })
}

#[test]
fn dots_stand_for_what_is_left_out() {
    let found = "a\nb 12 s\nc\n";
    for shown in [
        found,
        "a\n...\n",
        "...\nc\n",
        "a\nb ... s\nc\n",
        "...\nb ...\n...\n",
        "...\n",
    ] {
        assert_eq!(mismatch(shown, found), None, "{shown}");
    }
    for shown in [
        "a\n",
        "a\n...\nb\n",
        "a\nb ... m\nc\n",
        "b ...\n",
        "",
        "a\nb\nc\n",
    ] {
        assert!(mismatch(shown, found).is_some(), "{shown}");
    }
}
