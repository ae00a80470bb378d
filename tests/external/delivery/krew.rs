//! krew, the plugin manager of kubectl, checks the manifest by its own rules and installs from it.

use testing::programs::installed;

use super::VERSION;
use super::packages::{archive, packages};
use crate::orchestrators::folder::{Folder, succeed};

#[test]
fn the_manifest_is_valid_and_installs() {
    if !installed(&["krew", "validate-krew-manifest", "kubectl", "git"]) {
        return;
    }
    let Some(packages) = packages() else { return };
    let folder = Folder::empty();
    let manifest = std::fs::read_to_string(packages.join("krew.yaml")).unwrap();
    folder.write("spot-distribution.yaml", &manifest);
    let mut install = folder.command("krew");
    install.env("KREW_ROOT", folder.path().join("krew"));
    install.args(["install", "--manifest=spot-distribution.yaml"]);
    succeed(install.arg("--archive").arg(archive()));
    let path = std::env::var("PATH").unwrap();
    let bin = folder.path().join("krew/bin");
    let mut kubectl = folder.command("kubectl");
    kubectl.env("PATH", format!("{}:{path}", bin.display()));
    let version = succeed(kubectl.args(["spot-distribution", "--version"]));
    assert_eq!(version, format!("spot-distribution {VERSION}\n"));
}

/// The rules of the index, all but the one that downloads every archive.
#[test]
fn the_manifest_keeps_the_rules_of_the_index() {
    if !installed(&["validate-krew-manifest"]) {
        return;
    }
    let Some(packages) = packages() else { return };
    let folder = Folder::empty();
    let manifest = std::fs::read_to_string(packages.join("krew.yaml")).unwrap();
    folder.write("spot-distribution.yaml", &manifest);
    let mut validate = folder.command("validate-krew-manifest");
    validate.args(["-manifest", "spot-distribution.yaml", "-skip-install"]);
    succeed(&mut validate);
}
