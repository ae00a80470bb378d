//! Three worked examples: every figure of the plan, with the arithmetic beside it.

use serde_json::{Value, json};

use super::{folder, run, shown};

/// A workload whose pods request this; `spec` are further lines of its spec.
fn workload(kind: &str, name: &str, replicas: u32, requests: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  \
         replicas: {replicas}\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    \
         metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers:\n      \
         - {{name: main, image: shop/{name}, resources: {{requests: {requests}}}}}\n"
    )
}

fn autoscaler(name: &str, min: u32, max: u32) -> String {
    format!(
        "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: {name}, \
         namespace: shop}}\nspec: {{scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {name}}}, \
         minReplicas: {min}, maxReplicas: {max}}}\n"
    )
}

fn node(name: &str, capacity: &str, zone: &str, allocatable: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Node\nmetadata: {{name: {name}, labels: {{node.kubernetes.io/capacity: \
         {capacity}, topology.kubernetes.io/zone: {zone}}}}}\nstatus: {{allocatable: {allocatable}}}\n"
    )
}

fn plan(text: &str) -> Value {
    serde_json::from_str(&shown(".", &["plan", "-o", "json", "-"], text)).unwrap()
}

/// GiB as bytes.
fn gib(amount: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let bytes = (amount * f64::from(1 << 30)).round() as u64;
    bytes
}

fn room(pods: u64, cpu: f64, memory: f64) -> Value {
    json!({"pods": pods, "cpu": cpu, "memory": gib(memory)})
}

fn close(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap();
    assert!(
        (found - expected).abs() < 0.00006,
        "{found} is not {expected}"
    );
}

/// A shop with the default policy.
///
/// | workload | R | F | request | ordinary: F x request | worst: all x request |
/// | --- | --- | --- | --- | --- | --- |
/// | web | 10 | 1 + floor(9 * 20 / 100) = 2 | 0.5 cores, 0.5 GiB | 1 core, 1 GiB | 5 cores, 5 GiB |
/// | api | 2 to 6 | 1, on top of R | 0.25 cores, 1 GiB | 0.25 cores, 1 GiB | 3 pods: 0.75 cores, 3 GiB |
/// | mail | 1 | pinned: 1 | 0.1 cores, 0.25 GiB | 0.1 cores, 0.25 GiB | the same |
///
/// together: ordinary 2 + 1 + 1 = 4 pods, 1.35 cores, 2.25 GiB;
/// worst 10 + 3 + 1 = 14 pods, 5.85 cores, 8.25 GiB;
/// at the maximum api runs 6 + 1 = 7: 10 + 7 + 1 = 18 pods, 5 + 1.75 + 0.1 = 6.85 cores, 5 + 7 + 0.25 = 12.25 GiB.
fn shop() -> String {
    [
        workload("Deployment", "web", 10, "{cpu: 500m, memory: 512Mi}"),
        workload("Deployment", "api", 2, "{cpu: 250m, memory: 1Gi}"),
        autoscaler("api", 2, 6),
        workload("Deployment", "mail", 1, "{cpu: 100m, memory: 256Mi}"),
    ]
    .concat()
}

#[test]
fn a_shop() {
    let plan = plan(&shop());
    let totals = &plan["totals"];
    assert_eq!(totals["room"]["ordinary"], room(4, 1.35, 2.25));
    assert_eq!(totals["room"]["worst"], room(14, 5.85, 8.25));
    assert_eq!(totals["atMaximum"]["room"]["ordinary"], room(4, 1.35, 2.25));
    assert_eq!(totals["atMaximum"]["room"]["worst"], room(18, 6.85, 12.25));
    assert_eq!(totals["fates"], json!({"kept": 3}));
    // Weights: cores + GiB / 7.5.
    let (web, api, mail) = (0.5 + 0.5 / 7.5, 0.25 + 1.0 / 7.5, 0.1 + 0.25 / 7.5);
    // web: 2 on on-demand and 8 on spot at a tenth; api: 1 and 2; mail: 1.
    let planned = (2.0 + 8.0 * 0.1) * web + (1.0 + 2.0 * 0.1) * api + mail;
    let all = 10.0 * web + 2.0 * api + mail;
    close(&totals["cost"]["cost"], planned / all);
    close(&totals["cost"]["saving"], 1.0 - planned / all);
    // Nothing in the manifests says where pods go: they count as on-demand now.
    close(&totals["cost"]["change"], planned / all - 1.0);
    let running = 10.0 * web + 3.0 * api + mail;
    close(
        &totals["cost"]["spotShare"],
        (8.0 * web + 2.0 * api) / running,
    );
}

