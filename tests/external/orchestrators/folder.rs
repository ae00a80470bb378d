//! A temporary folder of manifests, and commands that run in it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use walkdir::WalkDir;

/// Files by their path below the folder.
pub type Files = BTreeMap<PathBuf, String>;

pub struct Folder {
    root: TempDir,
}

impl Folder {
    pub fn empty() -> Self {
        let root = TempDir::new().unwrap();
        Self { root }
    }

    /// A copy of `example`, a path below the project.
    pub fn of_example(example: &str) -> Self {
        let folder = Self::empty();
        for (path, text) in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(example)) {
            folder.write(path, &text);
        }
        folder
    }

    pub fn of<const N: usize>(files: [(&str, &str); N]) -> Self {
        let folder = Self::empty();
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    pub fn path(&self) -> &Path {
        self.root.path()
    }

    pub fn write(&self, path: impl AsRef<Path>, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A shell script that commands in this folder can run by its path, which is returned.
    pub fn script(&self, name: &str, text: &str) -> String {
        self.write(name, &format!("#!/bin/sh\n{text}\n"));
        let path = self.path().join(name);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    /// Replaces `from`, which must be there, in every file.
    pub fn replace(&self, from: &str, to: &str) {
        let mut found = false;
        for (path, text) in self.files() {
            if text.contains(from) {
                self.write(path, &text.replace(from, to));
                found = true;
            }
        }
        assert!(found, "no file holds {from}");
    }

    pub fn files(&self) -> Files {
        files(self.path())
    }

    /// All files, with `to` in place of `from`.
    pub fn replaced(&self, from: &str, to: &str) -> Files {
        let files = self.files().into_iter();
        files
            .map(|(path, text)| (path, text.replace(from, to)))
            .collect()
    }

    /// The paths of all files.
    pub fn names(&self) -> Vec<String> {
        let paths = self.files().into_keys();
        paths.map(|path| path.display().to_string()).collect()
    }

    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path());
        command
    }
}

fn files(root: &Path) -> Files {
    let entries = WalkDir::new(root).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let path = entry.path().strip_prefix(root).unwrap().to_owned();
            (path, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

/// All that a command said.
pub fn said(output: &Output) -> String {
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    format!("{stdout}{stderr}")
}

/// Runs `command`, which must succeed, and returns all that it said.
pub fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = said(&output);
    assert!(output.status.success(), "{command:?}\n{said}");
    said
}

/// Runs `command`, which must succeed, and returns what it printed, without its warnings.
pub fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}\n{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs `command`, which must fail with exit code 1, and returns all that it said.
pub fn fail(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{command:?}\n{said}");
    said
}
