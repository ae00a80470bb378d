//! Config Sync: its build command with the real kustomize, in a container like that of its hydration
//! controller, with the static program in the repository.

use std::path::PathBuf;
use std::process::{Command, Output};

use testing::programs::{find, installed};

use super::BINARY;
use super::folder::{Folder, said, succeed};
use super::image::image;

const FLAGS: [&str; 4] = [
    "--enable-alpha-plugins",
    "--enable-exec",
    "--enable-helm",
    "--load-restrictor=LoadRestrictionsNone",
];
const CONTROLLER: &str = "localhost/spot-distribution-config-sync:test";

/// An image with nothing in it but kustomize, as the controller's has no shell, no docker and no
/// dynamic linker.
fn build_controller() {
    let context = Folder::empty();
    std::fs::copy(find("kustomize").unwrap(), context.path().join("kustomize")).unwrap();
    context.write(
        "Dockerfile",
        "FROM scratch\nCOPY kustomize /usr/local/bin/kustomize\nUSER 65532\n",
    );
    succeed(
        context
            .command("podman")
            .args(["build", "--tag", CONTROLLER, "."]),
    );
}

/// Takes the static program out of its image, into the repository.
fn put_into(repository: &Folder, image: &str) {
    let mut create = Command::new("podman");
    let container = succeed(create.args(["create", image]));
    let container = container.trim();
    std::fs::create_dir_all(repository.path().join("bin")).unwrap();
    let from = format!("{container}:/spot-distribution");
    succeed(
        repository
            .command("podman")
            .args(["cp", &from, "bin/spot-distribution"]),
    );
    succeed(Command::new("podman").args(["rm", container]));
}

/// What the controller runs, in the root folder, with the source where git-sync puts it.
fn hydrate(repository: &Folder, hydrated: &Folder) -> Output {
    let source = "/repo/source/0123456789abcdef";
    let mut podman = Command::new("podman");
    podman.args([
        "run",
        "--rm",
        "--network",
        "none",
        "--read-only",
        "--cap-drop",
        "all",
    ]);
    podman.args(["--security-opt", "no-new-privileges", "--workdir", "/"]);
    podman
        .arg("-v")
        .arg(format!("{}:{source}:ro", repository.path().display()));
    podman
        .arg("-v")
        .arg(format!("{}:/repo/hydrated", hydrated.path().display()));
    podman.args([CONTROLLER, "/usr/local/bin/kustomize", "build"]);
    podman
        .arg(format!("{source}/clusters/production"))
        .args(FLAGS);
    podman
        .args(["--output", "/repo/hydrated"])
        .output()
        .unwrap()
}

/// A folder for everybody's files, and the repository, which everybody may read.
fn folders() -> (Folder, Folder) {
    let repository = Folder::of_example("examples/config-sync/repository");
    let hydrated = Folder::empty();
    for (folder, mode) in [(&repository, 0o755), (&hydrated, 0o777)] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path(), mode).unwrap();
    }
    (repository, hydrated)
}

/// `UPDATE_GOLDEN=1` writes `examples/config-sync/rendered` again.
#[test]
fn as_the_hydration_controller_builds_it() {
    if !installed(&["podman", "kustomize"]) {
        return;
    }
    let Some(image) = image() else { return };
    build_controller();
    let (repository, hydrated) = folders();
    put_into(&repository, &image);
    let output = hydrate(&repository, &hydrated);
    assert!(output.status.success(), "{}", said(&output));
    let found = hydrated.files();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/config-sync/rendered");
        std::fs::create_dir_all(golden).unwrap();
        for (path, text) in &found {
            std::fs::write(PathBuf::from(golden).join(path), text).unwrap();
        }
    }
    assert_eq!(
        found,
        Folder::of_example("examples/config-sync/rendered").files()
    );
    let (_, again) = folders();
    assert!(hydrate(&repository, &again).status.success());
    assert_eq!(again.files(), found);
}

/// Whatever is wrong with the program is an error, and nothing is rendered.
#[test]
fn a_program_that_cannot_run_is_an_error() {
    if !installed(&["podman", "kustomize"]) || image().is_none() {
        return;
    }
    build_controller();
    let (repository, hydrated) = folders();
    let refused = || {
        let output = hydrate(&repository, &hydrated);
        let said = said(&output);
        assert!(
            !output.status.success() && hydrated.files().is_empty(),
            "{said}"
        );
        said
    };
    assert!(refused().contains("no such file or directory"));
    // The binary of the tests is linked with libraries that the controller does not have.
    let program = repository.path().join("bin/spot-distribution");
    std::fs::create_dir_all(program.parent().unwrap()).unwrap();
    std::fs::copy(BINARY, program).unwrap();
    assert!(refused().contains("no such file or directory"));
    repository.write("bin/spot-distribution", "");
    succeed(
        repository
            .command("chmod")
            .args(["-x", "bin/spot-distribution"]),
    );
    assert!(refused().contains("permission denied"));
}
