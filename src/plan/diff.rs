//! The unified diff of what a run would change, made from its splices.
//!
//! The splices say where something changes, so only those lines are compared: the time depends on
//! the size of the changes, not on its product with the size of the file.

use std::fmt::Write as _;
use std::ops::Range;

use similar::{ChangeTag, TextDiff};

use yaml_splice::{Overlap, Splice, apply};

use super::patch_name::patch_name;

/// Unchanged lines shown around a change, as `diff -u` has it.
const CONTEXT: usize = 3;

/// What would change in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDiff {
    /// The file as it was named; `None` for standard input.
    pub file: Option<String>,
    /// The unified diff with its two header lines.
    pub text: String,
}

/// The unified diff that `splices` make of `source`, which `file` names; `None` where they change
/// nothing.
///
/// # Errors
/// As [`apply`].
pub fn unified(
    file: Option<&str>,
    source: &str,
    splices: Vec<Splice>,
) -> Result<Option<FileDiff>, Overlap> {
    let old = lines_of(source);
    let mut changes = Vec::new();
    for (lines, splices) in touched(source, splices) {
        let range = byte_range(&old, &lines, source);
        let new = apply_within(source, range.clone(), splices)?;
        changes.extend(compare(lines.start, &source[range], &new));
    }
    if changes.is_empty() {
        return Ok(None);
    }
    // Git takes no path that begins with `./`, as files of the folder `.` are named.
    let name = file.unwrap_or("stdin").trim_start_matches("./");
    let [old_name, new_name] = ["a", "b"].map(|side| patch_name(&format!("{side}/{name}")));
    let mut text = format!("--- {old_name}\n+++ {new_name}\n");
    hunks(&mut text, &old, &changes);
    Ok(Some(FileDiff {
        file: file.map(str::to_owned),
        text,
    }))
}

/// Whole lines that are replaced.
#[derive(Debug)]
struct Change {
    /// The lines that go, by their index in the old text.
    old: Range<usize>,
    /// The lines that come, each with its line break.
    new: Vec<String>,
}

/// Runs of lines that splices touch, with the splices of each.
fn touched(source: &str, mut splices: Vec<Splice>) -> Vec<(Range<usize>, Vec<Splice>)> {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut runs: Vec<(Range<usize>, Vec<Splice>)> = Vec::new();
    let (mut line, mut counted) = (0, 0);
    for splice in splices {
        let start = splice.range.start.max(counted);
        line += breaks(&source[counted..start]);
        counted = start;
        // The line in which it ends belongs to it: what follows there may join the new text.
        let end = line + breaks(&source[start..splice.range.end.max(start)]) + 1;
        match runs.last_mut() {
            Some((lines, members)) if line < lines.end => {
                lines.end = lines.end.max(end);
                members.push(splice);
            }
            _ => runs.push((line..end, vec![splice])),
        }
    }
    reach_back(source, &mut runs);
    runs
}

/// Where a last line without a line break goes, the line before it loses its own: that line
/// belongs to the last run.
fn reach_back(source: &str, runs: &mut Vec<(Range<usize>, Vec<Splice>)>) {
    let reaches_the_end = |(_, splices): &mut (Range<usize>, Vec<Splice>)| {
        let end = splices.iter().map(|splice| splice.range.end).max();
        !source.ends_with('\n') && !source[end.unwrap_or(0)..].contains('\n')
    };
    let Some((mut lines, mut splices)) = runs.pop_if(reaches_the_end) else {
        return;
    };
    lines.start = lines.start.saturating_sub(1);
    while let Some((before, earlier)) = runs.pop_if(|(before, _)| before.end > lines.start) {
        lines.start = before.start.saturating_sub(1);
        splices = [earlier, splices].concat();
    }
    runs.push((lines, splices));
}

