//! What the policy owns in an object, taken out so that the rest can be compared.

use serde_json::{Map, Value};

/// The prefix of everything that the function writes for itself.
const OURS: &str = "spot-distribution.dev/";
const CAPACITY_KEYS: [&str; 2] = ["node.kubernetes.io/capacity", "karpenter.sh/capacity-type"];
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Whether an object is a sibling that the function made.
pub fn is_sibling(object: &Value) -> bool {
    !object["metadata"]["annotations"]["spot-distribution.dev/sibling-of"].is_null()
}

/// An object without what the policy may write into it.
pub fn rest_of_original(object: &Value) -> Value {
    let mut object = object.clone();
    if !is_workload(&object) {
        return object;
    }
    without_ours(&mut object["metadata"], "annotations");
    remove(&mut object["spec"], "replicas");
    rest_of_pod(&mut object["spec"]["template"]);
    object
}

/// A workload, or its sibling, without what tells them apart.
pub fn shared_with_sibling(object: &Value) -> Value {
    let mut object = rest_of_original(object);
    remove(&mut object["metadata"], "name");
    without_ours(&mut object["spec"]["selector"], "matchLabels");
    without_ours(&mut object["spec"]["template"]["metadata"], "labels");
    let strategy = &mut object["spec"]["strategy"];
    if let Some(rolling) = strategy.get_mut("rollingUpdate") {
        remove(rolling, "maxSurge");
        remove(rolling, "maxUnavailable");
    }
    remove_empty(strategy, "rollingUpdate");
    remove_empty(&mut object["spec"], "strategy");
    object
}

fn is_workload(object: &Value) -> bool {
    ["Deployment", "StatefulSet"].contains(&object["kind"].as_str().unwrap_or_default())
}

fn rest_of_pod(template: &mut Value) {
    without_ours(&mut template["metadata"], "annotations");
    let pod = &mut template["spec"];
    for list in ["tolerations", "topologySpreadConstraints"] {
        if let Some(Value::Array(items)) = pod.get_mut(list) {
            items.retain(|item| !is_ours(item));
        }
        remove_empty(pod, list);
    }
    if pod.get("priorityClassName") == Some(&Value::from("critical")) {
        remove(pod, "priorityClassName");
    }
    remove_empty(pod, "priorityClassName");
    if let Some(Value::Object(_)) = pod.get("affinity") {
        rest_of_affinity(&mut pod["affinity"]["nodeAffinity"]);
        remove_empty(&mut pod["affinity"], "nodeAffinity");
    }
    remove_empty(pod, "affinity");
}

/// A constraint or a toleration that some configuration of the tests asks for.
fn is_ours(item: &Value) -> bool {
    let key = item["topologyKey"].as_str().unwrap_or_default();
    let soft = (key == "topology.kubernetes.io/zone" && item["maxSkew"] == 5)
        || (key == "kubernetes.io/hostname" && item["maxSkew"] == 3);
    // Members and siblings are spread evenly; the owner's own constraints select another application.
    let even = item["maxSkew"] == 1
        && ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].contains(&key)
        && item["labelSelector"]["matchLabels"]["app"] != "x";
    let capacity = CAPACITY_KEYS.contains(&key) && item["whenUnsatisfiable"] == "DoNotSchedule";
    soft || even || capacity || item["tolerationSeconds"] == 30 || is_spot_toleration(item)
}

fn is_spot_toleration(item: &Value) -> bool {
    item["key"] == "spot" && item["effect"] == "NoSchedule"
}

fn rest_of_affinity(affinity: &mut Value) {
    let ours = |expression: &Value| {
        CAPACITY_KEYS.contains(&expression["key"].as_str().unwrap_or_default())
    };
    if let Some(Value::Array(terms)) = affinity.get_mut(PREFERRED) {
        terms.retain(|term| !ours(&term["preference"]["matchExpressions"][0]));
    }
    remove_empty(affinity, PREFERRED);
    if let Some(Value::Array(terms)) = affinity[REQUIRED].get_mut("nodeSelectorTerms") {
        for term in terms.iter_mut() {
            if let Some(Value::Array(expressions)) = term.get_mut("matchExpressions") {
                expressions.retain(|expression| !ours(expression));
            }
            remove_empty(term, "matchExpressions");
        }
        terms.retain(|term| !is_empty(term));
    }
    remove_empty(&mut affinity[REQUIRED], "nodeSelectorTerms");
    remove_empty(affinity, REQUIRED);
}

fn without_ours(parent: &mut Value, field: &str) {
    if let Some(Value::Object(entries)) = parent.get_mut(field) {
        entries.retain(|key, _| !key.starts_with(OURS));
    }
    remove_empty(parent, field);
}

/// Not `swap_remove`: the order of what stays is compared.
fn remove(parent: &mut Value, field: &str) {
    if let Value::Object(entries) = parent {
        entries.shift_remove(field);
    }
}

/// An empty value may have been filled, or its parent made.
fn remove_empty(parent: &mut Value, field: &str) {
    if parent.get(field).is_some_and(is_empty) {
        remove(parent, field);
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => Map::is_empty(entries),
        _ => false,
    }
}
