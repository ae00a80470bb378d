//! The output depends on the input alone, and the function needs nothing but its three streams.

use std::fs;
use std::process::{Command, Stdio};

use crate::programs::installed;
use crate::{BINARY, WEB, command, list};

#[test]
fn the_environment_changes_nothing() {
    let replicas_unknown = WEB.replace("  replicas: 10\n", "").replace("web", "cart");
    let input = list(&[WEB, &replicas_unknown]);
    let run = |variables: &[(&str, &str)]| {
        let mut command = command();
        command.env_clear().envs(variables.iter().copied());
        let output = command.write_stdin(input.clone()).output().unwrap();
        assert!(output.status.success());
        (output.stdout, output.stderr)
    };
    let plain = run(&[]);
    assert!(!plain.1.is_empty());
    let environments = [
        [("LC_ALL", "tr_TR.UTF-8"), ("LANG", "C")],
        [("TZ", "Pacific/Chatham"), ("HOME", "/nonexistent")],
        [("NO_COLOR", "1"), ("COLUMNS", "20")],
        [("CLICOLOR_FORCE", "1"), ("TERM", "xterm-256color")],
        [("RUST_LOG", "trace"), ("RUST_BACKTRACE", "full")],
        [("LOG_TO_STDERR", "true"), ("STRUCTURED_RESULTS", "true")],
    ];
    for environment in environments {
        assert_eq!(run(&environment), plain, "{environment:?}");
    }
}

/// What the loader and the C library open before `main`.
const LOADER: [&str; 5] = [
    "/etc/ld.so",
    "/lib",
    "/usr/lib",
    "/proc/self/",
    "/sys/fs/cgroup",
];

#[test]
fn no_network_and_no_files() {
    if !installed(&["strace"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let input = folder.path().join("list.yaml");
    fs::write(&input, list(&[WEB])).unwrap();
    let status = Command::new("strace")
        .args(["-f", "-e", "trace=network,file", "-o"])
        .args([trace.as_os_str(), BINARY.as_ref()])
        .env_remove("LD_LIBRARY_PATH")
        .stdin(fs::File::open(&input).unwrap())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let trace = fs::read_to_string(&trace).unwrap();
    let calls: Vec<_> = trace
        .lines()
        .filter(|line| line.contains('(') && !line.contains("execve("))
        .filter(|line| !line.contains("AT_EMPTY_PATH"))
        .filter(|line| {
            !LOADER
                .iter()
                .any(|path| line.contains(&format!("\"{path}")))
        })
        .collect();
    assert_eq!(calls, Vec::<&str>::new());
}
