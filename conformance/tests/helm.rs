//! What Helm does to a cluster with the function as its post-renderer: install, upgrade, roll back, move
//! over, uninstall.
//!
//! Needs `helm` (4) and `helm-3` on the path, which `tests/external/programs/build` builds, and kubectl.

use std::iter;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use conformance::binaries::{self, Binaries};
use conformance::cluster::Cluster;
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::ListParams;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Nodes that kwok plays.
fn nodes() -> Value {
    let names = (0..9).map(|it| (if it < 3 { "on-demand" } else { "spot" }, it));
    let node = |(capacity, it): (&str, usize)| {
        let zone = ["a", "b", "c"][it % 3];
        let room = json!({"cpu": "64", "memory": "256Gi", "pods": "250"});
        json!({
            "apiVersion": "v1", "kind": "Node",
            "metadata": {"name": format!("{capacity}-{it}"), "labels": {
                "node.kubernetes.io/capacity": capacity,
                "topology.kubernetes.io/zone": zone,
                "kubernetes.io/hostname": format!("{capacity}-{it}"),
            }},
            "status": {"allocatable": room, "capacity": room},
        })
    };
    json!({"apiVersion": "v1", "kind": "List", "items": names.map(node).collect::<Vec<_>>()})
}

/// One Helm and a release of the example's chart in a namespace of its own.
struct Release {
    helm: &'static str,
    post_renderer: Vec<String>,
    kubeconfig: PathBuf,
    home: TempDir,
}

impl Release {
    /// Helm 3 starts the program, Helm 4 the plugin as it is packaged.
    fn new(helm: &'static str, cluster: &Cluster) -> Result<Self> {
        let function = binaries::function()?;
        let home = TempDir::new()?;
        let post_renderer = if helm == "helm-3" {
            let program = format!("--post-renderer={}", function.display());
            let arguments = ["apply", "--config=spot-distribution.yaml", "-"];
            let arguments = arguments.map(|it| format!("--post-renderer-args={it}"));
            iter::once(program).chain(arguments).collect()
        } else {
            install_plugin(
                &home.path().join("data/plugins/spot-distribution"),
                &function,
            )?;
            vec![
                "--post-renderer=spot-distribution".to_owned(),
                "--post-renderer-args=--config=spot-distribution.yaml".to_owned(),
            ]
        };
        Ok(Self {
            helm,
            post_renderer,
            kubeconfig: cluster.kubeconfig().to_owned(),
            home,
        })
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(program);
        for kind in ["CONFIG", "CACHE", "DATA"] {
            let home = self.home.path().join(kind.to_lowercase());
            std::fs::create_dir_all(&home)?;
            command.env(format!("HELM_{kind}_HOME"), home);
        }
        command
            .args(arguments)
            .args(["--namespace", self.helm])
            .env("KUBECONFIG", &self.kubeconfig)
            .current_dir(binaries::repository().join("examples/helm"));
        command
            .output()
            .with_context(|| format!("failed to run {program}"))
    }

    /// What it printed; an error where it failed.
    fn succeed(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let output = self.run(program, arguments)?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{program} {arguments:?}: {said}");
        Ok(String::from_utf8(output.stdout)?)
    }

    fn helm(&self, arguments: &[&str]) -> Result<String> {
        self.succeed(self.helm, arguments)
    }

    /// `helm upgrade --install` with the policy.
    fn upgrade(&self, arguments: &[&str]) -> Vec<String> {
        let start = [
            "upgrade",
            "--install",
            "shop",
            "charts/shop",
            "--create-namespace",
        ];
        let start = start.iter().chain(&["--wait", "--timeout=3m"]);
        let arguments = start.chain(arguments).map(ToString::to_string);
        arguments
            .chain(self.post_renderer.iter().cloned())
            .collect()
    }

    fn upgraded(&self, arguments: &[&str]) -> Result<()> {
        let arguments = self.upgrade(arguments);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        self.helm(&arguments).map(drop)
    }

    fn objects(&self, kind: &str) -> Result<Vec<Value>> {
        let list = self.succeed("kubectl", &["get", kind, "-o", "json"])?;
        let list: Value = serde_json::from_str(&list)?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    }

