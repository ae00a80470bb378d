//! The pages do what they say: their commands are run, in order, in one shell, as a reader would.
//!
//! A page starts in the root of a fresh clone, with the command `spot-distribution` and a `docker`
//! on the path. What a code block is follows from its language and from the sentence above it:
//!
//! * `sh`: commands. They run under `set -euo pipefail`, and each block has to end well.
//! * any other, right below commands: what they print, on both streams. `...` stands for any text
//!   within a line, and alone for any lines. Commands above a `diff` may also end with exit code 1.
//! * below a sentence that ends with a link to a file and a colon, also `sh`: a part of that file.
//!   `...` stands for what is left out.
//! * below a sentence that ends with a file name in code style and a colon: that file, written to
//!   where the shell is by then.
//! * `yaml` below any other text: a snippet, which has to be YAML; an indented block: a formula or the like.
//! * below a comment `<!-- untested: REASON -->`: left alone, and counted here.
//!
//! Anything else is an error, so that no command goes untested unseen.
//!
//! A page that needs `kwokctl` has a cluster of its own while it is run ([`cluster`]).

mod blocks;
mod clone;
mod cluster;
mod excerpt;
mod links;
mod markdown;
mod shell;

use blocks::Step;
use clone::FreshClone;
use cluster::Cluster;
use testing::programs::installed;

/// The function.
const BINARY: &str = env!("CARGO_BIN_EXE_spot-distribution");

/// A test for each page, and the list of all of them.
macro_rules! pages {
    ($($name:ident: $path:literal, needs $programs:expr, not_run $not_run:literal;)*) => {
        $(#[test]
        fn $name() {
            check($path, &$programs, $not_run);
        })*

        /// The pages whose commands are run.
        const PAGES: &[&str] = &[$($path),*];
    };
}

pages! {
    the_readme: "README.md", needs ["cargo", "diff"], not_run 1;
    start: "docs/start.md", needs ["kwokctl"], not_run 1;
    adopt: "docs/how-to/adopt.md", needs ["kwokctl"], not_run 0;
    going_back: "docs/how-to/go-back.md", needs ["kwokctl", "jq"], not_run 0;
    updating: "docs/how-to/update.md", needs [], not_run 1;
    stateful_sets: "docs/how-to/statefulsets.md", needs ["kwokctl", "grep"], not_run 0;
    autoscalers: "docs/how-to/autoscalers.md", needs [], not_run 0;
    auditing: "docs/how-to/audit.md", needs ["kwokctl"], not_run 0;
    running_it: "docs/running/README.md", needs ["kustomize"], not_run 0;
    admission_policy_example: "examples/admission-policy/README.md", needs [], not_run 2;
    the_plan: "docs/plan.md", needs [], not_run 0;
    the_audit: "docs/audit.md", needs [], not_run 0;
    helm: "docs/running/helm.md", needs ["helm", "helm-3", "kwokctl"], not_run 1;
    helmfile: "docs/running/helmfile.md", needs ["helmfile", "helm", "grep"], not_run 0;
    kustomize: "docs/running/kustomize.md", needs ["kubectl", "kustomize", "helm", "cmp"], not_run 1;
    argo_cd: "docs/running/argo-cd.md", needs ["kustomize", "helm", "grep"], not_run 2;
    in_ci: "docs/running/ci.md", needs [], not_run 0;
    flux: "docs/running/flux.md", needs ["kubectl", "grep"], not_run 1;
    operations: "docs/operations.md", needs ["kwokctl"], not_run 0;
    releases: "docs/releases.md", needs [], not_run 1;
    config_sync: "docs/running/config-sync.md", needs ["kustomize", "diff"], not_run 1;
    kpt: "docs/running/kpt.md", needs ["kpt", "diff"], not_run 0;
    the_benchmark: "benchmark/README.md", needs [], not_run 1;
    the_conformance_suite: "conformance/README.md", needs [], not_run 1;
}

/// Runs the page at `path`, which needs `programs` and has `not_run` blocks that are not run.
fn check(path: &str, programs: &[&str], not_run: usize) {
    if !installed(&["bash", "git"]) || !installed(programs) {
        return;
    }
    let steps = blocks::steps(path).unwrap_or_else(|problems| panic!("{}", problems.join("\n")));
    let skipped = steps.iter().filter(|step| matches!(step, Step::NotRun));
    assert_eq!(skipped.count(), not_run, "{path}: blocks that are not run");
    let needs_cluster = programs.contains(&"kwokctl");
    if needs_cluster && !installed(&cluster::PROGRAMS) {
        return;
    }
    let clone = FreshClone::of_page(path);
    let cluster = needs_cluster.then(|| Cluster::of_page(&clone));
    let mut problems = excerpt::differences(path, &steps);
    problems.extend(shell::run(path, &steps, &clone, cluster.as_ref()));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A page with commands that is missing above would never be run.
#[test]
fn every_page_with_commands_is_run() {
    if !installed(&["git"]) {
        return;
    }
    let with_commands = |page: &String| {
        let blocks = markdown::blocks(&clone::read(page));
        blocks.iter().any(|block| block.language == "sh")
    };
    let found: Vec<_> = clone::pages().into_iter().filter(with_commands).collect();
    let mut listed = PAGES.to_vec();
    listed.sort_unstable();
    assert_eq!(found, listed);
}
