//! The output depends on the input alone, and the function needs nothing but its three streams.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use testing::programs::installed;

use super::{BINARY, WEB, command, list};

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

/// What the loader and the C library open before `main`: each file, not its folder, because what a
/// program asks the kernel about (how many cores it may use, say) stands in files beside them.
const STARTED_WITH: [&str; 3] = ["/etc/ld.so.preload", "/etc/ld.so.cache", "/proc/self/maps"];

/// The libraries that the loader opens, wherever the system keeps them.
const LIBRARIES: [&str; 2] = ["libgcc_s.so.1", "libc.so.6"];

/// What the C library reads before a second thread gives memory back.
const WITH_THREADS: &str = "\"/proc/sys/vm/overcommit_memory\"";

/// An item and a configuration that name files, hosts and variables wherever there is room.
const TEMPTING: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  annotations:
    internal.config.kubernetes.io/path: ../../../../etc/passwd
    config.kubernetes.io/path: /etc/shadow
    config.kubernetes.io/function: '{exec: {path: /bin/sh}, container: {network: true}}'
spec:
  replicas: 4
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - {name: cart, image: \"http://localhost:80/$(id)\", env: [{name: A, value: \"${HOME}\"}]}
      volumes: [{name: a, hostPath: {path: /root}}, {name: b, nfs: {server: localhost, path: /}}]
";

#[test]
fn no_network_no_files_and_no_programs() {
    if !installed(&["strace"]) {
        return;
    }
    assert_eq!(calls(&list(&[WEB, TEMPTING])), Vec::<String>::new());
}

/// A large list is worked on by several threads, which ask for nothing more.
#[test]
fn many_items_need_no_more_than_one() {
    if !installed(&["strace"]) {
        return;
    }
    let items: Vec<_> = (0..600)
        .map(|index| WEB.replace("web", &format!("web-{index}")))
        .collect();
    let items: Vec<_> = items.iter().map(String::as_str).collect();
    let calls = calls(&list(&items));
    // The line of a thread that ends is cut short where the trace goes on with another.
    let of_threads = ["CLONE_THREAD", " exit(0", WITH_THREADS];
    let (threads, others): (Vec<_>, Vec<_>) = calls
        .into_iter()
        .partition(|call| of_threads.iter().any(|part| call.contains(part)));
    assert!(!threads.is_empty());
    assert_eq!(others, Vec::<String>::new());
}

/// The calls to the kernel for files, a network or processes that the function makes for `input`.
fn calls(input: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let file = folder.path().join("list.yaml");
    fs::write(&file, input).unwrap();
    let status = Command::new("strace")
        .args(["-f", "-e", "trace=network,file,process", "-o"])
        .args([trace.as_os_str(), BINARY.as_ref()])
        .env_remove("LD_LIBRARY_PATH")
        .stdin(fs::File::open(&file).unwrap())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let trace = fs::read_to_string(&trace).unwrap();
    assert_eq!(trace.matches("execve(").count(), 1, "{trace}");
    let calls = trace.lines();
    calls
        .filter(|line| line.contains('(') && !line.contains("execve("))
        // What ends the process, and what the C library asks the kernel for its threads.
        .filter(|line| !line.contains("exit_group(") && !line.contains("arch_prctl("))
        .filter(|line| !line.contains("AT_EMPTY_PATH"))
        .filter(|line| !is_of_the_start(line))
        .map(str::to_owned)
        .collect()
}

/// Whether the call names a file that any program begins with.
fn is_of_the_start(call: &str) -> bool {
    let path = call.split('"').nth(1).unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    STARTED_WITH.contains(&path) || LIBRARIES.contains(&name)
}

/// What a trace of one run cannot show: no line of the program opens a socket or starts a process,
/// and variables and files are read in the commands for people, which the function does not use.
#[test]
fn the_source_asks_for_nothing_else() {
    let allowed = [
        ("std::env", "cli/plan.rs"),
        ("std::fs", "cli/files.rs"),
        ("File::", "cli/files.rs"),
        ("std::net", ""),
        ("std::os", ""),
        ("process::Command", ""),
        ("available_parallelism", ""),
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(&root).into_iter();
    let files = files.map(|entry| entry.unwrap().into_path());
    let is_test = |path: &Path| {
        path.with_extension("")
            .components()
            .any(|part| part.as_os_str() == "tests")
    };
    let is_source = |path: &Path| path.extension().is_some_and(|end| end == "rs");
    for file in files.filter(|path| is_source(path) && !is_test(path)) {
        let text = fs::read_to_string(&file).unwrap();
        for (name, place) in allowed {
            let here = !place.is_empty() && file.ends_with(place);
            assert!(
                here || !text.contains(name),
                "{} uses {name}",
                file.display()
            );
        }
    }
}

/// Names and values that would be commands to a CI system or a terminal.
const COMMANDS: [&str; 8] = [
    "::error::gone",
    "a\\n::error file=a::gone",
    "##[error]gone",
    "##vso[task.complete result=Succeeded]",
    "\\e[2J\\e[1;1H",
    "\\e]8;;http://localhost\\e\\\\a\\e]8;;\\e\\\\",
    "\\u202egnp.exe\\u2066",
    "a\\r\\nsection_start:0:x\\r\\e[0K",
];

#[test]
fn messages_give_no_commands() {
    for command in COMMANDS {
        let named = WEB.replace("name: web\n", &format!("name: \"{command}\"\n"));
        let replicas = WEB.replace("replicas: 10", &format!("replicas: \"{command}\""));
        let strategy = WEB.replace(
            "  name: web\n",
            &format!(
                "  name: web\n  annotations: {{spot-distribution.dev/strategy: \"{command}\"}}\n"
            ),
        );
        let unknown = named.replace("  replicas: 10\n", "");
        let kind = format!(
            "apiVersion: \"{command}\"\nkind: Deployment\nmetadata: {{name: a}}\nspec: {{}}\n"
        );
        for item in [named, replicas, strategy, unknown, kind] {
            let output = super::command()
                .write_stdin(list(&[&item]))
                .output()
                .unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            for line in said.lines() {
                let begins = ["error[", "warning["];
                assert!(
                    begins.iter().any(|begin| line.starts_with(begin)),
                    "{line:?}"
                );
                assert!(!line.contains("##"), "{line:?}");
                assert!(
                    !line.contains(['\u{1b}', '\r', '\u{202e}', '\u{2066}']),
                    "{line:?}"
                );
            }
        }
    }
}

/// Every form of the plan, and both outputs of a check: the name stands where a line may begin.
#[test]
fn no_form_of_output_gives_commands() {
    let forms = ["table", "markdown", "html", "json"].map(|form| vec!["plan", "-o", form]);
    for command in COMMANDS {
        let named = WEB
            .replace("name: web\n", &format!("name: \"{command}\"\n"))
            .replace(
                "metadata:\n",
                &format!("metadata:\n  namespace: \"{command}\"\n"),
            );
        for arguments in forms.iter().cloned().chain([vec!["check"]]) {
            let output = super::command()
                .args(&arguments)
                .write_stdin(named.as_str())
                .output()
                .unwrap();
            let outputs = [output.stdout, output.stderr].concat();
            let text = String::from_utf8(outputs).unwrap();
            for line in text.lines() {
                // JSON is for programs: its strings keep their characters, escaped where needed.
                let is_json = arguments.contains(&"json");
                let is_command = ["##[", "##vso", "::error"]
                    .iter()
                    .any(|mark| line.contains(mark));
                assert!(is_json || !is_command, "{arguments:?}: {line:?}");
                let controls = ['\u{1b}', '\r', '\u{202e}', '\u{2066}'];
                let is_safe =
                    !line.contains(controls) || is_json && !line.contains(['\u{1b}', '\r']);
                assert!(is_safe, "{arguments:?}: {line:?}");
            }
        }
    }
}
