//! The readers of the field, each one process for many texts.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use testing::programs::installed;

/// The version of `PyYAML` that is installed where Python has none.
const PYYAML: &str = "pyyaml==6.0.2";

/// What a text means to a reader, or why it means nothing.
pub type Meaning = Result<Value, String>;

/// A reader of YAML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The YAML library of kubectl and the API server: 1.1 with Go's numbers.
    Kubectl,
    /// The YAML library of kustomize and kpt; keeps the order of keys.
    Kustomize,
    /// YAML 1.1 by the book; keeps the order of keys.
    PyYaml,
}

impl Reader {
    pub const ALL: [Self; 3] = [Self::Kubectl, Self::Kustomize, Self::PyYaml];

    /// What each of `texts` means.
    pub fn read(self, texts: &[String]) -> Vec<Meaning> {
        let mut command = match self {
            Self::Kubectl => with_argument(go_program(), "kubectl"),
            Self::Kustomize => with_argument(go_program(), "kustomize"),
            Self::PyYaml => with_argument(python(), &source("reader.py").to_string_lossy()),
        };
        let answer = pipe(&mut command, &serde_json::to_vec(texts).unwrap());
        let answer: Vec<Value> = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer.len(), texts.len());
        answer.into_iter().map(meaning).collect()
    }
}

/// Whether the programs behind the readers can be run.
pub fn available() -> bool {
    installed(&["go", "python3"])
}

fn meaning(mut answer: Value) -> Meaning {
    match answer.get("error").and_then(Value::as_str) {
        Some(error) => Err(error.to_owned()),
        None => Ok(answer["value"].take()),
    }
}

fn with_argument(program: &Path, argument: &str) -> Command {
    let mut command = Command::new(program);
    command.arg(argument);
    command
}

/// What `command` says to `input`.
pub fn pipe(command: &mut Command, input: &[u8]) -> Vec<u8> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input).unwrap());
        child.wait_with_output().unwrap()
    });
    assert!(output.status.success(), "{command:?} failed");
    output.stdout
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/external/oracle")
        .join(name)
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn go_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let program = scratch("oracle-reader");
        let mut build = Command::new("go");
        build.args(["build", "-o"]).arg(&program).arg(".");
        let status = build.current_dir(source("go")).status().unwrap();
        assert!(status.success(), "the reader in Go cannot be built");
        program
    })
}

/// A Python with `PyYAML`: the one on the path, else one of our own.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let own = scratch("oracle-python");
        let of_own = own.join("bin/python");
        let candidates = [PathBuf::from("python3"), of_own.clone()];
        if let Some(found) = candidates.into_iter().find(|python| has_pyyaml(python)) {
            return found;
        }
        drop(fs::remove_dir_all(&own));
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&own));
        succeed(Command::new(&of_own).args(["-m", "pip", "install", "-q", PYYAML]));
        of_own
    })
}

fn has_pyyaml(python: &Path) -> bool {
    let check = ["-c", "import yaml; yaml.CSafeLoader"];
    let output = Command::new(python).args(check).output();
    output.is_ok_and(|output| output.status.success())
}

fn succeed(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?} failed");
}
