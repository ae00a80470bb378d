//! Standard input and output: nothing is lost without a word, and nothing empty looks like success.

use std::fs::File;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::{BINARY, WEB, command, failure, list};

#[test]
fn success_goes_to_standard_output() {
    let input = list(&[WEB]);
    let assert = command().write_stdin(input).assert().success();
    let assert = assert.stderr(predicates::str::starts_with("warning[adoption-dips]"));
    let stdout = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    assert!(stdout.contains("name: web-on-demand"), "{stdout}");
}

#[test]
fn what_is_no_resource_list_is_refused() {
    let several = format!("{}---\n", list(&[WEB]));
    let inputs: [&[u8]; 8] = [
        b"",
        b"\n# only a comment\n",
        b"---\n",
        b"not a list",
        b"\xff\xfe",
        b"{",
        WEB.as_bytes(),
        several.as_bytes(),
    ];
    for input in inputs {
        failure(&command().write_stdin(input).output().unwrap());
    }
}

#[test]
fn what_holds_no_resource_is_refused_by_apply() {
    let inputs: [&[u8]; 7] = [
        b"",
        b"\n# only a comment\n",
        b"---\n---\n",
        b"not a manifest",
        b"\xff\xfe",
        b"apiVersion: v1\nkind: List\nitems: []\n",
        b"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n",
    ];
    for input in inputs {
        let output = command().args(["apply", "-"]).write_stdin(input).output();
        failure(&output.unwrap());
    }
}

#[test]
fn a_closed_standard_input() {
    for arguments in ["", "apply -"] {
        let script = format!("exec '{BINARY}' {arguments} <&-");
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        failure(&output);
    }
}

#[test]
fn a_standard_input_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&[][..], &["apply", "-"]] {
        let stdin = File::open(folder.path()).unwrap();
        let mut command = Command::new(BINARY);
        let output = command.args(arguments).stdin(stdin).output().unwrap();
        assert!(failure(&output).contains("standard input cannot be read"));
    }
}

#[test]
fn a_full_device() {
    for (arguments, input) in [(&[][..], list(&[WEB])), (&["apply", "-"], WEB.to_owned())] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut child = start(arguments, Stdio::from(full));
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let said = failure(&child.wait_with_output().unwrap());
        assert!(said.contains("standard output cannot be written"), "{said}");
    }
}

#[test]
fn a_pipe_that_nobody_reads() {
    for (arguments, input) in [(&[][..], list(&[WEB])), (&["apply", "-"], WEB.to_owned())] {
        let mut child = start(arguments, Stdio::piped());
        drop(child.stdout.take());
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let said = failure(&child.wait_with_output().unwrap());
        assert!(said.contains("standard output cannot be written"), "{said}");
    }
}

#[test]
fn closed_standard_output_and_error() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("list.yaml");
    std::fs::write(&input, list(&[WEB])).unwrap();
    let script = format!("exec '{BINARY}' <'{}' >&- 2>&-", input.display());
    let status = Command::new("sh").args(["-c", &script]).status().unwrap();
    // Rust opens /dev/null in their place, so there is somebody who takes it.
    assert!(matches!(status.code(), Some(0 | 1)), "{status}");
}

/// Half of an input, or half of an output, is never a success.
#[test]
fn an_end_in_the_middle() {
    let mut reading = start(&[], Stdio::piped());
    let mut stdin = reading.stdin.take().unwrap();
    stdin.write_all(list(&[WEB]).as_bytes()).unwrap();
    assert!(!terminate(reading).success());
    drop(stdin);

    let many: Vec<_> = (0..400)
        .map(|n| WEB.replace("web", &format!("web{n}")))
        .collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let mut writing = start(&[], Stdio::piped());
    let mut stdin = writing.stdin.take().unwrap();
    stdin.write_all(list(&many).as_bytes()).unwrap();
    drop(stdin);
    assert!(!terminate(writing).success());
}

fn start(arguments: &[&str], stdout: Stdio) -> Child {
    let mut command = Command::new(BINARY);
    command.args(arguments).stdin(Stdio::piped()).stdout(stdout);
    command.stderr(Stdio::piped()).spawn().unwrap()
}

/// Ends a child that waits for its reader or writer.
fn terminate(mut child: Child) -> std::process::ExitStatus {
    sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none(), "it should be waiting");
    let kill = format!("kill -TERM {}", child.id());
    assert!(
        Command::new("sh")
            .args(["-c", &kill])
            .status()
            .unwrap()
            .success()
    );
    child.wait().unwrap()
}
