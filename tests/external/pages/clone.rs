//! A fresh clone: the files of the project that Git knows or would take, as they are now.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::BINARY;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A file of the project.
pub fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn exists(path: &str) -> bool {
    Path::new(ROOT).join(path).exists()
}

/// All Markdown files of the project; not those that somebody has only begun.
pub fn pages() -> Vec<String> {
    let mut pages = files(&["--cached"]);
    pages.retain(|path| Path::new(path).extension().is_some_and(|it| it == "md"));
    pages.sort();
    pages
}

fn files(which: &[&str]) -> Vec<String> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z"]).args(which);
    let output = git.current_dir(ROOT).output().unwrap();
    assert!(
        output.status.success(),
        "git ls-files: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let listed = String::from_utf8(output.stdout).unwrap();
    let files = listed.split_terminator('\0').filter(|path| exists(path));
    files.map(str::to_owned).collect()
}

/// A copy of the project for one page, with programs in front of the path.
pub struct FreshClone {
    folder: PathBuf,
}

impl FreshClone {
    /// It is always in the same place, so that what Cargo builds there is built once.
    pub fn of_page(page: &str) -> Self {
        let name = page.replace(['/', '.'], "-");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("pages")
            .join(name);
        let clone = Self { folder };
        clone.forget_last_time();
        for file in files(&["--cached", "--others", "--exclude-standard"]) {
            copy(&Path::new(ROOT).join(&file), &clone.root().join(&file));
        }
        fs::create_dir_all(clone.programs()).unwrap();
        fs::create_dir_all(clone.outputs()).unwrap();
        symlink(BINARY, clone.programs().join("spot-distribution")).unwrap();
        clone.write_docker();
        clone.write_helm_plugin();
        clone
    }

    /// Removes the clone and whatever the page has put beside it; only what Cargo builds is kept.
    fn forget_last_time(&self) {
        let old = fs::read_dir(&self.folder).into_iter().flatten();
        for path in old.map(|entry| entry.unwrap().path()) {
            if path.is_file() {
                fs::remove_file(path).unwrap();
            } else if path != self.builds() {
                fs::remove_dir_all(path).unwrap();
            }
        }
    }

    pub fn root(&self) -> PathBuf {
        self.folder.join("spot-distribution")
    }

    /// A folder for the path.
    pub fn programs(&self) -> PathBuf {
        self.folder.join("programs")
    }

    /// A folder for what commands print.
    pub fn outputs(&self) -> PathBuf {
        self.folder.join("outputs")
    }

    /// A folder for what Cargo builds, which is kept.
    pub fn builds(&self) -> PathBuf {
        self.folder.join("builds")
    }

    /// A folder for Helm's plugins, with a post-renderer that is the binary.
    pub fn helm_plugins(&self) -> PathBuf {
        self.folder.join("helm-plugins")
    }

    fn write_helm_plugin(&self) {
        let folder = self.helm_plugins().join("spot-distribution");
        fs::create_dir_all(&folder).unwrap();
        let plugin = "\
apiVersion: v1
type: postrenderer/v1
name: spot-distribution
version: 0.1.0
runtime: subprocess
runtimeConfig:
  platformCommand:
    - command: spot-distribution
      args: [apply, '-']
";
        fs::write(folder.join("plugin.yaml"), plugin).unwrap();
    }

    /// podman where there is an image to run, else a script that knows one image, which is the binary.
    fn write_docker(&self) {
        let image = std::env::var_os("SPOT_DISTRIBUTION_IMAGE").is_some();
        let script = if image {
            "exec podman \"$@\"".to_owned()
        } else {
            only_the_binary()
        };
        let docker = self.programs().join("docker");
        fs::write(&docker, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&docker, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn only_the_binary() -> String {
    let image = "localhost/spot-distribution:latest";
    format!("for last; do :; done\n[ \"$1 $last\" = 'run {image}' ] || exit 125\nexec '{BINARY}'")
}

/// With the time of the last change, by which Cargo sees what it has to build.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(from, to).unwrap();
    let modified = fs::metadata(from).unwrap().modified().unwrap();
    File::options()
        .append(true)
        .open(to)
        .unwrap()
        .set_modified(modified)
        .unwrap();
}
