//! The newest kpt that can be had as a module, beside the one that is installed: what it renders and
//! writes is what the other one does.

use std::process::Command;

use testing::programs::installed;

use super::BINARY;
use crate::orchestrators::folder::{Folder, fail, succeed};

fn kpt(folder: &Folder, arguments: &[&str]) -> Command {
    let mut kpt = folder.command("kpt-newest");
    kpt.arg("fn").args(arguments);
    kpt
}

/// The example with the program in place of the image.
fn package() -> Folder {
    let package = Folder::of_example("examples/kpt/in");
    let image = "image: localhost/spot-distribution:latest";
    package.replace(image, &format!("exec: {BINARY}"));
    package
}

#[test]
fn both_render_the_same() {
    if !installed(&["kpt", "kpt-newest"]) {
        return;
    }
    let newest = package();
    succeed(&mut kpt(&newest, &["render", "--allow-exec"]));
    let older = package();
    succeed(older.command("kpt").args(["fn", "render", "--allow-exec"]));
    assert_eq!(newest.files(), older.files());
    let once = newest.files();
    succeed(&mut kpt(&newest, &["render", "--allow-exec"]));
    assert_eq!(newest.files(), once);
}

#[test]
fn both_evaluate_the_same() {
    if !installed(&["kpt", "kpt-newest"]) {
        return;
    }
    let newest = Folder::of_example("examples/kpt/in");
    succeed(&mut kpt(&newest, &["eval", "--exec", BINARY]));
    let older = Folder::of_example("examples/kpt/in");
    succeed(older.command("kpt").args(["fn", "eval", "--exec", BINARY]));
    assert_eq!(newest.files(), older.files());
}

#[test]
fn a_failure_writes_nothing_and_says_why() {
    if !installed(&["kpt-newest"]) {
        return;
    }
    let package = Folder::of_example("examples/kpt/in");
    let before = package.files();
    let said = fail(&mut kpt(
        &package,
        &["eval", "--exec", BINARY, "--", "mode=enforced"],
    ));
    assert!(said.contains("enforced"), "{said}");
    assert_eq!(package.files(), before);
}
