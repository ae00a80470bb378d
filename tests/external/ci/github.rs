//! The workflow for GitHub Actions: its steps are run as the runner would, with a `gh` that has the
//! release at hand and remembers what it was told.

use std::fs;
use std::path::Path;

use serde_yaml::Value;
use testing::programs::installed;

use super::repository::Repository;
use super::{ROOT, changed, release, said};

const WORKFLOW: &str = ".github/workflows/spot-distribution.yaml";

/// A step that runs a script.
struct Step {
    name: String,
    script: String,
    variables: Vec<(String, String)>,
}

/// Those of the one job.
fn steps(workflow: &Value) -> Vec<Step> {
    let job = &workflow["jobs"]["placement"];
    let steps = job["steps"].as_sequence().unwrap().iter();
    let scripts = steps.filter_map(|step| {
        let script = step["run"].as_str()?.to_owned();
        let mut variables = variables(&job["env"]);
        variables.extend(self::variables(&step["env"]));
        Some(Step {
            name: step["name"].as_str().unwrap().to_owned(),
            script,
            variables,
        })
    });
    scripts.collect()
}

/// With the values that a pull request would give to the expressions.
fn variables(env: &Value) -> Vec<(String, String)> {
    let pairs = env.as_mapping().into_iter().flatten();
    pairs
        .map(|(name, value)| {
            let value = match value.as_str().unwrap() {
                "${{ github.token }}" => "a-token",
                "${{ github.repository }}" => "shop/manifests",
                "${{ github.event.pull_request.number }}" => "7",
                plain => plain,
            };
            assert!(!value.contains("${{"), "{value}");
            (name.as_str().unwrap().to_owned(), value.to_owned())
        })
        .collect()
}

/// Runs the steps until one fails, and returns its name and what it said.
fn run(repository: &Repository, release: &Path) -> Result<(), (String, String)> {
    let workflow: Value = serde_yaml::from_str(&repository.read(WORKFLOW)).unwrap();
    repository.program("gh", &gh(release));
    let runner = |name: &str| repository.path(".runner").join(name);
    fs::create_dir_all(runner("temp")).unwrap();
    for step in steps(&workflow) {
        let path = fs::read_to_string(runner("path")).unwrap_or_default();
        let mut bash = repository.command("bash", path.trim_end());
        // As the runner starts it where no shell is named.
        bash.args(["-e", "-c", &step.script])
            .envs(step.variables)
            .env("RUNNER_TEMP", runner("temp"))
            .env("GITHUB_PATH", runner("path"))
            .env("GITHUB_STEP_SUMMARY", runner("summary"));
        let (succeeded, said) = said(&mut bash);
        if !succeeded {
            return Err((step.name, said));
        }
    }
    Ok(())
}

/// It downloads what is named, and keeps what it would have posted.
fn gh(release: &Path) -> String {
    format!(
        "\
[ \"$GH_TOKEN\" = a-token ]
case \"$1 $2\" in
  'release download')
    [ \"$3 $4 $5\" = \"v$VERSION --repo spot-distribution/spot-distribution\" ]
    [ \"$6 $8\" = '--pattern --pattern' ]
    cp '{release}/'\"$7\" '{release}/'\"$9\" .
    ;;
  'pr comment')
    [ \"$GH_REPO $3 $4 $5 $6\" = 'shop/manifests 7 --edit-last --create-if-none --body-file' ]
    cp \"$7\" \"$RUNNER_TEMP/posted.md\"
    ;;
  *) exit 1 ;;
esac",
        release = release.display()
    )
}

fn needed() -> bool {
    installed(&["bash", "git", "tar", "sha256sum"])
}

#[test]
fn a_workload_without_its_placement_fails_the_check_behind_the_plan() {
    let Some(release) = release() else { return };
    if !needed() {
        return;
    }
    let repository = Repository::new();
    let (step, said) = run(&repository, &release).unwrap_err();
    assert_eq!(step, "Check", "{said}");
    assert!(
        said.contains("error[not-placed] Deployment/shop/web"),
        "{said}"
    );
    let plan = repository.plan(&[]);
    assert_eq!(repository.read(".runner/temp/posted.md"), plan);
    let summary = repository.read(".runner/summary");
    assert_eq!(summary, repository.plan(&["--diff"]));
}

#[test]
fn every_placement_passes() {
    let Some(release) = release() else { return };
    if needed() {
        run(&Repository::placed(), &release).unwrap();
    }
}

/// Nothing that does not fit its checksum is run.
#[test]
fn a_changed_archive_is_refused() {
    let Some(release) = release() else { return };
    if !needed() {
        return;
    }
    let changed = changed(&release);
    let (step, said) = run(&Repository::placed(), changed.path()).unwrap_err();
    assert_eq!(step, "Install spot-distribution", "{said}");
    assert!(said.contains("FAILED"), "{said}");
}

/// The version that the examples install is one that has this program.
#[test]
fn the_examples_install_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    for (file, expected) in [
        (WORKFLOW, format!("VERSION: {version}\n")),
        (".gitlab-ci.yml", format!("VERSION: {version}\n")),
        (".pre-commit-config.yaml", format!("rev: v{version}\n")),
    ] {
        let text = fs::read_to_string(format!("{ROOT}/examples/ci/in/{file}")).unwrap();
        assert!(text.contains(&expected), "{file}");
    }
}
