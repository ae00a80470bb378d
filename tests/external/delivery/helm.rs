//! The real Helm 3 and 4 with the function as their post-renderer. What they do to a cluster with it is
//! in `conformance/tests/helm.rs`.

use std::process::Command;

use serde_json::Value;
use testing::programs::{find, installed};

use super::packages::packages;
use super::{BINARY, EXAMPLE, VERSION};
use crate::orchestrators::folder::{Folder, fail, printed, succeed};
use crate::orchestrators::manifests::{deployment, documents, replicas};

/// A Helm with a home of its own.
pub struct Helm {
    program: &'static str,
    home: Folder,
    post_renderer: Vec<String>,
}

impl Helm {
    /// Helm 3, which starts any program.
    pub fn three() -> Option<Self> {
        let arguments = ["apply", "--config=spot-distribution.yaml", "-"];
        installed(&["helm-3"]).then(|| Self::new("helm-3", BINARY, &arguments))
    }

    /// Helm 4, which starts plugins: the one of the release is installed.
    pub fn four() -> Option<Self> {
        if !installed(&["helm"]) {
            return None;
        }
        let arguments = ["--config=spot-distribution.yaml"];
        let helm = Self::new("helm", "spot-distribution", &arguments);
        let archive = packages()?.join(format!("spot-distribution-helm-{VERSION}.tgz"));
        let mut install = helm.command(&helm.home);
        succeed(
            install
                .args(["plugin", "install", "--verify=false"])
                .arg(archive),
        );
        Some(helm)
    }

    fn new(program: &'static str, post_renderer: &str, arguments: &[&str]) -> Self {
        let mut flags = vec![format!("--post-renderer={post_renderer}")];
        let arguments = arguments.iter();
        flags.extend(arguments.map(|it| format!("--post-renderer-args={it}")));
        Self {
            program,
            home: Folder::empty(),
            post_renderer: flags,
        }
    }

    /// It, in `folder`.
    pub fn command(&self, folder: &Folder) -> Command {
        let mut command = folder.command(self.program);
        for kind in ["CONFIG", "CACHE", "DATA"] {
            let home = self.home.path().join(kind.to_lowercase());
            std::fs::create_dir_all(&home).unwrap();
            command.env(format!("HELM_{kind}_HOME"), home);
        }
        command
    }

    /// `helm template` of the chart with the policy.
    fn template(&self, folder: &Folder) -> Command {
        let mut command = self.command(folder);
        command.args(["template", "shop", "charts/shop"]);
        command.args(&self.post_renderer);
        command
    }
}

/// Both, as far as they are there.
fn helms() -> impl Iterator<Item = Helm> {
    [Helm::three(), Helm::four()].into_iter().flatten()
}

fn chart() -> Folder {
    Folder::of_example(EXAMPLE)
}

#[test]
fn a_chart_with_an_autoscaler_a_budget_and_a_stateful_set() {
    for helm in helms() {
        let printed = printed(&mut helm.template(&chart()));
        assert_eq!(replicas(&printed, "shop-web"), 2, "{printed}");
        assert_eq!(replicas(&printed, "shop-web-on-demand"), 2);
        assert_eq!(replicas(&printed, "shop-worker-on-demand"), 2);
        let documents = documents(&printed);
        let named = |name: &str| {
            let mut found = documents
                .iter()
                .filter(|it| it["spec"].get("template").is_some());
            found.find(|it| it["metadata"]["name"] == name).unwrap()
        };
        let worker = named("shop-worker");
        assert_eq!(worker["spec"].get("replicas"), None, "the autoscaler's own");
        let mark =
            |it: &Value| it["metadata"]["annotations"]["spot-distribution.dev/applied"].clone();
        assert!(mark(worker).to_string().contains("replicas=6"), "{worker}");
        assert!(mark(named("shop-database")).is_string());
        // `helm test` runs it; it is no part of the release.
        assert_eq!(mark(named("shop-smoke")), Value::Null);
        assert_eq!(replicas(&printed, "shop-smoke"), 3);
    }
}

