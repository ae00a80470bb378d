//! The headline counts every workload, also one that nothing is decided about; what does not count is named.

use serde_json::json;

use super::{plan, shown, workload};

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
