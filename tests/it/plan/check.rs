//! `check`: passes where every placement is there, and names what is not.

use serde_json::{Value, json};

use super::{folder, run, shown, workload};

#[test]
fn what_apply_wrote_passes_in_silence() {
    let applied = shown("examples/web", &["apply", "in"], "");
    let output = run(".", &["check", "-"], &applied);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

/// What carries its placement is no difference, but a floor that waits for somebody to delete pods
/// does not hold.
#[test]
fn a_placement_that_nobody_rolls_out_fails() {
    let applied = shown("examples/quorum", &["apply", "in"], "");
    let output = run(".", &["check", "-"], &applied);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let errors = stderr.lines().filter(|line| line.starts_with("error["));
    let errors: Vec<_> = errors.collect();
    assert_eq!(errors.len(), 1, "{stderr}");
    let vault = "error[does-not-roll] StatefulSet/platform/vault: ";
    assert!(errors[0].starts_with(vault), "{stderr}");
}

#[test]
fn one_line_on_standard_output_for_each_difference() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let applied = shown(".", &["apply", "-"], &web);
    let files = [
        ("a.yaml", &*workload("Deployment", "a", "  replicas: 4\n")),
        ("b.yaml", &*workload("StatefulSet", "b", "  replicas: 3\n")),
        ("web.yaml", &*applied),
    ];
    let folder = folder(&files);
    let root = folder.path().to_str().unwrap();
    let output = run(root, &["check", "."], "");
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let lines: Vec<_> = stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{stdout}");
    assert!(lines[0].starts_with("error[not-placed] Deployment/shop/a (./a.yaml): "));
    assert!(lines[1].starts_with("error[not-placed] StatefulSet/shop/b (./b.yaml): "));
    for (file, text) in files {
        let found = std::fs::read_to_string(folder.path().join(file)).unwrap();
        assert_eq!(found, text, "{file}");
    }
}

#[test]
fn a_placement_of_another_policy_is_a_difference() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let applied = shown(".", &["apply", "-"], &web);
    let output = run(
        ".",
        &["check", "-"],
        &applied.replace("replicas: 8", "replicas: 9"),
    );
    assert_eq!(output.status.code(), Some(1));
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {deploymentOnDemandBase: \"4\"}\n";
    let folder = folder(&[("web.yaml", &applied), ("policy.yaml", config)]);
    let root = folder.path().to_str().unwrap();
    let output = run(root, &["check", "--config", "policy.yaml", "web.yaml"], "");
    assert_eq!(output.status.code(), Some(1));
}

/// What the function would refuse is unsafe: `check`, and `mode: check` of the function, say so.
#[test]
fn what_is_unsafe_fails() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let taken = format!(
        "{web}---\n{}",
        workload("Deployment", "web-on-demand", "  replicas: 1\n")
    );
    let ambiguous = web.replace("  replicas: 10\n", "  replicas: 10\n  replicas: 10\n");
    let wrong = web.replace(
        "namespace: shop}",
        "namespace: shop, annotations: {spot-distribution.dev/strategy: flor}}",
    );
    let scheduler = format!("{web}      schedulerName: batch\n");
    let cases = [
        (scheduler, "other-scheduler"),
        (taken, "name-taken"),
        (ambiguous, "ambiguous-yaml"),
        (wrong, "invalid-annotation"),
    ];
    for (text, code) in cases {
        let output = run(".", &["check", "-"], &text);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{code}");
        assert!(stderr.contains(&format!("error[{code}]")), "{stderr}");
        let list = list(&text);
        let output = run(".", &[], &list);
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{code}");
        assert!(stdout.contains(&format!("code: {code}")), "{stdout}");
    }
}

/// The documents as the items of a list that is only checked.
fn list(text: &str) -> String {
    let items = text.split("---\n").map(|item| {
        let lines = item.trim_end().replace('\n', "\n  ");
        format!("- {lines}\n")
    });
    format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  apiVersion: v1\n  \
         kind: ConfigMap\n  data: {{mode: check}}\nitems:\n{}",
        items.collect::<String>()
    )
}

#[test]
fn a_warning_does_not_fail() {
    let text = workload("Deployment", "web", "");
    let applied = shown(".", &["apply", "-"], &text);
    let output = run(".", &["check", "-"], &applied);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("warning[replicas-unknown]"), "{stderr}");
    assert!(output.stdout.is_empty());
}

#[test]
fn nothing_to_check_is_no_success() {
    for text in ["", "# nothing\n", "just text"] {
        let output = run(".", &["check", "-"], text);
        assert_eq!(output.status.code(), Some(1), "{text:?}");
        let output = run(".", &["plan", "-"], text);
        assert_eq!(output.status.code(), Some(1), "{text:?}");
        assert!(output.stdout.is_empty());
    }
}

/// What the API server sets on a sibling is no difference: the objects of a placed cluster pass.
#[test]
fn live_objects_pass() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let applied = shown(".", &["apply", "-"], &web);
    let live: Vec<_> = applied.split("\n---\n").map(live).collect();
    let dump = json!({"apiVersion": "v1", "kind": "List", "items": live}).to_string();
    let output = run(".", &["check", "-"], &dump);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(text(&output.stdout), "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    // The same with one replica of the floor less does not.
    let scaled = dump.replacen("\"replicas\":2,", "\"replicas\":1,", 1);
    assert_ne!(scaled, dump);
    assert_eq!(run(".", &["check", "-"], &scaled).status.code(), Some(1));
}

/// A manifest with what an API server of Kubernetes 1.36 sets on it.
fn live(manifest: &str) -> Value {
    let mut object: Value = serde_yaml::from_str(manifest).unwrap();
    let name = object["metadata"]["name"].clone();
    let metadata = [
        ("uid", json!(format!("0b3c-{name}"))),
        ("resourceVersion", json!("4711")),
        ("generation", json!(3)),
        ("creationTimestamp", json!("2026-11-25T10:00:00Z")),
        ("managedFields", json!([{"manager": "kubectl"}])),
    ];
    for (key, value) in metadata {
        object["metadata"][key] = value;
    }
    object["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = json!("2");
    let written = "kubectl.kubernetes.io/last-applied-configuration";
    object["metadata"]["annotations"][written] = json!(format!("{{{name}}}"));
    object["spec"]["revisionHistoryLimit"] = json!(10);
    object["spec"]["template"]["spec"]["schedulerName"] = json!("default-scheduler");
    object["status"] = json!({"observedGeneration": 3, "readyReplicas": 2, "replicas": 2});
    object
}
