//! One folder: its input, what is expected, what came out.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use similar::TextDiff;
use yaml_splice::{Document, Kind, Stream};

use super::{laws, schema};

/// Where the configuration may stand; in a package of kpt it is one of the files.
const CONFIGS: [&str; 2] = ["config.yaml", "in/spot-distribution.yaml"];

/// A folder with an input and what is expected of it.
pub struct Case {
    folder: PathBuf,
    program: PathBuf,
    update: bool,
}

/// One file of the input.
pub struct Text {
    /// As `apply` is told it, or walks it.
    pub file: String,
    pub text: String,
}

impl Case {
    /// The case in `folder`, for `program`; with `UPDATE_GOLDEN` set, what is expected is written.
    pub fn new(folder: &Path, program: &Path) -> Self {
        let update = std::env::var_os("UPDATE_GOLDEN").is_some();
        Self {
            folder: folder.to_owned(),
            program: program.to_owned(),
            update,
        }
    }

    /// Everything that is wrong with it.
    pub fn check(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let inputs = ["in.yaml", "in.json", "in"];
        let input = inputs
            .into_iter()
            .find(|name| self.folder.join(name).exists());
        if let Some(input) = input {
            problems.extend(self.apply(input));
        }
        if self.folder.join("list.yaml").exists() {
            problems.extend(self.function());
        }
        if problems.is_empty() && input.is_none() && !self.folder.join("list.yaml").exists() {
            problems.push("neither in.yaml nor list.yaml".to_owned());
        }
        problems
    }

    fn apply(&self, input: &str) -> Vec<String> {
        let mut command = self.command();
        command.arg("apply").stdin(Stdio::null());
        let config = CONFIGS
            .into_iter()
            .find(|file| self.folder.join(file).exists());
        command.args(config.into_iter().flat_map(|config| ["--config", config]));
        let output = command.arg(input).output().unwrap();
        let mut problems = self.ended(&output);
        if output.status.success() {
            problems.extend(self.expected("out.yaml", &output.stdout));
            let texts = self.texts(input);
            let config = config.and_then(|file| self.read(file));
            problems.extend(laws::of_texts(self, &texts, config.as_deref()));
            let stdout = String::from_utf8(output.stdout).unwrap();
            problems.extend(schema::problems(&stdout));
        } else if !output.stdout.is_empty() {
            problems.push("it failed, and yet wrote to standard output".to_owned());
        }
        problems
    }

    fn function(&self) -> Vec<String> {
        let list = File::open(self.folder.join("list.yaml")).unwrap();
        let output = self.command().stdin(list).output().unwrap();
        let mut problems = self.ended(&output);
        problems.extend(self.expected("list-out.yaml", &output.stdout));
        if output.status.success() {
            let before = self.read("list.yaml").unwrap();
            let after = String::from_utf8(output.stdout).unwrap();
            problems.extend(laws::of_list(&before, &after));
            problems.extend(schema::problems(&after));
        }
        problems
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.folder).env_clear();
        command
    }

    /// The exit code and standard error.
    fn ended(&self, output: &Output) -> Vec<String> {
        let wanted = i32::from(self.folder.join("fails").exists());
        let mut problems: Vec<_> = self.expected("stderr.txt", &output.stderr);
        if output.status.code() != Some(wanted) {
            let stderr = String::from_utf8_lossy(&output.stderr);
            problems.push(format!(
                "ended with {}, expected exit code {wanted}\n{stderr}",
                output.status
            ));
        }
        problems
    }

    /// Compares what came out with the file of that name; an absent file stands for nothing.
    pub fn expected(&self, file: &str, found: &[u8]) -> Vec<String> {
        let path = self.folder.join(file);
        let found = String::from_utf8_lossy(found);
        if self.update && found.is_empty() {
            drop(fs::remove_file(&path));
        } else if self.update {
            fs::write(&path, found.as_bytes()).unwrap();
        }
        let expected = self.read(file).unwrap_or_default();
        if expected == found {
            return Vec::new();
        }
        vec![format!("{file} differs\n{}", diff(&expected, &found))]
    }

    /// The text of one of its files, if it is there.
    pub fn read(&self, file: &str) -> Option<String> {
        let bytes = fs::read(self.folder.join(file)).ok()?;
        Some(String::from_utf8(bytes).unwrap())
    }

    /// The files of the input, in the order in which `apply` reads them.
    fn texts(&self, input: &str) -> Vec<Text> {
        let walk = walkdir::WalkDir::new(self.folder.join(input)).sort_by_file_name();
        let files = walk.into_iter().map(|entry| entry.unwrap().into_path());
        let extensions = ["yaml", "yml", "json"];
        let is_manifest = |path: &PathBuf| {
            let extension = path.extension().unwrap_or_default();
            path.is_file() && extensions.iter().any(|known| extension == *known)
        };
        files
            .filter(is_manifest)
            .map(|path| Text {
                file: path
                    .strip_prefix(&self.folder)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned(),
                text: fs::read_to_string(&path).unwrap(),
            })
            .filter(|text| input != "in" || holds_objects(&text.text))
            .collect()
    }
}

/// Whether a file of a folder is one that `apply` reads.
fn holds_objects(text: &str) -> bool {
    let Ok(stream) = Stream::parse(text) else {
        return false;
    };
    let mut roots = stream.documents.iter().map(Document::root);
    roots.any(|root| {
        let has = |path: &[&str]| root.at(path).unwrap().is_some();
        root.kind() == Kind::Mapping && (has(&["metadata", "name"]) || has(&["items"]))
    })
}

/// The lines that differ, with three lines around them.
pub fn diff(expected: &str, found: &str) -> String {
    let diff = TextDiff::from_lines(expected, found);
    diff.unified_diff()
        .context_radius(3)
        .header("expected", "found")
        .to_string()
}
