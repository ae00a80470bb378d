//! The hooks, by the real pre-commit and prek: they clone this project and install the hook from it.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use testing::programs::installed;

use super::repository::Repository;
use super::{BINARY, ROOT, said};
use crate::delivery::packages::packages;

fn sh(script: &str, folder: &Path) -> String {
    let mut sh = Command::new("bash");
    sh.args(["-euo", "pipefail", "-c", script])
        .current_dir(folder);
    let (succeeded, said) = said(&mut sh);
    assert!(succeeded, "{script}\n{said}");
    said.trim().to_owned()
}

/// The project as a repository of one commit, whose hash is returned.
fn project(folder: &Path) -> String {
    let copy = format!(
        "git -C '{ROOT}' ls-files -z --cached --others --exclude-standard \
         | tar --create --ignore-failed-read --directory '{ROOT}' --null --files-from - \
         | tar --extract"
    );
    sh(&copy, folder);
    commit(folder);
    sh("git rev-parse HEAD", folder)
}

fn commit(folder: &Path) {
    let as_somebody = "git -c user.name=Reader -c user.email=reader@example.com";
    sh(
        &format!("git init -q && git add . && {as_somebody} commit -q -m first"),
        folder,
    );
}

/// `PROGRAM run` with the example's configuration, except where the hook is from.
fn run(
    program: &str,
    repository: &Repository,
    project: &Path,
    revision: &str,
    hook: &str,
) -> (bool, String) {
    let config = repository.read(".pre-commit-config.yaml");
    let here = config
        .replace(
            "https://github.com/spot-distribution/spot-distribution",
            &project.display().to_string(),
        )
        .replace(&format!("v{}", env!("CARGO_PKG_VERSION")), revision)
        .replace("id: spot-distribution-check", &format!("id: {hook}"));
    assert_ne!(here, config);
    fs::write(repository.path(".pre-commit-config.yaml"), here).unwrap();
    commit(&repository.path("."));
    let mut pre_commit = repository.command(program, "");
    pre_commit.args(["run", "--all-files", "--color", "never"]);
    // The build takes less time this way, and is the same program.
    pre_commit
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_TARGET_DIR", target().join("pre-commit"))
        .env("PRE_COMMIT_HOME", project.join(".pre-commit-home"))
        .env("PREK_HOME", project.join(".prek-home"));
    // The package of the hook's version is not published yet.
    if let Some(packages) = packages() {
        pre_commit.env("PIP_FIND_LINKS", packages);
        pre_commit.env("UV_FIND_LINKS", packages);
    }
    said(&mut pre_commit)
}

/// Where Cargo builds this test.
fn target() -> &'static Path {
    Path::new(BINARY).ancestors().nth(2).unwrap()
}

/// It finds what is missing, and nothing where everything is placed.
fn check(program: &str, hook: &str) {
    if !installed(&[program, "git", "bash", "tar"]) {
        return;
    }
    let project = TempDir::new().unwrap();
    let revision = self::project(project.path());
    for (repository, passes) in [(Repository::new(), false), (Repository::placed(), true)] {
        if hook.ends_with("-installed") {
            repository.program("spot-distribution", &format!("exec '{BINARY}' \"$@\""));
        }
        let (succeeded, said) = run(program, &repository, project.path(), &revision, hook);
        assert_eq!(succeeded, passes, "{said}");
        let found = said.contains("error[not-placed] Deployment/shop/web");
        assert_eq!(found, !passes, "{said}");
    }
}

/// Nothing is compiled: the package has the program.
#[test]
fn the_hook_with_pre_commit() {
    if packages().is_some() {
        check("pre-commit", "spot-distribution-check");
    }
}

#[test]
fn the_hook_with_prek() {
    if packages().is_some() {
        check("prek", "spot-distribution-check");
    }
}

#[test]
fn the_hook_that_is_installed() {
    check("pre-commit", "spot-distribution-check-installed");
}

/// One build serves both runs.
#[test]
fn the_hook_that_is_compiled() {
    if installed(&["cargo"]) {
        check("pre-commit", "spot-distribution-check-compiled");
    }
}
