//! Random objects: workloads with every shape of the fields that the function touches, and what
//! stands beside them.

use serde_json::{Value, json};

use super::mix::Mix;
use super::random::Random;

/// A mapping with its keys in this order.
fn mapping(entries: Vec<(&str, Value)>) -> Value {
    let owned = |(key, value): (&str, Value)| (key.to_owned(), value);
    Value::Object(entries.into_iter().map(owned).collect())
}

/// A mapping with its keys in random order.
fn shuffled(random: &mut Random, mut entries: Vec<(&str, Value)>) -> Value {
    random.shuffle(&mut entries);
    mapping(entries)
}

/// Several objects, each with a name of its own.
pub fn objects(random: &mut Random, mix: &Mix) -> Vec<Value> {
    let count = *random.pick(mix.workloads);
    (0..count)
        .flat_map(|index| {
            let name = format!("{}{index}", random.pick(&["web", "db", "api"]));
            let mut objects = vec![workload(random, &name, mix)];
            if random.chance(mix.beside) {
                objects.push(autoscaler(random, &name));
            }
            if random.chance(mix.beside) {
                objects.push(config_map(random, &name));
            }
            random.shuffle(&mut objects);
            objects
        })
        .collect()
}

fn metadata(random: &mut Random, name: &str) -> Value {
    let mut entries = vec![("name", json!(name)), ("namespace", json!("prod"))];
    match random.below(6) {
        0 => entries.push(("annotations", Value::Null)),
        1 => entries.push(("annotations", json!({}))),
        2 => entries.push(("annotations", json!({"team": "a", "note": "on"}))),
        3 => entries.push(("annotations", json!({"about": "two\nlines\n"}))),
        _ => {}
    }
    if random.chance(50) {
        entries.push(("labels", json!({"app": name, "version": "1.10"})));
    }
    shuffled(random, entries)
}

/// A Deployment or a StatefulSet.
fn workload(random: &mut Random, name: &str, mix: &Mix) -> Value {
    let kind = *random.pick(&["Deployment", "Deployment", "StatefulSet"]);
    let template = vec![
        ("metadata", pod_metadata(random, name)),
        ("spec", pod(random, name, mix)),
    ];
    let template = shuffled(random, template);
    let mut spec = vec![
        ("selector", json!({"matchLabels": {"app": name}})),
        ("template", template),
    ];
    match random.below(8) {
        0 => {}
        1 => spec.push(("replicas", Value::Null)),
        _ => spec.push(("replicas", json!(*random.pick(&[0, 1, 1, 2, 3, 5, 10, 20])))),
    }
    if kind == "StatefulSet" {
        spec.push(("serviceName", json!(name)));
    } else if random.chance(20) {
        let surge = random
            .pick(&[json!(0), json!("0%"), json!("25%"), json!(1)])
            .clone();
        spec.push((
            "strategy",
            json!({"rollingUpdate": {"maxSurge": surge, "maxUnavailable": 1}}),
        ));
    }
    let entries = vec![
        ("apiVersion", json!("apps/v1")),
        ("kind", json!(kind)),
        ("metadata", metadata(random, name)),
        ("spec", shuffled(random, spec)),
    ];
    if random.chance(80) {
        mapping(entries)
    } else {
        shuffled(random, entries)
    }
}

fn pod_metadata(random: &mut Random, name: &str) -> Value {
    let mut entries = vec![("labels", json!({"app": name}))];
    match random.below(5) {
        0 => entries.push(("annotations", Value::Null)),
        1 => entries.push(("annotations", json!({}))),
        2 => entries.push(("annotations", json!({"checksum": "0123"}))),
        _ => {}
    }
    shuffled(random, entries)
}

