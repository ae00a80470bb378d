//! Warnings that rest on more than one object, each at its boundary.

use serde_json::Value;

use super::{folder, plan, run, shown, workload};

/// The codes of the warnings of `text`, but for those of a sibling that is new.
fn codes(text: &str) -> Vec<String> {
    let plan = plan(text);
    let warnings = plan["warnings"].as_array().unwrap();
    let codes = warnings
        .iter()
        .map(|warning| warning["code"].as_str().unwrap());
    let codes = codes.filter(|code| *code != "adoption-dips");
    codes.map(str::to_owned).collect()
}

fn budget(limit: &str, selector: &str) -> String {
    format!(
        "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: b, namespace: shop}}\n\
         spec: {{{limit}, selector: {selector}}}\n"
    )
}

const WEB: &str = "{matchLabels: {app: web}}";

#[test]
fn budgets_block_at_the_last_pod_that_may_go() {
    let cases = [
        (10, "maxUnavailable: 0", true),
        (10, "maxUnavailable: 1", false),
        (10, "maxUnavailable: 0%", true),
        (10, "maxUnavailable: 1%", false),
        (10, "minAvailable: 9", false),
        (10, "minAvailable: 10", true),
        (10, "minAvailable: 90%", false),
        // 91 % of 10 is 9.1, rounded up 10.
        (10, "minAvailable: 91%", true),
        (3, "minAvailable: 66%", false),
        (3, "minAvailable: 67%", true),
        (2, "minAvailable: 50%", false),
        (2, "minAvailable: 51%", true),
    ];
    for (replicas, limit, blocks) in cases {
        let web = workload("Deployment", "web", &format!("  replicas: {replicas}\n"));
        let found = codes(&format!("{web}{}", budget(limit, WEB)));
        let expected: &[&str] = if blocks { &["pdb-blocks-drain"] } else { &[] };
        assert_eq!(found, expected, "{limit} of {replicas}");
    }
}

#[test]
fn budgets_select_by_expressions() {
    let web = workload("Deployment", "web", "  replicas: 2\n");
    let cases = [
        ("{key: app, operator: In, values: [api, web]}", true),
        ("{key: app, operator: In, values: [api]}", false),
        ("{key: app, operator: NotIn, values: [api]}", true),
        ("{key: app, operator: NotIn, values: [web]}", false),
        ("{key: app, operator: Exists}", true),
        ("{key: missing, operator: Exists}", false),
        ("{key: missing, operator: DoesNotExist}", true),
        ("{key: tier, operator: DoesNotExist}", false),
    ];
    for (expression, selected) in cases {
        let alone = format!("{{matchExpressions: [{expression}]}}");
        let found = codes(&format!("{web}{}", budget("maxUnavailable: 0", &alone)));
        assert_eq!(found.len(), usize::from(selected), "{expression}");
        let both = format!("{{matchLabels: {{tier: front}}, matchExpressions: [{expression}]}}");
        let found = codes(&format!("{web}{}", budget("maxUnavailable: 0", &both)));
        assert_eq!(
            found.len(),
            usize::from(selected),
            "{expression} and a label"
        );
        let other = format!("{{matchLabels: {{tier: back}}, matchExpressions: [{expression}]}}");
        let found = codes(&format!("{web}{}", budget("maxUnavailable: 0", &other)));
        assert!(found.is_empty(), "{expression} and another label");
    }
}

#[test]
fn a_budget_over_two_workloads_counts_both_and_stands_with_both() {
    let (web, api) = (
        workload("Deployment", "web", "  replicas: 2\n"),
        workload("Deployment", "api", "  replicas: 3\n"),
    );
    for (available, blocks) in [(4, false), (5, true)] {
        let budget = budget(
            &format!("minAvailable: {available}"),
            "{matchLabels: {tier: front}}",
        );
        let plan = plan(&format!("{web}---\n{api}{budget}"));
        for workload in plan["workloads"].as_array().unwrap() {
            let found = workload["warnings"].as_array().unwrap().iter();
            let index = |index: &Value| usize::try_from(index.as_u64().unwrap()).unwrap();
            let code = |at: &Value| &plan["warnings"][index(at)]["code"];
            let budgets = found.filter(|index| code(index) == "pdb-blocks-drain");
            assert_eq!(budgets.count(), usize::from(blocks), "{workload}");
        }
    }
}

fn autoscaler(min: &str) -> String {
    format!(
        "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web, \
         namespace: shop}}\nspec:\n  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}\n\
         {min}  maxReplicas: 9\n"
    )
}

