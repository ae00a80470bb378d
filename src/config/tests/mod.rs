//! What a configuration file may say, and what is said about a wrong one.

mod capacity;
mod choose;
mod defaults;
mod flat;
mod problems;
mod schema;
mod values;

use super::*;
use yaml_splice::{Node, Stream};

const OWN_FILE: &str = include_str!("../../../fn-config/spot-distribution.yaml");
const FLAT_FILE: &str = include_str!("../../../fn-config/configmap.yaml");

const HEAD: &str = "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\n";
const FLAT: &str = "apiVersion: v1\nkind: ConfigMap\n";

fn with_root<T>(source: &str, read: impl Fn(Node<'_>) -> T) -> T {
    let stream = Stream::parse(source).unwrap();
    read(stream.documents[0].root())
}

fn read(source: &str) -> Result<Policy, Vec<String>> {
    let shown = |problems: Vec<ConfigProblem>| problems.iter().map(ToString::to_string).collect();
    with_root(source, |root| Policy::read(Some(root))).map_err(shown)
}

fn own(rest: &str) -> Result<Policy, Vec<String>> {
    read(&format!("{HEAD}{rest}"))
}

fn flat(rest: &str) -> Result<Policy, Vec<String>> {
    read(&format!("{FLAT}{rest}"))
}

/// The problems of a spec whose first line is line 4.
fn problems(spec: &str) -> Vec<String> {
    own(&format!("spec:\n{spec}")).unwrap_err()
}

/// The only problem of a value in a flow mapping under `spec`.
fn problem(spec: &str) -> String {
    let problems = own(&format!("spec: {spec}")).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let (place, message) = problems[0].split_once("): ").unwrap();
    let (path, _) = place.split_once(" (").unwrap();
    format!("{path}: {message}")
}