fn pod(random: &mut Random, name: &str, mix: &Mix) -> Value {
    let mut container = json!({"name": name, "image": "nginx:1.27"});
    if random.chance(mix.arguments) {
        container["args"] = json!(["-x", "yes", "010"]);
        container["env"] = json!([{"name": "MODE", "value": "on"},
            {"name": "RUN", "value": "echo 1\necho 2\n"}]);
    }
    let mut entries = vec![("containers", json!([container]))];
    affinity(random, &mut entries);
    tolerations(random, &mut entries);
    spread(random, &mut entries);
    if random.chance(20) {
        entries.push((
            "terminationGracePeriodSeconds",
            json!(*random.pick(&[30, 300])),
        ));
    }
    match random.below(8) {
        0 => entries.push(("priorityClassName", json!("high"))),
        1 => entries.push(("priorityClassName", Value::Null)),
        _ => {}
    }
    shuffled(random, entries)
}

fn affinity(random: &mut Random, entries: &mut Vec<(&str, Value)>) {
    let anti = || json!([{"topologyKey": "kubernetes.io/hostname"}]);
    let zone = || json!({"key": "zone", "operator": "In", "values": ["a", "b"]});
    let field = || json!({"key": "metadata.name", "operator": "In", "values": ["node-1"]});
    let preferred = || json!([{"weight": 5, "preference": {"matchExpressions": [zone()]}}]);
    let value = match random.below(20) {
        0 => Value::Null,
        1 => json!({}),
        2 => json!({"nodeAffinity": null}),
        3 => json!({"nodeAffinity": {}}),
        4 => json!({"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": anti()}}),
        5 => json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
            {"nodeSelectorTerms": [{"matchExpressions": [zone()]}, {"matchFields": [field()]}]}}}),
        6 => {
            json!({"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred()}})
        }
        7 => json!({"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}}),
        8 => json!({"podAffinity": null, "nodeAffinity": {
            "preferredDuringSchedulingIgnoredDuringExecution": preferred(),
            "requiredDuringSchedulingIgnoredDuringExecution":
            {"nodeSelectorTerms": [{"matchExpressions": [zone()]}]}}}),
        9 => json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": null}}),
        10 => json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
            {"nodeSelectorTerms": null}, "preferredDuringSchedulingIgnoredDuringExecution": null}}),
        11 => json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
            {"nodeSelectorTerms": [{"matchFields": [field()], "matchExpressions": null},
                {"matchExpressions": []}, {"matchExpressions": [zone()], "matchFields": null}]}}}),
        _ => return,
    };
    entries.push(("affinity", value));
}

fn tolerations(random: &mut Random, entries: &mut Vec<(&str, Value)>) {
    let value = match random.below(8) {
        0 => Value::Null,
        1 => json!([]),
        2 => json!([{"key": "gpu", "operator": "Exists"}]),
        3 => json!([{"operator": "Exists"}]),
        4 => json!([{"key": "spot", "operator": "Exists", "effect": "NoSchedule"}]),
        _ => return,
    };
    entries.push(("tolerations", value));
}

fn spread(random: &mut Random, entries: &mut Vec<(&str, Value)>) {
    let over = |key: &str| {
        json!({"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": {"app": "x"}}})
    };
    let value = match random.below(10) {
        0 => Value::Null,
        1 => json!([]),
        2 => json!([over("topology.kubernetes.io/zone")]),
        3 => json!([over("kubernetes.io/hostname"), over("rack")]),
        4 => json!([over("node.kubernetes.io/capacity")]),
        _ => return,
    };
    entries.push(("topologySpreadConstraints", value));
}

fn autoscaler(random: &mut Random, name: &str) -> Value {
    let kind = *random.pick(&["Deployment", "StatefulSet"]);
    let target = json!({"apiVersion": "apps/v1", "kind": kind, "name": name});
    json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "namespace": "prod"},
        "spec": {"scaleTargetRef": target, "minReplicas": *random.pick(&[1, 2, 3]), "maxReplicas": 30}})
}

fn config_map(random: &mut Random, name: &str) -> Value {
    let text = *random.pick(&[
        "kind: Deployment\nspec:\n  replicas: 3\n",
        "line\n\n  indented\n\n\n",
        "no newline at the end\nof this",
    ]);
    json!({"apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "prod"},
        "data": {"on": "yes", "manifest": text}})
}