/// Of an autoscaled workload the minimum counts, and its sibling on top.
#[test]
fn budgets_of_autoscaled_workloads() {
    let web = workload("Deployment", "web", "");
    for (available, blocks) in [(4, false), (5, true)] {
        let budget = budget(&format!("minAvailable: {available}"), WEB);
        let found = codes(&format!(
            "{web}{}{budget}",
            autoscaler("  minReplicas: 4\n")
        ));
        assert_eq!(!found.is_empty(), blocks, "{available}");
    }
}

#[test]
fn autoscalers_give_the_range() {
    let web = workload("Deployment", "web", "  replicas: 7\n");
    let figures = |min: &str| {
        let plan = plan(&format!("{web}{}", autoscaler(min)));
        let workload = plan["workloads"][0].clone();
        let replicas = |key: &str| workload[key]["replicas"].as_u64();
        (replicas("figures"), replicas("figuresAtMaximum"))
    };
    assert_eq!(figures(""), (Some(1), Some(9)));
    assert_eq!(figures("  minReplicas: 1\n"), (Some(1), Some(9)));
    assert_eq!(figures("  minReplicas: 2\n"), (Some(2), Some(9)));
    assert_eq!(figures("  minReplicas: 0\n"), (Some(0), Some(9)));
    // An autoscaler makes the number of replicas known.
    let absent = workload("Deployment", "web", "");
    assert_eq!(codes(&absent), ["replicas-unknown"]);
    assert!(codes(&format!("{absent}{}", autoscaler(""))).is_empty());
    let other = autoscaler("").replace("name: web}\n", "name: api}\n");
    assert_eq!(codes(&format!("{absent}{other}")), ["replicas-unknown"]);
}

#[test]
fn spread_under_an_autoscaler() {
    let annotation = "namespace: shop, annotations: {spot-distribution.dev/strategy: spread}}";
    let web = workload("Deployment", "web", "  replicas: 4\n").replacen(
        "namespace: shop}",
        annotation,
        1,
    );
    let autoscaled = "autoscaled-spread".to_owned();
    assert!(!codes(&web).contains(&autoscaled));
    let scaled = format!("{web}{}", autoscaler("  minReplicas: 4\n"));
    assert!(codes(&scaled).contains(&autoscaled));
}

#[test]
fn grace_against_notice() {
    let web = |grace: &str| {
        let web = workload("Deployment", "web", "  replicas: 4\n");
        format!("{web}{grace}")
    };
    let grace = |seconds: u32| format!("      terminationGracePeriodSeconds: {seconds}\n");
    assert!(codes(&web(&grace(120))).is_empty());
    assert_eq!(codes(&web(&grace(121))), ["grace-exceeds-notice"]);
    // Pinned pods get no notice.
    let single = web(&grace(121)).replace("replicas: 4", "replicas: 1");
    assert!(codes(&single).is_empty());
    // Thirty seconds are the default.
    for (notice, warns) in [(30, false), (29, true)] {
        let config = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {{noticeSeconds: \"{notice}\"}}\n"
        );
        let folder = folder(&[("c.yaml", &config), ("web.yaml", &web(""))]);
        let root = folder.path().to_str().unwrap();
        let plan = shown(
            root,
            &["plan", "-o", "json", "--config", "c.yaml", "web.yaml"],
            "",
        );
        let plan: Value = serde_json::from_str(&plan).unwrap();
        assert_eq!(
            !plan["warnings"].as_array().unwrap().is_empty(),
            warns,
            "{notice}"
        );
    }
}

/// The plan's warnings are those that the function says, and what is to be known before a change.
#[test]
fn the_warnings_are_those_of_apply() {
    let arguments = ["--config", "config.yaml", "in"];
    let plan = shown(
        "examples/shop",
        &[&["plan", "-o", "json"], &arguments[..]].concat(),
        "",
    );
    let plan: Value = serde_json::from_str(&plan).unwrap();
    let planned = plan["warnings"].as_array().unwrap();
    let applied = run("examples/shop", &[&["apply"], &arguments[..]].concat(), "");
    let stderr = String::from_utf8(applied.stderr).unwrap();
    let mut planned: Vec<_> = planned.iter().collect();
    for line in stderr.lines() {
        let is_said = |warning: &&Value| {
            let [code, message] = ["code", "message"].map(|key| warning[key].as_str().unwrap());
            line.starts_with(&format!("warning[{code}]")) && line.ends_with(message)
        };
        let at = planned.iter().position(is_said);
        planned.remove(at.unwrap_or_else(|| panic!("not planned: {line}")));
    }
    assert!(planned.is_empty(), "{planned:?}");
}
