//! Argo CD's config management plugin: the sidecar of the example under Argo CD's own plugin server,
//! asked by Argo CD's own client.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use testing::programs::installed;

use super::BINARY;
use super::folder::{Folder, said, succeed};
use super::manifests::{documents, replicas};
use super::sidecar::Sidecar;

const EXAMPLE: &str = "examples/argo-cd";

fn golden() -> Vec<Value> {
    let path = format!("{}/{EXAMPLE}/rendered.yaml", env!("CARGO_MANIFEST_DIR"));
    documents(&std::fs::read_to_string(path).unwrap())
}

/// The command alone; `UPDATE_GOLDEN=1` writes what it prints.
#[test]
fn the_command_prints_manifests() {
    if !installed(&["sh", "kustomize"]) {
        return;
    }
    let repository = Folder::of_example(EXAMPLE);
    let bin = PathBuf::from(BINARY);
    let path = std::env::var("PATH").unwrap();
    let mut generate = Command::new("sh");
    generate
        .arg("../plugin/generate")
        .current_dir(repository.path().join("app"));
    generate.env(
        "PATH",
        format!("{}:{path}", bin.parent().unwrap().display()),
    );
    let built = String::from_utf8(generate.output().unwrap().stdout).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let project = env!("CARGO_MANIFEST_DIR");
        std::fs::write(format!("{project}/{EXAMPLE}/rendered.yaml"), &built).unwrap();
    }
    assert_eq!(documents(&built), golden());
    assert_eq!(replicas(&built, "web-on-demand"), 4);
}

#[test]
fn the_plugin_generates_the_same_twice() {
    let Some(sidecar) = Sidecar::start("generate") else {
        return;
    };
    let repository = Folder::of_example(EXAMPLE);
    let once = sidecar.generated(&repository, &[]);
    assert_eq!(documents(&once), golden());
    assert_eq!(sidecar.generated(&repository, &[]), once);
}

#[test]
fn it_is_found_by_the_policy_and_announces_its_parameter() {
    let Some(sidecar) = Sidecar::start("discover") else {
        return;
    };
    let repository = Folder::of_example(EXAMPLE);
    let found = || said(&sidecar.ask("match", &repository, &[]));
    assert!(found().contains("\"isSupported\":true"), "{}", found());
    let announced = said(&sidecar.ask("parameters", &repository, &[]));
    assert!(announced.contains("\"name\":\"policy\""), "{announced}");
    std::fs::remove_file(repository.path().join("app/spot-distribution.yaml")).unwrap();
    assert!(!found().contains("\"isSupported\":true"), "{}", found());
}

#[test]
fn the_parameter_names_the_policy() {
    let Some(sidecar) = Sidecar::start("parameter") else {
        return;
    };
    let repository = Folder::of_example(EXAMPLE);
    let policy = repository
        .read("app/spot-distribution.yaml")
        .replace("base: 3", "base: majority");
    repository.write("app/policies/strict.yaml", &policy);
    let strict = sidecar.generated(&repository, &["PARAM_POLICY=policies/strict.yaml"]);
    assert_eq!(replicas(&strict, "web-on-demand"), 6);
    let said = sidecar.refused(&repository, &["PARAM_POLICY=policies/none.yaml"]);
    assert!(said.contains("policies/none.yaml"), "{said}");
    let said = sidecar.refused(&repository, &["PARAM_POLICY=../plugin/plugin.yaml"]);
    assert!(said.contains("not a file of the application"), "{said}");
}

/// The application is a chart.
fn chart() -> Folder {
    let repository = Folder::empty();
    for (path, text) in Folder::of_example("examples/argo-cd/chart").files() {
        repository.write(PathBuf::from("app").join(path), &text);
    }
    repository
}

#[test]
fn a_chart_with_a_values_file() {
    let Some(sidecar) = Sidecar::start("chart") else {
        return;
    };
    let plain = sidecar.generated(&chart(), &[]);
    // Two replicas are less than the policy's three: both run on on-demand nodes.
    assert_eq!(replicas(&plain, "shop-web"), 2);
    assert!(
        plain.contains("strategy=floor replicas=2 floor=2"),
        "{plain}"
    );
    let production = sidecar.generated(&chart(), &["PARAM_VALUES_0=values-production.yaml"]);
    assert_eq!(replicas(&production, "shop-web"), 6);
    assert_eq!(replicas(&production, "shop-web-on-demand"), 4);
    let said = sidecar.refused(&chart(), &["PARAM_VALUES_0=../values.yaml"]);
    assert!(said.contains("not a file of the application"), "{said}");
    let said = sidecar.refused(&chart(), &["PARAM_VALUES_0=none.yaml"]);
    assert!(said.contains("none.yaml"), "{said}");
    let broken = chart();
    broken.write("app/templates/broken.yaml", "{{ .Values.a.b }}\n");
    let said = sidecar.refused(&broken, &[]);
    assert!(said.contains("broken.yaml"), "{said}");
}

