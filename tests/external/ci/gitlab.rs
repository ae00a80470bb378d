//! The job for GitLab: it has the form that GitLab's schema asks for, and its script is run in a
//! shell, with a `curl` that has the release at hand and remembers what it was told.

use std::path::Path;

use serde_yaml::Value;
use testing::programs::installed;

use super::repository::Repository;
use super::{ROOT, changed, release, said};

const FILE: &str = "examples/ci/in/.gitlab-ci.yml";

#[test]
fn the_form() {
    if !installed(&["check-jsonschema"]) {
        return;
    }
    let mut check = std::process::Command::new("check-jsonschema");
    check.args(["--builtin-schema", "vendor.gitlab-ci", FILE]);
    let (succeeded, said) = said(check.current_dir(ROOT));
    assert!(succeeded, "{said}");
}

/// The script as the runner puts it together.
fn script(repository: &Repository) -> String {
    let jobs: Value = serde_yaml::from_str(&repository.read(".gitlab-ci.yml")).unwrap();
    let job = &jobs["placement"];
    let version = job["variables"]["VERSION"].as_str().unwrap();
    let parts = ["before_script", "script"].map(|part| job[part].as_sequence().unwrap());
    let lines = parts.into_iter().flatten().map(|it| it.as_str().unwrap());
    let lines: Vec<_> = lines.map(str::trim_end).collect();
    format!("set -e\nVERSION={version}\n{}\n", lines.join("\n"))
}

/// It downloads what is named, and keeps what it would have posted.
fn curl(release: &Path) -> String {
    format!(
        "\
for last; do :; done
case \"$last\" in
  https://github.com/spot-distribution/spot-distribution/releases/download/v$VERSION/*)
    cp '{release}/'\"${{last##*/}}\" .
    ;;
  https://gitlab.example.com/api/v4/projects/3/merge_requests/7/notes)
    case \"$*\" in *'--header PRIVATE-TOKEN: a-token --form body=<plan.md '*) cp plan.md posted.md ;; esac
    ;;
  *) exit 1 ;;
esac",
        release = release.display()
    )
}

fn run(repository: &Repository, release: &Path, token: Option<&str>) -> (bool, String) {
    repository.program(
        "curl",
        &format!("VERSION={}\n{}", env!("CARGO_PKG_VERSION"), curl(release)),
    );
    repository.program("apk", "[ \"$*\" = 'add --no-cache curl' ]");
    let mut sh = repository.command("sh", "");
    sh.args(["-c", &script(repository)])
        .env("CI_API_V4_URL", "https://gitlab.example.com/api/v4")
        .env("CI_PROJECT_ID", "3")
        .env("CI_MERGE_REQUEST_IID", "7");
    if let Some(token) = token {
        sh.env("PLAN_TOKEN", token);
    }
    said(&mut sh)
}

#[test]
fn a_workload_without_its_placement_fails_behind_the_plan() {
    let Some(release) = release() else { return };
    if !installed(&["tar", "sha256sum"]) {
        return;
    }
    let repository = Repository::new();
    let (succeeded, said) = run(&repository, &release, Some("a-token"));
    assert!(!succeeded, "{said}");
    assert!(
        said.contains("error[not-placed] Deployment/shop/web"),
        "{said}"
    );
    let plan = repository.plan(&["--diff"]);
    assert_eq!(repository.read("plan.md"), plan);
    assert_eq!(repository.read("posted.md"), plan);
}

#[test]
fn every_placement_passes_also_where_nothing_can_be_posted() {
    let Some(release) = release() else { return };
    if !installed(&["tar", "sha256sum", "git"]) {
        return;
    }
    let repository = Repository::placed();
    let (succeeded, said) = run(&repository, &release, None);
    assert!(succeeded, "{said}");
    assert!(!repository.path("posted.md").exists());
}

#[test]
fn a_changed_archive_is_refused() {
    let Some(release) = release() else { return };
    if !installed(&["tar", "sha256sum", "git"]) {
        return;
    }
    let changed = changed(&release);
    let (succeeded, said) = run(&Repository::placed(), changed.path(), None);
    assert!(!succeeded && said.contains("FAILED"), "{said}");
}
