//! The laws: running twice changes nothing, and taking everything back gives the input.

use spot_distribution::config::Policy;
use spot_distribution::findings::Severity;
use spot_distribution::function;
use spot_distribution::krm::{Input, Source};
use spot_distribution::run;
use yaml_splice::{Stream, apply};

use super::case::{Case, Text, diff};

/// Takes everything back, whatever the annotations say.
const OFF: &str = "apiVersion: spot-distribution.dev/v1alpha1
kind: SpotDistribution
metadata: {name: off}
spec: {excludeNamespaces: [\"*\"]}
";

/// The laws about `apply`, file by file.
pub fn of_texts(case: &Case, texts: &[Text], config: Option<&str>) -> Vec<String> {
    match laws(case, texts, config) {
        Ok(problems) => problems,
        Err(problem) => vec![problem],
    }
}

fn laws(case: &Case, texts: &[Text], config: Option<&str>) -> Result<Vec<String>, String> {
    let once = run_on(texts, config)?;
    let mut problems = Vec::new();
    for (once, twice) in once.iter().zip(run_on(&once, config)?) {
        if once.text != twice.text {
            let diff = diff(&once.text, &twice.text);
            problems.push(format!(
                "{}: the second run changes something\n{diff}",
                once.file
            ));
        }
    }
    for (text, off) in texts.iter().zip(run_on(&once, Some(OFF))?) {
        problems.extend(taken_back(case, text, &off.text));
    }
    Ok(problems)
}

/// What is left when everything was reverted from a file.
fn taken_back(case: &Case, original: &Text, off: &str) -> Vec<String> {
    let instead = match original.file.split_once('/') {
        Some((_, below)) => format!("off/{below}"),
        None => "off.yaml".to_owned(),
    };
    if case.read(&instead).is_some() {
        return case.expected(&instead, off.as_bytes());
    }
    if original.text == off {
        return Vec::new();
    }
    let diff = diff(&original.text, off);
    vec![format!(
        "{}: taking everything back does not restore it\n{diff}",
        original.file
    )]
}

/// The texts as a run leaves them.
fn run_on(texts: &[Text], config: Option<&str>) -> Result<Vec<Text>, String> {
    let streams = texts.iter().map(|text| Source {
        file: Some(text.file.clone()),
        stream: Stream::parse(&text.text).unwrap(),
    });
    let sources: Vec<_> = streams.collect();
    let config = config.map(|config| Stream::parse(config).unwrap());
    let from_list = || {
        let roots = sources
            .iter()
            .filter_map(|source| source.stream.documents.first());
        let lists = roots.filter_map(|document| document.root().get("functionConfig").ok()?);
        lists.into_iter().next()
    };
    let root = match &config {
        Some(config) => Some(config.documents[0].root()),
        None => from_list(),
    };
    let policy = Policy::read(root).map_err(|problems| format!("{problems:?}"))?;
    let input = Input::read(&sources).map_err(|errors| format!("{errors:?}"))?;
    let outcome = run::run(input, &policy);
    let errors = outcome
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    if let Some(error) = errors.map(ToString::to_string).next() {
        return Err(format!("a run on its own output fails: {error}"));
    }
    let changed = texts.iter().zip(outcome.splices);
    let changed = changed.map(|(text, splices)| match apply(&text.text, splices) {
        Ok(changed) => Ok(Text {
            file: text.file.clone(),
            text: changed.to_string(),
        }),
        Err(overlap) => Err(format!("{}: {overlap}", text.file)),
    });
    changed.collect()
}

/// The laws about the function: `after` is what it made of the list `before`.
pub fn of_list(before: &str, after: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let twice = function::run(after.as_bytes());
    let output = twice.output().map(ToString::to_string);
    let output = output.unwrap_or_default();
    if !twice.is_success() || output != after {
        problems.push(format!(
            "the second run changes something\n{}",
            diff(after, &output)
        ));
    }
    let list = |text: &str| {
        let text = text.to_owned();
        vec![Text {
            file: "list.yaml".to_owned(),
            text,
        }]
    };
    let off = run_on(&list(after), Some(OFF)).map(|mut texts| texts.remove(0).text);
    // A list with results of its own only gets more of them.
    let restored = off.as_ref().is_ok_and(|off| {
        if before.contains("results:") {
            off.starts_with(before)
        } else {
            without_results(off) == without_results(before)
        }
    });
    if !restored {
        let off = off.unwrap_or_else(|problem| problem);
        problems.push(format!(
            "taking everything back does not restore it\n{}",
            diff(before, &off)
        ));
    }
    problems
}

/// The text of a list in block or flow style up to its results, without what closes it.
fn without_results(list: &str) -> &str {
    let end = list.rfind("results").unwrap_or(list.len());
    list[..end].trim_end_matches(['}', ',', '"', ' ', '\n'])
}