    /// The replicas of the Deployments by name, all of them ready; without the one that an autoscaler scales.
    fn ready(&self) -> Result<Vec<(String, u64)>> {
        let deployments = self.objects("deployments")?;
        let scaled = |it: &&Value| it["metadata"]["name"] != "shop-worker";
        let ready = deployments.iter().filter(scaled).map(|it| {
            let name = it["metadata"]["name"].as_str().unwrap_or_default();
            let replicas = it["spec"]["replicas"].as_u64().unwrap_or_default();
            let ready = it["status"]["readyReplicas"].as_u64().unwrap_or_default();
            ensure!(ready == replicas, "{name}: {ready} of {replicas} are ready");
            Ok((name.to_owned(), replicas))
        });
        ready.collect()
    }

    fn expect(&self, expected: &[(&str, u64)]) -> Result<()> {
        let found = self.ready()?;
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, it)| ((*name).to_owned(), *it))
            .collect();
        ensure!(
            found == expected,
            "{}: expected {expected:?}, found {found:?}",
            self.helm
        );
        Ok(())
    }

    /// The floor runs on on-demand nodes.
    fn expect_siblings_on_on_demand(&self) -> Result<()> {
        let label = "-l=spot-distribution.dev/capacity=on-demand";
        let names = self.succeed(
            "kubectl",
            &[
                "get",
                "pods",
                label,
                "-o=jsonpath={.items[*].spec.nodeName}",
            ],
        )?;
        let names: Vec<_> = names.split_whitespace().collect();
        ensure!(
            names.len() == 4,
            "expected two siblings of two replicas, found {names:?}"
        );
        ensure!(
            names.iter().all(|it| it.starts_with("on-demand")),
            "{names:?}"
        );
        Ok(())
    }

    fn revision(&self) -> Result<u64> {
        let history: Value = serde_json::from_str(&self.helm(&["history", "shop", "-o", "json"])?)?;
        let last = history
            .as_array()
            .and_then(|it| it.last())
            .context("no revision")?;
        ensure!(last["status"] == "deployed", "{last}");
        last["revision"].as_u64().context("no number")
    }
}

/// The plugin as `scripts/release packages` packs it.
fn install_plugin(folder: &Path, function: &Path) -> Result<()> {
    let programs = folder.join("linux-amd64");
    std::fs::create_dir_all(&programs)?;
    std::os::unix::fs::symlink(function, programs.join("spot-distribution"))?;
    let script = binaries::repository().join("scripts/packages/helm/post-render");
    std::fs::copy(script, folder.join("post-render"))?;
    let manifest = json!({
        "apiVersion": "v1", "type": "postrenderer/v1", "name": "spot-distribution", "version": "0.1.0",
        "runtime": "subprocess",
        "runtimeConfig": {"platformCommand": [
            {"command": "${HELM_PLUGIN_DIR}/post-render", "args": ["linux-amd64"]},
        ]},
    });
    std::fs::write(folder.join("plugin.yaml"), manifest.to_string())?;
    Ok(())
}

/// The Deployments of the release with so many replicas of `web` beside its floor.
fn placed(web: u64) -> [(&'static str, u64); 3] {
    [
        ("shop-web", web),
        ("shop-web-on-demand", 2),
        ("shop-worker-on-demand", 2),
    ]
}

/// From the installation to the end.
fn life(release: &Release) -> Result<()> {
    release.upgraded(&[])?;
    release.expect(&placed(2))?;
    release.expect_siblings_on_on_demand()?;

    release.upgraded(&["--set=web.replicas=9"])?;
    release.expect(&placed(7))?;

    let broken = release.upgrade(&[r"--set=web.annotations.spot-distribution\.dev/strategy=flor"]);
    let broken: Vec<_> = broken.iter().map(String::as_str).collect();
    let output = release.run(release.helm, &broken)?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success(), "a wrong annotation was installed");
    ensure!(
        said.contains("error[invalid-annotation] Deployment/shop-web"),
        "{said}"
    );
    ensure!(release.revision()? == 2, "the release has changed");

    release.helm(&["rollback", "shop", "1", "--wait", "--timeout=3m"])?;
    release.expect(&placed(2))?;

    release.upgraded(&[r"--set=web.annotations.spot-distribution\.dev/strategy=off"])?;
    release.expect(&[("shop-web", 4), ("shop-worker-on-demand", 2)])?;

    release.helm(&["test", "shop", "--timeout=3m"])?;
    let smoke = release.objects("deployments/shop-smoke");
    ensure!(smoke.is_ok(), "the hook did not run");
    release.succeed("kubectl", &["delete", "deployment", "shop-smoke"])?;
    release.helm(&["uninstall", "shop", "--wait"])?;
    release.expect(&[])
}

