//! The laws, on generated manifests in every style: running twice changes nothing, `off` after any
//! run gives the original bytes back, what needs no change keeps its bytes, and the output does not
//! depend on the order of the items.

use proptest::prelude::*;
use serde_json::Value;
use spot_distribution::companion::{sibling_copy, sibling_value};
use spot_distribution::config::Policy;
use spot_distribution::fields::Additions;
use spot_distribution::function;
use spot_distribution::inventory::{Inventory, Workload};
use spot_distribution::krm::{Input, Source};
use yaml_splice::{Edits, Stream, YamlError, matches};

use testing::generators::mix::Mix;
use testing::generators::objects::objects;
use testing::generators::printer::Printer;
use testing::generators::random::Random;

/// Takes everything back, annotations or not.
const OFF: &str = "spec:\n    excludeNamespaces: [\"*\"]\n";

/// Configurations that between them reach every strategy and every optional field.
const CONFIGS: [&str; 9] = [
    "spec: {}\n",
    "spec:\n    defaults:\n      deployment: {strategy: spread}\n      statefulSet: {strategy: on-demand}\n",
    "spec:\n    defaults:\n      singleReplica: {strategy: spot}\n      deployment: {strategy: prefer-on-demand}\n      statefulSet: {strategy: spot}\n",
    "spec:\n    onDemandScalesToZero: true\n    spotTolerations: [{key: spot, operator: Exists, effect: NoSchedule}]\n    defaults:\n      deployment: {strategy: spread, onDemand: {base: majority}}\n",
    "spec:\n    nodeLossTolerationSeconds: 30\n    onDemandPriorityClassName: critical\n    defaults:\n      deployment: {onDemand: {base: 2, percentAboveBase: 50}}\n",
    "spec:\n    capacity: {key: karpenter.sh/capacity-type, onDemand: on-demand}\n    defaults:\n      statefulSet: {onDemand: {base: 1}}\n",
    "spec:\n    defaults:\n      singleReplica: {strategy: \"off\"}\n      deployment: {strategy: on-demand}\n      statefulSet: {strategy: \"off\"}\n",
    "spec:\n    budget: floor\n    headroom: capacity-buffer\n    siblingsFirst: true\n",
    "spec:\n    budget: floor\n    defaults:\n      deployment: {strategy: on-demand}\n      statefulSet: {strategy: spread, onDemand: {base: 2}}\n",
];

/// A generated ResourceList.
struct Case {
    /// The text of each item, from its dash to its last line break.
    items: Vec<String>,
    objects: Vec<Value>,
    crlf: bool,
}

fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let objects = objects(&mut random, &Mix::LARGE);
    printed(&mut random, objects, |_| {})
}

/// The same without brackets and without what is empty, so that more siblings are copied.
fn case_without_brackets(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let objects = objects(&mut random, &Mix::LARGE)
        .iter()
        .map(normal)
        .collect();
    printed(&mut random, objects, |printer| printer.flow = 0)
}

