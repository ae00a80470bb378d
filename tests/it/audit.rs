//! `audit`: whether the floors of a cluster hold now, from one snapshot of it.

use std::fmt::Write as _;

use assert_cmd::Command;
use serde_json::{Value, json};

/// A node with 4 cores, 8 GiB and room for 10 pods.
fn node(name: &str, capacity: &str, zone: &str) -> Value {
    let mut labels = json!({"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone});
    if !capacity.is_empty() {
        labels["node.kubernetes.io/capacity"] = json!(capacity);
    }
    json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": {},
        "status": {
            "allocatable": {"cpu": "4", "memory": "8388608Ki", "pods": "10"},
            "conditions": [{"type": "Ready", "status": "True"}]
        }
    })
}

/// A running pod of 1 core and 1 GiB.
fn pod(name: &str, owner: (&str, &str), node: &str) -> Value {
    let (kind, controller) = owner;
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": name, "namespace": "shop",
            "labels": {"pod-template-hash": "5d4f8c7b9"},
            "ownerReferences": [{
                "apiVersion": "apps/v1", "kind": kind, "name": controller, "uid": "1", "controller": true
            }]
        },
        "spec": {
            "nodeName": node,
            "containers": [{"name": "main", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}]
        },
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
    })
}

/// A Deployment with `replicas`, as `apply` divides it.
fn placed(name: &str, replicas: u32) -> Vec<Value> {
    let text = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  \
         replicas: {replicas}\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    \
         metadata: {{labels: {{app: {name}}}}}\n    spec: {{containers: [{{name: main, image: e/c}}]}}\n"
    );
    let output = command(&["apply", "-"]).write_stdin(text).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let documents = text.split("\n---\n");
    documents
        .map(|text| serde_yaml::from_str(text).unwrap())
        .collect()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spot-distribution"));
    command.args(arguments).env_clear();
    command
}

