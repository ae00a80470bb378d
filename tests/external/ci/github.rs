//! The action for GitHub: its steps are run as the runner would, with the inputs that the workflow of the
//! example gives, and a `gh` that has the release at hand and remembers what it was told.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_yaml::Value;
use testing::programs::installed;

use super::repository::Repository;
use super::{ROOT, changed, release, said};

const WORKFLOW: &str = ".github/workflows/spot-distribution.yaml";

/// What the runner knows about a pull request.
const CONTEXT: [(&str, &str); 4] = [
    ("github.token", "a-token"),
    ("github.repository", "shop/manifests"),
    ("github.event.pull_request.number", "7"),
    ("github.event_name", "pull_request"),
];

fn action() -> Value {
    let text = fs::read_to_string(format!("{ROOT}/action.yml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

/// The inputs of the action by name: those of the workflow, or else their defaults.
fn inputs(repository: &Repository) -> Vec<(String, String)> {
    let workflow: Value = serde_yaml::from_str(&repository.read(WORKFLOW)).unwrap();
    let steps = workflow["jobs"]["placement"]["steps"]
        .as_sequence()
        .unwrap();
    let own = |step: &&Value| {
        step["uses"]
            .as_str()
            .unwrap()
            .starts_with("spot-distribution/")
    };
    let given = &steps.iter().find(own).unwrap()["with"];
    let action = action();
    let known = action["inputs"].as_mapping().unwrap().iter();
    let inputs = known.map(|(name, input)| {
        let value = given.get(name).unwrap_or(&input["default"]);
        let name = format!("inputs.{}", name.as_str().unwrap());
        (name, value.as_str().unwrap().to_owned())
    });
    inputs.collect()
}

/// `text` with the values in place of the expressions.
fn evaluated(text: &str, values: &[(String, String)]) -> String {
    let mut text = text.to_owned();
    let context = CONTEXT.map(|(name, value)| (name.to_owned(), value.to_owned()));
    for (name, value) in values.iter().chain(&context) {
        text = text.replace(&format!("${{{{ {name} }}}}"), value);
    }
    assert!(!text.contains("${{"), "{text}");
    text
}

/// Runs the steps until one fails, and returns its name and what it said.
fn run(repository: &Repository, release: &Path) -> Result<(), (String, String)> {
    repository.program("gh", &gh(release));
    let runner = |name: &str| repository.path(".runner").join(name);
    fs::create_dir_all(runner("temp")).unwrap();
    let inputs = inputs(repository);
    let action = action();
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        assert_eq!(step["shell"], "bash");
        let path = fs::read_to_string(runner("path")).unwrap_or_default();
        let mut bash = repository.command("bash", path.trim_end());
        // As the runner starts it where bash is named.
        let script = step["run"].as_str().unwrap();
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
        for (name, value) in step["env"].as_mapping().unwrap() {
            let value = evaluated(value.as_str().unwrap(), &inputs);
            bash.env(name.as_str().unwrap(), value);
        }
        bash.env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("RUNNER_TEMP", runner("temp"))
            .env("GITHUB_PATH", runner("path"))
            .env("GITHUB_REPOSITORY", "shop/manifests")
            .env("GITHUB_SERVER_URL", "https://github.com")
            .env("GITHUB_RUN_ID", "42")
            .env("GITHUB_STEP_SUMMARY", runner("summary"));
        let (succeeded, said) = said(&mut bash);
        if !succeeded {
            return Err((step["name"].as_str().unwrap().to_owned(), said));
        }
    }
    Ok(())
}

/// It downloads what is named, and keeps what it was told to write; `.runner/earlier` is the comment that
/// it finds. What it is asked for comments with is run by jq.
fn gh(release: &Path) -> String {
    format!(
        "\
[ \"$GH_TOKEN\" = a-token ]
case \"$1 $2\" in
  'release download')
    [ \"$3 $4 $5 $6\" = \"v$VERSION --repo spot-distribution/spot-distribution --clobber\" ]
    [ \"$7 $9\" = '--pattern --pattern' ]
    cp '{release}/'\"$8\" '{release}/'\"${{10}}\" .
    ;;
  'api --paginate')
    [ \"$3 $4\" = 'repos/shop/manifests/issues/7/comments --jq' ]
    jq -r \"$5\" \"$RUNNER_TEMP/comments.json\"
    ;;
  'api --silent')
    [ \"$3 $6\" = '--method --field' ]
    echo \"$4 $5\" > \"$RUNNER_TEMP/request\"
    cp \"${{7#body=@}}\" \"$RUNNER_TEMP/posted.md\"
    ;;
  *) exit 1 ;;
esac",
        release = release.display()
    )
}

/// The comments of the pull request before the run.
fn comments(repository: &Repository, comments: &str) {
    fs::create_dir_all(repository.path(".runner/temp")).unwrap();
    fs::write(repository.path(".runner/temp/comments.json"), comments).unwrap();
}

const MARKER: &str = "<!-- spot-distribution spot-distribution.yaml deploy -->\n";

fn needed() -> bool {
    installed(&["bash", "git", "tar", "sha256sum", "jq"])
}

#[test]
fn a_workload_without_its_placement_fails_the_check_behind_the_plan() {
    let Some(release) = release() else { return };
    if !needed() {
        return;
    }
    let repository = Repository::new();
    comments(&repository, "[]");
    let (step, said) = run(&repository, &release).unwrap_err();
    assert_eq!(step, "Check", "{said}");
    assert!(
        said.contains("error[not-placed] Deployment/shop/web"),
        "{said}"
    );
    let plan = repository.plan(&[]);
    let posted = repository.read(".runner/temp/posted.md");
    assert_eq!(posted.strip_prefix(MARKER), Some(plan.as_str()));
    let request = repository.read(".runner/temp/request");
    assert_eq!(request, "POST repos/shop/manifests/issues/7/comments\n");
    let summary = repository.read(".runner/summary");
    assert_eq!(summary, repository.plan(&["--diff"]));
}

#[test]
fn every_placement_passes() {
    let Some(release) = release() else { return };
    if needed() {
        let repository = Repository::placed();
        comments(&repository, "[]");
        run(&repository, &release).unwrap();
    }
}

/// Not one of somebody else, and not that of another policy.
#[test]
fn a_further_run_updates_its_own_comment() {
    let Some(release) = release() else { return };
    if !needed() {
        return;
    }
    let repository = Repository::placed();
    let comment = |id: u8, user: &str, body: &str| serde_json::json!({"id": id, "user": {"type": user}, "body": body});
    let earlier = [
        comment(1, "User", MARKER),
        comment(2, "Bot", "<!-- spot-distribution other.yaml deploy -->"),
        comment(3, "Bot", &format!("{MARKER}the plan of yesterday")),
        comment(4, "Bot", "something else"),
    ];
    comments(&repository, &serde_json::to_string(&earlier).unwrap());
    run(&repository, &release).unwrap();
    let request = repository.read(".runner/temp/request");
    assert_eq!(request, "PATCH repos/shop/manifests/issues/comments/3\n");
}

/// Its inputs are the ones that the workflow gives, and shellcheck finds nothing in its scripts.
#[test]
fn the_form_of_the_action() {
    if !installed(&["actionlint", "shellcheck", "bash", "git", "tar"]) {
        return;
    }
    let repository = Repository::new();
    fs::copy(format!("{ROOT}/action.yml"), repository.path("action.yml")).unwrap();
    let workflow = repository.read(WORKFLOW);
    let own = concat!(
        "spot-distribution/spot-distribution@v",
        env!("CARGO_PKG_VERSION")
    );
    assert!(workflow.contains(own));
    fs::write(repository.path(WORKFLOW), workflow.replace(own, "./")).unwrap();
    let mut git = repository.command("git", "");
    assert!(said(git.args(["init", "-q"])).0);
    let (succeeded, said) = said(&mut repository.command("actionlint", ""));
    assert!(succeeded, "{said}");
    for step in action()["runs"]["steps"].as_sequence().unwrap() {
        let script = format!(
            "#!/bin/bash\nset -eo pipefail\n{}",
            step["run"].as_str().unwrap()
        );
        fs::write(repository.path("step.sh"), script).unwrap();
        let (succeeded, said) =
            super::said(Command::new("shellcheck").arg(repository.path("step.sh")));
        assert!(succeeded, "{said}");
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
    assert_eq!(step, "Install", "{said}");
    assert!(said.contains("FAILED"), "{said}");
}

/// What is installed is a release that has this program.
#[test]
fn everything_names_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    for (file, expected) in [
        ("action.yml", format!("default: {version}\n")),
        (
            "templates/spot-distribution.yml",
            format!("default: {version}\n"),
        ),
        ("pyproject.toml", format!("version = \"{version}\"\n")),
        ("pyproject.toml", format!("spot-distribution=={version}\"")),
        (
            "examples/ci/in/.gitlab-ci.yml",
            format!("/v{version}/templates/"),
        ),
        (
            "examples/ci/in/.pre-commit-config.yaml",
            format!("rev: v{version}\n"),
        ),
    ] {
        let text = fs::read_to_string(format!("{ROOT}/{file}")).unwrap();
        assert!(text.contains(&expected), "{file}: {expected}");
    }
}
