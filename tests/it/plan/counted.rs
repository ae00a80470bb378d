//! The headline counts every workload, also one that nothing is decided about.

use serde_json::json;

use super::{folder, plan, shown, workload};

/// Every form of the plan but JSON, with its line breaks as blanks.
fn forms(text: &str) -> [String; 3] {
    ["table", "markdown", "html"].map(|form| {
        let text = shown(".", &["plan", "-o", form, "-"], text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

fn contains(text: &str, expected: &str) {
    for form in forms(text) {
        assert!(form.contains(expected), "{expected}: {form}");
    }
}

fn web() -> String {
    workload("Deployment", "web", "  replicas: 10\n")
}

#[test]
fn one_whose_replicas_are_filled_in_later() {
    let later = workload("Deployment", "later", "  replicas: ${N}\n");
    let both = format!("{later}---\n{}", web());
    let found = plan(&both);
    let [first, second] = [0, 1].map(|at| &found["workloads"][at]);
    assert_eq!(
        (&first["name"], &second["name"]),
        (&json!("later"), &json!("web"))
    );
    assert_eq!(first["fate"], "unknown");
    assert_eq!(first["leftAlone"]["code"], "unresolved-variable");
    assert_eq!(first["warnings"].as_array().unwrap().len(), 1);
    assert_eq!(found["totals"]["fates"], json!({"kept": 1, "unknown": 1}));
    assert_eq!(found["totals"]["unknown"][0], "Deployment/shop/later");
    contains(
        &both,
        "1 of 2 workloads keeps at least one replica for certain when every spot node is lost. 1 is not \
         certain: its manifest is incomplete, invalid or filled in later.",
    );
    contains(
        &later,
        "0 of 1 workload keeps at least one replica for certain",
    );
    contains(&later, "Deployment/shop/later (spec.replicas: found ");
    let [table, ..] = forms(&later);
    assert!(
        table.contains("shop Deployment/later ? spec.replicas: found ${N}"),
        "{table}"
    );
}

#[test]
fn one_that_is_off_and_whose_replicas_are_filled_in_later() {
    let off = workload("Deployment", "off", "  replicas: ${N}\n").replace(
        "namespace: shop}",
        "namespace: shop, annotations: {spot-distribution.dev/strategy: \"off\"}}",
    );
    assert_eq!(plan(&off)["workloads"][0]["fate"], "unknown");
    let [table, ..] = forms(&off);
    assert!(
        table.contains("shop Deployment/off ? its strategy is off"),
        "{table}"
    );
}

/// How far it scales nobody knows, and so what becomes of what it scales.
#[test]
fn one_whose_autoscaler_is_filled_in_later() {
    let autoscaler = "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n\
        metadata: {name: web, namespace: shop}\n\
        spec: {scaleTargetRef: {kind: Deployment, name: web}, minReplicas: \"${MIN}\"}\n";
    let found = plan(&format!("{}{autoscaler}", web()));
    assert_eq!(found["totals"]["fates"], json!({"unknown": 1}));
    let reason = found["workloads"][0]["leftAlone"]["reason"]
        .as_str()
        .unwrap();
    assert!(reason.contains("HorizontalPodAutoscaler"), "{reason}");
}

#[test]
fn one_that_yaml_makes_ambiguous() {
    let twice = workload("Deployment", "twice", "  replicas: 1\n  replicas: 2\n");
    let folder = folder(&[("web.yaml", &web()), ("twice.yaml", &twice)]);
    let root = folder.path().to_str().unwrap();
    let table = shown(root, &["plan", "."], "");
    assert!(table.starts_with("workload"), "{table}");
    assert!(table.contains("1 of 2 workloads keeps"), "{table}");
}

/// No cluster serves its API any more, but how many replicas it has is known.
#[test]
fn one_of_an_api_that_is_gone() {
    let old = workload("Deployment", "old", "  replicas: 3\n");
    let old = old.replace("apps/v1", "extensions/v1beta1");
    let found = plan(&old);
    let workload = &found["workloads"][0];
    assert_eq!(
        (&workload["fate"], &workload["figures"]["replicas"]),
        (&json!("open"), &json!(3))
    );
    assert_eq!(found["notPlaced"], json!({}));
    assert_eq!(found["totals"]["room"]["worst"]["pods"], 3);
    contains(
        &old,
        "0 of 1 workload keeps at least one replica for certain when every spot node is lost. 1 is left \
         alone and nothing holds a replica on on-demand nodes.",
    );
    let [table, ..] = forms(&old);
    assert!(!table.contains("Not placed"), "{table}");
    let none = old.replace("replicas: 3", "replicas: 0");
    contains(&none, "1 asks for no replicas.");
    let later = old.replace("replicas: 3", "replicas: ${N}");
    contains(
        &later,
        "1 is not certain: its manifest is incomplete, invalid or filled in later.",
    );
}

#[test]
fn hooks_and_what_is_for_tools_are_named_with_the_reason() {
    let with = |name: &str, annotation: &str| {
        let annotations = format!("namespace: shop, annotations: {{{annotation}}}}}");
        workload("Deployment", name, "").replacen("namespace: shop}", &annotations, 1)
    };
    let hook = with("probe", "helm.sh/hook: test");
    let local = with("tool", "config.kubernetes.io/local-config: \"true\"");
    let job = workload("Job", "report", "");
    let all = [web(), hook.clone(), local.clone(), job].join("---\n");
    let found = plan(&all);
    assert_eq!(found["workloads"].as_array().unwrap().len(), 1);
    assert_eq!(found["notPlaced"], json!({"Job": 1}));
    assert_eq!(found["hooks"], json!({"Deployment": 1}));
    assert_eq!(found["localConfig"], json!({"Deployment": 1}));
    let because = "Not placed and not counted above, because";
    for sentence in [
        "only Deployments and StatefulSets are: 1 Job.",
        "it is a hook of a chart: 1 Deployment.",
        "it is for tools only (local-config): 1 Deployment.",
    ] {
        contains(&all, &format!("{because} {sentence}"));
    }
    let two = [hook, with("smoke", "helm.sh/hook: test")].join("---\n");
    contains(
        &two,
        &format!("{because} they are hooks of a chart: 2 Deployments."),
    );
    contains(&two, "There is no Deployment and no StatefulSet to place.");
}