/// What has been applied costs what was planned, so that planning it again changes nothing.
#[test]
fn planning_again_changes_nothing() {
    let applied = shown(".", &["apply", "-"], &shop());
    let plan = plan(&applied);
    assert_eq!(plan["totals"]["cost"]["change"], 0.0);
    assert_eq!(plan["totals"]["atMaximum"]["cost"]["change"], 0.0);
    assert_eq!(plan["totals"]["room"]["ordinary"], room(4, 1.35, 2.25));
    assert_eq!(plan["totals"]["changes"], 0);
}

/// A quorum beside a Deployment, on a cluster with the admission policy and without it.
///
/// | workload | R | F | request | weight |
/// | --- | --- | --- | --- | --- |
/// | web | 10 | 2 | 0.5 cores, 0.5 GiB | 0.5 + 0.5 / 7.5 |
/// | db | 5 | 3, a majority | 2 cores, 4 GiB | 2 + 4 / 7.5 |
///
/// with the policy: ordinary 2 * 0.5 + 3 * 2 = 7 cores, 2 * 0.5 + 3 * 4 = 13 GiB, 2 + 3 pods;
/// without: all five members, 2 * 0.5 + 5 * 2 = 11 cores, 2 * 0.5 + 5 * 4 = 21 GiB, 2 + 5 pods.
#[test]
fn a_quorum_without_the_admission_policy() {
    let text = [
        workload("Deployment", "web", 10, "{cpu: 500m, memory: 512Mi}"),
        workload("StatefulSet", "db", 5, "{cpu: 2, memory: 4Gi}"),
    ]
    .concat();
    let plan = plan(&text);
    let totals = &plan["totals"];
    assert_eq!(totals["room"]["ordinary"], room(5, 7.0, 13.0));
    let without = &totals["withoutPolicy"];
    assert_eq!(without["room"]["ordinary"], room(7, 11.0, 21.0));
    assert_eq!(without["room"]["worst"], totals["room"]["worst"]);
    let (web, db) = (0.5 + 0.5 / 7.5, 2.0 + 4.0 / 7.5);
    let all = 10.0 * web + 5.0 * db;
    close(&totals["cost"]["cost"], (2.8 * web + 3.2 * db) / all);
    close(&without["cost"]["cost"], (2.8 * web + 5.0 * db) / all);
    let [db, web] = [0, 1].map(|at| &plan["workloads"][at]);
    assert_eq!(db["figuresWithoutPolicy"]["onDemand"], 5);
    assert_eq!(db["figuresWithoutPolicy"]["spot"], 0);
    // The filter pins all five: none of them rests on a preference.
    assert_eq!(db["figuresWithoutPolicy"]["survivors"], 5);
    assert_eq!(db["figuresWithoutPolicy"]["softSurvivors"], 0);
    assert_eq!(db["figures"]["survivors"], 3);
    let survivors = |totals: &Value| totals["figures"]["survivors"].clone();
    assert_eq!(
        (survivors(totals), survivors(without)),
        (json!(5), json!(7))
    );
    // 5 on on-demand of 5, where with the policy it is 3 + 2 * 0.1
    close(&db["figuresWithoutPolicy"]["cost"], 1.0);
    close(&db["figures"]["cost"], 0.64);
    assert!(web["figuresWithoutPolicy"].is_null());
    // 1 - (2.8 * 0.5667 + 5 * 2.5333) / (10 * 0.5667 + 5 * 2.5333) = 1 - 14.2533 / 18.3333 = 22 %
    let expected = "1 StatefulSet rests on the cluster's admission policy: without it all its members must run on \
                    on-demand nodes, which then hold 7 pods with 11 cores, 21 GiB in ordinary times, and the whole \
                    saves 22 % against running everything on on-demand nodes. While a member below the floor is \
                    itself rolled out, one less is ready.";
    for form in ["table", "markdown", "html"] {
        let shown = shown(".", &["plan", "-o", form, "-"], &text);
        let shown = shown.replace("&#39;", "'");
        let words: Vec<_> = shown.split_whitespace().collect();
        assert!(words.join(" ").contains(expected), "{form}: {shown}");
    }
}

