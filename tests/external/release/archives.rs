//! The archives for Linux.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use testing::elf::machine_of_static;
use testing::programs::installed;

use super::{ROOT, VERSION, dist, succeed};

/// What a user does with the archive for `target`: unpack it, and ask the program for its version.
fn unpacked_and_run(target: &str, machine: &str, run: impl Fn(&Path) -> Command) {
    let Some(release) = dist().map(|it| it.join("release")) else {
        return;
    };
    if !installed(&["tar", "readelf"]) {
        return;
    }
    let name = format!("spot-distribution-{VERSION}-{target}");
    let folder = TempDir::new().unwrap();
    let mut tar = Command::new("tar");
    tar.arg("--extract").arg("--file");
    tar.arg(release.join(format!("{name}.tar.gz")));
    succeed(tar.current_dir(&folder));

    let unpacked = folder.path().join(&name);
    let program = unpacked.join("spot-distribution");
    let mode = fs::metadata(&program).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    assert_eq!(machine_of_static(&program), machine);
    let version = succeed(run(&program).arg("--version"));
    assert_eq!(version, format!("spot-distribution {VERSION}\n"));
    assert_says_nothing_of_this_machine(&program);
    for text in ["LICENSE", "README.md", "CHANGELOG.md"] {
        let packed = fs::read(unpacked.join(text)).unwrap();
        assert_eq!(
            packed,
            fs::read(Path::new(ROOT).join(text)).unwrap(),
            "{text}"
        );
    }
    assert_eq!(fs::read_dir(&unpacked).unwrap().count(), 4);
}

/// Whoever looks into the program does not see where it was built.
fn assert_says_nothing_of_this_machine(program: &Path) {
    let bytes = fs::read(program).unwrap();
    let home = env::var("HOME").unwrap();
    for path in [ROOT, &format!("{home}/.cargo/")] {
        let found = bytes.windows(path.len()).any(|it| it == path.as_bytes());
        assert!(!found, "{path} in {}", program.display());
    }
}

#[test]
fn amd64() {
    unpacked_and_run(
        "x86_64-unknown-linux-gnu",
        "Advanced Micro Devices X86-64",
        |program| Command::new(program),
    );
}

#[test]
fn arm64() {
    if !installed(&["qemu-aarch64-static"]) {
        return;
    }
    unpacked_and_run("aarch64-unknown-linux-gnu", "AArch64", |program| {
        let mut qemu = Command::new("qemu-aarch64-static");
        qemu.arg(program);
        qemu
    });
}

#[test]
fn checksums_that_fit_and_leave_nothing_out() {
    let Some(release) = dist().map(|it| it.join("release")) else {
        return;
    };
    if !installed(&["sha256sum"]) {
        return;
    }
    let mut sha256sum = Command::new("sha256sum");
    let said = succeed(
        sha256sum
            .args(["--check", "--strict", "SHA256SUMS"])
            .current_dir(&release),
    );
    let files = fs::read_dir(&release).unwrap().count();
    assert_eq!(said.lines().count(), files - 1, "{said}");
    assert!(files >= 4, "{said}");
}
