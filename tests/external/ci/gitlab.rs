//! What GitLab includes: it has the form that GitLab's schema asks for, and its script is run in a shell,
//! with a `curl` that has the release at hand and remembers what it was told.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde_yaml::{Deserializer, Value};
use tempfile::TempDir;
use testing::programs::installed;

use super::repository::Repository;
use super::{ROOT, changed, release, said};

const FILE: &str = ".gitlab-ci.yml";

/// The job with the inputs that the example gives, as GitLab puts it together.
fn jobs(repository: &Repository) -> String {
    let text = fs::read_to_string(format!("{ROOT}/templates/spot-distribution.yml")).unwrap();
    let mut documents = Deserializer::from_str(&text).map(|it| Value::deserialize(it).unwrap());
    let head = documents.next().unwrap();
    let example: Value = serde_yaml::from_str(&repository.read(FILE)).unwrap();
    let given = &example["include"][0]["inputs"];
    let mut jobs = text.split_once("\n---\n").unwrap().1.to_owned();
    let inputs = head["spec"]["inputs"].as_mapping().unwrap();
    for name in given.as_mapping().unwrap().keys() {
        assert!(inputs.contains_key(name), "{name:?}");
    }
    for (name, input) in inputs {
        let value = given.get(name).unwrap_or(&input["default"]);
        let place = format!("$[[ inputs.{} ]]", name.as_str().unwrap());
        assert!(jobs.contains(&place), "{place}");
        jobs = jobs.replace(&place, value.as_str().unwrap());
    }
    jobs
}

#[test]
fn the_form() {
    if !installed(&["check-jsonschema", "bash", "git"]) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let repository = Repository::new();
    let included = folder.path().join("included.yml");
    fs::write(&included, jobs(&repository)).unwrap();
    for file in [included, repository.path(FILE)] {
        let mut check = Command::new("check-jsonschema");
        check
            .args(["--builtin-schema", "vendor.gitlab-ci"])
            .arg(file);
        let (succeeded, said) = said(&mut check);
        assert!(succeeded, "{said}");
    }
}

/// The script as the runner puts it together, after the variables.
fn script(repository: &Repository) -> String {
    let jobs: Value = serde_yaml::from_str(&jobs(repository)).unwrap();
    let job = &jobs["spot-distribution"];
    let variables = job["variables"].as_mapping().unwrap().iter();
    let variables = variables
        .map(|(name, value)| format!("{}={}\n", name.as_str().unwrap(), value.as_str().unwrap()));
    let parts = ["before_script", "script"].map(|part| job[part].as_sequence().unwrap());
    let lines = parts.into_iter().flatten().map(|it| it.as_str().unwrap());
    let lines: Vec<_> = lines.map(str::trim_end).collect();
    format!(
        "set -e\n{}{}\n",
        variables.collect::<String>(),
        lines.join("\n")
    )
}

/// It downloads what is named, shows the notes that are in `.notes.json`, and keeps what it would have
/// written.
fn curl(release: &Path) -> String {
    format!(
        "\
for last; do :; done
case \"$last\" in
  https://github.com/spot-distribution/spot-distribution/releases/download/v$VERSION/*)
    cp '{release}/'\"${{last##*/}}\" .
    ;;
  'https://gitlab.example.com/api/v4/projects/3/merge_requests/7/notes?per_page=100&sort=asc')
    case \"$*\" in *'--header PRIVATE-TOKEN: a-token --output notes.json'*) cp .notes.json notes.json ;; esac
    ;;
  https://gitlab.example.com/api/v4/projects/3/merge_requests/7/notes*)
    case \"$*\" in *'--header PRIVATE-TOKEN: a-token '*'--form body=<note.md '*) cp note.md posted.md ;; esac
    echo \"$* \" | sed 's/.*--request \\([A-Z]*\\) .*notes\\(.*\\) $/\\1\\2/' > request
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
    repository.program("apk", "[ \"$*\" = 'add --no-cache curl jq' ]");
    let mut sh = repository.command("sh", "");
    sh.args(["-c", &script(repository)])
        .env("CI_API_V4_URL", "https://gitlab.example.com/api/v4")
        .env("CI_PROJECT_ID", "3")
        .env("CI_MERGE_REQUEST_IID", "7");
    if let Some(token) = token {
        sh.env("PLAN_TOKEN", token);
    }
    if !repository.path(".notes.json").exists() {
        fs::write(repository.path(".notes.json"), "[]").unwrap();
    }
    said(&mut sh)
}

#[test]
fn a_workload_without_its_placement_fails_behind_the_plan() {
    let Some(release) = release() else { return };
    if !installed(&["tar", "sha256sum", "jq"]) {
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
    let posted = repository.read("posted.md");
    assert_eq!(posted.strip_prefix(MARKER), Some(plan.as_str()));
    assert_eq!(repository.read("request"), "POST\n");
}

const MARKER: &str = "<!-- spot-distribution spot-distribution.yaml deploy -->\n";

#[test]
fn a_further_run_updates_its_own_comment() {
    let Some(release) = release() else { return };
    if !installed(&["tar", "sha256sum", "git", "jq"]) {
        return;
    }
    let repository = Repository::placed();
    let notes = serde_json::json!([
        {"id": 4, "body": "Looks good"},
        {"id": 5, "body": format!("{MARKER}the plan of yesterday")},
    ]);
    fs::write(repository.path(".notes.json"), notes.to_string()).unwrap();
    let (succeeded, said) = run(&repository, &release, Some("a-token"));
    assert!(succeeded, "{said}");
    assert_eq!(repository.read("request"), "PUT/5\n");
}

#[test]
fn every_placement_passes_also_where_nothing_can_be_posted() {
    let Some(release) = release() else { return };
    if !installed(&["tar", "sha256sum", "git", "jq"]) {
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
    if !installed(&["tar", "sha256sum", "git", "jq"]) {
        return;
    }
    let changed = changed(&release);
    let (succeeded, said) = run(&Repository::placed(), changed.path(), None);
    assert!(!succeeded && said.contains("FAILED"), "{said}");
}
