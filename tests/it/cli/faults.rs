//! The same faults under each command that reads files: exit code 1, what is wrong on standard
//! error, nothing on standard output that could pass for a result.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::{BINARY, WEB, failure};

const COMMANDS: [&str; 3] = ["apply", "plan", "check"];

/// Somebody who may read nothing that is not for all.
const NOBODY: u32 = 65534;

/// Runs a command in `folder`, not as root: root may read everything.
fn run(folder: &Path, command: &str, path: &OsStr) -> Output {
    // The build may lie where only its owner can go.
    let binary = folder.join("program");
    if !binary.exists() {
        // Not by this process: a file that is still open for writing cannot be started.
        let copied = Command::new("cp").arg(BINARY).arg(&binary).status();
        assert!(copied.unwrap().success());
        fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    }
    let mut program = Command::new(binary);
    program
        .current_dir(folder)
        .args([OsStr::new(command), path]);
    if fs::metadata(folder).unwrap().uid() == 0 {
        program.uid(NOBODY);
    }
    program.output().unwrap()
}

/// Each command fails at `path`, and says `message`.
fn fails(folder: &Path, path: impl AsRef<OsStr>, message: &str) {
    for command in COMMANDS {
        let said = failure(&run(folder, command, path.as_ref()));
        assert!(said.contains(message), "{command}: {said}");
    }
}

/// A folder `in` that holds a manifest and a link.
fn with_link(name: &str, target: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::write(folder.path().join("in/a.yaml"), WEB).unwrap();
    symlink(target, folder.path().join("in").join(name)).unwrap();
    folder
}

#[test]
fn what_is_not_there_or_goes() {
    let folder = with_link("b.yaml", "gone.yaml");
    fails(folder.path(), "missing.yaml", "missing.yaml cannot be read");
    stops_apply_alone(&folder, "in/b.yaml", "warning");
}

/// `apply` would lose what cannot be read; `plan` and `check` name it and go on.
fn stops_apply_alone(folder: &TempDir, message: &str, severity: &str) {
    let run = |command| run(folder.path(), command, "in".as_ref());
    let said = failure(&run("apply"));
    assert!(said.contains(message), "{said}");
    let plan = run("plan");
    let shown = String::from_utf8_lossy(&plan.stdout);
    assert_eq!(plan.status.code(), Some(0), "{plan:?}");
    assert!(shown.contains(message), "{shown}");
    let check = run("check");
    let said = String::from_utf8_lossy(&check.stderr);
    assert!(
        said.contains(&format!("{severity}[not-a-manifest]")),
        "{said}"
    );
    assert!(String::from_utf8_lossy(&check.stdout).contains("not-placed"));
}

#[test]
fn what_may_not_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("in/secret");
    fs::create_dir_all(&secret).unwrap();
    fs::write(folder.path().join("in/a.yaml"), WEB).unwrap();
    fs::write(secret.join("b.yaml"), WEB).unwrap();
    fs::set_permissions(&secret, Permissions::from_mode(0o000)).unwrap();
    stops_apply_alone(&folder, "in/secret (Permission denied", "error");
    fails(folder.path(), "in/secret", "in/secret cannot be read: ");
    fs::set_permissions(&secret, Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(secret.join("b.yaml"), Permissions::from_mode(0o000)).unwrap();
    stops_apply_alone(&folder, "in/secret/b.yaml (Permission denied", "error");
}

#[test]
fn a_link_that_leads_back() {
    let folder = with_link("up", "..");
    for (command, exit) in [("apply", 0), ("plan", 0), ("check", 1)] {
        let output = run(folder.path(), command, "in".as_ref());
        assert_eq!(output.status.code(), Some(exit), "{command}: {output:?}");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(said.contains("not followed: in/up"), "{command}: {said}");
    }
}

#[test]
fn names_with_spaces_and_bytes_that_are_not_utf8() {
    let folder = tempfile::tempdir().unwrap();
    let name = OsStr::from_bytes(b"a b\xff.yaml");
    fs::write(folder.path().join(name), WEB).unwrap();
    for command in ["apply", "plan"] {
        let output = run(folder.path(), command, name);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(!output.stdout.is_empty());
    }
    // The check has read it: it does not carry its placement yet.
    let checked = run(folder.path(), "check", name);
    assert_eq!(checked.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&checked.stdout).contains("not-placed"));
    fs::write(folder.path().join(name), "{").unwrap();
    fails(folder.path(), name, "a b\u{fffd}.yaml: not valid YAML");
}

#[test]
fn standard_input_closed_or_a_folder() {
    for command in COMMANDS {
        let script = format!("exec '{BINARY}' {command} - <&-");
        failure(&Command::new("sh").args(["-c", &script]).output().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let stdin = File::open(folder.path()).unwrap();
        let mut program = Command::new(BINARY);
        let output = program.args([command, "-"]).stdin(stdin).output().unwrap();
        let said = failure(&output);
        assert!(said.contains("standard input cannot be read"), "{said}");
    }
}

/// What cannot be written is never a success.
#[test]
fn standard_output_full_or_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.yaml");
    fs::write(&path, WEB).unwrap();
    for command in COMMANDS {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let (reader, closed) = std::io::pipe().unwrap();
        drop(reader);
        for stdout in [Stdio::from(full), Stdio::from(closed)] {
            let mut program = Command::new(BINARY);
            let output = program.arg(command).arg(&path).stdout(stdout).output();
            let output = output.unwrap();
            assert_eq!(output.status.code(), Some(1), "{command}: {output:?}");
        }
    }
}
