//! Every strategy under every form of capacity has a golden folder, whose input and configuration are
//! made here. `UPDATE_GOLDEN=1` writes them again; `--test golden` then writes and checks the outputs.

use std::path::Path;
use std::{env, fs};

/// The forms, and what `spec` says for each.
const FORMS: [(&str, &str); 9] = [
    ("default", "{}"),
    (
        "lists",
        "{capacity: {key: node-type, onDemand: [reserved, base], spot: [cheap, leftover]}}",
    ),
    (
        "unlabelled",
        "{capacity: {key: node-type, spot: cheap, onDemandLabelled: false}}",
    ),
    (
        "two-systems",
        "{capacity: {key: node-type, spot: cheap, onDemandLabelled: false, alsoSpot: [{key: pool, values: [spot]}]}}",
    ),
    ("karpenter", "{capacity: {provider: karpenter}}"),
    ("eks", "{capacity: {provider: eks}}"),
    ("gke", "{capacity: {provider: gke}}"),
    ("aks", "{capacity: {provider: aks}}"),
    (
        "tainted",
        "{onDemandTolerations: [{key: dedicated, value: base, effect: NoSchedule}]}",
    ),
];

const STRATEGIES: [&str; 7] = [
    "on-demand",
    "prefer-on-demand",
    "floor",
    "ordinals",
    "spread",
    "spot",
    "off",
];

/// `spread` needs the key on every node, with one value on each side.
fn is_refused(form: &str, strategy: &str) -> bool {
    strategy == "spread" && !matches!(form, "default" | "tainted")
}

fn configuration(spec: &str) -> String {
    format!(
        "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\nmetadata:\n  name: policy\nspec: {spec}\n"
    )
}

fn manifest(strategy: &str) -> String {
    let (kind, service) = match strategy {
        "ordinals" => ("StatefulSet", "  serviceName: app\n"),
        _ => ("Deployment", ""),
    };
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: app\n  annotations:\n    \
         spot-distribution.dev/strategy: \"{strategy}\"\nspec:\n  replicas: 5\n{service}  selector:\n    \
         matchLabels:\n      app: app\n  template:\n    metadata:\n      labels:\n        app: app\n    spec:\n      \
         terminationGracePeriodSeconds: 10\n      containers:\n        - name: app\n          \
         image: registry.example/app:1.4\n"
    )
}

#[test]
fn every_strategy_under_every_form_has_a_folder() {
    let is_update = env::var_os("UPDATE_GOLDEN").is_some();
    for (form, spec) in FORMS {
        for strategy in STRATEGIES {
            let folder = format!("tests/golden/capacity-forms/{form}-{strategy}");
            let folder = Path::new(&folder);
            let files = [
                ("config.yaml", configuration(spec)),
                ("in.yaml", manifest(strategy)),
            ];
            if is_update {
                fs::create_dir_all(folder).unwrap();
                for (name, text) in &files {
                    fs::write(folder.join(name), text).unwrap();
                }
                if is_refused(form, strategy) {
                    fs::write(folder.join("fails"), "").unwrap();
                }
            }
            for (name, text) in files {
                let path = folder.join(name);
                let found = fs::read_to_string(&path).unwrap_or_default();
                assert_eq!(found, text, "{}", path.display());
            }
            let fails = folder.join("fails").exists();
            assert_eq!(fails, is_refused(form, strategy), "{}", folder.display());
            assert!(fails || folder.join("out.yaml").exists() || is_update);
        }
    }
}
