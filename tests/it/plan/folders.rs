//! Folders hold more than manifests: what is none is left out, with a word.

use super::{folder, run, shown, workload};

const VALUES: &str = "replicas: 3\nimage: {tag: v1}\n";
const KUSTOMIZATION: &str = "resources: [web.yaml]\n";
const PATCHES: &str = "- op: add\n  path: /spec/replicas\n  value: 3\n";
const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.0.0\n";

fn mixed() -> tempfile::TempDir {
    folder(&[
        ("Chart.yaml", CHART),
        ("kustomization.yaml", KUSTOMIZATION),
        ("patches.yaml", PATCHES),
        ("values.yaml", VALUES),
        (
            "web.yaml",
            &workload("Deployment", "web", "  replicas: 10\n"),
        ),
    ])
}

const OTHERS: [&str; 4] = [
    "Chart.yaml",
    "kustomization.yaml",
    "patches.yaml",
    "values.yaml",
];

#[test]
fn plan_names_what_it_left_out() {
    let folder = mixed();
    let root = folder.path().to_str().unwrap();
    for form in ["table", "markdown", "json", "html"] {
        let plan = shown(root, &["plan", "-o", form, "."], "");
        for file in ["kustomization.yaml", "patches.yaml"] {
            assert!(plan.contains(file), "{form}: {file}\n{plan}");
        }
        assert!(plan.contains("chart"), "{form}\n{plan}");
    }
}

/// What may be a manifest and cannot be read stops `apply`, which would lose it, and `check` where it
/// is not even a template; `plan` shows the rest.
#[test]
fn what_cannot_be_read_stops_only_what_would_lose_it() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let cases = [
        (
            "a.yaml",
            "a: [1\n",
            "not readable as YAML: ./a.yaml (not valid YAML at line 1",
            1,
        ),
        (
            "a.yaml",
            "a: {{ b }}\n",
            "templates that have not been rendered: ./a.yaml",
            0,
        ),
        (
            "a.yaml",
            "a: 1\n%{ if b }\nc: 2\n%{ endif }\n",
            "templates that have not been rendered: ./a.yaml",
            0,
        ),
        (
            "a.yml",
            "a: {{- b }}\n",
            "templates that have not been rendered: ./a.yml",
            0,
        ),
    ];
    for (name, text, message, checked) in cases {
        let folder = folder(&[(name, text), ("web.yaml", &web)]);
        let root = folder.path().to_str().unwrap();
        let plan = shown(root, &["plan", "-o", "markdown", "."], "");
        assert!(plan.contains(message.split(':').next().unwrap()), "{plan}");
        assert!(plan.contains("web"), "{plan}");
        run(root, &["apply", "."], "");
        let placed = run(root, &["apply", "web.yaml"], "").stdout;
        std::fs::write(folder.path().join("web.yaml"), placed).unwrap();
        for (command, code) in [("check", checked), ("apply", 1)] {
            let output = run(root, &[command, "."], "");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(stderr.contains(message), "{command}: {stderr}");
            assert_eq!(output.status.code(), Some(code), "{command}: {stderr}");
        }
    }
}

/// Tables of a megabyte are nothing special.
#[test]
fn a_large_definition_is_passed_through() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let field = |index| {
        format!("        field{index}:\n          type: string\n          description: \"a: b\"\n")
    };
    let properties: Vec<_> = (0..20_000).map(field).collect();
    let properties = properties.concat();
    let definition = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: x.example.com}}\n\
         spec:\n  versions:\n  - schema:\n      properties:\n{properties}"
    );
    assert!(definition.len() > 1_200_000);
    let folder = folder(&[("crd.yaml", &definition), ("web.yaml", &web)]);
    let root = folder.path().to_str().unwrap();
    let output = run(root, &["apply", "."], "");
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.starts_with(&definition));
    assert!(stdout.contains("web-on-demand"));
}

#[test]
fn check_and_apply_leave_them_out() {
    let folder = mixed();
    let root = folder.path().to_str().unwrap();
    let output = run(root, &["check", "."], "");
    let stderr = String::from_utf8(output.stderr).unwrap();
    let chart = "Helm chart, to be rendered first (helm template): .";
    let others = "no objects to be applied: ./kustomization.yaml, ./patches.yaml";
    let lines = [chart, others].map(|what| format!("info[not-a-manifest]: not checked, {what}"));
    assert_eq!(stderr.lines().collect::<Vec<_>>(), lines);
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);

    let output = run(root, &["apply", "."], "");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let lines = [chart, others].map(|what| format!("warning[not-a-manifest]: left out, {what}"));
    let left_out = stderr
        .lines()
        .filter(|line| line.contains("[not-a-manifest]"));
    assert_eq!(left_out.collect::<Vec<_>>(), lines);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.starts_with("apiVersion: apps/v1\n"), "{stdout}");
    assert!(!stdout.contains("tag: v1"), "{stdout}");
}

