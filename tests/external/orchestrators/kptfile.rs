//! `kpt fn render`: the function in the pipeline of a Kptfile, in packages and sub-packages.

use std::path::Path;
use std::process::Command;

use testing::programs::installed;

use super::BINARY;
use super::folder::{Files, Folder, fail, succeed};
use super::manifests::{autoscaler, deployment, replicas};

fn render(package: &Folder) -> Command {
    let mut kpt = package.command("kpt");
    kpt.args(["fn", "render", "--allow-exec"]);
    kpt
}

fn kptfile(pipeline: &str) -> String {
    format!("apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: shop\n{pipeline}")
}

fn mutator() -> String {
    kptfile(&format!("pipeline:\n  mutators:\n  - exec: {BINARY}\n"))
}

const IMAGE: &str = "image: localhost/spot-distribution:latest";

/// The example with the binary in place of the image.
fn example() -> Folder {
    let package = Folder::of_example("examples/kpt/in");
    package.replace(IMAGE, &format!("exec: {BINARY}"));
    package
}

/// `UPDATE_GOLDEN=1` writes what is expected: `examples/kpt/rendered`, and the results.
#[test]
fn the_example_and_its_sub_package() {
    if !installed(&["kpt"]) {
        return;
    }
    let package = example();
    let results = Folder::empty();
    let to_results = format!("--results-dir={}", results.path().display());
    succeed(render(&package).arg(to_results));
    let once = package.files();
    expect(
        "rendered",
        &package.replaced(&format!("exec: {BINARY}"), IMAGE),
    );
    expect(
        "results",
        &results.replaced(&format!("exec: {BINARY}"), IMAGE),
    );
    succeed(&mut render(&package));
    assert_eq!(package.files(), once);
}

/// Compares `found` with a folder beside the example.
fn expect(folder: &str, found: &Files) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples/kpt")
        .join(folder);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        drop(std::fs::remove_dir_all(&golden));
        for (path, text) in found {
            let path = golden.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    assert_eq!(
        *found,
        Folder::of_example(&format!("examples/kpt/{folder}")).files()
    );
}

/// With selectors kpt puts its own id on every resource, by which it tells new ones from old ones.
#[test]
fn selectors_lose_no_sibling() {
    if !installed(&["kpt"]) {
        return;
    }
    let shown = "    selectors:\n    - {kind: Deployment}\n    - {kind: HorizontalPodAutoscaler}\n";
    let package = Folder::of([
        ("Kptfile", &*format!("{}{shown}", mutator())),
        ("web.yaml", &deployment("web", 10)),
        ("hpa.yaml", &autoscaler("web", 20)),
    ]);
    succeed(&mut render(&package));
    assert_eq!(
        replicas(&package.read("web-on-demand.yaml"), "web-on-demand"),
        4
    );
    let once = package.files();
    succeed(&mut render(&package));
    assert_eq!(package.files(), once);
}

/// What a selector hides does not count: without its autoscaler, the floor is that of the replicas.
#[test]
fn a_selector_that_hides_an_autoscaler_changes_the_numbers() {
    if !installed(&["kpt"]) {
        return;
    }
    let package = Folder::of([
        (
            "Kptfile",
            &*format!("{}    selectors:\n    - {{kind: Deployment}}\n", mutator()),
        ),
        ("web.yaml", &deployment("web", 10)),
        ("hpa.yaml", &autoscaler("web", 20)),
    ]);
    succeed(&mut render(&package));
    assert_eq!(
        replicas(&package.read("web-on-demand.yaml"), "web-on-demand"),
        2
    );
}

#[test]
fn a_validator_passes_after_the_mutator_and_fails_without_it() {
    if !installed(&["kpt"]) {
        return;
    }
    let validator = format!("  validators:\n  - exec: {BINARY}\n    configMap: {{mode: check}}\n");
    let package = Folder::of([
        ("Kptfile", &*kptfile(&format!("pipeline:\n{validator}"))),
        ("web.yaml", &deployment("web", 10)),
    ]);
    let before = package.files();
    let said = fail(&mut render(&package));
    assert!(
        said.contains("placement is missing or out of date"),
        "{said}"
    );
    assert_eq!(package.files(), before);
    package.write("Kptfile", &format!("{}{validator}", mutator()));
    succeed(&mut render(&package));
    assert_eq!(replicas(&package.read("web.yaml"), "web"), 8);
    succeed(&mut render(&package));
}

