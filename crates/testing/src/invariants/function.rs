//! The whole function: it ends, it loses nothing, it can be run again, and it can be reverted.

use spot_distribution::config::{Glob, Policy};
use spot_distribution::function;
use spot_distribution::krm::{Input, ResourceList, Source};
use spot_distribution::run;
use yaml_splice::{Node, Scalar, Stream, Value, apply, resolve};

/// What shows that an object was made beside a workload.
const MADE: [&str; 3] = [
    "spot-distribution.dev/sibling-of",
    "spot-distribution.dev/budget-of",
    "spot-distribution.dev/buffer-of",
];

/// What has to hold for the output of every run, each by itself. The last two run the function once
/// more, which takes most of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// Every item of the input stands in it.
    Complete,
    /// A second run changes nothing.
    SameAgain,
    /// `off` gives the input back.
    TakenBack,
}

impl Law {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Complete, Self::SameAgain, Self::TakenBack];

    fn check(self, input: &str, output: &str) {
        match self {
            Self::Complete => complete(input, output),
            Self::SameAgain => same_again(input, output),
            Self::TakenBack => taken_back(input, output),
        }
    }
}

/// Runs the function on whatever it is, and tries every law.
pub fn check(data: &[u8]) {
    check_laws(data, &Law::ALL);
}

/// Runs the function on whatever it is, and tries `laws` where it succeeds.
pub fn check_laws(data: &[u8], laws: &[Law]) {
    let response = function::run(data);
    for finding in response.findings() {
        harmless(&finding.to_string());
    }
    let output = response.output().map(ToString::to_string);
    if !response.is_success() {
        assert!(!response.findings().is_empty(), "failed without a reason");
        if let Some(output) = output {
            let input = std::str::from_utf8(data).expect("it was text");
            unchanged(input, &output);
        }
        return;
    }
    let input = std::str::from_utf8(data).expect("only text is taken");
    let output = output.expect("a success has an output");
    for law in laws {
        law.check(input, &output);
    }
}

/// Neither the cursor nor a log can be moved by a message.
pub fn harmless(line: &str) {
    let moves = |c: char| {
        c.is_control()
            || matches!(
                c,
                '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{61c}'
            )
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let is_harmless = line.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    assert!(is_harmless || !line.contains(moves), "{line:?}");
    assert!(!line.contains("##"), "{line:?}");
    assert!(!line.starts_with("::"), "{line:?}");
}

/// Whether `output` is `input`, at most with results behind its last line: then the items in it need no
/// second look.
fn only_reports(input: &str, output: &str) -> bool {
    let added = output.strip_prefix(input);
    added.is_some_and(|added| {
        added.is_empty() || input.ends_with('\n') && added.starts_with("results:")
    })
}

/// A failed run gives the items back as they were.
fn unchanged(input: &str, output: &str) {
    if only_reports(input, output) {
        return;
    }
    let before = Stream::parse(input).expect("it was read");
    let after = Stream::parse(output).unwrap_or_else(|error| panic!("{error} in\n{output}"));
    assert_eq!(written_items(&before), written_items(&after));
}

fn written_items<'s>(stream: &'s Stream<'_>) -> Option<&'s str> {
    let list = ResourceList::read(stream).expect("it is a list");
    list.items.map(Node::written)
}

/// Every item of the input that no run has made stands in the output, in order.
fn complete(input: &str, output: &str) {
    if only_reports(input, output) {
        return;
    }
    let after = Stream::parse(output).unwrap_or_else(|error| panic!("{error} in\n{output}"));
    let before = Stream::parse(input).expect("it was read");
    assert_eq!(names(&before), names(&after), "items differ in\n{output}");
}

fn names(stream: &Stream<'_>) -> Vec<String> {
    let list = ResourceList::read(stream).expect("it is a list");
    let items = list.items.into_iter().flat_map(Node::items);
    let originals = items.filter(|item| {
        let has = |key| item.at(&["metadata", "annotations", key]);
        !MADE.iter().any(|key| matches!(has(key), Ok(Some(_))))
    });
    let name = |item: Node<'_>| {
        let name = item.at(&["metadata", "name"]).ok().flatten();
        name.map_or(String::new(), |name| name.text().to_owned())
    };
    let kind = |item: Node<'_>| match item.at(&["kind"]) {
        Ok(Some(kind)) => kind.text().to_owned(),
        _ => String::new(),
    };
    originals
        .map(|item| format!("{} {}", kind(item), name(item)))
        .collect()
}

fn same_again(input: &str, output: &str) {
    if input == output {
        return;
    }
    let again = function::run(output.as_bytes());
    let said: Vec<_> = again.findings().iter().map(ToString::to_string).collect();
    assert!(again.is_success(), "{said:#?}\n{output}");
    let again = again.output().expect("a success has an output").to_string();
    assert!(again == output, "it was\n{output}\nand is\n{again}");
}

/// `off` gives back what was there before the first run, up to the spelling of a rewritten number.
fn taken_back(input: &str, output: &str) {
    // What looks like ours before the first run is ours to the run.
    if marked(input) {
        return;
    }
    let off = match switched_off(output) {
        Ok(off) => off,
        Err(message) => panic!("{message}\n{output}"),
    };
    if only_reports(input, &off) {
        return;
    }
    let (Some(before), Some(after)) = (meaning(input), meaning(&off)) else {
        return;
    };
    assert!(before == after, "it was\n{input}\nand is\n{off}");
}

/// What shows that an earlier run has written something.
const MARKS: [&str; 6] = [
    "spot-distribution.dev/applied",
    "spot-distribution.dev/replicas",
    "spot-distribution.dev/sibling-of",
    "spot-distribution.dev/budget-of",
    "spot-distribution.dev/capacity",
    "spot-distribution.dev/computed-for",
];

/// Whether something in the input carries what the function writes.
fn marked(input: &str) -> bool {
    input.contains("annotations") && MARKS.iter().any(|mark| input.contains(mark))
}

fn switched_off(list: &str) -> Result<String, String> {
    let policy = Policy {
        exclude_namespaces: vec![Glob::new("*")],
        ..Policy::default()
    };
    let stream = Stream::parse(list).map_err(|error| error.to_string())?;
    let sources = [Source { file: None, stream }];
    let input = Input::read(&sources).map_err(|errors| format!("{errors:?}"))?;
    let outcome = run::run(input, &policy);
    if outcome.is_failure() {
        return Err(format!("{:#?}", outcome.findings));
    }
    let splices = outcome.splices.into_iter().next().unwrap_or_default();
    let off = apply(list, splices).map_err(|error| error.to_string())?;
    Ok(off.to_string())
}

/// What the items mean; `None` where aliases make it too much.
fn meaning(list: &str) -> Option<Value> {
    let stream = Stream::parse(list).ok()?;
    let items = ResourceList::read(&stream).ok()?.items?;
    Value::from_node(items).ok().map(normal)
}

/// A value with its numbers in one spelling.
fn normal(value: Value) -> Value {
    match value {
        Value::Mapping(entries) => {
            let entries = entries.into_iter().map(|(key, value)| (key, normal(value)));
            Value::Mapping(entries.collect())
        }
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(normal).collect()),
        Value::Raw(text) => match resolve(&text) {
            Scalar::Int(number) => Value::Raw(number.to_string().into()),
            Scalar::Float(number) => Value::Raw(number.to_string().into()),
            _ => Value::Raw(text),
        },
        value => value,
    }
}