/// Where no member may go to spot anyway, the policy makes no difference.
#[test]
fn a_pinned_set_needs_no_policy() {
    let plan = plan(&workload("StatefulSet", "db", 2, "{cpu: 2, memory: 4Gi}"));
    assert!(plan["totals"]["withoutPolicy"].is_null());
}

/// One giant that is pinned beside twenty small replicas on spot. By pods 95 % would run on spot;
/// by what they request hardly anything does.
///
/// giant: 32 cores + 64 GiB / 7.5 = 40.5333; tiny: 0.05 + 0.0625 / 7.5 = 0.0583, 20 of them 1.1667
/// all on on-demand: 41.7; planned: 40.5333 + 1.1667 * 0.1 = 40.65; saving 1.05 / 41.7 = 2.5 %
#[test]
fn a_mixed_estate() {
    let spot = "annotations: {spot-distribution.dev/strategy: spot}, namespace: shop";
    let tiny = workload("Deployment", "tiny", 20, "{cpu: 50m, memory: 64Mi}");
    let tiny = tiny.replacen("namespace: shop", spot, 1);
    let giant = workload("Deployment", "giant", 1, "{cpu: 32, memory: 64Gi}");
    let plan = plan(&format!("{giant}{tiny}"));
    let totals = &plan["totals"];
    close(&totals["cost"]["spotShare"], 1.166_666_7 / 41.7);
    close(&totals["cost"]["saving"], 1.05 / 41.7);
    assert_eq!(totals["room"]["ordinary"], room(1, 32.0, 64.0));
    // 32 + 20 * 0.05 = 33 cores, 64 + 20 / 16 = 65.25 GiB
    assert_eq!(totals["room"]["worst"], room(21, 33.0, 65.25));
    assert_eq!(totals["fates"], json!({"kept": 1, "lost": 1}));
    let table = shown(".", &["plan", "-"], &format!("{giant}{tiny}"));
    assert!(
        table.contains("3 % of what the pods request runs on spot nodes, which saves 3 %"),
        "{table}"
    );
    assert!(
        table.contains("1 runs on spot nodes only and would be lost."),
        "{table}"
    );
}

/// A GPU service: four replicas with two devices each, beside a sidecar and an init container.
///
/// request: containers 4 + 0.2 (sidecar) = 4.2 cores, the init container 6 + 0.2 = 6.2: the greater
/// one, 6.2; memory 16 + 0.5 = 16.5 GiB, init 1 + 0.5: 16.5; overhead 0.1 cores, 0.25 GiB
/// so 6.3 cores, 16.75 GiB, 2 devices; F = 1 + floor(3 * 20 / 100) = 1
fn gpu() -> String {
    let pod = "spec:\n      overhead: {cpu: 100m, memory: 256Mi}\n      initContainers:\n      \
        - {name: proxy, image: p, restartPolicy: Always, resources: {requests: {cpu: 200m, memory: 512Mi}}}\n      \
        - {name: fetch, image: f, resources: {requests: {cpu: 6, memory: 1Gi}}}\n      containers:";
    let requests = "{cpu: 4, memory: 16Gi}, limits: {nvidia.com/gpu: 2}";
    let text = workload("Deployment", "infer", 4, requests);
    text.replacen("spec:\n      containers:", pod, 1)
}

#[test]
fn a_gpu_service() {
    let plan = plan(&gpu());
    let workload = &plan["workloads"][0];
    let request = json!({"cpu": 6.3, "memory": gib(16.75), "others": {"nvidia.com/gpu": 2}});
    assert_eq!(workload["requests"], request);
    let need = |pods: u64, cpu: f64, memory: f64, gpus: u64| json!({"pods": pods, "cpu": cpu, "memory": gib(memory), "others": {"nvidia.com/gpu": gpus}});
    assert_eq!(plan["totals"]["room"]["ordinary"], need(1, 6.3, 16.75, 2));
    assert_eq!(plan["totals"]["room"]["worst"], need(4, 25.2, 67.0, 8));
    let table = shown(".", &["plan", "-"], &gpu());
    assert!(
        table.contains("1 pod with 6.3 cores, 16.75 GiB, 2 nvidia.com/gpu in ordinary times"),
        "{table}"
    );
    let words = table.split_whitespace().collect::<Vec<_>>().join(" ");
    let unpriced = "There is no price for nvidia.com/gpu, which the cost leaves out.";
    assert!(words.contains(unpriced), "{table}");
}

