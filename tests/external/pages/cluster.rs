//! A cluster for a page: the control plane of the conformance suite, started by kwokctl, with kwok for kubelets.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use testing::programs::find;

use super::clone::FreshClone;

/// What a cluster consists of, and the variable by which kwokctl finds each.
const COMPONENTS: [(&str, &str); 6] = [
    ("etcd", "KWOK_ETCD_BINARY"),
    ("kube-apiserver", "KWOK_KUBE_APISERVER_BINARY"),
    (
        "kube-controller-manager",
        "KWOK_KUBE_CONTROLLER_MANAGER_BINARY",
    ),
    ("kube-scheduler", "KWOK_KUBE_SCHEDULER_BINARY"),
    ("kwok", "KWOK_CONTROLLER_BINARY"),
    ("kubectl", "KWOK_KUBECTL_BINARY"),
];

/// What has to be installed for it.
pub const PROGRAMS: [&str; 7] = [
    "kwokctl",
    COMPONENTS[0].0,
    COMPONENTS[1].0,
    COMPONENTS[2].0,
    COMPONENTS[3].0,
    COMPONENTS[4].0,
    COMPONENTS[5].0,
];

/// kwokctl takes free ports without holding them: one page after the other.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Where kwokctl keeps the clusters of a page, which end with it.
pub struct Cluster {
    folder: PathBuf,
    nodes: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

impl Cluster {
    pub fn of_page(clone: &FreshClone) -> Self {
        Self {
            folder: clone.outputs().join("kwok"),
            nodes: clone.root().join("examples/start/nodes.yaml"),
            _turn: ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Gives `shell` a cluster with the nodes of `examples/start`, unless `script` makes one itself.
    pub fn prepare(&self, shell: &mut Command, script: &str) {
        self.describe(shell);
        if !script.contains("kwokctl create cluster") {
            self.succeed(Command::new("kwokctl").args(["create", "cluster", "--wait=2m"]));
            self.succeed(
                Command::new("kubectl")
                    .arg("create")
                    .arg("-f")
                    .arg(&self.nodes),
            );
            self.wait_for_nodes();
        }
    }

    /// Until pods may land on every node: those that come earlier crowd on the nodes that are ready first.
    fn wait_for_nodes(&self) {
        let mut taints = Command::new("kubectl");
        taints.args(["get", "nodes", "-o", "jsonpath={.items[*].spec.taints}"]);
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            let left = self.succeed(&mut taints);
            if left.is_empty() {
                return;
            }
            assert!(Instant::now() < deadline, "nodes are not ready: {left}");
            sleep(Duration::from_millis(200));
        }
    }

    fn describe(&self, command: &mut Command) {
        for (program, variable) in COMPONENTS {
            command.env(variable, find(program).unwrap());
        }
        command
            .env("KWOK_RUNTIME", "binary")
            .env("KWOK_WORKDIR", &self.folder)
            .env("KUBECONFIG", self.folder.with_extension("kubeconfig"));
    }

    /// What it printed.
    fn succeed(&self, command: &mut Command) -> String {
        self.describe(command);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut delete = Command::new("kwokctl");
        self.describe(&mut delete);
        delete.args(["delete", "cluster", "--all"]);
        drop(delete.stdout(Stdio::null()).stderr(Stdio::null()).status());
    }
}