#[test]
fn what_is_named_has_to_be_a_manifest() {
    let folder = mixed();
    let root = folder.path().to_str().unwrap();
    for command in ["plan", "check", "apply"] {
        for file in OTHERS {
            let output = run(root, &[command, file, "web.yaml"], "");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{command} {file}");
            assert!(stderr.contains(file), "{stderr}");
        }
        let output = run(root, &[command, "-"], VALUES);
        assert_eq!(output.status.code(), Some(1), "{command}");
    }
}

/// A file that holds manifests is read as one: what is none in it is a mistake.
#[test]
fn a_manifest_beside_something_else_in_one_file_is_refused() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let folder = folder(&[("web.yaml", &format!("{web}---\n{VALUES}"))]);
    let root = folder.path().to_str().unwrap();
    for command in ["check", "apply"] {
        let output = run(root, &[command, "."], "");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command}");
        assert!(stderr.contains("has no apiVersion"), "{stderr}");
    }
}

/// What cannot be read in one object does not hide the others.
#[test]
fn plan_and_check_go_on_without_what_cannot_be_read() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let twice = workload("Deployment", "twice", "  replicas: 1\n  replicas: 2\n");
    let mixed = format!(
        "{}---\n{VALUES}",
        workload("Deployment", "mixed", "  replicas: 3\n")
    );
    let folder = folder(&[
        ("web.yaml", &web),
        ("twice.yaml", &twice),
        ("mixed.yaml", &mixed),
    ]);
    let root = folder.path().to_str().unwrap();
    let plan = shown(root, &["plan", "-o", "json", "."], "");
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    let fates = serde_json::json!({"kept": 2, "unknown": 1});
    assert_eq!(plan["totals"]["fates"], fates, "{plan}");
    assert_eq!(plan["leftOut"][0]["files"][0], "./mixed.yaml");
    let warnings = plan["warnings"].as_array().unwrap();
    let is_ambiguous = |warning: &serde_json::Value| warning["code"] == "ambiguous-yaml";
    assert!(warnings.iter().any(is_ambiguous), "{plan}");
    let output = run(root, &["check", "."], "");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("error[ambiguous-yaml] Deployment/shop/twice"),
        "{stderr}"
    );
    assert!(stderr.contains("./mixed.yaml (the object at"), "{stderr}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("Deployment/shop/web"));
    // Whoever names a file means it.
    let output = run(root, &["plan", "twice.yaml", "web.yaml"], "");
    assert_eq!(output.status.code(), Some(1));
}

/// What one document holds, or one item of a list, does not hide what stands beside it.
#[test]
fn plan_and_check_read_the_rest_of_a_file() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: {maxUnavailable: 1}\n";
    let template =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {{ .Values.data }}\n";
    let list = "apiVersion: v1\nkind: List\nitems:\n- x: 1\n";
    for (other, named) in [
        (
            VALUES,
            "not readable as YAML: ./a.yaml (the object at line 1",
        ),
        (
            budget,
            "not readable as YAML: ./a.yaml (the object at line 1",
        ),
        (list, "not readable as YAML: ./a.yaml (the object at line 4"),
        (
            template,
            "templates that have not been rendered: ./a.yaml (",
        ),
    ] {
        let folder = folder(&[("a.yaml", &format!("{other}---\n{web}"))]);
        let root = folder.path().to_str().unwrap();
        let plan = shown(root, &["plan", "-o", "markdown", "."], "");
        assert!(plan.contains("web"), "{plan}");
        let output = run(root, &["check", "."], "");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains(named), "{stderr}");
        assert!(stderr.contains("its other objects are read)"), "{stderr}");
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(stdout.contains("Deployment/shop/web"), "{stdout}");
        let output = run(root, &["apply", "."], "");
        assert_eq!(output.status.code(), Some(1), "{other}");
    }
}

/// What may not be read, even by root, is left out as well.
#[cfg(target_os = "linux")]
#[test]
fn plan_goes_on_without_what_may_not_be_read() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let folder = folder(&[("web.yaml", &web)]);
    let memory = folder.path().join("secret.yaml");
    std::os::unix::fs::symlink("/proc/self/mem", memory).unwrap();
    let root = folder.path().to_str().unwrap();
    let plan = shown(root, &["plan", "-o", "markdown", "."], "");
    assert!(
        plan.contains("web") && plan.contains("secret.yaml"),
        "{plan}"
    );
    let output = run(root, &["check", "."], "");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let named = "error[not-a-manifest]: not checked, not readable as YAML: ./secret.yaml (";
    assert!(stderr.contains(named), "{stderr}");
}

