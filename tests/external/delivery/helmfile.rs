//! helmfile, which hands the release to Helm with its post-renderer.

use std::process::Command;

use testing::programs::{find, installed};

use super::EXAMPLE;
use super::helm::Helm;
use crate::orchestrators::folder::{Folder, fail};
use crate::orchestrators::manifests::replicas;

/// With the home of `helm`, which has the plugin.
fn template(helm: &Helm, folder: &Folder) -> Command {
    let home = helm.command(folder);
    let mut helmfile = folder.command("helmfile");
    helmfile.envs(
        home.get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    helmfile.arg("--helm-binary").arg(find("helm").unwrap());
    helmfile.args(["template", "--skip-deps"]);
    helmfile
}

#[test]
fn the_release_of_the_example() {
    if !installed(&["helmfile"]) {
        return;
    }
    let Some(helm) = Helm::four() else { return };
    let folder = Folder::of_example(EXAMPLE);
    let mut helmfile = template(&helm, &folder);
    let output = helmfile.output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(replicas(&printed, "shop-web-on-demand"), 2, "{printed}");
    assert_eq!(replicas(&printed, "shop-worker-on-demand"), 2);
}

#[test]
fn an_error_stops_it() {
    if !installed(&["helmfile"]) {
        return;
    }
    let Some(helm) = Helm::four() else { return };
    let folder = Folder::of_example(EXAMPLE);
    folder.write("spot-distribution.yaml", "kind: SpotDistribution\n");
    let said = fail(&mut template(&helm, &folder));
    assert!(said.contains("error[invalid-config]"), "{said}");
}