/// A release that runs already gets its siblings first: no more replicas are missing at any moment than in
/// any other rollout.
async fn move_over(release: &Release, cluster: &Cluster) -> Result<()> {
    let plain = [
        "install",
        "shop",
        "charts/shop",
        "--set=web.replicas=10",
        "--wait",
        "--timeout=3m",
    ];
    release.helm(&plain)?;
    let manifests = release.home.path().join("siblings.yaml");
    std::fs::write(
        &manifests,
        siblings(&release.helm(&["get", "manifest", "shop"])?)?,
    )?;
    let file = manifests.to_str().context("a path that is no text")?;
    // As Helm's own: otherwise Helm 4, which applies on the server, may never change them.
    let as_helm = ["apply", "--server-side", "--field-manager=helm", "-f", file];
    release.succeed("kubectl", &as_helm)?;
    let wait = ["rollout", "status", "-f", file, "--timeout=3m"];
    release.succeed("kubectl", &wait)?;

    let lowest = Arc::new(AtomicUsize::new(usize::MAX));
    let done = Arc::new(AtomicBool::new(false));
    let pods: Api<Pod> = Api::namespaced(cluster.client.clone(), release.helm);
    let watch = tokio::spawn(watch(pods, lowest.clone(), done.clone()));
    let upgraded = tokio::task::block_in_place(|| {
        release.upgraded(&["--set=web.replicas=10", "--take-ownership"])
    });
    done.store(true, Ordering::Relaxed);
    watch.await??;
    upgraded?;
    release.expect(&placed(8))?;
    let lowest = lowest.load(Ordering::Relaxed);
    // The template changes, and a rollout of the chart's own 10 replicas may take 25 %, rounded down: 2.
    ensure!(
        lowest >= 8,
        "{lowest} of 10 replicas were ready at one moment"
    );
    let raised = r"--set-string=web.annotations.spot-distribution\.dev/on-demand-base=3";
    release.upgraded(&["--set=web.replicas=10", raised])?;
    let mut raised = placed(7);
    raised[1].1 = 3;
    release.expect(&raised)?;
    release.helm(&["uninstall", "shop", "--wait"])?;
    release.expect(&[])
}

/// The siblings that the policy asks for, of a release as Helm has it.
fn siblings(manifests: &str) -> Result<String> {
    let folder = TempDir::new()?;
    let file = folder.path().join("manifests.yaml");
    std::fs::write(&file, manifests)?;
    let mut apply = Command::new(binaries::function()?);
    apply.args(["apply", "--siblings", "--config"]);
    apply.arg(binaries::repository().join("examples/helm/spot-distribution.yaml"));
    let output = apply.arg(&file).output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// Keeps the lowest number of ready replicas of `web`.
async fn watch(pods: Api<Pod>, lowest: Arc<AtomicUsize>, done: Arc<AtomicBool>) -> Result<()> {
    let web = ListParams::default().labels("app.kubernetes.io/name=web");
    while !done.load(Ordering::Relaxed) {
        let pods = pods.list(&web).await?;
        let ready = pods.items.iter().filter(|pod| is_ready(pod)).count();
        lowest.fetch_min(ready, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|it| it.conditions.as_ref());
    let mut conditions = conditions.into_iter().flatten();
    pod.metadata.deletion_timestamp.is_none()
        && conditions.any(|it| it.type_ == "Ready" && it.status == "True")
}

/// Both Helms, one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_installed_upgraded_rolled_back_moved_over_and_uninstalled() -> Result<()> {
    for program in ["helm", "helm-3", "kubectl"] {
        if Command::new(program).arg("version").output().is_err() {
            if std::env::var_os("CI").is_some() {
                bail!("{program} is not installed");
            }
            eprintln!("skipped: {program} is not installed");
            return Ok(());
        }
    }
    let Some(binaries) = Binaries::available().into_iter().next() else {
        ensure!(
            !binaries::required(),
            "there is no control plane; conformance/build-cluster builds one"
        );
        eprintln!("skipped: there is no control plane; conformance/build-cluster builds one");
        return Ok(());
    };
    let cluster = Cluster::start(&binaries).await?;
    for helm in ["helm", "helm-3"] {
        let release = Release::new(helm, &cluster)?;
        if helm == "helm" {
            let file = release.home.path().join("nodes.json");
            std::fs::write(&file, nodes().to_string())?;
            let file = file.to_str().context("a path that is no text")?;
            release.succeed("kubectl", &["create", "-f", file])?;
        }
        tokio::task::block_in_place(|| life(&release))?;
        move_over(&release, &cluster).await?;
    }
    Ok(())
}