fn printed(random: &mut Random, objects: Vec<Value>, style: impl Fn(&mut Printer<'_>)) -> Case {
    let json = random.chance(8);
    let items = objects
        .iter()
        .map(|object| {
            if json || random.chance(10) {
                return format!("- {object}\n");
            }
            let mut printer = Printer::new(random);
            style(&mut printer);
            printer.block(&Value::Array(vec![object.clone()]), 0)
        })
        .collect();
    Case {
        items,
        objects,
        crlf: random.chance(15),
    }
}

impl Case {
    /// The list in JSON, in one line or over lines.
    fn json(&self, over_lines: bool) -> String {
        let list = serde_json::json!({
            "apiVersion": "config.kubernetes.io/v1",
            "kind": "ResourceList",
            "items": self.objects,
        });
        if over_lines {
            format!("{list:#}\n")
        } else {
            format!("{list}\n")
        }
    }

    fn list(&self, config: &str) -> String {
        let head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n";
        let config = format!(
            "functionConfig:\n  apiVersion: spot-distribution.dev/v1alpha1\n  kind: SpotDistribution\n  {config}"
        );
        let text = format!("{head}{config}items:\n{}", self.items.concat());
        if self.crlf {
            text.replace('\n', "\r\n")
        } else {
            text
        }
    }
}

/// The list's items after a run with `config` instead of the one that is in it.
fn run(list: &str, config: &str) -> Result<String, String> {
    let crlf = list.contains("\r\n");
    let normal = list.replace("\r\n", "\n");
    let start = normal.find("  spec:").unwrap();
    let end = normal.find("\nitems:").unwrap() + 1;
    let input = format!("{}  {config}{}", &normal[..start], &normal[end..]);
    let input = if crlf {
        input.replace('\n', "\r\n")
    } else {
        input
    };
    let response = function::run(input.as_bytes());
    let output = response.output().map(ToString::to_string);
    let output = output.unwrap_or_default();
    if response.is_success() {
        Ok(without_results(&output).to_owned())
    } else {
        assert_eq!(
            without_results(&output),
            input,
            "a failed run changed something"
        );
        Err(response
            .findings()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n"))
    }
}

/// A sibling as a copy with edits, where it can be one, and as a value, with its text.
struct Sibling {
    copy: Option<String>,
    value: yaml_splice::Value,
    text: String,
}

fn policy(config: &str) -> Policy {
    let text =
        format!("apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\n{config}");
    let stream = Stream::parse(&text).unwrap();
    Policy::read(Some(stream.documents[0].root())).unwrap()
}

/// The siblings that the workloads of `list` would have by `policy`.
fn siblings(list: &str, policy: &Policy) -> Result<Vec<Sibling>, String> {
    let stream = Stream::parse(list).map_err(|error| error.to_string())?;
    let sources = [Source { file: None, stream }];
    let input = Input::read(&sources).map_err(|errors| format!("{errors:?}"))?;
    let inventory = Inventory::read(input).map_err(|findings| format!("{findings:?}"))?;
    let additions = Additions::of(policy);
    let workloads = inventory.workloads.iter();
    let found: Result<_, YamlError> = workloads
        .map(|workload| sibling(workload, &additions))
        .collect();
    found.map_err(|error| error.to_string())
}

fn sibling(workload: &Workload<'_>, additions: &Additions<'_>) -> Result<Sibling, YamlError> {
    let original = workload.resource.node;
    let value = sibling_value(workload, 2, additions, None)?;
    let text = Edits::render_item_after(original, &value)?;
    let copy = sibling_copy(workload, 2, additions, None);
    let copy = copy
        .ok()
        .flatten()
        .and_then(|edits| edits.copy_after(original));
    Ok(Sibling { copy, value, text })
}

fn without_results(list: &str) -> &str {
    let end = list.find("\nresults:").map_or(list.len(), |at| at + 1);
    &list[..end]
}

fn items(list: &str) -> &str {
    let start = list.find("\nitems:").unwrap();
    &list[start..]
}

/// Removes what is empty: it is filled where the policy writes there.
fn normal(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.clone(), normal(value)));
            let filled = entries.filter(|(_, value)| !is_empty(value));
            Value::Object(filled.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(normal).collect()),
        _ => value.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

fn parsed(list: &str) -> Vec<Value> {
    let list: serde_yaml::Value =
        serde_yaml::from_str(list).unwrap_or_else(|error| panic!("{error} in\n{list}"));
    let list: Value = serde_json::to_value(list).unwrap();
    list["items"].as_array().unwrap().clone()
}

/// Otherwise the law about them says nothing.
#[test]
fn many_siblings_are_copied() {
    let policies = CONFIGS.map(policy);
    let found = (0..100)
        .zip(policies.iter().cycle())
        .flat_map(|(seed, policy)| {
            let case = case_without_brackets(seed);
            let lists = [case.list("spec: {}\n"), case.json(false)];
            lists.map(|list| siblings(&list, policy))
        });
    let found: Vec<_> = found.filter_map(Result::ok).flatten().collect();
    let copied = found.iter().filter(|sibling| sibling.copy.is_some());
    let (copied, all) = (copied.count(), found.len());
    assert!(2 * copied > all, "{copied} of {all}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    /// f(f(x)) = f(x), for every configuration.
    #[test]
    fn running_twice_changes_nothing(seed in any::<u64>(), config in 0..CONFIGS.len()) {
        let list = case(seed).list("spec: {}\n");
        if let Ok(once) = run(&list, CONFIGS[config]) {
            let twice = run(&once, CONFIGS[config]);
            prop_assert_eq!(twice.as_deref(), Ok(once.as_str()));
        }
    }

    /// A sibling that is copied is written as one of values, and read again it has those values.
    #[test]
    fn siblings_of_lines_are_siblings_of_values(seed in any::<u64>(), config in 0..CONFIGS.len(), without_brackets in any::<bool>()) {
        let case = if without_brackets { case_without_brackets(seed) } else { case(seed) };
        let policy = policy(CONFIGS[config]);
        for list in [case.list("spec: {}\n"), case.json(false), case.json(true)] {
            for Sibling { copy, value, text } in siblings(&list, &policy).map_err(TestCaseError::fail)? {
                let Some(copy) = copy else { continue };
                prop_assert_eq!(&copy, &text);
                let copy = copy.trim_start_matches(',');
                let stream = Stream::parse(copy).map_err(|error| TestCaseError::fail(error.to_string()))?;
                let root = stream.documents[0].root();
                prop_assert!(matches(root.items().last().unwrap_or(root), &value), "{}", copy);
            }
        }
    }

    /// off(f(x)) = x, also after several configurations in a row.
    #[test]
    fn off_gives_the_original_back(seed in any::<u64>(), order in prop::collection::vec(0..CONFIGS.len(), 1..4)) {
        let list = case(seed).list("spec: {}\n");
        let mut text = list.clone();
        for config in order {
            match run(&text, CONFIGS[config]) {
                Ok(next) => text = next,
                Err(message) => prop_assert!(false, "{}", message),
            }
        }
        let off = run(&text, OFF).map_err(TestCaseError::fail)?;
        prop_assert_eq!(items(&off), items(&list));
    }

    /// Every line of the input stands in the output, in order, but for rewritten replicas and
    /// filled empty values; and outside of what the policy owns no value differs.
    #[test]
    fn nothing_else_changes(seed in any::<u64>(), config in 0..CONFIGS.len()) {
        let case = case(seed);
        let list = case.list("spec: {}\n");
        let Ok(output) = run(&list, CONFIGS[config]) else { return Ok(()) };
        let has = |object: &Value, name: &str| !object["metadata"]["annotations"][format!("spot-distribution.dev/{name}")].is_null();
        let is_made = |object: &Value| has(object, "sibling-of") || has(object, "budget-of") || has(object, "buffer-of");
        let objects: Vec<_> = parsed(&output).into_iter().filter(|object| !is_made(object)).collect();
        prop_assert_eq!(objects.len(), case.objects.len());
        for (before, after) in case.objects.iter().zip(&objects) {
            prop_assert_eq!(stripped(before), stripped(after));
        }
    }

    /// Items that the policy does not touch keep their bytes.
    #[test]
    fn untouched_items_keep_their_bytes(seed in any::<u64>(), config in 0..CONFIGS.len()) {
        let case = case(seed);
        let list = case.list("spec: {}\n");
        let Ok(output) = run(&list, CONFIGS[config]) else { return Ok(()) };
        for (text, object) in case.items.iter().zip(&case.objects) {
            if !["Deployment", "StatefulSet"].contains(&object["kind"].as_str().unwrap()) {
                let text = if case.crlf { text.replace('\n', "\r\n") } else { text.clone() };
                prop_assert!(output.contains(&text), "lost: {}", text);
            }
        }
    }

    /// The items of a reversed list are the reversed items, each with its sibling behind it.
    #[test]
    fn the_order_of_items_does_not_matter(seed in any::<u64>(), config in 0..CONFIGS.len()) {
        let case = case(seed);
        let Ok(forward) = run(&case.list("spec: {}\n"), CONFIGS[config]) else { return Ok(()) };
        let reversed = Case { items: case.items.iter().rev().cloned().collect(), ..case };
        let Ok(backward) = run(&reversed.list("spec: {}\n"), CONFIGS[config]) else {
            return Err(TestCaseError::fail("fails in another order"));
        };
        let key = |object: &Value| object["metadata"]["name"].to_string() + &object["kind"].to_string();
        let sorted = |text: &str| {
            let mut objects = parsed(text);
            objects.sort_by_key(key);
            objects
        };
        prop_assert_eq!(sorted(&forward), sorted(&backward));
    }
}

/// Set `LAWS_CASES` for a longer run.
fn cases() -> u32 {
    std::env::var("LAWS_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(300)
}

/// An object without the fields that the policy may write.
fn stripped(object: &Value) -> Value {
    let mut object = object.clone();
    if ["Deployment", "StatefulSet"].contains(&object["kind"].as_str().unwrap()) {
        let metadata = object["metadata"].as_object_mut().unwrap();
        if let Some(Value::Object(annotations)) = metadata.get_mut("annotations") {
            let order = [
                "argocd.argoproj.io/sync-wave",
                "config.kubernetes.io/depends-on",
            ];
            annotations.retain(|key, _| {
                !key.starts_with("spot-distribution.dev/") && !order.contains(&key.as_str())
            });
        }
        let spec = object["spec"].as_object_mut().unwrap();
        spec.remove("replicas");
        let template = spec["template"].as_object_mut().unwrap();
        if let Some(Value::Object(annotations)) = template["metadata"].get_mut("annotations") {
            annotations.retain(|key, _| !key.starts_with("spot-distribution.dev/"));
        }
        let pod = template["spec"].as_object_mut().unwrap();
        for list in ["tolerations", "topologySpreadConstraints"] {
            if let Some(Value::Array(items)) = pod.get_mut(list) {
                items.retain(|item| !is_ours(item));
            }
        }
        if pod.get("priorityClassName") == Some(&Value::from("critical")) {
            pod.remove("priorityClassName");
        }
        if let Some(affinity) = pod.get_mut("affinity") {
            strip_affinity(&mut affinity["nodeAffinity"]);
        }
    }
    normal(&normal(&normal(&normal(&normal(&object)))))
}

fn is_ours(item: &Value) -> bool {
    let key = item["topologyKey"].as_str().unwrap_or_default();
    let soft = (key == "topology.kubernetes.io/zone" && item["maxSkew"] == 5)
        || (key == "kubernetes.io/hostname" && item["maxSkew"] == 3);
    // Over zones and nodes of one type; the generator's own have another selector.
    let soft = soft
        || (item["maxSkew"] == 1
            && item["whenUnsatisfiable"] == "ScheduleAnyway"
            && item["labelSelector"]["matchLabels"]["app"] != "x");
    let capacity = item["whenUnsatisfiable"] == "DoNotSchedule";
    let spot = item["key"] == "spot";
    let lost = item["tolerationSeconds"] == 30;
    soft || capacity || spot || lost
}

fn strip_affinity(affinity: &mut Value) {
    let ours = |expression: &Value| {
        ["node.kubernetes.io/capacity", "karpenter.sh/capacity-type"]
            .contains(&expression["key"].as_str().unwrap_or_default())
    };
    if let Some(Value::Array(terms)) =
        affinity.get_mut("preferredDuringSchedulingIgnoredDuringExecution")
    {
        terms.retain(|term| !ours(&term["preference"]["matchExpressions"][0]));
    }
    if let Some(required) = affinity.get_mut("requiredDuringSchedulingIgnoredDuringExecution")
        && let Some(Value::Array(terms)) = required.get_mut("nodeSelectorTerms")
    {
        for term in terms.iter_mut() {
            if let Some(Value::Array(expressions)) = term.get_mut("matchExpressions") {
                expressions.retain(|expression| !ours(expression));
            }
        }
        let filled = |term: &Value| !is_empty(&normal(term));
        terms.retain(filled);
    }
}