/// The audit of these objects: the exit code, and standard output.
fn audited(form: &str, items: &[Value]) -> (Option<i32>, String, String) {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string();
    let output = command(&["audit", "-o", form])
        .write_stdin(list)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn audit(items: &[Value]) -> (Option<i32>, Value) {
    let (code, stdout, stderr) = audited("json", items);
    assert_eq!(stderr, "");
    (code, serde_json::from_str(&stdout).unwrap())
}

/// Two on-demand nodes in two zones, and one spot node.
fn nodes() -> Vec<Value> {
    vec![
        node("od-1", "on-demand", "a"),
        node("od-2", "on-demand", "b"),
        node("spot-1", "spot", "a"),
    ]
}

const SIBLING: (&str, &str) = ("ReplicaSet", "web-on-demand-5d4f8c7b9");
const ORIGINAL: (&str, &str) = ("ReplicaSet", "web-5d4f8c7b9");

/// Ten replicas with a floor of 2: F = 1 + floor(9 * 20 / 100) = 2.
fn web(on_demand: &[&str], spot: usize) -> Vec<Value> {
    let mut items = [nodes(), placed("web", 10)].concat();
    for (index, node) in on_demand.iter().enumerate() {
        items.push(pod(&format!("web-on-demand-{index}"), SIBLING, node));
    }
    for index in 0..spot {
        items.push(pod(&format!("web-{index}"), ORIGINAL, "spot-1"));
    }
    items
}

#[test]
fn the_pods_of_the_sibling_are_the_floor() {
    let (code, audit) = audit(&web(&["od-1", "od-2"], 8));
    assert_eq!(code, Some(0));
    assert_eq!(audit["floors"], json!({"promised": 1, "hold": 1}));
    let expected = json!({
        "namespace": "shop", "kind": "Deployment", "name": "web", "strategy": "floor", "floor": 2,
        "holds": true, "onDemand": 2, "spot": 8, "elsewhere": 0, "notReady": 0,
        "onDemandNodes": 2, "onDemandZones": 2
    });
    assert_eq!(audit["workloads"], json!([expected]));
}

#[test]
fn a_floor_that_does_not_hold_fails() {
    let (code, audit) = audit(&web(&["od-1"], 8));
    assert_eq!(code, Some(1));
    assert_eq!(audit["floors"], json!({"promised": 1, "hold": 0}));
    // A pod that is not ready, or is asked to stop, holds no floor.
    for (path, value) in [
        ("/status/conditions/0/status", json!("False")),
        ("/metadata/deletionTimestamp", json!("2026-11-25T10:00:00Z")),
    ] {
        let mut items = web(&["od-1", "od-2"], 8);
        let pod = items
            .iter_mut()
            .find(|item| item["metadata"]["name"] == "web-on-demand-0");
        let pod = pod.unwrap();
        pod["metadata"]["deletionTimestamp"] = Value::Null;
        *pod.pointer_mut(path).unwrap() = value;
        let (code, audit) = self::audit(&items);
        assert_eq!(code, Some(1), "{path}");
        assert_eq!(audit["workloads"][0]["notReady"], 1, "{path}");
    }
}

/// Two on-demand nodes have 8 cores, 2 of which the floor takes: 6 of the 8 pods fit.
#[test]
fn what_would_have_to_move_and_whether_it_fits() {
    let (_, audit) = audit(&web(&["od-1", "od-2"], 8));
    assert_eq!(audit["nodes"]["free"]["cpu"], 6.0);
    // 20 places for pods less the 2 that are taken.
    assert_eq!(audit["nodes"]["free"]["others"]["pods"], 18);
    let loss = &audit["loss"];
    assert_eq!((&loss["pods"], &loss["fits"]), (&json!(8), &json!(6)));
    assert_eq!(loss["requests"]["cpu"], 8.0);
    assert_eq!(loss["requests"]["memory"], 8_u64 << 30);
    let stranded = json!([{
        "workload": "Deployment/shop/web", "pods": 2, "of": 8, "noNodeAdmits": false
    }]);
    assert_eq!(loss["stranded"], stranded);
}

/// Beside the floor the two on-demand nodes have room for the one pod, then for one of two.
#[test]
fn one_pod_that_has_to_move() {
    let mut items = web(&["od-1", "od-2"], 1);
    let words = |items: &[Value]| {
        let (_, table, _) = audited("table", items);
        table.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let table = words(&items);
    let fits = "1 pod with 1 core, 1 GiB would have to move; by an estimate it fits.";
    assert!(table.contains(fits), "{table}");
    items.push(pod("web-1", ORIGINAL, "spot-1"));
    for node in items.iter_mut().take(2) {
        node["status"]["allocatable"]["cpu"] = json!("1500m");
    }
    items[0]["status"]["allocatable"]["cpu"] = json!("2");
    let table = words(&items);
    let some = "by an estimate 1 fits and 1 does not: 1 of 2 of Deployment/shop/web.";
    assert!(table.contains(some), "{table}");
}

#[test]
fn what_belongs_to_its_node_or_has_ended_does_not_move() {
    let mut items = web(&["od-1", "od-2"], 0);
    items.push(pod("agent", ("DaemonSet", "agent"), "spot-1"));
    items.push(pod("static", ("Node", "spot-1"), "spot-1"));
    let mut done = pod("done", ("Job", "report"), "spot-1");
    done["status"]["phase"] = json!("Succeeded");
    items.push(done);
    items.push(pod("busy", ("Job", "report"), "spot-1"));
    let (_, audit) = audit(&items);
    assert_eq!(audit["loss"]["pods"], 1);
    let others = json!({"DaemonSet": 1, "Node": 1, "Job": 1});
    assert_eq!(audit["notPlaced"], others);
}

#[test]
fn nodes_that_do_not_tell_hold_no_floor() {
    let mut items = web(&["od-1", "new"], 0);
    items.push(node("new", "", "c"));
    let (code, audit) = audit(&items);
    assert_eq!(code, Some(1));
    assert_eq!(audit["nodes"]["unknown"], json!(["new"]));
    let web = &audit["workloads"][0];
    assert_eq!(
        (&web["onDemand"], &web["elsewhere"]),
        (&json!(1), &json!(1))
    );
}

/// The audit of `items` with a policy of this capacity: the exit code, the JSON and standard error.
fn audit_with(capacity: &str, items: &[Value]) -> (Option<i32>, Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("policy.yaml");
    let policy = format!(
        "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\nmetadata: {{name: p}}\n\
         spec: {{capacity: {capacity}}}\n"
    );
    std::fs::write(&config, policy).unwrap();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string();
    let mut command = command(&["audit", "-o", "json", "--config"]);
    let output = command.arg(&config).write_stdin(list).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let audit = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code(), audit, text(output.stderr))
}

/// A policy that takes every node for on-demand: no floor holds on a node that says itself that it is spot.
#[test]
fn a_policy_for_other_labels_makes_no_floor_hold() {
    let every_other = "{key: example.com/spot, spot: 'yes', onDemandLabelled: false}";
    let mut on_spot = web(&["spot-1", "spot-1"], 8);
    for (capacity, label, value) in [
        (every_other, "karpenter.sh/capacity-type", "spot"),
        (every_other, "node.kubernetes.io/capacity", "spot"),
        ("{provider: eks}", "node.kubernetes.io/capacity", "spot"),
        (
            "{provider: eks}",
            "cloud.google.com/gke-provisioning",
            "spot",
        ),
    ] {
        on_spot[2]["metadata"]["labels"] = json!({label: value});
        for item in on_spot
            .iter_mut()
            .filter(|item| item["kind"] == "Deployment")
        {
            let annotations = &mut item["metadata"]["annotations"];
            if annotations["spot-distribution.dev/applied"].is_string() {
                annotations["spot-distribution.dev/applied"] =
                    json!("strategy=floor replicas=10 floor=2 spot=example.com/spot:yes");
            }
        }
        let (code, audit, stderr) = audit_with(capacity, &on_spot);
        assert_eq!(code, Some(1), "{capacity} {label}");
        assert_eq!(audit["floors"], json!({"promised": 1, "hold": 0}));
        let web = &audit["workloads"][0];
        assert_eq!((&web["onDemand"], &web["spot"]), (&json!(0), &json!(10)));
        let taken = format!(
            "warning[spot-taken-for-on-demand] Node/spot-1: spot-1 would be taken for on-demand, although \
             the label {label} says spot"
        );
        assert!(stderr.contains(&taken), "{stderr}");
    }
    assert_eq!(on_spot[2]["metadata"]["name"], "spot-1");
}

#[test]
fn a_key_on_no_node_is_named() {
    let (code, _, stderr) = audit_with("{provider: karpenter}", &web(&["od-1", "od-2"], 8));
    assert_eq!(code, Some(1));
    let none = "warning[key-on-no-node] Node/od-1: none of 3 nodes has the label karpenter.sh/capacity-type";
    assert!(stderr.contains(none), "{stderr}");
    let spotless = [node("a", "", "1"), pod("web-on-demand-0", SIBLING, "a")];
    let (code, _, stderr) = audit_with("{provider: aks}", &spotless);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
}

/// The mark says what its placement knows spot nodes by, whatever the policy of the audit says.
#[test]
fn a_mark_for_other_labels_than_the_policy_has() {
    let mut items = web(&["od-1", "od-2"], 8);
    for item in &mut items {
        if item["kind"] == "Node" {
            let name = item["metadata"]["name"].as_str().unwrap();
            let tier = if name == "od-1" { "base" } else { "spot" };
            item["metadata"]["labels"] = json!({"example.com/tier": tier});
        }
        let mark = item.pointer_mut("/metadata/annotations/spot-distribution.dev~1applied");
        if let Some(mark) = mark {
            *mark = json!("strategy=floor replicas=10 floor=2 capacity=example.com/tier:base:spot");
        }
    }
    let every_other = "{key: example.com/spot, spot: 'yes', onDemandLabelled: false}";
    let (code, audit, stderr) = audit_with(every_other, &items);
    assert_eq!(code, Some(1));
    assert_eq!(audit["workloads"][0]["onDemand"], 1);
    let other = "warning[not-placed] Deployment/shop/web: placed for on-demand nodes with example.com/tier In \
                 [base], where the policy of this audit knows them by example.com/spot NotIn [yes]: name the \
                 policy that it was placed with (--config), or run apply again\n";
    assert_eq!(stderr, other);
}

/// The ReplicaSet names its Deployment; without it in the snapshot the name does.
#[test]
fn pods_find_their_deployment_through_the_replica_set() {
    let mut items = web(&["od-1", "od-2"], 8);
    items.push(json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {
            "name": "web-5d4f8c7b9", "namespace": "shop",
            "ownerReferences": [{
                "apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "2", "controller": true
            }]
        },
        "spec": {"replicas": 8}
    }));
    assert_eq!(audit(&items).1["workloads"][0]["spot"], 8);
}

