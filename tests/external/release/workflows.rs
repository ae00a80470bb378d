//! The workflows of pull requests and of a release, and those that users copy. They cannot run here: what can
//! be said without that is that their form is right, and that nobody can change what they run.

use std::fs;
use std::process::Command;

use testing::programs::installed;

use super::{ROOT, succeed};

const WORKFLOWS: [&str; 4] = [
    ".github/workflows/release.yaml",
    ".github/workflows/ci.yaml",
    "examples/argo-cd/pull-request.yaml",
    "examples/ci/in/.github/workflows/spot-distribution.yaml",
];

/// With shellcheck, which actionlint runs on the scripts inside.
#[test]
fn the_form() {
    if installed(&["actionlint", "shellcheck"]) {
        succeed(Command::new("actionlint").args(WORKFLOWS).current_dir(ROOT));
    }
}

#[test]
fn actions_are_pinned_to_a_commit_and_name_its_version() {
    for workflow in WORKFLOWS {
        let text = fs::read_to_string(format!("{ROOT}/{workflow}")).unwrap();
        let actions = text.lines().filter_map(|line| line.split_once("uses: "));
        // The project's own action by its release: what the page says to copy.
        let own = concat!(
            "spot-distribution/spot-distribution@v",
            env!("CARGO_PKG_VERSION")
        );
        let actions = actions.filter(|(_, action)| *action != own);
        let mut count = 0;
        for (_, action) in actions {
            let pin = action
                .split_once('@')
                .and_then(|it| it.1.split_once(" # v"));
            let (commit, _) = pin.unwrap_or_else(|| panic!("{workflow}: {action}"));
            assert_eq!(commit.len(), 40, "{workflow}: {action}");
            assert!(commit.chars().all(|c| c.is_ascii_hexdigit()), "{action}");
            count += 1;
        }
        assert!(count > 0, "{workflow}");
    }
}

/// What catalogs read names the image that the workflow publishes.
#[test]
fn the_image_has_one_name() {
    let workflow = fs::read_to_string(format!("{ROOT}/{}", WORKFLOWS[0])).unwrap();
    let image = workflow
        .lines()
        .find_map(|line| line.strip_prefix("  IMAGE: "))
        .unwrap();
    let definition = format!("{ROOT}/fn-config/krm-function-definition.yaml");
    let definition = fs::read_to_string(definition).unwrap();
    let expected = format!("image: \"{image}:v{}\"\n", env!("CARGO_PKG_VERSION"));
    assert!(definition.contains(&expected), "{expected}");
}

#[test]
fn every_script_is_sound() {
    if !installed(&["git", "shellcheck"]) {
        return;
    }
    let mut git = Command::new("git");
    let files = [
        "grep",
        "--untracked",
        "-lIE",
        "^#!/(usr/bin/env bash|bin/sh)",
    ];
    let scripts = succeed(git.args(files).current_dir(ROOT));
    let scripts: Vec<_> = scripts.lines().collect();
    assert!(scripts.contains(&"scripts/image"), "{scripts:?}");
    succeed(Command::new("shellcheck").args(scripts).current_dir(ROOT));
}
