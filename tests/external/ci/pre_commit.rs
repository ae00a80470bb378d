//! The hooks, by the real pre-commit: it clones this project and builds the hook from it.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use testing::programs::installed;

use super::repository::Repository;
use super::{BINARY, ROOT, said};

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

/// `pre-commit run` with the example's configuration, except where the hook is from.
fn run(repository: &Repository, project: &Path, revision: &str, hook: &str) -> (bool, String) {
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
    let mut pre_commit = repository.command("pre-commit", "");
    pre_commit.args(["run", "--all-files", "--color", "never"]);
    // The build takes less time this way, and is the same program.
    pre_commit
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_TARGET_DIR", target().join("pre-commit"))
        .env("PRE_COMMIT_HOME", project.join(".pre-commit-home"));
    said(&mut pre_commit)
}

/// Where Cargo builds this test.
fn target() -> &'static Path {
    Path::new(BINARY).ancestors().nth(2).unwrap()
}

/// One build serves both runs.
#[test]
fn the_hook_that_is_built_from_source() {
    if !installed(&["pre-commit", "git", "bash", "tar", "cargo"]) {
        return;
    }
    let project = TempDir::new().unwrap();
    let revision = self::project(project.path());
    let run = |repository| {
        run(
            &repository,
            project.path(),
            &revision,
            "spot-distribution-check",
        )
    };
    let (succeeded, said) = run(Repository::new());
    assert!(!succeeded, "{said}");
    assert!(
        said.contains("error[not-placed] Deployment/shop/web"),
        "{said}"
    );
    let (succeeded, said) = run(Repository::placed());
    assert!(succeeded && said.contains("Passed"), "{said}");
}

#[test]
fn the_hook_that_is_installed() {
    if !installed(&["pre-commit", "git", "bash", "tar"]) {
        return;
    }
    let project = TempDir::new().unwrap();
    let revision = self::project(project.path());
    let hook = "spot-distribution-check-installed";
    for (repository, passes) in [(Repository::new(), false), (Repository::placed(), true)] {
        repository.program("spot-distribution", &format!("exec '{BINARY}' \"$@\""));
        let (succeeded, said) = run(&repository, project.path(), &revision, hook);
        assert_eq!(succeeded, passes, "{said}");
        assert_eq!(said.contains("error[not-placed]"), !passes, "{said}");
    }
}