#[test]
fn a_workload_without_a_mark_promises_nothing() {
    let mut plain = placed("api", 3).remove(0);
    plain["metadata"]["annotations"] = Value::Null;
    let mut items = [nodes(), vec![plain]].concat();
    items.push(pod("api-0", ("ReplicaSet", "api-5d4f8c7b9"), "spot-1"));
    let (code, audit) = audit(&items);
    assert_eq!(code, Some(0));
    assert_eq!(audit["workloads"][0]["holds"], Value::Null);
    let (_, table, _) = audited("table", &items);
    assert!(
        table.contains(
            "No workload promises a floor. 1 workload has ready replicas on spot nodes only."
        ),
        "{table}"
    );
}

#[test]
fn every_form_says_what_does_not_hold() {
    let items = web(&["od-1"], 8);
    for form in ["table", "markdown", "html"] {
        let (code, text, _) = audited(form, &items);
        assert_eq!(code, Some(1), "{form}");
        for words in [
            "0 of 1 promised floor holds.",
            "no, 1 missing",
            "8 pods with 8 cores, 8 GiB would have to move",
        ] {
            assert!(text.contains(words), "{form}: {words}\n{text}");
        }
    }
}

#[test]
fn what_is_missing_in_the_input_is_named() {
    let web = web(&["od-1"], 1);
    let without = |kind: &str| {
        let items = web.iter().filter(|item| item["kind"] != kind);
        audited("table", &items.cloned().collect::<Vec<_>>())
    };
    for kind in ["Node", "Pod"] {
        let (code, stdout, stderr) = without(kind);
        assert_eq!((code, stdout.as_str()), (Some(1), ""));
        let message = format!(
            "error[invalid-input]: the input holds no {kind}; expected the output of: kubectl get"
        );
        assert!(stderr.starts_with(&message), "{stderr}");
    }
}

