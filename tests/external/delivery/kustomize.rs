//! kustomize renders the chart and then starts the function.

use testing::programs::{find, installed};

use super::{BINARY, EXAMPLE};
use crate::orchestrators::folder::{Folder, printed};
use crate::orchestrators::manifests::{documents, replicas};

fn build(folder: &Folder) -> String {
    let mut kustomize = folder.command("kustomize");
    kustomize.args([
        "build",
        ".",
        "--enable-helm",
        "--enable-alpha-plugins",
        "--enable-exec",
    ]);
    kustomize.arg("--helm-command").arg(find("helm").unwrap());
    printed(&mut kustomize)
}

fn example() -> Folder {
    let folder = Folder::of_example(EXAMPLE);
    folder.replace("path: spot-distribution", &format!("path: {BINARY}"));
    folder
}

#[test]
fn the_transformer_sees_the_chart() {
    if !installed(&["kustomize", "helm"]) {
        return;
    }
    let built = build(&example());
    assert_eq!(replicas(&built, "shop-web"), 2, "{built}");
    assert_eq!(replicas(&built, "shop-web-on-demand"), 2);
    assert_eq!(replicas(&built, "shop-worker-on-demand"), 2);
    let smoke = documents(&built)
        .into_iter()
        .find(|it| it["metadata"]["name"] == "shop-smoke");
    let annotations = smoke.unwrap()["metadata"]["annotations"].clone();
    assert_eq!(annotations, serde_json::json!({"helm.sh/hook": "test"}));
}

/// The policy may stand in an overlay of a kustomization with the chart.
#[test]
fn in_an_overlay() {
    if !installed(&["kustomize", "helm"]) {
        return;
    }
    let folder = example();
    let base = folder
        .read("kustomization.yaml")
        .replace("transformers:\n  - transformer.yaml\n", "");
    folder.write("base/kustomization.yaml", &base);
    for (path, text) in folder.files() {
        if path.starts_with("charts") {
            folder.write(std::path::Path::new("base").join(path), &text);
        }
    }
    let overlay = "\
resources: [base]
replicas: [{name: shop-web, count: 10}]
transformers: [transformer.yaml]
";
    folder.write("kustomization.yaml", overlay);
    let built = build(&folder);
    assert_eq!(replicas(&built, "shop-web"), 8, "{built}");
    assert_eq!(replicas(&built, "shop-web-on-demand"), 2);
}