/// Helm 4 knows the file of each object by an annotation, which it takes away again. Helm 3 asks with
/// text in which comments say so.
#[test]
fn a_sibling_comes_from_the_template_of_its_original() {
    let Some(helm) = Helm::four() else { return };
    let printed = printed(&mut helm.template(&chart()));
    assert!(!printed.contains("postrender"), "{printed}");
    for name in ["web", "worker"] {
        let sibling = format!("\n  name: shop-{name}-on-demand\n");
        let mut documents = printed.split("\n---\n");
        let sibling = documents.find(|it| it.contains(&sibling)).unwrap();
        let source = format!("# Source: shop/templates/{name}.yaml");
        assert!(sibling.contains(&source), "{sibling}");
    }
}

#[test]
fn both_helms_place_the_same() {
    let (Some(three), Some(four)) = (Helm::three(), Helm::four()) else {
        return;
    };
    let [three, four] = [three, four].map(|helm| printed(&mut helm.template(&chart())));
    assert_eq!(documents(&three), documents(&four));
}

/// Made of a release that runs without a policy, to be applied before the upgrade that brings it.
#[test]
fn the_siblings_of_a_running_release_are_those_of_the_upgrade() {
    for helm in helms() {
        let folder = chart();
        let mut running = helm.command(&folder);
        let running = printed(running.args(["template", "shop", "charts/shop"]));
        folder.write("running.yaml", &running);
        let mut siblings = folder.command(BINARY);
        siblings.args(["apply", "--siblings", "--config=spot-distribution.yaml"]);
        let list = &documents(&printed(siblings.arg("running.yaml")))[0];
        let mut upgrade = documents(&printed(&mut helm.template(&folder)));
        upgrade.retain(|it| {
            it["metadata"]["annotations"]["spot-distribution.dev/sibling-of"].is_string()
        });
        assert_eq!(upgrade.len(), 2);
        assert_eq!(list["items"], Value::Array(upgrade), "{}", helm.program);
    }
}

/// Nothing is printed, and what is wrong is said. Helm 4 alone would keep it to itself.
#[test]
fn an_error_stops_helm_with_our_message() {
    for helm in helms() {
        let folder = chart();
        let mut template = helm.template(&folder);
        let key = r"web.annotations.spot-distribution\.dev/strategy=flor";
        let said = fail(template.args(["--set", key]));
        assert!(
            said.contains("error[invalid-annotation] Deployment/shop-web"),
            "{said}"
        );
        assert!(said.contains("flor"), "{said}");
        assert!(!said.contains("kind: Deployment"), "{said}");
    }
}

/// Where Helm's standard error is a file that it would write over, and there is no terminal.
#[test]
fn an_error_beside_a_file_is_kept_in_the_cache() {
    let Some(helm) = Helm::four() else { return };
    if !installed(&["setsid"]) {
        return;
    }
    let folder = chart();
    folder.write("spot-distribution.yaml", "kind: SpotDistribution\n");
    let template = helm.template(&folder);
    let mut alone = folder.command("setsid");
    alone
        .arg("--wait")
        .arg(find("helm").unwrap())
        .args(template.get_args());
    alone.envs(
        template
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    let file = std::fs::File::create(folder.path().join("stderr.txt")).unwrap();
    let status = alone.stderr(file).status().unwrap();
    assert_eq!(status.code(), Some(1));
    let kept = helm.home.read("cache/spot-distribution.log");
    assert!(kept.contains("error[invalid-config]"), "{kept}");
}

/// What is said about a placement that is done reaches the terminal as well, from Helm 4.
#[test]
fn warnings_reach_standard_error() {
    let Some(helm) = Helm::four() else { return };
    let folder = chart();
    let web = deployment("plain", 3).replace("  replicas: 3 # on a Monday\n", "");
    folder.write("charts/shop/templates/plain.yaml", &web);
    let said = succeed(&mut helm.template(&folder));
    assert!(
        said.contains("warning[replicas-unknown] Deployment/plain"),
        "{said}"
    );
}
