//! Runs the commands of a page in one shell, and compares what they print.

use std::fmt::Write;
use std::fs;
use std::process::{Command, Stdio};

use super::blocks::Step;
use super::clone::FreshClone;
use super::cluster::Cluster;
use super::excerpt::mismatch;

/// Everything that is wrong with the page, which is at most one failure of a command.
pub fn run(
    page: &str,
    steps: &[Step],
    clone: &FreshClone,
    cluster: Option<&Cluster>,
) -> Vec<String> {
    let script = script(steps, clone);
    if script.is_empty() {
        return Vec::new();
    }
    let mut bash = shell(clone);
    if let Some(cluster) = cluster {
        cluster.prepare(&mut bash, &script);
    }
    let succeeded = bash.arg("-c").arg(&script).status().unwrap().success();
    let printed = |step: usize| fs::read(output(clone, step)).ok();
    let commands = || steps.iter().enumerate().filter_map(commands);
    let last = commands().rfind(|(step, ..)| printed(*step).is_some());
    match last {
        Some((step, line, script)) if !succeeded => {
            let printed = printed(step).unwrap_or_default();
            let printed = String::from_utf8_lossy(&printed);
            vec![format!(
                "{page}:{line}: this failed\n{script}---- it printed\n{printed}"
            )]
        }
        _ if commands().any(|(step, ..)| printed(step).is_none()) => {
            vec![format!("{page}: the shell ended early")]
        }
        _ => differences(page, steps, |step| printed(step).unwrap_or_default()),
    }
}

fn commands((step, it): (usize, &Step)) -> Option<(usize, usize, &str)> {
    match it {
        Step::Commands { line, script } => Some((step, *line, script)),
        _ => None,
    }
}

fn differences(page: &str, steps: &[Step], printed: impl Fn(usize) -> Vec<u8>) -> Vec<String> {
    let outputs = steps.iter().enumerate().filter_map(|(step, it)| match it {
        Step::Output { line, text, .. } => Some((step, line, text)),
        _ => None,
    });
    let problems = outputs.filter_map(|(step, line, text)| {
        let printed = String::from_utf8_lossy(&printed(step - 1)).into_owned();
        let diff = mismatch(text, &printed)?;
        Some(format!(
            "{page}:{line}: the commands above print something else\n{diff}"
        ))
    });
    problems.collect()
}

fn output(clone: &FreshClone, step: usize) -> std::path::PathBuf {
    clone.outputs().join(step.to_string())
}

/// Everything in one script, so that folders and variables stay what they are between blocks.
fn script(steps: &[Step], clone: &FreshClone) -> String {
    let mut script = String::new();
    for (step, it) in steps.iter().enumerate() {
        match it {
            Step::Commands {
                script: commands, ..
            } => {
                let to = output(clone, step);
                writeln!(script, "exec >'{}' 2>&1", to.display()).unwrap();
                let shows_diff = matches!(steps.get(step + 1), Some(Step::Output { language, .. }) if language == "diff");
                if shows_diff {
                    writeln!(script, "set +e\n{commands}(($? <= 1)) || exit\nset -e").unwrap();
                } else {
                    script.push_str(commands);
                }
            }
            Step::File { path, text } => {
                let from = output(clone, step);
                fs::write(&from, text).unwrap();
                writeln!(script, "cat '{}' >'{path}'", from.display()).unwrap();
            }
            Step::Output { .. } | Step::Excerpt { .. } | Step::Snippet | Step::NotRun => {}
        }
    }
    script
}

fn shell(clone: &FreshClone) -> Command {
    let path = std::env::var("PATH").unwrap();
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail"])
        .current_dir(clone.root())
        .env("PATH", format!("{}:{path}", clone.programs().display()))
        .env("LC_ALL", "C.UTF-8")
        // Never the folder that this test was built in: Cargo takes the clone there for the project.
        .env("CARGO_TARGET_DIR", clone.builds())
        .env("CARGO_INSTALL_ROOT", clone.builds())
        // That it can be built is what counts here, and that it takes no longer than it must.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
        .env("HELM_PLUGINS", clone.helm_plugins())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    for role in ["AUTHOR", "COMMITTER"] {
        bash.env(format!("GIT_{role}_NAME"), "Reader")
            .env(format!("GIT_{role}_EMAIL"), "reader@example.com");
    }
    bash
}
