//! A release has a version that is the tag's, and notes.

use std::fs;
use std::process::Command;

use testing::programs::installed;

use super::copy_scripts;

use tempfile::TempDir;

/// What `scripts/release notes TAG` says about a changelog.
fn notes(changes: &str, tag: &str) -> Result<String, String> {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    copy_scripts(folder.path());
    fs::write(path("Cargo.toml"), "[package]\nversion = \"1.2.3\"\n").unwrap();
    fs::write(path("CHANGELOG.md"), changes).unwrap();
    let mut python = Command::new("python3");
    python.arg(path("scripts/release")).args(["notes", tag]);
    let output = python.output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|it| String::from_utf8(it).unwrap());
    if output.status.success() {
        Ok(stdout)
    } else {
        Err(stderr)
    }
}

const CHANGES: &str = "\
# Changes

## Unreleased

## 1.2.3 - 2030-01-02

### Added

* A thing.

## 1.2.2 - 2030-01-01

* Another.
";

#[test]
fn the_part_about_the_version() {
    if !installed(&["python3"]) {
        return;
    }
    assert_eq!(
        notes(CHANGES, "v1.2.3").unwrap(),
        "### Added\n\n* A thing.\n"
    );
}

#[test]
fn another_tag_than_the_version() {
    if !installed(&["python3"]) {
        return;
    }
    let said = notes(CHANGES, "v1.2.4").unwrap_err();
    assert_eq!(
        said,
        "release: the tag v1.2.4 is not v1.2.3, the version in Cargo.toml\n"
    );
}

#[test]
fn a_version_that_the_changelog_does_not_know() {
    if !installed(&["python3"]) {
        return;
    }
    for changes in [
        "# Changes\n",
        "# Changes\n\n## 1.2.3\n\n## 1.2.2\n\n* Another.\n",
    ] {
        let said = notes(changes, "v1.2.3").unwrap_err();
        assert_eq!(said, "release: CHANGELOG.md says nothing about 1.2.3\n");
    }
}