/// Two on-demand nodes with 2 devices each in two zones: the one of the floor fits, of all four two.
#[test]
fn whether_the_gpu_service_fits() {
    let allocatable = "{cpu: 16, memory: 64Gi, pods: 110, nvidia.com/gpu: 2}";
    let nodes = [
        node("a", "on-demand", "1", allocatable),
        node("b", "on-demand", "2", allocatable),
        node("c", "spot", "1", allocatable),
    ];
    let text = gpu() + &nodes.concat();
    let nodes = &plan(&text)["nodes"];
    assert_eq!(
        (&nodes["onDemand"], &nodes["zones"], &nodes["spot"]),
        (&json!(2), &json!(2), &json!(1))
    );
    assert_eq!(
        nodes["fits"]["ordinary"],
        json!({"pods": 1, "placed": 1, "missing": []})
    );
    let missing =
        json!([{"workload": "Deployment/shop/infer", "pods": 2, "of": 4, "noNodeAdmits": false}]);
    assert_eq!(
        nodes["fits"]["worst"],
        json!({"pods": 4, "placed": 2, "missing": missing})
    );
    let floor = json!([{"workload": "Deployment/shop/infer", "pods": 1, "nodes": 1, "zones": 1}]);
    assert_eq!(nodes["floors"], floor);
}

/// The same from `--nodes`, and what daemon sets and cordoned nodes take away.
#[test]
fn nodes_from_a_file() {
    let allocatable = "{cpu: 2, memory: 8Gi, pods: 110}";
    let closed = node("b", "on-demand", "2", allocatable).replacen(
        "status:",
        "spec: {unschedulable: true}\nstatus:",
        1,
    );
    let unknown = node("c", "reserved", "1", allocatable);
    let nodes = [node("a", "on-demand", "1", allocatable), closed, unknown].concat();
    let agent = workload("DaemonSet", "agent", 0, "{cpu: 500m, memory: 1Gi}").replacen(
        "  replicas: 0\n",
        "",
        1,
    );
    let web = workload("Deployment", "web", 10, "{cpu: 500m, memory: 512Mi}");
    let folder = folder(&[
        ("web.yaml", &web),
        ("nodes.yaml", &format!("{nodes}{agent}")),
    ]);
    let root = folder.path().to_str().unwrap();
    let plan = shown(
        root,
        &["plan", "-o", "json", "--nodes", "nodes.yaml", "web.yaml"],
        "",
    );
    let nodes: Value = serde_json::from_str::<Value>(&plan).unwrap()["nodes"].clone();
    // 2 cores less 0.5 for the agent; the floor of 2 takes 1 core of it, all ten would take 5.
    assert_eq!(nodes["free"], json!({"cpu": 1.5, "memory": gib(7.0)}));
    assert_eq!(
        (&nodes["closed"], &nodes["unknown"]),
        (&json!(1), &json!(["c"]))
    );
    assert_eq!(nodes["fits"]["ordinary"]["placed"], 2);
    assert_eq!(nodes["fits"]["worst"]["placed"], 3);
    let table = shown(root, &["plan", "--nodes", "nodes.yaml", "web.yaml"], "");
    assert!(
        table.contains("1 floor of several replicas rests on one node: Deployment/shop/web."),
        "{table}"
    );
    let output = run(root, &["plan", "--nodes", "web.yaml", "web.yaml"], "");
    assert_eq!(output.status.code(), Some(1));
}