/// With an empty output and success, Argo CD would prune the whole application.
#[test]
fn whatever_goes_wrong_is_an_error() {
    let Some(sidecar) = Sidecar::start("errors") else {
        return;
    };
    let broken = |path: &str, text: &str| {
        let repository = Folder::of_example(EXAMPLE);
        repository.write(path, text);
        sidecar.refused(&repository, &[])
    };
    let said = broken("app/kustomization.yaml", "resources: [nowhere.yaml]\n");
    assert!(said.contains("nowhere.yaml"), "{said}");
    let said = broken("app/kustomization.yaml", "namespace: shop\n");
    assert!(said.contains("not a single resource"), "{said}");
    let said = broken("app/spot-distribution.yaml", "kind: SpotDistribution\n");
    assert!(said.contains("apiVersion"), "{said}");
    let repository = Folder::of_example(EXAMPLE);
    repository.replace(
        "  name: web\nspec",
        "  name: web\n  annotations: {spot-distribution.dev/strategy: flor}\nspec",
    );
    let said = sidecar.refused(&repository, &[]);
    assert!(said.contains("flor"), "{said}");
}

/// The sources of Argo CD at `version`, from Go's cache or a proxy.
fn argo_cd(version: &str) -> String {
    let mut go = Command::new("go");
    let module = format!("github.com/argoproj/argo-cd/v3{version}");
    go.args(["mod", "download", "-json", &module]);
    go.current_dir(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/external/programs/go/argocd"
    ));
    let found: Value = serde_json::from_slice(&go.output().unwrap().stdout).unwrap();
    found["Dir"].as_str().unwrap().to_owned()
}

/// The newest Argo CD knows every field of the applications; the source hydrator takes plugins since 3.5.
#[test]
fn the_applications_have_the_form_that_argo_cd_asks_for() {
    if !installed(&["go"]) {
        return;
    }
    let path = format!("{}/manifests/crds/application-crd.yaml", argo_cd("@v3.5.7"));
    let crd = &documents(&std::fs::read_to_string(path).unwrap())[0];
    let schema = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    for name in ["application", "application-chart", "application-hydrated"] {
        let path = format!("{}/{EXAMPLE}/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let application = &documents(&std::fs::read_to_string(path).unwrap())[0];
        assert!(jsonschema::is_valid(schema, application), "{name}");
        assert_eq!(unknown(schema, application), Vec::<String>::new(), "{name}");
    }
    let mut wrong = serde_json::json!({"spec": {"sourceHydrator": {"drySource": {"plugins": {}}}}});
    assert_eq!(unknown(schema, &wrong), ["plugins"]);
    wrong["spec"]["sourceHydrator"] = Value::Null;
    assert!(!jsonschema::is_valid(schema, &wrong));
}

/// The fields of `object` that the structural `schema` does not know.
fn unknown(schema: &Value, object: &Value) -> Vec<String> {
    match (object, &schema["properties"]) {
        (Value::Array(items), _) => {
            let items = items.iter();
            items
                .flat_map(|item| unknown(&schema["items"], item))
                .collect()
        }
        (Value::Object(fields), Value::Object(known)) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, value)| match known.get(name) {
                Some(schema) => unknown(schema, value),
                None => vec![name.clone()],
            });
            fields.flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// Argo CD's own Deployment takes the patch, and has the volumes that the sidecar mounts.
#[test]
fn the_patch_fits_the_repo_server() {
    if !installed(&["kubectl", "go"]) {
        return;
    }
    let base = format!("{}/manifests/base/repo-server", argo_cd(""));
    let deployment = format!("{base}/argocd-repo-server-deployment.yaml");
    let patch = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/examples/argo-cd/plugin/repo-server.yaml"
    );
    let mut kubectl = Command::new("kubectl");
    kubectl.args([
        "patch",
        "--local",
        "-o",
        "yaml",
        "-f",
        &deployment,
        "--patch-file",
        patch,
    ]);
    let patched = succeed(kubectl.env("KUBECONFIG", "/dev/null"));
    let pod = &documents(&patched)[0]["spec"]["template"]["spec"];
    let names = |list: &Value| -> Vec<String> {
        let items = list.as_array().unwrap().iter();
        items
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let containers = pod["containers"].as_array().unwrap();
    assert_eq!(containers.len(), 2, "{patched}");
    let mut containers = containers.iter();
    let sidecar = containers
        .find(|it| it["name"] == "spot-distribution")
        .unwrap();
    let volumes = names(&pod["volumes"]);
    for mount in names(&sidecar["volumeMounts"]) {
        assert!(volumes.contains(&mount), "{mount} is not among {volumes:?}");
    }
    let copied = pod["initContainers"].to_string();
    assert!(copied.contains("argocd-cmp-server"), "{copied}");
}
