//! `kpt fn eval`: the function over a package, by hand.

use std::process::Command;

use testing::programs::installed;

use super::BINARY;
use super::folder::{Folder, fail, succeed};
use super::manifests::{deployment, replicas};

fn eval(package: &Folder) -> Command {
    let mut kpt = package.command("kpt");
    kpt.args(["fn", "eval", "--exec", BINARY]);
    kpt
}

fn shop() -> Folder {
    Folder::of([("web.yaml", &deployment("web", 10))])
}

#[test]
fn the_second_run_changes_nothing() {
    if !installed(&["kpt"]) {
        return;
    }
    let package = Folder::of_example("examples/kpt/in");
    succeed(&mut eval(&package));
    let once = package.files();
    let names = package.names();
    assert!(
        names.contains(&"prod/web-on-demand.yaml".to_owned()),
        "{names:?}"
    );
    assert!(
        names.contains(&"cache/memcached-on-demand.yaml".to_owned()),
        "{names:?}"
    );
    succeed(&mut eval(&package));
    assert_eq!(package.files(), once);
}

#[test]
fn settings_as_arguments() {
    if !installed(&["kpt"]) {
        return;
    }
    let package = shop();
    let settings = [
        "--",
        "deploymentOnDemandBase=3",
        "deploymentOnDemandPercentAboveBase=0",
    ];
    let said = succeed(eval(&package).args(settings));
    assert!(
        said.contains("3 of 10 replicas must run on on-demand nodes"),
        "{said}"
    );
    assert_eq!(replicas(&package.read("web.yaml"), "web"), 7);
    assert_eq!(
        replicas(&package.read("web-on-demand.yaml"), "web-on-demand"),
        3
    );
}

#[test]
fn settings_in_a_file_of_the_own_kind() {
    if !installed(&["kpt"]) {
        return;
    }
    let package = shop();
    let config = Folder::of([(
        "policy.yaml",
        "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\nmetadata:\n  name: policy\nspec:\n  defaults:\n    deployment:\n      onDemand: {base: majority}\n",
    )]);
    succeed(
        eval(&package)
            .arg("--fn-config")
            .arg(config.path().join("policy.yaml")),
    );
    assert_eq!(
        replicas(&package.read("web-on-demand.yaml"), "web-on-demand"),
        6
    );
    assert_eq!(package.names(), ["web-on-demand.yaml", "web.yaml"]);
}

#[test]
fn a_failure_writes_nothing_and_says_why() {
    if !installed(&["kpt"]) {
        return;
    }
    let package = shop();
    let cart = deployment("cart", 3).replace(
        "  name: cart\nspec",
        "  name: cart\n  annotations: {spot-distribution.dev/strategy: flor}\nspec",
    );
    package.write("cart.yaml", &cart);
    let before = package.files();
    let said = fail(&mut eval(&package));
    assert!(said.contains("[error] apps/v1/Deployment/cart"), "{said}");
    assert!(said.contains("flor"), "{said}");
    assert_eq!(package.files(), before);
}

#[test]
fn every_problem_of_the_settings_is_shown() {
    if !installed(&["kpt"]) {
        return;
    }
    let package = shop();
    let before = package.files();
    let settings = [
        "--truncate-output=false",
        "--",
        "mode=enforced",
        "spotPriceRatoi=0.2",
    ];
    let said = fail(eval(&package).args(settings));
    assert!(said.contains("enforced"), "{said}");
    assert!(said.contains("spotPriceRatio"), "{said}");
    assert_eq!(package.files(), before);
}

/// kpt itself reformats some files; a function that returns its input shows how.
#[test]
fn taken_back_as_if_it_had_never_run() {
    if !installed(&["kpt"]) {
        return;
    }
    let untouched = Folder::of_example("examples/kpt/in");
    succeed(
        untouched
            .command("kpt")
            .args(["fn", "eval", "--exec", "cat"]),
    );
    let package = Folder::of_example("examples/kpt/in");
    succeed(&mut eval(&package));
    assert_ne!(package.files(), untouched.files());
    succeed(eval(&package).args(["--", "excludeNamespaces=*"]));
    assert_eq!(package.files(), untouched.files());
}

/// Check mode changes nothing, and kpt says what is missing.
#[test]
fn check_mode() {
    if !installed(&["kpt"]) {
        return;
    }
    let package = shop();
    let before = package.files();
    let said = fail(eval(&package).args(["--", "mode=check"]));
    assert!(
        said.contains("placement is missing or out of date"),
        "{said}"
    );
    assert_eq!(package.files(), before);
    succeed(&mut eval(&package));
    let placed = package.files();
    succeed(eval(&package).args(["--", "mode=check"]));
    assert_eq!(package.files(), placed);
}