#[test]
fn a_failure_writes_nothing() {
    if !installed(&["kpt"]) {
        return;
    }
    let taken = deployment("web-on-demand", 3);
    let package = Folder::of([
        ("Kptfile", &*mutator()),
        ("web.yaml", &deployment("web", 10)),
        ("taken.yaml", &taken),
    ]);
    let before = package.files();
    let said = fail(&mut render(&package));
    assert!(said.contains("is taken by a Deployment"), "{said}");
    assert_eq!(package.files(), before);
}

/// Both siblings go into one new file, and a third into the file that is there by then.
#[test]
fn two_deployments_in_one_file() {
    if !installed(&["kpt"]) {
        return;
    }
    let two = format!("{}---\n{}", deployment("web", 10), deployment("cart", 5));
    let package = Folder::of([("Kptfile", &*mutator()), ("apps/all.yaml", &two)]);
    succeed(&mut render(&package));
    assert_eq!(
        package.names(),
        ["Kptfile", "apps/all-on-demand.yaml", "apps/all.yaml"]
    );
    let siblings = package.read("apps/all-on-demand.yaml");
    assert_eq!(replicas(&siblings, "web-on-demand"), 2);
    assert_eq!(replicas(&siblings, "cart-on-demand"), 1);
    let three = format!(
        "{}---\n{}",
        package.read("apps/all.yaml"),
        deployment("ads", 3)
    );
    package.write("apps/all.yaml", &three);
    succeed(&mut render(&package));
    let grown = package.read("apps/all-on-demand.yaml");
    assert_eq!(replicas(&grown, "ads-on-demand"), 1);
    assert!(grown.starts_with(&siblings), "{grown}");
    let once = package.files();
    succeed(&mut render(&package));
    assert_eq!(package.files(), once);
}

/// The parent's function sees the sub-packages' paths as they are within those.
#[test]
fn the_same_names_in_sub_packages() {
    if !installed(&["kpt"]) {
        return;
    }
    let empty = kptfile("");
    let web = deployment("web", 10);
    let package = Folder::of([
        ("Kptfile", &*mutator()),
        ("web.yaml", &web),
        ("dev/Kptfile", &empty),
        ("dev/web.yaml", &web),
        ("prod/Kptfile", &empty),
        ("prod/web.yaml", &web),
        ("prod/hpa.yaml", &autoscaler("web", 20)),
    ]);
    succeed(&mut render(&package));
    let siblings = package
        .names()
        .into_iter()
        .filter(|name| name.contains("-on-demand"));
    let siblings: Vec<_> = siblings.collect();
    assert_eq!(
        siblings,
        [
            "dev/web-on-demand.yaml",
            "prod/web-on-demand.yaml",
            "web-on-demand.yaml"
        ]
    );
    let floor = |file: &str| replicas(&package.read(file), "web-on-demand");
    assert_eq!(
        siblings.iter().map(|file| floor(file)).collect::<Vec<_>>(),
        [2, 4, 2]
    );
    let once = package.files();
    succeed(&mut render(&package));
    assert_eq!(package.files(), once);
}

#[test]
fn taken_back_the_files_of_siblings_go() {
    if !installed(&["kpt"]) {
        return;
    }
    let untouched = example();
    untouched.replace(BINARY, "cat");
    succeed(&mut render(&untouched));
    let package = example();
    succeed(&mut render(&package));
    let policy = "  excludeNamespaces: [\"*\"]\n  capacity:";
    package.replace("  capacity:", policy);
    package.replace("mode: check", "excludeNamespaces: \"*\"");
    let cache = package.read("cache/Kptfile");
    package.write(
        "cache/Kptfile",
        &cache.replace("configMap:", "configMap:\n        excludeNamespaces: \"*\""),
    );
    succeed(&mut render(&package));
    let manifests = |folder: &Folder| {
        let mut files = folder.files();
        for config in ["Kptfile", "cache/Kptfile", "spot-distribution.yaml"] {
            files.remove(Path::new(config)).unwrap();
        }
        files
    };
    assert_eq!(manifests(&package), manifests(&untouched));
}