/// A variable that is filled in later is named, in any field that is read.
#[test]
fn plan_and_check_go_on_without_what_holds_a_variable() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let counted = workload("Deployment", "counted", "  replicas: ${REPLICAS:=3}\n");
    let scaled = workload("Deployment", "scaled", "  replicas: 3\n");
    let autoscaler = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n\
        metadata: {name: scaled, namespace: shop}\n\
        spec: {scaleTargetRef: {kind: Deployment, name: scaled}, minReplicas: \"${MIN}\"}\n";
    let chosen = workload("Deployment", "chosen", "  replicas: 3\n").replace(
        "namespace: shop}",
        "namespace: shop, annotations: {spot-distribution.dev/strategy: \"${STRATEGY}\"}}",
    );
    let elsewhere = scaled.replace("namespace: shop", "namespace: other");
    let ending = workload("Deployment", "ending", "  replicas: 3\n").replace(
        "    spec:\n",
        "    spec:\n      terminationGracePeriodSeconds: \"{{ .Values.grace }}\"\n",
    );
    assert!(ending.contains("grace"), "{ending}");
    let budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\n\
        metadata: {name: web, namespace: shop}\n\
        spec: {maxUnavailable: $MAX, selector: {matchLabels: {app: web}}}\n";
    let all = [
        &*web, &counted, &scaled, autoscaler, &chosen, &elsewhere, &ending, budget,
    ];
    let stream = all.join("---\n");
    let plan = super::plan(&stream);
    // All count; what is not certain are those with a variable that decides about replicas or strategy.
    let fates = serde_json::json!({"kept": 3, "unknown": 3});
    assert_eq!(plan["totals"]["fates"], fates, "{plan}");
    let variables = [
        "${REPLICAS:=3}",
        "${MIN}",
        "${STRATEGY}",
        "{{ .Values.grace }}",
        "$MAX",
    ];
    let unscaled = "how far its HorizontalPodAutoscaler scales it is filled in later";
    for (index, variable) in variables.iter().chain([&unscaled]).enumerate() {
        let warnings = plan["warnings"].as_array().unwrap();
        let named = warnings.iter().filter(|warning| {
            let message = warning["message"].as_str().unwrap();
            warning["code"] == "unresolved-variable" && message.contains(*variable)
        });
        assert_eq!(named.count(), 1, "{index}: {plan}");
    }
    let placed = run(".", &["apply", "-"], &web).stdout;
    let placed = String::from_utf8(placed).unwrap();
    let output = run(".", &["check", "-"], &format!("{placed}---\n{counted}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("warning[unresolved-variable]"), "{stderr}");
    let output = run(".", &["apply", "-"], &stream);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_folder_of_nothing_but_others_is_an_error() {
    let folder = folder(&[("values.yaml", VALUES)]);
    let root = folder.path().to_str().unwrap();
    for command in ["plan", "check", "apply"] {
        let output = run(root, &[command, "."], "");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command}");
        assert!(stderr.contains("not a single resource"), "{stderr}");
    }
}

#[test]
fn objects_for_tools_do_not_matter() {
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let local = web.replace(
        "namespace: shop}",
        "namespace: shop, annotations: {config.kubernetes.io/local-config: 'true'}}",
    );
    let kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
    let stream = format!(
        "{kustomization}---\n{}---\n{web}",
        local.replace("web", "tool")
    );
    let plan = super::plan(&stream);
    assert_eq!(plan["workloads"].as_array().unwrap().len(), 1, "{plan}");
}

/// The overlays of two clusters hold the same workload: each is shown with its file.
#[test]
fn workloads_of_one_name_are_shown_with_their_files() {
    let web = |replicas: &str| workload("Deployment", "web", replicas);
    let folder = folder(&[
        ("east/web.yaml", &web("  replicas: 10\n")),
        ("west/web.yaml", &web("  replicas: 4\n")),
    ]);
    let root = folder.path().to_str().unwrap();
    for form in ["table", "markdown"] {
        let plan = shown(root, &["plan", "-o", form, "."], "");
        for name in [
            "Deployment/web (./east/web.yaml)",
            "Deployment/web (./west/web.yaml)",
        ] {
            assert!(plan.contains(name), "{plan}");
        }
    }
}

/// Manifests without a workload: nothing is placed, and that is no error.
#[test]
fn an_empty_estate() {
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
    for form in ["table", "markdown", "html"] {
        let plan = shown(".", &["plan", "-o", form, "-"], config);
        for words in [
            "There is no Deployment and no StatefulSet.",
            "Nothing would change.",
        ] {
            assert!(plan.contains(words), "{form}: {plan}");
        }
    }
}

/// Nothing is written into the requests, so what stands there twice leaves the room unknown and stops
/// nothing.
#[test]
fn requests_that_stand_twice_are_unknown() {
    let twice = "resources: {requests: {cpu: 1}}, resources: {requests: {cpu: 2}}, image";
    let one = workload("Deployment", "one", "  replicas: 1\n").replace("image", twice);
    let text = one + "---\n" + &workload("Deployment", "web", "  replicas: 10\n");
    let plan = super::plan(&text);
    assert_eq!(plan["workloads"].as_array().unwrap().len(), 2, "{plan}");
    assert!(plan.to_string().contains("duplicate key"), "{plan}");
}
