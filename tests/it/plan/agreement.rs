//! The plan's figures are those that `apply` writes: the mark, and the replicas of the sibling.

use std::collections::BTreeMap;

use serde_json::Value;
use spot_distribution::krm::{Input, Source, annotations};
use yaml_splice::{Node, Stream};

use super::shown;
use super::stream::stream;

/// What `apply` wrote, by file, namespace, kind and name; of one name in several files all.
type Written = BTreeMap<[String; 3], Vec<String>>;

/// The mark of each workload, and the replicas of each sibling as `sibling=F`.
fn written(text: &str) -> Written {
    let stream = Stream::parse(text).unwrap();
    let sources = [Source { file: None, stream }];
    let mut written = Written::new();
    for resource in Input::read(&sources).unwrap().resources {
        let key = |name: &str| {
            let namespace = resource.namespace.unwrap_or_default();
            [namespace, resource.kind, name].map(str::to_owned)
        };
        if let Some(mark) = resource.annotation(annotations::APPLIED).unwrap() {
            let mark: Vec<_> = mark.split(' ').take(3).collect();
            let all = written.entry(key(resource.name)).or_default();
            all.push(mark.join(" "));
        }
        if let Some(original) = resource.annotation(annotations::SIBLING_OF).unwrap() {
            let replicas = resource.node.at(&["spec", "replicas"]).unwrap();
            let replicas = replicas.map_or("", Node::text);
            let all = written.entry(key(original)).or_default();
            all.push(format!("sibling={replicas}"));
        }
    }
    for all in written.values_mut() {
        all.sort();
    }
    written
}

/// The same, as the plan has it.
fn planned(plan: &Value) -> Written {
    let mut planned = Written::new();
    let workloads = plan["workloads"].as_array().unwrap();
    for workload in workloads
        .iter()
        .filter(|workload| !workload["strategy"].is_null())
    {
        let text = |key: &str| workload[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| workload["figures"][key].as_u64().unwrap();
        let strategy = text("strategy");
        // Strategies that only prefer promise nothing, so their floor is 0.
        let prefers = strategy == "spot" || strategy == "prefer-on-demand";
        let floor = if prefers { 0 } else { number("onDemand") };
        let all = planned
            .entry(["namespace", "kind", "name"].map(text))
            .or_default();
        all.push(format!(
            "strategy={strategy} replicas={} floor={floor}",
            number("replicas")
        ));
        if strategy == "floor" && number("spot") > 0 && floor > 0 {
            all.push(format!("sibling={floor}"));
        }
    }
    for all in planned.values_mut() {
        all.sort();
    }
    planned
}

fn agree(folder: &str, arguments: &[&str], stdin: &str) {
    let plan = shown(
        folder,
        &[&["plan", "-o", "json"], arguments].concat(),
        stdin,
    );
    let applied = shown(folder, &[&["apply"], arguments].concat(), stdin);
    let planned = planned(&serde_json::from_str(&plan).unwrap());
    assert!(!planned.is_empty(), "{folder}");
    assert_eq!(planned, written(&applied), "{folder}");
}

#[test]
fn on_the_examples() {
    agree("examples/shop", &["--config", "config.yaml", "in"], "");
    agree("examples/intent", &["--config", "config.yaml", "in"], "");
    agree(
        "examples/kpt",
        &["--config", "in/spot-distribution.yaml", "in"],
        "",
    );
    for example in ["quorum", "styles", "web"] {
        agree(&format!("examples/{example}"), &["in"], "");
    }
}

#[test]
fn on_two_hundred_mixed_manifests() {
    agree(".", &["-"], &stream());
}
