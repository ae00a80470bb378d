//! Input and output of the function as a reader sees them: what the policy does not own is the same.

use serde_json::Value;
use spot_distribution::function;

use super::policy::{is_sibling, rest_of_original, shared_with_sibling};
use super::readers::{Meaning, Reader};

/// An input that the function took, and what it made of it.
pub struct Pair {
    /// What is said about it where it is wrong.
    pub title: String,
    pub input: String,
    pub output: String,
}

/// What became of an input.
pub enum Ran {
    Changed(Pair),
    /// Refused, with these messages; the list came back as it was, or not at all.
    Refused(String),
}

/// Runs the function on a ResourceList.
pub fn run(title: &str, input: &str) -> Ran {
    let response = function::run(input.as_bytes());
    let output = response.output().map(ToString::to_string);
    if response.is_success() {
        return Ran::Changed(Pair {
            title: title.to_owned(),
            input: input.to_owned(),
            output: output.unwrap(),
        });
    }
    let messages: Vec<_> = response
        .findings()
        .iter()
        .map(ToString::to_string)
        .collect();
    let start = input.trim_end_matches(['\n', '\r']);
    assert!(output.is_none_or(|output| output.starts_with(start)));
    Ran::Refused(messages.join("\n"))
}

/// Everything that differs, for every reader; and how many siblings were compared.
pub fn problems(pairs: &[Pair]) -> (Vec<String>, usize) {
    let inputs: Vec<_> = pairs.iter().map(|pair| pair.input.clone()).collect();
    let outputs: Vec<_> = pairs.iter().map(|pair| pair.output.clone()).collect();
    let mut problems = Vec::new();
    let mut siblings = 0;
    for reader in Reader::ALL {
        let (before, after) = (reader.read(&inputs), reader.read(&outputs));
        for (pair, (before, after)) in pairs.iter().zip(before.iter().zip(&after)) {
            match compare(before, after) {
                Ok(compared) => siblings += compared,
                Err(problem) => {
                    problems.push(format!("{} as {reader:?} reads it: {problem}", pair.title));
                }
            }
        }
    }
    (problems, siblings)
}

/// How many siblings are what their originals are, or what is different.
fn compare(before: &Meaning, after: &Meaning) -> Result<usize, String> {
    let (before, after) = match (before, after) {
        (Ok(before), Ok(after)) => (before, after),
        // What could not be read before is the input's own trouble.
        (Err(_), _) => return Ok(0),
        (Ok(_), Err(error)) => return Err(format!("the output cannot be read: {error}")),
    };
    let (before, after) = (&before["items"], &after["items"]);
    let originals = items(after).filter(|object| !is_sibling(object));
    if originals.clone().count() != items(before).count() {
        return Err("an item was lost".to_owned());
    }
    let mut siblings = 0;
    for (before, original) in items(before).zip(originals) {
        same(&rest_of_original(before), &rest_of_original(original))?;
        let name = before["metadata"]["name"].as_str().unwrap_or_default();
        let of = |object: &&Value| {
            let base = &object["metadata"]["annotations"]["spot-distribution.dev/sibling-of"];
            before["kind"] == "Deployment" && *base == name
        };
        for sibling in items(after).filter(of) {
            same(&shared_with_sibling(before), &shared_with_sibling(sibling))?;
            siblings += 1;
        }
    }
    Ok(siblings)
}

fn items(list: &Value) -> impl Iterator<Item = &Value> + Clone {
    list.as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
}

/// Compares as text, because the order of keys counts.
fn same(before: &Value, after: &Value) -> Result<(), String> {
    let (before, after) = (before.to_string(), after.to_string());
    if before == after {
        return Ok(());
    }
    Err(format!("it was\n{before}\nand is\n{after}"))
}