/// Of 2 cores the pod of a daemon set takes 1.5, so that one of the two pods of 0.5 fits. A daemon set that
/// is known counts by its template, once, on every node; one among the manifests instead of what runs.
#[test]
fn daemon_sets_beside_the_workloads() {
    let daemon_set = |cpu: &str| {
        let agent = workload("DaemonSet", "agent", 0, &format!("{{cpu: {cpu}}}"));
        agent.replacen("  replicas: 0\n", "", 1)
    };
    let nodes = node("a", "on-demand", "1", "{cpu: 2, memory: 8Gi, pods: 110}");
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: agent-x, namespace: shop, ownerReferences: \
               [{apiVersion: apps/v1, kind: DaemonSet, name: agent, uid: u, controller: true}]}\nspec: \
               {nodeName: a, containers: [{name: c, resources: {requests: {cpu: 1500m}}}]}\nstatus: \
               {phase: Running}\n";
    let web = workload("Deployment", "web", 2, "{cpu: 500m}");
    let free = |nodes: &str, manifests: &str| {
        let folder = folder(&[("web.yaml", manifests), ("nodes.yaml", nodes)]);
        let root = folder.path().to_str().unwrap();
        let arguments = ["plan", "-o", "json", "--nodes", "nodes.yaml", "web.yaml"];
        let plan: Value = serde_json::from_str(&shown(root, &arguments, "")).unwrap();
        let table = shown(root, &["plan", "--nodes", "nodes.yaml", "web.yaml"], "");
        let words = table.split_whitespace().collect::<Vec<_>>().join(" ");
        (plan["nodes"]["free"]["cpu"].as_f64().unwrap(), words)
    };
    let (running, planned) = (format!("{nodes}{pod}"), daemon_set("250m"));
    for (input, manifests, expected, said) in [
        (
            nodes.clone(),
            web.clone(),
            2.0,
            "; nothing is taken off, for no DaemonSets or other pods are known.",
        ),
        (
            running.clone(),
            web.clone(),
            0.5,
            ", after what DaemonSets and others take.",
        ),
        (
            format!("{running}{}", daemon_set("1")),
            web.clone(),
            1.0,
            ", after what DaemonSets and others take.",
        ),
        (
            nodes.clone(),
            format!("{web}{planned}"),
            1.75,
            ", after what DaemonSets take.",
        ),
        (
            format!("{running}{}", daemon_set("1")),
            format!("{web}{planned}"),
            1.75,
            ", after what DaemonSets and others take.",
        ),
    ] {
        let (cpu, words) = free(&input, &manifests);
        close(&json!(cpu), expected);
        assert!(words.contains(said), "{said}\n{words}");
    }
    let (_, words) = free(&running, &web);
    let estimate = "By an estimate 1 of 2 pods finds no room when every spot node is lost";
    assert!(words.contains(estimate), "{words}");
}

/// The headline counts everybody; what is not known is named and not counted as nothing.
#[test]
fn every_workload_counts() {
    let selector =
        "spec:\n      nodeSelector: {node.kubernetes.io/capacity: spot}\n      containers:";
    let spotty = workload("Deployment", "spotty", 5, "{cpu: 1, memory: 1Gi}");
    let spotty = spotty.replacen("spec:\n      containers:", selector, 1);
    let off = "annotations: {spot-distribution.dev/strategy: 'off'}, namespace: shop";
    let offed =
        workload("Deployment", "offed", 5, "{memory: 1Gi}").replacen("namespace: shop", off, 1);
    let job = "---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: j}\nspec: {jobTemplate: {spec: {template: \
        {spec: {containers: [{name: j}]}}}}}\n";
    let text = [
        &workload("Deployment", "web", 3, "{cpu: 1, memory: 1Gi}"),
        &spotty,
        &offed,
        job,
    ]
    .map(String::from)
    .concat();
    let plan = plan(&text);
    let totals = &plan["totals"];
    assert_eq!(totals["fates"], json!({"kept": 1, "lost": 1, "open": 1}));
    assert_eq!(totals["unknown"], json!(["Deployment/shop/offed"]));
    assert_eq!(plan["notPlaced"], json!({"CronJob": 1}));
    // web: 1 of 3; what runs on spot only cannot move; offed may: worst 3 + 5 pods.
    assert_eq!(totals["room"]["ordinary"], room(1, 1.0, 1.0));
    assert_eq!(totals["room"]["worst"], room(8, 3.0, 8.0));
    let table = shown(".", &["plan", "-"], &text);
    let headline = "1 of 3 workloads keeps at least one replica for certain when every spot node is lost. 1 runs on spot \
                    nodes only and would be lost; 1 is left alone and nothing holds a replica on on-demand nodes.";
    let lines = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(lines.contains(headline), "{lines}");
    assert!(
        lines.contains("Deployment/shop/offed (main: no cpu)"),
        "{lines}"
    );
}

#[test]
fn an_autoscaled_spread_is_not_certain() {
    let spread = "annotations: {spot-distribution.dev/strategy: spread}, namespace: shop";
    let web = workload("Deployment", "web", 4, "{cpu: 1, memory: 1Gi}").replacen(
        "namespace: shop",
        spread,
        1,
    );
    let plan = plan(&format!("{web}{}", autoscaler("web", 4, 20)));
    assert_eq!(plan["workloads"][0]["fate"], "soft");
    assert_eq!(plan["workloads"][0]["figures"]["survivors"], 0);
}