/// Lines end with a line feed, as for `diff` and `patch`.
fn lines_of(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn breaks(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}

/// The bytes of `lines`, of which the last may be behind the end of the text.
fn byte_range(old: &[&str], lines: &Range<usize>, source: &str) -> Range<usize> {
    let offset = |line: usize| match old.get(line) {
        Some(text) => text.as_ptr() as usize - source.as_ptr() as usize,
        None => source.len(),
    };
    offset(lines.start)..offset(lines.end)
}

/// The text of `range` after `splices`, which lie within it.
fn apply_within(
    source: &str,
    range: Range<usize>,
    splices: Vec<Splice>,
) -> Result<String, Overlap> {
    let start = range.start;
    let moved = splices.into_iter().map(|splice| Splice {
        range: splice.range.start - start..splice.range.end - start,
        ..splice
    });
    match apply(&source[range], moved.collect()) {
        Ok(text) => Ok(text.to_string()),
        Err(overlap) => Err(Overlap {
            at: overlap.at + start,
        }),
    }
}

/// The lines that differ between two short texts; the first begins at line `first`.
fn compare(first: usize, old: &str, new: &str) -> Vec<Change> {
    let (old, new): (Vec<_>, Vec<_>) = (lines_of(old), lines_of(new));
    let diff = TextDiff::from_slices(&old, &new);
    let mut changes = Vec::new();
    for group in diff.grouped_ops(0) {
        let mut new = Vec::new();
        let mut range = None::<Range<usize>>;
        for op in group {
            let lines = op.old_range();
            let lines = first + lines.start..first + lines.end;
            range = Some(range.map_or(lines.clone(), |range| range.start..lines.end));
            let added = diff.iter_changes(&op);
            let added = added.filter(|change| change.tag() == ChangeTag::Insert);
            new.extend(added.map(|change| change.value().to_owned()));
        }
        changes.extend(range.map(|old| Change { old, new }));
    }
    changes
}

/// Writes the changes with their surroundings; what lies close together shares a hunk.
fn hunks(out: &mut String, old: &[&str], changes: &[Change]) {
    let mut rest = changes;
    let mut added = 0_isize;
    while let Some(first) = rest.first() {
        let near = |pair: &[Change]| pair[1].old.start - pair[0].old.end <= 2 * CONTEXT;
        let count = 1 + rest.windows(2).take_while(|pair| near(pair)).count();
        let (group, later) = rest.split_at(count);
        let end = group.last().unwrap_or(first).old.end;
        let lines = first.old.start.saturating_sub(CONTEXT)..old.len().min(end + CONTEXT);
        added = hunk(out, old, lines, group, added);
        rest = later;
    }
}

/// Writes one hunk. `added` is how many lines more the new text has before it, and is returned for
/// behind it.
fn hunk(
    out: &mut String,
    old: &[&str],
    lines: Range<usize>,
    changes: &[Change],
    added: isize,
) -> isize {
    let length = |change: &Change| change.new.len().cast_signed() - change.old.len().cast_signed();
    let more: isize = changes.iter().map(length).sum();
    let start = lines.start.saturating_add_signed(added);
    let new_lines = start..lines.end.saturating_add_signed(added + more);
    let _ = writeln!(out, "@@ -{} +{} @@", place(&lines), place(&new_lines));
    let mut done = lines.start;
    for change in changes {
        old[done..change.old.start]
            .iter()
            .for_each(|line| push(out, ' ', line));
        old[change.old.clone()]
            .iter()
            .for_each(|line| push(out, '-', line));
        change.new.iter().for_each(|line| push(out, '+', line));
        done = change.old.end;
    }
    old[done..lines.end]
        .iter()
        .for_each(|line| push(out, ' ', line));
    added + more
}

/// Lines as a hunk names them: counted from 1, with their number where it is not 1.
fn place(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        length => format!("{},{length}", lines.start + 1),
    }
}

fn push(out: &mut String, sign: char, line: &str) {
    out.push(sign);
    out.push_str(line);
    if !line.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}
