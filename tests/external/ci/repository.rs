//! A copy of the repository in `examples/ci`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use walkdir::WalkDir;

use super::{BINARY, ROOT, said};

/// What the policy and the manifests are called there.
pub const PLACED: [&str; 4] = ["--config", "spot-distribution.yaml", "deploy", "--diff"];

pub struct Repository {
    root: TempDir,
    /// Programs that stand in for those of the CI system.
    programs: TempDir,
}

impl Repository {
    pub fn new() -> Self {
        let repository = Self {
            root: TempDir::new().unwrap(),
            programs: TempDir::new().unwrap(),
        };
        let example = Path::new(ROOT).join("examples/ci/in");
        for entry in WalkDir::new(&example).into_iter().map(Result::unwrap) {
            let to = repository.path(entry.path().strip_prefix(&example).unwrap());
            if entry.file_type().is_dir() {
                fs::create_dir_all(to).unwrap();
            } else {
                fs::copy(entry.path(), to).unwrap();
            }
        }
        repository
    }

    /// The same with every placement, as its owners would have committed it.
    pub fn placed() -> Self {
        let repository = Self::new();
        let mut plan = Command::new(BINARY);
        plan.arg("plan").args(PLACED).current_dir(&repository.root);
        let (succeeded, patch) = said(&mut plan);
        assert!(succeeded, "{patch}");
        fs::write(repository.programs.path().join("patch"), patch).unwrap();
        let mut git = Command::new("git");
        git.arg("apply")
            .arg(repository.programs.path().join("patch"));
        let (succeeded, said) = said(git.current_dir(&repository.root));
        assert!(succeeded, "{said}");
        repository
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// A shell script that stands in for a program.
    pub fn program(&self, name: &str, script: &str) {
        let path = self.programs.path().join(name);
        fs::write(&path, format!("#!/bin/sh\nset -e\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A command that finds those programs first, then those in `more`, and runs in the repository.
    pub fn command(&self, program: &str, more: &str) -> Command {
        let path = std::env::var("PATH").unwrap();
        let own = self.programs.path().to_str().unwrap();
        let folders = [own, more, &path].into_iter().filter(|it| !it.is_empty());
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("PATH", folders.collect::<Vec<_>>().join(":"));
        command
    }

    /// The plan in markdown, with these arguments as well.
    pub fn plan(&self, arguments: &[&str]) -> String {
        let mut plan = Command::new(BINARY);
        plan.args(["plan", "-o", "markdown"]).args(&PLACED[..3]);
        let (succeeded, plan) = said(plan.args(arguments).current_dir(&self.root));
        assert!(succeeded, "{plan}");
        plan
    }
}