/// A pod-hour is 0.5 * 0.04 + 0.5 * 0.005 = 0.0225; planned (2 + 8 * 0.2) * 0.0225 = 0.081 an hour,
/// 59.13 for 730 hours; as it is now 10 * 0.0225 = 0.225 an hour, 164.25.
#[test]
fn money_where_prices_are_set() {
    let policy = "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\nmetadata: {name: p}\n\
                  spec: {prices: {cpu: 0.04, memory: 0.005}, spotPriceRatio: 0.2}\n";
    let web = workload("Deployment", "web", 10, "{cpu: 500m, memory: 512Mi}");
    let folder = folder(&[("web.yaml", &web), ("policy.yaml", policy)]);
    let root = folder.path().to_str().unwrap();
    let arguments = ["plan", "--config", "policy.yaml", "web.yaml"];
    let json = shown(root, &[&arguments[..], &["-o", "json"]].concat(), "");
    let plan: Value = serde_json::from_str(&json).unwrap();
    let month = json!({"planned": 59.13, "now": 164.25, "allOnDemand": 164.25});
    assert_eq!(plan["totals"]["cost"]["month"], month);
    let markdown = shown(root, &[&arguments[..], &["-o", "markdown"]].concat(), "");
    let lead = "**The manifests of 1 workload would change. As a whole it costs 64 % less than the manifests as \
                they are now: 59.13 a month instead of 164.25.**";
    assert!(markdown.contains(lead), "{markdown}");
}

/// Tainted on-demand nodes admit what is pinned there, for the function adds the toleration; what
/// flees from spot has none.
#[test]
fn tainted_on_demand_nodes() {
    let policy = "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\nmetadata: {name: p}\n\
                  spec: {onDemandTolerations: [{key: base, operator: Exists}]}\n";
    let nodes = node("a", "on-demand", "1", "{cpu: 16, memory: 64Gi, pods: 110}");
    let taint = "spec: {taints: [{key: base, value: 'true', effect: NoSchedule}]}\nstatus:";
    let nodes = nodes.replacen("status:", taint, 1);
    let web = workload("Deployment", "web", 10, "{cpu: 500m, memory: 512Mi}");
    let folder = folder(&[
        ("all.yaml", &format!("{web}{nodes}")),
        ("policy.yaml", policy),
    ]);
    let root = folder.path().to_str().unwrap();
    let json = shown(
        root,
        &["plan", "-o", "json", "--config", "policy.yaml", "all.yaml"],
        "",
    );
    let fits = serde_json::from_str::<Value>(&json).unwrap()["nodes"]["fits"].clone();
    assert_eq!(fits["ordinary"]["placed"], 2);
    let missing =
        json!([{"workload": "Deployment/shop/web", "pods": 8, "of": 10, "noNodeAdmits": true}]);
    assert_eq!(fits["worst"]["missing"], missing);
}

/// A zone of spot nodes only: what is pinned there waits, and the headline does not count it. The same with
/// `--nodes`.
#[test]
fn what_no_on_demand_node_takes_is_not_kept() {
    let allocatable = "{cpu: 16, memory: 64Gi, pods: 110}";
    let nodes = [
        node("a", "on-demand", "1", allocatable),
        node("b", "spot", "2", allocatable),
    ];
    let nodes = nodes.concat();
    let selector =
        "spec:\n      nodeSelector: {topology.kubernetes.io/zone: '2'}\n      containers:";
    let web = workload("Deployment", "web", 10, "{cpu: 500m, memory: 512Mi}");
    let web = web.replacen("spec:\n      containers:", selector, 1);
    let found = plan(&format!("{web}{nodes}"));
    let figures = &found["workloads"][0]["figures"];
    assert_eq!(
        (
            &found["workloads"][0]["fate"],
            &figures["survivors"],
            &figures["pending"]
        ),
        (&json!("pending"), &json!(0), &json!(2))
    );
    let folder = folder(&[("web.yaml", &web), ("nodes.yaml", &nodes)]);
    let root = folder.path().to_str().unwrap();
    let table = shown(root, &["plan", "--nodes", "nodes.yaml", "web.yaml"], "");
    let words = table.split_whitespace().collect::<Vec<_>>().join(" ");
    let headline = "0 of 1 workload keeps at least one replica for certain when every spot node is lost. 1 has no \
                    on-demand node for what is pinned there, as the warnings say.";
    assert!(words.contains(headline), "{words}");
    assert!(words.contains("warning[no-on-demand-nodes]"), "{words}");
}