/// The names come from a cluster: none may command a terminal or a page.
#[test]
fn names_are_only_shown() {
    let mut items = web(&["od-1"], 1);
    let evil = "<img src=x>\u{1b}[2J\n::error::";
    items.push(node(evil, "", "a"));
    let mut shown = String::new();
    for form in ["table", "markdown", "html"] {
        let _ = write!(shown, "{}", audited(form, &items).1);
    }
    assert!(shown.contains("\\u{1b}[2J"));
    assert!(!shown.contains('\u{1b}') && !shown.contains("\n::error::"));
    assert!(shown.contains("&lt;img"));
}

/// The output of `kubectl get nodes,pods,deployments,statefulsets,replicasets,hpa,pdb -A -o json` on
/// Kubernetes 1.36.3, after `apply` of ten replicas of web, one of mail and a quorum of three.
#[test]
fn a_live_cluster() {
    let dump = include_str!("live.json");
    let output = command(&["audit"]).write_stdin(dump).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    let rows = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let rows: Vec<_> = rows.collect();
    for row in [
        "Deployment/mail on-demand 1 1 0 0 0 yes",
        "StatefulSet/pg spread 2 2 1 0 0 yes",
        "Deployment/web floor 2 2 8 0 0 yes",
        "3 of 3 promised floors hold.",
    ] {
        assert!(rows.iter().any(|found| found == row), "{row}\n{text}");
    }
    // On spot: 8 of web with 0.5 cores and 0.5 GiB, 1 of pg with 0.25 cores and 1 GiB.
    let moved = "9 pods with 4.25 cores, 5 GiB would have to move; by an estimate all of them fit.";
    assert!(text.contains(moved), "{text}");
}