/// Ten pods that take one port of their node, on one node: the floor of 2 has room for one.
#[test]
fn pods_that_exclude_each_other_share_no_node() {
    let nodes = node("a", "on-demand", "1", "{cpu: 16, memory: 64Gi, pods: 110}");
    let web = workload("Deployment", "web", 10, "{cpu: 500m, memory: 512Mi}");
    let web = web.replacen(
        "{name: main,",
        "{name: main, ports: [{containerPort: 80, hostPort: 80}],",
        1,
    );
    let found = plan(&format!("{web}{nodes}"));
    let fits = &found["nodes"]["fits"];
    assert_eq!(
        (&fits["ordinary"]["placed"], &fits["worst"]["placed"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(found["workloads"][0]["figures"]["survivors"], 1);
}

/// On AKS only spot nodes carry the label: every other node is on-demand. A preset says what it is.
#[test]
fn nodes_of_a_preset() {
    let policy = "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\nmetadata: {name: p}\n\
                  spec: {capacity: {provider: aks}}\n";
    let plain = "---\napiVersion: v1\nkind: Node\nmetadata: {name: plain}\nstatus: {allocatable: {cpu: 1}}\n";
    let spot = "---\napiVersion: v1\nkind: Node\nmetadata: {name: spot, labels: \
                {kubernetes.azure.com/scalesetpriority: spot}}\nstatus: {allocatable: {cpu: 1}}\n";
    let web = workload("Deployment", "web", 3, "{cpu: 1, memory: 1Gi}");
    let folder = folder(&[
        ("all.yaml", &format!("{web}{plain}{spot}")),
        ("policy.yaml", policy),
    ]);
    let root = folder.path().to_str().unwrap();
    let json = shown(
        root,
        &["plan", "-o", "json", "--config", "policy.yaml", "all.yaml"],
        "",
    );
    let nodes = serde_json::from_str::<Value>(&json).unwrap()["nodes"].clone();
    assert_eq!(
        (&nodes["onDemand"], &nodes["spot"], &nodes["unknown"]),
        (&json!(1), &json!(1), &json!([]))
    );
    let table = shown(root, &["plan", "--config", "policy.yaml", "all.yaml"], "");
    let words = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("preset aks in force from"), "{words}");
    let key = "key kubernetes.azure.com/scalesetpriority preset";
    assert!(words.contains(key), "{words}");
    assert!(
        words.contains("onDemand every node that is not spot preset"),
        "{words}"
    );
    assert!(words.contains("noticeSeconds 30 preset"), "{words}");
}

/// What a buffer keeps is paid for at the price of on-demand nodes, whether anything flees or not.
#[test]
fn room_of_buffers() {
    let policy = "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\nmetadata: {name: p}\n\
                  spec: {headroom: capacity-buffer}\n";
    let prices = policy.replace("buffer}", "buffer, prices: {cpu: 0.03, memory: 0.004}}");
    let web = workload("Deployment", "web", 10, "{cpu: 1, memory: 4Gi}");
    let folder = folder(&[
        ("web.yaml", &web),
        ("relative.yaml", policy),
        ("money.yaml", &prices),
    ]);
    let root = folder.path().to_str().unwrap();
    let arguments = ["plan", "-o", "json", "--config", "money.yaml", "web.yaml"];
    let json: Value = serde_json::from_str(&shown(root, &arguments, "")).unwrap();
    let reserved = &json["totals"]["reserved"];
    assert_eq!(
        (&reserved["pods"], &reserved["cpu"]),
        (&json!(8), &json!(8.0))
    );
    // 8 pods * (1 * 0.03 + 4 * 0.004) * 730 hours
    assert_eq!(reserved["month"], json!(268.64));
    assert_eq!(json["workloads"][0]["reserved"], 8);
    let table = shown(root, &["plan", "--config", "relative.yaml", "web.yaml"], "");
    let words = table.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "CapacityBuffers keep room for 8 pods with 8 cores, 32 GiB on on-demand nodes at all \
                    times, which costs 80 % of what everything on on-demand nodes would";
    assert!(words.contains(expected), "{words}");
}
